/* Tests of base/files, in a directory of their own that is removed at the end. */
#include "unit/test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"

static char dir[] = "/tmp/tocsin-files-XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[200];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
make(const char *name, const char *text)
{
	CHECK_INT(file_replace(in_dir(name), text, strlen(text), 0600), 0);
}

TEST(replace_then_read)
{
	struct stat st;
	struct buf b;

	buf_init(&b, 100);
	make("one", "first");
	CHECK_INT(file_read(in_dir("one"), &b), 0);
	CHECK_STR(buf_str(&b), "first");
	CHECK_INT(file_replace(in_dir("one"), "2nd\0x", 5, 0640), 0);
	buf_clear(&b);
	CHECK_INT(file_read(in_dir("one"), &b), 0);
	CHECK_INT(b.len, 5);
	CHECK(memcmp(b.p, "2nd\0x", 5) == 0);
	CHECK(stat(in_dir("one"), &st) == 0 && (st.st_mode & 0777) == 0640);
	CHECK_INT(unlink(in_dir("one")), 0);
	buf_release(&b);
}

TEST(a_name_without_a_folder)
{
	char *old = get_current_dir_name();
	struct buf b;

	buf_init(&b, 100);
	CHECK_INT(chdir(dir), 0);
	CHECK_INT(file_replace("bare", "x", 1, 0600), 0);
	CHECK_INT(file_read("bare", &b), 0);
	CHECK_STR(buf_str(&b), "x");
	CHECK_INT(unlink("bare"), 0);
	CHECK_INT(chdir(old), 0);
	free(old);
	buf_release(&b);
}

TEST(a_failed_replace_leaves_nothing_behind)
{
	char **paths;
	size_t n;

	CHECK_INT(file_replace(in_dir("no/such"), "x", 1, 0600), -1);
	CHECK_INT(errno, ENOENT);
	CHECK_INT(mkdir(in_dir("full"), 0700), 0);
	CHECK_INT(mkdir(in_dir("full/d"), 0700), 0);
	CHECK_INT(file_replace(in_dir("full"), "x", 1, 0600), -1);
	CHECK(errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST);
	CHECK_INT(file_list(dir, "", &paths, &n), 0);
	CHECK_INT(n, 0);
	file_list_free(paths, n);
	CHECK_INT(rmdir(in_dir("full/d")), 0);
	CHECK_INT(rmdir(in_dir("full")), 0);
}

TEST(the_ceiling_of_reading)
{
	struct buf b;

	make("five", "12345");
	buf_init(&b, 5);
	CHECK_INT(file_read(in_dir("five"), &b), 0);
	CHECK_INT(b.len, 5);
	buf_release(&b);
	buf_init(&b, 4);
	CHECK_INT(file_read(in_dir("five"), &b), -1);
	CHECK_INT(errno, EFBIG);
	buf_release(&b);
	buf_init(&b, 100000);
	CHECK_INT(file_read("/dev/zero", &b), -1);
	CHECK_INT(errno, EFBIG);
	buf_release(&b);
	CHECK_INT(unlink(in_dir("five")), 0);
}

TEST(what_cannot_be_read)
{
	struct buf b;

	buf_init(&b, 100);
	CHECK_INT(file_read(in_dir("missing"), &b), -1);
	CHECK_INT(errno, ENOENT);
	CHECK_INT(file_read(dir, &b), -1);
	CHECK_INT(errno, EISDIR);
	buf_release(&b);
}

TEST(lists_are_sorted_and_choosy)
{
	static const char *const names[] = { "20-b.rules", "10-a.rules",
	    ".hidden.rules", "10-a.rules.bak", "Z.rules", "rules" };
	char **paths;
	size_t n;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		make(names[i], "x");
	CHECK_INT(mkdir(in_dir("dir.rules"), 0700), 0);
	CHECK_INT(symlink("nowhere", in_dir("dangling.rules")), 0);
	CHECK_INT(file_list(dir, ".rules", &paths, &n), 0);
	CHECK_INT(n, 3);
	if (n == 3) {
		CHECK_STR(paths[0], in_dir("10-a.rules"));
		CHECK_STR(paths[1], in_dir("20-b.rules"));
		CHECK_STR(paths[2], in_dir("Z.rules"));
	}
	file_list_free(paths, n);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_INT(unlink(in_dir(names[i])), 0);
	CHECK_INT(rmdir(in_dir("dir.rules")), 0);
	CHECK_INT(unlink(in_dir("dangling.rules")), 0);
}

TEST(lists_that_cannot_be)
{
	char **paths, name[40];
	size_t n;

	CHECK_INT(file_list(in_dir("missing"), "", &paths, &n), -1);
	CHECK_INT(errno, ENOENT);
	CHECK(paths == NULL && n == 0);
	for (int i = 0; i < 1001; i++) {
		(void)snprintf(name, sizeof(name), "%04d.many", i);
		CHECK_INT(symlink("/etc/passwd", in_dir(name)), 0);
	}
	CHECK_INT(file_list(dir, ".many", &paths, &n), -1);
	CHECK_INT(errno, E2BIG);
	CHECK_INT(unlink(in_dir("1000.many")), 0);
	CHECK_INT(file_list(dir, ".many", &paths, &n), 0);
	CHECK_INT(n, 1000);
	for (size_t i = 0; i < n; i++)
		CHECK_INT(unlink(paths[i]), 0);
	file_list_free(paths, n);
}

TEST(setup)
{
	CHECK(mkdtemp(dir) != NULL);
}

TEST(teardown)
{
	CHECK_INT(rmdir(dir), 0);
}

TEST_MAIN(TEST_ROW(setup), TEST_ROW(replace_then_read), TEST_ROW(a_name_without_a_folder), TEST_ROW(a_failed_replace_leaves_nothing_behind),
    TEST_ROW(the_ceiling_of_reading), TEST_ROW(what_cannot_be_read), TEST_ROW(lists_are_sorted_and_choosy),
    TEST_ROW(lists_that_cannot_be), TEST_ROW(teardown))
