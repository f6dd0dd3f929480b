/* Who may be told: the strictest permission over all categories, then place, people and tiers. */
#ifndef TOCSIN_ROUTE_H
#define TOCSIN_ROUTE_H

#include "logic/area.h"
#include "logic/matrix.h"
#include "logic/types.h"

struct route_query {
	const char *const *codes;	/* category codes present, the headline first */
	size_t	 n_codes;
	bool	 validated;		/* a duty officer released it */
	enum firing firing;		/* FIRE_REVIEW and FIRE_DUTY: only DUTY until validated or released */
	bool	 released;		/* the time for a person to look is over: A cells of DUTY and CLA open */
	const struct place *where;	/* NULL: not located */
	const struct areas *areas;	/* areas drawn by the administrator; NULL: none */
	uint8_t	 tier_max;		/* tiers above are not told yet */
};

struct route {
	size_t	 responder;		/* index in the roster */
	enum permission permission;	/* the combined one */
	bool	 send;			/* told now */
	bool	 pointer;		/* with the restricted pointer only */
	uint8_t	 step;			/* the numbered step that decided, see route.c */
	char	 why[96];		/* "ATK: PKF A", "ABU: PKF V: not validated yet" */
};

/*
 * The permission of one type for a set of categories: the strictest of all, '-' neutral. C hides its own category only: while the
 * headline is another one, the duty desk is told of that.
 */
enum permission	route_permission(const struct matrix *, size_t type, const char *const *codes, size_t n_codes);

/*
 * Fills routes[roster->n], one a responder, in the order of the roster. Somebody of several types is blocked when any of
 * them is (N, off); otherwise the most open of his letters counts. For an officer of the duty desk the desk's
 * own letter counts, so that the desk sees everything. A place no duty officer's areas cover is every duty officer's.
 */
void	 route(const struct matrix *, const struct roster *, const struct route_query *, struct route *routes);

#endif
