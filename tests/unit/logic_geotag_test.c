/* Where texts say it happens: guards against false places, roles, segments, homonyms, honesty. */
#include "logic/geotag.h"
#include "unit/test.h"

#include "base/files.h"
#include "logic/coordinates.h"

static struct gazetteer *shipped, *made;
static struct text text;

/* A small world of our own for what the shipped gazetteer happens not to have. */
static const char world[] =
    "name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\told_region\told_cercle\n"
    "Mopti\t14.48\t-4.18\tPPLA\tML\tMopti\tMopti\tMOP\t108456\t\n"
    "Sikasso\t11.31\t-5.66\tPPLA\tML\tSikasso\tSikasso\tSIK\t144786\t\n"
    "Koro\t14.064\t-3.075\tPPLA2\tML\tBandiagara\tKoro\tKOR\t0\t\n"
    "Koro\t11.50\t-5.50\tPPL\tML\tSikasso\tSikasso\tSIK\t0\t\n"
    "Bankass\t14.0775\t-3.516\tPPLA2\tML\tBandiagara\tBankass\tBKS\t0\t\n"
    "Madina\t14.60\t-4.30\tPPL\tML\tMopti\tMopti\tMOP\t0\t\n"
    "Madina\t11.40\t-5.70\tPPL\tML\tSikasso\tSikasso\tSIK\t0\t\n"
    "Madina\t14.61\t-4.31\tLCTY\tML\tMopti\tMopti\tMOP\t0\t\n"
    "Farako\t14.20\t-4.00\tPPL\tML\tMopti\tMopti\tMOP\t20000\t\n"
    "Farako\t11.00\t-5.00\tPPL\tML\tSikasso\tSikasso\tSIK\t500\t\n"
    "Boulou\t14.30\t-4.10\tPPL\tML\t\t\t\t0\t\n"
    "Boulou\t12.00\t-5.00\tWLL\tML\t\t\t\t0\t\n"
    "Dir\xC3\xA9\t16.257\t-3.401\tPPLA2\tML\tTombouctou\tDir\xC3\xA9\tDIR\t0\t\n"
    "Ma\t13.0\t-5.0\tPPL\tML\t\t\t\t0\t\n"
    "Toi\t13.1\t-5.1\tPPL\tML\t\t\t\t0\t\n"
    "Bon\t13.2\t-5.2\tPPL\tML\t\t\t\t0\t\n"
    "Kele\t13.3\t-5.3\tPPL\tML\t\t\t\t0\t\n"
    "Moussa\t13.4\t-5.4\tPPL\tML\t\t\t\t0\t\n"
    "Tir\t13.5\t-5.5\tPPL\tML\t\t\t\t0\t\n"
    "Kunu\t13.6\t-5.6\tHLL\tML\t\t\t\t0\t\n"
    "Grotte\t13.7\t-5.7\tHLL\tML\t\t\t\t0\t\n"
    "San Pedro\t13.8\t-5.8\tPPL\tML\t\t\t\t0\t\n"
    "Peulh\t13.9\t-5.9\tPPL\tML\t\t\t\t0\t\n"
    "Kary\t14.9\t-5.9\tPPL\tML\t\t\t\t0\t\n"
    "Dugabougou\t13.30\t-5.30\tPPL\tML\t\t\t\t0\t\n"
    "Timessogou\t14.0685\t-3.3107\tPPL\tML\tBandiagara\tBankass\tBKS\t0\t\n"
    "Ouatagouna\t15.1787\t0.7238\tPPL\tML\tGao\tAnsongo\tANS\t0\t\n"
    "Pel\xC3\xA9-Koumbol\xC3\xA9\t14.9505\t-3.0798\tPPL\tML\tDouentza\tDouentza\tDTZ\t0\t\n"
    "Sobara\t14.5\t-4.9\tPPL\tML\t\t\t\t0\t\n"
    "Sobala\t13.1\t-3.9\tPPL\tML\t\t\t\t0\t\n"
    "Memoira\t13.2\t-3.7\tPPL\tML\t\t\t\t0\t\n"
    "Gou\xC3\xA9ra\t13.2\t-3.2\tPPL\tML\t\t\t\t0\t\n"
    "Sariba\t13.9\t-3.3\tPPL\tML\tBandiagara\tBankass\tBKS\t0\t\tMopti\t\n"
    "Sariba\t12.0\t-6.3\tPPL\tML\tDioila\tDioila\tDIO\t0\t\tKoulikoro\t\n"
    "Koulikoro\t12.86\t-7.56\tPPLA\tML\tKoulikoro\tKoulikoro\tKKO\t0\t\t\t\n";

static void
setup(void)
{
	struct diags faults;
	struct buf bytes;

	if (made != NULL)
		return;
	diags_init(&faults);
	buf_init(&bytes, 1 << 24);
	if (file_read("rules/gazetteer.tsv", &bytes) == 0)
		shipped = gazetteer_new(&(struct gazetteer_source){ "gazetteer.tsv", buf_str(&bytes), bytes.len }, 1, &faults);
	made = gazetteer_new(&(struct gazetteer_source){ "world", world, strlen(world) }, 1, &faults);
	if (shipped == NULL || made == NULL || faults.n > 0)
		abort();
	buf_release(&bytes);
	diags_release(&faults);
}

static struct geotag
locate(const struct gazetteer *g, const char *message)
{
	struct geotag tag;

	normalize(message, strlen(message), &text);
	geotag(g, message, &text, &tag);
	return tag;
}

struct expectation {
	const char *text, *name, *method;	/* name NULL: nothing must be found; '?' before it: ambiguous */
};

static void
expect(const struct gazetteer *g, const struct expectation *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct geotag tag = locate(g, e[i].text);
		bool	 ambiguous = e[i].name != NULL && e[i].name[0] == '?';
		const char *name = ambiguous ? e[i].name + 1 : e[i].name;

		if (name == NULL) {
			CHECK_MSG(!tag.found, "'%s' is at %s", e[i].text, tag.best.name);
			continue;
		}
		CHECK_MSG(tag.found && strcmp(tag.best.name, name) == 0, "'%s' is at '%s', not %s", e[i].text,
		    tag.best.name, name);
		CHECK_MSG(tag.ambiguous == ambiguous, "'%s' is %sambiguous", e[i].text, tag.ambiguous ? "" : "not ");
		CHECK_MSG(!tag.found || e[i].method == NULL || strcmp(tag.best.method, e[i].method) == 0,
		    "'%s' by %s, not %s", e[i].text, tag.best.method, e[i].method);
	}
}

#define EXPECT(g, list)	do { setup(); expect((g), (list), sizeof(list) / sizeof((list)[0])); } while (0)

TEST(messages_of_the_field)
{
	static const struct expectation list[] = {
		{ "SOS ogossagou ya d\xC3\xA9 moto ki rentr ds le village", "Ogossagou", "name" },
		{ "ATTAKE A DIALLASSAGOU MAINTENAN BOCOU DE MOTO", "Diallassagou", "name" },
		{ "koup de feu depui 5min nord de bankass", "Bankass", "near" },
		{ "ils ont encercl\xC3\xA9 le village de segue personne ne peu sortir", "S\xC3\xA9gu\xC3\xA9", "name" },
		{ "2 vehicule ont saut\xC3\xA9 sur mine entre boni et douentza", "Boni-Douentza", "segment" },
		{ "engin enter\xC3\xA9 sur la route koro bankass pres du pont", "Koro-Bankass", "segment" },
		{ "explosion on road Gao-Ansongo, bus hit", "Gao-Ansongo", "segment" },
		{ "vol de betail pres de talataye 12 moto", "Talataye", "near" },
		{ "puits empoisonn\xC3\xA9 animaux mort a in-ekar", "In\xC3\xA9kar", "name" },
		{ "ils ont pris 200 vaches a inekar", "In\xC3\xA9kar", "name" },
		{ "un groupe de 30 moto passe vers bankass venant de la frontiere", "Bankass", "toward" },
		{ "bagarre au puits de ouro, ils preparent represailles", "?Ouro", "name" },
		{ "ils ont ferm\xC3\xA9 l'ecole de kani et menac\xC3\xA9 le maitre", "?Kani-Gogouna", "name" },
		{ "K\xC9\x9Bl\xC9\x9B b\xC9\x9B Koro sisan, marifatigiw nana", "Koro", "name" },
		{ "siratig\xC9\x9Blaw b\xC9\x9B Bankass sira kan", "Bankass", "name" },
		{ "wangu goo Gao laboo ra, faaba!", "Gao", "name" },
		{ "\xD9\x87\xD8\xAC\xD9\x88\xD9\x85 \xD8\xB9\xD9\x84\xD9\x89 \xD9\x85\xD9\x8A\xD9\x86\xD8\xA7\xD9\x83\xD8\xA7", "M\xC3\xA9naka", "name" },
		{ "\xD8\xAC\xD8\xB1\xD8\xAD\xD9\x89 \xD9\x81\xD9\x8A \xD8\xBA\xD8\xA7\xD9\x88", "Gao", "name" },
		{ "attaque 14,0667N 3,0833O", "Koro", "coordinates" },
		{ "mine 30 P VA 9100 5510 route koro", "Koro", "coordinates" },
		{ "blesse 3W88+MM Koro", "Koro", "coordinates" },
		{ "blesse 3W88+MM", NULL, NULL },
		{ "blesse 7C6R3W88+MM", "Koro", "coordinates" },
		{ "attaque 5 km nord de bankass", "Bankass", "offset" },
		{ "attaque a koro", "Koro", "name" },
		{ "A1 Koro 30", "Koro", "name" },
		{ "A1. Koro. 30", "Koro", "name" },
		{ "(2/2) village de segue cercle bankass", "S\xC3\xA9gu\xC3\xA9", "name" },
		{ "non pas Koro, Bankass", "Bankass", "name" },
		{ "c'etait un mariage on tirait en l'air. koro", "Koro", "name" },
		{ "koro", "Koro", "name" },
		{ "Danger danger", NULL, NULL },
		{ "ven\xC3\xA9 vite svp", NULL, NULL },
		{ "jam tan", NULL, NULL },
		{ "baani samay", NULL, NULL },
		{ "I ni s\xC9\x94g\xC9\x94ma, som\xC9\x94g\xC9\x94w b\xC9\x9B di?", NULL, NULL },
		{ "s\xC9\x94r\xC9\x94""dasiw ye c\xC9\x9B duuru min\xC9\x9B kunu", NULL, NULL },
		{ "bonjour comment va la famille", NULL, NULL },
		{ "enleve ton sac de la table", NULL, NULL },
		{ "Mon son joue au ballon", NULL, NULL },
		{ "ok 4071kt on part ds 10", NULL, NULL },
		{ "", NULL, NULL },
	};

	EXPECT(shipped, list);
}

TEST(ordinary_words_are_no_places)
{
	static const struct expectation list[] = {
		{ "c'est pour toi bon courage", NULL, NULL }, { "le village de ma mere", NULL, NULL },
		{ "rien a dire", NULL, NULL }, { "on va dire a moussa", NULL, NULL }, { "bon, on y va", NULL, NULL },
		{ "kele daminena kunu", NULL, NULL }, { "tir sur les gens", NULL, NULL }, { "de bon matin", NULL, NULL },
		{ "le village peulh est vide", NULL, NULL }, { "la grotte est fermee", NULL, NULL }, { "san pe dro", NULL, NULL },
		{ "ils sont sans eau", NULL, NULL }, { "le colonel Koro est venu", NULL, NULL }, { "mon fils Koro", NULL, NULL },
		{ "Ahmed ag Bankass", NULL, NULL }, { "koro", "Koro", NULL }, { "les koro sont la", NULL, NULL },
		{ "u te to a koro ka taa", NULL, NULL }, { "fen bee juru b'on la", NULL, NULL },
		{ "i k\xC9\x94r\xC9\x94 ye mogo ye", NULL, NULL }, { "a k\xC9\x94r\xC9\x94 ye mogo ye", NULL, NULL },
	};

	EXPECT(made, list);
}

TEST(cues_make_them_places)
{
	static const struct expectation list[] = {
		{ "village de bon attaqu\xC3\xA9", "Bon", NULL }, { "attaque au village de kele", "Kele", NULL },
		{ "dir\xC3\xA9 est attaqu\xC3\xA9", "Dir\xC3\xA9", NULL }, { "DIR\xC3\x89", "Dir\xC3\xA9", NULL }, { "cercle de dire", "Dir\xC3\xA9", "area" },
		{ "ils sont a grotte", "Grotte", NULL }, { "attaque au marche de koro", "Koro", NULL }, { "tirs. Koro.", "Koro", NULL },
		{ "ils ont brul\xC3\xA9 Kele hier", "Kele", NULL }, { "A2 tir 30", "Tir", NULL }, { "koro dugu", "Koro", NULL },
		{ "attaque a san-pedro", "San Pedro", NULL }, { "San Pedro", "San Pedro", NULL },
		{ "Bankass: attaque", "Bankass", NULL }, { "vite, koro, vite", "Koro", NULL },
	};

	EXPECT(made, list);
}

TEST(homonyms_are_told_apart_or_not_at_all)
{
	static const struct expectation list[] = {
		{ "attaque a koro", "Koro", NULL },		/* a seat before a village */
		{ "attaque a madina", "?Madina", NULL },	/* two villages: nobody can tell */
		{ "attaque a madina cercle de mopti", "Madina", NULL },
		{ "attaque a madina, region de sikasso", "Madina", NULL },
		{ "attaque a farako", "Farako", NULL },		/* forty times the people */
		{ "attaque a boulou", "Boulou", NULL },		/* a village before a well */
	};
	struct geotag tag;

	EXPECT(made, list);
	CHECK_STR(locate(made, "attaque a koro").best.c3, "KOR");
	CHECK_STR(locate(made, "attaque a koro pres de sikasso").best.c3, "SIK");
	CHECK_STR(locate(made, "attaque a madina cercle de mopti").best.c3, "MOP");
	CHECK_STR(locate(made, "attaque a madina, region de sikasso").best.c3, "SIK");
	CHECK_NEAR(locate(made, "attaque a boulou").best.lat_deg, 14.30, 1e-9);
	CHECK_STR(locate(made, "attaque a boulou").best.c3, "MOP");	/* by the nearest seat */
	tag = locate(made, "attaque a madina");
	CHECK_INT(tag.n, 2);		/* the locality beside the first is the same place */
	CHECK(tag.best.score < 0.5);
	CHECK_STR(tag.candidate[1].c3, "SIK");
}

/* Only where the exact name fails, and the more must be said for it the less it is like it. */
TEST(names_are_found_however_they_are_spelt)
{
	static const struct expectation list[] = {
		{ "moto deriere la coline de timesogou", "Timessogou", "like" },
		{ "la foire de watagouna", "Ouatagouna", "like" },
		{ "watagouna on est encercle", "Ouatagouna", "like" },
		{ "ils vont raser pele kumbole", "Pel\xC3\xA9-Koumbol\xC3\xA9", "like" },
		{ "attaque a bnakass", "?Bankass", "like" }, { "attaque a bankaas hier", "Bankass", "like" },
		{ "attaque a soba\xC3\xA7""a", "?Sobara", "like" },		/* one letter from both: nobody can tell */
		{ "attaque a sobasa vers bankass", "?Sobara", "like" },	/* nor does a place so far away */
		{ "attaque a bnakass cercle de bankass", "Bankass", "like" },	/* the cercle speaks for it */
		{ "attaque a tinessagou", "?Timessogou", "like" },	/* two letters, and perhaps another village */
		{ "attaque a dugaboubou", "Dugabougou", "like" },	/* one of ten */
		{ "un probleme de m\xC3\xA9moire", NULL, NULL },		/* a word, whatever it is like */
		{ "attaque a korro", NULL, NULL },				/* four letters are never guessed */
		{ "3 km a l'ouest de timesogou", "Timessogou", "offset" },
		{ "gouere est encercle", "?Gou\xC3\xA9ra", "like" },
		{ "alors ils ont vu ghouere partout hier", NULL, NULL },	/* short, and nothing says it is a place */
		{ "le colonel timesogou est venu", NULL, NULL },
	};

	EXPECT(made, list);
}

TEST(dire_is_a_town_and_a_word)
{
	static const struct expectation list[] = {
		{ "attaque a dire", "Dir\xC3\xA9", "name" }, { "ils sont a dire maintenant", "Dir\xC3\xA9", "name" },
		{ "Dire : crue du fleuve", "Dir\xC3\xA9", "name" }, { "rien a dire", NULL, NULL }, { "j'ai a dire que", NULL, NULL },
		{ "c'est a dire demain", NULL, NULL }, { "il vient de dire merci", NULL, NULL }, { "on va dire", NULL, NULL },
		{ "trop a dire", NULL, NULL }, { "on a peur a dire", NULL, NULL },
	};

	EXPECT(made, list);
}

/* "cercle de Mopti" may mean the division before 2023: a hint, never a filter. */
TEST(old_divisions_are_hints_too)
{
	setup();
	CHECK_STR(locate(made, "attaque a sariba region de mopti").best.c3, "BKS");
	CHECK_STR(locate(made, "attaque a sariba region de koulikoro").best.c3, "DIO");
	CHECK(locate(made, "attaque a sariba").ambiguous);
	CHECK(!locate(made, "attaque a sariba region de mopti").ambiguous);
}

/* What the store does not keep is found again; an imported seat that names no cercle does not stand in the way. */
TEST(parents_are_found_again)
{
	static const char dump[] = "2454674\tKoro\tKoro\t\t14.0641\t-3.0755\tP\tPPLA2\tML\t\t04\t\t\t\t0\t\t200\tAfrica/Bamako\t2012-01-17\n"
	    "1\tSadougou\tSadougou\t\t14.07\t-3.0757\tP\tPPL\tML\t\t04\t\t\t\t0\t\t200\tAfrica/Bamako\t2012-01-17\n";
	static const struct gazetteer_source both[] = { { "world", world, sizeof(world) - 1 }, { "dump", dump, sizeof(dump) - 1 } };
	struct diags faults;
	struct gazetteer *g;
	struct place p;

	setup();
	p = locate(shipped, "attaque a koro").best;
	CHECK_STR(p.region, "Bandiagara");
	CHECK_STR(p.old_region, "Mopti");
	memset(p.old_region, 'x', 3);
	geotag_parents(shipped, &p);
	CHECK_STR(p.old_region, "Mopti");
	CHECK_STR(p.old_cercle, "");
	p = locate(shipped, "attaque a inekar").best;
	CHECK_STR(p.old_cercle, "M\xC3\xA9naka");
	CHECK_STR(p.old_region, "Gao");
	diags_init(&faults);
	g = gazetteer_new(both, 2, &faults);
	CHECK(g != NULL);
	if (g != NULL)
		CHECK_STR(locate(g, "attaque a sadougou").best.c3, "KOR");
	gazetteer_free(g);
	diags_release(&faults);
}

static struct geotag
locate_near(enum geotag_why why, double lat, double lon, const char *message)
{
	struct geotag_context context = { 1, { { lat, lon, 5000, why } } };
	struct geotag tag;

	normalize(message, strlen(message), &text);
	geotag_in(made, &context, message, &text, &tag);
	return tag;
}

TEST(what_is_known_beside_the_text_helps_to_choose)
{
	struct geotag tag;

	setup();
	CHECK_STR(locate_near(GEOTAG_SENDER, 11.3, -5.8, "attaque a madina").best.c3, "SIK");
	CHECK(!locate_near(GEOTAG_SENDER, 11.3, -5.8, "attaque a madina").ambiguous);
	CHECK_STR(locate_near(GEOTAG_SENDER, 11.52, -5.5, "attaque a koro").best.c3, "SIK");	/* even against a seat */
	CHECK_STR(locate_near(GEOTAG_INCIDENT, 11.4, -5.7, "attaque a madina").best.c3, "SIK");
	CHECK_STR(locate_near(GEOTAG_INCIDENT, 11.5, -5.5, "attaque a koro").best.c3, "SIK");
	tag = locate_near(GEOTAG_AREA, 11.4, -5.7, "attaque a madina");
	CHECK(tag.ambiguous);
	CHECK_STR(tag.candidate[0].c3, "SIK");
	CHECK(tag.candidate[0].score > tag.candidate[1].score);
	/* far from everything it says nothing, and what the text says is stronger */
	CHECK(locate_near(GEOTAG_SENDER, 20, 2, "attaque a madina").ambiguous);
	CHECK_STR(locate_near(GEOTAG_SENDER, 11.4, -5.7, "attaque a madina cercle de mopti").best.c3, "MOP");
	CHECK(!locate_near(GEOTAG_SENDER, 11.4, -5.7, "attaque hier soir").found);
}

TEST(roles_decide_between_places)
{
	static const struct expectation list[] = {
		{ "attaque a koro ils vont vers bankass", "Koro", "name" },
		{ "vers bankass attaque a koro", "Koro", "name" },
		{ "les gens de koro arrivent a bankass", "Bankass", "arrival" },	/* where they are, not what they left */
		{ "deplaces de koro arrives a bankass", "Bankass", "arrival" },
		{ "tirs a la sortie est de bankass", "Bankass", "near" },
		{ "erreur c'est mopti et non bankass", "Mopti", "name" },
		{ "koro ni bankass ce", "Koro-Bankass", "segment" },	/* Bambara: between */
		{ "koro dans le cercle de bankass", "Koro", "name" },
		{ "wuro bankass", "Bankass", "name" },
		{ "les d\xC3\xA9plac\xC3\xA9s sont arriv\xC3\xA9s a bankass", "Bankass", "arrival" },
		{ "30 motos venant de bankass", "Bankass", "from" },
		{ "from bankass 30 bikes", "Bankass", "from" },
		{ "quelque part dans le cercle de bankass", "Bankass", "area" },
		{ "a 5 km de bankass", "Bankass", "near" },
		{ "bloqu\xC3\xA9s \xC3\xA0 l'est de bankass", "Bankass", "near" },
		{ "12km au sud ouest de bankass", "Bankass", "offset" },
		{ "bankass est attaqu\xC3\xA9", "Bankass", "name" },
		{ "mopti sikasso bankass", "?Mopti", "name" },
		{ "attaques a koro et a sikasso", "?Koro", "name" },
		{ "piste koro-bankass", "Koro-Bankass", "segment" },
		{ "koro bankass", "Koro-Bankass", "segment" },
		{ "axe Koro \xE2\x86\x92 Bankass", "Koro-Bankass", "segment" },
		{ "madina mopti attaqu\xC3\xA9", "Madina", "name" },
		{ "entre madina et mopti", "Madina-Mopti", "segment" },
	};

	EXPECT(made, list);
}

TEST(an_offset_moves_the_point)
{
	struct place p;
	double	 metres;

	setup();
	p = locate(made, "attaque 20 km au nord de bankass").best;
	distance_exact(p.lat_deg, p.lon_deg, 14.0775, -3.516, &metres, NULL);
	CHECK_NEAR(metres, 20000, 1);
	CHECK(p.lat_deg > 14.25 && p.radius_m > 3000 + 20000 / 4);
	p = locate(made, "a 12km sud ouest de bankass").best;
	CHECK(p.lat_deg < 14.03 && p.lon_deg < -3.58);
	p = locate(made, "a 20 km de bankass").best;
	CHECK_NEAR(p.lat_deg, 14.0775, 1e-9);
	CHECK(p.radius_m >= 20000);
	CHECK_STR(locate(made, "a 900 km au nord de bankass").best.method, "near");
}

TEST(a_segment_covers_both_ends)
{
	struct place p;

	setup();
	p = locate(made, "mine entre koro et bankass").best;
	CHECK(distance_m(p.lat_deg, p.lon_deg, 14.064, -3.075) <= p.radius_m + 50.0);
	CHECK(distance_m(p.lat_deg, p.lon_deg, 14.0775, -3.516) <= p.radius_m + 50.0);
	CHECK(strcmp(p.c3, "KOR") == 0 || strcmp(p.c3, "BKS") == 0);
}

TEST(a_point_is_named_and_widened)
{
	struct geotag tag;

	setup();
	tag = locate(made, "tir 14.0700 -3.0800");
	CHECK_STR(tag.best.name, "Koro");
	CHECK_STR(tag.best.c3, "KOR");
	CHECK_NEAR(tag.best.lat_deg, 14.07, 1e-9);
	CHECK_INT(tag.best.radius_m, 100);
	tag = locate(made, "tir 14.06 -3.08");
	CHECK(tag.best.radius_m > 1000);
	tag = locate(made, "tir 48.858 2.294");		/* far outside: found, but nobody's cercle and little trust */
	CHECK(tag.found);
	CHECK_STR(tag.best.c3, "");
	CHECK(tag.best.score < 0.5);
	CHECK(!locate(made, "tir 0.000 0.000").found);
	tag = locate(made, "tir https://maps.google.com/?q=14.0700,-3.0800");
	CHECK_STR(tag.best.name, "Koro");
}

TEST(a_doubtful_point_is_never_used_silently)
{
	struct geotag tag;

	setup();
	tag = locate(made, "tir -3.0800 14.0700");
	CHECK(tag.found && tag.ambiguous);
	CHECK_INT(tag.n, 2);
	CHECK_STR(tag.best.method, "swapped?");
	CHECK_STR(tag.best.name, "Koro");
	CHECK_NEAR(tag.best.lat_deg, 14.07, 1e-9);
	CHECK_NEAR(tag.candidate[1].lat_deg, -3.08, 1e-9);
	tag = locate(made, "tir 14.0700 6.9000");
	CHECK(tag.ambiguous);
	CHECK_STR(tag.best.method, "sign?");
	tag = locate(made, "tir a Bankass -3.0800 14.0700");	/* the name is surer */
	CHECK_STR(tag.best.name, "Bankass");
	CHECK(!tag.ambiguous);
	CHECK(!locate(made, "tir lat 95 lon 3").found);
	CHECK(!locate(made, "ici https://goo.gl/maps/abcdef").found);
}

/* Whatever the words, the answer keeps its promises. */
TEST(promises_hold_for_random_texts)
{
	static const char *const words[] = {
		"koro", "bankass", "Madina", "mopti", "entre", "et", "route", "a", "de", "vers", "pres", "5", "km", "nord", "est",
		"cercle", "pas", ",", ".", "-", "'", "\n", "moussa", "ag", "dir\xC3\xA9", "k\xC9\x94r\xC9\x94", "A1", "14.06", "-3.08", "30PVA910551",
		"attaque", "village", "arrivent", "\xFF", "\xD9\x81\xD9\x8A", "toi", "san", "pedro", "l", "au", "12km", "sud",
	};

	setup();
	for (int round = 0; round < 20000; round++) {
		char	 message[400] = "";
		struct geotag tag;
		size_t	 len = 0;

		for (uint32_t n = test_below(14); n > 0; n--)
			len += (size_t)snprintf(message + len, sizeof(message) - len, "%s%s",
			    words[test_below(sizeof(words) / sizeof(words[0]))], test_below(5) == 0 ? "" : " ");
		tag = locate(made, message);
		CHECK_MSG(tag.found == (tag.n > 0) && tag.n <= CANDIDATES_MAX, "'%s': %zu candidates", message, tag.n);
		CHECK_MSG(!tag.ambiguous || tag.n > 0, "'%s': ambiguous with %zu candidates", message, tag.n);
		for (size_t i = 0; i < tag.n; i++) {
			const struct place *p = &tag.candidate[i];

			CHECK_MSG(p->method != NULL && p->score > 0 && p->score <= 1 && p->radius_m >= 100 &&
			    p->lat_deg >= -90 && p->lat_deg <= 90 && p->lon_deg >= -180 && p->lon_deg <= 180,
			    "'%s': candidate %zu", message, i);
		}
	}
}

TEST_MAIN(TEST_ROW(messages_of_the_field), TEST_ROW(ordinary_words_are_no_places), TEST_ROW(cues_make_them_places),
    TEST_ROW(homonyms_are_told_apart_or_not_at_all), TEST_ROW(roles_decide_between_places),
    TEST_ROW(names_are_found_however_they_are_spelt), TEST_ROW(dire_is_a_town_and_a_word), TEST_ROW(old_divisions_are_hints_too), TEST_ROW(parents_are_found_again),
    TEST_ROW(what_is_known_beside_the_text_helps_to_choose),
    TEST_ROW(an_offset_moves_the_point), TEST_ROW(a_segment_covers_both_ends),
    TEST_ROW(a_point_is_named_and_widened), TEST_ROW(a_doubtful_point_is_never_used_silently), TEST_ROW(promises_hold_for_random_texts))
