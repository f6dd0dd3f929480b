/* When an unanswered alert is repeated, widened, and finally declared unanswered. */
#ifndef TOCSIN_ESCALATE_H
#define TOCSIN_ESCALATE_H

#include "logic/types.h"

enum stage {
	STAGE_DISPATCHED,	/* told, waiting */
	STAGE_REMINDED,		/* R1 to those who did not answer */
	STAGE_NEXT_TIER,
	STAGE_ALL_TIERS,
	STAGE_UNANSWERED,	/* repeats until a person acts */
};

/* Minutes from dispatch, per priority 1-3 (index 0-2); 0: no such step. UNANSWERED repeats every repeat_min. */
struct timers {
	uint16_t review_min[3];		/* a person must have looked; then released. 0: never without a person */
	uint16_t step_min[3][5];	/* [priority - 1][stage] */
	uint16_t repeat_min;
	uint16_t expire_min[3];		/* an unsent SMS older than this is stale */
};

extern const struct timers timers_default;	/* the table of brief 3.3 */

struct escalation {
	uint8_t	 priority;
	enum stage stage;
	bool	 answered;		/* a GO, or a duty officer's decision */
};

/*
 * The stage after this one and how many minutes after the present stage's time it is due; 0 and the same stage
 * when nothing more follows (answered, or P4). Steps whose minutes are 0 are left out; a
 * table that does not rise still waits a minute from step to step.
 */
uint32_t escalate_next(const struct timers *, const struct escalation *, enum stage *next);

/*
 * The clock-jump guard: when a step is due, in monotonic time, given what was stored when it was armed. Within one
 * boot the monotonic deadline stands, whatever the wall clock did. After a reboot monotonic time starts
 * again at 0, and the wall clock is believed only as far as it cannot do harm: the step was armed before this boot, so a whole
 * step after boot it is due whatever the clock says; and it never falls due sooner than grace_ms after boot.
 * May be asked as often as one likes: unless the wall clock jumps in between, the answer stays.
 */
struct armed {
	wall_t	 due_wall;
	mono_t	 due_mono;
	int64_t	 step_ms;	/* length of the whole wait */
	bool	 same_boot;
};
mono_t	 escalate_due(const struct armed *, struct now, int64_t grace_ms);

#endif
