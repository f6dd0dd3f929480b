/* Sends what is queued, one SMS in flight per line, and keeps the three outcomes honest. */
#include "core/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/core.h"
#include "store/outbox.h"

#define NEVER_MS	INT64_MAX
#define MINUTE_MS	INT64_C(60000)
#define RESEND_AFTER_MS	INT64_C(30000)	/* a P1 of unknown fate: twice beats never, after half a minute */
#define RESEND_MAX	3
#define WITHDRAW_MAX	64		/* rows withdrawn at once */
#define UNKNOWN_MAX	64		/* doubtful rows looked at in one turn */
#define BACKOFF_MS	INT64_C(5000)	/* doubled with every try, */
#define BACKOFF_MAX_MS	(10 * MINUTE_MS)	/* up to this */

/*
 * +CMS errors that say something about the destination, not the line or the moment (TS 27.005 3.2.5,
 * TS 24.011 annex E): sending again cannot help. 27 may pass, so it gets three tries.
 */
static const struct { uint16_t error; uint8_t tries; } permanent[] = {
	{ 1, 1 },	/* unassigned number */
	{ 27, 3 },	/* destination out of service */
	{ 30, 1 },	/* unknown subscriber */
};

static int
audit_outbox(struct core *core, struct now now, int64_t id, const char *event, const char *key, long long value)
{
	char object[40], detail[80];

	snprintf(object, sizeof(object), "outbox:%lld", (long long)id);
	snprintf(detail, sizeof(detail), "{\"%s\":%lld}", key, value);
	return core_audit(core, now, event, object, detail);
}

static int
run_change(struct core *core, struct now now, int (*change)(struct core *, void *arg, struct now), void *arg)
{
	if (store_begin(core->store) != 0)
		return -1;
	if (change(core, arg, now) != 0) {
		store_rollback(core->store);
		return -1;
	}
	return store_commit(core->store);
}

/*
 * Runs one change in a transaction of its own; in memory once more when the disk failed it: an outcome that is
 * lost would leave its line waiting for ever.
 */
static int
in_transaction(struct core *core, struct now now, const char *doing,
    int (*change)(struct core *, void *arg, struct now), void *arg)
{
	bool on_disk = !store_in_memory(core->store);

	if (run_change(core, now, change, arg) == 0)
		return 0;
	core_store_failed(core, doing, now);
	if (!on_disk || !store_in_memory(core->store))
		return -1;
	if (run_change(core, now, change, arg) == 0)
		return 0;
	core_store_failed(core, doing, now);
	return -1;
}

/* ---- a line that died, and the start ---------------------------------------------- */

static int
recover_rows(struct core *core, void *arg, struct now now)
{
	struct line *line = arg;
	int n;

	/* It never said that it began: the SMS did not leave, and may be sent as if for the first time. */
	if (line != NULL && line->sending != 0 && !line->announced)
		return outbox_outcome(core->store, line->sending, OUTBOX_QUEUED, -1, 0, now.wall, now.wall) != 0 ? -1 :
		    audit_outbox(core, now, line->sending, "outbox.requeued", "left", 0);
	n = outbox_recover(core->store, line != NULL ? line->name : NULL, now.wall);
	if (n > 0)
		return audit_outbox(core, now, line != NULL ? line->sending : 0, "outbox.unknown", "rows", n);
	return n < 0 ? -1 : 0;
}

int
dispatch_recover(struct core *core, struct line *line, struct now now)
{
	int rc;

	if (line != NULL && line->sending == 0)
		return 0;
	rc = in_transaction(core, now, "marking what may have left", recover_rows, line);
	if (line != NULL) {
		if (line->announced)
			line->unknown++;
		line->sending = 0;
		line->announced = false;
	}
	core->next_followup = now.mono;
	return rc;
}

/* ---- the answer of a modem ---------------------------------------------------------- */

struct outcome {
	struct line *line;
	const struct modem_msg *msg;
};

static bool
is_permanent(uint16_t error, uint8_t attempts)
{
	for (size_t i = 0; i < sizeof(permanent) / sizeof(permanent[0]); i++)
		if (permanent[i].error == error)
			return attempts >= permanent[i].tries;
	return false;
}

static int64_t
backoff_ms(uint8_t attempts)
{
	int64_t ms = BACKOFF_MS;

	while (attempts-- > 1 && ms < BACKOFF_MAX_MS)
		ms *= 2;
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static int
store_outcome(struct core *core, void *arg, struct now now)
{
	const struct outcome *o = arg;
	const struct modem_msg *m = o->msg;
	struct outbox_row row;
	enum outbox_state to = OUTBOX_UNKNOWN;
	wall_t again = now.wall;

	if (outbox_get(core->store, m->u.sent.id, &row) != 1 || row.state != OUTBOX_SENDING)
		return 0;	/* an answer to something we no longer wait for changes nothing */
	if (m->u.sent.outcome == OUTCOME_SENT) {
		to = OUTBOX_SENT;
	} else if (m->u.sent.outcome == OUTCOME_REFUSED) {
		to = is_permanent(m->u.sent.error, row.attempts) ? OUTBOX_FAILED : OUTBOX_QUEUED;
		again.ms += backoff_ms(row.attempts);
	}
	if (outbox_outcome(core->store, row.id, to, to == OUTBOX_SENT ? m->u.sent.reference : -1, m->u.sent.error, again,
	    now.wall) != 0)
		return -1;
	return audit_outbox(core, now, row.id, to == OUTBOX_SENT ? "outbox.sent" : to == OUTBOX_UNKNOWN ?
	    "outbox.unknown" : to == OUTBOX_FAILED ? "outbox.failed" : "outbox.refused", "error", m->u.sent.error);
}

void
dispatch_sent(struct core *core, struct line *line, const struct modem_msg *msg, struct now now)
{
	static const char *const words[] = { [OUTCOME_SENT] = "sent", [OUTCOME_REFUSED] = "refused",
	    [OUTCOME_UNKNOWN] = "unknown" };
	struct outcome o = { line, msg };

	if (line->sending == 0 || msg->u.sent.id != line->sending)
		return;
	if (msg->u.sent.outcome == OUTCOME_SENT) {
		line->sent++;
		line->last_sent = now.wall;
	} else if (msg->u.sent.outcome == OUTCOME_REFUSED) {
		line->refused++;
	} else {
		line->unknown++;
	}
	in_transaction(core, now, "storing what became of an SMS", store_outcome, &o);
	log_info("outbox.%s id=%lld line=%s error=%u", words[msg->u.sent.outcome], (long long)msg->u.sent.id, line->name,
	    msg->u.sent.error);
	line->sending = 0;
	line->announced = false;
	core->next_followup = now.mono;
}

int
dispatch_report(struct core *core, const char *line, uint8_t reference, const char *dest, uint8_t status, struct now now)
{
	int64_t id;
	int rc;

	if (status >= 0x20 && status < 0x40)	/* the centre is still trying */
		return 0;
	rc = outbox_report(core->store, line, reference, dest, status < 0x20, now.wall, &id);
	if (rc == 1)
		return audit_outbox(core, now, id, status < 0x20 ? "outbox.delivered" : "outbox.undelivered", "status", status);
	return rc;
}

/* ---- sending ------------------------------------------------------------------------ */

struct intent {
	int64_t	 id;
	const char *line;
};

static int
store_sending(struct core *core, void *arg, struct now now)
{
	const struct intent *i = arg;
	/* Nothing is on its way on this line: a row that says so lost its outcome, and would block the line for ever. */
	int lost = outbox_recover(core->store, i->line, now.wall);

	if (lost < 0 || (lost > 0 && audit_outbox(core, now, 0, "outbox.unknown", "rows", lost) != 0))
		return -1;
	if (outbox_sending(core->store, i->id, i->line, now.wall) != 0)
		return -1;
	return audit_outbox(core, now, i->id, "outbox.sending", "try", 1);
}

static int
store_withdrawn(struct core *core, void *arg, struct now now)
{
	const struct intent *i = arg;

	if (outbox_withdraw(core->store, i->id, now.wall) != 0)
		return -1;
	return audit_outbox(core, now, i->id, "outbox.withdrawn", "rows", 1);
}

static int
store_not_sent(struct core *core, void *arg, struct now now)
{
	const struct intent *i = arg;

	return outbox_outcome(core->store, i->id, OUTBOX_QUEUED, -1, 0, (wall_t){ now.wall.ms + BACKOFF_MS }, now.wall);
}

/* Commit SENDING, then write the frame: after a power cut nothing is sent twice in silence. */
static bool
send_next(struct core *core, struct line *line, struct now now)
{
	struct outbox_row row;
	struct intent i = { 0, line->name };
	int64_t left_ms;

	for (int n = 0;; n++) {
		if (n == WITHDRAW_MAX || outbox_next(core->store, now.wall, &row) != 1)
			return false;
		i.id = row.id;
		if (alert_still_right(core, &row))
			break;
		log_info("outbox.withdrawn id=%lld", (long long)row.id);
		if (in_transaction(core, now, "withdrawing an SMS", store_withdrawn, &i) != 0)
			return false;
	}
	if (in_transaction(core, now, "noting what is being sent", store_sending, &i) != 0)
		return false;
	left_ms = row.expires.ms - now.wall.ms;
	line->sending = row.id;
	line->announced = false;
	if (modems_send(core->modems, line, row.id, row.dest, row.text,
	    left_ms > MINUTE_MS ? (uint32_t)(left_ms / MINUTE_MS) : 1, row.klass != OUTBOX_COURTESY, now) == 0)
		return true;
	line->sending = 0;
	in_transaction(core, now, "taking back what could not be handed over", store_not_sent, &i);
	return false;
}

mono_t
dispatch_turn(struct core *core, struct now now)
{
	wall_t due;

	for (size_t i = 0; i < modems_count(core->modems); i++) {
		struct line *line = modems_line(core->modems, i);

		if (line->phase == MODEM_READY && line->may_send && line->sending == 0)
			send_next(core, line, now);
	}
	due = outbox_next_due(core->store);
	return (mono_t){ due.ms > now.wall.ms ? now.mono.ms + (due.ms - now.wall.ms) : NEVER_MS };
}

/* ---- stale and doubtful ---------------------------------------------------------------- */

static int
review_rows(struct core *core, void *arg, struct now now)
{
	int64_t *next_ms = arg;
	struct outbox_row row[UNKNOWN_MAX];
	int expired = outbox_expire(core->store, now.wall);
	/* Others wait for a delivery report, an answer, or the duty officer. */
	int n = outbox_doubtful(core->store, now.wall, RESEND_MAX, row, UNKNOWN_MAX);

	if (expired < 0 || n < 0)
		return -1;
	if (expired > 0) {
		log_warnx("outbox.expired n=%d", expired);
		if (audit_outbox(core, now, 0, "outbox.expired", "rows", expired) != 0)
			return -1;
	}
	for (int i = 0; i < n; i++) {
		int64_t age = now.wall.ms - row[i].changed.ms;

		if (age >= 0 && age < RESEND_AFTER_MS) {
			if (now.mono.ms + RESEND_AFTER_MS - age < *next_ms)
				*next_ms = now.mono.ms + RESEND_AFTER_MS - age;
			continue;
		}
		if (outbox_resolve(core->store, row[i].id, OUTBOX_QUEUED, now.wall) != 0 ||
		    audit_outbox(core, now, row[i].id, "outbox.resend", "resent", row[i].resent + 1) != 0)
			return -1;
	}
	return 0;
}

mono_t
dispatch_review(struct core *core, struct now now)
{
	struct outbox_counts counts;
	int64_t next_ms = NEVER_MS;

	/* Most seconds of most days there is nothing to do, and nothing to write. */
	if (outbox_count(core->store, &counts) == 0 &&
	    (counts.by_state[OUTBOX_QUEUED] > 0 || counts.by_state[OUTBOX_UNKNOWN] > 0))
		in_transaction(core, now, "reviewing the outbox", review_rows, &next_ms);
	return (mono_t){ next_ms };
}
