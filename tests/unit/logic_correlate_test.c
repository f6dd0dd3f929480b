/* Joining reports to incidents: the steps, the edges of the windows, and every order. */
#include "logic/correlate.h"

#include "logic/coordinates.h"
#include "unit/test.h"

#define MINUTE	INT64_C(60000)
#define HOUR	(60 * MINUTE)
#define T0	(20000 * 24 * HOUR)

/* Categories of the tests, and which stand for events of one kind; NED is in no family, RUM and CLR are claims. */
enum { ATK, KIL, RAI, NED, RUM, CLR };
#define SET(c)	(UINT32_C(1) << (c))

static const uint32_t families[] = { SET(ATK) | SET(KIL), SET(RAI) };
#define CLAIMS		(SET(RUM) | SET(CLR))
#define N_FAMILIES	(sizeof(families) / sizeof(families[0]))

static const struct now later = { { T0 + 1000 * HOUR }, { 0 } };

/* km east of Koro */
static struct place
place_at(double km, uint32_t radius_m)
{
	struct place p = { .lat_deg = 14.07, .lon_deg = -3.08, .radius_m = radius_m, .name = "Koro" };

	distance_offset(14.07, -3.08, 90, km * 1000, &p.lat_deg, &p.lon_deg);
	return p;
}

static struct report
report_at(int64_t at, int category, uint8_t priority)
{
	return (struct report){ .at = { at }, .headline = (uint8_t)category, .categories = SET(category),
		.claims = SET(category) & CLAIMS, .priority = priority };
}

static struct report
located_at(int64_t at, int category, uint8_t priority, double km)
{
	struct report r = report_at(at, category, priority);

	r.where.found = true;
	r.where.best = place_at(km, 500);
	r.where.n = 1;
	r.where.candidate[0] = r.where.best;
	return r;
}

static struct incident_view
incident_of(int64_t id, const struct report *r, bool same_sender)
{
	struct incident_view v = { .id = id, .headline = r->headline, .categories = r->categories,
		.priority = r->priority, .first = r->at, .last = r->at, .located = r->where.found && !r->where.ambiguous,
		.same_sender = same_sender };

	if (r->where.found || r->where.ambiguous)
		v.where = r->where.best;
	return v;
}

static struct correlation
ask(const struct report *r, const struct incident_view *open, size_t n)
{
	return correlate(r, open, n, families, N_FAMILIES, later);
}

static int
step_of(const struct report *first, const struct report *second, bool same_sender)
{
	struct incident_view v = incident_of(1, first, same_sender);
	struct correlation c = ask(second, &v, 1);

	CHECK(c.why != NULL);
	CHECK_INT(c.incident, c.step == 4 ? 0 : 1);
	return c.step;
}

/* ---- the steps ---- */

TEST(first_report_is_new)
{
	struct report r = located_at(T0, ATK, 1, 0);

	CHECK_INT(ask(&r, NULL, 0).step, 4);
	CHECK_INT(ask(&r, NULL, 0).incident, 0);
}

TEST(same_sender_goes_on)
{
	struct report a = located_at(T0, ATK, 1, 0), b = report_at(T0 + 30 * MINUTE, NED, 3);

	CHECK_INT(step_of(&a, &b, true), 1);
	b.at.ms++;
	CHECK_INT(step_of(&a, &b, true), 4);
	b.at.ms = T0 - 30 * MINUTE;	/* his first part came last */
	CHECK_INT(step_of(&a, &b, true), 1);
}

TEST(same_sender_names_the_place_later)
{
	struct report a = report_at(T0, ATK, 1), b = located_at(T0 + 20 * MINUTE, ATK, 1, 0);

	CHECK_INT(step_of(&a, &b, true), 1);
	b.at.ms = T0 + 31 * MINUTE;
	CHECK_INT(step_of(&a, &b, true), 4);
}

TEST(same_sender_two_villages_are_two_incidents)
{
	struct report a = located_at(T0, ATK, 1, 0), b = located_at(T0 + 10 * MINUTE, ATK, 1, 40);

	CHECK_INT(step_of(&a, &b, true), 4);
}

TEST(strangers_corroborate_near_in_place_and_time)
{
	struct report a = located_at(T0, ATK, 1, 0), b = located_at(T0 + 6 * HOUR, KIL, 2, 10);

	CHECK_INT(step_of(&a, &b, false), 2);
	b = located_at(T0 + 6 * HOUR + 1, KIL, 2, 10);
	CHECK_INT(step_of(&a, &b, false), 4);
	b = located_at(T0 + HOUR, RAI, 2, 0);
	CHECK_INT(step_of(&a, &b, false), 4);
	a = located_at(T0, NED, 3, 0);
	b = located_at(T0 + HOUR, NED, 3, 9);
	CHECK_INT(step_of(&a, &b, false), 2);	/* a category is of its own family */
}

TEST(window_is_a_day_unless_one_is_p1)
{
	struct report a = located_at(T0, KIL, 2, 0), b = located_at(T0 + 24 * HOUR, KIL, 3, 0);

	CHECK_INT(step_of(&a, &b, false), 2);
	b.priority = 1;
	CHECK_INT(step_of(&a, &b, false), 4);
	b.priority = 3;
	b.at.ms++;
	CHECK_INT(step_of(&a, &b, false), 4);
}

TEST(uncertainty_counts_up_to_a_limit)
{
	struct report a = located_at(T0, ATK, 1, 0), b = located_at(T0, ATK, 1, 14);

	a.where.best.radius_m = b.where.best.radius_m = 0;
	CHECK_INT(step_of(&a, &b, false), 4);
	b.where.best.radius_m = 5000;
	CHECK_INT(step_of(&a, &b, false), 2);
	b = located_at(T0, ATK, 1, 21);
	a.where.best.radius_m = b.where.best.radius_m = 50000;
	CHECK_INT(step_of(&a, &b, false), 4);
}

/* A stranger who names no place may be in another village: he never joins a located incident. */
TEST(stranger_without_a_place_is_never_hidden)
{
	struct report a = located_at(T0, ATK, 1, 0), b = report_at(T0 + MINUTE, ATK, 1);

	CHECK_INT(step_of(&a, &b, false), 4);
	CHECK_INT(step_of(&b, &a, false), 4);
}

/* Thirty strangers who name none make one alert "place unknown", for half an hour. */
TEST(strangers_without_a_place_make_one_alert)
{
	struct report a = report_at(T0, ATK, 1), b = report_at(T0 + 30 * MINUTE, KIL, 2);

	CHECK_INT(step_of(&a, &b, false), 3);
	b.at.ms++;
	CHECK_INT(step_of(&a, &b, false), 4);
	b = report_at(T0, RAI, 2);
	CHECK_INT(step_of(&a, &b, false), 4);
}

static struct report
ambiguous_at(int64_t at, double km, double other_km)
{
	struct report r = located_at(at, ATK, 1, km);

	r.where.ambiguous = true;
	r.where.n = 2;
	r.where.candidate[1] = place_at(other_km, 500);
	return r;
}

TEST(ambiguous_is_not_a_place)
{
	struct report koro = ambiguous_at(T0, 0, 300), here = located_at(T0, ATK, 1, 0), none = report_at(T0, ATK, 1);
	struct report other = ambiguous_at(T0, 100, 400), far = located_at(T0, ATK, 1, 800);

	CHECK_INT(step_of(&here, &koro, false), 4);
	CHECK_INT(step_of(&koro, &here, false), 4);
	CHECK_INT(step_of(&koro, &koro, false), 3);
	CHECK_INT(step_of(&koro, &other, false), 4);
	CHECK_INT(step_of(&koro, &none, false), 4);
	CHECK_INT(step_of(&none, &koro, false), 4);
	CHECK_INT(step_of(&here, &koro, true), 1);
	CHECK_INT(step_of(&far, &koro, true), 4);
	here = located_at(T0, ATK, 1, 300);
	CHECK_INT(step_of(&here, &koro, true), 1);
}

TEST(claims_lower_nothing)
{
	struct report attack = located_at(T0, ATK, 1, 0), calm = located_at(T0, CLR, 4, 0), rumour = located_at(T0, RUM, 4, 0);
	struct report hearsay = located_at(T0, ATK, 3, 0);
	struct incident_view v = incident_of(1, &attack, false);
	struct correlation c;

	CHECK_INT(step_of(&attack, &calm, false), 4);
	CHECK_INT(step_of(&attack, &rumour, false), 4);
	CHECK_INT(step_of(&calm, &calm, false), 4);
	CHECK_INT(step_of(&calm, &attack, false), 4);
	/* Hearsay about an attack belongs to it, but is no source and leaves no mark. */
	hearsay.categories |= SET(RUM);
	hearsay.claims = SET(RUM);
	c = ask(&hearsay, &v, 1);
	CHECK_INT(c.incident, 1);
	CHECK_INT(c.adds, SET(ATK));
	CHECK(!c.corroborates);
	c = ask(&attack, &v, 1);
	CHECK(c.corroborates);
	CHECK_INT(c.adds, SET(ATK));
	/* The same sender's "it is over" is filed with his alert and adds nothing to it. */
	v.same_sender = true;
	c = ask(&calm, &v, 1);
	CHECK_INT(c.incident, 1);
	CHECK_INT(c.adds, 0);
	CHECK(!c.corroborates);
}

TEST(the_future_counts_as_now)
{
	struct report a = located_at(T0, ATK, 1, 0), b = located_at(T0 + 100 * HOUR, ATK, 1, 0);
	struct incident_view v = incident_of(1, &a, false);
	struct now now = { { T0 + HOUR }, { 0 } };

	CHECK_INT(correlate(&b, &v, 1, families, N_FAMILIES, now).step, 2);
}

TEST(best_fit_wins)
{
	struct report own = located_at(T0, NED, 3, 5), near = located_at(T0, ATK, 1, 0.9), nearer = located_at(T0, ATK, 1, 0.1);
	struct report r = located_at(T0 + MINUTE, ATK, 1, 0);
	struct incident_view v[] = { incident_of(1, &own, true), incident_of(2, &near, false), incident_of(3, &nearer, false),
	    incident_of(4, &nearer, false) };

	CHECK_INT(ask(&r, v, 4).incident, 1);	/* his own before any stranger's */
	CHECK_INT(ask(&r, v + 1, 3).incident, 2);	/* edges touch in both: the lower id */
	r.where.best.radius_m = v[1].where.radius_m = v[2].where.radius_m = v[3].where.radius_m = 0;
	CHECK_INT(ask(&r, v + 1, 3).incident, 3);	/* nearest, then lowest id */
	v[1].same_sender = true;
	CHECK_INT(ask(&r, v, 4).incident, 2);	/* two of his own: the same family first */
}

/* ---- properties ---- */

static struct report
any_report(void)
{
	struct report r = report_at(T0 + test_below(30 * 60) * MINUTE, (int)test_below(6), (uint8_t)(1 + test_below(4)));

	r.categories |= test_below(3) == 0 ? SET(test_below(6)) : 0;
	r.claims = r.categories & CLAIMS;
	if (test_below(3) > 0) {
		struct report l = located_at(r.at.ms, ATK, 1, test_below(60));

		r.where = l.where;
		r.where.best.radius_m = test_below(20000);
		r.where.ambiguous = test_below(5) == 0;
	}
	return r;
}

static void
shuffle(struct incident_view *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = test_below((uint32_t)i);
		struct incident_view t = v[i - 1];

		v[i - 1] = v[k];
		v[k] = t;
	}
}

TEST(order_of_open_does_not_matter)
{
	for (int round = 0; round < 2000; round++) {
		struct incident_view v[12];
		size_t n = 1 + test_below(12);
		struct report r = any_report();
		struct correlation want;

		for (size_t i = 0; i < n; i++) {
			struct report o = any_report();

			v[i] = incident_of((int64_t)i + 1, &o, test_below(3) == 0);
			v[i].last.ms += test_below(600) * MINUTE;
		}
		want = ask(&r, v, n);
		for (int k = 0; k < 10; k++) {
			struct correlation got;

			shuffle(v, n);
			got = ask(&r, v, n);
			CHECK(got.incident == want.incident && got.step == want.step && got.adds == want.adds);
		}
	}
}

#define REPORTS	6

struct world {
	struct incident_view v[REPORTS];
	size_t	n;
	int	of[REPORTS];		/* incident of each report */
	int	sender_of[REPORTS][REPORTS];	/* incident, n-th sender; 0 ends */
};

/* Stores what the store would: joined or new. */
static void
arrive(struct world *w, const struct report *r, int which)
{
	struct correlation c;
	size_t i;

	for (i = 0; i < w->n; i++) {
		w->v[i].same_sender = false;
		for (int k = 0; k < REPORTS; k++)
			w->v[i].same_sender |= w->sender_of[i][k] == r->sender[0];
	}
	c = ask(r, w->v, w->n);
	i = c.incident != 0 ? (size_t)c.incident - 1 : w->n++;
	if (c.incident == 0)
		w->v[i] = incident_of((int64_t)w->n, r, false);
	else {
		uint8_t before = w->v[i].priority;

		w->v[i].categories |= c.adds;
		w->v[i].priority = r->priority < before ? r->priority : before;
		CHECK(w->v[i].priority <= before);
		if (!w->v[i].located && r->where.found && !r->where.ambiguous) {
			w->v[i].located = true;
			w->v[i].where = r->where.best;
		}
		w->v[i].first = r->at.ms < w->v[i].first.ms ? r->at : w->v[i].first;
		w->v[i].last = r->at.ms > w->v[i].last.ms ? r->at : w->v[i].last;
	}
	for (int k = 0; k < REPORTS; k++)
		if (w->sender_of[i][k] == 0 || w->sender_of[i][k] == r->sender[0]) {
			w->sender_of[i][k] = r->sender[0];
			break;
		}
	w->of[which] = (int)i + 1;
}

/* Two reports are together in one world exactly when they are in the other. */
static bool
same_partition(const struct world *a, const struct world *b)
{
	for (int i = 0; i < REPORTS; i++)
		for (int k = 0; k < i; k++)
			if ((a->of[i] == a->of[k]) != (b->of[i] == b->of[k]))
				return false;
	return true;
}

static void
each_order(const struct report *r, int *order, int done, const struct world *want)
{
	struct world w = { 0 };

	if (done == REPORTS) {
		for (int i = 0; i < REPORTS; i++)
			arrive(&w, &r[order[i]], order[i]);
		CHECK_MSG(same_partition(&w, want), "order %d %d %d %d %d %d makes other incidents", order[0], order[1],
		    order[2], order[3], order[4], order[5]);
		return;
	}
	for (int i = done; i < REPORTS; i++) {
		int t = order[done];

		order[done] = order[i];
		order[i] = t;
		each_order(r, order, done + 1, want);
		order[i] = order[done];
		order[done] = t;
	}
}

/* Reports of events that are clearly apart or clearly together make the same incidents in all 720 orders of arrival. */
TEST(every_order_of_arrival)
{
	for (int round = 0; round < 30; round++) {
		struct report r[REPORTS];
		int order[REPORTS];
		struct world want = { 0 };

		for (int i = 0; i < REPORTS; i++) {
			static const int categories[] = { ATK, RAI, NED };
			static const double villages_km[] = { 0, 60, 120 };

			r[i] = located_at(T0 + test_below(60) * MINUTE, categories[test_below(3)], (uint8_t)(1 + test_below(3)),
			    villages_km[test_below(3)] + test_below(40) / 10.0);
			r[i].sender[0] = (uint8_t)(i + 1);
			order[i] = i;
		}
		for (int i = 0; i < REPORTS; i++)
			arrive(&want, &r[i], i);
		each_order(r, order, 0, &want);
	}
}

TEST_MAIN(TEST_ROW(first_report_is_new), TEST_ROW(same_sender_goes_on), TEST_ROW(same_sender_names_the_place_later),
    TEST_ROW(same_sender_two_villages_are_two_incidents), TEST_ROW(strangers_corroborate_near_in_place_and_time),
    TEST_ROW(window_is_a_day_unless_one_is_p1), TEST_ROW(uncertainty_counts_up_to_a_limit),
    TEST_ROW(stranger_without_a_place_is_never_hidden), TEST_ROW(strangers_without_a_place_make_one_alert),
    TEST_ROW(ambiguous_is_not_a_place), TEST_ROW(claims_lower_nothing), TEST_ROW(the_future_counts_as_now),
    TEST_ROW(best_fit_wins), TEST_ROW(order_of_open_does_not_matter), TEST_ROW(every_order_of_arrival))
