/* Coordinates: reading them out of a text, in the spellings people use. */
#include "logic/coordinates.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define DEGREE_M	111195.0	/* of latitude, on the sphere */
#define PRECISION_LEAST	10
#define GAP_MAX		6		/* bytes that may lie between two angles */

/* One angle as written; the letters N S E W say which axis, 0 none. */
struct angle {
	double	 deg, unit_deg;		/* value, and what its last digit is worth */
	int	 decimals;		/* of plain degrees */
	char	 axis;
	bool	 minus, free_minus;	/* free: nothing but space or punctuation before it */
	bool	 marked, comma;		/* a degree sign stands behind it; a comma for the decimals */
	size_t	 end;
};

struct scan {
	const char *s;
	size_t	 len;
};

static bool
digit_at(const struct scan *t, size_t at)
{
	return at < t->len && isdigit((unsigned char)t->s[at]);
}

/* Letters and digits, and any byte of a longer UTF-8 sequence: accented letters are part of a word too. */
static bool
word_at(const struct scan *t, size_t at)
{
	return at < t->len && (isalnum((unsigned char)t->s[at]) || (unsigned char)t->s[at] >= 0x80);
}

static size_t
skip_spaces(const struct scan *t, size_t at, size_t most)
{
	while (most-- > 0 && at < t->len && (t->s[at] == ' ' || t->s[at] == '\t'))
		at++;
	return at;
}

/* The length of the longest of these strings that stands at "at", or 0. */
static size_t
any_of(const struct scan *t, size_t at, const char *const *set)
{
	size_t	 best = 0;

	for (; *set != NULL; set++) {
		size_t	 n = strlen(*set);

		if (n > best && at <= t->len && n <= t->len - at && strncasecmp(t->s + at, *set, n) == 0)
			best = n;
	}
	return best;
}

static const char *const degree_marks[] = { "\xC2\xB0", "\xC2\xBA", NULL };
static const char *const minute_marks[] = { "'", "\xE2\x80\x99", "\xE2\x80\xB2", "\xC2\xB4", NULL };
static const char *const second_marks[] = { "\"", "''", "\xE2\x80\x9D", "\xE2\x80\xB3", NULL };

/* A number with at most "whole" digits before the point and eight behind it; 0 or -1. */
static int
number_parse(const struct scan *t, size_t *at, int whole, double *value, int *decimals, bool *comma)
{
	size_t	 p = *at;
	double	 scale = 1;

	*value = 0;
	*decimals = 0;
	for (; digit_at(t, p) && p - *at <= (size_t)whole; p++)
		*value = *value * 10 + (t->s[p] - '0');
	if (p == *at || p - *at > (size_t)whole)
		return -1;
	if (p < t->len && (t->s[p] == '.' || t->s[p] == ',') && digit_at(t, p + 1)) {
		*comma = t->s[p] == ',';
		for (p++; digit_at(t, p) && *decimals < 8; p++, ++*decimals)
			*value += (t->s[p] - '0') * (scale /= 10);
		while (digit_at(t, p))
			p++;
	}
	*at = p;
	return 0;
}

/* Minutes and seconds behind a degree sign; either may be missing. 0 or -1. */
static int
minutes_parse(const struct scan *t, size_t *at, struct angle *a)
{
	static const struct { double worth; const char *const *marks; } part[] = {
		{ 1 / 60.0, minute_marks }, { 1 / 3600.0, second_marks },
	};

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		size_t	 p = skip_spaces(t, *at, 1), mark;
		double	 value;
		int	 decimals;
		bool	 comma;

		if (number_parse(t, &p, 2, &value, &decimals, &comma) == -1)
			return 0;
		p = skip_spaces(t, p, 1);
		mark = any_of(t, p, part[i].marks);
		if (mark == 0)
			return 0;
		if (value >= 60)
			return -1;
		a->deg += value * part[i].worth;
		a->unit_deg = part[i].worth / pow(10, decimals);
		*at = p + mark;
	}
	return 0;
}

/* A letter or word for a side of the world that stands alone (or glued to a number); its length, or 0. */
static size_t
axis_parse(const struct scan *t, size_t at, char *axis)
{
	static const struct { const char *word; char axis; } words[] = {
		{ "north", 'N' }, { "nord", 'N' }, { "south", 'S' }, { "sud", 'S' }, { "east", 'E' },
		{ "est", 'E' }, { "west", 'W' }, { "ouest", 'W' }, { "n", 'N' }, { "s", 'S' },
		{ "e", 'E' }, { "w", 'W' }, { "o", 'W' },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t	 n = strlen(words[i].word);

		if (n > t->len - at || strncasecmp(t->s + at, words[i].word, n) != 0)
			continue;
		if (word_at(t, at + n) && !digit_at(t, at + n))
			continue;
		*axis = words[i].axis;
		return n;
	}
	return 0;
}

static void
sign_parse(const struct scan *t, size_t *at, struct angle *a)
{
	if (*at >= t->len || (t->s[*at] != '-' && t->s[*at] != '+') || !digit_at(t, *at + 1))
		return;
	a->minus = t->s[*at] == '-';
	a->free_minus = a->minus && (*at == 0 || strchr(" \t\r\n,;:=(/", t->s[*at - 1]) != NULL);
	++*at;
}

static int
angle_parse(const struct scan *t, size_t at, struct angle *a)
{
	size_t	 n, p;

	memset(a, 0, sizeof(*a));
	if (at >= t->len)
		return -1;
	n = axis_parse(t, at, &a->axis);
	if (n > 0)
		at = skip_spaces(t, at + n, 1);
	sign_parse(t, &at, a);
	if (number_parse(t, &at, 3, &a->deg, &a->decimals, &a->comma) == -1)
		return -1;
	if (at < t->len && t->s[at] == '.' && digit_at(t, at + 1))
		return -1;		/* a date or an address, not an angle */
	a->unit_deg = 1 / pow(10, a->decimals);
	p = skip_spaces(t, at, 1);
	if ((n = any_of(t, p, degree_marks)) > 0) {
		a->marked = true;
		at = p + n;
		if (a->decimals == 0 && minutes_parse(t, &at, a) == -1)
			return -1;
	}
	if (a->axis == 0) {
		p = skip_spaces(t, at, 1);
		if (p < t->len && (n = axis_parse(t, p, &a->axis)) > 0)
			at = p + n;
	}
	if (word_at(t, at) || (a->minus && a->axis != 0))
		return -1;
	a->end = at;
	return 0;
}

static bool
is_longitude(const struct angle *a)
{
	return a->axis == 'E' || a->axis == 'W';
}

/* What stands between the two angles: a few blanks, one comma or the like, perhaps a word for longitude. */
static size_t
gap_parse(const struct scan *t, size_t at)
{
	static const char *const words[] = { "longitude", "long", "lon", "lng", "et", "and", NULL };
	size_t	 start = at, n;

	while (at < t->len && at - start < GAP_MAX && strchr(" \t\r\n,;/|", t->s[at]) != NULL)
		at++;
	if ((n = any_of(t, at, words)) > 0) {
		at += n;
		while (at < t->len && at - start < GAP_MAX + 12 && strchr(" \t:=", t->s[at]) != NULL)
			at++;
	}
	return at;
}

/* Prices, scores and sizes come in pairs too; see the header for what tells coordinates from them. */
static bool
pair_credible(const struct angle *a, const struct angle *b, bool introduced)
{
	bool	 fine = a->decimals >= 2 && b->decimals >= 2;

	if (introduced || (a->marked && b->marked))
		return true;
	if (a->axis != 0 && b->axis != 0)
		return (a->decimals > 0 || a->marked) && (b->decimals > 0 || b->marked);
	if (fine && (a->free_minus || b->free_minus))
		return true;
	return a->decimals >= 3 && b->decimals >= 3 && !a->comma && !b->comma;
}

static double
angle_signed(const struct angle *a)
{
	return a->minus || a->axis == 'S' || a->axis == 'W' ? -a->deg : a->deg;
}

static bool
pair_place(const struct angle *first, const struct angle *second, struct coordinates *c)
{
	bool	 swapped = is_longitude(first);
	const struct angle *lat = swapped ? second : first, *lon = swapped ? first : second;
	double	 unit = fmax(lat->unit_deg, lon->unit_deg) * DEGREE_M;

	if ((first->axis != 0) != (second->axis != 0))
		return false;
	if (first->axis != 0 && is_longitude(first) == is_longitude(second))
		return false;
	c->lat_deg = angle_signed(lat);
	c->lon_deg = angle_signed(lon);
	if (fabs(c->lat_deg) > 90 || fabs(c->lon_deg) > 180 || (c->lat_deg == 0 && c->lon_deg == 0))
		return false;
	c->precision_m = unit < PRECISION_LEAST ? PRECISION_LEAST : (uint32_t)lround(unit);
	return true;
}

static bool
pair_find(const struct scan *t, size_t at, struct coordinates *c)
{
	static const char *const intro[] = { "geo:", "latitude", "lat", NULL };
	struct angle first, second;
	size_t	 p = at, n, second_at;

	if ((n = any_of(t, at, intro)) > 0) {
		p += n;
		while (p < t->len && p - at < 12 && strchr(" :=", t->s[p]) != NULL)
			p++;
	}
	if (angle_parse(t, p, &first) == -1)
		return false;
	second_at = gap_parse(t, first.end);
	if (angle_parse(t, second_at, &second) == -1 || (second_at == first.end && first.axis == 0))
		return false;
	if (!pair_credible(&first, &second, n > 0) || !pair_place(&first, &second, c))
		return false;
	c->start = at;
	c->end = second.end;
	return true;
}

/* "10 sep 2023" has the shape of a reference. */
static bool
looks_like_date(const char *letters, size_t groups, size_t digits)
{
	static const char *const months[] = { "jan", "fev", "feb", "mar", "avr", "apr", "mai", "may", "jun", "jul",
	    "aou", "aug", "sep", "oct", "nov", "dec", NULL };

	if (groups != 1 || digits > 4)
		return false;
	for (size_t i = 0; months[i] != NULL; i++)
		if (strncasecmp(letters, months[i], 3) == 0)
			return true;
	return false;
}

static size_t
digits_take(const struct scan *t, size_t at, size_t most, char *to)
{
	size_t	 n = 0;

	while (digit_at(t, at + n) && n < most) {
		to[n] = t->s[at + n];
		n++;
	}
	return digit_at(t, at + n) ? 0 : n;
}

/* The digits of a reference: one even group, or two of one length. Returns the groups, 0: neither. */
static size_t
reference_digits(const struct scan *t, size_t *at, char *to, size_t *n)
{
	size_t	 p = skip_spaces(t, *at, 1), q, more;

	*n = digits_take(t, p, 10, to);
	if (*n == 0)
		return 0;
	p += *n;
	q = skip_spaces(t, p, 1);
	if (q > p && *n <= 5 && *n >= 2 && (more = digits_take(t, q, 5, to + *n)) == *n &&
	    !word_at(t, q + more)) {
		*at = q + more;
		*n *= 2;
		return 2;
	}
	*at = p;
	return *n % 2 == 0 && *n >= 4 && !word_at(t, p) ? 1 : 0;
}

static bool
reference_find(const struct scan *t, size_t at, struct coordinates *c)
{
	char	 compact[MGRS_SIZE + 4];
	size_t	 p = at, len, letters, groups, n;

	len = digits_take(t, p, 2, compact);
	if (len == 0)
		return false;
	p += len;
	letters = len;
	while (len < letters + 3) {
		if (len < letters + 2)		/* the two letters of the square stand together */
			p = skip_spaces(t, p, 1);
		if (p >= t->len || !isalpha((unsigned char)t->s[p]))
			return false;
		compact[len++] = t->s[p++];
	}
	groups = reference_digits(t, &p, compact + len, &n);
	if (groups == 0 || looks_like_date(compact + letters, groups, n) ||
	    mgrs_to_degrees(compact, len + n, &c->lat_deg, &c->lon_deg, &c->precision_m) == -1)
		return false;
	if (c->precision_m < PRECISION_LEAST)
		c->precision_m = PRECISION_LEAST;
	c->start = at;
	c->end = p;
	return true;
}

/* Neither in the middle of a word or number, nor behind a sign that was part of what was just refused. */
static bool
may_start(const struct scan *t, size_t at)
{
	if (t->s[at] == '\0' || strchr("0123456789-+NSEWGLOnsewglo", t->s[at]) == NULL)
		return false;
	if (at == 0)
		return true;
	if (word_at(t, at - 1) || t->s[at - 1] == '-' || t->s[at - 1] == '+')
		return false;
	return at < 2 || strchr(".,", t->s[at - 1]) == NULL || !digit_at(t, at - 2);
}

bool
coordinates_find(const char *utf8, size_t len, struct coordinates *c)
{
	struct scan t = { utf8, len };
	size_t	 digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += utf8[i] >= '0' && utf8[i] <= '9';
	if (digits < 2)
		return false;
	for (size_t at = 0; at < len; at++) {
		if (may_start(&t, at) && (reference_find(&t, at, c) || pair_find(&t, at, c)))
			return true;
	}
	return false;
}
