/* Areas that an administrator draws or lists: polygons, circles, lists of places; and which of them hold a point. */
#ifndef TOCSIN_AREA_H
#define TOCSIN_AREA_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "logic/types.h"

struct areas;

#define AREAS_BYTES_MAX		(8 * 1024 * 1024)	/* of a file; what it becomes in memory while it is read is ten times that */
#define AREAS_COUNT_MAX		4096			/* names */
#define AREAS_PARTS_MAX		16384			/* polygons and circles */
#define AREAS_POINTS_MAX	500000			/* vertices in all */

/*
 * Reads GeoJSON (RFC 7946), a FeatureCollection or one Feature. Each feature is an area, or a part of the area of its name:
 *	Polygon, MultiPolygon	with holes; borders belong to the area; over the antimeridian cut in two or not
 *	Point			with "radius_m" or "radius_km" among its properties: a circle
 *	null			with "places": ["Koro", "BKS", …]: what lies in or is one of these places, cercles, regions
 * "places" may stand beside a geometry too. The name is the first of the properties name, nom, shapeName, ADM3_FR, admin3Name,
 * ADM2_FR, admin2Name, ADM1_FR, admin1Name, NAME. Every faulty feature is an error and left out; an open ring is closed with
 * a warning. NULL: memory, not JSON, too much, or no area left; the diags say which.
 */
struct areas *areas_new(const char *file, const char *bytes, size_t len, struct diags *);
void	 areas_free(struct areas *);

size_t	 areas_count(const struct areas *);
/* The name as written, and folded as responders' areas are compared. Live as long as the areas. */
const char *areas_name(const struct areas *, size_t i);
const char *areas_folded(const struct areas *, size_t i);

/* The areas whose polygons or circles hold a point, the smallest first; at most max indexes into out. Returns how many there are. */
size_t	 areas_find(const struct areas *, double lat_deg, double lon_deg, uint32_t *out, size_t max);
/* The same, and those that list the place, its cercle, its c3 or its region; these first. */
size_t	 areas_match(const struct areas *, const struct place *, uint32_t *out, size_t max);

#endif
