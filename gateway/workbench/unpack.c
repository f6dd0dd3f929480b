/* Reads plain and compressed files through libarchive, with a ceiling on what comes out of them. */
#include "workbench/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define BLOCK		65536
#define MEMBERS_MAX	100

/* Only what we want to read: every further format is code that strangers' bytes could reach. */
static struct archive *
new_archive(void)
{
	struct archive *a = archive_read_new();

	if (a == NULL)
		return NULL;
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_format_zip(a);
	archive_read_support_format_raw(a);
	return a;
}

static int
read_member(struct archive *a, struct buf *out, char *why, size_t size)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = archive_read_data(a, block, sizeof(block))) > 0)
		if (buf_add(out, block, (size_t)n) != 0) {
			snprintf(why, size, "more than %zu bytes inside", out->max);
			return -1;
		}
	if (n == 0)
		return 0;
	snprintf(why, size, "damaged: %s", archive_error_string(a));
	return -1;
}

static bool
is_explanation(const char *name)
{
	const char *base = strrchr(name, '/');

	return strncasecmp(base != NULL ? base + 1 : name, "readme", 6) == 0;
}

/* The name of the one file that is not in an archive is "data"; its own is better. */
static const char *
member_name(struct archive *a, struct archive_entry *entry, const char *path)
{
	const char *name = archive_format(a) == ARCHIVE_FORMAT_RAW ? NULL : archive_entry_pathname(entry);
	const char *base = strrchr(path, '/');

	if (name != NULL)
		return name;
	return base != NULL ? base + 1 : path;
}

int
unpack(const char *path, size_t max, unpack_take *take, void *arg, char *why, size_t size)
{
	struct archive *a = new_archive();
	struct archive_entry *entry;
	struct buf bytes;
	struct stat st;
	int rc = ARCHIVE_OK, result = -1;

	buf_init(&bytes, max);
	snprintf(why, size, "out of memory");
	if (a == NULL)
		return -1;
	if (archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK) {
		snprintf(why, size, "%s", archive_error_string(a));
		goto out;
	}
	if (stat(path, &st) == 0 && st.st_size == 0) {
		result = take(arg, path, "", 0);	/* libarchive finds no entry in nothing */
		goto out;
	}
	for (int members = 0; (rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK && members < MEMBERS_MAX; members++) {
		const char *name = member_name(a, entry, path);

		if (archive_entry_filetype(entry) == AE_IFDIR || is_explanation(name))
			continue;
		buf_clear(&bytes);
		if (read_member(a, &bytes, why, size) != 0)
			goto out;
		if ((result = take(arg, name, buf_str(&bytes), bytes.len)) != 0)
			goto out;
	}
	if (rc != ARCHIVE_EOF) {
		result = -1;
		snprintf(why, size, "%s", archive_error_string(a) != NULL ? archive_error_string(a) : "too many files inside");
	}
out:
	archive_read_free(a);
	buf_release(&bytes);
	return result;
}
