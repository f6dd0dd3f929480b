/* Why a text is not of a category: the reason, and the nearest phrases with what they need. */
#include "logic/whynot.h"

#include "logic/classify.h"
#include "unit/test.h"

static const char pack[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category ABD \"ENLEVEMENT\" \"ABDUCTION\" P1 auto Immediate Severe Likely\n"
    "category MOV \"HOMMES\" \"MEN\" P3 review Expected Moderate Possible\n"
    "covers ATK MOV\n"
    "ATK 8 fr coup de feu\nABD 8 fr pris en otage, ~ravisseurs\nABD 2 fr disparu\nABD 6 fr enlev* .. [gens]\nMOV 5 fr hommes armes\n"
    "list gens chef, maire\n"
    "negation fr pas\nnegation-between fr de\nunless jeu ABD prise de judo\nABD 7 fr prise\nnoise match finale\n";

static const struct why_row {
	const char *text, *code, *reason, *phrase, *missing;
} rows_of_why[] = {
	{ "coup de feu", "ABD", "no rule of ABD finds anything", NULL, NULL },
	{ "coup de feu", "ATK", "ATK heads the message", NULL, NULL },
	{ "il est disparu", "ABD", "weighs 2, and 3 are needed", NULL, NULL },
	{ "pas de prise", "ABD", "'prise' would be ABD but is denied by p.rules:", NULL, NULL },
	{ "la prise de judo", "ABD", "'prise' would be ABD but is taken away by p.rules:", NULL, NULL },
	{ "hommes armes coup de feu", "MOV", "ATK includes it", NULL, NULL },
	{ "la finale disparu", "ABD", "taken for ordinary talk by p.rules:", NULL, NULL },
	{ "il a pris un otage", "ABD", "finds anything", "pris en otage", "'en'" },
	{ "pri en otaje", "ABD", "finds anything", "pris en otage", "'otage' (the text has 'otaje')" },
	{ "otage en pris", "ABD", "finds anything", "pris en otage", "in this order" },
	{ "le maire enleve", "ABD", "finds anything", "enlev* .. [gens]", "a word of [gens]" },
};

TEST(reasons_and_nearest_phrases)
{
	const struct rule_source source = { "p.rules", pack, sizeof(pack) - 1 };
	static struct text text;
	static struct verdict v;
	static struct whynot why;
	struct rulebook *rb;
	struct diags diags;

	diags_init(&diags);
	rb = rulebook_new(&source, 1, &diags);
	CHECK_MSG(rb != NULL, "%s", diags.n > 0 ? diags.v[0].what : "");
	for (size_t i = 0; rb != NULL && i < sizeof(rows_of_why) / sizeof(rows_of_why[0]); i++) {
		const struct why_row *w = &rows_of_why[i];

		normalize(w->text, strlen(w->text), &text);
		classify(rb, &text, &v);
		whynot(rb, &text, &v, rulebook_find(rb, w->code), &why);
		CHECK_MSG(strstr(why.reason, w->reason) != NULL, "%s, %s: %s", w->text, w->code, why.reason);
		if (w->phrase == NULL)
			continue;
		CHECK_MSG(why.n > 0 && strcmp(why.near[0].phrase, w->phrase) == 0, "%s: %s", w->text, why.n > 0 ? why.near[0].phrase : "none");
		CHECK_MSG(why.n > 0 && strstr(why.near[0].missing, w->missing) != NULL, "%s: %s", w->text,
		    why.n > 0 ? why.near[0].missing : "none");
	}
	rulebook_free(rb);
	diags_release(&diags);
}

TEST_MAIN(TEST_ROW(reasons_and_nearest_phrases))
