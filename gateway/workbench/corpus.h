/* Messages to try rules on: a file of texts, or a backup of the store. */
#ifndef TOCSIN_CORPUS_H
#define TOCSIN_CORPUS_H

#include <stddef.h>
#include <stdint.h>

struct corpus;

/* Strings live until the next corpus_next(). */
struct corpus_text {
	const char *id;		/* of its row, or the number of its line */
	const char *text;
	size_t	 len;
	const char *label;	/* what it should be: "ATK", "ATK+WND", "NUL"; empty: not said */
};

/*
 * A file made by "tocsinctl backup" (its texts are sealed: key is the daemon's key file), else a text file: tab-separated
 * with a header line that names a column "text" (and "id", "label"), or one text a line. "#" begins a comment line.
 * NULL with a sentence in why[size].
 */
struct corpus	*corpus_open(const char *path, const char *key, char *why, size_t size);
void		 corpus_close(struct corpus *);

/* 1: filled; 0: the end; -1: the store does not answer. A backup's messages come newest first, a long one once, put together. */
int		 corpus_next(struct corpus *, struct corpus_text *);
/* How far it is, for a bar: bytes of a file, or messages of a store. */
void		 corpus_position(const struct corpus *, size_t *done, size_t *total);

#endif
