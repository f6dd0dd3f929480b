/* Colours and bars, only where a person sees them. */
#include "workbench/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BAR	"########################################"
#define WIDTH	((int)sizeof(BAR) - 1)

bool
terminal_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) != 0 && (no == NULL || *no == '\0');
}

void
terminal_progress(size_t done, size_t total, const char *unit)
{
	int width = total == 0 ? WIDTH : (int)(done * (size_t)WIDTH / total);

	if (isatty(STDERR_FILENO) == 0)
		return;
	fprintf(stderr, "\r[%-*.*s] %zu of %zu %s%s", WIDTH, width > WIDTH ? WIDTH : width, BAR, done, total, unit,
	    done >= total ? "\r\033[K" : "");
	fflush(stderr);
}
