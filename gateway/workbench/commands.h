/* What tocsin-rules can do: one function a command, in one file each. */
#ifndef TOCSIN_COMMANDS_H
#define TOCSIN_COMMANDS_H

#include <stdio.h>

/* Exit codes, the same for all our programs. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* argv[0] is the name under which the command was called. Each returns an exit code. */
int	check_main(int argc, char **argv);
int	explain_main(int argc, char **argv);
int	backtest_main(int argc, char **argv);
int	harvest_main(int argc, char **argv);
int	fmt_main(int argc, char **argv);
int	score_main(int argc, char **argv);
int	places_main(int argc, char **argv);

/* Prints how a command is called to standard error; always EXIT_USAGE. */
int	main_usage(const char *command);

#endif
