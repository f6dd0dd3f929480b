/* Reports become incidents, and responders are told of them. */
#ifndef TOCSIN_ALERT_H
#define TOCSIN_ALERT_H

#include "base/clock.h"
#include "core/decide.h"
#include "store/incident.h"
#include "store/inbox.h"
#include "store/outbox.h"

struct core;
struct responder;

/* All of these run inside the caller's transaction and return 0, or -1 when the store failed. */

/* Joins the report to an open incident or opens one, and tells those the matrix allows. */
int	alert_report(struct core *, const struct inbox_row *, const struct understood *, struct decision *, struct now);
/*
 * Tells everybody who may be told now and was not yet, in tiers up to tier_max, or higher when nobody is in those. The decision,
 * which may be NULL, gets the reasons. *n_told: how many SMS were queued.
 */
int	alert_tell(struct core *, const struct incident *, uint8_t tier_max, struct now, struct decision *, int *n_told);
/*
 * Queues one SMS of a template ("R1", "U1") to one responder who was told already. stage makes the intent unique:
 * "I17/R1/kouro". Restricted incidents always get the pointer instead.
 */
int	alert_send(struct core *, const struct incident *, const struct told *, const char *template_id,
	    const char *stage, uint32_t step, uint32_t minutes, struct now);
/*
 * Somebody knows where it is: sets the place of an open incident and stores it. Those told of another place get the correction (C1) and
 * must answer anew, those told of none the update (U1); those whose area it is now are told as usual. 1: done; 0: it is
 * closed, or that is the place it has; -1.
 */
int	alert_place(struct core *, struct incident *, const struct place *, const char *actor, struct now);
/*
 * Whether a queued SMS may still leave: its responder is on the roster with this number, and nothing that was joined since, and
 * no new routing, says "never" to him.
 */
bool	alert_still_right(const struct core *, const struct outbox_row *);
uint8_t	alert_tier(const struct incident *);		/* up to which tier its stage tells */
/* The place as this responder may be told it now, exact or coarse; false: not known, or not for him. */
bool	alert_place_for(const struct core *, const struct incident *, const struct responder *, struct place *);
/* Arms the next step of the escalation ladder from now on. Changes the struct only. */
void	alert_arm(const struct core *, struct incident *, struct now);

const struct responder *alert_responder(const struct core *, const char *code);	/* NULL: no longer on the roster */

#endif
