/* One place on its way into a gazetteer: checked, cleaned, and written as a line of our form. */
#ifndef TOCSIN_PLACEROW_H
#define TOCSIN_PLACEROW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"

#define PLACEROW_NAME_MAX	90	/* bytes */
#define PLACEROW_COUNTRIES	24	/* "ML,BF,NE" and more, with NUL */

struct span {
	const char *p;			/* not NUL-terminated */
	size_t	 n;
};

/* As it stands in a file; what is not known is empty. */
struct place_row {
	struct span name, lat, lon;	/* plain decimal degrees, WGS84 */
	struct span kind;		/* a feature code of GeoNames, or "village", "ville", "puits" …; empty: a village */
	struct span country;		/* two letters; empty: the one expected, if it is only one */
	struct span region, cercle, c3, population;
	struct span aliases;		/* separated by commas, semicolons or bars */
	struct span source;
};

struct place_report {
	size_t	 read, kept, refused;
	size_t	 aliases, aliases_dropped;
};

/* Where rows go, and what is held against them. */
struct place_sink {
	const char	*file;		/* for the diags */
	const char	*countries;	/* expected: "ML" or "ML,BF"; "" : any */
	struct buf	*out;
	struct diags	*diags;
	struct place_report report;
};

/* The header line of the form that gazetteer.h explains. */
void	placerow_header(struct buf *);

/*
 * Writes the row, or refuses it with a warning that says the line and why: no name, a name of no letters or too long,
 * coordinates that are none, impossible, 0,0, swapped, or outside the expected country (or its own, where none is expected);
 * an unknown kind. Aliases that are airport codes (three capitals), web addresses or in scripts that nobody here writes are
 * dropped: Latin, Arabic, N'Ko, Tifinagh and Adlam are kept. text: the line as it stands in the file, for the warning.
 */
bool	placerow_add(struct place_sink *, const struct place_row *, int line, struct span text);
/* Refuses a row that could not even be taken apart. */
void	placerow_refuse(struct place_sink *, int line, struct span text, const char *why);

/* False only when the country is known to us and the point lies more than half a degree outside the box around it. */
bool	placerow_inside(const char *country, double lat_deg, double lon_deg);
/* "ML" for "+223"; "" when no country known to us has this calling code. */
const char *placerow_country(const char *calling_code);

#endif
