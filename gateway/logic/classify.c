/* Runs a rulebook over a text, in numbered steps. */
#include "logic/classify.h"

#include <stdlib.h>
#include <string.h>

#include "logic/rules.h"

#define HITS_MAX	512
#define SAME_RULE_MAX	24	/* hits of one statement that are kept */
#define PATTERN_HITS_MAX 8	/* times one pattern is tried on one text */
#define NEGATION_REACH	3	/* words */
#define LANGUAGE_WORDS	2	/* that show a language; or one of its hooked letters */
#define FOREIGN_WORDS	3	/* that show that it is another one */
#define TONGUES_MAX	12
#define NEAREST_MAX	99
#define AUTO_WEIGHT	6	/* one hit of this weight fires an automatic category … */
#define PAIR_WEIGHT	4	/* … or two different ones of this; also what the duty desk is woken for */
#define STRONG_WEIGHT	8	/* noise never silences a hit of this weight … */
#define STRONG_SUM	10	/* … nor hits that weigh this together */
#define PERSON_SUM	5	/* with this left a person decides whether it is noise */
#define SCORE_MAX	999
#define NO_TOKEN	UINT16_MAX

struct hit {
	uint32_t rule;
	int	 line;			/* of the words in the rule file */
	uint16_t first, last;		/* tokens; NO_TOKEN when it holds none */
	uint16_t start, end;		/* of the original */
	uint16_t f_start, f_end;	/* of the form it was found in */
	uint16_t g_start, g_end;	/* a pattern's first group */
	bool	 plain;			/* found in the plain form */
	uint8_t	 state;			/* enum evidence_state */
	struct rule_ref by;
};

/* What words of the text do to hits near them. */
enum mark { MARK_NEGATION = 1, MARK_AFTER = 2, MARK_BETWEEN = 4, MARK_STOP = 8, MARK_GREETING = 16 };

struct work {
	const struct rulebook *rb;
	const struct text *t;
	struct verdict *v;
	struct pattern_scratch *scratch;
	struct near_hit near;		/* the phrase that was nearly there */
	bool	 doubt;			/* a pattern that could have cancelled something was not decided */
	uint32_t modifiers;		/* flags of modifier rules, FLAG_NOW included */
	uint32_t opened;		/* categories that reached the opening score */
	uint8_t	 priority[CATEGORIES_MAX];	/* best of the counted hits of each */
	size_t	 n;
	struct hit hit[HITS_MAX];
	uint8_t	 mark[TOKENS_MAX];
};

static const struct rule *
rule_of(const struct work *w, const struct hit *h)
{
	return &w->rb->rule[h->rule];
}

static void
undecided(struct work *w, const struct rule *rule)
{
	w->v->flags |= FLAG_RULE_FAULT;
	if (rule == NULL || rule->kind != RULE_ALERT)
		w->doubt = true;
}

/* ---- 1 hits ---- */

static void
hit_add(struct work *w, const struct hit *h)
{
	size_t same = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->hit[i].rule != h->rule)
			continue;
		/* "attaque" by attaqu*, and again by ~attaque of the same statement. */
		if (w->hit[i].start == h->start && w->hit[i].end == h->end)
			return;
		same++;
	}
	if (same >= SAME_RULE_MAX)
		return;
	if (w->n == HITS_MAX) {
		undecided(w, NULL);
		return;
	}
	w->hit[w->n++] = *h;
}

/* The plain form of the original bytes [start, end). */
static const char *
plain_of(const struct text *t, size_t start, size_t end, size_t *len)
{
	size_t a = 0, b;

	while (a < t->plain_len && t->plain_from[a] < start)
		a++;
	for (b = a; b < t->plain_len && t->plain_from[b] < end; b++)
		;
	*len = b - a;
	return t->plain + a;
}

static bool
spelt_right(const struct work *w, const struct phrase *ph, const struct hit *h)
{
	const char *p;
	size_t len;

	if (ph->spelling == SPELLING_FOLDED || (ph->spelling == SPELLING_HOOKED && !w->t->hooked))
		return true;
	p = plain_of(w->t, h->start, h->end, &len);
	return len == strlen(ph->plain) && memcmp(p, ph->plain, len) == 0;
}

static void
find_words(struct work *w)
{
	const struct text *t = w->t;
	struct word_hit found[HITS_MAX * 2];
	bool fault;
	size_t n = wordindex_find(w->rb->words, t, found, sizeof(found) / sizeof(found[0]), &fault, &w->near);

	if (fault)
		undecided(w, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct phrase *ph = &w->rb->phrase[found[i].value];
		const struct token *first = &t->token[found[i].first], *last = &t->token[found[i].last];
		const struct hit h = { .rule = ph->rule, .line = ph->line, .first = found[i].first, .last = found[i].last,
			.start = first->from, .end = last->to, .f_start = first->start,
			.f_end = (uint16_t)(last->start + last->len) };

		if (spelt_right(w, ph, &h))
			hit_add(w, &h);
	}
}

/* The tokens that a span of the original touches. */
static void
tokens_of(const struct text *t, struct hit *h)
{
	h->first = h->last = NO_TOKEN;
	for (size_t i = 0; i < t->n_tokens; i++) {
		if (t->token[i].to <= h->start || t->token[i].from >= h->end)
			continue;
		if (h->first == NO_TOKEN)
			h->first = (uint16_t)i;
		h->last = (uint16_t)i;
	}
}

static void
pattern_hit(struct work *w, const struct rule_pattern *rp, const struct pattern_span *s)
{
	const struct text *t = w->t;
	const uint16_t *from = rp->exact ? t->plain_from : t->folded_from;
	struct hit h = { .rule = rp->rule, .line = rp->line, .start = from[s->start], .end = from[s->end], .f_start = (uint16_t)s->start,
		.f_end = (uint16_t)s->end, .g_start = (uint16_t)s->group_start, .g_end = (uint16_t)s->group_end,
		.plain = rp->exact };

	tokens_of(t, &h);
	/* The end of the last word, not what was dropped behind it. */
	if (h.last != NO_TOKEN && t->token[h.last].to < h.end)
		h.end = t->token[h.last].to;
	hit_add(w, &h);
}

static void
try_pattern(struct work *w, uint32_t i)
{
	const struct rule_pattern *rp = &w->rb->pattern[i];
	const char *text = rp->exact ? w->t->plain : w->t->folded;
	size_t len = rp->exact ? w->t->plain_len : w->t->folded_len, from = 0;
	struct pattern_span s;
	enum pattern_result result;

	if (w->scratch == NULL)
		w->scratch = pattern_scratch_new();
	for (int k = 0; k < PATTERN_HITS_MAX && from <= len; k++) {
		result = pattern_find(rp->pattern, w->scratch, text, len, from, &s);
		if (result == PATTERN_FAULT)
			undecided(w, &w->rb->rule[rp->rule]);
		if (result != PATTERN_YES)
			return;
		if (s.end > s.start)
			pattern_hit(w, rp, &s);
		from = s.end > from ? s.end : from + 1;
		while (from < len && ((unsigned char)text[from] & 0xC0) == 0x80)
			from++;
	}
}

static void
try_needed(struct work *w, uint8_t *tried, size_t at)
{
	const struct text *t = w->t;
	const struct need_link *l;

	for (uint32_t i = w->rb->need_bucket[need_bucket_of(t->folded + at)]; i != RULES_NONE; i = l->next) {
		l = &w->rb->need[i];
		if ((tried[l->pattern / 8] >> l->pattern % 8 & 1) || l->need.len > t->folded_len - at ||
		    memcmp(t->folded + at, l->need.p, l->need.len) != 0)
			continue;
		tried[l->pattern / 8] |= (uint8_t)(1u << l->pattern % 8);
		try_pattern(w, l->pattern);
	}
}

static void
find_patterns(struct work *w)
{
	const struct rulebook *rb = w->rb;
	uint8_t *tried;

	for (size_t i = 0; i < rb->n_always; i++)
		try_pattern(w, rb->always[i]);
	if (rb->n_needs == 0)
		return;
	if ((tried = calloc(1, rb->n_patterns / 8 + 1)) == NULL) {
		undecided(w, NULL);
		return;
	}
	for (size_t at = 0; at + NEED_MIN <= w->t->folded_len; at++)
		try_needed(w, tried, at);
	free(tried);
}

/* ---- 2 unless and negation ---- */

static uint8_t
mark_of(const struct rule *rule)
{
	switch (rule->kind) {
	case RULE_NEGATION:
		return MARK_NEGATION;
	case RULE_NEGATION_AFTER:
		return MARK_AFTER;
	case RULE_NEGATION_BETWEEN:
		return MARK_BETWEEN;
	case RULE_NEGATION_STOP:
		return MARK_STOP;
	case RULE_NOISE:
		return rule->alone ? MARK_GREETING : 0;
	default:
		return 0;
	}
}

static void
mark_tokens(struct work *w)
{
	memset(w->mark, 0, w->t->n_tokens);
	for (size_t i = 0; i < w->n; i++) {
		const struct hit *h = &w->hit[i];
		uint8_t mark = mark_of(rule_of(w, h));

		for (size_t k = h->first; mark != 0 && h->first != NO_TOKEN && k <= h->last; k++)
			w->mark[k] |= mark;
	}
}

static bool
same_language(const struct rule *a, const struct rule *b)
{
	return strcmp(a->language, b->language) == 0 || strcmp(a->language, "*") == 0 || strcmp(b->language, "*") == 0;
}

/*
 * The hit that gives a token this mark, in the language of the hit: Bambara "ma" denies
 * what is before it, French "ma" is mine.
 */
static const struct hit *
marked(const struct work *w, size_t token, uint8_t mark, const struct hit *by)
{
	if (!(w->mark[token] & mark))
		return NULL;
	for (size_t i = 0; i < w->n; i++) {
		const struct hit *h = &w->hit[i];
		const struct rule *rule = rule_of(w, h);

		if (mark_of(rule) == mark && h->first <= token && token <= h->last && same_language(rule, rule_of(w, by)))
			return h;
	}
	return NULL;
}

/* Does anything but space and an apostrophe part this word from the next? */
static bool
parted(const struct text *t, size_t token)
{
	const struct token *a = &t->token[token];

	for (size_t i = a->start + a->len; i < t->token[token + 1].start; i++) {
		if (t->folded[i] == ',' || t->folded[i] == ':')
			return true;
	}
	return a->stop;
}

/* "pas eu d'attaque": a negation word, then only such words as may stand between, then the hit. */
static const struct hit *
negated_before(const struct work *w, const struct hit *h)
{
	const struct hit *no;

	if (marked(w, h->first, MARK_STOP, h) != NULL || marked(w, h->first, MARK_NEGATION, h) != NULL)
		return NULL;
	for (size_t k = 1; k <= NEGATION_REACH && k <= h->first; k++) {
		size_t i = h->first - k;

		if (parted(w->t, i))
			return NULL;
		if ((no = marked(w, i, MARK_NEGATION, h)) != NULL)
			return no;
		if (marked(w, i, MARK_BETWEEN, h) == NULL)
			return NULL;
	}
	return NULL;
}

static const struct hit *
negated_after(const struct work *w, const struct hit *h)
{
	size_t next = (size_t)h->last + 1;

	if (next >= w->t->n_tokens || parted(w->t, h->last))
		return NULL;
	return marked(w, next, MARK_AFTER, h);
}

static bool
overlap(const struct hit *a, const struct hit *b)
{
	return a->start < b->end && b->start < a->end;
}

static bool
excluded(const struct work *w, const struct hit *h, struct rule_ref *by)
{
	uint32_t bit = UINT32_C(1) << rule_of(w, h)->category;

	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind != RULE_UNLESS || !(rule->codes & bit) || !(rule->message || overlap(h, &w->hit[i])))
			continue;
		*by = (struct rule_ref){ rule->ref.file, w->hit[i].line };
		return true;
	}
	return false;
}

struct tongue {
	const char *language;
	size_t	 words;
	uint16_t last;
};

/* Counts the words that show each declared language. */
static size_t
tongues(const struct work *w, struct tongue t[TONGUES_MAX])
{
	size_t n = 0, k;

	for (size_t i = 0; i < w->n; i++) {
		const struct hit *h = &w->hit[i];

		if (rule_of(w, h)->kind != RULE_LANGUAGE)
			continue;
		for (k = 0; k < n && strcmp(t[k].language, rule_of(w, h)->language) != 0; k++)
			;
		if (k == TONGUES_MAX)
			continue;
		if (k == n)
			t[n++] = (struct tongue){ rule_of(w, h)->language, 0, NO_TOKEN };
		t[k].words += h->first != t[k].last;
		t[k].last = h->first;
	}
	return n;
}

/*
 * A rule that asks for its language needs two words of it, or hooked letters. No rule is believed in a message that is
 * clearly in another language: three words of that, and three times as many as of its own.
 */
static bool
foreign(const struct work *w, const struct rule *rule, const struct tongue *t, size_t n)
{
	size_t own = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(t[i].language, rule->language) == 0)
			own = t[i].words;
		else if (t[i].words > most)
			most = t[i].words;
	}
	if (rule->in_language && !w->t->hooked && own < LANGUAGE_WORDS)
		return true;
	return strcmp(rule->language, "*") != 0 && most >= FOREIGN_WORDS && most >= 3 * own && !w->t->hooked;
}

static void
cancel(struct work *w)
{
	struct tongue tongue[TONGUES_MAX];
	size_t n_tongues = tongues(w, tongue);
	const struct hit *no;

	mark_tokens(w);
	for (size_t i = 0; i < w->n; i++) {
		struct hit *h = &w->hit[i];

		if (rule_of(w, h)->kind != RULE_ALERT)
			continue;
		if (foreign(w, rule_of(w, h), tongue, n_tongues)) {
			h->state = EVIDENCE_EXCLUDED;
			h->by = (struct rule_ref){ rule_of(w, h)->ref.file, h->line };
			continue;
		}
		if (excluded(w, h, &h->by)) {
			h->state = EVIDENCE_EXCLUDED;
			continue;
		}
		if (h->first == NO_TOKEN || ((no = negated_before(w, h)) == NULL && (no = negated_after(w, h)) == NULL))
			continue;
		h->state = EVIDENCE_NEGATED;
		h->by = (struct rule_ref){ rule_of(w, no)->ref.file, no->line };
		w->v->flags |= FLAG_NEGATION;
	}
}

/* ---- 3 scores ---- */

static const char *
words_of(const struct work *w, const struct hit *h, size_t *len)
{
	*len = (size_t)(h->f_end - h->f_start);
	return (h->plain ? w->t->plain : w->t->folded) + h->f_start;
}

static bool
same_words(const struct work *w, const struct hit *a, const struct hit *b)
{
	size_t a_len, b_len;
	const char *p = words_of(w, a, &a_len), *q = words_of(w, b, &b_len);

	return a_len == b_len && memcmp(p, q, a_len) == 0;
}

/* Heaviest first; then the longest, the earliest, and the rule that stands first. */
static int
compare_hits(const struct work *w, const struct hit *a, const struct hit *b)
{
	const struct rule *ra = rule_of(w, a), *rb = rule_of(w, b);

	if (ra->weight != rb->weight)
		return ra->weight > rb->weight ? -1 : 1;
	if (a->end - a->start != b->end - b->start)
		return a->end - a->start > b->end - b->start ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static void
sort_hits(struct work *w)
{
	struct hit h;
	size_t k;

	/* Insertion: there are few, and qsort would need a global for the text. */
	for (size_t i = 1; i < w->n; i++) {
		h = w->hit[i];
		for (k = i; k > 0 && compare_hits(w, &h, &w->hit[k - 1]) < 0; k--)
			w->hit[k] = w->hit[k - 1];
		w->hit[k] = h;
	}
}

static bool
repeated(const struct work *w, size_t i)
{
	const struct hit *h = &w->hit[i], *other;

	for (size_t k = 0; k < i; k++) {
		other = &w->hit[k];
		if (rule_of(w, other)->kind == RULE_ALERT && other->state == EVIDENCE_COUNTED &&
		    rule_of(w, other)->category == rule_of(w, h)->category && (overlap(other, h) || same_words(w, other, h)))
			return true;
	}
	return false;
}

static void
count(struct work *w)
{
	const struct rulebook *rb = w->rb;
	struct verdict *v = w->v;

	sort_hits(w);
	memset(w->priority, 0, sizeof(w->priority));
	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);
		uint8_t c = rule->category, p;

		if (rule->kind != RULE_ALERT || w->hit[i].state != EVIDENCE_COUNTED)
			continue;
		if (repeated(w, i)) {
			w->hit[i].state = EVIDENCE_REPEATED;
			continue;
		}
		p = rule->priority != 0 ? rule->priority : rb->category[c].priority;
		if (w->priority[c] == 0 || p < w->priority[c])
			w->priority[c] = p;
		v->score[c] = (uint16_t)(v->score[c] + rule->weight > SCORE_MAX ? SCORE_MAX : v->score[c] + rule->weight);
	}
	for (size_t c = 0; c < rb->n_categories; c++) {
		if (v->score[c] >= OPENING_SCORE)
			w->opened |= UINT32_C(1) << c;
	}
}

/* ---- 4 noise ---- */

static bool
only_greetings(const struct work *w)
{
	for (size_t i = 0; i < w->t->n_tokens; i++) {
		if (!(w->mark[i] & MARK_GREETING))
			return false;
	}
	return w->t->n_tokens > 0;
}

static const struct hit *
noise(const struct work *w)
{
	bool greetings = only_greetings(w);

	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind == RULE_NOISE && (!rule->alone || greetings))
			return &w->hit[i];
	}
	return NULL;
}

static bool
ordinary(const struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (rule_of(w, &w->hit[i])->kind == RULE_ORDINARY)
			return true;
	}
	return false;
}

/* What is left after step 2 against a noise rule. */
enum balance { BALANCE_NOISE, BALANCE_PERSON, BALANCE_ALERT };

static enum balance
weigh(const struct work *w)
{
	unsigned grave = 0, all = 0;
	uint8_t p;

	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind != RULE_ALERT || w->hit[i].state != EVIDENCE_COUNTED)
			continue;
		p = w->rb->category[rule->category].priority;
		if (p <= 2 && rule->weight >= STRONG_WEIGHT)
			return BALANCE_ALERT;
		grave += p <= 2 ? rule->weight : 0;
		all += p <= 3 ? rule->weight : 0;
	}
	if (grave >= STRONG_SUM)
		return BALANCE_ALERT;
	return all >= PERSON_SUM || (w->v->flags & FLAG_RULE_FAULT) ? BALANCE_PERSON : BALANCE_NOISE;
}

/* ---- 5 headline ---- */

static uint32_t
bit_of(uint8_t category)
{
	return category == CATEGORY_NONE ? 0 : UINT32_C(1) << category;
}

static uint8_t
first_of(uint32_t set)
{
	return set == 0 ? CATEGORY_NONE : (uint8_t)__builtin_ctz(set);
}

/* Denied attacks and nothing else: somebody says that it is calm. */
static void
open_calm(struct work *w)
{
	const struct rulebook *rb = w->rb;

	if (w->opened != 0 || rb->calm == CATEGORY_NONE)
		return;
	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind != RULE_ALERT || w->hit[i].state != EVIDENCE_NEGATED || rule->category == rb->calm)
			continue;
		w->v->score[rb->calm] = rule->weight;
		w->priority[rb->calm] = rb->category[rb->calm].priority;
		w->opened = bit_of(rb->calm);
		return;
	}
}

static void
headline(struct work *w)
{
	const struct rulebook *rb = w->rb;
	uint32_t set, covered = 0;

	open_calm(w);
	for (size_t c = 0; c < rb->n_categories; c++) {
		if (w->opened >> c & 1)
			covered |= rb->covers[c];
	}
	set = w->opened & ~covered;
	/* Forces and nothing else are sealed; with anybody harmed it is no longer about the forces. */
	if (set != bit_of(rb->sealed))
		set &= ~bit_of(rb->sealed);
	w->v->categories = set;
	w->v->headline = first_of(set);
	w->v->kind = set != 0 ? VERDICT_ALERT : VERDICT_UNKNOWN;
}

/* ---- 6 firing ---- */

static enum firing
firing_of(const struct work *w, uint8_t category)
{
	enum firing allowed = w->rb->category[category].firing;
	unsigned best = 0, pairs = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind != RULE_ALERT || rule->category != category || w->hit[i].state != EVIDENCE_COUNTED)
			continue;
		best = rule->weight > best ? rule->weight : best;
		pairs += rule->weight >= PAIR_WEIGHT;
	}
	if (allowed == FIRE_AUTO && (best >= AUTO_WEIGHT || pairs >= 2))
		return FIRE_AUTO;
	if (allowed == FIRE_DUTY && best >= PAIR_WEIGHT)
		return FIRE_DUTY;
	return FIRE_REVIEW;
}

/* The category that allows most decides: weak signs of an attack do not hold back clear ones of wounded. */
static void
fire(struct work *w)
{
	struct verdict *v = w->v;
	enum firing f;

	v->firing = FIRE_REVIEW;
	for (uint8_t c = 0; c < w->rb->n_categories; c++) {
		f = v->categories >> c & 1 ? firing_of(w, c) : FIRE_REVIEW;
		if (f > v->firing)
			v->firing = f;
	}
}

static void
at_most(struct verdict *v, enum firing f)
{
	if (v->firing > f)
		v->firing = f;
}

/* ---- 7 modifiers ---- */

static bool
happening(const struct work *w, uint8_t category)
{
	if (w->modifiers & FLAG_NOW)
		return true;
	for (size_t i = 0; i < w->n; i++) {
		const struct rule *rule = rule_of(w, &w->hit[i]);

		if (rule->kind == RULE_ALERT && rule->now && rule->category == category &&
		    w->hit[i].state <= EVIDENCE_REPEATED)
			return true;
	}
	return false;
}

static void
read_modifiers(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (rule_of(w, &w->hit[i])->kind == RULE_MODIFIER)
			w->modifiers |= rule_of(w, &w->hit[i])->flags;
	}
	w->v->flags |= w->modifiers & (FLAG_PAST | FLAG_HEARSAY | FLAG_QUESTION | FLAG_FUTURE | FLAG_CONDITIONAL);
}

static void
priority(struct work *w)
{
	struct verdict *v = w->v;
	uint8_t best = 4, p;

	for (uint8_t c = 0; c < w->rb->n_categories; c++) {
		if (!(v->categories >> c & 1))
			continue;
		p = w->priority[c];
		if ((v->flags & FLAG_PAST) && (w->rb->past_lowers >> c & 1) && !happening(w, c) && p < 4) {
			p++;
			if (c == v->headline)
				at_most(v, FIRE_REVIEW);
		}
		best = p < best ? p : best;
	}
	v->priority = best;
	if ((v->flags & (FLAG_FUTURE | FLAG_CONDITIONAL)) && !happening(w, v->headline))
		at_most(v, FIRE_DUTY);
}

/* A rumour is headed as one, keeps what it is about, and is always read by a person. */
static void
rumour(struct work *w)
{
	struct verdict *v = w->v;
	uint8_t rum = w->rb->rumour;
	bool nothing_else = v->kind == VERDICT_UNKNOWN;

	if (!(v->flags & (FLAG_HEARSAY | FLAG_QUESTION)) || rum == CATEGORY_NONE || v->headline == w->rb->sealed)
		return;
	/* What covers a rumour (an exercise) is none. */
	for (size_t c = 0; c < w->rb->n_categories; c++) {
		if ((v->categories >> c & 1) && (w->rb->covers[c] >> rum & 1))
			return;
	}
	v->priority = nothing_else || (v->categories & w->rb->hearsay_urgent) ? 3 : 4;
	v->categories |= bit_of(rum);
	v->headline = rum;
	v->kind = VERDICT_ALERT;
	v->firing = FIRE_REVIEW;
}

/* ---- 8 tags ---- */

/* A number of at most four digits: longer ones are telephones. 0: none. */
static uint32_t
digits(const char *p, size_t len)
{
	uint32_t n = 0;

	if (len == 0 || len > 4)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return 0;
		n = n * 10 + (uint32_t)(p[i] - '0');
	}
	return n;
}

static uint32_t
number_at(const struct work *w, size_t token)
{
	const struct token *tk = &w->t->token[token];

	for (size_t i = 0; i < w->n; i++) {
		if (rule_of(w, &w->hit[i])->kind == RULE_NUMBER && w->hit[i].last == token)
			return rule_of(w, &w->hit[i])->number;
	}
	return digits(w->t->folded + tk->start, tk->len);
}

/* "30 motos", "une centaine de motos"; or what the pattern's first group holds. */
static uint32_t
count_of(const struct work *w, const struct hit *h)
{
	uint32_t n;

	if (h->g_end > h->g_start)
		return digits((h->plain ? w->t->plain : w->t->folded) + h->g_start, (size_t)(h->g_end - h->g_start));
	if (h->first == NO_TOKEN || h->first == 0)
		return 0;
	n = number_at(w, h->first - 1u);
	if (n == 0 && h->first > 1 && w->t->token[h->first - 1].len <= 2)
		n = number_at(w, h->first - 2u);
	return n;
}

static void
tag_add(struct work *w, const struct rule_tag *tag, uint32_t n)
{
	struct verdict *v = w->v;

	for (size_t i = 0; i < v->n_tags; i++) {
		if (strcmp(v->tags[i].label_fr, tag->label_fr) != 0)
			continue;
		if (n > v->tags[i].count)
			v->tags[i].count = n;
		return;
	}
	if (v->n_tags == TAGS_MAX)
		return;
	memcpy(v->tags[v->n_tags].label_fr, tag->label_fr, sizeof(tag->label_fr));
	memcpy(v->tags[v->n_tags].label_en, tag->label_en, sizeof(tag->label_en));
	v->tags[v->n_tags++].count = n;
}

static void
find_tags(struct work *w)
{
	/* In the order of the declarations, which is the order of their importance. */
	for (size_t tag = 0; tag < w->rb->n_tags; tag++) {
		for (size_t i = 0; i < w->n; i++) {
			const struct rule *rule = rule_of(w, &w->hit[i]);

			if (rule->kind == RULE_TAG && rule->number == tag)
				tag_add(w, &w->rb->tag[tag], count_of(w, &w->hit[i]));
		}
	}
}

/* ---- evidence ---- */

static void
evidence_add(struct work *w, const struct hit *h)
{
	struct verdict *v = w->v;
	const struct rule *rule = rule_of(w, h);
	struct evidence *e = &v->evidence[v->n_evidence++];
	size_t len;
	const char *words = words_of(w, h, &len);

	*e = (struct evidence){ .category = rule->category, .weight = rule->weight, .state = h->state,
		.rule = { rule->ref.file, h->line },
		.by = h->by, .start = h->start, .end = h->end };
	if (len >= WORDS_SIZE) {
		for (len = WORDS_SIZE - 1; len > 0 && ((unsigned char)words[len] & 0xC0) == 0x80; len--)
			;
	}
	memcpy(e->words, words, len);
	e->words[len] = '\0';
}

/* What counted first: when there is too much, the rest is what is left out. */
static void
list_evidence(struct work *w)
{
	for (int state = EVIDENCE_COUNTED; state <= EVIDENCE_EXCLUDED; state++) {
		for (size_t i = 0; i < w->n && w->v->n_evidence < EVIDENCE_MAX; i++) {
			if (rule_of(w, &w->hit[i])->kind == RULE_ALERT && w->hit[i].state == state)
				evidence_add(w, &w->hit[i]);
		}
	}
}

/* ---- the steps ---- */

static void
be_quiet(struct work *w, enum verdict_kind kind)
{
	struct verdict *v = w->v;

	v->kind = kind;
	v->headline = CATEGORY_NONE;
	v->categories = 0;
	v->priority = kind == VERDICT_NOISE ? 4 : 3;
	v->firing = FIRE_REVIEW;
}

/*
 * Everyday talk: single weak words are no alert. A clear claim of calm is one all the same: it is often made of such
 * words ("it was a wedding").
 */
static bool
everyday(struct work *w)
{
	uint8_t calm = w->rb->calm;

	if (!ordinary(w))
		return false;
	w->v->flags |= FLAG_ORDINARY;
	if (calm != CATEGORY_NONE && w->v->score[calm] >= AUTO_WEIGHT)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (rule_of(w, &w->hit[i])->kind == RULE_ALERT && w->hit[i].state == EVIDENCE_COUNTED &&
		    rule_of(w, &w->hit[i])->weight >= AUTO_WEIGHT)
			return false;
	}
	return weigh(w) != BALANCE_ALERT;
}

/* For the person who reads what no rule understood: what it might be about. */
static void
nearest(struct work *w)
{
	struct verdict *v = w->v;
	const struct rule *rule;
	unsigned best = 0, score;

	v->nearest = CATEGORY_NONE;
	for (size_t i = 0; i < w->n; i++) {
		rule = rule_of(w, &w->hit[i]);
		/* What an unless took away was something else; what was counted was too little, or outweighed. */
		score = w->hit[i].state == EVIDENCE_COUNTED ? 8u * rule->weight : rule->weight;
		if (rule->kind != RULE_ALERT || score <= best)
			continue;
		best = score;
		v->nearest = rule->category;
		v->nearest_rule = (struct rule_ref){ rule->ref.file, w->hit[i].line };
	}
	if (best == 0 && w->near.words >= 2) {
		const struct phrase *ph = &w->rb->phrase[w->near.hit.value];

		rule = &w->rb->rule[ph->rule];
		if (rule->kind == RULE_ALERT) {
			best = rule->weight;
			v->nearest = rule->category;
			v->nearest_rule = (struct rule_ref){ rule->ref.file, ph->line };
		}
	}
	v->nearest_score = (uint8_t)(best > NEAREST_MAX ? NEAREST_MAX : best);
}

static void
decide(struct work *w)
{
	struct verdict *v = w->v;
	const struct hit *quiet;
	enum balance balance;

	cancel(w);					/* 2 */
	count(w);					/* 3 */
	quiet = noise(w);				/* 4 */
	if (quiet != NULL) {
		v->noise_rule = (struct rule_ref){ rule_of(w, quiet)->ref.file, quiet->line };
		balance = weigh(w);
		if (balance != BALANCE_ALERT) {
			be_quiet(w, balance == BALANCE_NOISE ? VERDICT_NOISE : VERDICT_UNKNOWN);
			return;
		}
	}
	if (everyday(w)) {
		be_quiet(w, VERDICT_UNKNOWN);
		return;
	}
	headline(w);					/* 5 */
	read_modifiers(w);
	if (v->kind == VERDICT_ALERT) {
		fire(w);				/* 6 */
		if (quiet != NULL || w->doubt)
			at_most(v, FIRE_DUTY);
		if (v->flags & FLAG_ORDINARY)
			at_most(v, weigh(w) == BALANCE_ALERT ? FIRE_DUTY : FIRE_REVIEW);
		priority(w);				/* 7 */
	}
	rumour(w);
	find_tags(w);					/* 8 */
}

void
classify(const struct rulebook *rb, const struct text *t, struct verdict *v)
{
	struct work w;

	w.rb = rb;
	w.t = t;
	w.v = v;
	w.scratch = NULL;
	w.doubt = false;
	w.near = (struct near_hit){ .words = 0 };
	w.modifiers = w.opened = 0;
	w.n = 0;
	*v = (struct verdict){ .kind = VERDICT_UNKNOWN, .headline = CATEGORY_NONE, .priority = 3, .firing = FIRE_REVIEW,
		.nearest = CATEGORY_NONE };
	if (t->truncated)
		v->flags |= FLAG_TRUNCATED;
	find_words(&w);					/* 1 */
	find_patterns(&w);
	decide(&w);
	if (v->kind == VERDICT_UNKNOWN)
		nearest(&w);
	list_evidence(&w);
	pattern_scratch_free(w.scratch);
}
