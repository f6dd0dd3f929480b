/* Coordinates in texts: every spelling, what is no coordinate, and distances. */
#include "logic/coordinates.h"
#include "unit/test.h"

#include <math.h>

struct written {
	const char *text;
	double	 lat, lon;
	uint32_t precision_m;
	const char *bytes;
};

static const struct written good[] = {
	{ "14.35 -3.61", 14.35, -3.61, 1112, "14.35 -3.61" },
	{ "attaque 14,35N 3,61W vite", 14.35, -3.61, 1112, "14,35N 3,61W" },
	{ "attaque 14,0667N 3,0833O", 14.0667, -3.0833, 11, "14,0667N 3,0833O" },
	{ "geo:14.35,-3.61", 14.35, -3.61, 1112, "geo:14.35,-3.61" },
	{ "geo:14.35,3.61;u=35", 14.35, 3.61, 1112, "geo:14.35,3.61" },
	{ "lat 14.35 lon -3.61", 14.35, -3.61, 1112, "lat 14.35 lon -3.61" },
	{ "Lat: 14.35, Long: 3.6", 14.35, 3.6, 11120, "Lat: 14.35, Long: 3.6" },
	{ "N14.35 O3.61", 14.35, -3.61, 1112, "N14.35 O3.61" },
	{ "N 14.35, E 3.61", 14.35, 3.61, 1112, "N 14.35, E 3.61" },
	{ "3.61W 14.35N", 14.35, -3.61, 1112, "3.61W 14.35N" },
	{ "14.35 nord, 3.61 ouest", 14.35, -3.61, 1112, "14.35 nord, 3.61 ouest" },
	{ "33.5S 70.6W", -33.5, -70.6, 11120, "33.5S 70.6W" },
	{ "14,350123,-3,610456", 14.350123, -3.610456, 10, "14,350123,-3,610456" },
	{ "position 15.9182 2.4022 groupe", 15.9182, 2.4022, 11, "15.9182 2.4022" },
	{ "14.3567, 3.6123", 14.3567, 3.6123, 11, "14.3567, 3.6123" },
	{ "(-14.35,-3.61)", -14.35, -3.61, 1112, "-14.35,-3.61" },
	{ "tir a 14\xC2\xB0" "04'N 3\xC2\xB0" "05'W", 14 + 4 / 60.0, -(3 + 5 / 60.0), 1853, "14\xC2\xB0" "04'N 3\xC2\xB0" "05'W" },
	{ "14\xC2\xB0" "04'30\"N, 3\xC2\xB0" "05'12\"O", 14 + 4.5 / 60, -(3 + 5.2 / 60), 31,
	    "14\xC2\xB0" "04'30\"N, 3\xC2\xB0" "05'12\"O" },
	{ "14\xC2\xB0 04.50\xE2\x80\x99 N 3\xC2\xB0 05.20\xE2\x80\x99 W", 14 + 4.5 / 60, -(3 + 5.2 / 60), 19,
	    "14\xC2\xB0 04.50\xE2\x80\x99 N 3\xC2\xB0 05.20\xE2\x80\x99 W" },
	{ "14.35\xC2\xB0N 3.61\xC2\xB0W", 14.35, -3.61, 1112, "14.35\xC2\xB0N 3.61\xC2\xB0W" },
	{ "mine 30 P VA 9100 5510 route koro", 14.0667, -3.0833, 10, "30 P VA 9100 5510" },
	{ "hommes arm\xC3\xA9s 31PDT 360 599", 15.918, 2.4025, 100, "31PDT 360 599" },
	{ "31pdt360599, motos", 15.918, 2.4025, 100, "31pdt360599" },
	{ "30PVA910551 12 motos", 14.067, -3.083, 100, "30PVA910551" },
	{ "tir 30PVA 91 55", 14.0703, -3.0787, 1000, "30PVA 91 55" },
};

static const char *const none[] = {
	"", "rien", "5 km au nord", "prix 2.50 3.75", "3-0", "2.5 - 3.5", "10.50-12.75", "le 14.12.2023 a 3.61", "0.000 0.000",
	"geo:0,0", "91.35N 3.61W", "14.35N 181.61W", "14.35N 3.61", "14.35N 3.61S", "-14.35N 3.61W", "192.168.10.20",
	"+22370000001 +22370000002", "A1 Koro 30", "10 sep 2023", "31 mai 2023", "30 P", "30PVA 910 5512 x", "12 km 20",
	"7000 8000", "1,500 2,250 FCFA", "14\xC2\xB0" "74'N 3\xC2\xB0" "05'W", "30 moto et 2030 vaches", "3 pick up 1200",
	"14.35 3.61", "14 n 3 w", "OK 4071KT", "GO 4071KT 25", "x14.356 3.612", "14.356 3.612x", "12 sacs 2023",
};

TEST(spellings)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct written *w = &good[i];
		struct coordinates c;

		if (!coordinates_find(w->text, strlen(w->text), &c)) {
			CHECK_MSG(false, "'%s' not found", w->text);
			continue;
		}
		CHECK_MSG(distance_m(c.lat_deg, c.lon_deg, w->lat, w->lon) < 100, "'%s' is %.6f %.6f", w->text, c.lat_deg,
		    c.lon_deg);
		CHECK_MSG(c.precision_m == w->precision_m, "'%s' is to %u m", w->text, c.precision_m);
		CHECK_MSG(c.end - c.start == strlen(w->bytes) && memcmp(w->text + c.start, w->bytes, c.end - c.start) == 0,
		    "'%s' from %zu to %zu", w->text, c.start, c.end);
	}
}

TEST(what_is_no_coordinate)
{
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct coordinates c;

		CHECK_MSG(!coordinates_find(none[i], strlen(none[i]), &c), "'%s' gave %.4f %.4f", none[i], c.lat_deg,
		    c.lon_deg);
	}
}

/* Cutting a text anywhere must not read past the cut (the sanitizer watches) nor move what is found. */
TEST(a_cut_text_is_read_to_its_end_only)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (size_t len = 0; len <= strlen(good[i].text); len++) {
			char	*copy = malloc(len + 1);
			struct coordinates c = { 0 };

			if (copy == NULL)
				abort();
			memcpy(copy, good[i].text, len);
			copy = realloc(copy, len > 0 ? len : 1);
			if (coordinates_find(copy, len, &c))
				CHECK_MSG(c.start < c.end && c.end <= len, "'%s' cut at %zu", good[i].text, len);
			free(copy);
		}
	}
}

TEST_MAIN(TEST_ROW(spellings), TEST_ROW(what_is_no_coordinate), TEST_ROW(a_cut_text_is_read_to_its_end_only))
