/* The rules of silence, as one table that is read from the top. */
#include "logic/silence.h"

#include <string.h>

static bool
no_number(const struct silence_query *q)
{
	return !q->number;
}

static bool
unknown(const struct silence_query *q)
{
	return !q->enrolled;
}

static bool
not_opted_in(const struct silence_query *q)
{
	return !q->opted_in;
}

static bool
stopped(const struct silence_query *q)
{
	return q->stopped;
}

static bool
silent(const struct silence_query *q)
{
	return q->silent;
}

static bool
shared(const struct silence_query *q)
{
	return q->shared;
}

static bool
duress(const struct silence_query *q)
{
	return q->duress;
}

static bool
hiding(const struct silence_query *q)
{
	return q->hiding;
}

static bool
flood(const struct silence_query *q)
{
	return q->flood;
}

static bool
old(const struct silence_query *q)
{
	return q->age_min > SILENCE_OLD_MIN;
}

static bool
night(const struct silence_query *q)
{
	return q->local_min >= SILENCE_NIGHT_MIN || q->local_min < SILENCE_DAY_MIN;
}

/* A clock that went back must not open what is closed: a reply in the future is recent. */
static bool
recent(const struct silence_query *q)
{
	return q->replied && q->replied_ms < SILENCE_RECENT_MS;
}

static const struct {
	bool		(*holds)(const struct silence_query *);
	const char	*name;
} rules[] = {
	[SILENCE_NO_NUMBER] = { no_number, "not an ordinary number" },
	[SILENCE_UNKNOWN] = { unknown, "not enrolled" },
	[SILENCE_NOT_OPTED_IN] = { not_opted_in, "no consent to replies" },
	[SILENCE_STOPPED] = { stopped, "said STOP" },
	[SILENCE_SILENT] = { silent, "in silent mode" },
	[SILENCE_SHARED] = { shared, "a shared phone" },
	[SILENCE_DURESS] = { duress, "under duress" },
	[SILENCE_HIDING] = { hiding, "people may be hiding" },
	[SILENCE_NIGHT] = { night, "night" },
	[SILENCE_RECENT] = { recent, "replied within the hour" },
	[SILENCE_FLOOD] = { flood, "too many messages" },
	[SILENCE_OLD] = { old, "the message is too old" },
};

#define RULES	(sizeof(rules) / sizeof(rules[0]))

enum silence
silence_rule(const struct silence_query *q)
{
	for (size_t i = SILENCE_NO_NUMBER; i < RULES; i++)
		if (rules[i].holds(q))
			return (enum silence)i;
	return SILENCE_NONE;
}

const char *
silence_name(enum silence s)
{
	return s > SILENCE_NONE && (size_t)s < RULES ? rules[s].name : "none";
}

bool
silence_hides(const char *codes)
{
	static const char *const hidden[] = { "ATK", "ABD", "AIR", "ABU", "GBV", "SOS" };

	while (*codes != '\0') {
		size_t n = strcspn(codes, ",");

		for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
			if (strlen(hidden[i]) == n && memcmp(hidden[i], codes, n) == 0)
				return true;
		codes += n + (codes[n] == ',');
	}
	return false;
}
