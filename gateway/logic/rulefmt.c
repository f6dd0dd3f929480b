/* Lays out rule files: reads lines into tokens, measures columns, writes them again. */
#include "logic/rulefmt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "logic/lex.h"

#define COLUMN_MAX	40	/* wider things do not push their neighbours */
#define COLUMNS		10	/* of a category */
#define BOM		"\xEF\xBB\xBF"

enum line_kind { LINE_EMPTY, LINE_COMMENT, LINE_STATEMENT, LINE_CONTINUED, LINE_RAW };

struct token {
	enum lex_kind kind;
	const char *p;			/* with its quotes or slashes */
	size_t	 len;
};

struct line {
	enum line_kind kind;
	bool	 indented;
	const char *p;			/* the whole line, for LINE_RAW */
	size_t	 len;
	size_t	 first, n;		/* tokens */
	const char *comment;		/* from its "#"; NULL: none */
	size_t	 comment_len;
};

struct fmt {
	struct line *line;
	size_t	 n_lines, cap_lines;
	struct token *token;
	size_t	 n_tokens, cap_tokens;
	struct buf *out;
};

/* ---- reading ---- */

static void *
room(void *v, size_t *cap, size_t n, size_t size)
{
	void *p;

	if (n < *cap)
		return v;
	if ((p = realloc(v, (*cap == 0 ? 64 : *cap * 2) * size)) != NULL)
		*cap = *cap == 0 ? 64 : *cap * 2;
	return p;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
trimmed(const char *p, const char *end)
{
	while (end > p && blank(end[-1]))
		end--;
	return end;
}

static bool
readable(const char *p, const char *end)
{
	uint32_t cp;

	while (p < end) {
		if (!utf8_next(&p, end, &cp) || (cp < 0x20 && cp != '\t') || cp == 0x7F)
			return false;
	}
	return true;
}

/* The end of the token at p; NULL: its quote or slash is not closed. */
static const char *
token_end(const char *p, const char *end, enum lex_kind *kind)
{
	char delimiter = *p;

	*kind = *p == ',' ? LEX_COMMA : *p == '"' ? LEX_STRING : *p == '/' ? LEX_PATTERN : LEX_WORD;
	if (*kind == LEX_COMMA)
		return p + 1;
	if (*kind == LEX_WORD) {
		while (p < end && !blank(*p) && *p != ',' && *p != '"')
			p++;
		return p;
	}
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == delimiter)
			return p + 1;
	}
	return NULL;
}

/* -1: no memory. A line that cannot be read becomes LINE_RAW. */
static int
read_tokens(struct fmt *f, struct line *l, const char *p, const char *end)
{
	struct token t;
	void *v;

	while (p < end) {
		if (blank(*p)) {
			p++;
			continue;
		}
		if (*p == '#') {
			l->comment = p;
			l->comment_len = (size_t)(trimmed(p, end) - p);
			return 0;
		}
		t.p = p;
		if ((p = token_end(p, end, &t.kind)) == NULL) {
			f->n_tokens = l->first;
			l->n = 0;
			l->comment = NULL;
			l->kind = LINE_RAW;
			return 0;
		}
		t.len = (size_t)(p - t.p);
		if ((v = room(f->token, &f->cap_tokens, f->n_tokens, sizeof(t))) == NULL)
			return -1;
		f->token = v;
		f->token[f->n_tokens++] = t;
		l->n++;
	}
	return 0;
}

static int
read_line(struct fmt *f, const char *p, const char *end)
{
	struct line l = { .p = p, .len = (size_t)(end - p), .first = f->n_tokens };
	void *v;

	if (end > p && end[-1] == '\r')
		end--;
	l.indented = p < end && blank(*p);
	l.kind = l.indented ? LINE_CONTINUED : LINE_STATEMENT;
	if (!readable(p, end))
		l.kind = LINE_RAW;
	else if (read_tokens(f, &l, p, end) == -1)
		return -1;
	if (l.kind != LINE_RAW && l.n == 0)
		l.kind = l.comment != NULL ? LINE_COMMENT : LINE_EMPTY;
	if ((v = room(f->line, &f->cap_lines, f->n_lines, sizeof(l))) == NULL)
		return -1;
	f->line = v;
	f->line[f->n_lines++] = l;
	return 0;
}

static int
read_lines(struct fmt *f, const char *p, const char *end)
{
	const char *nl;

	while (p < end) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (read_line(f, p, nl != NULL ? nl : end) == -1)
			return -1;
		p = nl != NULL ? nl + 1 : end;
	}
	return 0;
}

/* ---- heads: what stands before the words of a rule ---- */

static bool
token_is(const struct token *t, const char *word)
{
	return t->kind == LEX_WORD && t->len == strlen(word) && memcmp(t->p, word, t->len) == 0;
}

static bool
is_code(const struct token *t)
{
	if (t->kind != LEX_WORD || t->len < 2)
		return false;
	for (size_t i = 0; i < t->len; i++) {
		if (!(t->p[i] >= 'A' && t->p[i] <= 'Z') && !(i > 0 && t->p[i] >= '0' && t->p[i] <= '9'))
			return false;
	}
	return true;
}

static const struct head {
	const char *word;
	size_t	 n;		/* tokens */
	bool	 columns;	/* neighbours of this kind are laid out in columns */
} heads[] = {
	{ "category", 2, true }, { "tag", 2, true }, { "list", 2, true }, { "family", 2, true }, { "covers", 2, true },
	{ "test", 0, false }, { "sound", 0, false }, { "past-lowers", 1, false }, { "hearsay-urgent", 1, false },
	{ "number", 3, false },
};

static const struct head *
head_of(const struct token *t)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (token_is(t, heads[i].word))
			return &heads[i];
	}
	return NULL;
}

/* unless medical ATK,WND: the codes belong to the head. */
static size_t
unless_head(const struct token *t, size_t n)
{
	size_t i = 2;

	while (i < n && (is_code(&t[i]) || (t[i].kind == LEX_COMMA && i + 1 < n && is_code(&t[i + 1]))))
		i++;
	return i;
}

static size_t
head_length(const struct token *t, size_t n)
{
	const struct head *h = head_of(t);

	if (h != NULL)
		return h->n;
	if (token_is(t, "unless"))
		return unless_head(t, n);
	return is_code(t) ? 3 : 2;
}

/* ---- columns ---- */

static size_t
width(const struct token *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += ((unsigned char)t->p[i] & 0xC0) != 0x80;
	return n;
}

/* How many columns of a line of this kind are padded: all of a category or tag, else the head. */
static size_t
padded(const struct fmt *f, const struct line *l)
{
	const struct token *t = &f->token[l->first];
	const struct head *h = head_of(t);
	size_t n;

	if (h == NULL || !h->columns)
		return 0;
	n = token_is(t, "category") || token_is(t, "tag") || h->n > l->n ? l->n : h->n;
	return n < COLUMNS ? n : COLUMNS;
}

/* Lines of one kind under each other, with what continues them: [from, end). */
static size_t
block_end(const struct fmt *f, size_t from)
{
	const struct token *first = &f->token[f->line[from].first], *t;
	size_t i = from + 1;

	for (; i < f->n_lines; i++) {
		const struct line *l = &f->line[i];

		if (l->kind == LINE_CONTINUED)
			continue;
		t = &f->token[l->first];
		if (l->kind != LINE_STATEMENT || t->len != first->len || memcmp(t->p, first->p, t->len) != 0)
			break;
	}
	return i;
}

static void
measure(const struct fmt *f, size_t from, size_t end, size_t column[COLUMNS])
{
	size_t n, w;

	memset(column, 0, COLUMNS * sizeof(*column));
	for (size_t i = from; i < end; i++) {
		n = f->line[i].kind == LINE_STATEMENT ? padded(f, &f->line[i]) : 0;
		for (size_t k = 0; k < n; k++) {
			w = width(&f->token[f->line[i].first + k]);
			if (w > column[k] && w <= COLUMN_MAX)
				column[k] = w;
		}
	}
}

/* ---- writing ---- */

static void
spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_addc(out, ' ');
}

/* Where the marks at the end begin: !now !P1. */
static size_t
marks(const struct token *t, size_t n)
{
	size_t i = n;

	while (i > 0 && t[i - 1].kind == LEX_WORD && t[i - 1].p[0] == '!')
		i--;
	return i;
}

static void
write_tokens(struct fmt *f, const struct line *l, const size_t column[COLUMNS])
{
	const struct token *t = &f->token[l->first];
	size_t head = l->kind == LINE_STATEMENT ? head_length(t, l->n) : 0, pads = l->kind == LINE_STATEMENT ? padded(f, l) : 0;
	size_t first_mark = marks(t, l->n), w;

	for (size_t i = 0; i < l->n; i++) {
		if (i > 0 && t[i].kind != LEX_COMMA) {
			w = width(&t[i - 1]);
			if (i - 1 < pads && w < column[i - 1])
				spaces(f->out, column[i - 1] - w);
			spaces(f->out, i == head || (i == first_mark && head > 0) || (i == first_mark && l->kind == LINE_CONTINUED) ? 2 : 1);
		}
		buf_add(f->out, t[i].p, t[i].len);
	}
}

static void
write_line(struct fmt *f, const struct line *l, const size_t column[COLUMNS])
{
	if (l->kind == LINE_RAW) {
		buf_add(f->out, l->p, l->len);
	} else {
		if (l->indented && l->kind != LINE_EMPTY)
			buf_addc(f->out, '\t');
		if (l->n > 0)
			write_tokens(f, l, column);
		if (l->comment != NULL) {
			spaces(f->out, l->n > 0 ? 2 : 0);
			buf_add(f->out, l->comment, l->comment_len);
		}
	}
	buf_addc(f->out, '\n');
}

static void
write_lines(struct fmt *f)
{
	size_t column[COLUMNS] = { 0 }, end = 0;
	bool wrote = false, gap = false;

	for (size_t i = 0; i < f->n_lines; i++) {
		const struct line l = f->line[i];

		if (l.kind == LINE_EMPTY) {
			gap = true;
			continue;
		}
		if (gap && wrote)
			buf_addc(f->out, '\n');
		gap = false;
		if (i >= end && l.kind == LINE_STATEMENT) {
			end = block_end(f, i);
			measure(f, i, end, column);
		}
		write_line(f, &l, column);
		wrote = true;
	}
}

/* A byte order mark means nothing at the start, but in a line that empty lines keep from the start it is a letter. */
static bool
begins_with_mark(const struct fmt *f)
{
	size_t i = 0;

	while (i < f->n_lines && f->line[i].kind == LINE_EMPTY)
		i++;
	return i < f->n_lines && f->line[i].len >= 3 && memcmp(f->line[i].p, BOM, 3) == 0;
}

int
rulefmt(const char *bytes, size_t len, struct buf *out)
{
	struct fmt f = { .out = out };
	int rc = -1;

	if (len >= 3 && memcmp(bytes, BOM, 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	if (len == 0)
		return 0;
	if (read_lines(&f, bytes, bytes + len) == 0) {
		if (begins_with_mark(&f))
			buf_adds(out, BOM);
		write_lines(&f);
		rc = out->failed ? -1 : 0;
	}
	free(f.line);
	free(f.token);
	return rc;
}

/* ---- comparing ---- */

static bool
same_statement(const struct lex_statement *a, const struct lex_statement *b)
{
	if (a->n != b->n || a->faulty != b->faulty)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].kind != b->v[i].kind || a->v[i].len != b->v[i].len || memcmp(a->v[i].p, b->v[i].p, a->v[i].len) != 0)
			return false;
	}
	return true;
}

bool
rulefmt_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct lex_statement sa = { 0 }, sb = { 0 };
	struct lex la, lb;
	int ra, rb;
	bool same;

	lex_init(&la, "", a, a_len, NULL);
	lex_init(&lb, "", b, b_len, NULL);
	do {
		ra = lex_next(&la, &sa);
		rb = lex_next(&lb, &sb);
		same = ra == rb && ra != -1 && (ra == 0 || same_statement(&sa, &sb));
	} while (same && ra == 1);
	lex_release(&sa);
	lex_release(&sb);
	return same;
}
