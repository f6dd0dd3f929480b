/* Asks a reporter where it is, once, when he may be texted; and takes what he answers. */
#include "core/ask.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/core.h"
#include "logic/geotag.h"
#include "logic/distance.h"
#include "logic/render.h"
#include "logic/silence.h"
#include "store/audit.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/reporter.h"

#define MINUTE_MS	INT64_C(60000)
#define DAY_MIN		(24 * 60)
#define ANSWER_MS	(60 * MINUTE_MS)	/* so long an answer belongs to its question */
#define FLOOD_MESSAGES	40			/* within FLOOD_MS: more than a gateway's villages mean to say */
#define FLOOD_MS	(10 * MINUTE_MS)
#define CHOICES_MAX	4
#define LIST_MAX	47			/* characters of {LIST} */
#define VILLAGE_REACH_M	15000u
#define ANSWER_WORDS	5			/* an answer is a name, hardly more */
#define HOMONYMS_MAX	64
#define SAME_PLACE_M	5000.0	/* as for geotag() */
#define ANSWERER	"reporter"		/* in the audit: never which */

/* ---- may he be asked? -------------------------------------------------------------- */

static int
local_min(const struct core *core, wall_t at)
{
	int64_t min = (at.ms / MINUTE_MS + core->conf.utc_offset_min) % DAY_MIN;

	return (int)(min < 0 ? min + DAY_MIN : min);
}

static int
silence_of(struct core *core, const struct inbox_row *row, const struct understood *u, const struct reporter *p,
    struct now now, enum silence *silence)
{
	char codes[1024];
	struct person person = { 0 };
	struct silence_query q = {
		.number = row->sender_kind == INBOX_INTERNATIONAL || row->sender_kind == INBOX_NATIONAL,
		.enrolled = p->id != 0, .opted_in = p->opted_in, .silent = p->silent, .shared = p->shared, .duress = p->duress,
		.local_min = local_min(core, now.wall), .replied = p->replied.ms != 0,
		.replied_ms = now.wall.ms - p->replied.ms, .age_min = u->age_min };

	if (incident_reported(core->store, row->pseudonym, (wall_t){ now.wall.ms - SILENCE_HIDING_MS }, codes,
	    sizeof(codes)) != 0 || people_get(core->store, row->pseudonym, &person) < 0)
		return -1;
	q.hiding = silence_hides(codes);
	q.stopped = person.stopped;
	q.flood = inbox_flooded(core->store, FLOOD_MESSAGES, (wall_t){ now.wall.ms - FLOOD_MS });
	*silence = silence_rule(&q);
	return 0;
}

/* ---- what he may choose from --------------------------------------------------------- */

struct choice {
	double	 lat_deg, lon_deg;
	uint32_t radius_m;
	char	 cercle[PLACE_NAME_SIZE], name[PLACE_NAME_SIZE];
};

/* Candidates that a person can tell apart: by their cercle. Two in one cercle are one choice, as wide as both. */
static size_t
choose(const struct geotag *g, struct choice *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n && n < CHOICES_MAX; i++) {
		const struct place *p = &g->candidate[i];
		size_t k = 0;

		while (k < n && strcmp(out[k].cercle, p->cercle) != 0)
			k++;
		if (k < n) {
			double m = distance_m(out[k].lat_deg, out[k].lon_deg, p->lat_deg, p->lon_deg);

			out[k].radius_m = m > out[k].radius_m ? (uint32_t)m : out[k].radius_m;
		} else if (p->cercle[0] != '\0') {
			out[n] = (struct choice){ .lat_deg = p->lat_deg, .lon_deg = p->lon_deg, .radius_m = p->radius_m };
			snprintf(out[n].cercle, PLACE_NAME_SIZE, "%s", p->cercle);
			snprintf(out[n++].name, PLACE_NAME_SIZE, "%s", p->name);
		}
	}
	return n;
}

/* "1 Koro 2 Sikasso" into list, and the same with their points to be kept. How many; fewer than two are none. */
static size_t
offer(const struct geotag *g, char list[LIST_MAX + 1], char kept[REPORTER_CHOICES_SIZE])
{
	struct choice c[CHOICES_MAX];
	size_t n = choose(g, c), i = 0;
	struct buf shown, stored;

	buf_init(&shown, LIST_MAX);
	buf_init(&stored, REPORTER_CHOICES_SIZE - 1);
	list[0] = kept[0] = '\0';
	for (; i < n; i++) {
		buf_addf(&shown, "%s%zu %s", i > 0 ? " " : "", i + 1, c[i].cercle);
		buf_addf(&stored, "%.5f\t%.5f\t%u\t%s\t%s\n", c[i].lat_deg, c[i].lon_deg, c[i].radius_m, c[i].cercle, c[i].name);
		if (shown.failed || stored.failed)
			break;
		snprintf(list, LIST_MAX + 1, "%s", buf_str(&shown));
		snprintf(kept, REPORTER_CHOICES_SIZE, "%s", buf_str(&stored));
	}
	buf_release(&shown);
	buf_release(&stored);
	if (i < 2)
		kept[0] = '\0';
	return i < 2 ? 0 : i;
}

/* One line of those kept; false: it is none. Where the next one begins is left in *kept. */
static bool
read_choice(const char **kept, struct choice *out)
{
	const char *p = *kept;
	size_t line = strcspn(p, "\n"), cercle, name;
	char *end;

	out->lat_deg = strtod(p, &end);
	out->lon_deg = strtod(end, &end);
	out->radius_m = (uint32_t)strtoul(end, &end, 10);
	if (*end != '\t')
		return false;
	p = end + 1;
	cercle = strcspn(p, "\t\n");
	name = p[cercle] == '\t' ? strcspn(p + cercle + 1, "\n") : 0;
	if (cercle == 0 || cercle >= PLACE_NAME_SIZE || name == 0 || name >= PLACE_NAME_SIZE)
		return false;
	snprintf(out->cercle, PLACE_NAME_SIZE, "%.*s", (int)cercle, p);
	snprintf(out->name, PLACE_NAME_SIZE, "%.*s", (int)name, p + cercle + 1);
	*kept += line + ((*kept)[line] == '\n');
	return true;
}

/* The line of a choice: by its number, or by the cercle's name. */
static bool
find_choice(const char *kept, const char *folded, struct choice *out)
{
	unsigned long asked = isdigit((unsigned char)folded[0]) && strspn(folded, "0123456789. )") == strlen(folded) ?
	    strtoul(folded, NULL, 10) : 0;

	for (unsigned long i = 1; *kept != '\0'; i++) {
		char cercle[PLACE_NAME_SIZE * 2];

		if (!read_choice(&kept, out))
			return false;
		if (asked == i || (normalize_fold(out->cercle, strlen(out->cercle), cercle, sizeof(cercle)) > 0 &&
		    strcmp(cercle, folded) == 0))
			return true;
	}
	return false;
}

/* ---- asking ---------------------------------------------------------------------------- */

/* Never later than the evening: what waits for a line until then is not sent. */
static int64_t
answer_until(const struct core *core, struct now now)
{
	int64_t left = (int64_t)(SILENCE_NIGHT_MIN - local_min(core, now.wall)) * MINUTE_MS;

	return now.wall.ms + (left < ANSWER_MS ? left : ANSWER_MS);
}

static int
queue_question(struct core *core, const struct inbox_row *row, struct reporter *p, const struct incident *inc,
    const struct understood *u, struct now now)
{
	struct outbox_row out = { .incident = inc->id, .klass = OUTBOX_COURTESY, .priority = 3, .reference = -1 };
	struct fields f;
	size_t n = 0;
	int64_t id;
	int rc;

	memset(&f, 0, sizeof(f));
	p->choices[0] = '\0';
	if (inc->ambiguous && u->where.ambiguous)
		n = offer(&u->where, f.list, p->choices);
	/* A number that was cut would be somebody else's. */
	if (strlen(row->sender) >= sizeof(out.dest))
		return 0;
	if (render(core->book->templates, n > 0 ? "F4" : "F1", p->language, &f, out.text) != 0)
		return 0;
	snprintf(out.intent, sizeof(out.intent), "I%lld/F1/%lld", (long long)inc->id, (long long)p->id);
	snprintf(out.dest, sizeof(out.dest), "%.23s", row->sender);
	out.created = out.changed = now.wall;
	out.expires.ms = answer_until(core, now);
	rc = outbox_add(core->store, &out, &id);
	if (rc != 1)
		return rc;
	p->asked = inc->id;
	p->asked_at = p->replied = now.wall;
	return reporter_put(core->store, p) == 0 ? 1 : -1;
}

static int
note_question(struct core *core, const struct incident *inc, const struct reporter *p, struct decision *d, struct now now)
{
	char object[40], detail[64];

	buf_addf(&d->why, "\"asked\":%s,", p->choices[0] != '\0' ? "\"which\"" : "\"where\"");
	decide_say(d, "its sender is asked %s", p->choices[0] != '\0' ? "which of several places of that name it is" :
	    "which village it is");
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"asked\":\"%s\"}", p->choices[0] != '\0' ? "which" : "where");
	log_info("reporter.asked incident=%lld", (long long)inc->id);
	return core_audit(core, now, "reporter.asked", object, detail);
}

static int
ask(struct core *core, const struct inbox_row *row, const struct understood *u, const struct incident *inc,
    struct decision *d, struct now now)
{
	struct reporter *p = calloc(1, sizeof(*p));
	enum silence silence;
	int rc = p == NULL ? -1 : reporter_get(core->store, row->pseudonym, p);

	if (rc >= 0)
		rc = silence_of(core, row, u, p, now, &silence);
	if (rc == 0 && silence != SILENCE_NONE) {
		buf_addf(&d->why, "\"silent\":\"%s\",", silence_name(silence));
		decide_say(d, "its sender is not asked where: %s", silence_name(silence));
	} else if (rc == 0) {
		rc = queue_question(core, row, p, inc, u, now);
		if (rc == 1)
			rc = note_question(core, inc, p, d, now);
	}
	free(p);
	return rc < 0 ? -1 : 0;
}

int
ask_place(struct core *core, const struct inbox_row *row, const struct understood *u, struct decision *d, struct now now)
{
	struct incident *inc;
	int rc;

	if (d->incident == 0 || core->book->templates == NULL)
		return 0;
	inc = calloc(1, sizeof(*inc));
	rc = inc == NULL ? -1 : incident_get(core->store, d->incident, inc);
	if (rc == 1)
		rc = inc->state == INCIDENT_OPEN && (!inc->located || inc->ambiguous) ? ask(core, row, u, inc, d, now) : 0;
	free(inc);
	return rc;
}

/* ---- his answer --------------------------------------------------------------------------- */

/* The place is still not one: responders learn at least the name it goes by. */
static int
tell_doubt(struct core *core, struct incident *inc, const struct place *best, struct now now)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	int n = -1, rc;

	inc->where = *best;
	inc->ambiguous = true;
	rc = told == NULL ? -1 : incident_update(core->store, inc);
	if (rc == 0)
		n = told_list(core->store, inc->id, told, CONF_RESPONDERS_MAX);
	for (int i = 0; i < n && rc == 0; i++)
		rc = alert_send(core, inc, &told[i], "D3", "Z", 0, 0, now);
	free(told);
	return n < 0 ? -1 : rc;
}

/*
 * A name alone, with nothing beside it that tells which: that one of several is a town does not make it the one that a
 * villager means. Whether another village of this name lies somewhere else.
 */
static bool
has_homonym(const struct core *core, const struct understood *u)
{
	uint32_t at[HOMONYMS_MAX];
	size_t n = gazetteer_find(core->book->places, u->text.folded, u->text.folded_len, at, HOMONYMS_MAX);

	for (size_t i = 0; u->around.n == 0 && i < n && i < HOMONYMS_MAX; i++) {
		const struct gazetteer_row *row = gazetteer_row(core->book->places, at[i]);

		if (row->rank <= RANK_QUARTER && strcmp(row->country, u->where.best.country) == 0 && distance_m(row->lat_deg, row->lon_deg, u->where.best.lat_deg,
		    u->where.best.lon_deg) > SAME_PLACE_M)
			return true;
	}
	return false;
}

/* What the text names: 1: one place, 2: several, 0: none. */
static int
read_answer(const struct core *core, const struct understood *u, const struct reporter *p, struct place *out)
{
	struct choice c;

	if (find_choice(p->choices, u->text.folded, &c)) {
		geotag_point(core->book->places, c.lat_deg, c.lon_deg, c.radius_m, out);
		snprintf(out->name, sizeof(out->name), "%s", c.name);
		snprintf(out->cercle, sizeof(out->cercle), "%s", c.cercle);
		out->method = "answer";
		return 1;
	}
	if (!u->where.found || u->text.n_tokens > ANSWER_WORDS)
		return 0;
	*out = u->where.best;
	return u->where.ambiguous || has_homonym(core, u) ? 2 : 1;
}

static int
take_answer(struct core *core, const struct inbox_row *row, const struct understood *u, struct reporter *p,
    struct incident *inc, struct decision *d, struct now now)
{
	struct place where;
	int found = core->book->places == NULL ? 0 : read_answer(core, u, p, &where);
	char object[40];

	if (found == 0)
		return 0;
	d->result = "answer";
	d->incident = inc->id;
	p->asked = 0;		/* one question, one answer: what follows is for people */
	p->choices[0] = '\0';
	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	if (incident_join(core->store, inc->id, row->id, row->pseudonym, u->at) != 0 ||
	    incident_get(core->store, inc->id, inc) != 1 || reporter_put(core->store, p) != 0 ||
	    audit_add(core->store, now.wall, ANSWERER, "reporter.answered", object, found == 1 ? "{\"places\":1}" :
	    "{\"places\":2}") != 0)
		return -1;
	decide_say(d, found == 1 ? "it answers where: %s" : "it answers where, but several places are called %s", where.name);
	if (found == 1)
		return alert_place(core, inc, &where, ANSWERER, now) < 0 ? -1 : 1;
	return tell_doubt(core, inc, &where, now) == 0 ? 1 : -1;
}

int
ask_answered(struct core *core, const struct inbox_row *row, const struct understood *u, struct decision *d, struct now now)
{
	struct reporter *p = calloc(1, sizeof(*p));
	struct incident *inc = calloc(1, sizeof(*inc));
	int rc = p == NULL || inc == NULL ? -1 : reporter_get(core->store, row->pseudonym, p);

	if (rc == 1 && (p->asked == 0 || now.wall.ms - p->asked_at.ms > ANSWER_MS))
		rc = 0;
	if (rc == 1)
		rc = incident_get(core->store, p->asked, inc);
	if (rc == 1)
		rc = inc->state == INCIDENT_OPEN && (!inc->located || inc->ambiguous) ?
		    take_answer(core, row, u, p, inc, d, now) : 0;
	free(inc);
	free(p);
	return rc;
}

void
ask_context(struct core *core, const struct inbox_row *row, struct geotag_context *context)
{
	struct reporter *p = calloc(1, sizeof(*p));

	context->n = 0;
	if (p != NULL && reporter_get(core->store, row->pseudonym, p) == 1 && p->village[0] != '\0') {
		context->v[0] = (struct geotag_point){ p->lat_deg, p->lon_deg, VILLAGE_REACH_M, GEOTAG_SENDER };
		context->n = 1;
	}
	free(p);
}
