/* Coordinates: reading them out of a text in every spelling, and writing them. */
#ifndef TOCSIN_COORDINATES_H
#define TOCSIN_COORDINATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logic/distance.h"
#include "logic/mgrs.h"

/* What is wrong with coordinates that were read; only fine ones are a place. */
enum coordinates_fault {
	COORDINATES_FINE,
	COORDINATES_SWAPPED,	/* not on our ground as written, but latitude and longitude interchanged are: "other" */
	COORDINATES_UNSIGNED,	/* the same with the sign of the longitude the other way: "other" */
	COORDINATES_OUTSIDE,	/* not on our ground either way */
	COORDINATES_ZERO,	/* 0,0: what devices show that do not know */
	COORDINATES_IMPOSSIBLE,	/* latitude 95, letters that no such square has, a digit too few; the values may mean nothing */
	COORDINATES_UNRESOLVED,	/* a short link that only its owner's server can read; no values */
};

struct coordinates {
	double	 lat_deg, lon_deg;		/* WGS84, as written */
	double	 other_lat_deg, other_lon_deg;	/* swapped, unsigned: what was probably meant; else 0 */
	uint32_t precision_m;			/* radius: what the last digit is worth, or what the writer says; at least 10 */
	size_t	 start, end;			/* bytes of the text [start, end) */
	/* Constant: "decimal", "dm", "dms", "utm", "mgrs", "pluscode", "geo", "link", "opengeosms". */
	const char *method;
	enum coordinates_fault fault;
};

/* The countries we work in. NULL instead of one: the whole Earth. */
struct coordinates_ground {
	bool	(*holds)(const void *arg, double lat_deg, double lon_deg);
	const void *arg;
};

/*
 * The first coordinates in a text, in its original UTF-8:
 *	14.35 -3.61   14,35N 3,61W   N14.35 O3.61   lat 14.35 lon -3.61   14.35 nord 3.61 ouest
 *	14°04'N 3°05'W   14°04'30"N, 3°05'12"O   14 21 30 N 3 36 15 W   14d21m N 3d36m W   1421N 00336W
 *	30PVA910551   30 P VA 9100 5510   31pdt 360 599   30P 442000 1555000   zone 30 442000 1555000
 *	8FVC9G8F+6X   geo:14.35,-3.61;u=35   https://maps.google.com/?q=14.35,-3.61 and other map links
 * Short plus codes need a town: see logic/pluscode.h. Two bare decimals count only if something tells them
 * from prices: a letter, a degree sign, "lat" or "gps", a minus sign that stands free, or four decimals
 * each, or three that are not the end of a price.
 */

/* False: none that are fine. */
bool	coordinates_find(const char *utf8, size_t len, struct coordinates *);
/* The first fine ones, or without such the first faulty ones; false: none at all. Never use faulty ones without asking. */
bool	coordinates_judge(const char *utf8, size_t len, const struct coordinates_ground *, struct coordinates *);

/* Words for a fault, for people: "latitude and longitude swapped?"; "" when fine. */
const char *coordinates_fault_text(enum coordinates_fault);

/* A box of degrees as ground; west > east: over the antimeridian. "arg" is a struct coordinates_box. */
struct coordinates_box {
	double	 south, west, north, east;
};
bool	coordinates_in_box(const void *box, double lat_deg, double lon_deg);

enum coordinates_form {
	COORDINATES_DECIMAL,	/* 14.06400, -3.07540 */
	COORDINATES_DMS,	/* 14d03'50.4"N 3d04'31.4"W: an SMS cannot carry the degree sign */
	COORDINATES_UTM,	/* 30P 491859 1554805 */
	COORDINATES_MGRS,	/* 30PVA9185954805 */
	COORDINATES_PLUSCODE,	/* 7C6R3W7F+JR */
	COORDINATES_GEO,	/* geo:14.06400,-3.07540 (RFC 5870) */
};

#define COORDINATES_SIZE	48

/* Within a few metres of the point, and coordinates_find() reads each. 0, or -1: no such point, or UTM and MGRS near a pole. */
int	coordinates_print(enum coordinates_form, double lat_deg, double lon_deg, char out[COORDINATES_SIZE]);

#endif
