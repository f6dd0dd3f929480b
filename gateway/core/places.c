/* Changes and questions of the gazetteer: rows that operators add, names they forget, where something is. */
#include "core/places.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/files.h"
#include "base/log.h"
#include "core/core.h"
#include "core/import.h"
#include "logic/distance.h"
#include "logic/geotag.h"
#include "logic/mgrs.h"
#include "logic/placerow.h"
#include "store/audit.h"

#define FOUND_MAX	50
#define NEAR_MAX	10
#define ADDED_BYTES_MAX	(4u << 20)
#define FILE_BYTES_MAX	(64u << 20)
#define SAME_M		5000.0	/* rows of one name this near are one place, as for geotag() */
#define PATH_SIZE	(CONF_PATH_SIZE + 64)
#define FOLDED_SIZE	256

struct places {
	struct import *import;
};

struct places *
places_new(struct core *core, struct event_base *base)
{
	struct places *p = calloc(1, sizeof(*p));

	if (p != NULL && (p->import = import_new(core, base)) == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

void
places_free(struct places *p)
{
	if (p == NULL)
		return;
	import_free(p->import);
	free(p);
}

/* ---- files, and what is in force --------------------------------------------------------- */

int
places_path(const struct core *core, const char *name, char *out, size_t size)
{
	snprintf(out, size, "%s/" BOOK_PLACES, core->conf.state);
	if (mkdir(out, 0700) != 0 && errno != EEXIST)
		return -1;
	snprintf(out, size, "%s/" BOOK_PLACES "/%s", core->conf.state, name);
	return 0;
}

int
places_reload(struct core *core)
{
	struct gazetteer *all = book_places(&core->conf);

	if (all == NULL)
		return -1;
	gazetteer_free(core->book->places);
	core->book->places = all;
	log_info("places.loaded places=%zu", gazetteer_rows(all));
	return 0;
}

void
places_audit(struct core *core, const char *actor, const char *event, const char *name, const char *detail)
{
	char object[48];

	snprintf(object, sizeof(object), "places:%.36s", name);
	if (store_begin(core->store) == 0 && (audit_add(core->store, clock_now().wall, actor, event, object, detail) != 0 ||
	    store_commit(core->store) != 0))
		store_rollback(core->store);
}

static void
note_change(struct request *r, const char *event, const char *name)
{
	char actor[32];
	struct buf detail;

	buf_init(&detail, 400);
	buf_adds(&detail, "{\"name\":");
	buf_add_json(&detail, name, strlen(name) < 120 ? strlen(name) : 120);
	buf_addc(&detail, '}');
	control_actor(r, actor);
	places_audit(r->core, actor, event, BOOK_ADDED, detail.failed ? "{}" : buf_str(&detail));
	buf_release(&detail);
}

/* What operators added so far, at least a header. */
static int
read_added(const struct core *core, struct buf *text, char path[PATH_SIZE])
{
	buf_init(text, ADDED_BYTES_MAX);
	if (places_path(core, BOOK_ADDED, path, PATH_SIZE) != 0)
		return -1;
	if (file_read(path, text) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	placerow_header(text);
	return text->failed ? -1 : 0;
}

/* Puts the changed rows into force, or what was before. */
static int
replace_added(struct core *core, const char *path, const struct buf *before, const struct buf *after)
{
	if (after->failed || file_replace(path, buf_str(after), after->len, 0600) != 0)
		return -1;
	if (places_reload(core) == 0)
		return 0;
	file_replace(path, buf_str(before), before->len, 0600);
	return -1;
}

static enum ctl_exit
not_written(struct request *r)
{
	snprintf(r->sentence, sizeof(r->sentence), "nothing was changed: the list cannot be written: %s", strerror(errno));
	return CTL_REFUSED;
}

/* ---- finding ------------------------------------------------------------------------------ */

static void
put_found(struct request *r, const struct gazetteer_row *g, double metres)
{
	struct field_out row;
	struct place p;
	char mgrs[MGRS_SIZE];

	geotag_place(r->core->book->places, g, &p);
	control_begin(r, &row);
	ctl_put_text(&row, "name", g->name);
	ctl_put_text(&row, "kind", g->kind);
	ctl_put_text(&row, "c3", p.c3[0] != '\0' ? p.c3 : NULL);
	ctl_put_text(&row, "cercle", p.cercle[0] != '\0' ? p.cercle : NULL);
	ctl_put_text(&row, "region", p.region[0] != '\0' ? p.region : NULL);
	ctl_put_text(&row, "country", g->country);
	ctl_put_real(&row, "lat", g->lat_deg, 5);
	ctl_put_real(&row, "lon", g->lon_deg, 5);
	ctl_put_text(&row, "mgrs", mgrs_from_degrees(g->lat_deg, g->lon_deg, 3, mgrs) == 0 ? mgrs : NULL);
	if (metres >= 0)
		ctl_put_real(&row, "km", metres / 1000, 1);
	control_row(r, &row);
}

/* "Koro" or "Koro/KOR": the rows of that name, those that are one place counted once. How many. */
static size_t
find_rows(const struct gazetteer *g, const char *asked, const struct gazetteer_row **out, size_t max)
{
	uint32_t at[FOUND_MAX * 4];
	const char *slash = strrchr(asked, '/');
	size_t len = slash != NULL ? (size_t)(slash - asked) : strlen(asked), found, n = 0;
	char folded[FOLDED_SIZE];
	int folded_len = normalize_fold(asked, len, folded, sizeof(folded));

	if (folded_len <= 0)
		return 0;
	found = gazetteer_find(g, folded, (size_t)folded_len, at, FOUND_MAX * 4);
	for (size_t i = 0; i < found && i < FOUND_MAX * 4 && n < max; i++) {
		const struct gazetteer_row *row = gazetteer_row(g, at[i]);
		struct place p;
		size_t k = 0;

		geotag_place(g, row, &p);
		if (slash != NULL && strcasecmp(p.c3, slash + 1) != 0)
			continue;
		while (k < n && distance_m(out[k]->lat_deg, out[k]->lon_deg, row->lat_deg, row->lon_deg) > SAME_M)
			k++;
		if (k == n)
			out[n++] = row;
	}
	return n;
}

static enum ctl_exit
do_find(struct request *r)
{
	const struct gazetteer_row *rows[FOUND_MAX];
	size_t n = find_rows(r->core->book->places, r->ask->word[2], rows, FOUND_MAX);

	for (size_t i = 0; i < n; i++)
		put_found(r, rows[i], -1);
	if (n == 0)
		snprintf(r->sentence, sizeof(r->sentence), "no place is called '%.60s'", r->ask->word[2]);
	return n == 0 ? CTL_REFUSED : CTL_DONE;
}

static bool
read_degrees(const char *word, double limit, double *out)
{
	char *end;

	*out = strtod(word, &end);
	return *word != '\0' && strspn(word, "0123456789.+-") == strlen(word) && *end == '\0' && fabs(*out) <= limit;
}

struct near {
	double	 m;
	size_t	 i;
};

/* Into a list by distance that holds at most NEAR_MAX. */
static size_t
insert_near(struct near *best, size_t n, struct near new)
{
	size_t k = n < NEAR_MAX ? n : NEAR_MAX - 1;

	if (n == NEAR_MAX && best[k].m <= new.m)
		return n;
	for (; k > 0 && best[k - 1].m > new.m; k--)
		best[k] = best[k - 1];
	best[k] = new;
	return n < NEAR_MAX ? n + 1 : n;
}

static enum ctl_exit
do_near(struct request *r)
{
	const struct gazetteer *g = r->core->book->places;
	struct near best[NEAR_MAX];
	double lat, lon;
	size_t n = 0;

	if (!read_degrees(r->ask->word[2], 90, &lat) || !read_degrees(r->ask->word[3], 180, &lon))
		return CTL_USAGE;
	for (size_t i = 0; i < gazetteer_rows(g); i++) {
		const struct gazetteer_row *row = gazetteer_row(g, i);

		n = insert_near(best, n, (struct near){ distance_m(lat, lon, row->lat_deg, row->lon_deg), i });
	}
	for (size_t k = 0; k < n; k++)
		put_found(r, gazetteer_row(g, best[k].i), best[k].m);
	return CTL_DONE;
}

/* ---- adding ------------------------------------------------------------------------------- */

static struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

/* The last fault's sentence becomes the answer. */
static void
say_fault(struct request *r, const struct diags *diags)
{
	snprintf(r->sentence, sizeof(r->sentence), "nothing was changed: %s", diags->n > 0 ? diags->v[diags->n - 1].what :
	    "this place is not understood");
}

static enum ctl_exit
add_row(struct request *r, const struct place_row *row, const char *countries, const char *event)
{
	char path[PATH_SIZE];
	struct buf before, after;
	struct diags diags;
	struct place_sink sink = { .file = BOOK_ADDED, .countries = countries, .out = &after, .diags = &diags };
	enum ctl_exit done = CTL_REFUSED;

	diags_init(&diags);
	buf_init(&after, ADDED_BYTES_MAX);
	if (read_added(r->core, &before, path) != 0) {
		not_written(r);
		goto out;
	}
	buf_add(&after, buf_str(&before), before.len);
	if (!placerow_add(&sink, row, 0, row->name)) {
		say_fault(r, &diags);
	} else if (replace_added(r->core, path, &before, &after) != 0) {
		not_written(r);
	} else {
		char name[128];

		snprintf(name, sizeof(name), "%.*s", (int)(row->name.n < 120 ? row->name.n : 120), row->name.p);
		note_change(r, event, name);
		done = CTL_DONE;
	}
out:
	buf_release(&after);
	buf_release(&before);
	diags_release(&diags);
	return done;
}

/* The seat of a cercle by name or code; NULL: none is known. */
static const struct gazetteer_row *
find_seat(const struct gazetteer *g, const char *asked)
{
	const struct gazetteer_row *rows[FOUND_MAX];
	size_t n = find_rows(g, asked, rows, FOUND_MAX);

	for (size_t i = 0; i < n; i++)
		if (rows[i]->c3[0] != '\0' && rows[i]->rank <= RANK_CERCLE_SEAT)
			return rows[i];
	for (size_t i = 0; i < gazetteer_rows(g); i++)
		if (gazetteer_row(g, i)->rank <= RANK_CERCLE_SEAT && strcasecmp(gazetteer_row(g, i)->c3, asked) == 0)
			return gazetteer_row(g, i);
	return NULL;
}

static enum ctl_exit
do_add(struct request *r)
{
	const struct ctl_ask *ask = r->ask;
	const char *country = placerow_country(r->core->conf.country);
	const struct gazetteer_row *seat = ask->n > 6 ? find_seat(r->core->book->places, ask->word[6]) : NULL;
	struct place_row row = { .source = span_of("operator") };
	enum ctl_exit done;

	if (ask->n > 6 && seat == NULL) {
		snprintf(r->sentence, sizeof(r->sentence), "no cercle is called '%.40s'", ask->word[6]);
		return CTL_REFUSED;
	}
	row.name = span_of(ask->word[2]);
	row.lat = span_of(ask->word[3]);
	row.lon = span_of(ask->word[4]);
	if (ask->n > 5)
		row.kind = span_of(ask->word[5]);
	if (seat != NULL) {
		row.country = span_of(seat->country);
		row.region = span_of(seat->region);
		row.cercle = span_of(seat->cercle[0] != '\0' ? seat->cercle : seat->name);
		row.c3 = span_of(seat->c3);
	}
	done = add_row(r, &row, seat != NULL ? "" : country, "places.added");
	return done == CTL_DONE ? do_find(r) : done;
}

/* Another name for a place that is known: a row of its own beside it, which geotag() takes for the same place. */
static enum ctl_exit
do_alias(struct request *r)
{
	const struct gazetteer_row *rows[FOUND_MAX];
	struct place_row row = { .source = span_of("operator") };
	char lat[32], lon[32];
	size_t n;

	n = find_rows(r->core->book->places, r->ask->word[2], rows, FOUND_MAX);
	if (n != 1) {
		for (size_t i = 0; i < n; i++)
			put_found(r, rows[i], -1);
		snprintf(r->sentence, sizeof(r->sentence), n == 0 ? "no place is called '%.60s'" :
		    "several places are called '%.60s'; say which, with its cercle's code: NAME/C3", r->ask->word[2]);
		return CTL_REFUSED;
	}
	snprintf(lat, sizeof(lat), "%.5f", rows[0]->lat_deg);
	snprintf(lon, sizeof(lon), "%.5f", rows[0]->lon_deg);
	row.name = span_of(rows[0]->name);
	row.lat = span_of(lat);
	row.lon = span_of(lon);
	row.kind = span_of(rows[0]->kind);
	row.country = span_of(rows[0]->country);
	row.region = span_of(rows[0]->region);
	row.cercle = span_of(rows[0]->cercle);
	row.c3 = span_of(rows[0]->c3);
	row.aliases = span_of(r->ask->word[3]);
	/* An alias of which nothing is left (an airport's code, no letters) would add a row and no name. */
	return add_row(r, &row, "", "places.alias");
}

/* ---- forgetting ---------------------------------------------------------------------------- */

static bool
names_meet(const char *folded, int len, struct span name)
{
	char other[FOLDED_SIZE];
	int n = normalize_fold(name.p, name.n, other, sizeof(other));

	return n > 0 && n == len && memcmp(folded, other, (size_t)n) == 0;
}

/* Whether a line of ours is about a name: its own, or an alias. */
static bool
line_names(struct span line, const char *folded, int len)
{
	const char *p = line.p, *end = line.p + line.n;

	for (int column = 0; column < 10; column++) {
		const char *tab = memchr(p, '\t', (size_t)(end - p));
		struct span field = { p, (size_t)((tab != NULL ? tab : end) - p) };

		if (column == 0 && names_meet(folded, len, field))
			return true;
		for (size_t at = 0; column == 9 && at < field.n;) {
			const char *comma = memchr(field.p + at, ',', field.n - at);
			size_t n = comma != NULL ? (size_t)(comma - field.p) - at : field.n - at;

			if (names_meet(folded, len, (struct span){ field.p + at, n }))
				return true;
			at += n + 1;
		}
		if (tab == NULL)
			return false;
		p = tab + 1;
	}
	return false;
}

/* Copies all lines but those of a name (never the header); how many were left out. */
static size_t
leave_out(const struct buf *before, const char *folded, int len, struct buf *after)
{
	const char *p = buf_str(before), *end = p + before->len;
	size_t left = 0;

	for (bool first = true; p < end; first = false) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		struct span line = { p, (size_t)((nl != NULL ? nl : end) - p) };

		if (!first && line_names(line, folded, len))
			left++;
		else
			buf_add(after, line.p, line.n + (nl != NULL));
		p = nl != NULL ? nl + 1 : end;
	}
	return left;
}

/* A whole import, by the name that list shows. 1: it is gone, 0: there is none of that name, -1. */
static int
forget_import(struct request *r, const char *name)
{
	char path[PATH_SIZE], aside[PATH_SIZE], file[64], detail[8] = "{}", actor[32];

	if (strlen(name) > 40 || *name == '\0' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name) ||
	    strcmp(name, "added") == 0)
		return 0;
	snprintf(file, sizeof(file), "%s.tsv", name);
	if (places_path(r->core, file, path, sizeof(path)) != 0)
		return -1;
	snprintf(file, sizeof(file), ".%s.old", name);
	places_path(r->core, file, aside, sizeof(aside));
	if (rename(path, aside) != 0)
		return errno == ENOENT ? 0 : -1;
	if (places_reload(r->core) != 0) {
		if (rename(aside, path) != 0)
			log_warn("places.forget.undo");
		return -1;
	}
	unlink(aside);
	control_actor(r, actor);
	places_audit(r->core, actor, "places.removed", name, detail);
	return 1;
}

static enum ctl_exit
do_forget(struct request *r)
{
	const char *name = r->ask->word[2];
	char path[PATH_SIZE], folded[FOLDED_SIZE];
	int len = normalize_fold(name, strlen(name), folded, sizeof(folded)), rc;
	struct buf before, after;
	enum ctl_exit done = CTL_REFUSED;

	rc = forget_import(r, name);
	if (rc != 0)
		return rc > 0 ? CTL_DONE : not_written(r);
	buf_init(&after, ADDED_BYTES_MAX);
	if (read_added(r->core, &before, path) != 0) {
		not_written(r);
	} else if (len <= 0 || leave_out(&before, folded, len, &after) == 0) {
		snprintf(r->sentence, sizeof(r->sentence), "'%.60s' was not added by an operator, and no import is called so: "
		    "tocsinctl gazetteer list", name);
	} else if (replace_added(r->core, path, &before, &after) != 0) {
		not_written(r);
	} else {
		note_change(r, "places.forgotten", name);
		done = CTL_DONE;
	}
	buf_release(&after);
	buf_release(&before);
	return done;
}

/* ---- listing ------------------------------------------------------------------------------- */

static size_t
count_rows(const struct buf *text)
{
	const char *p = buf_str(text), *end = p + text->len;
	size_t n = 0;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		n += *p != '#' && *p != '\n' && strncmp(p, "name\t", 5) != 0;
		p = nl != NULL ? nl + 1 : end;
	}
	return n;
}

static void
put_file(struct request *r, const char *name, const char *path)
{
	struct field_out row;
	struct stat st = { 0 };
	struct buf text;

	buf_init(&text, FILE_BYTES_MAX);
	if (file_read(path, &text) == 0 && stat(path, &st) == 0) {
		char when[CLOCK_TEXT_SIZE];

		control_begin(r, &row);
		ctl_put_text(&row, "list", name);
		ctl_put_int(&row, "places", (int64_t)count_rows(&text));
		ctl_put_text(&row, "changed", clock_text((wall_t){ (int64_t)st.st_mtim.tv_sec * 1000 }, when));
		control_row(r, &row);
	}
	buf_release(&text);
}

static enum ctl_exit
do_list(struct request *r)
{
	char dir[PATH_SIZE], **paths = NULL;
	size_t n = 0;

	put_file(r, "shipped", r->core->conf.gazetteer);
	snprintf(dir, sizeof(dir), "%s/" BOOK_PLACES, r->core->conf.state);
	if (file_list(dir, ".tsv", &paths, &n) != 0)
		return CTL_DONE;
	for (size_t i = 0; i < n; i++) {
		const char *base = strrchr(paths[i], '/') + 1;
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(strlen(base) < 60 ? strlen(base) - 4 : 56), base);
		put_file(r, name, paths[i]);
	}
	file_list_free(paths, n);
	return CTL_DONE;
}

/* ---- the command ---------------------------------------------------------------------------- */

/* gazetteer import FILE [COUNTRIES]: "*" for any; without, the gateway's own. */
static enum ctl_exit
do_import(struct request *r)
{
	const char *countries = placerow_country(r->core->conf.country), *file = r->ask->word[2];

	if (r->ask->n > 3)
		countries = strcmp(r->ask->word[3], "*") == 0 ? "" : r->ask->word[3];
	if (file[0] != '/') {
		snprintf(r->sentence, sizeof(r->sentence), "the daemon needs the whole path, from /");
		return CTL_USAGE;
	}
	return import_start(r->places->import, r, file, countries);
}

enum ctl_exit
places_command(struct request *r)
{
	static const struct {
		const char	*word;
		size_t		 min, max;
		enum ctl_exit	(*run)(struct request *);
		const char	*usage;
	} rows[] = {
		{ "import", 3, 4, do_import, "import FILE [ML,BF…|*]" },
		{ "add", 5, 7, do_add, "add NAME LAT LON [KIND] [CERCLE]" },
		{ "alias", 4, 4, do_alias, "alias NAME[/C3] OTHER" },
		{ "forget", 3, 3, do_forget, "forget NAME" },
		{ "find", 3, 3, do_find, "find NAME[/C3]" },
		{ "near", 4, 4, do_near, "near LAT LON" },
		{ "list", 2, 2, do_list, "list" },
	};

	if (r->core->book->places == NULL) {
		snprintf(r->sentence, sizeof(r->sentence), "no places are loaded: the log says why");
		return CTL_REFUSED;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum ctl_exit done;

		if (strcmp(rows[i].word, r->ask->word[1]) != 0)
			continue;
		done = r->ask->n < rows[i].min || r->ask->n > rows[i].max ? CTL_USAGE : rows[i].run(r);
		if (done == CTL_USAGE && r->sentence[0] == '\0')
			snprintf(r->sentence, sizeof(r->sentence), "usage: tocsinctl gazetteer %s", rows[i].usage);
		return done;
	}
	return CTL_USAGE;
}
