/* Files of places that others made, turned into lines of our own form: GeoNames dumps, CSV, GeoJSON. */
#ifndef TOCSIN_PLACEFILE_H
#define TOCSIN_PLACEFILE_H

#include "logic/placerow.h"

enum placefile_form { PLACEFILE_GEONAMES, PLACEFILE_CSV, PLACEFILE_GEOJSON };

/* Called now and then with how many bytes of the file are done. */
typedef void placefile_progress(void *, size_t done, size_t total);

/* What it is, from its first bytes. */
enum placefile_form placefile_form(const char *bytes, size_t len);

/*
 * Appends every sound place of the file to sink->out, without a header, and counts in sink->report; faulty ones are warnings
 * with their line. A byte order mark and CR LF are fine.
 *
 *	GeoNames	the country dump as published (readme.txt of download.geonames.org/export/dump): 19 columns, tabs, no header
 *	CSV		RFC 4180 with commas, semicolons or tabs; a header names the columns in any order, in English or French (name lat
 *			lon kind country admin1 admin2 c3 population aliases source; nom, latitude, region, cercle …); without one they are
 *			name, lat, lon, kind, admin1, admin2, aliases
 *	GeoJSON		a FeatureCollection (or one Feature) of Points; the properties are called as the columns, "aliases" may be an array
 *
 * 0, or -1 with an error in the diags when the file as a whole cannot be used: not JSON, no place in it, or more places
 * refused than kept. What was appended must then be thrown away. progress may be NULL.
 */
int	placefile_read(struct place_sink *, const char *bytes, size_t len, placefile_progress *progress, void *arg);

/* The field of a row that a column is called after, or NULL. For the readers of each form. */
struct span *placefile_column(struct place_row *, const char *name, size_t len);
/* The same for GeoJSON; in placejson.c. */
int	placejson_read(struct place_sink *, const char *bytes, size_t len, placefile_progress *progress, void *arg);

#endif
