/* Areas: GeoJSON in, faults told, and which areas hold a point. */
#include "logic/area.h"
#include "unit/test.h"

#include "base/buf.h"

#include <math.h>

#define FEATURE(properties, geometry)	"{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" geometry "}"
#define COLLECTION(features)	"{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define POLYGON(rings)		"{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define SQUARE(w, s, e, n)	"[[" w "," s "],[" e "," s "],[" e "," n "],[" w "," n "],[" w "," s "]]"

struct read {
	struct areas *a;
	struct diags diags;
	struct buf said;
};

static struct read
read_bytes(const char *bytes, size_t len)
{
	struct read r;

	diags_init(&r.diags);
	buf_init(&r.said, 100000);
	r.a = areas_new("z.geojson", bytes, len, &r.diags);
	diags_print(&r.diags, &r.said);
	return r;
}

static struct read
read_text(const char *json)
{
	return read_bytes(json, strlen(json));
}

static void
release(struct read *r)
{
	areas_free(r->a);
	diags_release(&r->diags);
	buf_release(&r->said);
}

/* The names of the areas at a point, in order: "Koro Mopti". */
static const char *
at(const struct areas *a, double lat, double lon)
{
	static char text[200];
	uint32_t v[8];
	size_t	 n = areas_find(a, lat, lon, v, 8), len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n && i < 8 && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i > 0 ? " " : "", areas_name(a, v[i]));
	return text;
}

static const char several[] = COLLECTION(
    FEATURE("{\"name\":\"Mopti\"}", POLYGON(SQUARE("-5", "13", "-1", "16"))) ","
    FEATURE("{\"ADM2_FR\":\"K\xC3\xB4ro\"}", POLYGON(SQUARE("-4", "13.5", "-2.5", "14.5") "," SQUARE("-3.2", "14.0", "-3.0", "14.2"))) ","
    FEATURE("{\"nom\":\"\xC3\x8Eles\"}", "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE("0", "0", "1", "1") "],[" SQUARE("2", "0", "3", "1") "]]}") ","
    FEATURE("{\"name\":\"iles\"}", POLYGON(SQUARE("4", "0", "5", "1"))) ","
    FEATURE("{\"name\":\"Axe\",\"radius_km\":10}", "{\"type\":\"Point\",\"coordinates\":[-3.5159,14.0775]}") ","
    FEATURE("{\"name\":\"Tournee\",\"places\":[\"Bankass\",\"SOK\"]}", "null"));

TEST(areas_hold_points)
{
	struct read r = read_text(several);

	CHECK_STR(buf_str(&r.said), "");
	CHECK_INT(areas_count(r.a), 5);
	CHECK_STR(areas_name(r.a, 1), "K\xC3\xB4ro");
	CHECK_STR(areas_folded(r.a, 1), "koro");
	CHECK_STR(areas_folded(r.a, 2), "iles");
	CHECK_STR(at(r.a, 14, -4.5), "Mopti");
	CHECK_STR(at(r.a, 14, -2.6), "K\xC3\xB4ro Mopti");		/* the smaller first */
	CHECK_STR(at(r.a, 14.1, -3.1), "Mopti");			/* the hole */
	CHECK_STR(at(r.a, 14.0775, -3.52), "Axe K\xC3\xB4ro Mopti");
	CHECK_STR(at(r.a, 14.0775 + 9.9 / 110.64, -3.5159), "Axe K\xC3\xB4ro Mopti");
	CHECK_STR(at(r.a, 14.0775 + 10.1 / 110.64, -3.5159), "K\xC3\xB4ro Mopti");
	CHECK_STR(at(r.a, 14.0775 + 8 / 110.64, -3.5159 + 8 / 107.9), "K\xC3\xB4ro Mopti");	/* in the circle's box */
	CHECK_STR(at(r.a, 0.5, 0.5), "\xC3\x8Eles");
	CHECK_STR(at(r.a, 0.5, 4.5), "\xC3\x8Eles");			/* another feature, the same folded name */
	CHECK_STR(at(r.a, 0.5, 1.5), "");
	CHECK_STR(at(r.a, NAN, 1.5), "");
	CHECK_INT(areas_find(r.a, 14, -2.6, NULL, 0), 2);
	release(&r);
}

TEST(places_are_listed)
{
	struct read r = read_text(several);
	struct place p = { .name = "Bankass", .cercle = "Bankass", .c3 = "BKS", .lat_deg = 14.0775, .lon_deg = -3.5159 };
	uint32_t v[4];

	CHECK_INT(areas_match(r.a, &p, v, 4), 4);
	CHECK_STR(areas_name(r.a, v[0]), "Tournee");
	CHECK_STR(areas_name(r.a, v[1]), "Axe");
	CHECK_STR(areas_name(r.a, v[3]), "Mopti");
	CHECK_INT(areas_match(r.a, &p, v, 1), 4);
	CHECK_STR(areas_name(r.a, v[0]), "Tournee");
	p = (struct place){ .name = "Sokoura", .c3 = "SOK", .lat_deg = 40, .lon_deg = 40 };
	CHECK_INT(areas_match(r.a, &p, v, 4), 1);
	p = (struct place){ .name = "", .lat_deg = 40, .lon_deg = 40 };
	CHECK_INT(areas_match(r.a, &p, v, 4), 0);
	release(&r);
}

TEST(circles_at_the_pole_and_the_antimeridian)
{
	struct read r = read_text(COLLECTION(
	    FEATURE("{\"name\":\"Pole\",\"radius_km\":100}", "{\"type\":\"Point\",\"coordinates\":[10,89.5]}") ","
	    FEATURE("{\"name\":\"Fidji\",\"radius_m\":200000}", "{\"type\":\"Point\",\"coordinates\":[179.5,-17]}")));

	CHECK_STR(at(r.a, 89.9, -170), "Pole");
	CHECK_STR(at(r.a, 88.5, -170), "");
	CHECK_STR(at(r.a, -17, -179.2), "Fidji");
	CHECK_STR(at(r.a, -17, -178), "");
	release(&r);
}

TEST(faults_are_told_and_the_rest_is_kept)
{
#define GOOD	FEATURE("{\"name\":\"Bon\"}", POLYGON(SQUARE("0", "0", "1", "1")))
	static const struct { const char *feature, *want; bool kept; } bad[] = {
		{ FEATURE("{}", POLYGON(SQUARE("0", "0", "1", "1"))), "error: feature 1: no property 'name'", false },
		{ FEATURE("{\"name\":\"\"}", POLYGON(SQUARE("0", "0", "1", "1"))), "error: feature 1: no property 'name'", false },
		{ FEATURE("{\"name\":7}", POLYGON(SQUARE("0", "0", "1", "1"))), "error: feature 1: no property 'name'", false },
		{ FEATURE("{\"name\":\"Un nom si long que personne ne le lit en entier, ni ne le retient\"}", POLYGON(SQUARE("0", "0", "1", "1"))), "empty or too long", false },
		{ FEATURE("{\"name\":\"A\"}", "null"), "error: feature 1 ('A'): not a Polygon", false },
		{ FEATURE("{\"name\":\"A\"}", "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}"), "error: feature 1 ('A'): not a Polygon", false },
		{ FEATURE("{\"name\":\"A\"}", "{\"type\":\"Polygon\"}"), "a polygon without a ring", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("")), "a polygon without a ring", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("[]")), "a ring without points", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("[[0,0],[1,1],[0,0]]")), "fewer than three", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("[[0,0],[1,1],[2,2],[0,0]]")), "encloses nothing", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("[[0,0],[1,\"x\"],[2,2],[0,0]]")), "a point that is not [longitude, latitude]", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON(SQUARE("442000", "1555000", "443000", "1556000"))), "degrees", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON(SQUARE("0", "0", "1", "1") ",[[0.1,0.1]]")), "fewer than three", false },
		{ FEATURE("{\"name\":\"A\"}", "{\"type\":\"MultiPolygon\",\"coordinates\":[]}"), "without polygons", false },
		{ FEATURE("{\"name\":\"A\"}", "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE("0", "0", "1", "1") "],[[]]]}"), "a ring without points", false },
		{ FEATURE("{\"name\":\"A\"}", "{\"type\":\"Point\",\"coordinates\":[0,0]}"), "needs 'radius_m'", false },
		{ FEATURE("{\"name\":\"A\",\"radius_m\":-5}", "{\"type\":\"Point\",\"coordinates\":[0,0]}"), "needs 'radius_m'", false },
		{ FEATURE("{\"name\":\"A\",\"radius_m\":5}", "{\"type\":\"Point\",\"coordinates\":[0,91]}"), "[longitude, latitude]", false },
		{ FEATURE("{\"name\":\"A\",\"places\":[]}", "null"), "'places' is not a list", false },
		{ FEATURE("{\"name\":\"A\",\"places\":[7]}", "null"), "'places' holds", false },
		{ FEATURE("{\"name\":\"A\",\"places\":\"Koro\"}", "null"), "'places' is not a list", false },
		{ FEATURE("{\"name\":\"A\"}", POLYGON("[[0,0],[1,0],[1,1],[0,1]]")), "warning: feature 1 ('A'): a ring that does not end", true },
		{ "7", "error: feature 1: no property 'name'", false },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char	 json[1500];
		struct read r;

		snprintf(json, sizeof(json), COLLECTION("%s,%s"), bad[i].feature, GOOD);
		r = read_text(json);
		CHECK_MSG(r.diags.n == 1 && strstr(buf_str(&r.said), bad[i].want) != NULL, "row %zu: %s", i, buf_str(&r.said));
		CHECK_MSG(r.a != NULL && areas_count(r.a) == (bad[i].kept ? 2 : 1), "row %zu", i);
		if (r.a != NULL)
			CHECK_MSG(strstr(at(r.a, 0.5, 0.5), "Bon") != NULL, "row %zu: '%s'", i, at(r.a, 0.5, 0.5));
		release(&r);
	}
}

/* A faulty feature takes nothing away from the good one of its name. */
TEST(half_a_feature_is_not_kept)
{
	struct read r = read_text(COLLECTION(GOOD ","
	    FEATURE("{\"name\":\"Bon\",\"places\":[\"Koro\",7]}", POLYGON(SQUARE("5", "5", "6", "6")))));
	struct place p = { .name = "Koro", .lat_deg = 40, .lon_deg = 40 };
	uint32_t v[2];

	CHECK_INT(r.diags.errors, 1);
	CHECK_STR(at(r.a, 0.5, 0.5), "Bon");
	CHECK_STR(at(r.a, 5.5, 5.5), "");
	CHECK_INT(areas_match(r.a, &p, v, 2), 0);
	release(&r);
}

TEST(files_that_are_none)
{
	static const struct { const char *json, *want; } bad[] = {
		{ "", "not JSON" }, { "{", "z.geojson:1: error: not JSON" }, { "{\n\n}}", "z.geojson:3: error: not JSON" }, { "[]", "not a GeoJSON" }, { "{}", "not a GeoJSON" },
		{ "{\"type\":\"FeatureCollection\"}", "not a GeoJSON" }, { "{\"type\":\"FeatureCollection\",\"features\":{}}", "not a GeoJSON" },
		{ "{\"type\":\"Topology\",\"features\":[]}", "not a GeoJSON" }, { "{\"type\":\"FeatureCollection\",\"features\":[]}", "no area" },
		{ COLLECTION("7"), "no area" }, { "{\"a\":\"\xFF\"}", "not JSON" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct read r = read_text(bad[i].json);

		CHECK_MSG(r.a == NULL, "'%s' is taken", bad[i].json);
		CHECK_MSG(strstr(buf_str(&r.said), bad[i].want) != NULL, "'%s': %s", bad[i].json, buf_str(&r.said));
		release(&r);
	}
}

TEST(a_feature_alone_a_mark_and_a_crs)
{
	struct read r = read_text("\xEF\xBB\xBF{\"crs\":{},\"type\":\"Feature\",\"properties\":{\"name\":\"A\"},\"geometry\":" POLYGON(SQUARE("0", "0", "1", "1")) "}");

	CHECK_INT(r.diags.warnings, 1);
	CHECK_STR(at(r.a, 0.5, 0.5), "A");
	release(&r);
}

static void
add_ring(struct buf *b, double lat, double lon, double size, size_t n)
{
	buf_addc(b, '[');
	for (size_t i = 0; i <= n; i++) {
		double	 angle = 2 * M_PI * (double)(i % n) / (double)n;

		buf_addf(b, "%s[%.9f,%.9f]", i > 0 ? "," : "", lon + size * cos(angle), lat + size * sin(angle));
	}
	buf_addc(b, ']');
}

/* A file at its ceilings is refused in words, not by running out of anything. */
TEST(ceilings)
{
	struct buf b;
	struct read r;

	buf_init(&b, 2 * AREAS_BYTES_MAX);
	buf_adds(&b, "{\"type\":\"Feature\",\"properties\":{\"name\":\"A\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[");
	for (int i = 0; i < 1300000; i++)
		buf_adds(&b, "[0,0],");
	buf_adds(&b, "[]]}}");
	r = read_bytes(buf_str(&b), b.len);
	CHECK_MSG(r.a == NULL && strstr(buf_str(&r.said), "too many holes") != NULL, "%s", buf_str(&r.said));
	release(&r);
	buf_clear(&b);
	buf_adds(&b, "{\"type\":\"Feature\",\"properties\":{\"name\":\"A\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
	for (int i = 0; i <= AREAS_POINTS_MAX; i++)
		buf_adds(&b, "[0,0],");
	buf_adds(&b, "[0,0]]]}}");
	r = read_bytes(buf_str(&b), b.len);
	CHECK_MSG(r.a == NULL && strstr(buf_str(&r.said), "too many points") != NULL, "%s", buf_str(&r.said));
	release(&r);
	buf_clear(&b);
	while (b.len <= AREAS_BYTES_MAX)
		buf_adds(&b, "                                ");
	r = read_bytes(buf_str(&b), b.len);
	CHECK_MSG(r.a == NULL && strstr(buf_str(&r.said), "larger than 8 MB") != NULL, "%s", buf_str(&r.said));
	release(&r);
	buf_release(&b);
}

TEST(one_huge_ring)
{
	struct buf b;
	struct read r;

	buf_init(&b, AREAS_BYTES_MAX);
	buf_adds(&b, "{\"type\":\"Feature\",\"properties\":{\"name\":\"A\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[");
	add_ring(&b, 14, -3, 2, 200000);
	buf_adds(&b, "]}}");
	r = read_bytes(buf_str(&b), b.len);
	CHECK_STR(buf_str(&r.said), "");
	for (int i = 0; i < 300; i++) {
		double	 angle = test_below(6284) / 1e3, far = test_below(2) ? 1.9999 : 2.0001;

		CHECK_MSG((at(r.a, 14 + far * sin(angle), -3 + far * cos(angle))[0] != '\0') == (far < 2), "%.3f %.4f", angle, far);
	}
	release(&r);
	buf_release(&b);
}

static double
row_lat(int i)
{
	int	 row = i / 50;

	return 10 + row * 0.2;
}

/* Many areas side by side: each point lies in the one it was made for. */
TEST(many_areas)
{
	struct buf b;
	struct read r;
	uint32_t v[4];

	buf_init(&b, AREAS_BYTES_MAX);
	buf_adds(&b, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (int i = 0; i < 2000; i++) {
		buf_addf(&b, "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"z%d\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[", i > 0 ? "," : "", i);
		add_ring(&b, row_lat(i), -10 + i % 50 * 0.2, 0.09, 40);
		buf_adds(&b, "]}}");
	}
	buf_adds(&b, "]}");
	r = read_bytes(buf_str(&b), b.len);
	CHECK_INT(areas_count(r.a), 2000);
	for (int i = 0; i < 2000; i++) {
		char	 name[16];

		snprintf(name, sizeof(name), "z%d", i);
		CHECK_INT(areas_find(r.a, row_lat(i) + 0.05, -10 + i % 50 * 0.2 - 0.05, v, 4), 1);
		CHECK_STR(areas_name(r.a, v[0]), name);
		CHECK_INT(areas_find(r.a, row_lat(i) + 0.095, -10 + i % 50 * 0.2, v, 4), 0);
	}
	release(&r);
	buf_release(&b);
}

TEST_MAIN(TEST_ROW(areas_hold_points), TEST_ROW(places_are_listed), TEST_ROW(circles_at_the_pole_and_the_antimeridian),
    TEST_ROW(faults_are_told_and_the_rest_is_kept), TEST_ROW(half_a_feature_is_not_kept), TEST_ROW(files_that_are_none),
    TEST_ROW(a_feature_alone_a_mark_and_a_crs), TEST_ROW(ceilings), TEST_ROW(one_huge_ring), TEST_ROW(many_areas))
