/* Tests of modem/send: where a long text is cut, and how long it stays valid. */
#include "unit/test.h"

#include "base/gsm7.h"
#include "base/utf8.h"
#include "modem/send.h"

static char text[4096];

static const char *
repeat(const char *s, size_t n)
{
	text[0] = '\0';
	for (size_t i = 0, at = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s", s);
	return text;
}

TEST(one_part_holds_160_septets_and_70_units)
{
	CHECK_INT(send_parts(repeat("a", 160), false), 1);
	CHECK_INT(send_parts(repeat("a", 161), false), 2);
	CHECK_INT(send_parts(repeat("€", 80), false), 1);
	CHECK_INT(send_parts(repeat("€", 81), false), 2);
	CHECK_INT(send_parts(repeat("ɛ", 70), true), 1);
	CHECK_INT(send_parts(repeat("ɛ", 71), true), 2);
	CHECK_INT(send_parts(repeat("😀", 35), true), 1);
	CHECK_INT(send_parts(repeat("😀", 36), true), 2);
}

TEST(a_part_of_many_holds_153_septets_and_67_units)
{
	CHECK_INT(send_part_end(repeat("a", 400), 0, false, false), 153);
	CHECK_INT(send_part_end(repeat("a", 400), 153, false, false), 306);
	CHECK_INT(send_part_end(repeat("a", 400), 306, false, false), 400);
	CHECK_INT(send_parts(repeat("a", 306), false), 2);
	CHECK_INT(send_parts(repeat("a", 307), false), 3);
	CHECK_INT(send_part_end(repeat("ɛ", 100), 0, true, false), 134);
	CHECK_INT(send_parts(repeat("ɛ", 134), true), 2);
	CHECK_INT(send_parts(repeat("ɛ", 135), true), 3);
}

/* 153 and 67 are odd: a pair does not fit into what is left and moves to the next part as a whole. */
TEST(no_pair_is_torn)
{
	CHECK_INT(send_part_end(repeat("€", 200), 0, false, false), 76 * 3);
	CHECK_INT(send_part_end(repeat("😀", 200), 0, true, false), 33 * 4);
}

static void
random_text(bool ucs2)
{
	static const char *const characters[] = { "a", "é", "€", "{", "~", "ɛ", "😀", "\n" };
	size_t n = test_below(500), at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s", characters[test_below(ucs2 ? 8 : 5)]);
}

TEST(parts_are_whole_characters_fit_and_make_up_the_text)
{
	for (int round = 0; round < 2000; round++) {
		bool ucs2 = test_below(2) == 1;
		unsigned parts, n = 0;
		size_t at = 0, len;

		random_text(ucs2);
		len = strlen(text);
		parts = send_parts(text, ucs2);
		while (at < len) {
			size_t end = send_part_end(text, at, ucs2, parts == 1);

			CHECK_MSG(end > at && end <= len, "part %u ends at %zu", n, end);
			CHECK_MSG(utf8_valid(text + at, end - at), "part %u is torn", n);
			if (!ucs2)
				CHECK(gsm7_septets(text + at, end - at) <= (parts == 1 ? 160 : 153));
			if (end <= at)
				return;
			at = end;
			n++;
		}
		CHECK(n == parts || (len == 0 && parts == 1));
	}
}

TEST(validity_is_never_shorter_than_asked)
{
	static const struct {
		uint32_t minutes;
		uint8_t	 vp;
	} rows[] = {
		{ 0, 255 }, { 1, 0 }, { 5, 0 }, { 6, 1 }, { 720, 143 }, { 721, 144 }, { 1440, 167 }, { 1441, 168 },
		{ 2880, 168 }, { 43200, 196 }, { 43201, 197 }, { 63 * 10080, 255 }, { 63 * 10080 + 1, 255 },
		{ UINT32_MAX, 255 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		CHECK_MSG(send_validity(rows[i].minutes) == rows[i].vp, "%u minutes: %u, not %u", rows[i].minutes,
		    send_validity(rows[i].minutes), rows[i].vp);
}

TEST_MAIN(TEST_ROW(one_part_holds_160_septets_and_70_units), TEST_ROW(a_part_of_many_holds_153_septets_and_67_units),
    TEST_ROW(no_pair_is_torn), TEST_ROW(parts_are_whole_characters_fit_and_make_up_the_text),
    TEST_ROW(validity_is_never_shorter_than_asked))
