/* Rows for a person: a table for lists, one value a line for single things; or JSON as it is. */
#ifndef TOCSIN_SHOW_H
#define TOCSIN_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/ctl_msg.h"

#define SHOW_COLUMNS_MAX	10

struct show {
	bool	 json;
	const char *const *columns;	/* of a list; NULL: one value a line */
	size_t	 n_columns, n_rows, room;
	char	**cell;			/* owned: n_rows × n_columns */
};

/* command: the word that was asked; it decides which columns a list has. */
void	show_init(struct show *, const char *command, bool json);
void	show_release(struct show *);
void	show_row(struct show *, const struct ctl_answer *);
bool	show_progress(const struct ctl_answer *);	/* true: this row only told how far it is */
void	show_end(struct show *);	/* prints the table, now that the widths are known */

#endif
