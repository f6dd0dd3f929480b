/* The one layout of rule files: what it looks like, that it keeps what is said, that it is stable. */
#include "logic/rulefmt.h"
#include "unit/test.h"

static const struct layout_row {
	const char *in, *out;
} layouts[] = {
	{ "", "" },
	{ "\n\n  \n", "" },
	{ "list", "list\n" },
	{ "  # alone", "\t# alone\n" },
	{ "ATK  8 fr coup de feu ,tir*,  ~rafales", "ATK 8 fr  coup de feu, tir*, ~rafales\n" },
	{ "ATK 8 fr a,b !now   !P1 # why\r\n", "ATK 8 fr  a, b  !now !P1  # why\n" },
	{ "ATK 8 fr a,\n    b,c !now\n", "ATK 8 fr  a,\n\tb, c  !now\n" },
	{ "\xEF\xBB\xBFnoise x  bonjour\n\n\n\n# c  \nnoise y salut\n\n", "noise x  bonjour\n\n# c\nnoise y  salut\n" },
	{ "list a x\nlist bcd y,\n\tz\nlist ef w\n", "list a    x\nlist bcd  y,\n\tz\nlist ef   w\n" },
	{ "list a x\n\nlist bcd y\n", "list a  x\n\nlist bcd  y\n" },
	{ "unless m ATK ,WND b c, /x y/\n", "unless m ATK, WND  b c, /x y/\n" },
	{ "test \"a  b\"   =  ATK+WND P1 @Koro\n", "test \"a  b\" = ATK+WND P1 @Koro\n" },
	{ "category A1 \"ÉÉ\" \"x\" P1 auto Past Minor Likely\ncategory ATK \"abcd\" \"xy\" P2 auto Past Minor Likely\n",
	    "category A1   \"ÉÉ\"   \"x\"  P1 auto Past Minor Likely\ncategory ATK  \"abcd\" \"xy\" P2 auto Past Minor Likely\n" },
	{ "past fr hier\nnumber 20 fr vingtaine\npast-lowers ATK\nmotos fr moto\n",
	    "past fr  hier\nnumber 20 fr  vingtaine\npast-lowers  ATK\nmotos fr  moto\n" },
	/* What cannot be read stays as it is. */
	{ "test  \"open\nATK 8   fr  \xFF\n  /open\n", "test  \"open\nATK 8   fr  \xFF\n  /open\n" },
	{ "\n\n\xEF\xBB\xBF" "a b\n", "\xEF\xBB\xBF\xEF\xBB\xBF" "a b\n" },
};

TEST(layouts_are_these)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		struct buf out;

		buf_init(&out, 10000);
		CHECK_INT(rulefmt(layouts[i].in, strlen(layouts[i].in), &out), 0);
		CHECK_STR(buf_str(&out), layouts[i].out);
		CHECK_MSG(rulefmt_same(layouts[i].in, strlen(layouts[i].in), buf_str(&out), out.len), "%s", layouts[i].in);
		buf_release(&out);
	}
}

static void
random_text(struct buf *out)
{
	static const char *const parts[] = { "ATK", "8", "fr", " ", "  ", "\t", "\n", "\n", "\r\n", "\r", ",", "\"", "\\", "/", "#", "!now", "list",
		"test", "category", "unless", "P1", "é", "\xFF", "\xEF\xBB\xBF", "tir*", "~ab", "=", "a", "\x01", "[x]", "|", "." };
	size_t n = test_below(60);

	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		buf_adds(out, parts[test_below(sizeof(parts) / sizeof(parts[0]))]);
}

TEST(any_text_says_the_same_and_is_stable)
{
	struct buf in, once, twice;

	buf_init(&in, 10000);
	buf_init(&once, 100000);
	buf_init(&twice, 100000);
	for (int i = 0; i < 50000; i++) {
		random_text(&in);
		buf_clear(&once);
		buf_clear(&twice);
		CHECK_INT(rulefmt(buf_str(&in), in.len, &once), 0);
		CHECK_INT(rulefmt(buf_str(&once), once.len, &twice), 0);
		CHECK_MSG(rulefmt_same(buf_str(&in), in.len, buf_str(&once), once.len), "says something else: '%s' as '%s'", buf_str(&in),
		    buf_str(&once));
		CHECK_STR(buf_str(&twice), buf_str(&once));
		if (test_failures > 3)
			break;
	}
	buf_release(&in);
	buf_release(&once);
	buf_release(&twice);
}

TEST(different_files_are_told_apart)
{
	CHECK(rulefmt_same("a b\n", 4, "a   b # c\n\n", 11));
	CHECK(!rulefmt_same("a b\n", 4, "a c\n", 4));
	CHECK(!rulefmt_same("a b\n", 4, "a\nb\n", 4));
	CHECK(!rulefmt_same("\"a\"\n", 4, "a\n", 2));
	CHECK(!rulefmt_same("a\n", 2, "", 0));
}

TEST(a_full_buffer_is_an_error)
{
	struct buf out;

	buf_init(&out, 8);
	CHECK_INT(rulefmt("ATK 8 fr coup de feu", 20, &out), -1);
	buf_release(&out);
}

TEST_MAIN(TEST_ROW(layouts_are_these), TEST_ROW(any_text_says_the_same_and_is_stable), TEST_ROW(different_files_are_told_apart),
    TEST_ROW(a_full_buffer_is_an_error))
