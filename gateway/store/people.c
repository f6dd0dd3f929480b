/* The people table: who texted, under pseudonyms. */
#include "store/people.h"

#include <string.h>

#include "store/inside.h"

int
people_seen(struct store *st, const uint8_t pseudonym[16], wall_t at)
{
	struct sql *q = store_sql(st, "INSERT INTO people(pseudonym, first, last, messages, stopped) VALUES(?1, ?2, ?2, 1, 0)"
	    " ON CONFLICT(pseudonym) DO UPDATE SET messages = messages + 1,"
	    " first = CASE WHEN first = 0 THEN excluded.first ELSE min(first, excluded.first) END,"
	    " last = max(last, excluded.last)");

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	sql_put(q, at.ms);
	return sql_run(q) == -1 ? -1 : 0;
}

int
people_get(struct store *st, const uint8_t pseudonym[16], struct person *person)
{
	struct sql *q = store_sql(st, "SELECT first, last, messages, stopped FROM people WHERE pseudonym = ?");
	int rc;

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	if ((rc = sql_step(q)) != 1)
		return rc;
	memcpy(person->pseudonym, pseudonym, VAULT_PSEUDONYM);
	person->first.ms = sql_int(q);
	person->last.ms = sql_int(q);
	person->messages = sql_int(q);
	person->stopped = sql_int(q) != 0;
	sql_done(q);
	return 1;
}

int
people_stop(struct store *st, const uint8_t pseudonym[16], bool stopped)
{
	struct sql *q = store_sql(st, "INSERT INTO people(pseudonym, first, last, messages, stopped) VALUES(?1, 0, 0, 0, ?2)"
	    " ON CONFLICT(pseudonym) DO UPDATE SET stopped = ?2");

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	sql_put(q, stopped);
	return sql_run(q) == -1 ? -1 : 0;
}
