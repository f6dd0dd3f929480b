/* One message is one SEQPACKET datagram: type (u16), then its fields. */
#ifndef TOCSIN_FRAME_H
#define TOCSIN_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "wire/field.h"

#define FRAME_MAX	65536		/* bytes of one datagram, type included */

/* Starts a frame in the caller's memory: the type is put, fields follow. */
void	frame_begin(struct field_out *, void *mem, size_t cap, uint16_t type);
/* Reads the type and leaves "in" at the first field. 0, or -1: shorter than a type. */
int	frame_open(struct field_in *, const void *, size_t, uint16_t *type);

#endif
