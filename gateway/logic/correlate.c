/* Joins a report to an open incident, or finds it new, in numbered steps. */
#include "logic/correlate.h"

#include "logic/coordinates.h"

/*
 * The steps, in order; the first that finds an incident decides. Joining hides a report behind an
 * alert that responders have already, a new incident wakes them again: in doubt it is new.
 *
 *  1 the same sender, within 30 minutes, and places that can be one: he goes on, or names the place now
 *  2 another sender, both places known, same family, near enough, within the window: corroboration
 *  3 another sender, neither place known, same family, within 30 minutes: one alert "place unknown" for the
 *    duty desk to locate instead of thirty; never into a located incident, which may be another village
 *  4 new
 *
 * Several that fit a step: same family first, then the least distance, the least time between, the lowest id.
 * A place that is ambiguous is not a known place: two such are alike when their first candidates are.
 */
enum { STEP_SAME_SENDER = 1, STEP_NEAR, STEP_UNLOCATED, STEP_NEW };

static const char *const whys[] = {
	[STEP_SAME_SENDER] = "the same sender reported it within 30 minutes",
	[STEP_NEAR] = "same family of categories, near in place and time",
	[STEP_UNLOCATED] = "same family within 30 minutes, and neither names a known place",
	[STEP_NEW] = "no open incident fits",
};

#define HINT_M	1000	/* first candidates of two ambiguous places that are one */

/* How well one open incident fits; comparable, so that the order of open[] cannot matter. */
struct fit {
	int	 step;
	bool	 family;
	double	 metres;
	int64_t	 gap_ms;
	int64_t	 id;
};

struct question {
	const struct report *report;
	int64_t	 at_ms;
	uint32_t events;	/* the report's categories without claims */
	const uint32_t *families;
	size_t	 n_families;
};

static bool
same_family(const struct question *q, uint32_t categories)
{
	if ((q->events & categories) != 0)
		return true;
	for (size_t i = 0; i < q->n_families; i++)
		if ((q->events & q->families[i]) != 0 && (categories & q->families[i]) != 0)
			return true;
	return false;
}

static int64_t
gap_ms(int64_t at, const struct incident_view *inc)
{
	if (at < inc->first.ms)
		return inc->first.ms - at;
	return at > inc->last.ms ? at - inc->last.ms : 0;
}

/* Between the edges of two uncertain places. */
static double
metres_apart(const struct place *a, const struct place *b)
{
	double radii = (double)a->radius_m + b->radius_m;
	double d = distance_m(a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg);

	if (radii > CORRELATE_RADIUS_MAX_M)
		radii = CORRELATE_RADIUS_MAX_M;
	return d > radii ? d - radii : 0;
}

static bool
located(const struct report *r)
{
	return r->where.found && !r->where.ambiguous;
}

/* Can both be one place? A place nobody knows can be any; an ambiguous one, any of its candidates. */
static bool
can_be_one_place(const struct report *r, const struct incident_view *inc)
{
	if (!inc->located || (!r->where.found && !r->where.ambiguous))
		return true;
	if (located(r))
		return metres_apart(&r->where.best, &inc->where) <= CORRELATE_NEAR_M;
	for (size_t i = 0; i < r->where.n && i < CANDIDATES_MAX; i++)
		if (metres_apart(&r->where.candidate[i], &inc->where) <= CORRELATE_NEAR_M)
			return true;
	return r->where.n == 0;
}

/* Neither knows its place; what they guess, if anything, is the same. */
static bool
equally_lost(const struct report *r, const struct incident_view *inc)
{
	bool a = r->where.ambiguous, b = inc->where.name[0] != '\0';

	if (located(r) || inc->located || a != b)
		return false;
	return !a || distance_m(r->where.best.lat_deg, r->where.best.lon_deg, inc->where.lat_deg,
	    inc->where.lon_deg) <= HINT_M;
}

static int64_t
window_ms(const struct report *r, const struct incident_view *inc)
{
	return r->priority <= 1 || inc->priority <= 1 ? CORRELATE_P1_MS : CORRELATE_MS;
}

static struct fit
measure(const struct question *q, const struct incident_view *inc)
{
	const struct report *r = q->report;
	struct fit f = { .step = STEP_NEW, .id = inc->id, .family = same_family(q, inc->categories),
	    .gap_ms = gap_ms(q->at_ms, inc) };

	if (located(r) && inc->located)
		f.metres = metres_apart(&r->where.best, &inc->where);
	if (inc->same_sender && f.gap_ms <= CORRELATE_SENDER_MS && can_be_one_place(r, inc))
		f.step = STEP_SAME_SENDER;
	else if (f.family && located(r) && inc->located && f.metres <= CORRELATE_NEAR_M &&
	    f.gap_ms <= window_ms(r, inc))
		f.step = STEP_NEAR;
	else if (f.family && f.gap_ms <= CORRELATE_SENDER_MS && equally_lost(r, inc))
		f.step = STEP_UNLOCATED;
	return f;
}

static bool
better(const struct fit *a, const struct fit *b)
{
	if (a->step != b->step)
		return a->step < b->step;
	if (a->family != b->family)
		return a->family;
	if (a->metres < b->metres || a->metres > b->metres)
		return a->metres < b->metres;
	if (a->gap_ms != b->gap_ms)
		return a->gap_ms < b->gap_ms;
	return a->id < b->id;
}

struct correlation
correlate(const struct report *r, const struct incident_view *open, size_t n, const uint32_t *families,
    size_t n_families, struct now now)
{
	struct fit best = { .step = STEP_NEW };
	const struct question q = { .report = r, .at_ms = r->at.ms < now.wall.ms ? r->at.ms : now.wall.ms,
	    .events = r->categories & ~r->claims, .families = families, .n_families = n_families };
	for (size_t i = 0; i < n; i++) {
		struct fit f = measure(&q, &open[i]);

		if (f.step < STEP_NEW && (best.step == STEP_NEW || better(&f, &best)))
			best = f;
	}
	return (struct correlation){ .incident = best.step < STEP_NEW ? best.id : 0, .step = best.step,
	    .why = whys[best.step], .adds = q.events, .corroborates = q.events == r->categories };
}
