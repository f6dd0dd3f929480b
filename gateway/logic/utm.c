/* The transverse Mercator projection in zones of six degrees. */
#include "logic/utm.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WGS84_A		6378137.0
#define WGS84_F		(1.0 / 298.257223563)
#define UTM_SCALE	0.9996
#define FALSE_EASTING	500000.0
#define SOUTH_NORTHING	10000000.0
#define DEG		(M_PI / 180.0)
#define ORDER		6

static const char bands[] = "CDEFGHJKLMNPQRSTUVWX";

/* Third flattening n, and the rows of Karney 2011, equations (35) and (36): coefficients of n, n^2, … n^6. */
#define THIRD_FLATTENING	(WGS84_F / (2.0 - WGS84_F))

static const double alpha_rows[ORDER][ORDER] = {
	{ 1.0 / 2, -2.0 / 3, 5.0 / 16, 41.0 / 180, -127.0 / 288, 7891.0 / 37800 },
	{ 0, 13.0 / 48, -3.0 / 5, 557.0 / 1440, 281.0 / 630, -1983433.0 / 1935360 },
	{ 0, 0, 61.0 / 240, -103.0 / 140, 15061.0 / 26880, 167603.0 / 181440 },
	{ 0, 0, 0, 49561.0 / 161280, -179.0 / 168, 6601661.0 / 7257600 },
	{ 0, 0, 0, 0, 34729.0 / 80640, -3418889.0 / 1995840 },
	{ 0, 0, 0, 0, 0, 212378941.0 / 319334400 },
};
static const double beta_rows[ORDER][ORDER] = {
	{ 1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800 },
	{ 0, 1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720 },
	{ 0, 0, 17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720 },
	{ 0, 0, 0, 4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600 },
	{ 0, 0, 0, 0, 4583.0 / 161280, -108847.0 / 3991680 },
	{ 0, 0, 0, 0, 0, 20648693.0 / 638668800 },
};

static double
row_value(const double row[ORDER])
{
	double	 sum = 0;

	for (int i = ORDER - 1; i >= 0; i--)
		sum = (sum + row[i]) * THIRD_FLATTENING;
	return sum;
}

/* A scaled by the point scale: metres on the grid for one radian of rectifying latitude. */
static double
rectifying_radius(void)
{
	double	 n = THIRD_FLATTENING, n2 = n * n;

	return UTM_SCALE * WGS84_A / (1 + n) * (1 + n2 / 4 + n2 * n2 / 64 + n2 * n2 * n2 / 256);
}

static double
eccentricity(void)
{
	return sqrt(WGS84_F * (2 - WGS84_F));
}

/* tan of the conformal latitude from tan of the geographic one: Karney (7)-(9). */
static double
conformal_tan(double tau)
{
	double	 e = eccentricity();
	double	 sigma = sinh(e * atanh(e * tau / hypot(1, tau)));

	return tau * hypot(1, sigma) - sigma * hypot(1, tau);
}

/* Its inverse by Newton's method: Karney (19)-(21); two steps reach the last bit, five are the bound. */
static double
geographic_tan(double conformal)
{
	double	 e2 = eccentricity() * eccentricity();
	double	 tau = conformal;

	for (int i = 0; i < 5; i++) {
		double	 now = conformal_tan(tau);
		double	 step = (conformal - now) / hypot(1, now) * (1 + (1 - e2) * tau * tau) /
		    ((1 - e2) * hypot(1, tau));

		tau += step;
		if (fabs(step) < 1e-14 * (1 + fabs(tau)))
			break;
	}
	return tau;
}

/* Metres east of the central meridian and north of the equator: Karney (10)-(13). */
static void
project(double lat_deg, double lon_from_centre_deg, double *x, double *y)
{
	double	 lambda = lon_from_centre_deg * DEG;
	double	 tau = conformal_tan(tan(lat_deg * DEG));
	double	 xi0 = atan2(tau, cos(lambda));
	double	 eta0 = asinh(sin(lambda) / hypot(tau, cos(lambda)));
	double	 xi = xi0, eta = eta0;

	for (int j = 1; j <= ORDER; j++) {
		double	 alpha = row_value(alpha_rows[j - 1]);

		xi += alpha * sin(2 * j * xi0) * cosh(2 * j * eta0);
		eta += alpha * cos(2 * j * xi0) * sinh(2 * j * eta0);
	}
	*x = eta * rectifying_radius();
	*y = xi * rectifying_radius();
}

/* Karney (15)-(18). */
static void
unproject(double x, double y, double *lat_deg, double *lon_from_centre_deg)
{
	double	 xi = y / rectifying_radius(), eta = x / rectifying_radius();
	double	 xi0 = xi, eta0 = eta;

	for (int j = 1; j <= ORDER; j++) {
		double	 beta = row_value(beta_rows[j - 1]);

		xi0 -= beta * sin(2 * j * xi) * cosh(2 * j * eta);
		eta0 -= beta * cos(2 * j * xi) * sinh(2 * j * eta);
	}
	*lat_deg = atan(geographic_tan(sin(xi0) / hypot(sinh(eta0), cos(xi0)))) / DEG;
	*lon_from_centre_deg = atan2(sinh(eta0), cos(xi0)) / DEG;
}

int
utm_band_index(char band)
{
	const char *p = band != '\0' ? strchr(bands, toupper((unsigned char)band)) : NULL;

	return p != NULL ? (int)(p - bands) : -1;
}

char
utm_band(double lat_deg)
{
	int	 i = (int)floor((lat_deg + 80) / 8);

	if (lat_deg < 0 && i > 9)	/* a hair south of the equator: the sum was rounded */
		i = 9;
	return bands[i > 19 ? 19 : i < 0 ? 0 : i];	/* X reaches from 72 to 84 */
}

static double
central_meridian(int zone)
{
	return zone * 6 - 183;
}

static double
normal_longitude(double lon_deg)
{
	double	 lon = fmod(lon_deg + 180, 360);

	return (lon < 0 ? lon + 360 : lon) - 180;
}

/* Zones are 6° wide but for south-west Norway (32V is wider) and Svalbard (no 32X, 34X, 36X). */
int
utm_zone(double lat_deg, double lon_deg)
{
	double	 lon = normal_longitude(lon_deg);
	int	 zone = (int)floor((lon + 180) / 6) + 1;

	if (zone > 60)
		zone = 60;
	if (lat_deg >= 56 && lat_deg < 64 && lon >= 3 && lon < 12)
		return 32;
	if (lat_deg < 72 || lon < 0 || lon >= 42)
		return zone;
	return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37;
}

int
utm_from_degrees(double lat_deg, double lon_deg, struct utm *u)
{
	if (!isfinite(lat_deg) || !isfinite(lon_deg) || lat_deg < -80 || lat_deg > 84 || lon_deg < -180 ||
	    lon_deg > 180)
		return -1;
	u->zone = utm_zone(lat_deg, lon_deg);
	u->south = lat_deg < 0;
	project(lat_deg, normal_longitude(lon_deg) - central_meridian(u->zone), &u->east_m, &u->north_m);
	u->east_m += FALSE_EASTING;
	if (!u->south)
		return 0;
	u->north_m += SOUTH_NORTHING;
	if (u->north_m >= SOUTH_NORTHING)	/* a hair south of the equator must not round to its north */
		u->north_m = nextafter(SOUTH_NORTHING, 0);
	return 0;
}

int
utm_to_degrees(const struct utm *u, double *lat_deg, double *lon_deg)
{
	double	 lon;

	if (u->zone < 1 || u->zone > 60 || !(u->east_m >= 0 && u->east_m <= 1000000) ||
	    !(u->north_m >= -SOUTH_NORTHING && u->north_m <= SOUTH_NORTHING))
		return -1;
	unproject(u->east_m - FALSE_EASTING, u->south ? u->north_m - SOUTH_NORTHING : u->north_m, lat_deg, &lon);
	*lon_deg = normal_longitude(central_meridian(u->zone) + lon);
	return fabs(*lat_deg) <= 90 ? 0 : -1;
}

int
utm_print(double lat_deg, double lon_deg, char out[UTM_SIZE])
{
	struct utm u;
	int	 n;

	if (utm_from_degrees(lat_deg, lon_deg, &u) == -1)
		return -1;
	n = snprintf(out, UTM_SIZE, "%02d%c %06.0f %07.0f", u.zone, utm_band(lat_deg), floor(u.east_m), floor(u.north_m));
	return n > 0 && n < UTM_SIZE ? 0 : -1;
}
