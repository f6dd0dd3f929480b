/* Judges the geotagger on texts and names: recall, precision, false places, speed. By hand; prints tables, keeps nothing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/files.h"
#include "logic/coordinates.h"
#include "logic/geotag.h"
#include "logic/likeness.h"
#include "logic/normalize.h"

#define RIGHT_M		10000.0
#define FILE_MAX	(256u << 20)
#define SOURCES_MAX	16
#define NAMES_TRIED	4000
#define COLUMNS		32

static bool verbose;
static struct text text;		/* large, and one at a time */

/* ---- chance, the same in every run ---- */

static uint32_t
chance(uint32_t below)
{
	static uint32_t state = 20261123;

	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

/* ---- files ---- */

static char *
read_all(const char *path, size_t *len)
{
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (file_read(path, &b) == -1) {
		perror(path);
		exit(1);
	}
	*len = b.len;
	if (b.p == NULL)
		buf_adds(&b, " ");
	return b.p;
}

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double
resident_mb(void)
{
	long	 pages = 0;
	FILE	*f = fopen("/proc/self/statm", "r");

	if (f != NULL && fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f != NULL)
		fclose(f);
	return (double)pages * 4096 / 1e6;
}

static struct gazetteer *
load(char *const *paths, size_t n)
{
	struct gazetteer_source v[SOURCES_MAX];
	char	*bytes[SOURCES_MAX];
	struct gazetteer *g;
	struct diags diags;
	double	 start, before;

	if (n > SOURCES_MAX)
		n = SOURCES_MAX;
	for (size_t i = 0; i < n; i++) {
		bytes[i] = read_all(paths[i], &v[i].len);
		v[i].name = paths[i];
		v[i].bytes = bytes[i];
	}
	diags_init(&diags);
	before = resident_mb();
	start = seconds();
	g = gazetteer_new(v, n, &diags);
	if (g == NULL)
		exit(1);
	printf("%zu places loaded in %.0f ms CPU, %.1f MB more resident, %zu faults\n", gazetteer_rows(g),
	    (seconds() - start) * 1000, resident_mb() - before, diags.n);
	for (size_t i = 0; i < n; i++)
		free(bytes[i]);
	diags_release(&diags);
	return g;
}

/* Cuts the next line off; NULL at the end. */
static char *
next_line(char **at)
{
	char	*line = *at, *end;

	if (line == NULL || *line == '\0')
		return NULL;
	end = strchr(line, '\n');
	*at = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return line;
}

static size_t
cut_columns(char *line, char *out[COLUMNS])
{
	size_t	 n = 0;

	while (line != NULL && n < COLUMNS) {
		char	*tab = strchr(line, '\t');

		out[n++] = line;
		if (tab != NULL)
			*tab++ = '\0';
		line = tab;
	}
	return n;
}

static struct geotag
locate(const struct gazetteer *g, const char *message)
{
	struct geotag tag;

	normalize(message, strlen(message), &text);
	geotag(g, message, &text, &tag);
	return tag;
}

/* ---- names, changed as people change them ---- */

/* One typing error: a letter missing, doubled, swapped with the next, or another in its place. */
static void
mistype(char *s)
{
	size_t	 n = strlen(s), at = chance((uint32_t)n);
	char	 c;

	while (s[at] == ' ' || s[at] == '-')
		at = chance((uint32_t)n);
	switch (chance(4)) {
	case 0:
		memmove(s + at, s + at + 1, n - at);
		break;
	case 1:
		memmove(s + at + 1, s + at, n - at + 1);
		if (chance(2) == 0)
			s[at] = (char)('a' + chance(26));
		break;
	case 2:
		if (at + 1 < n) {
			c = s[at];
			s[at] = s[at + 1];
			s[at + 1] = c;
			break;
		}
		/* fall through */
	default:
		s[at] = (char)('a' + chance(26));
	}
}

/* How people who learnt to write French, or did not, spell what they hear: written from texts, not from likeness.c. */
static const struct { const char *from, *to; } respellings[] = {
	{ "ou", "u" }, { "ou", "oo" }, { "ou", "w" }, { "ou", "o" }, { "u", "ou" }, { "oua", "wa" }, { "oue", "we" },
	{ "ko", "co" }, { "ka", "ca" }, { "k", "qu" }, { "ka", "kha" }, { "co", "ko" }, { "ss", "s" }, { "s", "ss" },
	{ "sa", "za" }, { "s", "c" }, { "z", "s" }, { "dia", "dja" }, { "dio", "djo" }, { "dj", "dy" }, { "die", "dje" },
	{ "j", "dj" }, { "nia", "gna" }, { "nio", "nyo" }, { "gn", "ny" }, { "ny", "gn" }, { "bo", "bau" }, { "go", "gho" },
	{ "i", "y" }, { "y", "i" }, { "e", "er" }, { "e", "ai" }, { "e", "i" }, { "an", "en" }, { "am", "an" }, { "m", "n" },
	{ "en", "an" }, { "in", "ain" }, { "h", "" }, { "tt", "t" }, { "ll", "l" }, { "nn", "n" }, { "l", "ll" }, { "n", "nn" },
	{ "t", "tt" }, { "r", "rr" }, { "a", "ah" }, { "b", "bb" }, { "ie", "ier" }, { "gue", "ge" }, { "ti", "tj" },
	{ "tia", "cha" }, { "o", "ou" }, { "a", "e" }, { "re", "r" },
};

/* false: no respelling fits. */
static bool
respell(char *s, size_t size)
{
	for (int tries = 0; tries < 200; tries++) {
		size_t	 i = chance(sizeof(respellings) / sizeof(respellings[0])), n = strlen(s);
		const char *from = respellings[i].from, *to = respellings[i].to;
		char	*at = strstr(s, from), *later = at != NULL ? strstr(at + 1, from) : NULL;

		if (later != NULL && chance(2) == 0)
			at = later;
		if (at == NULL || n + strlen(to) >= size)
			continue;
		memmove(at + strlen(to), at + strlen(from), n + 1 - (size_t)(at + strlen(from) - s));
		for (size_t k = 0; to[k] != '\0'; k++)
			at[k] = to[k];
		return true;
	}
	return false;
}

enum { AS_IS, ONE_TYPO, RESPELT, RESPELT_TWICE, MUTATIONS };
static const char *const mutation_names[] = { "no accents", "one typing error", "one respelling", "two respellings" };

static bool
mutate(int how, char *s, size_t size)
{
	if (how == ONE_TYPO)
		mistype(s);
	for (int times = how - ONE_TYPO; times > 0; times--)
		if (!respell(s, size))
			return false;
	return true;
}

enum { LISTED, RIGHT, RIGHT_OF_3, AMBIGUOUS, WRONG, NOTHING, TRIED, COUNTS };	/* of what judge() says, and more */

static bool
near(const struct gazetteer_row *a, const struct place *p)
{
	return distance_m(a->lat_deg, a->lon_deg, p->lat_deg, p->lon_deg) <= RIGHT_M;
}

static bool
listed(const struct gazetteer *g, const struct gazetteer_row *row, const char *name)
{
	struct gazetteer_like like[64];
	uint32_t exact[64];
	size_t	 n = gazetteer_find(g, name, strlen(name), exact, 64);

	for (size_t i = 0; i < n && i < 64; i++)
		if (gazetteer_row(g, exact[i]) == row)
			return true;
	n = gazetteer_like(g, name, strlen(name), like, 64);
	for (size_t i = 0; i < n; i++)
		if (gazetteer_row(g, like[i].row) == row)
			return true;
	return false;
}

static int
judge(const struct gazetteer_row *row, const struct geotag *tag)
{
	if (!tag->found)
		return NOTHING;
	if (!tag->ambiguous)
		return near(row, &tag->best) ? RIGHT : WRONG;
	for (size_t i = 0; i < tag->n && i < 3; i++)
		if (near(row, &tag->candidate[i]))
			return RIGHT_OF_3;
	return AMBIGUOUS;
}

static void
try_name(const struct gazetteer *g, const struct gazetteer_row *row, int how, unsigned *counts)
{
	char	 name[128], message[256];
	struct geotag tag;
	int	 verdict;

	if (normalize_fold(row->name, strlen(row->name), name, 64) < 0 || !mutate(how, name, sizeof(name)))
		return;
	snprintf(message, sizeof(message), "attaque a %s ce matin", name);
	tag = locate(g, message);
	verdict = judge(row, &tag);
	counts[TRIED]++;
	counts[LISTED] += listed(g, row, name);
	counts[verdict]++;
	if (verbose && verdict >= AMBIGUOUS)
		printf("  %s -> %s: %s\n", row->name, name, tag.found ? tag.best.name : "-");
}

static size_t
length_class(size_t letters)
{
	return letters < 4 ? 0 : letters < 9 ? letters - 3 : letters < 12 ? 6 : 7;
}

static void
judge_names(const struct gazetteer *g)
{
	static const char *const classes[] = { "1-3", "4", "5", "6", "7", "8", "9-11", "12+" };

	for (int how = 0; how < MUTATIONS; how++) {
		unsigned counts[8][COUNTS] = { { 0 } }, percent;

		for (size_t i = 0; i < NAMES_TRIED; i++) {
			const struct gazetteer_row *row = gazetteer_row(g, chance((uint32_t)gazetteer_rows(g)));
			char	 name[64], letters[LIKENESS_LETTERS_MAX + 1];
			int	 len = normalize_fold(row->name, strlen(row->name), name, sizeof(name));
			size_t	 n = len > 0 ? likeness_letters(name, (size_t)len, letters) : 0;

			if (n > 0 && row->rank <= RANK_QUARTER)
				try_name(g, row, how, counts[length_class(n)]);
		}
		printf("\n%s, \"attaque a X ce matin\" (%% of names)\n", mutation_names[how]);
		printf("letters  tried  looked up |   right in first 3   others    wrong  nothing\n");
		for (size_t c = 0; c < 8; c++) {
			printf("%-7s %6u ", classes[c], counts[c][TRIED]);
			percent = counts[c][TRIED] > 0 ? counts[c][TRIED] : 1;
			for (int k = 0; k < TRIED; k++)
				printf("%9.1f%s", 100.0 * counts[c][k] / percent, k == LISTED ? " |" : "");
			printf("\n");
		}
	}
}

/* ---- texts that name no place ---- */

static void
judge_plain(const struct gazetteer *g, const char *path)
{
	size_t	 len, lines = 0, found = 0;
	char	*bytes = read_all(path, &len), *at = bytes, *line;
	double	 start = seconds();

	while ((line = next_line(&at)) != NULL) {
		struct geotag tag = locate(g, line);

		lines++;
		found += tag.found;
		if (verbose && tag.found)
			printf("  [%s%s] %s\n", tag.best.name, tag.ambiguous ? "?" : "", line);
	}
	printf("%-40s %6zu sentences, %6.1f false places in 1,000, %6.1f us each\n", path, lines,
	    1000.0 * (double)found / (double)(lines > 0 ? lines : 1), (seconds() - start) * 1e6 / (double)(lines > 0 ? lines : 1));
	free(bytes);
}

/* ---- labelled texts ---- */

struct tally {
	unsigned located, right, right_of_3, ambiguous, wrong, missed;
	unsigned unlocated, false_places, doubtful, doubtful_ok;
};

static int
column_of(char *const *header, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(header[i], name) == 0)
			return (int)i;
	return -1;
}

/* Where the label says it is: coordinates, or what the gazetteer has under the name. */
static bool
is_there(const struct gazetteer *g, const struct place *p, const char *label, const char *lat, const char *lon)
{
	double	 reach = strcmp(p->method, "segment") == 0 ? fmax(RIGHT_M, p->radius_m + 2000.0) : RIGHT_M;
	char	 folded[128], got[128];
	uint32_t at[64];
	size_t	 n;

	if (lat[0] != '\0')
		return distance_m(strtod(lat, NULL), strtod(lon, NULL), p->lat_deg, p->lon_deg) <= reach;
	if (label[0] >= '0' && label[0] <= '9')		/* coordinates in some notation: their reader has tests of its own */
		return strcmp(p->method, "coordinates") == 0;
	if (normalize_fold(label, strlen(label), folded, sizeof(folded)) < 0 ||
	    normalize_fold(p->name, strlen(p->name), got, sizeof(got)) < 0)
		return false;
	if (strncmp(folded, got, strlen(got)) == 0)
		return true;
	n = gazetteer_find(g, folded, strlen(folded), at, 64);
	for (size_t i = 0; i < n && i < 64; i++)
		if (near(gazetteer_row(g, at[i]), p))
			return true;
	return false;
}

static const char *
count_text(const struct gazetteer *g, const struct geotag *tag, const char *label, const char *lat, const char *lon,
    struct tally *t)
{
	if (label[0] == '\0' || strcmp(label, "-") == 0)	/* not labelled */
		return NULL;
	if (strcmp(label, "(none)") == 0) {
		t->unlocated++;
		t->false_places += tag->found;
		return tag->found ? "FALSE" : NULL;
	}
	if (strstr(label, "(ambiguous)") != NULL || strstr(label, "(registered") != NULL) {
		bool	 ok = !tag->found || tag->ambiguous;

		t->doubtful++;
		t->doubtful_ok += ok;
		return ok ? NULL : "SURE";
	}
	t->located++;
	if (!tag->found) {
		t->missed++;
		return "MISSED";
	}
	for (size_t i = 0; i < tag->n && i < 3; i++)
		if (is_there(g, &tag->candidate[i], label, lat, lon)) {
			t->right += !tag->ambiguous;
			t->right_of_3 += tag->ambiguous;
			return NULL;
		}
	t->ambiguous += tag->ambiguous;
	t->wrong += !tag->ambiguous;
	return tag->ambiguous ? "AMBIGUOUS" : "WRONG";
}

static void
judge_labelled(const struct gazetteer *g, const char *path)
{
	size_t	 len, n;
	char	*bytes = read_all(path, &len), *at = bytes, *line, *cell[COLUMNS];
	int	 c_text = -1, c_place = -1, c_lat = -1, c_lon = -1;
	struct tally t = { 0 };
	double	 answered;

	while ((line = next_line(&at)) != NULL) {
		struct geotag tag;
		const char *said;

		if (line[0] == '#' || line[0] == '\0')
			continue;
		n = cut_columns(line, cell);
		if (c_text == -1) {
			c_text = column_of(cell, n, "text");
			c_place = column_of(cell, n, "place");
			c_lat = column_of(cell, n, "lat");
			c_lon = column_of(cell, n, "lon");
			continue;
		}
		if ((int)n <= c_place || c_text < 0 || c_place < 0)
			continue;
		tag = locate(g, cell[c_text]);
		said = count_text(g, &tag, cell[c_place], c_lat >= 0 && (int)n > c_lat ? cell[c_lat] : "",
		    c_lon >= 0 && (int)n > c_lon ? cell[c_lon] : "", &t);
		if (verbose && said != NULL)
			printf("  %s %s -> %s (%s, %zu): %s\n", said, cell[c_place], tag.found ? tag.best.name : "-",
			    tag.found ? tag.best.method : "", tag.n, cell[c_text]);
	}
	answered = t.right + t.right_of_3 + t.wrong + t.ambiguous + t.false_places;
	printf("%s: %u name a place: %u right, %u right among the first 3, %u only others, %u wrong, %u missed; "
	    "%u name none: %u false; %u doubtful: %u said so\n  right %.1f %%, precision %.1f %%\n", path, t.located, t.right,
	    t.right_of_3, t.ambiguous, t.wrong, t.missed, t.unlocated, t.false_places, t.doubtful, t.doubtful_ok,
	    100.0 * (t.right + t.right_of_3) / (t.located > 0 ? t.located : 1),
	    100.0 * (t.right + t.right_of_3) / (answered > 0 ? answered : 1));
	free(bytes);
}

/* ---- words like names: for make-ordinary.sh ---- */

static void
print_like(const struct gazetteer *g, const char *path)
{
	size_t	 len;
	char	*bytes = read_all(path, &len), *at = bytes, *line, folded[128];

	while ((line = next_line(&at)) != NULL) {
		struct gazetteer_like like;
		uint32_t row;
		int	 n = normalize_fold(line, strlen(line), folded, sizeof(folded));

		if (n >= 4 && (gazetteer_find(g, folded, (size_t)n, &row, 1) > 0 || gazetteer_like(g, folded, (size_t)n, &like, 1) > 0))
			printf("%s\n", folded);
	}
	free(bytes);
}

static void
usage(void)
{
	fputs("usage: geotag-eval [-v] names|plain|labelled|like [FILE...] -- GAZETTEER...\n"
	    "  names     names of the gazetteer, mistyped and respelt\n"
	    "  plain     sentences that name no place, one a line\n"
	    "  labelled  tab-separated texts with the columns text, place and perhaps lat, lon\n"
	    "  like      prints the words of FILE that a name is like\n", stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	int	 first = 1, last;
	const char *mode;
	struct gazetteer *g;

	if (argc > first && strcmp(argv[first], "-v") == 0) {
		verbose = true;
		first++;
	}
	mode = argc > first ? argv[first++] : "";
	for (last = first; last < argc && strcmp(argv[last], "--") != 0; )
		last++;
	if (last + 1 >= argc)
		usage();
	g = load(argv + last + 1, (size_t)(argc - last - 1));
	if (strcmp(mode, "names") == 0)
		judge_names(g);
	for (; first < last; first++) {
		if (strcmp(mode, "plain") == 0)
			judge_plain(g, argv[first]);
		else if (strcmp(mode, "labelled") == 0)
			judge_labelled(g, argv[first]);
		else if (strcmp(mode, "like") == 0)
			print_like(g, argv[first]);
	}
	gazetteer_free(g);
	return 0;
}
