/* Coordinates: reading them out of a text, in the spellings people use, and judging them; writing them. */
#include "logic/coordinates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "logic/angle.h"
#include "logic/grid.h"
#include "logic/maplink.h"
#include "logic/pluscode.h"
#include "logic/utm.h"

#define DEGREE_M	111195.0	/* of latitude, on the sphere */
#define PRECISION_LEAST	10
#define PLUSCODE_M	14		/* the side of a plus code's square */
#define GAP_MAX		6		/* bytes that may lie between two angles */
#define INTRO_GAP_MAX	12		/* and behind a word that announces them */
#define ZERO_DEG	1e-6

/* ---- two angles ---- */

enum axis_kind { AXIS_ANY, AXIS_LAT, AXIS_LON };

static const char *const lat_words[] = { "latitude", "lat", "lat.", NULL };
static const char *const lon_words[] = { "longitude", "long", "lon", "lng", "long.", "lon.", NULL };
static const char *const gps_words[] = { "gps", "coordonnees", "coordonn\303\251es", "coordinates", "coords", "coord", "geo",
    "latlon", "latlong", "lat/lon", "lat/long", "lat,lon", "lat lon", "lat long", NULL };
static const char *const and_words[] = { "et", "and", "by", "x", NULL };

static size_t
kind_word(const struct scan *t, size_t at, enum axis_kind *kind)
{
	size_t	 lat = scan_any_word(t, at, lat_words), lon = scan_any_word(t, at, lon_words);

	*kind = lat > 0 ? AXIS_LAT : lon > 0 ? AXIS_LON : AXIS_ANY;
	return lat > 0 ? lat : lon;
}

/* A word that announces coordinates, and what follows it up to them. */
static size_t
intro_parse(const struct scan *t, size_t at, enum axis_kind *kind)
{
	size_t	 n = scan_any_word(t, at, gps_words), m;

	*kind = AXIS_ANY;
	if (n == 0)
		n = kind_word(t, at, kind);
	else if ((m = kind_word(t, scan_over(t, at + n, " :=.\t\r\n", INTRO_GAP_MAX), kind)) > 0)
		n = scan_over(t, at + n, " :=.\t\r\n", INTRO_GAP_MAX) + m - at;
	return n == 0 ? 0 : scan_over(t, at + n, " :=.(\t\r\n", INTRO_GAP_MAX) - at;
}

/* What stands between the two angles: a few blanks, one comma or the like, perhaps a word for longitude. */
static size_t
gap_parse(const struct scan *t, const struct angle *first, enum axis_kind *kind)
{
	size_t	 at = scan_over(t, first->end, " \t\r\n,;/|&.", GAP_MAX), n;

	if (first->axis != 0 && scan_one_of(t, at, "-"))	/* no sign: the letter behind the second says the side */
		at = scan_blanks(t, at + 1, 1);
	*kind = AXIS_ANY;
	if ((n = scan_any_word(t, at, and_words)) == 0 && (n = kind_word(t, at, kind)) == 0)
		return at;
	return scan_over(t, at + n, " \t\r\n:=,", INTRO_GAP_MAX);
}

/* Bare numbers before these count something. */
static bool
unit_follows(const struct scan *t, size_t at)
{
	static const char *const units[] = { "km", "m", "kg", "g", "t", "tonnes", "l", "litres", "f", "cfa", "fcfa", "francs",
	    "franc", "euro", "euros", "eur", "usd", "dollars", "h", "heures", "ans", "sacs", "ha", "mm", "cm", NULL };
	size_t	 p = scan_blanks(t, at, 1), n = scan_any_word(t, p, units);

	return n > 0 || scan_one_of(t, p, "%$");
}

/* CFA prices end in 0 or 5: "1.250 3.400" are two of them, with points between thousands. */
static bool
like_price(const struct angle *a)
{
	return a->comma || a->decimals != 3 || lround(a->deg * 1000) % 5 == 0;
}

static bool
angle_fine(const struct angle *a)
{
	return a->decimals > 0 || a->groups > 1 || a->marked;
}

/* Prices, scores and sizes come in pairs too; see the header for what tells coordinates from them. */
static bool
pair_credible(const struct scan *t, const struct angle *a, const struct angle *b, bool introduced)
{
	bool	 two = a->decimals >= 2 && b->decimals >= 2;

	if (introduced)
		return true;
	if (a->axis != 0 && b->axis != 0) {
		if (a->weak_axis || b->weak_axis)
			return (two || (a->groups > 1 && b->groups > 1));
		return angle_fine(a) && angle_fine(b);
	}
	if (a->marked && b->marked)		/* "38 et 40 degres" of fever have no minutes */
		return (a->groups > 1 && b->groups > 1) || two;
	if (a->groups > 1 || b->groups > 1 || unit_follows(t, b->end))
		return false;
	if (two && (a->free_minus || b->free_minus))
		return true;
	return (a->decimals >= 4 && b->decimals >= 4) || (!like_price(a) && !like_price(b));
}

static enum axis_kind
angle_kind(const struct angle *a, enum axis_kind named)
{
	if (a->axis == 0)
		return named;
	return a->axis == 'E' || a->axis == 'W' ? AXIS_LON : AXIS_LAT;
}

static const char *
pair_method(const struct angle *a, const struct angle *b)
{
	static const char *const names[] = { "decimal", "dm", "dms" };

	return names[(a->groups > b->groups ? a->groups : b->groups) - 1];
}

static bool
pair_place(const struct angle *first, enum axis_kind first_kind, const struct angle *second, enum axis_kind second_kind,
    struct coordinates *c)
{
	bool	 lon_first;
	double	 unit = fmax(first->unit_deg, second->unit_deg) * DEGREE_M;

	if (((first->axis != 0) != (second->axis != 0) && (first_kind == AXIS_ANY || second_kind == AXIS_ANY)) ||
	    (first_kind != AXIS_ANY && first_kind == second_kind))
		return false;
	lon_first = first_kind == AXIS_LON || second_kind == AXIS_LAT;
	memset(c, 0, sizeof(*c));
	c->lat_deg = angle_signed(lon_first ? second : first);
	c->lon_deg = angle_signed(lon_first ? first : second);
	c->precision_m = (uint32_t)lround(unit);
	c->method = pair_method(first, second);
	return true;
}

static bool
pair_find(const struct scan *t, size_t at, struct coordinates *c)
{
	struct angle first, second;
	enum axis_kind first_kind, second_kind;
	size_t	 intro = intro_parse(t, at, &first_kind), second_at;

	if (angle_parse(t, at + intro, intro > 0, &first) == -1)
		return false;
	second_at = gap_parse(t, &first, &second_kind);
	if (angle_parse(t, second_at, intro > 0, &second) == -1 || (second_at == first.end && first.axis == 0))
		return false;
	if (!pair_credible(t, &first, &second, intro > 0) ||
	    !pair_place(&first, angle_kind(&first, first_kind), &second, angle_kind(&second, second_kind), c))
		return false;
	c->start = at;
	c->end = second.end;
	return true;
}

/* ---- the whole text ---- */

static bool
pluscode_here(const struct scan *t, size_t at, struct coordinates *c)
{
	struct pluscode code;

	if (!pluscode_at(t->s, t->len, at, &code) || code.missing > 0)
		return false;
	memset(c, 0, sizeof(*c));
	pluscode_resolve(&code, 0, 0, &c->lat_deg, &c->lon_deg);
	c->precision_m = PLUSCODE_M;
	c->method = "pluscode";
	c->start = code.start;
	c->end = code.end;
	return true;
}

/* Neither in the middle of a word or number, nor behind a sign that was part of what was just refused. */
static bool
may_start(const struct scan *t, size_t at)
{
	if (!scan_word(t, at) && !scan_one_of(t, at, "-+/"))
		return false;
	if (at == 0)
		return true;
	if (scan_word(t, at - 1) || scan_one_of(t, at - 1, "-+"))
		return false;
	return !scan_one_of(t, at - 1, ".,:/") || at < 2 || !scan_digit(t, at - 2) || !scan_digit(t, at);
}

/* What begins here: 1, 0: nothing, -1: a link without a place, c->end behind it. */
static int
find_at(const struct scan *t, size_t at, struct coordinates *c)
{
	if (scan_letter(t, at) || scan_one_of(t, at, "/")) {
		enum maplink found = maplink_find(t, at, c);

		if (found != MAPLINK_NONE)
			return found == MAPLINK_FOUND ? 1 : -1;
	}
	return pluscode_here(t, at, c) || grid_find(t, at, c) || pair_find(t, at, c) ? 1 : 0;
}

static bool
on_ground(const struct coordinates_ground *ground, double lat_deg, double lon_deg)
{
	return fabs(lat_deg) <= 90 && fabs(lon_deg) <= 180 && ground->holds(ground->arg, lat_deg, lon_deg);
}

/* What a writer who did not mean this place may have meant. */
static void
judge_elsewhere(const struct coordinates_ground *ground, struct coordinates *c)
{
	const struct { double lat, lon; enum coordinates_fault fault; } meant[] = {
		{ c->lat_deg, -c->lon_deg, COORDINATES_UNSIGNED },
		{ c->lon_deg, c->lat_deg, COORDINATES_SWAPPED },
		{ copysign(c->lon_deg, c->lat_deg), copysign(c->lat_deg, c->lon_deg), COORDINATES_SWAPPED },	/* letters stay */
		{ c->lon_deg, -c->lat_deg, COORDINATES_SWAPPED },
	};
	bool	 grid = strcmp(c->method, "mgrs") == 0 || strcmp(c->method, "utm") == 0 || strcmp(c->method, "pluscode") == 0;

	for (size_t i = 0; !grid && i < sizeof(meant) / sizeof(meant[0]); i++) {
		if (!on_ground(ground, meant[i].lat, meant[i].lon))
			continue;
		c->other_lat_deg = meant[i].lat;
		c->other_lon_deg = meant[i].lon;
		c->fault = meant[i].fault;
		return;
	}
	if (c->fault == COORDINATES_FINE)
		c->fault = COORDINATES_OUTSIDE;
}

static void
judge(const struct coordinates_ground *ground, struct coordinates *c)
{
	if (c->precision_m < PRECISION_LEAST)
		c->precision_m = PRECISION_LEAST;
	if (c->fault != COORDINATES_FINE)
		return;
	if (fabs(c->lat_deg) < ZERO_DEG && fabs(c->lon_deg) < ZERO_DEG) {
		c->fault = COORDINATES_ZERO;
		return;
	}
	if (fabs(c->lat_deg) > 90 || fabs(c->lon_deg) > 180)
		c->fault = COORDINATES_IMPOSSIBLE;
	if (ground != NULL && (c->fault != COORDINATES_FINE || !on_ground(ground, c->lat_deg, c->lon_deg)))
		judge_elsewhere(ground, c);
}

bool
coordinates_judge(const char *utf8, size_t len, const struct coordinates_ground *ground, struct coordinates *c)
{
	struct scan t = { utf8, len };
	bool	 faulty = false;

	for (size_t at = 0; at < len; at++) {
		struct coordinates now;
		int	 found = may_start(&t, at) ? find_at(&t, at, &now) : 0;

		if (found == 0)
			continue;
		at = now.end - 1;
		if (found == -1)
			continue;
		judge(ground, &now);
		if (now.fault == COORDINATES_FINE || !faulty)
			*c = now;
		if (now.fault == COORDINATES_FINE)
			return true;
		faulty = true;
	}
	return faulty;
}

bool
coordinates_find(const char *utf8, size_t len, struct coordinates *c)
{
	return coordinates_judge(utf8, len, NULL, c) && c->fault == COORDINATES_FINE;
}

const char *
coordinates_fault_text(enum coordinates_fault fault)
{
	static const char *const text[] = {
		[COORDINATES_FINE] = "",
		[COORDINATES_SWAPPED] = "latitude and longitude swapped?",
		[COORDINATES_UNSIGNED] = "east or west?",
		[COORDINATES_OUTSIDE] = "outside our countries",
		[COORDINATES_ZERO] = "0,0 is no position",
		[COORDINATES_IMPOSSIBLE] = "impossible",
		[COORDINATES_UNRESOLVED] = "a short link cannot be read offline",
	};

	return text[fault];
}

bool
coordinates_in_box(const void *box, double lat_deg, double lon_deg)
{
	const struct coordinates_box *b = box;

	if (lat_deg < b->south || lat_deg > b->north)
		return false;
	if (b->west <= b->east)
		return lon_deg >= b->west && lon_deg <= b->east;
	return lon_deg >= b->west || lon_deg <= b->east;
}

/* ---- writing ---- */

static int
print_dms(double lat_deg, double lon_deg, char out[COORDINATES_SIZE])
{
	char	 lat[ANGLE_SIZE], lon[ANGLE_SIZE];

	angle_print(lat_deg, "NS", lat);
	angle_print(lon_deg, "EW", lon);
	return snprintf(out, COORDINATES_SIZE, "%s %s", lat, lon) < COORDINATES_SIZE ? 0 : -1;
}

int
coordinates_print(enum coordinates_form form, double lat_deg, double lon_deg, char out[COORDINATES_SIZE])
{
	/* No "-0.00000". */
	double	 lat = fabs(lat_deg) < 5e-6 ? 0 : lat_deg, lon = fabs(lon_deg) < 5e-6 ? 0 : lon_deg;

	if (!(fabs(lat_deg) <= 90) || !(fabs(lon_deg) <= 180))
		return -1;
	switch (form) {
	case COORDINATES_DECIMAL:
		return snprintf(out, COORDINATES_SIZE, "%.5f, %.5f", lat, lon) > 0 ? 0 : -1;
	case COORDINATES_DMS:
		return print_dms(lat_deg, lon_deg, out);
	case COORDINATES_UTM:
		return utm_print(lat_deg, lon_deg, out);
	case COORDINATES_MGRS:
		return mgrs_from_degrees(lat_deg, lon_deg, 5, out);
	case COORDINATES_PLUSCODE:
		return pluscode_print(lat_deg, lon_deg, out);
	case COORDINATES_GEO:
		return snprintf(out, COORDINATES_SIZE, "geo:%.5f,%.5f", lat, lon) > 0 ? 0 : -1;
	}
	return -1;
}
