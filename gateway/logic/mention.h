/* Place names in a text: which words are one, and what the words around them say about them. */
#ifndef TOCSIN_MENTION_H
#define TOCSIN_MENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logic/gazetteer.h"
#include "logic/normalize.h"

#define MENTIONS_MAX	16
#define HOMONYMS_MAX	48	/* the commonest name of the region, Madina, has 47 */

/* Better roles come first: "attaque a Koro, ils vont vers Bankass" happens at Koro. */
enum role {
	ROLE_AT,	/* "a Koro", "village de Koro" */
	ROLE_NAMED,	/* just the name */
	ROLE_NEAR,	/* "pres de Koro" */
	ROLE_OFFSET,	/* "5 km au nord de Koro", "a 5 km de Koro", "nord de Koro" */
	ROLE_ARRIVAL,	/* "arrivent a Koro": where people are now, not what they fled */
	ROLE_TOWARD,	/* "vers Koro" */
	ROLE_FROM,	/* "venant de Koro" */
	ROLE_AREA,	/* "cercle de Koro": says which of several, or how little is known */
	ROLE_DENIED,	/* "non pas Koro" */
};

struct mention {
	size_t	 first, last;		/* tokens */
	enum role role;
	bool	 cued;			/* the name is an ordinary word too, and only its place in the text makes it one */
	uint8_t	 letters;		/* of the name, when it is only like what was written; else 0 */
	double	 bearing_deg;		/* offset: from north; negative: no direction given */
	double	 away_m;		/* offset: 0: no distance given */
	uint32_t area_m;		/* area: how far it reaches */
	bool	 route;			/* "entre", "route" stand before it */
	bool	 joined;		/* nothing or only a joining word lies between it and the mention before */
	bool	 hyphened;		/* and that is a hyphen, slash or word, not just a space */
	size_t	 n_rows;
	uint32_t rows[HOMONYMS_MAX];	/* of the gazetteer, by rank then population; when unlike, most like first */
	uint8_t	 unlike[HOMONYMS_MAX];	/* how far each name is from what was written: as in gazetteer_like(); 0: not at all */
};

/* The mentions in the order of the text; names of ordinary words that nothing makes a place are left out. */
size_t	mentions_find(const struct gazetteer *, const char *original, const struct text *,
	    struct mention out[MENTIONS_MAX]);

#endif
