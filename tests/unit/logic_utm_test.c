/* UTM: known points, both ways over the globe, and what is outside. */
#include "logic/utm.h"
#include "unit/test.h"

#include <math.h>

#include "logic/distance.h"

/* Made with GeographicLib's GeoConvert 2.1.2 (-u -p 9), an independent implementation. */
static const struct { double lat, lon; struct utm u; } known[] = {
	{ 14.0640, -3.0754, { 30, false, 491859.751687903, 1554805.709272121 } },
	{ 16.2671, -0.0501, { 30, false, 815309.990528724, 1800755.988002624 } },
	{ 15.9182, 2.4022, { 31, false, 436013.488612773, 1759978.703430724 } },
	{ 0, 0, { 31, false, 166021.443080540, 0.000000000 } },
	{ -0.5, 29.9, { 35, true, 822823.962553247, 9944663.622434320 } },
	{ 16, -0.5, { 30, false, 767551.419342977, 1770545.027315314 } },
	{ 60, 3, { 32, false, 165640.332107715, 6666593.572146890 } },
	{ 60, 2.999, { 31, false, 499944.222318430, 6651411.190784256 } },
	{ 75, 20.9, { 33, false, 670192.715484359, 8332079.468606285 } },
	{ 83.9, 42.1, { 38, false, 465609.168730046, 9317795.753332416 } },
	{ -79.9, -179.9, { 1, true, 443247.871807480, 1128161.372864775 } },
	{ -33.86, 151.21, { 56, true, 334416.393989652, 6251925.360352391 } },
	{ 12.6392, -8.0029, { 29, false, 608285.921261204, 1397442.943452178 } },
};

TEST(known_points_to_a_micrometre)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct utm u;
		double	 lat, lon;

		CHECK_INT(utm_from_degrees(known[i].lat, known[i].lon, &u), 0);
		CHECK_INT(u.zone, known[i].u.zone);
		CHECK_INT(u.south, known[i].u.south);
		CHECK_MSG(fabs(u.east_m - known[i].u.east_m) < 1e-6 && fabs(u.north_m - known[i].u.north_m) < 1e-6,
		    "row %zu is %.7f %.7f", i, u.east_m, u.north_m);
		CHECK_INT(utm_to_degrees(&known[i].u, &lat, &lon), 0);
		CHECK_MSG(fabs(lat - known[i].lat) < 1e-10 && fabs(lon - known[i].lon) < 1e-9, "row %zu is back at %.11f %.11f", i,
		    lat, lon);
	}
}

TEST(there_and_back_over_the_globe)
{
	for (int i = 0; i < 100000; i++) {
		double	 lat = -80 + 164 * (test_below(1000000001) / 1e9), lon = -180 + 360 * (test_below(1000000000) / 1e9);
		double	 back_lat = 0, back_lon = 0;
		struct utm u;

		if (utm_from_degrees(lat, lon, &u) == -1 || utm_to_degrees(&u, &back_lat, &back_lon) == -1) {
			CHECK_MSG(false, "%.9f %.9f is refused", lat, lon);
			continue;
		}
		CHECK_MSG(u.zone == utm_zone(lat, lon) && u.south == (lat < 0), "%.9f %.9f is in %d", lat, lon, u.zone);
		CHECK_MSG(fabs(back_lat - lat) < 1e-11 && fabs(remainder(back_lon - lon, 360)) < 1e-9, "%.12f %.12f is back at %.12f %.12f",
		    lat, lon, back_lat, back_lon);
	}
}

TEST(bands)
{
	static const struct { double lat; char band; } rows[] = {
		{ -80, 'C' }, { -72.000001, 'C' }, { -72, 'D' }, { -0.0000000001, 'M' }, { 0, 'N' }, { 7.999999, 'N' }, { 8, 'P' },
		{ 15.999999, 'P' }, { 16, 'Q' }, { 24, 'R' }, { 72, 'X' }, { 80, 'X' }, { 84, 'X' },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_MSG(utm_band(rows[i].lat) == rows[i].band, "%.10f is in %c", rows[i].lat, utm_band(rows[i].lat));
	CHECK_INT(utm_band_index('c'), 0);
	CHECK_INT(utm_band_index('X'), 19);
	CHECK_INT(utm_band_index('I'), -1);
	CHECK_INT(utm_band_index('o'), -1);
	CHECK_INT(utm_band_index('B'), -1);
	CHECK_INT(utm_band_index('\0'), -1);
}

TEST(printed)
{
	char	 got[UTM_SIZE];

	CHECK_INT(utm_print(14.0640, -3.0754, got), 0);
	CHECK_STR(got, "30P 491859 1554805");
	CHECK_INT(utm_print(-33.86, 151.21, got), 0);
	CHECK_STR(got, "56H 334416 6251925");
	CHECK_INT(utm_print(0, 0, got), 0);
	CHECK_STR(got, "31N 166021 0000000");
	CHECK_INT(utm_print(84.01, 0, got), -1);
	CHECK_INT(utm_print(NAN, 0, got), -1);
}

TEST(what_no_point_has)
{
	static const struct utm bad[] = {
		{ 0, false, 500000, 0 }, { 61, false, 500000, 0 }, { 30, false, -1, 0 }, { 30, false, 1000001, 0 }, { 30, false, NAN, 0 },
		{ 30, false, 500000, NAN }, { 30, false, 500000, 10000001 }, { 30, true, 500000, 10000001 },
	};
	double	 lat, lon;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_MSG(utm_to_degrees(&bad[i], &lat, &lon) == -1, "row %zu is taken", i);
}

TEST_MAIN(TEST_ROW(known_points_to_a_micrometre), TEST_ROW(there_and_back_over_the_globe), TEST_ROW(bands), TEST_ROW(printed),
    TEST_ROW(what_no_point_has))
