/* tocsin-rules fmt: lays out rule files in the one way there is, or tells which are not. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "logic/rulebook.h"
#include "logic/rulefmt.h"
#include "workbench/commands.h"
#include "workbench/pack.h"

struct job {
	bool	 check, json;
	size_t	 files, changed, failed;
};

static void
tell(const struct job *job, const char *path, const char *what)
{
	struct buf out;

	buf_init(&out, 16384);
	buf_adds(&out, "{\"file\":");
	buf_add_json(&out, path, strlen(path));
	buf_addf(&out, ",\"state\":\"%s\"}", what);
	if (job->json)
		puts(buf_str(&out));
	else
		printf("%s: %s\n", path, what);
	buf_release(&out);
}

static void
complain(struct job *job, const char *path, const char *what)
{
	fprintf(stderr, "tocsin-rules: %s: %s\n", path, what);
	job->failed++;
}

static void
lay_out(struct job *job, const char *path, const struct buf *in, struct buf *out)
{
	struct stat st;

	if (rulefmt(buf_str(in), in->len, out) != 0) {
		complain(job, path, "too large");
	} else if (out->len == in->len && memcmp(buf_str(out), buf_str(in), in->len) == 0) {
		return;
	} else if (!rulefmt_same(buf_str(in), in->len, buf_str(out), out->len)) {
		complain(job, path, "left alone, it would not say the same");
	} else if (job->check) {
		job->changed++;
		tell(job, path, "not laid out");
	} else if (stat(path, &st) != 0 || file_replace(path, buf_str(out), out->len, (int)(st.st_mode & 0777)) != 0) {
		complain(job, path, strerror(errno));
	} else {
		job->changed++;
		tell(job, path, "laid out");
	}
}

static void
fmt_file(struct job *job, const char *path)
{
	struct buf in, out;

	buf_init(&in, RULES_BYTES_MAX);
	buf_init(&out, RULES_BYTES_MAX * 2);
	job->files++;
	if (file_read(path, &in) != 0)
		complain(job, path, strerror(errno));
	else
		lay_out(job, path, &in, &out);
	buf_release(&in);
	buf_release(&out);
}

static void
fmt_path(struct job *job, const char *path)
{
	struct stat st;
	char **paths = NULL;
	size_t n = 0;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		fmt_file(job, path);
		return;
	}
	if (file_list(path, ".rules", &paths, &n) != 0)
		complain(job, path, strerror(errno));
	for (size_t i = 0; i < n; i++)
		fmt_file(job, paths[i]);
	file_list_free(paths, n);
}

int
fmt_main(int argc, char **argv)
{
	static const struct option options[] = { { "check", no_argument, NULL, 'c' }, { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	struct job job = { .files = 0 };
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "cj", options, NULL)) != -1) {
		if (c == 'c')
			job.check = true;
		else if (c == 'j')
			job.json = true;
		else
			return main_usage("fmt");
	}
	for (int i = optind; i < argc; i++)
		fmt_path(&job, argv[i]);
	if (optind == argc)
		fmt_path(&job, pack_default_dir());
	return job.failed > 0 || (job.check && job.changed > 0) ? EXIT_REFUSED : EXIT_DONE;
}
