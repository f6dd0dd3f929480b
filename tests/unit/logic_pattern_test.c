/* Patterns: limits, the literals they need, and faults with their offset. */
#include "logic/pattern.h"
#include "unit/test.h"

static struct pattern *
made(const char *p)
{
	char why[200];
	size_t at;
	struct pattern *pt = pattern_new(p, strlen(p), why, sizeof(why), &at);

	CHECK_MSG(pt != NULL, "/%s/: %s at %zu", p, why, at);
	return pt;
}

static const struct needs_row {
	const char *pattern, *needs;	/* parted by spaces */
} examples[] = {
	{ "\\bfusillade", "fusillade" },
	{ "match", "match" },
	{ "(match|ballon|foot)\\b", "match ballon foot" },
	{ "\\b(?:tir|ti)\\b", "" },			/* "ti" is too short to look for */
	{ "abc?d", "" },
	{ "abcd?", "abc" },
	{ "(abc)?d", "" },
	{ "(abc)+d", "abc" },
	{ "abc{0,3}", "" },
	{ "abc{2}", "" },
	{ "\\d+ motos?", " moto" },
	{ "vol.{0,30}vaches?", "vache" },
	{ "[aeiou]{3}", "" },
	{ "a.c|def", "" },
	{ "(?i)attaque", "" },
	{ "(?!pas)attaque", "attaque" },
	{ "(?<=de )attaque", "" },			/* look-behind: not read, so always tried */
	{ "\\x41bcd", "" },
	{ "[[:alpha:]]xyz[]abc]", "xyz" },
	{ "été", "été" },
	{ "étés?", "été" },
};

TEST(needs_by_example)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct pattern *pt = made(examples[i].pattern);
		const struct need *needs;
		char got[200] = "";
		size_t n = pt != NULL ? pattern_needs(pt, &needs) : 0, len = 0;

		for (size_t k = 0; k < n; k++)
			len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%.*s", k > 0 ? " " : "", (int)needs[k].len, needs[k].p);
		CHECK_MSG(strcmp(got, examples[i].needs) == 0, "/%s/ needs '%s', not '%s'", examples[i].pattern, got, examples[i].needs);
		pattern_free(pt);
	}
}

/* The promise behind the index: a text that matches holds one of the needs. */
TEST(a_match_holds_a_need)
{
	static const char *const atoms[] = { "abc", "tir", "(?:abc|bcd)", "x?", "[ab]+", ".{0,3}", "cab", "b*", "(?:ab|cab)+", "\\b", "(?:abcd)?", "d{2}" };
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct pattern_span span;
	size_t matches = 0;

	for (int round = 0; round < 20000; round++) {
		char p[200] = "", text[60];
		const struct need *needs;
		size_t n = 1 + test_below(4), len = test_below(50);

		for (size_t i = 0; i < n; i++) {
			strncat(p, atoms[test_below(sizeof(atoms) / sizeof(atoms[0]))], 40);
			if (i + 1 < n && test_below(5) == 0)
				strncat(p, "|", 2);
		}
		for (size_t i = 0; i < len; i++)
			text[i] = "abcdtirx "[test_below(9)];
		text[len] = '\0';
		struct pattern *pt = made(p);
		bool held = false;

		if (pattern_find(pt, scratch, text, len, 0, &span) == PATTERN_YES && (n = pattern_needs(pt, &needs)) > 0) {
			matches++;
			for (size_t i = 0; i < n; i++)
				held = held || memmem(text, len, needs[i].p, needs[i].len) != NULL;
			CHECK_MSG(held, "/%s/ matches '%s' without any of its needs", p, text);
		}
		pattern_free(pt);
	}
	CHECK_MSG(matches > 50, "only %zu matches: the test tests nothing", matches);
	pattern_scratch_free(scratch);
}

TEST(a_runaway_pattern_is_undecided_not_unmatched)
{
	static char text[1600];
	struct pattern *pt = made("(a+)+$");
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct pattern_span span;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 2] = '!';
	CHECK_INT(pattern_find(pt, scratch, text, sizeof(text) - 1, 0, &span), PATTERN_FAULT);
	CHECK_INT(pattern_find(pt, scratch, "aaa", 3, 0, &span), PATTERN_YES);	/* the scratch is still good */
	pattern_free(pt);
	pattern_scratch_free(scratch);
}

TEST(the_first_group_is_told)
{
	struct pattern *pt = made("x(\\d+)?y");
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct pattern_span span;

	CHECK_INT(pattern_find(pt, scratch, "..x42y", 6, 0, &span), PATTERN_YES);
	CHECK(span.start == 2 && span.end == 6 && span.group_start == 3 && span.group_end == 5);
	CHECK_INT(pattern_find(pt, scratch, "xy", 2, 0, &span), PATTERN_YES);
	CHECK(span.group_start == span.group_end);
	CHECK_INT(pattern_find(pt, scratch, "xyxy", 4, 1, &span), PATTERN_YES);
	CHECK_INT(span.start, 2);
	pattern_free(pt);
	pattern_scratch_free(scratch);
}

static const char *const refused[] = {
	"(unclosed", "[z-a]", "a\\Cb", "x{3,2}", "*a", "((((((((((((((((((a))))))))))))))))))",
};

TEST(bad_patterns_are_refused_with_a_reason)
{
	char why[200];
	size_t at;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct pattern *pt = pattern_new(refused[i], strlen(refused[i]), why, sizeof(why), &at);

		CHECK_MSG(pt == NULL, "/%s/ was taken", refused[i]);
		CHECK_MSG(why[0] != '\0' && at <= strlen(refused[i]), "/%s/: '%s' at %zu", refused[i], why, at);
		pattern_free(pt);
	}
}

TEST(long_patterns_are_refused)
{
	char p[PATTERN_MAX + 2], why[200];
	size_t at;
	struct pattern *pt;

	memset(p, 'a', sizeof(p));
	pt = pattern_new(p, PATTERN_MAX, why, sizeof(why), &at);
	CHECK(pt != NULL);
	pattern_free(pt);
	CHECK(pattern_new(p, PATTERN_MAX + 1, why, sizeof(why), &at) == NULL);
}

TEST_MAIN(TEST_ROW(needs_by_example), TEST_ROW(a_match_holds_a_need), TEST_ROW(a_runaway_pattern_is_undecided_not_unmatched),
    TEST_ROW(the_first_group_is_told), TEST_ROW(bad_patterns_are_refused_with_a_reason), TEST_ROW(long_patterns_are_refused))
