/* Commands of responders: what is one, what must stay a report. */
#include "logic/command.h"

#include "base/buf.h"
#include "unit/test.h"

struct row {
	const char *text;
	enum verb verb;
	int	 number;	/* -1: none */
	const char *letters;
	int	 minutes;	/* -1: none */
	char	 outcome;
};

static const struct row table_rows[] = {
	/* brief 3.7 and the samples */
	{ "OK 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "ok 4071kt on part ds 10", VERB_OK, 4071, "KT", -1, 0 },
	{ "GO 4071KT 25", VERB_GO, 4071, "KT", 25, 0 },
	{ "SUR 4071KT", VERB_SITE, 4071, "KT", -1, 0 },
	{ "FIN 4071KT R", VERB_END, 4071, "KT", -1, 'R' },
	{ "OK 4071KX", VERB_OK, 4071, "KX", -1, 0 },
	{ "STOP", VERB_STOP, -1, "", -1, 0 },
	{ "NON 4071KT", VERB_NO, 4071, "KT", -1, 0 },
	{ "NO 4071KT", VERB_NO, 4071, "KT", -1, 0 },
	{ "SITE 4071KT", VERB_SITE, 4071, "KT", -1, 0 },
	{ "END 4071KT F", VERB_END, 4071, "KT", -1, 'F' },
	{ "FAUX 4071KT", VERB_FALSE, 4071, "KT", -1, 0 },
	{ "FALSE 4071KT", VERB_FALSE, 4071, "KT", -1, 0 },
	{ "AIDE 4071KT", VERB_HELP, 4071, "KT", -1, 0 },
	{ "HELP 4071KT", VERB_HELP, 4071, "KT", -1, 0 },
	{ "? 4071KT", VERB_HELP, 4071, "KT", -1, 0 },
	{ "1 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "2 4071KT 40", VERB_GO, 4071, "KT", 40, 0 },
	{ "3 4071KT", VERB_NO, 4071, "KT", -1, 0 },
	{ "4 4071KT", VERB_SITE, 4071, "KT", -1, 0 },
	{ "5 4071KT C", VERB_END, 4071, "KT", -1, 'C' },
	/* tolerance: glued, apart, punctuation, confused characters, announced */
	{ "LIEU 4071KT Bankass", VERB_PLACE, 4071, "KT", -1, 0 },
	{ "lieu 4071 kt 14.35 -3.61", VERB_PLACE, 4071, "KT", -1, 0 },
	{ "LIEU 4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "lieu attaque: Bankass", VERB_NONE, -1, "", -1, 0 },
	{ "ok4071kt", VERB_OK, 4071, "KT", -1, 0 },
	{ "go4071kt 20", VERB_GO, 4071, "KT", 20, 0 },
	{ "GO 4071KT20", VERB_GO, 4071, "KT", 20, 0 },
	{ "14071kt", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK 4071 KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "GO 4071 KT 20", VERB_GO, 4071, "KT", 20, 0 },
	{ "OK 4071 KT on arrive", VERB_OK, 4071, "KT", -1, 0 },
	{ "  ok,4071kt.", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK:4071-KT!", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK 4O71KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK 407IKT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK 407lKT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK n 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK n\u00b0 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK num\u00e9ro 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "OK OK 4071KT", VERB_OK, 4071, "KT", -1, 0 },
	{ "sur site 4071KT", VERB_SITE, 4071, "KT", -1, 0 },
	{ "OK 4071KT ils attaquent encore", VERB_OK, 4071, "KT", -1, 0 },
	{ "NON 4071KT route coup\u00e9e", VERB_NO, 4071, "KT", -1, 0 },
	{ "FIN 4071KT R rien trouve", VERB_END, 4071, "KT", -1, 'R' },
	{ "FIN 4071KT 0", VERB_END, 4071, "KT", -1, 'O' },
	{ "FIN 4071KT", VERB_END, 4071, "KT", -1, 0 },
	{ "\uff2f\uff2b 4071KT", VERB_OK, 4071, "KT", -1, 0 },	/* full width */
	{ "OK \u0664\u0660\u0667\u0661KT", VERB_OK, 4071, "KT", -1, 0 },	/* Arabic-Indic digits */
	/* minutes */
	{ "GO 4071KT 20 min", VERB_GO, 4071, "KT", 20, 0 },
	{ "GO 4071KT 20mn", VERB_GO, 4071, "KT", 20, 0 },
	{ "GO 4071KT dans 20 minutes", VERB_GO, 4071, "KT", 20, 0 },
	{ "GO 4071KT 1h", VERB_GO, 4071, "KT", 60, 0 },
	{ "GO 4071KT 1h30", VERB_GO, 4071, "KT", 90, 0 },
	{ "GO 4071KT 2 heures", VERB_GO, 4071, "KT", 120, 0 },
	{ "GO 4071KT 99h", VERB_GO, 4071, "KT", 1440, 0 },
	{ "GO 4071KT 3 motos", VERB_GO, 4071, "KT", 3, 0 },
	{ "GO 4071KT 14:30", VERB_GO, 4071, "KT", 14, 0 },
	{ "GO 4071KT 20km", VERB_GO, 4071, "KT", -1, 0 },
	{ "go 20", VERB_GO, -1, "", 20, 0 },
	{ "GO 30 min", VERB_GO, -1, "", 30, 0 },
	/* without a number: alone, or with courtesy */
	{ "ok", VERB_OK, -1, "", -1, 0 },
	{ "Ok.", VERB_OK, -1, "", -1, 0 },
	{ "OK \U0001F44D", VERB_OK, -1, "", -1, 0 },
	{ "1", VERB_OK, -1, "", -1, 0 },
	{ "2", VERB_GO, -1, "", -1, 0 },
	{ "ok ok", VERB_OK, -1, "", -1, 0 },
	{ "ok bien re\u00e7u merci", VERB_OK, -1, "", -1, 0 },
	{ "OK d'accord chef", VERB_OK, -1, "", -1, 0 },
	{ "go", VERB_GO, -1, "", -1, 0 },
	{ "non", VERB_NO, -1, "", -1, 0 },
	{ "non non", VERB_NO, -1, "", -1, 0 },
	{ "sur place", VERB_SITE, -1, "", -1, 0 },
	{ "FIN R", VERB_END, -1, "", -1, 'R' },
	{ "sos", VERB_SOS, -1, "", -1, 0 },
	{ "?", VERB_HELP, -1, "", -1, 0 },
	{ "???", VERB_HELP, -1, "", -1, 0 },
	{ "aide svp", VERB_HELP, -1, "", -1, 0 },
	{ "DISPO", VERB_AVAILABLE, -1, "", -1, 0 },
	{ "abs", VERB_ABSENT, -1, "", -1, 0 },
	{ "PRIS", VERB_TAKEN, -1, "", -1, 0 },
	/* a duty officer decides over others: never without the whole number */
	{ "VAL 4071KT", VERB_VALIDATE, 4071, "KT", -1, 0 },
	{ "valider n 4071 kt", VERB_VALIDATE, 4071, "KT", -1, 0 },
	{ "TENIR 4071KT", VERB_HOLD, 4071, "KT", -1, 0 },
	{ "hold 4071KT", VERB_HOLD, 4071, "KT", -1, 0 },
	{ "ANNULER 4071KT fausse alerte", VERB_WITHDRAW, 4071, "KT", -1, 0 },
	{ "VAL", VERB_NONE, -1, "", -1, 0 },
	{ "valide le marche", VERB_NONE, -1, "", -1, 0 },
	{ "annuler la reunion de demain", VERB_NONE, -1, "", -1, 0 },
	{ "tenir 4071", VERB_NONE, -1, "", -1, 0 },
	{ "POS 30PVA 910 551", VERB_POSITION, -1, "", -1, 0 },
	{ "POS 14.350 -3.610", VERB_POSITION, -1, "", -1, 0 },
	{ "pos", VERB_POSITION, -1, "", -1, 0 },
	{ "OK 4071", VERB_OK, 4071, "", -1, 0 },
	{ "GO 4071 20 min", VERB_GO, 4071, "", 20, 0 },
	{ "OK 4071KM", VERB_OK, 4071, "KM", -1, 0 },
	/* stop */
	{ "stop", VERB_STOP, -1, "", -1, 0 },
	{ "Stop!", VERB_STOP, -1, "", -1, 0 },
	{ "STOP SMS", VERB_STOP, -1, "", -1, 0 },
	{ "ARRET", VERB_STOP, -1, "", -1, 0 },
	{ "Arr\u00eat", VERB_STOP, -1, "", -1, 0 },
	{ "b\u0254", VERB_STOP, -1, "", -1, 0 },
	{ "stop ils tirent", VERB_NONE, -1, "", -1, 0 },
	{ "stop merci", VERB_NONE, -1, "", -1, 0 },
	{ "STOP 4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "arret de bus attaque", VERB_NONE, -1, "", -1, 0 },
	{ "bo ka bo", VERB_NONE, -1, "", -1, 0 },
	/* reports */
	{ "1 mort a Boni", VERB_NONE, -1, "", -1, 0 },
	{ "2 blesses", VERB_NONE, -1, "", -1, 0 },
	{ "3 tues 40 vaches emportees", VERB_NONE, -1, "", -1, 0 },
	{ "1 4071", VERB_NONE, -1, "", -1, 0 },
	{ "2 20", VERB_NONE, -1, "", -1, 0 },
	{ "2 1500 vaches", VERB_NONE, -1, "", -1, 0 },
	{ "5 r", VERB_NONE, -1, "", -1, 0 },
	{ "ok ils attaquent bankass", VERB_NONE, -1, "", -1, 0 },
	{ "ok ok ils tirent", VERB_NONE, -1, "", -1, 0 },
	{ "non non ils tirent", VERB_NONE, -1, "", -1, 0 },
	{ "non pas Koro, Bankass", VERB_NONE, -1, "", -1, 0 },
	{ "non 1500 personnes fuient", VERB_NONE, -1, "", -1, 0 },
	{ "go vite ils tuent", VERB_NONE, -1, "", -1, 0 },
	{ "go 30 motos vers koro", VERB_NONE, -1, "", -1, 0 },
	{ "go 20 morts", VERB_NONE, -1, "", -1, 0 },
	{ "sur la route de boni ils tirent", VERB_NONE, -1, "", -1, 0 },
	{ "sur 1500km de piste", VERB_NONE, -1, "", -1, 0 },
	{ "sur 1200 km", VERB_SITE, 1200, "KM", -1, 0 },	/* cannot be told from a number */
	{ "fin 2019 ds le village", VERB_NONE, -1, "", -1, 0 },
	{ "fin d'alerte", VERB_NONE, -1, "", -1, 0 },
	{ "FIN ALERTE 4071KT: ATTAQUE BONI", VERB_NONE, -1, "", -1, 0 },
	{ "faux barrage a boni", VERB_NONE, -1, "", -1, 0 },
	{ "fausse alerte 4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "aide nous", VERB_NONE, -1, "", -1, 0 },
	{ "aidez nous", VERB_NONE, -1, "", -1, 0 },
	{ "help us they are shooting", VERB_NONE, -1, "", -1, 0 },
	{ "sos boni attaque", VERB_NONE, -1, "", -1, 0 },
	{ "SOS 30PVA910551", VERB_NONE, -1, "", -1, 0 },
	{ "? ils tirent", VERB_NONE, -1, "", -1, 0 },
	{ "pris en otage", VERB_NONE, -1, "", -1, 0 },
	{ "pos 4 blesses", VERB_NONE, -1, "", -1, 0 },
	{ "site minier attaque", VERB_NONE, -1, "", -1, 0 },
	{ "OK/GO/NON 4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "ok \u0647\u062c\u0648\u0645", VERB_NONE, -1, "", -1, 0 },	/* "attack" */
	{ "go 20km", VERB_NONE, -1, "", -1, 0 },
	{ "ok lolokt on y va", VERB_NONE, -1, "", -1, 0 },	/* no digit is sure */
	{ "okapi 4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "4071KT", VERB_NONE, -1, "", -1, 0 },
	{ "4071KT OK", VERB_NONE, -1, "", -1, 0 },
	{ "attaque a koro", VERB_NONE, -1, "", -1, 0 },
	{ "A1 Koro 30", VERB_NONE, -1, "", -1, 0 },
	{ "30PVA910551", VERB_NONE, -1, "", -1, 0 },
	{ "", VERB_NONE, -1, "", -1, 0 },
	{ "   ", VERB_NONE, -1, "", -1, 0 },
	{ "...", VERB_NONE, -1, "", -1, 0 },
};

TEST(table)
{
	for (size_t i = 0; i < sizeof(table_rows) / sizeof(table_rows[0]); i++) {
		const struct row *r = &table_rows[i];
		struct command c;

		command_parse(r->text, strlen(r->text), &c);
		CHECK_MSG(c.verb == r->verb, "\"%s\": verb %s, not %s", r->text, command_verb_name(c.verb),
		    command_verb_name(r->verb));
		CHECK_MSG((c.has_number ? c.number : -1) == r->number, "\"%s\": number %d, not %d", r->text,
		    c.has_number ? c.number : -1, r->number);
		CHECK_MSG(strcmp(c.letters, r->letters) == 0, "\"%s\": letters %s", r->text, c.letters);
		CHECK_MSG((c.has_minutes ? c.minutes : -1) == r->minutes, "\"%s\": minutes %d, not %d", r->text,
		    c.has_minutes ? c.minutes : -1, r->minutes);
		CHECK_MSG(c.outcome == r->outcome, "\"%s\": outcome '%c'", r->text, c.outcome);
	}
}

/* Whoever gets 4071KT can answer with every verb, every pair of letters that is given out, and every spelling. */
TEST(every_number_and_verb)
{
	static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
	static const char *const words[] = { "OK", "ok", "1", "GO", "2", "NON", "no", "3", "SUR", "Site", "4", "FIN",
		"END", "5", "FAUX", "false", "AIDE", "help", "?" };

	for (size_t a = 0; a < 20; a++)
		for (size_t b = 0; b < 20; b++) {
			char text[64];
			struct command c;
			unsigned number = 1000 + test_below(9000);
			const char *word = words[test_below(sizeof(words) / sizeof(words[0]))];
			const char *gap = test_below(2) && *word != '?' ? "" : " ";

			snprintf(text, sizeof(text), "%s%s%04u%c%c", word, gap, number, letters[a], letters[b]);
			command_parse(text, strlen(text), &c);
			/* "1 4071KM": neither the verb nor the letters are sure; a person reads it. */
			if (c.verb == VERB_NONE && word[0] >= '1' && word[0] <= '5' &&
			    strstr("CF CM DS FC FR FS GR KG KM LT MN MT NB ND NS PM PR RV SS ST TH TS TT VS",
			    text + strlen(text) - 2) != NULL)
				continue;
			CHECK_MSG(c.verb != VERB_NONE && c.has_number && c.number == number && c.letters[0] == letters[a] &&
			    c.letters[1] == letters[b], "\"%s\" is not understood", text);
		}
}

/* Any bytes: no crash, and what is not a command is all zero. */
TEST(any_bytes)
{
	static const struct command none;

	for (int i = 0; i < 20000; i++) {
		static const char *const bits[] = { "ok", " ", "4071", "KT", "go", "20", "min", "?", "\xff", "\xc3", "1",
			"1h30", "non", "n", "stop", "\xc9\x94", "b", "fin", "r", "\n", "a", "pos", "14.350 -3.610" };
		struct command c;
		struct buf text;

		buf_init(&text, 256);
		for (uint32_t n = test_below(12); n > 0; n--)
			buf_adds(&text, bits[test_below(sizeof(bits) / sizeof(bits[0]))]);
		command_parse(buf_str(&text), text.len, &c);
		buf_release(&text);
		CHECK(c.verb != VERB_NONE || memcmp(&c, &none, sizeof(c)) == 0);
		CHECK(c.verb == VERB_GO || !c.has_minutes);
		CHECK(c.verb == VERB_END || c.outcome == 0);
		CHECK(c.has_number || c.letters[0] == '\0');
	}
}

TEST(long_texts)
{
	struct command c;
	struct buf text;

	buf_init(&text, 4000);
	buf_adds(&text, "OK 4071KT ");
	while (text.len < 4000)
		buf_addc(&text, 'x');
	command_parse(buf_str(&text), text.len, &c);
	CHECK_INT(c.verb, VERB_OK);
	/* As many words as are kept, and then one that is cut in two. */
	buf_clear(&text);
	buf_adds(&text, "ok ");
	while (text.len < 127)
		buf_adds(&text, "n ");
	buf_adds(&text, "4071kt20 ");
	while (text.len < 3998)
		buf_adds(&text, "n ");
	command_parse(buf_str(&text), text.len, &c);
	CHECK_INT(c.verb, VERB_OK);
	CHECK_INT(c.number, 4071);
	buf_release(&text);
}

TEST_MAIN(TEST_ROW(table), TEST_ROW(every_number_and_verb), TEST_ROW(any_bytes), TEST_ROW(long_texts))
