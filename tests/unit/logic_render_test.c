/* Outgoing SMS: the brief's renderings, what vanishes with an empty value, and what no value can do. */
#include "logic/render.h"

#include "base/files.h"
#include "base/gsm7.h"
#include "logic/mgrs.h"
#include "unit/test.h"

#define CANARY	"ZXQ mosqu\u00e9e Moussa"

/* ---- helpers ---------------------------------------------------------------------------------------- */

static struct templates *
parse(const char *text, size_t len, struct diags *diags)
{
	diags_init(diags);
	return templates_new("t", text, len, diags);
}

static void
read_shipped(struct buf *b)
{
	buf_init(b, 65536);
	if (file_read("rules/templates.tsv", b) != 0) {
		test_fail(__FILE__, __LINE__, "rules/templates.tsv cannot be read");
		exit(1);
	}
}

static struct templates *
shipped(void)
{
	struct diags diags;
	struct templates *t;
	struct buf b, shown;

	read_shipped(&b);
	buf_init(&shown, 65536);
	t = parse(buf_str(&b), b.len, &diags);
	diags_print(&diags, &shown);
	CHECK_MSG(t != NULL, "%s", buf_str(&shown));
	buf_release(&b);
	buf_release(&shown);
	diags_release(&diags);
	if (t == NULL)
		exit(1);
	return t;
}

static const struct category burning = { .code = "ARS", .label_fr = "INCENDIE VILLAGE", .label_en = "VILLAGE BURNING" };
static const struct tag tags[] = {
	{ "motos", "motorbikes", 0 }, { "h armes", "armed", 120 }, { "vers NE", "to NE", 0 },
};

/* The values of the brief's worst-case renderings. */
static struct place
anderamboukane(void)
{
	struct place p = { .name = "And\u00e9ramboukane", .c3 = "AND", .cercle = CANARY, .region = CANARY, .country = "ML",
		.radius_m = 5000, .method = CANARY };
	uint32_t side;

	CHECK_INT(mgrs_to_degrees("31PET021047", 11, &p.lat_deg, &p.lon_deg, &side), 0);
	return p;
}

static struct fields
brief_fields(const struct place *where)
{
	return (struct fields){ .id = "4071KT", .priority = 1, .category = &burning, .where = where,
		.place_old = "Tombouctou", .seen = { INT64_C(1000) * ((14 * 60 + 5) * 60) }, .late_min = 26 * 60 + 59,
		.tags = tags, .n_tags = 3, .grade = "B3", .sources = 3, .step = 2, .minutes = 25, .minutes2 = 120,
		.count = 12, .queue = 17, .list = "ATK2 RAI3 DSP1 MOV4", .modem = "2", .balance = 1250 };
}

/* ---- the brief's own renderings, without the tilde, which the basic set does not have ------------------- */

struct golden {
	const char *id;
	enum language language;
	const char *text;
};

static const struct golden goldens[] = {
	{ "D1", LANG_FR, "P1 INCENDIE VILLAGE: ANDERAMBOUKANE/AND 31PET021047 +-5km. Vu 14h05 RETARD 26h. motos, 120 h armes, vers NE. B3 src 2-3 NON VERIFIE. Rep OK/GO/NON 4071KT" },
	{ "D1", LANG_EN, "P1 VILLAGE BURNING: ANDERAMBOUKANE/AND 31PET021047 +-5km. Seen 1405 LATE 26h. motorbikes, 120 armed, to NE. B3 src 2-3 UNVERIFIED. Reply OK/GO/NO 4071KT" },
	{ "D2", LANG_FR, "P1 INCENDIE VILLAGE: ANDERAMBOUKANE/AND 31PET021047 +-5km. Vu 14h05 RETARD 26h. motos, 120 h armes, vers NE. B3 src 2-3 VALIDE. Rep OK/GO/NON 4071KT" },
	{ "D2", LANG_EN, "P1 VILLAGE BURNING: ANDERAMBOUKANE/AND 31PET021047 +-5km. Seen 1405 LATE 26h. motorbikes, 120 armed, to NE. B3 src 2-3 VALIDATED. Reply OK/GO/NO 4071KT" },
	{ "D3", LANG_FR, "P1 INCENDIE VILLAGE: LIEU INCONNU (zone ANDERAMBOUKANE?). Recu 14h05. motos, 120 h armes, vers NE. B3 src 2-3. La permanence cherche. Rep OK 4071KT" },
	{ "D3", LANG_EN, "P1 VILLAGE BURNING: PLACE UNKNOWN (area ANDERAMBOUKANE?). Recd 1405. motorbikes, 120 armed, to NE. B3 src 2-3. Duty is locating. Reply OK 4071KT" },
	{ "D4", LANG_FR, "DOSSIER SENSIBLE 4071KT. Ne rien transmettre par SMS. Appeler la permanence avant 14h05. Rep OK 4071KT" },
	{ "D4", LANG_EN, "SENSITIVE CASE 4071KT. Send nothing by SMS. Call the duty desk before 1405. Reply OK 4071KT" },
	{ "U1", LANG_FR, "MAJ 4071KT: P1 INCENDIE VILLAGE ANDERAMBOUKANE/AND 31PET021047. 14h05: motos, 120 h armes, vers NE. B3 src 2-3. Rep OK 4071KT" },
	{ "U1", LANG_EN, "UPDATE 4071KT: P1 VILLAGE BURNING ANDERAMBOUKANE/AND 31PET021047. 1405: motorbikes, 120 armed, to NE. B3 src 2-3. Reply OK 4071KT" },
	{ "C1", LANG_FR, "CORRECTION 4071KT: PAS TOMBOUCTOU. LIEU = ANDERAMBOUKANE/AND 31PET021047 +-5km. P1 INCENDIE VILLAGE. Rep OK 4071KT et accuser le NOUVEAU lieu" },
	{ "C1", LANG_EN, "CORRECTION 4071KT: NOT TOMBOUCTOU. PLACE = ANDERAMBOUKANE/AND 31PET021047 +-5km. P1 VILLAGE BURNING. Reply OK 4071KT to confirm the NEW place" },
	{ "R1", LANG_FR, "RAPPEL 2/3 P1 INCENDIE VILLAGE ANDERAMBOUKANE 31PET021047 depuis 25 min SANS REPONSE. Rep OK/GO/NON 4071KT" },
	{ "R1", LANG_EN, "REMINDER 2/3 P1 VILLAGE BURNING ANDERAMBOUKANE 31PET021047 UNANSWERED 25 min. Reply OK/GO/NO 4071KT" },
	{ "A1", LANG_FR, "FIN ALERTE 4071KT: INCENDIE VILLAGE ANDERAMBOUKANE. 14h05 decision permanence. Motif: confirme calme. Merci. Rep OK 4071KT" },
	{ "A1", LANG_EN, "STAND DOWN 4071KT: VILLAGE BURNING ANDERAMBOUKANE. 1405 duty officer decision: area calm. Thanks. Reply OK 4071KT" },
	{ "A2", LANG_FR, "ANNULEE 4071KT: INCENDIE VILLAGE ANDERAMBOUKANE. Alerte NON fondee (permanence, 14h05). Stop mouvement. Rep OK 4071KT" },
	{ "A2", LANG_EN, "WITHDRAWN 4071KT: VILLAGE BURNING ANDERAMBOUKANE. Not substantiated (duty, 1405). Stop movement. Reply OK 4071KT" },
	{ "W1", LANG_FR, "Soyez prudents. Danger possible vers ANDERAMBOUKANE. Evitez la route. Ne repondez pas a ce message." },
	{ "W1", LANG_EN, "Be careful. Possible danger toward ANDERAMBOUKANE. Avoid the road. Do not reply to this message." },
	{ "F0", LANG_FR, "Recu, merci." },
	{ "F0", LANG_EN, "Received, thank you." },
	{ "F1", LANG_FR, "Recu. Quel village?" },
	{ "F1", LANG_EN, "Received. Which village?" },
	{ "F2", LANG_FR, "Merci. C'est suivi." },
	{ "F2", LANG_EN, "Thank you. It is being followed." },
	{ "F3", LANG_FR, "C'est note." },
	{ "F3", LANG_EN, "Noted." },
	{ "X1", LANG_FR, "EXERCICE EXERCICE - INCENDIE VILLAGE: ANDERAMBOUKANE 31PET021047. Ceci est un TEST, aucun mouvement. Rep OK 4071KT" },
	{ "X1", LANG_EN, "EXERCISE EXERCISE - VILLAGE BURNING: ANDERAMBOUKANE 31PET021047. This is a TEST, no movement. Reply OK 4071KT" },
	{ "G1", LANG_FR, "RESUME 14h05: ATK2 RAI3 DSP1 MOV4. 17 non lus, 12 sans lieu. Voir permanence." },
	{ "G1", LANG_EN, "DIGEST 1405: ATK2 RAI3 DSP1 MOV4. 17 unread, 12 unlocated. See duty desk." },
	{ "S1", LANG_FR, "SYS passerelle: modem 2 sans reseau 120 min, file 17, plus ancien P1 25 min, solde 1250F. Agir." },
	{ "S1", LANG_EN, "SYS gateway: modem 2 no network 120 min, queue 17, oldest P1 25 min, credit 1250F. Act now." },
	{ "H1", LANG_FR, "4071KT ANDERAMBOUKANE: OK note 14h05. 12 autres repondeurs informes." },
	{ "H1", LANG_EN, "4071KT ANDERAMBOUKANE: OK noted 1405. 12 other responders told." },
	{ "H2", LANG_FR, "Non compris. Ecrire: OK n / GO n min / NON n / SUR n / FIN n code / AIDE n  (n = numero de l'alerte)" },
	{ "H2", LANG_EN, "Not understood. Send: OK n / GO n min / NO n / SITE n / END n code / HELP n  (n = alert number)" },
};

TEST(renderings_of_the_brief)
{
	struct templates *t = shipped();
	struct place where = anderamboukane();

	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const struct golden *g = &goldens[i];
		struct fields f = brief_fields(&where);
		char out[SMS_TEXT_SIZE];

		CHECK_INT(render(t, g->id, g->language, &f, out), 0);
		CHECK_STR(out, g->text);
	}
	templates_free(t);
}

/* ---- empty values ------------------------------------------------------------------------------------------ */

static const char *
rendered(const struct templates *t, const char *id, enum language l, const struct fields *f)
{
	static char out[SMS_TEXT_SIZE];

	return render(t, id, l, f, out) == 0 ? out : "(refused)";
}

TEST(empty_values_take_their_words_along)
{
	struct templates *t = shipped();
	struct place where = anderamboukane();
	struct fields f = brief_fields(&where);

	f.n_tags = 0;
	f.late_min = 0;
	CHECK_STR(rendered(t, "D1", LANG_FR, &f), "P1 INCENDIE VILLAGE: ANDERAMBOUKANE/AND 31PET021047 +-5km. Vu 14h05. "
	    "B3 src 2-3 NON VERIFIE. Rep OK/GO/NON 4071KT");
	CHECK_STR(rendered(t, "U1", LANG_EN, &f),
	    "UPDATE 4071KT: P1 VILLAGE BURNING ANDERAMBOUKANE/AND 31PET021047. 1405. B3 src 2-3. Reply OK 4071KT");
	where.c3[0] = '\0';
	where.radius_m = 0;
	f.grade[0] = '\0';
	f.sources = 0;
	CHECK_STR(rendered(t, "D1", LANG_FR, &f), "P1 INCENDIE VILLAGE: ANDERAMBOUKANE 31PET021047. Vu 14h05. "
	    "-- NON VERIFIE. Rep OK/GO/NON 4071KT");
	f.where = NULL;
	CHECK_STR(rendered(t, "D3", LANG_FR, &f),
	    "P1 INCENDIE VILLAGE: LIEU INCONNU. Recu 14h05. --. La permanence cherche. Rep OK 4071KT");
	CHECK_STR(rendered(t, "D3", LANG_EN, &f),
	    "P1 VILLAGE BURNING: PLACE UNKNOWN. Recd 1405. --. Duty is locating. Reply OK 4071KT");
	CHECK_STR(rendered(t, "R1", LANG_FR, &f),
	    "RAPPEL 2/3 P1 INCENDIE VILLAGE depuis 25 min SANS REPONSE. Rep OK/GO/NON 4071KT");
	CHECK_STR(rendered(t, "H1", LANG_FR, &f), "4071KT: OK note 14h05. 12 autres repondeurs informes.");
	CHECK_STR(rendered(t, "X1", LANG_EN, &f),
	    "EXERCISE EXERCISE - VILLAGE BURNING. This is a TEST, no movement. Reply OK 4071KT");
	templates_free(t);
}

TEST(what_an_alert_cannot_do_without)
{
	struct templates *t = shipped();
	struct place where = anderamboukane();
	struct fields f = brief_fields(NULL);

	CHECK_STR(rendered(t, "D1", LANG_FR, &f), "(refused)");
	CHECK_STR(rendered(t, "D2", LANG_EN, &f), "(refused)");
	CHECK_STR(rendered(t, "C1", LANG_FR, &f), "(refused)");
	CHECK_STR(rendered(t, "W1", LANG_FR, &f), "(refused)");
	f = brief_fields(&where);
	f.category = NULL;
	CHECK_STR(rendered(t, "D1", LANG_FR, &f), "(refused)");
	CHECK(strcmp(rendered(t, "D4", LANG_FR, &f), "(refused)") != 0);
	f = brief_fields(&where);
	f.id[0] = '\0';
	CHECK_STR(rendered(t, "D1", LANG_FR, &f), "(refused)");
	f = brief_fields(&where);
	f.place_old = NULL;
	CHECK_STR(rendered(t, "C1", LANG_FR, &f), "(refused)");
	CHECK_STR(rendered(t, "D9", LANG_FR, &f), "(refused)");
	CHECK_STR(rendered(t, "", LANG_FR, &f), "(refused)");
	templates_free(t);
}

/* DNH-18: nothing of the alert but its number and a time can change the restricted pointer. */
TEST(restricted_pointer_says_nothing)
{
	struct templates *t = shipped();
	struct place where = anderamboukane();
	struct fields f = brief_fields(&where), bare = { .id = "4071KT", .seen = f.seen };
	char a[SMS_TEXT_SIZE], b[SMS_TEXT_SIZE];

	for (enum language l = LANG_FR; l <= LANG_EN; l++) {
		CHECK_INT(render(t, "D4", l, &f, a), 0);
		CHECK_INT(render(t, "D4", l, &bare, b), 0);
		CHECK_STR(a, b);
	}
	templates_free(t);
}

/* ---- single values --------------------------------------------------------------------------------------------- */

static struct place
named(const char *name)
{
	struct place p = anderamboukane();

	snprintf(p.name, sizeof(p.name), "%s", name);
	return p;
}

TEST(place_names)
{
	static const struct { const char *name, *want; } names[] = {
		{ "Koro", "KORO" }, { "S\u00e9gu\u00e9", "SEGUE" }, { "N'Tillit", "N'TILLIT" }, { "In-\u00c9kar", "IN-EKAR" },
		{ "\u00c7a\u0153ur", "CAOEUR" }, { "\u0186r\u0254", "ORO" }, { "Tin-Zaouat\u00e8ne-Nord", "TIN-ZAOUATENE" },
		{ "\u0643\u0648\u0631\u0648", "?" }, { "", "?" }, { "Koro {ID} ~[]", "KORO ID" },
		{ "Place 22376000001", "PLACE 2237" }, { "a\nb", "A B" },
	};
	struct templates *t = shipped();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct place where = named(names[i].name);
		struct fields f = brief_fields(&where);
		char want[SMS_TEXT_SIZE];

		snprintf(want, sizeof(want),
		    "Be careful. Possible danger toward %s. Avoid the road. Do not reply to this message.", names[i].want);
		CHECK_STR(rendered(t, "W1", LANG_EN, &f), want);
	}
	templates_free(t);
}

TEST(precision_and_lateness)
{
	static const struct { uint32_t radius_m, late_min; const char *prec, *fr, *en; } rows_[] = {
		{ 1, 1, " +-100m", " RETARD 1h", " LATE 1h" }, { 100, 61, " +-100m", " RETARD 1h", " LATE 1h" },
		{ 101, 120, " +-200m", " RETARD 2h", " LATE 2h" }, { 900, 99 * 60 + 59, " +-900m", " RETARD 99h", " LATE 99h" },
		{ 901, 100 * 60, " +-1km", " RETARD 4j", " LATE 4d" }, { 1001, 0, " +-2km", "", "" },
		{ 99001, 0, " +-99km", "", "" }, { UINT32_MAX, UINT32_MAX, " +-99km", " RETARD 99j", " LATE 99d" },
	};
	struct templates *t = shipped();

	for (size_t i = 0; i < sizeof(rows_) / sizeof(rows_[0]); i++) {
		struct place where = anderamboukane();
		struct fields f = brief_fields(&where);
		char want[SMS_TEXT_SIZE];

		where.radius_m = rows_[i].radius_m;
		f.late_min = rows_[i].late_min;
		f.n_tags = 0;
		snprintf(want, sizeof(want), "P1 INCENDIE VILLAGE: ANDERAMBOUKANE/AND 31PET021047%s. Vu 14h05%s. B3 src 2-3 "
		    "NON VERIFIE. Rep OK/GO/NON 4071KT", rows_[i].prec, rows_[i].fr);
		CHECK_STR(rendered(t, "D1", LANG_FR, &f), want);
		snprintf(want, sizeof(want), "P1 VILLAGE BURNING: ANDERAMBOUKANE/AND 31PET021047%s. Seen 1405%s. B3 src 2-3 "
		    "UNVERIFIED. Reply OK/GO/NO 4071KT", rows_[i].prec, rows_[i].en);
		CHECK_STR(rendered(t, "D1", LANG_EN, &f), want);
	}
	templates_free(t);
}

TEST(local_time)
{
	static const struct { int64_t ms; int offset; const char *want; } rows_[] = {
		{ 0, 0, "0000" }, { 59999, 0, "0000" }, { 60000, 0, "0001" }, { 0, 60, "0100" }, { 0, -1, "2359" },
		{ -1, 0, "2359" }, { -60000, 0, "2359" }, { -60001, 0, "2358" }, { INT64_C(86400000) * 20000, 330, "0530" },
	};
	struct templates *t = shipped();

	for (size_t i = 0; i < sizeof(rows_) / sizeof(rows_[0]); i++) {
		struct fields f = { .id = "4071KT", .seen = { rows_[i].ms }, .utc_offset_min = rows_[i].offset };
		char want[SMS_TEXT_SIZE];

		snprintf(want, sizeof(want),
		    "SENSITIVE CASE 4071KT. Send nothing by SMS. Call the duty desk before %s. Reply OK 4071KT", rows_[i].want);
		CHECK_STR(rendered(t, "D4", LANG_EN, &f), want);
	}
	templates_free(t);
}

TEST(tags_fit_or_stay_out)
{
	static const struct tag many[] = {
		{ "quinze lettres!", "", 0 }, { "douze lettre", "", 0 }, { "x", "", 0 }, { "encore une", "", 0 },
	};
	struct templates *t = shipped();
	struct fields f = brief_fields(NULL);

	f.tags = many;
	f.n_tags = 4;
	CHECK_STR(rendered(t, "D3", LANG_FR, &f), "P1 INCENDIE VILLAGE: LIEU INCONNU. Recu 14h05. quinze lettres!, "
	    "douze lettre. B3 src 2-3. La permanence cherche. Rep OK 4071KT");
	CHECK_STR(rendered(t, "D3", LANG_EN, &f),
	    "P1 VILLAGE BURNING: PLACE UNKNOWN. Recd 1405. B3 src 2-3. Duty is locating. Reply OK 4071KT");
	templates_free(t);
}

/* ---- properties ------------------------------------------------------------------------------------------------------ */

static const char *const bits[] = { "A", "W", "Koro", "9", "99999999", "\u00e9", "\u00c9", "\u0254", " ", "  ", "'", "-", "/",
	"\u20ac", "[", "~", "\n", "\x01", "\xff", "\xc3", "\u0643", "\U0001F4A3", "{ID}", "+22370000001", "." };

static void
any_text(char *out, size_t size)
{
	size_t len = 0;

	for (uint32_t n = test_below(30); n > 0; n--) {
		const char *s = bits[test_below(sizeof(bits) / sizeof(bits[0]))];

		if (len + strlen(s) >= size)
			break;
		memcpy(out + len, s, strlen(s));
		len += strlen(s);
	}
	out[len] = '\0';
}

static uint32_t
any_number(void)
{
	static const uint32_t edges[] = { 0, 1, 3, 4, 9, 99, 9999, 10000, 99999999, UINT32_MAX };

	return test_below(2) ? edges[test_below(10)] : (uint32_t)test_random();
}

struct values {
	struct fields f;
	struct place where;
	struct category category;
	struct tag tags[TAGS_MAX];
	char	old[PLACE_NAME_SIZE];
};

/* What may be shown is anything; what may not is the canary: a byte of it outside is seen. */
static void
any_values(struct values *v)
{
	memset(v, 0, sizeof(*v));
	any_text(v->where.name, sizeof(v->where.name));
	any_text(v->where.c3, sizeof(v->where.c3));
	v->where.lat_deg = test_below(160) - 79.5;
	v->where.lon_deg = test_below(360) - 179.5;
	v->where.radius_m = any_number();
	snprintf(v->where.cercle, sizeof(v->where.cercle), CANARY);
	snprintf(v->where.region, sizeof(v->where.region), CANARY);
	v->where.method = CANARY;
	any_text(v->category.label_fr, sizeof(v->category.label_fr));
	snprintf(v->category.label_en, sizeof(v->category.label_en), "%s", test_below(2) ? "WWWWWWWWWWWWWWWWWWW" : "ATTACK");
	if (v->category.label_fr[0] == '\0' || test_below(2))
		snprintf(v->category.label_fr, sizeof(v->category.label_fr), "WWWWWWWWWWWWWWWWWWW");
	snprintf(v->category.code, sizeof(v->category.code), "ZXQ");
	snprintf(v->category.urgency, sizeof(v->category.urgency), "ZXQ");
	for (size_t i = 0; i < TAGS_MAX; i++) {
		any_text(v->tags[i].label_fr, sizeof(v->tags[i].label_fr));
		any_text(v->tags[i].label_en, sizeof(v->tags[i].label_en));
		v->tags[i].count = any_number();
	}
	any_text(v->old, sizeof(v->old));
	v->f = (struct fields){ .id = "4071KT", .priority = (uint8_t)test_below(256), .category = &v->category,
	    .where = test_below(5) ? &v->where : NULL, .place_old = v->old, .seen = { (int64_t)test_random() / 4 },
	    .utc_offset_min = (int)test_below(1681) - 840, .late_min = any_number(), .tags = v->tags,
	    .n_tags = test_below(TAGS_MAX + 1), .sources = any_number(), .step = any_number(), .minutes = any_number(),
	    .minutes2 = any_number(), .count = any_number(), .queue = any_number(), .balance = (long)test_random() };
	any_text(v->f.grade, sizeof(v->f.grade));
	any_text(v->f.list, sizeof(v->f.list));
	any_text(v->f.modem, sizeof(v->f.modem));
}

static void
check_text(const char *id, const char *s)
{
	size_t run = 0;

	CHECK_MSG(gsm7_septets(s, strlen(s)) <= SMS_SEPTETS && gsm7_septets(s, strlen(s)) > 0, "%s: \"%s\" has %d septets", id,
	    s, gsm7_septets(s, strlen(s)));
	CHECK_MSG(strpbrk(s, "[]{}~^\\|\n\r\x1b") == NULL && strstr(s, "\u20ac") == NULL, "%s: \"%s\" leaves the basic set", id, s);
	CHECK_MSG(strstr(s, "ZXQ") == NULL && strcasestr(s, "moussa") == NULL, "%s: \"%s\" shows the canary", id, s);
	CHECK_MSG(strstr(s, "  ") == NULL || strcmp(id, "H2") == 0, "%s: \"%s\" has a hole", id, s);
	for (; *s != '\0'; s++) {
		run = *s >= '0' && *s <= '9' ? run + 1 : 0;
		CHECK_MSG(run < 8, "%s: a number of 8 digits", id);
	}
}

TEST(no_values_can_do_harm)
{
	struct templates *t = shipped();
	size_t texts = 0;

	for (int round = 0; round < 20000 && test_failures == 0; round++) {
		struct values v;

		any_values(&v);
		for (size_t i = 0; templates_id(i) != NULL; i++)
			for (enum language l = LANG_FR; l <= LANG_EN; l++) {
				char out[SMS_TEXT_SIZE];

				if (render(t, templates_id(i), l, &v.f, out) != 0) {
					CHECK_MSG(out[0] == '\0' && (v.f.where == NULL || v.old[0] == '\0' ||
					    v.category.label_fr[0] != 'W'), "%s is refused", templates_id(i));
					continue;
				}
				check_text(templates_id(i), out);
				texts++;
			}
	}
	CHECK(texts > 500000 || test_failures > 0);
	templates_free(t);
}

/* ---- the file --------------------------------------------------------------------------------------------------------- */

struct fault {
	const char *id;		/* whose text is replaced */
	const char *text;
	int	 col;		/* behind "id<tab>use<tab>", from 1; 0: of the line */
	const char *what;
};

static const struct fault faults[] = {
	{ "F0-FR", "Recu {NOM}", 6, "there is no field '{NOM}'" },
	{ "F0-FR", "Recu {", 6, "a '{' without '}'" },
	{ "F0-FR", "Recu }", 6, "a '}' without '{'" },
	{ "F0-FR", "Re\u00e7u", 3, "'\u00e7' is not in the GSM-7 basic set: the SMS would cost two or more" },
	{ "F0-FR", "Recu ~", 6, "'~' is not in the GSM-7 basic set: the SMS would cost two or more" },
	{ "F0-FR", "Recu \u2019", 6, "'\u2019' is not in the GSM-7 basic set: the SMS would cost two or more" },
	{ "F0-FR", "Recu \xff", 6, "this is not UTF-8" },
	{ "F0-FR", "", 1, "the text is empty" },
	{ "F0-FR", "Recu {PLACE}", 6, "{PLACE} must not stand in F0" },
	{ "D4-FR", "Dossier {ID} {CATF}", 14, "{CATF} must not stand in D4" },
	{ "D4-EN", "Case {ID} {PLACE}", 11, "{PLACE} must not stand in D4" },
	{ "D4-EN", "Case", 0, "D4 must show {ID}" },
	{ "W1-FR", "Danger {AREA} {T}", 15, "{T} must not stand in W1" },
	{ "D1-FR", "{P} {PLACE} {MGRS} {ID}", 1, "must say 'NON VERIFIE'" },
	{ "D1-EN", "{P} {PLACE} {ID} UNVERIFIED", 0, "D1 must show {MGRS}" },
	{ "X1-FR", "{PLACE} {ID}", 1, "must say 'EXERCICE'" },
	{ "D4-FR", "Appelez 76000001 {ID}", 1, "could show more than 7 digits in a row: no phone number is ever sent" },
	{ "S1-FR", "{MIN}{MIN2}", 1, "could show more than 7 digits in a row: no phone number is ever sent" },
};

/* The shipped file with one text replaced. */
static void
replace(const char *file, const char *id, const char *text, struct buf *out)
{
	char start[16];

	snprintf(start, sizeof(start), "%s\t", id);
	buf_init(out, 65536);
	while (*file != '\0') {
		size_t len = strcspn(file, "\n");

		if (strncmp(file, start, strlen(start)) == 0)
			buf_addf(out, "%s\tx\t%s\n", id, text);
		else
			buf_add(out, file, len + (file[len] != '\0'));
		file += len + (file[len] != '\0');
	}
}

TEST(every_fault_with_its_place)
{
	struct buf file;

	read_shipped(&file);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *f = &faults[i];
		struct diags diags;
		struct buf text;
		struct templates *t;

		replace(buf_str(&file), f->id, f->text, &text);
		t = parse(buf_str(&text), text.len, &diags);
		CHECK_MSG(t == NULL, "accepted: %s", f->text);
		CHECK_MSG(diags.n >= 1, "no fault in: %s", f->text);
		if (diags.n > 0) {
			CHECK_STR(diags.v[0].what, f->what);
			CHECK_INT(diags.v[0].col, f->col > 0 ? f->col + 8 : 1);
			CHECK(diags.v[0].line > 10 && diags.v[0].source != NULL);
		}
		templates_free(t);
		diags_release(&diags);
		buf_release(&text);
	}
	buf_release(&file);
}

TEST(too_long_with_the_widest_values)
{
	struct buf file;

	read_shipped(&file);
	/* {P} 2, {PLACE} 14, {MGRS} 11, {ID} 6 and 12 of "NON VERIFIE " leave room for 115 more. */
	for (int room = 114; room <= 116; room++) {
		char text[256];
		struct diags diags;
		struct buf b;
		struct templates *t;

		snprintf(text, sizeof(text), "{P}%*s{PLACE}{MGRS}NON VERIFIE {ID}", room, "x");
		replace(buf_str(&file), "D1-FR", text, &b);
		t = parse(buf_str(&b), b.len, &diags);
		CHECK_MSG((t != NULL) == (room <= 115), "room %d", room);
		if (diags.n > 0)
			CHECK_STR(diags.v[0].what, "161 characters with the widest values, 160 fit into one SMS");
		templates_free(t);
		diags_release(&diags);
		buf_release(&b);
	}
	buf_release(&file);
}

TEST(faults_of_lines)
{
	static const struct { const char *text, *what; int line; } lines[] = {
		{ "D1-FR only one column\n", "three columns separated by tabs are needed: id-LANGUAGE, use, text", 1 },
		{ "D1-FR\tuse\n", "three columns separated by tabs are needed: id-LANGUAGE, use, text", 1 },
		{ "\nD9-FR\tuse\ttext\n", "there is no template 'D9-FR': left out", 2 },
		{ "D1-DE\tuse\ttext\n", "there is no template 'D1-DE': left out", 1 },
		{ "D1\tuse\ttext\n", "there is no template 'D1': left out", 1 },
		{ "F0-FR\tuse\tRecu\nF0-FR\tuse\tRecu\n", "template 'F0-FR' stands here twice", 2 },
		{ "", "template 'D1-FR' is missing", 1 },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct diags diags;
		struct templates *t = parse(lines[i].text, strlen(lines[i].text), &diags);

		CHECK(t == NULL);
		CHECK(diags.n >= 1);
		if (diags.n > 0) {
			CHECK_STR(diags.v[0].what, lines[i].what);
			CHECK_INT(diags.v[0].line, lines[i].line);
		}
		templates_free(t);
		diags_release(&diags);
	}
}

/* A file with one text too many is used; the same with one too few is not. */
TEST(unknown_template_is_a_warning)
{
	struct buf file;
	struct diags diags;
	struct templates *t;

	read_shipped(&file);
	buf_adds(&file, "Z9-FR\tof a later version\tBonjour.\n");
	t = parse(buf_str(&file), file.len, &diags);
	CHECK(t != NULL);
	CHECK_INT(diags.errors, 0);
	CHECK_INT(diags.warnings, 1);
	templates_free(t);
	diags_release(&diags);
	buf_release(&file);
}

TEST(file_with_dos_line_ends)
{
	struct buf file, dos;
	struct diags diags;
	struct templates *t;

	read_shipped(&file);
	buf_init(&dos, 65536);
	buf_adds(&dos, "\xEF\xBB\xBF");
	for (size_t i = 0; i < file.len; i++) {
		if (file.p[i] == '\n')
			buf_addc(&dos, '\r');
		buf_addc(&dos, file.p[i]);
	}
	t = parse(buf_str(&dos), dos.len, &diags);
	CHECK(t != NULL);
	CHECK(t == NULL || strcmp(rendered(t, "F0", LANG_FR, &(struct fields){ 0 }), "Recu, merci.") == 0);
	templates_free(t);
	diags_release(&diags);
	buf_release(&dos);
	buf_release(&file);
}

TEST_MAIN(TEST_ROW(renderings_of_the_brief), TEST_ROW(empty_values_take_their_words_along),
    TEST_ROW(what_an_alert_cannot_do_without), TEST_ROW(restricted_pointer_says_nothing), TEST_ROW(place_names),
    TEST_ROW(precision_and_lateness), TEST_ROW(local_time), TEST_ROW(tags_fit_or_stay_out), TEST_ROW(no_values_can_do_harm),
    TEST_ROW(every_fault_with_its_place), TEST_ROW(too_long_with_the_widest_values), TEST_ROW(faults_of_lines),
    TEST_ROW(unknown_template_is_a_warning), TEST_ROW(file_with_dos_line_ends))
