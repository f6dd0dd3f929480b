/* Finds plus codes in a text and turns them into coordinates. */
#include "logic/pluscode.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define BEFORE_PLUS	8
#define STEPS_A_DEGREE	8000
#define FINE_LAT	25000000	/* the resolution of the longest codes, as their specification has it */
#define FINE_LON	8192000
#define FINE_SLACK	5e-7		/* what a decimal fraction lost in binary */

static const char alphabet[] = "23456789CFGHJMPQRVWX";

/* Degrees that one step of each pair of digits is worth: latitude first, then longitude. */
static const double step[PLUSCODE_DIGITS / 2] = { 20, 1, 0.05, 0.0025, 0.000125 };

static int
digit_value(char c)
{
	const char *p = c != '\0' ? strchr(alphabet, toupper((unsigned char)c)) : NULL;

	return p != NULL ? (int)(p - alphabet) : -1;
}

static bool
word_byte(const char *s, size_t len, size_t at)
{
	return at < len && (isalnum((unsigned char)s[at]) || (unsigned char)s[at] >= 0x80 || s[at] == '+');
}

/* The code whose plus sign stands at "plus". */
static bool
read_code(const char *s, size_t len, size_t plus, struct pluscode *c)
{
	size_t	 start = plus, end = plus + 1, n;

	while (start > 0 && plus - start < BEFORE_PLUS && digit_value(s[start - 1]) >= 0)
		start--;
	while (end < len && end - plus <= 3 && digit_value(s[end]) >= 0)
		end++;
	n = plus - start;
	if ((n != 4 && n != 6 && n != 8) || end - plus < 3 || word_byte(s, len, end) ||
	    (start > 0 && word_byte(s, len, start - 1)))
		return false;
	memset(c, 0, sizeof(*c));
	c->start = start;
	c->end = end;
	c->missing = BEFORE_PLUS - n;
	for (size_t i = 0; i < n; i++)
		c->digit[c->missing + i] = (unsigned char)digit_value(s[start + i]);
	for (size_t i = 0; i < 2; i++)
		c->digit[BEFORE_PLUS + i] = (unsigned char)digit_value(s[plus + 1 + i]);
	return c->missing > 0 || (c->digit[0] < 9 && c->digit[1] < 18);	/* 180 and 360 degrees by twenties */
}

bool
pluscode_find(const char *utf8, size_t len, struct pluscode *c)
{
	for (size_t i = 4; i < len; i++)
		if (utf8[i] == '+' && read_code(utf8, len, i, c))
			return true;
	return false;
}

bool
pluscode_at(const char *utf8, size_t len, size_t at, struct pluscode *c)
{
	for (size_t i = at; i < len && i - at <= BEFORE_PLUS; i++)
		if (utf8[i] == '+')
			return read_code(utf8, len, i, c) && c->start == at;
	return false;
}

/*
 * One axis, in degrees from its origin, which reaches to "end" (0: it goes round); the reference supplies what is missing,
 * rounded to the nearest repetition that exists.
 */
static double
resolve_axis(const struct pluscode *c, size_t axis, double reference, double end)
{
	double	 value = step[PLUSCODE_DIGITS / 2 - 1] / 2, span;

	for (size_t pair = c->missing / 2; pair < PLUSCODE_DIGITS / 2; pair++)
		value += c->digit[2 * pair + axis] * step[pair];
	if (c->missing == 0)
		return value;
	span = step[c->missing / 2 - 1];
	value += span * round((reference - value) / span);
	if (end > 0 && value > end)
		return value - span;
	return end > 0 && value < 0 ? value + span : value;
}

void
pluscode_resolve(const struct pluscode *c, double ref_lat_deg, double ref_lon_deg, double *lat_deg, double *lon_deg)
{
	*lat_deg = resolve_axis(c, 0, ref_lat_deg + 90, 180) - 90;
	*lon_deg = remainder(resolve_axis(c, 1, ref_lon_deg + 180, 0) - 180, 360);
}

int
pluscode_print(double lat_deg, double lon_deg, char out[PLUSCODE_SIZE])
{
	const int64_t last = 180 * STEPS_A_DEGREE;
	int64_t	 lat, lon;

	if (!isfinite(lat_deg) || !isfinite(lon_deg) || fabs(lat_deg) > 90 || fabs(lon_deg) > 360)
		return -1;
	/* In steps of the last pair; counted on a finer grid of whole numbers first, so that 13.9 is 13.9. */
	lat = ((int64_t)floor(lat_deg * FINE_LAT + FINE_SLACK) + INT64_C(90) * FINE_LAT) / (FINE_LAT / STEPS_A_DEGREE);
	lon = ((int64_t)floor(remainder(lon_deg, 360) * FINE_LON + FINE_SLACK) + INT64_C(180) * FINE_LON) / (FINE_LON / STEPS_A_DEGREE);
	if (lat >= last)
		lat = last - 1;
	lon %= 2 * last;
	for (int pair = PLUSCODE_DIGITS / 2 - 1; pair >= 0; pair--) {
		int	 at = 2 * pair + (2 * pair >= BEFORE_PLUS ? 1 : 0);

		out[at] = alphabet[lat % 20];
		out[at + 1] = alphabet[lon % 20];
		lat /= 20;
		lon /= 20;
	}
	out[BEFORE_PLUS] = '+';
	out[PLUSCODE_DIGITS + 1] = '\0';
	return 0;
}
