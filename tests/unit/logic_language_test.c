/* What the rule language can say beyond plain words: sound, choices, lists of phrases, gaps, languages, everyday subjects. */
#include <time.h>

#include "logic/classify.h"
#include "logic/pattern.h"
#include "unit/test.h"

static const char categories[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category RAI \"BETAIL\" \"CATTLE\" P2 review Immediate Moderate Likely\n"
    "category CLR \"CALME\" \"CALM\" P4 review Past Minor Possible\n";

static struct rulebook *
compile(const char *body)
{
	char all[4096];
	struct rule_source source = { "l.rules", all, 0 };
	struct diags diags;
	struct rulebook *rb;

	source.len = (size_t)snprintf(all, sizeof(all), "%s%s", categories, body);
	diags_init(&diags);
	rb = rulebook_new(&source, 1, &diags);
	CHECK_MSG(rb != NULL, "'%s': %s", body, diags.n > 0 ? diags.v[0].what : "no reason");
	diags_release(&diags);
	return rb;
}

static void
understand(const struct rulebook *rb, const char *text, struct verdict *v)
{
	static struct text t;

	normalize(text, strlen(text), &t);
	classify(rb, &t, v);
}

static const struct row {
	const char *rules, *text, *code;	/* "": nothing is understood */
} examples[] = {
	/* sound */
	{ "sound\nATK 6 fr tirent partout", "sa tire partou", "ATK" },
	{ "ATK 6 fr tirent partout", "sa tire partou", "" },
	{ "sound\nATK 6 fr tirent partout !letters", "sa tire partou", "" },
	{ "sound\nATK 6 fr encercl*", "on est ansercle", "ATK" },
	{ "sound\nATK 6 fr balle", "le bal", "" },		/* alone, a short word is what it is */
	{ "sound\nATK 6 fr ~encercle", "encrecle", "ATK" },
	{ "sound\nATK 6 fr ~encercle", "anserkle", "ATK" },
	/* choices */
	{ "RAI 6 fr pris|vol* . vache|boeuf*", "ils ont vole nos boeufs", "RAI" },
	{ "RAI 6 fr pris|vol* . vache|boeuf*", "ils ont vu nos boeufs", "" },
	{ "list l vache\nRAI 6 fr pris [l]|mil", "pris vache", "RAI" },
	{ "list l vache\nRAI 6 fr pris [l]|mil", "pris mil", "RAI" },
	/* lists of phrases, lists on lists */
	{ "list eux gens de la brousse, ils\nATK 6 fr [eux] tirent", "les gens de la brousse tirent", "ATK" },
	{ "list eux gens de la brousse, ils\nATK 6 fr [eux] tirent", "les gens de la ville tirent", "" },
	{ "list a pick up\nlist b [a], moto\nATK 6 fr deux [b] viennent", "deux pick up viennent", "ATK" },
	{ "list a pick up\nlist b [a], moto\nATK 6 fr deux [b] viennent", "deux moto viennent", "ATK" },
	{ "list a pick up\nATK 6 fr [a]", "un pick up", "ATK" },
	/* gaps and order */
	{ "ATK 6 fr tirent ... arme", "tirent un deux trois quatre cinq six sept huit arme", "ATK" },
	{ "ATK 6 fr tirent .. arme", "tirent un deux trois quatre cinq six sept huit arme", "" },
	{ "ATK 6 fr tirent ... arme", "ils tirent. une arme", "" },
	{ "ATK 6 fr feu <> case", "la case est en feu", "ATK" },
	{ "ATK 6 fr feu <> case", "le feu est dans la case", "ATK" },
	{ "ATK 6 fr feu <> case", "le feu. la case", "" },
	/* languages */
	{ "language bm ye, be, kono\nATK 6 bm mine !language", "la mine est fermee", "" },
	{ "language bm ye, be, kono\nATK 6 bm mine !language", "u ye mine dugu kono", "ATK" },
	{ "language bm ye, be, kono\nATK 6 bm mine !language", "mine d\xC9\x94n", "ATK" },
	{ "language en the, of, and\nlanguage fr le, des\nATK 6 fr attaque", "the attaque of the and", "" },
	{ "language en the, of, and\nlanguage fr le, des\nATK 6 fr attaque", "le des the attaque of and", "ATK" },
	{ "language en the, of, and\nATK 6 * attaque", "the attaque of the and", "ATK" },
	/* everyday subjects */
	{ "ordinary sport match\nATK 5 fr tire", "au match il tire", "" },
	{ "ordinary sport match\nATK 6 fr tire", "au match il tire", "ATK" },
	{ "ordinary sport match\nATK 8 fr ils tirent", "au match ils tirent", "ATK" },
	{ "ordinary fete mariage\nATK 6 fr tire\nCLR 7 fr c'est faux", "c'est faux un mariage", "CLR" },
};

TEST(what_is_found)
{
	struct verdict v;

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct rulebook *rb = compile(examples[i].rules);
		const char *got;

		if (rb == NULL)
			continue;
		understand(rb, examples[i].text, &v);
		got = v.kind == VERDICT_ALERT ? rulebook_category(rb, v.headline)->code : "";
		CHECK_MSG(strcmp(got, examples[i].code) == 0, "'%s' on '%s' gives '%s'", examples[i].rules, examples[i].text, got);
		CHECK_MSG(v.kind != VERDICT_NOISE, "'%s' made noise of '%s'", examples[i].rules, examples[i].text);
		rulebook_free(rb);
	}
}

TEST(a_condition_and_an_everyday_subject_do_not_fire_alone)
{
	struct rulebook *rb = compile("ATK 8 fr hommes armes\nconditional fr si vous voyez\nordinary fete mariage\n");
	struct verdict v;

	understand(rb, "hommes armes ici", &v);
	CHECK_INT(v.firing, FIRE_AUTO);
	understand(rb, "si vous voyez des hommes armes appelez", &v);
	CHECK_INT(v.firing, FIRE_DUTY);
	CHECK(v.flags & FLAG_CONDITIONAL);
	understand(rb, "au mariage hommes armes", &v);
	CHECK_INT(v.firing, FIRE_DUTY);	/* a hit of 8: somebody must know at once */
	CHECK(v.flags & FLAG_ORDINARY);
	rulebook_free(rb);
}

/* Patterns that go mad on texts made for it give up at the limit of steps; the printed time is for people. */
TEST(evil_patterns_on_hostile_texts)
{
	static const char *const shapes[] = { "(a+)+#", "(a|a)*#", "(a|aa)+#", "(.*a){9}#", "([a-z]+)*#", "(a*)*#", "(a?){20}a{20}#",
		"^(.+)+#$", "(\\w+ ?)+#", "((a+b?)+c?)+#" };
	static char text[6][600];
	size_t faults = 0, tried = 0;
	double worst_us = 0;
	struct pattern_scratch *scratch = pattern_scratch_new();

	/* The characters wanted are there, where they are of no use: without them a search would end before it begins. */
	for (size_t k = 0; k < 6; k++) {
		memcpy(text[k] + sizeof(text[k]) - 20, "-!-%-&-;-<->-@-_-~9", 20);
		for (size_t i = 0; i < sizeof(text[k]) - 20; i++)
			text[k][i] = "aaaaab aab cba"[(i * (k + 1) + (k > 2 ? test_below(5) : 0)) % (k < 2 ? 5 : 14)];
	}
	for (int i = 0; i < 1000; i++) {
		char body[64], why[200], *hash;
		struct pattern *p;
		size_t at;

		snprintf(body, sizeof(body), "%s", shapes[i % 10]);
		if ((hash = strchr(body, '#')) != NULL)
			*hash = "!%&;<>@_~9"[(i / 10) % 10];
		if ((p = pattern_new(body, strlen(body), why, sizeof(why), &at)) == NULL)
			continue;
		for (size_t k = 0; k < 6; k++) {
			struct timespec from, to;
			struct pattern_span span;

			clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
			faults += pattern_find(p, scratch, text[k], sizeof(text[k]) - 1, 0, &span) == PATTERN_FAULT;
			clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
			tried++;
			if ((double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3 > worst_us)
				worst_us = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
		}
		pattern_free(p);
	}
	pattern_scratch_free(scratch);
	CHECK_MSG(tried >= 5000, "only %zu searches", tried);
	CHECK_MSG(faults > 0, "no pattern reached its limit");
	printf("    %zu searches, %zu gave up, the slowest took %.0f us\n", tried, faults, worst_us);
}

/* What nobody understood still says what it came nearest to: the duty queue is read in that order. */
TEST(the_nearest_rule_of_an_unread_message)
{
	struct rulebook *rb = compile("ATK 2 fr moto\nRAI 7 fr ont pris les vaches du chef\nATK 9 fr attaque\nunless x ATK attaque cardiaque\n");
	struct verdict v;
	uint8_t far;

	understand(rb, "bonjour a tous", &v);
	CHECK_INT(v.nearest, CATEGORY_NONE);
	CHECK_INT(v.nearest_score, 0);
	understand(rb, "une attaque cardiaque", &v);
	CHECK_INT(v.nearest, rulebook_find(rb, "ATK"));
	CHECK(v.nearest_score > 0);
	far = v.nearest_score;
	understand(rb, "une moto", &v);
	CHECK_INT(v.nearest, rulebook_find(rb, "ATK"));
	CHECK_MSG(v.nearest_score > far, "a weak sign (%u) is nearer than what was taken away (%u)", v.nearest_score, far);
	understand(rb, "ils ont pris les sacs", &v);
	CHECK_INT(v.nearest, rulebook_find(rb, "RAI"));
	CHECK_INT(v.nearest_rule.line, 5);
	rulebook_free(rb);
}

static const struct fault {
	const char *rules, *what;
} faults[] = {
	{ "ATK 6 fr a|", "missing next to '|'" }, { "ATK 6 fr |a", "missing next to '|'" }, { "ATK 6 fr <> a", "between words" },
	{ "ATK 6 fr a <>", "between words" }, { "ATK 6 fr a <> b <> c", "stands once" }, { "ATK 6 fr a ... . b", "stand between words" },
	{ "sound fr", "" }, { "RAI 6 fr [nix]|a", "no list" }, { "ATK 6 fr a|b !exact", "!exact" }, { "list l a <> b", "" },
};

TEST(faults_of_the_new_words)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char all[4096];
		struct rule_source source = { "l.rules", all, 0 };
		struct diags diags;
		struct rulebook *rb;

		source.len = (size_t)snprintf(all, sizeof(all), "%s%s", categories, faults[i].rules);
		diags_init(&diags);
		rb = rulebook_new(&source, 1, &diags);
		CHECK_MSG(rb == NULL, "'%s' compiled", faults[i].rules);
		CHECK_MSG(diags.n > 0 && strstr(diags.v[0].what, faults[i].what) != NULL, "'%s': %s", faults[i].rules,
		    diags.n > 0 ? diags.v[0].what : "nothing said");
		diags_release(&diags);
		rulebook_free(rb);
	}
}

TEST_MAIN(TEST_ROW(what_is_found), TEST_ROW(a_condition_and_an_everyday_subject_do_not_fire_alone),
    TEST_ROW(evil_patterns_on_hostile_texts),
    TEST_ROW(the_nearest_rule_of_an_unread_message), TEST_ROW(faults_of_the_new_words))
