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

TEST_MAIN(TEST_ROW(known_codes), TEST_ROW(a_short_code_is_the_one_nearest_to_the_town), TEST_ROW(what_is_no_code))
