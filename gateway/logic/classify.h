/* What a text says: categories with scores, priority, and the evidence for each. */
#ifndef TOCSIN_CLASSIFY_H
#define TOCSIN_CLASSIFY_H

#include "logic/normalize.h"
#include "logic/rulebook.h"
#include "logic/types.h"

/*
 * The steps, numbered as in rules/README.md and in the tests:
 *  1 hits: every rule's words and patterns, on the folded or the original form
 *  2 unless and negation cancel what they name
 *  3 scores: weights of different words of a category add up; overlapping words count once, the heaviest
 *  4 noise: a noise rule ends it. But what is left after step 2 may weigh more: one hit of 8, or 10 together, in P1
 *    and P2 categories make it an alert all the same (for the duty desk, not automatic); 5 together and a person decides
 *  5 headline: the first category in rank that reached the opening score (3) and is not covered by another
 *  6 firing: what the evidence allows (one hit of 6, or two different hits of 4, for an automatic one)
 *  7 modifiers: past, hearsay, question, future change priority and firing
 *  8 tags for the dispatch
 * A pattern that hits its limit leaves the question open: FLAG_RULE_FAULT, never noise, and when it might have cancelled
 * something nothing is automatic. Deterministic; bounded by the text's length times the rules that share a word with it.
 */
void	classify(const struct rulebook *, const struct text *, struct verdict *);

#define OPENING_SCORE	3

#endif
