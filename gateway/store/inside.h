/* What the files of this floor know of a store. Private to store/. */
#ifndef TOCSIN_INSIDE_H
#define TOCSIN_INSIDE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/sql.h"
#include "store/store.h"
#include "store/vault.h"

#define STORE_METHODS	32

struct store {
	struct sql_db	*db;		/* owned: on disk, or in memory after store_degrade() */
	struct vault	*vault;		/* borrows */
	bool		 memory;
	bool		 read_only;
	bool		 suspect;	/* the disk was found damaged: check it before going back */
	int64_t		 boot;
	/* Ids are given out here, so that a row can be sealed under its id before it is inserted. Never given twice. */
	int64_t		 next_inbox, next_incident, next_outbox;
	int64_t		 total;		/* inbox rows; -1: to be counted */
	struct {			/* end of the audit chain; seq -1: to be read */
		int64_t	 seq;
		uint8_t	 hash[32];
	} chain;
	char		*methods[STORE_METHODS];	/* owned: words for place.method */
	size_t		 n_methods;
	int		 lock;		/* the locked file, -1: none */
	char		 dir[PATH_MAX];
};

struct sql *store_sql(struct store *, const char *text);
/* Our own caller asked for something that cannot be; -1. */
int	 store_misuse(struct store *, const char *sentence);
/* Forgets what was cached inside a transaction that is now undone. */
void	 store_forget(struct store *);
/* Sets the three next_ ids above all rows of the database, and not below what they were. 0, -1. */
int	 store_number(struct store *, struct sql_db *);
int	 store_migrate(struct sql_db *);
/* Opens DIR/tocsin.db: checks, migrates, sets aside what cannot be used. For store_open() and store_recover(). */
struct sql_db *store_disk(struct store *, bool check, enum store_fault *, const char **note);

#endif
