/* Names of places, indexed by their folded form. */
#ifndef TOCSIN_GAZETTEER_H
#define TOCSIN_GAZETTEER_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "logic/normalize.h"
#include "logic/types.h"

struct gazetteer;

#define GAZETTEER_ROWS_MAX	1000000

/* What a feature code is worth against another of the same name: less is better. */
enum place_rank {
	RANK_CAPITAL,		/* PPLC */
	RANK_REGION_SEAT,	/* PPLA */
	RANK_CERCLE_SEAT,	/* PPLA2 */
	RANK_COMMUNE_SEAT,	/* PPLA3 and below */
	RANK_VILLAGE,		/* other PPL */
	RANK_QUARTER,		/* part of a town, or abandoned */
	RANK_AREA,		/* ADM: a region, cercle or commune as a whole */
	RANK_CAMP,
	RANK_LOCALITY,
	RANK_WATER,		/* wells and water holes: in the north they are what people name */
	RANK_OTHER,
	RANK_TERRAIN,		/* hills, streams, dunes: their names are ordinary words too often */
};

/* The strings live as long as the gazetteer; never NULL, "" when not known. */
struct gazetteer_row {
	const char *name, *cercle, *region;
	const char *old_cercle, *old_region;	/* before the newest division, when different: people and papers keep using it */
	const char *kind;		/* GeoNames feature code */
	char	 c3[4], country[3];
	uint8_t	 rank;			/* enum place_rank, from kind */
	double	 lat_deg, lon_deg;	/* WGS84 */
	uint32_t population;		/* 0: not known */
	uint32_t radius_m;		/* how far such a place reaches, and how well such points are surveyed */
};

/* One file of places; the bytes are borrowed during the call only. */
struct gazetteer_source {
	const char *name;		/* for faults */
	const char *bytes;
	size_t	 len;
};

/*
 * All sources together: what is shipped, what was imported, what operators added. A place that stands in two is
 * no doubt: geotag() counts places of one name within 5 km as one, and keeps the row of the earlier source.
 *
 * Parses tab-separated lines, UTF-8, "#" comments. A header line names the columns, in any order:
 *	name, lat, lon, kind (GeoNames feature code), country, region, cercle, c3, population, aliases (comma-separated),
 *	old_region, old_cercle (when a newer division moved it), source
 * of which name, lat and lon must be there. It may be missing or repeated, so that files can be put behind
 * each other. A line of 19 columns that begins with a number is one of a GeoNames country dump (ML.txt) as
 * published. Every faulty line is a diag and skipped: an error, but a warning in a GeoNames dump, which
 * nobody edits by hand. NULL only when memory ran out or nothing was left.
 */
struct gazetteer *gazetteer_new(const struct gazetteer_source *v, size_t n, struct diags *diags);
void	 gazetteer_free(struct gazetteer *);
size_t	 gazetteer_rows(const struct gazetteer *);
const struct gazetteer_row *gazetteer_row(const struct gazetteer *, size_t i);

/*
 * The rows whose folded name or alias is exactly this; at most max indexes into out, by rank then
 * population. Returns how many there are (may exceed max). Hyphens, apostrophes and spaces do not
 * count, so "in-ekar", "in ekar" and "inekar" meet; but words do not grow together into a name that is
 * written as one ("ga o" is not Gao, "l'ai" not Lai) unless by a hyphen or a beginning like "In", "Tin" or "N'".
 */
size_t	 gazetteer_find(const struct gazetteer *, const char *folded, size_t len, uint32_t *out, size_t max);
/*
 * The longest name among the first of these words of a text (no stop or comma inside), at most n of them.
 * Returns how many words it has, 0: none begins here; rows as gazetteer_find() gives them, their count in *found.
 */
size_t	 gazetteer_match(const struct gazetteer *, const char *folded, const struct token *words, size_t n,
	    uint32_t *out, size_t max, size_t *found);
/* Whether names of more words may begin with this one; now and then true for no reason. */
bool	 gazetteer_begins(const struct gazetteer *, const char *folded, size_t len);

/* A row whose name is like what was written, and how unlike it still is. */
struct gazetteer_like {
	uint32_t row;
	uint8_t	 letters;	/* of the name */
	uint8_t	 unlike;	/* 1: sounds the same, and one letter; 2: only sounds the same; 3: one typing error; 4: two */
};

/*
 * For what gazetteer_find() does not find: rows whose name or alias sounds the same or is a typing error or
 * two away (likeness.h), most like first, then by rank; at most max. No hills, streams and the like.
 */
size_t	 gazetteer_like(const struct gazetteer *, const char *folded, size_t len, struct gazetteer_like *out, size_t max);
/* Longest name in words of a text, so that a matcher knows when to stop. */
size_t	 gazetteer_longest(const struct gazetteer *);
/*
 * The nearest row of a seat (PPLC, PPLA, PPLA2) in a country, NULL: in any; or -1. For the cercle of a
 * coordinate: the seat across the border may be nearer. A capital counts within 15 km only.
 */
long	 gazetteer_nearest_seat(const struct gazetteer *, const char *country, double lat_deg, double lon_deg,
	    double *distance_m);
/* The seat that is named like its cercle, or -1: none, or no name given. */
long	 gazetteer_seat(const struct gazetteer *, const char *country, const char *cercle);
/* The nearest town or village within a distance, or -1: what to call a coordinate. */
long	 gazetteer_nearest(const struct gazetteer *, double lat_deg, double lon_deg, double within_m, double *distance_m);

#endif
