/* Everything people edit, loaded as one and swapped as one: rules, places, routing, templates, roster. */
#include "core/book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/files.h"
#include "base/log.h"

#define GAZETTEER_BYTES_MAX	(64u << 20)
#define SMALL_FILE_MAX		(256u << 10)

static struct rulebook *
load_rules(const char *dir, struct diags *diags)
{
	struct rulebook *rules = NULL;
	struct rule_source *sources = NULL;
	struct buf *texts = NULL;
	char **paths = NULL;
	size_t n = 0, read = 0;

	if (file_list(dir, ".rules", &paths, &n) != 0 || n == 0) {
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, n == 0 && errno == 0 ? "no *.rules file here" :
		    "the folder of the rules cannot be read: %s", strerror(errno));
		goto out;
	}
	sources = calloc(n, sizeof(*sources));
	texts = calloc(n, sizeof(*texts));
	if (sources == NULL || texts == NULL)
		goto out;
	for (; read < n; read++) {
		buf_init(&texts[read], RULES_BYTES_MAX);
		if (file_read(paths[read], &texts[read]) != 0) {
			diag_add(diags, DIAG_ERROR, paths[read], 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
			read++;
			goto out;
		}
		sources[read] = (struct rule_source){ .name = paths[read], .bytes = buf_str(&texts[read]),
		    .len = texts[read].len };
	}
	rules = rulebook_new(sources, n, diags);
out:
	for (size_t i = 0; i < read; i++)
		buf_release(&texts[i]);
	free(texts);
	free(sources);
	file_list_free(paths, n);
	return rules;
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

struct book *
book_load_anyway(const struct conf *conf, struct diags *diags)
{
	struct book *book = calloc(1, sizeof(*book));
	size_t before = diags->errors, failed = 0;

	if (book == NULL)
		return NULL;
	book->rules = load_rules(conf->rules, diags);
	book->places = load_file(conf->gazetteer, GAZETTEER_BYTES_MAX, parse_places, diags);
	book->matrix = load_file(conf->routing, SMALL_FILE_MAX, parse_matrix, diags);
	book->templates = load_file(conf->templates, SMALL_FILE_MAX, parse_templates, diags);
	roster_load(&book->roster, conf->responders, book->matrix, diags);
	if (book->rules != NULL)
		book->tests = rulebook_test(book->rules, book->places, diags, &failed);
	widen_places(book, conf);
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
	gazetteer_free(book->places);
	matrix_free(book->matrix);
	templates_free(book->templates);
	roster_release(&book->roster);
	free(book);
}

/* ---- the last one that was whole --------------------------------------------- */

#define KEPT	"last-good"

static int
copy_file(const char *from, const char *dir, const char *name)
{
	char to[CONF_PATH_SIZE * 2];
	struct buf text;
	int rc;

	buf_init(&text, GAZETTEER_BYTES_MAX);
	snprintf(to, sizeof(to), "%s/%s", dir, name);
	rc = file_read(from, &text);
	if (rc == 0)
		rc = file_replace(to, buf_str(&text), text.len, 0600);
	buf_release(&text);
	return rc;
}

/* Empties a folder of ours of the rule files of last time. */
static int
clear_rules(const char *dir)
{
	char **paths = NULL;
	size_t n = 0;
	int rc = file_list(dir, ".rules", &paths, &n);

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = unlink(paths[i]);
	file_list_free(paths, n);
	return rc;
}

static int
copy_rules(const char *from, const char *dir)
{
	char **paths = NULL;
	size_t n = 0;
	int rc = file_list(from, ".rules", &paths, &n);

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = copy_file(paths[i], dir, strrchr(paths[i], '/') + 1);
	file_list_free(paths, n);
	return rc;
}

/* Where the kept files are: the settings with their paths turned to the copies. -1: a path would be too long. */
static int
kept_conf(const struct conf *conf, struct conf *kept)
{
	const struct { char *to; const char *name; } paths[] = {
		{ kept->rules, "" }, { kept->gazetteer, "/gazetteer.tsv" }, { kept->routing, "/routing.matrix" },
		{ kept->templates, "/templates.tsv" }, { kept->responders, "/responders.conf" },
	};

	*kept = *conf;
	if (strlen(conf->state) + sizeof("/" KEPT "/responders.conf") > CONF_PATH_SIZE)
		return -1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		snprintf(paths[i].to, CONF_PATH_SIZE, "%.200s/" KEPT "%s", conf->state, paths[i].name);
	return 0;
}

int
book_keep(const struct conf *conf)
{
	struct conf *kept = malloc(sizeof(*kept));
	int rc = kept == NULL ? -1 : kept_conf(conf, kept);

	if (rc == 0 && mkdir(kept->rules, 0700) != 0 && errno != EEXIST)
		rc = -1;
	/*
	 * A power cut in here leaves a mixture, which book_start() loads only if the
	 * files themselves are faulty too, and checks like any other.
	 */
	if (rc == 0 && (clear_rules(kept->rules) != 0 || copy_rules(conf->rules, kept->rules) != 0 ||
	    copy_file(conf->gazetteer, kept->rules, "gazetteer.tsv") != 0 ||
	    copy_file(conf->routing, kept->rules, "routing.matrix") != 0 ||
	    copy_file(conf->templates, kept->rules, "templates.tsv") != 0 ||
	    copy_file(conf->responders, kept->rules, "responders.conf") != 0))
		rc = -1;
	free(kept);
	return rc;
}

static void
print_faults(const struct diags *diags)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	diags_print(diags, &text);
	fputs(buf_str(&text), stderr);
	buf_release(&text);
}

struct book *
book_start(const struct conf *conf)
{
	struct conf *kept = malloc(sizeof(*kept));
	struct diags diags, ignored;
	struct book *book;

	diags_init(&diags);
	diags_init(&ignored);
	book = book_load(conf, &diags);
	print_faults(&diags);
	if (book != NULL) {
		if (book_keep(conf) != 0)
			log_warn("book.keep.failed");
	} else if (kept != NULL && kept_conf(conf, kept) == 0 && (book = book_load(kept, &ignored)) != NULL) {
		log_warnx("book.last_good errors=%zu note=\"the files have faults; the last ones without are in force\"",
		    diags.errors);
		book->partial = true;
	} else {
		log_warnx("book.partial errors=%zu note=\"the files have faults; what can be used of them is\"", diags.errors);
		diags_release(&ignored);
		diags_init(&ignored);
		book = book_load_anyway(conf, &ignored);
	}
	diags_release(&ignored);
	diags_release(&diags);
	free(kept);
	return book;
}
