/* Decides where a text says it happens, from the names and coordinates in it. */
#include "logic/geotag.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "logic/coordinates.h"
#include "logic/mention.h"
#include "logic/pluscode.h"

#define SAME_PLACE_M	5000.0		/* homonyms nearer than this are one place, surveyed twice */
#define BESIDE_M	60000.0		/* a place named beside another speaks for homonyms within this */
#define SEGMENT_MAX_M	300000.0	/* farther apart, two names are not the ends of one road */
#define UNEQUAL_M	15000.0		/* two places nearer than this need no choice */
#define NAMING_M	15000.0		/* a point is named after a place this near */
#define SEAT_MAX_M	400000.0	/* a point farther from every seat lies outside what we know */
#define POINT_LEAST_M	100		/* phones and people: no point is better than this */
#define PLUSCODE_M	14		/* the side of a plus code's square */
#define SURE_LETTERS	9		/* a name of so many letters may have one wrong, */
#define SURE_LETTERS_2	12		/* and two */
#define REGION_M	100000		/* "region" reaches so far: placewords.h */
#define UNLIKE		0.6		/* points off for each step that a name is unlike what was written */
#define CLEAR		0.5		/* points that make one homonym clearly better than the next */

/* A row that one mention may mean, with what speaks for it. */
struct choice {
	const struct gazetteer_row *row;
	uint8_t	 unlike;
	bool	 backed;		/* by what the text names beside it, or by the context */
	double	 points;
};

struct choices {
	size_t	 n;
	bool	 decided;		/* the first is clearly better than the second */
	struct choice v[HOMONYMS_MAX];	/* best first */
};

struct scene {
	const struct gazetteer *g;
	const struct geotag_context *context;
	size_t	 n;
	struct mention m[MENTIONS_MAX];
};

/* ---- rows as places ---- */

static void
copy_name(char out[PLACE_NAME_SIZE], const char *name)
{
	snprintf(out, PLACE_NAME_SIZE, "%s", name);
}

/* The seat a place belongs to: the one of its cercle, or else the nearest; NULL: none near enough. */
static const struct gazetteer_row *
seat_of(const struct gazetteer *g, const struct place *p)
{
	double	 metres;
	long	 i = gazetteer_seat(g, p->country, p->cercle);

	if (i < 0) {
		i = gazetteer_nearest_seat(g, p->country[0] != '\0' ? p->country : NULL, p->lat_deg, p->lon_deg, &metres);
		if (i < 0 || metres > SEAT_MAX_M)
			return NULL;
	}
	return gazetteer_row(g, (size_t)i);
}

void
geotag_parents(const struct gazetteer *g, struct place *p)
{
	const struct gazetteer_row *seat = seat_of(g, p);

	if (seat == NULL)
		return;
	copy_name(p->old_cercle, seat->old_cercle);
	copy_name(p->old_region, seat->old_region);
	if (p->cercle[0] == '\0') {
		copy_name(p->cercle, seat->cercle[0] != '\0' ? seat->cercle : seat->name);
		memcpy(p->c3, seat->c3, sizeof(p->c3));
	}
	if (p->region[0] == '\0')
		copy_name(p->region, seat->region);
	if (p->country[0] == '\0')
		memcpy(p->country, seat->country, sizeof(p->country));
}

void
geotag_place(const struct gazetteer *g, const struct gazetteer_row *row, struct place *p)
{
	memset(p, 0, sizeof(*p));
	copy_name(p->name, row->name);
	copy_name(p->cercle, row->cercle);
	copy_name(p->region, row->region);
	memcpy(p->c3, row->c3, sizeof(p->c3));
	memcpy(p->country, row->country, sizeof(p->country));
	p->lat_deg = row->lat_deg;
	p->lon_deg = row->lon_deg;
	p->radius_m = row->radius_m;
	p->method = "name";
	p->score = 1;
	copy_name(p->old_cercle, row->old_cercle);
	copy_name(p->old_region, row->old_region);
	if (p->cercle[0] == '\0' || p->region[0] == '\0')
		geotag_parents(g, p);
}

void
geotag_point(const struct gazetteer *g, double lat_deg, double lon_deg, uint32_t precision_m, struct place *p)
{
	double	 metres;
	long	 i = gazetteer_nearest(g, lat_deg, lon_deg, NAMING_M, &metres);

	if (i >= 0)
		geotag_place(g, gazetteer_row(g, (size_t)i), p);
	else
		memset(p, 0, sizeof(*p));
	p->lat_deg = lat_deg;
	p->lon_deg = lon_deg;
	if (i < 0) {
		geotag_parents(g, p);
		copy_name(p->name, p->cercle);
	}
	p->radius_m = precision_m > POINT_LEAST_M ? precision_m : POINT_LEAST_M;
	p->method = "coordinates";
	p->score = p->country[0] != '\0' ? 1 : 0.3;
}

/* ---- which of several places of one name ---- */

/* The rank of the feature: a seat before towns and villages, these before areas, camps, wells and the rest. */
static double
rank_points(const struct gazetteer_row *row)
{
	static const double points[] = {
		[RANK_AREA] = 1.4, [RANK_CAMP] = 0.8, [RANK_LOCALITY] = 0.2, [RANK_WATER] = -0.4, [RANK_OTHER] = -1,
		[RANK_TERRAIN] = -1.6,
	};

	if (row->rank <= RANK_CERCLE_SEAT)
		return 3;
	return row->rank <= RANK_QUARTER ? 2 : points[row->rank];
}

/* Ten times the people are clearly more; below a thousand nobody counted well. Never as much as a rank. */
static double
people_points(const struct gazetteer_row *row)
{
	return row->population < 1000 ? 0 : fmin(0.9, 0.55 * log10(row->population / 1000.0) + 0.1);
}

/* What the caller knows of the sender and of what is going on, beside the text. */
static double
context_points(const struct geotag_context *context, const struct gazetteer_row *row)
{
	static const struct { double points, fade_m; } weight[] = {
		[GEOTAG_SENDER] = { 4, 25000 }, [GEOTAG_INCIDENT] = { 2, 15000 }, [GEOTAG_AREA] = { 0.4, 25000 },
	};
	double	 best = 0;

	for (size_t i = 0; context != NULL && i < context->n && i < GEOTAG_POINTS_MAX; i++) {
		const struct geotag_point *p = &context->v[i];
		double	 beyond = distance_m(row->lat_deg, row->lon_deg, p->lat_deg, p->lon_deg) - p->reach_m;

		best = fmax(best, weight[p->why].points * (beyond <= 0 ? 1 : exp(-beyond / weight[p->why].fade_m)));
	}
	return best;
}

/* Best first; equals keep the gazetteer's order. */
static void
choices_sort(struct choices *c)
{
	for (size_t i = 1; i < c->n; i++) {
		struct choice now = c->v[i];
		size_t	 j = i;

		for (; j > 0 && now.points > c->v[j - 1].points; j--)
			c->v[j] = c->v[j - 1];
		c->v[j] = now;
	}
}

static bool
same_place(const struct gazetteer_row *a, const struct gazetteer_row *b)
{
	double	 metres = distance_m(a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg);

	/* The middle of a cercle's area lies far from the seat that it is named after. */
	if (b->rank == RANK_AREA && a->rank <= RANK_COMMUNE_SEAT)
		return metres < b->radius_m * 3.0;
	return metres < SAME_PLACE_M;
}

/* Of two rows for one place: the town rather than its area, then what the earlier source says. */
static bool
says_more(const struct gazetteer_row *a, const struct gazetteer_row *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a < b;
}

/* Leaves out what an earlier, better choice already says. */
static void
choices_merge(struct choices *c)
{
	size_t	 kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct choice *now = &c->v[i], *same = NULL;

		for (size_t j = 0; j < kept && same == NULL; j++)
			if (same_place(c->v[j].row, now->row) || same_place(now->row, c->v[j].row))
				same = &c->v[j];
		if (same == NULL)
			c->v[kept++] = *now;
		else if (says_more(now->row, same->row))
			same->row = now->row;
	}
	c->n = kept;
}

/* Whether a name is that of the row's cercle, or of its region when a region is named; now or before the newest division. */
static bool
is_parent(const struct gazetteer_row *row, const char *name, bool region)
{
	if (strcmp(row->cercle, name) == 0 || strcmp(row->old_cercle, name) == 0)
		return true;
	return region && (strcmp(row->region, name) == 0 || strcmp(row->old_region, name) == 0);
}

/* What another mention says for a row: most when it names the row's own cercle or region, less the farther it is. */
static double
hint_points(const struct scene *s, const struct mention *by, const struct gazetteer_row *row)
{
	double	 reach = by->area_m > 0 ? by->area_m * 1.5 : BESIDE_M, best = 0;

	for (size_t i = 0; i < by->n_rows; i++) {
		const struct gazetteer_row *near = gazetteer_row(s->g, by->rows[i]);
		double	 metres = distance_m(row->lat_deg, row->lon_deg, near->lat_deg, near->lon_deg);

		if (near->rank <= RANK_CERCLE_SEAT && row->cercle[0] != '\0' &&
		    is_parent(row, near->name, by->area_m >= REGION_M))
			metres = 0;
		if (metres <= reach)
			best = fmax(best, 6 + 6 * (1 - metres / reach));
	}
	return best;
}

static void
weigh(const struct scene *s, const struct mention *m, struct choice *c)
{
	double	 hint = 0, context = context_points(s->context, c->row);

	for (size_t k = 0; k < s->n; k++)
		if (&s->m[k] != m && s->m[k].role != ROLE_DENIED)
			hint = fmax(hint, hint_points(s, &s->m[k], c->row));
	c->backed = hint > 0 || context >= CLEAR;
	c->points = hint + context + rank_points(c->row) + people_points(c->row) - UNLIKE * c->unlike;
}

/* false: a mention of nothing. */
static bool
choices_make(const struct scene *s, const struct mention *m, struct choices *c)
{
	c->n = m->n_rows;
	for (size_t i = 0; i < c->n; i++) {
		c->v[i] = (struct choice){ .row = gazetteer_row(s->g, m->rows[i]), .unlike = m->unlike[i] };
		weigh(s, m, &c->v[i]);
	}
	choices_sort(c);
	choices_merge(c);
	c->decided = c->n < 2 || c->v[0].points - c->v[1].points >= CLEAR;
	return c->n > 0;
}

/* ---- what the role of a mention does to the place ---- */

static uint32_t
at_least(uint32_t radius_m, uint32_t least_m)
{
	return radius_m > least_m ? radius_m : least_m;
}

static void
place_offset(const struct mention *m, struct place *p)
{
	if (m->away_m > 0 && m->bearing_deg >= 0) {
		double	 lat, lon;

		distance_offset(p->lat_deg, p->lon_deg, m->bearing_deg, m->away_m, &lat, &lon);
		p->lat_deg = lat;
		p->lon_deg = lon;
		p->radius_m += (uint32_t)(m->away_m * 0.4);	/* people round distances, and "north" is a quarter of the sky */
		p->method = "offset";
	} else {
		p->radius_m = m->away_m > 0 ? p->radius_m + (uint32_t)m->away_m : at_least(p->radius_m * 2, 10000);
		p->method = "near";
	}
}

static void
place_for_role(const struct mention *m, struct place *p)
{
	switch (m->role) {
	case ROLE_OFFSET:
		place_offset(m, p);
		break;
	case ROLE_NEAR:
		p->radius_m = at_least(p->radius_m * 2, 5000);
		p->method = "near";
		break;
	case ROLE_TOWARD:
		p->radius_m = at_least(p->radius_m * 3, 10000);
		p->method = "toward";
		break;
	case ROLE_FROM:
		p->radius_m = at_least(p->radius_m * 3, 10000);
		p->method = "from";
		break;
	case ROLE_ARRIVAL:
		p->method = "arrival";
		break;
	case ROLE_AREA:
		p->radius_m = at_least(p->radius_m, m->area_m);
		p->method = "area";
		break;
	default:
		break;
	}
}

/* What a mention is worth for saying where, less is better; those of one worth compete. */
static unsigned
standing(const struct mention *m)
{
	static const uint8_t worth[] = {
		[ROLE_AT] = 0, [ROLE_NAMED] = 1, [ROLE_NEAR] = 1, [ROLE_OFFSET] = 1, [ROLE_ARRIVAL] = 2, [ROLE_TOWARD] = 3,
		[ROLE_FROM] = 4, [ROLE_AREA] = 5, [ROLE_DENIED] = 6,
	};

	return worth[m->role];
}

/* How sure that the choice is meant: whether a place is, and which of several. */
static double
certainty(const struct mention *m, const struct choices *c, const struct choice *one)
{
	double	 score = m->cued ? 0.8 : 0.95, sum = 0;

	if (m->role >= ROLE_ARRIVAL)
		score *= 0.8;
	if (one->unlike > 0)
		score *= one->unlike > 2 ? 0.7 : 0.9;
	for (size_t i = 0; i < c->n; i++)
		sum += exp(c->v[i].points - c->v[0].points);
	return c->decided ? score : fmax(0.01, score * exp(one->points - c->v[0].points) / sum);
}

/* ---- two places that are the ends of a road ---- */

static bool
is_seat(const struct gazetteer_row *row)
{
	return row->rank <= RANK_CERCLE_SEAT;
}

/*
 * "Boni Douentza" with nothing but a space is a village and its cercle, not a road, when it can be read so;
 * "Koro Bankass", two seats, is a road.
 */
static bool
village_and_cercle(const struct gazetteer_row *a, const struct gazetteer_row *b)
{
	return !is_seat(a) && is_seat(b) && strcmp(a->cercle, b->name) == 0;
}

static bool
makes_segment(const struct mention *a, const struct mention *b, const struct gazetteer_row *from,
    const struct gazetteer_row *to)
{
	if (!b->joined || a->role == ROLE_AREA || b->role == ROLE_AREA || a->role == ROLE_DENIED || b->role == ROLE_DENIED)
		return false;
	if (distance_m(from->lat_deg, from->lon_deg, to->lat_deg, to->lon_deg) > SEGMENT_MAX_M)
		return false;
	if (a->route)
		return true;
	return b->first == a->last + 1 && (b->hyphened || !village_and_cercle(from, to));
}

static void
place_segment(const struct gazetteer *g, const struct gazetteer_row *from, const struct gazetteer_row *to,
    struct place *p)
{
	struct place end;
	double	 half = distance_m(from->lat_deg, from->lon_deg, to->lat_deg, to->lon_deg) / 2;
	int	 n;

	geotag_place(g, from, p);
	geotag_place(g, to, &end);
	n = snprintf(p->name, sizeof(p->name), "%s-%s", from->name, to->name);
	if (n < 0 || (size_t)n >= sizeof(p->name))
		copy_name(p->name, from->name);
	p->lat_deg = (from->lat_deg + to->lat_deg) / 2;	/* a road of 300 km at most, far from the poles and the date line */
	p->lon_deg = (from->lon_deg + to->lon_deg) / 2;
	p->radius_m = at_least((uint32_t)half, p->radius_m);
	p->method = "segment";
	if (strcmp(p->cercle, end.cercle) == 0)
		return;
	p->cercle[0] = p->region[0] = p->old_cercle[0] = p->old_region[0] = '\0';	/* the midpoint decides which of the two */
	memset(p->c3, 0, sizeof(p->c3));
	geotag_parents(g, p);
}

/* Takes the first pair that makes a road; false: none. */
static bool
find_segment(const struct scene *s, struct geotag *out)
{
	for (size_t i = 0; i + 1 < s->n; i++) {
		struct choices a, b;

		if (!s->m[i + 1].joined)
			continue;
		if (!choices_make(s, &s->m[i], &a) || !choices_make(s, &s->m[i + 1], &b) ||
		    !makes_segment(&s->m[i], &s->m[i + 1], a.v[0].row, b.v[0].row))
			continue;
		place_segment(s->g, a.v[0].row, b.v[0].row, &out->best);
		out->best.score = a.decided && b.decided ? 0.85 : 0.5;
		out->found = true;
		out->n = 1;
		out->candidate[0] = out->best;
		return true;
	}
	return false;
}

/* ---- names ---- */

static void
add_candidate(struct geotag *out, const struct place *p)
{
	if (out->n < CANDIDATES_MAX)
		out->candidate[out->n++] = *p;
}

/*
 * Nombori and Hombori are two villages. Where a letter changes the sound too, a short name may be that of a place that
 * the gazetteer does not have; so unless something else speaks for it, a person must choose.
 */
static bool
doubtful(const struct mention *m, const struct choice *first)
{
	return !first->backed && ((first->unlike == 3 && m->letters < SURE_LETTERS) ||
	    (first->unlike == 4 && m->letters < SURE_LETTERS_2));
}

/* The places one mention may mean, best first. */
static void
add_choices(const struct scene *s, const struct mention *m, const struct choices *c, struct geotag *out)
{
	size_t	 n = c->decided && c->n > 1 ? 1 : c->n;

	for (size_t i = 0; i < n; i++) {
		struct place p;

		geotag_place(s->g, c->v[i].row, &p);
		place_for_role(m, &p);
		p.score = certainty(m, c, &c->v[i]);
		if (c->v[i].unlike > 0 && m->role <= ROLE_NAMED)
			p.method = "like";
		add_candidate(out, &p);
	}
	if (!c->decided || doubtful(m, &c->v[0]))
		out->ambiguous = true;
}

static const struct mention *
best_mention(const struct scene *s)
{
	const struct mention *best = NULL;

	for (size_t i = 0; i < s->n; i++)
		if (best == NULL || standing(&s->m[i]) < standing(best))
			best = &s->m[i];
	return best;
}

/* "Koro pres de Bankass", "Segue Bankass": the second only says where the first is. */
static bool
only_explains(const struct scene *s, const struct mention *best, const struct mention *m, const struct choices *c,
    const struct choices *other)
{
	if (m->role == ROLE_NEAR && m > best && m->first - best->last <= 4)
		return true;
	return m->joined && m == best + 1 && village_and_cercle(c->v[0].row, other->v[0].row) && s->n > 1;
}

/* Other places of the same standing, farther than a walk away, leave a doubt which is meant. */
static void
add_rivals(const struct scene *s, const struct mention *best, const struct choices *c, struct geotag *out)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct mention *m = &s->m[i];
		const struct gazetteer_row *row;
		struct choices other;

		if (m == best || standing(m) != standing(best) || !choices_make(s, m, &other))
			continue;
		row = other.v[0].row;
		if (only_explains(s, best, m, c, &other) ||
		    distance_m(row->lat_deg, row->lon_deg, c->v[0].row->lat_deg, c->v[0].row->lon_deg) < UNEQUAL_M)
			continue;
		add_choices(s, m, &other, out);
		out->ambiguous = true;
	}
}

static void
find_name(const struct scene *s, struct geotag *out)
{
	const struct mention *best = best_mention(s);
	struct choices c;

	if (best == NULL || best->role == ROLE_DENIED)
		return;
	if (!choices_make(s, best, &c))
		return;
	add_choices(s, best, &c, out);
	add_rivals(s, best, &c, out);
	out->found = true;
	out->best = out->candidate[0];
}

static void
only_point(const struct gazetteer *g, double lat_deg, double lon_deg, uint32_t precision_m, struct geotag *out)
{
	memset(out, 0, sizeof(*out));
	geotag_point(g, lat_deg, lon_deg, precision_m, &out->best);
	out->found = true;
	out->n = 1;
	out->candidate[0] = out->best;
}

/* Whether any seat that we know is near enough: arg is the gazetteer. */
static bool
known_ground(const void *arg, double lat_deg, double lon_deg)
{
	double	 metres;

	return gazetteer_nearest_seat(arg, NULL, lat_deg, lon_deg, &metres) >= 0 && metres <= SEAT_MAX_M;
}

/* Latitude and longitude interchanged, or a sign forgotten: what was probably meant, then what was written; a person must choose. */
static void
doubtful_point(const struct gazetteer *g, const struct coordinates *point, struct geotag *out)
{
	const char *method = point->fault == COORDINATES_SWAPPED ? "swapped?" : "sign?";

	only_point(g, point->other_lat_deg, point->other_lon_deg, point->precision_m, out);
	out->best.method = method;
	out->best.score = 0.5;
	out->candidate[0] = out->best;
	if (fabs(point->lat_deg) <= 90 && fabs(point->lon_deg) <= 180) {
		geotag_point(g, point->lat_deg, point->lon_deg, point->precision_m, &out->candidate[1]);
		out->n = 2;
	}
	out->ambiguous = true;
}

/* A short code lies beside the town that was found; without one it says nothing. */
static void
apply_pluscode(const struct gazetteer *g, const struct pluscode *code, struct geotag *out)
{
	double	 lat, lon;

	if (code->missing > 0 && (!out->found || out->ambiguous))
		return;
	pluscode_resolve(code, out->best.lat_deg, out->best.lon_deg, &lat, &lon);
	only_point(g, lat, lon, PLUSCODE_M, out);
}

void
geotag(const struct gazetteer *g, const char *original, const struct text *t, struct geotag *out)
{
	geotag_in(g, NULL, original, t, out);
}

void
geotag_in(const struct gazetteer *g, const struct geotag_context *context, const char *original, const struct text *t,
    struct geotag *out)
{
	const struct coordinates_ground ground = { known_ground, g };
	struct coordinates point;
	struct pluscode code;
	struct scene s = { .g = g, .context = context };

	memset(out, 0, sizeof(*out));
	if (!coordinates_judge(original, t->in_len, &ground, &point))
		point.fault = COORDINATES_ZERO;
	if (point.fault == COORDINATES_FINE || point.fault == COORDINATES_OUTSIDE) {
		only_point(g, point.lat_deg, point.lon_deg, point.precision_m, out);
		return;
	}
	s.n = mentions_find(g, original, t, s.m);
	if (!find_segment(&s, out))
		find_name(&s, out);
	if (pluscode_find(original, t->in_len, &code))
		apply_pluscode(g, &code, out);
	if (!out->found && (point.fault == COORDINATES_SWAPPED || point.fault == COORDINATES_UNSIGNED))
		doubtful_point(g, &point, out);
}
