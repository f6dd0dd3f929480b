/* The line lexer of the text files that people edit. */
#include "logic/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct row {
	const char *p, *end;	/* without the line end */
	int	 line;
};

void
lex_init(struct lex *lx, const char *file, const char *bytes, size_t len, struct diags *diags)
{
	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	*lx = (struct lex){ .file = file, .p = bytes, .end = len > 0 ? bytes + len : bytes, .line = 0, .diags = diags };
}

void
lex_release(struct lex_statement *st)
{
	free(st->v);
	*st = (struct lex_statement){ 0 };
}

void
lex_fault(struct diags *diags, enum diag_level level, const char *file, const struct lex_token *t, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (diags == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	diag_add(diags, level, file, t->line, t->col, t->row, t->row_len, "%s", what);
}

static void
row_fault(struct lex *lx, struct lex_statement *st, const struct row *row, const char *at, const char *what)
{
	const struct lex_token t = { .line = row->line, .col = (int)(at - row->p) + 1, .row = row->p,
		.row_len = (size_t)(row->end - row->p) };

	st->faulty = true;
	lex_fault(lx->diags, DIAG_ERROR, lx->file, &t, "%s", what);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes one line; false at the end of the file. */
static bool
row_next(struct lex *lx, struct row *row)
{
	const char *nl;

	if (lx->p == lx->end)
		return false;
	row->p = lx->p;
	nl = memchr(lx->p, '\n', (size_t)(lx->end - lx->p));
	row->end = nl != NULL ? nl : lx->end;
	lx->p = nl != NULL ? nl + 1 : lx->end;
	if (row->end > row->p && row->end[-1] == '\r')
		row->end--;
	row->line = ++lx->line;
	return true;
}

/* Is the next line an indented one with something on it? */
static bool
row_continues(const struct lex *lx)
{
	const char *p = lx->p;

	if (p == lx->end || !blank(*p))
		return false;
	while (p < lx->end && blank(*p))
		p++;
	return p < lx->end && *p != '\n' && *p != '\r' && *p != '#';
}

static bool
row_is_empty(const struct row *row)
{
	const char *p = row->p;

	while (p < row->end && blank(*p))
		p++;
	return p == row->end || *p == '#';
}

/* Comment lines and empty lines between a statement and its continuation belong to neither. */
static bool
skip_to_continuation(struct lex *lx)
{
	struct lex ahead = *lx;
	struct row row;

	while (!row_continues(&ahead)) {
		if (!row_next(&ahead, &row) || !row_is_empty(&row))
			return false;
	}
	*lx = ahead;
	return true;
}

static int
push(struct lex *lx, struct lex_statement *st, const struct row *row, enum lex_kind kind, const char *p, const char *end,
    const char *at)
{
	struct lex_token *v;
	size_t cap;

	if (st->n == LEX_TOKENS_MAX) {
		if (!st->faulty)
			row_fault(lx, st, row, at, "this statement is too long: begin a new one");
		return 0;
	}
	if (st->n == st->cap) {
		cap = st->cap == 0 ? 64 : st->cap * 2;
		if ((v = realloc(st->v, cap * sizeof(*v))) == NULL)
			return -1;
		st->v = v;
		st->cap = cap;
	}
	st->v[st->n++] = (struct lex_token){ .kind = kind, .p = p, .len = (size_t)(end - p), .line = row->line,
		.col = (int)(at - row->p) + 1, .row = row->p, .row_len = (size_t)(row->end - row->p) };
	return 0;
}

/* The closing delimiter after p, or NULL. A backslash protects the next character. */
static const char *
closing(const char *p, const char *end, char delimiter)
{
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == delimiter)
			return p;
	}
	return NULL;
}

static const char *
word_end(const char *p, const char *end)
{
	while (p < end && !blank(*p) && *p != ',' && *p != '"')
		p++;
	return p;
}

/* One token at *at; moves *at behind it. */
static int
token(struct lex *lx, struct lex_statement *st, const struct row *row, const char **at)
{
	const char *p = *at, *end;

	if (*p == ',') {
		*at = p + 1;
		return push(lx, st, row, LEX_COMMA, p, p + 1, p);
	}
	if (*p != '"' && *p != '/') {
		*at = end = word_end(p, row->end);
		return push(lx, st, row, LEX_WORD, p, end, p);
	}
	end = closing(p + 1, row->end, *p);
	if (end == NULL) {
		row_fault(lx, st, row, p, *p == '"' ? "this string has no closing quote" : "this pattern has no closing slash");
		*at = row->end;
		return 0;
	}
	*at = end + 1;
	return push(lx, st, row, *p == '"' ? LEX_STRING : LEX_PATTERN, p + 1, end, p);
}

static void
check_bytes(struct lex *lx, struct lex_statement *st, const struct row *row)
{
	const char *p = row->p, *at;
	uint32_t cp;

	while (p < row->end) {
		at = p;
		if (!utf8_next(&p, row->end, &cp)) {
			row_fault(lx, st, row, at, "this is not UTF-8: save the file as UTF-8");
			return;
		}
		if ((cp < 0x20 && cp != '\t') || cp == 0x7F) {
			row_fault(lx, st, row, at, "a control character has no place here");
			return;
		}
	}
}

static int
tokens(struct lex *lx, struct lex_statement *st, const struct row *row)
{
	const char *p = row->p;

	check_bytes(lx, st, row);
	while (p < row->end) {
		if (blank(*p))
			p++;
		else if (*p == '#')
			break;
		else if (token(lx, st, row, &p) == -1)
			return -1;
	}
	return 0;
}

int
lex_next(struct lex *lx, struct lex_statement *st)
{
	struct row row;

	st->n = 0;
	st->faulty = false;
	do {
		if (!row_next(lx, &row))
			return 0;
	} while (row_is_empty(&row));
	if (blank(*row.p))
		row_fault(lx, st, &row, row.p, "this line is indented but there is nothing above that it continues");
	if (tokens(lx, st, &row) == -1)
		return -1;
	while (skip_to_continuation(lx)) {
		if (row_next(lx, &row) && tokens(lx, st, &row) == -1)
			return -1;
	}
	return 1;
}

bool
lex_is(const struct lex_token *t, const char *word)
{
	return t->kind == LEX_WORD && strlen(word) == t->len && memcmp(t->p, word, t->len) == 0;
}

int
lex_unquote(const struct lex_token *t, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++) {
		if (t->p[i] == '\\' && i + 1 < t->len && (t->p[i + 1] == '"' || t->p[i + 1] == '\\'))
			i++;
		if (n + 1 >= size)
			return -1;
		out[n++] = t->p[i];
	}
	if (size == 0)
		return -1;
	out[n] = '\0';
	return (int)n;
}
