/* The words, phrases, patterns and marks of a rule. */
#ifndef TOCSIN_ITEMS_H
#define TOCSIN_ITEMS_H

#include "logic/reader.h"

/* The rest of the statement is marks, words and patterns of this rule: adds it to the rulebook. */
void	items_add_rule(struct reader *, struct rule);
/* The tokens [from, to) of the statement are one member of a list. */
void	items_add_member(struct reader *, const char *list, size_t from, size_t to);

#endif
