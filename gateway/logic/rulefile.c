/* Reads rule files, statement by statement, and reports every fault with its place. */
#include "logic/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"
#include "logic/lex.h"
#include "logic/normalize.h"

#define ITEM_SIZE	256	/* bytes of one phrase as written */

struct reader {
	struct rulebook *rb;
	struct diags *diags;
	const char *file;		/* in the arena */
	struct lex_statement st;
	size_t	 i;			/* next token */
	bool	 out_of_memory;
};

/* ---- faults and suggestions ---- */

static const struct lex_token *
peek(const struct reader *r)
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

static void fault_at(struct reader *, const struct lex_token *, const char *, ...) __attribute__((format(printf, 3, 4)));
static void fault(struct reader *, const char *, ...) __attribute__((format(printf, 2, 3)));

static void
fault_at(struct reader *r, const struct lex_token *t, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	lex_fault(r->diags, DIAG_ERROR, r->file, t, "%s", what);
}

static void
fault(struct reader *r, const char *fmt, ...)
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

struct guess {
	const char *best;
	unsigned distance;
};

static void
guess_try(struct guess *g, const struct lex_token *t, const char *candidate)
{
	unsigned d = distance(t->p, t->len, candidate, strlen(candidate));

	/* A short word resembles too many others. */
	if (d < g->distance && d * 2 <= t->len) {
		g->distance = d;
		g->best = candidate;
	}
}

/* " (did you mean 'x'?)" or nothing. */
static const char *
guess_words(const struct guess *g, char *out, size_t size)
{
	if (g->best == NULL)
		out[0] = '\0';
	else
		snprintf(out, size, " (did you mean '%s'?)", g->best);
	return out;
}

/* ---- small parts of statements ---- */

static char *
keep(struct reader *r, const char *p, size_t len)
{
	char *copy = arena_strndup(&r->rb->arena, p, len);

	if (copy == NULL)
		r->out_of_memory = true;
	return copy;
}

static struct rule_ref
ref_of(const struct reader *r)
{
	return (struct rule_ref){ r->file, r->st.v[0].line };
}

/* The next token if it is a word; else a fault naming what is missing. */
static const struct lex_token *
want_word(struct reader *r, const char *what)
{
	const struct lex_token *t = peek(r);

	if (t == NULL || t->kind != LEX_WORD) {
		fault(r, "%s is missing here", what);
		return NULL;
	}
	r->i++;
	return t;
}

static bool
want_end(struct reader *r)
{
	if (peek(r) == NULL)
		return true;
	fault(r, "nothing more is expected here");
	return false;
}

static bool
number_of(const struct lex_token *t, uint32_t *n)
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
static uint8_t
priority_of(const char *p, size_t len)
{
	return len == 2 && (p[0] == 'P' || p[0] == 'p') && p[1] >= '1' && p[1] <= '4' ? (uint8_t)(p[1] - '0') : 0;
}

static bool
looks_like_code(const char *p, size_t len)
{
	if (len < 2 || len >= CODE_SIZE)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!(p[i] >= 'A' && p[i] <= 'Z') && !(i > 0 && p[i] >= '0' && p[i] <= '9'))
			return false;
	}
	return true;
}

static uint8_t
category_of(const struct rulebook *rb, const char *p, size_t len)
{
	for (size_t i = 0; i < rb->n_categories; i++) {
		if (strlen(rb->category[i].code) == len && memcmp(rb->category[i].code, p, len) == 0)
			return (uint8_t)i;
	}
	return CATEGORY_NONE;
}

static void
unknown_category(struct reader *r, const struct lex_token *t)
{
	struct guess g = { NULL, 3 };
	char hint[64];

	for (size_t i = 0; i < r->rb->n_categories; i++)
		guess_try(&g, t, r->rb->category[i].code);
	fault_at(r, t, "unknown category '%.*s'%s", (int)t->len, t->p, guess_words(&g, hint, sizeof(hint)));
}

static bool
want_category(struct reader *r, uint8_t *category)
{
	const struct lex_token *t = want_word(r, "a category");

	if (t == NULL)
		return false;
	if ((*category = category_of(r->rb, t->p, t->len)) != CATEGORY_NONE)
		return true;
	unknown_category(r, t);
	return false;
}

/* Codes until the end, with or without commas. */
static uint32_t
want_codes(struct reader *r)
{
	uint32_t set = 0;
	uint8_t c;

	if (peek(r) == NULL)
		fault(r, "a category is missing here");
	while (peek(r) != NULL) {
		if (peek(r)->kind == LEX_COMMA)
			r->i++;
		else if (want_category(r, &c))
			set |= UINT32_C(1) << c;
		else if (peek(r) != NULL && peek(r)->kind != LEX_WORD)
			return set;
	}
	return set;
}

/* A name of ours: lower-case letters, digits, hyphens. */
static char *
want_name(struct reader *r, const char *what)
{
	const struct lex_token *t = want_word(r, what);

	if (t == NULL)
		return NULL;
	for (size_t i = 0; i < t->len; i++) {
		char c = t->p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
			fault_at(r, t, "'%.*s' is not a name: use a-z, 0-9 and hyphens", (int)t->len, t->p);
			return NULL;
		}
	}
	if (t->len >= WORD_MAX) {
		fault_at(r, t, "this name is longer than %d letters", WORD_MAX - 1);
		return NULL;
	}
	return keep(r, t->p, t->len);
}

static bool
want_language(struct reader *r, struct rule *rule)
{
	const struct lex_token *t = want_word(r, "a language (fr, en, bm … or * for any)");
	bool ok;

	if (t == NULL)
		return false;
	ok = lex_is(t, "*") || t->len == 2 || t->len == 3;
	for (size_t i = 0; ok && i < t->len && !lex_is(t, "*"); i++)
		ok = t->p[i] >= 'a' && t->p[i] <= 'z';
	if (!ok)
		fault_at(r, t, "'%.*s' is not a language: two or three small letters (fr, en, bm), or * for any",
		    (int)t->len, t->p);
	else
		memcpy(rule->language, t->p, t->len);
	return ok;
}

/* A label that goes into an SMS: GSM-7 basic set, and not too long. */
static bool
want_label(struct reader *r, char *out, size_t size)
{
	const struct lex_token *t = peek(r);
	char text[128];
	int len;

	if (t == NULL || t->kind != LEX_STRING) {
		fault(r, "a label in \"quotes\" is missing here");
		return false;
	}
	r->i++;
	len = lex_unquote(t, text, sizeof(text));
	if (len <= 0 || (size_t)len >= size) {
		fault_at(r, t, "a label has 1 to %zu bytes", size - 1);
		return false;
	}
	if (gsm7_septets(text, (size_t)len) == -1) {
		fault_at(r, t, "'%s' has a letter that a plain SMS cannot carry: write it without accents", text);
		return false;
	}
	memcpy(out, text, (size_t)len + 1);
	return true;
}

/* ---- words and patterns ---- */

/* What one statement's words and patterns have in common. */
struct items {
	uint32_t rule;
	enum spelling spelling;
	size_t	 end;			/* tokens before the flags */
};

static bool
word_chars_ok(struct reader *r, const struct lex_token *t, const char *p, size_t len)
{
	static const char allowed[] = "'-.";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    strchr(allowed, c) != NULL)
			continue;
		fault_at(r, t, "'%c' means nothing in a word: use a /pattern/ for this", c);
		return false;
	}
	return true;
}

struct words {
	struct word v[PHRASE_WORDS];
	size_t	 n;
};

static bool
words_add(struct reader *r, const struct lex_token *t, struct words *ws, enum word_kind kind, const char *p, size_t len)
{
	if (ws->n == PHRASE_WORDS) {
		fault_at(r, t, "a phrase has at most %d words", PHRASE_WORDS);
		return false;
	}
	if (len >= WORD_MAX) {
		fault_at(r, t, "a word has at most %d letters", WORD_MAX - 1);
		return false;
	}
	ws->v[ws->n] = (struct word){ .kind = kind };
	memcpy(ws->v[ws->n++].text, p, len);
	return true;
}

static bool
ascii(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)p[i] >= 0x80)
			return false;
	}
	return true;
}

static enum word_kind
fuzzy_or_not(struct reader *r, const struct lex_token *t, const char *p, size_t len)
{
	if (len >= FUZZY_LETTERS && ascii(p, len))
		return WORD_FUZZY;
	lex_fault(r->diags, DIAG_WARNING, r->file, t,
	    "'~' does nothing here: only words of %d or more plain letters are matched with a typing error", FUZZY_LETTERS);
	return WORD_EXACT;
}

/* "~attaque", "tir*", "l'armee": one word as written is one or more words of a text. */
static bool
words_of_token(struct reader *r, const struct lex_token *t, struct words *ws)
{
	struct text folded;
	const char *p = t->p;
	size_t len = t->len;
	bool fuzzy = len > 0 && *p == '~', prefix;
	enum word_kind kind;

	if (fuzzy) {
		p++;
		len--;
	}
	prefix = len > 0 && p[len - 1] == '*';
	len -= prefix;
	if (!word_chars_ok(r, t, p, len))
		return false;
	normalize(p, len, &folded);
	if (folded.n_tokens == 0 || folded.truncated) {
		fault_at(r, t, "'%.*s' has no letters that a message could match", (int)t->len, t->p);
		return false;
	}
	if (fuzzy && prefix) {
		fault_at(r, t, "a word can begin with '~' or end with '*', not both");
		return false;
	}
	for (size_t i = 0; i < folded.n_tokens; i++) {
		const struct token *tk = &folded.token[i];

		kind = WORD_EXACT;
		if (i + 1 == folded.n_tokens && prefix)
			kind = WORD_PREFIX;
		else if (i + 1 == folded.n_tokens && fuzzy)
			kind = fuzzy_or_not(r, t, folded.folded + tk->start, tk->len);
		if (!words_add(r, t, ws, kind, folded.folded + tk->start, tk->len))
			return false;
	}
	return true;
}

static bool
list_known(struct reader *r, const struct lex_token *t, const char *p, size_t len)
{
	const struct lex_token inner = { .p = p, .len = len };
	struct guess g = { NULL, 3 };
	char hint[WORD_MAX + 24];

	for (size_t i = 0; i < r->rb->n_lists; i++) {
		if (strlen(r->rb->list[i].name) == len && memcmp(r->rb->list[i].name, p, len) == 0)
			return true;
		guess_try(&g, &inner, r->rb->list[i].name);
	}
	fault_at(r, t, "there is no list '%.*s'%s", (int)len, p, guess_words(&g, hint, sizeof(hint)));
	return false;
}

static bool
words_of_list(struct reader *r, const struct lex_token *t, struct words *ws)
{
	if (t->len < 3 || t->p[t->len - 1] != ']') {
		fault_at(r, t, "a list is named like [betail]");
		return false;
	}
	return list_known(r, t, t->p + 1, t->len - 2) && words_add(r, t, ws, WORD_LIST, t->p + 1, t->len - 2);
}

static bool
is_gap(const struct word *w)
{
	return w->kind == WORD_NEAR || w->kind == WORD_FAR;
}

/* The tokens [from, to) are one phrase. */
static bool
words_read(struct reader *r, size_t from, size_t to, struct words *ws)
{
	const struct lex_token *t = &r->st.v[from];
	bool ok = true;

	ws->n = 0;
	for (size_t i = from; i < to; i++) {
		t = &r->st.v[i];
		if (t->kind != LEX_WORD) {
			fault_at(r, t, "words and a %s do not mix: put a comma between them",
			    t->kind == LEX_STRING ? "\"string\"" : "/pattern/");
			return false;
		}
		if (lex_is(t, ".") || lex_is(t, ".."))
			ok = words_add(r, t, ws, t->len == 1 ? WORD_NEAR : WORD_FAR, "", 0) && ok;
		else if (t->p[0] == '[')
			ok = words_of_list(r, t, ws) && ok;
		else
			ok = words_of_token(r, t, ws) && ok;
	}
	for (size_t i = 0; ok && i < ws->n; i++) {
		if (is_gap(&ws->v[i]) && (i == 0 || i + 1 == ws->n || is_gap(&ws->v[i - 1]))) {
			fault_at(r, t, "'.' and '..' stand between words");
			return false;
		}
	}
	return ok && ws->n > 0;
}

/* The phrase as the rule says it, so that duplicates can be told. */
static char *
words_text(struct reader *r, const struct words *ws)
{
	char out[PHRASE_WORDS * (WORD_MAX + 4)];
	static const char *const before[] = { "", "", "~", "[", ".", ".." },
	    *const after[] = { "", "*", "", "]", "", "" };
	size_t n = 0;
	int k;

	for (size_t i = 0; i < ws->n; i++) {
		k = snprintf(out + n, sizeof(out) - n, "%s%s%s%s", i > 0 ? " " : "", before[ws->v[i].kind], ws->v[i].text,
		    after[ws->v[i].kind]);
		if (k < 0 || (size_t)k >= sizeof(out) - n)
			break;
		n += (size_t)k;
	}
	return keep(r, out, n);
}

/* How the tokens look in the plain form, one space between words. */
static char *
plain_text(struct reader *r, size_t from, size_t to)
{
	char source[ITEM_SIZE];
	struct text t;
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		const struct lex_token *tk = &r->st.v[i];

		if (n + tk->len + 1 >= sizeof(source)) {
			fault_at(r, tk, "this phrase is too long");
			return NULL;
		}
		if (n > 0)
			source[n++] = ' ';
		memcpy(source + n, tk->p, tk->len);
		n += tk->len;
	}
	normalize(source, n, &t);
	return keep(r, t.plain, t.plain_len);
}

static bool
all_exact(struct reader *r, size_t from, const struct words *ws)
{
	for (size_t i = 0; i < ws->n; i++) {
		if (ws->v[i].kind != WORD_EXACT) {
			fault_at(r, &r->st.v[from], "!exact and !hooked need words without '~', '*', '..' and lists");
			return false;
		}
	}
	return true;
}

static void
phrase_add(struct reader *r, const struct items *it, size_t from, size_t to)
{
	struct rulebook *rb = r->rb;
	struct phrase ph = { .rule = it->rule, .line = r->st.v[from].line, .spelling = it->spelling };
	struct words ws;
	void *v;

	if (!words_read(r, from, to, &ws))
		return;
	if (it->spelling != SPELLING_FOLDED &&
	    (!all_exact(r, from, &ws) || (ph.plain = plain_text(r, from, to)) == NULL))
		return;
	ph.folded = words_text(r, &ws);
	v = rules_reserve(rb->phrase, &rb->cap_phrases, rb->n_phrases, sizeof(ph));
	if (v == NULL || wordindex_add(rb->words, ws.v, ws.n, (uint32_t)rb->n_phrases) == -1) {
		r->out_of_memory = true;
		if (v != NULL)
			rb->phrase = v;
		return;
	}
	rb->phrase = v;
	rb->phrase[rb->n_phrases++] = ph;
}

/* A letter that folding would have changed can never be met. Escapes (\W, \B) are not letters. */
static void
pattern_warn(struct reader *r, const struct lex_token *t)
{
	const char *p = t->p, *end = t->p + t->len;
	uint32_t cp;

	while (p < end) {
		if (*p == '\\' && p + 1 < end) {
			p += 2;
			continue;
		}
		const char *at = p;
		utf8_next(&p, end, &cp);
		if ((cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp < 0x250 && cp != 0xD7 && cp != 0xF7)) {
			struct lex_token letter = *t;

			letter.col = t->col + 1 + (int)(at - t->p);
			lex_fault(r->diags, DIAG_WARNING, r->file, &letter,
			    "patterns are matched on the folded text (small letters, no accents): this letter never occurs");
			return;
		}
	}
}

static void
pattern_add(struct reader *r, const struct items *it, size_t i)
{
	struct rulebook *rb = r->rb;
	struct lex_token t = r->st.v[i];
	struct pattern_scratch *scratch;
	struct pattern_span span;
	char why[200];
	size_t at;
	void *v;
	struct pattern *pt;

	if (it->spelling == SPELLING_FOLDED)
		pattern_warn(r, &t);
	if ((pt = pattern_new(t.p, t.len, why, sizeof(why), &at)) == NULL) {
		t.col += 1 + (int)at;
		fault_at(r, &t, "%s", why);
		return;
	}
	scratch = pattern_scratch_new();
	if (pattern_find(pt, scratch, "", 0, 0, &span) == PATTERN_YES)
		fault_at(r, &t, "this pattern matches an empty text, so it would match every message");
	pattern_scratch_free(scratch);
	if ((v = rules_reserve(rb->pattern, &rb->cap_patterns, rb->n_patterns, sizeof(*rb->pattern))) == NULL) {
		pattern_free(pt);
		r->out_of_memory = true;
		return;
	}
	rb->pattern = v;
	rb->pattern[rb->n_patterns++] = (struct rule_pattern){ it->rule, t.line, it->spelling != SPELLING_FOLDED, pt };
}

static void
item_add(struct reader *r, const struct items *it, size_t from, size_t to)
{
	if (from == to) {
		const struct lex_token *t = from < r->st.n ? &r->st.v[from] : &r->st.v[r->st.n - 1];

		fault_at(r, t, "words are missing here");
	} else if (r->st.v[from].kind != LEX_PATTERN)
		phrase_add(r, it, from, to);
	else if (to - from > 1)
		fault_at(r, &r->st.v[from + 1], "a comma is missing behind the pattern");
	else
		pattern_add(r, it, from);
}

/* Everything up to it->end, parted by commas. */
static void
items_add(struct reader *r, const struct items *it)
{
	size_t from = r->i;

	if (from >= it->end) {
		fault(r, "words or a /pattern/ are missing here");
		return;
	}
	for (size_t i = from; i < it->end; i++) {
		if (r->st.v[i].kind != LEX_COMMA)
			continue;
		item_add(r, it, from, i);
		from = i + 1;
	}
	if (from < it->end)	/* a comma at the very end is harmless */
		item_add(r, it, from, it->end);
	r->i = r->st.n;
}

/* ---- flags at the end of a rule: !exact !now !P2 ---- */

static const struct flag_word {
	const char *word;
	unsigned kinds;			/* set of rule kinds it makes sense for */
} flag_words[] = {
	{ "!exact", ~0u }, { "!hooked", ~0u }, { "!now", 1u << RULE_ALERT }, { "!alone", 1u << RULE_NOISE },
	{ "!message", 1u << RULE_UNLESS }, { "!P1", 1u << RULE_ALERT }, { "!P2", 1u << RULE_ALERT },
	{ "!P3", 1u << RULE_ALERT }, { "!P4", 1u << RULE_ALERT },
};

static const struct flag_word *
flag_find(struct reader *r, const struct lex_token *t)
{
	struct guess g = { NULL, 3 };
	char hint[64];

	for (size_t i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]); i++) {
		if (lex_is(t, flag_words[i].word))
			return &flag_words[i];
		guess_try(&g, t, flag_words[i].word);
	}
	fault_at(r, t, "unknown mark '%.*s'%s", (int)t->len, t->p, guess_words(&g, hint, sizeof(hint)));
	return NULL;
}

static void
flag_take(struct reader *r, const struct lex_token *t, struct rule *rule, enum spelling *spelling)
{
	const struct flag_word *f = flag_find(r, t);

	if (f == NULL)
		return;
	if ((f->kinds >> rule->kind & 1) == 0)
		fault_at(r, t, "'%s' means nothing in this statement", f->word);
	else if (lex_is(t, "!exact"))
		*spelling = SPELLING_EXACT;
	else if (lex_is(t, "!hooked"))
		*spelling = SPELLING_HOOKED;
	else if (lex_is(t, "!now"))
		rule->now = true;
	else if (lex_is(t, "!alone"))
		rule->alone = true;
	else if (lex_is(t, "!message"))
		rule->message = true;
	else
		rule->priority = priority_of(f->word + 1, 2);
}

static size_t
flags_take(struct reader *r, struct rule *rule, enum spelling *spelling)
{
	size_t end = r->st.n;

	while (end > r->i && r->st.v[end - 1].kind == LEX_WORD && r->st.v[end - 1].p[0] == '!')
		flag_take(r, &r->st.v[--end], rule, spelling);
	return end;
}

/* The rest of a statement is flags, words and patterns of this rule. */
static void
rule_add(struct reader *r, struct rule rule)
{
	struct rulebook *rb = r->rb;
	struct items it = { .rule = (uint32_t)rb->n_rules, .spelling = SPELLING_FOLDED };
	void *v;

	rule.ref = ref_of(r);
	it.end = flags_take(r, &rule, &it.spelling);
	if (rb->n_rules == RULES_MAX) {
		fault_at(r, &r->st.v[0], "there are more than %d rules", RULES_MAX);
		return;
	}
	if ((v = rules_reserve(rb->rule, &rb->cap_rules, rb->n_rules, sizeof(rule))) == NULL) {
		r->out_of_memory = true;
		return;
	}
	rb->rule = v;
	rb->rule[rb->n_rules++] = rule;
	items_add(r, &it);
}

/* ---- declarations ---- */

static const char *const urgencies[] = { "Immediate", "Expected", "Future", "Past", "Unknown", NULL };
static const char *const severities[] = { "Extreme", "Severe", "Moderate", "Minor", "Unknown", NULL };
static const char *const certainties[] = { "Observed", "Likely", "Possible", "Unlikely", "Unknown", NULL };
static const char *const firings[] = { "review", "duty", "auto", NULL };

static bool
same_word(const struct lex_token *t, const char *word)
{
	return t->len == strlen(word) && strncasecmp(t->p, word, t->len) == 0;
}

/* The index of the word in a NULL-terminated list; -1 and a fault when it is not there. */
static int
want_one_of(struct reader *r, const char *what, const char *const *list)
{
	const struct lex_token *t = want_word(r, what);
	char all[128];
	size_t n = 0;
	int k;

	if (t == NULL)
		return -1;
	all[0] = '\0';
	for (int i = 0; list[i] != NULL; i++) {
		if (same_word(t, list[i]))
			return i;
		k = snprintf(all + n, sizeof(all) - n, "%s%s", i > 0 ? ", " : "", list[i]);
		n += k > 0 && (size_t)k < sizeof(all) - n ? (size_t)k : 0;
	}
	fault_at(r, t, "'%.*s' is not %s: one of %s", (int)t->len, t->p, what, all);
	return -1;
}

static bool
category_firing(struct reader *r, struct category *c)
{
	const struct lex_token *t = peek(r);

	c->firing = FIRE_REVIEW;
	for (int i = 0; t != NULL && t->kind == LEX_WORD && firings[i] != NULL; i++) {
		if (lex_is(t, firings[i])) {
			c->firing = (enum firing)i;
			r->i++;
			return true;
		}
	}
	return true;
}

static bool
category_words(struct reader *r, struct category *c)
{
	const struct lex_token *t = want_word(r, "a priority (P1 to P4)");
	int u, s, k;

	if (t == NULL)
		return false;
	if ((c->priority = priority_of(t->p, t->len)) == 0) {
		fault_at(r, t, "'%.*s' is not a priority: P1, P2, P3 or P4", (int)t->len, t->p);
		return false;
	}
	category_firing(r, c);
	if ((u = want_one_of(r, "an urgency", urgencies)) == -1 || (s = want_one_of(r, "a severity", severities)) == -1 ||
	    (k = want_one_of(r, "a certainty", certainties)) == -1)
		return false;
	snprintf(c->urgency, sizeof(c->urgency), "%s", urgencies[u]);
	snprintf(c->severity, sizeof(c->severity), "%s", severities[s]);
	snprintf(c->certainty, sizeof(c->certainty), "%s", certainties[k]);
	return true;
}

static bool
category_code(struct reader *r, const struct lex_token *t)
{
	uint8_t known = category_of(r->rb, t->p, t->len);

	if (!looks_like_code(t->p, t->len)) {
		fault_at(r, t, "a category code is 2 to %d capital letters", CODE_SIZE - 1);
		return false;
	}
	if (lex_is(t, CODE_NOISE) || lex_is(t, CODE_UNKNOWN)) {
		fault_at(r, t, "'%.*s' is what the program calls noise or an unread message: choose another code",
		    (int)t->len, t->p);
		return false;
	}
	if (known != CATEGORY_NONE) {
		fault_at(r, t, "category '%.*s' is already declared at %s:%d", (int)t->len, t->p,
		    r->rb->category_ref[known].file, r->rb->category_ref[known].line);
		return false;
	}
	if (r->rb->n_categories == CATEGORIES_MAX) {
		fault_at(r, t, "there can be at most %d categories", CATEGORIES_MAX);
		return false;
	}
	return true;
}

static void
read_category(struct reader *r)
{
	const struct lex_token *t = want_word(r, "a category code");
	struct category c = { .code = "" };
	struct rulebook *rb = r->rb;

	if (t == NULL || !category_code(r, t))
		return;
	memcpy(c.code, t->p, t->len);
	/* Declared even when its labels are faulty, so that one mistake does not make every rule a fault. */
	if (want_label(r, c.label_fr, sizeof(c.label_fr)) && want_label(r, c.label_en, sizeof(c.label_en)) &&
	    category_words(r, &c))
		want_end(r);
	rb->category_ref[rb->n_categories] = ref_of(r);
	rb->category[rb->n_categories++] = c;
}

static void
read_tag(struct reader *r)
{
	struct rulebook *rb = r->rb;
	char *name = want_name(r, "a name");
	struct rule_tag tag = { .name = name };

	if (name == NULL)
		return;
	for (size_t i = 0; i < rb->n_tags; i++) {
		if (strcmp(rb->tag[i].name, name) == 0) {
			fault_at(r, &r->st.v[1], "tag '%s' is already declared", name);
			return;
		}
	}
	if (rb->n_tags == sizeof(rb->tag) / sizeof(rb->tag[0])) {
		fault(r, "there can be at most %zu tags", sizeof(rb->tag) / sizeof(rb->tag[0]));
		return;
	}
	if (want_label(r, tag.label_fr, sizeof(tag.label_fr)) && want_label(r, tag.label_en, sizeof(tag.label_en)))
		want_end(r);
	rb->tag[rb->n_tags++] = tag;
}

static void
list_declare(struct reader *r, const char *name)
{
	struct rulebook *rb = r->rb;

	for (size_t i = 0; i < rb->n_lists; i++) {
		if (strcmp(rb->list[i].name, name) == 0)
			return;		/* a list may be continued in another file */
	}
	if (rb->n_lists == sizeof(rb->list) / sizeof(rb->list[0])) {
		fault(r, "there can be at most %zu lists", sizeof(rb->list) / sizeof(rb->list[0]));
		return;
	}
	rb->list[rb->n_lists++] = (struct rule_list){ name, ref_of(r) };
}

static void
list_member(struct reader *r, const char *name, size_t from, size_t to)
{
	struct words ws;

	if (from == to || !words_read(r, from, to, &ws))
		return;
	if (ws.n != 1 || ws.v[0].kind == WORD_LIST) {
		fault_at(r, &r->st.v[from], "a list holds single words");
		return;
	}
	if (wordindex_list(r->rb->words, name, &ws.v[0]) == -1)
		r->out_of_memory = true;
}

/* list betail  betail, vache*, boeuf* */
static void
read_list(struct reader *r)
{
	char *name = want_name(r, "a name");
	size_t from = r->i;

	if (name == NULL)
		return;
	list_declare(r, name);
	if (from == r->st.n)
		fault(r, "words are missing here");
	for (size_t i = from; i <= r->st.n && from < r->st.n; i++) {
		if (i < r->st.n && r->st.v[i].kind != LEX_COMMA)
			continue;
		list_member(r, name, from, i);
		from = i + 1;
	}
}

/* ---- statements about categories, once all are known ---- */

static void
read_family(struct reader *r)
{
	struct rulebook *rb = r->rb;
	uint32_t set;

	if (want_name(r, "a name") == NULL)
		return;
	set = want_codes(r);
	if (rb->n_families == CATEGORIES_MAX) {
		fault_at(r, &r->st.v[0], "there can be at most %d families", CATEGORIES_MAX);
		return;
	}
	rb->families[rb->n_families++] = set;
}

/* covers ATK  MOV SOS, or covers TST * for all others. */
static void
read_covers(struct reader *r)
{
	uint8_t c;

	if (!want_category(r, &c))
		return;
	if (peek(r) != NULL && lex_is(peek(r), "*")) {
		r->i++;
		r->rb->covers[c] = ~(UINT32_C(1) << c);
		want_end(r);
		return;
	}
	r->rb->covers[c] |= want_codes(r) & ~(UINT32_C(1) << c);
}

static void
read_past_lowers(struct reader *r)
{
	r->rb->past_lowers |= want_codes(r);
}

static void
read_hearsay_urgent(struct reader *r)
{
	r->rb->hearsay_urgent |= want_codes(r);
}

/* ---- rules ---- */

static void
read_noise(struct reader *r)
{
	if (want_name(r, "a name") != NULL)
		rule_add(r, (struct rule){ .kind = RULE_NOISE });
}

/* unless medical ATK,WND … : the codes end at the first word that is not in capitals. */
static void
read_unless(struct reader *r)
{
	struct rule rule = { .kind = RULE_UNLESS };
	const struct lex_token *t;
	uint8_t c;

	if (want_name(r, "a name") == NULL || !want_category(r, &c))
		return;
	rule.codes = UINT32_C(1) << c;
	while ((t = peek(r)) != NULL) {
		if (t->kind == LEX_COMMA && r->i + 1 < r->st.n &&
		    looks_like_code(r->st.v[r->i + 1].p, r->st.v[r->i + 1].len)) {
			r->i++;
			continue;
		}
		if (t->kind != LEX_WORD || !looks_like_code(t->p, t->len))
			break;
		if (want_category(r, &c))
			rule.codes |= UINT32_C(1) << c;
	}
	rule_add(r, rule);
}

static void
read_modifier(struct reader *r, enum rule_kind kind, uint32_t flags)
{
	struct rule rule = { .kind = kind, .flags = flags };

	if (want_language(r, &rule))
		rule_add(r, rule);
}

static void
read_past(struct reader *r)
{
	read_modifier(r, RULE_MODIFIER, FLAG_PAST);
}

static void
read_hearsay(struct reader *r)
{
	read_modifier(r, RULE_MODIFIER, FLAG_HEARSAY);
}

static void
read_question(struct reader *r)
{
	read_modifier(r, RULE_MODIFIER, FLAG_QUESTION);
}

static void
read_future(struct reader *r)
{
	read_modifier(r, RULE_MODIFIER, FLAG_FUTURE);
}

static void
read_now(struct reader *r)
{
	read_modifier(r, RULE_MODIFIER, FLAG_NOW);
}

static void
read_negation(struct reader *r)
{
	read_modifier(r, RULE_NEGATION, 0);
}

static void
read_negation_after(struct reader *r)
{
	read_modifier(r, RULE_NEGATION_AFTER, 0);
}

static void
read_negation_between(struct reader *r)
{
	read_modifier(r, RULE_NEGATION_BETWEEN, 0);
}

static void
read_negation_stop(struct reader *r)
{
	read_modifier(r, RULE_NEGATION_STOP, 0);
}

/* number 20 fr vingtaine */
static void
read_number(struct reader *r)
{
	const struct lex_token *t = want_word(r, "a number");
	struct rule rule = { .kind = RULE_NUMBER };
	uint32_t n;

	if (t == NULL)
		return;
	if (!number_of(t, &n) || n == 0 || n > 9999) {
		fault_at(r, t, "'%.*s' is not a number from 1 to 9999", (int)t->len, t->p);
		return;
	}
	rule.number = n;
	if (want_language(r, &rule))
		rule_add(r, rule);
}

/* ---- test "text" = ATK+DSP P1 @Bankass ---- */

static bool
test_code(struct reader *r, const struct lex_token *whole, const char *p, size_t len, struct rule_test *test)
{
	struct lex_token t = *whole;

	t.col += (int)(p - whole->p);
	t.p = p;
	t.len = len;
	if (test->n_codes == sizeof(test->codes) / sizeof(test->codes[0])) {
		fault_at(r, &t, "too many categories in one test");
		return false;
	}
	if (category_of(r->rb, p, len) == CATEGORY_NONE && !lex_is(&t, CODE_NOISE) && !lex_is(&t, CODE_UNKNOWN)) {
		unknown_category(r, &t);
		return false;
	}
	test->codes[test->n_codes++] = keep(r, p, len);
	return true;
}

static bool
test_codes(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = want_word(r, "a category, NUL or UNK");
	const char *p, *plus, *end;
	bool ok = t != NULL;

	if (t == NULL)
		return false;
	for (p = t->p, end = t->p + t->len; p < end; p = plus + 1) {
		plus = memchr(p, '+', (size_t)(end - p));
		if (plus == NULL)
			plus = end;
		ok = test_code(r, t, p, (size_t)(plus - p), test) && ok;
	}
	return ok;
}

/* @Bankass, @"In Tillit", @none, @ambiguous */
static bool
test_place(struct reader *r, const struct lex_token *t, struct rule_test *test)
{
	const struct lex_token *next = peek(r);
	char name[PLACE_NAME_SIZE];
	int len;

	if (t->len > 1) {
		test->place = keep(r, t->p + 1, t->len - 1);
		return true;
	}
	if (next == NULL || next->kind != LEX_STRING || (len = lex_unquote(next, name, sizeof(name))) <= 0) {
		fault_at(r, t, "a place is written @Bankass or @\"In Tillit\"");
		return false;
	}
	r->i++;
	test->place = keep(r, name, (size_t)len);
	return true;
}

static bool
test_expectation(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = want_word(r, "a priority, a place, auto, duty or review");

	if (t == NULL)
		return false;
	if (t->p[0] == '@')
		return test_place(r, t, test);
	if (priority_of(t->p, t->len) != 0) {
		test->priority = priority_of(t->p, t->len);
		return true;
	}
	for (int i = 0; firings[i] != NULL; i++) {
		if (lex_is(t, firings[i])) {
			test->firing = i;
			return true;
		}
	}
	fault_at(r, t, "'%.*s' is not a priority (P1), a place (@Bankass), auto, duty or review", (int)t->len, t->p);
	return false;
}

static bool
test_text(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = peek(r);
	char text[TEXT_IN_MAX];
	int len;

	if (t == NULL || t->kind != LEX_STRING) {
		fault(r, "the text of a message in \"quotes\" is missing here");
		return false;
	}
	if ((len = lex_unquote(t, text, sizeof(text))) == -1) {
		fault_at(r, t, "this text is too long for a message");
		return false;
	}
	r->i++;
	test->text = keep(r, text, (size_t)len);
	test->len = (size_t)len;
	test->col = t->col;
	test->row = keep(r, t->row, t->row_len);
	return !r->out_of_memory;
}

static void
read_test(struct reader *r)
{
	struct rule_test test = { .firing = -1, .ref = ref_of(r) };
	struct rulebook *rb = r->rb;
	const struct lex_token *t;
	void *v;

	if (!test_text(r, &test) || (t = want_word(r, "= or !=")) == NULL)
		return;
	if (!lex_is(t, "=") && !lex_is(t, "!=")) {
		fault_at(r, t, "= or != is expected here");
		return;
	}
	test.not = lex_is(t, "!=");
	if (!test_codes(r, &test))
		return;
	while (peek(r) != NULL) {
		if (!test_expectation(r, &test))
			return;
	}
	if ((v = rules_reserve(rb->test, &rb->cap_tests, rb->n_tests, sizeof(test))) == NULL) {
		r->out_of_memory = true;
		return;
	}
	rb->test = v;
	rb->test[rb->n_tests++] = test;
}

/* ---- statements ---- */

enum pass { PASS_DECLARE, PASS_RULES };

static const struct statement {
	const char *word;
	enum pass pass;
	void	(*read)(struct reader *);
} statements[] = {
	{ "category", PASS_DECLARE, read_category },
	{ "tag", PASS_DECLARE, read_tag },
	{ "list", PASS_DECLARE, read_list },
	{ "family", PASS_RULES, read_family },
	{ "covers", PASS_RULES, read_covers },
	{ "past-lowers", PASS_RULES, read_past_lowers },
	{ "hearsay-urgent", PASS_RULES, read_hearsay_urgent },
	{ "noise", PASS_RULES, read_noise },
	{ "unless", PASS_RULES, read_unless },
	{ "past", PASS_RULES, read_past },
	{ "now", PASS_RULES, read_now },
	{ "hearsay", PASS_RULES, read_hearsay },
	{ "question", PASS_RULES, read_question },
	{ "future", PASS_RULES, read_future },
	{ "negation", PASS_RULES, read_negation },
	{ "negation-after", PASS_RULES, read_negation_after },
	{ "negation-between", PASS_RULES, read_negation_between },
	{ "negation-stop", PASS_RULES, read_negation_stop },
	{ "number", PASS_RULES, read_number },
	{ "test", PASS_RULES, read_test },
};

#define N_STATEMENTS	(sizeof(statements) / sizeof(statements[0]))

static const struct statement *
statement_find(const struct lex_token *t)
{
	for (size_t i = 0; i < N_STATEMENTS; i++) {
		if (lex_is(t, statements[i].word))
			return &statements[i];
	}
	return NULL;
}

/* ATK 8 fr … */
static void
read_alert(struct reader *r, const struct lex_token *code)
{
	struct rule rule = { .kind = RULE_ALERT };
	const struct lex_token *t;
	uint32_t weight;

	if ((rule.category = category_of(r->rb, code->p, code->len)) == CATEGORY_NONE) {
		unknown_category(r, code);
		return;
	}
	if ((t = want_word(r, "a weight from 1 to 10")) == NULL)
		return;
	if (!number_of(t, &weight) || weight < 1 || weight > 10) {
		fault_at(r, t, "'%.*s' is not a weight: a number from 1 to 10", (int)t->len, t->p);
		return;
	}
	rule.weight = (uint8_t)weight;
	if (want_language(r, &rule))
		rule_add(r, rule);
}

static bool
read_tag_words(struct reader *r, const struct lex_token *name)
{
	struct rule rule = { .kind = RULE_TAG };

	for (size_t i = 0; i < r->rb->n_tags; i++) {
		if (!lex_is(name, r->rb->tag[i].name))
			continue;
		rule.number = (uint32_t)i;
		if (want_language(r, &rule))
			rule_add(r, rule);
		return true;
	}
	return false;
}

static void
unknown_statement(struct reader *r, const struct lex_token *t)
{
	struct guess g = { NULL, 3 };
	char hint[64];

	for (size_t i = 0; i < N_STATEMENTS; i++)
		guess_try(&g, t, statements[i].word);
	for (size_t i = 0; i < r->rb->n_tags; i++)
		guess_try(&g, t, r->rb->tag[i].name);
	for (size_t i = 0; i < r->rb->n_categories; i++)
		guess_try(&g, t, r->rb->category[i].code);
	fault_at(r, t, "a statement does not begin with '%.*s'%s", (int)t->len, t->p, guess_words(&g, hint, sizeof(hint)));
}

static void
read_statement(struct reader *r, enum pass pass)
{
	const struct lex_token *first = &r->st.v[0];
	const struct statement *s = statement_find(first);

	r->i = 1;
	if (s != NULL) {
		if (s->pass == pass)
			s->read(r);
	} else if (pass == PASS_DECLARE)
		return;
	else if (first->kind == LEX_WORD && looks_like_code(first->p, first->len))
		read_alert(r, first);
	else if (first->kind != LEX_WORD || !read_tag_words(r, first))
		unknown_statement(r, first);
}

static int
read_source(struct reader *r, const struct rule_source *source, enum pass pass)
{
	struct lex lx;
	int got;

	if ((r->file = keep(r, source->name, strlen(source->name))) == NULL)
		return -1;
	/* The second reading meets the same faults of spelling: they are told once. */
	lex_init(&lx, r->file, source->bytes, source->len, pass == PASS_DECLARE ? r->diags : NULL);
	while ((got = lex_next(&lx, &r->st)) == 1) {
		if (!r->st.faulty && r->st.n > 0)
			read_statement(r, pass);
		if (r->out_of_memory)
			return -1;
	}
	return got;
}

/* ---- duplicates ---- */

struct twin {
	const struct phrase *phrase;
	const struct rule *rule;
};

static int
twin_compare(const void *va, const void *vb)
{
	const struct twin *a = va, *b = vb;
	int c = strcmp(a->phrase->folded, b->phrase->folded);

	if (c == 0)
		c = strcmp(a->rule->language, b->rule->language);
	if (c == 0)
		c = a->rule->category - b->rule->category;
	/* Phrases lie in the order in which they were read. */
	return c != 0 ? c : (a->phrase > b->phrase) - (a->phrase < b->phrase);
}

static void
warn_twin(struct reader *r, const struct twin *a, const struct twin *b)
{
	if (strcmp(a->phrase->folded, b->phrase->folded) == 0 && a->rule->category == b->rule->category &&
	    strcmp(a->rule->language, b->rule->language) == 0)
		diag_add(r->diags, DIAG_WARNING, b->rule->ref.file, b->phrase->line, 0, NULL, 0,
		    "'%s' already belongs to %s at %s:%d", b->phrase->folded, r->rb->category[b->rule->category].code,
		    a->rule->ref.file, a->phrase->line);
}

/* The same words twice in one category and language: harmless, but somebody was mistaken. */
static int
warn_duplicates(struct reader *r)
{
	const struct rulebook *rb = r->rb;
	struct twin *v = calloc(rb->n_phrases + 1, sizeof(*v));
	size_t n = 0;

	if (v == NULL)
		return -1;
	for (size_t i = 0; i < rb->n_phrases; i++) {
		const struct rule *rule = &rb->rule[rb->phrase[i].rule];

		if (rule->kind == RULE_ALERT && rb->phrase[i].spelling == SPELLING_FOLDED)
			v[n++] = (struct twin){ &rb->phrase[i], rule };
	}
	qsort(v, n, sizeof(*v), twin_compare);
	for (size_t i = 1; i < n; i++)
		warn_twin(r, &v[i - 1], &v[i]);
	free(v);
	return 0;
}

int
rulefile_read(struct rulebook *rb, const struct rule_source *sources, size_t n, struct diags *diags)
{
	struct reader r = { .rb = rb, .diags = diags };
	int rc = 0;

	for (enum pass pass = PASS_DECLARE; rc == 0 && pass <= PASS_RULES; pass++) {
		for (size_t i = 0; rc == 0 && i < n; i++)
			rc = read_source(&r, &sources[i], pass);
	}
	if (rc == 0)
		rc = warn_duplicates(&r);
	lex_release(&r.st);
	return rc;
}
