/* A byte queue with a ceiling, and the escaping of text for the ledger and the socket. */
#include "emulator/emulator.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void
bytes_init(struct bytes *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
bytes_release(struct bytes *b)
{
	free(b->p);
	bytes_init(b, b->max);
}

int
bytes_add(struct bytes *b, const void *p, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	char *grown;

	if (n > b->max || b->len > b->max - n)
		return -1;
	while (cap < b->len + n + 1)
		cap *= 2;
	if (cap > b->cap) {
		grown = realloc(b->p, cap);
		if (grown == NULL)
			return -1;
		b->p = grown;
		b->cap = cap;
	}
	if (n > 0)
		memcpy(b->p + b->len, p, n);
	b->len += n;
	b->p[b->len] = '\0';
	return 0;
}

int
bytes_addf(struct bytes *b, const char *fmt, ...)
{
	char small[512], *big = NULL;
	va_list ap, again;
	int n, rv = -1;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n >= 0 && (size_t)n < sizeof(small))
		rv = bytes_add(b, small, (size_t)n);
	else if (n >= 0 && vasprintf(&big, fmt, again) >= 0)
		rv = bytes_add(b, big, (size_t)n);
	va_end(again);
	va_end(ap);
	free(big);
	return rv;
}

void
bytes_drop(struct bytes *b, size_t n)
{
	if (n >= b->len) {
		b->len = 0;
		if (b->p != NULL)
			b->p[0] = '\0';
		return;
	}
	memmove(b->p, b->p + n, b->len - n + 1);
	b->len -= n;
}

const char *
bytes_str(const struct bytes *b)
{
	return b->p != NULL ? b->p : "";
}

int
bytes_add_escaped(struct bytes *b, const char *text, size_t len)
{
	int rv = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n')
			rv |= bytes_add(b, "\\n", 2);
		else if (c == '\t')
			rv |= bytes_add(b, "\\t", 2);
		else if (c == '\\')
			rv |= bytes_add(b, "\\\\", 2);
		else if (c < ' ' || c == 0x7F)
			rv |= bytes_addf(b, "\\x%02x", c);
		else
			rv |= bytes_add(b, &text[i], 1);
	}
	return rv == 0 ? 0 : -1;
}

static size_t
unescape_one(const char *in, char *out)
{
	uint8_t octet;

	if (in[1] == 'n' || in[1] == 't' || in[1] == '\\') {
		*out = in[1] == 'n' ? '\n' : in[1] == 't' ? '\t' : '\\';
		return 2;
	}
	if (in[1] == 'x' && strnlen(in + 2, 2) == 2 && pdu_hex_decode(in + 2, 2, &octet, 1) == 1 && octet != 0) {
		*out = (char)octet;
		return 4;
	}
	*out = in[0];
	return 1;
}

size_t
bytes_unescape(char *text)
{
	size_t n = 0;

	for (const char *in = text; *in != '\0'; n++) {
		if (*in == '\\')
			in += unescape_one(in, &text[n]);
		else
			text[n] = *in++;
	}
	text[n] = '\0';
	return n;
}
