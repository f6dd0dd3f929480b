/* Reads GeoNames dumps and CSV files of places, line by line, and sends GeoJSON to its reader. */
#include "logic/placefile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define GEONAMES_COLUMNS 19
#define COLUMNS_MAX	32
#define RECORD_MAX	(64u << 10)	/* bytes of one CSV record: a quote that is never closed must not eat the file */
#define TELL_EVERY	4096		/* rows between two calls of progress */

/* ---- the forms ---- */

static size_t
line_length(const char *p, size_t len)
{
	const char *end = memchr(p, '\n', len);

	return end != NULL ? (size_t)(end - p) : len;
}

static size_t
count_byte(const char *p, size_t n, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += p[i] == c;
	return count;
}

static size_t
skip_mark(const char *bytes, size_t len)
{
	return len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

enum placefile_form
placefile_form(const char *bytes, size_t len)
{
	size_t at = skip_mark(bytes, len), n;

	while (at < len && (isspace((unsigned char)bytes[at]) || bytes[at] == '#')) {
		if (bytes[at] == '#')
			at += line_length(bytes + at, len - at);
		at += at < len;
	}
	if (at >= len)
		return PLACEFILE_CSV;
	if (bytes[at] == '{' || bytes[at] == '[')
		return PLACEFILE_GEOJSON;
	n = line_length(bytes + at, len - at);
	return isdigit((unsigned char)bytes[at]) && count_byte(bytes + at, n, '\t') == GEONAMES_COLUMNS - 1 ?
	    PLACEFILE_GEONAMES : PLACEFILE_CSV;
}

static const struct {
	const char	*name;
	size_t		 offset;
} columns[] = {
#define COLUMN(word, field) { word, offsetof(struct place_row, field) }
	COLUMN("name", name), COLUMN("nom", name), COLUMN("lat", lat), COLUMN("latitude", lat), COLUMN("lon", lon),
	COLUMN("lng", lon), COLUMN("long", lon), COLUMN("longitude", lon), COLUMN("kind", kind), COLUMN("type", kind),
	COLUMN("fcode", kind), COLUMN("country", country), COLUMN("pays", country), COLUMN("admin1", region),
	COLUMN("region", region), COLUMN("admin2", cercle), COLUMN("cercle", cercle), COLUMN("c3", c3),
	COLUMN("population", population), COLUMN("aliases", aliases), COLUMN("alias", aliases), COLUMN("source", source),
#undef COLUMN
};

struct span *
placefile_column(struct place_row *row, const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strlen(columns[i].name) == len && strncasecmp(columns[i].name, name, len) == 0)
			return (struct span *)(void *)((char *)row + columns[i].offset);
	return NULL;
}

/* ---- reading on ---- */

struct reader {
	struct place_sink *sink;
	const char	*bytes;
	size_t		 len, at;	/* at: where the next record begins */
	int		 line;		/* of it, from 1 */
	placefile_progress *progress;
	void		*arg;
	size_t		 records;
	char		 separator;
	struct span	 text;		/* the record as it stands in the file */
	struct span	 field[COLUMNS_MAX];
	size_t		 n;
	char		 unquoted[RECORD_MAX];
	size_t		 used;
	int		 order[COLUMNS_MAX];	/* CSV: which of columns[] a field is; -1: none of ours */
	size_t		 n_order;
};

static void
tell(struct reader *r)
{
	if (r->progress != NULL && r->records++ % TELL_EVERY == 0)
		r->progress(r->arg, r->at, r->len);
}

/* ---- GeoNames ---- */

static bool
next_line(struct reader *r)
{
	if (r->at >= r->len)
		return false;
	r->text = (struct span){ r->bytes + r->at, line_length(r->bytes + r->at, r->len - r->at) };
	r->at += r->text.n + 1;
	r->line++;
	if (r->text.n > 0 && r->text.p[r->text.n - 1] == '\r')
		r->text.n--;
	return true;
}

/* Cut at tabs; the last field kept may hold what is left. */
static void
cut_tabs(struct reader *r)
{
	const char *p = r->text.p, *end = p + r->text.n, *tab;

	r->n = 0;
	do {
		tab = r->n + 1 < COLUMNS_MAX ? memchr(p, '\t', (size_t)(end - p)) : NULL;
		r->field[r->n++] = (struct span){ p, (size_t)((tab != NULL ? tab : end) - p) };
		p = tab != NULL ? tab + 1 : end;
	} while (tab != NULL);
}

static void
add_geonames(struct reader *r)
{
	char source[32] = "GeoNames ";
	struct place_row row = { 0 };
	size_t n = r->field[0].n;

	if (r->n != GEONAMES_COLUMNS || n == 0 || n > 12) {
		r->sink->report.read++;
		placerow_refuse(r->sink, r->line, r->text, "a line of a GeoNames dump has 19 columns");
		return;
	}
	/* geonameid name asciiname alternatenames latitude longitude class code country cc2 admin1-4 population … */
	row.name = r->field[1];
	row.aliases = r->field[3];
	row.lat = r->field[4];
	row.lon = r->field[5];
	row.kind = r->field[7];
	row.country = r->field[8];
	row.population = r->field[14];
	memcpy(source + strlen("GeoNames "), r->field[0].p, n);
	row.source = (struct span){ source, strlen("GeoNames ") + n };
	placerow_add(r->sink, &row, r->line, r->text);
}

static void
read_geonames(struct reader *r)
{
	while (next_line(r)) {
		tell(r);
		if (r->text.n == 0 || r->text.p[0] == '#')
			continue;
		cut_tabs(r);
		add_geonames(r);
	}
}

/* ---- CSV ---- */

static void
put_unquoted(struct reader *r, char c)
{
	if (r->used < sizeof(r->unquoted))
		r->unquoted[r->used++] = c;
}

/* One quoted field; at stands behind its opening quote, and is left behind the closing one. False: it is never closed. */
static bool
read_quoted(struct reader *r, size_t *at, int *line)
{
	size_t from = *at;

	for (; *at < r->len && *at - from < RECORD_MAX; ++*at) {
		if (r->bytes[*at] == '"' && ++*at <= r->len && (*at == r->len || r->bytes[*at] != '"'))
			return true;
		*line += r->bytes[*at] == '\n';
		/* A name on two lines is one name. */
		put_unquoted(r, r->bytes[*at] == '\n' || r->bytes[*at] == '\r' ? ' ' : r->bytes[*at]);
	}
	return false;
}

/* One field into r->field[r->n]; false: a quote is not closed. */
static bool
read_field(struct reader *r, size_t *at, int *line)
{
	size_t from = r->used;

	if (*at < r->len && r->bytes[*at] == '"') {
		++*at;
		if (!read_quoted(r, at, line))
			return false;
	}
	while (*at < r->len && r->bytes[*at] != r->separator && r->bytes[*at] != '\n')
		put_unquoted(r, r->bytes[(*at)++]);
	if (r->used > from && r->unquoted[r->used - 1] == '\r')
		r->used--;
	if (r->n < COLUMNS_MAX)
		r->field[r->n++] = (struct span){ r->unquoted + from, r->used - from };
	return true;
}

/* The next record, at most COLUMNS_MAX fields of it. 1; 0: the end; -1: a quote is not closed, and this line is left out. */
static int
next_record(struct reader *r, int *first_line)
{
	size_t at = r->at, start = at;
	int line = r->line + 1;
	bool closed = true;

	if (at >= r->len)
		return 0;
	*first_line = line;
	r->n = r->used = 0;
	for (;;) {
		closed = read_field(r, &at, &line);
		if (!closed || at >= r->len || r->bytes[at] == '\n')
			break;
		at++;
	}
	if (!closed) {
		at = start + line_length(r->bytes + start, r->len - start);
		line = *first_line;
	}
	r->text = (struct span){ r->bytes + start, line_length(r->bytes + start, at - start) };
	r->at = at + 1;
	r->line = line;
	return closed ? 1 : -1;
}

/* Of the first line that says something: whichever it has most of. */
static char
guess_separator(const char *p, size_t n)
{
	size_t commas = count_byte(p, n, ','), semicolons = count_byte(p, n, ';'), tabs = count_byte(p, n, '\t');

	if (tabs > 0 && tabs >= commas && tabs >= semicolons)
		return '\t';
	return semicolons > commas ? ';' : ',';
}

static int
column_of(struct span s)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strlen(columns[i].name) == s.n && strncasecmp(columns[i].name, s.p, s.n) == 0)
			return (int)i;
	return -1;
}

/* A header names at least a name and two coordinates; else the columns are those that have no header. */
static bool
read_header(struct reader *r)
{
	struct place_row row = { 0 };
	size_t known = 0;

	r->n_order = r->n;
	for (size_t i = 0; i < r->n; i++) {
		struct span *field;

		r->order[i] = column_of(r->field[i]);
		field = placefile_column(&row, r->field[i].p, r->field[i].n);
		if (field != NULL)
			*field = r->field[i];
		known += field != NULL;
	}
	return known >= 3 && row.name.n > 0 && row.lat.n > 0 && row.lon.n > 0;
}

static void
default_header(struct reader *r)
{
	static const char *const names[] = { "name", "lat", "lon", "kind", "admin1", "admin2", "aliases" };

	r->n_order = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < r->n_order; i++)
		r->order[i] = column_of((struct span){ names[i], strlen(names[i]) });
}

/* "14,35" where commas do not part fields. Changes our own copy. */
static void
decimal_comma(struct reader *r, struct span s)
{
	if (r->separator == ',')
		return;
	for (size_t i = 0; i < s.n; i++) {
		char *p = r->unquoted + (s.p - r->unquoted) + i;

		if (*p == ',')
			*p = '.';
	}
}

static void
add_csv(struct reader *r, int line)
{
	struct place_row row = { 0 };

	for (size_t i = 0; i < r->n && i < r->n_order; i++)
		if (r->order[i] >= 0) {
			const char *name = columns[r->order[i]].name;

			*placefile_column(&row, name, strlen(name)) = r->field[i];
		}
	decimal_comma(r, row.lat);
	decimal_comma(r, row.lon);
	placerow_add(r->sink, &row, line, r->text);
}

/* The first record: the header, or the first place. */
static bool
begin_csv(struct reader *r)
{
	if (r->n_order > 0)
		return false;
	if (read_header(r))
		return true;
	default_header(r);
	return false;
}

static bool
is_comment(const struct reader *r)
{
	return r->text.n == 0 || r->text.p[0] == '#' || r->text.p[0] == '\r';
}

static void
read_csv(struct reader *r)
{
	int line, rc;

	while ((rc = next_record(r, &line)) != 0) {
		tell(r);
		if (is_comment(r))
			continue;
		if (rc < 0) {
			r->sink->report.read++;
			placerow_refuse(r->sink, line, r->text, "a quote is opened here and not closed");
		} else if (!begin_csv(r)) {
			add_csv(r, line);
		}
	}
}

/* Of the first line that is no comment. */
static char
separator_of(const char *bytes, size_t len)
{
	size_t at = skip_mark(bytes, len);

	while (at < len && (bytes[at] == '#' || bytes[at] == '\n' || bytes[at] == '\r'))
		at += line_length(bytes + at, len - at) + 1;
	return at < len ? guess_separator(bytes + at, line_length(bytes + at, len - at)) : ',';
}

/* ---- the whole ---- */

static int
read_lines(struct place_sink *sink, const char *bytes, size_t len, bool geonames, placefile_progress *progress, void *arg)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -1;
	r->sink = sink;
	r->bytes = bytes;
	r->len = len;
	r->at = skip_mark(bytes, len);
	r->separator = separator_of(bytes, len);
	r->progress = progress;
	r->arg = arg;
	if (geonames)
		read_geonames(r);
	else
		read_csv(r);
	free(r);
	return 0;
}

int
placefile_read(struct place_sink *sink, const char *bytes, size_t len, placefile_progress *progress, void *arg)
{
	size_t kept = sink->report.kept, refused = sink->report.refused;
	enum placefile_form form = placefile_form(bytes, len);
	int rc = form == PLACEFILE_GEOJSON ? placejson_read(sink, bytes, len, progress, arg) :
	    read_lines(sink, bytes, len, form == PLACEFILE_GEONAMES, progress, arg);
	const char *why = NULL;

	kept = sink->report.kept - kept;
	refused = sink->report.refused - refused;
	if (rc != 0)
		return -1;
	if (sink->out->failed)
		why = "more places than memory is set aside for";
	else if (kept == 0)
		why = "there is no usable place in it";
	else if (refused > kept)
		why = "more places were refused than kept: is this the right file, and the right country?";
	if (why != NULL)
		diag_add(sink->diags, DIAG_ERROR, sink->file, 0, 0, NULL, 0, "%s", why);
	return why == NULL ? 0 : -1;
}
