/* Those who text: pseudonyms, when they were first seen, how many messages; no numbers. */
#ifndef TOCSIN_PEOPLE_H
#define TOCSIN_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "store/store.h"

struct person {
	uint8_t	 pseudonym[16];
	wall_t	 first, last;
	int64_t	 messages;
	bool	 stopped;		/* said STOP: nothing may be sent there */
};

int	people_seen(struct store *, const uint8_t pseudonym[16], wall_t at);	/* counts one message; 0, -1 */
int	people_get(struct store *, const uint8_t pseudonym[16], struct person *);	/* 1, 0, -1 */
int	people_stop(struct store *, const uint8_t pseudonym[16], bool stopped);	/* 0, -1 */

#endif
