/* What is not wrong in a rule pack but surely not meant: warnings for its editor, measured on the compiled pack. */
#ifndef TOCSIN_RULELINT_H
#define TOCSIN_RULELINT_H

#include <stddef.h>

#include "base/diag.h"
#include "logic/rulebook.h"

struct rulelint_counts {
	size_t	never_tested;	/* statements that no test line of the pack makes use of */
	size_t	unreachable;	/* phrases with which a shorter one of more weight in their category always fires */
	size_t	redundant;	/* the same with equal weight: harmless */
	size_t	never_silent;	/* noise words that are, by themselves, an alert */
	size_t	explosive;	/* patterns that gave up at the match limit on a text made against them */
	size_t	idle_tests;	/* tests that a pack without any rule would pass, and tests that stand twice */
};

/*
 * Adds a warning for each finding (those of one line in one warning), with the line quoted out of the sources the
 * rulebook was made of. "Always" means: in every spelling tried here of the longer phrase - as written, with words in its gaps, with
 * longer endings, with the commonest respelling - that the phrase itself still matches. Phrases with word lists or "~" are not judged.
 */
void	rulelint(const struct rulebook *, const struct rule_source *, size_t n, struct diags *, struct rulelint_counts *);

/* The line of a source, without its end; NULL: there is none. The file is named as in the source. */
const char *rulelint_line(const struct rule_source *, size_t n, const char *file, int line, size_t *len);

#endif
