/* The append-only, hash-chained record of every change of state. */
#ifndef TOCSIN_AUDIT_H
#define TOCSIN_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "store/store.h"

/*
 * Appends one row in the caller's transaction: who ("system", "responder:kouro", "ctl:uid1000"), event
 * ("inbox.stored"), the object ("inbox:412"), and details as a JSON object of ids and
 * controlled words: never a number, never text. Each row's hash covers the row and the hash before it (keyed, vault).
 */
int	audit_add(struct store *, wall_t, const char *actor, const char *event, const char *object,
	    const char *detail_json);

struct audit_row {
	int64_t	 seq;
	wall_t	 at;
	char	 actor[48], event[48], object[48], detail[512];
};

/* Rows about one object, oldest first ("" = all, the newest n). Count or -1. */
int	audit_list(struct store *, const char *object, struct audit_row *, size_t n);
/*
 * Walks the whole chain. 0: whole, *rows says how many; 1: broken at *rows; -1: the store failed. Rows cut off at the
 * end leave a whole chain: compare *rows with a count that was noted elsewhere.
 */
int	audit_verify(struct store *, int64_t *rows);

#endif
