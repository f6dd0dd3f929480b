/* A rule folder and a gazetteer read from disk, for every command of the workbench. */
#ifndef TOCSIN_PACK_H
#define TOCSIN_PACK_H

#include "base/diag.h"
#include "logic/gazetteer.h"
#include "logic/rulebook.h"

/* Where rules are when nothing is said: ./rules, else /etc/tocsin/rules. */
const char *pack_default_dir(void);

/* The rules of a folder with the bytes they were made of, so that lines can be quoted. */
struct pack {
	struct rulebook	*rules;		/* NULL: there were faults */
	struct rule_source *source;	/* n of them, in name order */
	struct buf	*bytes;
	char		**paths;
	size_t		 n;
};

/* Compiles all *.rules of a folder in name order; faults go to diags. 0, or -1 without rules. To be released in any case. */
int	pack_read(struct pack *, const char *dir, struct diags *);
void	pack_release(struct pack *);

/* The rules alone. *files: how many files there were. NULL: see diags. Caller frees with rulebook_free(). */
struct rulebook	*pack_rules(const char *dir, struct diags *, size_t *files);

/* The gazetteer of a rule folder, or the file named instead of it; NULL: there is none, or faults in diags. */
struct gazetteer *pack_places(const char *dir, const char *file, struct diags *);

/* Reads a gazetteer file. NULL: see diags. With missing_ok a file that is not there is no fault. */
struct gazetteer *pack_gazetteer(const char *path, bool missing_ok, struct diags *);

/* Prints the faults to standard error. */
void	pack_complain(const struct diags *);
/* One JSON object a fault, to standard output: level, file, line, col, what, source. */
void	pack_complain_json(const struct diags *);

#endif
