/* One latitude or longitude as people write it. */
#include "logic/angle.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PART_MAX	60		/* minutes of a degree, seconds of a minute */

static const char *const degree_signs[] = { "\xC2\xB0", "\xC2\xBA", "\xCB\x9A", NULL };
static const char *const degree_words[] = { "degres", "degr\xC3\xA9s", "degree", "degrees", "deg.", "deg", "d", "*", NULL };
static const char *const minute_signs[] = { "'", "\xE2\x80\x99", "\xE2\x80\xB2", "\xC2\xB4", "`", "\xE2\x80\x98",
    "\xCA\xB9", NULL };
static const char *const minute_words[] = { "minutes", "minute", "min", "mn", "m", NULL };
static const char *const second_signs[] = { "\"", "''", "\xE2\x80\x9D", "\xE2\x80\x9C", "\xE2\x80\xB3", "\xCA\xBA",
    "\xE2\x80\x99\xE2\x80\x99", "\xE2\x80\xB2\xE2\x80\xB2", NULL };
static const char *const second_words[] = { "secondes", "seconds", "seconde", "second", "sec", "s", NULL };

/* ASCII, the mathematical minus, and the dash that phones make of it. */
static const char *const minus_signs[] = { "-", "\xE2\x88\x92", "\xE2\x80\x93", NULL };

/* A letter or word for a side of the world that stands alone or beside a number; its length, or 0. */
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

		if (at > t->len || n > t->len - at || strncasecmp(t->s + at, words[i].word, n) != 0)
			continue;
		if (scan_word(t, at + n) && !scan_digit(t, at + n) && scan_any(t, at + n, minus_signs) == 0)
			continue;
		*axis = words[i].axis;
		return n;
	}
	return 0;
}

static size_t
axis_follows(const struct scan *t, size_t at)
{
	char	 axis;

	return axis_parse(t, scan_blanks(t, at, 1), &axis);
}

/* The length of a mark that is a word: a digit, a side of the world or no letter at all must follow it. */
static size_t
word_mark(const struct scan *t, size_t at, const char *const *words)
{
	size_t	 n = scan_any(t, at, words);

	if (n == 0 || !scan_word(t, at + n) || scan_digit(t, at + n) || axis_follows(t, at + n) > 0)
		return n;
	return 0;
}

/* Of minutes or seconds; "s" alone is south unless another letter says the side. */
static size_t
part_mark(const struct scan *t, size_t at, int part, const struct angle *a)
{
	size_t	 n = scan_any(t, at, part == 2 ? minute_signs : second_signs);

	if (n > 0)
		return n;
	n = word_mark(t, at, part == 2 ? minute_words : second_words);
	if (part == 2 && n == 2 && t->s[at + 1] == 'N')		/* "21mN": minutes, north */
		n = 1;
	if (part == 3 && n == 1 && a->axis == 0 && axis_follows(t, at + n) == 0)
		return 0;
	return n;
}

static bool
degree_mark_at(const struct scan *t, size_t at)
{
	return scan_any(t, at, degree_signs) > 0 || word_mark(t, at, degree_words) > 0;
}

/*
 * Minutes, then seconds, behind the degrees; either may be missing. A part behind a mark needs no separator, others need
 * one. 0, or -1: sixty or more.
 */
static int
parts_parse(const struct scan *t, size_t *at, bool after_mark, struct angle *a)
{
	for (int part = 2; part <= 3; part++) {
		size_t	 p = *at, mark;
		struct scan_number number;

		if (after_mark)
			p = scan_blanks(t, p, 1);
		else if (scan_one_of(t, p, " :-"))
			p++;
		else
			return 0;
		if (scan_number(t, &p, 2, &number) == -1 || degree_mark_at(t, scan_blanks(t, p, 1)))
			return 0;
		mark = part_mark(t, scan_blanks(t, p, 1), part, a);
		if (mark > 0)
			p = scan_blanks(t, p, 1) + mark;
		else if (scan_word(t, p) && axis_follows(t, p) == 0)
			return 0;
		if (number.value >= PART_MAX)
			return -1;
		a->deg += number.value / (part == 2 ? 60 : 3600);
		a->unit_deg = 1 / (part == 2 ? 60.0 : 3600.0) / pow(10, number.decimals);
		a->groups = part;
		*at = p;
		after_mark = mark > 0;
		if (number.decimals > 0)
			break;
	}
	return 0;
}

static void
sign_parse(const struct scan *t, size_t *at, struct angle *a)
{
	size_t	 n = scan_any(t, *at, minus_signs);

	if (n > 0 && scan_digit(t, *at + n)) {
		a->minus = true;
		a->free_minus = *at == 0 || scan_one_of(t, *at - 1, " \t\r\n,;:=(/");
		*at += n;
	} else if (scan_one_of(t, *at, "+") && scan_digit(t, *at + 1))
		++*at;
}

static int
two_digits(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* "1421N", "142130N", "00336W", "0033615W". 0 or -1. */
static int
packed_parse(const struct scan *t, size_t at, struct angle *a)
{
	size_t	 n = scan_digits(t, at, 8), whole = 2 + n % 2, letter;

	if (n < 4 || n > 7 || (letter = axis_parse(t, at + n, &a->axis)) != 1)
		return -1;
	if ((a->axis == 'N' || a->axis == 'S') != (n % 2 == 0))
		return -1;
	a->deg = whole == 3 ? (t->s[at] - '0') * 100 + two_digits(t->s + at + 1) : two_digits(t->s + at);
	for (size_t p = whole, worth = 60; p < n; p += 2, worth *= 60) {
		int	 part = two_digits(t->s + at + p);

		if (part >= PART_MAX)
			return -1;
		a->deg += part / (double)worth;
		a->unit_deg = 1 / (double)worth;
	}
	a->groups = n >= 6 ? 3 : 2;
	a->end = at + n + letter;
	return 0;
}

/* A number that stands right before, as in a row of numbers, makes it doubtful where the degrees begin. */
static bool
in_a_row(const struct scan *t, size_t at)
{
	return at >= 2 && t->s[at - 1] == ' ' && scan_digit(t, at - 2);
}

/* The number with its marks, from its first digit. 0 or -1; a->end behind it. */
static int
value_parse(const struct scan *t, size_t at, bool apart, struct angle *a)
{
	struct scan_number number;
	size_t	 p, n;

	if (scan_number(t, &at, 3, &number) == -1)
		return -1;
	if (scan_one_of(t, at, ".,") && scan_digit(t, at + 1))
		return -1;		/* a date or an address, not an angle */
	a->deg = number.value;
	a->decimals = number.decimals;
	a->comma = number.comma;
	a->groups = 1;
	a->unit_deg = 1 / pow(10, a->decimals);
	p = scan_blanks(t, at, 1);
	if ((n = scan_any(t, p, degree_signs)) > 0)
		a->marked = true;
	else if ((n = word_mark(t, p, degree_words)) > 0 && !scan_digit(t, scan_blanks(t, p + n, 1)) &&
	    axis_follows(t, p + n) == 0)
		n = 0;
	if (n > 0)
		at = p + n;
	if (a->decimals == 0 && (n > 0 || apart) && parts_parse(t, &at, n > 0, a) == -1)
		return -1;
	a->end = at;
	return 0;
}

/* The side of the world behind the value. */
static void
axis_behind(const struct scan *t, struct angle *a)
{
	size_t	 p = scan_blanks(t, a->end, 1), n = axis_parse(t, p, &a->axis);

	if (n == 0)
		return;
	a->weak_axis = n == 1 && p > a->end && islower((unsigned char)t->s[p]);
	a->end = p + n;
}

/* The next angle may begin right behind one whose letter stood before it: "N14.35W3.61". */
static bool
ends_cleanly(const struct scan *t, const struct angle *a, bool letter_before)
{
	char	 axis;

	if (scan_one_of(t, a->end, "%"))
		return false;
	if (!scan_word(t, a->end))
		return true;
	if (scan_any(t, a->end, minus_signs) > 0)
		return true;
	return letter_before && axis_parse(t, a->end, &axis) > 0;
}

static int
parse(const struct scan *t, size_t at, bool introduced, bool apart, struct angle *a)
{
	size_t	 n;

	memset(a, 0, sizeof(*a));
	if (packed_parse(t, at, a) == 0)
		return ends_cleanly(t, a, false) ? 0 : -1;
	memset(a, 0, sizeof(*a));
	n = axis_parse(t, at, &a->axis);
	if (n > 0) {
		size_t	 p = scan_over(t, at + n, " .:=", 2);

		a->weak_axis = n == 1 && p > at + n && islower((unsigned char)t->s[at]);
		at = p;
	} else if (in_a_row(t, at))
		apart = false;
	sign_parse(t, &at, a);
	if (value_parse(t, at, apart, a) == -1)
		return -1;
	if (n == 0)
		axis_behind(t, a);
	if (!ends_cleanly(t, a, n > 0) || (a->minus && (a->axis == 'N' || a->axis == 'E')))
		return -1;
	/* Nothing says that the second of several bare numbers is minutes. */
	return a->groups > 1 && !a->marked && !introduced && a->axis == 0 ? -1 : 0;
}

int
angle_parse(const struct scan *t, size_t at, bool introduced, struct angle *a)
{
	if (at >= t->len)
		return -1;
	if (parse(t, at, introduced, true, a) == 0)
		return 0;
	return parse(t, at, introduced, false, a);
}

double
angle_signed(const struct angle *a)
{
	return a->minus || a->axis == 'S' || a->axis == 'W' ? -a->deg : a->deg;
}

void
angle_print(double deg, const char *axis, char out[ANGLE_SIZE])
{
	long	 tenths = lround(fabs(deg) * 36000);

	snprintf(out, ANGLE_SIZE, "%ldd%02ld'%02ld.%ld\"%c", tenths / 36000 % 1000, tenths / 600 % 60, tenths / 10 % 60,
	    tenths % 10, axis[deg < 0 && tenths > 0 ? 1 : 0]);
}
