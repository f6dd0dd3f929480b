/* Finds what stopped a category, and the phrases of which a text has the most. */
#include "logic/whynot.h"

#include <stdio.h>
#include <string.h>

#include "logic/classify.h"
#include "logic/rules.h"

#define PERCENT_LEAST	40	/* of a phrase; less is chance */

/* ---- what stopped it ---- */

static const struct evidence *
cancelled(const struct verdict *v, uint8_t category)
{
	for (size_t i = 0; i < v->n_evidence; i++) {
		if (v->evidence[i].category == category && v->evidence[i].state > EVIDENCE_REPEATED)
			return &v->evidence[i];
	}
	return NULL;
}

/* The category among those found that includes this one; CATEGORY_NONE. */
static uint8_t
covering(const struct rulebook *rb, const struct verdict *v, uint8_t category)
{
	for (uint8_t c = 0; c < rb->n_categories; c++) {
		if ((v->categories >> c & 1) && (rb->covers[c] >> category & 1))
			return c;
	}
	return CATEGORY_NONE;
}

static void
find_reason(const struct rulebook *rb, const struct verdict *v, uint8_t category, char *out, size_t size)
{
	const char *code = rb->category[category].code;
	const struct evidence *e = cancelled(v, category);
	uint8_t cover = covering(rb, v, category);
	unsigned score = v->score[category];

	if (v->categories >> category & 1)
		snprintf(out, size, "it is: %s %s", code, category == v->headline ? "heads the message" : "stands beside the headline");
	else if (v->kind == VERDICT_NOISE)
		snprintf(out, size, "the message is taken for ordinary talk by %s:%d; what is found of %s weighs %u", v->noise_rule.file,
		    v->noise_rule.line, code, score);
	else if (score >= OPENING_SCORE && cover != CATEGORY_NONE)
		snprintf(out, size, "%s is found (%u) but %s includes it", code, score, rb->category[cover].code);
	else if (score >= OPENING_SCORE)
		snprintf(out, size, "%s is found (%u) but what else is in the message leaves it to a person, or seals it", code, score);
	else if (score > 0)
		snprintf(out, size, "what is found of %s weighs %u, and %d are needed", code, score, OPENING_SCORE);
	else if (e != NULL)
		snprintf(out, size, "'%s' would be %s but is %s by %s:%d", e->words, code,
		    e->state == EVIDENCE_NEGATED ? "denied" : "taken away", e->by.file, e->by.line);
	else
		snprintf(out, size, "no rule of %s finds anything", code);
}

/* ---- the nearest phrases ---- */

enum presence { ABSENT, ALMOST, PRESENT };

/* One word of a phrase among the words of the text. *token: which. */
static enum presence
presence(const struct text *t, const char *word, size_t len, size_t *token)
{
	bool prefix = len > 1 && word[len - 1] == '*', fuzzy = *word == '~';
	enum presence best = ABSENT;

	word += fuzzy;
	len -= (size_t)prefix + fuzzy;
	for (size_t i = 0; i < t->n_tokens; i++) {
		const char *p = t->folded + t->token[i].start;
		size_t n = t->token[i].len;

		if (prefix ? n >= len && memcmp(p, word, len) == 0 : n == len && memcmp(p, word, len) == 0) {
			*token = i;
			return PRESENT;
		}
		if (best == ABSENT && len >= 4 && wordindex_near(p, n, word, len)) {
			*token = i;
			best = ALMOST;
		}
	}
	return fuzzy && best == ALMOST ? PRESENT : best;
}

/* "before, what word after" */
static void
need(struct whynot_near *near, const char *before, const char *word, size_t len, const char *after)
{
	size_t n = strlen(near->missing);

	snprintf(near->missing + n, sizeof(near->missing) - n, "%s%s%.*s%s", n > 0 ? ", " : "", before, (int)len, word, after);
}

/* Lists cannot be asked for their words here: one that is needed is named, and counts as missing. */
static void
need_list(struct whynot_near *near, const char *word, size_t len)
{
	if (len > 2 && word[1] != '|')
		need(near, "a word of ", word, len, "");
	else
		need(near, "one of several words", "", 0, "");
}

static bool
is_gap(const char *word, size_t len)
{
	return *word == '.' && strspn(word, ".") == len;
}

/* How much of a phrase the text has; fills in what is missing. */
static void
judge(const struct text *t, const char *phrase, struct whynot_near *near)
{
	size_t all = 0, there = 0, len, token = 0;

	near->missing[0] = '\0';
	for (const char *p = phrase; *p != '\0'; p += len + (p[len] == ' ')) {
		enum presence is;

		len = strcspn(p, " ");
		if (len == 0 || is_gap(p, len))
			continue;
		if (*p == '[') {
			all += 5;
			need_list(near, p, len);
			continue;
		}
		all += len * 2;
		is = presence(t, p, len, &token);
		there += is == PRESENT ? len * 2 : is == ALMOST ? len : 0;
		if (is != PRESENT)
			need(near, "'", p, len, "'");
		if (is == ALMOST) {
			size_t n = strlen(near->missing);

			snprintf(near->missing + n, sizeof(near->missing) - n, " (the text has '%.*s')", (int)t->token[token].len,
			    t->folded + t->token[token].start);
		}
	}
	near->percent = (uint8_t)(all > 0 ? there * 100 / all : 0);
	if (near->percent == 100)
		snprintf(near->missing, sizeof(near->missing), "its words in this order, and nearer to each other");
}

static bool
nearer(const struct whynot_near *a, const struct whynot_near *b)
{
	return a->percent != b->percent ? a->percent > b->percent : a->weight > b->weight;
}

/* A choice has no name that a person gave it. */
static void
show(const char *p, char *out, size_t size)
{
	size_t n = 0, len;

	out[0] = '\0';
	for (; *p != '\0' && n < size; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (len > 1 && p[0] == '[' && p[1] == '|')
			n += (size_t)snprintf(out + n, size - n, "%s…|…", n > 0 ? " " : "");
		else
			n += (size_t)snprintf(out + n, size - n, "%s%.*s", n > 0 ? " " : "", (int)len, p);
	}
}

static void
keep(struct whynot *w, const struct whynot_near *near, const char *phrase)
{
	size_t i = w->n < WHYNOT_NEAR ? w->n++ : WHYNOT_NEAR;

	if (i == WHYNOT_NEAR && !nearer(near, &w->near[--i]))
		return;
	for (; i > 0 && nearer(near, &w->near[i - 1]); i--)
		w->near[i] = w->near[i - 1];
	w->near[i] = *near;
	show(phrase, w->near[i].phrase, sizeof(w->near[i].phrase));
}

/* What did match is in the evidence, not here. */
static bool
matched(const struct verdict *v, const struct rule *rule, int line, const struct whynot_near *near)
{
	for (size_t i = 0; near->percent == 100 && i < v->n_evidence; i++) {
		if (v->evidence[i].rule.line == line && strcmp(v->evidence[i].rule.file, rule->ref.file) == 0)
			return true;
	}
	return false;
}

void
whynot(const struct rulebook *rb, const struct text *t, const struct verdict *v, uint8_t category, struct whynot *out)
{
	struct whynot_near near;

	out->n = 0;
	find_reason(rb, v, category, out->reason, sizeof(out->reason));
	for (size_t i = 0; i < rb->n_phrases; i++) {
		const struct phrase *ph = &rb->phrase[i];
		const struct rule *rule = &rb->rule[ph->rule];

		if (rule->kind != RULE_ALERT || rule->category != category)
			continue;
		near = (struct whynot_near){ .rule = { rule->ref.file, ph->line }, .weight = rule->weight };
		judge(t, ph->folded, &near);
		if (near.percent >= PERCENT_LEAST && !matched(v, rule, ph->line, &near))
			keep(out, &near, ph->folded);
	}
}
