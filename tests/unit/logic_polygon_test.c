/* Polygons: inside, outside and on the border, holes, the antimeridian, slivers, and rings that are none. */
#include "logic/polygon.h"
#include "unit/test.h"

#include <math.h>

#define RING(...)	{ (struct vertex[]){ __VA_ARGS__ }, sizeof((struct vertex[]){ __VA_ARGS__ }) / sizeof(struct vertex) }

static void
prepare(struct polygon *p)
{
	bool	 open;
	const char *fault = polygon_prepare(p, &open);

	CHECK_MSG(fault == NULL && !open, "%s", fault != NULL ? fault : "open");
}

struct asked {
	double	 lat, lon;
	bool	 in;
};

static void
ask(const struct polygon *p, const struct asked *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		CHECK_MSG(polygon_holds(p, v[i].lat, v[i].lon) == v[i].in, "%.12g %.12g is %s", v[i].lat, v[i].lon, v[i].in ? "out" : "in");
}
#define ASK(p, ...)	ask(p, (struct asked[]){ __VA_ARGS__ }, sizeof((struct asked[]){ __VA_ARGS__ }) / sizeof(struct asked))

TEST(a_square_with_a_hole)
{
	struct ring rings[] = { RING({ 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 }), RING({ 4, 4 }, { 4, 6 }, { 6, 6 }, { 6, 4 }, { 4, 4 }) };
	struct polygon p = { rings, 2, { 0, 0, 0, 0 } };

	prepare(&p);
	ASK(&p, { 1, 1, true }, { 5, 5, false }, { -1, 5, false }, { 11, 5, false }, { 5, -1, false }, { 5, 11, false }, { 5, 3, true });
	/* vertices and edges of the outer ring, then of the hole */
	ASK(&p, { 0, 0, true }, { 0, 10, true }, { 10, 10, true }, { 10, 0, true }, { 0, 5, true }, { 10, 5, true }, { 5, 0, true }, { 5, 10, true });
	ASK(&p, { 4, 4, true }, { 6, 6, true }, { 4, 5, true }, { 5, 4, true }, { 5, 6, true }, { 4.0000001, 4.0000001, false });
	/* level with vertices, but beside */
	ASK(&p, { 0, -1, false }, { 0, 11, false }, { 10, -1, false }, { 4, 1, true }, { 6, 9, true }, { 4, -1, false });
	CHECK_NEAR(polygon_km2(&p), 96 * 111.195 * 111.195 * cos(5 * M_PI / 180), 1);
}

/* A ray through vertices must not count them twice or never. */
TEST(a_star_of_vertices_on_one_level)
{
	struct ring rings[] = { RING({ 0, 0 }, { 2, 4 }, { 4, 0 }, { 6, 4 }, { 8, 0 }, { 8, 8 }, { 6, 4 }, { 4, 8 }, { 2, 4 }, { 0, 8 }, { 0, 0 }) };
	struct polygon p = { rings, 1, { 0, 0, 0, 0 } };

	prepare(&p);
	ASK(&p, { 4, 1, true }, { 4, 4, true }, { 4, 7, true }, { 4, -1, false }, { 4, 9, false }, { 0, 2, false }, { 8, 2, false }, { 0, 4, true }, { 8, 4, true },
	    { 2, 0.5, true }, { 2, 3.5, true }, { 2, 2, false }, { 6, 6.5, false }, { 6, 7.5, true });
}

TEST(a_sliver_and_a_concave_one)
{
	struct ring thin[] = { RING({ 0, 10 }, { 5, 10.0000001 }, { 5, 10 }, { 0, 10 }) };
	struct polygon p = { thin, 1, { 0, 0, 0, 0 } };
	struct ring bay[] = { RING({ 0, 0 }, { 10, 0 }, { 10, 10 }, { 5, 1 }, { 0, 10 }, { 0, 0 }) };
	struct polygon q = { bay, 1, { 0, 0, 0, 0 } };

	prepare(&p);
	ASK(&p, { 10.00000005, 4, true }, { 10.00000009, 4, false }, { 10, 2, true }, { 9.9999999, 2, false });
	prepare(&q);
	ASK(&q, { 5, 1, true }, { 5, 9, true }, { 5, 5, false }, { 1, 5, true }, { 1.000001, 5, false }, { 0.999999, 5, true });
}

TEST(over_the_antimeridian)
{
	/* as one ring that leaps, as one that counts on, and as a box over it with a hole in the other count */
	struct ring leaps[] = { RING({ 178, -20 }, { -178, -20 }, { -178, -15 }, { 178, -15 }, { 178, -20 }) };
	struct ring counts[] = { RING({ 178, -20 }, { 182, -20 }, { 182, -15 }, { 178, -15 }, { 178, -20 }) };
	struct ring holed[] = { RING({ -182, -20 }, { -178, -20 }, { -178, -15 }, { -182, -15 }, { -182, -20 }),
	    RING({ 179, -18 }, { -179, -18 }, { -179, -17 }, { 179, -17 }, { 179, -18 }) };
	struct ring holed_west[] = { RING({ 178, -20 }, { 182, -20 }, { 182, -15 }, { 178, -15 }, { 178, -20 }),
	    RING({ -181, -18 }, { -179, -18 }, { -179, -17 }, { -181, -17 }, { -181, -18 }) };
	struct polygon p[] = { { leaps, 1, { 0, 0, 0, 0 } }, { counts, 1, { 0, 0, 0, 0 } }, { holed, 2, { 0, 0, 0, 0 } }, { holed_west, 2, { 0, 0, 0, 0 } } };

	for (size_t i = 0; i < 4; i++) {
		prepare(&p[i]);
		ASK(&p[i], { -19, 179, true }, { -19, -179, true }, { -19, 180, true }, { -19, -180, true }, { -19, 177, false }, { -19, -177, false }, { -19, 0, false },
		    { -15, 178, true }, { -15, -178, true });
		CHECK_MSG(polygon_holds(&p[i], -17.5, 180) == (i < 2), "polygon %zu and the hole", i);
		CHECK_MSG(polygon_holds(&p[i], -17.5, -179.5) == (i < 2), "polygon %zu and the hole", i);
	}
}

TEST(the_whole_earth)
{
	struct ring rings[] = { RING({ -180, -90 }, { 180, -90 }, { 180, 90 }, { -180, 90 }, { -180, -90 }) };
	struct polygon p = { rings, 1, { 0, 0, 0, 0 } };

	prepare(&p);
	ASK(&p, { 0, 0, true }, { 90, 0, true }, { -90, 180, true }, { 14, -3, true }, { 14, 180, true }, { 14, -180, true });
}

TEST(rings_that_are_none)
{
	const struct { struct ring ring; const char *want; } bad[] = {
		{ RING({ 0, 0 }), "fewer" }, { RING({ 0, 0 }, { 1, 1 }, { 0, 0 }), "fewer" }, { RING({ 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }), "fewer" },
		{ RING({ 0, 0 }, { 1, 1 }, { 2, 2 }, { 0, 0 }), "nothing" }, { RING({ 0, 0 }, { 5, 0 }, { 5, 1e-14 }, { 0, 0 }), "nothing" },
		{ RING({ 0, 91 }, { 1, 0 }, { 2, 2 }, { 0, 91 }), "degrees" }, { RING({ 442000, 15 }, { 1, 0 }, { 2, 2 }, { 0, 0 }), "degrees" },
		{ RING({ NAN, 0 }, { 1, 0 }, { 2, 2 }, { 0, 0 }), "degrees" }, { RING({ 0, INFINITY }, { 1, 0 }, { 2, 2 }, { 0, 0 }), "degrees" },
		{ RING({ 0, 80 }, { 120, 80 }, { -120, 80 }, { 0, 80 }), "pole" },
	};
	struct polygon none = { NULL, 0, { 0, 0, 0, 0 } };
	bool	 open;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ring ring = bad[i].ring;
		struct polygon p = { &ring, 1, { 0, 0, 0, 0 } };
		const char *fault = polygon_prepare(&p, &open);

		CHECK_MSG(fault != NULL && strstr(fault, bad[i].want) != NULL, "ring %zu: %s", i, fault != NULL ? fault : "taken");
	}
	CHECK(polygon_prepare(&none, &open) != NULL);
}

TEST(an_open_ring_is_told)
{
	struct ring rings[] = { RING({ 0, 0 }, { 10, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }) };
	struct polygon p = { rings, 1, { 0, 0, 0, 0 } };
	bool	 open;

	CHECK(polygon_prepare(&p, &open) == NULL && open);
	CHECK_INT(rings[0].n, 4);
	ASK(&p, { 5, 0, true }, { 5, 5, true }, { 5, -0.1, false });
}

/* The sum of the angles under which a point sees the edges: another way to the same answer. */
static double
winding(const struct ring *r, double x, double y)
{
	double	 sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct vertex *a = &r->v[i], *b = &r->v[(i + 1) % r->n];

		sum += remainder(atan2(b->lat_deg - y, b->lon_deg - x) - atan2(a->lat_deg - y, a->lon_deg - x), 2 * M_PI);
	}
	return sum / (2 * M_PI);
}

/* Exact: all numbers here are quarters. */
static bool
on_edge(const struct ring *r, double x, double y)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct vertex *a = &r->v[i], *b = &r->v[(i + 1) % r->n];
		double	 dx = b->lon_deg - a->lon_deg, dy = b->lat_deg - a->lat_deg;
		double	 along = (x - a->lon_deg) * dx + (y - a->lat_deg) * dy;

		if (dx * (y - a->lat_deg) == dy * (x - a->lon_deg) && along >= 0 && along <= dx * dx + dy * dy)
			return true;
	}
	return false;
}

/* Star-shaped rings of any form; many vertices and points on whole numbers, so that rays meet vertices. */
TEST(the_angles_agree)
{
	for (int i = 0; i < 3000; i++) {
		size_t	 n = 3 + test_below(20);
		struct vertex v[24];
		struct ring ring = { v, n };
		struct polygon p = { &ring, 1, { 0, 0, 0, 0 } };
		bool	 open;

		for (size_t k = 0; k < n; k++) {
			double	 angle = 2 * M_PI * ((double)k + 0.1) / (double)n, far = 1 + test_below(20);

			v[k] = (struct vertex){ round(far * cos(angle)), round(far * sin(angle)) };
		}
		if (polygon_prepare(&p, &open) != NULL)
			continue;
		for (int k = 0; k < 60; k++) {
			double	 x = (int)test_below(44) - 22 + (test_below(2) ? 0.25 : 0), y = (int)test_below(44) - 22 + (test_below(2) ? 0.25 : 0);
			bool	 in = on_edge(&ring, x, y) || lround(winding(&ring, x, y)) % 2 != 0;

			CHECK_MSG(polygon_holds(&p, y, x) == in, "%g %g is %s", y, x, in ? "out" : "in");
		}
	}
}

/* A plane cut into triangles: every point lies in one, or on a border of several. */
TEST(neighbours_leave_no_gap)
{
	static struct vertex grid[9][9];

	for (int y = 0; y < 9; y++)
		for (int x = 0; x < 9; x++)
			grid[y][x] = (struct vertex){ x + (x % 8 ? test_below(600) / 1e3 - 0.3 : 0), y + (y % 8 ? test_below(600) / 1e3 - 0.3 : 0) };
	for (int i = 0; i < 20000; i++) {
		double	 lon = 0.3 + test_below(7400) / 1e3, lat = 0.3 + test_below(7400) / 1e3;
		int	 in = 0;

		for (int y = 0; y < 8; y++)
			for (int x = 0; x < 8; x++)
				for (int half = 0; half < 2; half++) {
					struct vertex v[3] = { grid[y][x], grid[y + 1][x + 1], half ? grid[y][x + 1] : grid[y + 1][x] };
					struct ring ring = { v, 3 };
					struct polygon p = { &ring, 1, { 0, 0, 0, 0 } };
					bool	 open;

					CHECK(polygon_prepare(&p, &open) == NULL);
					in += polygon_holds(&p, lat, lon);
				}
		CHECK_MSG(in >= 1 && in <= 8, "%.3f %.3f lies in %d", lat, lon, in);
	}
}

TEST_MAIN(TEST_ROW(a_square_with_a_hole), TEST_ROW(a_star_of_vertices_on_one_level), TEST_ROW(a_sliver_and_a_concave_one),
    TEST_ROW(over_the_antimeridian), TEST_ROW(the_whole_earth), TEST_ROW(rings_that_are_none), TEST_ROW(an_open_ring_is_told),
    TEST_ROW(the_angles_agree), TEST_ROW(neighbours_leave_no_gap))
