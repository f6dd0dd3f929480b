/* The military grid: the letters of its squares, both ways. */
#include "logic/mgrs.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "logic/utm.h"

#define SQUARE_M	100000.0
#define ROWS_CYCLE_M	2000000.0
#define BAND_N		10	/* the first band north of the equator */
#define BAND_X		19
#define BEYOND_ZONE_DEG	0.5
#define DEG		(M_PI / 180.0)

static const char rows[] = "ABCDEFGHJKLMNPQRSTUV";
/* One set of column letters for each zone modulo three. */
static const char *const columns[3] = { "STUVWXYZ", "ABCDEFGH", "JKLMNPQR" };

int
mgrs_from_degrees(double lat_deg, double lon_deg, int digits, char out[MGRS_SIZE])
{
	struct utm u;
	double	 cell;
	int	 column, row, n;

	if (digits < 1 || digits > 5 || utm_from_degrees(lat_deg, lon_deg, &u) == -1)
		return -1;
	cell = SQUARE_M / pow(10, digits);
	column = (int)floor(u.east_m / SQUARE_M) - 1;
	row = ((int)floor(u.north_m / SQUARE_M) + (u.zone % 2 == 0 ? 5 : 0)) % 20;
	if (column < 0 || column > 7 || row < 0)
		return -1;
	n = snprintf(out, MGRS_SIZE, "%02d%c%c%c%0*d%0*d", u.zone, utm_band(lat_deg),
	    columns[u.zone % 3][column], rows[row], digits, (int)floor(fmod(u.east_m, SQUARE_M) / cell),
	    digits, (int)floor(fmod(u.north_m, SQUARE_M) / cell));
	return n > 0 && n < MGRS_SIZE ? 0 : -1;
}

static int
letter_index(const char *set, char c)
{
	const char *p = c != '\0' ? strchr(set, toupper((unsigned char)c)) : NULL;

	return p != NULL ? (int)(p - set) : -1;
}

/* The value of n digits, or -1. */
static int
digits_value(const char *s, size_t n)
{
	int	 value = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

struct reference {
	int	 zone, band, column, row;
	double	 east, north, side;	/* within the 100 km square */
};

static int
reference_parse(const char *s, size_t len, struct reference *r)
{
	size_t	 zone_digits, n;
	int	 east, north;

	zone_digits = len > 1 && isdigit((unsigned char)s[1]) ? 2 : 1;
	if (len < zone_digits + 5 || len > zone_digits + 13 || (len - zone_digits - 3) % 2 != 0)
		return -1;
	r->zone = digits_value(s, zone_digits);
	if (r->zone < 1 || r->zone > 60)
		return -1;
	r->band = utm_band_index(s[zone_digits]);
	r->column = letter_index(columns[r->zone % 3], s[zone_digits + 1]);
	r->row = letter_index(rows, s[zone_digits + 2]);
	n = (len - zone_digits - 3) / 2;
	east = digits_value(s + zone_digits + 3, n);
	north = digits_value(s + zone_digits + 3 + n, n);
	if (r->band < 0 || r->column < 0 || r->row < 0 || east < 0 || north < 0)
		return -1;
	r->side = SQUARE_M / pow(10, (double)n);
	r->east = east * r->side;
	r->north = north * r->side;
	return 0;
}

/*
 * Row letters repeat every 2,000 km and a band is under 1,400 km high: one repetition at
 * most puts the square's centre into its band, give or take the square itself.
 */
static int
reference_place(const struct reference *r, double *lat_deg, double *lon_deg)
{
	double	 south = -80 + 8 * r->band, north = r->band == BAND_X ? 84 : south + 8;
	double	 slack = r->side / 110000.0 + 1e-9;
	struct utm u = { .zone = r->zone, .south = r->band < BAND_N };

	u.east_m = (r->column + 1) * SQUARE_M + r->east + r->side / 2;
	u.north_m = ((r->row + 20 - (r->zone % 2 == 0 ? 5 : 0)) % 20) * SQUARE_M + r->north + r->side / 2;
	for (int k = 0; k < 5; k++) {
		if (utm_to_degrees(&u, lat_deg, lon_deg) == 0 && *lat_deg >= south - slack && *lat_deg <= north + slack)
			return 0;
		u.north_m += ROWS_CYCLE_M;
	}
	return -1;
}

/*
 * Squares may be named a little beyond their zone, as on the edge of a map sheet: a patrol at Gao does not change zones
 * when it crosses the meridian. 32X, 34X and 36X do not exist.
 */
static bool
zone_allowed(const struct reference *r, double lat_deg, double lon_deg)
{
	double	 cos_lat = cos(lat_deg * DEG);
	double	 slack = fmax(BEYOND_ZONE_DEG, cos_lat > 0.1 ? r->side / (111000.0 * cos_lat) : 1);

	if (r->band == BAND_X && (r->zone == 32 || r->zone == 34 || r->zone == 36))
		return false;
	for (int side = -1; side <= 1; side++)
		for (int up = -1; up <= 1; up++)
			if (utm_zone(lat_deg + up * r->side / 110000.0, lon_deg + side * slack) == r->zone)
				return true;
	return false;
}

int
mgrs_to_degrees(const char *mgrs, size_t len, double *lat_deg, double *lon_deg, uint32_t *side_m)
{
	struct reference r;

	if (reference_parse(mgrs, len, &r) == -1 || reference_place(&r, lat_deg, lon_deg) == -1 ||
	    !zone_allowed(&r, *lat_deg, *lon_deg))
		return -1;
	*side_m = (uint32_t)lround(r.side);
	return 0;
}
