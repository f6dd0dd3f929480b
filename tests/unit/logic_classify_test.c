/* The numbered steps of a verdict, one by one, on a small pack; then properties on the whole. */
#include "logic/classify.h"
#include "unit/test.h"

static const char pack[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category WND \"BLESSES\" \"WOUNDED\" P1 auto Immediate Severe Likely\n"
    "category RAI \"BETAIL\" \"CATTLE\" P2 review Immediate Moderate Likely\n"
    "category SOS \"AIDE\" \"HELP\" P1 duty Immediate Unknown Unknown\n"
    "category MOV \"ARMES\" \"ARMED\" P3 review Expected Moderate Possible\n"
    "category RUM \"RUMEUR\" \"RUMOUR\" P4 review Unknown Unknown Unknown\n"
    "category CLR \"CALME\" \"CALM\" P4 review Past Minor Possible\n"
    "category TST \"EXERCICE\" \"EXERCISE\" P4 review Unknown Unknown Unknown\n"
    "category SEAL \"SCELLE\" \"SEALED\" P4 review Unknown Unknown Unknown\n"
    "covers ATK MOV SOS\ncovers SEAL MOV\ncovers TST *\n"
    "past-lowers ATK MOV\nhearsay-urgent ATK\n"
    "ATK 8 fr coup de feu, coups de feu\nATK 8 fr ils tirent !now\nATK 6 fr attaqu*\nATK 5 fr balles\nATK 4 fr cris\n"
    "ATK 7 bm fagali\n"
    "WND 6 fr bless*\nRAI 7 fr vaches\nRAI 5 fr pillage !P3\nSOS 5 fr aidez nous\nSOS 3 fr vite\n"
    "MOV 5 fr hommes armes\nMOV 2 fr motos\nMOV 5 fr 30 motos !P2\n"
    "CLR 6 fr calme\nTST 9 fr /^exercice/\nSEAL 6 fr militaires\nATK 7 bm kɛlɛ bɛ !hooked\nABC 3 fr x\n"
    "noise foot match\nnoise salut bonjour, merci !alone\n"
    "unless malaise ATK attaque cerebrale\nunless accident WND,MOV accident !message\n"
    "past fr hier\nnow fr maintenant\nhearsay fr on dit que\nquestion fr /vrai ?\\?/\nfuture fr demain\n"
    "negation fr pas, aucun\nnegation-between fr de, d\nnegation-stop fr ils\nnegation-after bm tɛ, ma\n"
    "tag motos \"motos\" \"motorbikes\"\nmotos fr motos\nnumber 20 fr vingtaine\n"
    "tag vaches \"vaches\" \"cows\"\nvaches fr /^b1 .*?(\\d+)/, vaches\n";

static struct rulebook *rb;
static struct text t;
static struct verdict v;

static struct rulebook *
compile(const char *body, size_t len)
{
	const struct rule_source source = { "c.rules", body, len };
	struct diags diags;
	struct rulebook *book;

	diags_init(&diags);
	book = rulebook_new(&source, 1, &diags);
	CHECK_MSG(book != NULL, "the pack does not compile: %s:%d %s", diags.n > 0 ? diags.v[0].file : "",
	    diags.n > 0 ? diags.v[0].line : 0, diags.n > 0 ? diags.v[0].what : "");
	diags_release(&diags);
	return book;
}

static void
begin(void)
{
	static char body[sizeof(pack)];
	char *abc;

	if (rb != NULL)
		return;
	memcpy(body, pack, sizeof(pack));
	abc = strstr(body, "ABC 3 fr x\n");	/* a category that is not declared, to be sure that the pack is read */
	memset(abc, '\n', 11);
	rb = compile(body, sizeof(pack) - 1);
}

static const char *
headline(const char *text)
{
	begin();
	normalize(text, strlen(text), &t);
	classify(rb, &t, &v);
	if (v.kind == VERDICT_NOISE)
		return "NUL";
	return v.kind == VERDICT_UNKNOWN ? "UNK" : rulebook_category(rb, v.headline)->code;
}

static bool
has(const char *code)
{
	return v.categories >> rulebook_find(rb, code) & 1;
}

static const struct row {
	const char *text, *headline;
	int	 priority;
	enum firing firing;
} rows_of_steps[] = {
	/* 1, 3, 5, 6: hits, scores, rank, firing */
	{ "coups de feu a koro", "ATK", 1, FIRE_AUTO },
	{ "attaque", "ATK", 1, FIRE_AUTO },
	{ "des balles", "ATK", 1, FIRE_REVIEW },			/* one hit of 5 */
	{ "des balles et des cris", "ATK", 1, FIRE_AUTO },		/* two different of 4 or more */
	{ "balles balles", "ATK", 1, FIRE_REVIEW },			/* the same twice */
	{ "vaches", "RAI", 2, FIRE_REVIEW },				/* never automatic */
	{ "blesses et vaches", "WND", 1, FIRE_AUTO },
	{ "aidez nous", "SOS", 1, FIRE_DUTY },
	{ "vite", "SOS", 1, FIRE_REVIEW },
	{ "motos", "UNK", 3, FIRE_REVIEW },				/* 2 does not open */
	{ "hommes armes aidez nous", "SOS", 1, FIRE_DUTY },
	{ "vaches aidez nous", "RAI", 1, FIRE_DUTY },			/* a cry beside it still wakes the desk */
	{ "on mange du riz", "UNK", 3, FIRE_REVIEW },
	{ "", "UNK", 3, FIRE_REVIEW },
	{ "30 motos", "MOV", 2, FIRE_REVIEW },				/* !P2 */
	{ "pillage", "RAI", 3, FIRE_REVIEW },				/* !P3 */
	{ "pillage de vaches", "RAI", 2, FIRE_REVIEW },		/* the most urgent of what counts */
	/* 2: unless and negation */
	{ "attaque cerebrale", "UNK", 3, FIRE_REVIEW },
	{ "attaque cerebrale et coups de feu", "ATK", 1, FIRE_AUTO },
	{ "accident 3 blesses", "UNK", 3, FIRE_REVIEW },		/* !message reaches the whole text */
	{ "accident coups de feu", "ATK", 1, FIRE_AUTO },
	{ "pas d'attaque", "CLR", 4, FIRE_REVIEW },
	{ "aucun coup de feu", "CLR", 4, FIRE_REVIEW },
	{ "pas d'attaque mais coups de feu", "ATK", 1, FIRE_AUTO },
	{ "pas bon. attaque", "ATK", 1, FIRE_AUTO },			/* another sentence */
	{ "pas, attaque", "ATK", 1, FIRE_AUTO },
	{ "on dort pas ils tirent", "ATK", 1, FIRE_AUTO },		/* a new clause */
	{ "pas manger attaque", "ATK", 1, FIRE_AUTO },			/* "manger" may not stand between */
	{ "fagali te yan", "CLR", 4, FIRE_REVIEW },			/* Bambara denies behind */
	{ "attaque ma maison", "ATK", 1, FIRE_AUTO },			/* but only Bambara */
	{ "pas calme", "UNK", 3, FIRE_REVIEW },				/* denied calm is no calm */
	/* 4: noise */
	{ "bonjour merci", "NUL", 4, FIRE_REVIEW },
	{ "bonjour la famille", "UNK", 3, FIRE_REVIEW },		/* something else is in it */
	{ "bonjour ils tirent", "ATK", 1, FIRE_AUTO },
	{ "match ce soir", "NUL", 4, FIRE_REVIEW },
	{ "match motos", "NUL", 4, FIRE_REVIEW },
	{ "match et hommes armes", "UNK", 3, FIRE_REVIEW },		/* 5: a person decides */
	{ "match et vaches", "UNK", 3, FIRE_REVIEW },
	{ "coups de feu au match", "ATK", 1, FIRE_DUTY },		/* 8: an alert, but not automatic */
	{ "match balles et blesses", "ATK", 1, FIRE_DUTY },		/* 5 + 6 */
	{ "!!! ...", "UNK", 3, FIRE_REVIEW },
	/* 5: covers, seal, exercise */
	{ "attaque hommes armes", "ATK", 1, FIRE_AUTO },
	{ "militaires", "SEAL", 4, FIRE_REVIEW },
	{ "militaires 30 motos", "SEAL", 4, FIRE_REVIEW },
	{ "militaires vaches", "RAI", 2, FIRE_REVIEW },
	{ "exercice attaque", "TST", 4, FIRE_REVIEW },
	/* 7: modifiers */
	{ "hier attaque", "ATK", 2, FIRE_REVIEW },
	{ "hier ils tirent", "ATK", 1, FIRE_AUTO },			/* !now */
	{ "hier et maintenant attaque", "ATK", 1, FIRE_AUTO },
	{ "hier vaches", "RAI", 2, FIRE_REVIEW },			/* not in past-lowers here */
	{ "demain attaque", "ATK", 1, FIRE_DUTY },
	{ "on dit que attaque", "RUM", 3, FIRE_REVIEW },
	{ "on dit que vaches", "RUM", 4, FIRE_REVIEW },
	{ "on dit que le riz est cher", "RUM", 3, FIRE_REVIEW },	/* nobody knows what about: read soon */
	{ "attaque c'est vrai?", "RUM", 3, FIRE_REVIEW },
	{ "on dit que militaires", "SEAL", 4, FIRE_REVIEW },
	{ "exercice on dit que attaque", "TST", 4, FIRE_REVIEW },
	/* spelling */
	{ "kɛlɛ bɛ", "ATK", 1, FIRE_AUTO },
	{ "kele be", "ATK", 1, FIRE_AUTO },				/* no hooks at all: taken as typed */
	{ "kele bɛ", "UNK", 3, FIRE_REVIEW },				/* hooks, and another word */
};

TEST(steps_by_example)
{
	for (size_t i = 0; i < sizeof(rows_of_steps) / sizeof(rows_of_steps[0]); i++) {
		const struct row *r = &rows_of_steps[i];
		const char *got = headline(r->text);

		CHECK_MSG(strcmp(got, r->headline) == 0 && v.priority == r->priority && v.firing == r->firing,
		    "\"%s\" is %s P%u %d, not %s P%d %d", r->text, got, v.priority, (int)v.firing, r->headline, r->priority, (int)r->firing);
	}
}

TEST(covered_categories_are_not_told)
{
	headline("attaque hommes armes vaches");
	CHECK(has("ATK") && has("RAI") && !has("MOV"));
	CHECK_INT(v.score[rulebook_find(rb, "MOV")], 5);	/* but they keep their score */
}

TEST(a_rumour_keeps_what_it_is_about)
{
	headline("on dit que attaque a koro");
	CHECK(has("RUM") && has("ATK"));
	CHECK(v.flags & FLAG_HEARSAY);
}

TEST(evidence_says_where_and_by_which_line)
{
	const char *text = "Été: Coups de feu";

	headline(text);
	CHECK_INT(v.n_evidence, 1);
	CHECK_STR(v.evidence[0].words, "coups de feu");
	CHECK_INT(v.evidence[0].start, 7);
	CHECK_INT(v.evidence[0].end, strlen(text));
	CHECK_STR(v.evidence[0].rule.file, "c.rules");
	CHECK_INT(v.evidence[0].rule.line, 15);
}

TEST(evidence_keeps_what_was_cancelled_and_why)
{
	headline("pas d'attaque, coups de feu coups de feu, attaque cerebrale");
	CHECK_INT(v.n_evidence, 4);
	CHECK_INT(v.evidence[0].state, EVIDENCE_COUNTED);
	CHECK_INT(v.evidence[1].state, EVIDENCE_REPEATED);
	CHECK_INT(v.evidence[2].state, EVIDENCE_NEGATED);
	CHECK(v.evidence[2].by.line > 0);
	CHECK_INT(v.evidence[3].state, EVIDENCE_EXCLUDED);
	CHECK(v.evidence[3].by.line > 0);
	CHECK(v.flags & FLAG_NEGATION);
}

TEST(overlapping_words_count_once_the_heaviest)
{
	static const char body[] = "category ATK \"A\" \"A\" P1 auto Past Extreme Likely\n"
	    "ATK 4 fr feu\nATK 8 fr coup de feu\nATK 5 fr de feu\n";
	struct rulebook *book = compile(body, sizeof(body) - 1);

	normalize("coup de feu", 11, &t);
	classify(book, &t, &v);
	CHECK_INT(v.score[0], 8);
	rulebook_free(book);
}

static const struct tag_row {
	const char *text;
	size_t	 n;
	uint32_t count;
} tag_rows[] = {
	{ "30 motos", 1, 30 }, { "motos", 1, 0 }, { "une vingtaine de motos", 1, 20 }, { "70123456 motos", 1, 0 },
	{ "30 motos puis 50 motos", 1, 50 }, { "0 motos", 1, 0 }, { "b1 koro 40", 1, 40 }, { "b1 koro 70123456", 1, 0 }, { "rien", 0, 0 },
};

TEST(tags_and_their_numbers)
{
	for (size_t i = 0; i < sizeof(tag_rows) / sizeof(tag_rows[0]); i++) {
		headline(tag_rows[i].text);
		CHECK_MSG(v.n_tags == tag_rows[i].n && (v.n_tags == 0 || v.tags[0].count == tag_rows[i].count),
		    "\"%s\": %zu tags, count %u", tag_rows[i].text, v.n_tags, v.n_tags > 0 ? v.tags[0].count : 0);
	}
}

/* ---- a pattern at its limit ---- */

static struct verdict
with_runaway(const char *rule, const char *text)
{
	char body[600];
	struct rulebook *book;

	snprintf(body, sizeof(body), "category ATK \"A\" \"A\" P1 auto Past Extreme Likely\nATK 8 fr coup de feu\nnoise m match\n%s\n", rule);
	book = compile(body, strlen(body));
	normalize(text, strlen(text), &t);
	classify(book, &t, &v);
	rulebook_free(book);
	return v;
}

static const char *
long_text(const char *head)
{
	static char out[1500];

	snprintf(out, sizeof(out), "%s ", head);
	for (size_t n = strlen(out); n < sizeof(out) - 2; n += 2)
		snprintf(out + n, sizeof(out) - n, "ab");	/* no run of one letter, which folding would cut */
	out[strlen(out) - 1] = 'x';
	return out;
}

TEST(an_undecided_rule_goes_to_a_person_never_to_noise)
{
	with_runaway("ATK 5 fr /((ab)+)+$/", long_text("match"));
	CHECK(v.flags & FLAG_RULE_FAULT);
	CHECK_INT(v.kind, VERDICT_UNKNOWN);
	with_runaway("noise n /((ab)+)+$/", long_text("il pleut"));
	CHECK(v.flags & FLAG_RULE_FAULT);
	CHECK_INT(v.kind, VERDICT_UNKNOWN);
}

TEST(an_undecided_alert_rule_does_not_stop_a_clear_alert)
{
	with_runaway("ATK 5 fr /((ab)+)+$/", long_text("coup de feu"));
	CHECK(v.flags & FLAG_RULE_FAULT);
	CHECK_INT(v.firing, FIRE_AUTO);
}

TEST(an_undecided_unless_stops_the_machine_but_not_the_duty_desk)
{
	with_runaway("unless u ATK /((ab)+)+$/", long_text("coup de feu"));
	CHECK(v.flags & FLAG_RULE_FAULT);
	CHECK_INT(v.kind, VERDICT_ALERT);
	CHECK_INT(v.firing, FIRE_DUTY);
}

/* ---- properties ---- */

static size_t
random_message(char *out, size_t max)
{
	static const char *const words[] = { "coup", "de", "feu", "ils", "tirent", "attaque", "cerebrale", "pas", "d'", "aucun", "balles", "cris",
		"hier", "demain", "maintenant", "on dit que", "match", "bonjour", "vaches", "30", "motos", "militaires", "exercice", "blesses",
		"accident", "aidez nous", "vrai?", ".", ",", "kɛlɛ", "bɛ", "fagali", "tɛ", "\xF0\x9F\x94\xA5", "\xFF", "koro" };
	size_t n = 0, want = test_below(40);

	for (size_t i = 0; i < want && n + 24 < max; i++)
		n += (size_t)snprintf(out + n, max - n, "%s%s", words[test_below(sizeof(words) / sizeof(words[0]))], test_below(6) ? " " : "");
	out[n] = '\0';
	return n;
}

TEST(verdicts_hold_together)
{
	char text[1000];

	begin();
	for (int round = 0; round < 4000; round++) {
		size_t n = random_message(text, sizeof(text));

		normalize(text, n, &t);
		classify(rb, &t, &v);
		CHECK_MSG(v.priority >= 1 && v.priority <= 4 && v.n_evidence <= EVIDENCE_MAX && v.n_tags <= TAGS_MAX, "\"%s\"", text);
		CHECK_MSG((v.kind == VERDICT_ALERT) == (v.categories != 0), "\"%s\"", text);
		CHECK_MSG((v.headline == CATEGORY_NONE) == (v.kind != VERDICT_ALERT), "\"%s\"", text);
		CHECK_MSG(v.headline == CATEGORY_NONE || (v.categories >> v.headline & 1), "\"%s\"", text);
		CHECK_MSG(v.kind == VERDICT_ALERT || v.firing == FIRE_REVIEW, "\"%s\"", text);
		CHECK_MSG(v.kind != VERDICT_NOISE || v.noise_rule.file != NULL, "\"%s\"", text);
		for (size_t i = 0; i < v.n_evidence; i++)
			CHECK_MSG(v.evidence[i].start < v.evidence[i].end && v.evidence[i].end <= n && v.evidence[i].rule.line > 0, "\"%s\"", text);
	}
}

TEST(the_same_text_gives_the_same_verdict)
{
	char text[1000];
	struct verdict first;

	begin();
	for (int round = 0; round < 300; round++) {
		size_t n = random_message(text, sizeof(text));

		normalize(text, n, &t);
		classify(rb, &t, &first);
		classify(rb, &t, &v);
		CHECK_MSG(first.kind == v.kind && first.categories == v.categories && first.priority == v.priority &&
		    first.firing == v.firing && first.n_evidence == v.n_evidence, "\"%s\"", text);
	}
}

/* Talk around an alert may add to it; it never makes noise of it. */
TEST(a_strong_alert_survives_any_company)
{
	char text[1000], all[1100];

	begin();
	for (int round = 0; round < 3000; round++) {
		random_message(text, sizeof(text));
		snprintf(all, sizeof(all), "%s. coups de feu", text);
		normalize(all, strlen(all), &t);
		classify(rb, &t, &v);
		CHECK_MSG(v.kind == VERDICT_ALERT, "\"%s\" is no alert", all);
	}
}

TEST(release_the_pack)
{
	rulebook_free(rb);
	rb = NULL;
}

TEST_MAIN(TEST_ROW(steps_by_example), TEST_ROW(covered_categories_are_not_told), TEST_ROW(a_rumour_keeps_what_it_is_about),
    TEST_ROW(evidence_says_where_and_by_which_line), TEST_ROW(evidence_keeps_what_was_cancelled_and_why),
    TEST_ROW(overlapping_words_count_once_the_heaviest), TEST_ROW(tags_and_their_numbers),
    TEST_ROW(an_undecided_rule_goes_to_a_person_never_to_noise), TEST_ROW(an_undecided_alert_rule_does_not_stop_a_clear_alert),
    TEST_ROW(an_undecided_unless_stops_the_machine_but_not_the_duty_desk), TEST_ROW(verdicts_hold_together),
    TEST_ROW(the_same_text_gives_the_same_verdict), TEST_ROW(a_strong_alert_survives_any_company), TEST_ROW(release_the_pack))
