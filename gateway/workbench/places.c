/* tocsin-rules places import: turns files of places that others made into one of ours, with a report. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/files.h"
#include "logic/gazetteer.h"
#include "logic/placefile.h"
#include "workbench/commands.h"
#include "workbench/pack.h"
#include "workbench/unpack.h"

#define UNPACKED_MAX	((size_t)512 << 20)	/* a dump of a whole continent; more is a bomb */
#define OUT_MAX		((size_t)60 << 20)	/* what a daemon reads back: core/book.c */
#define MEMORY_MAX	((rlim_t)2 << 30)
#define CPU_MAX_S	300
#define BAR_WIDTH	40
#define REASONS_MAX	12

struct import {
	struct place_sink sink;
	struct buf	out;
	struct diags	diags;
	bool		machine, bar;
};

/* ---- progress ---- */

static void
on_progress(void *arg, size_t done, size_t total)
{
	const struct import *im = arg;
	int width = total == 0 ? BAR_WIDTH : (int)(done * BAR_WIDTH / total);

	if (im->machine) {
		printf("progress %zu %zu\n", done, total);
		fflush(stdout);
	} else if (im->bar) {
		fprintf(stderr, "\r[%-*.*s] %3zu %%  %zu places", BAR_WIDTH, width,
		    "########################################", total == 0 ? 100 : done * 100 / total, im->sink.report.kept);
	}
}

static void
end_progress(struct import *im, size_t len)
{
	on_progress(im, len, len);
	if (im->bar && !im->machine)
		fputc('\n', stderr);
}

static int
take(void *arg, const char *name, const char *bytes, size_t len)
{
	struct import *im = arg;
	int rc;

	im->sink.file = name;
	rc = placefile_read(&im->sink, bytes, len, on_progress, im);
	end_progress(im, len);
	return rc;
}

/* ---- the report ---- */

/* How often each reason was given, among the faults that were kept. */
static void
print_reasons(const struct import *im)
{
	const char *seen[REASONS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < im->diags.n; i++) {
		size_t k = 0, count = 0;

		while (k < n && strcmp(seen[k], im->diags.v[i].what) != 0)
			k++;
		if (k < n || n == REASONS_MAX)
			continue;
		seen[n++] = im->diags.v[i].what;
		for (size_t j = i; j < im->diags.n; j++)
			count += strcmp(im->diags.v[j].what, im->diags.v[i].what) == 0;
		printf(im->machine ? "reason %zu %s\n" : "%8zu  %s\n", count, im->diags.v[i].what);
	}
}

static void
print_report(const struct import *im)
{
	const struct place_report *r = &im->sink.report;

	if (im->machine) {
		printf("report %zu %zu %zu %zu %zu\n", r->read, r->kept, r->refused, r->aliases, r->aliases_dropped);
		for (size_t i = 0; i < im->diags.n; i++)
			printf("%s %s:%d %s\n", im->diags.v[i].level == DIAG_ERROR ? "error" : "fault", im->diags.v[i].file,
			    im->diags.v[i].line, im->diags.v[i].what);
		return;
	}
	pack_complain(&im->diags);
	if (im->diags.warnings > DIAGS_MAX)
		fprintf(stderr, "(and %zu more)\n", im->diags.warnings - DIAGS_MAX);
	printf("%zu read, %zu kept, %zu refused; %zu aliases kept, %zu dropped\n", r->read, r->kept, r->refused, r->aliases,
	    r->aliases_dropped);
	if (r->refused > 0)
		print_reasons(im);
}

/* ---- the whole ---- */

/* A file that strangers made is read: whatever is in it, it may not take the machine along. */
static void
limit_process(void)
{
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX }, cpu = { CPU_MAX_S, CPU_MAX_S };

#if !TOCSIN_SANITIZED		/* whose shadow alone is terabytes of address space */
	setrlimit(RLIMIT_AS, &memory);
#else
	(void)memory;
#endif
	setrlimit(RLIMIT_CPU, &cpu);
}

static int
import_files(struct import *im, char **paths, size_t n)
{
	char why[200];

	placerow_header(&im->out);
	for (size_t i = 0; i < n; i++) {
		size_t errors = im->diags.errors;

		if (unpack(paths[i], UNPACKED_MAX, take, im, why, sizeof(why)) == 0)
			continue;
		if (im->diags.errors == errors)
			diag_add(&im->diags, DIAG_ERROR, paths[i], 0, 0, NULL, 0, "%s", why);
		return -1;
	}
	if (im->sink.report.kept <= GAZETTEER_ROWS_MAX)
		return 0;
	diag_add(&im->diags, DIAG_ERROR, paths[0], 0, 0, NULL, 0, "more than %d places", GAZETTEER_ROWS_MAX);
	return -1;
}

static int
run_import(struct import *im, char **paths, size_t n, const char *to)
{
	int rc = EXIT_REFUSED;

	buf_init(&im->out, OUT_MAX);
	diags_init(&im->diags);
	im->sink.out = &im->out;
	im->sink.diags = &im->diags;
	im->bar = isatty(STDERR_FILENO) != 0;
	limit_process();
	if (import_files(im, paths, n) == 0) {
		if (file_replace(to, buf_str(&im->out), im->out.len, 0600) == 0)
			rc = EXIT_DONE;
		else
			diag_add(&im->diags, DIAG_ERROR, to, 0, 0, NULL, 0, "cannot be written: %s", strerror(errno));
	}
	print_report(im);
	if (rc == EXIT_DONE && im->machine)
		printf("written\n");	/* the last line: whoever reads it knows that all went well */
	if (rc != EXIT_DONE && !im->machine)
		fprintf(stderr, "tocsin-rules: nothing was written\n");
	buf_release(&im->out);
	diags_release(&im->diags);
	return rc;
}

/* "ML" or "ML,BF,NE" */
static bool
are_countries(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (i % 3 == 2 ? s[i] != ',' : s[i] < 'A' || s[i] > 'Z')
			return false;
	return n % 3 == 2 && n < PLACEROW_COUNTRIES;
}

int
places_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' }, { "country", required_argument, NULL, 'c' },
		{ "machine", no_argument, NULL, 'm' }, { 0 },
	};
	struct import im = { .sink.countries = "" };
	const char *to = NULL;
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "o:c:m", options, NULL)) != -1)
		switch (opt) {
		case 'o':
			to = optarg;
			break;
		case 'c':
			im.sink.countries = optarg;
			break;
		case 'm':
			im.machine = true;
			break;
		default:
			return main_usage(argv[0]);
		}
	if (argc - optind < 2 || strcmp(argv[optind], "import") != 0 || to == NULL)
		return main_usage(argv[0]);
	if (*im.sink.countries != '\0' && !are_countries(im.sink.countries)) {
		fprintf(stderr, "tocsin-rules: '%.40s' is no list of countries like ML or ML,BF\n", im.sink.countries);
		return EXIT_USAGE;
	}
	return run_import(&im, argv + optind + 1, (size_t)(argc - optind - 1), to);
}
