/* Coordinates: reading them out of a text, MGRS, distances. */
#ifndef TOCSIN_COORDINATES_H
#define TOCSIN_COORDINATES_H

#include <stdbool.h>
#include <stddef.h>

#define MGRS_SIZE	16	/* "30PVA4421055530" and NUL */

/*
 * Latitude and longitude in degrees (WGS84) to an MGRS reference without spaces, with 1-5 digits for each of
 * easting and northing (3: 100 m). Transverse Mercator after Krüger's series to n^6 (C. Karney,
 * "Transverse Mercator with an accuracy of a few nanometers", 2011), exceptions of zones 31V, 31X-37X
 * included, NGA.STND.0037 lettering (AA scheme). Truncates, as MGRS does. -1: outside 80°S-84°N, or not a number.
 */
int	mgrs_from_degrees(double lat_deg, double lon_deg, int digits, char out[MGRS_SIZE]);

/* Decimal coordinates ("14.35 -3.61", "14,35N 3,61W", "geo:14.35,-3.61") in the original text; [*start, *end) are its bytes. */
bool	coordinates_find(const char *utf8, size_t len, double *lat_deg, double *lon_deg, size_t *start, size_t *end);

/* Great-circle distance in metres (haversine, R = 6,371,008.8 m, IUGG mean radius). */
double	distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg);

#endif
