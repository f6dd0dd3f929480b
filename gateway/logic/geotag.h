/* Where a text says it happens: names and coordinates, ranked, with a radius, and honest about doubt. */
#ifndef TOCSIN_GEOTAG_H
#define TOCSIN_GEOTAG_H

#include "logic/gazetteer.h"
#include "logic/normalize.h"
#include "logic/types.h"

/*
 * Coordinates in any spelling (logic/coordinates.h) win over names, but not when latitude and longitude seem swapped or a sign
 * forgotten: without a name these are ambiguous, what was probably meant first. Longest name first; names of three letters
 * or fewer, and names that are ordinary words (stop list), only with a cue before or after, another place near, or
 * alone on the line.
 * Several places of one name that nothing tells apart: "ambiguous", candidates ranked, never a silent guess.
 *
 * A name that the gazetteer does not have is taken for one that it is like (gazetteer_like()): only at five letters
 * or more, never when it is an ordinary word, and the shorter or the less like, the more the text must say for it. When
 * it does not even sound the same and nothing else speaks for it, the answer is "ambiguous", be it with one candidate.
 *
 * What tells homonyms apart, in points (geotag.c): a cercle, region or other place that the text names beside it, the
 * nearer the more; how like the name is; what the caller knows (geotag_in); the rank of the feature (a seat of region or
 * cercle before other towns and villages, these before areas, camps, wells and the rest); ten times the
 * population. Homonyms within 5 km are one place. Scores: how sure a place is meant, and which.
 *
 * Methods: "coordinates", "swapped?", "sign?" (doubtful ones), "name", "like" (a name with a typing error or otherwise spelt), "segment" (two places joined by "entre", "route" or side by side: the
 * midpoint), "offset" ("5 km au nord de"), "near" ("pres de", a direction without a distance), "toward" ("vers"),
 * "from" ("venant de"), "arrival" ("arrivent a": where people are now, not what they fled), "area" ("cercle de").
 * "original" is the text that was normalized, NUL-terminated.
 */
void	geotag(const struct gazetteer *, const char *original, const struct text *, struct geotag *);

/* What is known beside the text. It only helps to choose among places of one name; it never makes a place. */
enum geotag_why {
	GEOTAG_SENDER,		/* the sender's village, or where he last was: decides when no other is as near */
	GEOTAG_INCIDENT,	/* an open incident */
	GEOTAG_AREA,		/* a responder's area: sorts the candidates, never decides alone */
};

#define GEOTAG_POINTS_MAX	32

struct geotag_context {
	size_t	 n;
	struct geotag_point {
		double	 lat_deg, lon_deg;
		uint32_t reach_m;	/* within it nothing is lost with distance */
		enum geotag_why why;
	} v[GEOTAG_POINTS_MAX];
};

/* geotag() with a context, which may be NULL. */
void	geotag_in(const struct gazetteer *, const struct geotag_context *, const char *original, const struct text *,
	    struct geotag *);

/* One row of the gazetteer as a place, the cercle from the nearest seat of its country if the row names none. */
void	geotag_place(const struct gazetteer *, const struct gazetteer_row *, struct place *);

/*
 * Fills in the cercle, its code, the region and country where they are missing, from the seat of the cercle or else
 * the nearest; and in any case the old cercle and region, which the store does not keep.
 */
void	geotag_parents(const struct gazetteer *, struct place *);

/* A point that somebody gave as coordinates: named after the nearest place, or its cercle. Precision in metres. */
void	geotag_point(const struct gazetteer *, double lat_deg, double lon_deg, uint32_t precision_m, struct place *);

#endif
