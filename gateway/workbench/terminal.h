/* What depends on whether a person looks on: colours, and a bar for work that takes long. */
#ifndef TOCSIN_TERMINAL_H
#define TOCSIN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Standard output is a terminal, and NO_COLOR is not set. */
bool	terminal_colours(void);

/* Draws a bar on standard error if that is a terminal; "done" at "total" ends it. Unit: "messages". */
void	terminal_progress(size_t done, size_t total, const char *unit);

#endif
