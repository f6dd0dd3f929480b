/* What the parts of the daemon share, and the one turn of its loop. */
#ifndef TOCSIN_CORE_H
#define TOCSIN_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/book.h"
#include "core/conf.h"
#include "core/modems.h"
#include "store/store.h"
#include "store/vault.h"

struct accept;

/*
 * accept → decide → dispatch, once per turn of the loop, each with bounded work:
 *	accept_flush	what the modems handed over: one commit, then STORED
 *	decide_turn	the oldest undecided messages, one transaction each
 *	followup_turn	reminders, next tiers, stale and doubtful SMS
 *	dispatch_turn	one SMS to every line that is free
 */
struct core {
	struct conf	 conf;
	struct book	*book;		/* never NULL */
	struct store	*store;		/* never NULL; may be in memory */
	struct vault	*vault;
	struct modems	*modems;
	struct accept	*accept;
	bool		 more;		/* the last turn left work: come back at once */
	mono_t		 next_followup;	/* when the timers are to be looked at again */
	mono_t		 next_recover;	/* when to try the disk again */
	mono_t		 last_digest;	/* of the review queue, */
	int64_t		 digested;	/* and how long the queue was then */
	int64_t		 offset_ms;	/* wall less monotonic time, as it was at the last turn */
	uint64_t	 turns, stored, seen, decided;
	uint64_t	 beaten;	/* turns at the last watchdog beat */
	char		 trouble[160];	/* why the store is in memory; empty: all well */
};

/* Takes over conf, book, store, vault, modems; ends SENDING rows of an earlier run as UNKNOWN. 0 or -1. */
int	core_init(struct core *, struct now);
void	core_release(struct core *);

/*
 * One turn. Returns when the next one is needed at the latest if nothing happens before:
 * milliseconds from now, 0 for at once.
 */
int64_t	core_turn(struct core *, struct now);

/* A transaction failed: logs why, and moves the store into memory so that alerts go on. */
void	core_store_failed(struct core *, const char *doing, struct now);

/* Writes one audit row as "system" in the present transaction. detail is a JSON object. */
int	core_audit(struct core *, struct now, const char *event, const char *object, const char *detail);

#endif
