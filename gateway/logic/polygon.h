/* Polygons on the map: rings of degrees, and whether a point lies within. */
#ifndef TOCSIN_POLYGON_H
#define TOCSIN_POLYGON_H

#include <stdbool.h>
#include <stddef.h>

struct vertex {
	double	 lon_deg, lat_deg;
};

struct ring {
	struct vertex *v;	/* borrowed */
	size_t	 n;
};

/* A box of degrees; west and east may lie beyond 180 when it reaches over the antimeridian, at most 360 apart. */
struct polygon_box {
	double	 west, south, east, north;
};

struct polygon {
	struct ring *rings;	/* borrowed; the first is the outer one, the others are holes */
	size_t	 n;
	struct polygon_box box;
};

/*
 * Makes rings as a file has them fit for use, in place: drops the vertex that repeats the first and those that
 * repeat their neighbour, joins what leaps over the antimeridian (an edge of more than 180° of longitude goes the short way
 * round; one of exactly 360° stays), puts holes beside their outer ring and sets the box. Edges are straight
 * on a map of degrees (RFC 7946, 3.1.1). NULL, or what is wrong with it: constant words for a diag.
 * "open": some ring did not end where it begins; it is closed all the same.
 */
const char *polygon_prepare(struct polygon *, bool *open);

/* Borders belong to it, those of its holes too. Where rings cross, even-odd decides. */
bool	polygon_holds(const struct polygon *, double lat_deg, double lon_deg);

/* Square kilometres, roughly (on the sphere, holes taken off): for telling the smaller of two. */
double	polygon_km2(const struct polygon *);

/* Whether a point lies in a box, whichever turn around the Earth the box counts in. */
bool	polygon_box_holds(const struct polygon_box *, double lat_deg, double lon_deg);

#endif
