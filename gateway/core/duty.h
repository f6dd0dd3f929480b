/* What only a duty officer may decide of an alert: validate, hold, withdraw, close. */
#ifndef TOCSIN_DUTY_H
#define TOCSIN_DUTY_H

#include <stdbool.h>

#include "base/clock.h"
#include "logic/types.h"
#include "store/incident.h"

struct core;

/*
 * All of these run inside the caller's transaction; actor goes to the audit ("ctl:uid0", "responder:perm"). They
 * change *inc and store it. 1: done, 0: not possible now (*why is then a constant sentence), -1: the store failed.
 *
 *	validate   the V cells of the matrix open; those not told yet are told (D2). Escalation goes on: somebody must go
 *	hold       nobody more is told, nothing escalates, until validated or closed
 *	withdraw   not substantiated: what waits is cancelled, those told hear so (A2); closed as F
 *	close      with an outcome code R T N F D X O C; those told hear of a calm (A1) and of a false alarm (A2)
 *	place      that is where it is: see alert_place()
 */
int	duty_validate(struct core *, struct incident *, const char *actor, struct now, const char **why);
int	duty_hold(struct core *, struct incident *, const char *actor, struct now, const char **why);
int	duty_withdraw(struct core *, struct incident *, const char *actor, struct now, const char **why);
int	duty_close(struct core *, struct incident *, char outcome, const char *actor, struct now, const char **why);

int	duty_place(struct core *, struct incident *, const struct place *, const char *actor, struct now, const char **why);
/*
 * The one place that a person means who names nothing else: "Bankass", "Koro/KOR" (with its cercle's code), "Koro, cercle de
 * Bankass", "14.35 -3.61" or other coordinates. 1; 0: none, or more than one (*why; where->n candidates).
 */
int	duty_find_place(const struct core *, const char *text, struct geotag *where, const char **why);

bool	duty_officer(const struct core *, const struct responder *);
bool	duty_outcome(char code);	/* one of R T N F D X O C */

#endif
