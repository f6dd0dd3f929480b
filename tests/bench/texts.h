/* Texts as people write them, made by a grammar of their own: for measuring, never for judging the rules. */
#ifndef TOCSIN_BENCH_TEXTS_H
#define TOCSIN_BENCH_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "logic/gazetteer.h"

#define TEXTS_SIZE	480	/* bytes of one, NUL included */

/* Marsaglia's xorshift; the state is never 0. */
uint32_t texts_random(uint32_t *state);
/* One text; one in twenty is an alert, half of the places are in the gazetteer. Returns its length. */
size_t	 texts_make(uint32_t *state, const struct gazetteer *, char out[TEXTS_SIZE]);

#endif
