/* Everything people edit, loaded as one and swapped as one: rules, places, routing, templates, roster. */
#include "core/book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/files.h"
#include "base/log.h"
#include "logic/normalize.h"
#include "core/packs.h"
#include "logic/rulelint.h"

#define GAZETTEER_BYTES_MAX	(64u << 20)
#define SMALL_FILE_MAX		(256u << 10)

/* The rule files, kept so that a decision can be told with the line that made it. */
struct book_lines {
	struct rule_source *source;
	struct buf	*text;
	char		**path;
	size_t		 n;
};

static void
lines_free(struct book_lines *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; l->text != NULL && i < l->n; i++)
		buf_release(&l->text[i]);
	free(l->text);
	free(l->source);
	file_list_free(l->path, l->n);
	free(l);
}

static struct book_lines *
load_lines(const char *dir, struct diags *diags)
{
	struct book_lines *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	if (file_list(dir, ".rules", &l->path, &l->n) != 0 || l->n == 0) {
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, l->path != NULL ? "no *.rules file here" :
		    "the folder of the rules cannot be read: %s", strerror(errno));
		goto fail;
	}
	l->source = calloc(l->n, sizeof(*l->source));
	l->text = calloc(l->n, sizeof(*l->text));
	if (l->source == NULL || l->text == NULL)
		goto fail;
	for (size_t i = 0; i < l->n; i++) {
		buf_init(&l->text[i], RULES_BYTES_MAX);
		if (file_read(l->path[i], &l->text[i]) != 0) {
			diag_add(diags, DIAG_ERROR, l->path[i], 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
			goto fail;
		}
		l->source[i] = (struct rule_source){ .name = l->path[i], .bytes = buf_str(&l->text[i]), .len = l->text[i].len };
	}
	return l;
fail:
	lines_free(l);
	return NULL;
}

void
book_rule_line(const struct book *book, const char *file, int line, char *out, size_t size)
{
	const char *p = NULL;
	size_t len = 0;

	if (book->lines != NULL)
		p = rulelint_line(book->lines->source, book->lines->n, file, line, &len);
	out[0] = '\0';
	if (p == NULL)
		return;
	while (len > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		len--;
	}
	if (len >= size) {
		for (len = size - 1; len > 0 && ((unsigned char)p[len] & 0xC0) == 0x80; len--)
			;
	}
	if (len > 0)
		memcpy(out, p, len);
	out[len] = '\0';
}

/* Reads one file and gives its bytes to a parser that returns NULL when it is not content. */
static void *
load_file(const char *path, size_t max, void *(*parse)(const char *, const char *, size_t, struct diags *),
    struct diags *diags)
{
	struct buf text;
	void *made = NULL;

	buf_init(&text, max);
	if (file_read(path, &text) != 0)
		diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
	else
		made = parse(path, buf_str(&text), text.len, diags);
	buf_release(&text);
	return made;
}

static void *
parse_places(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	const struct gazetteer_source source = { file, bytes, len };

	return gazetteer_new(&source, 1, diags);
}

static void *
parse_matrix(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	return matrix_new(file, bytes, len, diags);
}

static void *
parse_templates(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	return templates_new(file, bytes, len, diags);
}

static void *
parse_areas(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	return areas_new(file, bytes, len, diags);
}

/* ---- places of several files ------------------------------------------------- */

#define PLACE_FILES_MAX	64

struct place_files {
	struct gazetteer_source source[PLACE_FILES_MAX];
	struct buf	 text[PLACE_FILES_MAX];
	size_t		 n;
};

static void
add_place_file(struct place_files *f, const char *path)
{
	struct buf *text = &f->text[f->n];

	if (f->n == PLACE_FILES_MAX) {
		log_warnx("places.too_many note=\"further files of places are not read\"");
		return;
	}
	buf_init(text, GAZETTEER_BYTES_MAX);
	if (file_read(path, text) != 0) {
		log_warn("places.unreadable");
		buf_release(text);
		return;
	}
	f->source[f->n++] = (struct gazetteer_source){ path, buf_str(text), text->len };
}

struct gazetteer *
book_places(const struct conf *conf)
{
	struct place_files *f = calloc(1, sizeof(*f));
	struct gazetteer *places = NULL;
	char dir[CONF_PATH_SIZE + sizeof(BOOK_PLACES) + 1], **paths = NULL;
	struct diags diags;
	size_t n = 0;

	if (f == NULL)
		return NULL;
	diags_init(&diags);
	add_place_file(f, conf->gazetteer);
	snprintf(dir, sizeof(dir), "%s/" BOOK_PLACES, conf->state);
	if (f->n == 1 && file_list(dir, ".tsv", &paths, &n) != 0)
		n = 0;		/* nothing was imported or added */
	for (size_t i = 0; i < n; i++)
		add_place_file(f, paths[i]);
	if (f->n > 0)
		places = gazetteer_new(f->source, f->n, &diags);
	if (diags.errors > 0)
		log_warnx("places.faulty lines=%zu note=\"these lines are left out\"", diags.errors);
	for (size_t i = 0; i < f->n; i++)
		buf_release(&f->text[i]);
	file_list_free(paths, n);
	diags_release(&diags);
	free(f);
	return places;
}

/* The rules were tested with what is shipped; from now on all count. */
static void
widen_places(struct book *book, const struct conf *conf)
{
	struct gazetteer *all = book->places != NULL ? book_places(conf) : NULL;

	if (all == NULL)
		return;
	gazetteer_free(book->places);
	book->places = all;
}

/* ---- names of areas ------------------------------------------------------------ */

static bool
folds_to(const char *name, const char *folded)
{
	char out[PLACE_NAME_SIZE];

	return normalize_fold(name, strlen(name), out, sizeof(out)) > 0 && strcmp(out, folded) == 0;
}

/* A place, a cercle or a region, old or new, or an area somebody drew. */
static bool
area_is_known(const struct book *book, const char *folded)
{
	uint32_t row;

	for (size_t i = 0; book->areas != NULL && i < areas_count(book->areas); i++)
		if (strcmp(areas_folded(book->areas, i), folded) == 0)
			return true;
	if (gazetteer_find(book->places, folded, strlen(folded), &row, 1) > 0)
		return true;
	for (size_t i = 0; i < gazetteer_rows(book->places); i++) {
		const struct gazetteer_row *r = gazetteer_row(book->places, i);

		if (folds_to(r->c3, folded) || folds_to(r->cercle, folded) || folds_to(r->region, folded) ||
		    folds_to(r->old_cercle, folded) || folds_to(r->old_region, folded))
			return true;
	}
	return false;
}

/* A misspelt area matches no alert: somebody would never be told, and never know. */
static void
check_areas(const struct book *book, const char *path, struct diags *diags)
{
	for (size_t i = 0; book->places != NULL && i < book->roster.n; i++)
		for (size_t k = 0; k < book->roster.v[i].n_areas; k++)
			if (!area_is_known(book, book->roster.v[i].areas[k]))
				diag_add(diags, DIAG_WARNING, path, 0, 0, NULL, 0,
				    "responder [%s]: no place, cercle, region or area is called '%s': of what happens there "
				    "this person will hear nothing", book->roster.v[i].code, book->roster.v[i].areas[k]);
}

struct book *
book_load_anyway(const struct conf *conf, struct diags *diags)
{
	struct book *book = calloc(1, sizeof(*book));
	size_t before = diags->errors, failed = 0;

	if (book == NULL)
		return NULL;
	book->lines = load_lines(conf->rules, diags);
	if (book->lines != NULL)
		book->rules = rulebook_new(book->lines->source, book->lines->n, diags);
	book->places = load_file(conf->gazetteer, GAZETTEER_BYTES_MAX, parse_places, diags);
	book->matrix = load_file(conf->routing, SMALL_FILE_MAX, parse_matrix, diags);
	book->templates = load_file(conf->templates, SMALL_FILE_MAX, parse_templates, diags);
	if (conf->areas[0] != '\0')
		book->areas = load_file(conf->areas, AREAS_BYTES_MAX, parse_areas, diags);
	roster_load(&book->roster, conf->responders, book->matrix, diags);
	if (book->rules != NULL)
		book->tests = rulebook_test(book->rules, book->places, diags, &failed);
	widen_places(book, conf);
	check_areas(book, conf->responders, diags);
	book->partial = diags->errors != before;
	return book;
}

struct book *
book_load(const struct conf *conf, struct diags *diags)
{
	struct book *book = book_load_anyway(conf, diags);

	if (book != NULL && book->partial) {
		book_free(book);
		return NULL;
	}
	return book;
}

void
book_free(struct book *book)
{
	if (book == NULL)
		return;
	rulebook_free(book->rules);
	lines_free(book->lines);
	gazetteer_free(book->places);
	matrix_free(book->matrix);
	templates_free(book->templates);
	areas_free(book->areas);
	roster_release(&book->roster);
	free(book);
}

/* ---- those that were whole ----------------------------------------------------- */

int
book_keep(const struct conf *conf, struct book *book)
{
	struct packs_entry about = { .since = clock_now().wall, .rules = rulebook_rules(book->rules), .tests = book->tests };

	snprintf(about.version, sizeof(about.version), "%s", rulebook_version(book->rules));
	if (packs_hold(conf, 0) != 0 || packs_keep(conf, &about) != 0)
		return -1;
	book->pack = about.number;
	return 0;
}

struct book *
book_load_pack(const struct conf *conf, unsigned number, struct diags *diags)
{
	struct conf *kept = malloc(sizeof(*kept));
	struct book *book = NULL;
	struct diags first;

	diags_init(&first);
	if (kept != NULL && packs_conf(conf, number, kept) == 0)
		book = book_load(kept, &first);
	if (book == NULL && kept != NULL && packs_conf_all(conf, number, kept) == 0)
		book = book_load(kept, diags);
	if (book != NULL)
		book->pack = number;
	diags_release(&first);
	free(kept);
	return book;
}

/* The newest that loads. */
static struct book *
load_newest(const struct conf *conf)
{
	struct packs_entry v[PACKS_KEPT];
	struct book *book = NULL;
	struct diags ignored;

	for (size_t n = packs_list(conf, v, PACKS_KEPT); n > 0 && book == NULL; n--) {
		diags_init(&ignored);
		book = book_load_pack(conf, v[n - 1].number, &ignored);
		diags_release(&ignored);
	}
	return book;
}

/* What an operator went back to stays in force over a restart. */
static struct book *
load_held(const struct conf *conf)
{
	unsigned held = packs_held(conf);
	struct book *book;
	struct diags ignored;

	if (held == 0)
		return NULL;
	diags_init(&ignored);
	book = book_load_pack(conf, held, &ignored);
	diags_release(&ignored);
	if (book == NULL) {
		log_warnx("book.rolled_back.lost pack=%u note=\"the files are used\"", held);
		return NULL;
	}
	book->rolled_back = true;
	log_warnx("book.rolled_back pack=%u note=\"until the next reload\"", held);
	return book;
}

#define NUMBER_DIGITS	6	/* from here on a row of digits, perhaps with blanks between, may be somebody's number */

/* The log names nobody: digits of what may be a number become '#'. */
static void
hide_numbers(char *p)
{
	while (*p != '\0') {
		size_t n = strspn(p, "0123456789 .()-"), digits = 0;

		for (size_t i = 0; i < n; i++)
			digits += p[i] >= '0' && p[i] <= '9';
		for (size_t i = 0; i < n && digits >= NUMBER_DIGITS; i++)
			if (p[i] >= '0' && p[i] <= '9')
				p[i] = '#';
		p += n + (p[n] != '\0');
	}
}

void
book_print_faults(const struct diags *diags)
{
	struct buf text;
	char *shown;

	buf_init(&text, 1u << 20);
	diags_print(diags, &text);
	shown = strdup(buf_str(&text));
	if (shown != NULL) {
		hide_numbers(shown);
		fputs(shown, stderr);
	}
	free(shown);
	buf_release(&text);
}

struct book *
book_start(const struct conf *conf)
{
	struct book *book = load_held(conf);
	struct diags diags, ignored;

	if (book != NULL)
		return book;
	diags_init(&diags);
	diags_init(&ignored);
	book = book_load(conf, &diags);
	book_print_faults(&diags);
	if (book != NULL) {
		if (book_keep(conf, book) != 0)
			log_warn("book.keep.failed");
	} else if ((book = load_newest(conf)) != NULL) {
		log_warnx("book.last_good errors=%zu note=\"the files have faults; the last ones without are in force\"",
		    diags.errors);
		book->partial = true;
	} else {
		log_warnx("book.partial errors=%zu note=\"the files have faults; what can be used of them is\"", diags.errors);
		book = book_load_anyway(conf, &ignored);
	}
	diags_release(&ignored);
	diags_release(&diags);
	return book;
}
