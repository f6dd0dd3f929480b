/* Reports become incidents, and responders are told of them. */
#include "core/alert.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/core.h"
#include "logic/correlate.h"
#include "logic/distance.h"
#include "logic/escalate.h"
#include "logic/geotag.h"
#include "logic/render.h"
#include "logic/route.h"
#include "store/audit.h"
#include "store/outbox.h"

#define OPEN_MAX	256	/* open incidents looked at; more than a duty desk can hold */
#define MINUTE_MS	INT64_C(60000)
#define SAME_PLACE_M	500.0	/* a point moved less than this is no correction */
#define COARSE_DEG	0.05	/* about 5 km: brief DNH-12 */
#define COARSE_M	5000u
#define CALL_WITHIN_MS	(60 * MINUTE_MS)	/* what a restricted pointer asks: "call before" */
#define RENEWED_MS	(60 * MINUTE_MS)	/* after so long a silence a report is news again */
#define COARSE_TIME_MS	(30 * MINUTE_MS)

/* Types that are told the exact hamlet and minute; all others get the town, 5 km and the half hour (DNH-12). */
static const char *const exact_types[] = { "DUTY", "CLA", "PKF", "MED", "EOD" };
/* A neighbour is only warned: no category, no time, no source (template W1). */
#define RING_TYPE	"RNG"

const struct responder *
alert_responder(const struct core *core, const char *code)
{
	for (size_t i = 0; i < core->book->roster.n; i++)
		if (strcmp(core->book->roster.v[i].code, code) == 0)
			return &core->book->roster.v[i];
	return NULL;
}

/* ---- categories by code: the pack may have changed since the incident was opened ---- */

static size_t
split_codes(const char *list, char codes[CATEGORIES_MAX][CODE_SIZE], const char *ptr[CATEGORIES_MAX])
{
	size_t n = 0;

	while (*list != '\0' && n < CATEGORIES_MAX) {
		size_t len = strcspn(list, ",");

		if (len > 0 && len < CODE_SIZE) {
			memcpy(codes[n], list, len);
			codes[n][len] = '\0';
			ptr[n] = codes[n];
			n++;
		}
		list += len;
		if (*list == ',')
			list++;
	}
	return n;
}

static void
join_codes(const struct rulebook *rules, uint32_t set, char out[INCIDENT_CODES_SIZE])
{
	struct buf list;

	buf_init(&list, INCIDENT_CODES_SIZE - 1);
	for (size_t i = 0; i < rulebook_categories(rules); i++)
		if (set & UINT32_C(1) << i)
			buf_addf(&list, "%s%s", list.len > 0 ? "," : "", rulebook_category(rules, i)->code);
	snprintf(out, INCIDENT_CODES_SIZE, "%s", buf_str(&list));
	buf_release(&list);
}

/* Codes that the present rules do not know any more still count: the matrix may forbid by them. */
static void
keep_codes(const struct rulebook *rules, const char *old, char out[INCIDENT_CODES_SIZE])
{
	char codes[CATEGORIES_MAX][CODE_SIZE];
	const char *ptr[CATEGORIES_MAX];
	size_t n = split_codes(old, codes, ptr);

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(out);

		if (rulebook_find(rules, codes[i]) == CATEGORY_NONE)
			snprintf(out + len, INCIDENT_CODES_SIZE - len, "%s%s", len > 0 ? "," : "", codes[i]);
	}
}

static uint32_t
set_of_codes(const struct rulebook *rules, const char *list)
{
	char codes[CATEGORIES_MAX][CODE_SIZE];
	const char *ptr[CATEGORIES_MAX];
	size_t n = split_codes(list, codes, ptr);
	uint32_t set = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = rulebook_find(rules, codes[i]);

		if (c != CATEGORY_NONE)
			set |= UINT32_C(1) << c;
	}
	return set;
}

/* ---- telling --------------------------------------------------------------------- */

static uint32_t
types_mask(const struct matrix *matrix, const char *const *names, size_t n)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < n; i++) {
		int t = matrix_find_type(matrix, names[i]);

		if (t >= 0)
			mask |= UINT32_C(1) << t;
	}
	return mask;
}

static bool
knows_exactly(const struct core *core, const struct responder *to)
{
	return (to->types & types_mask(core->book->matrix, exact_types, sizeof(exact_types) / sizeof(exact_types[0]))) != 0;
}

/* What a place is called when the hamlet must not be told: rows of other countries, and some of operators, have no cercle. */
static const char *
coarse_name(const struct place *p)
{
	return p->cercle[0] != '\0' ? p->cercle : p->region[0] != '\0' ? p->region : p->country;
}

static void
make_coarse(struct place *p)
{
	char name[PLACE_NAME_SIZE];

	snprintf(name, sizeof(name), "%s", coarse_name(p));
	memcpy(p->name, name, sizeof(name));
	p->lat_deg = floor(p->lat_deg / COARSE_DEG) * COARSE_DEG + COARSE_DEG / 2;
	p->lon_deg = floor(p->lon_deg / COARSE_DEG) * COARSE_DEG + COARSE_DEG / 2;
	if (p->radius_m < COARSE_M)
		p->radius_m = COARSE_M;
}

/* Everything a template may say of this incident to this responder; where is the caller's memory for a coarsened place. */
static void
fill_fields(const struct core *core, const struct incident *inc, const struct responder *to, const struct told *told,
    struct place *where, struct fields *f)
{
	static const struct category unnamed = { .label_fr = "ALERTE", .label_en = "ALERT" };
	const struct book *book = core->book;
	uint8_t c = book->rules != NULL ? rulebook_find(book->rules, inc->headline) : CATEGORY_NONE;
	int64_t late = inc->opened.ms - inc->first.ms;

	memset(f, 0, sizeof(*f));
	snprintf(f->id, sizeof(f->id), "%04u%s", inc->number, told->letters);
	f->priority = inc->priority;
	f->category = c != CATEGORY_NONE ? rulebook_category(book->rules, c) : &unnamed;
	f->seen = inc->first;
	f->utc_offset_min = core->conf.utc_offset_min;
	f->late_min = late > 60 * MINUTE_MS ? (uint32_t)(late / MINUTE_MS) : 0;
	f->tags = inc->tags;
	f->n_tags = inc->n_tags;
	/* Nobody is enrolled: the source is unknown; what a duty officer validated is probably true (Admiralty scale). */
	snprintf(f->grade, sizeof(f->grade), "%s", inc->validated ? "F2" : "F6");
	f->sources = inc->sources;
	*where = inc->where;
	if (inc->located || inc->ambiguous)
		f->where = where;
	if (!knows_exactly(core, to)) {
		make_coarse(where);
		f->seen.ms -= f->seen.ms % COARSE_TIME_MS;
	}
}

static bool
only_ring(const struct core *core, const struct responder *to)
{
	static const char *const ring[] = { RING_TYPE };

	return to->types == types_mask(core->book->matrix, ring, 1);
}

/* For how long a dispatch is news. */
static uint32_t
keep_min(const struct core *core, const struct incident *inc)
{
	return core->conf.timers.expire_min[inc->priority >= 1 && inc->priority <= 3 ? inc->priority - 1 : 2];
}

/* Renders and queues one SMS; the intent makes it impossible to queue it twice. 1: queued, 0: known or impossible, -1. */
static int
queue(struct core *core, const struct incident *inc, const struct responder *to, const char *template_id,
    const char *stage, const struct fields *f, uint32_t keep_min, struct now now)
{
	struct outbox_row row = { .incident = inc->id, .klass = OUTBOX_ALERT, .priority = inc->priority, .reference = -1 };
	bool reminder = strcmp(template_id, "R1") == 0;
	char text[SMS_TEXT_SIZE], object[40], detail[160];
	int64_t id;
	int rc;

	if (render(core->book->templates, template_id, to->language, f, text) != 0) {
		log_warnx("dispatch.render.failed incident=%lld template=%s", (long long)inc->id, template_id);
		return 0;
	}
	snprintf(row.intent, sizeof(row.intent), "I%lld/%s/%s", (long long)inc->id, stage, to->code);
	snprintf(row.responder, sizeof(row.responder), "%s", to->code);
	snprintf(row.dest, sizeof(row.dest), "%s", to->number);
	snprintf(row.text, sizeof(row.text), "%s", text);
	if (reminder && row.priority == 1)	/* never ahead of a new flash */
		row.priority = 2;
	row.created = row.changed = now.wall;
	row.expires.ms = now.wall.ms + keep_min * MINUTE_MS;
	rc = outbox_add(core->store, &row, &id);
	if (rc != 1)
		return rc;
	snprintf(object, sizeof(object), "outbox:%lld", (long long)id);
	snprintf(detail, sizeof(detail), "{\"incident\":%lld,\"template\":\"%s\",\"responder\":\"%s\",\"stage\":\"%s\"}",
	    (long long)inc->id, template_id, to->code, stage);
	return core_audit(core, now, "outbox.queued", object, detail) == 0 ? 1 : -1;
}

static const char *
first_template(const struct core *core, const struct incident *inc, const struct responder *to, bool pointer)
{
	if (pointer)
		return "D4";
	if (only_ring(core, to))
		return inc->located ? "W1" : NULL;
	if (!inc->located || inc->ambiguous)
		return "D3";
	return inc->validated ? "D2" : "D1";
}

static int
tell_one(struct core *core, const struct incident *inc, const struct responder *to, bool pointer, struct now now)
{
	const char *id = first_template(core, inc, to, pointer);
	int taken_back = id == NULL ? 0 : outbox_taken_back(core->store, inc->id, to->code);
	char stage[16] = "D";
	struct told told;
	struct place where;
	struct fields f;

	if (id == NULL)
		return 0;
	if (taken_back < 0 || told_add(core->store, inc->id, to->code, now.wall, &told) != 0)
		return -1;
	/* All that was meant for him was cancelled before it left (a hold): he knows nothing yet. */
	if (taken_back > 0)
		snprintf(stage, sizeof(stage), "D%d", taken_back);
	fill_fields(core, inc, to, &told, &where, &f);
	if (pointer)
		f.seen.ms = now.wall.ms + CALL_WITHIN_MS;
	return queue(core, inc, to, id, stage, &f, keep_min(core, inc), now);
}

/* where is the caller's memory for the place with its old cercle and region. */
static struct route_query
query_of(const struct core *core, const struct incident *inc, struct place *where, const char *const *codes, size_t n,
    uint8_t tier_max)
{
	*where = inc->where;
	if (inc->located && core->book->places != NULL)
		geotag_parents(core->book->places, where);
	return (struct route_query){ .codes = codes, .n_codes = n, .firing = (enum firing)inc->firing,
	    .validated = inc->validated, .released = inc->released, .where = inc->located ? where : NULL,
	    .areas = core->book->areas, .tier_max = tier_max };
}

static void
why_routes(const struct core *core, const struct route *routes, struct decision *d)
{
	struct buf *why;

	if (d == NULL)
		return;
	why = &d->why;
	buf_adds(why, "\"routes\":[");
	for (size_t i = 0; i < core->book->roster.n; i++) {
		buf_adds(why, i ? ",{\"responder\":" : "{\"responder\":");
		buf_add_json(why, core->book->roster.v[i].code, strlen(core->book->roster.v[i].code));
		buf_addf(why, ",\"send\":%s,\"pointer\":%s,\"why\":", routes[i].send ? "true" : "false",
		    routes[i].pointer ? "true" : "false");
		buf_add_json(why, routes[i].why, strlen(routes[i].why));
		buf_addc(why, '}');
		decide_say(d, "%s %s: %s", core->book->roster.v[i].code, routes[i].pointer ? "gets only the pointer" :
		    routes[i].send ? "is told" : "is not told", routes[i].why);
	}
	buf_adds(why, "],");
}

int
alert_tell(struct core *core, const struct incident *inc, uint8_t tier_max, struct now now, struct decision *d, int *n_told)
{
	const struct roster *roster = &core->book->roster;
	struct route *routes = calloc(roster->n + 1, sizeof(*routes));
	char codes[CATEGORIES_MAX][CODE_SIZE];
	const char *ptr[CATEGORIES_MAX];
	struct place at;
	size_t n_codes = split_codes(inc->codes, codes, ptr), reachable = 0;
	int rc = routes == NULL ? -1 : 0;

	*n_told = 0;
	if (rc != 0 || inc->state == INCIDENT_CLOSED || core->book->matrix == NULL || core->book->templates == NULL)
		goto out;
	/* An empty first tier must not cost the minutes until the next one. */
	for (uint8_t tier = tier_max; tier <= 3 && reachable == 0; tier++) {
		struct route_query q = query_of(core, inc, &at, ptr, n_codes, tier);

		route(core->book->matrix, roster, &q, routes);
		for (size_t i = 0; i < roster->n; i++)
			reachable += routes[i].send;
	}
	why_routes(core, routes, d);
	for (size_t i = 0; i < roster->n && rc == 0; i++) {
		int queued = routes[i].send ? tell_one(core, inc, &roster->v[i], routes[i].pointer, now) : 0;

		if (queued < 0)
			rc = -1;
		else
			*n_told += queued;
	}
	if (reachable == 0)
		log_warnx("dispatch.nobody incident=%lld number=%u headline=%s", (long long)inc->id, inc->number,
		    inc->headline);
out:
	free(routes);
	return rc;
}

/* The name of the place that was wrong, as this responder was told of it; false: he was told of the same, coarsely. */
static bool
name_old(const struct core *core, const struct place *old, const struct responder *to, struct fields *f,
    char name[PLACE_NAME_SIZE])
{
	bool exact = knows_exactly(core, to);

	snprintf(name, PLACE_NAME_SIZE, "%s", exact ? old->name : coarse_name(old));
	f->place_old = name;
	return exact || f->where == NULL || strcmp(name, f->where->name) != 0;
}

/* Whether somebody who was told when the place was another, or unknown (NULL), may be told what it is. */
static bool
was_routed(const struct core *core, struct route_query *q, const struct place *old, size_t responder, struct route *routes)
{
	if (routes[responder].send)
		return true;
	q->where = old;
	route(core->book->matrix, &core->book->roster, q, routes);
	return routes[responder].send;
}

/* placing: the place is what is new; old: the one that is taken back, NULL: none was known. */
static int
send_of(struct core *core, const struct incident *inc, const struct told *told, const char *template_id,
    const char *stage, uint32_t step, uint32_t minutes, bool placing, const struct place *old, struct now now)
{
	char name[PLACE_NAME_SIZE];
	const struct responder *to = alert_responder(core, told->responder);
	char codes[CATEGORIES_MAX][CODE_SIZE];
	const char *ptr[CATEGORIES_MAX];
	struct route *routes;
	struct route_query q;
	struct place where, at;
	struct fields f;
	int rc = 0;

	if (to == NULL || core->book->matrix == NULL || core->book->templates == NULL || only_ring(core, to))
		return 0;
	routes = calloc(core->book->roster.n, sizeof(*routes));
	if (routes == NULL)
		return -1;
	q = query_of(core, inc, &at, ptr, split_codes(inc->codes, codes, ptr), 3);
	route(core->book->matrix, &core->book->roster, &q, routes);
	/* What was joined since may have closed the matter to this responder, or left only the pointer. */
	if (placing ? was_routed(core, &q, old, (size_t)(to - core->book->roster.v), routes) :
	    routes[to - core->book->roster.v].send) {
		fill_fields(core, inc, to, told, &where, &f);
		if (old != NULL && !name_old(core, old, to, &f, name))
			goto out;
		f.step = step;
		f.minutes = minutes;
		if (routes[to - core->book->roster.v].pointer)
			f.seen.ms = now.wall.ms + CALL_WITHIN_MS;
		else if (template_id[0] == 'A')		/* the time of the decision, not of the event */
			f.seen = now.wall;
		/* A reminder is stale when the next one is due. */
		rc = queue(core, inc, to, routes[to - core->book->roster.v].pointer ? "D4" : template_id, stage, &f,
		    strcmp(template_id, "R1") == 0 ? core->conf.timers.repeat_min : keep_min(core, inc), now);
	}
out:
	free(routes);
	return rc < 0 ? -1 : 0;
}

int
alert_send(struct core *core, const struct incident *inc, const struct told *told, const char *template_id,
    const char *stage, uint32_t step, uint32_t minutes, struct now now)
{
	return send_of(core, inc, told, template_id, stage, step, minutes, false, NULL, now);
}

/* What the matrix says of an incident to one who is on the roster, whatever his tier. false: out of memory, or no matrix. */
static bool
route_to(const struct core *core, const struct incident *inc, const struct responder *to, struct route *out)
{
	struct route *routes = calloc(core->book->roster.n + 1, sizeof(*routes));
	char codes[CATEGORIES_MAX][CODE_SIZE];
	const char *ptr[CATEGORIES_MAX];
	struct route_query q;
	struct place at;

	if (routes == NULL || core->book->matrix == NULL) {
		free(routes);
		return false;
	}
	q = query_of(core, inc, &at, ptr, split_codes(inc->codes, codes, ptr), 3);
	route(core->book->matrix, &core->book->roster, &q, routes);
	*out = routes[to - core->book->roster.v];
	free(routes);
	return true;
}

bool
alert_place_for(const struct core *core, const struct incident *inc, const struct responder *to, struct place *where)
{
	struct route r;

	if (!inc->located || !route_to(core, inc, to, &r) || !r.send || r.pointer)
		return false;
	*where = inc->where;
	if (!knows_exactly(core, to))
		make_coarse(where);
	return true;
}

bool
alert_still_right(const struct core *core, const struct outbox_row *row)
{
	const struct responder *to = alert_responder(core, row->responder);
	struct incident inc;
	struct route r;

	if (row->responder[0] == '\0')
		return true;
	if (to == NULL)		/* missing from a file with faults, he was not taken off the list */
		return core->book->partial;
	if (strcmp(to->number, row->dest) != 0)
		return false;
	if (row->klass != OUTBOX_ALERT || row->incident == 0 || incident_get(core->store, row->incident, &inc) != 1)
		return true;
	return !route_to(core, &inc, to, &r) || r.permission != PERM_NEVER;
}

void
alert_arm(const struct core *core, struct incident *inc, struct now now)
{
	struct escalation e = { .priority = inc->priority, .stage = inc->stage, .answered = inc->answered };
	uint32_t minutes = escalate_next(&core->conf.timers, &e, &inc->next_stage);
	int64_t age_ms = now.wall.ms - inc->opened.ms;

	/* From now on its times are of this boot; when it was opened must be one of them. */
	if (!inc->same_boot)
		inc->opened_mono.ms = now.mono.ms - (age_ms > 0 ? age_ms : 0);
	inc->step_ms = minutes * MINUTE_MS;
	inc->due_wall.ms = minutes == 0 ? 0 : now.wall.ms + inc->step_ms;
	inc->due_mono.ms = minutes == 0 ? 0 : now.mono.ms + inc->step_ms;
	inc->same_boot = true;
}

/* ---- a report --------------------------------------------------------------------- */

static void
copy_tags(const struct verdict *v, struct incident *inc)
{
	if (v->n_tags == 0)
		return;
	inc->n_tags = v->n_tags < TAGS_MAX ? v->n_tags : TAGS_MAX;
	memcpy(inc->tags, v->tags, inc->n_tags * sizeof(inc->tags[0]));
}

static void
copy_place(const struct geotag *g, struct incident *inc)
{
	inc->located = g->found && !g->ambiguous;
	inc->ambiguous = g->ambiguous;
	if (g->found || g->ambiguous)
		inc->where = g->best;
}

static int
open_incident(struct core *core, const struct inbox_row *row, const struct understood *u, struct decision *d,
    struct now now)
{
	const struct verdict *v = &u->verdict;
	struct incident *inc = calloc(1, sizeof(*inc));
	char object[40], detail[128];
	int n_told, rc = -1;

	if (inc == NULL)
		return -1;
	snprintf(inc->headline, sizeof(inc->headline), "%s", rulebook_category(core->book->rules, v->headline)->code);
	join_codes(core->book->rules, v->categories, inc->codes);
	inc->priority = v->priority;
	inc->firing = (uint8_t)v->firing;
	inc->opened = now.wall;
	inc->opened_mono = now.mono;
	inc->first = inc->last = u->at;
	snprintf(inc->pack, sizeof(inc->pack), "%s", rulebook_version(core->book->rules));
	copy_place(&u->where, inc);
	copy_tags(v, inc);
	inc->stage = STAGE_DISPATCHED;
	alert_arm(core, inc, now);
	if (incident_add(core->store, inc) != 0 ||
	    incident_join(core->store, inc->id, row->id, row->pseudonym, u->at) != 0 ||
	    incident_get(core->store, inc->id, inc) != 1 || alert_tell(core, inc, 1, now, d, &n_told) != 0)
		goto out;
	d->result = "alert";
	d->incident = inc->id;
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"inbox\":%lld,\"headline\":\"%s\",\"priority\":%u,\"told\":%d}",
	    (long long)row->id, inc->headline, inc->priority, n_told);
	rc = core_audit(core, now, "incident.opened", object, detail);
	if (rc == 0)
		log_info("incident.opened id=%lld number=%u headline=%s priority=%u located=%d told=%d inbox=%lld",
		    (long long)inc->id, inc->number, inc->headline, inc->priority, inc->located, n_told,
		    (long long)row->id);
out:
	free(inc);
	return rc;
}

/* What a further report adds: true when responders must hear of it. It never lowers anything. */
static bool
merge(const struct core *core, const struct understood *u, uint32_t adds, struct incident *inc)
{
	const struct rulebook *rules = core->book->rules;
	const struct verdict *v = &u->verdict;
	uint32_t before = set_of_codes(rules, inc->codes), all = before | adds;
	uint8_t had = rulebook_find(rules, inc->headline);
	char old[INCIDENT_CODES_SIZE];
	bool news = false;

	snprintf(old, sizeof(old), "%s", inc->codes);
	join_codes(rules, all, inc->codes);
	keep_codes(rules, old, inc->codes);
	if ((adds & UINT32_C(1) << v->headline) != 0 && (v->headline < had || had == CATEGORY_NONE)) {
		snprintf(inc->headline, sizeof(inc->headline), "%s", rulebook_category(rules, v->headline)->code);
		news = true;
	}
	if (adds != 0 && v->priority < inc->priority) {
		inc->priority = v->priority;
		news = true;
	}
	if (adds != 0 && v->firing > (enum firing)inc->firing)
		inc->firing = (uint8_t)v->firing;
	if (!inc->located && u->where.found && !u->where.ambiguous) {
		copy_place(&u->where, inc);
		news = true;
	}
	if (inc->n_tags == 0)
		copy_tags(v, inc);
	return news || all != before;
}

uint8_t
alert_tier(const struct incident *inc)
{
	return inc->stage >= STAGE_ALL_TIERS ? 3 : inc->stage >= STAGE_NEXT_TIER ? 2 : 1;
}

/* What waits for those who may not be told it any more, now that more was joined. */
static int
take_back(struct core *core, const struct incident *inc, struct now now)
{
	const struct roster *roster = &core->book->roster;
	struct route r;
	int n = 0;

	for (size_t i = 0; i < roster->n && n >= 0; i++)
		if (route_to(core, inc, &roster->v[i], &r) && (!r.send || r.pointer))
			n = outbox_cancel(core->store, inc->id, roster->v[i].code, now.wall);
	return n < 0 ? -1 : 0;
}

static int
send_updates(struct core *core, const struct incident *inc, struct now now)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	char stage[16];
	int n = told == NULL ? -1 : told_list(core->store, inc->id, told, CONF_RESPONDERS_MAX);
	int rc = n < 0 ? -1 : 0;

	snprintf(stage, sizeof(stage), "U%u", inc->reports);
	for (int i = 0; i < n && rc == 0 && inc->located; i++)
		rc = alert_send(core, inc, &told[i], "U1", stage, 0, 0, now);
	free(told);
	return rc;
}

/* ---- a place that somebody knows better ------------------------------------------- */

/* Those who were told of another place, or of none. A new place wants a new answer: an OK was for the old one. */
static int
tell_place(struct core *core, const struct incident *inc, const struct place *old, struct now now)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	int n = told == NULL ? -1 : told_list(core->store, inc->id, told, CONF_RESPONDERS_MAX);
	int rc = n < 0 ? -1 : 0;
	char stage[24];

	snprintf(stage, sizeof(stage), "P%lld", (long long)(now.wall.ms / 1000));
	for (int i = 0; i < n && rc == 0; i++) {
		if (old != NULL && told[i].answer != ANSWER_NONE) {
			told[i].answer = ANSWER_NONE;
			rc = told_answer(core->store, &told[i]);
		}
		if (rc == 0)
			rc = send_of(core, inc, &told[i], old != NULL ? "C1" : "U1", stage, 0, 0, true, old, now);
	}
	free(told);
	return rc;
}

static bool
same_place(const struct incident *inc, const struct place *to)
{
	return inc->located && !inc->ambiguous && strcmp(inc->where.name, to->name) == 0 &&
	    distance_m(inc->where.lat_deg, inc->where.lon_deg, to->lat_deg, to->lon_deg) < SAME_PLACE_M;
}

int
alert_place(struct core *core, struct incident *inc, const struct place *to, const char *actor, struct now now)
{
	struct place old = inc->where;
	bool moved = inc->located && !inc->ambiguous;
	char object[40], detail[96];
	int n_told = 0;

	if (inc->state != INCIDENT_OPEN || same_place(inc, to))
		return 0;
	inc->where = *to;
	inc->located = true;
	inc->ambiguous = false;
	if (moved) {	/* whoever goes, goes to the wrong place: the ladder starts over */
		inc->answered = false;
		inc->stage = STAGE_DISPATCHED;
		alert_arm(core, inc, now);
		core->next_followup = now.mono;
	}
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"moved\":%s,\"method\":\"%s\"}", moved ? "true" : "false", to->method);
	if (incident_update(core->store, inc) != 0 || tell_place(core, inc, moved ? &old : NULL, now) != 0 ||
	    alert_tell(core, inc, alert_tier(inc), now, NULL, &n_told) != 0 ||
	    audit_add(core->store, now.wall, actor, "incident.placed", object, detail) != 0)
		return -1;
	log_info("incident.placed id=%lld moved=%d told=%d", (long long)inc->id, moved, n_told);
	return 1;
}

static int
join_incident(struct core *core, const struct inbox_row *row, const struct understood *u, const struct correlation *c,
    struct decision *d, struct now now)
{
	static const uint8_t nobody[VAULT_PSEUDONYM];
	struct incident *inc = calloc(1, sizeof(*inc));
	uint8_t priority;
	char object[40], detail[96];
	int64_t last_ms;
	bool news;
	int n_told = 0, rc = -1;

	if (inc == NULL || incident_get(core->store, c->incident, inc) != 1)
		goto out;
	last_ms = inc->last.ms;
	/* A claim (rumour, calm) is kept with the incident, but its sender is no witness. */
	if (incident_join(core->store, c->incident, row->id, c->corroborates ? row->pseudonym : nobody,
	    u->at) != 0 || incident_get(core->store, c->incident, inc) != 1)
		goto out;
	priority = inc->priority;
	news = merge(core, u, c->adds, inc) || (c->adds != 0 && u->at.ms - last_ms > RENEWED_MS);
	if (inc->priority < priority) {		/* more urgent than we thought: the ladder starts over, faster */
		inc->answered = false;
		inc->stage = STAGE_DISPATCHED;
		alert_arm(core, inc, now);
	}
	if (incident_update(core->store, inc) != 0 ||
	    (news && (take_back(core, inc, now) != 0 || send_updates(core, inc, now) != 0)) ||
	    alert_tell(core, inc, alert_tier(inc), now, d, &n_told) != 0)
		goto out;
	d->result = "joined";
	d->incident = inc->id;
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"inbox\":%lld,\"news\":%s,\"told\":%d}", (long long)row->id,
	    news ? "true" : "false", n_told);
	rc = core_audit(core, now, "incident.joined", object, detail);
out:
	free(inc);
	return rc;
}

/* Which open incident it belongs to, as correlate() says from what the store knows. */
static int
find_incident(struct core *core, const struct inbox_row *row, const struct understood *u, struct now now,
    struct correlation *c)
{
	struct incident *open = calloc(OPEN_MAX, sizeof(*open));
	struct incident_view *views = calloc(OPEN_MAX, sizeof(*views));
	struct report r = { .inbox_id = row->id, .at = u->at, .headline = u->verdict.headline,
	    .categories = u->verdict.categories, .priority = u->verdict.priority, .where = u->where };
	const uint32_t *families;
	size_t n_families;
	int n = open == NULL || views == NULL ? -1 : incident_open(core->store, open, OPEN_MAX);

	r.claims = set_of_codes(core->book->rules, CODE_RUMOUR "," CODE_CALM ",TST") & r.categories;
	memcpy(r.sender, row->pseudonym, sizeof(r.sender));
	for (int i = 0; i < n; i++)
		views[i] = (struct incident_view){ .id = open[i].id,
		    .headline = rulebook_find(core->book->rules, open[i].headline),
		    .categories = set_of_codes(core->book->rules, open[i].codes), .priority = open[i].priority,
		    .first = open[i].first, .last = open[i].last, .located = open[i].located, .where = open[i].where,
		    .same_sender = incident_has_sender(core->store, open[i].id, row->pseudonym) };
	n_families = rulebook_families(core->book->rules, &families);
	if (n >= 0)
		*c = correlate(&r, views, (size_t)n, families, n_families, now);
	free(views);
	free(open);
	return n < 0 ? -1 : 0;
}

int
alert_report(struct core *core, const struct inbox_row *row, const struct understood *u, struct decision *d,
    struct now now)
{
	struct correlation c;

	if (find_incident(core, row, u, now, &c) != 0)
		return -1;
	buf_addf(&d->why, "\"correlate\":{\"step\":%d,\"why\":\"%s\"},", c.step, c.why);
	decide_say(d, "%s", c.why);
	return c.incident != 0 ? join_incident(core, row, u, &c, d, now) : open_incident(core, row, u, d, now);
}
