/* What leaves: one row per intended SMS, never two for one intent. */
#ifndef TOCSIN_OUTBOX_H
#define TOCSIN_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "store/store.h"

/*
 * States, and the function that makes each step (a trigger refuses all others):
 *	QUEUED   -> SENDING    [outbox_sending]     committed before the frame is written to a modem
 *	SENDING  -> SENT       [outbox_outcome]     the network gave a reference
 *	SENDING  -> QUEUED     [outbox_outcome]     refused for a passing reason: again after a pause; or never left us
 *	SENDING  -> FAILED     [outbox_outcome]     refused for good
 *	SENDING  -> UNKNOWN    [outbox_outcome, outbox_recover]   it may have left
 *	UNKNOWN  -> QUEUED     [outbox_resolve]     a P1 twice beats never
 *	UNKNOWN  -> SENT       [outbox_report, outbox_resolve]    evidence: a report, an answer with its letters
 *	SENT     -> DELIVERED / FAILED [outbox_report]
 *	UNKNOWN  -> DELIVERED  [outbox_report]
 *	QUEUED   -> EXPIRED    [outbox_expire]      stale: never sent as if fresh
 *	QUEUED   -> CANCELLED  [outbox_cancel]
 */
enum outbox_state {
	OUTBOX_QUEUED, OUTBOX_SENDING, OUTBOX_SENT, OUTBOX_UNKNOWN, OUTBOX_DELIVERED,
	OUTBOX_FAILED, OUTBOX_EXPIRED, OUTBOX_CANCELLED,
};

enum outbox_class { OUTBOX_ALERT, OUTBOX_CONTROL, OUTBOX_COURTESY };	/* alert: dispatch, reminder; control: echo; courtesy: to a reporter */

struct outbox_row {
	int64_t	 id;
	char	 intent[64];		/* "I17/S2/kouro": incident, stage, responder; UNIQUE */
	int64_t	 incident;		/* 0: none */
	char	 responder[24];		/* "" for a reply to somebody else */
	char	 dest[24];		/* sealed at rest */
	char	 text[1024];		/* sealed at rest */
	enum outbox_class klass;
	uint8_t	 priority;		/* 1-4; lower is sent first, then by id */
	enum outbox_state state;
	uint8_t	 attempts, resent;	/* tries; how often an UNKNOWN was sent again */
	wall_t	 created, expires, not_before, changed;
	char	 line[32];		/* that carried the last try */
	int16_t	 reference;		/* TP-MR, -1: none */
	uint16_t error;			/* +CMS error of the last refusal */
};

/* expires must be later than created. 1: added, *id set; 0: this intent exists already, nothing changed; -1. */
int	outbox_add(struct store *, const struct outbox_row *, int64_t *id);
int	outbox_get(struct store *, int64_t id, struct outbox_row *);			/* 1, 0, -1 */
int	outbox_list(struct store *, int64_t incident, int64_t below, struct outbox_row *, size_t n);	/* newest first; incident 0: all */
/*
 * The next to send: QUEUED, not_before passed (or so far ahead that the clock must have been set back), not expired; by priority,
 * then id. 1, 0, -1.
 */
int	outbox_next(struct store *, wall_t now, struct outbox_row *);
/* When a QUEUED row with a later not_before becomes due; 0 when there is none. */
wall_t	outbox_next_due(struct store *);

int	outbox_sending(struct store *, int64_t id, const char *line, wall_t now);	/* attempts + 1 */
/* to: SENT (reference), QUEUED (not_before), FAILED, UNKNOWN. error: +CMS number or 0. */
int	outbox_outcome(struct store *, int64_t id, enum outbox_state to, int reference, uint16_t error,
	    wall_t not_before, wall_t now);
/* At start, and when a line's modem died: SENDING rows (of that line; NULL: all) become UNKNOWN. Returns how many, -1. */
int	outbox_recover(struct store *, const char *line, wall_t now);
/* UNKNOWN alerts of priority 1 that are not stale and were sent again less than "resent" times, oldest first. Count or -1. */
int	outbox_doubtful(struct store *, wall_t now, unsigned resent, struct outbox_row *, size_t n);
int	outbox_resolve(struct store *, int64_t id, enum outbox_state to, wall_t now);	/* QUEUED counts a resend */
int	outbox_expire(struct store *, wall_t now);					/* how many, -1 */
int	outbox_cancel(struct store *, int64_t incident, const char *responder, wall_t now);	/* QUEUED rows; responder NULL: all */
/*
 * A status report: the newest row of that line with this TP-MR and destination, SENT or UNKNOWN, submitted within 7 days;
 * else an UNKNOWN one to that destination, when it is the only one that lost its TP-MR. Numbers are the same when their last 8 digits are.
 * 1: it is now DELIVERED or FAILED, *id set; 0: no such row; -1.
 */
int	outbox_report(struct store *, const char *line, uint8_t reference, const char *dest, bool delivered,
	    wall_t now, int64_t *id);
/* How many rows a responder has of an incident when all of them were cancelled; 0: none, or one that was not; -1. */
int	outbox_taken_back(struct store *, int64_t incident, const char *responder);
/* One QUEUED row is not to be sent any more. 0, -1. */
int	outbox_withdraw(struct store *, int64_t id, wall_t now);
/* The wall clock jumped by so much: what waits, is being sent or is in doubt keeps the time that was left to it. 0, -1. */
int	outbox_shift(struct store *, int64_t ms);
/* A token of that incident came back from the responder: its UNKNOWN rows did arrive. Count or -1. */
int	outbox_proved(struct store *, int64_t incident, const char *responder, wall_t now);

/* Wipes destination and text of rows that are over and were so before this; the rows stay. How many, or -1. */
int	outbox_purge(struct store *, wall_t before);

struct outbox_counts {
	int64_t	by_state[8];
	wall_t	oldest_p1;		/* created, of the oldest QUEUED or SENDING P1; 0: none */
};
int	outbox_count(struct store *, struct outbox_counts *);

#endif
