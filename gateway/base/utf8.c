/* Strict UTF-8 (RFC 3629): reading, writing, checking and cleaning. */
#include "base/utf8.h"

/* One row per lead byte class; the bounds of the second byte keep overlong forms and surrogates out. */
static const struct utf8_lead {
	uint8_t	first, last;		/* lead bytes of this row */
	uint8_t	more;			/* bytes that follow */
	uint8_t	second_min, second_max;
	uint8_t	mask;			/* payload bits of the lead byte */
} leads[] = {
	{ 0x00, 0x7F, 0, 0x00, 0x00, 0x7F },
	{ 0xC2, 0xDF, 1, 0x80, 0xBF, 0x1F },
	{ 0xE0, 0xE0, 2, 0xA0, 0xBF, 0x0F },
	{ 0xE1, 0xEC, 2, 0x80, 0xBF, 0x0F },
	{ 0xED, 0xED, 2, 0x80, 0x9F, 0x0F },
	{ 0xEE, 0xEF, 2, 0x80, 0xBF, 0x0F },
	{ 0xF0, 0xF0, 3, 0x90, 0xBF, 0x07 },
	{ 0xF1, 0xF3, 3, 0x80, 0xBF, 0x07 },
	{ 0xF4, 0xF4, 3, 0x80, 0x8F, 0x07 },
};

static const struct utf8_lead *
lead_of(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

bool
utf8_next(const char **p, const char *end, uint32_t *cp)
{
	const struct utf8_lead *lead = lead_of((uint8_t)**p);
	const char *s = (*p)++;
	uint32_t value;

	*cp = UTF8_REPLACEMENT;
	if (lead == NULL || end - *p < lead->more)
		return false;
	value = (uint8_t)*s & lead->mask;
	for (size_t i = 1; i <= lead->more; i++) {
		uint8_t byte = (uint8_t)s[i];

		if (byte < (i == 1 ? lead->second_min : 0x80) || byte > (i == 1 ? lead->second_max : 0xBF))
			return false;
		value = value << 6 | (byte & 0x3F);
	}
	*cp = value;
	*p = s + 1 + lead->more;
	return true;
}

size_t
utf8_put(char out[4], uint32_t cp)
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = UTF8_REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

bool
utf8_valid(const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	uint32_t cp;

	while (p < end)
		if (!utf8_next(&p, end, &cp))
			return false;
	return true;
}

int
utf8_clean(struct buf *out, const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	char bytes[4];
	uint32_t cp;

	while (p < end && !out->failed) {
		(void)utf8_next(&p, end, &cp);
		if (cp != 0)
			(void)buf_add(out, bytes, utf8_put(bytes, cp));
	}
	return out->failed ? -1 : 0;
}
