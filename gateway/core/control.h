/* control.sock: what tocsinctl asks, answered from the store and the lines. */
#ifndef TOCSIN_CONTROL_H
#define TOCSIN_CONTROL_H

#include "base/diag.h"

struct core;
struct event_base;
struct control;

/*
 * Listens on path (made, mode 0660; a dead socket of an earlier run is replaced). NULL: errno is set.
 * A client that speaks badly, too much, or does not read is hung up on; nothing else happens.
 */
struct control	*control_new(struct core *, struct event_base *, const char *path);
void		 control_free(struct control *);

/* Loads rules, places, routing, templates and roster anew and swaps them in, or leaves everything as it is. 0 or -1. Also for SIGHUP. */
int	control_reload(struct core *, struct diags *);

#endif
