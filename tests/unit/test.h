/* The whole test harness: one program per file, every check names itself. */
#ifndef TOCSIN_TEST_H
#define TOCSIN_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * TEST(name) { … } defines a test; main() is TEST_MAIN(name, name, …). A CHECK
 * that does not hold prints file:line and what it saw and fails its test, which
 * goes on. The program prints one line per failed test and ends with
 * "N passed, N failed"; the exit status is 1 when any failed.
 */
#define TEST(name)	static void name(void)

extern int test_failures;	/* of the running test; defined by TEST_MAIN */

#define CHECK(cond) \
	do { if (!(cond)) test_fail(__FILE__, __LINE__, "%s", #cond); } while (0)
#define CHECK_INT(got, want) \
	do { long long g_ = (long long)(got), w_ = (long long)(want); \
		if (g_ != w_) test_fail(__FILE__, __LINE__, "%s is %lld, not %lld", #got, g_, w_); } while (0)
#define CHECK_STR(got, want) \
	do { const char *g_ = (got), *w_ = (want); \
		if (g_ == NULL || strcmp(g_, w_) != 0) test_fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", \
		    #got, g_ ? g_ : "(null)", w_); } while (0)
#define CHECK_NEAR(got, want, tolerance) \
	do { double g_ = (got), w_ = (want); \
		if (!(g_ - w_ <= (tolerance) && w_ - g_ <= (tolerance))) \
			test_fail(__FILE__, __LINE__, "%s is %.9g, not %.9g", #got, g_, w_); } while (0)
/* The same with words of the caller's, for loops: which row failed. */
#define CHECK_MSG(cond, ...) \
	do { if (!(cond)) test_fail(__FILE__, __LINE__, __VA_ARGS__); } while (0)

void test_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A seeded generator for property tests; SEED=n in the environment repeats a run, the seed is printed when a test fails. */
uint64_t test_random(void);
uint32_t test_below(uint32_t n);	/* 0 … n-1 */
uint64_t test_seed(void);

struct test_row {
	const char	*name;
	void		(*run)(void);
};

int test_run(const struct test_row *, size_t n);

#define TEST_ROW(name)	{ #name, name }
#define TEST_MAIN(...) \
	int main(void) { const struct test_row rows[] = { __VA_ARGS__ }; \
		return test_run(rows, sizeof(rows) / sizeof(rows[0])); }

#endif
