/* Reads routing.matrix and answers for every cell, default deny. */
#include "logic/matrix.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATRIX_BYTES_MAX	65536

struct row {
	char	category[CODE_SIZE];
	uint8_t	cell[TYPES_MAX];	/* enum permission */
};

struct matrix {
	size_t	 n_types, n_rows;
	char	 type[TYPES_MAX][MATRIX_TYPE_SIZE];
	uint32_t off;				/* set of types */
	struct row row[CATEGORIES_MAX];
};

static const char letters[] = "-AVPCN";		/* by enum permission */

/*
 * Brief DNH-15: what these categories may be opened to at most. A wrong word about them kills, so it takes a new
 * program to change, not a line in a file. Types that are not listed: never.
 */
static const char *const shipped_types[] = {
	"DUTY", "CLA", "PKF", "FDS", "MED", "EOD", "HRO", "GBV/CP", "HUM", "MDT", "RNG", "NGO",
};

static const struct { char category[CODE_SIZE], cells[13]; } guarded[] = {
	{ "GBV", "CNNNNNNPNNNN" },
	{ "ABU", "AVVNV-PVNNNN" },
	{ "AIR", "AVVNV-P-NNVN" },
};

/* Switching these on takes two people, which this version cannot check: they must be off, and never without validation. */
static const char *const forces[] = { "FDS" };

/* ---- small questions ----------------------------------------------------------- */

char
matrix_letter(enum permission p)
{
	return p <= PERM_NEVER ? letters[p] : '?';
}

static bool
is_force(const char *type)
{
	for (size_t i = 0; i < sizeof(forces) / sizeof(forces[0]); i++)
		if (strcmp(forces[i], type) == 0)
			return true;
	return false;
}

static bool
is_duty(const char *type)
{
	return strcmp(type, MATRIX_DUTY) == 0;
}

static bool
is_guarded(const char *category)
{
	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++)
		if (strcmp(guarded[i].category, category) == 0)
			return true;
	return false;
}

/* The most open permission a guarded category may have; PERM_AUTO when it is not guarded. */
static enum permission
guard(const char *category, const char *type)
{
	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++) {
		if (strcmp(guarded[i].category, category) != 0)
			continue;
		for (size_t k = 0; k < sizeof(shipped_types) / sizeof(shipped_types[0]); k++)
			if (strcmp(shipped_types[k], type) == 0)
				return (enum permission)(strchr(letters, guarded[i].cells[k]) - letters);
		return PERM_NEVER;
	}
	return PERM_AUTO;
}

/* A neutral guarded cell may be closed; any other may be made stricter, but not neutral: that would open mixed messages. */
static bool
within_guard(enum permission p, enum permission limit)
{
	if (limit == PERM_NEUTRAL)
		return p == PERM_NEUTRAL || p == PERM_NEVER;
	return p >= limit;
}

static bool
is_sealed(const char *category)
{
	return strcmp(category, CODE_SEALED) == 0 || strcmp(category, CODE_NOISE) == 0;
}

static const struct row *
find_row(const struct matrix *m, const char *category)
{
	for (size_t i = 0; i < m->n_rows; i++)
		if (strcmp(m->row[i].category, category) == 0)
			return &m->row[i];
	return NULL;
}

/* ---- reading --------------------------------------------------------------------- */

struct word {
	const char *p;
	size_t	 len;
};

/* One line of the file, cut into words as it is read. */
struct reader {
	const char *file;
	struct diags *diags;
	struct matrix *m;
	const char *line, *end, *at;	/* the line and the rest of it */
	int	 number;
	size_t	 errors;		/* of ours: the caller's diags may hold older ones */
	bool	 has_types;
};

static void fault(struct reader *, const char *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
fault(struct reader *r, const char *at, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	diag_add(r->diags, DIAG_ERROR, r->file, r->number, (int)(at - r->line) + 1, r->line,
	    (size_t)(r->end - r->line), "%s", what);
	r->errors++;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
next_word(struct reader *r, struct word *w)
{
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
	if (r->at == r->end || *r->at == '#')
		return false;
	w->p = r->at;
	while (r->at < r->end && !is_blank(*r->at) && *r->at != '#')
		r->at++;
	w->len = (size_t)(r->at - w->p);
	return true;
}

/* Names are shown in SMS-free places only, but in logs and on screens: plain capitals, digits and / _ -. */
static bool
copy_name(struct reader *r, const struct word *w, char *out, size_t size)
{
	for (size_t i = 0; i < w->len; i++)
		if (!isupper((unsigned char)w->p[i]) && !isdigit((unsigned char)w->p[i]) &&
		    (i == 0 || strchr("/_-", w->p[i]) == NULL || w->p[i] == '\0')) {
			fault(r, w->p + i, "a name is made of capital letters, digits and / _ -");
			return false;
		}
	if (w->len >= size) {
		fault(r, w->p, "'%.*s' is longer than %zu characters", (int)w->len, w->p, size - 1);
		return false;
	}
	memcpy(out, w->p, w->len);
	out[w->len] = '\0';
	return true;
}

static void
read_types(struct reader *r)
{
	struct matrix *m = r->m;
	struct word w;

	if (r->has_types) {
		fault(r, r->line, "a second 'types' line");
		return;
	}
	r->has_types = true;
	while (next_word(r, &w)) {
		if (m->n_types == TYPES_MAX) {
			fault(r, w.p, "more than %d types", TYPES_MAX);
			return;
		}
		if (!copy_name(r, &w, m->type[m->n_types], MATRIX_TYPE_SIZE))
			continue;
		if (matrix_find_type(m, m->type[m->n_types]) >= 0)
			fault(r, w.p, "type '%s' stands here twice", m->type[m->n_types]);
		m->n_types++;
	}
	if (matrix_find_type(m, MATRIX_DUTY) == -1)
		fault(r, r->line, "no type '" MATRIX_DUTY "': somebody must see what nobody else may");
}

static void
read_off(struct reader *r)
{
	char name[MATRIX_TYPE_SIZE];
	struct word w;

	while (next_word(r, &w)) {
		int type;

		if (!copy_name(r, &w, name, sizeof(name)))
			continue;
		type = matrix_find_type(r->m, name);
		if (type == -1)
			fault(r, w.p, "'%s' is not one of the types", name);
		else if (is_duty(name))
			fault(r, w.p, "the duty desk cannot be off");
		else
			r->m->off |= UINT32_C(1) << type;
	}
}

/* One cell against what no file may change. */
static void
check_cell(struct reader *r, const struct word *w, const char *category, const char *type, enum permission p)
{
	enum permission limit = guard(category, type);

	if (!within_guard(p, limit) && is_guarded(category))
		fault(r, w->p, "'%c' opens %s to %s: %s is protected, '%c' is the most this program allows",
		    letters[p], category, type, category, letters[limit]);
	else if (is_duty(type) && p != PERM_AUTO && p != PERM_COUNT)
		fault(r, w->p, "the duty desk sees every category: 'A' or 'C', not '%c'", letters[p]);
	else if (is_force(type) && p == PERM_AUTO)
		fault(r, w->p, "%s is never told before a person looked: not 'A'", type);
}

static void
read_cells(struct reader *r, struct row *row)
{
	struct word w;
	size_t n = 0;

	for (; next_word(r, &w); n++) {
		const char *letter = w.len == 1 && *w.p != '\0' ? strchr(letters, *w.p) : NULL;

		if (n == r->m->n_types) {
			fault(r, w.p, "more cells than the %zu types", n);
			return;
		}
		if (letter == NULL) {
			fault(r, w.p, "'%.*s' is not one of A V P C N -", (int)(w.len < 20 ? w.len : 20), w.p);
			continue;
		}
		row->cell[n] = (uint8_t)(letter - letters);
		check_cell(r, &w, row->category, r->m->type[n], (enum permission)row->cell[n]);
	}
	if (n < r->m->n_types)
		fault(r, r->at, "%zu cells for %zu types: '%s' has none", n, r->m->n_types, r->m->type[n]);
}

static void
read_row(struct reader *r, const struct word *w)
{
	struct matrix *m = r->m;
	struct row row = { 0 };

	if (!r->has_types) {
		fault(r, w->p, "a 'types' line must come before the categories");
		return;
	}
	if (!copy_name(r, w, row.category, sizeof(row.category)))
		return;
	if (is_sealed(row.category)) {
		fault(r, w->p, "'%s' is told to nobody and has no row", row.category);
		return;
	}
	if (find_row(m, row.category) != NULL)
		fault(r, w->p, "category '%s' stands here twice", row.category);
	read_cells(r, &row);
	if (m->n_rows == CATEGORIES_MAX)
		fault(r, w->p, "more than %d categories", CATEGORIES_MAX);
	else
		m->row[m->n_rows++] = row;
}

static bool
is_word(const struct word *w, const char *s)
{
	return w->len == strlen(s) && memcmp(w->p, s, w->len) == 0;
}

static void
read_line(struct reader *r)
{
	struct word w;

	if (!next_word(r, &w))
		return;
	if (is_word(&w, "types"))
		read_types(r);
	else if (is_word(&w, "off"))
		read_off(r);
	else
		read_row(r, &w);
}

static void
read_lines(struct reader *r, const char *p, const char *end)
{
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		r->number++;
		r->line = r->at = p;
		r->end = nl != NULL ? nl : end;
		read_line(r);
		p = nl != NULL ? nl + 1 : end;
	}
}

static void
check_whole(struct reader *r)
{
	r->line = r->end = r->at = "";
	if (!r->has_types)
		fault(r, r->line, "no 'types' line");
	for (size_t i = 0; i < r->m->n_types; i++)
		if (is_force(r->m->type[i]) && !matrix_off(r->m, i))
			fault(r, r->line, "type '%s' must be off: an 'off %s' line is missing", r->m->type[i],
			    r->m->type[i]);
}

struct matrix *
matrix_new(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	struct matrix *m = calloc(1, sizeof(*m));
	struct reader r = { .file = file, .diags = diags, .m = m };

	if (m == NULL || len > MATRIX_BYTES_MAX) {
		diag_add(diags, DIAG_ERROR, file, 0, 0, NULL, 0, m == NULL ? "out of memory" : "the file is too long");
		goto fail;
	}
	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	if (len > 0)
		read_lines(&r, bytes, bytes + len);
	check_whole(&r);
	if (r.errors == 0)
		return m;
fail:
	free(m);
	return NULL;
}

void
matrix_free(struct matrix *m)
{
	free(m);
}

/* ---- answering --------------------------------------------------------------------- */

size_t
matrix_types(const struct matrix *m)
{
	return m->n_types;
}

const char *
matrix_type(const struct matrix *m, size_t i)
{
	return m->type[i];
}

int
matrix_find_type(const struct matrix *m, const char *name)
{
	for (size_t i = 0; i < m->n_types; i++)
		if (strcmp(m->type[i], name) == 0)
			return (int)i;
	return -1;
}

bool
matrix_off(const struct matrix *m, size_t type)
{
	return type < m->n_types && (m->off & UINT32_C(1) << type) != 0;
}

/* A guarded category without a row is no more open than the shipped table; any other is the duty desk's. */
static enum permission
cell_without_row(const char *category, bool duty)
{
	if (is_sealed(category))
		return duty ? PERM_NEUTRAL : PERM_NEVER;
	return duty ? guard(category, MATRIX_DUTY) : PERM_NEVER;
}

enum permission
matrix_cell(const struct matrix *m, const char *category, size_t type)
{
	const struct row *row = find_row(m, category);

	if (type >= m->n_types)
		return PERM_NEVER;
	return row != NULL ? (enum permission)row->cell[type] : cell_without_row(category, is_duty(m->type[type]));
}
