/* The parts that statements of rule files are made of, and what is said when one is wrong. */
#include "logic/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/gsm7.h"

/* ---- faults and suggestions ---- */

const struct lex_token *
reader_peek(const struct reader *r)
{
	return r->i < r->st.n ? &r->st.v[r->i] : NULL;
}

/* Where to point: the next token, or behind the last one. */
static struct lex_token
here(const struct reader *r)
{
	struct lex_token t;

	if (r->i < r->st.n)
		return r->st.v[r->i];
	t = r->st.v[r->st.n - 1];
	t.col = (int)(t.p - t.row) + (int)t.len + 1;
	return t;
}

void
reader_fault_at(struct reader *r, const struct lex_token *t, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	lex_fault(r->diags, DIAG_ERROR, r->file, t, "%s", what);
}

void
reader_fault(struct reader *r, const char *fmt, ...)
{
	const struct lex_token t = here(r);
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	lex_fault(r->diags, DIAG_ERROR, r->file, &t, "%s", what);
}

/* Edit distance of two short words, at most 3. */
static unsigned
distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[33], diagonal, above;

	if (n > 32 || m > 32)
		return 3;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			above = row[j];
			row[j] = diagonal + (a[i - 1] != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			diagonal = above;
		}
	}
	return row[m] > 3 ? 3 : row[m];
}

void
reader_guess(struct guess *g, const struct lex_token *t, const char *candidate)
{
	unsigned d = distance(t->p, t->len, candidate, strlen(candidate));

	/* A short word resembles too many others. */
	if (d < g->distance && d * 2 <= t->len) {
		g->distance = d;
		g->best = candidate;
	}
}

/* " (did you mean 'x'?)" or nothing. */
const char *
reader_guess_words(const struct guess *g, char *out, size_t size)
{
	if (g->best == NULL)
		out[0] = '\0';
	else
		snprintf(out, size, " (did you mean '%s'?)", g->best);
	return out;
}

/* ---- small parts of statements ---- */

char *
reader_keep(struct reader *r, const char *p, size_t len)
{
	char *copy = arena_strndup(&r->rb->arena, p, len);

	if (copy == NULL)
		r->out_of_memory = true;
	return copy;
}

struct rule_ref
reader_ref(const struct reader *r)
{
	return (struct rule_ref){ r->file, r->st.v[0].line };
}

/* The next token if it is a word; else a fault naming what is missing. */
const struct lex_token *
reader_word(struct reader *r, const char *what)
{
	const struct lex_token *t = reader_peek(r);

	if (t == NULL || t->kind != LEX_WORD) {
		reader_fault(r, "%s is missing here", what);
		return NULL;
	}
	r->i++;
	return t;
}

bool
reader_end(struct reader *r)
{
	if (reader_peek(r) == NULL)
		return true;
	reader_fault(r, "nothing more is expected here");
	return false;
}

bool
reader_number(const struct lex_token *t, uint32_t *n)
{
	*n = 0;
	if (t->kind != LEX_WORD || t->len == 0 || t->len > 6)
		return false;
	for (size_t i = 0; i < t->len; i++) {
		if (t->p[i] < '0' || t->p[i] > '9')
			return false;
		*n = *n * 10 + (uint32_t)(t->p[i] - '0');
	}
	return true;
}

/* P1 … P4; 0 when it is not one. */
uint8_t
reader_priority(const char *p, size_t len)
{
	return len == 2 && (p[0] == 'P' || p[0] == 'p') && p[1] >= '1' && p[1] <= '4' ? (uint8_t)(p[1] - '0') : 0;
}

bool
reader_is_code(const char *p, size_t len)
{
	if (len < 2 || len >= CODE_SIZE)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!(p[i] >= 'A' && p[i] <= 'Z') && !(i > 0 && p[i] >= '0' && p[i] <= '9'))
			return false;
	}
	return true;
}

uint8_t
reader_find_category(const struct rulebook *rb, const char *p, size_t len)
{
	for (size_t i = 0; i < rb->n_categories; i++) {
		if (strlen(rb->category[i].code) == len && memcmp(rb->category[i].code, p, len) == 0)
			return (uint8_t)i;
	}
	return CATEGORY_NONE;
}

void
reader_unknown_category(struct reader *r, const struct lex_token *t)
{
	struct guess g = { NULL, 3 };
	char hint[64];

	for (size_t i = 0; i < r->rb->n_categories; i++)
		reader_guess(&g, t, r->rb->category[i].code);
	reader_fault_at(r, t, "unknown category '%.*s'%s", (int)t->len, t->p, reader_guess_words(&g, hint, sizeof(hint)));
}

bool
reader_category(struct reader *r, uint8_t *category)
{
	const struct lex_token *t = reader_word(r, "a category");

	if (t == NULL)
		return false;
	if ((*category = reader_find_category(r->rb, t->p, t->len)) != CATEGORY_NONE)
		return true;
	reader_unknown_category(r, t);
	return false;
}

/* Codes until the end, with or without commas. */
uint32_t
reader_codes(struct reader *r)
{
	uint32_t set = 0;
	uint8_t c;

	if (reader_peek(r) == NULL)
		reader_fault(r, "a category is missing here");
	while (reader_peek(r) != NULL) {
		if (reader_peek(r)->kind == LEX_COMMA)
			r->i++;
		else if (reader_category(r, &c))
			set |= UINT32_C(1) << c;
		else if (reader_peek(r) != NULL && reader_peek(r)->kind != LEX_WORD)
			return set;
	}
	return set;
}

/* A name of ours: lower-case letters, digits, hyphens. */
char *
reader_name(struct reader *r, const char *what)
{
	const struct lex_token *t = reader_word(r, what);

	if (t == NULL)
		return NULL;
	for (size_t i = 0; i < t->len; i++) {
		char c = t->p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
			reader_fault_at(r, t, "'%.*s' is not a name: use a-z, 0-9 and hyphens", (int)t->len, t->p);
			return NULL;
		}
	}
	if (t->len >= WORD_MAX) {
		reader_fault_at(r, t, "this name is longer than %d letters", WORD_MAX - 1);
		return NULL;
	}
	return reader_keep(r, t->p, t->len);
}

bool
reader_language(struct reader *r, struct rule *rule)
{
	const struct lex_token *t = reader_word(r, "a language (fr, en, bm … or * for any)");
	bool ok;

	if (t == NULL)
		return false;
	ok = lex_is(t, "*") || t->len == 2 || t->len == 3;
	for (size_t i = 0; ok && i < t->len && !lex_is(t, "*"); i++)
		ok = t->p[i] >= 'a' && t->p[i] <= 'z';
	if (!ok)
		reader_fault_at(r, t, "'%.*s' is not a language: two or three small letters (fr, en, bm), or * for any",
		    (int)t->len, t->p);
	else
		memcpy(rule->language, t->p, t->len);
	return ok;
}

/* A label that goes into an SMS: GSM-7 basic set, and not too long. */
bool
reader_label(struct reader *r, char *out, size_t size)
{
	const struct lex_token *t = reader_peek(r);
	char text[128];
	int len;

	if (t == NULL || t->kind != LEX_STRING) {
		reader_fault(r, "a label in \"quotes\" is missing here");
		return false;
	}
	r->i++;
	len = lex_unquote(t, text, sizeof(text));
	if (len <= 0 || (size_t)len >= size) {
		reader_fault_at(r, t, "a label has 1 to %zu bytes", size - 1);
		return false;
	}
	if (gsm7_septets(text, (size_t)len) == -1) {
		reader_fault_at(r, t, "'%s' has a letter that a plain SMS cannot carry: write it without accents", text);
		return false;
	}
	memcpy(out, text, (size_t)len + 1);
	return true;
}
