/* Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef TOCSIN_UTF8_H
#define TOCSIN_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define UTF8_REPLACEMENT	0xFFFD

/*
 * Reads one code point at *p and moves *p behind it; needs *p < end. An invalid
 * byte yields UTF8_REPLACEMENT, moves *p by one and returns false.
 */
bool	utf8_next(const char **p, const char *end, uint32_t *cp);
/* Writes 1-4 bytes, returns how many. A surrogate or a value above U+10FFFF becomes U+FFFD. */
size_t	utf8_put(char out[4], uint32_t cp);
bool	utf8_valid(const char *, size_t);
/* Appends the text with every invalid byte replaced by U+FFFD and NUL dropped. 0 or -1 (ceiling). */
int	utf8_clean(struct buf *out, const char *, size_t);

#endif
