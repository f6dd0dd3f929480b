/* What responders text back: acknowledgements, going, cannot, on site. */
#include "core/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/core.h"
#include "core/duty.h"
#include "logic/render.h"
#include "store/audit.h"
#include "store/outbox.h"

#define MINUTE_MS	INT64_C(60000)
#define BARE_MS		(30 * MINUTE_MS)	/* a bare OK counts when one dispatch this young is open (brief 3.7) */
#define OPEN_MAX	8

/* What each verb means for the one who answered, and for the alert. */
struct effect {
	enum verb	verb;
	enum answer	answer;		/* ANSWER_NONE: his answer stays what it was */
	bool		stops;		/* stops the escalation: somebody goes */
	bool		hurries;	/* he cannot: the next step is due at once */
};

static const struct effect effects[] = {
	{ VERB_OK, ANSWER_OK, false, false },
	{ VERB_GO, ANSWER_GO, true, false },
	{ VERB_NO, ANSWER_NO, false, true },
	{ VERB_SITE, ANSWER_SITE, true, false },
	{ VERB_END, ANSWER_END, false, false },		/* proposes only: closing is the duty desk's */
	{ VERB_FALSE, ANSWER_NONE, false, false },	/* an opinion for the duty desk, cancels nothing */
	{ VERB_HELP, ANSWER_NONE, false, false },
};

static const struct effect *
find_effect(enum verb verb)
{
	for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
		if (effects[i].verb == verb)
			return &effects[i];
	return NULL;
}

/* A short answer to a responder. The intent carries the row it answers: one answer per SMS, however often it comes. */
static int
reply(struct core *core, const struct inbox_row *row, const struct responder *to, const char *template_id,
    const struct fields *f, int64_t incident, struct now now)
{
	struct outbox_row out = { .incident = incident, .klass = OUTBOX_CONTROL, .priority = 2, .reference = -1 };
	int64_t id;

	if (core->book->templates == NULL ||
	    render(core->book->templates, template_id, to->language, f, out.text) != 0)
		return 0;
	snprintf(out.intent, sizeof(out.intent), "M%lld/%s/%s", (long long)row->id, template_id, to->code);
	snprintf(out.responder, sizeof(out.responder), "%s", to->code);
	snprintf(out.dest, sizeof(out.dest), "%s", to->number);
	out.created = out.changed = now.wall;
	out.expires.ms = now.wall.ms + BARE_MS;
	return outbox_add(core->store, &out, &id) < 0 ? -1 : 0;
}

int
answer_not_understood(struct core *core, const struct inbox_row *row, const struct responder *from, struct now now)
{
	struct fields f;

	memset(&f, 0, sizeof(f));
	return reply(core, row, from, "H2", &f, 0, now);
}

/*
 * Which dispatch the answer is about: by number and letters; by number alone, or by
 * nothing, when that leaves exactly one. 1: found, 0: not, -1.
 */
static int
find_told(struct core *core, const struct responder *from, const struct command *c, struct incident *inc,
    struct told *told, struct now now)
{
	struct told open[OPEN_MAX];
	int n, rc;

	if (c->has_number) {
		rc = incident_find(core->store, c->number, inc);
		if (rc == 1)
			rc = told_find(core->store, inc->id, from->code, told);
		/* The letters prove that the answer comes from one who received this dispatch. */
		return rc == 1 && strcmp(c->letters, told->letters) != 0 ? 0 : rc;
	}
	n = told_open(core->store, from->code, (wall_t){ now.wall.ms - BARE_MS }, open, OPEN_MAX);
	if (n != 1)
		return n < 0 ? -1 : 0;
	*told = open[0];
	return incident_get(core->store, told->incident, inc);
}

static int
count_others(struct core *core, int64_t incident)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	int n = told == NULL ? -1 : told_list(core->store, incident, told, CONF_RESPONDERS_MAX);

	free(told);
	return n > 0 ? n - 1 : 0;
}

static int
echo(struct core *core, const struct inbox_row *row, const struct responder *from, const struct incident *inc,
    const struct told *told, struct now now)
{
	struct place where;
	struct fields f;

	memset(&f, 0, sizeof(f));
	snprintf(f.id, sizeof(f.id), "%04u%s", inc->number, told->letters);
	/* An echo tells no more than a dispatch would: nothing behind a pointer, no hamlet to who gets the town. */
	if (alert_place_for(core, inc, from, &where))
		f.where = &where;
	f.seen = now.wall;
	f.utc_offset_min = core->conf.utc_offset_min;
	f.count = (uint32_t)count_others(core, inc->id);
	return reply(core, row, from, "H1", &f, inc->id, now);
}

/* A later, weaker answer ("OK" after "GO", texts overtake each other) takes nothing back; a NO does. */
static void
note_answer(const struct effect *e, const struct command *c, struct told *told, wall_t at)
{
	if (e->answer == ANSWER_NONE || (e->answer != ANSWER_NO && e->answer < (enum answer)told->answer))
		return;
	told->answer = (uint8_t)e->answer;
	told->answered_at = at;
	if (c->has_minutes)
		told->eta_min = c->minutes;
}

bool
answer_somebody_goes(struct core *core, int64_t incident)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	int n = told == NULL ? 0 : told_list(core->store, incident, told, CONF_RESPONDERS_MAX);
	bool goes = false;

	for (int i = 0; i < n; i++)
		goes |= told[i].answer == ANSWER_GO || told[i].answer == ANSWER_SITE || told[i].answer == ANSWER_END;
	free(told);
	return goes;
}

static void
update_ladder(struct core *core, const struct effect *e, struct incident *inc, struct now now)
{
	if (e->stops) {
		inc->answered = true;
		alert_arm(core, inc, now);
	} else if (e->hurries && !answer_somebody_goes(core, inc->id)) {
		inc->answered = false;
		alert_arm(core, inc, now);
		inc->due_mono = now.mono;
		inc->due_wall = now.wall;
	}
}

static int
apply(struct core *core, const struct inbox_row *row, const struct responder *from, const struct command *c,
    const struct effect *e, struct incident *inc, struct told *told, struct now now)
{
	char actor[48], object[40], detail[128];

	note_answer(e, c, told, now.wall);
	if (told_answer(core->store, told) != 0)
		return -1;
	update_ladder(core, e, inc, now);
	snprintf(actor, sizeof(actor), "responder:%s", from->code);
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"verb\":\"%s\",\"inbox\":%lld,\"eta_min\":%u}", command_verb_name(c->verb),
	    (long long)row->id, told->eta_min);
	if (incident_update(core->store, inc) != 0 ||
	    outbox_proved(core->store, inc->id, from->code, now.wall) < 0 ||
	    audit_add(core->store, now.wall, actor, "incident.answer", object, detail) != 0)
		return -1;
	log_info("incident.answer id=%lld verb=%s responder=%s", (long long)inc->id, command_verb_name(c->verb), from->code);
	return echo(core, row, from, inc, told, now);
}

/* A duty officer's word over an alert. 1: done and echoed, 0: not his to say or not possible, -1. */
static int
decide_as_duty(struct core *core, const struct inbox_row *row, const struct responder *from, const struct command *c,
    struct incident *inc, const struct told *told, struct now now)
{
	const char *why = "";
	struct geotag where;
	char actor[48];
	int rc;

	snprintf(actor, sizeof(actor), "responder:%s", from->code);
	switch (c->verb) {
	case VERB_VALIDATE:
		rc = duty_validate(core, inc, actor, now, &why);
		break;
	case VERB_HOLD:
		rc = duty_hold(core, inc, actor, now, &why);
		break;
	case VERB_WITHDRAW:
		rc = duty_withdraw(core, inc, actor, now, &why);
		break;
	case VERB_PLACE:
		rc = duty_find_place(core, c->place, &where, &why);
		if (rc == 1)
			rc = duty_place(core, inc, &where.best, actor, now, &why);
		break;
	default:
		rc = duty_close(core, inc, c->outcome, actor, now, &why);
		break;
	}
	return rc == 1 ? (echo(core, row, from, inc, told, now) == 0 ? 1 : -1) : rc;
}

static bool
is_duty_verb(const struct command *c)
{
	return c->verb == VERB_VALIDATE || c->verb == VERB_HOLD || c->verb == VERB_WITHDRAW || c->verb == VERB_PLACE ||
	    (c->verb == VERB_END && c->outcome != 0);
}

int
answer_command(struct core *core, const struct inbox_row *row, const struct responder *from, const struct command *c,
    struct decision *d, struct now now)
{
	const struct effect *e = find_effect(c->verb);
	bool as_duty = duty_officer(core, from) && is_duty_verb(c) && c->has_number;
	struct incident *inc = calloc(1, sizeof(*inc));
	struct told told;
	int rc = inc == NULL ? -1 : e == NULL && !as_duty ? 0 : find_told(core, from, c, inc, &told, now);

	buf_addf(&d->why, "\"verb\":\"%s\",\"known\":%s,", command_verb_name(c->verb), rc == 1 ? "true" : "false");
	if (rc == 1 && as_duty) {
		d->incident = inc->id;
		rc = decide_as_duty(core, row, from, c, inc, &told, now);
		if (rc == 0) {
			d->result = "review";
			rc = d->partial ? 0 : answer_not_understood(core, row, from, now);
		} else if (rc == 1) {
			rc = 0;
		}
	} else if (rc == 1) {
		d->incident = inc->id;
		rc = apply(core, row, from, c, e, inc, &told, now);
	} else if (rc == 0) {
		d->result = "review";	/* a person must see what a responder meant */
		rc = d->partial ? 0 : answer_not_understood(core, row, from, now);
	}
	free(inc);
	return rc;
}
