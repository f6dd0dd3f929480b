/* The gazetteer: reading, faults line by line, folding of names, order of homonyms, seats, and size. */
#include "logic/gazetteer.h"
#include "logic/normalize.h"
#include "unit/test.h"

#include "base/files.h"

static const char header[] = "name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\tsource\n";

static const char small[] =
    "# places\n"
    "name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\tsource\n"
    "Koro\t14.064\t-3.07539\tPPLA2\tML\tBandiagara\tKoro\tKOR\t15000\t\tx\n"
    "Koro\t12.5\t-6.5\tPPL\tML\tSikasso\tSikasso\tSIK\t90000\t\tx\n"
    "Koro\t13.5\t-5.5\tHLL\tML\t\t\t\t\t\tx\n"
    "In-\xC3\x89kar\t15.95944\t3.14111\tPPL\tML\tM\xC3\xA9naka\tM\xC3\xA9naka\tMEN\t8714\tInekari\tx\n"
    "N'Tillit\t15.546\t-0.46\tPPL\tML\tGao\tGao\tGAO\t0\t\xD8\xA7\xD9\x86,Ntillit\tx\n"
    "S\xC3\xA9varou\t14.5\t-4.1\tPPL\tML\tMopti\tMopti\tMOP\t10\t\tx\n"
    "Toya Bambara Peulh\t14.6\t-4.2\tPPL\tML\tMopti\tMopti\tMOP\t10\t\tx\n"
    "Gao\t16.27167\t-0.04472\tPPLA\tML\tGao\tGao\tGAO\t87000\tGawo\tx\n";

static struct diags faults;

static struct gazetteer *
load(const char *text)
{
	diags_init(&faults);
	return gazetteer_new(&(struct gazetteer_source){ "test.tsv", text, strlen(text) }, 1, &faults);
}

static void
done(struct gazetteer *g)
{
	gazetteer_free(g);
	diags_release(&faults);
}

static size_t
find(const struct gazetteer *g, const char *name, uint32_t *out, size_t max)
{
	char	 folded[200];
	int	 len = normalize_fold(name, strlen(name), folded, sizeof(folded));

	return len < 0 ? 0 : gazetteer_find(g, folded, (size_t)len, out, max);
}

/* Each file has a header and lines of its own; a fault names its file. */
TEST(several_files_are_one_gazetteer)
{
	static const char imported[] = "lat\tlon\tname\told_region\told_cercle\tregion\n14.9\t-4.9\tTogu\tMopti\tDjenne\tSan\n95\t0\tBad\n";
	const struct gazetteer_source v[] = {
		{ "shipped.tsv", small, strlen(small) }, { "imported.tsv", imported, strlen(imported) },
		{ "added.tsv", "Nouveau\t14.1\t-4.1\n", 18 }, { "empty.tsv", "", 0 },
	};
	struct gazetteer *g;
	uint32_t at[4] = { 0 };

	diags_init(&faults);
	g = gazetteer_new(v, 4, &faults);
	CHECK(g != NULL);
	if (g == NULL)
		return;
	CHECK_INT(gazetteer_rows(g), 10);
	CHECK_INT(faults.errors, 1);
	CHECK_INT(faults.warnings, 1);
	CHECK_INT(faults.v[0].line, 3);
	CHECK_STR(faults.v[0].file, "imported.tsv");
	CHECK_INT(find(g, "nouveau", at, 4), 1);
	CHECK_INT(find(g, "togu", at, 4), 1);
	CHECK_STR(gazetteer_row(g, at[0])->old_region, "Mopti");
	CHECK_STR(gazetteer_row(g, at[0])->old_cercle, "Djenne");
	CHECK_STR(gazetteer_row(g, at[0])->region, "San");
	CHECK_INT(find(g, "gawo", at, 4), 1);
	CHECK_STR(gazetteer_row(g, at[0])->old_region, "");
	done(g);
	diags_init(&faults);
	CHECK(gazetteer_new(v + 3, 1, &faults) == NULL);
	CHECK_INT(faults.errors, 1);
	diags_release(&faults);
}

TEST(a_row_is_read_whole)
{
	struct gazetteer *g = load(small);
	const struct gazetteer_row *row;
	uint32_t at[4] = { 0 };

	CHECK(g != NULL);
	if (g == NULL)
		return;
	CHECK_INT(faults.n, 0);
	CHECK_INT(gazetteer_rows(g), 8);
	CHECK_INT(find(g, "gawo", at, 4), 1);
	row = gazetteer_row(g, at[0]);
	CHECK_STR(row->name, "Gao");
	CHECK_STR(row->kind, "PPLA");
	CHECK_STR(row->region, "Gao");
	CHECK_STR(row->cercle, "Gao");
	CHECK_STR(row->c3, "GAO");
	CHECK_STR(row->country, "ML");
	CHECK_INT(row->population, 87000);
	CHECK_INT(row->rank, RANK_REGION_SEAT);
	CHECK_NEAR(row->lat_deg, 16.27167, 1e-9);
	CHECK_NEAR(row->lon_deg, -0.04472, 1e-9);
	done(g);
}

TEST(spellings_meet)
{
	static const struct { const char *text; size_t n; } cases[] = {
		{ "Inekar", 1 }, { "in ekar", 1 }, { "in-ekar", 1 }, { "I-n-\xC3\x89kar", 1 }, { "i n ekar", 1 }, { "INEKAR", 1 },
		{ "inekari", 1 }, { "ntillit", 1 }, { "n tillit", 1 }, { "N\xE2\x80\x99Tillit", 1 }, { "n-tillit", 1 },
		{ "sevarou", 1 }, { "se-varou", 1 }, { "se varou", 0 }, { "g ao", 0 }, { "ga o", 0 }, { "ga-o", 1 },
		{ "toya bambara peulh", 1 }, { "toya-bambara-peulh", 1 }, { "toyabambarapeulh", 1 }, { "toya bambarapeulh", 1 },
		{ "toya bam bara peulh", 0 }, { "toya", 0 }, { "toya bambara", 0 }, { "gao, koro", 0 }, { "gao.", 0 }, { "", 0 },
		{ "\xD8\xA7\xD9\x86", 1 }, { "-", 0 }, { "koro", 3 },
	};
	struct gazetteer *g = load(small);

	for (size_t i = 0; g != NULL && i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t	 n = find(g, cases[i].text, NULL, 0);

		CHECK_MSG(n == cases[i].n, "'%s' finds %zu places, not %zu", cases[i].text, n, cases[i].n);
	}
	done(g);
}

TEST(homonyms_come_by_rank_then_population)
{
	struct gazetteer *g = load(small);
	uint32_t at[2] = { 99, 99 };

	CHECK_INT(find(g, "koro", at, 2), 3);
	CHECK_STR(gazetteer_row(g, at[0])->kind, "PPLA2");
	CHECK_STR(gazetteer_row(g, at[1])->kind, "PPL");
	done(g);
}

TEST(each_faulty_line_is_named_and_skipped)
{
	static const struct { const char *line, *what; } cases[] = {
		{ "Ber\t16.8", "columns are missing: at least name, latitude and longitude are needed" },
		{ "\t16.8\t-2.5", "a place without a name" },
		{ "Ber\t96.8\t-2.5", "not a latitude between -90 and 90" },
		{ "Ber\t16.8\t-182.5", "not a longitude between -180 and 180" },
		{ "Ber\t0\t0.0", "0,0 is no place: the coordinates were left out" },
		{ "Ber\tnan\t1", "not a latitude between -90 and 90" },
		{ "Ber\t0x1p3\t1", "not a latitude between -90 and 90" },
		{ "Ber\t16,8\t1", "not a latitude between -90 and 90" },
		{ "Ber\t16.8\t", "not a longitude between -180 and 180" },
		{ "Ber\t1.2.3\t1", "not a latitude between -90 and 90" },
		{ "--\t16.8\t1", "a name without letters" },
		{ "B\xFF\t16.8\t1", "a name that is not plain UTF-8 text" },
		{ "B\001r\t16.8\t1", "a name that is not plain UTF-8 text" },
		{ "A name that is much longer than any place has ever had\t16.8\t1", "a name of more than 47 bytes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char	 text[400];
		struct gazetteer *g;

		snprintf(text, sizeof(text), "%s%s\nGao\t16.27\t-0.04\n", header, cases[i].line);
		g = load(text);
		CHECK_MSG(g != NULL && gazetteer_rows(g) == 1, "case %zu: the good line is lost", i);
		CHECK_MSG(faults.n == 1 && faults.errors == 1, "case %zu: %zu faults", i, faults.n);
		if (faults.n == 1) {
			CHECK_INT(faults.v[0].line, 2);
			CHECK_STR(faults.v[0].what, cases[i].what);
		}
		done(g);
	}
}

TEST(nothing_left_is_no_gazetteer)
{
	static const char *const cases[] = { "", "# only\n", "name\tlat\tlon\n", "x\n", "\n\n\r\n", "Ber\t0\t0\n" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gazetteer *g = load(cases[i]);

		CHECK_MSG(g == NULL && faults.errors > 0, "case %zu", i);
		done(g);
	}
}

TEST(columns_by_name_in_any_order)
{
	struct gazetteer *g = load("\xEF\xBB\xBFlon\tlat\tnote\tname\r\n-2.5\t16.8\tx\tBer\r\n");
	uint32_t at[1] = { 0 };

	CHECK_INT(faults.n, 0);
	CHECK(g != NULL && find(g, "ber", at, 1) == 1);
	if (g != NULL)
		CHECK_NEAR(gazetteer_row(g, at[0])->lat_deg, 16.8, 1e-9);
	done(g);
}

TEST(a_geonames_dump_is_read_as_published)
{
	struct gazetteer *g = load(
	    "Gao\t16.27167\t-0.04472\tPPLA\n"
	    "2453348\tMopti\tMopti\tMZI,Moptis,\xD0\x9C\xD0\xBE\xD0\xBF\xD1\x82\xD0\xB8,\xD9\x85\xD9\x88\xD8\xA8\xD8\xAA\xD9\x8A\t14.4843\t"
	    "-4.18296\tP\tPPLA\tML\t\t04\t\t\t\t108456\t\t276\tAfrica/Bamako\t2021-03-09\n"
	    "9\tBroken\tBroken\t\t0\t0\tP\tPPL\tML\t\t04\t\t\t\t0\t\t276\tAfrica/Bamako\t2021-03-09\n"
	    "name\tlat\tlon\n"
	    "Ber\t16.8\t-2.5\n");
	uint32_t at[1] = { 0 };

	CHECK_INT(faults.errors, 0);
	CHECK_INT(faults.warnings, 1);
	CHECK(g != NULL && gazetteer_rows(g) == 3);
	if (g == NULL)
		return;
	CHECK_INT(find(g, "moptis", at, 1), 1);
	CHECK_INT(gazetteer_row(g, at[0])->population, 108456);
	CHECK_INT(gazetteer_row(g, at[0])->rank, RANK_REGION_SEAT);
	CHECK_INT(find(g, "\xD9\x85\xD9\x88\xD8\xA8\xD8\xAA\xD9\x8A", at, 1), 1);
	CHECK_INT(find(g, "mzi", at, 1), 0);
	CHECK_INT(find(g, "\xD0\xBC\xD0\xBE\xD0\xBF\xD1\x82\xD0\xB8", at, 1), 0);
	CHECK_INT(find(g, "ber", at, 1), 1);
	done(g);
}

TEST(the_nearest_seat)
{
	struct gazetteer *g = load(small);
	double	 metres;
	long	 seat = gazetteer_nearest_seat(g, NULL, 14.1, -3.1, &metres);

	CHECK(seat >= 0 && strcmp(gazetteer_row(g, (size_t)seat)->c3, "KOR") == 0);
	CHECK_NEAR(metres, 4800, 200);
	done(g);
	g = load("Ber\t16.8\t-2.5\tPPL\n");
	CHECK_INT(gazetteer_nearest_seat(g, NULL, 14, -3, &metres), -1);
	done(g);
}

/* Every name that goes in comes out, also when many share a bucket; and nothing that did not go in. */
TEST(ten_thousand_names)
{
	struct buf text;
	struct gazetteer *g;

	buf_init(&text, 1 << 24);
	for (unsigned i = 0; i < 10000; i++)
		buf_addf(&text, "Village %u\t%.4f\t%.4f\tPPL\tML\t\t\t\t\tAlias%u\n", i, 10 + i * 1e-3, -8 + i * 1e-3, i);
	diags_init(&faults);
	g = gazetteer_new(&(struct gazetteer_source){ "many.tsv", buf_str(&text), text.len }, 1, &faults);
	CHECK(g != NULL && gazetteer_rows(g) == 10000);
	for (unsigned i = 0; g != NULL && i < 10000; i++) {
		char	 name[40];
		uint32_t at[2] = { 0 };

		snprintf(name, sizeof(name), "village %u", i);
		CHECK_MSG(find(g, name, at, 2) == 1 && at[0] == i, "'%s'", name);
		snprintf(name, sizeof(name), "alias%u", i);
		CHECK_MSG(find(g, name, at, 2) == 1 && at[0] == i, "'%s'", name);
		snprintf(name, sizeof(name), "village %u", i + 10000);
		CHECK_MSG(find(g, name, at, 2) == 0, "'%s'", name);
	}
	done(g);
	buf_release(&text);
}

/* What the package ships has no fault, every row has a cercle with a code, and no code means two cercles. */
TEST(the_shipped_gazetteer_is_sound)
{
	struct buf text;
	struct gazetteer *g;

	buf_init(&text, 1 << 24);
	diags_init(&faults);
	CHECK_INT(file_read("rules/gazetteer.tsv", &text), 0);
	g = gazetteer_new(&(struct gazetteer_source){ "gazetteer.tsv", buf_str(&text), text.len }, 1, &faults);
	CHECK_INT(faults.n, 0);
	CHECK(g != NULL && gazetteer_rows(g) > 300);
	for (size_t i = 0; g != NULL && i < gazetteer_rows(g); i++) {
		const struct gazetteer_row *a = gazetteer_row(g, i);

		CHECK_MSG(strlen(a->c3) == 3 && a->cercle[0] != '\0' && a->region[0] != '\0', "%s has no cercle", a->name);
		for (size_t j = 0; j < i; j++) {
			const struct gazetteer_row *b = gazetteer_row(g, j);

			CHECK_MSG((strcmp(a->c3, b->c3) == 0) == (strcmp(a->cercle, b->cercle) == 0),
			    "%s: %s or %s", a->c3, a->cercle, b->cercle);
		}
	}
	done(g);
	buf_release(&text);
}

TEST_MAIN(TEST_ROW(several_files_are_one_gazetteer), TEST_ROW(a_row_is_read_whole), TEST_ROW(spellings_meet), TEST_ROW(homonyms_come_by_rank_then_population),
    TEST_ROW(each_faulty_line_is_named_and_skipped), TEST_ROW(nothing_left_is_no_gazetteer),
    TEST_ROW(columns_by_name_in_any_order), TEST_ROW(a_geonames_dump_is_read_as_published),
    TEST_ROW(the_nearest_seat), TEST_ROW(ten_thousand_names), TEST_ROW(the_shipped_gazetteer_is_sound))
