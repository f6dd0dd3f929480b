/* Faults found in text files: where, what, and the line with a caret under it. */
#ifndef TOCSIN_DIAG_H
#define TOCSIN_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum diag_level	 level;
	char		*file;		/* owned */
	int		 line, col;	/* from 1; col counts bytes; 0: unknown */
	char		*what;		/* owned: lower case, no full stop, things in 'quotes' */
	char		*source;	/* owned: the faulty line; NULL: unknown */
};

#define DIAGS_MAX	200		/* further faults are only counted */

struct diags {
	struct diag	*v;
	size_t		 n, errors, warnings;	/* the two counts include what was not kept */
};

void	diags_init(struct diags *);
void	diags_release(struct diags *);

/*
 * Notes one fault. "source" is the line of the file it is in (not NUL-terminated,
 * without the line end; may be NULL), copied.
 */
void	diag_add(struct diags *, enum diag_level, const char *file, int line, int col,
	    const char *source, size_t source_len, const char *fmt, ...)
	    __attribute__((format(printf, 8, 9)));

/*
 * Appends every fault, in order, as
 *	rules/10-fr.rules:12:9: error: unknown category 'ATX' (did you mean 'ATK'?)
 *	  ATX 8 fr coup de feu
 *	  ^
 * The caret is placed by code points, so that it stands right under accents.
 * Control bytes of the source are shown as '?'.
 */
void	diags_print(const struct diags *, struct buf *out);

#endif
