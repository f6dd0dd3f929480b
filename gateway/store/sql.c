/* The wrapping of SQLite: settings, statements, values, and what its error codes mean for us. */
#include "store/sql.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define HEAP_MAX	(64LL * 1024 * 1024)
#define STATEMENTS_MAX	128
#define SEALED_MAX	32768	/* longest value that is sealed */

struct sql {
	struct sql_db	*db;
	const char	*text;
	sqlite3_stmt	*stmt;
	int		 put, got;	/* values bound, columns read so far */
};

struct sql_db {
	sqlite3		*handle;
	bool		 in_transaction, broken, bare;	/* bare: writes outside transactions are allowed */
	enum store_fault fault;
	char		 error[160];
	size_t		 n;
	struct sql	 v[STATEMENTS_MAX];
};

static const struct {
	int		 code;
	enum store_fault fault;
	const char	*sentence;
} codes[] = {
	{ SQLITE_FULL, STORE_FULL, "the disk is full" },
	{ SQLITE_BUSY, STORE_BUSY, "another program has the database open" },
	{ SQLITE_LOCKED, STORE_BUSY, "the database is locked" },
	{ SQLITE_READONLY, STORE_IO, "the database cannot be written" },
	{ SQLITE_IOERR, STORE_IO, "the disk does not read or write" },
	{ SQLITE_CANTOPEN, STORE_IO, "the database cannot be opened" },
	{ SQLITE_PERM, STORE_IO, "the database may not be accessed" },
	{ SQLITE_PROTOCOL, STORE_IO, "the database cannot be locked" },
	{ SQLITE_CORRUPT, STORE_CORRUPT, "the database is damaged" },
	{ SQLITE_NOTADB, STORE_CORRUPT, "the file is not a database" },
	{ SQLITE_NOMEM, STORE_MISUSE, "the memory set aside for the store is used up" },
	{ SQLITE_IOERR_NOMEM, STORE_MISUSE, "the memory set aside for the store is used up" },
};

/* The fault of an extended code: its own row, else that of its primary code, else a bug of ours. */
static enum store_fault
fault_of(int extended, const char **sentence)
{
	const int wanted[] = { extended, extended & 0xFF };

	for (size_t w = 0; w < 2; w++) {
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			if (codes[i].code == wanted[w]) {
				*sentence = codes[i].sentence;
				return codes[i].fault;
			}
		}
	}
	*sentence = NULL;
	return STORE_MISUSE;
}

static void
break_transaction(struct sql_db *db)
{
	if (db->in_transaction)
		db->broken = true;
}

/* Notes the connection's last error; -1. Constraint messages name tables and triggers, never values. */
static int
fail(struct sql_db *db)
{
	int extended = sqlite3_extended_errcode(db->handle);
	const char *sentence;

	db->fault = fault_of(extended, &sentence);
	(void)snprintf(db->error, sizeof(db->error), "%s (sqlite %d)",
	    sentence != NULL ? sentence : sqlite3_errmsg(db->handle), extended);
	break_transaction(db);
	return -1;
}

int
sql_refuse(struct sql_db *db, enum store_fault fault, const char *sentence)
{
	db->fault = fault;
	(void)snprintf(db->error, sizeof(db->error), "%s", sentence);
	break_transaction(db);
	return -1;
}

enum store_fault
sql_fault(const struct sql_db *db)
{
	return db->fault;
}

const char *
sql_error(const struct sql_db *db)
{
	return db->error;
}

/* ---- connections ---- */

/*
 * EXCLUSIVE comes before WAL: the index of the log then lives in our memory, not in a shared file that a bad
 * card can turn into SIGBUS. The others: nothing read is trusted, nothing deleted stays readable.
 */
static const char disk_settings[] =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 200;"
    "PRAGMA journal_size_limit = 4194304;";

static const char settings[] =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;";

static int
configure(struct sql_db *db, enum sql_mode mode)
{
	(void)sqlite3_extended_result_codes(db->handle, 1);
	if (sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
	    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL) != SQLITE_OK)
		return fail(db);
	(void)sqlite3_busy_timeout(db->handle, 0);
	if (sql_exec(db, settings) == -1)
		return -1;
	return mode == SQL_DISK ? sql_exec(db, disk_settings) : 0;
}

/* A file that nobody writes is read without locks and without files beside it; what could end a URI's path is escaped. */
static int
open_to_read(const char *path, sqlite3 **handle)
{
	struct buf uri;
	int rc = SQLITE_NOMEM;

	buf_init(&uri, (size_t)3 * PATH_MAX);
	(void)buf_adds(&uri, "file:");
	for (; *path != '\0'; path++)
		(void)(strchr("%?#", *path) == NULL ? buf_addc(&uri, *path) : buf_addf(&uri, "%%%02X", *path));
	(void)buf_adds(&uri, "?immutable=1");
	if (!uri.failed)
		rc = sqlite3_open_v2(buf_str(&uri), handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	buf_release(&uri);
	return rc;
}

static int
open_handle(const char *path, enum sql_mode mode, sqlite3 **handle)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

	if (mode == SQL_READ)
		return open_to_read(path, handle);
	return sqlite3_open_v2(mode == SQL_MEMORY ? ":memory:" : path, handle, flags, NULL);
}

struct sql_db *
sql_open(const char *path, enum sql_mode mode, enum store_fault *fault, const char **why)
{
	static char sentence[sizeof(((struct sql_db *)0)->error)];
	struct sql_db *db = calloc(1, sizeof(*db));

	*fault = STORE_MISUSE;
	*why = "out of memory";
	if (db == NULL)
		return NULL;
	(void)sqlite3_hard_heap_limit64(HEAP_MAX);
	db->bare = true;
	if (open_handle(path, mode, &db->handle) != SQLITE_OK) {
		if (db->handle == NULL) {
			free(db);
			return NULL;
		}
		(void)fail(db);
	} else if (configure(db, mode) == 0) {
		db->bare = false;
		*fault = STORE_FINE;
		*why = NULL;
		return db;
	}
	*fault = db->fault;
	(void)snprintf(sentence, sizeof(sentence), "%s", db->error);
	*why = sentence;
	sql_close(db, false);
	return NULL;
}

void
sql_close(struct sql_db *db, bool checkpoint)
{
	if (db == NULL)
		return;
	if (db->in_transaction)
		sql_rollback(db);
	if (checkpoint)
		(void)sql_checkpoint(db);
	else
		(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	for (size_t i = 0; i < db->n; i++)
		(void)sqlite3_finalize(db->v[i].stmt);
	(void)sqlite3_close(db->handle);
	free(db);
}

int
sql_exec(struct sql_db *db, const char *text)
{
	return sqlite3_exec(db->handle, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(db);
}

int
sql_checkpoint(struct sql_db *db)
{
	if (sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
		return fail(db);
	return 0;
}

int
sql_check(struct sql_db *db)
{
	struct sql *q = sql_get(db, "PRAGMA quick_check(1)");
	char verdict[8] = "";

	if (sql_step(q) != 1)
		return -1;
	sql_text(q, verdict, sizeof(verdict));
	sql_done(q);
	return strcmp(verdict, "ok") == 0 ? 0 : sql_refuse(db, STORE_CORRUPT, "the database is damaged");
}

int
sql_vacuum_into(struct sql_db *db, const char *path)
{
	sqlite3_stmt *stmt;
	int rc;

	if (db->in_transaction)
		return sql_refuse(db, STORE_MISUSE, "a backup inside a transaction");
	if (sqlite3_prepare_v2(db->handle, "VACUUM INTO ?1", -1, &stmt, NULL) != SQLITE_OK)
		return fail(db);
	rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		(void)fail(db);
	(void)sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* PRAGMA takes no bound values; the number is ours. */
static int
set_version(struct sql_db *db, int version)
{
	char text[48];

	(void)snprintf(text, sizeof(text), "PRAGMA user_version = %d", version);
	return sql_exec(db, text);
}

int
sql_migrate(struct sql_db *db, const char *const *steps, int n)
{
	for (int64_t v = sql_number(db, "PRAGMA user_version", -1); v < n; v++) {
		if (v < 0)
			return -1;
		if (sql_begin(db) == -1 || sql_exec(db, steps[v]) == -1 || set_version(db, (int)v + 1) == -1 ||
		    sql_commit(db) == -1) {
			sql_rollback(db);
			return -1;
		}
	}
	return 0;
}

/* ---- transactions ---- */

bool
sql_in_transaction(const struct sql_db *db)
{
	return db->in_transaction;
}

int
sql_begin(struct sql_db *db)
{
	if (db->in_transaction)
		return sql_refuse(db, STORE_MISUSE, "transactions do not nest");
	if (sql_exec(db, "BEGIN IMMEDIATE") == -1)
		return -1;
	db->in_transaction = true;
	db->broken = false;
	return 0;
}

int
sql_commit(struct sql_db *db)
{
	if (!db->in_transaction)
		return sql_refuse(db, STORE_MISUSE, "a commit without a transaction");
	if (!db->broken && sql_exec(db, "COMMIT") == 0) {
		db->in_transaction = false;
		db->fault = STORE_FINE;
		db->error[0] = '\0';
		return 0;
	}
	sql_rollback(db);
	return -1;
}

void
sql_rollback(struct sql_db *db)
{
	for (size_t i = 0; i < db->n; i++)
		(void)sqlite3_reset(db->v[i].stmt);
	/* A rollback can only fail because SQLite already rolled back by itself. */
	if (db->in_transaction && !sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_transaction = false;
	db->broken = false;
}

/* ---- statements ---- */

static struct sql *
prepare(struct sql_db *db, const char *text)
{
	struct sql *q = &db->v[db->n];

	if (db->n == STATEMENTS_MAX) {
		(void)sql_refuse(db, STORE_MISUSE, "too many different statements");
		return NULL;
	}
	if (sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL) != SQLITE_OK) {
		(void)fail(db);
		return NULL;
	}
	q->db = db;
	q->text = text;
	db->n++;
	return q;
}

struct sql *
sql_get(struct sql_db *db, const char *text)
{
	struct sql *q = NULL;

	if (db->broken)
		return NULL;
	for (size_t i = 0; i < db->n && q == NULL; i++)
		if (db->v[i].text == text)
			q = &db->v[i];
	if (q == NULL && (q = prepare(db, text)) == NULL)
		return NULL;
	if (!db->in_transaction && !db->bare && !sqlite3_stmt_readonly(q->stmt)) {
		(void)sql_refuse(db, STORE_MISUSE, "a change outside a transaction");
		return NULL;
	}
	sql_done(q);
	return q;
}

void
sql_done(struct sql *q)
{
	if (q == NULL)
		return;
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	q->put = q->got = 0;
}

/* A value that could not be bound breaks the transaction: what was meant must not be stored otherwise. */
static void
bound(struct sql *q, int rc)
{
	if (rc != SQLITE_OK)
		(void)fail(q->db);
}

void
sql_put(struct sql *q, int64_t v)
{
	if (q != NULL)
		bound(q, sqlite3_bind_int64(q->stmt, ++q->put, v));
}

void
sql_put_real(struct sql *q, double v)
{
	if (q != NULL)
		bound(q, sqlite3_bind_double(q->stmt, ++q->put, v));
}

void
sql_put_text(struct sql *q, const char *s)
{
	if (q != NULL)
		bound(q, sqlite3_bind_text(q->stmt, ++q->put, s, -1, SQLITE_STATIC));
}

void
sql_put_blob(struct sql *q, const void *p, size_t n)
{
	if (q == NULL)
		return;
	if (n == 0)
		bound(q, sqlite3_bind_null(q->stmt, ++q->put));
	else
		bound(q, sqlite3_bind_blob64(q->stmt, ++q->put, p, n, SQLITE_STATIC));
}

static void
seal_context(char *out, size_t size, const char *column, int64_t id)
{
	(void)snprintf(out, size, "%s:%lld", column, (long long)id);
}

void
sql_put_sealed(struct sql *q, const struct vault *vault, const char *column, int64_t id, const void *p, size_t n)
{
	char context[64];
	uint8_t *sealed;

	if (q == NULL)
		return;
	if (n == 0) {
		sql_put_blob(q, NULL, 0);
		return;
	}
	if (n > SEALED_MAX || (sealed = malloc(n + VAULT_OVERHEAD)) == NULL) {
		q->put++;
		(void)sql_refuse(q->db, STORE_MISUSE, "a value is too long to be sealed");
		return;
	}
	seal_context(context, sizeof(context), column, id);
	vault_seal(vault, context, p, n, sealed);
	bound(q, sqlite3_bind_blob64(q->stmt, ++q->put, sealed, n + VAULT_OVERHEAD, free));
}

int
sql_step(struct sql *q)
{
	int rc;

	if (q == NULL)
		return -1;
	if (q->db->broken) {
		sql_done(q);
		return -1;
	}
	q->got = 0;
	if ((rc = sqlite3_step(q->stmt)) == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		(void)fail(q->db);
	sql_done(q);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
sql_run(struct sql *q)
{
	int rc;

	while ((rc = sql_step(q)) == 1)
		;
	return rc == -1 ? -1 : sqlite3_changes(q->db->handle);
}

/* ---- columns ---- */

int64_t
sql_int(struct sql *q)
{
	return sqlite3_column_int64(q->stmt, q->got++);
}

double
sql_real(struct sql *q)
{
	return sqlite3_column_double(q->stmt, q->got++);
}

void
sql_text(struct sql *q, char *out, size_t size)
{
	const unsigned char *s = sqlite3_column_text(q->stmt, q->got++);

	(void)snprintf(out, size, "%s", s == NULL ? "" : (const char *)s);
}

size_t
sql_blob(struct sql *q, void *out, size_t max)
{
	int i = q->got++;
	const void *p = sqlite3_column_blob(q->stmt, i);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, i);

	if (p == NULL || n > max)
		return 0;
	memcpy(out, p, n);
	return n;
}

long
sql_sealed(struct sql *q, const struct vault *vault, const char *column, int64_t id, void *out, size_t max)
{
	int i = q->got++;
	const void *p = sqlite3_column_blob(q->stmt, i);
	char context[64];

	if (p == NULL)
		return 0;
	seal_context(context, sizeof(context), column, id);
	return vault_unseal(vault, context, p, (size_t)sqlite3_column_bytes(q->stmt, i), out, max);
}

int64_t
sql_number(struct sql_db *db, const char *text, int64_t none)
{
	struct sql *q = sql_get(db, text);
	int64_t n = none;

	if (sql_step(q) == 1) {
		if (sqlite3_column_type(q->stmt, 0) != SQLITE_NULL)
			n = sql_int(q);
		sql_done(q);
	}
	return n;
}

/* ---- from one connection to another ---- */

static int
copy_row(struct sql *from, struct sql *to)
{
	int n = sqlite3_column_count(from->stmt);

	for (int i = 0; i < n; i++)
		bound(to, sqlite3_bind_value(to->stmt, i + 1, sqlite3_column_value(from->stmt, i)));
	return sql_run(to) == -1 ? -1 : 0;
}

int64_t
sql_copy(struct sql_db *from, const char *select, struct sql_db *to, const char *insert, bool *whole)
{
	struct sql *source = sql_get(from, select), *target;
	int64_t n = 0;
	int rc;

	while ((rc = sql_step(source)) == 1) {
		if ((target = sql_get(to, insert)) == NULL || copy_row(source, target) == -1) {
			sql_done(source);
			return -1;
		}
		n++;
	}
	if (whole != NULL)
		*whole = rc == 0;
	return n;
}
