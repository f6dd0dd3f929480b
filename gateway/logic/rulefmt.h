/* One way to lay out rule files, so that a difference between two versions is a difference in what they say. */
#ifndef TOCSIN_RULEFMT_H
#define TOCSIN_RULEFMT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Appends the bytes laid out: single spaces, two behind the head of a rule and before its marks and comments, a comma and a
 * space between words, one tab before continued lines, names of neighbouring lists, families and categories in
 * columns, at most one empty line in a row, no blanks at line ends. Lines are neither joined nor broken, comments stay. Lines that
 * cannot be read (an open quote, no UTF-8) stay byte for byte. Laying out twice changes nothing. 0, or -1: out is full.
 */
int	rulefmt(const char *bytes, size_t len, struct buf *out);

/* Do two files say the same to whoever reads the rules: the same statements of the same tokens, sound or faulty? */
bool	rulefmt_same(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
