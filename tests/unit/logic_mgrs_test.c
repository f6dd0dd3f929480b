/* MGRS: known references, edges of zones and bands, and the way back over the whole globe. */
#include "logic/coordinates.h"
#include "unit/test.h"

#include <math.h>

struct known {
	double	 lat, lon;
	const char *mgrs;
};

/* Made with GeographicLib's GeoConvert 2.1.2, an independent implementation. */
static const struct known reference[] = {
	{ 0, 0, "31NAA6602100000" },
	{ 14.0640, -3.0754, "30PVA9185954805" },
	{ -0.000001, -0.000001, "30MZE3397899999" },
	{ 0.000001, 179.999999, "60NZF3397800000" },
	{ 16.27167, -0.04472, "30QZD1587801270" },
	{ 15.999999, -0.000001, "30PZC2109971253" },
	{ 16.000001, 0.000001, "31QAT7890071254" },
	{ 60, 3, "32VJM6564066593" },
	{ 60, 2.999999, "31VDG9999951411" },
	{ 56, 11.999999, "32VPH8707110141" },
	{ 55.999999, 3, "31UEC0000006079" },
	{ 63.999999, 5, "32VLS0444903152" },
	{ 64, 5, "31WEL9781298548" },
	{ 72, 8.999999, "31XGV0663699233" },
	{ 72, 9, "33XTV9336399233" },
	{ 75, 20.999999, "33XXD7306832368" },
	{ 75, 21, "35XLD2693132368" },
	{ 78.5, 33, "37XCH6668621017" },
	{ 71.999999, 10, "32WNE3448989218" },
	{ 80.1, 41.9, "37XEJ5563994134" },
	{ 83.999999, 42.000001, "38XMU6500529005" },
	{ -79.999999, -179.999999, "01CDM4186716915" },
	{ -80, 0, "31CDM4186716915" },
	{ -33.86, 151.21, "56HLH3441651925" },
	{ 48.8584, 2.2945, "31UDQ4825211954" },
	{ -54.8, -68.3, "19FEV4500027239" },
	{ 20.20126, 1.01186, "31QBC9226334997" },
	{ 35.5, 139.7, "54SUE8209529270" },
	{ 21.3, -157.85, "04QFJ1928355784" },
	{ -45, -0.0000001, "30GYR3644612670" },
};

/* Places in the Sahel, to 100 m: the meridian of Gao parts zones 30 and 31, 16 N parts bands P and Q. */
static const struct known sahel[] = {
	{ 14.0667, -3.0833, "30PVA910551" }, { 14.0700, -3.5166, "30PVA442555" }, { 14.4843, -4.18296, "30PUB725016" },
	{ 15.0020, -2.9493, "30PWB054585" }, { 15.2828, -1.7005, "30PXB395900" }, { 15.9182, 2.4022, "31PDT360599" },
	{ 15.4196, 3.0196, "31PET021047" }, { 16.2671, -0.0501, "30QZD153007" },
};

TEST(known_references_to_a_metre)
{
	char	 got[MGRS_SIZE];

	for (size_t i = 0; i < sizeof(reference) / sizeof(reference[0]); i++) {
		CHECK_INT(mgrs_from_degrees(reference[i].lat, reference[i].lon, 5, got), 0);
		CHECK_STR(got, reference[i].mgrs);
	}
}

TEST(known_references_of_the_sahel)
{
	char	 got[MGRS_SIZE];

	CHECK_INT(mgrs_from_degrees(-1e-15, -0.000001, 5, got), 0);	/* so near that adding 10,000 km rounds it away */
	CHECK_STR(got, "30MZE3397899999");
	for (size_t i = 0; i < sizeof(sahel) / sizeof(sahel[0]); i++) {
		CHECK_INT(mgrs_from_degrees(sahel[i].lat, sahel[i].lon, 3, got), 0);
		CHECK_STR(got, sahel[i].mgrs);
	}
}

TEST(digits_truncate)
{
	static const char *const want[] = { "31NAA60", "31NAA6600", "31NAA660000", "31NAA66020000", "31NAA6602100000" };
	char	 got[MGRS_SIZE];

	for (int digits = 1; digits <= 5; digits++) {
		CHECK_INT(mgrs_from_degrees(0, 0, digits, got), 0);
		CHECK_STR(got, want[digits - 1]);
	}
}

TEST(outside_is_refused)
{
	static const struct known bad[] = {
		{ 84.0001, 0, "" }, { -80.0001, 0, "" }, { NAN, 0, "" }, { 0, NAN, "" }, { INFINITY, 0, "" },
		{ 0, 180.5, "" }, { 0, -INFINITY, "" },
	};
	char	 got[MGRS_SIZE];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_MSG(mgrs_from_degrees(bad[i].lat, bad[i].lon, 3, got) == -1, "row %zu accepted", i);
	CHECK_INT(mgrs_from_degrees(14, -3, 0, got), -1);
	CHECK_INT(mgrs_from_degrees(14, -3, 6, got), -1);
}

TEST(malformed_references_are_refused)
{
	static const char *const bad[] = {
		"", "3", "30", "30P", "30PVA", "30PVA9", "30PVA910", "30PVA91055112345", "00PVA910551", "61PVA910551",
		"30IVA910551", "30OVA910551", "30PIA910551", "30PVI910551", "30PVW910551", "30PAA910551",
		"30PVA91O551", "30PVA 910551", "32XNA00000000", "30CVP910551", "30PVE910551",
	};
	double	 lat, lon;
	uint32_t side;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_MSG(mgrs_to_degrees(bad[i], strlen(bad[i]), &lat, &lon, &side) == -1, "'%s' accepted", bad[i]);
}

/* Gao in the grid of zone 31 (GeographicLib: GeoConvert -m -z 31), and a point too far beyond. */
TEST(a_little_beyond_the_zone)
{
	double	 lat, lon;
	uint32_t side;

	CHECK_INT(mgrs_to_degrees("31QAU7397100913", 15, &lat, &lon, &side), 0);
	CHECK_NEAR(lat, 16.2671, 1e-5);
	CHECK_NEAR(lon, -0.0501, 1e-5);
	CHECK_INT(mgrs_to_degrees("31QAU0100", 9, &lat, &lon, &side), -1);
}

TEST(case_and_a_zone_of_one_digit)
{
	double	 lat, lon;
	uint32_t side;

	CHECK_INT(mgrs_to_degrees("4qfj12345678", 12, &lat, &lon, &side), 0);
	CHECK_INT(side, 10);
	CHECK_NEAR(lat, 21.30, 0.6);
	CHECK_NEAR(lon, -157.9, 0.6);
}

/* Half of the points lie a hair beside a border of zones or bands, or in the odd zones of Norway and Svalbard. */
static void
random_point(double *lat, double *lon)
{
	*lat = -80 + 164 * (test_below(1000000001) / 1e9);
	*lon = -180 + 360 * (test_below(1000000001) / 1e9);
	switch (test_below(6)) {
	case 0:
		*lat = -80 + 8 * (int)test_below(21) + ((int)test_below(2001) - 1000) / 1e9;
		break;
	case 1:
		*lon = -180 + 3 * (int)test_below(121) + ((int)test_below(2001) - 1000) / 1e9;
		break;
	case 2:
		*lat = 54 + test_below(30000) / 1e3;
		*lon = test_below(45000) / 1e3;
		break;
	}
	*lat = fmin(84, fmax(-80, *lat));
	*lon = fmin(180, fmax(-180, *lon));
}

TEST(the_way_back_ends_within_half_a_square)
{
	for (int i = 0; i < 60000; i++) {
		double	 lat, lon, back_lat, back_lon, limit;
		int	 digits = 1 + (int)test_below(5);
		char	 mgrs[MGRS_SIZE];
		uint32_t side = 0;

		random_point(&lat, &lon);
		if (mgrs_from_degrees(lat, lon, digits, mgrs) == -1) {
			CHECK_MSG(false, "%.9f %.9f has no reference", lat, lon);
			continue;
		}
		CHECK_MSG(strlen(mgrs) == 5 + 2 * (size_t)digits, "'%s' has a wrong length", mgrs);
		if (mgrs_to_degrees(mgrs, strlen(mgrs), &back_lat, &back_lon, &side) == -1) {
			CHECK_MSG(false, "%.9f %.9f: '%s' is refused", lat, lon, mgrs);
			continue;
		}
		limit = side * 0.7072 * 1.01 + 0.01;	/* half the diagonal; sphere against ellipsoid, scale of the grid */
		CHECK_MSG(distance_m(lat, lon, back_lat, back_lon) <= limit, "%.9f %.9f: '%s' is %.1f m away", lat, lon,
		    mgrs, distance_m(lat, lon, back_lat, back_lon));
	}
}

TEST_MAIN(TEST_ROW(known_references_to_a_metre), TEST_ROW(known_references_of_the_sahel), TEST_ROW(digits_truncate),
    TEST_ROW(outside_is_refused), TEST_ROW(malformed_references_are_refused),
    TEST_ROW(a_little_beyond_the_zone), TEST_ROW(case_and_a_zone_of_one_digit), TEST_ROW(the_way_back_ends_within_half_a_square))
