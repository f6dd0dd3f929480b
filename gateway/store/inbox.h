/* What the network handed us: custody first, understanding later. */
#ifndef TOCSIN_INBOX_H
#define TOCSIN_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "store/store.h"

enum inbox_kind { INBOX_TEXT, INBOX_PART, INBOX_REPORT, INBOX_BINARY, INBOX_UNDECODABLE };
enum inbox_sender { INBOX_INTERNATIONAL, INBOX_NATIONAL, INBOX_SHORT, INBOX_ALNUM, INBOX_NONE };

/*
 * States of a row, and the function that makes each step:
 *	NEW        -> DECIDED      [inbox_decided]        one decision transaction
 *	NEW        -> WAITING      [inbox_waiting]        a part; its text was already classified by itself
 *	WAITING    -> DECIDED      [inbox_decided]        complete, or the wait is over
 *	NEW        -> QUARANTINE   [inbox_attempt]        deciding it failed twice: a person must look
 *	QUARANTINE -> DECIDED      [inbox_decided]        a person did
 * A DECIDED row may be decided again (a person's word, a part completed later): the last result stands.
 */
enum inbox_state { INBOX_NEW, INBOX_WAITING, INBOX_DECIDED, INBOX_QUARANTINE };

/* What happened to it, for people: alert, joined an incident, review, noise, command, report, part, duplicate. */
#define INBOX_RESULT_SIZE 16

#define INBOX_TEXT_SIZE	3072
#define INBOX_TPDU_MAX	256

struct inbox_row {
	int64_t	 id;
	char	 line[32];
	enum inbox_kind	 kind;
	enum inbox_sender sender_kind;
	enum inbox_state state;
	wall_t	 received;
	mono_t	 received_mono;
	wall_t	 scts;			/* 0: none or not a date */
	char	 sender[64];		/* E.164, short or alphanumeric; sealed at rest */
	uint8_t	 pseudonym[16];		/* keyed hash of the sender; zero: none */
	char	 text[INBOX_TEXT_SIZE];	/* UTF-8; sealed at rest; a part's own text */
	uint8_t	 tpdu[INBOX_TPDU_MAX];	/* as it came; sealed at rest */
	size_t	 tpdu_len;
	struct { uint16_t ref; uint8_t wide, total, seq; } part;	/* total 0: not a part */
	uint32_t seen, attempts;
	char	 result[INBOX_RESULT_SIZE];
	int64_t	 incident;		/* 0: none */
};
/* A row that does not open (another key, tampered with) is read with empty contents as INBOX_UNDECODABLE. */

/*
 * Adds a message under its network identity: a keyed hash of (line's SIM, TPDU without the bits a redelivery may
 * change), which the caller gives as bytes in identity[]. Needs a transaction. 1: added, *id set;
 * 0: known already, nothing changed but its "seen" count, *id set; -1: the store failed.
 * id, state, pseudonym, seen, attempts, result are set by the store and ignored on input.
 */
int	inbox_add(struct store *, const struct inbox_row *, const char *sim,
	    const uint8_t *identity, size_t identity_len, int64_t *id);

/* The oldest NEW row with an id above "after"; 1: filled, 0: none, -1. */
int	inbox_next(struct store *, int64_t after, struct inbox_row *);
int	inbox_get(struct store *, int64_t id, struct inbox_row *);	/* 1, 0, -1 */
/*
 * Newest first, at most n rows with an id below "below" (0: from the newest); returns how many, or -1.
 * only: NULL or a result word.
 */
int	inbox_list(struct store *, const char *only, int64_t below, struct inbox_row *, size_t n);

int	inbox_decided(struct store *, int64_t id, const char *result, int64_t incident, const char *why_json);
int	inbox_waiting(struct store *, int64_t id, int64_t incident, const char *why_json);
/*
 * Counts a try before deciding (own transaction of the caller's); returns the count, -1 on failure.
 * At the third the row is QUARANTINE, and its result "review", so that it is counted among what a person must read.
 */
int	inbox_attempt(struct store *, int64_t id);
/* The stored reasons of a decision as JSON into out (NUL-terminated); 1, 0: no such row, -1. */
int	inbox_why(struct store *, int64_t id, char *out, size_t size);

/*
 * The parts known of a long SMS (same line, sender, reference, total, within 24 h), in any state, in the order they came; the
 * newest n. Those of another text may be among them: some phones never change the reference. Returns the count or -1.
 */
int	inbox_parts(struct store *, const struct inbox_row *part, struct inbox_row *, size_t n);
/*
 * WAITING parts received before this: their wait is over; as is that of those received later than now, before the clock was
 * set back. Oldest first. Returns the count or -1.
 */
int	inbox_overdue_parts(struct store *, wall_t before, wall_t now, struct inbox_row *, size_t n);

/*
 * Wipes the contents and reasons of DECIDED rows received before this; the rows stay. Then store_checkpoint().
 * How many, or -1.
 */
int	inbox_purge(struct store *, wall_t before);

/* Whether the newest n messages all came since then. */
bool	inbox_flooded(struct store *, unsigned n, wall_t since);

struct inbox_counts {
	int64_t	total, fresh, waiting, quarantine, review;	/* review: result "review" */
	int64_t	last_id;
	wall_t	last_received, oldest_review;
};
int	inbox_count(struct store *, struct inbox_counts *);

#endif
