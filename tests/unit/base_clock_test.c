/* Tests of base/clock: days against a calendar counted by hand, dates as text. */
#include "unit/test.h"

#include "base/clock.h"

static int
days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* The oracle counts day by day through a thousand years. */
TEST(every_day_from_1600_to_2600)
{
	int64_t expected = clock_days(1600, 1, 1);

	for (int year = 1600; year < 2600; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= days_in(year, month); day++, expected++)
				CHECK_MSG(clock_days(year, month, day) == expected, "%d-%02d-%02d", year, month, day);
}

TEST(known_days)
{
	CHECK_INT(clock_days(1970, 1, 1), 0);
	CHECK_INT(clock_days(1969, 12, 31), -1);
	CHECK_INT(clock_days(2000, 1, 1), 10957);
	CHECK_INT(clock_days(2000, 3, 1) - clock_days(2000, 2, 28), 2);
	CHECK_INT(clock_days(1900, 3, 1) - clock_days(1900, 2, 28), 1);
	CHECK_INT(clock_days(2024, 3, 1) - clock_days(2024, 2, 28), 2);
	CHECK_INT(clock_days(1600, 1, 1), -135140);
	CHECK_INT(clock_days(0, 3, 1), -719468);
	CHECK_INT(clock_days(-1, 3, 1), -719468 - 366);	/* the year 0 is a leap year */
	CHECK_INT(clock_days(-400, 3, 1), -719468 - 146097);
	CHECK_INT(clock_days(2038, 1, 19), 24855);
}

TEST(text)
{
	static const struct {
		int64_t ms;
		const char *want;
	} rows[] = {
		{ 0, "-" },
		{ 1, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ -1000, "1969-12-31T23:59:59Z" },
		{ 951782400000, "2000-02-29T00:00:00Z" },
		{ 951782399999, "2000-02-28T23:59:59Z" },
		{ 4107542400000, "2100-03-01T00:00:00Z" },
		{ -2203891200000, "1900-03-01T00:00:00Z" },
	};
	char out[CLOCK_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_STR(clock_text((wall_t){ rows[i].ms }, out), rows[i].want);
}

TEST(text_and_days_agree)
{
	for (int i = 0; i < 20000; i++) {
		int64_t day = (int64_t)test_below(200000) - 50000, ms = day * 86400000 + test_below(86400000);
		char out[CLOCK_TEXT_SIZE];
		int y, m, d;

		if (ms == 0)
			continue;
		CHECK(sscanf(clock_text((wall_t){ ms }, out), "%d-%d-%dT", &y, &m, &d) == 3);
		CHECK_MSG(clock_days(y, m, d) == day, "%s is not day %lld", out, (long long)day);
	}
}

TEST(the_ends_of_time_fit)
{
	char out[CLOCK_TEXT_SIZE];

	CHECK(strlen(clock_text((wall_t){ INT64_MAX }, out)) > 0);
	CHECK(strlen(clock_text((wall_t){ INT64_MIN }, out)) > 0);
}

TEST(monotonic_time_does_not_go_back)
{
	struct now a = clock_now();

	for (int i = 0; i < 1000; i++) {
		struct now b = clock_now();

		CHECK(b.mono.ms >= a.mono.ms);
		a = b;
	}
	CHECK(a.mono.ms > 0);
}

TEST_MAIN(TEST_ROW(every_day_from_1600_to_2600), TEST_ROW(known_days), TEST_ROW(text), TEST_ROW(text_and_days_agree),
    TEST_ROW(the_ends_of_time_fit), TEST_ROW(monotonic_time_does_not_go_back))
