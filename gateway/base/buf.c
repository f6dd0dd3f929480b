/* A byte buffer that grows up to a ceiling and remembers that it hit it. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define BUF_FIRST	64	/* bytes of the first allocation */

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

/* Makes room for n more bytes and the NUL. */
static int
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap;
	char *p;

	if (b->failed)
		return -1;
	if (n > b->max - b->len)
		goto fail;
	if (b->p != NULL && n <= b->cap - b->len)
		return 0;
	if (cap < BUF_FIRST)
		cap = BUF_FIRST;
	while (cap - b->len < n && cap <= SIZE_MAX / 2)
		cap *= 2;
	if (cap > b->max || cap < b->len + n)
		cap = b->max;
	if (cap == SIZE_MAX || (p = realloc(b->p, cap + 1)) == NULL)
		goto fail;
	b->p = p;
	b->cap = cap;
	b->p[b->len] = '\0';
	return 0;
fail:
	b->failed = true;
	return -1;
}

int
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (buf_reserve(b, n) == -1)
		return -1;
	if (n > 0)
		memcpy(b->p + b->len, bytes, n);
	b->len += n;
	b->p[b->len] = '\0';
	return 0;
}

int
buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return -1;
	}
	if (buf_reserve(b, (size_t)n) == -1)
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

const char *
buf_str(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

static bool
json_needs_escape(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == '<' || cp == '>' || cp == '&' || cp == 0x2028 ||
	    cp == 0x2029;
}

static int
json_add_cp(struct buf *b, uint32_t cp)
{
	char bytes[4];

	switch (cp) {
	case '"':
		return buf_adds(b, "\\\"");
	case '\\':
		return buf_adds(b, "\\\\");
	case '\n':
		return buf_adds(b, "\\n");
	case '\r':
		return buf_adds(b, "\\r");
	case '\t':
		return buf_adds(b, "\\t");
	default:
		break;
	}
	if (json_needs_escape(cp))
		return buf_addf(b, "\\u%04x", (unsigned)cp);
	return buf_add(b, bytes, utf8_put(bytes, cp));
}

int
buf_add_json(struct buf *b, const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	uint32_t cp;

	(void)buf_addc(b, '"');
	while (p < end && !b->failed) {
		(void)utf8_next(&p, end, &cp);
		(void)json_add_cp(b, cp);
	}
	return buf_addc(b, '"');
}
