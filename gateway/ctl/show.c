/* Rows for a person: a table for lists, one value a line for single things; or JSON as it is. */
#include "ctl/show.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"

#define CELL_MAX	512
#define JSON_DEPTH_MAX	32

/* What a table shows of a row; --json has everything. The last column may be as wide as it likes. */
static const char *const modem_columns[] = { "line", "state", "operator", "signal_dbm", "sim_used", "received", "sent",
    "unknown", "restarts", "since", NULL };
static const char *const inbox_columns[] = { "id", "received", "line", "kind", "state", "result", "incident", NULL };
static const char *const incident_columns[] = { "number", "state", "category", "priority", "place", "mgrs", "reports",
    "stage", "opened", NULL };
static const char *const outbox_columns[] = { "id", "state", "priority", "responder", "changed", "text", NULL };
static const char *const place_columns[] = { "name", "kind", "c3", "cercle", "region", "lat", "lon", "mgrs", "km", NULL };
static const char *const list_columns[] = { "list", "places", "changed", NULL };

static const char *const reporter_columns[] = { "reporter", "opted_in", "silent", "shared", "duress", "language", "village",
    "added", NULL };

static const char *const pack_columns[] = { "pack", "version", "since", "rules", "tests", "in_force", NULL };
static const char *const file_columns[] = { "file", "state", NULL };

static const struct {
	const char	*command;
	const char *const *columns;
} lists[] = {
	{ "modems", modem_columns }, { "inbox", inbox_columns }, { "incidents", incident_columns },
	{ "outbox", outbox_columns }, { "find", place_columns }, { "near", place_columns }, { "list", list_columns },
	{ "reporter", reporter_columns }, { "packs", pack_columns }, { "files", file_columns },
};

void
show_init(struct show *s, const char *command, bool json)
{
	memset(s, 0, sizeof(*s));
	s->json = json;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].command, command) == 0)
			s->columns = lists[i].columns;
	while (s->columns != NULL && s->columns[s->n_columns] != NULL)
		s->n_columns++;
}

void
show_release(struct show *s)
{
	for (size_t i = 0; i < s->n_rows * s->n_columns; i++)
		free(s->cell[i]);
	free(s->cell);
}

/* Text from outside never reaches the terminal raw: controls, bidi marks and the like become '?'. */
static bool
printable(uint32_t cp)
{
	return !(cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x200B && cp <= 0x200F) ||
	    (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF);
}

/* Appends for the terminal; returns the width in characters. Line ends are kept when lines is set. */
static size_t
add_safe(struct buf *out, const char *p, size_t n, bool lines)
{
	const char *end = p + n;
	size_t width = 0;

	while (p < end) {
		const char *from = p;
		uint32_t cp;

		utf8_next(&p, end, &cp);
		if (printable(cp) || (lines && (cp == '\n' || cp == '\t')))
			buf_add(out, from, (size_t)(p - from));
		else
			buf_addc(out, '?');
		width++;
	}
	return width;
}

static const struct ctl_pair *
find(const struct ctl_answer *a, const char *key)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->pair[i].key_len == strlen(key) && memcmp(a->pair[i].key, key, strlen(key)) == 0)
			return &a->pair[i];
	return NULL;
}

static void
keep_row(struct show *s, const struct ctl_answer *a)
{
	char **grown;

	if (s->n_rows == s->room) {
		s->room = s->room == 0 ? 64 : s->room * 2;
		grown = realloc(s->cell, s->room * s->n_columns * sizeof(*grown));
		if (grown == NULL)
			return;
		s->cell = grown;
	}
	for (size_t i = 0; i < s->n_columns; i++) {
		const struct ctl_pair *p = find(a, s->columns[i]);
		struct buf text;

		buf_init(&text, CELL_MAX);
		if (p == NULL || p->kind == CTL_NULL)
			buf_addc(&text, '-');
		else
			add_safe(&text, p->value, p->value_len, false);
		s->cell[s->n_rows * s->n_columns + i] = text.p;		/* NULL: an empty value */
	}
	s->n_rows++;
}

/* Indents JSON, so that reasons can be read by eye. */
static void
print_json(const char *p, size_t n)
{
	struct buf out;
	size_t depth = 1;
	bool quoted = false;

	buf_init(&out, 1u << 18);
	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		if (quoted) {
			buf_addc(&out, c);
			if (c == '\\' && i + 1 < n)
				buf_addc(&out, p[++i]);
			else if (c == '"')
				quoted = false;
			continue;
		}
		if (c == '}' || c == ']')
			depth -= depth > 1;
		if (c == '{' || c == '[')
			depth += depth < JSON_DEPTH_MAX;
		if ((c == '}' || c == ']') && i > 0 && p[i - 1] != '{' && p[i - 1] != '[')
			buf_addf(&out, "\n%*s", (int)(depth * 2), "");
		buf_addc(&out, c);
		quoted = c == '"';
		if (c == ':')
			buf_addc(&out, ' ');
		if (c == ',' || ((c == '{' || c == '[') && i + 1 < n && p[i + 1] != '}' && p[i + 1] != ']'))
			buf_addf(&out, "\n%*s", (int)(depth * 2), "");
	}
	printf("  %s\n", buf_str(&out));
	buf_release(&out);
}

/* The sentences of a decision ("said":["…","…"]), one a line; false when there are none. */
static bool
print_said(const char *json, size_t n)
{
	static const char key[] = "\"said\":[";
	const char *p = memmem(json, n, key, sizeof(key) - 1), *end = json + n;
	bool quoted = false;

	if (p == NULL)
		return false;
	for (p += sizeof(key) - 1; p < end && (quoted || *p != ']'); p++) {
		if (*p == '"') {
			quoted = !quoted;
			fputs(quoted ? "  " : "\n", stdout);
		} else if (quoted && *p == '\\' && p + 1 < end && strchr("\"\\/", p[1]) != NULL) {
			putchar(*++p);
		} else if (quoted) {
			putchar(*p);
		}
	}
	return true;
}

static void
print_pairs(const struct ctl_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct ctl_pair *p = &a->pair[i];
		struct buf text;

		if (p->kind == CTL_NULL)
			continue;
		buf_init(&text, 1u << 17);
		add_safe(&text, p->value, p->value_len, true);
		if (p->kind == CTL_JSON && p->value_len > 40) {
			printf("%.*s:\n", (int)p->key_len, p->key);
			if (!print_said(buf_str(&text), text.len))
				print_json(buf_str(&text), text.len);
		} else if (memchr(p->value, '\n', p->value_len) != NULL) {
			printf("%.*s:\n%s", (int)p->key_len, p->key, buf_str(&text));
		} else {
			printf("%-18.*s %s\n", (int)p->key_len, p->key, buf_str(&text));
		}
		buf_release(&text);
	}
}

void
show_row(struct show *s, const struct ctl_answer *a)
{
	struct buf json;

	if (s->json) {
		buf_init(&json, 1u << 18);
		if (ctl_row_json(a, &json) == 0)
			printf("%s\n", buf_str(&json));
		buf_release(&json);
	} else if (s->columns != NULL) {
		keep_row(s, a);
	} else {
		if (s->n_rows++ > 0)
			printf("\n");
		print_pairs(a);
	}
}

static unsigned long long
number(const struct ctl_pair *p)
{
	char text[24];

	snprintf(text, sizeof(text), "%.*s", (int)(p->value_len < 23 ? p->value_len : 23), p->value);
	return strtoull(text, NULL, 10);
}

/* How far long work is: a bar on a terminal, nothing elsewhere. */
bool
show_progress(const struct ctl_answer *a)
{
	static const char full[] = "########################################";
	const struct ctl_pair *done = find(a, "progress"), *of = find(a, "of");
	unsigned long long n, total;

	if (done == NULL || of == NULL)
		return false;
	n = number(done);
	total = number(of);
	if (isatty(STDERR_FILENO) && total > 0 && n <= total)
		fprintf(stderr, "\r[%-40.*s] %3llu %%%s", (int)(n * 40 / total), full, n * 100 / total, n == total ? "\n" : "");
	return true;
}

static const char *
cell(const struct show *s, size_t row, size_t column)
{
	const char *text = s->cell[row * s->n_columns + column];

	return text != NULL ? text : "";
}

static size_t
width(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += (*text & 0xC0) != 0x80;	/* not a continuation byte */
	return n;
}

void
show_end(struct show *s)
{
	size_t widest[SHOW_COLUMNS_MAX] = { 0 };

	if (s->json || s->columns == NULL) {
		s->n_rows = 0;
		return;
	}
	for (size_t c = 0; c < s->n_columns; c++) {
		widest[c] = width(s->columns[c]);
		for (size_t r = 0; r < s->n_rows; r++)
			if (width(cell(s, r, c)) > widest[c])
				widest[c] = width(cell(s, r, c));
	}
	for (size_t r = 0; r <= s->n_rows; r++)
		for (size_t c = 0; c < s->n_columns; c++) {
			const char *text = r == 0 ? s->columns[c] : cell(s, r - 1, c);
			int pad = c + 1 < s->n_columns ? (int)(widest[c] - width(text)) + 2 : 0;

			printf("%s%*s%s", text, pad, "", c + 1 < s->n_columns ? "" : "\n");
		}
}
