/* Tests of base/diag: what is printed, where the caret stands, what is only counted. */
#include "unit/test.h"

#include "base/diag.h"

static const char *
printed(const struct diags *ds, struct buf *out)
{
	buf_clear(out);
	diags_print(ds, out);
	return buf_str(out);
}

static void
prints(int line, int col, const char *source, const char *want)
{
	struct diags ds;
	struct buf out;

	buf_init(&out, 10000);
	diags_init(&ds);
	diag_add(&ds, DIAG_ERROR, "a.rules", line, col, source, source != NULL ? strlen(source) : 0, "bad '%s'", "x");
	CHECK_STR(printed(&ds, &out), want);
	diags_release(&ds);
	buf_release(&out);
}

TEST(forms)
{
	prints(12, 5, "ATX 8 fr coup", "a.rules:12:5: error: bad 'x'\n  ATX 8 fr coup\n      ^\n");
	prints(12, 0, "ATX", "a.rules:12: error: bad 'x'\n  ATX\n");
	prints(0, 0, NULL, "a.rules: error: bad 'x'\n");
	prints(3, 1, "", "a.rules:3:1: error: bad 'x'\n  \n  ^\n");
	prints(3, 4, "abc", "a.rules:3:4: error: bad 'x'\n  abc\n     ^\n");
	prints(0, 4, NULL, "a.rules: error: bad 'x'\n");
	prints(3, 9, "abc", "a.rules:3:9: error: bad 'x'\n  abc\n");
}

TEST(caret_counts_code_points)
{
	/* k ɛ l ɛ is six bytes; the caret belongs under the second ɛ, byte 5. */
	prints(1, 5, "k\xC9\x9Bl\xC9\x9B!", "a.rules:1:5: error: bad 'x'\n  k\xC9\x9Bl\xC9\x9B!\n     ^\n");
	prints(1, 3, "\t\tx", "a.rules:1:3: error: bad 'x'\n    x\n    ^\n");
	prints(1, 3, "\xFF\x1Bx", "a.rules:1:3: error: bad 'x'\n  ??x\n    ^\n");
}

TEST(what_cannot_be_seen_is_a_question_mark)
{
	prints(1, 0, "\x1F ~\x7F\xC2\x80\xC2\x9F\xC2\xA0", "a.rules:1: error: bad 'x'\n  ? ~???\xC2\xA0\n");
}

TEST(the_source_need_not_end_with_nul)
{
	struct diags ds;
	struct buf out;

	buf_init(&out, 1000);
	diags_init(&ds);
	diag_add(&ds, DIAG_WARNING, "f", 1, 1, "abcdef", 3, "w\x1B");
	CHECK_STR(printed(&ds, &out), "f:1:1: warning: w?\n  abc\n  ^\n");
	CHECK_INT(ds.warnings, 1);
	CHECK_INT(ds.errors, 0);
	diags_release(&ds);
	CHECK_INT(ds.n, 0);
	buf_release(&out);
}

TEST(beyond_the_ceiling_faults_are_counted)
{
	struct diags ds;
	struct buf out;

	buf_init(&out, 100000);
	diags_init(&ds);
	for (int i = 0; i < DIAGS_MAX + 7; i++)
		diag_add(&ds, i % 2 ? DIAG_ERROR : DIAG_WARNING, "f", i + 1, 0, NULL, 0, "n %d", i);
	CHECK_INT(ds.n, DIAGS_MAX);
	CHECK_INT(ds.errors + ds.warnings, DIAGS_MAX + 7);
	CHECK(strstr(printed(&ds, &out), "f:200: error: n 199\nand 7 more\n") != NULL);
	diags_release(&ds);
	buf_release(&out);
}

TEST(long_lines_and_sentences_are_cut)
{
	static char line[5000];
	struct diags ds;
	struct buf out;

	memset(line, 'a', sizeof(line) - 1);
	buf_init(&out, 100000);
	diags_init(&ds);
	diag_add(&ds, DIAG_ERROR, "f", 1, 4000, line, sizeof(line) - 1, "%s", line);
	(void)printed(&ds, &out);
	CHECK(out.len > 1000 && out.len < 2000);
	CHECK(strchr(buf_str(&out), '^') == NULL);
	diags_release(&ds);
	buf_release(&out);
}

TEST_MAIN(TEST_ROW(forms), TEST_ROW(caret_counts_code_points), TEST_ROW(what_cannot_be_seen_is_a_question_mark),
    TEST_ROW(the_source_need_not_end_with_nul), TEST_ROW(beyond_the_ceiling_faults_are_counted),
    TEST_ROW(long_lines_and_sentences_are_cut))
