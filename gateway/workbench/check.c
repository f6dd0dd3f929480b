/* tocsin-rules check and test: is a rule folder sound, and does it do what its own tests say? */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "workbench/commands.h"
#include "workbench/pack.h"

struct job {
	const char *dir, *gazetteer;	/* gazetteer NULL: the one in dir, if there is one */
};

static int
read_arguments(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{ "gazetteer", required_argument, NULL, 'g' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
	};
	int c;

	*job = (struct job){ .dir = pack_default_dir() };
	optind = 1;
	while ((c = getopt_long(argc, argv, "g:h", options, NULL)) != -1) {
		if (c != 'g')
			return -1;
		job->gazetteer = optarg;
	}
	if (argc - optind > 1)
		return -1;
	if (optind < argc)
		job->dir = argv[optind];
	return 0;
}

static struct gazetteer *
read_gazetteer(const struct job *job, struct diags *diags)
{
	char path[4096];

	if (job->gazetteer != NULL)
		return pack_gazetteer(job->gazetteer, false, diags);
	if ((size_t)snprintf(path, sizeof(path), "%s/gazetteer.tsv", job->dir) >= sizeof(path))
		return NULL;
	return pack_gazetteer(path, true, diags);
}

/* Compiles, then runs the tests, even when the compiler had only warnings to give. */
static int
check(const struct job *job)
{
	struct gazetteer *gz = NULL;
	struct rulebook *rb;
	struct diags diags;
	size_t files, tests = 0, failed = 0;
	int rc;

	diags_init(&diags);
	rb = pack_rules(job->dir, &diags, &files);
	if (rb != NULL) {
		gz = read_gazetteer(job, &diags);
		tests = rulebook_test(rb, gz, &diags, &failed);
	}
	pack_complain(&diags);
	if (rb != NULL)
		printf("%zu files, %zu categories, %zu rules, %zu tests, %zu failed\n", files, rulebook_categories(rb), rulebook_rules(rb), tests, failed);
	printf("%s: %zu errors, %zu warnings%s\n", job->dir, diags.errors, diags.warnings,
	    rb != NULL && gz == NULL ? " (no gazetteer: places were not tested)" : "");
	rc = diags.errors == 0 ? EXIT_DONE : EXIT_REFUSED;
	rulebook_free(rb);
	gazetteer_free(gz);
	diags_release(&diags);
	return rc;
}

int
check_main(int argc, char **argv)
{
	struct job job;

	if (read_arguments(argc, argv, &job) == -1)
		return main_usage(argv[0]);
	return check(&job);
}
