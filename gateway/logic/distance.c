/* Distances: quick ones on the sphere, exact ones on the ellipsoid by PROJ's geodesics. */
#include "logic/distance.h"

#include <geodesic.h>
#include <math.h>
#include <stddef.h>

#define EARTH_MEAN_M	6371008.8
#define WGS84_A		6378137.0
#define WGS84_F		(1.0 / 298.257223563)
#define DEG		(M_PI / 180.0)

double
distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg)
{
	double	 up = sin((lat2_deg - lat1_deg) * DEG / 2), across = sin((lon2_deg - lon1_deg) * DEG / 2);
	double	 h = up * up + cos(lat1_deg * DEG) * cos(lat2_deg * DEG) * across * across;

	return 2 * EARTH_MEAN_M * asin(sqrt(h < 1 ? h : 1));
}

void
distance_exact(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg, double *metres, double *bearing_deg)
{
	struct geod_geodesic earth;
	double	 s, leaving, arriving;

	geod_init(&earth, WGS84_A, WGS84_F);
	geod_inverse(&earth, lat1_deg, lon1_deg, lat2_deg, lon2_deg, &s, &leaving, &arriving);
	if (metres != NULL)
		*metres = s;
	if (bearing_deg != NULL)
		*bearing_deg = leaving < 0 ? leaving + 360 : leaving;
}

void
distance_offset(double lat_deg, double lon_deg, double bearing_deg, double metres, double *to_lat_deg,
    double *to_lon_deg)
{
	struct geod_geodesic earth;
	double	 arriving;

	geod_init(&earth, WGS84_A, WGS84_F);
	geod_direct(&earth, lat_deg, lon_deg, bearing_deg, metres, to_lat_deg, to_lon_deg, &arriving);
}
