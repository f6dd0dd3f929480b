/* Reads places out of GeoJSON (RFC 7946): Points with the properties that the columns of a CSV have. */
#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "logic/placefile.h"

#define NUMBER_SIZE	32
#define ALIASES_SIZE	2048
#define TELL_EVERY	4096

/* What a row borrows that the JSON does not hold as text. */
struct made {
	char	 lat[NUMBER_SIZE], lon[NUMBER_SIZE], population[NUMBER_SIZE];
	char	 aliases[ALIASES_SIZE];
};

/*
 * Jansson knows no lines. The features of a valid document begin where a "{" is opened at the third level, inside an
 * array: this walks from one to the next, past strings, and counts lines.
 */
struct walk {
	const char *p, *end;
	int	 line, depth;
	bool	 in_array;		/* what was opened last at the second level is an array */
};

static const char *
walk_next(struct walk *w)
{
	for (bool quoted = false; w->p < w->end; w->p++) {
		char c = *w->p;

		w->line += c == '\n';
		if (quoted) {
			w->p += c == '\\' && w->p + 1 < w->end;
			quoted = c != '"';
			continue;
		}
		quoted = c == '"';
		w->depth -= c == '}' || c == ']';
		if (c != '{' && c != '[')
			continue;
		if (++w->depth == 2)
			w->in_array = c == '[';
		else if (w->depth == 3 && c == '{' && w->in_array)
			return w->p++;
	}
	return NULL;
}

static struct span
line_from(const struct walk *w, const char *p)
{
	const char *end = p == NULL ? NULL : memchr(p, '\n', (size_t)(w->end - p));

	return p == NULL ? (struct span){ "", 0 } : (struct span){ p, (size_t)((end != NULL ? end : w->end) - p) };
}

/* A coordinate as plain decimal text; one that is no number stays empty and is refused like that. */
static struct span
number(const json_t *value, char out[NUMBER_SIZE])
{
	int n;

	if (!json_is_number(value) || json_number_value(value) > 1e9 || json_number_value(value) < -1e9)
		return (struct span){ "", 0 };
	n = snprintf(out, NUMBER_SIZE, "%.7f", json_number_value(value));
	return (struct span){ out, n > 0 ? (size_t)n : 0 };
}

static struct span
join_aliases(const json_t *array, char out[ALIASES_SIZE])
{
	size_t used = 0, i;
	const json_t *item;

	json_array_foreach(array, i, item) {
		size_t n = json_string_length(item);

		if (!json_is_string(item) || n == 0 || used + n + 2 > ALIASES_SIZE)
			continue;
		if (used > 0)
			out[used++] = ';';
		memcpy(out + used, json_string_value(item), n);
		used += n;
	}
	return (struct span){ out, used };
}

static void
read_properties(json_t *properties, struct place_row *row, struct made *made)
{
	const char *key;
	json_t *value;

	json_object_foreach(properties, key, value) {
		struct span *field = placefile_column(row, key, strlen(key));

		if (field == NULL || field == &row->lat || field == &row->lon)
			continue;
		if (json_is_string(value))
			*field = (struct span){ json_string_value(value), json_string_length(value) };
		else if (field == &row->aliases && json_is_array(value))
			*field = join_aliases(value, made->aliases);
		else if (field == &row->population && json_is_number(value))
			*field = number(value, made->population);
	}
}

static void
read_feature(struct place_sink *sink, const json_t *feature, int line, struct span text)
{
	const json_t *geometry = json_object_get(feature, "geometry"), *at = json_object_get(geometry, "coordinates");
	const char *type = json_string_value(json_object_get(geometry, "type"));
	struct place_row row = { 0 };
	struct made made;

	if (type == NULL || strcmp(type, "Point") != 0) {
		sink->report.read++;
		placerow_refuse(sink, line, text, "it is not a Point");
		return;
	}
	row.lon = number(json_array_get(at, 0), made.lon);
	row.lat = number(json_array_get(at, 1), made.lat);
	read_properties(json_object_get(feature, "properties"), &row, &made);
	placerow_add(sink, &row, line, text);
}

static void
read_features(struct place_sink *sink, const json_t *features, struct walk *w, placefile_progress *progress, void *arg)
{
	const char *begin = w->p;
	size_t i, total = (size_t)(w->end - w->p);
	const json_t *feature;

	json_array_foreach(features, i, feature) {
		const char *p = json_is_object(feature) ? walk_next(w) : NULL;

		if (progress != NULL && i % TELL_EVERY == 0)
			progress(arg, (size_t)(w->p - begin), total);
		read_feature(sink, feature, w->line, line_from(w, p));
	}
}

int
placejson_read(struct place_sink *sink, const char *bytes, size_t len, placefile_progress *progress, void *arg)
{
	struct walk w = { .p = bytes, .end = bytes + len, .line = 1 };
	json_error_t error;
	json_t *root, *features;
	const char *type;
	int rc = -1;

	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		w.p += 3;
	root = json_loadb(w.p, (size_t)(w.end - w.p), JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		diag_add(sink->diags, DIAG_ERROR, sink->file, error.line, error.column, NULL, 0, "not JSON: %s", error.text);
		return -1;
	}
	type = json_string_value(json_object_get(root, "type"));
	features = json_object_get(root, "features");
	if (type != NULL && strcmp(type, "Feature") == 0) {
		read_feature(sink, root, 1, line_from(&w, w.p));
		rc = 0;
	} else if (type != NULL && strcmp(type, "FeatureCollection") == 0 && json_is_array(features)) {
		read_features(sink, features, &w, progress, arg);
		rc = 0;
	} else {
		diag_add(sink->diags, DIAG_ERROR, sink->file, 1, 0, NULL, 0, "JSON, but neither a FeatureCollection nor a Feature");
	}
	json_decref(root);
	return rc;
}
