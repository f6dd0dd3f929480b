/* tocsin-rules: the rule editor's workbench. It checks, tests and explains rules; it never touches the daemon. */
#include <stdio.h>
#include <string.h>

#include "workbench/commands.h"

static const struct command_row {
	const char *name, *arguments, *what;
	int	(*run)(int, char **);
} commands[] = {
	{ "check", "[--strict] [--json] [--gazetteer FILE] [DIR]",
	    "are all rule files of DIR sound, do their own tests pass, and what was surely not meant? --strict: warnings count", check_main },
	{ "test", "[--json] [--gazetteer FILE] [DIR]", "the same without the warnings about what was surely not meant", check_main },
	{ "explain", "[--why-not CODE] [--json] [--gazetteer FILE] [--rules DIR] [TEXT…]",
	    "what is understood of a message, by which rules, and why not as CODE (without TEXT: one a line from standard input)",
	    explain_main },
	{ "backtest", "--against NEWDIR [--rules DIR] [--key FILE] [--limit N] [--jobs N] [--json] CORPUS|BACKUP",
	    "what known messages would become with the rules of NEWDIR instead: texts (TSV with a column \"text\", or one a line),\n"
	    "      or a backup of the store, whose texts --key opens", backtest_main },
	{ "harvest", "[--rules DIR] [--gazetteer FILE] [--key FILE] [--least N] [--limit N] [--json] CORPUS|BACKUP",
	    "frequent phrases of the messages that no rule understands, as lines to choose rules from", harvest_main },
	{ "fmt", "[--check] [--json] [FILE|DIR…]", "lays out rule files in the one way there is; --check only tells which are not",
	    fmt_main },
	{ "score", "[--json] [--rules DIR] SAMPLES.tsv",
	    "how many labelled messages (id, text, lang, from, label, priority) are understood as labelled", score_main },
	{ "places", "import [--country ML,BF…] [--machine] --out FILE.tsv FILE…",
	    "turns a GeoNames dump, CSV or GeoJSON file of places (also .gz .xz .zip) into one of ours, with a report",
	    places_main },
};

#define N_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void
help(FILE *out)
{
	fputs("usage: tocsin-rules COMMAND …\n\n", out);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(out, "  tocsin-rules %s %s\n      %s\n", commands[i].name, commands[i].arguments, commands[i].what);
	fputs("\nDIR is ./rules, or /etc/tocsin/rules when there is no such folder.\n"
	    "Exit status: 0 all is well, 1 something is wrong with the rules, 2 wrong usage.\n", out);
}

int
main_usage(const char *command)
{
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(commands[i].name, command) == 0)
			fprintf(stderr, "usage: tocsin-rules %s %s\n", command, commands[i].arguments);
	}
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		help(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("tocsin-rules " TOCSIN_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "tocsin-rules: there is no command '%s'\n\n", argv[1]);
	help(stderr);
	return EXIT_USAGE;
}
