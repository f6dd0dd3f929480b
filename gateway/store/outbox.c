/* The outbox table: intended SMS and the steps of their sending. */
#include "store/outbox.h"

#include <string.h>

#include "store/inside.h"

#define REPORT_LIFE_MS	(7LL * 24 * 3600 * 1000)	/* TP-MR is one byte and comes round */
#define CANDIDATES	16		/* rows of one line and reference that a report is compared with */
#define PAUSE_MAX_MS	(3600LL * 1000)	/* no pause between tries is so long */
#define SUFFIX		8		/* last digits that make two spellings of a number the same */

#define COLUMNS "id, intent, ifnull(incident, 0), responder, dest, text, class, priority, state, attempts, resent," \
	" created, expires, not_before, changed, line, reference, error"

static void
get_text(struct store *st, struct sql *q, const char *column, int64_t id, char *out, size_t size)
{
	long n = sql_sealed(q, st->vault, column, id, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
}

static void
read_row(struct store *st, struct sql *q, struct outbox_row *row)
{
	memset(row, 0, sizeof(*row));
	row->id = sql_int(q);
	sql_text(q, row->intent, sizeof(row->intent));
	row->incident = sql_int(q);
	sql_text(q, row->responder, sizeof(row->responder));
	get_text(st, q, "outbox.dest", row->id, row->dest, sizeof(row->dest));
	get_text(st, q, "outbox.text", row->id, row->text, sizeof(row->text));
	row->klass = (enum outbox_class)sql_int(q);
	row->priority = (uint8_t)sql_int(q);
	row->state = (enum outbox_state)sql_int(q);
	row->attempts = (uint8_t)sql_int(q);
	row->resent = (uint8_t)sql_int(q);
	row->created.ms = sql_int(q);
	row->expires.ms = sql_int(q);
	row->not_before.ms = sql_int(q);
	row->changed.ms = sql_int(q);
	sql_text(q, row->line, sizeof(row->line));
	row->reference = (int16_t)sql_int(q);
	row->error = (uint16_t)sql_int(q);
}

static int
read_rows(struct store *st, struct sql *q, struct outbox_row *rows, size_t n)
{
	size_t i = 0;
	int rc = 0;

	if (q == NULL)
		return -1;
	while (i < n && (rc = sql_step(q)) == 1)
		read_row(st, q, &rows[i++]);
	if (rc == 1 || n == 0)
		sql_done(q);
	return rc == -1 ? -1 : (int)i;
}

/* ---- intending ---- */

/* 1: there is one already; 0; -1. */
static int
intended(struct store *st, const char *intent, int64_t *id)
{
	struct sql *q = store_sql(st, "SELECT id FROM outbox WHERE intent = ?");
	int rc;

	sql_put_text(q, intent);
	if ((rc = sql_step(q)) == 1) {
		*id = sql_int(q);
		sql_done(q);
	}
	return rc;
}

static int
insert(struct store *st, const struct outbox_row *row, int64_t id)
{
	struct sql *q = store_sql(st, "INSERT INTO outbox(id, intent, incident, responder, dest, text, class, priority, state,"
	    " attempts, resent, created, expires, not_before, changed, line, reference, error)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, '', -1, 0)");

	sql_put(q, id);
	sql_put_text(q, row->intent);
	if (row->incident != 0)
		sql_put(q, row->incident);
	else
		sql_put_blob(q, NULL, 0);
	sql_put_text(q, row->responder);
	sql_put_sealed(q, st->vault, "outbox.dest", id, row->dest, strlen(row->dest));
	sql_put_sealed(q, st->vault, "outbox.text", id, row->text, strlen(row->text));
	sql_put(q, row->klass);
	sql_put(q, row->priority);
	sql_put(q, row->created.ms);
	sql_put(q, row->expires.ms);
	sql_put(q, row->not_before.ms);
	sql_put(q, row->created.ms);
	return sql_run(q) == 1 ? 0 : -1;
}

int
outbox_add(struct store *st, const struct outbox_row *row, int64_t *id)
{
	int rc;

	if (row->intent[0] == '\0' || row->dest[0] == '\0' || row->text[0] == '\0')
		return store_misuse(st, "an outgoing message without intent, destination or text");
	if ((rc = intended(st, row->intent, id)) != 0)
		return rc == 1 ? 0 : -1;
	*id = st->next_outbox++;
	return insert(st, row, *id) == -1 ? -1 : 1;
}

/* ---- reading ---- */

int
outbox_get(struct store *st, int64_t id, struct outbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE id = ?");

	sql_put(q, id);
	return read_rows(st, q, row, 1);
}

int
outbox_list(struct store *st, int64_t incident, int64_t below, struct outbox_row *rows, size_t n)
{
	struct sql *q;

	if (incident == 0) {
		q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE id < ? ORDER BY id DESC LIMIT ?");
	} else {
		q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE incident = ? AND id < ? ORDER BY id DESC LIMIT ?");
		sql_put(q, incident);
	}
	sql_put(q, below > 0 ? below : INT64_MAX);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

int
outbox_next(struct store *st, wall_t now, struct outbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE state = 0"
	    " AND (not_before <= ?1 OR not_before > ?1 + ?2) AND expires > ?1 ORDER BY priority, id LIMIT 1");

	sql_put(q, now.ms);
	sql_put(q, PAUSE_MAX_MS);
	return read_rows(st, q, row, 1);
}

wall_t
outbox_next_due(struct store *st)
{
	return (wall_t){ sql_number(st->db, "SELECT min(not_before) FROM outbox WHERE state = 0 AND not_before > 0", 0) };
}

int
outbox_doubtful(struct store *st, wall_t now, unsigned resent, struct outbox_row *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE state = 3 AND class = ? AND priority = 1"
	    " AND expires > ? AND resent < ? ORDER BY changed, id LIMIT ?");

	sql_put(q, OUTBOX_ALERT);
	sql_put(q, now.ms);
	sql_put(q, (int64_t)resent);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

/* ---- the steps ---- */

/* One changed row, or it was not in the state the step begins at. */
static int
one(struct store *st, struct sql *q)
{
	int changed = q == NULL ? -1 : sql_run(q);

	if (changed == 0)
		return store_misuse(st, "no such outgoing message in a state that allows this step");
	return changed == 1 ? 0 : -1;
}

int
outbox_sending(struct store *st, int64_t id, const char *line, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = 1, line = ?, attempts = min(attempts + 1, 255),"
	    " reference = -1, error = 0, changed = ? WHERE id = ? AND state = 0");

	sql_put_text(q, line);
	sql_put(q, now.ms);
	sql_put(q, id);
	return one(st, q);
}

int
outbox_outcome(struct store *st, int64_t id, enum outbox_state to, int reference, uint16_t error, wall_t not_before,
    wall_t now)
{
	struct sql *q;

	if (to != OUTBOX_SENT && to != OUTBOX_QUEUED && to != OUTBOX_FAILED && to != OUTBOX_UNKNOWN)
		return store_misuse(st, "a sending cannot end like this");
	if (to == OUTBOX_SENT && (reference < 0 || reference > 255))
		return store_misuse(st, "only a reference of the network makes a message sent");
	q = store_sql(st, "UPDATE outbox SET state = ?, reference = ?, error = ?, not_before = ?, changed = ?"
	    " WHERE id = ? AND state = 1");
	sql_put(q, to);
	sql_put(q, to == OUTBOX_SENT ? reference : -1);
	sql_put(q, error);
	sql_put(q, to == OUTBOX_QUEUED ? not_before.ms : 0);
	sql_put(q, now.ms);
	sql_put(q, id);
	return one(st, q);
}

int
outbox_recover(struct store *st, const char *line, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = 3, changed = ?1 WHERE state = 1 AND (?2 IS NULL OR line = ?2)");

	sql_put(q, now.ms);
	if (line != NULL)
		sql_put_text(q, line);
	return q == NULL ? -1 : sql_run(q);
}

int
outbox_resolve(struct store *st, int64_t id, enum outbox_state to, wall_t now)
{
	struct sql *q;

	if (to != OUTBOX_QUEUED && to != OUTBOX_SENT)
		return store_misuse(st, "a doubt cannot end like this");
	q = store_sql(st, "UPDATE outbox SET state = ?1, resent = min(resent + (?1 = 0), 255), not_before = 0,"
	    " changed = ?2 WHERE id = ?3 AND state = 3");
	sql_put(q, to);
	sql_put(q, now.ms);
	sql_put(q, id);
	return one(st, q);
}

int
outbox_expire(struct store *st, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = 6, changed = ?1 WHERE state = 0 AND expires <= ?1");

	sql_put(q, now.ms);
	return q == NULL ? -1 : sql_run(q);
}

int
outbox_cancel(struct store *st, int64_t incident, const char *responder, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = 7, changed = ?1 WHERE state = 0 AND incident = ?2"
	    " AND (?3 IS NULL OR responder = ?3)");

	sql_put(q, now.ms);
	sql_put(q, incident);
	if (responder != NULL)
		sql_put_text(q, responder);
	return q == NULL ? -1 : sql_run(q);
}

int
outbox_withdraw(struct store *st, int64_t id, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = 7, changed = ? WHERE id = ? AND state = 0");

	sql_put(q, now.ms);
	sql_put(q, id);
	return one(st, q);
}

int
outbox_shift(struct store *st, int64_t ms)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET created = created + ?1, expires = expires + ?1, changed = changed + ?1,"
	    " not_before = iif(not_before > 0, max(not_before + ?1, 0), 0) WHERE state IN (0, 1, 3)");

	sql_put(q, ms);
	return q == NULL || sql_run(q) == -1 ? -1 : 0;
}

int
outbox_taken_back(struct store *st, int64_t incident, const char *responder)
{
	struct sql *q = store_sql(st, "SELECT CASE WHEN min(state) = 7 AND max(state) = 7 THEN count(*) ELSE 0 END"
	    " FROM outbox WHERE incident = ? AND responder = ?");
	int n;

	sql_put(q, incident);
	sql_put_text(q, responder);
	if (sql_step(q) != 1)
		return -1;
	n = (int)sql_int(q);
	sql_done(q);
	return n;
}

int
outbox_proved(struct store *st, int64_t incident, const char *responder, wall_t now)
{
	struct sql *q = store_sql(st,
	    "UPDATE outbox SET state = 2, changed = ? WHERE state = 3 AND incident = ? AND responder = ?");

	sql_put(q, now.ms);
	sql_put(q, incident);
	sql_put_text(q, responder);
	return q == NULL ? -1 : sql_run(q);
}

/* ---- status reports ---- */

/* Networks write the recipient back in their own way: +22376000001, 0022376000001, 76000001. */
static bool
same_number(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (strcmp(a, b) == 0)
		return true;
	return n >= SUFFIX && m >= SUFFIX && strcmp(a + n - SUFFIX, b + m - SUFFIX) == 0;
}

/* The newest row with the report's reference. 1: filled; 0; -1. */
static int
referred_row(struct store *st, const char *line, uint8_t reference, const char *dest, wall_t now,
    struct outbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE state IN (2, 3) AND line = ?1"
	    " AND reference = ?2 AND changed >= ?3 ORDER BY changed DESC, id DESC LIMIT ?4");
	int rc;

	sql_put_text(q, line);
	sql_put(q, reference);
	sql_put(q, now.ms - REPORT_LIFE_MS);
	sql_put(q, CANDIDATES);
	while ((rc = sql_step(q)) == 1) {
		read_row(st, q, row);
		if (row->dest[0] != '\0' && same_number(row->dest, dest)) {
			sql_done(q);
			return 1;
		}
	}
	return rc;
}

/*
 * The row a report is about whose reference was lost with an answer: an UNKNOWN one, but only when no other SMS to that
 * number lost a reference, be it sent again since. A wrong guess would end an alert that nobody got; without
 * a guess it is sent twice at worst. 1: filled; 0; -1.
 */
static int
doubtful_row(struct store *st, const char *line, const char *dest, wall_t now, struct outbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM outbox WHERE line = ?1 AND changed >= ?2"
	    " AND (state = 3 OR resent > 0 OR (state = 2 AND reference = -1)) ORDER BY id");
	struct outbox_row other;
	int n = 0, rc;

	sql_put_text(q, line);
	sql_put(q, now.ms - REPORT_LIFE_MS);
	while ((rc = sql_step(q)) == 1) {
		read_row(st, q, &other);
		if (other.dest[0] == '\0' || !same_number(other.dest, dest))
			continue;
		*row = other;
		if (++n > 1) {
			sql_done(q);
			return 0;
		}
	}
	return rc == -1 ? -1 : n == 1 && row->state == OUTBOX_UNKNOWN && row->reference == -1;
}

static int
step(struct store *st, int64_t id, enum outbox_state to, wall_t now)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET state = ?, changed = ? WHERE id = ?");

	sql_put(q, to);
	sql_put(q, now.ms);
	sql_put(q, id);
	return one(st, q);
}

int
outbox_report(struct store *st, const char *line, uint8_t reference, const char *dest, bool delivered, wall_t now,
    int64_t *id)
{
	struct outbox_row row;
	int rc = referred_row(st, line, reference, dest, now, &row);

	if (rc == 0)
		rc = doubtful_row(st, line, dest, now, &row);
	if (rc != 1)
		return rc;
	*id = row.id;
	/* A report of failure proves first that it was sent. */
	if (!delivered && row.state == OUTBOX_UNKNOWN && step(st, row.id, OUTBOX_SENT, now) == -1)
		return -1;
	return step(st, row.id, delivered ? OUTBOX_DELIVERED : OUTBOX_FAILED, now) == -1 ? -1 : 1;
}

/* ---- wiping and counting ---- */

int
outbox_purge(struct store *st, wall_t before)
{
	struct sql *q = store_sql(st, "UPDATE outbox SET dest = NULL, text = NULL"
	    " WHERE state NOT IN (0, 1, 3) AND changed < ? AND (dest IS NOT NULL OR text IS NOT NULL)");

	sql_put(q, before.ms);
	return q == NULL ? -1 : sql_run(q);
}

int
outbox_count(struct store *st, struct outbox_counts *counts)
{
	struct sql *q = store_sql(st, "SELECT state, count(*) FROM outbox GROUP BY state");
	int64_t state;
	int rc;

	memset(counts, 0, sizeof(*counts));
	while ((rc = sql_step(q)) == 1) {
		state = sql_int(q);
		if (state >= 0 && state <= OUTBOX_CANCELLED)
			counts->by_state[state] = sql_int(q);
	}
	if (rc == -1)
		return -1;
	q = store_sql(st, "SELECT min(ifnull((SELECT min(created) FROM outbox WHERE state = 0 AND priority = 1), ?1),"
	    " ifnull((SELECT min(created) FROM outbox WHERE state = 1 AND priority = 1), ?1))");
	sql_put(q, INT64_MAX);
	if (sql_step(q) != 1)
		return -1;
	counts->oldest_p1.ms = sql_int(q);
	sql_done(q);
	if (counts->oldest_p1.ms == INT64_MAX)
		counts->oldest_p1.ms = 0;
	return 0;
}
