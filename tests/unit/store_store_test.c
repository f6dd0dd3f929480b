/* Opening, locking, transactions, failing disks, the life in memory and the way back. */
#include "unit/store_fixture.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <signal.h>

#include "store/sql.h"

static const uint8_t sender[16] = { 1 };
static const wall_t now = { 50000 };

/* ---- transactions ---- */

TEST(no_acknowledgement_without_a_sync)
{
	struct fixture f;
	struct inbox_row row = a_message(100000);
	int64_t id = 0;
	long before;

	set_up(&f);
	CHECK_MSG(f.note == NULL, "note: %s", f.note);
	for (uint32_t i = 0; i < 10; i++) {
		before = disk.syncs;
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, i, &id)), 1);
		CHECK_MSG(disk.syncs > before, "commit %u was not synced", i);
		CHECK_INT(store_fault(f.store), STORE_FINE);
	}
	/* A repetition is acknowledged too; its first commit was synced, and so is its count. */
	before = disk.syncs;
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 3, &id)), 0);
	CHECK(disk.syncs > before);
	tear_down(&f);
}

TEST(transactions_do_not_nest_and_break_whole)
{
	struct fixture f;
	struct inbox_row row = a_message(1);
	struct person p;
	int64_t id = 0;

	set_up(&f);
	CHECK_INT(store_commit(f.store), -1);
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(store_begin(f.store), -1);
	store_rollback(f.store);
	store_rollback(f.store);	/* once more changes nothing */
	/* After one refusal nothing more of it is taken, and the commit says so. */
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(add_message(f.store, &row, 1, &id), 1);
	CHECK_INT(outbox_resolve(f.store, 999, OUTBOX_SENT, now), -1);
	CHECK_INT(people_seen(f.store, sender, now), -1);
	CHECK_INT(inbox_get(f.store, id, &row), -1);
	CHECK_INT(store_commit(f.store), -1);
	CHECK_INT(store_fault(f.store), STORE_MISUSE);
	CHECK(store_error(f.store)[0] != '\0');
	CHECK(inbox_next(f.store, 0, &row) == 0 && people_get(f.store, sender, &p) == 0);
	CHECK_INT(IN_TRANSACTION(f.store, people_seen(f.store, sender, now)), 0);
	CHECK_STR(store_error(f.store), "");
	tear_down(&f);
}

/* What the next program of the story does: custody, then the decision, in two transactions. */
static int
take_custody(struct store *st, int64_t *id)
{
	struct inbox_row row = a_message(100000);

	if (store_begin(st) == -1)
		return -1;
	if (add_message(st, &row, 42, id) == -1 || audit_add(st, now, "system", "inbox.stored", "inbox:1", "{}") == -1) {
		store_rollback(st);
		return -1;
	}
	return store_commit(st);
}

static int
decide_all(struct store *st, int64_t id)
{
	struct incident in = an_incident();
	struct outbox_row out;
	struct told told;
	int64_t sms = 0;

	if (people_seen(st, sender, now) == -1 || incident_add(st, &in) == -1 ||
	    incident_join(st, in.id, id, sender, now) == -1 || told_add(st, in.id, "kouro", now, &told) == -1)
		return -1;
	for (int i = 0; i < 8; i++) {
		char intent[32];

		snprintf(intent, sizeof(intent), "I%d/S0/r%d", (int)in.id, i);
		out = an_sms(in.id, intent);
		if (outbox_add(st, &out, &sms) == -1 || audit_add(st, now, "system", "outbox.queued", intent, "{}") == -1)
			return -1;
	}
	return inbox_decided(st, id, "alert", in.id, "{}") == -1 ||
	    audit_add(st, now, "system", "inbox.decided", "inbox:1", "{}") == -1 ? -1 : 0;
}

static int
decide(struct store *st, int64_t id)
{
	if (store_begin(st) == -1)
		return -1;
	if (decide_all(st, id) == -1) {
		store_rollback(st);
		return -1;
	}
	return store_commit(st);
}

/* All of the decision, or nothing of it; custody as far as it was promised. */
static void
check_whole(struct fixture *f, bool kept, bool decided, const char *when, long n)
{
	struct inbox_row row = { .id = 0 };
	struct incident in[2];
	struct outbox_row out[16];
	struct audit_row audit[32];
	struct person p;
	struct told told;
	int64_t id = 0, rows;
	int found = inbox_list(f->store, NULL, 0, &row, 1);
	bool done = found == 1 && row.state == INBOX_DECIDED;

	CHECK_MSG(found == 1 || !kept, "%s %ld: a promised message is lost", when, n);
	CHECK_MSG(done || !decided, "%s %ld: a promised decision is lost", when, n);
	CHECK_MSG(incident_open(f->store, in, 2) == done, "%s %ld: incidents", when, n);
	CHECK_MSG(outbox_list(f->store, 0, 0, out, 16) == (done ? 8 : 0), "%s %ld: outbox", when, n);
	CHECK_MSG(people_get(f->store, sender, &p) == done, "%s %ld: people", when, n);
	CHECK_MSG(!done || told_find(f->store, in[0].id, "kouro", &told) == 1, "%s %ld: told", when, n);
	CHECK_MSG(audit_list(f->store, "", audit, 32) == (done ? 10 : found == 1 ? 1 : 0), "%s %ld: audit rows", when, n);
	CHECK_MSG(audit_verify(f->store, &rows) == 0, "%s %ld: audit broken", when, n);
	/* What is missing can be done now. */
	if (found == 0)
		CHECK_MSG(take_custody(f->store, &id) == 0, "%s %ld: custody again", when, n);
	if (!done)
		CHECK_MSG(decide(f->store, found == 1 ? row.id : id) == 0, "%s %ld: decision again", when, n);
}

/* The disk fails at the n-th write or sync, for every n, in each way; then the power fails or the disk heals. */
TEST(every_failing_write)
{
	static const struct {
		const char *name;
		int code;
	} ways[] = { { "full", SQLITE_FULL }, { "i/o error", SQLITE_IOERR_WRITE } };
	char when[48];
	long n = 0;

	for (size_t w = 0; w < 4; w++) {
		bool power = w >= 2, whole = false;

		snprintf(when, sizeof(when), "%s, then %s", ways[w % 2].name, power ? "power cut" : "healed");
		for (n = 0; !whole && n < 500; n++) {
			struct fixture f;
			bool kept, decided = false;
			int64_t id = 0;

			set_up(&f);
			disk_fail(n, ways[w % 2].code);
			kept = take_custody(f.store, &id) == 0;
			if (!kept)
				CHECK_MSG(store_fault(f.store) == STORE_FULL || store_fault(f.store) == STORE_IO, "%s %ld: fault %d",
				    when, n, store_fault(f.store));
			else
				decided = decide(f.store, id) == 0;
			whole = kept && decided && disk.fail_at > 0;
			disk_heal();
			if (power)
				crash(&f);
			check_whole(&f, kept, decided, when, n);
			tear_down(&f);
		}
		CHECK_MSG(whole && n > 10, "%s: stopped after %ld", when, n);
	}
}

/* ---- who may open, and what ---- */

TEST(a_second_daemon_is_refused)
{
	struct fixture f;
	struct store *second;
	enum store_fault fault;
	const char *note;
	char wanted[96];

	set_up(&f);
	second = store_open(f.dir, f.vault, &fault, &note);
	CHECK(second == NULL);
	CHECK_INT(fault, STORE_BUSY);
	snprintf(wanted, sizeof(wanted), "another tocsind is running on this state directory (pid %ld)", (long)getpid());
	CHECK_STR(note, wanted);
	store_close(f.store);
	second = store_open(f.dir, f.vault, &fault, &note);
	CHECK(second != NULL);
	f.store = second;
	tear_down(&f);
}

TEST(files_are_private_and_exclusive)
{
	static const char *const files[] = { "tocsin.db", "tocsin.db-wal", "lock" };
	struct fixture f;
	struct inbox_row row = a_message(1);
	struct stat st;
	char path[PATH_MAX];
	int64_t id = 0;

	umask(0);
	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 1, &id)), 1);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", f.dir, files[i]);
		CHECK_MSG(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "%s has mode %o", files[i], st.st_mode & 0777);
	}
	snprintf(path, sizeof(path), "%s/tocsin.db-shm", f.dir);
	CHECK(access(path, F_OK) == -1);
	umask(022);
	tear_down(&f);
}

static void
overwrite(struct fixture *f, long at, const char *bytes, size_t n)
{
	char path[PATH_MAX];
	FILE *out;

	snprintf(path, sizeof(path), "%s/tocsin.db", f->dir);
	if ((out = fopen(path, "r+b")) == NULL)
		abort();
	fseek(out, at, at < 0 ? SEEK_END : SEEK_SET);
	fwrite(bytes, 1, n, out);
	fclose(out);
}

static void
check_set_aside(struct fixture *f, const char *reason, int n)
{
	struct inbox_row row = a_message(1);
	char path[PATH_MAX], wanted[64];
	int64_t id = 0;

	CHECK(f->store != NULL);
	if (f->store == NULL)
		return;
	snprintf(wanted, sizeof(wanted), "it was set aside as corrupt-%d", n);
	CHECK_MSG(f->note != NULL && strstr(f->note, reason) != NULL && strstr(f->note, wanted) != NULL, "note: %s", f->note);
	snprintf(path, sizeof(path), "%s/corrupt-%d/tocsin.db", f->dir, n);
	CHECK(access(path, F_OK) == 0);
	CHECK_INT(inbox_next(f->store, 0, &row), 0);
	row = a_message(1);
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 1, &id)), 1);
}

TEST(what_cannot_be_used_is_set_aside)
{
	static const char garbage[8192];
	struct fixture f;
	struct inbox_row row = a_message(1);
	int64_t id = 0;

	set_up(&f);
	for (uint32_t i = 0; i < 100; i++)
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, i, &id)), 1);
	store_close(f.store);
	overwrite(&f, 0, "no database at all", 18);
	open_again(&f);
	check_set_aside(&f, "not a database", 1);
	/* Another key reads nothing of it. */
	store_close(f.store);
	vault_close(f.vault);
	f.vault = test_vault(8);
	open_again(&f);
	check_set_aside(&f, "another key", 2);
	CHECK_INT(tamper(&f, "PRAGMA user_version = 4711"), SQLITE_OK);
	check_set_aside(&f, "newer tocsin", 3);
	CHECK_INT(tamper(&f, "PRAGMA application_id = 1"), SQLITE_OK);
	check_set_aside(&f, "another program", 4);
	/* A damaged page is found after an unclean stop, for only then all are looked at. */
	for (uint32_t i = 0; i < 200; i++)
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, i, &id)), i == 1 ? 0 : 1);
	CHECK_INT(store_checkpoint(f.store), 0);
	crash(&f);
	CHECK_MSG(f.note == NULL, "a sound database was refused: %s", f.note);
	CHECK_INT(store_checkpoint(f.store), 0);
	power_cut(&f);
	overwrite(&f, 40960, garbage, sizeof(garbage));
	open_again(&f);
	check_set_aside(&f, "damaged", 1);
	tear_down(&f);
}

static const char *const old_steps[] = {
	"CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES(1), (2);",
	"ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 7;",
	"CREATE TABLE u(c INTEGER); INSERT INTO nowhere VALUES(1);",
	"UPDATE t SET b = a * 10;",
};

TEST(migrations_are_whole_steps)
{
	char dir[] = "/tmp/tocsin-store.XXXXXX", path[64];
	const char *good[4];
	enum store_fault fault;
	const char *why;
	struct sql_db *db;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/old.db", dir);
	db = sql_open(path, SQL_DISK, &fault, &why);
	CHECK(db != NULL);
	CHECK_INT(sql_migrate(db, old_steps, 1), 0);
	CHECK_INT(sql_number(db, "PRAGMA user_version", -1), 1);
	sql_close(db, true);
	/* An old database comes to a newer program, whose third step fails: the first two hold, the third left nothing. */
	db = sql_open(path, SQL_DISK, &fault, &why);
	CHECK(db != NULL);
	CHECK_INT(sql_migrate(db, old_steps, 4), -1);
	CHECK_INT(sql_number(db, "PRAGMA user_version", -1), 2);
	CHECK_INT(sql_number(db, "SELECT sum(b) FROM t", -1), 14);
	CHECK_INT(sql_number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'", -1), 0);
	/* The corrected program goes on from there. */
	memcpy(good, old_steps, sizeof(good));
	good[2] = "CREATE TABLE u(c INTEGER);";
	CHECK_INT(sql_migrate(db, good, 4), 0);
	CHECK_INT(sql_number(db, "PRAGMA user_version", -1), 4);
	CHECK_INT(sql_number(db, "SELECT sum(b) FROM t", -1), 30);
	CHECK_INT(sql_migrate(db, good, 4), 0);
	CHECK_INT(sql_number(db, "SELECT sum(b) FROM t", -1), 30);
	sql_close(db, true);
	remove_dir(dir);
}

TEST(backups_are_whole_and_only_read)
{
	struct fixture f;
	struct inbox_row row = a_message(1), out;
	struct store *copy;
	enum store_fault fault;
	const char *note;
	struct vault *other = test_vault(8);
	struct stat st;
	char path[PATH_MAX];
	int64_t id = 0;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 1, &id)), 1);
	snprintf(path, sizeof(path), "%s/back%%up?.db", f.dir);
	CHECK_INT(store_backup(f.store, path), 0);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK_INT(store_backup(f.store, path), -1);	/* exists */
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 2, &id)), 1);
	copy = store_open_backup(path, f.vault, &fault, &note);
	CHECK_MSG(copy != NULL, "%s", note);
	if (copy != NULL) {
		CHECK_INT(inbox_list(copy, NULL, 0, &out, 1), 1);
		CHECK_STR(out.text, CANARY_TEXT);
		CHECK_INT(inbox_next(copy, out.id, &row), 0);
		CHECK_INT(IN_TRANSACTION(copy, people_seen(copy, sender, now)) >= 0, 0);
		CHECK_INT(store_degrade(copy), -1);
		store_close(copy);
	}
	CHECK(store_open_backup(path, other, &fault, &note) == NULL);
	CHECK(store_open_backup("/nonexistent", f.vault, &fault, &note) == NULL);
	CHECK_INT(fault, STORE_IO);
	CHECK_INT(store_begin(f.store), 0);
	snprintf(path, sizeof(path), "%s/backup2.db", f.dir);
	CHECK_INT(store_backup(f.store, path), -1);	/* inside a transaction */
	CHECK(access(path, F_OK) == -1);
	store_rollback(f.store);
	vault_close(other);
	tear_down(&f);
}

/* ---- memory ---- */

/* A store in mid-work; the ids of what is in it. */
struct scene {
	int64_t	incident, fresh, waiting, decided, queued, sending, sent, unknown;
};

static int64_t
an_outbox_row(struct fixture *f, int64_t incident, const char *intent, const char *line, enum outbox_state state)
{
	struct outbox_row row = an_sms(incident, intent);
	int64_t id = 0;

	CHECK_INT(IN_TRANSACTION(f->store, outbox_add(f->store, &row, &id)), 1);
	if (state != OUTBOX_QUEUED)
		CHECK_INT(IN_TRANSACTION(f->store, outbox_sending(f->store, id, line, now)), 0);
	if (state == OUTBOX_SENT || state == OUTBOX_UNKNOWN)
		CHECK_INT(IN_TRANSACTION(f->store, outbox_outcome(f->store, id, state, 7, 0, (wall_t){ 0 }, now)), 0);
	return id;
}

static struct scene
set_scene(struct fixture *f)
{
	struct scene s = { 0 };
	struct incident in = an_incident();
	struct inbox_row row = a_message(1000);
	struct told told;

	CHECK_INT(IN_TRANSACTION(f->store, incident_add(f->store, &in)), 0);
	s.incident = in.id;
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 1, &s.decided)), 1);
	CHECK_INT(IN_TRANSACTION(f->store, incident_join(f->store, in.id, s.decided, sender, now)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, inbox_decided(f->store, s.decided, "alert", in.id, "{}")), 0);
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 2, &s.waiting)), 1);
	CHECK_INT(IN_TRANSACTION(f->store, inbox_waiting(f->store, s.waiting, 0, "{}")), 0);
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 3, &s.fresh)), 1);
	CHECK_INT(IN_TRANSACTION(f->store, told_add(f->store, in.id, "kouro", now, &told)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, people_seen(f->store, sender, now)), 0);
	s.queued = an_outbox_row(f, in.id, "q", "m1", OUTBOX_QUEUED);
	s.sending = an_outbox_row(f, in.id, "s", "m1", OUTBOX_SENDING);
	s.sent = an_outbox_row(f, in.id, "t", "m2", OUTBOX_SENT);
	s.unknown = an_outbox_row(f, in.id, "u", "m2", OUTBOX_UNKNOWN);
	CHECK_INT(IN_TRANSACTION(f->store, audit_add(f->store, now, "system", "inbox.stored", "inbox:1", "{}")), 0);
	return s;
}

static void
check_scene(struct fixture *f, const struct scene *s)
{
	struct incident in[2];
	struct inbox_row row;
	struct outbox_row out;
	struct told told;
	struct person p;
	int64_t id = 0;

	CHECK_INT(incident_open(f->store, in, 2), 1);
	CHECK(in[0].id == s->incident && in[0].same_boot && incident_has_sender(f->store, s->incident, sender));
	CHECK_INT(told_find(f->store, s->incident, "kouro", &told), 1);
	CHECK(inbox_next(f->store, 0, &row) == 1 && row.id == s->fresh);
	CHECK_STR(row.text, CANARY_TEXT);
	CHECK(inbox_get(f->store, s->waiting, &row) == 1 && row.state == INBOX_WAITING);
	CHECK(people_get(f->store, sender, &p) == 1 && p.messages == 1);
	CHECK(outbox_get(f->store, s->queued, &out) == 1 && out.state == OUTBOX_QUEUED);
	CHECK_STR(out.dest, "+22370999999");
	CHECK(outbox_get(f->store, s->sending, &out) == 1 && out.state == OUTBOX_SENDING);
	CHECK(outbox_get(f->store, s->sent, &out) == 1 && out.state == OUTBOX_SENT);
	CHECK(outbox_get(f->store, s->unknown, &out) == 1 && out.state == OUTBOX_UNKNOWN);
	/* What was stored before is still known when the network repeats it. */
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 1, &id)), 0);
	CHECK_INT(id, s->decided);
}

/* Work in memory: everything moves on by one or more steps. The id of a message that came meanwhile. */
static int64_t
work_in_memory(struct fixture *f, const struct scene *s)
{
	struct inbox_row row = a_message(2000);
	struct incident in;
	struct told told;
	int64_t id = 0, found;
	const wall_t then = { 60000 };

	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &row, 9, &id)), 1);
	CHECK_MSG(id > s->fresh, "id %" PRId64 " is not above those of the disk", id);
	CHECK_INT(IN_TRANSACTION(f->store, inbox_decided(f->store, s->fresh, "noise", 0, "{}")), 0);
	CHECK_INT(IN_TRANSACTION(f->store, inbox_decided(f->store, id, "joined", s->incident, "{\"a\":1}")), 0);
	CHECK_INT(IN_TRANSACTION(f->store, incident_join(f->store, s->incident, id, sender, then)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, people_seen(f->store, sender, then)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_outcome(f->store, s->sending, OUTBOX_QUEUED, -1, 38, then, then)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_sending(f->store, s->queued, "m1", then)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_outcome(f->store, s->queued, OUTBOX_SENT, 8, 0, then, then)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_report(f->store, "m1", 8, "+22370999999", true, then, &found)), 1);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_sending(f->store, s->sending, "m1", then)), 0);
	CHECK_INT(incident_get(f->store, s->incident, &in), 1);
	in.stage = STAGE_REMINDED;
	CHECK_INT(IN_TRANSACTION(f->store, incident_update(f->store, &in)), 0);
	CHECK_INT(told_find(f->store, s->incident, "kouro", &told), 1);
	told.answer = ANSWER_OK;
	CHECK_INT(IN_TRANSACTION(f->store, told_answer(f->store, &told)), 0);
	CHECK_INT(IN_TRANSACTION(f->store, audit_add(f->store, then, "system", "inbox.decided", "inbox:9", "{}")), 0);
	return id;
}

static void
check_work(struct fixture *f, const struct scene *s, int64_t id)
{
	struct incident in;
	struct inbox_row row;
	struct outbox_row out;
	struct audit_row audit[8];
	struct told told;
	struct person p;
	char why[32];
	int64_t n = 0;

	CHECK(inbox_get(f->store, id, &row) == 1 && row.state == INBOX_DECIDED && row.incident == s->incident);
	CHECK_STR(row.text, CANARY_TEXT);
	CHECK_INT(inbox_why(f->store, id, why, sizeof(why)), 1);
	CHECK_STR(why, "{\"a\":1}");
	CHECK(inbox_get(f->store, s->fresh, &row) == 1 && row.state == INBOX_DECIDED);
	CHECK(inbox_get(f->store, s->decided, &row) == 1 && row.seen == 2);
	CHECK(inbox_get(f->store, s->waiting, &row) == 1 && row.state == INBOX_WAITING);
	CHECK(people_get(f->store, sender, &p) == 1 && p.messages == 2 && p.first.ms == 50000 && p.last.ms == 60000);
	CHECK(outbox_get(f->store, s->queued, &out) == 1 && out.state == OUTBOX_DELIVERED);
	CHECK(outbox_get(f->store, s->sending, &out) == 1 && out.state == OUTBOX_SENDING && out.attempts == 2);
	CHECK(outbox_get(f->store, s->unknown, &out) == 1 && out.state == OUTBOX_UNKNOWN);
	CHECK(incident_get(f->store, s->incident, &in) == 1 && in.stage == STAGE_REMINDED && in.reports == 2);
	CHECK(told_find(f->store, s->incident, "kouro", &told) == 1 && told.answer == ANSWER_OK);
	CHECK_INT(audit_verify(f->store, &n), 0);
	/* A try whose sync failed may have reached the disk all the same; then there is a second word of it, nothing else. */
	CHECK(n == 3 || n == 4);
	CHECK_INT(audit_list(f->store, "", audit, 8), n);
	CHECK_STR(audit[1].object, "inbox:9");
	for (int64_t i = 2; i < n; i++)
		CHECK_STR(audit[i].event, "store.recovered");
}

TEST(a_full_disk_and_back)
{
	struct fixture f;
	struct scene s;
	struct inbox_row row = a_message(5);
	int64_t id = 0, next = 0;

	set_up(&f);
	s = set_scene(&f);
	disk_fail(0, SQLITE_FULL);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 50, &id)), -2);
	CHECK_INT(store_fault(f.store), STORE_FULL);
	CHECK(!store_in_memory(f.store));
	CHECK_INT(store_degrade(f.store), 0);
	CHECK_INT(store_degrade(f.store), 0);
	CHECK(store_in_memory(f.store));
	check_scene(&f, &s);
	id = work_in_memory(&f, &s);
	CHECK_INT(store_recover(f.store), -1);
	CHECK_INT(store_fault(f.store), STORE_FULL);
	CHECK(store_in_memory(f.store));
	disk_heal();
	CHECK_INT(store_recover(f.store), 0);
	CHECK(!store_in_memory(f.store));
	check_work(&f, &s, id);
	crash(&f);
	check_work(&f, &s, id);
	/* Ids go on, and the triggers that were lifted are back. */
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 51, &next)), 1);
	CHECK(next > id);
	CHECK_INT(tamper(&f, "UPDATE outbox SET state = 0 WHERE state = 4"), SQLITE_CONSTRAINT);
	CHECK_INT(tamper(&f, "INSERT INTO outbox SELECT 77, 'new', incident, responder, dest, text, class, priority, 2, attempts,"
	    " resent, created, expires, not_before, changed, line, reference, error FROM outbox WHERE state = 4"),
	    SQLITE_CONSTRAINT);
	tear_down(&f);
}

/* The way back fails at its n-th write, for every n: then all is still in memory, and the next try brings it. */
TEST(every_failing_write_of_the_way_back)
{
	bool whole = false;
	long n;

	for (n = 0; !whole && n < 500; n++) {
		struct fixture f;
		struct scene s;
		int64_t id = 0;
		int rc;

		set_up(&f);
		s = set_scene(&f);
		CHECK_INT(store_degrade(f.store), 0);
		check_scene(&f, &s);
		id = work_in_memory(&f, &s);
		disk_fail(n, n % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE);
		rc = store_recover(f.store);
		whole = rc == 0 && disk.fail_at > 0;
		disk_heal();
		CHECK_MSG(rc == (store_in_memory(f.store) ? -1 : 0), "write %ld: %d", n, rc);
		CHECK_MSG(store_recover(f.store) == 0, "write %ld: not recovered: %s", n, store_error(f.store));
		check_work(&f, &s, id);
		tear_down(&f);
		if (test_failures > 0)
			printf("    at write %ld\n", n);
	}
	CHECK_MSG(whole && n > 10, "stopped after %ld", n);
}

TEST(a_disk_that_gives_nothing)
{
	struct fixture f;
	struct scene s;
	struct inbox_row row = a_message(7000), found[4];
	struct incident in = an_incident(), both[4];
	struct outbox_row out;
	struct store *st;
	char sql[160];
	int64_t id = 0, other = 0;

	set_up(&f);
	s = set_scene(&f);
	crash(&f);
	store_close(f.store);
	disk.unreadable = true;
	CHECK(store_open(f.dir, f.vault, &f.fault, &f.note) == NULL);
	CHECK_INT(f.fault, STORE_IO);
	f.store = st = store_open_memory(f.dir, f.vault);
	CHECK(st != NULL && store_in_memory(st));
	CHECK(store_open(f.dir, f.vault, &f.fault, &f.note) == NULL && f.fault == STORE_BUSY);
	/* The message that the disk already has comes again, is not known, and is decided here. */
	CHECK_INT(IN_TRANSACTION(st, add_message(st, &row, 3, &id)), 1);
	CHECK(id >= 1000000000);
	CHECK_INT(IN_TRANSACTION(st, incident_add(st, &in)), 0);
	CHECK_INT(IN_TRANSACTION(st, incident_join(st, in.id, id, sender, now)), 0);
	CHECK_INT(IN_TRANSACTION(st, people_seen(st, sender, now)), 0);
	out = an_sms(in.id, "new");
	CHECK_INT(IN_TRANSACTION(st, outbox_add(st, &out, &other)), 1);
	CHECK_INT(IN_TRANSACTION(st, outbox_sending(st, other, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(st, inbox_decided(st, id, "alert", in.id, "{}")), 0);
	CHECK_INT(store_recover(st), -1);
	disk_heal();
	/* And, of all numbers, an open incident of the disk has the same. */
	snprintf(sql, sizeof(sql), "UPDATE incident SET number = %u", in.number);
	CHECK_INT(behind(&f, sql), SQLITE_OK);
	CHECK_MSG(store_recover(st) == 0, "%s", store_error(st));
	CHECK_INT(incident_open(st, both, 4), 2);
	CHECK(both[0].id == s.incident && both[1].id == in.id && both[1].number == in.number && both[0].number != in.number);
	/* One message, under the id it had, with the decision that was made. */
	CHECK_INT(inbox_get(st, id, found), 0);
	CHECK(inbox_get(st, s.fresh, found) == 1 && found[0].state == INBOX_DECIDED && found[0].incident == in.id);
	CHECK(incident_has_sender(st, in.id, sender));
	CHECK_INT(IN_TRANSACTION(st, incident_join(st, in.id, s.fresh, sender, now)), 0);
	CHECK(incident_get(st, in.id, &in) == 1 && in.reports == 1);	/* it was joined under that id already */
	CHECK_INT(inbox_next(st, 0, found), 0);
	/* What a dead process was sending is in doubt; what we are sending is not. */
	CHECK(outbox_get(st, s.sending, &out) == 1 && out.state == OUTBOX_UNKNOWN);
	CHECK(outbox_get(st, other, &out) == 1 && out.state == OUTBOX_SENDING);
	CHECK(outbox_get(st, s.queued, &out) == 1 && out.state == OUTBOX_QUEUED);
	CHECK_INT(audit_verify(st, &other), 0);
	tear_down(&f);
}

TEST(a_disk_that_can_only_be_read)
{
	struct fixture f;
	struct scene s;
	int64_t id = 0;

	set_up(&f);
	s = set_scene(&f);
	crash(&f);
	store_close(f.store);
	disk_fail(0, SQLITE_FULL);
	CHECK(store_open(f.dir, f.vault, &f.fault, &f.note) == NULL);
	CHECK_INT(f.fault, STORE_FULL);
	CHECK_STR(f.note, "the disk is full (sqlite 13)");
	f.store = store_open_memory(f.dir, f.vault);
	CHECK(f.store != NULL && store_in_memory(f.store));
	check_scene(&f, &s);
	id = work_in_memory(&f, &s);
	disk_heal();
	CHECK_MSG(store_recover(f.store) == 0, "%s", store_error(f.store));
	check_work(&f, &s, id);
	tear_down(&f);
}

TEST(a_damaged_disk_gives_way_to_a_new_one)
{
	static const char garbage[4096];
	struct fixture f;
	struct scene s;
	struct incident in;
	char path[PATH_MAX];
	int64_t id = 0;

	set_up(&f);
	s = set_scene(&f);
	CHECK_INT(store_checkpoint(f.store), 0);
	CHECK_INT(store_degrade(f.store), 0);
	id = work_in_memory(&f, &s);
	overwrite(&f, 0, garbage, sizeof(garbage));
	CHECK_MSG(store_recover(f.store) == 0, "%s", store_error(f.store));
	snprintf(path, sizeof(path), "%s/corrupt-1/tocsin.db", f.dir);
	CHECK(access(path, F_OK) == 0);
	/* Memory had all that was open. */
	CHECK(incident_get(f.store, s.incident, &in) == 1 && in.stage == STAGE_REMINDED);
	restart(&f);
	CHECK(incident_get(f.store, s.incident, &in) == 1 && in.id == s.incident);
	CHECK(id > s.fresh);
	tear_down(&f);
}

/* Nor does a backlog larger than memory keep the open incidents from coming along. */
TEST(more_than_memory_holds)
{
	struct fixture f;
	struct scene s;
	struct inbox_row row = a_message(1000);
	struct incident in;
	struct inbox_counts counts;
	int64_t id = 0;

	set_up(&f);
	s = set_scene(&f);
	memset(row.text, 'x', sizeof(row.text) - 1);
	CHECK_INT(store_begin(f.store), 0);
	for (uint32_t i = 0; i < 20000; i++) {
		CHECK_INT(add_message(f.store, &row, 1000 + i, &id), 1);
		if (i % 1000 == 999)
			CHECK(store_commit(f.store) == 0 && store_begin(f.store) == 0);
	}
	CHECK_INT(store_commit(f.store), 0);
	CHECK_INT(store_degrade(f.store), 0);
	CHECK(incident_open(f.store, &in, 1) == 1 && in.id == s.incident);
	CHECK(inbox_next(f.store, 0, &row) == 1 && row.id == s.fresh);	/* the oldest waits longest */
	CHECK_INT(inbox_count(f.store, &counts), 0);
	CHECK(counts.total >= 5000);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, 999999, &id)), 1);
	CHECK_MSG(store_recover(f.store) == 0, "%s", store_error(f.store));
	CHECK(inbox_count(f.store, &counts) == 0 && counts.total == 20004);
	tear_down(&f);
}

/* Where even the directory does not exist, alerts go on. */
TEST(no_directory_at_all)
{
	struct vault *vault = test_vault(7);
	struct store *st = store_open_memory("/nonexistent/tocsin", vault);
	struct inbox_row row = a_message(1);
	int64_t id = 0;

	CHECK(st != NULL);
	if (st != NULL) {
		CHECK_INT(IN_TRANSACTION(st, add_message(st, &row, 1, &id)), 1);
		CHECK_INT(store_recover(st), -1);
		CHECK_INT(store_fault(st), STORE_IO);
		CHECK_INT(inbox_get(st, id, &row), 1);
	}
	store_close(st);
	vault_close(vault);
}

/* The kernel's own way of saying no, in a process of its own. */
TEST(a_real_limit_on_the_file)
{
	struct fixture f;
	int status = 0;
	pid_t pid;

	set_up(&f);
	store_close(f.store);
	if ((pid = fork()) == 0) {
		struct rlimit limit = { 400000, 400000 };
		struct inbox_row row = a_message(1);
		int64_t id = 0, kept = 0;
		int rc = 0;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		open_again(&f);
		for (uint32_t i = 0; i < 2000 && (rc = IN_TRANSACTION(f.store, add_message(f.store, &row, i, &id))) == 1; i++)
			kept = id;
		if (rc == 1 || store_fault(f.store) == STORE_FINE || store_fault(f.store) == STORE_MISUSE)
			_exit(1);
		if (store_degrade(f.store) != 0 || inbox_get(f.store, kept, &row) != 1)
			_exit(2);
		if (IN_TRANSACTION(f.store, add_message(f.store, &row, 5000, &id)) != 1)
			_exit(3);
		/* The way back may find room, for the log is emptied first. */
		_exit((store_recover(f.store) == 0) != store_in_memory(f.store) && inbox_get(f.store, id, &row) == 1 ? 0 : 4);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child ended with %d", status);
	must_open(&f);
	tear_down(&f);
}

int
main(void)
{
	const struct test_row rows[] = { TEST_ROW(no_acknowledgement_without_a_sync),
		TEST_ROW(transactions_do_not_nest_and_break_whole), TEST_ROW(every_failing_write),
		TEST_ROW(a_second_daemon_is_refused), TEST_ROW(files_are_private_and_exclusive),
		TEST_ROW(what_cannot_be_used_is_set_aside), TEST_ROW(migrations_are_whole_steps),
		TEST_ROW(backups_are_whole_and_only_read), TEST_ROW(a_full_disk_and_back),
		TEST_ROW(every_failing_write_of_the_way_back), TEST_ROW(a_disk_that_gives_nothing),
		TEST_ROW(a_disk_that_can_only_be_read), TEST_ROW(a_damaged_disk_gives_way_to_a_new_one),
		TEST_ROW(more_than_memory_holds), TEST_ROW(no_directory_at_all), TEST_ROW(a_real_limit_on_the_file) };

	disk_install();
	return test_run(rows, sizeof(rows) / sizeof(rows[0]));
}
