/* A byte buffer that grows up to a ceiling and remembers that it hit it. */
#ifndef TOCSIN_BUF_H
#define TOCSIN_BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Invariants: len <= cap <= max; p[len] is NUL whenever p is not NULL.
 * Once an addition failed (ceiling or memory) "failed" stays set and further
 * additions change nothing, so a caller may check once at the end.
 */
struct buf {
	char	*p;		/* owned; NULL until something was added */
	size_t	 len, cap, max;
	bool	 failed;
};

void	buf_init(struct buf *, size_t max);	/* max: bytes, without the NUL */
void	buf_release(struct buf *);
void	buf_clear(struct buf *);		/* reusable; keeps the memory, resets "failed" */
int	buf_add(struct buf *, const void *, size_t);
int	buf_addc(struct buf *, char);
int	buf_adds(struct buf *, const char *);
int	buf_addf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *buf_str(const struct buf *);	/* never NULL: "" when empty; borrows */

/*
 * Appends a UTF-8 string as a quoted JSON string; invalid bytes become U+FFFD,
 * control characters and < > & U+2028 U+2029 are escaped (RFC 8259, and safe in HTML).
 */
int	buf_add_json(struct buf *, const char *, size_t);

#endif
