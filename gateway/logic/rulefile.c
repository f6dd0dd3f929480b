/* Reads rule files, statement by statement. */
#include "logic/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logic/items.h"
#include "logic/normalize.h"
#include "logic/reader.h"

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
	const struct lex_token *t = reader_word(r, what);
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
	reader_fault_at(r, t, "'%.*s' is not %s: one of %s", (int)t->len, t->p, what, all);
	return -1;
}

static bool
category_firing(struct reader *r, struct category *c)
{
	const struct lex_token *t = reader_peek(r);

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
	const struct lex_token *t = reader_word(r, "a priority (P1 to P4)");
	int u, s, k;

	if (t == NULL)
		return false;
	if ((c->priority = reader_priority(t->p, t->len)) == 0) {
		reader_fault_at(r, t, "'%.*s' is not a priority: P1, P2, P3 or P4", (int)t->len, t->p);
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
	uint8_t known = reader_find_category(r->rb, t->p, t->len);

	if (!reader_is_code(t->p, t->len)) {
		reader_fault_at(r, t, "a category code is 2 to %d capital letters", CODE_SIZE - 1);
		return false;
	}
	if (lex_is(t, CODE_NOISE) || lex_is(t, CODE_UNKNOWN)) {
		reader_fault_at(r, t, "'%.*s' is what the program calls noise or an unread message: choose another code",
		    (int)t->len, t->p);
		return false;
	}
	if (known != CATEGORY_NONE) {
		reader_fault_at(r, t, "category '%.*s' is already declared at %s:%d", (int)t->len, t->p,
		    r->rb->category_ref[known].file, r->rb->category_ref[known].line);
		return false;
	}
	if (r->rb->n_categories == CATEGORIES_MAX) {
		reader_fault_at(r, t, "there can be at most %d categories", CATEGORIES_MAX);
		return false;
	}
	return true;
}

static void
read_category(struct reader *r)
{
	const struct lex_token *t = reader_word(r, "a category code");
	struct category c = { .code = "" };
	struct rulebook *rb = r->rb;

	if (t == NULL || !category_code(r, t))
		return;
	memcpy(c.code, t->p, t->len);
	/* Declared even when its labels are faulty, so that one mistake does not make every rule a fault. */
	if (reader_label(r, c.label_fr, sizeof(c.label_fr)) && reader_label(r, c.label_en, sizeof(c.label_en)) &&
	    category_words(r, &c))
		reader_end(r);
	rb->category_ref[rb->n_categories] = reader_ref(r);
	rb->category[rb->n_categories++] = c;
}

static void
read_tag(struct reader *r)
{
	struct rulebook *rb = r->rb;
	char *name = reader_name(r, "a name");
	struct rule_tag tag = { .name = name };

	if (name == NULL)
		return;
	for (size_t i = 0; i < rb->n_tags; i++) {
		if (strcmp(rb->tag[i].name, name) == 0) {
			reader_fault_at(r, &r->st.v[1], "tag '%s' is already declared", name);
			return;
		}
	}
	if (rb->n_tags == sizeof(rb->tag) / sizeof(rb->tag[0])) {
		reader_fault(r, "there can be at most %zu tags", sizeof(rb->tag) / sizeof(rb->tag[0]));
		return;
	}
	if (reader_label(r, tag.label_fr, sizeof(tag.label_fr)) && reader_label(r, tag.label_en, sizeof(tag.label_en)))
		reader_end(r);
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
		reader_fault(r, "there can be at most %zu lists", sizeof(rb->list) / sizeof(rb->list[0]));
		return;
	}
	rb->list[rb->n_lists++] = (struct rule_list){ name, reader_ref(r) };
}

/* list betail  betail, vache*, boeuf* */
static void
read_list(struct reader *r)
{
	char *name = reader_name(r, "a name");
	size_t from = r->i;

	if (name == NULL)
		return;
	list_declare(r, name);
	if (from == r->st.n)
		reader_fault(r, "words are missing here");
	for (size_t i = from; i <= r->st.n && from < r->st.n; i++) {
		if (i < r->st.n && r->st.v[i].kind != LEX_COMMA)
			continue;
		items_add_member(r, name, from, i);
		from = i + 1;
	}
}

/* ---- statements about categories, once all are known ---- */

static void
read_family(struct reader *r)
{
	struct rulebook *rb = r->rb;
	uint32_t set;

	if (reader_name(r, "a name") == NULL)
		return;
	set = reader_codes(r);
	if (rb->n_families == CATEGORIES_MAX) {
		reader_fault_at(r, &r->st.v[0], "there can be at most %d families", CATEGORIES_MAX);
		return;
	}
	rb->families[rb->n_families++] = set;
}

/* covers ATK  MOV SOS, or covers TST * for all others. */
static void
read_covers(struct reader *r)
{
	uint8_t c;

	if (!reader_category(r, &c))
		return;
	if (reader_peek(r) != NULL && lex_is(reader_peek(r), "*")) {
		r->i++;
		r->rb->covers[c] = ~(UINT32_C(1) << c);
		reader_end(r);
		return;
	}
	r->rb->covers[c] |= reader_codes(r) & ~(UINT32_C(1) << c);
}

static void
read_past_lowers(struct reader *r)
{
	r->rb->past_lowers |= reader_codes(r);
}

static void
read_hearsay_urgent(struct reader *r)
{
	r->rb->hearsay_urgent |= reader_codes(r);
}

/* ---- rules ---- */

static void
read_noise(struct reader *r)
{
	if (reader_name(r, "a name") != NULL)
		items_add_rule(r, (struct rule){ .kind = RULE_NOISE });
}

static void
read_ordinary(struct reader *r)
{
	if (reader_name(r, "a name") != NULL)
		items_add_rule(r, (struct rule){ .kind = RULE_ORDINARY });
}

/* sound: from here to the end of the file words are matched as they are heard. */
static void
read_sound(struct reader *r)
{
	r->sound = true;
	reader_end(r);
}

/* unless medical ATK,WND … : the codes end at the first word that is not in capitals. */
static void
read_unless(struct reader *r)
{
	struct rule rule = { .kind = RULE_UNLESS };
	const struct lex_token *t;
	uint8_t c;

	if (reader_name(r, "a name") == NULL || !reader_category(r, &c))
		return;
	rule.codes = UINT32_C(1) << c;
	while ((t = reader_peek(r)) != NULL) {
		if (t->kind == LEX_COMMA && r->i + 1 < r->st.n &&
		    reader_is_code(r->st.v[r->i + 1].p, r->st.v[r->i + 1].len)) {
			r->i++;
			continue;
		}
		if (t->kind != LEX_WORD || !reader_is_code(t->p, t->len))
			break;
		if (reader_category(r, &c))
			rule.codes |= UINT32_C(1) << c;
	}
	items_add_rule(r, rule);
}

static void
read_modifier(struct reader *r, enum rule_kind kind, uint32_t flags)
{
	struct rule rule = { .kind = kind, .flags = flags };

	if (reader_language(r, &rule))
		items_add_rule(r, rule);
}

/* number 20 fr vingtaine */
static void
read_number(struct reader *r)
{
	const struct lex_token *t = reader_word(r, "a number");
	struct rule rule = { .kind = RULE_NUMBER };
	uint32_t n;

	if (t == NULL)
		return;
	if (!reader_number(t, &n) || n == 0 || n > 9999) {
		reader_fault_at(r, t, "'%.*s' is not a number from 1 to 9999", (int)t->len, t->p);
		return;
	}
	rule.number = n;
	if (reader_language(r, &rule))
		items_add_rule(r, rule);
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
		reader_fault_at(r, &t, "too many categories in one test");
		return false;
	}
	if (reader_find_category(r->rb, p, len) == CATEGORY_NONE && !lex_is(&t, CODE_NOISE) && !lex_is(&t, CODE_UNKNOWN)) {
		reader_unknown_category(r, &t);
		return false;
	}
	test->codes[test->n_codes++] = reader_keep(r, p, len);
	return true;
}

static bool
test_codes(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = reader_word(r, "a category, NUL or UNK");
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
	const struct lex_token *next = reader_peek(r);
	char name[PLACE_NAME_SIZE];
	int len;

	if (t->len > 1) {
		test->place = reader_keep(r, t->p + 1, t->len - 1);
		return true;
	}
	if (next == NULL || next->kind != LEX_STRING || (len = lex_unquote(next, name, sizeof(name))) <= 0) {
		reader_fault_at(r, t, "a place is written @Bankass or @\"In Tillit\"");
		return false;
	}
	r->i++;
	test->place = reader_keep(r, name, (size_t)len);
	return true;
}

static bool
test_expectation(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = reader_word(r, "a priority, a place, auto, duty or review");

	if (t == NULL)
		return false;
	if (t->p[0] == '@')
		return test_place(r, t, test);
	if (reader_priority(t->p, t->len) != 0) {
		test->priority = reader_priority(t->p, t->len);
		return true;
	}
	for (int i = 0; firings[i] != NULL; i++) {
		if (lex_is(t, firings[i])) {
			test->firing = i;
			return true;
		}
	}
	reader_fault_at(r, t, "'%.*s' is not a priority (P1), a place (@Bankass), auto, duty or review", (int)t->len, t->p);
	return false;
}

static bool
test_text(struct reader *r, struct rule_test *test)
{
	const struct lex_token *t = reader_peek(r);
	char text[TEXT_IN_MAX];
	int len;

	if (t == NULL || t->kind != LEX_STRING) {
		reader_fault(r, "the text of a message in \"quotes\" is missing here");
		return false;
	}
	if ((len = lex_unquote(t, text, sizeof(text))) == -1) {
		reader_fault_at(r, t, "this text is too long for a message");
		return false;
	}
	r->i++;
	test->text = reader_keep(r, text, (size_t)len);
	test->len = (size_t)len;
	test->col = t->col;
	test->row = reader_keep(r, t->row, t->row_len);
	return !r->out_of_memory;
}

static void
read_test(struct reader *r)
{
	struct rule_test test = { .firing = -1, .ref = reader_ref(r) };
	struct rulebook *rb = r->rb;
	const struct lex_token *t;
	void *v;

	if (!test_text(r, &test) || (t = reader_word(r, "= or !=")) == NULL)
		return;
	if (!lex_is(t, "=") && !lex_is(t, "!=")) {
		reader_fault_at(r, t, "= or != is expected here");
		return;
	}
	test.not = lex_is(t, "!=");
	if (!test_codes(r, &test))
		return;
	while (reader_peek(r) != NULL) {
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

enum pass { PASS_DECLARE, PASS_RULES, PASS_BOTH };

static const struct statement {
	const char *word;
	enum pass pass;
	void	(*read)(struct reader *);	/* NULL: a language and words, for a rule of this kind */
	enum rule_kind kind;
	uint32_t flags;
} statements[] = {
	{ "category", PASS_DECLARE, read_category, 0, 0 },
	{ "tag", PASS_DECLARE, read_tag, 0, 0 },
	{ "sound", PASS_BOTH, read_sound, 0, 0 },
	{ "list", PASS_DECLARE, read_list, 0, 0 },
	{ "family", PASS_RULES, read_family, 0, 0 },
	{ "covers", PASS_RULES, read_covers, 0, 0 },
	{ "past-lowers", PASS_RULES, read_past_lowers, 0, 0 },
	{ "hearsay-urgent", PASS_RULES, read_hearsay_urgent, 0, 0 },
	{ "noise", PASS_RULES, read_noise, 0, 0 },
	{ "ordinary", PASS_RULES, read_ordinary, 0, 0 },
	{ "unless", PASS_RULES, read_unless, 0, 0 },
	{ "past", PASS_RULES, NULL, RULE_MODIFIER, FLAG_PAST },
	{ "now", PASS_RULES, NULL, RULE_MODIFIER, FLAG_NOW },
	{ "hearsay", PASS_RULES, NULL, RULE_MODIFIER, FLAG_HEARSAY },
	{ "question", PASS_RULES, NULL, RULE_MODIFIER, FLAG_QUESTION },
	{ "future", PASS_RULES, NULL, RULE_MODIFIER, FLAG_FUTURE },
	{ "conditional", PASS_RULES, NULL, RULE_MODIFIER, FLAG_CONDITIONAL },
	{ "language", PASS_RULES, NULL, RULE_LANGUAGE, 0 },
	{ "negation", PASS_RULES, NULL, RULE_NEGATION, 0 },
	{ "negation-after", PASS_RULES, NULL, RULE_NEGATION_AFTER, 0 },
	{ "negation-between", PASS_RULES, NULL, RULE_NEGATION_BETWEEN, 0 },
	{ "negation-stop", PASS_RULES, NULL, RULE_NEGATION_STOP, 0 },
	{ "number", PASS_RULES, read_number, 0, 0 },
	{ "test", PASS_RULES, read_test, 0, 0 },
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

	if ((rule.category = reader_find_category(r->rb, code->p, code->len)) == CATEGORY_NONE) {
		reader_unknown_category(r, code);
		return;
	}
	if ((t = reader_word(r, "a weight from 1 to 10")) == NULL)
		return;
	if (!reader_number(t, &weight) || weight < 1 || weight > 10) {
		reader_fault_at(r, t, "'%.*s' is not a weight: a number from 1 to 10", (int)t->len, t->p);
		return;
	}
	rule.weight = (uint8_t)weight;
	if (reader_language(r, &rule))
		items_add_rule(r, rule);
}

static bool
read_tag_words(struct reader *r, const struct lex_token *name)
{
	struct rule rule = { .kind = RULE_TAG };

	for (size_t i = 0; i < r->rb->n_tags; i++) {
		if (!lex_is(name, r->rb->tag[i].name))
			continue;
		rule.number = (uint32_t)i;
		if (reader_language(r, &rule))
			items_add_rule(r, rule);
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
		reader_guess(&g, t, statements[i].word);
	for (size_t i = 0; i < r->rb->n_tags; i++)
		reader_guess(&g, t, r->rb->tag[i].name);
	for (size_t i = 0; i < r->rb->n_categories; i++)
		reader_guess(&g, t, r->rb->category[i].code);
	reader_fault_at(r, t, "a statement does not begin with '%.*s'%s", (int)t->len, t->p, reader_guess_words(&g, hint, sizeof(hint)));
}

static void
read_statement(struct reader *r, enum pass pass)
{
	const struct lex_token *first = &r->st.v[0];
	const struct statement *s = statement_find(first);

	r->i = 1;
	if (s != NULL && s->pass != pass && s->pass != PASS_BOTH)
		return;
	if (s != NULL && s->read != NULL)
		s->read(r);
	else if (s != NULL)
		read_modifier(r, s->kind, s->flags);
	else if (pass == PASS_DECLARE)
		return;
	else if (first->kind == LEX_WORD && reader_is_code(first->p, first->len))
		read_alert(r, first);
	else if (first->kind != LEX_WORD || !read_tag_words(r, first))
		unknown_statement(r, first);
}

static int
read_source(struct reader *r, const struct rule_source *source, enum pass pass)
{
	struct lex lx;
	int got;

	r->sound = false;
	if ((r->file = reader_keep(r, source->name, strlen(source->name))) == NULL)
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
