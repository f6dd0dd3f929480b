/* Names of places, indexed by their folded form. */
#ifndef TOCSIN_GAZETTEER_H
#define TOCSIN_GAZETTEER_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "logic/types.h"

struct gazetteer;

#define GAZETTEER_ROWS_MAX	1000000

/*
 * One row of the plain TSV that is shipped and imported (header line first, # comments):
 * name, lat, lon, kind (GeoNames feature code), country, region, cercle, c3, population, aliases (comma-separated), source
 */
struct gazetteer_row {
	char	 name[PLACE_NAME_SIZE], cercle[PLACE_NAME_SIZE], region[PLACE_NAME_SIZE];
	char	 c3[4], country[3], kind[8];
	double	 lat_deg, lon_deg;
	uint32_t population;
};

/* Parses the TSV; every faulty line is a diag (error) and skipped. NULL only when memory ran out or nothing was left. */
struct gazetteer *gazetteer_new(const char *file, const char *bytes, size_t len, struct diags *);
void	 gazetteer_free(struct gazetteer *);
size_t	 gazetteer_rows(const struct gazetteer *);
const struct gazetteer_row *gazetteer_row(const struct gazetteer *, size_t i);

/*
 * The rows whose folded name or alias is exactly this; at most max indexes into out,
 * by feature rank then population. Returns how many there are (may exceed max).
 */
size_t	 gazetteer_find(const struct gazetteer *, const char *folded, size_t len, uint32_t *out, size_t max);
/* Longest name in words, so that a matcher knows when to stop. */
size_t	 gazetteer_longest(const struct gazetteer *);
/* The nearest row of a seat (PPLC, PPLA, PPLA2), or -1: for the cercle of a coordinate. */
long	 gazetteer_nearest_seat(const struct gazetteer *, double lat_deg, double lon_deg, double *distance_m);

#endif
