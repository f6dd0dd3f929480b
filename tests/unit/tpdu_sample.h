/* Random messages that fit one SMS, for those who compare what decoders make of them. */
#ifndef TOCSIN_TPDU_SAMPLE_H
#define TOCSIN_TPDU_SAMPLE_H

#include <string.h>

#include "base/clock.h"
#include "base/gsm7.h"
#include "base/utf8.h"
#include "emulator/pdu.h"
#include "unit/test.h"

struct tpdu_sample {
	struct pdu_deliver deliver;
	char	 sender[64];
	char	 text[1024];
	uint8_t	 data[PDU_DATA_MAX];
	struct pdu pdu;
};

static inline void
sample_append(char *out, size_t *len, uint32_t cp)
{
	*len += utf8_put(out + *len, cp);
	out[*len] = '\0';
}

/* Any character of the default alphabet or its extension: what a random septet, or an escaped one, means. */
static inline uint32_t
sample_gsm7_char(void)
{
	static const char extension[] = "\f^{}\\[~]|€";
	const char *p, *end;
	struct buf out;
	uint32_t cp = 0;
	uint8_t septet = (uint8_t)test_below(128);

	buf_init(&out, 8);
	if (test_below(8) == 0) {
		p = extension;
		end = extension + strlen(extension);
		for (uint32_t skip = test_below(10) + 1; skip > 0; skip--)
			utf8_next(&p, end, &cp);
	} else {
		gsm7_decode(&septet, 1, 0, 0, &out);
		p = buf_str(&out);
		utf8_next(&p, p + out.len, &cp);
	}
	buf_release(&out);
	return cp;
}

/* Any code point but NUL and the surrogates; half of them of scripts people write. */
static inline uint32_t
sample_ucs2_char(void)
{
	static const uint32_t starts[] = { 0x20, 0xC0, 0x400, 0x620, 0x900, 0x2D30, 0x7C0, 0x1F600, 0x4E00, 0xFFF0, 0x10FFF0 };
	uint32_t cp;

	if (test_below(2) == 0)
		return starts[test_below(sizeof(starts) / sizeof(starts[0]))] + test_below(16);
	do
		cp = 1 + test_below(0x10FFFF);
	while (cp >= 0xD800 && cp < 0xE000);
	return cp;
}

/* Text of at most so many units; escapes and surrogate pairs take two. */
static inline void
sample_text(struct tpdu_sample *s, enum pdu_alphabet alphabet, int units)
{
	size_t len = 0;

	s->text[0] = '\0';
	for (int left = (int)test_below((uint32_t)units + 1); left > 0; ) {
		size_t before = len;

		sample_append(s->text, &len, alphabet == PDU_GSM7 ? sample_gsm7_char() : sample_ucs2_char());
		left -= pdu_units(alphabet, s->text + before, len - before);
		if (left < 0) {
			len = before;
			s->text[len] = '\0';
		}
	}
	s->deliver.text = s->text;
	s->deliver.text_len = len;
}

static inline void
sample_sender(struct tpdu_sample *s)
{
	static const char digit[] = "0123456789*#abc";
	size_t len = 0, n;
	int septets = (int)test_below(11) + 1;

	s->deliver.alnum = test_below(4) == 0;
	s->sender[0] = '\0';
	if (s->deliver.alnum) {
		while (septets > 0) {
			uint32_t cp = sample_gsm7_char();
			char one[4];
			int more = gsm7_septets(one, utf8_put(one, cp));

			if (more > septets)
				break;
			sample_append(s->sender, &len, cp);
			septets -= more;
		}
	}
	if (len == 0) {
		s->deliver.alnum = false;
		if (test_below(2) == 0)
			sample_append(s->sender, &len, '+');
		n = test_below(21);
		for (size_t i = 0; i < n; i++)
			sample_append(s->sender, &len, (uint8_t)digit[test_below(test_below(4) == 0 ? 15 : 10)]);
	}
	s->deliver.sender = s->sender;
}

static inline void
sample_concat(struct pdu_concat *c)
{
	memset(c, 0, sizeof(*c));
	if (test_below(2) == 0)
		return;
	c->wide = test_below(2) == 0;
	c->ref = (uint16_t)test_below(c->wide ? 65536 : 256);
	c->total = (uint8_t)(test_below(255) + 1);
	c->seq = (uint8_t)(test_below(c->total) + 1);
}

/* One more message that fits an SMS; its strings live in *s. */
static inline void
tpdu_sample(struct tpdu_sample *s)
{
	static const int units[] = { 160, 140, 70 };
	struct pdu_deliver *d = &s->deliver;
	size_t header;

	memset(s, 0, sizeof(*s));
	d->smsc = test_below(2) == 0 ? NULL : "+22370009900";
	d->more = test_below(2) == 0;
	d->message_class = (int)test_below(5) - 1;
	d->alphabet = (enum pdu_alphabet)test_below(3);
	sample_sender(s);
	sample_concat(&d->concat);
	header = d->concat.total == 0 ? 0 : d->concat.wide ? 7 : 6;
	/* Any second of 1990 to 2089, as the two digits of the year say. */
	d->when = (clock_days(1990, 1, 3) + test_below((uint32_t)(clock_days(2089, 12, 29) - clock_days(1990, 1, 3)))) * 86400 +
	    test_below(86400);
	d->zone = (int)test_below(159) - 79;
	if (d->alphabet == PDU_8BIT) {
		d->data_len = test_below((uint32_t)(PDU_DATA_MAX - header + 1));
		for (size_t i = 0; i < d->data_len; i++)
			s->data[i] = (uint8_t)test_random();
		d->data = s->data;
	} else {
		sample_text(s, d->alphabet, units[d->alphabet] - (int)(d->alphabet == PDU_GSM7 ? (header * 8 + 6) / 7 :
		    (header + 1) / 2));
	}
}

#endif
