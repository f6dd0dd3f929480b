/* Tests of base/utf8: every code point there and back, and what RFC 3629 forbids. */
#include "unit/test.h"

#include "base/utf8.h"

TEST(every_code_point_round_trips)
{
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char bytes[4];
		size_t n = utf8_put(bytes, cp);
		const char *p = bytes;
		uint32_t got, want = cp >= 0xD800 && cp <= 0xDFFF ? UTF8_REPLACEMENT : cp;

		CHECK_MSG(utf8_next(&p, bytes + n, &got) && got == want && p == bytes + n, "U+%04X", (unsigned)cp);
		CHECK_MSG(n == (want < 0x80 ? 1u : want < 0x800 ? 2u : want < 0x10000 ? 3u : 4u), "U+%04X", (unsigned)cp);
	}
}

/* An independent oracle: a sequence is valid exactly when it is what utf8_put makes of its value. */
TEST(every_two_and_three_byte_sequence)
{
	static bool good[1 << 24];
	char bytes[4];

	for (uint32_t cp = 0x80; cp < 0x10000; cp++) {
		size_t n = utf8_put(bytes, cp);

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		good[(uint8_t)bytes[0] << 16 | (uint8_t)bytes[1] << 8 | (n == 3 ? (uint8_t)bytes[2] : 0)] = true;
	}
	for (uint32_t v = 0x800000; v < 0x1000000; v++) {
		char s[3] = { (char)(v >> 16), (char)(v >> 8), (char)v };
		size_t n = s[2] == 0 ? 2 : 3;
		bool two = (uint8_t)s[0] < 0xE0 && n == 3;

		if (two || (uint8_t)s[0] >= 0xF0)
			continue;
		CHECK_MSG(utf8_valid(s, n) == good[v], "%06X", (unsigned)v);
	}
}

TEST(what_is_forbidden)
{
	static const struct {
		const char *bytes, *what;
	} rows[] = {
		{ "\x80", "a lone continuation" },
		{ "\xC0\x80", "overlong NUL" },
		{ "\xC1\xBF", "overlong ASCII" },
		{ "\xE0\x9F\xBF", "overlong, three bytes" },
		{ "\xF0\x8F\xBF\xBF", "overlong, four bytes" },
		{ "\xED\xA0\x80", "first surrogate" },
		{ "\xED\xBF\xBF", "last surrogate" },
		{ "\xF4\x90\x80\x80", "U+110000" },
		{ "\xF5\x80\x80\x80", "lead byte F5" },
		{ "\xFE", "FE" },
		{ "\xFF", "FF" },
		{ "\xC3", "cut after one" },
		{ "\xE2\x82", "cut after two" },
		{ "\xF0\x9F\x94", "cut after three" },
		{ "\xC3" "a", "no continuation" },
		{ "\xF0\x9F\x94" "a", "no third continuation" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *p = rows[i].bytes;
		uint32_t cp = 0;

		CHECK_MSG(!utf8_valid(p, strlen(p)), "%s is taken for valid", rows[i].what);
		CHECK_MSG(!utf8_next(&p, p + strlen(p), &cp) && cp == UTF8_REPLACEMENT, "%s is read", rows[i].what);
		CHECK_MSG(p == rows[i].bytes + 1, "%s: moved by %td", rows[i].what, p - rows[i].bytes);
	}
}

TEST(limits_of_validity)
{
	CHECK(utf8_valid("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
	    25));
	CHECK(utf8_valid("", 0));
	CHECK(utf8_valid("a\0b", 3));
}

TEST(put_refuses_no_number)
{
	char bytes[4];

	CHECK_INT(utf8_put(bytes, 0xD800), 3);
	CHECK(memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
	CHECK_INT(utf8_put(bytes, 0x110000), 3);
	CHECK(memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
	CHECK_INT(utf8_put(bytes, UINT32_MAX), 3);
}

TEST(clean_replaces_and_drops)
{
	struct buf b;

	buf_init(&b, 100);
	CHECK_INT(utf8_clean(&b, "a\xFF\0\xC3\xA9\xE2\x82", 7), 0);
	CHECK_STR(buf_str(&b), "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD");
	buf_release(&b);
	buf_init(&b, 3);
	CHECK_INT(utf8_clean(&b, "\xC3\xA9\xC3\xA9", 4), -1);
	buf_release(&b);
}

TEST(clean_is_always_valid)
{
	for (int round = 0; round < 100000; round++) {
		char in[24];
		size_t n = test_below(sizeof(in));
		struct buf b;

		for (size_t i = 0; i < n; i++)
			in[i] = (char)(test_below(3) ? 0x80 + test_below(128) : test_below(128));
		buf_init(&b, 100);
		CHECK_INT(utf8_clean(&b, in, n), 0);
		CHECK(utf8_valid(buf_str(&b), b.len));
		CHECK(!utf8_valid(in, n) || memchr(in, 0, n) != NULL || (b.len == n && memcmp(buf_str(&b), in, n) == 0));
		buf_release(&b);
	}
}

TEST_MAIN(TEST_ROW(every_code_point_round_trips), TEST_ROW(every_two_and_three_byte_sequence), TEST_ROW(what_is_forbidden),
    TEST_ROW(limits_of_validity), TEST_ROW(put_refuses_no_number), TEST_ROW(clean_replaces_and_drops),
    TEST_ROW(clean_is_always_valid))
