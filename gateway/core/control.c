/* control.sock: what tocsinctl asks, answered from the store and the lines. */
#include "core/control.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "core/core.h"
#include "core/duty.h"
#include "core/health.h"
#include "core/packctl.h"
#include "core/packs.h"
#include "core/places.h"
#include "core/reporters.h"
#include "core/request.h"
#include "logic/coordinates.h"
#include "store/audit.h"
#include "store/inbox.h"
#include "store/incident.h"
#include "store/outbox.h"
#include "wire/ctl_msg.h"
#include "wire/frame.h"

#define CLIENTS_MAX	16
#define QUEUE_MAX	(4u << 20)	/* bytes of answers that wait for one client */
#define ROW_MAX		32768
#define LIST_MAX	500
#define IDLE_S		60

struct datagram {
	struct datagram *next;
	size_t	 len;
	uint8_t	 bytes[];
};

struct client {
	struct control	*control;
	int		 fd;		/* -1: free */
	uid_t		 uid;
	struct event	*readable, *writable;
	struct datagram	*head, **tail;
	size_t		 queued;
	bool		 failed;	/* a row could not be queued: hang up */
	struct later	*later;		/* its answer is still being made */
};

struct later {
	struct client	*client;	/* NULL: it went away */
	uint8_t		 mem[ROW_MAX];
};

struct control {
	struct core	*core;
	struct event_base *base;
	struct event	*incoming;
	int		 fd;
	char		 path[CONF_PATH_SIZE];
	struct places	*places;
	struct client	 client[CLIENTS_MAX];
};

/* ---- answers ------------------------------------------------------------------------------ */

static void
client_queue(struct client *c, const uint8_t *p, size_t n)
{
	struct datagram *d = c->queued + n > QUEUE_MAX || n == 0 ? NULL : malloc(sizeof(*d) + n);

	if (d == NULL) {
		c->failed = true;
		return;
	}
	d->next = NULL;
	d->len = n;
	memcpy(d->bytes, p, n);
	*c->tail = d;
	c->tail = &d->next;
	c->queued += n;
}

static void
client_row(struct client *c, const struct field_out *row)
{
	if (row->overflow)
		c->failed = true;
	else
		client_queue(c, row->p, row->len);
}

/* A time as text, null when there is none. */
static void
put_time(struct field_out *row, const char *key, wall_t at)
{
	char text[CLOCK_TEXT_SIZE];

	ctl_put_text(row, key, at.ms == 0 ? NULL : clock_text(at, text));
}

static void
put_place(struct field_out *row, const struct incident *inc)
{
	char mgrs[MGRS_SIZE];

	if (!inc->located && !inc->ambiguous) {
		ctl_put_text(row, "place", NULL);
		ctl_put_text(row, "mgrs", NULL);
		return;
	}
	ctl_put_text(row, "place", inc->where.name);
	ctl_put_text(row, "cercle", inc->where.c3);
	ctl_put_text(row, "mgrs", mgrs_from_degrees(inc->where.lat_deg, inc->where.lon_deg, 3, mgrs) == 0 ? mgrs : NULL);
	ctl_put_int(row, "radius_m", inc->where.radius_m);
	ctl_put_bool(row, "ambiguous", inc->ambiguous);
}

/* ---- commands ------------------------------------------------------------------------------ */

static void
row_begin(struct request *r, struct field_out *row)
{
	ctl_row_begin(row, r->mem, ROW_MAX);
}

void
control_begin(struct request *r, struct field_out *row)
{
	row_begin(r, row);
}

void
control_row(struct request *r, const struct field_out *row)
{
	client_row(r->client, row);
}

void
control_actor(const struct request *r, char out[32])
{
	snprintf(out, 32, "ctl:uid%u", (unsigned)r->uid);
}

static enum ctl_exit
store_trouble(struct request *r)
{
	snprintf(r->sentence, sizeof(r->sentence), "the store does not answer: %s", store_error(r->core->store));
	return CTL_REFUSED;
}

static enum ctl_exit
do_status(struct request *r)
{
	static const char *const states[] = { "queued", "sending", "sent", "unknown", "delivered", "failed", "expired",
	    "cancelled" };
	struct core *core = r->core;
	struct inbox_counts in;
	struct outbox_counts out;
	struct field_out row;
	char sentence[256];

	if (inbox_count(core->store, &in) != 0 || outbox_count(core->store, &out) != 0)
		return store_trouble(r);
	health_sentence(core, sentence, sizeof(sentence));
	row_begin(r, &row);
	ctl_put_text(&row, "version", TOCSIN_VERSION);
	ctl_put_text(&row, "health", sentence);
	put_time(&row, "time", r->now.wall);
	ctl_put_text(&row, "rules", core->book->rules != NULL ? rulebook_version(core->book->rules) : NULL);
	ctl_put_int(&row, "rule_pack", core->book->pack);
	ctl_put_bool(&row, "rolled_back", core->book->rolled_back);
	ctl_put_bool(&row, "rules_edited", core->book->pack != 0 && packs_compare(&core->conf, core->book->pack, NULL, NULL) != 0);
	ctl_put_int(&row, "rule_count", core->book->rules != NULL ? (int64_t)rulebook_rules(core->book->rules) : 0);
	ctl_put_int(&row, "rule_tests", (int64_t)core->book->tests);
	ctl_put_int(&row, "places", core->book->places != NULL ? (int64_t)gazetteer_rows(core->book->places) : 0);
	ctl_put_int(&row, "responders", (int64_t)core->book->roster.n);
	ctl_put_int(&row, "modems", (int64_t)modems_count(core->modems));
	ctl_put_bool(&row, "store_in_memory", store_in_memory(core->store));
	ctl_put_int(&row, "received", in.total);
	ctl_put_int(&row, "undecided", in.fresh);
	ctl_put_int(&row, "waiting_parts", in.waiting);
	ctl_put_int(&row, "to_read", in.review);
	put_time(&row, "oldest_to_read", in.oldest_review);
	put_time(&row, "last_received", in.last_received);
	ctl_put_int(&row, "seen_again", (int64_t)core->seen);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		ctl_put_int(&row, states[i], out.by_state[i]);
	put_time(&row, "oldest_unsent_p1", out.oldest_p1);
	client_row(r->client, &row);
	return CTL_DONE;
}

static enum ctl_exit
do_modems(struct request *r)
{
	static const char *const phases[] = { "absent", "connecting", "ready", "failed" };
	static const char *const regs[] = { "none", "home", "searching", "denied", "unknown", "roaming" };

	for (size_t i = 0; i < modems_count(r->core->modems); i++) {
		const struct line *l = modems_line(r->core->modems, i);
		struct field_out row;

		row_begin(r, &row);
		ctl_put_text(&row, "line", l->name);
		ctl_put_text(&row, "state", phases[l->phase & 3]);
		put_time(&row, "since", l->since);
		ctl_put_text(&row, "why", l->why[0] != '\0' ? l->why : NULL);
		ctl_put_text(&row, "model", l->model[0] != '\0' ? l->model : NULL);
		ctl_put_text(&row, "imei", l->imei[0] != '\0' ? l->imei : NULL);
		ctl_put_text(&row, "operator", l->operator_name[0] != '\0' ? l->operator_name : NULL);
		ctl_put_text(&row, "registration", l->registration < 6 ? regs[l->registration] : "?");
		ctl_put_int(&row, "signal_dbm", l->signal_dbm);
		ctl_put_int(&row, "sim_used", l->sim_used);
		ctl_put_int(&row, "sim_capacity", l->sim_capacity);
		ctl_put_int(&row, "received", (int64_t)l->received);
		ctl_put_int(&row, "sent", (int64_t)l->sent);
		ctl_put_int(&row, "refused", (int64_t)l->refused);
		ctl_put_int(&row, "unknown", (int64_t)l->unknown);
		ctl_put_int(&row, "restarts", l->restarts);
		put_time(&row, "last_received", l->last_received);
		put_time(&row, "last_sent", l->last_sent);
		client_row(r->client, &row);
	}
	return CTL_DONE;
}

/* Lists show ids and outcomes; who wrote and what is for `read`, which is audited. */
static void
inbox_put(struct request *r, const struct inbox_row *in)
{
	static const char *const kinds[] = { "text", "part", "report", "binary", "undecodable" };
	static const char *const states[] = { "new", "waiting", "decided", "quarantine" };
	struct field_out row;

	row_begin(r, &row);
	ctl_put_int(&row, "id", in->id);
	put_time(&row, "received", in->received);
	put_time(&row, "sent", in->scts);
	ctl_put_text(&row, "line", in->line);
	ctl_put_text(&row, "kind", kinds[in->kind]);
	ctl_put_text(&row, "state", states[in->state]);
	ctl_put_text(&row, "result", in->result[0] != '\0' ? in->result : NULL);
	ctl_put_int(&row, "incident", in->incident);
	ctl_put_int(&row, "seen", in->seen);
	client_row(r->client, &row);
}

static enum ctl_exit
do_inbox(struct request *r)
{
	struct inbox_row *rows = calloc(LIST_MAX, sizeof(*rows));
	const char *only = r->ask->n > 1 ? r->ask->word[1] : NULL;
	int n = rows == NULL ? -1 : inbox_list(r->core->store, only, 0, rows, LIST_MAX);

	for (int i = 0; i < n; i++)
		inbox_put(r, &rows[i]);
	free(rows);
	return n < 0 ? store_trouble(r) : CTL_DONE;
}

static bool
parse_id(struct request *r, const char *word, int64_t *id)
{
	char *end;

	errno = 0;
	*id = strtoll(word, &end, 10);
	if (errno == 0 && end != word && *end == '\0' && *id > 0)
		return true;
	snprintf(r->sentence, sizeof(r->sentence), "'%.40s' is not a number", word);
	return false;
}

/* Shows one text to a person, after the audit says who looked. */
static enum ctl_exit
do_read(struct request *r)
{
	struct inbox_row *in = calloc(1, sizeof(*in));
	char actor[32], object[40];
	struct field_out row;
	enum ctl_exit done = CTL_USAGE;
	int64_t id;

	if (in == NULL || !parse_id(r, r->ask->word[1], &id))
		goto out;
	done = CTL_REFUSED;
	if (inbox_get(r->core->store, id, in) != 1) {
		snprintf(r->sentence, sizeof(r->sentence), "there is no message %lld", (long long)id);
		goto out;
	}
	snprintf(actor, sizeof(actor), "ctl:uid%u", (unsigned)r->uid);
	snprintf(object, sizeof(object), "inbox:%lld", (long long)id);
	if (store_begin(r->core->store) != 0 ||
	    audit_add(r->core->store, r->now.wall, actor, "inbox.read", object, "{}") != 0 ||
	    store_commit(r->core->store) != 0) {
		store_rollback(r->core->store);
		done = store_trouble(r);
		goto out;
	}
	row_begin(r, &row);
	ctl_put_int(&row, "id", in->id);
	ctl_put_text(&row, "text", in->text);
	client_row(r->client, &row);
	done = CTL_DONE;
out:
	free(in);
	return done;
}

static void
incident_put(struct request *r, const struct incident *inc)
{
	static const char *const stages[] = { "dispatched", "reminded", "next tier", "all tiers", "UNANSWERED" };
	struct field_out row;

	row_begin(r, &row);
	ctl_put_int(&row, "number", inc->number);
	ctl_put_int(&row, "incident", inc->id);
	ctl_put_text(&row, "state", inc->state == INCIDENT_OPEN ? "open" : "closed");
	ctl_put_text(&row, "category", inc->headline);
	ctl_put_text(&row, "categories", inc->codes);
	ctl_put_int(&row, "priority", inc->priority);
	put_place(&row, inc);
	put_time(&row, "opened", inc->opened);
	put_time(&row, "last_report", inc->last);
	ctl_put_int(&row, "reports", inc->reports);
	ctl_put_int(&row, "sources", inc->sources);
	ctl_put_bool(&row, "validated", inc->validated);
	ctl_put_text(&row, "outcome", inc->outcome[0] != '\0' ? inc->outcome : NULL);
	ctl_put_text(&row, "stage", inc->answered ? "answered" : stages[inc->stage]);
	put_time(&row, "next_step", inc->due_wall);
	client_row(r->client, &row);
}

static enum ctl_exit
do_incidents(struct request *r)
{
	struct incident *rows = calloc(LIST_MAX, sizeof(*rows));
	int n = rows == NULL ? -1 : incident_list(r->core->store, 0, rows, LIST_MAX);

	for (int i = 0; i < n; i++)
		incident_put(r, &rows[i]);
	free(rows);
	return n < 0 ? store_trouble(r) : CTL_DONE;
}

static void
told_put(struct request *r, const struct told *t)
{
	static const char *const answers[] = { "none", "OK", "NON", "GO", "SUR", "FIN" };
	struct field_out row;

	row_begin(r, &row);
	ctl_put_text(&row, "responder", t->responder);
	put_time(&row, "told", t->told_at);
	ctl_put_text(&row, "answer", answers[t->answer < 6 ? t->answer : 0]);
	put_time(&row, "answered", t->answered_at);
	ctl_put_int(&row, "eta_min", t->eta_min);
	client_row(r->client, &row);
}

/* By its number as people have it before them: "4071" or "4071KT". 1, 0, -1. */
int
control_incident(struct request *r, const char *word, struct incident *inc)
{
	char *end;
	unsigned long n = strtoul(word, &end, 10);

	return end == word || n > 9999 ? 0 : incident_find(r->core->store, (uint16_t)n, inc);
}

/* validate|hold|withdraw NUMBER, close NUMBER CODE: a duty officer's decisions from the terminal. */
static enum ctl_exit
do_duty(struct request *r)
{
	const char *verb = r->ask->word[0], *why = "";
	struct incident *inc = calloc(1, sizeof(*inc));
	enum ctl_exit done = CTL_REFUSED;
	char actor[32];
	int rc = -1;

	if (inc == NULL)
		return CTL_REFUSED;
	snprintf(actor, sizeof(actor), "ctl:uid%u", (unsigned)r->uid);
	if (control_incident(r, r->ask->word[1], inc) != 1) {
		snprintf(r->sentence, sizeof(r->sentence), "there is no alert '%.20s'", r->ask->word[1]);
		goto out;
	}
	if (store_begin(r->core->store) == 0) {
		if (strcmp(verb, "validate") == 0)
			rc = duty_validate(r->core, inc, actor, r->now, &why);
		else if (strcmp(verb, "hold") == 0)
			rc = duty_hold(r->core, inc, actor, r->now, &why);
		else if (strcmp(verb, "withdraw") == 0)
			rc = duty_withdraw(r->core, inc, actor, r->now, &why);
		else
			rc = duty_close(r->core, inc, r->ask->word[2][0], actor, r->now, &why);
	}
	if (rc == 1 && store_commit(r->core->store) == 0) {
		incident_put(r, inc);
		done = CTL_DONE;
	} else {
		store_rollback(r->core->store);
		if (rc == 0)
			snprintf(r->sentence, sizeof(r->sentence), "%s", why);
		else
			done = store_trouble(r);
	}
out:
	free(inc);
	return done;
}

static void
candidate_put(struct request *r, const struct place *p)
{
	struct field_out row;
	char mgrs[MGRS_SIZE];

	row_begin(r, &row);
	ctl_put_text(&row, "candidate", p->name);
	ctl_put_text(&row, "c3", p->c3);
	ctl_put_text(&row, "cercle", p->cercle);
	ctl_put_text(&row, "mgrs", mgrs_from_degrees(p->lat_deg, p->lon_deg, 3, mgrs) == 0 ? mgrs : NULL);
	client_row(r->client, &row);
}

/* place NUMBER NAME… | LAT LON */
static enum ctl_exit
do_place(struct request *r)
{
	struct incident *inc = calloc(1, sizeof(*inc));
	enum ctl_exit done = CTL_REFUSED;
	const char *why = "";
	struct geotag where;
	struct buf text;
	char actor[32];
	int rc = -1;

	buf_init(&text, 190);
	for (size_t i = 2; i < r->ask->n; i++)
		buf_addf(&text, "%s%s", i > 2 ? " " : "", r->ask->word[i]);
	if (inc == NULL || control_incident(r, r->ask->word[1], inc) != 1) {
		snprintf(r->sentence, sizeof(r->sentence), "there is no alert '%.20s'", r->ask->word[1]);
		goto out;
	}
	if (duty_find_place(r->core, buf_str(&text), &where, &why) != 1) {
		for (size_t i = 0; where.ambiguous && i < where.n; i++)
			candidate_put(r, &where.candidate[i]);
		snprintf(r->sentence, sizeof(r->sentence), "%s%s", why, !where.found && strpbrk(buf_str(&text), "0123456789") != NULL ?
		    "; coordinates have two decimals or more: 14.08 -3.52" : "");
		goto out;
	}
	control_actor(r, actor);
	if (store_begin(r->core->store) == 0)
		rc = duty_place(r->core, inc, &where.best, actor, r->now, &why);
	if (rc == 1 && store_commit(r->core->store) == 0) {
		incident_put(r, inc);
		done = CTL_DONE;
	} else {
		store_rollback(r->core->store);
		if (rc == 0)
			snprintf(r->sentence, sizeof(r->sentence), "%s", why);
		else
			done = store_trouble(r);
	}
out:
	buf_release(&text);
	free(inc);
	return done;
}

static enum ctl_exit
do_show(struct request *r)
{
	struct incident *inc = calloc(1, sizeof(*inc));
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	enum ctl_exit done = CTL_REFUSED;
	int n;

	if (inc == NULL || told == NULL)
		goto out;
	if (control_incident(r, r->ask->word[1], inc) != 1) {
		snprintf(r->sentence, sizeof(r->sentence), "there is no alert '%.20s'", r->ask->word[1]);
		goto out;
	}
	incident_put(r, inc);
	n = told_list(r->core->store, inc->id, told, CONF_RESPONDERS_MAX);
	for (int i = 0; i < n; i++)
		told_put(r, &told[i]);
	done = n < 0 ? store_trouble(r) : CTL_DONE;
out:
	free(told);
	free(inc);
	return done;
}

static enum ctl_exit
do_outbox(struct request *r)
{
	static const char *const states[] = { "queued", "sending", "sent", "unknown", "delivered", "failed", "expired",
	    "cancelled" };
	struct outbox_row *rows = calloc(LIST_MAX, sizeof(*rows));
	int n = rows == NULL ? -1 : outbox_list(r->core->store, 0, 0, rows, LIST_MAX);

	for (int i = 0; i < n; i++) {
		struct field_out row;

		row_begin(r, &row);
		ctl_put_int(&row, "id", rows[i].id);
		ctl_put_text(&row, "state", states[rows[i].state]);
		ctl_put_int(&row, "priority", rows[i].priority);
		ctl_put_text(&row, "responder", rows[i].responder);
		ctl_put_int(&row, "incident", rows[i].incident);
		put_time(&row, "created", rows[i].created);
		put_time(&row, "changed", rows[i].changed);
		ctl_put_text(&row, "line", rows[i].line[0] != '\0' ? rows[i].line : NULL);
		ctl_put_int(&row, "tries", rows[i].attempts);
		ctl_put_int(&row, "resent", rows[i].resent);
		ctl_put_int(&row, "error", rows[i].error);
		ctl_put_text(&row, "text", rows[i].text);
		client_row(r->client, &row);
	}
	free(rows);
	return n < 0 ? store_trouble(r) : CTL_DONE;
}

static int
why_message(struct request *r, int64_t id, struct buf *json)
{
	char *out = calloc(1, json->max);
	int rc = out == NULL ? -1 : inbox_why(r->core->store, id, out, json->max);
	struct field_out row;

	if (rc == 1) {
		row_begin(r, &row);
		ctl_put_int(&row, "message", id);
		ctl_put_json(&row, "why", out);
		client_row(r->client, &row);
	}
	free(out);
	return rc;
}

/* What was done with one object, by whom, in order. */
static int
why_audit(struct request *r, const char *object)
{
	struct audit_row *rows = calloc(LIST_MAX, sizeof(*rows));
	int n = rows == NULL ? -1 : audit_list(r->core->store, object, rows, LIST_MAX);

	for (int i = 0; i < n; i++) {
		struct field_out row;

		row_begin(r, &row);
		put_time(&row, "at", rows[i].at);
		ctl_put_text(&row, "object", rows[i].object);
		ctl_put_text(&row, "event", rows[i].event);
		ctl_put_text(&row, "by", rows[i].actor);
		ctl_put_json(&row, "detail", rows[i].detail);
		client_row(r->client, &row);
	}
	free(rows);
	return n < 0 ? -1 : 0;
}

/* The messages joined into an incident, newest first in the inbox. */
static int
why_incident(struct request *r, const struct incident *inc, struct buf *json)
{
	struct inbox_row *rows = calloc(LIST_MAX, sizeof(*rows));
	char object[40];
	int n = rows == NULL ? -1 : inbox_list(r->core->store, NULL, 0, rows, LIST_MAX), rc = n < 0 ? -1 : 0;

	for (int i = n - 1; i >= 0 && rc >= 0; i--)
		if (rows[i].incident == inc->id)
			rc = why_message(r, rows[i].id, json);
	free(rows);
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	return rc < 0 ? -1 : why_audit(r, object);
}

/* why 4071: the alert of that number; why 12, or why sms 4071: the message of that id. */
static enum ctl_exit
do_why(struct request *r)
{
	struct incident *inc = calloc(1, sizeof(*inc));
	bool message = r->ask->n == 3;
	const char *word = r->ask->word[r->ask->n - 1];
	enum ctl_exit done = CTL_USAGE;
	struct buf json;
	char object[40];
	int64_t id;
	int rc;

	buf_init(&json, ROW_MAX - 1024);
	if (inc == NULL || (message && strcmp(r->ask->word[1], "sms") != 0) || !parse_id(r, word, &id))
		goto out;
	if (!message && control_incident(r, word, inc) == 1) {
		rc = why_incident(r, inc, &json);
	} else {
		rc = why_message(r, id, &json);
		snprintf(object, sizeof(object), "inbox:%lld", (long long)id);
		if (rc >= 0 && why_audit(r, object) != 0)
			rc = -1;
		if (rc == 0)
			snprintf(r->sentence, sizeof(r->sentence), "no decision is known of '%.20s'", word);
		rc = rc == 0 ? 1 : rc < 0 ? -1 : 0;
	}
	done = rc < 0 ? store_trouble(r) : rc == 0 ? CTL_DONE : CTL_REFUSED;
out:
	buf_release(&json);
	free(inc);
	return done;
}

int
control_reload(struct core *core, struct diags *diags)
{
	struct book *book = book_load(&core->conf, diags);
	struct now now = clock_now();
	char detail[96];

	if (book == NULL) {
		log_warnx("reload.refused errors=%zu note=\"what was in force stays in force\"", diags->errors);
		return -1;
	}
	book_free(core->book);
	core->book = book;
	if (book_keep(&core->conf, book) != 0)
		log_warn("book.keep.failed");
	snprintf(detail, sizeof(detail), "{\"rules\":\"%s\",\"responders\":%zu}", rulebook_version(book->rules),
	    book->roster.n);
	if (store_begin(core->store) == 0 && (core_audit(core, now, "book.loaded", "book", detail) != 0 ||
	    store_commit(core->store) != 0))
		store_rollback(core->store);
	log_info("reload.done rules=%s tests=%zu places=%zu responders=%zu warnings=%zu", rulebook_version(book->rules),
	    book->tests, gazetteer_rows(book->places), book->roster.n, diags->warnings);
	return 0;
}

static enum ctl_exit
do_reload(struct request *r)
{
	struct diags diags;
	struct buf text;
	struct field_out row;
	int rc;

	diags_init(&diags);
	buf_init(&text, ROW_MAX - 1024);
	rc = control_reload(r->core, &diags);
	diags_print(&diags, &text);
	row_begin(r, &row);
	ctl_put_bool(&row, "loaded", rc == 0);
	ctl_put_int(&row, "errors", (int64_t)diags.errors);
	ctl_put_int(&row, "warnings", (int64_t)diags.warnings);
	ctl_put_int(&row, "tests", (int64_t)r->core->book->tests);
	ctl_put_text(&row, "messages", text.len > 0 ? buf_str(&text) : NULL);
	client_row(r->client, &row);
	if (rc != 0)
		snprintf(r->sentence, sizeof(r->sentence), "nothing was changed: what was in force stays in force");
	buf_release(&text);
	diags_release(&diags);
	return rc == 0 ? CTL_DONE : CTL_REFUSED;
}

static enum ctl_exit
do_backup(struct request *r)
{
	if (r->ask->word[1][0] != '/') {
		snprintf(r->sentence, sizeof(r->sentence), "the daemon needs the whole path, from /");
		return CTL_USAGE;
	}
	if (store_backup(r->core->store, r->ask->word[1]) == 0)
		return CTL_DONE;
	snprintf(r->sentence, sizeof(r->sentence), "no backup was made: %s", store_error(r->core->store));
	return CTL_REFUSED;
}

static enum ctl_exit
do_audit(struct request *r)
{
	struct field_out row;
	int64_t n = 0;
	int rc;

	if (strcmp(r->ask->word[1], "show") == 0)
		return why_audit(r, "") == 0 ? CTL_DONE : store_trouble(r);
	if (strcmp(r->ask->word[1], "verify") != 0)
		return CTL_USAGE;
	rc = audit_verify(r->core->store, &n);
	if (rc < 0)
		return store_trouble(r);
	row_begin(r, &row);
	ctl_put_bool(&row, "whole", rc == 0);
	ctl_put_int(&row, rc == 0 ? "rows" : "broken_at", n);
	client_row(r->client, &row);
	if (rc != 0)
		snprintf(r->sentence, sizeof(r->sentence), "the record was tampered with, or damaged, at row %lld", (long long)n);
	return rc == 0 ? CTL_DONE : CTL_REFUSED;
}

/* A command is a row: the table is the manual. */
static const struct {
	const char	*word;
	size_t		 min, max;	/* words, the command's own included */
	enum ctl_exit	(*run)(struct request *);
	const char	*usage;
} commands[] = {
	{ "status", 1, 1, do_status, "status" },
	{ "modems", 1, 1, do_modems, "modems" },
	{ "inbox", 1, 2, do_inbox, "inbox [alert|joined|review|noise|info|command|sealed|operator]" },
	{ "read", 2, 2, do_read, "read MESSAGE" },
	{ "incidents", 1, 1, do_incidents, "incidents" },
	{ "show", 2, 2, do_show, "show NUMBER" },
	{ "validate", 2, 2, do_duty, "validate NUMBER" },
	{ "hold", 2, 2, do_duty, "hold NUMBER" },
	{ "withdraw", 2, 2, do_duty, "withdraw NUMBER" },
	{ "close", 3, 3, do_duty, "close NUMBER R|T|N|F|D|X|O|C" },
	{ "place", 3, 12, do_place, "place NUMBER NAME[/C3] | LAT LON" },
	{ "outbox", 1, 1, do_outbox, "outbox" },
	{ "why", 2, 3, do_why, "why NUMBER | why sms MESSAGE" },
	{ "gazetteer", 2, 7, places_command, "gazetteer import|add|alias|forget|find|near|list …" },
	{ "reporter", 2, 9, reporters_command,
	  "reporter add NUMBER [VILLAGE] [opt-in] [shared] [silent] [duress] [fr|en] | list | forget WHO | silence WHO [off]" },
	{ "reload", 1, 1, do_reload, "reload" },
	{ "rules", 2, 3, packctl_command, "rules list | show [PACK] | rollback [PACK|VERSION]" },
	{ "backup", 2, 2, do_backup, "backup /PATH/TO/FILE" },
	{ "audit", 2, 2, do_audit, "audit verify|show" },
};

static enum ctl_exit
run_command(struct request *r)
{
	enum ctl_exit done;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, r->ask->word[0]) != 0)
			continue;
		done = r->ask->n < commands[i].min || r->ask->n > commands[i].max ? CTL_USAGE : commands[i].run(r);
		if (done == CTL_USAGE && r->sentence[0] == '\0')
			snprintf(r->sentence, sizeof(r->sentence), "usage: tocsinctl %s", commands[i].usage);
		return done;
	}
	snprintf(r->sentence, sizeof(r->sentence), "unknown command '%.40s'; tocsinctl --help lists them", r->ask->word[0]);
	return CTL_USAGE;
}

/* ---- clients ---------------------------------------------------------------------------------- */

static void
client_close(struct client *c)
{
	if (c->later != NULL)
		c->later->client = NULL;
	c->later = NULL;
	while (c->head != NULL) {
		struct datagram *d = c->head;

		c->head = d->next;
		free(d);
	}
	c->tail = &c->head;
	if (c->readable != NULL)
		event_free(c->readable);
	if (c->writable != NULL)
		event_free(c->writable);
	c->readable = c->writable = NULL;
	close(c->fd);
	c->fd = -1;
}

static void
on_client_writable(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;

	if ((what & EV_TIMEOUT) != 0) {
		client_close(c);
		return;
	}
	while (c->head != NULL) {
		struct datagram *d = c->head;

		if (send(fd, d->bytes, d->len, MSG_NOSIGNAL | MSG_DONTWAIT) == -1) {
			if (errno != EAGAIN && errno != ENOBUFS)
				client_close(c);
			return;
		}
		c->head = d->next;
		if (c->head == NULL)
			c->tail = &c->head;
		c->queued -= d->len;
		free(d);
	}
	event_del(c->writable);
}

/* ---- answers that take a while ----------------------------------------------------------------- */

struct later *
control_later(struct request *r)
{
	struct later *later = malloc(sizeof(*later));

	if (later == NULL)
		return NULL;
	later->client = r->client;
	r->client->later = later;
	r->later = later;
	event_remove_timer(r->client->readable);	/* it waits for us now */
	return later;
}

void
control_later_begin(struct later *later, struct field_out *row)
{
	ctl_row_begin(row, later->mem, sizeof(later->mem));
}

static void
queue_later(struct client *c, const uint8_t *p, size_t n)
{
	static const struct timeval idle = { .tv_sec = IDLE_S };

	client_queue(c, p, n);
	if (c->failed)
		client_close(c);
	else
		event_add(c->writable, &idle);
}

void
control_later_row(struct later *later, const struct field_out *row)
{
	if (later->client != NULL && !row->overflow)
		queue_later(later->client, row->p, row->len);
}

void
control_later_end(struct later *later, enum ctl_exit done, const char *sentence)
{
	static const struct timeval idle = { .tv_sec = IDLE_S };
	struct client *c = later->client;
	uint8_t end[1024] = { 0 };

	if (c != NULL) {
		c->later = NULL;
		event_add(c->readable, &idle);
		queue_later(c, end, ctl_end_encode(done, sentence, end, sizeof(end)));
	}
	free(later);
}

static void
client_answer(struct client *c, const struct ctl_ask *ask)
{
	static const struct timeval idle = { .tv_sec = IDLE_S };
	struct request r = { .core = c->control->core, .places = c->control->places, .client = c, .ask = ask,
	    .now = clock_now(), .uid = c->uid };
	uint8_t end[1024] = { 0 };
	enum ctl_exit done;

	r.mem = malloc(ROW_MAX);
	if (r.mem == NULL) {
		c->failed = true;
		return;
	}
	done = run_command(&r);
	if (r.later == NULL)
		client_queue(c, end, ctl_end_encode(done, r.sentence, end, sizeof(end)));
	free(r.mem);
	event_add(c->writable, &idle);
}

static void
on_client_readable(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;
	uint8_t *bytes = malloc(FRAME_MAX);
	struct ctl_ask *ask = malloc(sizeof(*ask));
	const char *why = "out of memory";
	ssize_t n = -1;

	if (bytes != NULL && ask != NULL && (what & EV_TIMEOUT) == 0)
		n = recv(fd, bytes, FRAME_MAX, MSG_DONTWAIT);
	if ((what & EV_TIMEOUT) != 0) {
		client_close(c);	/* whatever errno says of something else */
	} else if (n > 0 && c->later != NULL) {
		why = "it asks before it was answered";
		client_close(c);
	} else if (n > 0 && ctl_ask_decode(ask, bytes, (size_t)n, &why) == 0) {
		client_answer(c, ask);
		if (c->failed)
			client_close(c);
	} else if (n != -1 || (errno != EAGAIN && errno != EINTR)) {
		if (n > 0)
			log_warnx("control.bad_request uid=%u why=\"%s\"", (unsigned)c->uid, why);
		client_close(c);
	}
	free(ask);
	free(bytes);
}

static void
on_incoming(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval idle = { .tv_sec = IDLE_S };
	struct control *control = arg;
	struct client *c = NULL;
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred);
	int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)what;
	if (conn == -1)
		return;
	for (size_t i = 0; i < CLIENTS_MAX && c == NULL; i++)
		if (control->client[i].fd == -1)
			c = &control->client[i];
	if (c == NULL) {
		close(conn);
		return;
	}
	memset(c, 0, sizeof(*c));
	c->control = control;
	c->fd = conn;
	c->tail = &c->head;
	c->uid = getsockopt(conn, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 ? cred.uid : (uid_t)-1;
	c->readable = event_new(control->base, conn, EV_READ | EV_PERSIST, on_client_readable, c);
	c->writable = event_new(control->base, conn, EV_WRITE | EV_PERSIST, on_client_writable, c);
	if (c->readable == NULL || c->writable == NULL)
		client_close(c);
	else
		event_add(c->readable, &idle);
}

struct control *
control_new(struct core *core, struct event_base *base, const char *path)
{
	struct control *control = calloc(1, sizeof(*control));
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	if (control == NULL)
		return NULL;
	if (strlen(path) >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		free(control);
		return NULL;
	}
	memcpy(at.sun_path, path, strlen(path) + 1);
	snprintf(control->path, sizeof(control->path), "%s", path);
	control->core = core;
	control->base = base;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		control->client[i].fd = -1;
	/* The state directory is locked by now: a socket that is there belongs to nobody alive. */
	unlink(path);
	control->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd == -1 || bind(control->fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    chmod(path, 0660) != 0 || listen(control->fd, CLIENTS_MAX) != 0)
		goto fail;
	control->incoming = event_new(base, control->fd, EV_READ | EV_PERSIST, on_incoming, control);
	if (control->incoming == NULL)
		goto fail;
	event_add(control->incoming, NULL);
	control->places = places_new(core, base);
	if (control->places == NULL)
		goto fail;
	return control;
fail:
	if (control->incoming != NULL)
		event_free(control->incoming);
	if (control->fd != -1)
		close(control->fd);
	free(control);
	return NULL;
}

void
control_free(struct control *control)
{
	if (control == NULL)
		return;
	places_free(control->places);
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (control->client[i].fd != -1)
			client_close(&control->client[i]);
	event_free(control->incoming);
	close(control->fd);
	unlink(control->path);
	free(control);
}
