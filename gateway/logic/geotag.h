/* Where a text says it happens: names and coordinates, ranked, with a radius, and honest about doubt. */
#ifndef TOCSIN_GEOTAG_H
#define TOCSIN_GEOTAG_H

#include "logic/gazetteer.h"
#include "logic/normalize.h"
#include "logic/types.h"

/*
 * Coordinates (decimal, degrees and minutes, MGRS, plus codes) win over names; longest name first; names of three letters or fewer, and names that are
 * ordinary words (stop list), only with a cue before or after, another place near, or alone on the line.
 * Several places of one name that nothing tells apart: "ambiguous", candidates ranked, never a silent guess.
 *
 * What tells homonyms apart, in this order: a cercle, region or other place that the text names beside
 * it (the nearer one); the rank of the feature (a seat of region or cercle before other towns and villages,
 * these before areas, camps, wells and the rest); ten times the population. Homonyms within 5 km are one place.
 *
 * Methods: "coordinates", "name", "segment" (two places joined by "entre", "route" or side by side: the
 * midpoint), "offset" ("5 km au nord de"), "near" ("pres de", a direction without a distance), "toward" ("vers"),
 * "from" ("venant de"), "arrival" ("arrivent a": where people are now, not what they fled), "area" ("cercle de").
 * "original" is the text that was normalized, NUL-terminated.
 */
void	geotag(const struct gazetteer *, const char *original, const struct text *, struct geotag *);

/* One row of the gazetteer as a place, the cercle from the nearest seat of its country if the row names none. */
void	geotag_place(const struct gazetteer *, const struct gazetteer_row *, struct place *);

/* A point that somebody gave as coordinates: named after the nearest place, or its cercle. Precision in metres. */
void	geotag_point(const struct gazetteer *, double lat_deg, double lon_deg, uint32_t precision_m, struct place *);

#endif
