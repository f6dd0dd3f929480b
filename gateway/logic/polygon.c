/* Polygons on the map. */
#include "logic/polygon.h"

#include <math.h>

#define DEG		(M_PI / 180.0)
#define DEGREE_KM	111.195
#define LEAST_AREA	1e-13		/* square degrees: about a square millimetre */
#define LON_MOST	360.0

/* ---- preparing ---- */

static bool
same(const struct vertex *a, const struct vertex *b)
{
	return a->lon_deg == b->lon_deg && a->lat_deg == b->lat_deg;
}

/* The turns by which to move a longitude so that the edge to it goes the short way round. */
static double
turns(double from, double to)
{
	double	 leap = to - from;

	return fabs(leap) > 180 && fabs(leap) != 360 ? -360 * round(leap / 360) : 0;
}

static const char *
ring_check(const struct ring *r)
{
	if (r->n == 0)
		return "a ring without points";
	for (size_t i = 0; i < r->n; i++) {
		if (!(fabs(r->v[i].lat_deg) <= 90) || !(fabs(r->v[i].lon_deg) <= LON_MOST))
			return "coordinates that are no longitude and latitude in degrees";
	}
	return NULL;
}

/* Twice the area in square degrees, positive when counter-clockwise. */
static double
ring_twice_area(const struct ring *r)
{
	double	 sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct vertex *a = &r->v[i], *b = &r->v[(i + 1) % r->n], *o = &r->v[0];

		sum += (a->lon_deg - o->lon_deg) * (b->lat_deg - o->lat_deg) - (b->lon_deg - o->lon_deg) * (a->lat_deg - o->lat_deg);
	}
	return sum;
}

static const char *
ring_prepare(struct ring *r, bool *open)
{
	const char *fault = ring_check(r);
	double	 moved = 0, before;
	size_t	 kept = 0;

	if (fault != NULL)
		return fault;
	before = r->v[0].lon_deg;
	if (r->n > 1 && same(&r->v[0], &r->v[r->n - 1]))
		r->n--;
	else
		*open = true;
	for (size_t i = 0; i < r->n; i++) {
		struct vertex now = r->v[i];

		moved += turns(before, now.lon_deg);
		before = now.lon_deg;
		now.lon_deg += moved;
		if (kept == 0 || !same(&now, &r->v[kept - 1]))
			r->v[kept++] = now;
	}
	r->n = kept;
	if (r->n < 3)
		return "a ring of fewer than three different points";
	if (moved + turns(before, r->v[0].lon_deg) != 0)
		return "a ring around a pole";
	return fabs(ring_twice_area(r)) < LEAST_AREA ? "a ring that encloses nothing" : NULL;
}

static struct polygon_box
ring_box(const struct ring *r)
{
	struct polygon_box b = { r->v[0].lon_deg, r->v[0].lat_deg, r->v[0].lon_deg, r->v[0].lat_deg };

	for (size_t i = 1; i < r->n; i++) {
		b.west = fmin(b.west, r->v[i].lon_deg);
		b.east = fmax(b.east, r->v[i].lon_deg);
		b.south = fmin(b.south, r->v[i].lat_deg);
		b.north = fmax(b.north, r->v[i].lat_deg);
	}
	return b;
}

/* A hole may have been counted in another turn around the Earth. */
static void
hole_align(const struct polygon_box *outer, struct ring *hole)
{
	struct polygon_box b = ring_box(hole);
	double	 middle = (b.west + b.east) / 2, move = 0;

	if (middle < outer->west)
		move = 360;
	else if (middle > outer->east)
		move = -360;
	for (size_t i = 0; move != 0 && i < hole->n; i++)
		hole->v[i].lon_deg += move;
}

const char *
polygon_prepare(struct polygon *p, bool *open)
{
	*open = false;
	if (p->n == 0)
		return "a polygon without a ring";
	for (size_t i = 0; i < p->n; i++) {
		const char *fault = ring_prepare(&p->rings[i], open);

		if (fault != NULL)
			return fault;
		if (i == 0)
			p->box = ring_box(&p->rings[0]);
		else
			hole_align(&p->box, &p->rings[i]);
	}
	return p->box.east - p->box.west > 360 ? "a ring more than once around the Earth" : NULL;
}

/* ---- asking ---- */

enum side { SIDE_OUT, SIDE_BORDER, SIDE_IN };

/*
 * A ray to the east. Each edge is looked at from its southern end, whichever way its ring runs: so two neighbours come to
 * one answer about their common border, and no point falls between them.
 */
static enum side
ring_side(const struct ring *r, double x, double y)
{
	bool	 in = false;

	for (size_t i = 0, j = r->n - 1; i < r->n; j = i++) {
		const struct vertex *a = &r->v[i], *b = &r->v[j];
		double	 left;

		if (a->lat_deg > b->lat_deg || (a->lat_deg == b->lat_deg && a->lon_deg > b->lon_deg)) {
			a = &r->v[j];
			b = &r->v[i];
		}
		if (y < a->lat_deg || y > b->lat_deg)
			continue;
		left = (b->lon_deg - a->lon_deg) * (y - a->lat_deg) - (b->lat_deg - a->lat_deg) * (x - a->lon_deg);
		if (left == 0 && x >= fmin(a->lon_deg, b->lon_deg) && x <= fmax(a->lon_deg, b->lon_deg))
			return SIDE_BORDER;
		if (y < b->lat_deg && left > 0)		/* the northern end belongs to the next edge */
			in = !in;
	}
	return in ? SIDE_IN : SIDE_OUT;
}

static bool
holds(const struct polygon *p, double x, double y)
{
	enum side side;

	if (x < p->box.west || x > p->box.east || y < p->box.south || y > p->box.north)
		return false;
	side = ring_side(&p->rings[0], x, y);
	for (size_t i = 1; side == SIDE_IN && i < p->n; i++)
		if (ring_side(&p->rings[i], x, y) == SIDE_IN)
			return false;
	return side != SIDE_OUT;
}

bool
polygon_holds(const struct polygon *p, double lat_deg, double lon_deg)
{
	return holds(p, lon_deg, lat_deg) || holds(p, lon_deg - 360, lat_deg) || holds(p, lon_deg + 360, lat_deg);
}

bool
polygon_box_holds(const struct polygon_box *b, double lat_deg, double lon_deg)
{
	if (!(lat_deg >= b->south && lat_deg <= b->north))
		return false;
	for (int turn = -360; turn <= 360; turn += 360)
		if (lon_deg + turn >= b->west && lon_deg + turn <= b->east)
			return true;
	return false;
}

double
polygon_km2(const struct polygon *p)
{
	double	 sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += (i == 0 ? 0.5 : -0.5) * fabs(ring_twice_area(&p->rings[i]));
	return sum * DEGREE_KM * DEGREE_KM * cos((p->box.south + p->box.north) / 2 * DEG);
}
