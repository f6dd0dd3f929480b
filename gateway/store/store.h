/* The one SQLite database: opening, transactions, and what to do when the disk fails. */
#ifndef TOCSIN_STORE_H
#define TOCSIN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct store;
struct vault;

enum store_fault {
	STORE_FINE,
	STORE_BUSY,	/* another daemon holds this state directory */
	STORE_FULL,	/* no space */
	STORE_IO,	/* read-only, I/O error, … */
	STORE_CORRUPT,
	STORE_MISUSE,	/* a constraint or our own bug: the transaction is lost, the store is not */
};

/*
 * Opens DIR/tocsin.db, making or migrating it; DIR/lock is held (flock) as long as
 * the store is open. A corrupt database is set aside as DIR/corrupt-N/ and a new one is begun (*note then says
 * so). NULL on failure with *fault and a sentence in *note (constant or static; never a path of an SMS).
 */
struct store	*store_open(const char *dir, struct vault *, enum store_fault *fault, const char **note);
void		 store_close(struct store *);		/* checkpoints; NULL is fine */

/*
 * Transactions do not nest. store_commit() returns 0 only after the data was synced
 * (WAL, synchronous=FULL); -1: nothing of it is stored, the transaction is over, and
 * store_fault() says why. Functions of this floor return -1 when a statement failed; the caller rolls back.
 */
int	store_begin(struct store *);
int	store_commit(struct store *);
void	store_rollback(struct store *);
enum store_fault store_fault(const struct store *);	/* of the last failure; STORE_FINE after a commit */
const char *store_error(const struct store *);		/* a sentence for the log and the operator */

/*
 * When the disk fails alerts must go on: the store moves into memory. What it can
 * still read of open incidents, their dispatches and undecided messages comes along; ids continue
 * above those on disk. The caller sends no STORED while store_in_memory().
 * store_recover() tries to bring everything back to the disk in one transaction; 0 when it is there.
 */
int	store_degrade(struct store *);
bool	store_in_memory(const struct store *);
int	store_recover(struct store *);

/* A consistent copy (VACUUM INTO) to a file that must not exist. 0 or -1. */
int	store_backup(struct store *, const char *path);
int64_t	store_boot(const struct store *);		/* row id of this boot: same kernel boot, same id */

#endif
