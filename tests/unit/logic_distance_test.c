/* Distances: quick ones, exact ones against published lines, and offsets. */
#include "logic/distance.h"
#include "unit/test.h"

#include <math.h>

TEST(distances)
{
	CHECK_NEAR(distance_m(0, 0, 0, 1), 111195.08, 0.01);
	CHECK_NEAR(distance_m(90, 0, -90, 0), 20015114.4, 1);
	CHECK_NEAR(distance_m(0, 179.5, 0, -179.5), 111195.08, 0.01);
	CHECK_NEAR(distance_m(14.0640, -3.0754, 14.0775, -3.5159), 47530, 50);
	CHECK_NEAR(distance_m(14, -3, 14, -3), 0, 0);
	CHECK_NEAR(distance_m(12, 34, -12, -146), 20015114.4, 1);
}

TEST(an_offset_is_as_far_as_it_says)
{
	for (int i = 0; i < 20000; i++) {
		double	 lat = -85 + test_below(170000) / 1e3, lon = -180 + test_below(360000) / 1e3;
		double	 bearing = test_below(360), far = test_below(200000), to_lat, to_lon, back, seen;

		distance_offset(lat, lon, bearing, far, &to_lat, &to_lon);
		distance_exact(lat, lon, to_lat, to_lon, &back, &seen);
		CHECK_MSG(fabs(back - far) < 1e-3, "%.3f %.3f %.0f %.0f is %.4f", lat, lon, bearing, far, back);
		CHECK_MSG(far < 100 || fabs(remainder(seen - bearing, 360)) < 1e-3, "%.3f %.3f %.0f %.0f is seen at %.6f", lat, lon,
		    bearing, far, seen);
		CHECK_MSG(to_lon >= -180 && to_lon <= 180, "%.3f %.3f ends at %.3f", lat, lon, to_lon);
	}
}

TEST(an_offset_goes_where_it_says)
{
	double	 lat, lon;

	distance_offset(14, -3, 0, 10000, &lat, &lon);
	CHECK_MSG(lat > 14.08 && fabs(lon + 3) < 1e-9, "north is %.4f %.4f", lat, lon);
	distance_offset(14, -3, 90, 10000, &lat, &lon);
	CHECK_MSG(fabs(lat - 14) < 1e-3 && lon > -2.92, "east is %.4f %.4f", lat, lon);
}

/* Made with GeographicLib's GeodSolve 2.1.2; the first is the example of its manual, two are hard: nearly antipodal. */
TEST(known_lines)
{
	static const struct { double lat1, lon1, lat2, lon2, metres, bearing; } known[] = {
		{ 40.6, -73.8, 51.6, -0.5, 5551759.400, 51.19888 },
		{ 0, 0, 0, 90, 10018754.171, 90 },
		{ 0, 0, 90, 0, 10001965.729, 0 },
		{ 0, 0, 0.5, 179.5, 19936288.579, 25.67187 },
		{ 14.0640, -3.0754, 14.0775, -3.5159, 47597.812, 271.85180 },
		{ 16.2671, -0.0501, 15.9182, 2.4022, 265182.779, 98.03043 },
		{ -41.32, 174.81, 40.96, -5.50, 19959679.267, 161.06767 },
		{ 12.6392, -8.0029, 18.4411, 1.4078, 1195872.487, 56.35081 },
		{ -17.8, 179.5, -17.9, -179.6, 96034.549, 96.75577 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		double	 metres, bearing;

		distance_exact(known[i].lat1, known[i].lon1, known[i].lat2, known[i].lon2, &metres, &bearing);
		CHECK_MSG(fabs(metres - known[i].metres) < 0.002, "line %zu is %.3f m", i, metres);
		CHECK_MSG(fabs(bearing - known[i].bearing) < 0.005, "line %zu leaves at %.4f", i, bearing);
	}
	distance_exact(14, -3, 15, -3, NULL, NULL);
}

TEST(the_quick_one_is_near_the_exact_one)
{
	for (int i = 0; i < 100000; i++) {
		double	 lat1 = -90 + test_below(180001) / 1e3, lon1 = -180 + test_below(360001) / 1e3;
		double	 lat2 = -90 + test_below(180001) / 1e3, lon2 = -180 + test_below(360001) / 1e3, exact;

		distance_exact(lat1, lon1, lat2, lon2, &exact, NULL);
		CHECK_MSG(fabs(distance_m(lat1, lon1, lat2, lon2) - exact) <= exact * 0.006 + 1e-6, "%.3f %.3f %.3f %.3f", lat1,
		    lon1, lat2, lon2);
	}
}

TEST_MAIN(TEST_ROW(distances), TEST_ROW(an_offset_is_as_far_as_it_says), TEST_ROW(an_offset_goes_where_it_says), TEST_ROW(known_lines),
    TEST_ROW(the_quick_one_is_near_the_exact_one))
