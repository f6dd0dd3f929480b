/* Grid references in a text. */
#include "logic/grid.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "logic/utm.h"

#define DIGITS_MAX	10
#define REFERENCE_LONG	6	/* digits from which a faulty reference is told rather than passed over */
#define BAND_S_LEAST_M	3500000.0
#define BAND_S_MOST_M	4500000.0
#define ROUND_MOST_M	1000	/* zeros at the end are taken as rounding up to this */

static const char *const grid_words[] = { "mgrs", "utm", "grid", "grille", "carroyage", "ref", NULL };

/* Whether a word that announces a grid stands before. */
static bool
announced(const struct scan *t, size_t at)
{
	size_t	 p = at, start;

	while (p > 0 && at - p < 3 && strchr(" :=", t->s[p - 1]) != NULL)
		p--;
	for (start = p; start > 0 && p - start < 10 && scan_letter(t, start - 1); start--)
		;
	return start < p && scan_any(t, start, grid_words) == p - start;
}

static void
place_fault(struct coordinates *c, size_t at, size_t end)
{
	memset(c, 0, sizeof(*c));
	c->method = "mgrs";
	c->fault = COORDINATES_IMPOSSIBLE;
	c->start = at;
	c->end = end;
}

/* ---- MGRS ---- */

struct written {
	char	 compact[MGRS_SIZE + 4];
	size_t	 zone_digits, letters_end;	/* of compact */
	size_t	 n_digits, n_groups;
	bool	 zone_apart, square_apart, digits_apart, capitals, uneven;
	size_t	 end;
};

static size_t
digits_take(const struct scan *t, size_t at, size_t most, char *to)
{
	size_t	 n = scan_digits(t, at, most + 1);

	if (n > most)
		return 0;
	for (size_t i = 0; i < n; i++)
		to[i] = t->s[at + i];
	return n;
}

/* Zone, band and square: "30PVA", "30 P VA", "30P VA". */
static bool
letters_parse(const struct scan *t, size_t at, struct written *w)
{
	size_t	 p = at, q;

	w->zone_digits = digits_take(t, p, 2, w->compact);
	if (w->zone_digits == 0)
		return false;
	p += w->zone_digits;
	q = scan_blanks(t, p, 1);
	w->zone_apart = q > p;
	p = scan_blanks(t, q + 1, 1);
	w->square_apart = p > q + 1;
	if (!scan_letter(t, q) || !scan_letter(t, p) || !scan_letter(t, p + 1))
		return false;
	memcpy(w->compact + w->zone_digits, (char[]){ t->s[q], t->s[p], t->s[p + 1] }, 3);
	w->letters_end = w->zone_digits + 3;
	w->capitals = isupper((unsigned char)t->s[q]) && isupper((unsigned char)t->s[p]) && isupper((unsigned char)t->s[p + 1]);
	w->end = p + 2;
	return true;
}

/* One group of digits, or two that a blank parts. */
static bool
digits_parse(const struct scan *t, struct written *w)
{
	size_t	 p = scan_blanks(t, w->end, 1), q, more;
	char	*to = w->compact + w->letters_end;

	w->digits_apart = p > w->end;
	w->n_digits = digits_take(t, p, DIGITS_MAX, to);
	if (w->n_digits == 0)
		return false;
	w->n_groups = 1;
	p += w->n_digits;
	w->end = p;
	q = scan_blanks(t, p, 1);
	more = q > p ? scan_digits(t, q, DIGITS_MAX) : 0;
	if (more == w->n_digits && more <= DIGITS_MAX / 2 && !scan_word(t, q + more)) {
		digits_take(t, q, DIGITS_MAX / 2, to + w->n_digits);
		w->n_digits += more;
		w->n_groups = 2;
		w->end = q + more;
	} else if (w->n_digits >= 2 && w->n_digits <= 5 && more >= 2 && (more == w->n_digits + 1 || more + 1 == w->n_digits))
		w->uneven = true;
	return !scan_word(t, w->end);
}

/* "10 sep 2023" has the shape of a reference. */
static bool
looks_like_date(const struct written *w)
{
	static const char *const months[] = { "jan", "fev", "feb", "mar", "avr", "apr", "mai", "may", "jun", "jul",
	    "aou", "aug", "sep", "oct", "nov", "dec", NULL };
	struct scan letters = { w->compact + w->zone_digits, 3 };

	return w->n_digits <= 4 && scan_any(&letters, 0, months) > 0;
}

/* "38 F kg 72 33": a price, a weight and numbers. Two letters that stand apart and are a unit are no square. */
static bool
looks_like_unit(const struct written *w)
{
	static const char *const units[] = { "kg", "km", "mm", "cm", "ml", "ha", "kw", "mn", NULL };
	struct scan letters = { w->compact + w->zone_digits + 1, 2 };

	return w->square_apart && w->digits_apart && scan_any(&letters, 0, units) > 0;
}

/* "10 sac 1200" has it too: what is short must look more like one. */
static bool
reference_credible(const struct written *w, bool was_announced)
{
	const char *digits = w->compact + w->letters_end;

	if (was_announced)
		return true;
	if (looks_like_date(w) || looks_like_unit(w))
		return false;
	if (w->zone_apart && !w->square_apart)
		return w->n_digits >= REFERENCE_LONG && (w->n_groups == 2 || w->capitals);
	if (w->zone_apart)
		return w->n_digits >= 4;
	if (w->n_digits <= 3)
		return w->capitals && (!w->digits_apart || w->n_groups == 2);
	if (w->n_digits == 4 && w->n_groups == 1 && !w->capitals)
		return memcmp(digits, "19", 2) != 0 && memcmp(digits, "20", 2) != 0;
	return true;
}

static bool
reference_find(const struct scan *t, size_t at, struct coordinates *c)
{
	struct written w = { .end = 0 };
	bool	 was_announced = announced(t, at);

	if (!letters_parse(t, at, &w) || !digits_parse(t, &w) || !reference_credible(&w, was_announced))
		return false;
	memset(c, 0, sizeof(*c));
	if (!w.uneven && w.n_digits % 2 == 0 &&
	    mgrs_to_degrees(w.compact, w.letters_end + w.n_digits, &c->lat_deg, &c->lon_deg, &c->precision_m) == 0) {
		c->method = "mgrs";
		c->start = at;
		c->end = w.end;
		return true;
	}
	if (!was_announced && (w.zone_apart || !w.capitals || w.n_digits + (w.uneven ? 3 : 1) < REFERENCE_LONG))
		return false;
	place_fault(c, at, w.end);
	return true;
}

/* ---- UTM ---- */

static const char *const zone_words[] = { "utm", "zone", "fuseau", "wgs84", NULL };
static const char *const east_words[] = { "easting", "east", "est", "e", "x", NULL };
static const char *const north_words[] = { "northing", "north", "nord", "n", "y", NULL };
static const char *const east_units[] = { "me", "m e", "m est", "m", "e", NULL };
static const char *const north_units[] = { "mn", "m n", "m nord", "m", "n", NULL };

struct utm_written {
	struct utm u;
	char	 letter;		/* 0: none */
	uint32_t unit_m;
	size_t	 end;
};

static bool
zone_words_skip(const struct scan *t, size_t *at)
{
	size_t	 start = *at, n;

	for (int i = 0; i < 3 && (n = scan_any_word(t, *at, zone_words)) > 0; i++)
		*at = scan_over(t, *at + n, " :=,", 3);
	return *at > start;
}

/* The letter of a zone, of its band or hemisphere. */
static size_t
zone_letter(const struct scan *t, size_t at, bool named, char *letter)
{
	static const char *const sides[] = { "nord", "north", "sud", "south", NULL };
	size_t	 p = scan_blanks(t, at, 1), n = scan_any_word(t, p, sides);

	if (n == 0 && scan_letter(t, p) && !scan_letter(t, p + 1) && (named || p == at || isupper((unsigned char)t->s[p])))
		n = 1;
	/* "zone 30 E 442000": the letter is the easting's. */
	if (n == 1 && p > at && strchr("EeXx", t->s[p]) != NULL)
		n = 0;
	if (n == 0)
		return at;
	*letter = (char)toupper((unsigned char)t->s[p]);
	return p + n;
}

static bool
zone_parse(const struct scan *t, size_t *at, bool must_be_named, struct utm_written *w)
{
	size_t	 p = *at, n;
	bool	 named = zone_words_skip(t, &p);

	n = scan_digits(t, p, 3);
	if (n == 0 || n > 2 || (must_be_named && !named))
		return false;
	w->u.zone = n == 2 ? (t->s[p] - '0') * 10 + (t->s[p + 1] - '0') : t->s[p] - '0';
	*at = zone_letter(t, p + n, named, &w->letter);
	return named || w->letter != 0;
}

/* A whole number of metres, perhaps with decimals, between its label and its unit. */
static bool
metres_parse(const struct scan *t, size_t *at, const char *const *labels, const char *const *units, double *value,
    size_t *digits)
{
	size_t	 p = *at, n = scan_any(t, p, labels);
	struct scan_number number;

	if (n > 0)
		p = scan_over(t, p + n, " :=", 2);
	if (scan_number(t, &p, 8, &number) == -1)
		return false;
	*value = number.value;
	*digits = number.whole;
	*at = p;
	p = scan_blanks(t, p, 1);
	n = scan_any_word(t, p, units);
	if (n > 0)
		*at = p + n;
	return !scan_word(t, *at);
}

/* What the zeros at the end of both say about rounding. */
static uint32_t
rounding_m(double east_m, double north_m)
{
	uint32_t unit = 1;

	while (unit < ROUND_MOST_M && fmod(east_m, unit * 10.0) == 0 && fmod(north_m, unit * 10.0) == 0)
		unit *= 10;
	return unit;
}

static bool
metres_pair(const struct scan *t, size_t *at, struct utm_written *w)
{
	size_t	 east_digits, north_digits;

	if (!metres_parse(t, at, east_words, east_units, &w->u.east_m, &east_digits))
		return false;
	*at = scan_over(t, *at, " ,;/-\t\r\n", 4);
	if (!metres_parse(t, at, north_words, north_units, &w->u.north_m, &north_digits))
		return false;
	if (east_digits < 6 || east_digits > 7 || north_digits < 6 || north_digits > 8)
		return false;
	w->unit_m = rounding_m(w->u.east_m, w->u.north_m);
	return w->u.east_m >= 100000 && w->u.east_m < 900000 && w->u.north_m <= 10000000;
}

static void
utm_place(struct utm_written *w, struct coordinates *c)
{
	int	 band = w->letter != 0 ? utm_band_index(w->letter) : 0;
	bool	 band_s = w->u.north_m >= BAND_S_LEAST_M && w->u.north_m <= BAND_S_MOST_M;
	bool	 side_only = w->letter == 0 || w->letter == 'N' || (w->letter == 'S' && !band_s);
	double	 low = -80 + 8 * band, high = band == 19 ? 84 : low + 8;

	c->method = "utm";
	c->precision_m = w->unit_m;
	w->u.south = side_only ? w->letter == 'S' : w->letter < 'N';
	if (band < 0 || utm_to_degrees(&w->u, &c->lat_deg, &c->lon_deg) == -1 ||
	    (!side_only && (c->lat_deg < low - 0.01 || c->lat_deg > high + 0.01)))
		c->fault = COORDINATES_IMPOSSIBLE;
}

static bool
utm_find(const struct scan *t, size_t at, struct coordinates *c)
{
	struct utm_written w = { .letter = 0 };
	size_t	 p = at;

	if (zone_parse(t, &p, false, &w)) {
		p = scan_over(t, p, " ,;:/=\t\r\n", 3);
		if (!metres_pair(t, &p, &w))
			return false;
	} else {
		p = at;
		memset(&w, 0, sizeof(w));
		if (scan_any(t, at, east_words) == 0 || !metres_pair(t, &p, &w))
			return false;
		p = scan_over(t, p, " ,;:/(\t\r\n", 3);
		if (!zone_parse(t, &p, true, &w) || scan_word(t, p))
			return false;
	}
	memset(c, 0, sizeof(*c));
	c->start = at;
	c->end = p;
	utm_place(&w, c);
	return true;
}

bool
grid_find(const struct scan *t, size_t at, struct coordinates *c)
{
	return reference_find(t, at, c) || utm_find(t, at, c);
}
