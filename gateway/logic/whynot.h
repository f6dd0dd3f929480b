/* Why a text is not of a category: what stopped it, and which of its rules came nearest. */
#ifndef TOCSIN_WHYNOT_H
#define TOCSIN_WHYNOT_H

#include <stddef.h>

#include "logic/normalize.h"
#include "logic/rulebook.h"
#include "logic/types.h"

#define WHYNOT_NEAR	5

struct whynot_near {
	struct rule_ref	 rule;
	uint8_t		 weight, percent;	/* of its letters that the text has */
	char		 phrase[96];		/* as the rule says it; words of a choice as "…|…" */
	char		 missing[120];		/* in words: what the text would need */
};

struct whynot {
	char	 reason[200];			/* a sentence */
	size_t	 n;
	struct whynot_near near[WHYNOT_NEAR];	/* nearest first */
};

/* The verdict is the one classify() gave for the text. */
void	whynot(const struct rulebook *, const struct text *, const struct verdict *, uint8_t category, struct whynot *);

#endif
