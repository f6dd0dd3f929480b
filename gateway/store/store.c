/* The one database: opening, locking, transactions; the durability contract. */
#include "store/store.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/files.h"
#include "store/inside.h"
#include "store/memory.h"

/*
 * The durability contract. Each line says what holds, and what keeps it.
 *
 *  (1) store_commit() returns 0 only when the transaction was synced to the disk: the log is written with
 *      synchronous=FULL. Nobody is told STORED, and no SIM forgets anything, before that. On -1 the whole transaction
 *      is undone; a statement that failed breaks its transaction for good (sql.c), so that no part is stored alone.
 *      (Where only the sync failed, a later start may find the transaction all the same, whole: (2) and (10) make
 *      that harmless.)
 *  (2) One network identity is one inbox row (UNIQUE). inbox_add() of a known one counts it and changes nothing else.
 *  (3) A message is decided in the caller's one transaction: inbox_decided(), its incident, its outbox rows and its audit rows
 *      are all there after a crash, or none is and the row is still NEW.
 *  (4) outbox_sending() is committed before a frame goes to a modem; a line has one SENDING row at most (unique index).
 *  (5) A send ends as sent, refused or unknown. A SENDING row that lost its modem or its daemon becomes UNKNOWN
 *      (outbox_recover(); store_open() leaves it to the caller, so that it is audited) and goes on only by outbox_resolve()
 *      or by evidence. Triggers refuse every other step.
 *  (6) audit_add() joins the transaction of the change it tells of. Its rows are chained, numbered without gaps, and can
 *      be neither changed nor removed (triggers; audit_verify() finds what was done behind our back).
 *  (7) What is stored is wall time. A monotonic time is stored with the boot it belongs to, and compared only within
 *      it (incident.same_boot); escalate_due() is the guard against clocks that jump.
 *  (8) Every part of a long message is a row of its own, found again by line, sender, reference and total
 *      (inbox_parts()), also after a restart.
 *  (9) Every outbox row has an end (expires > created, checked); outbox_next() never gives one that is past it.
 * (10) One intent is one outbox row (UNIQUE): deciding the same thing again sends nothing twice.
 * (11) A failing disk never stops alerts: store_degrade() goes on in memory, store_open_memory() begins there, and
 *      store_recover() brings everything back in one transaction. In memory nothing may be called stored.
 * (12) One process, one connection: DIR/lock is held by flock, the database by locking_mode=EXCLUSIVE. Others read copies made
 *      by store_backup().
 * (13) Senders, texts, raw messages, destinations and reasons are sealed under their row before SQLite sees them.
 *      No number and no text is in the database, its log, a temporary file or an error message.
 */

#define APPLICATION_ID	0x544F4353	/* "TOCS" */
#define ASIDE_MAX	1000

extern const char store_schema[];

static const char *const steps[] = {
	store_schema,		/* an empty file becomes version 1 */
	/* 2: those who agreed to report. No number of theirs is kept anywhere. */
	"CREATE TABLE reporter(\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  pseudonym BLOB NOT NULL UNIQUE CHECK(length(pseudonym) = 16),\n"
	"  added INTEGER NOT NULL,\n"
	"  opted_in INTEGER NOT NULL CHECK(opted_in IN (0, 1)),\n"
	"  silent INTEGER NOT NULL CHECK(silent IN (0, 1)),\n"
	"  shared INTEGER NOT NULL CHECK(shared IN (0, 1)),\n"
	"  duress INTEGER NOT NULL CHECK(duress IN (0, 1)),\n"
	"  language INTEGER NOT NULL,\n"
	"  village BLOB,                   -- sealed\n"
	"  replied INTEGER NOT NULL,\n"
	"  asked INTEGER NOT NULL,         -- the incident he was asked about\n"
	"  asked_at INTEGER NOT NULL,\n"
	"  choices BLOB                    -- sealed\n"
	") STRICT;\n"
	"CREATE INDEX report_pseudonym ON report(pseudonym, at);",
	/* 3: times of what waits may be moved with a clock that jumped. */
	"DROP TRIGGER outbox_identity;"
	"CREATE TRIGGER outbox_identity BEFORE UPDATE OF id, intent, incident, responder, class, priority ON outbox"
	" BEGIN SELECT RAISE(ABORT, 'what was to be sent does not change'); END;"
	"CREATE TRIGGER outbox_times BEFORE UPDATE OF created, expires ON outbox"
	" WHEN OLD.state NOT IN (0, 1, 3) OR NEW.expires - NEW.created <> OLD.expires - OLD.created"
	" BEGIN SELECT RAISE(ABORT, 'what was to be sent does not change'); END;",
};
#define VERSION	((int)(sizeof(steps) / sizeof(steps[0])))

struct sql *
store_sql(struct store *st, const char *text)
{
	return sql_get(st->db, text);
}

int
store_misuse(struct store *st, const char *sentence)
{
	return sql_refuse(st->db, STORE_MISUSE, sentence);
}

int
store_migrate(struct sql_db *db)
{
	return sql_migrate(db, steps, VERSION);
}

/* ---- the lock ---- */

/* "another tocsind … (pid N)", with the number that its holder wrote into the file. */
static const char *
busy_sentence(int fd)
{
	static char sentence[96];
	char pid[16] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	(void)snprintf(sentence, sizeof(sentence), "another tocsind is running on this state directory (pid %s)",
	    pid[0] != '\0' ? pid : "unknown");
	return sentence;
}

static void
write_pid(int fd)
{
	char pid[16];
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

	/* Only for people; on a full disk the lock holds without it. */
	if (ftruncate(fd, 0) == -1 || pwrite(fd, pid, (size_t)n, 0) == -1)
		return;
}

/* 0 with the file in st->lock, or -1. A directory that can only be read is locked itself. */
static int
lock(struct store *st, enum store_fault *fault, const char **note)
{
	char path[PATH_MAX + 8];

	*fault = STORE_IO;
	*note = "the state directory cannot be locked";
	(void)snprintf(path, sizeof(path), "%s/lock", st->dir);
	st->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (st->lock == -1)
		st->lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (st->lock == -1)
		st->lock = open(st->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (st->lock == -1)
		return -1;
	if (flock(st->lock, LOCK_EX | LOCK_NB) == 0) {
		write_pid(st->lock);
		return 0;
	}
	if (errno == EWOULDBLOCK) {
		*fault = STORE_BUSY;
		*note = busy_sentence(st->lock);
	}
	return -1;
}

/* ---- opening ---- */

static struct store *
store_new(const char *dir, struct vault *vault)
{
	struct store *st = calloc(1, sizeof(*st));

	if (st == NULL)
		return NULL;
	st->vault = vault;
	st->lock = -1;
	st->next_inbox = st->next_incident = st->next_outbox = 1;
	st->total = st->chain.seq = -1;
	if (snprintf(st->dir, sizeof(st->dir), "%s", dir) >= (int)sizeof(st->dir)) {
		free(st);
		return NULL;
	}
	return st;
}

static int
meta_put(struct sql_db *db, const char *key, int64_t value)
{
	struct sql *q = sql_get(db,
	    "INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");

	sql_put_text(q, key);
	sql_put(q, value);
	return sql_run(q) == -1 ? -1 : 0;
}

/* A word sealed when the database was made tells later whether the key is still the same. */
static const char key_word[] = "tocsin";

static int
key_put(struct sql_db *db, const struct vault *vault)
{
	struct sql *q = sql_get(db, "INSERT INTO meta(key, value) VALUES('key', ?)");

	sql_put_sealed(q, vault, "meta.key", 0, key_word, sizeof(key_word));
	return sql_run(q) == -1 ? -1 : 0;
}

static int
key_check(struct sql_db *db, const struct vault *vault)
{
	struct sql *q = sql_get(db, "SELECT value FROM meta WHERE key = 'key'");
	char word[sizeof(key_word)];
	int rc = sql_step(q);
	bool same;

	if (rc == -1)
		return -1;
	same = rc == 1 && sql_sealed(q, vault, "meta.key", 0, word, sizeof(word)) == (long)sizeof(word) &&
	    memcmp(word, key_word, sizeof(word)) == 0;
	sql_done(q);
	return same ? 0 : sql_refuse(db, STORE_CORRUPT, "the database was sealed with another key");
}

/* Whether the file is a database of ours that this program can read. 1: yes; 0: it is empty; -1. */
static int
recognise(struct sql_db *db)
{
	int64_t version = sql_number(db, "PRAGMA user_version", -1);
	int64_t tables = sql_number(db, "SELECT count(*) FROM sqlite_schema", -1);

	if (version == -1 || tables == -1)
		return -1;
	if (version == 0 && tables == 0)
		return 0;
	if (sql_number(db, "PRAGMA application_id", -1) != APPLICATION_ID)
		return sql_refuse(db, STORE_CORRUPT, "the database belongs to another program");
	if (version > VERSION)
		return sql_refuse(db, STORE_CORRUPT, "the database was made by a newer tocsin");
	return 1;
}

static int
begin_new(struct sql_db *db, const struct vault *vault)
{
	char text[48];

	(void)snprintf(text, sizeof(text), "PRAGMA application_id = %d", APPLICATION_ID);
	if (sql_exec(db, text) == -1 || store_migrate(db) == -1 || sql_begin(db) == -1)
		return -1;
	if (key_put(db, vault) == -1 || sql_commit(db) == -1) {
		sql_rollback(db);
		return -1;
	}
	return 0;
}

static int
begin_old(struct sql_db *db, const struct vault *vault, bool check)
{
	/* A crash leaves the flag down; then the pages are looked at, and the log must be movable. */
	if (check || sql_number(db, "SELECT value FROM meta WHERE key = 'clean'", 0) == 0) {
		if (sql_check(db) == -1 || sql_checkpoint(db) == -1)
			return -1;
	}
	return store_migrate(db) == -1 ? -1 : key_check(db, vault);
}

/* The kernel's name of this boot; a fresh word when there is none, so that nothing is compared across boots. */
static void
kernel_boot(char *out, size_t size)
{
	struct buf b;

	buf_init(&b, 64);
	if (file_read("/proc/sys/kernel/random/boot_id", &b) == 0 && b.len >= 36)
		(void)snprintf(out, size, "%.36s", buf_str(&b));
	else
		(void)snprintf(out, size, "unknown-%lld", (long long)clock_now().wall.ms);
	buf_release(&b);
}

/*
 * The id of this kernel boot, its row made when it is missing; -1. The kernel's name is random: its first 48 bits are id enough,
 * and are the same in a database that never saw the other.
 */
static int64_t
boot_row(struct sql_db *db)
{
	char kernel[64], digits[13] = "";
	struct sql *q;
	int64_t id;
	size_t n = 0;

	kernel_boot(kernel, sizeof(kernel));
	for (const char *p = kernel; *p != '\0' && n < sizeof(digits) - 1; p++)
		if (*p != '-')
			digits[n++] = *p;
	if ((id = (int64_t)strtoull(digits, NULL, 16)) == 0)
		id = clock_now().wall.ms;
	q = sql_get(db, "INSERT OR IGNORE INTO boot(id, kernel, started) VALUES(?, ?, ?)");
	sql_put(q, id);
	sql_put_text(q, kernel);
	sql_put(q, clock_now().wall.ms);
	return sql_run(q) == -1 ? -1 : id;
}

static int
mark_open(struct store *st, struct sql_db *db)
{
	int64_t boot;

	if (sql_begin(db) == -1)
		return -1;
	if (meta_put(db, "clean", 0) == -1 || (boot = boot_row(db)) == -1 || sql_commit(db) == -1) {
		sql_rollback(db);
		return -1;
	}
	st->boot = boot;
	return 0;
}

/* Made by us and not by SQLite, so that nobody else may ever read it; its log gets the same mode. */
static void
make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd != -1)
		(void)close(fd);
}

static struct sql_db *
open_disk(struct store *st, bool check, enum store_fault *fault, const char **note)
{
	static char sentence[160];
	char path[PATH_MAX + 16];
	struct sql_db *db;
	int known;

	(void)snprintf(path, sizeof(path), "%s/tocsin.db", st->dir);
	make_private(path);
	if ((db = sql_open(path, SQL_DISK, fault, note)) == NULL)
		return NULL;
	if ((known = recognise(db)) != -1 &&
	    (known ? begin_old(db, st->vault, check) : begin_new(db, st->vault)) == 0 && mark_open(st, db) == 0)
		return db;
	*fault = sql_fault(db);
	(void)snprintf(sentence, sizeof(sentence), "%s", sql_error(db));
	*note = sentence;
	sql_close(db, false);
	return NULL;
}

/* Moves the database and its log into DIR/corrupt-N/, the first that does not exist. */
static int
set_aside(const char *dir, char *name, size_t size)
{
	static const char *const files[] = { "tocsin.db", "tocsin.db-wal", "tocsin.db-journal", "tocsin.db-shm" };
	char from[PATH_MAX + 32], to[PATH_MAX + 64], place[PATH_MAX + 32];
	int n, fd, rc;

	for (n = 1; n <= ASIDE_MAX; n++) {
		(void)snprintf(name, size, "corrupt-%d", n);
		(void)snprintf(place, sizeof(place), "%s/%s", dir, name);
		if (mkdir(place, 0700) == 0)
			break;
		if (errno != EEXIST)
			return -1;
	}
	if (n > ASIDE_MAX)
		return -1;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(from, sizeof(from), "%s/%s", dir, files[i]);
		(void)snprintf(to, sizeof(to), "%s/%s", place, files[i]);
		if (rename(from, to) == -1 && errno != ENOENT)
			return -1;
	}
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	rc = fsync(fd);
	(void)close(fd);
	return rc;
}

struct sql_db *
store_disk(struct store *st, bool check, enum store_fault *fault, const char **note)
{
	static char sentence[256];
	char reason[160], name[24];
	struct sql_db *db = open_disk(st, check, fault, note);

	if (db != NULL || *fault != STORE_CORRUPT)
		return db;
	(void)snprintf(reason, sizeof(reason), "%s", *note);
	if (set_aside(st->dir, name, sizeof(name)) == -1) {
		*note = "the database is damaged and cannot be set aside";
		return NULL;
	}
	if ((db = open_disk(st, false, fault, note)) != NULL) {
		(void)snprintf(sentence, sizeof(sentence), "%s; it was set aside as %s and a new one was begun", reason, name);
		*note = sentence;
	}
	return db;
}

/* -1: the rows could not be asked. */
static int
number(struct sql_db *db, const char *text, int64_t *next)
{
	int64_t n = sql_number(db, text, -1);

	if (n > *next)
		*next = n;
	return n == -1 ? -1 : 0;
}

int
store_number(struct store *st, struct sql_db *db)
{
	if (number(db, "SELECT ifnull(max(id), 0) + 1 FROM inbox", &st->next_inbox) == -1 ||
	    number(db, "SELECT ifnull(max(id), 0) + 1 FROM incident", &st->next_incident) == -1 ||
	    number(db, "SELECT ifnull(max(id), 0) + 1 FROM outbox", &st->next_outbox) == -1)
		return -1;
	return 0;
}

struct store *
store_open(const char *dir, struct vault *vault, enum store_fault *fault, const char **note)
{
	struct store *st = store_new(dir, vault);

	*fault = STORE_MISUSE;
	*note = "no memory for the store, or too long a path";
	if (st == NULL)
		return NULL;
	if (lock(st, fault, note) == -1)
		goto fail;
	*note = NULL;
	if ((st->db = store_disk(st, false, fault, note)) == NULL)
		goto fail;
	if (store_number(st, st->db) == -1) {
		*fault = sql_fault(st->db);
		*note = "the database does not say which ids are taken";
		sql_close(st->db, false);
		st->db = NULL;
		goto fail;
	}
	*fault = STORE_FINE;
	return st;
fail:
	store_close(st);
	return NULL;
}

struct store *
store_open_backup(const char *file, struct vault *vault, enum store_fault *fault, const char **note)
{
	struct store *st = store_new("", vault);

	*fault = STORE_MISUSE;
	*note = "no memory for the store";
	if (st == NULL)
		return NULL;
	st->read_only = true;
	if ((st->db = sql_open(file, SQL_READ, fault, note)) == NULL)
		goto fail;
	*fault = STORE_CORRUPT;
	*note = "the file is not a backup of this version and this key";
	if (recognise(st->db) != 1 || sql_number(st->db, "PRAGMA user_version", -1) != VERSION ||
	    key_check(st->db, vault) == -1)
		goto fail;
	*fault = STORE_FINE;
	*note = NULL;
	return st;
fail:
	store_close(st);
	return NULL;
}

/* Raises the flag that spares the next start its check. */
static void
mark_clean(struct store *st)
{
	if (sql_in_transaction(st->db))
		sql_rollback(st->db);
	if (sql_begin(st->db) == 0 && meta_put(st->db, "clean", 1) == 0)
		(void)sql_commit(st->db);
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	if (st->db != NULL && !st->memory && !st->read_only)
		mark_clean(st);
	sql_close(st->db, !st->memory && !st->read_only);
	for (size_t i = 0; i < st->n_methods; i++)
		free(st->methods[i]);
	if (st->lock != -1)
		(void)close(st->lock);
	free(st);
}

/* ---- transactions ---- */

void
store_forget(struct store *st)
{
	st->total = st->chain.seq = -1;
}

int
store_begin(struct store *st)
{
	return sql_begin(st->db);
}

int
store_commit(struct store *st)
{
	if (sql_commit(st->db) == 0)
		return 0;
	store_forget(st);
	return -1;
}

void
store_rollback(struct store *st)
{
	sql_rollback(st->db);
	store_forget(st);
}

enum store_fault
store_fault(const struct store *st)
{
	return sql_fault(st->db);
}

const char *
store_error(const struct store *st)
{
	return sql_error(st->db);
}

int64_t
store_boot(const struct store *st)
{
	return st->boot;
}

int
store_checkpoint(struct store *st)
{
	return st->memory ? 0 : sql_checkpoint(st->db);
}

/* ---- without a disk ---- */

#define MARGIN		1000		/* between ids of the disk and those of memory */
#define ID_UNSEEN	1000000000	/* where ids begin when the disk's are not known */

bool
store_in_memory(const struct store *st)
{
	return st->memory;
}

/* Goes over to memory with what "disk" (may be NULL) can give, and closes it. */
static int
begin_memory(struct store *st, struct sql_db *disk)
{
	struct sql_db *memory = memory_new(disk);

	if (memory == NULL)
		return -1;
	sql_close(disk, false);
	st->db = memory;
	st->memory = true;
	store_forget(st);
	st->next_inbox += MARGIN;
	st->next_incident += MARGIN;
	st->next_outbox += MARGIN;
	return mark_open(st, memory);
}

int
store_degrade(struct store *st)
{
	if (st->memory || st->read_only)
		return st->memory ? 0 : -1;
	store_rollback(st);
	st->suspect = sql_fault(st->db) == STORE_CORRUPT;
	return begin_memory(st, st->db);
}

/* Seconds since 1970 grow faster than ids ever do: above those of the disk, and of the last time this was needed. */
static void
number_unseen(struct store *st)
{
	int64_t n = clock_now().wall.ms / 1000;

	if (n < ID_UNSEEN)
		n = ID_UNSEEN;
	st->next_inbox = st->next_incident = st->next_outbox = n;
}

/* The database as far as it can be read; NULL when it cannot, or is not ours. */
static struct sql_db *
open_remains(struct store *st)
{
	static const enum sql_mode modes[] = { SQL_DISK, SQL_READ };
	char path[PATH_MAX + 16];
	enum store_fault fault;
	const char *why;
	struct sql_db *db;

	(void)snprintf(path, sizeof(path), "%s/tocsin.db", st->dir);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]) && access(path, R_OK) == 0; i++) {
		if ((db = sql_open(path, modes[i], &fault, &why)) == NULL)
			continue;
		if (recognise(db) == 1 && sql_number(db, "PRAGMA user_version", -1) == VERSION &&
		    key_check(db, st->vault) == 0)
			return db;
		sql_close(db, false);
	}
	return NULL;
}

struct store *
store_open_memory(const char *dir, struct vault *vault)
{
	struct store *st = store_new(dir, vault);
	struct sql_db *disk;
	enum store_fault fault;
	const char *note;

	if (st == NULL)
		return NULL;
	/* Not even a lock can be had on some disks; then the modems' own locks must do. */
	if (lock(st, &fault, &note) == -1 && st->lock != -1) {
		(void)close(st->lock);
		st->lock = -1;
	}
	disk = open_remains(st);
	if (disk == NULL || store_number(st, disk) == -1)
		number_unseen(st);
	st->suspect = true;
	if (begin_memory(st, disk) == 0)
		return st;
	if (st->db == NULL)
		sql_close(disk, false);
	store_close(st);
	return NULL;
}

int
store_recover(struct store *st)
{
	struct sql_db *disk;
	enum store_fault fault;
	const char *note = NULL;

	if (!st->memory)
		return 0;
	if (sql_in_transaction(st->db))
		return store_misuse(st, "a recovery inside a transaction");
	if (st->lock == -1 && lock(st, &fault, &note) == -1)
		return sql_refuse(st->db, fault, note);
	note = NULL;
	if ((disk = store_disk(st, st->suspect, &fault, &note)) == NULL) {
		st->suspect = st->suspect || fault == STORE_CORRUPT;
		return sql_refuse(st->db, fault, note);
	}
	if (memory_bring_back(st, disk, note != NULL) == -1 || store_number(st, disk) == -1) {
		st->suspect = st->suspect || sql_fault(disk) == STORE_CORRUPT;
		(void)sql_refuse(st->db, sql_fault(disk), sql_error(disk));
		sql_close(disk, false);
		return -1;
	}
	sql_close(st->db, false);
	st->db = disk;
	st->memory = st->suspect = false;
	store_forget(st);
	return 0;
}

/* ---- copies ---- */

int
store_backup(struct store *st, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1)
		return sql_refuse(st->db, STORE_IO, "the backup file exists already or cannot be made");
	if (sql_vacuum_into(st->db, path) == 0 && fsync(fd) == 0) {
		(void)close(fd);
		return 0;
	}
	(void)close(fd);
	(void)unlink(path);
	return sql_fault(st->db) != STORE_FINE ? -1 : sql_refuse(st->db, STORE_IO, "the backup could not be synced");
}
