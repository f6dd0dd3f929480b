/* Builds a rulebook from its sources, and answers what is in it. */
#include "logic/rulebook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logic/rules.h"

#define STRINGS_MAX	(64u << 20)	/* bytes of all strings kept */

void *
rules_reserve(void *v, size_t *cap, size_t n, size_t size)
{
	size_t bigger = *cap == 0 ? 64 : *cap * 2;
	void *p;

	if (n < *cap)
		return v;
	if ((p = realloc(v, bigger * size)) != NULL)
		*cap = bigger;
	return p;
}

/* ---- which patterns to try on a text ---- */

static int
always_add(struct rulebook *rb, uint32_t pattern)
{
	void *v = rules_reserve(rb->always, &rb->cap_always, rb->n_always, sizeof(*rb->always));

	if (v == NULL)
		return -1;
	rb->always = v;
	rb->always[rb->n_always++] = pattern;
	return 0;
}

static int
need_add(struct rulebook *rb, uint32_t pattern, struct need need)
{
	uint32_t bucket = need_bucket_of(need.p);
	void *v = rules_reserve(rb->need, &rb->cap_needs, rb->n_needs, sizeof(*rb->need));

	if (v == NULL)
		return -1;
	rb->need = v;
	rb->need[rb->n_needs] = (struct need_link){ need, pattern, rb->need_bucket[bucket] };
	rb->need_bucket[bucket] = (uint32_t)rb->n_needs++;
	return 0;
}

/* Patterns on the original spelling are few, and tried always: the needs are looked for in the folded text. */
static int
index_patterns(struct rulebook *rb)
{
	const struct need *needs;
	size_t n;

	for (size_t i = 0; i < rb->n_patterns; i++) {
		n = rb->pattern[i].exact ? 0 : pattern_needs(rb->pattern[i].pattern, &needs);
		if (n == 0 && always_add(rb, (uint32_t)i) == -1)
			return -1;
		for (size_t j = 0; j < n; j++) {
			if (need_add(rb, (uint32_t)i, needs[j]) == -1)
				return -1;
		}
	}
	return 0;
}

/* ---- life ---- */

static uint64_t
fnv(uint64_t h, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001B3u;
	return h;
}

static void
set_version(struct rulebook *rb, const struct rule_source *sources, size_t n)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(sources[i].name, '/');
		const char *name = slash != NULL ? slash + 1 : sources[i].name;

		/* Without its folder: a copy of the same rules is the same version. */
		h = fnv(h, name, strlen(name) + 1);
		h = fnv(h, sources[i].bytes, sources[i].len);
	}
	snprintf(rb->version, sizeof(rb->version), "%016" PRIx64, h);
}

static struct rulebook *
empty(void)
{
	struct rulebook *rb = calloc(1, sizeof(*rb));

	if (rb == NULL)
		return NULL;
	arena_init(&rb->arena, STRINGS_MAX);
	for (size_t i = 0; i < NEED_BUCKETS; i++)
		rb->need_bucket[i] = RULES_NONE;
	rb->words = wordindex_new();
	if (rb->words == NULL) {
		rulebook_free(rb);
		return NULL;
	}
	return rb;
}

static bool
small_enough(const struct rule_source *sources, size_t n, struct diags *diags)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += sources[i].len;
		if (sources[i].len <= RULES_BYTES_MAX && sum <= RULES_BYTES_MAX)
			continue;
		diag_add(diags, DIAG_ERROR, sources[i].name, 0, 0, NULL, 0, "all rule files together may have %u bytes",
		    RULES_BYTES_MAX);
		return false;
	}
	return true;
}

static void
finish(struct rulebook *rb)
{
	rb->rumour = rulebook_find(rb, CODE_RUMOUR);
	rb->calm = rulebook_find(rb, CODE_CALM);
	rb->sealed = rulebook_find(rb, CODE_SEALED);
}

struct rulebook *
rulebook_new(const struct rule_source *sources, size_t n, struct diags *diags)
{
	struct rulebook *rb;
	size_t errors = diags->errors;

	if (!small_enough(sources, n, diags))
		return NULL;
	rb = empty();
	if (rb == NULL || rulefile_read(rb, sources, n, diags) == -1 || index_patterns(rb) == -1) {
		diag_add(diags, DIAG_ERROR, "rules", 0, 0, NULL, 0, "out of memory");
		rulebook_free(rb);
		return NULL;
	}
	if (rb->n_categories == 0 && diags->errors == errors)
		diag_add(diags, DIAG_ERROR, n > 0 ? sources[0].name : "rules", 0, 0, NULL, 0,
		    "no category is declared: 00-categories.rules is missing or empty");
	if (diags->errors > errors) {
		rulebook_free(rb);
		return NULL;
	}
	finish(rb);
	set_version(rb, sources, n);
	return rb;
}

void
rulebook_free(struct rulebook *rb)
{
	if (rb == NULL)
		return;
	for (size_t i = 0; i < rb->n_patterns; i++)
		pattern_free(rb->pattern[i].pattern);
	free(rb->rule);
	free(rb->phrase);
	free(rb->pattern);
	free(rb->test);
	free(rb->need);
	free(rb->always);
	wordindex_free(rb->words);
	arena_release(&rb->arena);
	free(rb);
}

/* ---- questions ---- */

size_t
rulebook_test(const struct rulebook *rb, const struct gazetteer *gz, struct diags *diags, size_t *failed)
{
	return ruletest_run(rb, gz, diags, failed);
}

size_t
rulebook_rules(const struct rulebook *rb)
{
	return rb->n_rules;
}

size_t
rulebook_categories(const struct rulebook *rb)
{
	return rb->n_categories;
}

const struct category *
rulebook_category(const struct rulebook *rb, size_t i)
{
	return i < rb->n_categories ? &rb->category[i] : NULL;
}

size_t
rulebook_families(const struct rulebook *rb, const uint32_t **masks)
{
	*masks = rb->families;
	return rb->n_families;
}

uint8_t
rulebook_find(const struct rulebook *rb, const char *code)
{
	for (size_t i = 0; i < rb->n_categories; i++) {
		if (strcmp(rb->category[i].code, code) == 0)
			return (uint8_t)i;
	}
	return CATEGORY_NONE;
}

const char *
rulebook_version(const struct rulebook *rb)
{
	return rb->version;
}
