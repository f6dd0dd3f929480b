/* One message is one SEQPACKET datagram: type, then its fields. */
#include "wire/frame.h"

void
frame_begin(struct field_out *out, void *mem, size_t cap, uint16_t type)
{
	*out = (struct field_out){ .p = mem, .cap = cap < FRAME_MAX ? cap : FRAME_MAX };
	field_put_u16(out, type);
}

int
frame_open(struct field_in *in, const void *bytes, size_t n, uint16_t *type)
{
	const uint8_t *p = bytes;

	*in = (struct field_in){ .p = p, .end = p + n, .bad = n > FRAME_MAX };
	*type = field_get_u16(in);
	return in->bad ? -1 : 0;
}
