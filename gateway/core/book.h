/* Everything people edit, loaded as one and swapped as one: rules, places, routing, templates, roster. */
#ifndef TOCSIN_BOOK_H
#define TOCSIN_BOOK_H

#include "base/diag.h"
#include "core/conf.h"
#include "logic/area.h"
#include "logic/gazetteer.h"
#include "logic/render.h"
#include "logic/route.h"
#include "logic/rulebook.h"

struct book {
	struct rulebook	 *rules;
	struct gazetteer *places;
	struct matrix	 *matrix;
	struct templates *templates;
	struct areas	 *areas;	/* NULL: the settings name no file */
	struct roster	  roster;
	size_t		  tests;	/* test lines that were run and passed */
	bool		  partial;	/* something is missing: book_load_anyway() */
	unsigned	  pack;		/* its number among the kept ones (core/packs.h); 0: not known */
	bool		  rolled_back;	/* an operator went back to it: the files that people edit are other ones */
	struct book_lines *lines;	/* of the rules, as they were */
};

/*
 * Loads and checks all of it, the rules' own tests included. NULL on any error: then the caller
 * keeps the book it has. All faults of all files are in the diags.
 */
struct book	*book_load(const struct conf *, struct diags *);
/*
 * For a start with a broken file: loads what can be loaded. Without rules every message goes to a person; without a roster nobody
 * can be told. A daemon that runs and says so beats one that refuses to start.
 */
struct book	*book_load_anyway(const struct conf *, struct diags *);
void		 book_free(struct book *);
/* All faults to stderr, which is the log: as tocsinctl reload shows them, but without anybody's number. */
void		 book_print_faults(const struct diags *);
/*
 * At the start of the daemon: the pack an operator went back to, else the files as they are; if they have faults, the
 * newest kept pack (core/packs.h); if that fails too, book_load_anyway(). Faults are printed to stderr and
 * the log says which it was. NULL only when memory ran out.
 */
struct book	*book_start(const struct conf *);
/*
 * All places: those shipped, and those of STATE/places (imported, added), which are read so that a faulty line costs only
 * itself, and says so in the log. NULL: the shipped ones cannot be read, or memory ran out. book_load() does it too; the rules' own
 * tests, however, are run with the shipped places alone, so that no import can make a rule pack fail.
 */
struct gazetteer *book_places(const struct conf *);
/* STATE/places, and what operators added there. */
#define BOOK_PLACES	"places"
#define BOOK_ADDED	"added.tsv"
/* Keeps the files of a book that loaded without a fault as a pack, and forgets a rollback. Sets book->pack. 0 or -1 (errno). */
int		 book_keep(const struct conf *, struct book *);
/* A kept pack, with the responders of today; if they do not go with it, with those of then. NULL: see the diags. */
struct book	*book_load_pack(const struct conf *, unsigned number, struct diags *);
/* A line of the rules in force as it was when they were loaded, at most size - 1 bytes; empty: not known. */
void		 book_rule_line(const struct book *, const char *file, int line, char *out, size_t size);

#endif
