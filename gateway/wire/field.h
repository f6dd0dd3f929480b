/* Typed fields, big-endian, put and got one by one; the reader must end exactly at the end. */
#ifndef TOCSIN_FIELD_H
#define TOCSIN_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writing past cap sets "overflow" and writes nothing more: check once, at the end. */
struct field_out {
	uint8_t	*p;		/* borrows the caller's memory */
	size_t	 len, cap;
	bool	 overflow;
};

void	field_put_u8(struct field_out *, uint8_t);
void	field_put_u16(struct field_out *, uint16_t);
void	field_put_u32(struct field_out *, uint32_t);
void	field_put_i64(struct field_out *, int64_t);
void	field_put_bytes(struct field_out *, const void *, size_t);	/* u16 length, then the bytes */
void	field_put_str(struct field_out *, const char *);		/* as bytes, without the NUL */

/* Reading past the end, or a string that does not fit or holds a NUL, sets "bad"; later reads give zeros. */
struct field_in {
	const uint8_t *p, *end;
	bool	 bad;
};

uint8_t	field_get_u8(struct field_in *);
uint16_t field_get_u16(struct field_in *);
uint32_t field_get_u32(struct field_in *);
int64_t	field_get_i64(struct field_in *);
size_t	field_get_bytes(struct field_in *, void *out, size_t max);	/* returns the length */
void	field_get_str(struct field_in *, char *out, size_t size);	/* NUL-terminated, UTF-8 not checked */
const char *field_get_view(struct field_in *, size_t *len);		/* borrows: points into the input */
bool	field_end(const struct field_in *);				/* all well, and nothing left over */

#endif
