/* One question of tocsinctl while it is answered: for the files that answer some. */
#ifndef TOCSIN_REQUEST_H
#define TOCSIN_REQUEST_H

#include <sys/types.h>

#include "base/clock.h"
#include "wire/ctl_msg.h"

struct client;
struct core;
struct incident;
struct later;
struct places;

struct request {
	struct core	*core;
	struct places	*places;
	struct client	*client;
	const struct ctl_ask *ask;	/* its words; the first is the command's own */
	struct now	 now;
	uid_t		 uid;		/* who asks */
	uint8_t		*mem;		/* for the row being built */
	struct later	*later;		/* set: the end comes later */
	char		 sentence[512];	/* said at the end; empty: all went well */
};

void	control_begin(struct request *, struct field_out *);		/* a row */
void	control_row(struct request *, const struct field_out *);	/* queues it */
void	control_actor(const struct request *, char out[32]);		/* "ctl:uid0", for the audit */
/* "4071" or "4071KT": an alert's number. 1, 0, -1. */
int	control_incident(struct request *, const char *word, struct incident *);

/*
 * An answer that takes longer than a turn of the loop. Owned by who asked for it: he gives it back with control_later_end(). A
 * client that goes away meanwhile is no fault: what is said to it is then dropped. NULL: out of memory.
 */
struct later *control_later(struct request *);
void	control_later_begin(struct later *, struct field_out *);
void	control_later_row(struct later *, const struct field_out *);
void	control_later_end(struct later *, enum ctl_exit, const char *sentence);	/* frees it */

#endif
