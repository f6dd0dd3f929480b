/* Asking a reporter where it is, at most once, and hearing what he answers. */
#ifndef TOCSIN_ASK_H
#define TOCSIN_ASK_H

#include "base/clock.h"
#include "core/decide.h"
#include "store/inbox.h"

struct core;
struct geotag_context;

/* All of these run inside the caller's transaction and return 0, or -1 when the store failed. */

/*
 * After a report was joined to an incident that has no place, or several: asks its sender for the village, if the rules of silence
 * allow it (logic/silence.h). The decision says what was asked, or why not.
 */
int	ask_place(struct core *, const struct inbox_row *, const struct understood *, struct decision *, struct now);
/*
 * A text that says nothing by itself, from somebody who was asked within the hour: a number of those offered, or the name of a
 * place. It joins the incident and places it; of several places of that name the responders hear that the place is doubtful.
 * 1: it was an answer, and the decision is made; 0: it was not.
 */
int	ask_answered(struct core *, const struct inbox_row *, const struct understood *, struct decision *, struct now);
/* The sender's village, if he is enrolled and told it: what helps to choose among places of one name. */
void	ask_context(struct core *, const struct inbox_row *, struct geotag_context *);

#endif
