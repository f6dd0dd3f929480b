/* Coordinates: reading them out of a text. */
#ifndef TOCSIN_COORDINATES_H
#define TOCSIN_COORDINATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logic/distance.h"
#include "logic/mgrs.h"

struct coordinates {
	double	 lat_deg, lon_deg;	/* WGS84, never 0,0 */
	uint32_t precision_m;		/* what the last written digit is worth, at least 10 */
	size_t	 start, end;		/* bytes of the text [start, end) */
};

/*
 * The first coordinates in a text, in its original UTF-8:
 *	14.35 -3.61   14,35N 3,61W   N14.35 O3.61   geo:14.35,-3.61   lat 14.35 lon -3.61
 *	14°04'N 3°05'W   14°04'30"N, 3°05'12"O   14.35 nord 3.61 ouest
 *	30PVA910551   30 P VA 9100 5510   31pdt 360 599
 * Two bare decimals count only if something tells them from prices: a letter, a degree
 * sign, "geo:" or "lat", a minus sign that stands free, or three decimals each.
 */
bool	coordinates_find(const char *utf8, size_t len, struct coordinates *);

#endif
