/* What is due: reminders, next tiers, release after the review time, the digest of what nobody read. */
#include "core/followup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/core.h"
#include "core/dispatch.h"
#include "logic/escalate.h"
#include "logic/render.h"
#include "store/outbox.h"

#define MINUTE_MS	INT64_C(60000)
#define OPEN_MAX	256	/* alerts read at once */
#define ACTS_MAX	32	/* alerts that something is done about in one turn: the loop stays awake */
#define LOOK_AGAIN_MS	MINUTE_MS
#define GRACE_MS	MINUTE_MS		/* after a reboot nothing falls due sooner */
#define REVIEW_MS	(15 * MINUTE_MS)	/* an unread message waits this long before the duty desk is reminded */

/* ---- one incident -------------------------------------------------------------------- */

/* A person had the time of review_min to look; now those whom the machine may tell are told. */
static int64_t
release_due_ms(const struct core *core, const struct incident *inc, struct now now)
{
	uint16_t minutes = inc->priority >= 1 && inc->priority <= 3 ? core->conf.timers.review_min[inc->priority - 1] : 0;
	struct armed a = { .due_wall = { inc->opened.ms + minutes * MINUTE_MS },
	    .due_mono = { inc->opened_mono.ms + minutes * MINUTE_MS }, .step_ms = minutes * MINUTE_MS,
	    .same_boot = inc->same_boot };

	if (inc->released || inc->firing == FIRE_AUTO || minutes == 0)
		return INT64_MAX;
	return escalate_due(&a, now, GRACE_MS).ms;
}

static int64_t
step_due_ms(const struct incident *inc, struct now now)
{
	struct armed a = { inc->due_wall, inc->due_mono, inc->step_ms, inc->same_boot };

	if (inc->step_ms == 0)
		return INT64_MAX;
	return escalate_due(&a, now, GRACE_MS).ms;
}

static int
release(struct core *core, struct incident *inc, struct now now)
{
	char object[40];
	int n_told;

	inc->released = true;
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	if (alert_tell(core, inc, alert_tier(inc), now, NULL, &n_told) != 0 || incident_update(core->store, inc) != 0)
		return -1;
	return core_audit(core, now, "incident.released", object, "{\"by\":\"time\"}");
}

/* What was queued for an incident so far. */
struct history {
	int	 n;
	struct outbox_row row[512];
};

static struct history *
history_read(struct core *core, const struct incident *inc)
{
	struct history *h = calloc(1, sizeof(*h));

	if (h != NULL)
		h->n = outbox_list(core->store, inc->id, 0, h->row, sizeof(h->row) / sizeof(h->row[0]));
	return h;
}

/* How many reminder rounds there were, so that each has its own intent ("I17/R3/kouro"). */
static uint32_t
history_rounds(const struct history *h)
{
	uint32_t rounds = 0;

	for (int i = 0; i < h->n; i++) {
		const char *slash = strchr(h->row[i].intent, '/');

		if (slash != NULL && slash[1] == 'R') {
			uint32_t r = (uint32_t)strtoul(slash + 2, NULL, 10);

			if (r > rounds)
				rounds = r;
		}
	}
	return rounds;
}

/* While the line is down nothing piles up: what waits for him says it all already. */
static bool
history_waits(const struct history *h, const char *responder, struct now now)
{
	for (int i = 0; i < h->n; i++)
		if ((h->row[i].state == OUTBOX_QUEUED || h->row[i].state == OUTBOX_SENDING) &&
		    h->row[i].klass == OUTBOX_ALERT && h->row[i].expires.ms > now.wall.ms &&
		    strcmp(h->row[i].responder, responder) == 0)
			return true;
	return false;
}

/* Reminds those who did not answer at all, or everybody who did not say that he cannot. */
static int
remind(struct core *core, const struct incident *inc, bool everybody, struct now now)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	struct history *h = history_read(core, inc);
	int n = told == NULL || h == NULL || h->n < 0 ? -1 : told_list(core->store, inc->id, told, CONF_RESPONDERS_MAX);
	int rc = n < 0 ? -1 : 0;
	uint32_t round = rc == 0 ? history_rounds(h) + 1 : 0;
	uint32_t minutes = now.wall.ms > inc->opened.ms ? (uint32_t)((now.wall.ms - inc->opened.ms) / MINUTE_MS) : 0;
	char stage[24];

	snprintf(stage, sizeof(stage), "R%u", round);
	for (int i = 0; i < n && rc == 0; i++) {
		bool wanted = everybody ? told[i].answer != ANSWER_NO : told[i].answer == ANSWER_NONE;

		if (wanted && !history_waits(h, told[i].responder, now))
			rc = alert_send(core, inc, &told[i], "R1", stage, round < 3 ? round : 3, minutes, now);
	}
	free(h);
	free(told);
	return rc;
}

static int
step(struct core *core, struct incident *inc, struct now now)
{
	static const uint8_t tiers[] = { [STAGE_DISPATCHED] = 1, [STAGE_REMINDED] = 1, [STAGE_NEXT_TIER] = 2,
	    [STAGE_ALL_TIERS] = 3, [STAGE_UNANSWERED] = 3 };
	char object[40], detail[64];
	int n_told = 0;

	inc->stage = inc->next_stage;
	alert_arm(core, inc, now);
	if (inc->stage == STAGE_REMINDED || inc->stage == STAGE_UNANSWERED) {
		if (remind(core, inc, inc->stage == STAGE_UNANSWERED, now) != 0)
			return -1;
	}
	if (alert_tell(core, inc, tiers[inc->stage], now, NULL, &n_told) != 0 || incident_update(core->store, inc) != 0)
		return -1;
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"stage\":%d,\"told\":%d}", inc->stage, n_told);
	log_info("incident.stage id=%lld number=%u stage=%d told=%d", (long long)inc->id, inc->number, inc->stage, n_told);
	return core_audit(core, now, "incident.stage", object, detail);
}

/* ---- the digest of the review queue ---------------------------------------------------- */

static void
digest_fields(struct core *core, const struct incident *open, int n, int64_t unread, struct now now, struct fields *f)
{
	struct { char code[CODE_SIZE]; unsigned n; } by[4] = { 0 };
	struct buf list;

	memset(f, 0, sizeof(*f));
	f->seen = now.wall;
	f->utc_offset_min = core->conf.utc_offset_min;
	f->queue = unread > 0 && unread < 100000 ? (uint32_t)unread : 0;
	for (int i = 0; i < n; i++) {
		f->count += !open[i].located;
		for (size_t k = 0; k < sizeof(by) / sizeof(by[0]); k++)
			if (by[k].n == 0 || strcmp(by[k].code, open[i].headline) == 0) {
				memcpy(by[k].code, open[i].headline, CODE_SIZE);
				by[k].n++;
				break;
			}
	}
	buf_init(&list, sizeof(f->list) - 1);
	for (size_t k = 0; k < sizeof(by) / sizeof(by[0]) && by[k].n > 0; k++)
		buf_addf(&list, "%s%s%u", k ? " " : "", by[k].code, by[k].n);
	snprintf(f->list, sizeof(f->list), "%s", list.len > 0 ? buf_str(&list) : "-");
	buf_release(&list);
}

/* A message that no rule understood is never silence: the duty desk hears that it waits. */
static int
digest(struct core *core, const struct incident *open, int n, const struct inbox_counts *counts, struct now now)
{
	int duty = core->book->matrix != NULL ? matrix_find_type(core->book->matrix, "DUTY") : -1;
	struct fields f;

	digest_fields(core, open, n, counts->review, now, &f);
	for (size_t i = 0; i < core->book->roster.n && duty >= 0 && core->book->templates != NULL; i++) {
		const struct responder *p = &core->book->roster.v[i];
		struct outbox_row row = { .klass = OUTBOX_CONTROL, .priority = 3, .reference = -1 };
		int64_t id;

		if ((p->types & UINT32_C(1) << duty) == 0 ||
		    render(core->book->templates, "G1", p->language, &f, row.text) != 0)
			continue;
		snprintf(row.intent, sizeof(row.intent), "G%lld/%s", (long long)counts->last_id, p->code);
		snprintf(row.responder, sizeof(row.responder), "%s", p->code);
		snprintf(row.dest, sizeof(row.dest), "%s", p->number);
		row.created = row.changed = now.wall;
		row.expires.ms = now.wall.ms + 60 * MINUTE_MS;
		if (outbox_add(core->store, &row, &id) < 0)
			return -1;
	}
	core->digested = counts->review;
	return core_audit(core, now, "review.digest", "inbox", "{}");
}

static bool
digest_is_due(struct core *core, struct inbox_counts *counts, struct now now)
{
	int64_t waited;

	if (now.mono.ms - core->last_digest.ms < REVIEW_MS || inbox_count(core->store, counts) != 0)
		return false;
	waited = now.wall.ms - counts->oldest_review.ms;	/* negative: the clock was set back since */
	return counts->review > core->digested && (waited < 0 || waited >= REVIEW_MS);
}

/* ---- the turn ---------------------------------------------------------------------------- */

static int
one_incident(struct core *core, struct incident *inc, struct now now)
{
	if (release_due_ms(core, inc, now) <= now.mono.ms && release(core, inc, now) != 0)
		return -1;
	return step_due_ms(inc, now) <= now.mono.ms ? step(core, inc, now) : 0;
}

static int64_t
follow_incident(struct core *core, struct incident *inc, int *acts, struct now now)
{
	int64_t at = step_due_ms(inc, now), release_at = release_due_ms(core, inc, now);

	if (release_at < at)
		at = release_at;
	if (at > now.mono.ms)
		return at;
	if (++*acts > ACTS_MAX)
		return now.mono.ms;
	if (store_begin(core->store) != 0) {
		core_store_failed(core, "following up an alert", now);
		return now.mono.ms + 1000;
	}
	if (one_incident(core, inc, now) != 0) {
		store_rollback(core->store);
		core_store_failed(core, "following up an alert", now);
		return now.mono.ms + 1000;
	}
	if (store_commit(core->store) != 0) {
		core_store_failed(core, "following up an alert", now);
		return now.mono.ms + 1000;
	}
	at = step_due_ms(inc, now);
	return at > now.mono.ms ? at : now.mono.ms + 1000;
}

/* All that wait for something, however many were never closed. Returns when the next is due. */
static int64_t
follow_incidents(struct core *core, struct now now)
{
	struct incident *page = calloc(OPEN_MAX, sizeof(*page));
	int64_t next = now.mono.ms + LOOK_AGAIN_MS, after = 0, at;
	int n, acts = 0;

	do {
		n = page == NULL ? 0 : incident_armed(core->store, after, page, OPEN_MAX);
		for (int i = 0; i < n; i++) {
			at = follow_incident(core, &page[i], &acts, now);
			if (at < next)
				next = at;
			after = page[i].id;
		}
	} while (n == OPEN_MAX && acts <= ACTS_MAX);
	free(page);
	return next;
}

static void
follow_reviews(struct core *core, struct now now)
{
	struct incident *open;
	struct inbox_counts counts;
	int n, rc = -1;

	if (!digest_is_due(core, &counts, now) || (open = calloc(OPEN_MAX, sizeof(*open))) == NULL)
		return;
	core->last_digest = now.mono;
	n = incident_open(core->store, open, OPEN_MAX);
	if (store_begin(core->store) == 0) {
		rc = digest(core, open, n, &counts, now);
		if (rc == 0)
			rc = store_commit(core->store);
		else
			store_rollback(core->store);
	}
	if (rc != 0)
		core_store_failed(core, "writing the digest", now);
	free(open);
}

mono_t
followup_turn(struct core *core, struct now now)
{
	int64_t next = follow_incidents(core, now), at;

	follow_reviews(core, now);
	at = dispatch_review(core, now).ms;
	return (mono_t){ at < next ? at : next };
}
