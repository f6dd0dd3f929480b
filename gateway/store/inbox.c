/* The inbox table: custody of messages, their parts, and what was decided about them. */
#include "store/inbox.h"

#include <string.h>

#include "store/inside.h"

#define WHY_MAX		32000
#define ATTEMPTS_MAX	3			/* this many begun and not ended: quarantine */
#define PART_LIFE_MS	(24LL * 3600 * 1000)	/* a reference is used again after 255 messages; a day is cautious */

#define COLUMNS "id, line, kind, sender_kind, state, received, received_mono, scts, pseudonym, sender, text, tpdu," \
	" ref, wide, total, seq, seen, attempts, result, ifnull(incident, 0)"

/* A sealed text with its NUL; false when it does not open. */
static bool
get_text(struct store *st, struct sql *q, const char *column, int64_t id, char *out, size_t size)
{
	long n = sql_sealed(q, st->vault, column, id, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	return n != -1;
}

static void
read_row(struct store *st, struct sql *q, struct inbox_row *row)
{
	bool opened;
	long n;

	memset(row, 0, sizeof(*row));
	row->id = sql_int(q);
	sql_text(q, row->line, sizeof(row->line));
	row->kind = (enum inbox_kind)sql_int(q);
	row->sender_kind = (enum inbox_sender)sql_int(q);
	row->state = (enum inbox_state)sql_int(q);
	row->received.ms = sql_int(q);
	row->received_mono.ms = sql_int(q);
	row->scts.ms = sql_int(q);
	(void)sql_blob(q, row->pseudonym, sizeof(row->pseudonym));
	opened = get_text(st, q, "inbox.sender", row->id, row->sender, sizeof(row->sender));
	opened = get_text(st, q, "inbox.text", row->id, row->text, sizeof(row->text)) && opened;
	n = sql_sealed(q, st->vault, "inbox.tpdu", row->id, row->tpdu, sizeof(row->tpdu));
	row->tpdu_len = n > 0 ? (size_t)n : 0;
	row->part.ref = (uint16_t)sql_int(q);
	row->part.wide = (uint8_t)sql_int(q);
	row->part.total = (uint8_t)sql_int(q);
	row->part.seq = (uint8_t)sql_int(q);
	row->seen = (uint32_t)sql_int(q);
	row->attempts = (uint32_t)sql_int(q);
	sql_text(q, row->result, sizeof(row->result));
	row->incident = sql_int(q);
	if (!opened || n == -1)
		row->kind = INBOX_UNDECODABLE;
}

/* Fills up to n rows; how many, or -1. */
static int
read_rows(struct store *st, struct sql *q, struct inbox_row *rows, size_t n)
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

/* ---- taking custody ---- */

/* 1: known, and now counted once more; 0: unknown; -1. */
static int
seen_again(struct store *st, const uint8_t identity[VAULT_IDENTITY], int64_t *id)
{
	struct sql *q = store_sql(st, "UPDATE inbox SET seen = seen + 1 WHERE identity = ? RETURNING id");
	int rc;

	sql_put_blob(q, identity, VAULT_IDENTITY);
	if ((rc = sql_step(q)) == 1) {
		*id = sql_int(q);
		rc = sql_run(q) == -1 ? -1 : 1;
	}
	return rc;
}

static int
insert(struct store *st, const struct inbox_row *row, const uint8_t identity[VAULT_IDENTITY], int64_t id)
{
	uint8_t pseudonym[VAULT_PSEUDONYM];
	struct sql *q = store_sql(st, "INSERT INTO inbox(id, identity, line, kind, sender_kind, state, boot, received,"
	    " received_mono, scts, pseudonym, sender, text, tpdu, ref, wide, total, seq, seen, attempts, result)"
	    " VALUES(?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, '')");

	vault_pseudonym(st->vault, row->sender, pseudonym);
	sql_put(q, id);
	sql_put_blob(q, identity, VAULT_IDENTITY);
	sql_put_text(q, row->line);
	sql_put(q, row->kind);
	sql_put(q, row->sender_kind);
	sql_put(q, st->boot);
	sql_put(q, row->received.ms);
	sql_put(q, row->received_mono.ms);
	sql_put(q, row->scts.ms);
	sql_put_blob(q, pseudonym, row->sender[0] != '\0' ? sizeof(pseudonym) : 0);
	sql_put_sealed(q, st->vault, "inbox.sender", id, row->sender, strlen(row->sender));
	sql_put_sealed(q, st->vault, "inbox.text", id, row->text, strlen(row->text));
	sql_put_sealed(q, st->vault, "inbox.tpdu", id, row->tpdu, row->tpdu_len);
	sql_put(q, row->part.ref);
	sql_put(q, row->part.wide);
	sql_put(q, row->part.total);
	sql_put(q, row->part.seq);
	return sql_run(q) == 1 ? 0 : -1;
}

int
inbox_add(struct store *st, const struct inbox_row *row, const char *sim,
    const uint8_t *identity, size_t identity_len, int64_t *id)
{
	uint8_t hash[VAULT_IDENTITY];
	int rc;

	if (row->tpdu_len > sizeof(row->tpdu))
		return store_misuse(st, "a raw message longer than its field");
	vault_identity(st->vault, sim, identity, identity_len, hash);
	if ((rc = seen_again(st, hash, id)) != 0)
		return rc == 1 ? 0 : -1;
	*id = st->next_inbox++;
	if (insert(st, row, hash, *id) == -1)
		return -1;
	if (st->total != -1)
		st->total++;
	return 1;
}

/* ---- reading ---- */

static int
read_one(struct store *st, struct sql *q, struct inbox_row *row)
{
	return read_rows(st, q, row, 1);
}

int
inbox_next(struct store *st, int64_t after, struct inbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM inbox WHERE state = 0 AND id > ? ORDER BY id LIMIT 1");

	sql_put(q, after);
	return read_one(st, q, row);
}

int
inbox_get(struct store *st, int64_t id, struct inbox_row *row)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM inbox WHERE id = ?");

	sql_put(q, id);
	return read_one(st, q, row);
}

int
inbox_list(struct store *st, const char *only, int64_t below, struct inbox_row *rows, size_t n)
{
	struct sql *q;

	if (only == NULL) {
		q = store_sql(st, "SELECT " COLUMNS " FROM inbox WHERE id < ? ORDER BY id DESC LIMIT ?");
		sql_put(q, below > 0 ? below : INT64_MAX);
	} else {
		q = store_sql(st, "SELECT " COLUMNS " FROM inbox WHERE id < ? AND result = ? ORDER BY id DESC LIMIT ?");
		sql_put(q, below > 0 ? below : INT64_MAX);
		sql_put_text(q, only);
	}
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

int
inbox_why(struct store *st, int64_t id, char *out, size_t size)
{
	struct sql *q = store_sql(st, "SELECT why FROM inbox WHERE id = ?");
	int rc;

	sql_put(q, id);
	if ((rc = sql_step(q)) != 1)
		return rc;
	if (!get_text(st, q, "inbox.why", id, out, size)) {
		sql_done(q);
		return sql_refuse(st->db, STORE_MISUSE, "the reasons do not open, or are longer than the room for them");
	}
	sql_done(q);
	return 1;
}

/* ---- deciding ---- */

/* One changed row, or the id was wrong. */
static int
one(struct store *st, int changed)
{
	if (changed == 0)
		return store_misuse(st, "no such message in a state that allows this");
	return changed == 1 ? 0 : -1;
}

static void
put_decision(struct store *st, struct sql *q, int64_t id, int64_t incident, const char *why)
{
	static const char too_long[] = "{\"cut\":true}";

	if (incident != 0)
		sql_put(q, incident);
	else
		sql_put_blob(q, NULL, 0);
	if (strlen(why) > WHY_MAX)
		why = too_long;
	sql_put_sealed(q, st->vault, "inbox.why", id, why, strlen(why));
	sql_put(q, id);
}

int
inbox_decided(struct store *st, int64_t id, const char *result, int64_t incident, const char *why_json)
{
	struct sql *q = store_sql(st, "UPDATE inbox SET state = 2, result = ?, incident = ?, why = ? WHERE id = ?");

	if (strlen(result) >= INBOX_RESULT_SIZE)
		return store_misuse(st, "a result word is too long");
	sql_put_text(q, result);
	put_decision(st, q, id, incident, why_json);
	return q == NULL ? -1 : one(st, sql_run(q));
}

int
inbox_waiting(struct store *st, int64_t id, int64_t incident, const char *why_json)
{
	struct sql *q = store_sql(st, "UPDATE inbox SET state = 1, incident = ?, why = ? WHERE id = ?");

	put_decision(st, q, id, incident, why_json);
	return q == NULL ? -1 : one(st, sql_run(q));
}

int
inbox_attempt(struct store *st, int64_t id)
{
	struct sql *q = store_sql(st, "UPDATE inbox SET attempts = attempts + 1,"
	    " state = CASE WHEN attempts + 1 >= ?1 THEN 3 ELSE 0 END,"
	    " result = CASE WHEN attempts + 1 >= ?1 THEN 'review' ELSE result END"
	    " WHERE id = ?2 AND state = 0 RETURNING attempts");
	int rc, attempts;

	sql_put(q, ATTEMPTS_MAX);
	sql_put(q, id);
	if ((rc = sql_step(q)) != 1)
		return rc == 0 ? one(st, 0) : -1;
	attempts = (int)sql_int(q);
	return sql_run(q) == -1 ? -1 : attempts;
}

/* ---- parts ---- */

int
inbox_parts(struct store *st, const struct inbox_row *part, struct inbox_row *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT * FROM (SELECT " COLUMNS " FROM inbox WHERE total > 0 AND line = ? AND ref = ?"
	    " AND received BETWEEN ? AND ? AND total = ? AND wide = ? AND pseudonym IS ? ORDER BY id DESC LIMIT ?)"
	    " ORDER BY id");
	uint8_t pseudonym[VAULT_PSEUDONYM];

	vault_pseudonym(st->vault, part->sender, pseudonym);
	sql_put_text(q, part->line);
	sql_put(q, part->part.ref);
	sql_put(q, part->received.ms - PART_LIFE_MS);
	sql_put(q, part->received.ms + PART_LIFE_MS);
	sql_put(q, part->part.total);
	sql_put(q, part->part.wide);
	sql_put_blob(q, pseudonym, part->sender[0] != '\0' ? sizeof(pseudonym) : 0);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

int
inbox_overdue_parts(struct store *st, wall_t before, wall_t now, struct inbox_row *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM inbox WHERE state = 1 AND (received < ? OR received > ?)"
	    " ORDER BY received, id LIMIT ?");

	sql_put(q, before.ms);
	sql_put(q, now.ms);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

/* ---- wiping and counting ---- */

int
inbox_purge(struct store *st, wall_t before)
{
	struct sql *q = store_sql(st, "UPDATE inbox SET sender = NULL, text = NULL, tpdu = NULL, why = NULL"
	    " WHERE state = 2 AND received < ? AND (sender IS NOT NULL OR text IS NOT NULL OR tpdu IS NOT NULL)");

	sql_put(q, before.ms);
	return q == NULL ? -1 : sql_run(q);
}

bool
inbox_flooded(struct store *st, unsigned n, wall_t since)
{
	struct sql *q = store_sql(st, "SELECT count(*) FROM (SELECT received FROM inbox ORDER BY id DESC LIMIT ?)"
	    " WHERE received >= ?");
	bool flooded = false;

	sql_put(q, n);
	sql_put(q, since.ms);
	if (sql_step(q) == 1) {
		flooded = sql_int(q) >= (int64_t)n;
		sql_done(q);
	}
	return flooded;
}

int
inbox_count(struct store *st, struct inbox_counts *counts)
{
	struct sql *q = store_sql(st, "SELECT (SELECT count(*) FROM inbox WHERE state = 0),"
	    " (SELECT count(*) FROM inbox WHERE state = 1), (SELECT count(*) FROM inbox WHERE state = 3),"
	    " (SELECT count(*) FROM inbox WHERE result = 'review'),"
	    " (SELECT min(received) FROM inbox WHERE result = 'review'),"
	    " (SELECT max(id) FROM inbox), (SELECT received FROM inbox ORDER BY id DESC LIMIT 1)");

	memset(counts, 0, sizeof(*counts));
	if (st->total == -1)
		st->total = sql_number(st->db, "SELECT count(*) FROM inbox", -1);
	if (st->total == -1 || sql_step(q) != 1)
		return -1;
	counts->total = st->total;
	counts->fresh = sql_int(q);
	counts->waiting = sql_int(q);
	counts->quarantine = sql_int(q);
	counts->review = sql_int(q);
	counts->oldest_review.ms = sql_int(q);
	counts->last_id = sql_int(q);
	counts->last_received.ms = sql_int(q);
	sql_done(q);
	return 0;
}
