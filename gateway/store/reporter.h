/* Those who agreed to report: flags under a pseudonym. Their number is not kept: it is taken from the SMS that is answered. */
#ifndef TOCSIN_REPORTER_H
#define TOCSIN_REPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "logic/types.h"
#include "store/store.h"

#define REPORTER_CHOICES_SIZE	512

struct reporter {
	int64_t	 id;			/* set by the store */
	uint8_t	 pseudonym[16];
	wall_t	 added;
	bool	 opted_in;		/* replies may be sent to this phone */
	bool	 silent, shared, duress;
	enum language language;
	char	 village[PLACE_NAME_SIZE];	/* "" : not told; sealed at rest, with its point */
	double	 lat_deg, lon_deg;
	wall_t	 replied;		/* when the last SMS to him was queued; 0: never */
	int64_t	 asked;			/* the incident he was asked about; 0: none is open */
	wall_t	 asked_at;
	char	 choices[REPORTER_CHOICES_SIZE];	/* what he may answer with a number; sealed */
};

int	reporter_get(struct store *, const uint8_t pseudonym[16], struct reporter *);	/* 1, 0, -1 */
/* Adds or changes. Refused (-1) while the store is in memory: it would be forgotten. */
int	reporter_put(struct store *, struct reporter *);
int	reporter_forget(struct store *, const uint8_t pseudonym[16]);	/* how many, -1 */
int	reporter_list(struct store *, struct reporter *, size_t n);	/* by id; count or -1 */

#endif
