/* Sends what is queued, one SMS in flight per line, and keeps the three outcomes honest. */
#ifndef TOCSIN_DISPATCH_H
#define TOCSIN_DISPATCH_H

#include <stdint.h>

#include "base/clock.h"

struct core;
struct line;
struct modem_msg;

/* At start (line NULL) and when a line's process ended: what was SENDING may have left. 0 or -1. */
int	dispatch_recover(struct core *, struct line *, struct now);
/* MODEM_SENT of a line. */
void	dispatch_sent(struct core *, struct line *, const struct modem_msg *, struct now);
/* Gives the next SMS to every line that is ready and free. Returns when a queued one becomes due (never: far ahead). */
mono_t	dispatch_turn(struct core *, struct now);
/*
 * Stale SMS are cancelled, doubtful ones decided by the policy of their priority, in a transaction of its own.
 * Returns when a doubtful one must be looked at again (never: far ahead).
 */
mono_t	dispatch_review(struct core *, struct now);
/* A delivery report, inside the caller's transaction. status: TP-ST. 0 or -1. */
int	dispatch_report(struct core *, const char *line, uint8_t reference, const char *dest, uint8_t status, struct now);

#endif
