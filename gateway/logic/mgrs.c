/* The military grid: the transverse Mercator projection, and the letters both ways. */
#include "logic/mgrs.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WGS84_A		6378137.0
#define WGS84_F		(1.0 / 298.257223563)
#define UTM_SCALE	0.9996
#define FALSE_EASTING	500000.0
#define SOUTH_NORTHING	10000000.0
#define SQUARE_M	100000.0
#define ROWS_CYCLE_M	2000000.0
#define DEG		(M_PI / 180.0)
#define ORDER		6

static const char bands[] = "CDEFGHJKLMNPQRSTUVWX";
static const char rows[] = "ABCDEFGHJKLMNPQRSTUV";
/* One set of column letters for each zone modulo three. */
static const char *const columns[3] = { "STUVWXYZ", "ABCDEFGH", "JKLMNPQR" };

/* Third flattening n, and the rows of Karney 2011, equations (35) and (36): coefficients of n, n^2, … n^6. */
#define THIRD_FLATTENING	(WGS84_F / (2.0 - WGS84_F))

static const double alpha_rows[ORDER][ORDER] = {
	{ 1.0 / 2, -2.0 / 3, 5.0 / 16, 41.0 / 180, -127.0 / 288, 7891.0 / 37800 },
	{ 0, 13.0 / 48, -3.0 / 5, 557.0 / 1440, 281.0 / 630, -1983433.0 / 1935360 },
	{ 0, 0, 61.0 / 240, -103.0 / 140, 15061.0 / 26880, 167603.0 / 181440 },
	{ 0, 0, 0, 49561.0 / 161280, -179.0 / 168, 6601661.0 / 7257600 },
	{ 0, 0, 0, 0, 34729.0 / 80640, -3418889.0 / 1995840 },
	{ 0, 0, 0, 0, 0, 212378941.0 / 319334400 },
};
static const double beta_rows[ORDER][ORDER] = {
	{ 1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800 },
	{ 0, 1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720 },
	{ 0, 0, 17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720 },
	{ 0, 0, 0, 4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600 },
	{ 0, 0, 0, 0, 4583.0 / 161280, -108847.0 / 3991680 },
	{ 0, 0, 0, 0, 0, 20648693.0 / 638668800 },
};

static double
row_value(const double row[ORDER])
{
	double	 sum = 0;

	for (int i = ORDER - 1; i >= 0; i--)
		sum = (sum + row[i]) * THIRD_FLATTENING;
	return sum;
}

/* A scaled by the point scale: metres on the grid for one radian of rectifying latitude. */
static double
rectifying_radius(void)
{
	double	 n = THIRD_FLATTENING, n2 = n * n;

	return UTM_SCALE * WGS84_A / (1 + n) * (1 + n2 / 4 + n2 * n2 / 64 + n2 * n2 * n2 / 256);
}

static double
eccentricity(void)
{
	return sqrt(WGS84_F * (2 - WGS84_F));
}

/* tan of the conformal latitude from tan of the geographic one: Karney (7)-(9). */
static double
conformal_tan(double tau)
{
	double	 e = eccentricity();
	double	 sigma = sinh(e * atanh(e * tau / hypot(1, tau)));

	return tau * hypot(1, sigma) - sigma * hypot(1, tau);
}

/* Its inverse by Newton's method: Karney (19)-(21); two steps reach the last bit, five are the bound. */
static double
geographic_tan(double conformal)
{
	double	 e2 = eccentricity() * eccentricity();
	double	 tau = conformal;

	for (int i = 0; i < 5; i++) {
		double	 now = conformal_tan(tau);
		double	 step = (conformal - now) / hypot(1, now) * (1 + (1 - e2) * tau * tau) /
		    ((1 - e2) * hypot(1, tau));

		tau += step;
		if (fabs(step) < 1e-14 * (1 + fabs(tau)))
			break;
	}
	return tau;
}

/* Metres east of the central meridian and north of the equator: Karney (10)-(13). */
static void
project(double lat_deg, double lon_from_centre_deg, double *x, double *y)
{
	double	 lambda = lon_from_centre_deg * DEG;
	double	 tau = conformal_tan(tan(lat_deg * DEG));
	double	 xi0 = atan2(tau, cos(lambda));
	double	 eta0 = asinh(sin(lambda) / hypot(tau, cos(lambda)));
	double	 xi = xi0, eta = eta0;

	for (int j = 1; j <= ORDER; j++) {
		double	 alpha = row_value(alpha_rows[j - 1]);

		xi += alpha * sin(2 * j * xi0) * cosh(2 * j * eta0);
		eta += alpha * cos(2 * j * xi0) * sinh(2 * j * eta0);
	}
	*x = eta * rectifying_radius();
	*y = xi * rectifying_radius();
}

/* Karney (15)-(18). */
static void
unproject(double x, double y, double *lat_deg, double *lon_from_centre_deg)
{
	double	 xi = y / rectifying_radius(), eta = x / rectifying_radius();
	double	 xi0 = xi, eta0 = eta;

	for (int j = 1; j <= ORDER; j++) {
		double	 beta = row_value(beta_rows[j - 1]);

		xi0 -= beta * sin(2 * j * xi) * cosh(2 * j * eta);
		eta0 -= beta * cos(2 * j * xi) * sinh(2 * j * eta);
	}
	*lat_deg = atan(geographic_tan(sin(xi0) / hypot(sinh(eta0), cos(xi0)))) / DEG;
	*lon_from_centre_deg = atan2(sinh(eta0), cos(xi0)) / DEG;
}

static int
band_index(double lat_deg)
{
	int	 i = (int)floor((lat_deg + 80) / 8);

	if (lat_deg < 0 && i > 9)	/* a hair south of the equator: the sum was rounded */
		i = 9;
	return i > 19 ? 19 : i;		/* X reaches from 72 to 84 */
}

static double
central_meridian(int zone)
{
	return zone * 6 - 183;
}

/* Zones are 6° wide but for south-west Norway (32V is wider) and Svalbard (no 32X, 34X, 36X). */
static int
zone_of(double lat_deg, double lon_deg)
{
	int	 zone = (int)floor((lon_deg + 180) / 6) + 1;

	if (zone > 60)
		zone = 60;
	if (lat_deg >= 56 && lat_deg < 64 && lon_deg >= 3 && lon_deg < 12)
		return 32;
	if (lat_deg < 72 || lon_deg < 0 || lon_deg >= 42)
		return zone;
	return lon_deg < 9 ? 31 : lon_deg < 21 ? 33 : lon_deg < 33 ? 35 : 37;
}

static double
normal_longitude(double lon_deg)
{
	double	 lon = fmod(lon_deg + 180, 360);

	return (lon < 0 ? lon + 360 : lon) - 180;
}

int
mgrs_from_degrees(double lat_deg, double lon_deg, int digits, char out[MGRS_SIZE])
{
	double	 x, y, lon, cell;
	int	 zone, column, row, n;

	if (!isfinite(lat_deg) || !isfinite(lon_deg) || lat_deg < -80 || lat_deg > 84 ||
	    lon_deg < -180 || lon_deg > 180 || digits < 1 || digits > 5)
		return -1;
	lon = normal_longitude(lon_deg);
	zone = zone_of(lat_deg, lon);
	project(lat_deg, lon - central_meridian(zone), &x, &y);
	x += FALSE_EASTING;
	if (lat_deg < 0) {
		y += SOUTH_NORTHING;
		if (y >= SOUTH_NORTHING)	/* a hair south of the equator must not round to its north */
			y = nextafter(SOUTH_NORTHING, 0);
	}
	cell = SQUARE_M / pow(10, digits);
	column = (int)floor(x / SQUARE_M) - 1;
	row = ((int)floor(y / SQUARE_M) + (zone % 2 == 0 ? 5 : 0)) % 20;
	if (column < 0 || column > 7 || row < 0)
		return -1;
	n = snprintf(out, MGRS_SIZE, "%02d%c%c%c%0*d%0*d", zone, bands[band_index(lat_deg)],
	    columns[zone % 3][column], rows[row], digits, (int)floor(fmod(x, SQUARE_M) / cell),
	    digits, (int)floor(fmod(y, SQUARE_M) / cell));
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
	r->band = letter_index(bands, s[zone_digits]);
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
	double	 south = -80 + 8 * r->band, north = r->band == 19 ? 84 : south + 8;
	double	 slack = r->side / 110000.0 + 1e-9;
	double	 x = (r->column + 1) * SQUARE_M + r->east + r->side / 2 - FALSE_EASTING;
	double	 y = ((r->row + 20 - (r->zone % 2 == 0 ? 5 : 0)) % 20) * SQUARE_M + r->north + r->side / 2;
	double	 lon;

	if (r->band < 10)
		y -= SOUTH_NORTHING;
	for (int k = 0; k < 5; k++) {
		unproject(x, y + k * ROWS_CYCLE_M, lat_deg, &lon);
		if (*lat_deg < south - slack || *lat_deg > north + slack)
			continue;
		*lon_deg = normal_longitude(central_meridian(r->zone) + lon);
		return 0;
	}
	return -1;
}

/* Squares may be named a little beyond their zone, as on the edge of a map sheet; 32X, 34X and 36X do not exist. */
static bool
zone_allowed(const struct reference *r, double lat_deg, double lon_deg)
{
	double	 cos_lat = cos(lat_deg * DEG);
	double	 slack = (cos_lat > 0.1 ? r->side / (111000.0 * cos_lat) : 1) + 1e-9;

	if (r->band == 19 && (r->zone == 32 || r->zone == 34 || r->zone == 36))
		return false;
	for (int side = -1; side <= 1; side++)
		for (int up = -1; up <= 1; up++)
			if (zone_of(lat_deg + up * r->side / 110000.0,
			    normal_longitude(lon_deg + side * slack)) == r->zone)
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
