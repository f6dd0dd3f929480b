/* Plus codes: known ones, short ones beside a town, and what is none. */
#include "logic/pluscode.h"
#include "unit/test.h"

#include <math.h>

TEST(known_codes)
{
	static const struct { const char *text; double lat, lon; } cases[] = {	/* from the test data of Open Location Code */
		{ "8FVC9G8F+6X", 47.3655625, 8.5249375 }, { "7FG49QCJ+2V", 20.3700625, 2.7821875 }, { "8FVC2222+22", 47.0000625, 8.0000625 },
		{ "4VCPPQGP+Q9", -41.2730625, 174.7859375 }, { "8fvc9g8f+6xq ici", 47.3655625, 8.5249375 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pluscode c;
		double	 lat, lon;

		if (!pluscode_find(cases[i].text, strlen(cases[i].text), &c)) {
			CHECK_MSG(false, "'%s' not found", cases[i].text);
			continue;
		}
		pluscode_resolve(&c, 0, 0, &lat, &lon);
		CHECK_MSG(fabs(lat - cases[i].lat) < 1e-7 && fabs(lon - cases[i].lon) < 1e-7, "'%s' is %.7f %.7f",
		    cases[i].text, lat, lon);
	}
}

TEST(a_short_code_is_the_one_nearest_to_the_town)
{
	struct pluscode c;
	double	 lat, lon;

	CHECK(pluscode_find("blesse 3W88+MM Koro", 19, &c));
	CHECK_INT(c.start, 7);
	CHECK_INT(c.end, 14);
	pluscode_resolve(&c, 14.064, -3.0754, &lat, &lon);
	CHECK_NEAR(lat, 14.0666875, 1e-7);
	CHECK_NEAR(lon, -3.0833125, 1e-7);
	CHECK(pluscode_find("9G8F+6X", 7, &c));		/* the town lies across the border of the square */
	pluscode_resolve(&c, 47.99, 8.1, &lat, &lon);
	CHECK_NEAR(lat, 48.3655625, 1e-7);
	CHECK_NEAR(lon, 8.5249375, 1e-7);
	CHECK(pluscode_find("VC9G8F+6X", 9, &c));
	pluscode_resolve(&c, 51, 10, &lat, &lon);
	CHECK_NEAR(lat, 47.3655625, 1e-7);
}

TEST(what_is_no_code)
{
	static const char *const none[] = {
		"", "+", "+22370000001", "3W88+", "3W88+M", "3W8+MM", "3W88+MMMM", "b3W88+MM", "3W88+MMb", "3W88 +MM", "5+3", "A1+22",
		"8FVC0000+", "WWWWWWWW+WW", "3W88+MM+2", "1234+56",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct pluscode c;

		CHECK_MSG(!pluscode_find(none[i], strlen(none[i]), &c), "'%s' is taken for one", none[i]);
	}
}

/* From the test data of Open Location Code (encoding.csv): those of ten digits, or the first ten of longer ones. */
TEST(known_points)
{
	static const struct { double lat, lon; const char *code; } known[] = {
		{ 20.3700625, 2.7821875, "7FG49QCJ+2V" }, { 20.3701135, 2.78223535156, "7FG49QCJ+2V" }, { 47.0000625, 8.0000625, "8FVC2222+22" },
		{ -41.2730625, 174.7859375, "4VCPPQGP+Q9" }, { -89.9999375, -179.9999375, "22222222+22" }, { 1, 1, "6FH32222+22" },
		{ 90, 1, "CFX3X2X2+X2" }, { 1.2, 3.4, "6FH56C22+22" }, { 37.539669125, -122.375069724, "849VGJQF+VX" },
		{ 35.6, 3.033, "8F75J22M+26" }, { -2.804, 7.003, "6F9952W3+C6" }, { 13.9, 164.88, "7V56WV2J+22" },
		{ -52.166, 13.694, "3FVMRMMV+JJ" }, { 70.3, -87.64, "C62J8926+22" }, { 66.89, -106, "95RPV2R2+22" },
		{ -37.014, -159.936, "43J2X3P7+CJ" }, { 16.179, 150.075, "7R8G53HG+J2" }, { -55.574, -70.061, "37PFCWGQ+CJ" },
		{ 58.66, 149.17, "9RCFM56C+22" }, { 10.734, -168.294, "722HPPM4+JC" }, { 80.0100000001, 58.57, "CHGW2H6C+22" },
		{ 80.0099999999, 58.57, "CHGW2H5C+X2" }, { -80.0099999999, 58.57, "2HFWXHRC+22" }, { -80.0100000001, 58.57, "2HFWXHQC+X2" },
		{ 1, 180, "62H22222+22" }, { 1, 181, "62H32222+22" },
	};
	char	 got[PLUSCODE_SIZE];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		CHECK_INT(pluscode_print(known[i].lat, known[i].lon, got), 0);
		CHECK_STR(got, known[i].code);
	}
	CHECK_INT(pluscode_print(90.1, 0, got), -1);
	CHECK_INT(pluscode_print(NAN, 0, got), -1);
	CHECK_INT(pluscode_print(0, INFINITY, got), -1);
}

/* shortCodeTests.csv of the same: each short code beside its reference is the full one. */
TEST(known_short_codes)
{
	static const struct { const char *code, *full; double lat, lon; } known[] = {
		{ "9QCJ+2VX", "9C3W9QCJ+2VX", 51.3701125, -1.217765625 }, { "9QCJ+2VX", "9C3W9QCJ+2VX", 51.3852125, -1.217765625 },
		{ "9QCJ+2VX", "9C3W9QCJ+2VX", 51.3550125, -1.217765625 }, { "9QCJ+2VX", "9C3W9QCJ+2VX", 51.3701125, -1.232865625 },
		{ "XGRF+PM", "8FRCXGRF+PM", 47.00, 8.55 }, { "2222+22", "CFX22222+22", 89.6, 0.0 },
		{ "XXXXXX+XX", "2CXXXXXX+XX", -81.0, 0.0 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		double	 lat, lon, want_lat, want_lon;
		struct pluscode c, full;

		CHECK(pluscode_find(known[i].code, strlen(known[i].code), &c));
		CHECK(pluscode_find(known[i].full, strlen(known[i].full), &full));
		pluscode_resolve(&c, known[i].lat, known[i].lon, &lat, &lon);
		pluscode_resolve(&full, 0, 0, &want_lat, &want_lon);
		CHECK_MSG(fabs(lat - want_lat) < 1e-9 && fabs(lon - want_lon) < 1e-9, "'%s' is %.7f %.7f", known[i].code, lat, lon);
	}
}

/* A full code and its last six digits beside any town within half a degree are the point again. */
TEST(there_and_back_over_the_globe)
{
	for (int i = 0; i < 100000; i++) {
		double	 lat = -90 + 180 * (test_below(1000000001) / 1e9), lon = -180 + 360 * (test_below(1000000000) / 1e9);
		double	 back_lat, back_lon, town_lat = lat + (test_below(980) / 1e3 - 0.49), town_lon = lon + (test_below(980) / 1e3 - 0.49);
		char	 code[PLUSCODE_SIZE];
		struct pluscode c;

		CHECK_INT(pluscode_print(lat, lon, code), 0);
		CHECK(pluscode_at(code, strlen(code), 0, &c));
		pluscode_resolve(&c, 0, 0, &back_lat, &back_lon);
		CHECK_MSG(fabs(back_lat - lat) <= 0.0000626 + (lat > 89.9998 ? 0.0001 : 0) && fabs(remainder(back_lon - lon, 360)) <= 0.0000626,
		    "%.7f %.7f: '%s' is %.7f %.7f", lat, lon, code, back_lat, back_lon);
		CHECK(pluscode_find(code + 4, strlen(code + 4), &c));
		pluscode_resolve(&c, fmax(-90, fmin(90, town_lat)), town_lon, &lat, &lon);
		CHECK_MSG(fabs(lat - back_lat) < 1e-9 && fabs(remainder(lon - back_lon, 360)) < 1e-9, "'%s' beside %.4f %.4f is %.7f %.7f",
		    code + 4, town_lat, town_lon, lat, lon);
	}
}

TEST_MAIN(TEST_ROW(known_codes), TEST_ROW(a_short_code_is_the_one_nearest_to_the_town), TEST_ROW(what_is_no_code), TEST_ROW(known_points),
    TEST_ROW(known_short_codes), TEST_ROW(there_and_back_over_the_globe))
