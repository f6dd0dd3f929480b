/* The rules of silence: each alone closes the mouth, each at its edge, all combinations against an oracle. */
#include "logic/silence.h"
#include "unit/test.h"

/* Somebody who may be asked. */
static const struct silence_query open = { .number = true, .enrolled = true, .opted_in = true, .local_min = 12 * 60 };

TEST(who_may_be_asked)
{
	CHECK_INT(silence_rule(&open), SILENCE_NONE);
	CHECK_STR(silence_name(SILENCE_NONE), "none");
}

TEST(default_is_silence)
{
	const struct silence_query nothing = { 0 };

	CHECK(silence_rule(&nothing) != SILENCE_NONE);
}

TEST(each_reason_alone)
{
	struct silence_query q;

#define ALONE(change, reason) \
	do { q = open; q.change; CHECK_INT(silence_rule(&q), reason); } while (0)
	ALONE(number = false, SILENCE_NO_NUMBER);
	ALONE(enrolled = false, SILENCE_UNKNOWN);
	ALONE(opted_in = false, SILENCE_NOT_OPTED_IN);
	ALONE(stopped = true, SILENCE_STOPPED);
	ALONE(silent = true, SILENCE_SILENT);
	ALONE(shared = true, SILENCE_SHARED);
	ALONE(duress = true, SILENCE_DURESS);
	ALONE(hiding = true, SILENCE_HIDING);
	ALONE(flood = true, SILENCE_FLOOD);
	ALONE(local_min = 20 * 60, SILENCE_NIGHT);
	ALONE(local_min = 20 * 60 - 1, SILENCE_NONE);
	ALONE(local_min = 0, SILENCE_NIGHT);
	ALONE(local_min = 7 * 60 - 1, SILENCE_NIGHT);
	ALONE(local_min = 7 * 60, SILENCE_NONE);
	ALONE(age_min = 60, SILENCE_NONE);
	ALONE(age_min = 61, SILENCE_OLD);
#undef ALONE
}

TEST(a_reply_is_recent_for_an_hour)
{
	struct silence_query q = open;

	q.replied = true;
	q.replied_ms = SILENCE_RECENT_MS - 1;
	CHECK_INT(silence_rule(&q), SILENCE_RECENT);
	q.replied_ms = SILENCE_RECENT_MS;
	CHECK_INT(silence_rule(&q), SILENCE_NONE);
	q.replied_ms = -5;		/* the clock went back */
	CHECK_INT(silence_rule(&q), SILENCE_RECENT);
	q.replied = false;
	CHECK_INT(silence_rule(&q), SILENCE_NONE);
}

/* Twelve conditions, each good or bad: 4,096 combinations, of which one may speak. */
TEST(all_combinations)
{
	unsigned speaks = 0;

	for (unsigned bits = 0; bits < 1u << 12; bits++) {
		struct silence_query q = {
			.number = (bits & 1) == 0, .enrolled = (bits & 2) == 0, .opted_in = (bits & 4) == 0,
			.stopped = bits & 8, .silent = bits & 16, .shared = bits & 32, .duress = bits & 64,
			.hiding = bits & 128, .local_min = bits & 256 ? 23 * 60 : 9 * 60, .replied = bits & 512,
			.replied_ms = 60000, .flood = bits & 1024, .age_min = bits & 2048 ? 90 : 3 };
		unsigned first = 0;

		while (first < 12 && (bits >> first & 1) == 0)
			first++;
		CHECK_MSG((unsigned)silence_rule(&q) == (first == 12 ? 0 : first + 1), "bits %x: %s", bits,
		    silence_name(silence_rule(&q)));
		speaks += silence_rule(&q) == SILENCE_NONE;
	}
	CHECK_INT(speaks, 1);
}

TEST(every_reason_has_a_name)
{
	for (int i = SILENCE_NO_NUMBER; i <= SILENCE_OLD; i++)
		CHECK_MSG(strcmp(silence_name((enum silence)i), "none") != 0, "%d", i);
	CHECK_STR(silence_name((enum silence)99), "none");
}

TEST(what_people_hide_from)
{
	static const char *const hidden[] = { "ATK", "ABD", "AIR", "ABU", "GBV", "SOS", "WND,ATK", "GBV,RAI", "RAI,SOS,DSP" };
	static const char *const others[] = { "", ",", "RAI", "DSP,MOV", "ATKX", "AT", "TKATK,RAI", "EXP,WND,KIL,THR,BLK" };

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		CHECK_MSG(silence_hides(hidden[i]), "%s", hidden[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK_MSG(!silence_hides(others[i]), "%s", others[i]);
}

TEST_MAIN(TEST_ROW(who_may_be_asked), TEST_ROW(default_is_silence), TEST_ROW(each_reason_alone),
    TEST_ROW(a_reply_is_recent_for_an_hour), TEST_ROW(all_combinations), TEST_ROW(every_reason_has_a_name),
    TEST_ROW(what_people_hide_from))
