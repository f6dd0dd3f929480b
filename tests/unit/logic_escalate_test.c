/* The ladder of an unanswered alert, and the guard against clocks that jump. */
#include "logic/escalate.h"

#include "unit/test.h"

#define MINUTE	INT64_C(60000)
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)
#define GRACE	MINUTE

/* The minutes from dispatch at which each stage is reached, by walking the ladder. */
static void
walk(const struct timers *t, uint8_t priority, uint32_t at[5])
{
	struct escalation e = { .priority = priority, .stage = STAGE_DISPATCHED };
	uint32_t total = 0;

	memset(at, 0, 5 * sizeof(at[0]));
	for (int i = 0; i < 5; i++) {
		enum stage next;
		uint32_t wait = escalate_next(t, &e, &next);

		if (wait == 0 || next == e.stage)
			return;
		total += wait;
		at[next] = total;
		e.stage = next;
	}
}

TEST(ladder_of_the_brief)
{
	static const uint32_t want[3][5] = {
		{ 0, 5, 10, 20, 30 }, { 0, 15, 30, 60, 120 }, { 0, 120, 360, 1440, 0 },
	};

	for (uint8_t p = 1; p <= 3; p++) {
		uint32_t at[5];

		walk(&timers_default, p, at);
		for (int s = 0; s < 5; s++)
			CHECK_MSG(at[s] == want[p - 1][s], "P%u stage %d after %u min, not %u", p, s, at[s], want[p - 1][s]);
	}
}

TEST(unanswered_repeats_until_a_person_acts)
{
	struct escalation e = { .priority = 1, .stage = STAGE_UNANSWERED };
	enum stage next;

	CHECK_INT(escalate_next(&timers_default, &e, &next), 10);
	CHECK_INT(next, STAGE_UNANSWERED);
	e.answered = true;
	CHECK_INT(escalate_next(&timers_default, &e, &next), 0);
	CHECK_INT(next, STAGE_UNANSWERED);
}

TEST(nothing_follows_for_p4_or_the_answered)
{
	enum stage next;

	for (enum stage s = STAGE_DISPATCHED; s <= STAGE_UNANSWERED; s++) {
		for (uint8_t p = 0; p < 8; p++) {
			struct escalation e = { .priority = p, .stage = s, .answered = p >= 1 && p <= 3 };

			CHECK_INT(escalate_next(&timers_default, &e, &next), 0);
			CHECK_INT(next, s);
		}
	}
}

/* Whatever a settings file holds, the ladder ends, only rises, and never waits 0 minutes. */
TEST(any_table_rises)
{
	for (int i = 0; i < 20000; i++) {
		struct timers t = timers_default;
		struct escalation e = { .priority = (uint8_t)(1 + test_below(3)), .stage = STAGE_DISPATCHED };

		for (int p = 0; p < 3; p++)
			for (int s = 0; s < 5; s++)
				t.step_min[p][s] = (uint16_t)(test_below(3) ? test_below(2000) : 0);
		while (e.stage != STAGE_UNANSWERED) {
			enum stage next;
			uint32_t wait = escalate_next(&t, &e, &next);

			if (next == e.stage) {
				CHECK_INT(wait, 0);
				break;
			}
			CHECK(next > e.stage && wait > 0);
			e.stage = next;
		}
	}
}

TEST(monotonic_stands_within_a_boot)
{
	for (int i = 0; i < 20000; i++) {
		struct armed a = { .due_wall = { (int64_t)test_random() % (100 * 365 * DAY) },
		    .due_mono = { (int64_t)test_below(1000000000) }, .step_ms = 5 * MINUTE, .same_boot = true };
		struct now now = { { (int64_t)test_random() % (100 * 365 * DAY) }, { (int64_t)test_below(1000000000) } };

		CHECK_INT(escalate_due(&a, now, GRACE).ms, a.due_mono.ms);
	}
}

/* After a reboot with a good clock the step is due when it was to be, but not in the first minute. */
TEST(good_clock_after_a_reboot)
{
	struct armed a = { .due_wall = { 10 * DAY }, .due_mono = { 7 * DAY }, .step_ms = 30 * MINUTE };
	struct now now = { { 10 * DAY - 12 * MINUTE }, { 2 * MINUTE } };

	CHECK_INT(escalate_due(&a, now, GRACE).ms, 14 * MINUTE);
	now.wall.ms = 10 * DAY + HOUR;		/* overdue: the box was off */
	CHECK_INT(escalate_due(&a, now, GRACE).ms, GRACE);
}

TEST(dead_clock_after_a_reboot)
{
	struct armed a = { .due_wall = { 20000 * DAY }, .due_mono = { 7 * DAY }, .step_ms = 30 * MINUTE };
	struct now now = { { 0 }, { 5000 } };

	/* 1970: at most one whole step after boot, however often it is asked */
	CHECK_INT(escalate_due(&a, now, GRACE).ms, 30 * MINUTE);
	now.wall.ms = now.mono.ms = 29 * MINUTE;
	CHECK_INT(escalate_due(&a, now, GRACE).ms, 30 * MINUTE);
	now.wall.ms = a.due_wall.ms - 20 * MINUTE;	/* set back: "20 minutes left", but 29 have passed */
	CHECK_INT(escalate_due(&a, now, GRACE).ms, 30 * MINUTE);
	now.wall.ms = 30000 * DAY;		/* the far future: still not in the first minute after boot */
	now.mono.ms = 5000;
	CHECK_INT(escalate_due(&a, now, GRACE).ms, GRACE);
}

/*
 * A daemon in a world of jumps: armed, rebooted, the wall clock set at random at any moment. It looks often, acts when due, and
 * arms the next step. However the clocks behave, a step is acted on once, never sooner than grace after
 * boot unless its own boot said so, and never later than a whole step of true running time.
 */
TEST(jumps_neither_hurry_nor_lose_a_step)
{
	for (int round = 0; round < 3000; round++) {
		int64_t step = (1 + test_below(120)) * MINUTE, look = 1000 + test_below(20000);
		struct now now = { { 20000 * DAY }, { test_below(10) * HOUR } };
		struct armed a = { { now.wall.ms + step }, { now.mono.ms + step }, step, true };
		int64_t waited = 0, since_boot = now.mono.ms, acted = 0, bound = step;

		while (acted == 0 && waited <= 10 * step + DAY) {
			now.mono.ms += look;
			now.wall.ms += look;
			waited += look;
			since_boot += look;
			if (test_below(50) == 0)
				now.wall.ms = (int64_t)(test_random() % (uint64_t)(60000 * DAY));
			if (test_below(200) == 0 && waited < 3 * step) {
				now.mono.ms = since_boot = test_below(1000);
				now.wall.ms += test_below(1000000);
				a.same_boot = false;
				bound = waited + (step > GRACE ? step : GRACE);
			}
			if (escalate_due(&a, now, GRACE).ms <= now.mono.ms)
				acted++;
		}
		CHECK_MSG(acted == 1, "round %d: never due", round);
		CHECK_MSG(waited <= bound + 2 * look + 1000, "round %d: late by %lld ms", round, (long long)(waited - bound));
		if (!a.same_boot)
			CHECK_MSG(since_boot >= GRACE, "round %d: due %lld ms after boot", round, (long long)since_boot);
		else
			CHECK_MSG(waited >= step, "round %d: due %lld ms too soon", round, (long long)(step - waited));
		/* What is armed now belongs to this boot and waits its whole step. */
		struct armed next = { { now.wall.ms + step }, { now.mono.ms + step }, step, true };
		now.wall.ms = (int64_t)(test_random() % (uint64_t)(60000 * DAY));
		CHECK(escalate_due(&next, now, GRACE).ms == now.mono.ms + step);
	}
}

TEST_MAIN(TEST_ROW(ladder_of_the_brief), TEST_ROW(unanswered_repeats_until_a_person_acts),
    TEST_ROW(nothing_follows_for_p4_or_the_answered), TEST_ROW(any_table_rises), TEST_ROW(monotonic_stands_within_a_boot),
    TEST_ROW(good_clock_after_a_reboot), TEST_ROW(dead_clock_after_a_reboot),
    TEST_ROW(jumps_neither_hurry_nor_lose_a_step))
