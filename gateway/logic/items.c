/* Reads the words and patterns of rules into the rulebook. */
#include "logic/items.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "logic/normalize.h"

#define ITEM_SIZE	256	/* bytes of one phrase as written */
#define SOUND_ALONE	5	/* letters of a word that is matched by its sound though it stands alone */
#define SOUND_ON_LIST	4	/* … though it is on a list */

/* ---- words and patterns ---- */

/* What one statement's words and patterns have in common. */
struct items {
	uint32_t rule;
	enum spelling spelling;
	bool	 letters;		/* !letters: not by the sound */
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
		reader_fault_at(r, t, "'%c' means nothing in a word: use a /pattern/ for this", c);
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
		reader_fault_at(r, t, "a phrase has at most %d words", PHRASE_WORDS);
		return false;
	}
	if (len >= WORD_MAX) {
		reader_fault_at(r, t, "a word has at most %d letters", WORD_MAX - 1);
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
	if (r->sound && ascii(p, len))
		return WORD_EXACT;	/* by its sound, that is */
	lex_fault(r->diags, DIAG_WARNING, r->file, t,
	    "'~' does nothing here: only words of %d or more plain letters are matched with a typing error", FUZZY_LETTERS);
	return WORD_EXACT;
}

/* A word as written, with what stands before and behind it. */
struct spelt {
	const char *p;
	size_t	 len;
	bool	 fuzzy, prefix;
};

static bool
words_of_spelt(struct reader *r, const struct lex_token *t, const struct spelt *sp, struct words *ws)
{
	struct text folded;
	enum word_kind kind;

	if (!word_chars_ok(r, t, sp->p, sp->len))
		return false;
	normalize(sp->p, sp->len, &folded);
	if (folded.n_tokens == 0 || folded.truncated) {
		reader_fault_at(r, t, "'%.*s' has no letters that a message could match", (int)t->len, t->p);
		return false;
	}
	if (sp->fuzzy && sp->prefix) {
		reader_fault_at(r, t, "a word can begin with '~' or end with '*', not both");
		return false;
	}
	for (size_t i = 0; i < folded.n_tokens; i++) {
		const struct token *tk = &folded.token[i];

		kind = WORD_EXACT;
		if (i + 1 == folded.n_tokens && sp->prefix)
			kind = WORD_PREFIX;
		else if (i + 1 == folded.n_tokens && sp->fuzzy)
			kind = fuzzy_or_not(r, t, folded.folded + tk->start, tk->len);
		if (!words_add(r, t, ws, kind, folded.folded + tk->start, tk->len))
			return false;
	}
	return true;
}

/* "~attaque", "tir*", "l'armee": one word as written is one or more words of a text. */
static bool
words_of_token(struct reader *r, const struct lex_token *t, struct words *ws)
{
	struct spelt sp = { .p = t->p, .len = t->len };

	sp.fuzzy = sp.len > 0 && *sp.p == '~';
	sp.p += sp.fuzzy;
	sp.len -= sp.fuzzy;
	sp.prefix = sp.len > 0 && sp.p[sp.len - 1] == '*';
	sp.len -= sp.prefix;
	return words_of_spelt(r, t, &sp, ws);
}

/* Which words of a phrase or list are matched by their sound: in company any, alone only long ones. */
static void
words_heard(const struct reader *r, struct words *ws, size_t alone)
{
	for (size_t i = 0; r->sound && i < ws->n; i++) {
		struct word *w = &ws->v[i];

		if (w->kind <= WORD_FUZZY && (ws->n > 1 || strlen(w->text) >= alone))
			w->sound = ws->n > 1 || alone < SOUND_ALONE ? 1 : SOUND_ALONE - 1;
	}
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
		reader_guess(&g, &inner, r->rb->list[i].name);
	}
	reader_fault_at(r, t, "there is no list '%.*s'%s", (int)len, p, reader_guess_words(&g, hint, sizeof(hint)));
	return false;
}

static bool
words_of_list(struct reader *r, const struct lex_token *t, struct words *ws)
{
	if (t->len < 3 || t->p[t->len - 1] != ']') {
		reader_fault_at(r, t, "a list is named like [betail]");
		return false;
	}
	return list_known(r, t, t->p + 1, t->len - 2) && words_add(r, t, ws, WORD_LIST, t->p + 1, t->len - 2);
}

/* "prendre|pris|ramass*": a list without a name, used once. */
static bool
words_of_choice(struct reader *r, const struct lex_token *t, struct words *ws)
{
	char name[WORD_MAX];
	const char *p = t->p, *end = t->p + t->len, *bar;
	uint32_t hash = 2166136261u;
	bool ok = true;

	for (size_t i = 0; i < t->len; i++)
		hash = (hash ^ (unsigned char)t->p[i]) * 16777619u;
	/* No list that has a name can be called so. Files with and without "sound" do not share them. */
	snprintf(name, sizeof(name), "|%c%08x%.24s", r->sound ? 's' : 'w', hash, t->len <= 24 ? "" : "+");
	for (; p <= end; p = bar + 1) {
		struct lex_token one = *t;
		struct words member = { .n = 0 };

		bar = memchr(p, '|', (size_t)(end - p));
		if (bar == NULL)
			bar = end;
		one.p = p;
		one.len = (size_t)(bar - p);
		if (one.len == 0) {
			reader_fault_at(r, t, "a word is missing next to '|'");
			return false;
		}
		ok = (one.p[0] == '[' ? words_of_list(r, &one, &member) : words_of_token(r, &one, &member)) && ok;
		words_heard(r, &member, 1);
		if (ok && wordindex_list(r->rb->words, name, member.v, member.n) == -1)
			r->out_of_memory = true;
	}
	return ok && words_add(r, t, ws, WORD_LIST, name, strlen(name));
}

static bool
is_gap(const struct word *w)
{
	return w->kind >= WORD_NEAR;
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
			reader_fault_at(r, t, "words and a %s do not mix: put a comma between them",
			    t->kind == LEX_STRING ? "\"string\"" : "/pattern/");
			return false;
		}
		if (lex_is(t, ".") || lex_is(t, "..") || lex_is(t, "..."))
			ok = words_add(r, t, ws, (enum word_kind)(WORD_NEAR + t->len - 1), "", 0) && ok;
		else if (memchr(t->p, '|', t->len) != NULL)
			ok = words_of_choice(r, t, ws) && ok;
		else if (t->p[0] == '[')
			ok = words_of_list(r, t, ws) && ok;
		else
			ok = words_of_token(r, t, ws) && ok;
	}
	for (size_t i = 0; ok && i < ws->n; i++) {
		if (is_gap(&ws->v[i]) && (i == 0 || i + 1 == ws->n || is_gap(&ws->v[i - 1]))) {
			reader_fault_at(r, t, "'.', '..' and '...' stand between words");
			return false;
		}
	}
	words_heard(r, ws, SOUND_ALONE);
	return ok && ws->n > 0;
}

/* The phrase as the rule says it, so that duplicates can be told. */
static char *
words_text(struct reader *r, const struct words *ws)
{
	char out[PHRASE_WORDS * (WORD_MAX + 4)];
	static const char *const before[] = { "", "", "~", "[", ".", "..", "..." },
	    *const after[] = { "", "*", "", "]", "", "", "" };
	size_t n = 0;
	int k;

	for (size_t i = 0; i < ws->n; i++) {
		k = snprintf(out + n, sizeof(out) - n, "%s%s%s%s", i > 0 ? " " : "", before[ws->v[i].kind], ws->v[i].text,
		    after[ws->v[i].kind]);
		if (k < 0 || (size_t)k >= sizeof(out) - n)
			break;
		n += (size_t)k;
	}
	return reader_keep(r, out, n);
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
			reader_fault_at(r, tk, "this phrase is too long");
			return NULL;
		}
		if (n > 0)
			source[n++] = ' ';
		memcpy(source + n, tk->p, tk->len);
		n += tk->len;
	}
	normalize(source, n, &t);
	return reader_keep(r, t.plain, t.plain_len);
}

static bool
all_exact(struct reader *r, size_t from, const struct words *ws)
{
	for (size_t i = 0; i < ws->n; i++) {
		if (ws->v[i].kind != WORD_EXACT) {
			reader_fault_at(r, &r->st.v[from], "!exact and !hooked need words without '~', '*', '|', gaps and lists");
			return false;
		}
	}
	return true;
}

static void
phrase_keep(struct reader *r, struct phrase *ph, const struct words *ws)
{
	struct rulebook *rb = r->rb;
	void *v;

	ph->folded = words_text(r, ws);
	v = rules_reserve(rb->phrase, &rb->cap_phrases, rb->n_phrases, sizeof(*ph));
	if (v == NULL || wordindex_add(rb->words, ws->v, ws->n, (uint32_t)rb->n_phrases) == -1) {
		r->out_of_memory = true;
		if (v != NULL)
			rb->phrase = v;
		return;
	}
	rb->phrase = v;
	rb->phrase[rb->n_phrases++] = *ph;
}

/* The place of "<>" among the tokens [from, to); "to" when there is none. */
static size_t
either_way(const struct reader *r, size_t from, size_t to)
{
	while (from < to && !lex_is(&r->st.v[from], "<>"))
		from++;
	return from;
}

/* "brul* <> case": one behind the other with up to GAP_FAR words between, in either order. */
static void
phrase_add_either(struct reader *r, struct phrase *ph, size_t from, size_t mid, size_t to)
{
	struct words a, b, both;

	if (from == mid || mid + 1 == to || either_way(r, mid + 1, to) < to) {
		reader_fault_at(r, &r->st.v[mid], "'<>' stands once, between words");
		return;
	}
	if (!words_read(r, from, mid, &a) || !words_read(r, mid + 1, to, &b))
		return;
	if (a.n + b.n + 1 > PHRASE_WORDS) {
		reader_fault_at(r, &r->st.v[from], "a phrase has at most %d words", PHRASE_WORDS);
		return;
	}
	for (int turn = 0; turn < 2; turn++) {
		const struct words *first = turn == 0 ? &a : &b, *second = turn == 0 ? &b : &a;

		both = *first;
		both.v[both.n++] = (struct word){ .kind = WORD_FAR };
		memcpy(&both.v[both.n], second->v, second->n * sizeof(second->v[0]));
		both.n += second->n;
		words_heard(r, &both, SOUND_ALONE);
		phrase_keep(r, ph, &both);
	}
}

static void
phrase_add(struct reader *r, const struct items *it, size_t from, size_t to)
{
	struct phrase ph = { .rule = it->rule, .line = r->st.v[from].line, .spelling = it->spelling };
	size_t mid = either_way(r, from, to);
	struct words ws;

	if (mid < to && it->spelling == SPELLING_FOLDED) {
		phrase_add_either(r, &ph, from, mid, to);
		return;
	}
	if (!words_read(r, from, to, &ws))
		return;
	if (it->spelling != SPELLING_FOLDED) {
		for (size_t i = 0; i < ws.n; i++)
			ws.v[i].sound = 0;
		if (!all_exact(r, from, &ws) || (ph.plain = plain_text(r, from, to)) == NULL)
			return;
	}
	phrase_keep(r, &ph, &ws);
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
		reader_fault_at(r, &t, "%s", why);
		return;
	}
	scratch = pattern_scratch_new();
	if (pattern_find(pt, scratch, "", 0, 0, &span) == PATTERN_YES)
		reader_fault_at(r, &t, "this pattern matches an empty text, so it would match every message");
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

		reader_fault_at(r, t, "words are missing here");
	} else if (r->st.v[from].kind != LEX_PATTERN)
		phrase_add(r, it, from, to);
	else if (to - from > 1)
		reader_fault_at(r, &r->st.v[from + 1], "a comma is missing behind the pattern");
	else
		pattern_add(r, it, from);
}

/* Everything up to it->end, parted by commas. */
static void
items_add(struct reader *r, const struct items *it)
{
	size_t from = r->i;

	if (from >= it->end) {
		reader_fault(r, "words or a /pattern/ are missing here");
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
	{ "!exact", ~0u }, { "!hooked", ~0u }, { "!letters", ~0u }, { "!language", 1u << RULE_ALERT }, { "!now", 1u << RULE_ALERT }, { "!alone", 1u << RULE_NOISE },
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
		reader_guess(&g, t, flag_words[i].word);
	}
	reader_fault_at(r, t, "unknown mark '%.*s'%s", (int)t->len, t->p, reader_guess_words(&g, hint, sizeof(hint)));
	return NULL;
}

static void
flag_take(struct reader *r, const struct lex_token *t, struct rule *rule, struct items *it)
{
	const struct flag_word *f = flag_find(r, t);

	if (f == NULL)
		return;
	if ((f->kinds >> rule->kind & 1) == 0)
		reader_fault_at(r, t, "'%s' means nothing in this statement", f->word);
	else if (lex_is(t, "!exact"))
		it->spelling = SPELLING_EXACT;
	else if (lex_is(t, "!hooked"))
		it->spelling = SPELLING_HOOKED;
	else if (lex_is(t, "!letters"))
		it->letters = true;
	else if (lex_is(t, "!language"))
		rule->in_language = true;
	else if (lex_is(t, "!now"))
		rule->now = true;
	else if (lex_is(t, "!alone"))
		rule->alone = true;
	else if (lex_is(t, "!message"))
		rule->message = true;
	else
		rule->priority = reader_priority(f->word + 1, 2);
}

static size_t
flags_take(struct reader *r, struct rule *rule, struct items *it)
{
	size_t end = r->st.n;

	while (end > r->i && r->st.v[end - 1].kind == LEX_WORD && r->st.v[end - 1].p[0] == '!')
		flag_take(r, &r->st.v[--end], rule, it);
	return end;
}

/* The rest of a statement is flags, words and patterns of this rule. */
void
items_add_rule(struct reader *r, struct rule rule)
{
	struct rulebook *rb = r->rb;
	struct items it = { .rule = (uint32_t)rb->n_rules, .spelling = SPELLING_FOLDED };
	bool sound = r->sound;
	void *v;

	rule.ref = reader_ref(r);
	it.end = flags_take(r, &rule, &it);
	if (rb->n_rules == RULES_MAX) {
		reader_fault_at(r, &r->st.v[0], "there are more than %d rules", RULES_MAX);
		return;
	}
	if ((v = rules_reserve(rb->rule, &rb->cap_rules, rb->n_rules, sizeof(rule))) == NULL) {
		r->out_of_memory = true;
		return;
	}
	rb->rule = v;
	rb->rule[rb->n_rules++] = rule;
	r->sound = sound && !it.letters;
	items_add(r, &it);
	r->sound = sound;
}

void
items_add_member(struct reader *r, const char *name, size_t from, size_t to)
{
	struct words ws;

	if (from == to || !words_read(r, from, to, &ws))
		return;
	for (size_t i = 0; i < ws.n; i++) {
		if (!is_gap(&ws.v[i]) && (ws.v[i].kind != WORD_LIST || ws.n == 1))
			continue;
		reader_fault_at(r, &r->st.v[from], "a list holds words, words in a row, or another list");
		return;
	}
	words_heard(r, &ws, SOUND_ON_LIST);
	if (wordindex_list(r->rb->words, name, ws.v, ws.n) == -1)
		r->out_of_memory = true;
}
