/* What a text says: categories with scores, priority, and the evidence for each. */
#ifndef TOCSIN_CLASSIFY_H
#define TOCSIN_CLASSIFY_H

#include "logic/normalize.h"
#include "logic/rulebook.h"
#include "logic/types.h"

/*
 * The steps, numbered as in rules/README.md and in the tests:
 *  1 noise: a whole-message noise rule ends it (never when an alert outweighs it, see README)
 *  2 hits: every rule's words and patterns, on the folded or the original form
 *  3 unless and negation cancel what they name
 *  4 scores: weights of different words of a category add up
 *  5 headline: the first category in rank that reached the opening score (3)
 *  6 firing: what the evidence allows (one hit of 6, or two different hits of 4, for an automatic one)
 *  7 modifiers: past, hearsay, question, future change priority and firing
 *  8 tags for the dispatch
 * Deterministic; bounded by the text's length times the rules that share a word with it.
 */
void	classify(const struct rulebook *, const struct text *, struct verdict *);

#endif
