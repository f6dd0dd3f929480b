/* Understands the oldest stored messages, one transaction each. */
#ifndef TOCSIN_DECIDE_H
#define TOCSIN_DECIDE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/clock.h"
#include "logic/classify.h"
#include "logic/geotag.h"
#include "logic/types.h"
#include "store/inbox.h"

struct core;

/* What was made of one text; large, so made once per message on the heap. */
struct understood {
	struct text	text;
	struct verdict	verdict;
	struct geotag_context around;	/* what is known beside the text */
	struct geotag	where;
	wall_t		at;		/* when it was sent, as far as that can be believed */
	uint32_t	age_min;	/* between that and its arrival */
};

/* The outcome of one message, stored with its row. */
struct decision {
	const char	*result;	/* constant: "alert", "joined", "review", "noise", … */
	int64_t		 incident;
	bool		 partial;	/* more of this text is on its way: not the moment to say that it is not understood */
	struct buf	 why;		/* JSON members, each followed by a comma */
	struct buf	 said;		/* the same for people: JSON strings, each followed by a comma */
};

/* Adds a line to what people read of a decision. */
void	decide_say(struct decision *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* At start: a message that was being decided when the daemon died counts a try. 0 or -1. */
int	decide_recover(struct core *, struct now);
/* Decides a bounded number of messages; true when more wait. */
bool	decide_turn(struct core *, struct now);

#endif
