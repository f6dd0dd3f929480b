/* Which open incident a report belongs to, if any. */
#ifndef TOCSIN_CORRELATE_H
#define TOCSIN_CORRELATE_H

#include "logic/types.h"

struct correlation {
	int64_t	 incident;	/* 0: a new one */
	int	 step;		/* the numbered step that decided, see correlate.c */
	const char *why;	/* constant sentence */
};

/*
 * Windows (brief 3.2): same sender 30 minutes; other senders, same family of categories, within 10 km and 6 h
 * (P1) or 24 h. Families are sets of category codes, given as masks by the caller's rulebook.
 * Pure; open[] in any order gives the same answer.
 */
struct correlation correlate(const struct report *, const struct incident_view *open, size_t n,
	    const uint32_t *families, size_t n_families, struct now);

#endif
