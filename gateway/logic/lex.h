/* Lines of the text files that people edit: words, "strings", /patterns/ and commas, each with its place. */
#ifndef TOCSIN_LEX_H
#define TOCSIN_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

/*
 * A statement is one line and the indented lines under it. "#" at the start of a word begins a
 * comment to the end of the line; inside "strings" and /patterns/ it is an ordinary character.
 * Inside a string \" and \\ stand for " and \; inside a pattern \/ stands for a slash.
 */
enum lex_kind { LEX_WORD, LEX_STRING, LEX_PATTERN, LEX_COMMA };

struct lex_token {
	enum lex_kind	 kind;
	const char	*p;		/* borrows the file's bytes; without quotes or slashes */
	size_t		 len;
	int		 line, col;	/* from 1; col counts bytes */
	const char	*row;		/* the line it stands in, for diagnostics; borrows */
	size_t		 row_len;
};

#define LEX_TOKENS_MAX	8192		/* of one statement; the rest is a fault and skipped */

struct lex_statement {
	struct lex_token *v;		/* owned */
	size_t		 n, cap;
	bool		 faulty;	/* a fault was noted while reading it: what follows from it is noise */
};

struct lex {
	const char	*file;		/* borrows */
	const char	*p, *end;
	int		 line;
	struct diags	*diags;		/* NULL: faults are not noted again */
};

/* The bytes are borrowed as long as the lexer and its tokens are used. A byte order mark is skipped. */
void	lex_init(struct lex *, const char *file, const char *bytes, size_t len, struct diags *);
/* Reads the next statement into *st (reused). 1: there is one; 0: the end; -1: out of memory. */
int	lex_next(struct lex *, struct lex_statement *st);
void	lex_release(struct lex_statement *);

bool	lex_is(const struct lex_token *, const char *word);
/* Copies a string token without its escapes, NUL-terminated. Returns the length, or -1: does not fit. */
int	lex_unquote(const struct lex_token *, char *out, size_t size);
/* Notes a fault at a token. diags may be NULL. */
void	lex_fault(struct diags *, enum diag_level, const char *file, const struct lex_token *, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));

#endif
