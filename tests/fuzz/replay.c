/* Runs one fuzz target over files and the files of folders: the corpora as ordinary tests, without libFuzzer. */
#include <sys/stat.h>

#include <err.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/files.h"
#include "fuzz/fuzz.h"

#define INPUT_MAX	((size_t)1 << 20)

/* From a block of exactly its size, so that a sanitizer sees one byte too many. */
static void
run(const char *bytes, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);

	if (copy == NULL)
		err(1, NULL);
	for (size_t i = 0; i < n; i++)
		copy[i] = (uint8_t)bytes[i];
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void
run_file(const char *path)
{
	struct buf b;

	buf_init(&b, INPUT_MAX);
	if (file_read(path, &b) == -1)
		err(1, "%s", path);
	run(buf_str(&b), b.len);
	buf_release(&b);
}

static size_t
run_folder(const char *path)
{
	char **paths;
	size_t n;

	if (file_list(path, "", &paths, &n) == -1)
		err(1, "%s", path);
	for (size_t i = 0; i < n; i++)
		run_file(paths[i]);
	file_list_free(paths, n);
	return n;
}

int
main(int argc, char **argv)
{
	struct stat st;
	size_t n = 1;

	run("", 0);
	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st) == -1)
			err(1, "%s", argv[i]);
		if (S_ISDIR(st.st_mode)) {
			n += run_folder(argv[i]);
			continue;
		}
		run_file(argv[i]);
		n++;
	}
	printf("%zu inputs\n", n);
	return 0;
}
