/* Coordinates in texts: every spelling, what is no coordinate, what is faulty, and the way back from what we write. */
#include "logic/coordinates.h"
#include "unit/test.h"

#include <math.h>

#define DEGREE	"\xC2\xB0"
#define PRIME	"\xE2\x80\xB2"
#define PRIMES	"\xE2\x80\xB3"
#define QUOTE	"\xE2\x80\x99"
#define MINUS	"\xE2\x88\x92"

/* Mali: the country that a configuration would name. */
static const struct coordinates_box mali = { 10.1, -12.3, 25.1, 4.3 };
static const struct coordinates_ground ground = { coordinates_in_box, &mali };

struct written {
	const char *text;
	double	 lat, lon;
	uint32_t precision_m;
	const char *method;
	const char *bytes;		/* that were read; NULL: all of the text */
};

#define DMS_LAT	(14 + 21 / 60.0 + 30 / 3600.0)
#define DMS_LON	(-(3 + 36 / 60.0 + 15 / 3600.0))
#define DM_LAT	(14 + 21.5 / 60)
#define DM_LON	(-(3 + 36.25 / 60))

/* Printed as it is with PRINT_TABLE=1 in the environment. */
static const struct written good[] = {
	/* decimal */
	{ "14.35 -3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "14.3567, 3.6123", 14.3567, 3.6123, 11, "decimal", NULL },
	{ "tir 48.858 2.294", 48.858, 2.294, 111, "decimal", "48.858 2.294" },
	{ "14,0667 3,0833 motos", 14.0667, 3.0833, 11, "decimal", "14,0667 3,0833" },
	{ "14,350123,-3,610456", 14.350123, -3.610456, 10, "decimal", NULL },
	{ "(-14.35,-3.61)", -14.35, -3.61, 1112, "decimal", "-14.35,-3.61" },
	{ "14.35 " MINUS "3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "position 15.9182 2.4022 groupe", 15.9182, 2.4022, 11, "decimal", "15.9182 2.4022" },
	{ "attaque 14,35N 3,61W vite", 14.35, -3.61, 1112, "decimal", "14,35N 3,61W" },
	{ "attaque 14,0667N 3,0833O", 14.0667, -3.0833, 11, "decimal", "14,0667N 3,0833O" },
	{ "N14.35 W3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "N14.35 O3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "N14.35W3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "n14.35 w3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "N 14.35, E 3.61", 14.35, 3.61, 1112, "decimal", NULL },
	{ "N: 14.35 O: 3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "14.35N-3.61W", 14.35, -3.61, 1112, "decimal", NULL },
	{ "14.35N/3.61W", 14.35, -3.61, 1112, "decimal", NULL },
	{ "14.35N -3.61W", 14.35, -3.61, 1112, "decimal", NULL },
	{ "3.61W 14.35N", 14.35, -3.61, 1112, "decimal", NULL },
	{ "33.5S 70.6W", -33.5, -70.6, 11120, "decimal", NULL },
	{ "14.35 nord, 3.61 ouest", 14.35, -3.61, 1112, "decimal", NULL },
	{ "Nord 14.35 Ouest 3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "14.35 Nord et 2.40 Est", 14.35, 2.40, 1112, "decimal", NULL },
	{ "14.35 north 3.61 west", 14.35, -3.61, 1112, "decimal", NULL },
	{ "33,5 sud; 70,6 ouest", -33.5, -70.6, 11120, "decimal", NULL },
	{ "14.35" DEGREE "N 3.61" DEGREE "W", 14.35, -3.61, 1112, "decimal", NULL },
	{ "lat 14.35 lon -3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "Lat: 14.35, Long: 3.6", 14.35, 3.6, 11120, "decimal", NULL },
	{ "latitude=14.35&longitude=-3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "lon -3.61 lat 14.35", 14.35, -3.61, 1112, "decimal", NULL },
	{ "lat 14.35N lon 3.61W", 14.35, -3.61, 1112, "decimal", NULL },
	{ "GPS: 14.35, -3.61", 14.35, -3.61, 1112, "decimal", NULL },
	{ "coordonn\xC3\xA9" "es 14,35 -3,61", 14.35, -3.61, 1112, "decimal", NULL },
	/* degrees and minutes */
	{ "tir a 14" DEGREE "04'N 3" DEGREE "05'W", 14 + 4 / 60.0, -(3 + 5 / 60.0), 1853, "dm", "14" DEGREE "04'N 3" DEGREE "05'W" },
	{ "14" DEGREE " 21.5" QUOTE " N 3" DEGREE " 36.25" QUOTE " W", DM_LAT, DM_LON, 185, "dm", NULL },
	{ "N 14" DEGREE " 21.500 W 003" DEGREE " 36.250", DM_LAT, DM_LON, 10, "dm", NULL },
	{ "N14 21.500 W003 36.250", DM_LAT, DM_LON, 10, "dm", NULL },
	{ "14 21,5 N 3 36,25 O", DM_LAT, DM_LON, 185, "dm", NULL },
	{ "14d21m N 3d36m W", 14 + 21 / 60.0, -(3 + 36 / 60.0), 1853, "dm", NULL },
	{ "14d21mN 3d36mO", 14 + 21 / 60.0, -(3 + 36 / 60.0), 1853, "dm", NULL },
	{ "14 deg 21 min nord 3 deg 36 min ouest", 14 + 21 / 60.0, -(3 + 36 / 60.0), 1853, "dm", NULL },
	{ "14-21N 3-36W", 14 + 21 / 60.0, -(3 + 36 / 60.0), 1853, "dm", NULL },
	{ "1421N 00336W", 14 + 21 / 60.0, -(3 + 36 / 60.0), 1853, "dm", NULL },
	{ "lat 14 21.5 lon -3 36.25", DM_LAT, DM_LON, 185, "dm", NULL },
	/* degrees, minutes and seconds */
	{ "14" DEGREE "21'30\"N, 3" DEGREE "36'15\"O", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14" DEGREE "21'30''N 3" DEGREE "36'15''W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14\xC2\xBA" "21" QUOTE "30" QUOTE QUOTE "N 3\xC2\xBA" "36" QUOTE "15" QUOTE QUOTE "W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14" DEGREE " 21" PRIME " 30" PRIMES " N 3" DEGREE " 36" PRIME " 15" PRIMES " O", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14" DEGREE "21'30N 3" DEGREE "36'15W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "N14" DEGREE "21'30.0\" W3" DEGREE "36'15.0\"", DMS_LAT, DMS_LON, 10, "dms", NULL },
	{ "14" DEGREE "21'30\", -3" DEGREE "36'15\"", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14 21 30 N 3 36 15 W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "N 14 21 30 W 3 36 15", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14 21 30 nord 3 36 15 ouest", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14-21-30N 3-36-15W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14:21:30N 3:36:15W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14d21m30s N 3d36m15s W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "14d21'30.0\"N 3d36'15.0\"W", DMS_LAT, DMS_LON, 10, "dms", NULL },
	{ "142130N 0033615W", DMS_LAT, DMS_LON, 31, "dms", NULL },
	{ "33" DEGREE "30'00\"S 70" DEGREE "36'00\"W", -33.5, -70.6, 31, "dms", NULL },
	{ "latitude 14 21 30 longitude -3 36 15", DMS_LAT, DMS_LON, 31, "dms", NULL },
	/* MGRS and UTM (positions: GeographicLib's GeoConvert 2.1.2); Gao lies on the meridian that parts zones 30 and 31 */
	{ "30PVA910551 12 motos", 14.06711, -3.08290, 100, "mgrs", "30PVA910551" },
	{ "mine 30 P VA 9100 5510 route koro", 14.0667, -3.0833, 10, "mgrs", "30 P VA 9100 5510" },
	{ "hommes arm\xC3\xA9s 31PDT 360 599", 15.918, 2.4025, 100, "mgrs", "31PDT 360 599" },
	{ "31pdt360599, motos", 15.918, 2.4025, 100, "mgrs", "31pdt360599" },
	{ "tir 30PVA 91 55", 14.0703, -3.0787, 1000, "mgrs", "30PVA 91 55" },
	{ "30PVA95", 14.06576, -3.04631, 10000, "mgrs", NULL },
	{ "MGRS: 30 PVA 910551", 14.06711, -3.08290, 100, "mgrs", "30 PVA 910551" },
	{ "30 PVA 910551", 14.06711, -3.08290, 100, "mgrs", NULL },
	{ "30QZD153007 feu", 16.26704, -0.04973, 100, "mgrs", "30QZD153007" },
	{ "31QAT7890071254", 16.0, 0.0, 10, "mgrs", NULL },
	{ "30PVA 91858 54804", 14.0640, -3.0754, 10, "mgrs", NULL },
	{ "30P 442000 1555000", 14.06517, -3.53723, 1000, "utm", NULL },
	{ "30P 0442012 1555034", 14.06548, -3.53712, 10, "utm", NULL },
	{ "30P442012 1555034", 14.06548, -3.53712, 10, "utm", NULL },
	{ "UTM 30N 442012 1555034", 14.06548, -3.53712, 10, "utm", NULL },
	{ "zone 30, 442012 / 1555034", 14.06548, -3.53712, 10, "utm", NULL },
	{ "Zone 30 Nord E 442012 N 1555034", 14.06548, -3.53712, 10, "utm", NULL },
	{ "30N 442012mE 1555034mN", 14.06548, -3.53712, 10, "utm", NULL },
	{ "X=442012 Y=1555034 UTM 30P", 14.06548, -3.53712, 10, "utm", NULL },
	{ "56H 334416 6251925", -33.86, 151.21, 10, "utm", NULL },
	{ "56S 334416 6251925", -33.86, 151.21, 10, "utm", NULL },
	/* plus codes */
	{ "8FVC9G8F+6X", 47.3655625, 8.5249375, 14, "pluscode", NULL },
	{ "tir 7c6r3w7f+jr vite", 14.0640625, -3.0754375, 14, "pluscode", "7c6r3w7f+jr" },
	/* geo: */
	{ "geo:14.35,-3.61", 14.35, -3.61, 1112, "geo", NULL },
	{ "geo:14.35,3.61;u=35", 14.35, 3.61, 35, "geo", NULL },
	{ "geo:14.35012,-3.61034,270;crs=wgs84;u=120.", 14.35012, -3.61034, 120, "geo", "geo:14.35012,-3.61034,270;crs=wgs84;u=120" },
	{ "geo:0,0?q=14.35012,-3.61034(Koro)", 14.35012, -3.61034, 10, "geo", "geo:0,0?q=14.35012,-3.61034" },
	/* links */
	{ "https://maps.google.com/?q=14.35012,-3.61034", 14.35012, -3.61034, 10, "link", NULL },
	{ "voici http://maps.google.com/maps?q=loc:14.35012,-3.61034&z=15.", 14.35012, -3.61034, 10, "link",
	    "http://maps.google.com/maps?q=loc:14.35012,-3.61034&z=15" },
	{ "https://maps.google.com/maps?q=14.35012%2C-3.61034&z=17&hl=fr", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://www.google.com/maps/@14.35012,-3.61034,15z", 14.35012, -3.61034, 1184, "link", NULL },
	{ "https://www.google.com/maps/place/Koro/@14.06,-3.08,15z/data=!3m1!4b1!4m5!3m4!1s0xe3!8m2!3d14.0640123!4d-3.0754456",
	    14.0640123, -3.0754456, 10, "link", NULL },
	{ "https://www.google.com/maps/search/14.35012,+-3.61034?shorturl=1", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://www.google.com/maps/search/?api=1&query=14.35012,-3.61034", 14.35012, -3.61034, 10, "link", NULL },
	{ "maps.google.com/?q=14.35,-3.61", 14.35, -3.61, 1112, "link", NULL },
	{ "https://maps.apple.com/?ll=14.35012,-3.61034&q=Koro", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://www.openstreetmap.org/?mlat=14.35012&mlon=-3.61034#map=12/14.3/-3.6", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://www.openstreetmap.org/#map=17/14.35012/-3.61034", 14.35012, -3.61034, 296, "link", NULL },
	{ "https://osm.org/go/0EEQjE--", 51.5110, 0.0550, 48713, "link", NULL },
	{ "https://waze.com/ul?ll=14.35012,-3.61034&navigate=yes", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://www.bing.com/maps?cp=14.35012~-3.61034&lvl=16", 14.35012, -3.61034, 10, "link", NULL },
	{ "https://yandex.com/maps/?ll=-3.61034,14.35012&z=12", 14.35012, -3.61034, 10, "link", NULL },
	{ "http://maps.google.com/?q=14.35012,-3.61034&GeoSMS", 14.35012, -3.61034, 10, "opengeosms", NULL },
	{ "http://exemple.org/a?q=14.35012,-3.61034&GeoSMS=Koro attaque", 14.35012, -3.61034, 10, "opengeosms",
	    "http://exemple.org/a?q=14.35012,-3.61034&GeoSMS=Koro" },
};

/* Ordinary texts, many with numbers. */
static const char *const none[] = {
	"", "rien", "5 km au nord", "prix 2.50 3.75", "3-0", "2.5 - 3.5", "10.50-12.75", "le 14.12.2023 a 3.61", "0.000 0.000",
	"geo:0,0", "91.35N 3.61W", "14.35N 181.61W", "14.35N 3.61", "14.35N 3.61S", "-14.35N 3.61W", "192.168.10.20",
	"+22370000001 +22370000002", "A1 Koro 30", "10 sep 2023", "31 mai 2023", "30 P", "30PVA 910 5512 x", "12 km 20",
	"7000 8000", "1,500 2,250 FCFA", "14" DEGREE "74'N 3" DEGREE "05'W", "30 moto et 2030 vaches", "3 pick up 1200",
	"14.35 3.61", "14 n 3 w", "OK 4071KT", "GO 4071KT 25", "x14.356 3.612", "14.356 3.612x", "12 sacs 2023",
	"14" DEGREE "60'N 3" DEGREE "05'W", "30 pva 1200", "30 pva 125000", "13DEC20", "24 JUL 2023", "24juil20",
	/* prices, weights */
	"riz 1.500 2.250 FCFA", "1.250 3.400", "mil 12.500 F sorgho 10.750 F", "3,5 km", "3,5 km 2,5 km", "de 2,50 a 3,75",
	"10 sac 125000", "10 SAC 1200", "20 QQ 15000", "2.5 t et 3.25 t", "prix 250.1234 km 300.1234 km", "solde 2.50 -3.75 FCFA",
	"10-12 morts", "10 a 12 morts", "entre 3,50 et 4,25", "20% 30.5%", "12.3456% 14.3456%",
	/* times and dates */
	"14h30 15h45", "de 14:30 a 15:45", "14:30:15 16:20:05", "14-12-2023 15-12-2023", "2023-12-14 10:20", "le 14/12/2023",
	"14.12.23 15.12.23", "depuis 2 jours 3 heures", "12 mars 2023 a 14h30", "10 dec 2023 5 blesses",
	/* telephones and lists */
	"76 12 34 56", "+223 76 12 34 56 ou 66 98 76 54", "0022376123456 66123456", "tel 76.12.34.56", "76-12-34-56 n 2", "76 12 34 56 14 30 N 3 20 W",
	"20 22 50 00 N 5", "1) 3 morts 2) 5 blesses", "code 4071 2280", "IMEI 356938035643809", "compte 12345678 87654321",
	/* people, animals, words that look like sides */
	"3 motos n 5 pick up e 10 hommes", "30 boeufs 40 moutons 2 anes", "fievre 38" DEGREE " et 40" DEGREE, "38.5" DEGREE "C 39.5" DEGREE "C",
	"10 N'Tillit 5 E", "3 est mort 2 blesses", "5 sud 10 nord", "2 s 3 e", "2,5 s 3,2 e", "14 ont fui 30 sont la", "koro 10 km est bankass 5 km nord",
	"3 morts a 14 h 21 min 2 blesses", "2d30m 3d15m", "12 x 15", "1 N 2 O", "groupe de 30 a 40 n est pas loin",
	/* nearly something */
	"https://goo.gl/", "442000 1555000", "30 442000 1555000", "30P 442000", "zone 30 442 155", "99P 442000 1555000", "30P 42000 1555000", "30P 442000 15550000",
	"8FVC9G8F+", "9G8F+6X", "https://exemple.org/?id=14.35", "https://fr.wikipedia.org/wiki/Koro", "https://exemple.org/12/34",
	"www.exemple.org/14,3", "maps.", "geo:14.35", "geo:a,b", "geo:14.35,-3.61;crs=lambert", "http://", "GPS 14", "lat 14.35", "N14.35",
	"https://maps.google.com/?q=Koro+Mali", "30PVA", "30PVA9", "12ABC", "lat", "gps", "geo", "14" DEGREE, "14" DEGREE "21'N",
};

static void
print_row(const struct written *w, const struct coordinates *c)
{
	printf("%-70s | %-10s | %10.5f %11.5f | %6u m\n", w->text, c->method, c->lat_deg, c->lon_deg, c->precision_m);
}

TEST(spellings)
{
	bool	 print = getenv("PRINT_TABLE") != NULL;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct written *w = &good[i];
		const char *bytes = w->bytes != NULL ? w->bytes : w->text;
		struct coordinates c;

		if (!coordinates_find(w->text, strlen(w->text), &c)) {
			CHECK_MSG(false, "'%s' not found", w->text);
			continue;
		}
		if (print)
			print_row(w, &c);
		CHECK_MSG(distance_m(c.lat_deg, c.lon_deg, w->lat, w->lon) <= fmax(10, c.precision_m / 10.0), "'%s' is %.6f %.6f", w->text,
		    c.lat_deg, c.lon_deg);
		CHECK_MSG(c.precision_m == w->precision_m, "'%s' is to %u m", w->text, c.precision_m);
		CHECK_MSG(strcmp(c.method, w->method) == 0, "'%s' is %s", w->text, c.method);
		CHECK_MSG(c.end - c.start == strlen(bytes) && memcmp(w->text + c.start, bytes, c.end - c.start) == 0,
		    "'%s' from %zu to %zu", w->text, c.start, c.end);
	}
}

TEST(what_is_no_coordinate)
{
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct coordinates c;

		CHECK_MSG(!coordinates_find(none[i], strlen(none[i]), &c), "'%s' gave %s %.4f %.4f", none[i], c.method, c.lat_deg,
		    c.lon_deg);
	}
}

struct faulty {
	const char *text;
	enum coordinates_fault fault;
	double	 other_lat, other_lon;	/* what was meant; 0,0: nobody knows */
};

static const struct faulty faults[] = {
	{ "14.0667 -3.0833", COORDINATES_FINE, 0, 0 },
	{ "-3.0833 14.0667", COORDINATES_SWAPPED, 14.0667, -3.0833 },
	{ "3.0833 14.0667", COORDINATES_SWAPPED, 14.0667, 3.0833 },
	{ "N3.0833 W14.0667", COORDINATES_SWAPPED, 14.0667, -3.0833 },
	{ "lat -3.08 lon 14.06", COORDINATES_SWAPPED, 14.06, -3.08 },
	{ "geo:-3.0833,14.0667", COORDINATES_SWAPPED, 14.0667, -3.0833 },
	{ "https://maps.google.com/?q=-3.0833,14.0667", COORDINATES_SWAPPED, 14.0667, -3.0833 },
	{ "14.0667 8.0833", COORDINATES_UNSIGNED, 14.0667, -8.0833 },
	{ "14.0667N 8.0833E", COORDINATES_UNSIGNED, 14.0667, -8.0833 },
	{ "14.0667 3.0833", COORDINATES_FINE, 0, 0 },		/* Mali has an east too: only a smaller ground tells */
	{ "48.8580 2.2940", COORDINATES_OUTSIDE, 0, 0 },
	{ "31UDQ4825211954", COORDINATES_OUTSIDE, 0, 0 },
	{ "8FVC9G8F+6X", COORDINATES_OUTSIDE, 0, 0 },
	{ "0.0000, 0.0000", COORDINATES_ZERO, 0, 0 },
	{ "geo:0,0", COORDINATES_ZERO, 0, 0 },
	{ "https://maps.google.com/?q=0.0,0.0", COORDINATES_ZERO, 0, 0 },
	{ "lat 95 lon 3.6", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "95.1234 -3.6123", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "14.35N 181.61W", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "30QVA910551", COORDINATES_IMPOSSIBLE, 0, 0 },	/* Q begins at 16 N */
	{ "31PZD153007", COORDINATES_IMPOSSIBLE, 0, 0 },	/* ZD is in zone 30 */
	{ "30PVA91055", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "30PVA 9105 551", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "30Q 442012 1555034", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "30I 442012 1555034", COORDINATES_IMPOSSIBLE, 0, 0 },
	{ "https://goo.gl/maps/abcDEF123", COORDINATES_UNRESOLVED, 0, 0 },
	{ "ici https://maps.app.goo.gl/Xy12Zz9 vite", COORDINATES_UNRESOLVED, 0, 0 },
	{ "///filled.count.soap", COORDINATES_UNRESOLVED, 0, 0 },
};

TEST(faults_are_told)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct faulty *f = &faults[i];
		struct coordinates c;

		if (!coordinates_judge(f->text, strlen(f->text), &ground, &c)) {
			CHECK_MSG(false, "'%s' not found", f->text);
			continue;
		}
		CHECK_MSG(c.fault == f->fault, "'%s' is '%s'", f->text, coordinates_fault_text(c.fault));
		CHECK_MSG(fabs(c.other_lat_deg - f->other_lat) < 1e-6 && fabs(c.other_lon_deg - f->other_lon) < 1e-6,
		    "'%s' may be %.4f %.4f", f->text, c.other_lat_deg, c.other_lon_deg);
		CHECK_MSG((coordinates_fault_text(c.fault)[0] == '\0') == (c.fault == COORDINATES_FINE), "'%s'", f->text);
	}
}

TEST(fine_ones_behind_faulty_ones_count)
{
	static const char text[] = "geo:0,0 ou https://goo.gl/maps/abc non: 14.0667 -3.0833";
	struct coordinates c;

	CHECK(coordinates_judge(text, strlen(text), &ground, &c));
	CHECK_INT(c.fault, COORDINATES_FINE);
	CHECK_NEAR(c.lat_deg, 14.0667, 1e-9);
	CHECK(coordinates_judge("geo:0,0 lat 95 lon 3", 20, &ground, &c));
	CHECK_INT(c.fault, COORDINATES_ZERO);
	CHECK_INT(c.end, 7);
}

TEST(boxes)
{
	static const struct coordinates_box fiji = { -21, 176, -12, -178 };

	CHECK(coordinates_in_box(&mali, 14, -3));
	CHECK(coordinates_in_box(&mali, 10.1, 4.3));
	CHECK(!coordinates_in_box(&mali, 10.09, -3));
	CHECK(!coordinates_in_box(&mali, 14, 4.31));
	CHECK(coordinates_in_box(&fiji, -18, 179) && coordinates_in_box(&fiji, -18, -179));
	CHECK(!coordinates_in_box(&fiji, -18, 0) && !coordinates_in_box(&fiji, -18, 175));
}

/* Cutting a text anywhere must not read past the cut (the sanitizer watches) nor move what is found. */
TEST(a_cut_text_is_read_to_its_end_only)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (size_t len = 0; len <= strlen(good[i].text); len++) {
			char	*copy = malloc(len > 0 ? len : 1);	/* exactly: what lies behind is poisoned */
			struct coordinates c = { 0 };

			if (copy == NULL)
				abort();
			memcpy(copy, good[i].text, len);
			if (coordinates_judge(copy, len, &ground, &c))
				CHECK_MSG(c.start < c.end && c.end <= len, "'%s' cut at %zu", good[i].text, len);
			free(copy);
		}
	}
}

/* ---- ordinary texts by chance ---- */

static size_t
add_number_words(char *to, size_t size)
{
	static const char *const words[] = { "motos", "morts", "blesses", "boeufs", "hommes armes", "km au nord de Koro", "FCFA", "F", "jours",
	    "h", "personnes", "sacs de mil", "pick up", "fois", "villages", "km", "kg", "ans", "litres", "familles" };
	const char *word = words[test_below(sizeof(words) / sizeof(words[0]))];
	unsigned a = test_below(99) + 1, b = test_below(60), c = test_below(100), y = 2000 + test_below(40);
	int	 n = 0;

	switch (test_below(14)) {
	case 0: n = snprintf(to, size, "%u %s ", a, word); break;
	case 1: n = snprintf(to, size, "7%u %02u %02u %02u ", test_below(10), b, c, a); break;
	case 2: n = snprintf(to, size, "+223%08u ", test_below(100000000)); break;
	case 3: n = snprintf(to, size, "%02u/%02u/%u ", 1 + test_below(31), 1 + test_below(12), y); break;
	case 4: n = snprintf(to, size, "%02u-%02u-%u ", 1 + test_below(31), 1 + test_below(12), y); break;
	case 5: n = snprintf(to, size, "%02uh%02u ", test_below(24), b); break;
	case 6: n = snprintf(to, size, "%02u:%02u ", test_below(24), b); break;
	case 7: n = snprintf(to, size, "%u.%03u FCFA ", a, 5 * test_below(200)); break;
	case 8: n = snprintf(to, size, "%u,%u %s ", a, test_below(10), word); break;
	case 9: n = snprintf(to, size, "%u-%u %s ", a, a + c, word); break;
	case 10: n = snprintf(to, size, "%u %03u F ", a, 5 * test_below(200)); break;
	case 11: n = snprintf(to, size, "%u.%02u ", a, c); break;
	case 12: n = snprintf(to, size, "entre %u et %u %s ", a, a + c, word); break;
	default: n = snprintf(to, size, "%s ", word); break;
	}
	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

TEST(numbers_of_daily_life_are_no_coordinates)
{
	for (int i = 0; i < 100000; i++) {
		char	 text[240];
		size_t	 len = 0;
		struct coordinates c;

		text[0] = '\0';
		for (unsigned n = 1 + test_below(6); n > 0; n--)
			len += add_number_words(text + len, sizeof(text) - len);
		CHECK_MSG(!coordinates_judge(text, len, NULL, &c), "'%s': %s %.4f %.4f '%.*s'", text, c.method, c.lat_deg, c.lon_deg,
		    (int)(c.end - c.start), text + c.start);
	}
}

/* ---- writing ---- */

/* UTM and MGRS of Koro are those of GeographicLib's GeoConvert 2.1.2. */
TEST(printed)
{
	static const struct { enum coordinates_form form; const char *want; } rows[] = {
		{ COORDINATES_DECIMAL, "14.06400, -3.07540" }, { COORDINATES_DMS, "14d03'50.4\"N 3d04'31.4\"W" },
		{ COORDINATES_UTM, "30P 491859 1554805" }, { COORDINATES_MGRS, "30PVA9185954805" },
		{ COORDINATES_PLUSCODE, "7C6R3W7F+JR" }, { COORDINATES_GEO, "geo:14.06400,-3.07540" },
	};
	char	 got[COORDINATES_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_INT(coordinates_print(rows[i].form, 14.0640, -3.0754, got), 0);
		CHECK_STR(got, rows[i].want);
	}
	CHECK_INT(coordinates_print(COORDINATES_DMS, 13.9999999, -0.00000001, got), 0);
	CHECK_STR(got, "14d00'00.0\"N 0d00'00.0\"E");
	CHECK_INT(coordinates_print(COORDINATES_DECIMAL, -0.000001, -0.000001, got), 0);
	CHECK_STR(got, "0.00000, 0.00000");
	CHECK_INT(coordinates_print(COORDINATES_GEO, 90.5, 0, got), -1);
	CHECK_INT(coordinates_print(COORDINATES_DECIMAL, NAN, 0, got), -1);
	CHECK_INT(coordinates_print(COORDINATES_UTM, 85, 0, got), -1);
}

/* What we write, we read: each form, over the whole globe. */
TEST(written_and_read_over_the_globe)
{
	static const double off_m[] = { 1, 3, 2, 2, 11, 1 };

	for (int i = 0; i < 600000; i++) {
		enum coordinates_form form = (enum coordinates_form)(i % 6);
		bool	 grid = form == COORDINATES_UTM || form == COORDINATES_MGRS;
		double	 lat = grid ? -80 + 164 * (test_below(1000000001) / 1e9) : -90 + 180 * (test_below(1000000001) / 1e9);
		double	 lon = -180 + 360 * (test_below(1000000001) / 1e9);
		char	 text[COORDINATES_SIZE];
		struct coordinates c;

		if (coordinates_print(form, lat, lon, text) == -1 || !coordinates_find(text, strlen(text), &c)) {
			CHECK_MSG(false, "%.9f %.9f as form %d is not read", lat, lon, (int)form);
			continue;
		}
		CHECK_MSG(distance_m(c.lat_deg, c.lon_deg, lat, lon) <= off_m[form] && c.end == strlen(text), "%.9f %.9f: '%s' is %.6f %.6f",
		    lat, lon, text, c.lat_deg, c.lon_deg);
	}
}

TEST_MAIN(TEST_ROW(spellings), TEST_ROW(what_is_no_coordinate), TEST_ROW(faults_are_told), TEST_ROW(fine_ones_behind_faulty_ones_count),
    TEST_ROW(boxes), TEST_ROW(a_cut_text_is_read_to_its_end_only), TEST_ROW(numbers_of_daily_life_are_no_coordinates), TEST_ROW(printed),
    TEST_ROW(written_and_read_over_the_globe))
