/* Where a text says it happens: names and coordinates, ranked, with a radius, and honest about doubt. */
#ifndef TOCSIN_GEOTAG_H
#define TOCSIN_GEOTAG_H

#include "logic/gazetteer.h"
#include "logic/normalize.h"
#include "logic/types.h"

/*
 * Coordinates win over names; longest name first; names of three letters or fewer, and names that are
 * ordinary words (stop list), only with a cue before or after, another place near, or alone on the line.
 * Several places of one name that nothing tells apart: "ambiguous", candidates ranked, never a silent guess.
 */
void	geotag(const struct gazetteer *, const char *original, const struct text *, struct geotag *);

#endif
