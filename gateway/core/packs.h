/* The last whole packs of rules, as they were when they came into force: what a rollback goes back to. */
#ifndef TOCSIN_PACKS_H
#define TOCSIN_PACKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "core/conf.h"

/*
 * STATE/packs/0001, 0002 …: the rule files with the gazetteer, routing, templates and responders they were checked
 * with, and ABOUT. A pack is made under another name and renamed, so it is there whole or not at all. Equal rules
 * keep their number; their other files are then brought up to date.
 * STATE/packs/held names the pack an operator went back to: it stays in force over restarts until the next reload.
 */
#define PACKS_KEPT	6	/* the one in force, and five before it */

struct packs_entry {
	unsigned number;
	char	 version[17];
	wall_t	 since;
	size_t	 rules, tests;
};

/* Copies the files of conf as a pack, drops the oldest. about->number is set. 0 or -1 (errno). */
int	packs_keep(const struct conf *, struct packs_entry *about);
/* Oldest first; how many, at most n. 0 also when there are none yet. */
size_t	packs_list(const struct conf *, struct packs_entry *, size_t n);
/* The settings with their paths turned to a pack, but for the responders, who are not rules. -1: a path is too long. */
int	packs_conf(const struct conf *, unsigned number, struct conf *kept);
/* The same with the responders of then. */
int	packs_conf_all(const struct conf *, unsigned number, struct conf *kept);

unsigned packs_held(const struct conf *);			/* 0: none */
int	packs_hold(const struct conf *, unsigned number);	/* 0: no more. 0 or -1 (errno) */

/* How one rule file stands: in the folder that people edit, against the pack. */
enum packs_state { PACKS_SAME, PACKS_CHANGED, PACKS_ADDED, PACKS_REMOVED };
typedef void packs_file(void *, const char *name, enum packs_state);
/* Tells of each rule file of either; how many are not PACKS_SAME, or -1. take may be NULL. */
int	packs_compare(const struct conf *, unsigned number, packs_file *take, void *);

#endif
