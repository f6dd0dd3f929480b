/* What is due: reminders, next tiers, release after the review time, the digest of what nobody read. */
#ifndef TOCSIN_FOLLOWUP_H
#define TOCSIN_FOLLOWUP_H

#include "base/clock.h"

struct core;

/* Does what is due; returns when to look again if nothing happens before, at most a minute ahead. */
mono_t	followup_turn(struct core *, struct now);

#endif
