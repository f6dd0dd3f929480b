/* What the parts of the daemon share, and the one turn of its loop. */
#include "core/core.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/accept.h"
#include "core/decide.h"
#include "core/dispatch.h"
#include "core/followup.h"
#include "store/audit.h"
#include "store/outbox.h"

#define RECOVER_EVERY_MS	5000	/* how often a failed disk is tried again */
#define RECOVER_SHARE	20		/* times as long as a try took is waited before the next */
#define JUMP_MS			60000	/* a wall clock that differs by more was set, and did not drift */

int
core_init(struct core *core, struct now now)
{
	core->accept = accept_new();
	if (core->accept == NULL)
		return -1;
	core->next_followup = now.mono;
	core->offset_ms = now.wall.ms - now.mono.ms;
	core->last_digest = now.mono;
	core->next_recover.ms = now.mono.ms + RECOVER_EVERY_MS;
	if (dispatch_recover(core, NULL, now) != 0 || decide_recover(core, now) != 0)
		core_store_failed(core, "recovering what was in flight", now);
	return 0;
}

void
core_release(struct core *core)
{
	accept_free(core->accept);
	core->accept = NULL;
}

int
core_audit(struct core *core, struct now now, const char *event, const char *object, const char *detail)
{
	return audit_add(core->store, now.wall, "system", event, object, detail);
}

void
core_store_failed(struct core *core, const char *doing, struct now now)
{
	enum store_fault fault = store_fault(core->store);

	snprintf(core->trouble, sizeof(core->trouble), "%s: %s", doing, store_error(core->store));
	log_warnx("store.failed doing=\"%s\" why=\"%s\"", doing, store_error(core->store));
	/* A refused statement is one lost transaction, not a lost disk. */
	if (fault == STORE_MISUSE || fault == STORE_FINE || store_in_memory(core->store))
		return;
	core->next_recover.ms = now.mono.ms + RECOVER_EVERY_MS;
	if (store_degrade(core->store) != 0)
		log_warnx("store.degrade.failed why=\"%s\"", store_error(core->store));
	else
		log_warnx("store.in_memory note=\"alerts go on; nothing is deleted from a SIM until the disk is back\"");
}

static void
try_recover(struct core *core, struct now now)
{
	int64_t began_ms;
	int rc;

	if (!store_in_memory(core->store) || now.mono.ms < core->next_recover.ms)
		return;
	began_ms = clock_now().mono.ms;
	rc = store_recover(core->store);
	/* A large database takes a while to check: most of the time is for the alerts. */
	core->next_recover.ms = now.mono.ms + RECOVER_EVERY_MS + RECOVER_SHARE * (clock_now().mono.ms - began_ms);
	if (rc != 0) {
		log_debug("store.recover.failed why=\"%s\"", store_error(core->store));
		return;
	}
	core->trouble[0] = '\0';
	core->next_followup = now.mono;
	log_warnx("store.recovered note=\"back on the disk\"");
}

/* What waits to be sent has its end in wall time: when the clock is set, it keeps the time that was left to it. */
static void
follow_clock(struct core *core, struct now now)
{
	int64_t jump_ms = now.wall.ms - now.mono.ms - core->offset_ms;
	char detail[48];

	if (jump_ms > -JUMP_MS && jump_ms < JUMP_MS)
		return;
	log_warnx("clock.jumped seconds=%lld", (long long)(jump_ms / 1000));
	core->offset_ms += jump_ms;
	snprintf(detail, sizeof(detail), "{\"seconds\":%lld}", (long long)(jump_ms / 1000));
	if (store_begin(core->store) == 0 && outbox_shift(core->store, jump_ms) == 0 &&
	    core_audit(core, now, "clock.jumped", "clock", detail) == 0 && store_commit(core->store) == 0)
		return;
	store_rollback(core->store);
	core_store_failed(core, "moving times with the clock", now);
}

int64_t
core_turn(struct core *core, struct now now)
{
	int64_t due;

	core->turns++;
	try_recover(core, now);
	follow_clock(core, now);
	core->more = accept_flush(core, now);
	core->more |= decide_turn(core, now);
	if (core->more)		/* what was decided may have armed a timer that is due at once */
		core->next_followup = now.mono;
	if (now.mono.ms >= core->next_followup.ms)
		core->next_followup = followup_turn(core, now);
	due = dispatch_turn(core, now).ms;
	if (core->more)
		return 0;
	if (core->next_followup.ms < due)
		due = core->next_followup.ms;
	if (store_in_memory(core->store) && core->next_recover.ms < due)
		due = core->next_recover.ms;
	return due > now.mono.ms ? due - now.mono.ms : 0;
}
