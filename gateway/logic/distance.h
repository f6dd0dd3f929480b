/* Distances and bearings between points, and the point at a distance from another. Degrees are WGS84, metres metres. */
#ifndef TOCSIN_DISTANCE_H
#define TOCSIN_DISTANCE_H

/*
 * Great-circle distance (haversine, R = 6,371,008.8 m, IUGG mean radius): for choosing the nearest of thousands.
 * Within 0.6 % of the truth; eleven times as fast as the exact one.
 */
double	distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg);

/*
 * Along the ellipsoid (C. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, as PROJ computes them; to a
 * micrometre): what is told to people. The bearing is that at the first point, from north, clockwise, 0-360.
 * Either result may be NULL. Between equal points or from a pole the bearing says nothing.
 */
void	distance_exact(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg, double *metres,
	    double *bearing_deg);

/* The point that lies at a bearing (from north, clockwise) and a distance from another, along the ellipsoid. */
void	distance_offset(double lat_deg, double lon_deg, double bearing_deg, double metres, double *to_lat_deg, double *to_lon_deg);

#endif
