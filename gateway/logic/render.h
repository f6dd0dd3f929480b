/* The text of an outgoing SMS, from controlled words only: at most 160 septets of the GSM-7 basic set. */
#ifndef TOCSIN_RENDER_H
#define TOCSIN_RENDER_H

#include "logic/templates.h"
#include "logic/types.h"

#define SMS_TEXT_SIZE	(SMS_SEPTETS * 3 + 1)	/* UTF-8 of at most 160 characters */

/*
 * Every value a template may show. One that is empty makes its words disappear together with their
 * punctuation. Nothing here may come from a villager's text.
 */
struct fields {
	char	 id[8];			/* {ID} "4071KT" */
	uint8_t	 priority;		/* {P} */
	const struct category *category;	/* {CATF} {CATE} */
	const struct place *where;	/* {PLACE} {C3} {MGRS} {PREC} {AREA}; NULL: not located */
	const char *place_old;		/* {PLACE2} */
	wall_t	 seen;			/* {T} {TE}: local clock, see utc_offset_min */
	int	 utc_offset_min;
	uint32_t late_min;		/* {LATE} {LATEE}; 0: not late */
	const struct tag *tags;		/* {TAGSF} {TAGSE} */
	size_t	 n_tags;
	char	 grade[3];		/* {G} "B3" */
	uint32_t sources;		/* {S} bucketed 1, 2-3, 4+; 0: not shown */
	uint32_t step, minutes, minutes2;	/* {K} {MIN} {MIN2} */
	uint32_t count, queue;		/* {N} {Q} */
	char	 list[48];		/* {LIST} */
	char	 modem[8];		/* {MOD} */
	long	 balance;		/* {BAL} */
};

/*
 * Renders template "D1" in a language. Place names are folded to capitals of the basic set and cut to 14, tags that do
 * not fit into 29 septets are left out, numbers are cut at their width, characters outside the basic set and digits beyond four in a
 * row of a name are dropped. The result is never longer than 160 septets and never empty. -1: no such template, or a value it needs
 * is absent (category, number, or the place of a located alert).
 */
int	 render(const struct templates *, const char *id, enum language, const struct fields *, char out[SMS_TEXT_SIZE]);

#endif
