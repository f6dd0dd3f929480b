/* Checks a place, and writes it as a line of the gazetteer's form. */
#include "logic/placerow.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "logic/normalize.h"

#define MARGIN_DEG	0.5	/* borders are drawn roughly, and places on them are claimed twice */
#define NULL_ISLAND_DEG	0.01
#define ALIASES_MAX	40	/* of one place */
#define SHOWN_MAX	200	/* bytes of a line in a warning */
#define ROOM_FOR_ERRORS	8	/* diags that refused lines leave free: the error behind them must be told */

/* ---- where countries are ---- */

/* The box around each country that may be imported here, degrees; from Natural Earth's 1:10m borders, rounded outwards. */
static const struct {
	char	 code[3], calling[5];
	double	 south, north, west, east;
} boxes[] = {
	{ "ML", "+223", 10.1, 25.1, -12.3, 4.3 }, { "BF", "+226", 9.3, 15.1, -5.6, 2.5 }, { "NE", "+227", 11.6, 23.6, 0.1, 16.0 },
	{ "MR", "+222", 14.7, 27.4, -17.1, -4.8 }, { "DZ", "+213", 18.9, 37.2, -8.8, 12.0 }, { "SN", "+221", 12.3, 16.8, -17.6, -11.3 },
	{ "GN", "+224", 7.1, 12.7, -15.1, -7.6 }, { "CI", "+225", 4.3, 10.8, -8.7, -2.4 }, { "GH", "+233", 4.7, 11.2, -3.3, 1.3 },
	{ "TG", "+228", 6.0, 11.2, -0.2, 1.9 }, { "BJ", "+229", 6.1, 12.5, 0.7, 3.9 }, { "NG", "+234", 4.2, 14.0, 2.6, 14.8 },
	{ "TD", "+235", 7.4, 23.5, 13.4, 24.1 }, { "CM", "+237", 1.6, 13.1, 8.4, 16.3 }, { "CF", "+236", 2.2, 11.1, 14.4, 27.5 },
	{ "SS", "+211", 3.4, 12.3, 23.4, 36.0 }, { "SD", "+249", 8.6, 22.3, 21.8, 38.7 }, { "CD", "+243", -13.5, 5.4, 12.1, 31.4 },
};

bool
placerow_inside(const char *country, double lat_deg, double lon_deg)
{
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (strcmp(boxes[i].code, country) == 0)
			return lat_deg > boxes[i].south - MARGIN_DEG && lat_deg < boxes[i].north + MARGIN_DEG &&
			    lon_deg > boxes[i].west - MARGIN_DEG && lon_deg < boxes[i].east + MARGIN_DEG;
	return true;
}

const char *
placerow_country(const char *calling_code)
{
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (strcmp(boxes[i].calling, calling_code) == 0)
			return boxes[i].code;
	return "";
}

/* In one of "ML,BF"? A list that is empty has everything inside. */
static bool
inside_any(const char *countries, double lat_deg, double lon_deg)
{
	bool any = *countries == '\0';

	for (const char *p = countries; *p != '\0' && !any; p += p[2] == ',' ? 3 : strlen(p)) {
		const char code[3] = { p[0], p[1], '\0' };

		any = placerow_inside(code, lat_deg, lon_deg);
	}
	return any;
}

static bool
listed(const char *countries, const char *code)
{
	for (const char *p = countries; *p != '\0'; p += p[2] == ',' ? 3 : strlen(p))
		if (strncmp(p, code, 2) == 0)
			return true;
	return *countries == '\0';
}

/* ---- what a place is ---- */

/* What people write where GeoNames has a code. */
static const struct {
	const char *word, *code;
} kinds[] = {
	{ "village", "PPL" }, { "hameau", "PPL" }, { "ville", "PPL" }, { "town", "PPL" }, { "city", "PPL" },
	{ "hamlet", "PPL" }, { "quartier", "PPLX" }, { "quarter", "PPLX" }, { "capitale", "PPLC" },
	{ "cercle", "ADM2" }, { "region", "ADM1" }, { "commune", "ADM3" }, { "campement", "CMP" }, { "camp", "CMP" },
	{ "lieu-dit", "LCTY" }, { "localite", "LCTY" }, { "locality", "LCTY" }, { "puits", "WLL" }, { "well", "WLL" },
	{ "mare", "PND" }, { "pond", "PND" }, { "lac", "LK" }, { "colline", "HLL" }, { "marche", "PPL" },
};

static struct span
trim(struct span s)
{
	while (s.n > 0 && isspace((unsigned char)s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	return s;
}

/* A code of GeoNames as it is ("PPLA2"), the code of a word, or NULL. */
static const char *
kind_code(struct span s, char code[8])
{
	char folded[40];

	if (s.n == 0)
		return "PPL";
	if (s.n < 8 && isupper((unsigned char)s.p[0])) {
		size_t i = 1;

		while (i < s.n && (isupper((unsigned char)s.p[i]) || isdigit((unsigned char)s.p[i])))
			i++;
		if (i == s.n && i >= 2) {
			memcpy(code, s.p, s.n);
			code[s.n] = '\0';
			return code;
		}
	}
	if (s.n > 12 || normalize_fold(s.p, s.n, folded, sizeof(folded)) <= 0)
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, folded) == 0)
			return kinds[i].code;
	return NULL;
}

/* ---- cleaning ---- */

/* Plain decimal degrees only: strtod() alone would take "nan", "0x1p3" and "1e3" too. */
static int
read_degrees(struct span s, double *out)
{
	char text[32], *end;

	if (s.n == 0 || s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (strspn(text, "0123456789.+-") != s.n)
		return -1;
	*out = strtod(text, &end);
	return *end == '\0' && fabs(*out) <= 360 ? 0 : -1;
}

/* Text that may stand in a line of ours: no control bytes, UTF-8. */
static bool
is_clean(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return false;
	return s.n == 0 || utf8_valid(s.p, s.n);
}

/* Something a person could write in a message: at least one letter or digit after folding. */
static bool
has_letters(struct span s)
{
	char folded[PLACEROW_NAME_MAX * 4 + 1];
	int n = normalize_fold(s.p, s.n, folded, sizeof(folded));

	for (int i = 0; i < n; i++)
		if (isalnum((unsigned char)folded[i]) || (unsigned char)folded[i] >= 0x80)
			return true;
	return false;
}

/* Latin, Arabic, N'Ko, Tifinagh, Adlam: what people here write. The dumps carry every other script for capitals. */
static bool
script_of_the_region(struct span s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		uint32_t cp;

		utf8_next(&p, end, &cp);
		if (!(cp < 0x370 || (cp >= 0x600 && cp < 0x800) || (cp >= 0x1E00 && cp < 0x2E00) ||
		    (cp >= 0xFB50 && cp < 0xFF00) || (cp >= 0x1E900 && cp < 0x1E960)))
			return false;
	}
	return true;
}

static bool
is_airport(struct span s)
{
	return s.n == 3 && isupper((unsigned char)s.p[0]) && isupper((unsigned char)s.p[1]) &&
	    isupper((unsigned char)s.p[2]);
}

static bool
alias_wanted(struct span alias, struct span name)
{
	if (alias.n > PLACEROW_NAME_MAX || !is_clean(alias) || is_airport(alias) || !script_of_the_region(alias) ||
	    memmem(alias.p, alias.n, "://", 3) != NULL || alias.p[0] == '#')
		return false;
	return !(alias.n == name.n && memcmp(alias.p, name.p, name.n) == 0) && has_letters(alias);
}

static void
write_aliases(struct place_sink *sink, struct span list, struct span name)
{
	size_t kept = 0;

	for (size_t at = 0; at < list.n;) {
		size_t len = 0;
		struct span alias;

		while (at + len < list.n && strchr(",;|", list.p[at + len]) == NULL)
			len++;
		alias = trim((struct span){ list.p + at, len });
		at += len + 1;
		if (alias.n == 0)
			continue;
		if (kept == ALIASES_MAX || !alias_wanted(alias, name)) {
			sink->report.aliases_dropped++;
			continue;
		}
		if (kept++ > 0)
			buf_addc(sink->out, ',');
		buf_add(sink->out, alias.p, alias.n);
		sink->report.aliases++;
	}
}

/* A column that is only carried along: what cannot stand in a line is left out. */
static void
write_plain(struct buf *out, struct span s)
{
	buf_addc(out, '\t');
	if (s.n <= PLACEROW_NAME_MAX && is_clean(s))
		buf_add(out, s.p, s.n);
}

static void
write_number(struct buf *out, struct span s)
{
	size_t n = 0;

	while (n < s.n && n < 9 && isdigit((unsigned char)s.p[n]))
		n++;
	buf_addc(out, '\t');
	buf_add(out, n > 0 ? s.p : "0", n > 0 ? n : 1);
}

/* ---- one row ---- */

/* Why these coordinates are refused; NULL: they are fine. */
static const char *
point_fault(const char *countries, const char *country, double lat_deg, double lon_deg)
{
	const char *where = *country != '\0' ? country : countries;

	if (fabs(lat_deg) < NULL_ISLAND_DEG && fabs(lon_deg) < NULL_ISLAND_DEG)
		return "0,0 is in the sea: the coordinates are missing";
	if (fabs(lat_deg) <= 90 && fabs(lon_deg) <= 180 && inside_any(where, lat_deg, lon_deg))
		return NULL;
	if (*where != '\0' && fabs(lon_deg) <= 90 && fabs(lat_deg) <= 180 && inside_any(where, lon_deg, lat_deg))
		return "lat and lon look swapped";
	if (fabs(lat_deg) > 90 || fabs(lon_deg) > 180)
		return "impossible coordinates: lat is at most 90, lon at most 180";
	return "it lies outside the country";
}

/* The country of the row, or the one expected. Why it is refused; NULL: it is fine. */
static const char *
country_fault(const struct place_sink *sink, struct span s, char country[3])
{
	if (s.n == 0) {
		memcpy(country, strlen(sink->countries) == 2 ? sink->countries : "\0\0", 2);
		country[2] = '\0';
		return NULL;
	}
	if (s.n != 2 || !isalpha((unsigned char)s.p[0]) || !isalpha((unsigned char)s.p[1]))
		return "a country is two letters, like ML";
	country[0] = (char)toupper((unsigned char)s.p[0]);
	country[1] = (char)toupper((unsigned char)s.p[1]);
	country[2] = '\0';
	return listed(sink->countries, country) ? NULL : "another country than expected";
}

static const char *
name_fault(struct span name)
{
	if (name.n == 0)
		return "it has no name";
	if (name.n > PLACEROW_NAME_MAX)
		return "the name is too long";
	if (!is_clean(name))
		return "the name is not clean UTF-8 text";
	return name.p[0] != '#' && has_letters(name) ? NULL : "the name has no letters";
}

void
placerow_header(struct buf *out)
{
	buf_adds(out, "name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\tsource\n");
}

void
placerow_refuse(struct place_sink *sink, int line, struct span text, const char *why)
{
	size_t n = text.n < SHOWN_MAX ? text.n : SHOWN_MAX;

	while (n < text.n && n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
		n--;
	sink->report.refused++;
	if (sink->diags->n >= DIAGS_MAX - ROOM_FOR_ERRORS) {
		sink->diags->warnings++;
		return;
	}
	diag_add(sink->diags, DIAG_WARNING, sink->file, line, 1, text.p, n, "refused: %s", why);
}

bool
placerow_add(struct place_sink *sink, const struct place_row *row, int line, struct span text)
{
	struct span name = trim(row->name);
	char country[3], code[8];
	const char *kind = kind_code(trim(row->kind), code), *why = name_fault(name);
	double lat_deg = 0, lon_deg = 0;

	sink->report.read++;
	if (why == NULL)
		why = country_fault(sink, trim(row->country), country);
	if (why == NULL && (read_degrees(trim(row->lat), &lat_deg) != 0 || read_degrees(trim(row->lon), &lon_deg) != 0))
		why = "lat and lon must be decimal degrees, like 14.35 and -3.61";
	if (why == NULL)
		why = point_fault(sink->countries, country, lat_deg, lon_deg);
	if (why == NULL && kind == NULL)
		why = "unknown kind: a code of GeoNames like PPL, or village, ville, quartier, campement, puits, lieu-dit";
	if (why != NULL) {
		placerow_refuse(sink, line, text, why);
		return false;
	}
	buf_add(sink->out, name.p, name.n);
	buf_addf(sink->out, "\t%.5f\t%.5f\t%s\t%s", lat_deg, lon_deg, kind, country);
	write_plain(sink->out, trim(row->region));
	write_plain(sink->out, trim(row->cercle));
	write_plain(sink->out, trim(row->c3));
	write_number(sink->out, trim(row->population));
	buf_addc(sink->out, '\t');
	write_aliases(sink, row->aliases, name);
	write_plain(sink->out, trim(row->source));
	buf_addc(sink->out, '\n');
	sink->report.kept++;
	return true;
}
