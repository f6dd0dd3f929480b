/* Areas: reading them from GeoJSON, and which of them hold a point. */
#include "logic/area.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "logic/distance.h"
#include "logic/normalize.h"
#include "logic/polygon.h"

#define ARENA_MAX	(32 * 1024 * 1024)
#define RINGS_MAX	100000		/* of one polygon */
#define PLACES_MAX	10000		/* that one feature lists */
#define NAME_MAX_BYTES	200
#define RADIUS_MAX_M	2000000.0
#define DEGREE_LEAST_M	110000.0	/* no degree of latitude is shorter */
#define DEG		(M_PI / 180.0)

struct part {
	uint32_t area;
	bool	 circle;
	struct polygon polygon;		/* of a circle only the box */
	double	 lat_deg, lon_deg, radius_m;
};

struct listed {
	struct listed *next;
	const char *folded;
};

struct area {
	const char *name, *folded;
	double	 km2;
	struct listed *places;
};

struct areas {
	struct arena arena;
	size_t	 n, n_parts, n_points;
	struct area *v;
	struct part *parts;
};

/* ---- reading ---- */

struct reader {
	struct areas *a;
	struct diags *diags;
	const char *file;
	size_t	 feature;		/* from 1 */
	const char *name;
	bool	 out_of_memory;
};

static int
fault(struct reader *r, enum diag_level level, const char *what)
{
	if (r->feature == 0)
		diag_add(r->diags, level, r->file, 0, 0, NULL, 0, "%s", what);
	else if (r->name == NULL)
		diag_add(r->diags, level, r->file, 0, 0, NULL, 0, "feature %zu: %s", r->feature, what);
	else
		diag_add(r->diags, level, r->file, 0, 0, NULL, 0, "feature %zu ('%.60s'): %s", r->feature, r->name, what);
	return -1;
}

static int
no_memory(struct reader *r)
{
	r->out_of_memory = true;
	return fault(r, DIAG_ERROR, "too much for the memory that is set aside for areas");
}

/* [lon, lat] with or without a height. */
static int
vertex_read(const json_t *json, struct vertex *v)
{
	const json_t *lon = json_array_get(json, 0), *lat = json_array_get(json, 1);

	if (!json_is_number(lon) || !json_is_number(lat))
		return -1;
	v->lon_deg = json_number_value(lon);
	v->lat_deg = json_number_value(lat);
	return 0;
}

static int
ring_read(struct reader *r, const json_t *json, struct ring *ring)
{
	size_t	 n = json_array_size(json);

	r->a->n_points += n;
	if (r->a->n_points > AREAS_POINTS_MAX)
		return fault(r, DIAG_ERROR, "too many points: simplify the borders");
	if (n > 0 && (ring->v = arena_alloc(&r->a->arena, n * sizeof(*ring->v))) == NULL)
		return no_memory(r);
	ring->n = n;
	for (size_t i = 0; i < n; i++)
		if (vertex_read(json_array_get(json, i), &ring->v[i]) == -1)
			return fault(r, DIAG_ERROR, "a point that is not [longitude, latitude]");
	return 0;
}

static struct part *
part_add(struct reader *r, uint32_t area)
{
	struct areas *a = r->a;
	struct part *part;

	if (a->n_parts == AREAS_PARTS_MAX) {
		fault(r, DIAG_ERROR, "too many polygons and circles");
		return NULL;
	}
	if (a->n_parts % 64 == 0) {
		struct part *grown = realloc(a->parts, (a->n_parts + 64) * sizeof(*grown));

		if (grown == NULL) {
			no_memory(r);
			return NULL;
		}
		a->parts = grown;
	}
	part = &a->parts[a->n_parts++];
	memset(part, 0, sizeof(*part));
	part->area = area;
	return part;
}

static int
polygon_read(struct reader *r, uint32_t area, const json_t *json)
{
	struct polygon p = { .n = json_array_size(json) };
	struct part *part;
	const char *what;
	bool	 open;

	if (p.n > RINGS_MAX)
		return fault(r, DIAG_ERROR, "too many holes");
	if (p.n > 0 && (p.rings = arena_alloc(&r->a->arena, p.n * sizeof(*p.rings))) == NULL)
		return no_memory(r);
	for (size_t i = 0; i < p.n; i++)
		if (ring_read(r, json_array_get(json, i), &p.rings[i]) == -1)
			return -1;
	if ((what = polygon_prepare(&p, &open)) != NULL)
		return fault(r, DIAG_ERROR, what);
	if (open)
		fault(r, DIAG_WARNING, "a ring that does not end where it begins was closed");
	if ((part = part_add(r, area)) == NULL)
		return -1;
	part->polygon = p;
	r->a->v[area].km2 += polygon_km2(&p);
	return 0;
}

static struct polygon_box
circle_box(double lat_deg, double lon_deg, double radius_m)
{
	double	 up = radius_m / DEGREE_LEAST_M, side = 180, far = fabs(lat_deg) + up;

	if (far < 89)
		side = fmin(180, up / cos(far * DEG));
	return (struct polygon_box){ lon_deg - side, lat_deg - up, lon_deg + side, lat_deg + up };
}

static int
circle_read(struct reader *r, uint32_t area, const json_t *point, const json_t *properties)
{
	const json_t *metres = json_object_get(properties, "radius_m"), *km = json_object_get(properties, "radius_km");
	double	 radius = json_is_number(metres) ? json_number_value(metres) : json_number_value(km) * 1000;
	struct vertex v;
	struct part *part;

	if (vertex_read(point, &v) == -1 || !(fabs(v.lat_deg) <= 90) || !(fabs(v.lon_deg) <= 180))
		return fault(r, DIAG_ERROR, "a point that is not [longitude, latitude]");
	if (!(radius > 0) || radius > RADIUS_MAX_M)
		return fault(r, DIAG_ERROR, "a point needs 'radius_m' or 'radius_km', up to 2000 km");
	if ((part = part_add(r, area)) == NULL)
		return -1;
	part->circle = true;
	part->lat_deg = v.lat_deg;
	part->lon_deg = v.lon_deg;
	part->radius_m = radius;
	part->polygon.box = circle_box(v.lat_deg, v.lon_deg, radius);
	r->a->v[area].km2 += M_PI * radius * radius / 1e6;
	return 0;
}

static int
multipolygon_read(struct reader *r, uint32_t area, const json_t *json)
{
	size_t	 n = json_array_size(json);

	if (n == 0)
		return fault(r, DIAG_ERROR, "a MultiPolygon without polygons");
	for (size_t i = 0; i < n; i++)
		if (polygon_read(r, area, json_array_get(json, i)) == -1)
			return -1;
	return 0;
}

static int
geometry_read(struct reader *r, uint32_t area, const json_t *geometry, const json_t *properties)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates");

	if (type != NULL && strcmp(type, "Polygon") == 0)
		return polygon_read(r, area, coordinates);
	if (type != NULL && strcmp(type, "MultiPolygon") == 0)
		return multipolygon_read(r, area, coordinates);
	if (type != NULL && strcmp(type, "Point") == 0)
		return circle_read(r, area, coordinates, properties);
	return fault(r, DIAG_ERROR, "not a Polygon, a MultiPolygon or a Point with a radius");
}

/* Folded into the arena; NULL: it does not fit or nothing is left of it. */
static const char *
fold_kept(struct reader *r, const char *name)
{
	char	 folded[PLACE_NAME_SIZE];
	int	 n = normalize_fold(name, strlen(name), folded, sizeof(folded));

	return n > 0 ? arena_strndup(&r->a->arena, folded, (size_t)n) : NULL;
}

static int
places_read(struct reader *r, uint32_t area, const json_t *places)
{
	size_t	 n = json_array_size(places);

	if (n == 0 || n > PLACES_MAX)
		return fault(r, DIAG_ERROR, "'places' is not a list of names");
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(places, i));
		struct listed *l = arena_alloc(&r->a->arena, sizeof(*l));

		if (l == NULL)
			return no_memory(r);
		if (name == NULL || (l->folded = fold_kept(r, name)) == NULL)
			return fault(r, DIAG_ERROR, "'places' holds what is no name");
		l->next = r->a->v[area].places;
		r->a->v[area].places = l;
	}
	return 0;
}

static const char *
feature_name(const json_t *properties)
{
	static const char *const keys[] = { "name", "nom", "shapeName", "ADM3_FR", "admin3Name", "ADM2_FR", "admin2Name", "ADM1_FR",
	    "admin1Name", "NAME" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *name = json_string_value(json_object_get(properties, keys[i]));

		if (name != NULL && name[0] != '\0')
			return name;
	}
	return NULL;
}

/* The area of this name, made when it is the first of it; -1: no name or no room. */
static long
area_named(struct reader *r, const char *name)
{
	struct areas *a = r->a;
	const char *folded;

	if (name == NULL)
		return fault(r, DIAG_ERROR, "no property 'name'");
	if (strlen(name) > NAME_MAX_BYTES || (folded = fold_kept(r, name)) == NULL)
		return fault(r, DIAG_ERROR, "a name that is empty or too long");
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].folded, folded) == 0)
			return (long)i;
	if (a->n == AREAS_COUNT_MAX)
		return fault(r, DIAG_ERROR, "too many areas");
	a->v[a->n].name = arena_strndup(&a->arena, name, strlen(name));
	if (a->v[a->n].name == NULL)
		return no_memory(r);
	a->v[a->n].folded = folded;
	return (long)a->n++;
}

/* A faulty feature is left out as a whole, not kept in half. */
static void
feature_read(struct reader *r, const json_t *feature)
{
	const json_t *properties = json_object_get(feature, "properties"), *geometry = json_object_get(feature, "geometry");
	const json_t *places = json_object_get(properties, "places");
	size_t	 n = r->a->n, n_parts = r->a->n_parts;
	struct area before;
	long	 area;

	r->feature++;
	r->name = feature_name(properties);
	area = area_named(r, r->name);
	if (area < 0)
		return;
	before = r->a->v[area];
	if (places == NULL || !json_is_null(geometry))
		if (geometry_read(r, (uint32_t)area, geometry, properties) == -1)
			goto faulty;
	if (places == NULL || places_read(r, (uint32_t)area, places) == 0)
		return;
faulty:
	r->a->v[area] = before;
	r->a->n_parts = n_parts;
	r->a->n = n;
}

static void
document_read(struct reader *r, const json_t *root)
{
	const char *type = json_string_value(json_object_get(root, "type"));
	const json_t *features = json_object_get(root, "features");

	if (json_object_get(root, "crs") != NULL)
		fault(r, DIAG_WARNING, "'crs' is not read: degrees of WGS84 are expected");
	if (type != NULL && strcmp(type, "Feature") == 0)
		feature_read(r, root);
	else if (type == NULL || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features))
		fault(r, DIAG_ERROR, "not a GeoJSON FeatureCollection or Feature");
	for (size_t i = 0; i < json_array_size(features) && !r->out_of_memory; i++)
		feature_read(r, json_array_get(features, i));
}

/* The document, or NULL with a diag. The caller gives it back with json_decref(). */
static json_t *
document_parse(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	static const char mark[] = "\xEF\xBB\xBF";
	size_t	 skip = len >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
	json_error_t error;
	json_t	*root;

	if (len > AREAS_BYTES_MAX) {
		diag_add(diags, DIAG_ERROR, file, 0, 0, NULL, 0, "larger than 8 MB: simplify the borders");
		return NULL;
	}
	root = json_loadb(bytes + skip, len - skip, 0, &error);
	if (root == NULL)
		diag_add(diags, DIAG_ERROR, file, error.line > 0 ? error.line : 0, 0, NULL, 0, "not JSON: %s", error.text);
	return root;
}

struct areas *
areas_new(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	json_t	*root = document_parse(file, bytes, len, diags);
	struct reader r = { .diags = diags, .file = file };
	size_t	 errors = diags->errors;

	if (root == NULL)
		return NULL;
	if ((r.a = calloc(1, sizeof(*r.a))) == NULL)
		goto out;
	arena_init(&r.a->arena, ARENA_MAX);
	if ((r.a->v = calloc(AREAS_COUNT_MAX, sizeof(*r.a->v))) == NULL)
		goto out;
	document_read(&r, root);
	if (r.a->n == 0 && (r.feature > 0 || diags->errors == errors)) {
		r.feature = 0;
		fault(&r, DIAG_ERROR, "no area in this file");
	}
out:
	json_decref(root);
	if (r.a != NULL && (r.a->n == 0 || r.out_of_memory)) {
		areas_free(r.a);
		r.a = NULL;
	}
	return r.a;
}

void
areas_free(struct areas *a)
{
	if (a == NULL)
		return;
	arena_release(&a->arena);
	free(a->v);
	free(a->parts);
	free(a);
}

/* ---- asking ---- */

size_t
areas_count(const struct areas *a)
{
	return a->n;
}

const char *
areas_name(const struct areas *a, size_t i)
{
	return a->v[i].name;
}

const char *
areas_folded(const struct areas *a, size_t i)
{
	return a->v[i].folded;
}

static bool
part_holds(const struct part *p, double lat_deg, double lon_deg)
{
	double	 metres;

	if (!polygon_box_holds(&p->polygon.box, lat_deg, lon_deg))
		return false;
	if (!p->circle)
		return polygon_holds(&p->polygon, lat_deg, lon_deg);
	distance_exact(p->lat_deg, p->lon_deg, lat_deg, lon_deg, &metres, NULL);
	return metres <= p->radius_m;
}

/* Areas found: the first n (at most max) are in out, each once. */
struct found {
	uint32_t *out;
	size_t	 max, n, from;		/* from there on the smaller ones come first */
	uint8_t	 seen[AREAS_COUNT_MAX / 8];
};

static void
found_add(const struct areas *a, uint32_t area, struct found *f)
{
	size_t	 kept = f->n < f->max ? f->n : f->max, at = f->from;

	if (f->seen[area / 8] & 1U << area % 8)
		return;
	f->seen[area / 8] = (uint8_t)(f->seen[area / 8] | 1U << area % 8);
	f->n++;
	while (at < kept && a->v[f->out[at]].km2 <= a->v[area].km2)
		at++;
	if (at >= f->max)
		return;
	if (kept == f->max)
		kept--;
	memmove(&f->out[at + 1], &f->out[at], (kept - at) * sizeof(*f->out));
	f->out[at] = area;
}

static void
find_parts(const struct areas *a, double lat_deg, double lon_deg, struct found *f)
{
	f->from = f->n;
	for (size_t i = 0; i < a->n_parts; i++)
		if (part_holds(&a->parts[i], lat_deg, lon_deg))
			found_add(a, a->parts[i].area, f);
}

size_t
areas_find(const struct areas *a, double lat_deg, double lon_deg, uint32_t *out, size_t max)
{
	struct found f = { .out = out, .max = max };

	find_parts(a, lat_deg, lon_deg, &f);
	return f.n;
}

static bool
lists(const struct area *area, char names[4][PLACE_NAME_SIZE])
{
	for (const struct listed *l = area->places; l != NULL; l = l->next)
		for (size_t i = 0; i < 4; i++)
			if (names[i][0] != '\0' && strcmp(l->folded, names[i]) == 0)
				return true;
	return false;
}

size_t
areas_match(const struct areas *a, const struct place *p, uint32_t *out, size_t max)
{
	const char *const said[4] = { p->name, p->c3, p->cercle, p->region };
	char	 names[4][PLACE_NAME_SIZE];
	struct found f = { .out = out, .max = max };

	for (size_t i = 0; i < 4; i++)
		if (normalize_fold(said[i], strlen(said[i]), names[i], PLACE_NAME_SIZE) < 0)
			names[i][0] = '\0';
	for (size_t i = 0; i < a->n; i++)
		if (lists(&a->v[i], names))
			found_add(a, (uint32_t)i, &f);
	find_parts(a, p->lat_deg, p->lon_deg, &f);
	return f.n;
}
