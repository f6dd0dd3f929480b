/* tocsin-rules check and test: is a rule folder sound, does it do what its own tests say, and what was surely not meant? */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "logic/rulelint.h"
#include "workbench/commands.h"
#include "workbench/pack.h"

struct job {
	const char *dir, *gazetteer;	/* gazetteer NULL: the one in dir, if there is one */
	bool	 json, strict, lint;
};

struct outcome {
	struct pack pack;
	struct diags diags;
	size_t	 tests, failed;
	bool	 places;
	struct rulelint_counts counts;
};

static int
read_arguments(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{ "gazetteer", required_argument, NULL, 'g' }, { "json", no_argument, NULL, 'j' },
		{ "strict", no_argument, NULL, 's' }, { NULL, 0, NULL, 0 },
	};
	int c;

	*job = (struct job){ .dir = pack_default_dir(), .lint = strcmp(argv[0], "check") == 0 };
	optind = 1;
	while ((c = getopt_long(argc, argv, "g:js", options, NULL)) != -1) {
		if (c == 'g')
			job->gazetteer = optarg;
		else if (c == 'j')
			job->json = true;
		else if (c == 's')
			job->strict = true;
		else
			return -1;
	}
	if (argc - optind > 1)
		return -1;
	if (optind < argc)
		job->dir = argv[optind];
	return 0;
}

static void
tell_json(const struct outcome *o, bool sound)
{
	const struct rulelint_counts *n = &o->counts;

	pack_complain_json(&o->diags);
	printf("{\"sound\":%s,\"errors\":%zu,\"warnings\":%zu,\"files\":%zu,\"version\":", sound ? "true" : "false",
	    o->diags.errors, o->diags.warnings, o->pack.n);
	if (o->pack.rules != NULL)
		printf("\"%s\",\"categories\":%zu,\"rules\":%zu,", rulebook_version(o->pack.rules),
		    rulebook_categories(o->pack.rules), rulebook_rules(o->pack.rules));
	else
		printf("null,");
	printf("\"tests\":%zu,\"failed\":%zu,\"never_tested\":%zu,\"unreachable\":%zu,\"redundant\":%zu,\"never_silent\":%zu,"
	    "\"explosive\":%zu,\"idle_tests\":%zu}\n", o->tests, o->failed, n->never_tested, n->unreachable, n->redundant,
	    n->never_silent, n->explosive, n->idle_tests);
}

static void
tell(const struct job *job, const struct outcome *o)
{
	const struct rulelint_counts *n = &o->counts;

	pack_complain(&o->diags);
	if (o->diags.errors + o->diags.warnings > o->diags.n)
		fprintf(stderr, "(and %zu more)\n", o->diags.errors + o->diags.warnings - o->diags.n);
	if (o->pack.rules != NULL)
		printf("%zu files, %zu categories, %zu rules, %zu tests, %zu failed\n", o->pack.n, rulebook_categories(o->pack.rules),
		    rulebook_rules(o->pack.rules), o->tests, o->failed);
	if (o->pack.rules != NULL && job->lint)
		printf("%zu rules never tested, %zu phrases unreachable, %zu redundant, %zu noise words that never silence, "
		    "%zu patterns that explode, %zu tests that test nothing\n", n->never_tested, n->unreachable, n->redundant,
		    n->never_silent, n->explosive, n->idle_tests);
	printf("%s: %zu errors, %zu warnings%s\n", job->dir, o->diags.errors, o->diags.warnings,
	    o->pack.rules != NULL && !o->places ? " (no gazetteer: places were not tested)" : "");
}

/* Compiles, then runs the tests, even when the compiler had only warnings to give. */
static int
check(const struct job *job)
{
	struct gazetteer *gz = NULL;
	struct outcome o = { .tests = 0 };
	bool sound;

	diags_init(&o.diags);
	if (pack_read(&o.pack, job->dir, &o.diags) == 0) {
		gz = pack_places(job->dir, job->gazetteer, &o.diags);
		o.places = gz != NULL;
		o.tests = rulebook_test(o.pack.rules, gz, &o.diags, &o.failed);
		if (job->lint)
			rulelint(o.pack.rules, o.pack.source, o.pack.n, &o.diags, &o.counts);
	}
	sound = o.diags.errors == 0 && (!job->strict || o.diags.warnings == 0);
	if (job->json)
		tell_json(&o, sound);
	else
		tell(job, &o);
	pack_release(&o.pack);
	gazetteer_free(gz);
	diags_release(&o.diags);
	return sound ? EXIT_DONE : EXIT_REFUSED;
}

int
check_main(int argc, char **argv)
{
	struct job job;

	if (read_arguments(argc, argv, &job) == -1)
		return main_usage(argv[0]);
	return check(&job);
}
