/* Who may be told: routing.matrix, default deny, the strictest permission over all categories. */
#ifndef TOCSIN_ROUTE_H
#define TOCSIN_ROUTE_H

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

/*
 * Parses routing.matrix: a first line "types DUTY CLA …", then one line a category. Unknown letters, missing or
 * surplus cells, unknown or repeated categories and types, and any cell that opens a protected one
 * (GBV, ABU, AIR beyond what the shipped table allows) are errors with their place. NULL on any error.
 */
struct matrix *matrix_new(const char *file, const char *bytes, size_t len, struct diags *);
void	 matrix_free(struct matrix *);
size_t	 matrix_types(const struct matrix *);
const char *matrix_type(const struct matrix *, size_t i);
int	 matrix_find_type(const struct matrix *, const char *name);	/* -1: none */
/* PERM_NEVER for a category or type the matrix does not know, except that an unknown category is PERM_AUTO for DUTY (DNH-13). */
enum permission matrix_cell(const struct matrix *, const char *category, size_t type);

struct route_query {
	const char *const *codes;	/* category codes present */
	size_t	 n_codes;
	bool	 validated;		/* a duty officer released it */
	enum firing firing;		/* FIRE_REVIEW and FIRE_DUTY: only DUTY until validated or released */
	bool	 released;		/* the time for a person to look is over: A cells of DUTY and CLA open */
	const struct place *where;	/* NULL: not located */
	uint8_t	 tier_max;		/* tiers above are not told yet */
};

struct route {
	size_t	 responder;		/* index in the roster */
	enum permission permission;	/* the combined one */
	bool	 send;			/* told now */
	bool	 pointer;		/* with the restricted pointer only */
	char	 why[96];		/* "ATK: PKF A; area BKS", "no type allows ATK" */
};

/* Fills routes[roster->n], one a responder, in the order of the roster. */
void	 route(const struct matrix *, const struct roster *, const struct route_query *, struct route *routes);

#endif
