/* The modem processes: spawned, watched, restarted with back-off; and what may be asked of a line. */
#ifndef TOCSIN_MODEMS_H
#define TOCSIN_MODEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "wire/modem_msg.h"

struct core;
struct modems;

/*
 * A line as the rest of the core sees it. The scenario runner puts lines of its own behind these
 * functions; everything above works the same.
 */
struct line {
	char	 name[32];
	uint8_t	 phase;			/* enum modem_phase */
	bool	 may_send;		/* configured for sending */
	int64_t	 sending;		/* outbox id in flight, 0: none */
	bool	 announced;		/* MODEM_SENDING was seen for it: it may have left */
	char	 imei[20], imsi[20], model[40], operator_name[40], operator_code[8];
	int16_t	 signal_dbm;
	int8_t	 signal_pct;
	uint8_t	 registration;
	uint16_t sim_used, sim_capacity;
	uint32_t restarts;
	uint64_t received, sent, refused, unknown;
	wall_t	 last_received, last_sent, since;	/* since: of this phase */
	char	 why[160];		/* of the phase */
};

size_t		 modems_count(const struct modems *);
struct line	*modems_line(struct modems *, size_t i);
struct line	*modems_find(struct modems *, const char *name);

/* Committed: the transport may delete it. */
void	modems_stored(struct modems *, struct line *, uint32_t handle);
/* Hands over one SMS; the caller has committed SENDING. -1: the line cannot take it (nothing was written). */
int	modems_send(struct modems *, struct line *, int64_t id, const char *dest, const char *text,
	    uint32_t validity_min, bool want_report, struct now);

/* ---- the daemon's own lines: one process each (modems.c; the scenario runner has none of this) ---- */

struct event_base;

struct modems	*modems_new(struct core *, struct event_base *);
void		 modems_start(struct modems *);		/* spawns a process for every configured line */
void		 modems_stop(struct modems *);		/* asks all to hang up; modems_running() says who is left */
size_t		 modems_running(const struct modems *);
void		 modems_kill(struct modems *);		/* SIGKILL to those left */
void		 modems_free(struct modems *);

#endif
