/* Places in links. */
#include "logic/maplink.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define LINK_MAX	512	/* bytes of one that are looked at */
#define HOST_MAX	64	/* within so many bytes a host ends */
#define EARTH_ROUND_M	40075017.0
#define DEGREE_M	111195.0
#define ZOOM_MAX	24
#define SHORTLINK_MAX	12	/* characters of three steps each: 32 bits and some */
#define DEG		(M_PI / 180.0)

static const char *const openings[] = { "http://", "https://", "www.", "maps.", "google.", "goo.gl/", "osm.org/",
    "openstreetmap.org/", "waze.com/", "w3w.co/", "what3words.com/", "g.page/", NULL };
static const char *const schemes[] = { "https://", "http://", NULL };
/* Hosts and paths behind which only a server knows the place. */
static const char *const short_links[] = { "goo.gl/", "maps.app.goo.gl/", "g.page/", "maps.apple/", "w3w.co/",
    "what3words.com/", "www.what3words.com/", "waze.com/ul/h", "www.waze.com/ul/h", "ul.waze.com/ul/h", "her.is/", NULL };
static const char *const osm_short[] = { "osm.org/go/", "www.osm.org/go/", "openstreetmap.org/go/",
    "www.openstreetmap.org/go/", NULL };

/* A link decoded, and where what was found stands in it. */
struct link {
	char	 s[LINK_MAX];
	struct scan t;
	size_t	 host;		/* behind the scheme */
	bool	 lon_first;	/* Yandex */
};

struct pair {
	double	 first, second;
	int	 decimals;	/* of the one with fewer */
	size_t	 end;
};

/* ---- numbers ---- */

/* A decimal with a point; a comma behind it parts it from the next. */
static bool
value_parse(const struct scan *t, size_t *at, double *value, int *decimals)
{
	bool	 minus = scan_one_of(t, *at, "-");
	size_t	 p = *at + (minus || scan_one_of(t, *at, "+") ? 1 : 0), whole = scan_digits(t, p, 4);
	double	 scale = 1;

	if (whole == 0 || whole > 3)
		return false;
	*value = 0;
	*decimals = 0;
	for (; whole > 0; whole--)
		*value = *value * 10 + (t->s[p++] - '0');
	if (scan_one_of(t, p, ".") && scan_digit(t, p + 1))
		for (p++; scan_digit(t, p); p++, ++*decimals)
			*value += (t->s[p] - '0') * (scale /= 10);
	if (minus)
		*value = -*value;
	*at = p;
	return !scan_word(t, p) && !(scan_one_of(t, p, ".") && scan_digit(t, p + 1));
}

/* "14.35,-3.61" at an offset. */
static bool
pair_parse(const struct scan *t, size_t at, const char *commas, struct pair *p)
{
	int	 first, second;

	p->end = at;
	if (!value_parse(t, &p->end, &p->first, &first) || !scan_one_of(t, p->end, commas))
		return false;
	p->end = scan_over(t, p->end, commas, 2);
	if (!value_parse(t, &p->end, &p->second, &second))
		return false;
	p->decimals = first < second ? first : second;
	return true;
}

static void
pair_place(const struct pair *p, bool lon_first, struct coordinates *c)
{
	double	 unit = DEGREE_M / pow(10, p->decimals);

	c->lat_deg = lon_first ? p->second : p->first;
	c->lon_deg = lon_first ? p->first : p->second;
	c->precision_m = (uint32_t)lround(unit);
}

/* A view shows about a tile of its zoom around its centre. */
static void
view_radius(double zoom, struct coordinates *c)
{
	double	 metres = EARTH_ROUND_M * cos(c->lat_deg * DEG) / pow(2, zoom < 0 ? 0 : zoom > ZOOM_MAX ? ZOOM_MAX : zoom);

	if (metres > c->precision_m)
		c->precision_m = (uint32_t)metres;
}

/* ---- geo: ---- */

/* ";crs=wgs84;u=35": false when the numbers are in another reference system. */
static bool
geo_parameters(const struct scan *t, size_t *at, struct coordinates *c)
{
	static const char *const crs[] = { ";crs=", NULL }, *const wgs84[] = { "wgs84", NULL }, *const u[] = { ";u=", NULL };

	for (int i = 0; i < 8 && scan_one_of(t, *at, ";"); i++) {
		size_t	 p = *at, n;
		double	 metres;
		int	 decimals;

		if ((n = scan_any(t, p, crs)) > 0 && scan_any_word(t, p + n, wgs84) == 0)
			return false;
		n = scan_any(t, p, u);
		p += n;
		if (n > 0 && value_parse(t, &p, &metres, &decimals) && metres >= 0)
			c->precision_m = (uint32_t)ceil(metres);
		for (p = *at + 1; p < t->len && (scan_word(t, p) || scan_one_of(t, p, "=.-_%")); p++)
			;
		while (p > *at + 1 && t->s[p - 1] == '.')	/* of the sentence */
			p--;
		if (p == *at + 1)
			break;
		*at = p;
	}
	return true;
}

static bool
geo_parse(const struct scan *t, size_t at, struct coordinates *c)
{
	static const char *const query[] = { "?q=", NULL };
	struct pair p, marked;
	double	 altitude;
	int	 decimals;
	size_t	 n;

	if (!pair_parse(t, at, ",", &p))
		return false;
	pair_place(&p, false, c);
	c->method = "geo";
	n = p.end + 1;
	if (scan_one_of(t, p.end, ",") && value_parse(t, &n, &altitude, &decimals))
		p.end = n;
	c->end = p.end;
	if (!geo_parameters(t, &p.end, c))
		return false;
	if ((n = scan_any(t, p.end, query)) > 0 && pair_parse(t, p.end + n, ",", &marked)) {
		pair_place(&marked, false, c);	/* Android: geo:0,0?q= puts the pin into the question */
		p.end = marked.end;
	}
	c->end = p.end;
	return true;
}

/* ---- map services ---- */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %2C and the like. */
static void
link_decode(const char *s, size_t len, struct link *l)
{
	size_t	 n = 0;

	memset(l, 0, sizeof(*l));
	for (size_t i = 0; i < len && n < LINK_MAX; i++) {
		int	 high = i + 2 < len && s[i] == '%' ? hex_value(s[i + 1]) : -1;
		int	 low = high >= 0 ? hex_value(s[i + 2]) : -1;

		l->s[n++] = low >= 0 ? (char)(high * 16 + low) : s[i];
		if (low >= 0)
			i += 2;
	}
	l->t = (struct scan){ l->s, n };
	l->host = scan_any(&l->t, 0, schemes);
}

/* Behind the next key of the query, or 0. */
static size_t
key_find(const struct link *l, const char *key)
{
	size_t	 n = strlen(key);

	for (size_t i = l->host + 1; i + n <= l->t.len; i++)
		if (strchr("?&#/;!", l->s[i - 1]) != NULL && strncasecmp(l->s + i, key, n) == 0)
			return i + n;
	return 0;
}

/* Two keys with one number each. */
static bool
two_keys(const struct link *l, const char *lat, const char *lon, struct coordinates *c)
{
	size_t	 at = key_find(l, lat), to = key_find(l, lon);
	struct pair p = { .end = 0 };
	int	 first, second;

	if (at == 0 || to == 0 || !value_parse(&l->t, &at, &p.first, &first) || !value_parse(&l->t, &to, &p.second, &second))
		return false;
	p.decimals = first < second ? first : second;
	pair_place(&p, false, c);
	return true;
}

static bool
one_key(const struct link *l, const char *key, struct coordinates *c)
{
	static const char *const locs[] = { "loc:", NULL };
	size_t	 at = key_find(l, key);
	struct pair p;

	if (at == 0)
		return false;
	at += scan_any(&l->t, at, locs);
	if (!pair_parse(&l->t, at, ",~+ ", &p))
		return false;
	pair_place(&p, l->lon_first, c);
	return true;
}

/* "map=17/14.35/-3.61" of OpenStreetMap, "map=14.35,-3.61,17" of Here. */
static bool
map_view(const struct link *l, struct coordinates *c)
{
	size_t	 at = key_find(l, "map=");
	double	 zoom;
	int	 decimals;
	struct pair p;

	if (at == 0)
		return false;
	if (pair_parse(&l->t, at, ",", &p)) {
		at = p.end + 1;
		pair_place(&p, false, c);
	} else if (value_parse(&l->t, &at, &zoom, &decimals) && pair_parse(&l->t, at + 1, "/", &p)) {
		pair_place(&p, false, c);
		view_radius(zoom, c);
		return true;
	} else
		return false;
	if (value_parse(&l->t, &at, &zoom, &decimals))
		view_radius(zoom, c);
	return true;
}

/* "/@14.35,-3.61,17z" is what the window showed; "/14.35,-3.61" is a pin. */
static bool
in_path(const struct link *l, struct coordinates *c)
{
	for (size_t i = l->host; i < l->t.len && l->s[i] != '?' && l->s[i] != '#'; i++) {
		bool	 view = scan_one_of(&l->t, i + 1, "@");
		size_t	 digits;
		struct pair p;

		if (l->s[i] != '/' || !pair_parse(&l->t, i + 1 + view, view ? "," : ",+", &p) || p.decimals < 2)
			continue;
		pair_place(&p, false, c);
		digits = scan_one_of(&l->t, p.end, ",") ? scan_digits(&l->t, p.end + 1, 7) : 0;
		if (view && digits > 0 && digits < 7) {
			size_t	 at = p.end + 1;
			double	 value = 0;

			for (; digits > 0; digits--)
				value = value * 10 + (l->s[at++] - '0');
			while (scan_digit(&l->t, at) || scan_one_of(&l->t, at, "."))
				at++;
			if (scan_one_of(&l->t, at, "z"))
				view_radius(value, c);
			else if (scan_one_of(&l->t, at, "m") && value > c->precision_m)
				c->precision_m = (uint32_t)value;
		}
		return true;
	}
	return false;
}

/*
 * OpenStreetMap's quadtile: three bits of longitude and three of latitude a character, taken in turn. The zoom and eight
 * more is the number of bits; one "-" at the end says that two of the last three do not count, two that one does not.
 */
static bool
osm_decode(const struct link *l, size_t at, struct coordinates *c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~";
	uint64_t x = 0, y = 0;
	int	 bits = 0, less = 0;
	const char *p;

	for (; at < l->t.len && bits < 3 * SHORTLINK_MAX && l->s[at] != '\0'; at++) {
		char	 letter = l->s[at];

		if ((p = strchr(alphabet, letter == '@' ? '~' : letter)) == NULL)
			break;
		for (unsigned v = (unsigned)(p - alphabet), i = 6; i > 0; i -= 2, bits++) {
			x = x << 1 | (v >> (i - 1) & 1);
			y = y << 1 | (v >> (i - 2) & 1);
		}
	}
	for (; scan_one_of(&l->t, at, "-=") && less < 2; at++)
		less++;
	less = less > 0 ? 3 - less : 0;
	if (bits < 9)
		return false;
	c->lon_deg = ldexp(((double)x + 0.5) * 360, -bits) - 180;
	c->lat_deg = ldexp(((double)y + 0.5) * 180, -bits) - 90;
	c->precision_m = (uint32_t)fmax(ldexp(EARTH_ROUND_M / 2, -bits), 1);
	view_radius(bits - 8 - less, c);
	return true;
}

static bool
service_parse(struct link *l, struct coordinates *c)
{
	static const char *const keys[] = { "q=", "query=", "pt=", "daddr=", "destination=", "coordinate=", "marker=", "markers=",
	    "loc=", "cp=", "ll=", "center=", "sll=", "saddr=" };
	static const struct { const char *lat, *lon; } pins[] = {
		{ "3d", "4d" }, { "mlat=", "mlon=" }, { "lat=", "lon=" }, { "lat=", "lng=" }, { "latitude=", "longitude=" },
	};
	size_t	 n = scan_any(&l->t, l->host, osm_short);

	if (n > 0)
		return osm_decode(l, l->host + n, c);
	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++)
		if (two_keys(l, pins[i].lat, pins[i].lon, c))
			return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (one_key(l, keys[i], c))
			return true;
	return map_view(l, c) || in_path(l, c);
}

static bool
host_has(const struct link *l, const char *word)
{
	size_t	 n = strlen(word);

	for (size_t i = l->host; i + n <= l->t.len && strchr("/?#", l->s[i]) == NULL; i++)
		if (strncasecmp(l->s + i, word, n) == 0)
			return true;
	return false;
}

/* Behind the last byte that belongs to it: sentences go on behind a link. */
static size_t
link_end(const struct scan *t, size_t at)
{
	size_t	 end = at;

	while (end < t->len && (unsigned char)t->s[end] > ' ' && strchr("\"<>", t->s[end]) == NULL)
		end++;
	while (end > at && strchr(".,;:!?)'", t->s[end - 1]) != NULL)
		end--;
	return end;
}

/* "///mots.mots.mots" of what3words. */
static bool
three_words(const struct scan *t, size_t at)
{
	static const char *const slashes[] = { "///", NULL };
	int	 dots = 0;
	size_t	 n = scan_any(t, at, slashes), p = at + n;

	for (; n > 0 && (scan_word(t, p) || (scan_one_of(t, p, ".") && scan_word(t, p + 1))); p++)
		dots += t->s[p] == '.';
	return dots == 2;
}

enum maplink
maplink_find(const struct scan *t, size_t at, struct coordinates *c)
{
	static const char *const geo[] = { "geo:", NULL }, *const slash[] = { "/", "?", NULL };
	size_t	 n = scan_any(t, at, geo);
	bool	 words = three_words(t, at), slashed = false;
	struct link l;

	memset(c, 0, sizeof(*c));
	c->start = at;
	if (n > 0)
		return geo_parse(t, at + n, c) ? MAPLINK_FOUND : c->end > 0 ? MAPLINK_EMPTY : MAPLINK_NONE;
	if (!words && scan_any(t, at, openings) == 0)
		return MAPLINK_NONE;
	c->end = link_end(t, at);
	for (size_t i = at; i < c->end && i - at < HOST_MAX && !slashed; i++)
		slashed = scan_any(t, i, slash) > 0;
	if (!slashed)
		return MAPLINK_NONE;	/* "maps." ends a sentence */
	link_decode(t->s + at, c->end - at, &l);
	l.lon_first = host_has(&l, "yandex");
	c->method = key_find(&l, "GeoSMS") > 0 ? "opengeosms" : "link";
	if (!words && service_parse(&l, c))
		return MAPLINK_FOUND;
	c->lat_deg = c->lon_deg = c->precision_m = 0;
	n = scan_any(&l.t, l.host, short_links);
	if (!words && (n == 0 || l.t.len == l.host + n))
		return MAPLINK_EMPTY;
	c->fault = COORDINATES_UNRESOLVED;
	return MAPLINK_FOUND;
}
