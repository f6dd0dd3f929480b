/* What the tests of the store share: a state directory, a store in it, and a disk that fails on command. */
#ifndef TOCSIN_STORE_FIXTURE_H
#define TOCSIN_STORE_FIXTURE_H

#include <sys/stat.h>

#include <dirent.h>
#include <limits.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/audit.h"
#include "store/inbox.h"
#include "store/incident.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/store.h"
#include "store/vault.h"
#include "unit/test.h"

#define CANARY_NUMBER	"+22370123456"
#define CANARY_TEXT	"CANARI coup de feu a Bankass"

/* The disk that fails on command; see disk_install(). */
static struct {
	sqlite3_vfs	*real;
	long		 writes, syncs;	/* done so far */
	long		 fail_at;	/* this many more writes, truncations and syncs succeed; -1: all */
	int		 fail_with;	/* SQLite code of those that fail */
	bool		 unreadable;
} disk = { .fail_at = -1 };

/* Not every test uses every helper. */
#define HELPER __attribute__((unused)) static

struct fixture {
	char	 dir[64];
	struct vault *vault;
	struct store *store;
	enum store_fault fault;
	const char *note;
};

HELPER void
remove_dir(const char *dir)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d = opendir(dir);

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (unlink(path) == -1)
			remove_dir(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

HELPER struct vault *
test_vault(uint8_t fill)
{
	uint8_t key[32];

	memset(key, fill, sizeof(key));
	return vault_memory(key);
}

HELPER void
open_again(struct fixture *f)
{
	f->store = store_open(f->dir, f->vault, &f->fault, &f->note);
}

/* A new directory (in memory where there is one, for speed) with a new store in it. */
HELPER void
set_up(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	snprintf(f->dir, sizeof(f->dir), "%s/tocsin-store.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(f->dir) == NULL)
		abort();
	f->vault = test_vault(7);
	open_again(f);
	CHECK_MSG(f->store != NULL, "the store does not open: %s", f->note);
	if (f->store == NULL)
		abort();
}

HELPER void
tear_down(struct fixture *f)
{
	store_close(f->store);
	vault_close(f->vault);
	remove_dir(f->dir);
}

HELPER void
must_open(struct fixture *f)
{
	open_again(f);
	CHECK_MSG(f->store != NULL, "the store does not open again: %s", f->note);
	if (f->store == NULL)
		abort();
}

/* An orderly stop and start. */
HELPER void
restart(struct fixture *f)
{
	store_close(f->store);
	must_open(f);
}

HELPER void
copy_file(const char *from, const char *to)
{
	char chunk[8192];
	FILE *in = fopen(from, "rb"), *out = in == NULL ? NULL : fopen(to, "wb");
	size_t n;

	while (out != NULL && (n = fread(chunk, 1, sizeof(chunk), in)) > 0)
		fwrite(chunk, 1, n, out);
	if (out != NULL)
		fclose(out);
	if (in != NULL)
		fclose(in);
}

/* The power fails: what is in the files at this moment is all that the next start will find. The store is closed. */
HELPER void
power_cut(struct fixture *f)
{
	static const char *const files[] = { "tocsin.db", "tocsin.db-wal" };
	char dir[sizeof(f->dir)], from[PATH_MAX], to[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*sXXXXXX", (int)strlen(f->dir) - 6, f->dir);
	if (mkdtemp(dir) == NULL)
		abort();
	for (size_t i = 0; i < 2; i++) {
		snprintf(from, sizeof(from), "%s/%s", f->dir, files[i]);
		snprintf(to, sizeof(to), "%s/%s", dir, files[i]);
		copy_file(from, to);
	}
	store_close(f->store);
	remove_dir(f->dir);
	memcpy(f->dir, dir, sizeof(dir));
	f->store = NULL;
}

HELPER void
crash(struct fixture *f)
{
	power_cut(f);
	must_open(f);
}

/* What somebody with a SQLite shell does behind our back. */
HELPER int
behind(const struct fixture *f, const char *sql)
{
	char path[PATH_MAX];
	sqlite3 *db = NULL;
	int rc;

	snprintf(path, sizeof(path), "%s/tocsin.db", f->dir);
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, disk.real != NULL ? disk.real->zName : NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

/* The same between an orderly stop and a start. */
HELPER int
tamper(struct fixture *f, const char *sql)
{
	int rc;

	store_close(f->store);
	rc = behind(f, sql);
	open_again(f);
	return rc;
}

/* In a transaction of its own; what the statement returned, or -2 when the commit failed. */
#define IN_TRANSACTION(st, call) \
	({ int r_ = store_begin(st) == -1 ? -2 : (call); \
	   if (r_ == -1) store_rollback(st); else if (r_ >= 0 && store_commit(st) == -1) r_ = -2; r_; })

HELPER struct inbox_row
a_message(int64_t at)
{
	struct inbox_row row = { .kind = INBOX_TEXT, .sender_kind = INBOX_INTERNATIONAL, .received = { at },
		.received_mono = { at / 2 }, .scts = { at - 5000 }, .tpdu = { 4, 1, 2, 3 }, .tpdu_len = 4 };

	snprintf(row.line, sizeof(row.line), "m1");
	snprintf(row.sender, sizeof(row.sender), CANARY_NUMBER);
	snprintf(row.text, sizeof(row.text), CANARY_TEXT);
	return row;
}

/* inbox_add() under an identity made of one number. */
HELPER int
add_message(struct store *st, const struct inbox_row *row, uint32_t identity, int64_t *id)
{
	return inbox_add(st, row, "sim-1", (const uint8_t *)&identity, sizeof(identity), id);
}

HELPER struct outbox_row
an_sms(int64_t incident, const char *intent)
{
	struct outbox_row row = { .incident = incident, .klass = OUTBOX_ALERT, .priority = 1, .created = { 1000 },
		.expires = { 1000 + 3600000 } };

	snprintf(row.intent, sizeof(row.intent), "%s", intent);
	snprintf(row.responder, sizeof(row.responder), "kouro");
	snprintf(row.dest, sizeof(row.dest), "+22370999999");
	snprintf(row.text, sizeof(row.text), "P1 ATTAQUE: BANKASS " CANARY_TEXT);
	return row;
}

HELPER struct incident
an_incident(void)
{
	struct incident in = { .priority = 1, .firing = FIRE_AUTO, .located = true, .opened = { 5000 }, .first = { 4000 },
		.last = { 4500 }, .opened_mono = { 77 }, .stage = STAGE_DISPATCHED, .next_stage = STAGE_REMINDED,
		.due_wall = { 605000 }, .due_mono = { 600077 }, .step_ms = 600000, .n_tags = 1 };

	snprintf(in.headline, sizeof(in.headline), "ATK");
	snprintf(in.codes, sizeof(in.codes), "ATK,WND");
	snprintf(in.where.name, sizeof(in.where.name), "Bankass");
	in.where.lat_deg = 14.0717;
	in.where.lon_deg = -3.5165;
	in.where.radius_m = 2000;
	in.where.method = "name";
	in.where.score = 0.75;
	snprintf(in.tags[0].label_fr, sizeof(in.tags[0].label_fr), "motos");
	snprintf(in.tags[0].label_en, sizeof(in.tags[0].label_en), "motorbikes");
	in.tags[0].count = 12;
	snprintf(in.pack, sizeof(in.pack), "2026-11-01");
	return in;
}

/* Whether any file of the directory (not of those below) holds these bytes. */
HELPER bool
dir_holds(const char *dir, const char *bytes)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d = opendir(dir);
	bool found = false;

	while (d != NULL && (e = readdir(d)) != NULL && !found) {
		struct stat st;
		FILE *in;
		char *all;

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (stat(path, &st) == -1 || !S_ISREG(st.st_mode) || (in = fopen(path, "rb")) == NULL)
			continue;
		if ((all = malloc((size_t)st.st_size + 1)) != NULL) {
			size_t n = fread(all, 1, (size_t)st.st_size, in);

			found = memmem(all, n, bytes, strlen(bytes)) != NULL;
			free(all);
		}
		fclose(in);
	}
	if (d != NULL)
		closedir(d);
	return found;
}

/* ---- a disk that fails on command: SQLite's own way to the files, with a counter in front ---- */

struct disk_file {
	sqlite3_file	 base;
	sqlite3_file	*real;		/* behind this struct */
};

HELPER int
disk_refuses(void)
{
	if (disk.fail_at < 0)
		return 0;
	if (disk.fail_at > 0) {
		disk.fail_at--;
		return 0;
	}
	return 1;
}

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct disk_file *)(void *)f)->real;
}

HELPER int
disk_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

HELPER int
disk_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return disk.unreadable ? SQLITE_IOERR_READ : real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

HELPER int
disk_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (disk_refuses())
		return disk.fail_with;
	disk.writes++;
	return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}

HELPER int
disk_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return disk_refuses() ? SQLITE_IOERR_TRUNCATE : real_of(f)->pMethods->xTruncate(real_of(f), n);
}

HELPER int
disk_sync(sqlite3_file *f, int flags)
{
	if (disk_refuses())
		return disk.fail_with == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
	disk.syncs++;
	return real_of(f)->pMethods->xSync(real_of(f), flags);
}

HELPER int
disk_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), n);
}

HELPER int
disk_lock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xLock(real_of(f), how);
}

HELPER int
disk_unlock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), how);
}

HELPER int
disk_reserved(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

HELPER int
disk_control(sqlite3_file *f, int op, void *p)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, p);
}

HELPER int
disk_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

HELPER int
disk_traits(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

/* Version 1 has no shared memory: a store that were not exclusive could not open here at all. */
static const sqlite3_io_methods disk_methods = { .iVersion = 1, .xClose = disk_close, .xRead = disk_read,
	.xWrite = disk_write, .xTruncate = disk_truncate, .xSync = disk_sync, .xFileSize = disk_size, .xLock = disk_lock,
	.xUnlock = disk_unlock, .xCheckReservedLock = disk_reserved, .xFileControl = disk_control,
	.xSectorSize = disk_sector, .xDeviceCharacteristics = disk_traits };

HELPER int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct disk_file *d = (struct disk_file *)(void *)f;
	int rc;

	(void)vfs;
	d->base.pMethods = NULL;
	d->real = (sqlite3_file *)(void *)(d + 1);
	if (disk.unreadable)
		return SQLITE_CANTOPEN;
	if ((rc = disk.real->xOpen(disk.real, name, d->real, flags, out)) == SQLITE_OK)
		d->base.pMethods = &disk_methods;
	return rc;
}

/* From now on SQLite writes through the counter. Call it first of all. */
HELPER void
disk_install(void)
{
	static sqlite3_vfs vfs;

	if (disk.real != NULL)
		return;
	disk.real = sqlite3_vfs_find(NULL);
	vfs = *disk.real;
	vfs.zName = "disk";
	vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
	vfs.xOpen = disk_open;
	sqlite3_vfs_register(&vfs, 1);
}

HELPER void
disk_fail(long after, int with)
{
	disk.fail_at = after;
	disk.fail_with = with;
}

HELPER void
disk_heal(void)
{
	disk.fail_at = -1;
	disk.unreadable = false;
}

#endif
