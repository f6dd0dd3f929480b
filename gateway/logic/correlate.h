/* Which open incident a report belongs to, if any. */
#ifndef TOCSIN_CORRELATE_H
#define TOCSIN_CORRELATE_H

#include "logic/types.h"

struct correlation {
	int64_t	 incident;	/* 0: a new one */
	int	 step;		/* the numbered step that decided, see correlate.c */
	const char *why;	/* constant sentence */
	uint32_t adds;		/* categories the report may bring into an incident it joins: never a claim */
	bool	 corroborates;	/* its sender counts as a source of that incident: not for a claim (rumour, calm) */
};

/*
 * Windows (brief 3.2): same sender 30 minutes; other senders, same family of categories, within 10 km and 6 h
 * (when either is P1) or 24 h. Distances are measured between the edges of the uncertain places, as far as CORRELATE_RADIUS_MAX_M of
 * uncertainty in all. A report dated after now counts as of now.
 *
 * Families are sets of category codes, given as masks by the caller's rulebook; a category is always of its own family. The report
 * names its claims (rumour, calm, exercise): they join no stranger's incident and are
 * never added to one, so they can neither lower what is known nor close it to somebody it is open to.
 *
 * Pure; open[] in any order gives the same answer.
 */
#define CORRELATE_SENDER_MS	(INT64_C(30) * 60 * 1000)
#define CORRELATE_P1_MS		(INT64_C(6) * 3600 * 1000)
#define CORRELATE_MS		(INT64_C(24) * 3600 * 1000)
#define CORRELATE_NEAR_M	10000
#define CORRELATE_RADIUS_MAX_M	10000

struct correlation correlate(const struct report *, const struct incident_view *open, size_t n,
	    const uint32_t *families, size_t n_families, struct now);

#endif
