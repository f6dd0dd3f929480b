/* What is surely not meant in a rule pack: each finding once, and nothing found where nothing is. */
#include "logic/rulelint.h"
#include "unit/test.h"

static const char head[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category RAI \"BETAIL\" \"CATTLE\" P2 review Immediate Moderate Likely\n";

struct linted {
	struct diags diags;
	struct rulelint_counts n;
};

static void
lint(struct linted *l, const char *body)
{
	const struct rule_source sources[] = { { "00.rules", head, sizeof(head) - 1 }, { "10.rules", body, strlen(body) } };
	struct rulebook *rb;

	diags_init(&l->diags);
	rb = rulebook_new(sources, 2, &l->diags);
	CHECK_MSG(rb != NULL, "%s: %s", body, l->diags.n > 0 ? l->diags.v[0].what : "");
	if (rb != NULL)
		rulelint(rb, sources, 2, &l->diags, &l->n);
	rulebook_free(rb);
}

/* One line of rules (and its test lines): what should be found, and in which line. */
static const struct row {
	const char *body;
	size_t	 never, unreachable, redundant, silent, explosive, idle;
} packs[] = {
	{ "ATK 8 fr coup de feu\ntest \"coup de feu\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr coup de feu\n", 1, 0, 0, 0, 0, 0 },
	/* A longer phrase of less weight can never count; of equal weight it is harmless; of more weight it is right. */
	{ "ATK 8 fr feu\nATK 6 fr coup de feu\ntest \"coup de feu\" = ATK\n", 0, 1, 0, 0, 0, 0 },
	{ "ATK 8 fr feu, coup de feu\ntest \"coup de feu\" = ATK\n", 0, 0, 1, 0, 0, 0 },
	{ "ATK 6 fr feu\nATK 8 fr coup de feu\ntest \"coup de feu\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	/* … unless it says more: it happens now, it is more urgent, it is another category's, another language's. */
	{ "ATK 8 fr feu\nATK 8 fr coup de feu !now\ntest \"coup de feu\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	{ "RAI 8 fr feu\nRAI 6 fr coup de feu !P1\ntest \"coup de feu\" = RAI\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr feu\nRAI 6 fr coup de feu\ntest \"coup de feu\" = ATK+RAI\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr feu\nATK 6 en coup de feu\ntest \"coup de feu\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	/* A stem covers its words, not the other way round. */
	{ "ATK 8 fr tir*, tirent\ntest \"tirent\" = ATK\n", 0, 0, 1, 0, 0, 0 },
	{ "ATK 8 fr tirent\nATK 7 fr tirent*\ntest \"tirent\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	/* A gap may hold other words. */
	{ "ATK 8 fr coup feu\nATK 7 fr coup . feu\ntest \"coup feu\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr coup\nATK 7 fr coup . feu\ntest \"coup feu\" = ATK\n", 0, 1, 0, 0, 0, 0 },
	/* A negation inside: "pas tire" is not what "tire" is. */
	{ "ATK 8 fr tire\nATK 7 fr pas tire\nnegation fr pas\ntest \"pas tire\" != RAI\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr coup de feu\nnoise film coup de feu\ntest \"coup de feu\" = ATK\n", 0, 0, 0, 1, 0, 0 },
	{ "ATK 8 fr feu\nnoise film cinema\ntest \"feu\" = ATK\ntest \"cinema\" = NUL\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr /(a+)+$/\ntest \"aaa\" = ATK\n", 0, 0, 0, 0, 1, 0 },
	{ "ATK 8 fr /(z+i+)+q/\ntest \"ziq\" = ATK\n", 0, 0, 0, 0, 1, 0 },
	{ "ATK 8 fr a b\nATK 8 fr b c\nATK 8 fr c d\nATK 8 fr d e\nATK 8 fr e f\n", 5, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr /(tire?s?)+ ?(fort)?/\ntest \"tires\" = ATK\n", 0, 0, 0, 0, 0, 0 },
	{ "ATK 8 fr feu\ntest \"feu\" = ATK\ntest \"le marche est grand\" != ATK\n", 0, 0, 0, 0, 0, 1 },
	{ "ATK 8 fr feu\ntest \"feu\" = ATK\ntest \"feu\" = ATK\n", 0, 0, 0, 0, 0, 1 },
	{ "ATK 8 fr feu\nunless rouge ATK feu rouge\ntest \"feu\" = ATK\ntest \"feu rouge\" != ATK\n", 0, 0, 0, 0, 0, 0 },
};

TEST(each_finding_and_no_other)
{
	for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++) {
		const struct row *w = &packs[i];
		struct linted l;

		lint(&l, w->body);
		CHECK_MSG(l.n.never_tested == w->never, "%s: %zu never tested", w->body, l.n.never_tested);
		CHECK_MSG(l.n.unreachable == w->unreachable, "%s: %zu unreachable", w->body, l.n.unreachable);
		CHECK_MSG(l.n.redundant == w->redundant, "%s: %zu redundant", w->body, l.n.redundant);
		CHECK_MSG(l.n.never_silent == w->silent, "%s: %zu never silent", w->body, l.n.never_silent);
		CHECK_MSG(l.n.explosive == w->explosive, "%s: %zu explosive", w->body, l.n.explosive);
		CHECK_MSG(l.n.idle_tests == w->idle, "%s: %zu idle tests", w->body, l.n.idle_tests);
		CHECK_INT(l.diags.errors, 0);
		diags_release(&l.diags);
	}
}

TEST(a_finding_points_at_its_words)
{
	struct linted l;

	lint(&l, "ATK 8 fr feu\nATK 6 fr zut,\n\tcoup de feu\ntest \"coup de feu, zut\" = ATK\n");
	CHECK_INT(l.diags.n, 1);
	if (l.diags.n == 1) {
		CHECK_STR(l.diags.v[0].file, "10.rules");
		CHECK_INT(l.diags.v[0].line, 3);
		CHECK_INT(l.diags.v[0].col, 2);
		CHECK_STR(l.diags.v[0].source, "\tcoup de feu");
		CHECK(strstr(l.diags.v[0].what, "10.rules:1") != NULL);
		CHECK_INT(l.diags.v[0].level, DIAG_WARNING);
	}
	diags_release(&l.diags);
}

TEST(lines_of_sources)
{
	static const char text[] = "one\r\ntwo\n\nfour";
	const struct rule_source source = { "a", text, sizeof(text) - 1 };
	size_t len = 99;

	CHECK(strncmp(rulelint_line(&source, 1, "a", 1, &len), "one", 3) == 0 && len == 3);
	CHECK(rulelint_line(&source, 1, "a", 3, &len) != NULL && len == 0);
	CHECK(strncmp(rulelint_line(&source, 1, "a", 4, &len), "four", 4) == 0 && len == 4);
	CHECK(rulelint_line(&source, 1, "a", 5, &len) == NULL);
	CHECK(rulelint_line(&source, 1, "a", 0, &len) == NULL);
	CHECK(rulelint_line(&source, 1, "b", 1, &len) == NULL);
}

TEST_MAIN(TEST_ROW(each_finding_and_no_other), TEST_ROW(a_finding_points_at_its_words), TEST_ROW(lines_of_sources))
