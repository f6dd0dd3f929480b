/* A rule folder and a gazetteer read from disk, for every command of the workbench. */
#ifndef TOCSIN_PACK_H
#define TOCSIN_PACK_H

#include "base/diag.h"
#include "logic/gazetteer.h"
#include "logic/rulebook.h"

/* Where rules are when nothing is said: ./rules, else /etc/tocsin/rules. */
const char *pack_default_dir(void);

/*
 * Compiles all *.rules of a folder in name order; faults go to diags. *files: how many there were. NULL: faults, or the
 * folder cannot be read (said in diags too). Caller frees with rulebook_free().
 */
struct rulebook	*pack_rules(const char *dir, struct diags *, size_t *files);

/* Reads a gazetteer file. NULL: see diags. With missing_ok a file that is not there is no fault. */
struct gazetteer *pack_gazetteer(const char *path, bool missing_ok, struct diags *);

/* Prints the faults to standard error. */
void	pack_complain(const struct diags *);

#endif
