/* Understands the oldest stored messages, one transaction each. */
#include "core/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/answer.h"
#include "core/ask.h"
#include "core/core.h"
#include "core/dispatch.h"
#include "logic/command.h"
#include "store/people.h"
#include "wire/tpdu.h"

#define TURN_MAX	8		/* messages of one turn: the loop stays awake for the modems */
#define PARTS_MAX	64		/* rows looked at for the parts of one text */
#define SEQ_MAX		256
#define WHY_MAX		16384
#define RULE_LINE_SIZE	160	/* of a rule's line that is stored with what it decided */
#define SAID_MAX	8192
#define MINUTE_MS	INT64_C(60000)
#define HOUR_MS		(60 * MINUTE_MS)
#define DAY_MS		(24 * HOUR_MS)
#define AHEAD_MS	(10 * MINUTE_MS)	/* a service centre clock may be this much ahead of ours */

/* ---- understanding ------------------------------------------------------------ */

/* The service centre's time stamp when it is credible, else when it reached us. */
static void
set_age(const struct inbox_row *row, struct understood *u)
{
	int64_t age = row->received.ms - row->scts.ms;

	u->at = row->received;
	if (row->scts.ms != 0 && age > -AHEAD_MS && age < 30 * DAY_MS)
		u->at = row->scts;
	u->age_min = u->at.ms < row->received.ms ? (uint32_t)((row->received.ms - u->at.ms) / MINUTE_MS) : 0;
}

/* Late messages (brief 1.1): over 6 hours a flash alert needs a person first, over 24 it tells of the past. */
static void
apply_age(struct understood *u)
{
	struct verdict *v = &u->verdict;

	if (v->kind != VERDICT_ALERT || u->age_min <= 6 * 60)
		return;
	if (v->priority == 1)
		v->firing = FIRE_REVIEW;
	if (u->age_min > 24 * 60 && (v->flags & FLAG_PAST) == 0) {
		v->flags |= FLAG_PAST;
		if (v->priority < 3)
			v->priority++;
	}
}

static struct understood *
understand(struct core *core, const struct inbox_row *row, const char *text)
{
	struct understood *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	set_age(row, u);
	normalize(text, strlen(text), &u->text);
	u->verdict.kind = VERDICT_UNKNOWN;	/* without rules a person reads everything */
	u->verdict.headline = CATEGORY_NONE;
	u->verdict.priority = 3;
	if (core->book->rules != NULL)
		classify(core->book->rules, &u->text, &u->verdict);
	if (core->book->places != NULL) {
		ask_context(core, row, &u->around);
		geotag_in(core->book->places, &u->around, text, &u->text, &u->where);
	}
	apply_age(u);
	return u;
}

void
decide_say(struct decision *d, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_add_json(&d->said, line, strlen(line));
	buf_addc(&d->said, ',');
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The verdict in sentences: what each rule found, what was cancelled and by what, how urgent, where. */
static void
say_verdict(const struct rulebook *rules, const struct understood *u, struct decision *d)
{
	static const char *const states[] = {
		[EVIDENCE_COUNTED] = "", [EVIDENCE_REPEATED] = " (the same words count once)",
		[EVIDENCE_NEGATED] = " (negated: does not count)", [EVIDENCE_EXCLUDED] = " (taken away: does not count)",
	};
	static const struct { uint32_t flag; const char *what; } flags[] = {
		{ FLAG_PAST, "it tells of the past" }, { FLAG_HEARSAY, "it is hearsay" }, { FLAG_QUESTION, "it is a question" },
		{ FLAG_NEGATION, "it has a negation" }, { FLAG_FUTURE, "it tells of what may come" },
		{ FLAG_RULE_FAULT, "a pattern hit its limit: a person must read it" },
		{ FLAG_TRUNCATED, "it was too long to be read whole" },
	};
	const struct verdict *v = &u->verdict;

	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		decide_say(d, "%s:%d: '%s' is %s, weight %u%s", base_name(e->rule.file), e->rule.line, e->words,
		    rulebook_category(rules, e->category)->code, e->weight, states[e->state & 3]);
		if (e->by.file != NULL)
			decide_say(d, "    because of %s:%d", base_name(e->by.file), e->by.line);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (v->flags & flags[i].flag)
			decide_say(d, "%s", flags[i].what);
	if (v->kind == VERDICT_NOISE && v->noise_rule.file != NULL)
		decide_say(d, "ordinary talk, by %s:%d", base_name(v->noise_rule.file), v->noise_rule.line);
	else if (v->headline == CATEGORY_NONE)
		decide_say(d, "no rule understands it: a person must read it");
	else
		decide_say(d, "so: %s, priority %u", rulebook_category(rules, v->headline)->code, v->priority);
	if (u->age_min > 60)
		decide_say(d, "it was %u minutes on its way", u->age_min);
	for (size_t i = 0; i < u->where.n; i++)
		decide_say(d, "%s%s/%s, found by %s, give or take %u m, score %.2f", i == 0 && !u->where.ambiguous ? "at " :
		    "perhaps ", u->where.candidate[i].name, u->where.candidate[i].c3, u->where.candidate[i].method,
		    u->where.candidate[i].radius_m, u->where.candidate[i].score);
	if (u->where.n == 0)
		decide_say(d, "no place found");
}

/* ---- why, as JSON members ------------------------------------------------------ */

/* The line itself, not only its number: files change, and an answer must be right years later. */
static void
why_line(const struct book *book, const struct rule_ref *ref, const char *key, struct buf *why)
{
	char line[RULE_LINE_SIZE];

	book_rule_line(book, ref->file, ref->line, line, sizeof(line));
	if (line[0] == '\0' || why->len > WHY_MAX / 2)
		return;
	buf_addf(why, ",\"%s\":", key);
	buf_add_json(why, line, strlen(line));
}

static void
why_evidence(const struct book *book, const struct verdict *v, struct buf *why)
{
	static const char *const states[] = {
		[EVIDENCE_COUNTED] = "counted", [EVIDENCE_REPEATED] = "repeated",
		[EVIDENCE_NEGATED] = "negated", [EVIDENCE_EXCLUDED] = "excluded",
	};

	buf_adds(why, "\"evidence\":[");
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		buf_addf(why, "%s{\"code\":\"%s\",\"weight\":%u,\"state\":\"%s\",\"rule\":", i ? "," : "",
		    rulebook_category(book->rules, e->category)->code, e->weight, states[e->state & 3]);
		buf_add_json(why, e->rule.file, strlen(e->rule.file));
		buf_addf(why, ",\"line\":%d,\"start\":%u,\"end\":%u,\"words\":", e->rule.line, e->start, e->end);
		buf_add_json(why, e->words, strlen(e->words));
		why_line(book, &e->rule, "text", why);
		if (e->by.file != NULL) {
			buf_adds(why, ",\"by\":");
			buf_add_json(why, e->by.file, strlen(e->by.file));
			buf_addf(why, ",\"by_line\":%d", e->by.line);
			why_line(book, &e->by, "by_text", why);
		}
		buf_addc(why, '}');
	}
	buf_adds(why, "],");
}

static void
why_place(const struct geotag *g, struct buf *why)
{
	buf_addf(why, "\"ambiguous\":%s,\"places\":[", g->ambiguous ? "true" : "false");
	for (size_t i = 0; i < g->n; i++) {
		const struct place *p = &g->candidate[i];

		buf_adds(why, i ? ",{\"name\":" : "{\"name\":");
		buf_add_json(why, p->name, strlen(p->name));
		buf_addf(why, ",\"c3\":\"%s\",\"lat\":%.5f,\"lon\":%.5f,\"radius_m\":%u,\"method\":\"%s\",\"score\":%.2f}",
		    p->c3, p->lat_deg, p->lon_deg, p->radius_m, p->method, p->score);
	}
	buf_adds(why, "],");
}

static void
why_verdict(const struct core *core, const struct understood *u, struct decision *d)
{
	const struct verdict *v = &u->verdict;
	const struct rulebook *rules = core->book->rules;
	struct buf *why = &d->why;

	if (rules == NULL) {
		buf_adds(why, "\"note\":\"no rules are loaded\",");
		return;
	}
	buf_addf(why, "\"pack\":\"%s\",\"headline\":\"%s\",\"priority\":%u,\"flags\":%u,\"age_min\":%u,",
	    rulebook_version(rules), v->kind == VERDICT_NOISE ? CODE_NOISE : v->headline == CATEGORY_NONE ?
	    CODE_UNKNOWN : rulebook_category(rules, v->headline)->code, v->priority, v->flags, u->age_min);
	if (v->kind == VERDICT_NOISE && v->noise_rule.file != NULL) {
		buf_adds(why, "\"noise_rule\":");
		buf_add_json(why, v->noise_rule.file, strlen(v->noise_rule.file));
		buf_addf(why, ",\"noise_line\":%d", v->noise_rule.line);
		why_line(core->book, &v->noise_rule, "noise_text", why);
		buf_addc(why, ',');
	}
	why_evidence(core->book, v, why);
	why_place(&u->where, why);
	say_verdict(rules, u, d);
}

/* ---- one message ---------------------------------------------------------------- */

static const struct responder *
find_responder(const struct core *core, const char *number)
{
	for (size_t i = 0; i < core->book->roster.n; i++)
		if (strcmp(core->book->roster.v[i].number, number) == 0)
			return &core->book->roster.v[i];
	return NULL;
}

/* What a text means once it is understood; the incident's part is in alert.c. */
static int
decide_understood(struct core *core, const struct inbox_row *row, const struct understood *u,
    const struct responder *from, struct decision *d, struct now now)
{
	const struct verdict *v = &u->verdict;

	why_verdict(core, u, d);
	if (v->kind == VERDICT_NOISE) {
		d->result = "noise";
		return 0;
	}
	if (v->kind == VERDICT_UNKNOWN) {
		d->result = "review";
		if (d->partial)
			return 0;
		if (from != NULL)
			return answer_not_understood(core, row, from, now);
		return ask_answered(core, row, u, d, now) < 0 ? -1 : 0;
	}
	if (strcmp(rulebook_category(core->book->rules, v->headline)->code, CODE_SEALED) == 0) {
		d->result = "sealed";
		return 0;
	}
	if (v->priority >= 4 && (v->flags & FLAG_RULE_FAULT) == 0) {
		d->result = "info";
		return 0;
	}
	if (alert_report(core, row, u, d, now) != 0)
		return -1;
	return from == NULL && !d->partial ? ask_place(core, row, u, d, now) : 0;
}

static int
decide_words(struct core *core, const struct inbox_row *row, const char *text, struct decision *d, struct now now)
{
	const struct responder *from = find_responder(core, row->sender);
	struct command command;
	struct understood *u;
	uint8_t pseudonym[VAULT_PSEUDONYM];
	int rc;

	if (row->sender_kind == INBOX_ALNUM || row->sender_kind == INBOX_SHORT) {
		d->result = "operator";		/* nobody can be behind it: never an alert, never answered */
		return 0;
	}
	command_parse(text, strlen(text), &command);
	if (from != NULL && command.verb != VERB_NONE) {
		d->result = "command";
		return answer_command(core, row, from, &command, d, now);
	}
	if (command.verb == VERB_STOP) {
		vault_pseudonym(core->vault, row->sender, pseudonym);
		d->result = "stop";
		return people_stop(core->store, pseudonym, true);
	}
	u = understand(core, row, text);
	if (u == NULL)
		return -1;
	rc = decide_understood(core, row, u, from, d, now);
	free(u);
	return rc;
}

static int
decide_text(struct core *core, const struct inbox_row *row, struct decision *d, struct now now)
{
	return decide_words(core, row, row->text, d, now);
}

static int
decide_unreadable(struct core *core, const struct inbox_row *row, struct decision *d, struct now now)
{
	(void)core;
	(void)now;
	buf_adds(&d->why, row->kind == INBOX_BINARY ? "\"note\":\"not a text\"," : "\"note\":\"cannot be decoded\",");
	d->result = "review";
	return 0;
}

static int
decide_status_report(struct core *core, const struct inbox_row *row, struct decision *d, struct now now)
{
	struct tpdu t;
	const char *why;

	d->result = "report";
	if (tpdu_decode(row->tpdu, row->tpdu_len, &t, &why) != 0)
		return 0;
	return dispatch_report(core, row->line, t.reference, row->sender, t.status, now);
}

/* ---- long SMS -------------------------------------------------------------------- */

/*
 * The parts of the text that a row belongs to, by their numbers. Where a number comes a second time the next text begins: some
 * phones give every long SMS the same reference.
 */
static int
gather_parts(struct core *core, const struct inbox_row *row, struct inbox_row *rows, const struct inbox_row *part[SEQ_MAX])
{
	int n = inbox_parts(core->store, row, rows, PARTS_MAX);
	bool found = false;

	for (int i = 0; i < n; i++) {
		uint8_t seq = rows[i].part.seq;

		if (part[seq] != NULL) {
			if (found)
				break;
			memset(part, 0, SEQ_MAX * sizeof(part[0]));
		}
		part[seq] = &rows[i];
		found |= rows[i].id == row->id;
	}
	if (!found) {		/* so many came since that it is not among the newest: then alone */
		memset(part, 0, SEQ_MAX * sizeof(part[0]));
		part[row->part.seq] = row;
	}
	return n < 0 ? -1 : 0;
}

/* As one text, gaps marked. Returns how many there are. */
static int
join_parts(const struct inbox_row *const part[SEQ_MAX], char *text, size_t size)
{
	int have = 0, expected = 1;
	struct buf out;

	buf_init(&out, size - 1);
	for (int seq = 0; seq < SEQ_MAX; seq++) {
		if (part[seq] == NULL)
			continue;
		if (seq > expected)
			buf_adds(&out, " [...] ");
		buf_adds(&out, part[seq]->text);
		expected = seq + 1;
		have++;
	}
	snprintf(text, size, "%s", buf_str(&out));
	buf_release(&out);
	return have;
}

/* A command in the first part was obeyed then; its other parts are a note. */
static bool
obeyed(const struct inbox_row *const part[SEQ_MAX])
{
	for (int seq = 0; seq < SEQ_MAX; seq++)
		if (part[seq] != NULL && strcmp(part[seq]->result, "command") == 0)
			return true;
	return false;
}

/* Every part is looked at as it comes: half an alert is an alert. The whole text later joins what the half opened. */
static int
decide_part(struct core *core, const struct inbox_row *row, struct decision *d, struct now now)
{
	struct inbox_row *rows = calloc(PARTS_MAX, sizeof(*rows));
	const struct inbox_row *part[SEQ_MAX] = { NULL };
	char *text = calloc(1, INBOX_TEXT_SIZE);
	int64_t waited_ms = now.wall.ms - row->received.ms;	/* negative: the clock was set back */
	bool overdue = waited_ms < 0 || waited_ms > (int64_t)core->conf.parts_wait_s * 1000;
	int have, rc = -1;

	if (rows == NULL || text == NULL || gather_parts(core, row, rows, part) != 0)
		goto out;
	have = join_parts(part, text, INBOX_TEXT_SIZE);
	d->partial = have < row->part.total && !overdue;
	d->result = "part";
	rc = obeyed(part) ? 0 : decide_words(core, row, text, d, now);
	buf_addf(&d->why, "\"parts\":%d,\"of\":%u,", have, row->part.total);
	if (d->partial && d->incident == 0 && strcmp(d->result, "command") != 0 && strcmp(d->result, "part") != 0)
		d->result = "waiting";
	for (int seq = 0; seq < SEQ_MAX && rc == 0 && have == row->part.total; seq++)
		if (part[seq] != NULL && part[seq]->id != row->id && part[seq]->state == INBOX_WAITING)
			rc = inbox_decided(core->store, part[seq]->id, "part", d->incident, "{}");
out:
	free(text);
	free(rows);
	return rc;
}

/* ---- the turn -------------------------------------------------------------------- */

static int
decide_row(struct core *core, const struct inbox_row *row, struct now now)
{
	static int (*const by_kind[])(struct core *, const struct inbox_row *, struct decision *, struct now) = {
		[INBOX_TEXT] = decide_text, [INBOX_PART] = decide_part, [INBOX_REPORT] = decide_status_report,
		[INBOX_BINARY] = decide_unreadable, [INBOX_UNDECODABLE] = decide_unreadable,
	};
	struct decision d = { .result = "review" };
	struct buf json;
	char object[40], detail[128];
	int rc = -1;

	buf_init(&d.why, WHY_MAX);
	buf_init(&d.said, SAID_MAX);
	buf_init(&json, WHY_MAX + SAID_MAX + 64);
	if (store_begin(core->store) != 0)
		goto out;
	if (by_kind[row->kind](core, row, &d, now) != 0)
		goto undo;
	if (!d.why.failed && !d.said.failed)
		buf_addf(&json, "{%s\"said\":[%s\"result: %s\"],\"result\":\"%s\"}", buf_str(&d.why), buf_str(&d.said),
		    d.result, d.result);
	else
		buf_addf(&json, "{\"note\":\"the reasons were too long to keep\",\"result\":\"%s\"}", d.result);
	if (strcmp(d.result, "waiting") == 0 ? inbox_waiting(core->store, row->id, d.incident, buf_str(&json)) != 0 :
	    inbox_decided(core->store, row->id, d.result, d.incident, buf_str(&json)) != 0)
		goto undo;
	snprintf(object, sizeof(object), "inbox:%lld", (long long)row->id);
	snprintf(detail, sizeof(detail), "{\"result\":\"%s\",\"incident\":%lld}", d.result, (long long)d.incident);
	if (core_audit(core, now, "inbox.decided", object, detail) != 0)
		goto undo;
	rc = store_commit(core->store);
	if (rc == 0)
		log_info("inbox.decided id=%lld line=%s result=%s incident=%lld", (long long)row->id, row->line, d.result,
		    (long long)d.incident);
	goto out;
undo:
	store_rollback(core->store);
out:
	buf_release(&json);
	buf_release(&d.said);
	buf_release(&d.why);
	return rc;
}

/* Deciding it failed: count that, so that one row cannot stop all others; the third time it is a person's. */
static int
count_try(struct core *core, const struct inbox_row *row, struct now now)
{
	int64_t id = row->id;
	char object[40];
	int n;

	if (store_begin(core->store) != 0)
		return -1;
	/* A part was looked at when it came, too: no third time for its rest. */
	n = row->state == INBOX_WAITING ? inbox_decided(core->store, id, "review", 0, "{}") : inbox_attempt(core->store, id);
	snprintf(object, sizeof(object), "inbox:%lld", (long long)id);
	if (n < 0 || core_audit(core, now, "inbox.try", object, "{}") != 0) {
		store_rollback(core->store);
		return -1;
	}
	return store_commit(core->store);
}

int
decide_recover(struct core *core, struct now now)
{
	struct inbox_row *row = calloc(1, sizeof(*row));
	int rc = row == NULL ? -1 : inbox_next(core->store, 0, row);

	if (rc == 1)
		rc = count_try(core, row, now);
	free(row);
	return rc < 0 ? -1 : 0;
}

/* Parts whose others did not come in time are decided as they are. */
static int
next_row(struct core *core, struct inbox_row *row, struct now now)
{
	int rc = inbox_next(core->store, 0, row);

	if (rc != 0)
		return rc;
	return inbox_overdue_parts(core->store,
	    (wall_t){ now.wall.ms - (int64_t)core->conf.parts_wait_s * 1000 }, now.wall, row, 1);
}

bool
decide_turn(struct core *core, struct now now)
{
	struct inbox_row *row = calloc(1, sizeof(*row));
	int done = 0;

	while (row != NULL && done < TURN_MAX && next_row(core, row, now) == 1) {
		if (decide_row(core, row, now) != 0) {
			core_store_failed(core, "deciding a message", now);
			if (count_try(core, row, now) != 0)
				break;
		}
		core->decided++;
		core->next_followup = now.mono;
		done++;
	}
	free(row);
	return done == TURN_MAX;
}
