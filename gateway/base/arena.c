/* Memory that is handed out in pieces and freed as a whole, up to a ceiling. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE	((size_t)16 * 1024)
#define ALIGNMENT	_Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t	used, size;		/* of mem, in bytes */
	max_align_t mem[];
};

void
arena_init(struct arena *a, size_t max)
{
	*a = (struct arena){ .max = max };
}

void
arena_release(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->blocks; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(a, a->max);
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b;

	if (size > SIZE_MAX - sizeof(*b) || (b = calloc(1, sizeof(*b) + size)) == NULL)
		return NULL;
	b->size = size;
	return b;
}

/* A block with room for n bytes; a large piece gets a block of its own behind the one in use. */
static struct arena_block *
block_for(struct arena *a, size_t n)
{
	struct arena_block *b = a->blocks;

	if (b != NULL && n <= b->size - b->used)
		return b;
	if ((b = block_new(n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE)) == NULL)
		return NULL;
	if (n > BLOCK_SIZE / 4 && a->blocks != NULL) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct arena_block *b;
	void *p;

	if (n == 0)
		n = 1;
	if (n > SIZE_MAX - ALIGNMENT)
		return NULL;
	n = (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (n > a->max - a->used || (b = block_for(a, n)) == NULL)
		return NULL;
	p = (char *)b->mem + b->used;
	b->used += n;
	a->used += n;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;

	if (copy != NULL && n > 0)
		memcpy(copy, s, n);
	return copy;
}
