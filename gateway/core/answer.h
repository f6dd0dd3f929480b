/* What responders text back: acknowledgements, going, cannot, on site. */
#ifndef TOCSIN_ANSWER_H
#define TOCSIN_ANSWER_H

#include "base/clock.h"
#include "core/decide.h"
#include <stdbool.h>
#include <stdint.h>

#include "logic/command.h"
#include "store/inbox.h"

struct core;
struct responder;

/* In the caller's transaction; 0, or -1 when the store failed. */
int	answer_command(struct core *, const struct inbox_row *, const struct responder *, const struct command *,
	    struct decision *, struct now);
/* A text from a rostered number that is neither a command nor a report: says so (H2), once per text. */
int	answer_not_understood(struct core *, const struct inbox_row *, const struct responder *, struct now);
/* Whether anybody who was told of it says that he goes, or is or was there. */
bool	answer_somebody_goes(struct core *, int64_t incident);

#endif
