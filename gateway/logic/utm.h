/* Universal transverse Mercator: the projection under the military grid, and its zones. */
#ifndef TOCSIN_UTM_H
#define TOCSIN_UTM_H

#include <stdbool.h>
#include <stddef.h>

#define UTM_SIZE	24	/* "30P 491859 1554805" and NUL */

struct utm {
	int	 zone;			/* 1-60 */
	bool	 south;			/* northing counts from 10,000 km south of the equator */
	double	 east_m, north_m;	/* with the false easting of 500 km and the false northing of the south */
};

/*
 * WGS84 degrees to the grid and back. Transverse Mercator after Krüger's series to n^6 (C. Karney, "Transverse
 * Mercator with an accuracy of a few nanometers", J. Geodesy 85, 2011, equations 7-21, 35, 36); zones with the
 * exceptions 31V, 32V and 31X-37X, point scale 0.9996 (NGA.STND.0037). utm_from_degrees() is -1 outside
 * 80°S-84°N, or for what is no number; utm_to_degrees() for a zone, easting or northing that no point has.
 */
int	utm_from_degrees(double lat_deg, double lon_deg, struct utm *);
int	utm_to_degrees(const struct utm *, double *lat_deg, double *lon_deg);

/* The zone of a point, and the letter of its band of 8° (C-X without I and O); latitude within 80°S-84°N. */
int	utm_zone(double lat_deg, double lon_deg);
char	utm_band(double lat_deg);
/* 0 for C … 19 for X in either case, or -1: no band's letter. */
int	utm_band_index(char band);

/* "30P 491859 1554805": zone and band, easting and northing in whole metres, cut off, not rounded. 0 or -1. */
int	utm_print(double lat_deg, double lon_deg, char out[UTM_SIZE]);

#endif
