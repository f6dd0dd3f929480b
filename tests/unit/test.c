/* The test harness behind test.h: counting, seeds, the closing line. */
#include "unit/test.h"

#include <stdarg.h>
#include <time.h>

int test_failures;
static uint64_t seed, state;

void
test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	test_failures++;
	if (test_failures > 20)
		return;
	printf("    %s:%d: ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

static void
seed_init(void)
{
	const char *s = getenv("SEED");
	struct timespec t;

	if (seed != 0)
		return;
	if (s != NULL)
		seed = strtoull(s, NULL, 10);
	else if (clock_gettime(CLOCK_REALTIME, &t) == 0)
		seed = (uint64_t)t.tv_nsec ^ (uint64_t)t.tv_sec << 20;
	if (seed == 0)
		seed = 1;
	state = seed;
}

uint64_t
test_seed(void)
{
	seed_init();
	return seed;
}

/* splitmix64 (S. Vigna, public domain algorithm). */
uint64_t
test_random(void)
{
	uint64_t z;

	seed_init();
	z = (state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint32_t
test_below(uint32_t n)
{
	return n == 0 ? 0 : (uint32_t)(test_random() % n);
}

int
test_run(const struct test_row *rows, size_t n)
{
	size_t passed = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		test_failures = 0;
		rows[i].run();
		if (test_failures == 0) {
			passed++;
			continue;
		}
		failed++;
		printf("FAIL %s (%d checks; SEED=%" PRIu64 ")\n", rows[i].name, test_failures, test_seed());
	}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed != 0;
}
