/* Typed fields, big-endian, put and got one by one. */
#include "wire/field.h"

#include <string.h>

/* Room for n bytes at the end, or NULL. */
static uint8_t *
take(struct field_out *out, size_t n)
{
	uint8_t *p;

	if (out->overflow || n > out->cap - out->len) {
		out->overflow = true;
		return NULL;
	}
	p = out->p + out->len;
	out->len += n;
	return p;
}

static void
put_be(struct field_out *out, uint64_t v, size_t n)
{
	uint8_t *p = take(out, n);

	for (size_t i = 0; p != NULL && i < n; i++)
		p[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
}

void
field_put_u8(struct field_out *out, uint8_t v)
{
	put_be(out, v, 1);
}

void
field_put_u16(struct field_out *out, uint16_t v)
{
	put_be(out, v, 2);
}

void
field_put_u32(struct field_out *out, uint32_t v)
{
	put_be(out, v, 4);
}

void
field_put_i64(struct field_out *out, int64_t v)
{
	put_be(out, (uint64_t)v, 8);
}

void
field_put_bytes(struct field_out *out, const void *bytes, size_t n)
{
	uint8_t *p;

	if (n > UINT16_MAX || (p = take(out, 2 + n)) == NULL) {
		out->overflow = true;
		return;
	}
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
	if (n > 0)
		memcpy(p + 2, bytes, n);
}

void
field_put_str(struct field_out *out, const char *s)
{
	field_put_bytes(out, s, strlen(s));
}

static const uint8_t *
give(struct field_in *in, size_t n)
{
	const uint8_t *p = in->p;

	if (in->bad || n > (size_t)(in->end - in->p)) {
		in->bad = true;
		return NULL;
	}
	in->p += n;
	return p;
}

static uint64_t
get_be(struct field_in *in, size_t n)
{
	const uint8_t *p = give(in, n);
	uint64_t v = 0;

	for (size_t i = 0; p != NULL && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t
field_get_u8(struct field_in *in)
{
	return (uint8_t)get_be(in, 1);
}

uint16_t
field_get_u16(struct field_in *in)
{
	return (uint16_t)get_be(in, 2);
}

uint32_t
field_get_u32(struct field_in *in)
{
	return (uint32_t)get_be(in, 4);
}

int64_t
field_get_i64(struct field_in *in)
{
	return (int64_t)get_be(in, 8);
}

const char *
field_get_view(struct field_in *in, size_t *len)
{
	size_t n = field_get_u16(in);
	const uint8_t *p = give(in, n);

	*len = p != NULL ? n : 0;
	return p != NULL ? (const char *)p : "";
}

size_t
field_get_bytes(struct field_in *in, void *out, size_t max)
{
	size_t n;
	const char *p = field_get_view(in, &n);

	if (n > max) {
		in->bad = true;
		return 0;
	}
	if (n > 0)
		memcpy(out, p, n);
	return n;
}

void
field_get_str(struct field_in *in, char *out, size_t size)
{
	size_t n = field_get_bytes(in, out, size - 1);

	if (memchr(out, '\0', n) != NULL) {
		in->bad = true;
		n = 0;
	}
	out[n] = '\0';
}

bool
field_end(const struct field_in *in)
{
	return !in->bad && in->p == in->end;
}
