/* The only place that asks for the time; also dates as text and as days. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) == -1)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct now
clock_now(void)
{
	return (struct now){ .wall = { read_ms(CLOCK_REALTIME) }, .mono = { read_ms(CLOCK_BOOTTIME) } };
}

char *
clock_text(wall_t wall, char *out)
{
	time_t s = (time_t)(wall.ms / 1000 - (wall.ms % 1000 < 0));
	struct tm tm;

	if (wall.ms == 0 || gmtime_r(&s, &tm) == NULL || strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		(void)snprintf(out, CLOCK_TEXT_SIZE, "-");
	return out;
}

int64_t
clock_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);	/* years begin in March, so that the leap day comes last */
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}
