/* Finds plus codes in a text and turns them into coordinates. */
#include "logic/pluscode.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define BEFORE_PLUS	8

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

/* One axis, in degrees from its origin; the reference supplies what is missing, rounded to the nearest repetition. */
static double
resolve_axis(const struct pluscode *c, size_t axis, double reference)
{
	double	 value = step[PLUSCODE_DIGITS / 2 - 1] / 2, span;

	for (size_t pair = c->missing / 2; pair < PLUSCODE_DIGITS / 2; pair++)
		value += c->digit[2 * pair + axis] * step[pair];
	if (c->missing == 0)
		return value;
	span = step[c->missing / 2 - 1];
	return value + span * round((reference - value) / span);
}

void
pluscode_resolve(const struct pluscode *c, double ref_lat_deg, double ref_lon_deg, double *lat_deg, double *lon_deg)
{
	*lat_deg = resolve_axis(c, 0, ref_lat_deg + 90) - 90;
	*lon_deg = resolve_axis(c, 1, ref_lon_deg + 180) - 180;
}
