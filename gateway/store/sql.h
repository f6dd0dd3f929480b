/* One SQLite connection and its prepared statements: all this floor knows of SQLite. Private to store/. */
#ifndef TOCSIN_SQL_H
#define TOCSIN_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "store/vault.h"

struct sql_db;	/* a connection */
struct sql;	/* one prepared statement while it is used */

enum sql_mode {
	SQL_DISK,	/* exclusive, WAL, synced at every commit; made when missing */
	SQL_MEMORY,	/* path is ignored */
	SQL_READ,	/* nothing is written, no lock is left */
};

/* NULL on failure, with *fault and *why (static; valid until the next call); else these are STORE_FINE and NULL. */
struct sql_db *sql_open(const char *path, enum sql_mode, enum store_fault *fault, const char **why);
/* Ends a transaction that is open by undoing it; "checkpoint" moves the log into the database. NULL is fine. */
void	 sql_close(struct sql_db *, bool checkpoint);

/*
 * Transactions. After any failed statement the transaction is broken: all further statements of it are refused and
 * the commit fails, so that SQLite's own undoing of a transaction (on a full disk) can never leave
 * the second half of it to be stored alone. Writes outside a transaction are refused.
 */
int	 sql_begin(struct sql_db *);
int	 sql_commit(struct sql_db *);
void	 sql_rollback(struct sql_db *);
bool	 sql_in_transaction(const struct sql_db *);

enum store_fault sql_fault(const struct sql_db *);	/* of the last failure; STORE_FINE after a commit */
const char *sql_error(const struct sql_db *);
int	 sql_refuse(struct sql_db *, enum store_fault, const char *sentence);	/* a failure that SQLite did not see; -1 */

/* Several statements at once, for schemas and pragmas; never with values in the text. 0, -1. */
int	 sql_exec(struct sql_db *, const char *text);
int	 sql_checkpoint(struct sql_db *);
int	 sql_check(struct sql_db *);	/* 0: sound; -1: damaged or unreadable, noted as the fault */
int	 sql_vacuum_into(struct sql_db *, const char *path);	/* an empty file, or none */
/* Applies steps[user_version] … steps[n - 1], each in a transaction with the new user_version. 0, -1. */
int	 sql_migrate(struct sql_db *, const char *const *steps, int n);

/*
 * The statement of this text, prepared once per connection. The text must be constant: it is
 * known by its address. Values are put, and columns got, from left to right. NULL on failure, and every function
 * below takes NULL as "failed already", so that only the end is checked.
 */
struct sql *sql_get(struct sql_db *, const char *text);
void	 sql_put(struct sql *, int64_t);
void	 sql_put_real(struct sql *, double);
void	 sql_put_text(struct sql *, const char *);			/* borrowed until sql_done() */
void	 sql_put_blob(struct sql *, const void *, size_t);		/* borrowed; length 0: NULL */
/* Sealed under "column:id"; length 0: NULL. */
void	 sql_put_sealed(struct sql *, const struct vault *, const char *column, int64_t id, const void *, size_t);

int	 sql_step(struct sql *);	/* 1: a row; 0: no more, done; -1: failed, done */
int	 sql_run(struct sql *);		/* all steps; how many rows were changed, or -1 */
void	 sql_done(struct sql *);	/* needed only when not stepped to the end */

int64_t	 sql_int(struct sql *);		/* NULL: 0 */
double	 sql_real(struct sql *);
void	 sql_text(struct sql *, char *out, size_t size);		/* cut to size - 1; NULL: "" */
size_t	 sql_blob(struct sql *, void *out, size_t max);		/* bytes copied; longer values count as 0 */
/* The opened value's length; 0 for NULL; -1: it does not open (another key, or tampered with). */
long	 sql_sealed(struct sql *, const struct vault *, const char *column, int64_t id, void *out, size_t max);

/* The first column of the first row of a statement without values; "none" when there is no row, it is NULL, or it failed. */
int64_t	 sql_number(struct sql_db *, const char *text, int64_t none);
/*
 * Runs "insert" on "to" with each row that "select" gives on "from", column by column. How many, or
 * -1 when "to" failed; a "from" that fails midway has given what it could (*whole is then false; may be NULL).
 */
int64_t	 sql_copy(struct sql_db *from, const char *select, struct sql_db *to, const char *insert, bool *whole);

#endif
