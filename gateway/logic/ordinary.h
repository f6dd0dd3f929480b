/* Whether a word is an ordinary word of a language people write here. */
#ifndef TOCSIN_ORDINARY_H
#define TOCSIN_ORDINARY_H

#include <stdbool.h>
#include <stddef.h>

/* A folded word of four letters or more, also in the plural (-s, -x, Bambara -w); shorter ones are never in the list. */
bool	ordinary_word(const char *folded, size_t len);

#endif
