/* routing.matrix: which type of responder may be told of which category, and how. */
#ifndef TOCSIN_MATRIX_H
#define TOCSIN_MATRIX_H

#include "base/diag.h"
#include "logic/types.h"

struct matrix;

/* In order of strictness, strictest last; '-' is neutral when categories combine and means "not told" alone. */
enum permission {
	PERM_NEUTRAL,		/* - not addressed */
	PERM_AUTO,		/* A at once */
	PERM_VALIDATED,		/* V after a duty officer's validation */
	PERM_POINTER,		/* P restricted pointer (template D4) */
	PERM_COUNT,		/* C sees that a sealed case exists */
	PERM_NEVER,		/* N never */
};

#define MATRIX_TYPE_SIZE	16
#define MATRIX_DUTY		"DUTY"	/* the duty desk: sees every category */
#define MATRIX_LIAISON		"CLA"	/* community liaison: told with the desk when nobody looked in time */

/*
 * Parses routing.matrix:
 *	types DUTY CLA FDS …	the columns, before everything else
 *	off FDS …		types that are told nothing, whatever their cells say
 *	ATK A A V …		a category and a letter for each column
 * Columns are separated by blanks; '#' begins a comment. Unknown letters, missing or surplus cells, unknown or
 * repeated categories and types, a duty desk that would not see a category, forces that are not off or would be told without
 * validation, and any cell that opens a protected category (GBV, ABU, AIR) beyond the shipped table (DNH-15) are
 * errors with their place; all of them are reported. NULL on any error.
 */
struct matrix	*matrix_new(const char *file, const char *bytes, size_t len, struct diags *);
void		 matrix_free(struct matrix *);
size_t		 matrix_types(const struct matrix *);
const char	*matrix_type(const struct matrix *, size_t i);		/* borrows */
int		 matrix_find_type(const struct matrix *, const char *name);	/* -1: none */
bool		 matrix_off(const struct matrix *, size_t type);
/*
 * Default deny: PERM_NEVER for a category or type the matrix does not know, except that an unknown
 * category is PERM_AUTO for the duty desk (DNH-13). Sealed military information is PERM_NEVER, for the desk PERM_NEUTRAL.
 */
enum permission	 matrix_cell(const struct matrix *, const char *category, size_t type);
char		 matrix_letter(enum permission);

#endif
