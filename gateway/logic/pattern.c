/* PCRE2 behind limits, and a look into patterns for the literals they need. */
#include "logic/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Measured on "(a+)+$" with 1.6 kB: 20,000 steps end after a third of a millisecond. */
#define MATCH_LIMIT	5000u
#define DEPTH_LIMIT	1000u
#define HEAP_LIMIT_KIB	1024u
#define NEST_LIMIT	16u

struct pattern {
	pcre2_code *code;
	char	*text;
	size_t	 len, n_needs;
	struct need need[PATTERN_NEEDS_MAX];
};

struct pattern_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

/* ---- what a pattern needs ---- */

/*
 * A set of literals of which one must occur; best[0 … n) or none. "run" is the literal being read. A
 * reader that meets anything it does not know gives up its set, which is always safe.
 */
struct needs {
	struct need v[PATTERN_NEEDS_MAX];
	size_t	 n, shortest;
};

struct reader {
	const char *p, *end;
	unsigned depth;
	bool	 lost;		/* something unknown: no needs at all */
};

static struct needs alternatives(struct reader *);

static void
needs_better(struct needs *best, const struct needs *other)
{
	if (other->n > 0 && (best->n == 0 || other->shortest > best->shortest))
		*best = *other;
}

static void
needs_run(struct needs *best, const char *start, const char *end)
{
	size_t len = (size_t)(end - start);

	if (len >= NEED_MIN && (best->n == 0 || len > best->shortest)) {
		best->n = 1;
		best->shortest = len;
		best->v[0] = (struct need){ start, len };
	}
}

/* Moves behind a quantifier. 0: there is none; 1: at least one time; -1: possibly no time. */
static int
quantifier(struct reader *r)
{
	const char *p = r->p;
	int kind;

	if (p == r->end)
		return 0;
	if (*p == '*' || *p == '?')
		kind = -1;
	else if (*p == '+')
		kind = 1;
	else if (*p == '{' && p + 1 < r->end && ((p[1] >= '0' && p[1] <= '9') || p[1] == ',')) {
		kind = p[1] == '0' || p[1] == ',' ? -1 : 1;
		while (p < r->end && *p != '}')
			p++;
		if (p == r->end)
			return 0;
	} else
		return 0;
	p++;
	if (p < r->end && (*p == '?' || *p == '+'))
		p++;
	r->p = p;
	return kind;
}

/* Skips [...] as PCRE2 reads it: a ] that comes first is a member; [:alpha:] may stand inside. */
static void
skip_class(struct reader *r)
{
	const char *p = r->p + 1;

	if (p < r->end && *p == '^')
		p++;
	if (p < r->end && *p == ']')
		p++;
	for (; p < r->end && *p != ']'; p++) {
		if (*p == '\\' && p + 1 < r->end)
			p++;
		else if (*p == '[' && p + 1 < r->end && p[1] == ':') {
			while (p + 1 < r->end && !(p[0] == ':' && p[1] == ']' && p[-1] != '['))
				p++;
			p++;
		}
	}
	r->p = p < r->end ? p + 1 : r->end;
}

/* An escape that is a class or an assertion ends a literal; any other is left alone. */
static void
skip_escape(struct reader *r)
{
	static const char simple[] = "bBdDwWsSAzZ.-/'+*?()[]{}|^$";

	if (r->p + 1 >= r->end || strchr(simple, r->p[1]) == NULL) {
		r->lost = true;
		r->p = r->end;
		return;
	}
	r->p += 2;
}

/* A group: its needs when it must match, nothing when it is a look-around. */
static struct needs
group(struct reader *r)
{
	struct needs none = { .n = 0 }, inner;
	bool counts = true;

	r->p++;
	if (r->p < r->end && *r->p == '?') {
		if (r->p + 1 < r->end && r->p[1] == ':')
			r->p += 2;
		else if (r->p + 1 < r->end && (r->p[1] == '!' || r->p[1] == '=')) {
			counts = false;
			r->p += 2;
		} else {
			r->lost = true;
			r->p = r->end;
			return none;
		}
	}
	inner = alternatives(r);
	if (r->p < r->end && *r->p == ')')
		r->p++;
	return counts ? inner : none;
}

static bool
is_plain(char c)
{
	return strchr("\\[](){}.*+?|^$", c) == NULL;
}

/* One alternative: a row of things of which all must match, so any one's needs will do. The best is kept. */
static struct needs
sequence(struct reader *r)
{
	struct needs best = { .n = 0 }, inner;
	const char *run, *item;
	int q;

	while (r->p < r->end && *r->p != '|' && *r->p != ')' && !r->lost) {
		for (run = r->p; r->p < r->end && is_plain(*r->p); r->p++)
			;
		if (r->p > run) {
			/* A quantifier belongs to the last character (all its bytes). */
			for (item = r->p - 1; item > run && ((unsigned char)*item & 0xC0) == 0x80; item--)
				;
			needs_run(&best, run, quantifier(r) == 0 ? r->p : item);
			continue;
		}
		inner = (struct needs){ .n = 0 };
		if (*r->p == '(' && r->depth < NEST_LIMIT) {
			r->depth++;
			inner = group(r);
			r->depth--;
		} else if (*r->p == '[')
			skip_class(r);
		else if (*r->p == '\\')
			skip_escape(r);
		else if (*r->p == '(')
			r->lost = true;
		else
			r->p++;
		q = quantifier(r);
		if (q >= 0)
			needs_better(&best, &inner);
	}
	return best;
}

static struct needs
alternatives(struct reader *r)
{
	struct needs all = sequence(r), next;

	while (r->p < r->end && *r->p == '|' && !r->lost) {
		r->p++;
		next = sequence(r);
		if (all.n == 0 || next.n == 0 || all.n + next.n > PATTERN_NEEDS_MAX) {
			all.n = 0;
			continue;
		}
		memcpy(&all.v[all.n], next.v, next.n * sizeof(next.v[0]));
		all.n += next.n;
		if (next.shortest < all.shortest)
			all.shortest = next.shortest;
	}
	return all;
}

static void
find_needs(struct pattern *pt)
{
	struct reader r = { .p = pt->text, .end = pt->text + pt->len };
	struct needs all = alternatives(&r);

	/* Blanks and the like of (?x) or \Q would be misread; PCRE2 options inside "(?" made the reader lost. */
	if (r.lost || r.p != r.end)
		return;
	pt->n_needs = all.n;
	memcpy(pt->need, all.v, all.n * sizeof(all.v[0]));
}

size_t
pattern_needs(const struct pattern *pt, const struct need **needs)
{
	*needs = pt->need;
	return pt->n_needs;
}

/* ---- compiling ---- */

static pcre2_code *
compile(const char *text, size_t len, int *error, PCRE2_SIZE *at)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	*error = PCRE2_ERROR_NOMEMORY;
	*at = 0;
	if (context == NULL)
		return NULL;
	pcre2_set_max_pattern_length(context, PATTERN_MAX);
	pcre2_set_parens_nest_limit(context, NEST_LIMIT);
	code = pcre2_compile((PCRE2_SPTR)text, len, PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, error, at, context);
	pcre2_compile_context_free(context);
	return code;
}

static void
fault_words(int error, char *why, size_t size)
{
	PCRE2_UCHAR message[160];

	if (pcre2_get_error_message(error, message, sizeof(message)) < 0)
		message[0] = '\0';
	snprintf(why, size, "%s", (const char *)message);
}

struct pattern *
pattern_new(const char *p, size_t len, char *why, size_t size, size_t *at)
{
	struct pattern *pt = calloc(1, sizeof(*pt));
	int error;

	*at = 0;
	if (pt == NULL || (pt->text = strndup(p, len)) == NULL) {
		snprintf(why, size, "out of memory");
		goto fail;
	}
	pt->len = len;
	if (len > PATTERN_MAX) {
		snprintf(why, size, "this pattern is longer than %d bytes", PATTERN_MAX);
		goto fail;
	}
	if ((pt->code = compile(pt->text, len, &error, at)) == NULL) {
		fault_words(error, why, size);
		goto fail;
	}
	find_needs(pt);
	return pt;
fail:
	pattern_free(pt);
	return NULL;
}

void
pattern_free(struct pattern *pt)
{
	if (pt == NULL)
		return;
	pcre2_code_free(pt->code);
	free(pt->text);
	free(pt);
}

const char *
pattern_text(const struct pattern *pt)
{
	return pt->text;
}

/* ---- matching ---- */

struct pattern_scratch *
pattern_scratch_new(void)
{
	struct pattern_scratch *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->data = pcre2_match_data_create(2, NULL);
	s->context = pcre2_match_context_create(NULL);
	if (s->data == NULL || s->context == NULL) {
		pattern_scratch_free(s);
		return NULL;
	}
	pcre2_set_match_limit(s->context, MATCH_LIMIT);
	pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
	return s;
}

void
pattern_scratch_free(struct pattern_scratch *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	free(s);
}

enum pattern_result
pattern_find(const struct pattern *pt, struct pattern_scratch *s, const char *text, size_t len, size_t from,
    struct pattern_span *span)
{
	PCRE2_SIZE *v;
	int rc;

	if (s == NULL)
		return PATTERN_FAULT;
	rc = pcre2_match(pt->code, (PCRE2_SPTR)text, len, from, PCRE2_NO_UTF_CHECK, s->data, s->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (rc < 0)
		return PATTERN_FAULT;
	v = pcre2_get_ovector_pointer(s->data);
	/* \K in a look-ahead can put the start behind the end. */
	if (v[0] > v[1] || v[1] > len)
		return PATTERN_FAULT;
	*span = (struct pattern_span){ v[0], v[1], v[0], v[0] };
	if ((rc == 0 || rc >= 2) && v[2] != PCRE2_UNSET && v[2] <= v[3] && v[3] <= len) {
		span->group_start = v[2];
		span->group_end = v[3];
	}
	return PATTERN_YES;
}
