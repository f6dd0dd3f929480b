/* Incidents: what reports were joined into, who was told, who answered. */
#ifndef TOCSIN_INCIDENT_H
#define TOCSIN_INCIDENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "logic/escalate.h"
#include "logic/types.h"
#include "store/store.h"

enum incident_state { INCIDENT_OPEN, INCIDENT_CLOSED };

#define INCIDENT_CODES_SIZE	160	/* "ATK,WND" */

struct incident {
	int64_t	 id;
	uint16_t number;		/* 1000-9999, unique among open incidents: what SMS call it */
	enum incident_state state;
	char	 headline[CODE_SIZE];
	char	 codes[INCIDENT_CODES_SIZE];	/* all categories, comma-separated, in rank order */
	uint8_t	 priority;
	uint8_t	 firing;		/* enum firing of the strongest report */
	bool	 released;		/* the time for a person to look is over */
	bool	 validated;		/* a duty officer did look, and said so */
	char	 outcome[2];		/* of a closed one: R T N F D X O C (brief 3.1); "" while open */
	bool	 located, ambiguous;
	struct place where;
	wall_t	 opened, first, last;	/* first and last: of its reports */
	mono_t	 opened_mono;
	uint32_t reports, sources;	/* sources: different pseudonyms */
	enum stage stage;
	enum stage next_stage;		/* armed; == stage: nothing is armed */
	wall_t	 due_wall;
	mono_t	 due_mono;
	int64_t	 step_ms;
	bool	 same_boot;		/* the timer was armed in this kernel boot (computed on reading; an update that changes
					   due_wall, due_mono or step_ms arms it) */
	bool	 answered;		/* a GO, or a duty officer's decision */
	struct tag tags[TAGS_MAX];
	size_t	 n_tags;
	char	 pack[20];		/* rulebook version that opened it */
};

/* where.method of what is read here lives as long as the store. */
int	incident_add(struct store *, struct incident *);	/* sets id and number; 0, -1 */
int	incident_update(struct store *, const struct incident *);	/* all columns but id, number, opened */
int	incident_get(struct store *, int64_t id, struct incident *);	/* 1, 0, -1 */
/* Open first, then the most recent closed, by number. 1, 0, -1. */
int	incident_find(struct store *, uint16_t number, struct incident *);
int	incident_open(struct store *, struct incident *, size_t n);	/* the newest n open ones, oldest first; count or -1 */
/*
 * Open ones for which something will fall due (a step, or the end of the time for a person to look), with an id above
 * "after", by id; count or -1.
 */
int	incident_armed(struct store *, int64_t after, struct incident *, size_t n);
int	incident_list(struct store *, int64_t below, struct incident *, size_t n);	/* newest first; count or -1 */

/*
 * Joins a report: the stored row's reports and sources become at least the number of joined messages and of their
 * different senders, first and last include "at". Joining the same message again changes nothing. Needs the inbox row.
 */
int	incident_join(struct store *, int64_t incident, int64_t inbox, const uint8_t pseudonym[16], wall_t at);
/* The categories of all incidents this sender reported to since then, as one comma-separated list, cut to size. 0, -1. */
int	incident_reported(struct store *, const uint8_t pseudonym[16], wall_t since, char *codes, size_t size);
bool	incident_has_sender(struct store *, int64_t incident, const uint8_t pseudonym[16]);

/* ---- who was told: one row per incident and responder ---- */

enum answer { ANSWER_NONE, ANSWER_OK, ANSWER_NO, ANSWER_GO, ANSWER_SITE, ANSWER_END };

struct told {
	int64_t	 incident;
	char	 responder[24];
	char	 letters[3];		/* of the number 4071KT; differ between the responders of one incident */
	uint8_t	 answer;		/* enum answer: the strongest so far */
	wall_t	 told_at, answered_at;
	uint16_t eta_min;
};

/* Adds the responder with letters of its own (drawn from the vault's key), or returns the existing row. 0, -1. */
int	told_add(struct store *, int64_t incident, const char *responder, wall_t at, struct told *);
int	told_list(struct store *, int64_t incident, struct told *, size_t n);		/* count or -1 */
int	told_find(struct store *, int64_t incident, const char *responder, struct told *);	/* 1, 0, -1 */
int	told_answer(struct store *, const struct told *);
/* Open incidents this responder was told of after "since", newest first; count or -1. For a bare OK. */
int	told_open(struct store *, const char *responder, wall_t since, struct told *, size_t n);

#endif
