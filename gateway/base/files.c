/* Reading whole small files and sorted directory listings, replacing files durably. */
#include "base/files.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_MAX	1000

/* close(2) that does not disturb the errno of what failed before it. */
static void
close_quietly(int fd)
{
	int saved = errno;

	if (fd != -1)
		(void)close(fd);
	errno = saved;
}

int
file_read(const char *path, struct buf *out)
{
	char chunk[8192];
	ssize_t n = -1;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) == -1)
		return -1;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		if (buf_add(out, chunk, (size_t)n) == -1) {
			errno = (size_t)n > out->max - out->len ? EFBIG : ENOMEM;
			n = -1;
			break;
		}
	}
	close_quietly(fd);
	return n == 0 ? 0 : -1;
}

/* Whether a name is one of those asked for: visible, with the suffix, and a regular file. */
static bool
is_wanted(DIR *d, const char *name, const char *suffix)
{
	size_t n = strlen(name), k = strlen(suffix);
	struct stat st;

	if (name[0] == '.' || n < k || strcmp(name + n - k, suffix) != 0)
		return false;
	return fstatat(dirfd(d), name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
list_add(char **list, size_t *n, const char *dir, const char *name)
{
	if (*n == LIST_MAX) {
		errno = E2BIG;
		return -1;
	}
	if (asprintf(&list[*n], "%s/%s", dir, name) == -1) {
		errno = ENOMEM;
		return -1;
	}
	(*n)++;
	return 0;
}

int
file_list(const char *dir, const char *suffix, char ***paths, size_t *n)
{
	struct dirent *entry;
	char **list;
	DIR *d = NULL;
	int saved, ret = -1;

	*paths = NULL;
	*n = 0;
	if ((list = calloc(LIST_MAX, sizeof(*list))) == NULL || (d = opendir(dir)) == NULL)
		goto out;
	for (;;) {
		errno = 0;
		if ((entry = readdir(d)) == NULL)
			break;
		if (is_wanted(d, entry->d_name, suffix) && list_add(list, n, dir, entry->d_name) == -1)
			goto out;
	}
	if (errno != 0)
		goto out;
	qsort(list, *n, sizeof(*list), compare_paths);
	*paths = list;
	ret = 0;
out:
	saved = errno;
	if (d != NULL)
		(void)closedir(d);
	if (ret == -1) {
		file_list_free(list, *n);
		*n = 0;
	}
	errno = saved;
	return ret;
}

void
file_list_free(char **paths, size_t n)
{
	for (size_t i = 0; paths != NULL && i < n; i++)
		free(paths[i]);
	free(paths);
}

static int
write_all(int fd, const char *p, size_t n)
{
	ssize_t done;

	while (n > 0) {
		if ((done = write(fd, p, n)) == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

/* A rename is on the disk only when its directory is. */
static int
sync_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	int fd, ret = -1;

	if (dir == NULL)
		return -1;
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != -1)
		ret = fsync(fd);
	close_quietly(fd);
	free(dir);
	return ret;
}

static int
write_synced(int fd, const void *bytes, size_t len, int mode)
{
	if (fchmod(fd, (mode_t)mode) == -1 || write_all(fd, bytes, len) == -1)
		return -1;
	return fsync(fd);
}

int
file_replace(const char *path, const void *bytes, size_t len, int mode)
{
	char *temporary;
	int fd, saved, ret = -1;

	if (asprintf(&temporary, "%s.XXXXXX", path) == -1) {
		errno = ENOMEM;
		return -1;
	}
	if ((fd = mkostemp(temporary, O_CLOEXEC)) == -1)
		goto out;
	ret = write_synced(fd, bytes, len, mode);
	close_quietly(fd);
	if (ret == 0)
		ret = rename(temporary, path);
	if (ret == -1) {
		saved = errno;
		(void)unlink(temporary);
		errno = saved;
		goto out;
	}
	ret = sync_directory_of(path);
out:
	free(temporary);
	return ret;
}
