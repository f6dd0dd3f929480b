/* Memory that is handed out in pieces and freed as a whole, up to a ceiling. */
#ifndef TOCSIN_ARENA_H
#define TOCSIN_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t	used, max;		/* bytes handed out, and the ceiling */
};

void	arena_init(struct arena *, size_t max);
void	arena_release(struct arena *);
void	*arena_alloc(struct arena *, size_t);		/* zeroed, aligned for any type; NULL at the ceiling */
char	*arena_strndup(struct arena *, const char *, size_t);	/* NUL-terminated; NULL at the ceiling */

#endif
