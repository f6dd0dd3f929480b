/* Reads place names from tab-separated text and finds them again by their folded form. */
#include "logic/gazetteer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "logic/coordinates.h"
#include "logic/likeness.h"
#include "logic/normalize.h"

#define COLUMNS_MAX	32
#define ALIASES_MAX	64			/* of one row */
#define KEY_SIZE	(PLACE_NAME_SIZE * 2)	/* a folded name: œ and ŋ grow */
#define WORDS_MAX	10
#define POOL_MAX	((size_t)256 << 20)
#define STRINGS_MAX	((size_t)512 << 20)
#define INTERN_SLOTS	4096
#define BEGINNING_BITS	16
#define CAPITAL_REACH_M	15000.0		/* Bamako, Ouagadougou and Niamey are districts of their own, and no wider */

/* One way to write a place: which row it leads to, and where its folded text stands in the pool. */
struct entry {
	uint32_t hash, row, text;
};

struct gazetteer {
	struct gazetteer_row *rows;
	size_t	 n_rows, cap_rows;
	struct entry *entries;		/* by hash, then rank, population, row */
	size_t	 n_entries, cap_entries;
	uint32_t *directory;		/* first entry for each value of the hash's top bits, and one past the end */
	unsigned bits;
	uint8_t	 beginnings[(1u << BEGINNING_BITS) / 8];	/* a Bloom filter: what names of several words begin with */
	uint32_t *seats;
	size_t	 n_seats;
	size_t	 longest;
	struct arena strings;
	struct buf pool;		/* folded names, each with its NUL */
	struct likeness *likeness;	/* of the names that people live at or go to */
	uint32_t *names;		/* for it: each name once, as it stands in the pool */
};

/* ---- kinds ---- */

/* The first row whose code begins the kind holds; so longer codes come first. */
static const struct kind_row {
	const char *code;
	uint8_t	 rank;
	uint32_t radius_m;
} kinds[] = {
	{ "PPLC", RANK_CAPITAL, 10000 }, { "PPLA2", RANK_CERCLE_SEAT, 3000 }, { "PPLA3", RANK_COMMUNE_SEAT, 2500 },
	{ "PPLA4", RANK_COMMUNE_SEAT, 2500 }, { "PPLA5", RANK_COMMUNE_SEAT, 2500 },
	{ "PPLA", RANK_REGION_SEAT, 5000 }, { "PPLX", RANK_QUARTER, 2000 }, { "PPLQ", RANK_QUARTER, 2000 },
	{ "PPLW", RANK_QUARTER, 2000 }, { "PPLH", RANK_QUARTER, 2000 }, { "PPL", RANK_VILLAGE, 2000 },
	{ "STLMT", RANK_VILLAGE, 2000 }, { "ADM1", RANK_AREA, 100000 }, { "ADM2", RANK_AREA, 40000 },
	{ "ADM3", RANK_AREA, 15000 }, { "ADM", RANK_AREA, 15000 }, { "CMP", RANK_CAMP, 2000 },
	{ "LCTY", RANK_LOCALITY, 3000 }, { "AREA", RANK_LOCALITY, 10000 }, { "RGN", RANK_LOCALITY, 30000 },
	{ "WLL", RANK_WATER, 2000 }, { "WTRH", RANK_WATER, 2000 }, { "SPNG", RANK_WATER, 2000 },
	{ "OAS", RANK_WATER, 3000 }, { "FRST", RANK_OTHER, 20000 }, { "RESF", RANK_OTHER, 20000 },
	{ "STM", RANK_TERRAIN, 15000 }, { "WAD", RANK_TERRAIN, 15000 }, { "LK", RANK_TERRAIN, 10000 },
	{ "PND", RANK_TERRAIN, 5000 }, { "MRSH", RANK_TERRAIN, 5000 }, { "CHN", RANK_TERRAIN, 10000 },
	{ "HLL", RANK_TERRAIN, 3000 }, { "MT", RANK_TERRAIN, 5000 }, { "DUNE", RANK_TERRAIN, 5000 },
	{ "PK", RANK_TERRAIN, 3000 }, { "RDGE", RANK_TERRAIN, 5000 }, { "PLN", RANK_TERRAIN, 20000 },
	{ "VAL", RANK_TERRAIN, 10000 }, { "DPR", RANK_TERRAIN, 5000 }, { "ISL", RANK_TERRAIN, 3000 },
	{ "", RANK_OTHER, 5000 },
};

static const struct kind_row *
kind_of(const char *kind)
{
	size_t	 i = 0;

	while (strncmp(kind, kinds[i].code, strlen(kinds[i].code)) != 0)
		i++;		/* the last code is empty and begins everything */
	return &kinds[i];
}

/* ---- comparing names ---- */

/* Folded text only: capitals do not occur. */
static bool
is_separator(char c)
{
	unsigned char u = (unsigned char)c;

	return u < 0x80 && u != '\0' && !(u >= 'a' && u <= 'z') && !(u >= '0' && u <= '9');
}

/* FNV-1a over the letters, so that a longer name goes on where its beginning ended. */
#define HASH_START	2166136261u

static uint32_t
hash_more(uint32_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_separator(s[i]))
			h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

/* The top bits choose the bucket; FNV leaves them uneven. */
static uint32_t
hash_end(uint32_t h)
{
	h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
	return h ^ (h >> 13);
}

static uint32_t
hash_name(const char *s, size_t len)
{
	return hash_end(hash_more(HASH_START, s, len));
}

/* "I-n-Ekar", "Ti-n-Essako", "N'Tillit", "El Oualadji": people join and part these as they like. */
static bool
is_particle(const char *s, size_t len)
{
	static const char *const particles[] = { "i", "n", "in", "m", "ti", "tin", "el" };

	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++)
		if (len == strlen(particles[i]) && memcmp(s, particles[i], len) == 0)
			return true;
	return false;
}

/* The same letters, and no space or apostrophe ("b'a", "l'ai") inside what the name writes as one word; see gazetteer_find(). */
static bool
names_meet(const char *name, const char *q, size_t len)
{
	size_t	 i = 0, piece = 0;

	for (;;) {
		size_t	 end = i;
		bool	 space = false, parted = false;

		for (; i < len && is_separator(q[i]); i++)
			space |= q[i] != '-';
		for (; is_separator(*name); name++)
			parted = true;
		if (i == len || *name == '\0')
			return i == len && *name == '\0';
		if (space && !parted && !is_particle(q + piece, end - piece))
			return false;
		if (i > end)
			piece = i;
		if (*name++ != q[i++])
			return false;
	}
}

/* Only what can stand inside one name; a comma or a full stop parts two. */
static bool
may_be_name(const char *s, size_t len)
{
	if (len == 0 || len >= KEY_SIZE)
		return false;
	for (size_t i = 0; i < len; i++)
		if (s[i] == '\0' || (is_separator(s[i]) && strchr(" -'", s[i]) == NULL))
			return false;
	return true;
}

static size_t
lookup(const struct gazetteer *g, uint32_t hash, const char *folded, size_t len, uint32_t *out, size_t max)
{
	uint32_t last = UINT32_MAX;
	size_t	 found = 0;

	for (size_t i = g->directory[hash >> (32 - g->bits)]; i < g->n_entries && g->entries[i].hash <= hash; i++) {
		const struct entry *e = &g->entries[i];

		if (e->hash != hash || e->row == last || !names_meet(g->pool.p + e->text, folded, len))
			continue;
		last = e->row;		/* two spellings of one row stand side by side */
		if (found < max)
			out[found] = e->row;
		found++;
	}
	return found;
}

size_t
gazetteer_find(const struct gazetteer *g, const char *folded, size_t len, uint32_t *out, size_t max)
{
	return may_be_name(folded, len) ? lookup(g, hash_name(folded, len), folded, len, out, max) : 0;
}

/* ---- names that are like what was written ---- */

#define HITS_MAX	64

/* Less is more like it: the same sound and at most one letter, only the sound, only one letter, two letters. */
static unsigned
unlikeness(const struct likeness_hit *h)
{
	if (h->typos == 0)
		return 0;
	if (h->sounds)
		return h->typos == 1 ? 1 : 2;
	return h->typos == 1 ? 3 : 4;
}

static void
add_like(const struct gazetteer *g, const struct likeness_hit *h, uint32_t row, struct gazetteer_like *out, size_t *n,
    size_t max)
{
	struct gazetteer_like like = { row, h->letters, (uint8_t)unlikeness(h) };
	size_t	 at = *n;

	for (size_t i = 0; i < *n; i++)
		if (out[i].row == row) {
			if (out[i].unlike <= like.unlike)
				return;
			memmove(out + i, out + i + 1, (*n - i - 1) * sizeof(*out));
			at = --*n;
		}
	while (at > 0 && (out[at - 1].unlike > like.unlike || (out[at - 1].unlike == like.unlike &&
	    g->rows[out[at - 1].row].rank > g->rows[row].rank)))
		at--;
	if (at >= max)
		return;
	if (*n == max)
		--*n;
	memmove(out + at + 1, out + at, (*n - at) * sizeof(*out));
	out[at] = like;
	++*n;
}

size_t
gazetteer_like(const struct gazetteer *g, const char *folded, size_t len, struct gazetteer_like *out, size_t max)
{
	struct likeness_hit hits[HITS_MAX];
	char	 letters[LIKENESS_LETTERS_MAX + 1];
	size_t	 found = 0, n = likeness_letters(folded, len, letters);

	if (n == 0 || max == 0)
		return 0;
	n = likeness_find(g->likeness, letters, n, hits, HITS_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *name = g->pool.p + hits[i].offset;
		uint32_t rows[HITS_MAX];
		size_t	 k = lookup(g, hash_name(name, strlen(name)), name, strlen(name), rows, HITS_MAX);

		for (size_t j = 0; j < k && j < HITS_MAX; j++)
			if (g->rows[rows[j]].rank < RANK_OTHER)
				add_like(g, &hits[i], rows[j], out, &found, max);
	}
	return found;
}

/* ---- beginnings of names of several words ---- */

static void
beginnings_add(struct gazetteer *g, uint32_t h)
{
	uint32_t bit = hash_end(h) >> (32 - BEGINNING_BITS);

	g->beginnings[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* Whether a name of more words may begin so: a word that never begins one needs no second look. */
static bool
may_go_on(const struct gazetteer *g, uint32_t h, const char *piece, size_t len, char next)
{
	uint32_t bit = hash_end(h) >> (32 - BEGINNING_BITS);

	return (g->beginnings[bit / 8] >> bit % 8 & 1) != 0 || next == '-' || is_particle(piece, len);
}

bool
gazetteer_begins(const struct gazetteer *g, const char *folded, size_t len)
{
	return may_go_on(g, hash_more(HASH_START, folded, len), folded, len, ' ');
}

size_t
gazetteer_match(const struct gazetteer *g, const char *folded, const struct token *words, size_t n, uint32_t *out,
    size_t max, size_t *found)
{
	uint32_t state[WORDS_MAX], h = HASH_START;
	const char *start = folded + words[0].start;
	size_t	 tried = 0, limit = gazetteer_longest(g), at = 0;

	while (tried < n && tried < limit) {
		size_t	 begin = (size_t)words[tried].start - words[0].start, end = begin + words[tried].len;

		if (end > KEY_SIZE || (tried > 0 && !may_be_name(start + at, begin - at + 1)))
			break;
		state[tried++] = h = hash_more(h, start + begin, end - begin);
		at = end;
		if (words[tried - 1].stop || !may_go_on(g, h, start + begin, end - begin, start[end]))
			break;
	}
	for (; tried > 0; tried--) {
		size_t	 end = (size_t)words[tried - 1].start + words[tried - 1].len - words[0].start;

		*found = lookup(g, hash_end(state[tried - 1]), start, end, out, max);
		if (*found > 0)
			return tried;
	}
	return 0;
}

/* ---- reading ---- */

enum column {
	COLUMN_NAME, COLUMN_LAT, COLUMN_LON, COLUMN_KIND, COLUMN_COUNTRY, COLUMN_REGION, COLUMN_CERCLE, COLUMN_C3,
	COLUMN_POPULATION, COLUMN_ALIASES, COLUMN_OLD_REGION, COLUMN_OLD_CERCLE, N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {
	"name", "lat", "lon", "kind", "country", "region", "cercle", "c3", "population", "aliases",
	"old_region", "old_cercle",
};

/* Where each column stands in a line; -1: nowhere. */
struct layout {
	int	 at[N_COLUMNS];
	size_t	 n;			/* columns that must be there */
};

static const struct layout shipped = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1 }, 3 };
/* geonameid name asciiname alternatenames latitude longitude class code country cc2 admin1-4 population … (readme.txt) */
static const struct layout geonames = { { 1, 4, 5, 7, 8, -1, -1, -1, 14, 3, -1, -1 }, 19 };

struct field {
	const char *p;
	size_t	 len;
};

struct reader {
	struct gazetteer *g;
	const char *file;
	struct diags *diags;
	int	 line;
	struct field source;		/* the line as it stands in the file */
	struct field field[COLUMNS_MAX];
	size_t	 n_fields;
	struct layout header;
	const struct layout *layout;	/* of this line */
	const char *interned[INTERN_SLOTS];
};

static void
fault(struct reader *r, const char *what, const struct field *where)
{
	size_t	 shown = r->source.len < 200 ? r->source.len : 200;
	int	 col = where != NULL ? (int)(where->p - r->source.p) + 1 : 1;

	diag_add(r->diags, r->layout == &geonames ? DIAG_WARNING : DIAG_ERROR, r->file, r->line, col, r->source.p,
	    shown, "%s", what);
}

static void
split(struct reader *r)
{
	const char *p = r->source.p, *end = p + r->source.len, *tab;

	r->n_fields = 0;
	do {
		tab = memchr(p, '\t', (size_t)(end - p));
		r->field[r->n_fields++] = (struct field){ p, (size_t)((tab != NULL ? tab : end) - p) };
		p = tab != NULL ? tab + 1 : end;
	} while (tab != NULL && r->n_fields < COLUMNS_MAX);
}

static bool
field_is(const struct field *f, const char *word)
{
	return f->len == strlen(word) && memcmp(f->p, word, f->len) == 0;
}

static const struct field *
column(const struct reader *r, enum column c)
{
	static const struct field none = { "", 0 };
	int	 at = r->layout->at[c];

	return at >= 0 && (size_t)at < r->n_fields ? &r->field[at] : &none;
}

/* A line that has both words is a header, whatever else it names: no place is called "lat" and another "name". */
static bool
is_header(const struct reader *r)
{
	bool	 name = false, lat = false;

	for (size_t i = 0; i < r->n_fields; i++) {
		name |= field_is(&r->field[i], "name");
		lat |= field_is(&r->field[i], "lat");
	}
	return name && lat;
}

static void
read_header(struct reader *r)
{
	r->header.n = 0;
	for (size_t c = 0; c < N_COLUMNS; c++) {
		r->header.at[c] = -1;
		for (size_t i = 0; i < r->n_fields; i++)
			if (field_is(&r->field[i], column_names[c]))
				r->header.at[c] = (int)i;
		if (c <= COLUMN_LON && r->header.at[c] >= (int)r->header.n)
			r->header.n = (size_t)r->header.at[c] + 1;
	}
	if (r->header.at[COLUMN_NAME] == -1 || r->header.at[COLUMN_LAT] == -1 || r->header.at[COLUMN_LON] == -1) {
		fault(r, "the header must name the columns 'name', 'lat' and 'lon'", NULL);
		r->header = shipped;
	}
}

/* Plain decimal degrees only: strtod() alone would take "nan", "0x1p3" and "1e3" too. */
static int
read_degrees(const struct field *f, double limit, double *out)
{
	char	 text[32], *end;

	if (f->len == 0 || f->len >= sizeof(text))
		return -1;
	memcpy(text, f->p, f->len);
	text[f->len] = '\0';
	if (strspn(text, "0123456789.+-") != f->len)
		return -1;
	*out = strtod(text, &end);
	return *end == '\0' && fabs(*out) <= limit ? 0 : -1;
}

static uint32_t
read_population(const struct field *f)
{
	uint64_t value = 0;

	for (size_t i = 0; i < f->len && isdigit((unsigned char)f->p[i]); i++)
		if ((value = value * 10 + (f->p[i] - '0')) > UINT32_MAX)
			return UINT32_MAX;
	return (uint32_t)value;
}

/* A copy that rows share: a few cercles, regions and kinds stand in every line. NULL: out of memory. */
static const char *
intern(struct reader *r, const struct field *f)
{
	const char **slot = &r->interned[hash_name(f->p, f->len) % INTERN_SLOTS];

	if (*slot == NULL || strlen(*slot) != f->len || memcmp(*slot, f->p, f->len) != 0)
		*slot = arena_strndup(&r->g->strings, f->p, f->len);
	return *slot;
}

static void
copy_code(char *to, size_t size, const struct field *f)
{
	size_t	 n = f->len < size ? f->len : 0;

	memcpy(to, f->p, n);
	memset(to + n, 0, size - n);
}

/* Doubles an array so that one more fits; NULL: out of memory. */
static void *
grow(void *p, size_t n, size_t *cap, size_t size)
{
	size_t	 want = *cap != 0 ? *cap * 2 : 256;

	if (n < *cap)
		return p;
	if (want > SIZE_MAX / size || (p = realloc(p, want * size)) == NULL)
		return NULL;
	*cap = want;
	return p;
}

/* ---- aliases ---- */

/* Latin, Arabic, N'Ko, Tifinagh, Adlam: what people here write. The dumps carry every other script for capitals. */
static bool
script_of_the_region(uint32_t cp)
{
	return cp < 0x370 || (cp >= 0x600 && cp < 0x800) || (cp >= 0x1E00 && cp < 0x2E00) ||
	    (cp >= 0xFB50 && cp < 0xFF00) || (cp >= 0x1E900 && cp < 0x1E960);
}

/* "TOM", "GUD": codes of airports that GeoNames lists among the names; and web addresses. */
static bool
alias_wanted(const struct reader *r, const struct field *f)
{
	const char *p = f->p, *end = f->p + f->len;
	uint32_t cp;

	if (r->layout != &geonames)
		return true;
	if (f->len == 3 && isupper((unsigned char)p[0]) && isupper((unsigned char)p[1]) && isupper((unsigned char)p[2]))
		return false;
	if (f->len > 4 && memcmp(p, "http", 4) == 0)
		return false;
	while (p < end)
		if (!utf8_next(&p, end, &cp) || !script_of_the_region(cp))
			return false;
	return true;
}

static size_t
count_words(const char *folded)
{
	size_t	 n = 1;

	for (; *folded != '\0'; folded++)
		n += is_separator(*folded);
	return n;
}

/* Whether one of the row's keys, those from "first" on, already says the same. */
static bool
known(const struct gazetteer *g, size_t first, const char *folded)
{
	for (size_t i = first; i < g->n_entries; i++)
		if (strcmp(g->pool.p + g->entries[i].text, folded) == 0)
			return true;
	return false;
}

/* The folded form into out (KEY_SIZE bytes); its length, 0: no letters, -1: too long. */
static int
fold_name(const struct field *f, char *out)
{
	int	 len = f->len < PLACE_NAME_SIZE ? normalize_fold(f->p, f->len, out, KEY_SIZE) : -1;

	for (int i = 0; i < len; i++)
		if (!is_separator(out[i]))
			return len;
	return len > 0 ? 0 : len;
}

static int
add_key(struct reader *r, size_t first, const struct field *f)
{
	struct gazetteer *g = r->g;
	struct entry *entries;
	char	 folded[KEY_SIZE];
	int	 len = fold_name(f, folded);

	if (len <= 0) {
		fault(r, len == 0 ? "a name without letters" : "a name of more than 47 bytes", f);
		return 0;
	}
	if (known(g, first, folded))
		return 0;
	entries = grow(g->entries, g->n_entries, &g->cap_entries, sizeof(*entries));
	if (entries == NULL)
		return -1;
	g->entries = entries;
	entries[g->n_entries] = (struct entry){ hash_name(folded, (size_t)len), (uint32_t)g->n_rows,
	    (uint32_t)g->pool.len };
	if (buf_add(&g->pool, folded, (size_t)len + 1) == -1)
		return -1;
	g->n_entries++;
	if (count_words(folded) > g->longest)
		g->longest = count_words(folded);
	for (int i = 1; i < len; i++)
		if (is_separator(folded[i]))
			beginnings_add(g, hash_more(HASH_START, folded, (size_t)i));
	return 0;
}

static int
add_keys(struct reader *r)
{
	const struct field *aliases = column(r, COLUMN_ALIASES);
	const char *p = aliases->p, *end = p + aliases->len, *comma;
	size_t	 first = r->g->n_entries, n = 0;

	if (add_key(r, first, column(r, COLUMN_NAME)) == -1)
		return -1;
	for (; p < end && n < ALIASES_MAX; p = comma + 1, n++) {
		struct field f;

		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		f = (struct field){ p, (size_t)(comma - p) };
		if (f.len > 0 && alias_wanted(r, &f) && add_key(r, first, &f) == -1)
			return -1;
	}
	return 0;
}

/* ---- rows ---- */

static bool
has_control(const struct field *f)
{
	for (size_t i = 0; i < f->len; i++)
		if ((unsigned char)f->p[i] < 0x20 || f->p[i] == 0x7F)
			return true;
	return false;
}

/* The first cercle or region whose name does not fit, or NULL. */
static const struct field *
long_parent(const struct reader *r)
{
	static const enum column parents[] = { COLUMN_CERCLE, COLUMN_REGION, COLUMN_OLD_CERCLE, COLUMN_OLD_REGION };

	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		if (column(r, parents[i])->len >= PLACE_NAME_SIZE)
			return column(r, parents[i]);
	return NULL;
}

static bool
row_faulty(struct reader *r, double *lat, double *lon)
{
	const struct field *name = column(r, COLUMN_NAME), *parent;
	char	 folded[KEY_SIZE];

	if (r->n_fields < r->layout->n)
		fault(r, "columns are missing: at least name, latitude and longitude are needed", NULL);
	else if (name->len == 0)
		fault(r, "a place without a name", name);
	else if (name->len >= PLACE_NAME_SIZE)
		fault(r, "a name of more than 47 bytes", name);
	else if (!utf8_valid(name->p, name->len) || has_control(name))
		fault(r, "a name that is not plain UTF-8 text", name);
	else if (fold_name(name, folded) <= 0)
		fault(r, "a name without letters", name);
	else if (read_degrees(column(r, COLUMN_LAT), 90, lat) == -1)
		fault(r, "not a latitude between -90 and 90", column(r, COLUMN_LAT));
	else if (read_degrees(column(r, COLUMN_LON), 180, lon) == -1)
		fault(r, "not a longitude between -180 and 180", column(r, COLUMN_LON));
	else if (*lat == 0 && *lon == 0)
		fault(r, "0,0 is no place: the coordinates were left out", column(r, COLUMN_LAT));
	else if ((parent = long_parent(r)) != NULL)
		fault(r, "a name of more than 47 bytes", parent);
	else if (r->g->n_rows >= GAZETTEER_ROWS_MAX)
		fault(r, "too many places", NULL);
	else
		return false;
	return true;
}

static int
add_row(struct reader *r)
{
	struct gazetteer *g = r->g;
	struct gazetteer_row row = { 0 }, *rows;
	const struct field *name = column(r, COLUMN_NAME);
	const struct kind_row *kind;

	if (row_faulty(r, &row.lat_deg, &row.lon_deg))
		return 0;
	row.name = arena_strndup(&g->strings, name->p, name->len);
	row.cercle = intern(r, column(r, COLUMN_CERCLE));
	row.region = intern(r, column(r, COLUMN_REGION));
	row.kind = intern(r, column(r, COLUMN_KIND));
	row.old_region = intern(r, column(r, COLUMN_OLD_REGION));
	row.old_cercle = intern(r, column(r, COLUMN_OLD_CERCLE));
	rows = grow(g->rows, g->n_rows, &g->cap_rows, sizeof(*rows));
	if (rows != NULL)
		g->rows = rows;
	if (rows == NULL || row.name == NULL || row.cercle == NULL || row.region == NULL || row.kind == NULL ||
	    row.old_region == NULL || row.old_cercle == NULL)
		return -1;
	copy_code(row.c3, sizeof(row.c3), column(r, COLUMN_C3));
	copy_code(row.country, sizeof(row.country), column(r, COLUMN_COUNTRY));
	row.population = read_population(column(r, COLUMN_POPULATION));
	kind = kind_of(row.kind);
	row.rank = kind->rank;
	row.radius_m = kind->radius_m;
	rows[g->n_rows] = row;
	if (add_keys(r) == -1)
		return -1;
	g->n_rows++;
	return 0;
}

static int
read_line(struct reader *r)
{
	if (r->source.len > 0 && r->source.p[r->source.len - 1] == '\r')
		r->source.len--;
	if (r->source.len == 0 || r->source.p[0] == '#')
		return 0;
	split(r);
	r->layout = r->n_fields == geonames.n && isdigit((unsigned char)r->source.p[0]) ? &geonames : &r->header;
	if (is_header(r)) {
		read_header(r);
		return 0;
	}
	return add_row(r);
}

static int
read_lines(struct reader *r, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len, *newline;

	if (len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	for (; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (newline == NULL)
			newline = end;
		r->line++;
		r->source = (struct field){ p, (size_t)(newline - p) };
		if (read_line(r) == -1)
			return -1;
	}
	return 0;
}

/* ---- the index ---- */

static int
compare_entries(const void *a, const void *b, void *arg)
{
	const struct gazetteer_row *rows = arg;
	const struct entry *x = a, *y = b;
	const struct gazetteer_row *rx = &rows[x->row], *ry = &rows[y->row];

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (rx->rank != ry->rank)
		return rx->rank < ry->rank ? -1 : 1;
	if (rx->population != ry->population)
		return rx->population > ry->population ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int
index_build(struct gazetteer *g)
{
	size_t	 e = 0, size;

	qsort_r(g->entries, g->n_entries, sizeof(*g->entries), compare_entries, g->rows);
	for (g->bits = 1; g->bits < 24 && ((size_t)1 << g->bits) < g->n_entries; )
		g->bits++;
	size = (size_t)1 << g->bits;
	g->directory = calloc(size, sizeof(*g->directory));
	if (g->directory == NULL)
		return -1;
	for (size_t i = 0; i < size; i++) {
		while (e < g->n_entries && g->entries[e].hash >> (32 - g->bits) < i)
			e++;
		g->directory[i] = (uint32_t)e;
	}
	return 0;
}

/* Two capital letters as a number below 1024. */
static unsigned
country_number(const char country[3])
{
	return ((unsigned)country[0] & 31) << 5 | ((unsigned)country[1] & 31);
}

/*
 * The seats of a country: those that name their cercle. An imported file has them too, without; it is
 * asked only about countries where nobody does.
 */
static int
seats_build(struct gazetteer *g)
{
	bool	 named[1024] = { false };
	size_t	 n = 0;

	for (size_t i = 0; i < g->n_rows; i++)
		if (g->rows[i].rank <= RANK_CERCLE_SEAT) {
			named[country_number(g->rows[i].country)] |= g->rows[i].cercle[0] != '\0';
			n++;
		}
	g->seats = calloc(n > 0 ? n : 1, sizeof(*g->seats));
	if (g->seats == NULL)
		return -1;
	for (size_t i = 0; i < g->n_rows; i++)
		if (g->rows[i].rank <= RANK_CERCLE_SEAT &&
		    (g->rows[i].cercle[0] != '\0' || !named[country_number(g->rows[i].country)]))
			g->seats[g->n_seats++] = (uint32_t)i;
	return 0;
}

/* Streams and dunes bear ordinary words for names too often to guess at them. */
static int
likeness_build(struct gazetteer *g)
{
	size_t	 n = 0;

	g->names = malloc(g->n_entries * sizeof(*g->names));
	if (g->names == NULL)
		return -1;
	for (size_t i = 0; i < g->n_entries; i++)
		if (g->rows[g->entries[i].row].rank < RANK_OTHER && (n == 0 || strcmp(g->pool.p + g->names[n - 1],
		    g->pool.p + g->entries[i].text) != 0))
			g->names[n++] = g->entries[i].text;
	g->likeness = likeness_new(g->pool.p, g->names, n);
	return g->likeness != NULL ? 0 : -1;
}

/* Gives back what doubling took too much. */
static void
trim(struct gazetteer *g)
{
	void	*p;

	if ((p = realloc(g->rows, g->n_rows * sizeof(*g->rows))) != NULL)
		g->rows = p;
	if ((p = realloc(g->entries, g->n_entries * sizeof(*g->entries))) != NULL)
		g->entries = p;
}

static int
read_source(struct reader *r, const struct gazetteer_source *source)
{
	size_t	 before = r->g->n_rows;

	r->file = source->name;
	r->line = 0;
	r->header = shipped;
	r->layout = &r->header;
	if (read_lines(r, source->bytes, source->len) == -1) {
		diag_add(r->diags, DIAG_ERROR, r->file, r->line, 0, NULL, 0, "out of memory");
		return -1;
	}
	if (r->g->n_rows == before)
		diag_add(r->diags, DIAG_WARNING, r->file, 0, 0, NULL, 0, "no places");
	return 0;
}

struct gazetteer *
gazetteer_new(const struct gazetteer_source *v, size_t n, struct diags *diags)
{
	struct gazetteer *g = calloc(1, sizeof(*g));
	struct reader *r = calloc(1, sizeof(*r));
	int	 done = -1;

	if (g == NULL || r == NULL)
		goto out;
	arena_init(&g->strings, STRINGS_MAX);
	buf_init(&g->pool, POOL_MAX);
	r->g = g;
	r->diags = diags;
	for (size_t i = 0; i < n; i++)
		if (read_source(r, &v[i]) == -1)
			goto out;
	if (g->n_rows == 0) {
		diag_add(diags, DIAG_ERROR, n > 0 ? v[0].name : NULL, 0, 0, NULL, 0, "no places");
		goto out;
	}
	trim(g);
	done = index_build(g) == 0 && seats_build(g) == 0 && likeness_build(g) == 0 ? 0 : -1;
out:
	free(r);
	if (done == 0)
		return g;
	gazetteer_free(g);
	return NULL;
}

void
gazetteer_free(struct gazetteer *g)
{
	if (g == NULL)
		return;
	free(g->rows);
	free(g->entries);
	free(g->directory);
	free(g->seats);
	free(g->names);
	likeness_free(g->likeness);
	arena_release(&g->strings);
	buf_release(&g->pool);
	free(g);
}

size_t
gazetteer_rows(const struct gazetteer *g)
{
	return g->n_rows;
}

const struct gazetteer_row *
gazetteer_row(const struct gazetteer *g, size_t i)
{
	return &g->rows[i];
}

size_t
gazetteer_longest(const struct gazetteer *g)
{
	size_t	 words = g->longest + 2;	/* "I n Ekar" for Inékar */

	return words < WORDS_MAX ? words : WORDS_MAX;
}

long
gazetteer_nearest_seat(const struct gazetteer *g, const char *country, double lat_deg, double lon_deg,
    double *metres)
{
	double	 best = INFINITY;
	long	 seat = -1;

	for (size_t i = 0; i < g->n_seats; i++) {
		const struct gazetteer_row *row = &g->rows[g->seats[i]];
		double	 d;

		if (country != NULL && strcmp(row->country, country) != 0)
			continue;
		d = distance_m(lat_deg, lon_deg, row->lat_deg, row->lon_deg);
		if (row->rank == RANK_CAPITAL && d > CAPITAL_REACH_M)
			continue;
		if (d < best) {
			best = d;
			seat = (long)g->seats[i];
		}
	}
	*metres = best;
	return seat;
}

long
gazetteer_seat(const struct gazetteer *g, const char *country, const char *cercle)
{
	for (size_t i = 0; cercle[0] != '\0' && i < g->n_seats; i++) {
		const struct gazetteer_row *row = &g->rows[g->seats[i]];

		if (strcmp(row->cercle, cercle) == 0 && (country[0] == '\0' || strcmp(row->country, country) == 0))
			return (long)g->seats[i];
	}
	return -1;
}

long
gazetteer_nearest(const struct gazetteer *g, double lat_deg, double lon_deg, double within_m, double *metres)
{
	double	 band = within_m / 110000.0;	/* degrees of latitude, a little generous */
	long	 found = -1;

	*metres = within_m;
	for (size_t i = 0; i < g->n_rows; i++) {
		const struct gazetteer_row *row = &g->rows[i];
		double	 d;

		if (row->rank > RANK_VILLAGE || fabs(row->lat_deg - lat_deg) > band)
			continue;
		d = distance_m(lat_deg, lon_deg, row->lat_deg, row->lon_deg);
		if (d <= *metres) {
			*metres = d;
			found = (long)i;
		}
	}
	return found;
}
