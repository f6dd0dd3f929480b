/* Reads rule folders and gazetteers from disk. */
#include "workbench/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"

#define GAZETTEER_BYTES_MAX	(256u << 20)

const char *
pack_default_dir(void)
{
	struct stat st;

	return stat("rules", &st) == 0 && S_ISDIR(st.st_mode) ? "rules" : "/etc/tocsin/rules";
}

void
pack_complain(const struct diags *diags)
{
	struct buf out;

	buf_init(&out, 4u << 20);
	diags_print(diags, &out);
	fputs(buf_str(&out), stderr);
	buf_release(&out);
}

static int
read_all(char **paths, size_t n, struct buf *bytes, struct rule_source *sources, struct diags *diags)
{
	for (size_t i = 0; i < n; i++) {
		buf_init(&bytes[i], RULES_BYTES_MAX);
		if (file_read(paths[i], &bytes[i]) == -1) {
			diag_add(diags, DIAG_ERROR, paths[i], 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
			return -1;
		}
		sources[i] = (struct rule_source){ paths[i], buf_str(&bytes[i]), bytes[i].len };
	}
	return 0;
}

struct rulebook *
pack_rules(const char *dir, struct diags *diags, size_t *files)
{
	struct rulebook *rb = NULL;
	struct rule_source *sources = NULL;
	struct buf *bytes = NULL;
	char **paths = NULL;

	*files = 0;
	if (file_list(dir, ".rules", &paths, files) == -1) {
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
		return NULL;
	}
	sources = calloc(*files + 1, sizeof(*sources));
	bytes = calloc(*files + 1, sizeof(*bytes));
	if (sources == NULL || bytes == NULL)
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "out of memory");
	else if (*files == 0)
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "there are no .rules files here");
	else if (read_all(paths, *files, bytes, sources, diags) == 0)
		rb = rulebook_new(sources, *files, diags);
	for (size_t i = 0; bytes != NULL && i < *files; i++)
		buf_release(&bytes[i]);
	free(bytes);
	free(sources);
	file_list_free(paths, *files);
	return rb;
}

struct gazetteer *
pack_gazetteer(const char *path, bool missing_ok, struct diags *diags)
{
	struct gazetteer *gz = NULL;
	struct buf bytes;

	buf_init(&bytes, GAZETTEER_BYTES_MAX);
	if (file_read(path, &bytes) == 0)
		gz = gazetteer_new(&(struct gazetteer_source){ path, buf_str(&bytes), bytes.len }, 1, diags);
	else if (errno != ENOENT || !missing_ok)
		diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
	buf_release(&bytes);
	return gz;
}
