/* Fuzz target: whatever is in routing.matrix, it opens nothing that is protected and nobody is told against it. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "logic/route.h"

static const char *const codes[] = { "ATK", "GBV", "ABU", "AIR", "XYZ" };
#define CODES	(sizeof(codes) / sizeof(codes[0]))

static void
check_cells(const struct matrix *m)
{
	for (size_t t = 0; t < matrix_types(m); t++) {
		bool duty = strcmp(matrix_type(m, t), MATRIX_DUTY) == 0;

		FUZZ_MUST(matrix_find_type(m, matrix_type(m, t)) == (int)t);
		FUZZ_MUST(strcmp(matrix_type(m, t), "FDS") != 0 || matrix_off(m, t));
		FUZZ_MUST(matrix_cell(m, "GBV", t) >= PERM_POINTER);
		FUZZ_MUST(duty || matrix_cell(m, "ABU", t) != PERM_AUTO);
		FUZZ_MUST(duty || matrix_cell(m, "AIR", t) != PERM_AUTO);
		FUZZ_MUST(!duty || matrix_cell(m, "ATK", t) != PERM_NEVER);
	}
}

/* One responder of every type: what is not allowed is not sent. */
static void
check_routes(const struct matrix *m)
{
	static struct responder people[TYPES_MAX];
	static struct route routes[TYPES_MAX];
	struct roster roster = { people, matrix_types(m) };

	memset(people, 0, sizeof(people));
	for (size_t t = 0; t < roster.n; t++) {
		people[t].types = UINT32_C(1) << t;
		people[t].everywhere = true;
	}
	for (size_t a = 0; a < CODES; a++)
		for (size_t b = 0; b < CODES; b++) {
			const char *set[] = { codes[a], codes[b] };
			struct route_query q = { .codes = set, .n_codes = 2, .firing = FIRE_AUTO };

			route(m, &roster, &q, routes);
			for (size_t t = 0; t < roster.n; t++) {
				FUZZ_MUST(strlen(routes[t].why) > 0);
				FUZZ_MUST(!routes[t].send || (routes[t].permission != PERM_NEVER &&
				    routes[t].permission != PERM_NEUTRAL && routes[t].permission != PERM_VALIDATED &&
				    !matrix_off(m, t)));
			}
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct diags diags;
	struct matrix *m;

	diags_init(&diags);
	m = matrix_new("m", (const char *)p, n, &diags);
	FUZZ_MUST((m == NULL) == (diags.errors > 0));
	if (m != NULL) {
		check_cells(m);
		check_routes(m);
	}
	matrix_free(m);
	diags_release(&diags);
	return 0;
}
