/* Rule files compiled: every fault with its place, every statement, mutated files. */
#include "logic/rulebook.h"
#include "unit/test.h"

static const char head[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category RAI \"BETAIL\" \"CATTLE\" P2 review Immediate Moderate Likely\n"
    "category CLR \"CALME\" \"CALM\" P4 review Past Minor Possible\n";

static struct rulebook *
compile(const char *name, const char *body, struct diags *diags)
{
	const struct rule_source sources[] = { { "00.rules", head, sizeof(head) - 1 }, { name, body, strlen(body) } };

	diags_init(diags);
	return rulebook_new(sources, 2, diags);
}

static const char good[] =
    "list betail vache*, boeuf*\n"
    "ATK 8 fr coup de feu, coups de feu, [betail] . tues,\n"
    "\t~rafales, /\\bassaut\\b/ !now\n"
    "ATK 7 bm kɛlɛ bɛ !hooked\n"
    "RAI 7 fr vol .. [betail] !P3\n"
    "noise salut bonjour !alone\n"
    "unless rire ATK,RAI mdr !message\n"
    "past fr hier\nnow fr maintenant\nhearsay fr on dit\nquestion fr c vrai\nfuture fr demain\n"
    "negation fr pas\nnegation-between fr de\nnegation-stop fr ils\nnegation-after bm tɛ\n"
    "tag motos \"motos\" \"motorbikes\"\nmotos fr moto, motos\nnumber 20 fr vingtaine\n"
    "family violence ATK RAI\ncovers ATK RAI\npast-lowers ATK, RAI\nhearsay-urgent ATK\n"
    "test \"coup de feu\" = ATK P1 auto\ntest \"bonjour\" = NUL\ntest \"bonjour\" != ATK\n";

TEST(a_good_pack_compiles)
{
	struct diags diags;
	struct rulebook *rb = compile("g.rules", good, &diags);
	const uint32_t *families;

	size_t failed;

	CHECK_MSG(rb != NULL && diags.n == 0, "%s", diags.n > 0 ? diags.v[0].what : "");
	if (rb != NULL) {
		CHECK_INT(rulebook_categories(rb), 3);
		CHECK_INT(rulebook_rules(rb), 16);
		CHECK_INT(rulebook_test(rb, NULL, &diags, &failed), 3);
		CHECK_INT(failed, 0);
		CHECK_INT(rulebook_find(rb, "RAI"), 1);
		CHECK_INT(rulebook_find(rb, "XXX"), CATEGORY_NONE);
		CHECK_STR(rulebook_category(rb, 0)->urgency, "Immediate");
		CHECK(rulebook_category(rb, 3) == NULL);
		CHECK_INT(rulebook_families(rb, &families), 1);
		CHECK_INT(families[0], 3);
	}
	rulebook_free(rb);
	diags_release(&diags);
}

static const struct fault_row {
	const char *body;
	int	 line, col;
	const char *what;
} faults[] = {
	{ "ATX 8 fr feu", 1, 1, "did you mean 'ATK'?" },
	{ "ATK 12 fr feu", 1, 5, "not a weight" },
	{ "ATK feu", 1, 5, "not a weight" },
	{ "ATK 8 french feu", 1, 7, "not a language" },
	{ "ATK 8 fr", 1, 9, "words or a /pattern/ are missing" },
	{ "ATK 8 fr feu,, tir", 1, 14, "words are missing" },
	{ "ATK 8 fr coup(s)", 1, 10, "'(' means nothing" },
	{ "ATK 8 fr /a(b/", 1, 14, "parenthes" },
	{ "ATK 8 fr /a*/", 1, 10, "empty text" },
	{ "ATK 8 fr /a/ b", 1, 14, "comma is missing" },
	{ "ATK 8 fr a /b/", 1, 12, "do not mix" },
	{ "ATK 8 fr feu !nwo", 1, 14, "did you mean '!now'?" },
	{ "ATK 8 fr feu !alone", 1, 14, "means nothing in this statement" },
	{ "ATK 8 fr [betial] feu\nlist betail vache", 1, 10, "did you mean 'betail'?" },
	{ "ATK 8 fr .. feu", 1, 13, "between words" },
	{ "ATK 8 fr ti~r", 1, 10, "'~' means nothing" },
	{ "ATK 8 fr ~tir* !exact", 1, 10, "not both" },
	{ "ATK 8 fr tir* !exact", 1, 10, "without" },
	{ "ATK 8 fr ---", 1, 10, "no letters" },
	{ "noize x match", 1, 1, "did you mean 'noise'?" },
	{ "noise Match match", 1, 7, "not a name" },
	{ "unless x ATX feu", 1, 10, "unknown category" },
	{ "category ATK \"A\" \"A\" P1 auto Immediate Extreme Likely", 1, 10, "already declared at 00.rules:1" },
	{ "category NEW \"A\" \"A\" P7 auto Immediate Extreme Likely", 1, 22, "not a priority" },
	{ "category NEW \"A\" \"A\" P1 auto Soon Extreme Likely", 1, 30, "one of Immediate" },
	{ "category NEW \"\xE0\xA4\x85\" \"A\" P1 auto Past Extreme Likely", 1, 14, "plain SMS" },
	{ "category NEW \"A label that is far too long\" \"A\" P1", 1, 14, "1 to 19 bytes" },
	{ "category NUL \"A\" \"A\" P1 Past Extreme Likely", 1, 10, "choose another code" },
	{ "test \"x\" = ATX", 1, 12, "unknown category" },
	{ "test \"x\" = RAI+ATX", 1, 16, "unknown category" },
	{ "test \"x\" ATK", 1, 10, "= or !=" },
	{ "test \"x\" = ATK P9", 1, 16, "not a priority" },
	{ "test x = ATK", 1, 6, "in \"quotes\"" },
	{ "number 0 fr zero", 1, 8, "1 to 9999" },
	{ "family f", 1, 9, "category is missing" },
	{ "covers ATK XYZ", 1, 12, "unknown category" },
	{ "list betail vache . brebis", 1, 13, "words in a row" },
	{ "tag motos motos", 1, 11, "label in \"quotes\"" },
};

TEST(every_fault_has_its_place_and_reason)
{
	struct diags diags;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct rulebook *rb = compile("f.rules", faults[i].body, &diags);

		CHECK_MSG(rb == NULL, "'%s' compiled", faults[i].body);
		CHECK_MSG(diags.errors == 1, "'%s' has %zu errors", faults[i].body, diags.errors);
		if (diags.n > 0) {
			CHECK_MSG(diags.v[0].line == faults[i].line && diags.v[0].col == faults[i].col, "'%s' at %d:%d: %s", faults[i].body,
			    diags.v[0].line, diags.v[0].col, diags.v[0].what);
			CHECK_MSG(strstr(diags.v[0].what, faults[i].what) != NULL, "'%s': %s", faults[i].body, diags.v[0].what);
			CHECK_STR(diags.v[0].file, "f.rules");
			CHECK(diags.v[0].source != NULL);
		}
		rulebook_free(rb);
		diags_release(&diags);
	}
}

TEST(all_faults_are_told_in_one_go)
{
	struct diags diags;
	struct rulebook *rb = compile("m.rules", "ATX 8 fr feu\nATK 99 fr feu\nATK 8 fr a(, b), /(/\n\"x\nATK 8 fr ok\n", &diags);

	CHECK(rb == NULL);
	CHECK_INT(diags.errors, 6);
	rulebook_free(rb);
	diags_release(&diags);
}

TEST(warnings_do_not_keep_a_pack_from_loading)
{
	struct diags diags;
	struct rulebook *rb = compile("w.rules",
	    "ATK 8 fr feu\nATK 6 fr feu\nATK 6 en feu\nATK 5 fr ~tir\nATK 5 fr /É/\nATK 5 fr /\\W\\bété!/ !exact\n", &diags);

	CHECK(rb != NULL);
	CHECK_INT(diags.errors, 0);
	CHECK_INT(diags.warnings, 3);	/* twice in one language; too short for ~; never met */
	rulebook_free(rb);
	diags_release(&diags);
}

TEST(no_category_at_all_is_an_error)
{
	const struct rule_source source = { "e.rules", "# nothing\n", 10 };
	struct diags diags;

	diags_init(&diags);
	CHECK(rulebook_new(&source, 1, &diags) == NULL);
	CHECK_INT(diags.errors, 1);
	diags_release(&diags);
}

TEST(the_version_follows_every_byte)
{
	struct diags diags;
	struct rulebook *a = compile("v.rules", "ATK 8 fr feu\n", &diags), *b, *c;
	char version[3][32];

	diags_release(&diags);
	b = compile("v.rules", "ATK 7 fr feu\n", &diags);
	diags_release(&diags);
	c = compile("w.rules", "ATK 8 fr feu\n", &diags);
	diags_release(&diags);
	snprintf(version[0], 32, "%s", rulebook_version(a));
	snprintf(version[1], 32, "%s", rulebook_version(b));
	snprintf(version[2], 32, "%s", rulebook_version(c));
	CHECK_INT(strlen(version[0]), 16);
	CHECK(strcmp(version[0], version[1]) != 0 && strcmp(version[0], version[2]) != 0);
	rulebook_free(a);
	rulebook_free(b);
	rulebook_free(c);
}

static size_t
failed_tests(const char *body, char *what, size_t size)
{
	struct diags diags;
	struct rulebook *rb = compile("t.rules", body, &diags);
	size_t failed = 99;

	CHECK_MSG(rb != NULL, "'%s' does not compile: %s", body, diags.n > 0 ? diags.v[0].what : "");
	if (rb != NULL)
		rulebook_test(rb, NULL, &diags, &failed);
	snprintf(what, size, "%s", diags.n > 0 ? diags.v[0].what : "");
	if (rb != NULL && failed > 0)
		CHECK(diags.n == failed && diags.v[0].line > 0 && diags.v[0].col > 0 && diags.v[0].source != NULL);
	rulebook_free(rb);
	diags_release(&diags);
	return failed;
}

static const struct test_line {
	const char *line;
	size_t	 failed;
} test_lines[] = {
	{ "test \"feu\" = ATK", 0 },
	{ "test \"feu\" = ATK P1 auto", 0 },
	{ "test \"feu\" = ATK P2", 1 },
	{ "test \"feu\" = ATK review", 1 },
	{ "test \"feu\" = RAI", 1 },
	{ "test \"feu vaches\" = ATK+RAI", 0 },
	{ "test \"feu vaches\" = RAI+ATK", 1 },		/* the headline comes first */
	{ "test \"feu\" != RAI", 0 },
	{ "test \"feu vaches\" != RAI", 1 },
	{ "test \"feu\" != NUL", 0 },
	{ "test \"rien\" = UNK", 0 },
	{ "test \"rien\" != UNK", 1 },
	{ "test \"bonjour\" = NUL", 0 },
	{ "test \"bonjour\" = UNK", 1 },
};

TEST(test_lines_by_example)
{
	char body[200], what[400];

	for (size_t i = 0; i < sizeof(test_lines) / sizeof(test_lines[0]); i++) {
		snprintf(body, sizeof(body), "ATK 8 fr feu\nRAI 8 fr vaches\nnoise s bonjour !alone\n%s\n", test_lines[i].line);
		CHECK_MSG(failed_tests(body, what, sizeof(what)) == test_lines[i].failed, "%s: %s", test_lines[i].line, what);
	}
}

TEST(a_failed_test_says_what_came_out_and_why)
{
	char what[400];

	CHECK_INT(failed_tests("ATK 8 fr feu\ntest \"le feu\" = NUL\n", what, sizeof(what)), 1);
	CHECK_MSG(strstr(what, "ATK P1 auto") != NULL && strstr(what, "t.rules:1 ATK 8 'feu'") != NULL, "%s", what);
}

/* Hostile or broken rule files: no crash, and either a rulebook or an error with a place. */
TEST(mutated_files_give_a_book_or_a_fault)
{
	char body[sizeof(good) + 64];

	for (int round = 0; round < 1500; round++) {
		size_t n = sizeof(good) - 1, edits = 1 + test_below(6);
		struct diags diags;
		struct rulebook *rb;

		memcpy(body, good, sizeof(good));
		for (size_t i = 0; i < edits; i++) {
			size_t at = test_below((uint32_t)n);

			switch (test_below(4)) {
			case 0:
				body[at] = (char)(1 + test_below(255));
				break;
			case 1:
				memmove(body + at, body + at + 1, n - at);
				n--;
				break;
			case 2:
				body[at] = "\"/,#!*~[].\n\t 9+=@"[test_below(17)];
				break;
			default:
				memmove(body + at, body + at + n / 3 % (n - at), n - at - n / 3 % (n - at));
			}
		}
		body[n] = '\0';
		rb = compile("x.rules", body, &diags);
		CHECK((rb == NULL) == (diags.errors > 0));
		for (size_t i = 0; i < diags.n; i++)
			CHECK_MSG(diags.v[i].line > 0 && diags.v[i].file != NULL, "'%s' has no place", diags.v[i].what);
		rulebook_free(rb);
		diags_release(&diags);
	}
}

TEST_MAIN(TEST_ROW(a_good_pack_compiles), TEST_ROW(every_fault_has_its_place_and_reason), TEST_ROW(all_faults_are_told_in_one_go),
    TEST_ROW(warnings_do_not_keep_a_pack_from_loading), TEST_ROW(no_category_at_all_is_an_error),
    TEST_ROW(the_version_follows_every_byte), TEST_ROW(test_lines_by_example), TEST_ROW(a_failed_test_says_what_came_out_and_why),
    TEST_ROW(mutated_files_give_a_book_or_a_fault))
