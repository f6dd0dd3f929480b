/* Going on without a disk: rows carried into memory, and brought back in one transaction. */
#include "store/memory.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/audit.h"

/* One table's rows on their way: what is read there and how it is written here. */
struct carriage {
	const char *select, *insert;
};

/* ---- triggers that watch single steps ---- */

/*
 * Between two sights of a row several steps may lie, and a carried row does not begin where rows begin. So these
 * triggers are lifted for the carriage, inside its transaction, and put back as they were.
 */
static const char *const lifted[] = { "outbox_start", "outbox_edges" };
#define LIFTED	(sizeof(lifted) / sizeof(lifted[0]))

static const char drop_lifted[] = "DROP TRIGGER outbox_start; DROP TRIGGER outbox_edges;";

static int
lift_triggers(struct sql_db *db, char texts[LIFTED][1024])
{
	for (size_t i = 0; i < LIFTED; i++) {
		struct sql *q = sql_get(db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?");

		sql_put_text(q, lifted[i]);
		if (sql_step(q) != 1)
			return -1;
		sql_text(q, texts[i], sizeof(texts[i]));
		sql_done(q);
	}
	return sql_exec(db, drop_lifted);
}

static int
restore_triggers(struct sql_db *db, char texts[LIFTED][1024])
{
	for (size_t i = 0; i < LIFTED; i++)
		if (sql_exec(db, texts[i]) == -1)
			return -1;
	return 0;
}

/* As many as a row of the table has columns: 37 of incident, 23 of inbox, 18 of outbox. */
#define MARKS_5		"?, ?, ?, ?, ?"
#define MARKS_15	MARKS_5 ", " MARKS_5 ", " MARKS_5
#define MARKS_18	MARKS_15 ", ?, ?, ?"
#define MARKS_23	MARKS_18 ", " MARKS_5
#define MARKS_37	MARKS_15 ", " MARKS_15 ", " MARKS_5 ", ?, ?"

/* ---- into memory ---- */

#define LIVE_OUTBOX "(state = 0 OR state = 1 OR state = 3)"
#define LATE_INCIDENT "(SELECT max(id) - 200 FROM incident)"

/*
 * The most needed first: a disk that fails midway has then given that. With limits, for memory has one (sql.c); what
 * stays behind is found on the disk when that is back.
 */
static const struct carriage carried[] = {
	{ "SELECT * FROM incident WHERE state = 0 ORDER BY id DESC LIMIT 2000",
	  "INSERT OR IGNORE INTO incident VALUES(" MARKS_37 ")" },
	{ "SELECT * FROM told WHERE incident IN (SELECT id FROM incident WHERE state = 0 OR id > " LATE_INCIDENT ")"
	  " ORDER BY incident DESC LIMIT 20000",
	  "INSERT OR IGNORE INTO told VALUES(?, ?, ?, ?, ?, ?, ?)" },
	{ "SELECT * FROM outbox WHERE " LIVE_OUTBOX " ORDER BY priority, id LIMIT 5000",
	  "INSERT OR IGNORE INTO outbox VALUES(" MARKS_18 ")" },
	{ "SELECT * FROM inbox WHERE state = 0 OR state = 1 OR state = 3 ORDER BY id LIMIT 5000",
	  "INSERT OR IGNORE INTO inbox VALUES(" MARKS_23 ")" },
	{ "SELECT * FROM people ORDER BY last DESC LIMIT 20000", "INSERT OR IGNORE INTO people VALUES(?, ?, ?, ?, ?)" },
	{ "SELECT * FROM report WHERE incident IN (SELECT id FROM incident WHERE state = 0)"
	  " ORDER BY incident DESC LIMIT 20000",
	  "INSERT OR IGNORE INTO report VALUES(?, ?, ?, ?)" },
	{ "SELECT * FROM inbox WHERE id > (SELECT max(id) - 2000 FROM inbox) ORDER BY id DESC",
	  "INSERT OR IGNORE INTO inbox VALUES(" MARKS_23 ")" },
	{ "SELECT * FROM outbox WHERE id > (SELECT max(id) - 1000 FROM outbox) ORDER BY id DESC",
	  "INSERT OR IGNORE INTO outbox VALUES(" MARKS_18 ")" },
	{ "SELECT * FROM incident WHERE id > " LATE_INCIDENT " ORDER BY id DESC",
	  "INSERT OR IGNORE INTO incident VALUES(" MARKS_37 ")" },
	{ "SELECT * FROM boot", "INSERT OR IGNORE INTO boot VALUES(?, ?, ?)" },
};

/* One table in a transaction of its own: what does not fit is left behind, and the next may fit. */
static void
carry_one(struct sql_db *disk, struct sql_db *memory, const struct carriage *c)
{
	if (sql_begin(memory) == -1)
		return;
	if (sql_copy(disk, c->select, memory, c->insert, NULL) == -1)
		sql_rollback(memory);
	else
		(void)sql_commit(memory);
}

/* 0, or -1 when the triggers could not be put back. */
static int
carry(struct sql_db *disk, struct sql_db *memory)
{
	static const char count[] = "INSERT INTO carried SELECT pseudonym, messages FROM people";
	char texts[LIFTED][1024];

	if (sql_begin(memory) == -1 || lift_triggers(memory, texts) == -1 || sql_commit(memory) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++)
		carry_one(disk, memory, &carried[i]);
	if (sql_begin(memory) == -1 || sql_exec(memory, count) == -1 || restore_triggers(memory, texts) == -1)
		return -1;
	return sql_commit(memory);
}

struct sql_db *
memory_new(struct sql_db *disk)
{
	/*
	 * Rows come without those they refer to. "carried": what the disk had counted already; "tried": what it has when
	 * the last try to bring all back reached it. "session" tells whose try that was.
	 */
	static const char more[] = "PRAGMA foreign_keys = OFF;"
	    "CREATE TABLE carried(pseudonym BLOB PRIMARY KEY, messages INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE tried(pseudonym BLOB PRIMARY KEY, messages INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	    "INSERT INTO meta(key, value) VALUES('session', random());";
	enum store_fault fault;
	const char *why;
	struct sql_db *memory = sql_open(NULL, SQL_MEMORY, &fault, &why);

	if (memory == NULL)
		return NULL;
	if (store_migrate(memory) == -1 || sql_exec(memory, more) == -1) {
		sql_close(memory, false);
		return NULL;
	}
	if (disk != NULL && carry(disk, memory) == -1) {
		sql_close(memory, false);
		return memory_new(NULL);	/* empty is better than none */
	}
	return memory;
}

/* ---- and back ---- */

#define INCIDENT_CHANGING "number, state, headline, codes, priority, firing, released, validated, outcome, located, ambiguous," \
	" name, cercle, c3, region, country, lat_deg, lon_deg, radius_m, method, score," \
	" opened, opened_mono, first, last, reports, sources," \
	" stage, next_stage, due_wall, due_mono, step_ms, boot, answered, tags, pack"
#define X(column) "excluded." column
#define INCIDENT_EXCLUDED X("number") "," X("state") "," X("headline") "," X("codes") "," X("priority") \
	"," X("firing") "," X("released") "," X("validated") "," X("outcome") "," X("located") "," X("ambiguous") "," X("name") "," X("cercle") "," X("c3") "," X("region") \
	"," X("country") "," X("lat_deg") "," X("lon_deg") "," X("radius_m") "," X("method") "," X("score") \
	"," X("opened") "," X("opened_mono") "," X("first") "," X("last") "," X("reports") "," X("sources") \
	"," X("stage") "," X("next_stage") "," X("due_wall") "," X("due_mono") "," X("step_ms") "," X("boot") \
	"," X("answered") "," X("tags") "," X("pack")
#define OUTBOX_TAKE " DO UPDATE SET state = excluded.state, attempts = excluded.attempts, resent = excluded.resent," \
	" not_before = excluded.not_before, changed = excluded.changed, line = excluded.line," \
	" reference = excluded.reference, error = excluded.error"

/* In this order: what others refer to comes first. */
static const struct carriage brought[] = {
	{ "SELECT key, value FROM meta WHERE key = 'session'"
	  " UNION ALL SELECT 'session_audit', ifnull(max(seq), 0) FROM audit",
	  "INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value" },
	{ "SELECT * FROM boot", "INSERT OR IGNORE INTO boot VALUES(?, ?, ?)" },
	/* An open incident of the disk that memory did not know of gives way: the number is in SMS that just went out. */
	{ "SELECT number, id FROM incident WHERE state = 0",
	  "UPDATE incident SET number = (WITH RECURSIVE n(v) AS (SELECT 1000 UNION ALL SELECT v + 1 FROM n WHERE v < 9999)"
	  " SELECT v FROM n WHERE v NOT IN (SELECT number FROM incident WHERE state = 0) LIMIT 1)"
	  " WHERE state = 0 AND number = ?1 AND id <> ?2" },
	{ "SELECT * FROM incident ORDER BY state DESC, id",
	  "INSERT INTO incident VALUES(" MARKS_37 ")"
	  " ON CONFLICT(id) DO UPDATE SET (" INCIDENT_CHANGING ") = (" INCIDENT_EXCLUDED ")" },
	/* A message that the disk has under another id keeps that, with what memory decided. */
	{ "SELECT id, identity FROM inbox",
	  "INSERT INTO temp.moved SELECT ?1, id FROM inbox WHERE identity = ?2 AND id <> ?1" },
	{ "SELECT * FROM inbox ORDER BY id",
	  "INSERT INTO inbox VALUES(" MARKS_23 ")"
	  " ON CONFLICT(id) DO UPDATE SET state = excluded.state, seen = excluded.seen, attempts = excluded.attempts,"
	  " result = excluded.result, incident = excluded.incident, why = excluded.why"
	  " WHERE inbox.state <> excluded.state OR inbox.seen <> excluded.seen OR inbox.attempts <> excluded.attempts"
	  " OR inbox.result <> excluded.result OR inbox.incident IS NOT excluded.incident"
	  " ON CONFLICT(identity) DO UPDATE SET state = 2, seen = inbox.seen + excluded.seen, result = excluded.result,"
	  " incident = excluded.incident WHERE excluded.state = 2 AND inbox.state <> 2" },
	{ "SELECT * FROM report",
	  "INSERT OR IGNORE INTO report"
	  " SELECT ?1, ifnull((SELECT new FROM temp.moved WHERE old = ?2), ?2), ?3, ?4" },
	{ "SELECT * FROM told",
	  "INSERT INTO told VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(incident, responder) DO UPDATE SET"
	  " answer = excluded.answer, answered_at = excluded.answered_at, eta_min = excluded.eta_min" },
	{ "SELECT * FROM outbox ORDER BY id",
	  "INSERT INTO outbox VALUES(" MARKS_18 ")"
	  " ON CONFLICT(id)" OUTBOX_TAKE " WHERE outbox.state <> excluded.state OR outbox.changed <> excluded.changed"
	  " OR outbox.not_before <> excluded.not_before"
	  " ON CONFLICT(intent)" OUTBOX_TAKE },
	/* Counts are added; a STOP is taken back only by somebody memory knew. */
	{ "SELECT p.pseudonym, first, last, p.messages - ifnull(c.messages, 0), stopped, c.messages IS NOT NULL"
	  " FROM people p LEFT JOIN carried c ON c.pseudonym = p.pseudonym",
	  "INSERT INTO people SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?6 IN (0, 1)"
	  " ON CONFLICT(pseudonym) DO UPDATE SET messages = people.messages + excluded.messages,"
	  " first = CASE WHEN people.first = 0 THEN excluded.first ELSE min(people.first, excluded.first) END,"
	  " last = max(people.last, excluded.last),"
	  " stopped = CASE WHEN ?6 THEN excluded.stopped ELSE max(people.stopped, excluded.stopped) END" },
};

/*
 * A commit whose sync failed may be on the disk all the same. The disk says so by our session's number: then
 * what that try brought is not brought again. Returns the last audit row of ours that the disk has; -1.
 */
static int64_t
last_try(struct sql_db *memory, struct sql_db *disk)
{
	static const char session[] = "SELECT value FROM meta WHERE key = 'session'";
	bool reached = sql_number(disk, session, 0) == sql_number(memory, session, 1);
	int rc = 0;

	if (sql_begin(memory) == -1)
		return -1;
	if (reached)
		rc = sql_exec(memory, "DELETE FROM carried; INSERT INTO carried SELECT * FROM tried;");
	if (rc == -1 || sql_exec(memory, "DELETE FROM tried; INSERT INTO tried SELECT pseudonym, messages FROM people") == -1) {
		sql_rollback(memory);
		return -1;
	}
	if (sql_commit(memory) == -1)
		return -1;
	return reached ? sql_number(disk, "SELECT value FROM meta WHERE key = 'session_audit'", -1) : 0;
}

/* The audit of the time in memory, chained anew behind what the disk has. st->db is the disk here. */
static int64_t
append_audit(struct store *st, struct sql_db *memory, int64_t after)
{
	struct sql *q = sql_get(memory, "SELECT at, actor, event, object, detail FROM audit WHERE seq > ? ORDER BY seq");
	struct audit_row row;
	int64_t n = 0;
	int rc;

	sql_put(q, after);
	while ((rc = sql_step(q)) == 1) {
		row.at.ms = sql_int(q);
		sql_text(q, row.actor, sizeof(row.actor));
		sql_text(q, row.event, sizeof(row.event));
		sql_text(q, row.object, sizeof(row.object));
		sql_text(q, row.detail, sizeof(row.detail));
		if (audit_add(st, row.at, row.actor, row.event, row.object, row.detail) == -1) {
			sql_done(q);
			return -1;
		}
		n++;
	}
	return rc == -1 ? -1 : n;
}

static int
bring_audit(struct store *st, struct sql_db *disk, int64_t after, bool new_database)
{
	struct sql_db *memory = st->db;
	char detail[64];
	int64_t n;
	int rc = -1;

	st->db = disk;
	store_forget(st);
	if ((n = append_audit(st, memory, after)) != -1) {
		(void)snprintf(detail, sizeof(detail), "{\"audit\":%lld,\"new_database\":%s}", (long long)n,
		    new_database ? "true" : "false");
		rc = audit_add(st, clock_now().wall, "system", "store.recovered", "store", detail);
	}
	st->db = memory;
	store_forget(st);
	return rc;
}

static int
bring_all(struct store *st, struct sql_db *disk, bool new_database)
{
	char texts[LIFTED][1024];
	int64_t after;
	bool whole;

	if ((after = last_try(st->db, disk)) == -1)
		return sql_refuse(disk, STORE_MISUSE, sql_error(st->db));
	if (lift_triggers(disk, texts) == -1)
		return -1;
	/* Whatever was being sent by a process before us is in doubt; what we are sending is set right below. */
	if (sql_exec(disk, "UPDATE outbox SET state = 3 WHERE state = 1") == -1)
		return -1;
	for (size_t i = 0; i < sizeof(brought) / sizeof(brought[0]); i++) {
		if (sql_copy(st->db, brought[i].select, disk, brought[i].insert, &whole) == -1)
			return -1;
		if (!whole)
			return sql_refuse(disk, STORE_MISUSE, sql_error(st->db));
	}
	if (bring_audit(st, disk, after, new_database) == -1)
		return -1;
	return restore_triggers(disk, texts);
}

int
memory_bring_back(struct store *st, struct sql_db *disk, bool new_database)
{
	static const char before[] = "PRAGMA foreign_keys = OFF;"
	    "CREATE TEMP TABLE IF NOT EXISTS moved(old INTEGER PRIMARY KEY, new INTEGER NOT NULL);";
	static const char after[] = "DROP TABLE temp.moved; PRAGMA foreign_keys = ON;";

	if (sql_exec(disk, before) == -1 || sql_begin(disk) == -1)
		return -1;
	if (bring_all(st, disk, new_database) == -1) {
		sql_rollback(disk);
		return -1;
	}
	return sql_commit(disk) == -1 ? -1 : sql_exec(disk, after);
}
