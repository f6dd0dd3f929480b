/* The ladder of an unanswered alert, and the clock-jump guard. */
#include "logic/escalate.h"

#define HOURS(n)	((n) * 60)

/* An unsent SMS is stale when the alert is: 6, 24 and 72 hours. A P3 is never released by time alone. */
const struct timers timers_default = {
	.review_min = { 5, 15, 0 },
	.step_min = {
		/*   told, reminded, next tier, all tiers, unanswered */
		{ 0, 5, 10, 20, 30 },
		{ 0, 15, 30, 60, HOURS(2) },
		{ 0, HOURS(2), HOURS(6), HOURS(24), 0 },
	},
	.repeat_min = 10,
	.expire_min = { HOURS(6), HOURS(24), HOURS(72) },
};

uint32_t
escalate_next(const struct timers *t, const struct escalation *e, enum stage *next)
{
	const uint16_t *at;

	*next = e->stage;
	if (e->answered || e->priority < 1 || e->priority > 3 || e->stage > STAGE_UNANSWERED)
		return 0;
	at = t->step_min[e->priority - 1];
	if (e->stage == STAGE_UNANSWERED)
		return t->repeat_min;
	for (enum stage s = e->stage + 1; s <= STAGE_UNANSWERED; s++)
		if (at[s] != 0) {
			*next = s;
			return at[s] > at[e->stage] ? (uint32_t)(at[s] - at[e->stage]) : 1;
		}
	return 0;
}

mono_t
escalate_due(const struct armed *a, struct now now, int64_t grace_ms)
{
	int64_t due, wait = a->due_wall.ms - now.wall.ms;

	if (a->same_boot)
		return a->due_mono;
	/* Both bounds count from boot, so that asking again later cannot put it off. */
	due = wait < a->step_ms ? now.mono.ms + wait : a->step_ms;
	if (due > a->step_ms)
		due = a->step_ms;
	return (mono_t){ due > grace_ms ? due : grace_ms };
}
