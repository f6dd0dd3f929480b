/* Plays scenario files: the daemon's flow in virtual time, with lines of its own instead of modems. */
#ifndef TOCSIN_RUNNER_H
#define TOCSIN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/core.h"
#include "store/outbox.h"

#define OUT_MAX		512
#define HANDLES_MAX	512

/* What a fake modem does with the next SMS it is given. */
enum manner { MANNER_SENT, MANNER_REFUSE, MANNER_UNKNOWN, MANNER_SILENT, MANNER_MUTE };

/* One SMS that left: what a judge may look at. */
struct out {
	char	 line[32], dest[24], text[1024];
	wall_t	 at;
	bool	 seen;		/* an "out" statement has claimed it */
};

struct fake {
	struct line	line;	/* first member: the core gets a pointer to it */
	enum manner	manner;
	uint16_t	error;
	uint32_t	next_handle, stored;	/* handles given, and STORED received */
	uint8_t		reference;
	int64_t		answer_id;		/* an outcome to give at the next step */
};

struct modems {
	size_t		n;
	struct fake	v[4];
	struct out	out[OUT_MAX];
	size_t		n_out;
	struct now	now;	/* the runner's clock, for the time of an out */
};

/* fake.c */
void	fake_init(struct modems *);
struct fake *fake_find(struct modems *, const char *name);
/* Gives the outcomes that the lines owe; true when there was one. */
bool	fake_answer(struct modems *, struct core *, struct now);
/* Hands a TPDU to the core as a modem process would. */
void	fake_receive(struct modems *, struct core *, struct fake *, const uint8_t *tpdu, size_t len, struct now);

#endif
