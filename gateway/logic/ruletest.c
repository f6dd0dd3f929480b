/* Runs the "test" lines of a rulebook and says what came out instead. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "logic/classify.h"
#include "logic/geotag.h"
#include "logic/rules.h"

static const char *const firing_word[] = { "review", "duty", "auto" };

struct outcome {
	const struct rulebook *rb;
	const struct verdict *v;
	const struct geotag *where;	/* NULL: not looked for */
};

static const char *
headline_of(const struct outcome *o)
{
	if (o->v->kind == VERDICT_NOISE)
		return CODE_NOISE;
	if (o->v->kind == VERDICT_UNKNOWN)
		return CODE_UNKNOWN;
	return o->rb->category[o->v->headline].code;
}

/* Is the code among what came out? */
static bool
present(const struct outcome *o, const char *code)
{
	uint8_t c = rulebook_find(o->rb, code);

	if (c == CATEGORY_NONE)
		return strcmp(headline_of(o), code) == 0;
	return o->v->kind == VERDICT_ALERT && (o->v->categories >> c & 1);
}

/* Letters and digits of two names, folded, are the same. */
static bool
same_place(const char *a, const char *b)
{
	char fa[PLACE_NAME_SIZE * 3], fb[PLACE_NAME_SIZE * 3];
	const char *p = fa, *q = fb;

	if (normalize_fold(a, strlen(a), fa, sizeof(fa)) == -1 || normalize_fold(b, strlen(b), fb, sizeof(fb)) == -1)
		return false;
	for (;;) {
		while (*p != '\0' && strchr(" -'_", *p) != NULL)
			p++;
		while (*q != '\0' && strchr(" -'_", *q) != NULL)
			q++;
		if (*p != *q || *p == '\0')
			return *p == *q;
		p++;
		q++;
	}
}

static bool
place_ok(const struct outcome *o, const char *want)
{
	const struct geotag *g = o->where;

	if (want == NULL || g == NULL)
		return true;
	if (strcmp(want, "none") == 0)
		return !g->found;
	if (strcmp(want, "ambiguous") == 0)
		return g->ambiguous;
	return g->found && same_place(g->best.name, want);
}

static bool
passes(const struct outcome *o, const struct rule_test *t)
{
	bool codes = strcmp(headline_of(o), t->codes[0]) == 0;

	if (t->not) {
		for (size_t i = 0; i < t->n_codes; i++) {
			if (present(o, t->codes[i]))
				return false;
		}
		codes = true;
	}
	for (size_t i = 0; !t->not && i < t->n_codes; i++)
		codes = codes && present(o, t->codes[i]);
	return codes && (t->priority == 0 || o->v->priority == t->priority) &&
	    (t->firing == -1 || o->v->firing == (enum firing)t->firing) && place_ok(o, t->place);
}

static void
say_evidence(const struct outcome *o, struct buf *b)
{
	for (size_t i = 0; i < o->v->n_evidence && i < 4; i++) {
		const struct evidence *e = &o->v->evidence[i];

		if (e->state == EVIDENCE_COUNTED)
			buf_addf(b, "; %s:%d %s %u '%s'", e->rule.file, e->rule.line, o->rb->category[e->category].code, e->weight,
			    e->words);
	}
	if (o->v->kind == VERDICT_NOISE)
		buf_addf(b, "; noise by %s:%d", o->v->noise_rule.file, o->v->noise_rule.line);
}

static void
say_outcome(const struct outcome *o, struct buf *b)
{
	buf_addf(b, "this test fails: it gives %s", headline_of(o));
	for (size_t c = 0; o->v->kind == VERDICT_ALERT && c < o->rb->n_categories; c++) {
		if (c != o->v->headline && (o->v->categories >> c & 1))
			buf_addf(b, "+%s", o->rb->category[c].code);
	}
	buf_addf(b, " P%u %s", o->v->priority, firing_word[o->v->firing]);
	if (o->where != NULL)
		buf_addf(b, " @%s%s", o->where->found ? o->where->best.name : "none", o->where->ambiguous ? " (ambiguous)" : "");
	say_evidence(o, b);
}

size_t
ruletest_run(const struct rulebook *rb, const struct gazetteer *gz, struct diags *diags, size_t *failed)
{
	struct text text;
	struct verdict v;
	struct geotag where;
	struct outcome o = { rb, &v, gz != NULL ? &where : NULL };
	struct buf said;

	*failed = 0;
	buf_init(&said, 1024);
	for (size_t i = 0; i < rb->n_tests; i++) {
		const struct rule_test *t = &rb->test[i];

		normalize(t->text, t->len, &text);
		classify(rb, &text, &v);
		if (gz != NULL)
			geotag(gz, t->text, &text, &where);
		if (passes(&o, t))
			continue;
		(*failed)++;
		buf_clear(&said);
		say_outcome(&o, &said);
		diag_add(diags, DIAG_ERROR, t->ref.file, t->ref.line, t->col, t->row, strlen(t->row), "%s", buf_str(&said));
	}
	buf_release(&said);
	return rb->n_tests;
}
