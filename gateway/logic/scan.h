/* Small steps through the bytes of a text, for those who read coordinates out of it. */
#ifndef TOCSIN_SCAN_H
#define TOCSIN_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* A text that is looked at from any offset; offsets at or behind its end are fine everywhere. */
struct scan {
	const char *s;		/* UTF-8 or any bytes, not NUL-terminated */
	size_t	 len;
};

bool	scan_digit(const struct scan *, size_t at);
bool	scan_letter(const struct scan *, size_t at);	/* A-Z a-z */
/* Letters, digits, and any byte of a longer UTF-8 sequence: accented letters are part of a word too. */
bool	scan_word(const struct scan *, size_t at);
/* Whether one of these ASCII characters stands there. */
bool	scan_one_of(const struct scan *, size_t at, const char *characters);
/* The offset behind at most so many blanks, or behind at most so many of these characters. */
size_t	scan_blanks(const struct scan *, size_t at, size_t most);
size_t	scan_over(const struct scan *, size_t at, const char *characters, size_t most);
/* How many digits stand there, counted up to a bound. */
size_t	scan_digits(const struct scan *, size_t at, size_t most);
/* The length of the longest of these strings (the last is NULL) that stands there in either case, or 0. */
size_t	scan_any(const struct scan *, size_t at, const char *const *set);
/* The same; and no letter follows it. */
size_t	scan_any_word(const struct scan *, size_t at, const char *const *set);

struct scan_number {
	double	 value;
	size_t	 whole;		/* digits before the point */
	int	 decimals;	/* behind it, at most eight */
	bool	 comma;		/* that is how the point was written */
};

/* Digits, perhaps with a point or comma and decimals (those beyond the eighth are read over). Moves *at; 0 or -1. */
int	scan_number(const struct scan *, size_t *at, size_t whole_max, struct scan_number *);

#endif
