/* Rule files compiled: categories, words, patterns, and the tests that guard them. */
#ifndef TOCSIN_RULEBOOK_H
#define TOCSIN_RULEBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "logic/types.h"

struct rulebook;
struct gazetteer;

/* One rule file, in name order; bytes are borrowed during the call only. */
struct rule_source {
	const char *name;
	const char *bytes;
	size_t	 len;
};

#define RULES_BYTES_MAX	(4u << 20)	/* of all files together */
#define RULES_MAX	50000

/*
 * Compiles a pack. All faults of all files are reported, each with its place; with
 * any error NULL is returned and nothing is kept. Warnings do not prevent loading.
 * The rulebook is immutable and owned by the caller.
 */
struct rulebook	*rulebook_new(const struct rule_source *, size_t n, struct diags *);
void		 rulebook_free(struct rulebook *);

/*
 * Runs the pack's own "test" lines; a failed one is an error in diags. The gazetteer may be NULL: then the
 * @Place parts are not checked. Returns the number of tests run; *failed how many failed.
 */
size_t	rulebook_test(const struct rulebook *, const struct gazetteer *, struct diags *, size_t *failed);

size_t	rulebook_rules(const struct rulebook *);	/* statements that can match */
size_t	rulebook_categories(const struct rulebook *);
const struct category *rulebook_category(const struct rulebook *, size_t i);	/* in rank order */
/* Families of categories that reports of one event may differ by ("family" statements), as sets of indexes. */
size_t	rulebook_families(const struct rulebook *, const uint32_t **masks);
/* Index of a category by its code, CATEGORY_NONE when there is none. */
uint8_t	rulebook_find(const struct rulebook *, const char *code);
/* FNV-1a 64 over names and bytes of the sources, 16 hex digits: stored with every decision. */
const char *rulebook_version(const struct rulebook *);

#endif
