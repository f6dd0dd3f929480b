/* What tocsinctl changes and asks of the gazetteer, while the daemon runs. */
#ifndef TOCSIN_PLACES_H
#define TOCSIN_PLACES_H

#include <stdbool.h>

#include "core/request.h"

struct core;
struct event_base;
struct places;

struct places	*places_new(struct core *, struct event_base *);	/* NULL: out of memory */
void		 places_free(struct places *);		/* an import that still runs is killed */

/* gazetteer import|add|alias|forget|find|near|list: every change is in force at once, durable, and in the audit. */
enum ctl_exit	 places_command(struct request *);

/* STATE/places/NAME into out; the folder is made when it is missing. -1: errno is set. */
int		 places_path(const struct core *, const char *name, char *out, size_t size);
/* Loads all places anew and swaps them in. -1: nothing was changed. */
int		 places_reload(struct core *);
/* Writes one audit row in a transaction of its own. */
void		 places_audit(struct core *, const char *actor, const char *event, const char *name, const char *detail);

#endif
