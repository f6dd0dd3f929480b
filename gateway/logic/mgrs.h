/* The military grid: latitude and longitude to a reference and back. */
#ifndef TOCSIN_MGRS_H
#define TOCSIN_MGRS_H

#include <stddef.h>
#include <stdint.h>

#define MGRS_SIZE	16	/* "30PVA4421055530" and NUL */

/*
 * Latitude and longitude in degrees (WGS84) to an MGRS reference without spaces, with 1-5 digits for each of
 * easting and northing (3: 100 m). The projection is that of logic/utm.h; NGA.STND.0037 lettering (AA scheme).
 * Truncates, as MGRS does. -1: outside 80°S-84°N, or not a number.
 */
int	mgrs_from_degrees(double lat_deg, double lon_deg, int digits, char out[MGRS_SIZE]);

/*
 * The way back: the centre of the square that a reference with 1-5 digits each names, and the length of
 * its side. Upper or lower case, without spaces. It may lie half a degree beyond its zone. -1: not a reference, or letters
 * that no such zone has.
 */
int	mgrs_to_degrees(const char *mgrs, size_t len, double *lat_deg, double *lon_deg, uint32_t *side_m);

#endif
