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
/*
 * When store_open() failed and alerts must go on: begins in memory, as after store_degrade(), with what can be read of
 * DIR. Whoever was refused with STORE_BUSY must not call it. NULL only without memory.
 */
struct store	*store_open_memory(const char *dir, struct vault *);
/* A file made by store_backup(), to read: every change is refused. NULL as store_open(). */
struct store	*store_open_backup(const char *file, struct vault *, enum store_fault *fault, const char **note);
void		 store_close(struct store *);		/* checkpoints; NULL is fine */

/*
 * Transactions do not nest, and every function of this floor that changes something needs one. store_commit()
 * returns 0 only after the data was synced (WAL, synchronous=FULL); -1: nothing of it is stored, the transaction is over, and
 * store_fault() says why. Functions of this floor return -1 when a statement failed; from then on
 * everything in that transaction is refused, its commit too: the caller rolls back.
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
 * store_recover() tries to bring everything back to the disk in one transaction; 0 when it is there. Rows of the disk
 * that memory did not know of are then visible again: look for work as after a start.
 */
int	store_degrade(struct store *);
bool	store_in_memory(const struct store *);
int	store_recover(struct store *);

/* Moves the log into the database: when idle, and after a purge. 0 or -1. */
int	store_checkpoint(struct store *);
/* A consistent copy (VACUUM INTO), synced, to a file that must not exist. 0 or -1; not inside a transaction. */
int	store_backup(struct store *, const char *path);
int64_t	store_boot(const struct store *);		/* row id of this boot: same kernel boot, same id */

#endif
