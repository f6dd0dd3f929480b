/* Reading other people's files of places: in a process of its own, since it takes long and reads strangers' bytes. */
#ifndef TOCSIN_IMPORT_H
#define TOCSIN_IMPORT_H

#include "core/request.h"

struct core;
struct event_base;
struct import;

struct import	*import_new(struct core *, struct event_base *);	/* NULL: out of memory */
void		 import_free(struct import *);

/*
 * Starts "tocsin-rules places import" on file for the countries ("ML,BF"; "" any); one at a time. Its progress and its report go
 * to the client; when it succeeded the places are in force, as STATE/places/NAME.tsv, NAME being that of the file.
 */
enum ctl_exit	 import_start(struct import *, struct request *, const char *file, const char *countries);

#endif
