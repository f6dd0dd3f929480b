/* Whether a word is an ordinary word of a language people write here. */
#ifndef TOCSIN_ORDINARY_H
#define TOCSIN_ORDINARY_H

#include <stdbool.h>
#include <stddef.h>

/* A common folded word of four letters or more, also in the plural (-s, -x, Bambara -w); no shorter one is in the list. */
bool	ordinary_word(const char *folded, size_t len);

/* A rare word that the name of some place is like. */
bool	ordinary_rare(const char *folded, size_t len);

/*
 * One or the other, or either as people write it: "lemene" (l'emmener), "marigo" (marigot).
 * For what is not itself a name but only like one.
 */
bool	ordinary_guess(const char *folded, size_t len);

#endif
