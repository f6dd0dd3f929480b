/* Other people's place files: three forms, every reason for refusal, aliases, and files that are not to be used. */
#include "logic/placefile.h"
#include "unit/test.h"

static struct buf out;
static struct diags faults;
static struct place_sink sink;

static int
read_text(const char *text, const char *countries)
{
	buf_init(&out, 1u << 20);
	diags_init(&faults);
	sink = (struct place_sink){ .file = "t", .countries = countries, .out = &out, .diags = &faults };
	return placefile_read(&sink, text, strlen(text), NULL, NULL);
}

static void
done(void)
{
	buf_release(&out);
	diags_release(&faults);
}

static const char *
first_fault(void)
{
	return faults.n > 0 ? faults.v[0].what : "";
}

#define GEO(id, name, aliases, lat, lon, code, country) \
	id "\t" name "\t" name "\t" aliases "\t" lat "\t" lon "\tP\t" code "\t" country "\t\t04\t\t\t\t0\t\t270\tAfrica/Bamako\t2012-01-18\n"

TEST(a_geonames_dump)
{
	CHECK_INT(read_text(GEO("2461003", "Ansongo", "ASG,Ansongo,Ansongho,\xD8\xA3\xD9\x86\xD8\xB3,\xE5\xAE\x89,http://x/y",
	    "15.6597", "0.5022", "PPLA2", "ML") GEO("1", "Dori", "", "14.03", "-0.03", "PPL", "BF"), "ML"), 0);
	CHECK_INT(sink.report.read, 2);
	CHECK_INT(sink.report.kept, 1);
	CHECK_INT(sink.report.refused, 1);
	CHECK_STR(buf_str(&out), "Ansongo\t15.65970\t0.50220\tPPLA2\tML\t\t\t\t0\tAnsongho,\xD8\xA3\xD9\x86\xD8\xB3\tGeoNames 2461003\n");
	CHECK_INT(sink.report.aliases, 2);
	CHECK_INT(sink.report.aliases_dropped, 4);	/* airport, the name itself, another script, an address */
	CHECK_STR(first_fault(), "refused: another country than expected");
	CHECK_INT(faults.v[0].line, 2);
	done();
}

TEST(several_countries)
{
	CHECK_INT(read_text(GEO("1", "Dori", "", "14.03", "-0.03", "PPL", "BF") GEO("2", "Koro", "", "14.06", "-3.07", "PPL", "ML"),
	    "ML,BF"), 0);
	CHECK_INT(sink.report.kept, 2);
	done();
	/* Without an expectation each row must lie in its own. */
	CHECK_INT(read_text(GEO("1", "Dori", "", "14.03", "-0.03", "PPL", "BF") GEO("3", "Away", "", "48.85", "2.35", "PPL", "ML"),
	    ""), 0);
	CHECK_INT(sink.report.kept, 1);
	CHECK_STR(first_fault(), "refused: it lies outside the country");
	done();
}

TEST(a_geonames_line_cut_short)
{
	CHECK_INT(read_text(GEO("1", "Koro", "", "14.06", "-3.07", "PPL", "ML") "2\tKoro\tKoro\n", "ML"), 0);
	CHECK_STR(first_fault(), "refused: a line of a GeoNames dump has 19 columns");
	CHECK_INT(faults.v[0].line, 2);
	done();
}

TEST(csv_without_a_header)
{
	CHECK_INT(read_text("Moura,14.4,-4.6,village,Mopti,Djenn\xC3\xA9,\"Mura;Moora,Mourra\"\r\n", "ML"), 0);
	CHECK_STR(buf_str(&out), "Moura\t14.40000\t-4.60000\tPPL\tML\tMopti\tDjenn\xC3\xA9\t\t0\tMura,Moora,Mourra\t\n");
	done();
}

TEST(csv_as_rfc_4180_has_it)
{
	CHECK_INT(read_text("\xEF\xBB\xBF# places\nlon,lat,name,aliases\n-3.5,14.5,\"Ouro \"\"Modi\"\"\",\"a1,\nb2\"\n"
	    "-3.6,14.6,Two,\n", "ML"), 0);
	CHECK_INT(sink.report.kept, 2);
	CHECK_STR(buf_str(&out), "Ouro \"Modi\"\t14.50000\t-3.50000\tPPL\tML\t\t\t\t0\ta1,b2\t\nTwo\t14.60000\t-3.60000\tPPL\tML\t\t\t\t0\t\t\n");
	done();
}

TEST(csv_of_a_french_office)
{
	CHECK_INT(read_text("Nom;Latitude;Longitude;Type;Cercle\nYarou;14,35;-3,61;puits;Bandiagara\n", "ML"), 0);
	CHECK_STR(buf_str(&out), "Yarou\t14.35000\t-3.61000\tWLL\tML\t\tBandiagara\t\t0\t\t\n");
	done();
}

TEST(an_open_quote_costs_one_line)
{
	CHECK_INT(read_text("name,lat,lon\n\"Koro,14.06,-3.07\nBankass,14.07,-3.51\nYoro,14.3,-2.2\n", "ML"), 0);
	CHECK_INT(sink.report.kept, 2);
	CHECK_INT(sink.report.refused, 1);
	CHECK_STR(first_fault(), "refused: a quote is opened here and not closed");
	CHECK_INT(faults.v[0].line, 2);
	done();
}

TEST(lines_are_counted_past_quoted_line_ends)
{
	CHECK_INT(read_text("name,lat,lon,aliases\nA1,14,-3,\"x\ny\"\nB1,14,-3,\nC1,99,-3,\n", "ML"), 0);
	CHECK_INT(faults.n, 1);
	CHECK_INT(faults.v[0].line, 5);
	done();
}

TEST(each_reason_for_refusal)
{
	static const struct {
		const char *row, *why;
	} rows[] = {
		{ ",14,-3,PPL", "refused: it has no name" },
		{ "...,14,-3,PPL", "refused: the name has no letters" },
		{ "Koro,0,0,PPL", "refused: 0,0 is in the sea: the coordinates are missing" },
		{ "Koro,0.0,0.000,PPL", "refused: 0,0 is in the sea: the coordinates are missing" },
		{ "Koro,95,-3,PPL", "refused: impossible coordinates: lat is at most 90, lon at most 180" },
		{ "Koro,14,-181,PPL", "refused: impossible coordinates: lat is at most 90, lon at most 180" },
		{ "Koro,-3.07,14.06,PPL", "refused: lat and lon look swapped" },
		{ "Paris,48.8,2.3,PPL", "refused: it lies outside the country" },
		{ "Koro,nan,-3,PPL", "refused: lat and lon must be decimal degrees, like 14.35 and -3.61" },
		{ "Koro,1e1,-3,PPL", "refused: lat and lon must be decimal degrees, like 14.35 and -3.61" },
		{ "Koro,,,PPL", "refused: lat and lon must be decimal degrees, like 14.35 and -3.61" },
		{ "Koro,14,-3,gare",
		  "refused: unknown kind: a code of GeoNames like PPL, or village, ville, quartier, campement, puits, lieu-dit" },
		{ "K\xC3,14,-3,PPL", "refused: the name is not clean UTF-8 text" },
		{ "A name that goes on and on and on and on and on and on and on and on and on and on and on and on,14,-3,PPL",
		  "refused: the name is too long" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[400];

		snprintf(text, sizeof(text), "name,lat,lon,kind\nBankass,14.07,-3.51,PPLA2\n%s\n", rows[i].row);
		CHECK_INT(read_text(text, "ML"), 0);
		CHECK_MSG(strcmp(first_fault(), rows[i].why) == 0, "%s: %s", rows[i].row, first_fault());
		CHECK_MSG(faults.n == 1 && faults.v[0].line == 3, "%s: line %d", rows[i].row, faults.n > 0 ? faults.v[0].line : 0);
		CHECK_MSG(faults.n == 1 && faults.v[0].level == DIAG_WARNING, "%s", rows[i].row);
		CHECK_INT(sink.report.kept, 1);
		done();
	}
}

TEST(geojson)
{
	static const char text[] = "{\"type\":\"FeatureCollection\",\n"
	    "\"crs\":{\"properties\":{\"name\":\"{[\"}},\n"
	    "\"features\":[\n"
	    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[-4.6,14.4]},\n"
	    "  \"properties\":{\"name\":\"Moura\",\"kind\":\"PPL\",\"admin2\":\"Djenn\\u00e9\",\"aliases\":[\"Mura\",\"MRA\",7]}},\n"
	    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[14.4,-4.6]},\"properties\":{\"name\":\"Swap\"}},\n"
	    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[-4.1,14.5]},\"properties\":{\"name\":\"Konna\","
	    "\"population\":12000}},\n"
	    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[]},\"properties\":null}\n]}\n";

	CHECK_INT(read_text(text, "ML"), 0);
	CHECK_STR(buf_str(&out), "Moura\t14.40000\t-4.60000\tPPL\tML\t\tDjenn\xC3\xA9\t\t0\tMura\t\n"
	    "Konna\t14.50000\t-4.10000\tPPL\tML\t\t\t\t12000\t\t\n");
	CHECK_INT(faults.n, 2);
	CHECK_STR(faults.v[0].what, "refused: lat and lon look swapped");
	CHECK_INT(faults.v[0].line, 6);
	CHECK_STR(faults.v[1].what, "refused: it is not a Point");
	CHECK_INT(faults.v[1].line, 8);
	done();
}

TEST(one_geojson_feature)
{
	CHECK_INT(read_text("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[-4,14]},"
	    "\"properties\":{\"nom\":\"Solo\"}}", ""), 0);
	CHECK_STR(buf_str(&out), "Solo\t14.00000\t-4.00000\tPPL\t\t\t\t\t0\t\t\n");
	done();
}

TEST(files_that_are_not_to_be_used)
{
	static const char *const texts[] = {
		"", "\n\n# only a comment\n", "name,lat,lon\n", "{\"type\":\"FeatureCollection\",\"features\":[]}",
		"{\"type\":\"Feature", "[1,2]", "{}", "\x1F\x8B\x08\x00\x00", "name,lat,lon\nA1,14,-3\nB1,0,0\nC1,99,0\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_MSG(read_text(texts[i], "ML") == -1, "'%s' is taken", texts[i]);
		CHECK_MSG(faults.errors > 0, "'%s' without a fault", texts[i]);
		done();
	}
}

TEST(more_than_there_is_room_for)
{
	static const char row[] = "name,lat,lon\nKoro,14.06,-3.07\n";

	buf_init(&out, 10);
	diags_init(&faults);
	sink = (struct place_sink){ .file = "t", .countries = "", .out = &out, .diags = &faults };
	CHECK_INT(placefile_read(&sink, row, strlen(row), NULL, NULL), -1);
	CHECK_STR(first_fault(), "more places than memory is set aside for");
	done();
}

static size_t told, last_done;

static void
on_progress(void *arg, size_t bytes, size_t total)
{
	CHECK(arg == &told && bytes >= last_done && bytes <= total);
	last_done = bytes;
	told++;
}

TEST(progress_is_told)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	buf_adds(&text, "name,lat,lon\n");
	for (int i = 0; i < 9000; i++)
		buf_addf(&text, "Place%d,14.5,-3.5\n", i);
	buf_init(&out, 1u << 20);
	diags_init(&faults);
	sink = (struct place_sink){ .file = "t", .countries = "", .out = &out, .diags = &faults };
	CHECK_INT(placefile_read(&sink, text.p, text.len, on_progress, &told), 0);
	CHECK_INT(told, 3);
	CHECK_INT(sink.report.kept, 9000);
	buf_release(&text);
	done();
}

TEST_MAIN(TEST_ROW(a_geonames_dump), TEST_ROW(several_countries), TEST_ROW(a_geonames_line_cut_short),
    TEST_ROW(csv_without_a_header), TEST_ROW(csv_as_rfc_4180_has_it), TEST_ROW(csv_of_a_french_office),
    TEST_ROW(an_open_quote_costs_one_line), TEST_ROW(lines_are_counted_past_quoted_line_ends),
    TEST_ROW(each_reason_for_refusal), TEST_ROW(geojson), TEST_ROW(one_geojson_feature),
    TEST_ROW(files_that_are_not_to_be_used), TEST_ROW(more_than_there_is_room_for), TEST_ROW(progress_is_told))
