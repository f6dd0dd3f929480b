/* What only a duty officer may decide of an alert: validate, hold, withdraw, close. */
#include "core/duty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "core/alert.h"
#include "core/answer.h"
#include "core/core.h"
#include "logic/geotag.h"
#include "logic/placerow.h"
#include "store/audit.h"
#include "store/outbox.h"

#define PLACE_TEXT_MAX	200
#define OUTCOMES	"RTNFDXOC"	/* brief 3.1 */

bool
duty_officer(const struct core *core, const struct responder *p)
{
	int duty = core->book->matrix != NULL ? matrix_find_type(core->book->matrix, "DUTY") : -1;

	return duty >= 0 && (p->types & UINT32_C(1) << duty) != 0;
}

bool
duty_outcome(char code)
{
	return code != '\0' && strchr(OUTCOMES, code) != NULL;
}

static bool
is_open(const struct incident *inc, const char **why)
{
	if (inc->state == INCIDENT_OPEN)
		return true;
	*why = "this alert is closed already";
	return false;
}

static int
note(struct core *core, const struct incident *inc, const char *actor, const char *event, struct now now)
{
	char object[40], detail[64];

	snprintf(object, sizeof(object), "incident:%lld", (long long)inc->id);
	snprintf(detail, sizeof(detail), "{\"outcome\":\"%s\"}", inc->outcome);
	log_info("%s id=%lld number=%u", event, (long long)inc->id, inc->number);
	core->next_followup = now.mono;
	return audit_add(core->store, now.wall, actor, event, object, detail);
}

int
duty_validate(struct core *core, struct incident *inc, const char *actor, struct now now, const char **why)
{
	int n_told;

	if (!is_open(inc, why))
		return 0;
	inc->validated = inc->released = true;
	if (inc->answered && !answer_somebody_goes(core, inc->id)) {	/* it was held: the ladder goes on */
		inc->answered = false;
		alert_arm(core, inc, now);
	}
	if (incident_update(core->store, inc) != 0 || note(core, inc, actor, "incident.validated", now) != 0)
		return -1;
	return alert_tell(core, inc, alert_tier(inc), now, NULL, &n_told) == 0 ? 1 : -1;
}

int
duty_hold(struct core *core, struct incident *inc, const char *actor, struct now now, const char **why)
{
	if (!is_open(inc, why))
		return 0;
	inc->answered = true;
	alert_arm(core, inc, now);
	if (outbox_cancel(core->store, inc->id, NULL, now.wall) < 0 || incident_update(core->store, inc) != 0)
		return -1;
	return note(core, inc, actor, "incident.held", now) == 0 ? 1 : -1;
}

int
duty_place(struct core *core, struct incident *inc, const struct place *to, const char *actor, struct now now,
    const char **why)
{
	if (!is_open(inc, why))
		return 0;
	/* That it lies there already is no fault: an SMS may come twice. */
	return alert_place(core, inc, to, actor, now) < 0 ? -1 : 1;
}

/* "Koro/KOR": of the candidates, the one in that cercle. */
static void
keep_cercle(struct geotag *g, const char *c3)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (strcasecmp(g->candidate[i].c3, c3) == 0)
			g->candidate[n++] = g->candidate[i];
	g->n = n;
	g->found = n > 0;
	g->ambiguous = n > 1;
	if (n > 0)
		g->best = g->candidate[0];
}

int
duty_find_place(const struct core *core, const char *text, struct geotag *where, const char **why)
{
	const char *country = placerow_country(core->conf.country), *slash = strrchr(text, '/');
	struct text *folded = calloc(1, sizeof(*folded));
	char name[PLACE_TEXT_MAX];
	bool in_cercle = slash != NULL && strlen(slash + 1) == 3;

	memset(where, 0, sizeof(*where));
	*why = "no places are loaded";
	if (folded == NULL || core->book->places == NULL) {
		free(folded);
		return 0;
	}
	snprintf(name, sizeof(name), "%.*s", in_cercle ? (int)(slash - text) : (int)strlen(text), text);
	normalize(name, strlen(name), folded);
	geotag(core->book->places, name, folded, where);
	free(folded);
	if (in_cercle)
		keep_cercle(where, slash + 1);
	*why = where->ambiguous ? "several places are called so; say which, with its cercle's code: NAME/C3" :
	    "no such place is known";
	if (!where->found || where->ambiguous)
		return 0;
	*why = "these coordinates lie outside the country";
	return placerow_inside(country, where->best.lat_deg, where->best.lon_deg) ? 1 : 0;
}

/* Those who were told hear how it ended. */
static int
tell_end(struct core *core, const struct incident *inc, const char *template_id, struct now now)
{
	struct told *told = calloc(CONF_RESPONDERS_MAX, sizeof(*told));
	int n = told == NULL ? -1 : told_list(core->store, inc->id, told, CONF_RESPONDERS_MAX);
	int rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n && rc == 0; i++)
		rc = alert_send(core, inc, &told[i], template_id, "E", 0, 0, now);
	free(told);
	return rc;
}

static int
end(struct core *core, struct incident *inc, char outcome, const char *actor, struct now now)
{
	bool false_alarm = outcome == 'F' || outcome == 'D';
	/* A1 says "area calm": true of one outcome only. The others end without an SMS. */
	const char *template_id = false_alarm ? "A2" : outcome == 'C' ? "A1" : NULL;

	inc->state = INCIDENT_CLOSED;
	inc->answered = true;
	snprintf(inc->outcome, sizeof(inc->outcome), "%c", outcome);
	alert_arm(core, inc, now);
	/* What waits must not arrive after its own end. */
	if (outbox_cancel(core->store, inc->id, NULL, now.wall) < 0 ||
	    (template_id != NULL && tell_end(core, inc, template_id, now) != 0) ||
	    incident_update(core->store, inc) != 0)
		return -1;
	return note(core, inc, actor, false_alarm ? "incident.withdrawn" : "incident.closed", now) == 0 ? 1 : -1;
}

int
duty_withdraw(struct core *core, struct incident *inc, const char *actor, struct now now, const char **why)
{
	return is_open(inc, why) ? end(core, inc, 'F', actor, now) : 0;
}

int
duty_close(struct core *core, struct incident *inc, char outcome, const char *actor, struct now now, const char **why)
{
	if (!is_open(inc, why))
		return 0;
	if (!duty_outcome(outcome)) {
		*why = "an outcome is needed: R responded, T too late, N nothing found, F false, D deliberately false, "
		    "X no access, O passed on, C calm";
		return 0;
	}
	return end(core, inc, outcome, actor, now);
}
