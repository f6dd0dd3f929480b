/* Tests of base/arena: alignment, zeroes, the ceiling, pieces that do not touch. */
#include "unit/test.h"

#include <stddef.h>

#include "base/arena.h"

TEST(pieces_are_zeroed_aligned_and_apart)
{
	enum { N = 500 };
	unsigned char *piece[N];
	size_t size[N];
	struct arena a;

	arena_init(&a, 8 << 20);
	for (size_t i = 0; i < N; i++) {
		size[i] = test_below(10) ? test_below(200) : test_below(40000);
		piece[i] = arena_alloc(&a, size[i]);
		CHECK(piece[i] != NULL && (uintptr_t)piece[i] % _Alignof(max_align_t) == 0);
		if (piece[i] == NULL)
			goto out;
		for (size_t k = 0; k < size[i]; k++)
			CHECK(piece[i][k] == 0);
		memset(piece[i], (int)(i % 255 + 1), size[i]);
	}
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < size[i]; k++)
			CHECK_MSG(piece[i][k] == i % 255 + 1, "piece %zu was written over", i);
out:
	arena_release(&a);
}

TEST(ceiling)
{
	struct arena a;

	arena_init(&a, 1000);
	CHECK(arena_alloc(&a, 1001) == NULL);
	CHECK(arena_alloc(&a, SIZE_MAX) == NULL);
	CHECK(arena_alloc(&a, SIZE_MAX - 8) == NULL);
	CHECK(arena_alloc(&a, 900) != NULL);
	CHECK(arena_alloc(&a, 900) == NULL);
	CHECK(arena_alloc(&a, 16) != NULL);
	CHECK(a.used <= a.max);
	arena_release(&a);
	arena_init(&a, 1024);
	CHECK(arena_alloc(&a, 1024) != NULL);
	arena_release(&a);
	arena_init(&a, 1000);
	CHECK_INT(a.used, 0);
	CHECK(arena_alloc(&a, 900) != NULL);
	arena_release(&a);
}

TEST(nothing_is_something)
{
	struct arena a;
	char *p, *q;

	arena_init(&a, 1000);
	p = arena_alloc(&a, 0);
	q = arena_alloc(&a, 0);
	CHECK(p != NULL && q != NULL && p != q);
	arena_release(&a);
}

TEST(strndup_copies_and_ends)
{
	struct arena a;
	const char *s;

	arena_init(&a, 1000);
	CHECK_STR(arena_strndup(&a, "bankass", 4), "bank");
	CHECK_STR(arena_strndup(&a, "", 0), "");
	s = arena_strndup(&a, "0123456789abcdef", 16);
	memset(arena_alloc(&a, 16), 'x', 16);
	CHECK_STR(s, "0123456789abcdef");	/* its NUL is its own */
	CHECK(arena_strndup(&a, "x", SIZE_MAX) == NULL);
	arena_release(&a);
}

TEST(a_large_piece_does_not_end_the_block_in_use)
{
	struct arena a;
	char *first, *second;

	arena_init(&a, 1 << 20);
	first = arena_alloc(&a, 16);
	CHECK(arena_alloc(&a, 100000) != NULL);
	second = arena_alloc(&a, 16);
	CHECK(second == first + 16);
	arena_release(&a);
}

TEST_MAIN(TEST_ROW(pieces_are_zeroed_aligned_and_apart), TEST_ROW(ceiling), TEST_ROW(nothing_is_something),
    TEST_ROW(strndup_copies_and_ends), TEST_ROW(a_large_piece_does_not_end_the_block_in_use))
