/* Tests of base/buf: growth up to the ceiling, the sticky failure, JSON strings. */
#include "unit/test.h"

#include "base/buf.h"

TEST(empty_is_a_string)
{
	struct buf b;

	buf_init(&b, 10);
	CHECK_STR(buf_str(&b), "");
	CHECK_INT(buf_add(&b, NULL, 0), 0);
	CHECK_STR(buf_str(&b), "");
	buf_release(&b);
}

TEST(ceiling_counts_bytes_without_the_nul)
{
	struct buf b;

	buf_init(&b, 5);
	CHECK_INT(buf_adds(&b, "12345"), 0);
	CHECK_STR(buf_str(&b), "12345");
	CHECK_INT(buf_addc(&b, '6'), -1);
	CHECK_STR(buf_str(&b), "12345");
	CHECK(b.failed);
	buf_release(&b);
}

TEST(failure_sticks_until_cleared)
{
	struct buf b;

	buf_init(&b, 3);
	CHECK_INT(buf_adds(&b, "abcd"), -1);
	CHECK_INT(buf_adds(&b, "a"), -1);
	CHECK_INT(buf_addf(&b, "%d", 1), -1);
	CHECK_STR(buf_str(&b), "");
	buf_clear(&b);
	CHECK_INT(buf_adds(&b, "abc"), 0);
	CHECK_STR(buf_str(&b), "abc");
	buf_release(&b);
}

TEST(a_ceiling_of_nothing)
{
	struct buf b;

	buf_init(&b, 0);
	CHECK_INT(buf_add(&b, "", 0), 0);
	CHECK_INT(buf_addc(&b, 'x'), -1);
	buf_release(&b);
}

TEST(format)
{
	struct buf b;

	buf_init(&b, 1000);
	CHECK_INT(buf_addf(&b, "%s=%d", "a", 7), 0);
	CHECK_INT(buf_addf(&b, "%200d", 1), 0);
	CHECK_INT(b.len, 203);
	CHECK_INT(b.p[b.len], 0);
	CHECK(strncmp(b.p, "a=7 ", 4) == 0);
	buf_release(&b);
}

/* Against a plain array: whatever is added in whatever pieces, the bytes are the same. */
TEST(random_pieces_add_up)
{
	enum { MAX = 3000 };
	static char model[MAX];

	for (int round = 0; round < 300; round++) {
		struct buf b;
		size_t len = 0;

		buf_init(&b, MAX);
		for (;;) {
			char piece[200];
			size_t n = test_below(sizeof(piece));
			int want = n <= MAX - len ? 0 : -1;

			for (size_t i = 0; i < n; i++)
				piece[i] = (char)test_random();
			CHECK_INT(buf_add(&b, piece, n), want);
			if (want == -1)
				break;
			memcpy(model + len, piece, n);
			len += n;
			CHECK(b.len <= b.cap && b.cap <= b.max);
			CHECK(b.p == NULL || b.p[b.len] == '\0');
		}
		CHECK_INT(b.len, len);
		CHECK(memcmp(b.p, model, len) == 0);
		buf_release(&b);
	}
}

TEST(json_strings)
{
	static const struct {
		const char *in;
		size_t n;
		const char *want;
	} rows[] = {
		{ "", 0, "\"\"" },
		{ "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"" },
		{ "\n\r\t\b\0", 5, "\"\\n\\r\\t\\u0008\\u0000\"" },
		{ "<&>", 3, "\"\\u003c\\u0026\\u003e\"" },
		{ "\x7F\xC2\x85", 3, "\"\\u007f\\u0085\"" },
		{ "\xE2\x80\xA8\xE2\x80\xA9", 6, "\"\\u2028\\u2029\"" },
		{ "k\xC9\x9Bl\xC9\x9B \xF0\x9F\x94\xA5", 11, "\"k\xC9\x9Bl\xC9\x9B \xF0\x9F\x94\xA5\"" },
		{ "a\xFF" "b\xC3", 4, "\"a\xEF\xBF\xBD" "b\xEF\xBF\xBD\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		buf_init(&b, 200);
		CHECK_INT(buf_add_json(&b, rows[i].in, rows[i].n), 0);
		CHECK_STR(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

TEST(json_never_holds_a_bare_control_byte)
{
	for (int round = 0; round < 20000; round++) {
		char in[40];
		size_t n = test_below(sizeof(in));
		struct buf b;

		for (size_t i = 0; i < n; i++)
			in[i] = (char)test_random();
		buf_init(&b, 1000);
		CHECK_INT(buf_add_json(&b, in, n), 0);
		for (size_t i = 0; i < b.len; i++)
			CHECK((unsigned char)b.p[i] >= 0x20 && strchr("<>&", b.p[i]) == NULL);
		buf_release(&b);
	}
}

TEST_MAIN(TEST_ROW(empty_is_a_string), TEST_ROW(ceiling_counts_bytes_without_the_nul),
    TEST_ROW(failure_sticks_until_cleared), TEST_ROW(a_ceiling_of_nothing), TEST_ROW(format),
    TEST_ROW(random_pieces_add_up), TEST_ROW(json_strings), TEST_ROW(json_never_holds_a_bare_control_byte))
