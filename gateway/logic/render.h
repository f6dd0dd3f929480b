/* The text of an outgoing SMS, from controlled words only: at most 160 septets of the GSM-7 basic set. */
#ifndef TOCSIN_RENDER_H
#define TOCSIN_RENDER_H

#include "base/diag.h"
#include "logic/types.h"

struct templates;

#define SMS_SEPTETS	160
#define SMS_TEXT_SIZE	(SMS_SEPTETS * 3 + 1)	/* UTF-8 of at most 160 characters */

/*
 * Every value a template may show. Strings that are empty make their piece of the sentence disappear
 * together with its punctuation. Nothing here may come from a villager's text.
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
	uint32_t sources;		/* {S} bucketed 1, 2-3, 4+ */
	uint32_t step, minutes, minutes2;	/* {K} {MIN} {MIN2} */
	uint32_t count, queue;		/* {N} {Q} */
	char	 list[48];		/* {LIST} */
	char	 modem[8];		/* {MOD} */
	long	 balance;		/* {BAL} */
};

/*
 * Parses templates (a TSV: id-LANG, use, text). Unknown field, a character outside the GSM-7 basic set,
 * a text that could exceed 160 septets with the widest values, a missing template: errors with place. NULL on any error.
 */
struct templates *templates_new(const char *file, const char *bytes, size_t len, struct diags *);
void	 templates_free(struct templates *);

/*
 * Renders template "D1" in a language. Place names are folded to the basic set and cut to 14, tags to 29 septets.
 * The result never exceeds 160 septets. -1: no such template, or a field it needs is absent.
 */
int	 render(const struct templates *, const char *id, enum language, const struct fields *, char out[SMS_TEXT_SIZE]);

#endif
