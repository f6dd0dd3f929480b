/* Reads texts one by one out of a file of lines, or out of a backup of the store. */
#include "workbench/corpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/inbox.h"
#include "store/vault.h"

#define COLUMNS_MAX	32
#define ROWS		64	/* of the store, read at once */
#define PARTS_MAX	16
#define NONE		COLUMNS_MAX

struct corpus {
	FILE	*file;			/* or */
	struct store *store;
	struct vault *vault;
	/* a file of lines */
	char	*line;
	size_t	 cap, number, bytes, size;
	bool	 table;
	size_t	 id, text, label;	/* columns; NONE: there is none */
	/* a store */
	struct inbox_row *row;		/* ROWS, and behind them PARTS_MAX */
	size_t	 at, n, read, total;
	int64_t	 below;
	char	 id_text[24];
	char	 joined[INBOX_TEXT_SIZE * 2];
};

/* ---- a file ---- */

static size_t
split(char *line, char *field[COLUMNS_MAX])
{
	size_t n = 0;
	char *tab;

	for (;;) {
		field[n++] = line;
		if (n == COLUMNS_MAX || (tab = strchr(line, '\t')) == NULL)
			return n;
		*tab = '\0';
		line = tab + 1;
	}
}

/* The next line that is not a comment, without its end; false: no more. */
static bool
next_line(struct corpus *c, size_t *len)
{
	ssize_t n;

	while ((n = getline(&c->line, &c->cap, c->file)) != -1) {
		c->number++;
		c->bytes += (size_t)n;
		while (n > 0 && (c->line[n - 1] == '\n' || c->line[n - 1] == '\r'))
			c->line[--n] = '\0';
		*len = (size_t)n;
		if (n > 0 && c->line[0] != '#')
			return true;
	}
	return false;
}

/* A first line with a column called "text" is a header. */
static void
read_header(struct corpus *c)
{
	char *field[COLUMNS_MAX];
	size_t len, n = 0;

	c->id = c->text = c->label = NONE;
	if (next_line(c, &len)) {
		n = split(c->line, field);
		for (size_t i = 0; i < n; i++) {
			if (strcmp(field[i], "text") == 0)
				c->text = i;
			else if (strcmp(field[i], "id") == 0)
				c->id = i;
			else if (strcmp(field[i], "label") == 0)
				c->label = i;
		}
	}
	c->table = c->text != NONE && n > 1;
	if (c->table)
		return;
	rewind(c->file);
	c->number = c->bytes = 0;
}

static int
file_next(struct corpus *c, struct corpus_text *t)
{
	char *field[COLUMNS_MAX];
	size_t len, n;

	while (next_line(c, &len)) {
		snprintf(c->id_text, sizeof(c->id_text), "%zu", c->number);
		*t = (struct corpus_text){ .id = c->id_text, .text = c->line, .len = len, .label = "" };
		if (!c->table)
			return 1;
		n = split(c->line, field);
		if (c->text >= n)
			continue;
		t->text = field[c->text];
		t->len = strlen(t->text);
		if (c->id < n)
			t->id = field[c->id];
		if (c->label < n)
			t->label = field[c->label];
		return 1;
	}
	return 0;
}

/* ---- a store ---- */

/* A long SMS is given where its last row stands; false: this row is another of its parts. */
static bool
join_parts(struct corpus *c, const struct inbox_row *row)
{
	struct inbox_row *part = c->row + ROWS;
	int n = inbox_parts(c->store, row, part, PARTS_MAX);
	size_t len = 0;

	for (int i = 0; i < n; i++) {
		size_t more = strlen(part[i].text);

		if (part[i].id > row->id)
			return false;
		if ((i > 0 && part[i].part.seq == part[i - 1].part.seq) || len + more >= sizeof(c->joined))
			continue;
		memcpy(c->joined + len, part[i].text, more);
		len += more;
	}
	c->joined[len] = '\0';
	return n > 0;
}

static int
store_next(struct corpus *c, struct corpus_text *t)
{
	const struct inbox_row *row;
	int n;

	for (;;) {
		if (c->at == c->n) {
			if ((n = inbox_list(c->store, NULL, c->below, c->row, ROWS)) <= 0)
				return n;
			c->at = 0;
			c->n = (size_t)n;
			c->below = c->row[n - 1].id;
		}
		row = &c->row[c->at++];
		c->read++;
		if ((row->kind != INBOX_TEXT && row->kind != INBOX_PART) || row->text[0] == '\0' ||
		    (row->part.total > 1 && !join_parts(c, row)))
			continue;
		snprintf(c->id_text, sizeof(c->id_text), "%lld", (long long)row->id);
		*t = (struct corpus_text){ .id = c->id_text, .text = row->part.total > 1 ? c->joined : row->text, .label = "" };
		t->len = strlen(t->text);
		return 1;
	}
}

/* A wrong key opens nothing: that is told at once, not by an empty result. */
static bool
readable(struct corpus *c, char *why, size_t size)
{
	int n = inbox_list(c->store, NULL, 0, c->row, ROWS);

	for (int i = 0; i < n; i++) {
		if (c->row[i].kind != INBOX_UNDECODABLE)
			return true;
	}
	if (n > 0)
		snprintf(why, size, "nothing in it opens: is --key the key file of that daemon?");
	return n == 0;
}

static bool
store_begins(struct corpus *c, const char *path, const char *key, char *why, size_t size)
{
	const char *note = NULL;
	enum store_fault fault;
	struct inbox_counts counts;

	if (key == NULL) {
		snprintf(why, size, "this is a backup of a store, its texts are sealed: --key FILE opens them");
		return false;
	}
	if ((c->vault = vault_open(key, 0, &note)) == NULL) {
		snprintf(why, size, "the key cannot be used: %s", note != NULL ? note : "");
		return false;
	}
	c->row = calloc(ROWS + PARTS_MAX, sizeof(*c->row));
	if (c->row == NULL || (c->store = store_open_backup(path, c->vault, &fault, &note)) == NULL) {
		snprintf(why, size, "the backup cannot be read: %s", note != NULL ? note : "out of memory");
		return false;
	}
	if (inbox_count(c->store, &counts) == 0)
		c->total = (size_t)counts.total;
	return readable(c, why, size);
}

/* ---- either ---- */

static bool
is_database(FILE *f)
{
	char head[16] = "";
	bool is = fread(head, 1, sizeof(head), f) == sizeof(head) && memcmp(head, "SQLite format 3", 16) == 0;

	rewind(f);
	return is;
}

struct corpus *
corpus_open(const char *path, const char *key, char *why, size_t size)
{
	struct corpus *c = calloc(1, sizeof(*c));
	struct stat st;

	snprintf(why, size, "out of memory");
	if (c == NULL)
		return NULL;
	if ((c->file = fopen(path, "re")) == NULL || fstat(fileno(c->file), &st) != 0 || !S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s", c->file == NULL ? strerror(errno) : "this is not a file");
		goto fail;
	}
	c->size = (size_t)st.st_size;
	if (!is_database(c->file)) {
		read_header(c);
		return c;
	}
	fclose(c->file);
	c->file = NULL;
	if (store_begins(c, path, key, why, size))
		return c;
fail:
	corpus_close(c);
	return NULL;
}

void
corpus_close(struct corpus *c)
{
	if (c == NULL)
		return;
	if (c->file != NULL)
		fclose(c->file);
	store_close(c->store);
	vault_close(c->vault);
	free(c->row);
	free(c->line);
	free(c);
}

int
corpus_next(struct corpus *c, struct corpus_text *t)
{
	return c->file != NULL ? file_next(c, t) : store_next(c, t);
}

void
corpus_position(const struct corpus *c, size_t *done, size_t *total)
{
	*done = c->file != NULL ? c->bytes : c->read;
	*total = c->file != NULL ? c->size : c->total;
}
