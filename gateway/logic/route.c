/* Decides for every responder whether he is told now, later or never, in numbered steps. */
#include "logic/route.h"

#include <stdio.h>
#include <string.h>

#include "logic/normalize.h"

/*
 * The steps, in order; the first that says no ends it. Default deny: whoever no step lets through is not told.
 *
 *  1 a type that is switched off (off line) is told nothing
 *  2 N in any category, for any of his types: never
 *  3 none of his types is addressed: only '-'
 *  4 place: unknown, only the duty desk and the community liaison; known, his areas must hold it
 *  5 a person first: V waits for validation; so does all but the desk when the machine's word is not enough, except
 *    that A opens to the liaison when the time for a person to look is over
 *  6 his tier is not told yet
 *  7 told; P and C with the restricted pointer only
 */
enum { STEP_OFF = 1, STEP_NEVER, STEP_NOT_ADDRESSED, STEP_PLACE, STEP_PERSON, STEP_TIER, STEP_TOLD };

#define DRAWN_MAX	64	/* drawn areas that hold one place: more of them overlap nowhere */

/* The place of the incident as areas are written, folded once, and the drawn areas that hold it. */
struct area {
	bool	known;
	char	names[6][PLACE_NAME_SIZE];	/* code, cercle and region, the old ones, the place itself; "" for none */
	const struct areas *drawn;
	uint32_t in[DRAWN_MAX];			/* of the drawn areas those that hold it */
	size_t	n_in;
};

struct decision {
	const struct matrix *matrix;
	const struct route_query *query;
	struct area area;
	int	 duty, liaison;		/* types, -1: the matrix has none */
	bool	 desk_covers;		/* a duty officer's areas hold the place */
};

/* What a responder's types make of it. */
struct standing {
	enum permission permission;
	size_t	 type;			/* that decided */
	const char *code;		/* category that decided */
	bool	 off, on_desk, liaison;
};

/* ---- permissions ------------------------------------------------------------------ */

/* The strictest cell over the categories, without C when another category is the headline. */
static enum permission
strictest(const struct matrix *m, size_t type, const char *const *codes, size_t n, const char **decided)
{
	bool mask = n > 0 && matrix_cell(m, codes[0], type) != PERM_COUNT;
	enum permission worst = PERM_NEUTRAL;

	*decided = n > 0 ? codes[0] : "-";
	for (size_t i = 0; i < n; i++) {
		enum permission p = matrix_cell(m, codes[i], type);

		if (p <= worst || (p == PERM_COUNT && mask))
			continue;
		worst = p;
		*decided = codes[i];
	}
	return worst;
}

enum permission
route_permission(const struct matrix *m, size_t type, const char *const *codes, size_t n_codes)
{
	const char *decided;

	return strictest(m, type, codes, n_codes, &decided);
}

static bool
has_type(const struct responder *p, int type)
{
	return type >= 0 && (p->types & UINT32_C(1) << type) != 0;
}

/* N beats everything; then the most open letter that addresses him; '-' when none does. */
static bool
replaces(enum permission now, enum permission before)
{
	if (before == PERM_NEVER || now == PERM_NEVER)
		return now == PERM_NEVER && before != PERM_NEVER;
	return now != PERM_NEUTRAL && (before == PERM_NEUTRAL || now < before);
}

static struct standing
stand(const struct decision *d, const struct responder *p)
{
	const struct route_query *q = d->query;
	struct standing s = { .permission = PERM_NEUTRAL, .code = q->n_codes > 0 ? q->codes[0] : "-",
	    .type = matrix_types(d->matrix), .on_desk = has_type(p, d->duty), .liaison = has_type(p, d->liaison) };

	for (size_t t = 0; t < matrix_types(d->matrix); t++) {
		const char *code;
		enum permission perm;

		if (!has_type(p, (int)t))
			continue;
		perm = strictest(d->matrix, t, q->codes, q->n_codes, &code);
		if (matrix_off(d->matrix, t) && !s.off) {
			s.off = true;
			s.type = t;
		}
		if (s.off || (s.on_desk && (int)t != d->duty))
			continue;
		if (s.type == matrix_types(d->matrix) || replaces(perm, s.permission)) {
			s.permission = perm;
			s.type = t;
			s.code = code;
		}
	}
	return s;
}

/* ---- places ------------------------------------------------------------------------ */

static void
fold(const char *name, char out[PLACE_NAME_SIZE])
{
	if (normalize_fold(name, strlen(name), out, PLACE_NAME_SIZE) < 0)
		out[0] = '\0';
}

static void
fold_area(const struct place *where, const struct areas *drawn, struct area *a)
{
	memset(a, 0, sizeof(*a));
	if (where == NULL)
		return;
	a->known = true;
	fold(where->c3, a->names[0]);
	fold(where->cercle, a->names[1]);
	fold(where->region, a->names[2]);
	fold(where->old_cercle, a->names[3]);
	fold(where->old_region, a->names[4]);
	fold(where->name, a->names[5]);
	if (drawn == NULL)
		return;
	a->drawn = drawn;
	a->n_in = areas_match(drawn, where, a->in, DRAWN_MAX);
	if (a->n_in > DRAWN_MAX)
		a->n_in = DRAWN_MAX;
}

static bool
is_in(const struct area *a, const char *name)
{
	for (size_t i = 0; i < sizeof(a->names) / sizeof(a->names[0]); i++)
		if (name[0] != '\0' && strcmp(name, a->names[i]) == 0)
			return true;
	for (size_t i = 0; i < a->n_in; i++)
		if (strcmp(name, areas_folded(a->drawn, a->in[i])) == 0)
			return true;
	return false;
}

static bool
in_areas(const struct responder *p, const struct area *a)
{
	if (p->everywhere)
		return true;
	for (size_t i = 0; i < p->n_areas && i < AREAS_MAX; i++)
		if (is_in(a, p->areas[i]))
			return true;
	return false;
}

static bool
desk_covers(const struct decision *d, const struct roster *roster)
{
	for (size_t i = 0; i < roster->n; i++)
		if (has_type(&roster->v[i], d->duty) && in_areas(&roster->v[i], &d->area))
			return true;
	return false;
}

static bool
place_allows(const struct decision *d, const struct responder *p, const struct standing *s)
{
	if (!d->area.known)
		return s->on_desk || s->liaison;
	return in_areas(p, &d->area) || (s->on_desk && !d->desk_covers);
}

/* ---- people -------------------------------------------------------------------------- */

/* NULL: nothing to wait for. */
static const char *
waits_for(const struct route_query *q, const struct standing *s)
{
	if (q->validated)
		return NULL;
	if (s->permission == PERM_VALIDATED)
		return "not validated yet";
	if (q->firing == FIRE_AUTO || s->on_desk)
		return NULL;
	if (q->released && s->liaison && s->permission == PERM_AUTO)
		return NULL;
	return q->released ? "nobody validated it" : "a person looks first";
}

/* ---- the decision --------------------------------------------------------------------- */

static int
decide_step(const struct decision *d, const struct responder *p, const struct standing *s, const char **why)
{
	*why = NULL;
	if (s->off) {
		*why = "switched off";
		return STEP_OFF;
	}
	if (s->permission == PERM_NEVER)
		return STEP_NEVER;
	if (s->permission == PERM_NEUTRAL)
		return STEP_NOT_ADDRESSED;
	if (!place_allows(d, p, s)) {
		*why = d->area.known ? "outside his areas" : "place unknown: desk and liaison only";
		return STEP_PLACE;
	}
	*why = waits_for(d->query, s);
	if (*why != NULL)
		return STEP_PERSON;
	if (p->tier > d->query->tier_max) {
		*why = "his tier is not told yet";
		return STEP_TIER;
	}
	return STEP_TOLD;
}

static void
route_one(const struct decision *d, const struct responder *p, struct route *r)
{
	struct standing s = stand(d, p);
	const char *why;

	r->permission = s.permission;
	r->step = (uint8_t)decide_step(d, p, &s, &why);
	r->send = r->step == STEP_TOLD;
	r->pointer = s.permission == PERM_POINTER || s.permission == PERM_COUNT;
	if (s.type == matrix_types(d->matrix))
		snprintf(r->why, sizeof(r->why), "no type of his is in the matrix");
	else if (s.off)
		snprintf(r->why, sizeof(r->why), "%s: %s", matrix_type(d->matrix, s.type), why);
	else
		snprintf(r->why, sizeof(r->why), "%s: %s %c%s%s", s.code, matrix_type(d->matrix, s.type),
		    matrix_letter(s.permission), why != NULL ? ": " : "", why != NULL ? why : "");
}

void
route(const struct matrix *m, const struct roster *roster, const struct route_query *q, struct route *routes)
{
	struct decision d = { .matrix = m, .query = q, .duty = matrix_find_type(m, MATRIX_DUTY),
	    .liaison = matrix_find_type(m, MATRIX_LIAISON) };

	fold_area(q->where, q->areas, &d.area);
	d.desk_covers = desk_covers(&d, roster);
	for (size_t i = 0; i < roster->n; i++) {
		memset(&routes[i], 0, sizeof(routes[i]));
		routes[i].responder = i;
		route_one(&d, &roster->v[i], &routes[i]);
	}
}
