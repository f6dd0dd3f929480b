/* Keeps whole packs of rules in the state directory: each under a number, the newest few. */
#include "core/packs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/files.h"

#define BYTES_MAX	(64u << 20)	/* of one file; the gazetteer is the largest */
#define ABOUT		"ABOUT"
#define FOUND_MAX	256		/* packs that are looked at */

#define PATH_SIZE	(CONF_PATH_SIZE * 2)

static void
packs_path(const struct conf *conf, char path[PATH_SIZE], const char *name)
{
	snprintf(path, PATH_SIZE, "%s/packs%s%s", conf->state, *name != '\0' ? "/" : "", name);
}

static void
pack_path(const struct conf *conf, char path[PATH_SIZE], unsigned number)
{
	char name[16];

	snprintf(name, sizeof(name), "%04u", number);
	packs_path(conf, path, name);
}

/* ---- reading ---- */

/* Four digits or more and nothing else; 0: not a pack. */
static unsigned
number_of(const char *name)
{
	char *end;
	unsigned long n;

	if (*name < '0' || *name > '9')
		return 0;
	n = strtoul(name, &end, 10);
	return *end == '\0' && n > 0 && n < 1000000 ? (unsigned)n : 0;
}

static int
compare_numbers(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static size_t
find_numbers(const struct conf *conf, unsigned found[FOUND_MAX])
{
	char path[PATH_SIZE];
	struct dirent *d;
	size_t n = 0;
	DIR *dir;

	packs_path(conf, path, "");
	if ((dir = opendir(path)) == NULL)
		return 0;
	while (n < FOUND_MAX && (d = readdir(dir)) != NULL) {
		if ((found[n] = number_of(d->d_name)) != 0)
			n++;
	}
	closedir(dir);
	qsort(found, n, sizeof(*found), compare_numbers);
	return n;
}

/* "6fcb0ebbea6a3eb4 1795469400000 303 154" */
static bool
read_about(const struct conf *conf, unsigned number, struct packs_entry *e)
{
	char dir[PATH_SIZE], path[PATH_SIZE + 8], *p, *end;
	unsigned long long v[3];
	struct buf text;
	bool ok;

	*e = (struct packs_entry){ .number = number };
	pack_path(conf, dir, number);
	snprintf(path, sizeof(path), "%s/" ABOUT, dir);
	buf_init(&text, 256);
	ok = file_read(path, &text) == 0 && text.len > 16 && text.p[16] == ' ';
	p = ok ? text.p + 16 : NULL;
	for (size_t i = 0; ok && i < 3; i++) {
		v[i] = strtoull(p, &end, 10);
		ok = end > p;
		p = end;
	}
	if (ok) {
		memcpy(e->version, text.p, 16);
		e->since.ms = (int64_t)v[0];
		e->rules = (size_t)v[1];
		e->tests = (size_t)v[2];
	}
	buf_release(&text);
	return ok;
}

size_t
packs_list(const struct conf *conf, struct packs_entry *v, size_t max)
{
	unsigned found[FOUND_MAX];
	size_t n = find_numbers(conf, found), kept = 0;

	for (size_t i = n > max ? n - max : 0; i < n && kept < max; i++)
		kept += read_about(conf, found[i], &v[kept]);
	return kept;
}

static int
turn_paths(const struct conf *conf, unsigned number, bool responders, struct conf *kept)
{
	char dir[PATH_SIZE];
	const struct { char *to; const char *name; } paths[] = {
		{ kept->rules, "" }, { kept->gazetteer, "/gazetteer.tsv" }, { kept->routing, "/routing.matrix" },
		{ kept->templates, "/templates.tsv" }, { kept->responders, "/responders.conf" },
	};

	*kept = *conf;
	pack_path(conf, dir, number);
	if (strlen(dir) + sizeof("/responders.conf") > CONF_PATH_SIZE)
		return -1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) - !responders; i++)
		snprintf(paths[i].to, CONF_PATH_SIZE, "%.230s%s", dir, paths[i].name);
	snprintf(kept->areas, CONF_PATH_SIZE, "%.230s/areas.geojson", dir);
	if (access(kept->areas, R_OK) != 0)
		kept->areas[0] = '\0';	/* there were none then */
	return 0;
}

int
packs_conf(const struct conf *conf, unsigned number, struct conf *kept)
{
	return turn_paths(conf, number, false, kept);
}

int
packs_conf_all(const struct conf *conf, unsigned number, struct conf *kept)
{
	return turn_paths(conf, number, true, kept);
}

/* ---- the pack an operator went back to ---- */

unsigned
packs_held(const struct conf *conf)
{
	char path[PATH_SIZE];
	struct buf text;
	unsigned number = 0;

	packs_path(conf, path, "held");
	buf_init(&text, 16);
	if (file_read(path, &text) == 0) {
		while (text.len > 0 && text.p[text.len - 1] == '\n')
			text.p[--text.len] = '\0';
		number = number_of(buf_str(&text));
	}
	buf_release(&text);
	return number;
}

int
packs_hold(const struct conf *conf, unsigned number)
{
	char path[PATH_SIZE], text[16];
	int n;

	packs_path(conf, path, "held");
	if (number == 0)
		return unlink(path) == 0 || errno == ENOENT ? 0 : -1;
	n = snprintf(text, sizeof(text), "%04u\n", number);
	return file_replace(path, text, (size_t)n, 0600);
}

/* ---- copying ---- */

static bool
same_file(const char *a, const char *b)
{
	struct buf x, y;
	bool same;

	buf_init(&x, BYTES_MAX);
	buf_init(&y, BYTES_MAX);
	same = file_read(a, &x) == 0 && file_read(b, &y) == 0 && x.len == y.len && memcmp(buf_str(&x), buf_str(&y), x.len) == 0;
	buf_release(&x);
	buf_release(&y);
	return same;
}

/* An equal file of the pack before is the same file: five gazetteers take the room of one. */
static int
copy_file(const char *from, const char *dir, const char *name, const char *before)
{
	char to[PATH_SIZE * 2], old[PATH_SIZE * 2];
	struct buf text;
	int rc;

	snprintf(to, sizeof(to), "%s/%s", dir, name);
	if (same_file(from, to))
		return 0;
	snprintf(old, sizeof(old), "%s/%s", before, name);
	if (*before != '\0' && same_file(from, old) && link(old, to) == 0)
		return 0;
	buf_init(&text, BYTES_MAX);
	rc = file_read(from, &text);
	if (rc == 0)
		rc = file_replace(to, buf_str(&text), text.len, 0600);
	buf_release(&text);
	return rc;
}

static int
copy_rules(const char *from, const char *dir, const char *before)
{
	char **paths = NULL;
	size_t n = 0;
	int rc = file_list(from, ".rules", &paths, &n);

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = copy_file(paths[i], dir, strrchr(paths[i], '/') + 1, before);
	file_list_free(paths, n);
	return rc;
}

static int
copy_others(const struct conf *conf, const char *dir, const char *before)
{
	const struct { const char *from, *name; } files[] = {
		{ conf->gazetteer, "gazetteer.tsv" }, { conf->routing, "routing.matrix" },
		{ conf->templates, "templates.tsv" }, { conf->responders, "responders.conf" },
		{ conf->areas, "areas.geojson" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i].from[0] != '\0' && copy_file(files[i].from, dir, files[i].name, before) != 0)
			return -1;
	}
	return 0;
}

/* Removes a folder of ours and the files in it. */
static void
remove_pack(const char *path)
{
	char file[PATH_SIZE * 2];
	struct dirent *d;
	DIR *dir = opendir(path);

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, d->d_name);
		(void)unlink(file);
	}
	if (dir != NULL)
		closedir(dir);
	(void)rmdir(path);
}

static int
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static int
write_about(const char *dir, const struct packs_entry *about)
{
	char path[PATH_SIZE + 8], text[120];
	int n = snprintf(text, sizeof(text), "%.16s %lld %zu %zu\n", about->version, (long long)about->since.ms, about->rules,
	    about->tests);

	snprintf(path, sizeof(path), "%s/" ABOUT, dir);
	return file_replace(path, text, (size_t)n, 0600);
}

static int
make_pack(const struct conf *conf, const struct packs_entry *about, const char *before)
{
	char root[PATH_SIZE], fresh[PATH_SIZE], path[PATH_SIZE];

	packs_path(conf, root, "");
	packs_path(conf, fresh, ".new");
	pack_path(conf, path, about->number);
	remove_pack(fresh);
	if (mkdir(fresh, 0700) != 0 || copy_rules(conf->rules, fresh, before) != 0 || copy_others(conf, fresh, before) != 0 ||
	    write_about(fresh, about) != 0 || sync_folder(fresh) != 0 || rename(fresh, path) != 0)
		return -1;
	return sync_folder(root);
}

static void
drop_oldest(const struct conf *conf)
{
	unsigned found[FOUND_MAX], held = packs_held(conf);
	size_t n = find_numbers(conf, found);
	char path[PATH_SIZE];

	for (size_t i = 0; i + PACKS_KEPT < n; i++) {
		if (found[i] == held)
			continue;
		pack_path(conf, path, found[i]);
		remove_pack(path);
	}
}

int
packs_keep(const struct conf *conf, struct packs_entry *about)
{
	char root[PATH_SIZE], before[PATH_SIZE] = "";
	struct packs_entry last;
	size_t n;
	unsigned found[FOUND_MAX];

	packs_path(conf, root, "");
	if (mkdir(root, 0700) != 0 && errno != EEXIST)
		return -1;
	n = find_numbers(conf, found);
	about->number = n > 0 ? found[n - 1] + 1 : 1;
	if (n > 0)
		pack_path(conf, before, found[n - 1]);
	if (n > 0 && read_about(conf, found[n - 1], &last) && strcmp(last.version, about->version) == 0) {
		*about = last;
		return copy_others(conf, before, "");
	}
	if (make_pack(conf, about, before) != 0)
		return -1;
	drop_oldest(conf);
	return 0;
}

/* ---- comparing ---- */

static const char *
name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int
differs(packs_file *take, void *arg, const char *name, enum packs_state state)
{
	if (take != NULL)
		take(arg, name, state);
	return state != PACKS_SAME;
}

int
packs_compare(const struct conf *conf, unsigned number, packs_file *take, void *arg)
{
	char dir[PATH_SIZE], **ours = NULL, **theirs = NULL;
	size_t n = 0, m = 0, i = 0, k = 0;
	int count = -1, order;

	pack_path(conf, dir, number);
	if (file_list(conf->rules, ".rules", &ours, &n) != 0 || file_list(dir, ".rules", &theirs, &m) != 0)
		goto out;
	/* Both lists are in the order of their names. */
	for (count = 0; i < n || k < m; ) {
		order = i == n ? 1 : k == m ? -1 : strcmp(name_of(ours[i]), name_of(theirs[k]));
		if (order < 0)
			count += differs(take, arg, name_of(ours[i++]), PACKS_ADDED);
		else if (order > 0)
			count += differs(take, arg, name_of(theirs[k++]), PACKS_REMOVED);
		else {
			count += differs(take, arg, name_of(ours[i]), same_file(ours[i], theirs[k]) ? PACKS_SAME : PACKS_CHANGED);
			i++;
			k++;
		}
	}
out:
	file_list_free(ours, n);
	file_list_free(theirs, m);
	return count;
}
