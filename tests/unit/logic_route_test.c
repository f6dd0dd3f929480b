/* The routing matrix: reading it with all its faults, and who is told, against an oracle of its own. */
#include "logic/route.h"

#include "base/files.h"
#include "unit/test.h"

/* ---- the table of the practice brief, 1.3, written down a second time --------------------------- */

#define TYPES		12
#define CATEGORIES	22

static const char *const types[TYPES] = { "DUTY", "CLA", "PKF", "FDS", "MED", "EOD", "HRO", "GBV/CP", "HUM", "MDT", "RNG",
	"NGO" };

static const struct { const char *code, *cells; } brief[CATEGORIES] = {
	{ "ATK", "AAAVA-V-VVVV" }, { "AIR", "AVVNV-P-NNVN" }, { "ARS", "AAAVA-V-AVVV" }, { "ABD", "AAAV--AV-V-V" },
	{ "EXP", "AAAVAAV-V-AA" }, { "WND", "AAAVA-V-V---" }, { "GBV", "CNNNNNNPNNNN" }, { "KIL", "AAVVV-A--V-V" },
	{ "THR", "AAAV--V--AVV" }, { "RAI", "AAVV-----AVV" }, { "BLK", "AAVV--V-VA-V" }, { "TEN", "AAVN--V--ANN" },
	{ "ABU", "AVVNV-PVNNNN" }, { "DSP", "AAVVV--VA--V" }, { "SOS", "AAVVV-------" }, { "MOV", "AAVV------VV" },
	{ "INF", "AAVV----A--V" }, { "COE", "AA-N--VA-V--" }, { "NED", "AA--V---A--V" }, { "RUM", "AA-N-----V--" },
	{ "CLR", "AA----------" }, { "UNK", "A-----------" },
};

/* The strictest letter of several categories (the first is the headline), as the brief's words say it. */
static char
oracle(const char *letters_of_headline_first)
{
	const char *s = letters_of_headline_first;
	char found[8] = "";

	if (strchr(s, 'N') != NULL)
		return 'N';
	if (s[0] == 'C')
		return 'C';
	for (; *s != '\0'; s++)
		if (strchr("PVA", *s) != NULL)
			strncat(found, s, 1);
	for (const char *p = "PVA"; *p != '\0'; p++)
		if (strchr(found, *p) != NULL)
			return *p;
	return '-';
}

/* ---- helpers ---------------------------------------------------------------------------------------- */

static struct matrix *
parse(const char *text, struct diags *diags)
{
	diags_init(diags);
	return matrix_new("m", text, strlen(text), diags);
}

static struct matrix *
shipped(void)
{
	struct diags diags;
	struct matrix *m;
	struct buf b, shown;

	buf_init(&b, 65536);
	buf_init(&shown, 65536);
	diags_init(&diags);
	if (file_read("rules/routing.matrix", &b) != 0)
		test_fail(__FILE__, __LINE__, "rules/routing.matrix cannot be read");
	m = matrix_new("rules/routing.matrix", buf_str(&b), b.len, &diags);
	diags_print(&diags, &shown);
	CHECK_MSG(m != NULL, "%s", buf_str(&shown));
	buf_release(&b);
	buf_release(&shown);
	diags_release(&diags);
	if (m == NULL)
		exit(1);
	return m;
}

static struct responder
somebody(const struct matrix *m, const char *type)
{
	struct responder p = { .code = "x", .tier = 1, .everywhere = true };

	p.types = UINT32_C(1) << matrix_find_type(m, type);
	return p;
}

static const struct place koro = { .name = "Koro", .cercle = "Koro", .c3 = "KRO", .region = "Bandiagara" };

static struct route
ask(const struct matrix *m, const struct responder *p, const struct route_query *q)
{
	struct roster roster = { .n = 1 };
	struct responder copy = *p;
	struct route r;

	roster.v = &copy;
	memset(&r, 0x5A, sizeof(r));
	route(m, &roster, q, &r);
	return r;
}

static struct route
ask_type(const struct matrix *m, const char *type, struct route_query q)
{
	struct responder p = somebody(m, type);

	return ask(m, &p, &q);
}

#define QUERY(n, ...)	(struct route_query){ .codes = (const char *const[]){ __VA_ARGS__ }, .n_codes = (n), \
	.firing = FIRE_AUTO, .where = &koro, .tier_max = 3 }

/* ---- the file -------------------------------------------------------------------------------------------- */

TEST(shipped_file_is_the_table)
{
	struct matrix *m = shipped();

	CHECK_INT(matrix_types(m), TYPES);
	for (size_t t = 0; t < TYPES; t++) {
		CHECK_STR(matrix_type(m, t), types[t]);
		CHECK_INT(matrix_off(m, t), strcmp(types[t], "FDS") == 0);
		for (size_t c = 0; c < CATEGORIES; c++)
			CHECK_MSG(matrix_letter(matrix_cell(m, brief[c].code, t)) == brief[c].cells[t], "%s %s is %c, not %c",
			    brief[c].code, types[t], matrix_letter(matrix_cell(m, brief[c].code, t)), brief[c].cells[t]);
	}
	CHECK_INT(matrix_find_type(m, "PKF"), 2);
	CHECK_INT(matrix_find_type(m, "pkf"), -1);
	matrix_free(m);
}

struct fault {
	const char *text;
	int	 line, col;
	const char *what;
};

static const struct fault faults[] = {
	{ "", 0, 0, "no 'types' line" },
	{ "# nothing\n", 0, 0, "no 'types' line" },
	{ "types CLA\n", 1, 1, "no type 'DUTY': somebody must see what nobody else may" },
	{ "ATK A\ntypes DUTY\n", 1, 1, "a 'types' line must come before the categories" },
	{ "types DUTY\ntypes DUTY\n", 2, 1, "a second 'types' line" },
	{ "types DUTY CLA DUTY\n", 1, 16, "type 'DUTY' stands here twice" },
	{ "types DUTY Cla\n", 1, 13, "a name is made of capital letters, digits and / _ -" },
	{ "types DUTY ABCDEFGHIJKLMNOP\n", 1, 12, "'ABCDEFGHIJKLMNOP' is longer than 15 characters" },
	{ "types DUTY CLA\nATK A\n", 2, 6, "1 cells for 2 types: 'CLA' has none" },
	{ "types DUTY CLA\nATK A A V\n", 2, 9, "more cells than the 2 types" },
	{ "types DUTY CLA\nATK A X\n", 2, 7, "'X' is not one of A V P C N -" },
	{ "types DUTY CLA\nATK A AA\n", 2, 7, "'AA' is not one of A V P C N -" },
	{ "types DUTY CLA\nATK A a\n", 2, 7, "'a' is not one of A V P C N -" },
	{ "types DUTY CLA\nATK A A\nATK A V\n", 3, 1, "category 'ATK' stands here twice" },
	{ "types DUTY CLA\n  atk A A\n", 2, 3, "a name is made of capital letters, digits and / _ -" },
	{ "types DUTY CLA\nATTACKED A A\n", 2, 1, "'ATTACKED' is longer than 7 characters" },
	{ "types DUTY\noff CLA\n", 2, 5, "'CLA' is not one of the types" },
	{ "types DUTY\noff DUTY\n", 2, 5, "the duty desk cannot be off" },
	{ "types DUTY CLA\nATK N A\n", 2, 5, "the duty desk sees every category: 'A' or 'C', not 'N'" },
	{ "types DUTY CLA\nATK - A\n", 2, 5, "the duty desk sees every category: 'A' or 'C', not '-'" },
	{ "types DUTY FDS\n", 0, 0, "type 'FDS' must be off: an 'off FDS' line is missing" },
	{ "types DUTY FDS\noff FDS\nATK A A\n", 3, 7, "FDS is never told before a person looked: not 'A'" },
	{ "types DUTY\nSEAL A\n", 2, 1, "'SEAL' is told to nobody and has no row" },
	{ "types DUTY\nNUL A\n", 2, 1, "'NUL' is told to nobody and has no row" },
	{ "types DUTY CLA\nGBV C P\n", 2, 7,
	    "'P' opens GBV to CLA: GBV is protected, 'N' is the most this program allows" },
	{ "types DUTY CLA\nGBV A N\n", 2, 5,
	    "'A' opens GBV to DUTY: GBV is protected, 'C' is the most this program allows" },
	{ "types DUTY CLA\nABU A A\n", 2, 7,
	    "'A' opens ABU to CLA: ABU is protected, 'V' is the most this program allows" },
	{ "types DUTY CLA\nABU A -\n", 2, 7,
	    "'-' opens ABU to CLA: ABU is protected, 'V' is the most this program allows" },
	{ "types DUTY EOD\nAIR A V\n", 2, 7,
	    "'V' opens AIR to EOD: AIR is protected, '-' is the most this program allows" },
	{ "types DUTY NEW\nAIR A V\n", 2, 7,
	    "'V' opens AIR to NEW: AIR is protected, 'N' is the most this program allows" },
	{ "types DUTY CLA\nATK A \xff\n", 2, 7, "'\xff' is not one of A V P C N -" },
};

TEST(every_fault_with_its_place)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *f = &faults[i];
		struct diags diags;
		struct matrix *m = parse(f->text, &diags);

		CHECK_MSG(m == NULL, "accepted: %s", f->text);
		CHECK_MSG(diags.n == 1, "%zu faults in: %s", diags.n, f->text);
		if (diags.n > 0) {
			CHECK_STR(diags.v[0].what, f->what);
			CHECK_MSG(f->line == 0 || (diags.v[0].line == f->line && diags.v[0].col == f->col), "%d:%d: %s",
			    diags.v[0].line, diags.v[0].col, f->what);
		}
		matrix_free(m);
		diags_release(&diags);
	}
}

TEST(all_faults_at_once)
{
	struct diags diags;
	struct matrix *m = parse("types DUTY CLA\nATK X Y\nGBV C A\nKIL A\n", &diags);

	CHECK(m == NULL);
	CHECK_INT(diags.errors, 4);
	matrix_free(m);
	diags_release(&diags);
}

TEST(protected_cells_may_be_closed)
{
	struct diags diags;
	struct matrix *m = parse("\xEF\xBB\xBFtypes DUTY CLA EOD\r\nABU\tC N N # stricter\r\nAIR A P -\r\n", &diags);

	CHECK(m != NULL && diags.errors == 0);
	if (m != NULL)
		CHECK_INT(matrix_cell(m, "ABU", 1), PERM_NEVER);
	matrix_free(m);
	diags_release(&diags);
}

/* DNH-15: whatever letters a file puts there, a protected cell is never more open than the brief's. */
TEST(no_file_opens_a_protected_cell)
{
	static const char *const protected[] = { "GBV", "ABU", "AIR" };

	for (int round = 0; round < 20000; round++) {
		char text[256] = "types DUTY CLA PKF FDS MED EOD HRO GBV/CP HUM MDT RNG NGO\noff FDS\n";
		const char *code = protected[test_below(3)], *want = NULL;
		size_t len = strlen(text);
		struct diags diags;
		struct matrix *m;

		for (size_t c = 0; c < CATEGORIES; c++)
			if (strcmp(brief[c].code, code) == 0)
				want = brief[c].cells;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", code);
		for (size_t t = 0; t < TYPES; t++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, " %c",
			    test_below(12) ? want[t] : "-AVPCN"[test_below(6)]);
		m = parse(text, &diags);
		for (size_t t = 0; t < TYPES && m != NULL; t++) {
			const char got[] = { matrix_letter(matrix_cell(m, code, t)), '\0' };

			if (want[t] == '-')
				CHECK_MSG(strchr("-N", got[0]) != NULL, "%s", text);
			else
				CHECK_MSG(got[0] != '-' && strchr(strchr("AVPCN", want[t]), got[0]) != NULL, "%s", text);
		}
		matrix_free(m);
		diags_release(&diags);
	}
}

/* DNH-13: an empty policy sends nothing; what nobody ruled on is the desk's, except what must stay sealed. */
TEST(empty_matrix)
{
	struct diags diags;
	struct matrix *m = parse("types DUTY CLA PKF MED\n", &diags);

	CHECK(m != NULL);
	for (size_t c = 0; c < CATEGORIES && m != NULL; c++)
		for (size_t t = 0; t < 4; t++) {
			struct route_query q = QUERY(1, brief[c].code);
			struct route r = ask_type(m, types[t == 3 ? 4 : t], q);

			q.validated = true;
			CHECK_INT(r.send, t == 0);
			CHECK_INT(r.pointer, t == 0 && strcmp(brief[c].code, "GBV") == 0);
			CHECK_INT(ask_type(m, types[t == 3 ? 4 : t], q).send, t == 0);
		}
	if (m != NULL) {
		CHECK(ask_type(m, "DUTY", QUERY(1, "XYZ")).send);
		CHECK(!ask_type(m, "CLA", QUERY(1, "XYZ")).send);
		CHECK(!ask_type(m, "DUTY", QUERY(1, "SEAL")).send);
		CHECK(!ask_type(m, "DUTY", QUERY(1, "NUL")).send);
		CHECK_INT(matrix_cell(m, "ATK", 99), PERM_NEVER);
	}
	matrix_free(m);
	diags_release(&diags);
}

/* ---- permissions: exhaustive ------------------------------------------------------------------------------- */

static size_t
check_set(const struct matrix *m, size_t n, const size_t *set)
{
	const char *codes[3];
	size_t checked = 0;

	for (size_t i = 0; i < n; i++)
		codes[i] = brief[set[i]].code;
	for (size_t t = 0; t < TYPES; t++) {
		char cells[4] = "", want;
		enum permission got = route_permission(m, t, codes, n);

		for (size_t i = 0; i < n; i++)
			cells[i] = brief[set[i]].cells[t];
		want = oracle(cells);
		CHECK_MSG(matrix_letter(got) == want, "%s %s+%s+%s: %c, not %c", types[t], codes[0], n > 1 ? codes[1] : "",
		    n > 2 ? codes[2] : "", matrix_letter(got), want);
		checked++;
	}
	return checked;
}

TEST(strictest_over_all_categories)
{
	struct matrix *m = shipped();
	size_t set[3], checked = 0;

	for (set[0] = 0; set[0] < CATEGORIES; set[0]++) {
		checked += check_set(m, 1, set);
		for (set[1] = 0; set[1] < CATEGORIES; set[1]++) {
			checked += check_set(m, 2, set);
			for (set[2] = 0; set[2] < CATEGORIES; set[2]++)
				checked += check_set(m, 3, set);
		}
	}
	CHECK_INT(checked, (22 + 22 * 22 + 22 * 22 * 22) * 12);
	matrix_free(m);
}

/*
 * The whole decision for one type, a responder everywhere, all tiers: sent or not, from the brief's words. codes in rank order, as
 * incidents carry them.
 */
static bool
oracle_sends(const char *type, char letter, bool validated, enum firing firing, bool released, bool is_located)
{
	bool desk = strcmp(type, "DUTY") == 0, liaison = strcmp(type, "CLA") == 0;

	if (strcmp(type, "FDS") == 0 || letter == 'N' || letter == '-')
		return false;
	if (!is_located && !desk && !liaison)
		return false;
	if (validated || desk)
		return true;
	if (letter == 'V')
		return false;
	return firing == FIRE_AUTO || (released && liaison && letter == 'A');
}

TEST(whole_decision)
{
	struct matrix *m = shipped();
	size_t sent = 0;

	for (size_t a = 0; a < CATEGORIES; a++)
		for (size_t b = a; b < CATEGORIES; b++)
			for (size_t t = 0; t < TYPES; t++)
				for (unsigned bits = 0; bits < 24; bits++) {
					struct route_query q = QUERY(2, brief[a].code, brief[b].code);
					const char cells[] = { brief[a].cells[t], brief[b].cells[t], '\0' };
					char letter = oracle(cells);
					struct route r;
					bool want;

					q.validated = bits & 1;
					q.released = (bits & 2) != 0;
					q.where = bits & 4 ? &koro : NULL;
					q.firing = (enum firing)(bits / 8);
					want = oracle_sends(types[t], letter, q.validated, q.firing, q.released, q.where != NULL);
					r = ask_type(m, types[t], q);
					CHECK_MSG(r.send == want, "%s %s+%s (%u): %s", types[t], brief[a].code, brief[b].code, bits, r.why);
					CHECK_MSG(!r.send || r.pointer == (letter == 'P' || letter == 'C'), "%s %s+%s pointer", types[t],
					    brief[a].code, brief[b].code);
					CHECK(r.why[0] != '\0' && (r.step == 7) == r.send);
					sent += r.send;
				}
	CHECK(sent > 1000);
	matrix_free(m);
}

/* ---- the steps, one by one ------------------------------------------------------------------------------------- */

TEST(forces_are_never_told)
{
	struct matrix *m = shipped();

	for (size_t c = 0; c < CATEGORIES; c++) {
		struct route_query q = QUERY(1, brief[c].code);
		struct route r;

		q.validated = q.released = true;
		r = ask_type(m, "FDS", q);
		CHECK(!r.send);
		CHECK_INT(r.step, 1);
		CHECK_STR(r.why, "FDS: switched off");
	}
	matrix_free(m);
}

/* Somebody who is anything else besides the forces gets nothing either. */
TEST(several_types)
{
	struct matrix *m = shipped();
	struct responder p = somebody(m, "DUTY");
	struct route_query q = QUERY(1, "ATK"), air = QUERY(1, "AIR");

	p.types |= somebody(m, "FDS").types;
	CHECK(!ask(m, &p, &q).send);
	p.types = somebody(m, "CLA").types | somebody(m, "NGO").types;
	CHECK(ask(m, &p, &q).send);		/* A of CLA, V of NGO */
	air.validated = true;
	CHECK(!ask(m, &p, &air).send);		/* V of CLA, N of NGO: deny beats allow */
	p.types = somebody(m, "DUTY").types | somebody(m, "HUM").types;
	CHECK(ask(m, &p, &air).send);		/* the desk sees everything */
	p.types = 0;
	CHECK(!ask(m, &p, &q).send);
	CHECK_STR(ask(m, &p, &q).why, "no type of his is in the matrix");
	p.types = somebody(m, "EOD").types | somebody(m, "MED").types;
	CHECK(ask(m, &p, &q).send);		/* '-' of EOD is no obstacle to A of MED */
	matrix_free(m);
}

static bool
sent_in(const struct matrix *m, const char *type, const char *area, const struct place *where)
{
	struct responder p = somebody(m, type);
	struct route_query q = QUERY(1, "ATK");

	p.everywhere = false;
	p.n_areas = 1;
	snprintf(p.areas[0], sizeof(p.areas[0]), "%s", area);
	q.where = where;
	return ask(m, &p, &q).send;
}

TEST(areas)
{
	static const struct place segue = { .name = "S\u00e9gu\u00e9", .cercle = "Bankass", .c3 = "BKS",
		.region = "Bandiagara" };
	static const struct place inekar = { .name = "In\u00e9kar", .cercle = "In\u00e9kar", .c3 = "INK", .region = "M\u00e9naka",
		.old_cercle = "M\u00e9naka", .old_region = "Gao" };
	struct matrix *m = shipped();

	CHECK(sent_in(m, "PKF", "gao", &inekar));	/* as it was divided before */
	CHECK(sent_in(m, "PKF", "menaka", &inekar));
	CHECK(sent_in(m, "PKF", "inekar", &inekar));
	CHECK(!sent_in(m, "PKF", "kidal", &inekar));
	CHECK(!sent_in(m, "PKF", "", &inekar));
	CHECK(sent_in(m, "PKF", "bankass", &segue));
	CHECK(sent_in(m, "PKF", "bks", &segue));
	CHECK(sent_in(m, "PKF", "bandiagara", &segue));
	CHECK(sent_in(m, "PKF", "segue", &segue));
	CHECK(!sent_in(m, "PKF", "koro", &segue));
	CHECK(!sent_in(m, "PKF", "bank", &segue));
	CHECK(!sent_in(m, "PKF", "", &segue));
	CHECK(!sent_in(m, "PKF", "bankass", NULL));
	CHECK(sent_in(m, "CLA", "koro", NULL));		/* place unknown: any liaison may know */
	CHECK(!sent_in(m, "CLA", "koro", &segue));
	CHECK(sent_in(m, "DUTY", "koro", &segue));	/* no desk covers it: every desk's */
	matrix_free(m);
}

TEST(a_desk_that_covers_the_place_has_it_alone)
{
	struct matrix *m = shipped();
	struct responder v[2] = { somebody(m, "DUTY"), somebody(m, "DUTY") };
	struct roster roster = { v, 2 };
	struct route_query q = QUERY(1, "ATK");
	struct route r[2];

	v[0].everywhere = v[1].everywhere = false;
	v[0].n_areas = v[1].n_areas = 1;
	snprintf(v[0].areas[0], sizeof(v[0].areas[0]), "koro");
	snprintf(v[1].areas[0], sizeof(v[1].areas[0]), "gao");
	route(m, &roster, &q, r);
	CHECK(r[0].send && !r[1].send);
	CHECK_INT(r[1].responder, 1);
	q.where = NULL;
	route(m, &roster, &q, r);
	CHECK(r[0].send && r[1].send);
	matrix_free(m);
}

/* Time alone opens A of the liaison, not the pointer to a case nobody has looked at. */
TEST(release_opens_no_pointer)
{
	struct diags diags;
	struct matrix *m = parse("types DUTY CLA\nTHR A P\nKIL A A\n", &diags);
	struct route_query q = QUERY(1, "THR"), kil = QUERY(1, "KIL");

	q.firing = kil.firing = FIRE_REVIEW;
	q.released = kil.released = true;
	CHECK(m != NULL);
	if (m != NULL) {
		CHECK(!ask_type(m, "CLA", q).send);
		CHECK(ask_type(m, "CLA", kil).send);
	}
	matrix_free(m);
	diags_release(&diags);
}

TEST(tiers)
{
	struct matrix *m = shipped();
	struct responder p = somebody(m, "PKF");
	struct route_query q = QUERY(1, "ATK");

	p.tier = 2;
	q.tier_max = 1;
	CHECK(!ask(m, &p, &q).send);
	CHECK_STR(ask(m, &p, &q).why, "ATK: PKF A: his tier is not told yet");
	q.tier_max = 2;
	CHECK(ask(m, &p, &q).send);
	matrix_free(m);
}

/* DNH-17: the reasons are whole sentences of data, and fit. */
TEST(reasons)
{
	struct matrix *m = shipped();

	CHECK_STR(ask_type(m, "PKF", QUERY(1, "ATK")).why, "ATK: PKF A");
	CHECK_STR(ask_type(m, "PKF", QUERY(2, "ATK", "ABU")).why, "ABU: PKF V: not validated yet");
	CHECK_STR(ask_type(m, "NGO", QUERY(2, "ATK", "ABU")).why, "ABU: NGO N");
	CHECK_STR(ask_type(m, "EOD", QUERY(1, "ATK")).why, "ATK: EOD -");
	CHECK_STR(ask_type(m, "DUTY", QUERY(2, "ATK", "GBV")).why, "ATK: DUTY A");
	CHECK_STR(ask_type(m, "DUTY", QUERY(1, "GBV")).why, "GBV: DUTY C");
	CHECK(!ask_type(m, "DUTY", (struct route_query){ .tier_max = 3, .validated = true }).send);
	matrix_free(m);
}

TEST_MAIN(TEST_ROW(shipped_file_is_the_table), TEST_ROW(every_fault_with_its_place), TEST_ROW(all_faults_at_once),
    TEST_ROW(protected_cells_may_be_closed), TEST_ROW(no_file_opens_a_protected_cell), TEST_ROW(empty_matrix),
    TEST_ROW(strictest_over_all_categories), TEST_ROW(whole_decision), TEST_ROW(forces_are_never_told),
    TEST_ROW(several_types), TEST_ROW(areas), TEST_ROW(a_desk_that_covers_the_place_has_it_alone), TEST_ROW(release_opens_no_pointer), TEST_ROW(tiers),
    TEST_ROW(reasons))
