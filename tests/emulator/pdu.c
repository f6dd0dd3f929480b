/* Encodes DELIVER and STATUS-REPORT, decodes SUBMIT, straight from TS 23.040 and 23.038. */
#include "emulator/pdu.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ESCAPE		0x1B
#define UNKNOWN		0xFFFD

/* TS 23.038 6.2.1, row by row as printed in the standard. */
static const uint16_t alphabet[128] = {
	'@', 0xA3, '$', 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, '\n', 0xD8, 0xF8, '\r', 0xC5, 0xE5,
	0x394, '_', 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0, 0xC6, 0xE6, 0xDF, 0xC9,
	' ', '!', '"', '#', 0xA4, '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
	'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
	0xA1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
	'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
	0xBF, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
};

static const struct {
	uint8_t	 septet;
	uint16_t code;
} extension[] = {
	{ 0x0A, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2F, '\\' },
	{ 0x3C, '[' }, { 0x3D, '~' }, { 0x3E, ']' }, { 0x40, '|' }, { 0x65, 0x20AC },
};

#define N_EXTENSION	(sizeof(extension) / sizeof(extension[0]))

/* ---- characters ---------------------------------------------------------- */

/* Bytes of the next character, 1 for an invalid one, whose code is then U+FFFD. */
static size_t
utf8_next(const char *s, size_t len, uint32_t *code)
{
	const uint8_t *p = (const uint8_t *)s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n;
	uint32_t c;

	*code = UNKNOWN;
	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	n = p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
	if (n == 0 || n > len || p[0] >= 0xF5)
		return 1;
	c = p[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3F);
	}
	if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 1;
	*code = c;
	return n;
}

/* Bytes written (1-4), or 0 when they and a NUL do not fit. */
static size_t
utf8_put(uint32_t c, char *out, size_t cap)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0x00, 0xC0, 0xE0, 0xF0 };

	if (cap < n + 1)
		return 0;
	for (size_t i = n; i > 1; i--) {
		out[i - 1] = (char)(0x80 | (c & 0x3F));
		c >>= 6;
	}
	out[0] = (char)(lead[n] | c);
	return n;
}

/* The septets of a character: 1, or 2 with the escape; 0: not in the alphabet. */
static int
septets_of(uint32_t c, uint8_t out[2])
{
	for (uint8_t i = 0; i < 128; i++) {
		if (i != ESCAPE && alphabet[i] == c) {
			out[0] = i;
			return 1;
		}
	}
	for (size_t i = 0; i < N_EXTENSION; i++) {
		if (extension[i].code == c) {
			out[0] = ESCAPE;
			out[1] = extension[i].septet;
			return 2;
		}
	}
	return 0;
}

int
pdu_gsm7_encode(const char *utf8, size_t len, uint8_t *septets, size_t max)
{
	size_t i = 0, n = 0;

	while (i < len) {
		uint32_t c;
		uint8_t s[2] = { 0, 0 };
		int k;

		i += utf8_next(utf8 + i, len - i, &c);
		k = septets_of(c, s);
		if (k == 0 || n + (size_t)k > max)
			return -1;
		memcpy(septets + n, s, (size_t)k);
		n += (size_t)k;
	}
	return (int)n;
}

static uint32_t
extension_code(uint8_t septet)
{
	for (size_t i = 0; i < N_EXTENSION; i++)
		if (extension[i].septet == septet)
			return extension[i].code;
	return alphabet[septet & 0x7F];
}

int
pdu_gsm7_decode(const uint8_t *septets, size_t n, char *out, size_t cap)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t s = septets[i] & 0x7F;
		uint32_t c = alphabet[s];
		size_t k;

		if (s == ESCAPE)
			c = i + 1 < n ? extension_code(septets[++i] & 0x7F) : ' ';
		if (c == 0)
			c = ' ';
		k = utf8_put(c, out + at, cap - at);
		if (k == 0)
			return -1;
		at += k;
	}
	out[at] = '\0';
	return (int)at;
}

size_t
pdu_gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets, size_t max)
{
	size_t bytes = (n * 7 + fill + 7) / 8;

	if (bytes > max)
		return 0;
	memset(octets, 0, bytes);
	for (size_t i = 0; i < n; i++) {
		size_t bit = fill + i * 7;
		unsigned v = (septets[i] & 0x7Fu) << (bit % 8);

		octets[bit / 8] = (uint8_t)(octets[bit / 8] | (v & 0xFF));
		if (v > 0xFF)
			octets[bit / 8 + 1] = (uint8_t)(octets[bit / 8 + 1] | v >> 8);
	}
	return bytes;
}

size_t
pdu_gsm7_unpack(const uint8_t *octets, size_t n, unsigned fill, uint8_t *septets, size_t max)
{
	size_t i;

	for (i = 0; i < max; i++) {
		size_t bit = fill + i * 7, byte = bit / 8;
		unsigned v;

		if (bit + 7 > n * 8)
			break;
		v = octets[byte];
		if (bit % 8 > 1)
			v |= (unsigned)octets[byte + 1] << 8;
		septets[i] = (uint8_t)(v >> (bit % 8) & 0x7F);
	}
	return i;
}

int
pdu_ucs2_encode(const char *utf8, size_t len, uint8_t *out, size_t max_units)
{
	size_t i = 0, n = 0;

	while (i < len) {
		uint32_t c;
		uint16_t u[2];
		size_t k = 1;

		i += utf8_next(utf8 + i, len - i, &c);
		u[0] = (uint16_t)c;
		if (c >= 0x10000) {
			u[0] = (uint16_t)(0xD800 | (c - 0x10000) >> 10);
			u[1] = (uint16_t)(0xDC00 | ((c - 0x10000) & 0x3FF));
			k = 2;
		}
		if (n + k > max_units)
			return -1;
		for (size_t j = 0; j < k; j++, n++) {
			out[2 * n] = (uint8_t)(u[j] >> 8);
			out[2 * n + 1] = (uint8_t)(u[j] & 0xFF);
		}
	}
	return (int)n;
}

int
pdu_ucs2_decode(const uint8_t *in, size_t n_units, char *out, size_t cap)
{
	size_t at = 0;

	for (size_t i = 0; i < n_units; i++) {
		uint32_t c = (uint32_t)in[2 * i] << 8 | in[2 * i + 1];
		size_t k;

		if (c >= 0xD800 && c < 0xDC00 && i + 1 < n_units && (in[2 * i + 2] & 0xFC) == 0xDC) {
			c = 0x10000 + ((c & 0x3FF) << 10 | ((in[2 * i + 2] & 3u) << 8 | in[2 * i + 3]));
			i++;
		} else if (c >= 0xD800 && c < 0xE000) {
			c = UNKNOWN;
		}
		k = utf8_put(c, out + at, cap - at);
		if (k == 0)
			return -1;
		at += k;
	}
	out[at] = '\0';
	return (int)at;
}

/* Units one character takes; 0: not in the alphabet. */
static int
units_of(enum pdu_alphabet a, uint32_t c)
{
	uint8_t s[2];

	if (a == PDU_GSM7)
		return septets_of(c, s);
	return c >= 0x10000 ? 2 : 1;
}

int
pdu_units(enum pdu_alphabet a, const char *utf8, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; ) {
		uint32_t c;
		int k;

		i += utf8_next(utf8 + i, len - i, &c);
		k = units_of(a, c);
		if (k == 0)
			return -1;
		n += k;
	}
	return n;
}

enum pdu_alphabet
pdu_alphabet_for(const char *utf8, size_t len)
{
	return pdu_units(PDU_GSM7, utf8, len) < 0 ? PDU_UCS2 : PDU_GSM7;
}

size_t
pdu_cut(enum pdu_alphabet a, const char *utf8, size_t len, int units)
{
	size_t i = 0;

	while (i < len) {
		uint32_t c;
		size_t n = utf8_next(utf8 + i, len - i, &c);

		units -= units_of(a, c);
		if (units < 0)
			break;
		i += n;
	}
	return i;
}

/* ---- hexadecimal --------------------------------------------------------- */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
pdu_hex_decode(const char *hex, size_t len, uint8_t *out, size_t max)
{
	if (len % 2 != 0 || len / 2 > max)
		return -1;
	for (size_t i = 0; i < len / 2; i++) {
		int hi = hex_value(hex[2 * i]), lo = hex_value(hex[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -1;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return (int)(len / 2);
}

void
pdu_hex_encode(const uint8_t *in, size_t n, char *out)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[in[i] >> 4];
		out[2 * i + 1] = digit[in[i] & 15];
	}
	out[2 * n] = '\0';
}

/* ---- writing ------------------------------------------------------------- */

/* Octets are put one after the other; a PDU that grew too long is refused at the end. */
struct writer {
	struct pdu *pdu;
	bool	 full;
};

static struct writer
start_writing(struct pdu *pdu)
{
	struct writer w;

	pdu->length = 0;
	w.pdu = pdu;
	w.full = false;
	return w;
}

static void
put(struct writer *w, unsigned octet)
{
	if (w->pdu->length < PDU_MAX)
		w->pdu->octets[w->pdu->length++] = (uint8_t)octet;
	else
		w->full = true;
}

static void
put_bytes(struct writer *w, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(w, p[i]);
}

static const char semi_octets[] = "0123456789*#abc";

/* Semi-octets, low nibble first, filled up with F. -1: not a digit of TS 23.040 9.1.2.3. */
static int
put_digits(struct writer *w, const char *digits)
{
	size_t n = strlen(digits);

	for (size_t i = 0; i < n; i += 2) {
		const char *lo = strchr(semi_octets, digits[i]);
		const char *hi = i + 1 < n ? strchr(semi_octets, digits[i + 1]) : NULL;

		if (lo == NULL || (i + 1 < n && hi == NULL))
			return -1;
		put(w, (unsigned)(lo - semi_octets) | (hi != NULL ? (unsigned)(hi - semi_octets) : 15u) << 4);
	}
	return 0;
}

/* The SMSC address counts octets, all others count digits (TS 24.011 8.2.5.2, TS 23.040 9.1.2.5). */
static int
put_smsc(struct writer *w, const char *number)
{
	bool plus;

	if (number == NULL || *number == '\0') {
		put(w, 0);
		return 0;
	}
	plus = *number == '+';
	number += plus;
	if (strlen(number) > 20)
		return -1;
	put(w, (unsigned)(1 + (strlen(number) + 1) / 2));
	put(w, plus ? 0x91 : 0x81);
	return put_digits(w, number);
}

static int
put_name(struct writer *w, const char *name)
{
	uint8_t septets[11], octets[10];
	int n = pdu_gsm7_encode(name, strlen(name), septets, sizeof(septets));
	size_t bytes;

	if (n <= 0)
		return -1;
	bytes = pdu_gsm7_pack(septets, (size_t)n, 0, octets, sizeof(octets));
	put(w, (unsigned)((n * 7 + 3) / 4));
	put(w, 0xD0);
	put_bytes(w, octets, bytes);
	return 0;
}

static int
put_address(struct writer *w, const char *number, bool alnum)
{
	bool plus = *number == '+';

	if (alnum)
		return put_name(w, number);
	number += plus;
	if (strlen(number) > 20)
		return -1;
	put(w, (unsigned)strlen(number));
	put(w, plus ? 0x91 : 0x81);
	return put_digits(w, number);
}

static void
put_swapped(struct writer *w, int two_digits)
{
	put(w, (unsigned)((two_digits % 10) << 4 | two_digits / 10 % 10));
}

/* TS 23.040 9.2.3.11: local time, and the zone in quarters of an hour with the sign in bit 3. */
static void
put_time(struct writer *w, int64_t when, int zone)
{
	time_t local = (time_t)(when + zone * 900);
	struct tm t;
	int quarters = zone < 0 ? -zone : zone;

	if (local < 0 || gmtime_r(&local, &t) == NULL)
		memset(&t, 0, sizeof(t));
	put_swapped(w, t.tm_year % 100);
	put_swapped(w, t.tm_mon + 1);
	put_swapped(w, t.tm_mday);
	put_swapped(w, t.tm_hour);
	put_swapped(w, t.tm_min);
	put_swapped(w, t.tm_sec);
	put(w, (unsigned)((quarters % 10) << 4 | quarters / 10 % 8 | (zone < 0 ? 8 : 0)));
}

static size_t
make_header(const struct pdu_concat *c, uint8_t out[7])
{
	const uint8_t narrow[] = { 5, 0, 3, (uint8_t)(c->ref & 0xFF), c->total, c->seq };
	const uint8_t wide[] = { 6, 8, 4, (uint8_t)(c->ref >> 8), (uint8_t)(c->ref & 0xFF), c->total, c->seq };

	if (c->total == 0)
		return 0;
	if (c->wide)
		memcpy(out, wide, sizeof(wide));
	else
		memcpy(out, narrow, sizeof(narrow));
	return c->wide ? sizeof(wide) : sizeof(narrow);
}

static int
put_text7(struct writer *w, const struct pdu_deliver *d, const uint8_t *header, size_t n_header)
{
	uint8_t septets[160], octets[PDU_DATA_MAX];
	size_t before = (n_header * 8 + 6) / 7, bytes;
	unsigned fill = (unsigned)(before * 7 - n_header * 8);
	int n = pdu_gsm7_encode(d->text, d->text_len, septets, sizeof(septets) - before);

	if (n < 0)
		return -1;
	bytes = pdu_gsm7_pack(septets, (size_t)n, fill, octets, sizeof(octets) - n_header);
	put(w, (unsigned)(before + (size_t)n));
	put_bytes(w, header, n_header);
	put_bytes(w, octets, bytes);
	return 0;
}

static int
put_user_data(struct writer *w, const struct pdu_deliver *d)
{
	uint8_t header[7], units[PDU_DATA_MAX];
	const uint8_t *data = d->data;
	size_t n_header = make_header(&d->concat, header), n = d->data_len;
	int k;

	if (d->alphabet == PDU_GSM7)
		return put_text7(w, d, header, n_header);
	if (d->alphabet == PDU_UCS2) {
		k = pdu_ucs2_encode(d->text, d->text_len, units, (sizeof(units) - n_header) / 2);
		if (k < 0)
			return -1;
		data = units;
		n = (size_t)k * 2;
	}
	if (n + n_header > PDU_DATA_MAX)
		return -1;
	put(w, (unsigned)(n_header + n));
	put_bytes(w, header, n_header);
	put_bytes(w, data, n);
	return 0;
}

static unsigned
coding_octet(enum pdu_alphabet a, int message_class)
{
	static const uint8_t plain[] = { 0x00, 0x04, 0x08 };

	return message_class < 0 ? plain[a] : 0x10u | plain[a] | (unsigned)(message_class & 3);
}

int
pdu_deliver_encode(const struct pdu_deliver *d, struct pdu *pdu)
{
	struct writer w = start_writing(pdu);

	if (put_smsc(&w, d->smsc) == -1)
		return -1;
	put(&w, (d->more ? 0u : 0x04u) | (d->concat.total != 0 ? 0x40u : 0u));
	if (put_address(&w, d->sender, d->alnum) == -1)
		return -1;
	put(&w, 0);
	put(&w, coding_octet(d->alphabet, d->message_class));
	put_time(&w, d->when, d->zone);
	if (put_user_data(&w, d) == -1)
		return -1;
	return w.full ? -1 : 0;
}

int
pdu_report_encode(const struct pdu_report *r, struct pdu *pdu)
{
	struct writer w = start_writing(pdu);

	if (put_smsc(&w, r->smsc) == -1)
		return -1;
	put(&w, 0x06);
	put(&w, r->reference);
	if (put_address(&w, r->dest, false) == -1)
		return -1;
	put_time(&w, r->submitted, r->zone);
	put_time(&w, r->discharged, r->zone);
	put(&w, r->status);
	return w.full ? -1 : 0;
}

/* ---- reading ------------------------------------------------------------- */

/* Octets are taken one after the other; "short" says that there were not enough. */
struct reader {
	const uint8_t *p;
	size_t	 left;
	bool	 ended;
};

static uint8_t
take(struct reader *r)
{
	if (r->left == 0) {
		r->ended = true;
		return 0;
	}
	r->left--;
	return *r->p++;
}

static const uint8_t *
take_bytes(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->left < n) {
		r->ended = true;
		return NULL;
	}
	r->p += n;
	r->left -= n;
	return p;
}

static void
digits_text(const uint8_t *p, size_t digits, char *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < digits && n + 1 < cap; i++) {
		unsigned v = i % 2 == 0 ? p[i / 2] & 15u : p[i / 2] >> 4;

		if (v == 15)
			break;
		out[n++] = semi_octets[v];
	}
	out[n] = '\0';
}

/* digits: as the length octet says; the type of number decides what the octets mean. */
static void
address_text(unsigned type, const uint8_t *p, size_t digits, char out[PDU_ADDRESS_MAX])
{
	uint8_t septets[24];
	size_t n;

	if ((type & 0x70) == 0x50) {
		n = pdu_gsm7_unpack(p, (digits + 1) / 2, 0, septets, digits * 4 / 7 < 24 ? digits * 4 / 7 : 24);
		if (pdu_gsm7_decode(septets, n, out, PDU_ADDRESS_MAX) < 0)
			out[0] = '\0';
		return;
	}
	n = (type & 0x70) == 0x10 && digits > 0;
	if (n)
		out[0] = '+';
	digits_text(p, digits, out + n, PDU_ADDRESS_MAX - n);
}

static void
take_smsc(struct reader *r, char out[PDU_ADDRESS_MAX])
{
	size_t n = take(r);
	unsigned type;
	const uint8_t *p;

	out[0] = '\0';
	if (n < 2)
		return;
	type = take(r);
	p = take_bytes(r, n - 1);
	if (p != NULL && n <= 12)
		address_text(type, p, (n - 1) * 2, out);
}

static void
take_address(struct reader *r, char out[PDU_ADDRESS_MAX])
{
	size_t digits = take(r);
	unsigned type = take(r);
	const uint8_t *p = take_bytes(r, (digits + 1) / 2);

	out[0] = '\0';
	if (p != NULL && digits <= 20)
		address_text(type, p, digits, out);
	else
		r->ended = true;
}

static void
read_element(unsigned id, const uint8_t *p, size_t n, struct pdu_concat *c)
{
	if (id == 0 && n == 3) {
		c->ref = p[0];
		c->total = p[1];
		c->seq = p[2];
	} else if (id == 8 && n == 4) {
		c->ref = (uint16_t)(p[0] << 8 | p[1]);
		c->total = p[2];
		c->seq = p[3];
		c->wide = true;
	}
}

static int
read_header(const uint8_t *p, size_t n, struct pdu_concat *c)
{
	for (size_t i = 0; i < n; ) {
		size_t length;

		if (i + 2 > n || i + 2 + p[i + 1] > n)
			return -1;
		length = p[i + 1];
		read_element(p[i], p + i + 2, length, c);
		i += 2 + length;
	}
	if (c->seq == 0 || c->seq > c->total)
		memset(c, 0, sizeof(*c));
	return 0;
}

/* TS 23.038 clause 4. -1: compressed or reserved. */
static int
read_coding(unsigned dcs, enum pdu_alphabet *a, int *message_class)
{
	*message_class = -1;
	if (dcs >= 0xF0) {
		*a = dcs & 4 ? PDU_8BIT : PDU_GSM7;
		*message_class = (int)(dcs & 3);
		return 0;
	}
	if (dcs >= 0xC0) {
		*a = dcs >= 0xE0 ? PDU_UCS2 : PDU_GSM7;
		return 0;
	}
	if (dcs >= 0x80 || dcs & 0x20 || (dcs >> 2 & 3) == 3)
		return -1;
	*a = (enum pdu_alphabet)(dcs >> 2 & 3);
	if (dcs & 0x10)
		*message_class = (int)(dcs & 3);
	return 0;
}

/* User data of "units" septets or octets, the first n_header octets being the header with its length. */
static int
read_text(struct pdu_submit *s, const uint8_t *p, size_t n, size_t units, size_t n_header)
{
	uint8_t septets[160];
	size_t before = (n_header * 8 + 6) / 7, k;

	if (s->alphabet == PDU_8BIT) {
		pdu_hex_encode(p + n_header, n - n_header, s->text);
		return 0;
	}
	if (s->alphabet == PDU_UCS2)
		return pdu_ucs2_decode(p + n_header, (n - n_header) / 2, s->text, sizeof(s->text)) < 0 ? -1 : 0;
	if (before > units)
		return -1;
	k = pdu_gsm7_unpack(p + n_header, n - n_header, (unsigned)(before * 7 - n_header * 8), septets, units - before);
	return pdu_gsm7_decode(septets, k, s->text, sizeof(s->text)) < 0 ? -1 : 0;
}

static int
read_user_data(struct reader *r, bool has_header, struct pdu_submit *s, const char **why)
{
	size_t units = take(r), n = s->alphabet == PDU_GSM7 ? (units * 7 + 7) / 8 : units, n_header = 0;
	const uint8_t *p = take_bytes(r, n);

	*why = "PDU ends too early";
	if (r->ended && n == 0)
		return -1;
	*why = "user data is longer than the PDU or than 140 octets";
	if (p == NULL || n > PDU_DATA_MAX || units > 160)
		return -1;
	*why = "octets behind the user data";
	if (r->left != 0)
		return -1;
	*why = "bad user data header";
	if (has_header) {
		n_header = n > 0 ? (size_t)p[0] + 1 : 1;
		if (n_header > n || read_header(p + 1, n_header - 1, &s->concat) == -1)
			return -1;
	}
	*why = "text does not fit";
	return read_text(s, p, n, units, n_header);
}

int
pdu_submit_decode(const struct pdu *pdu, struct pdu_submit *s, const char **why)
{
	static const uint8_t validity_octets[] = { 0, 7, 1, 7 };
	struct reader r = { pdu->octets, pdu->length, false };
	unsigned first;

	memset(s, 0, sizeof(*s));
	take_smsc(&r, s->smsc);
	first = take(&r);
	s->reference = take(&r);
	take_address(&r, s->dest);
	s->pid = take(&r);
	s->dcs = take(&r);
	take_bytes(&r, validity_octets[first >> 3 & 3]);
	*why = "PDU ends too early";
	if (r.ended)
		return -1;
	*why = "not an SMS-SUBMIT";
	if ((first & 3) != 1)
		return -1;
	*why = "no destination";
	if (s->dest[0] == '\0')
		return -1;
	*why = "compressed or reserved coding";
	if (read_coding(s->dcs, &s->alphabet, &s->message_class) == -1)
		return -1;
	s->want_report = (first & 0x20) != 0;
	return read_user_data(&r, (first & 0x40) != 0, s, why);
}

/* ---- looking at what others wrote ---------------------------------------- */

size_t
pdu_tpdu_length(const struct pdu *pdu)
{
	size_t smsc = pdu->length > 0 ? (size_t)pdu->octets[0] + 1 : 0;

	return pdu->length > smsc ? pdu->length - smsc : 0;
}

static struct reader
tpdu_reader(const struct pdu *pdu)
{
	size_t n = pdu_tpdu_length(pdu);
	struct reader r = { pdu->octets + (pdu->length - n), n, n == 0 };

	return r;
}

int
pdu_kind(const struct pdu *pdu)
{
	struct reader r = tpdu_reader(pdu);

	return r.left == 0 ? -1 : take(&r) & 3;
}

void
pdu_peer(const struct pdu *pdu, char out[PDU_ADDRESS_MAX])
{
	struct reader r = tpdu_reader(pdu);
	unsigned kind = take(&r) & 3;

	out[0] = '\0';
	if (kind == 2)
		take(&r);
	if (kind == 0 || kind == 2)
		take_address(&r, out);
}

bool
pdu_is_flash(const struct pdu *pdu)
{
	struct reader r = tpdu_reader(pdu);
	unsigned kind = take(&r) & 3, dcs;
	char ignored[PDU_ADDRESS_MAX];

	take_address(&r, ignored);
	take(&r);
	dcs = take(&r);
	if (r.ended || kind != 0)
		return false;
	return (dcs >= 0xF0 && (dcs & 3) == 0) || (dcs < 0x80 && (dcs & 0x13) == 0x10);
}

bool
pdu_has_smsc(const struct pdu *pdu)
{
	const uint8_t *p = pdu->octets;

	if (pdu->length < 3)
		return true;
	/* An address: its length, then a type of number, whose top bit is set. */
	if (p[0] >= 2 && p[0] <= 12)
		return p[1] >= 0x80;
	/* None: a zero. A TPDU that starts with zero has its type of number in the third octet. */
	return p[0] == 0 && p[2] < 0x80;
}

int
pdu_prepend_smsc(struct pdu *pdu, const char *smsc)
{
	struct pdu with;
	struct writer w = start_writing(&with);

	if (put_smsc(&w, smsc) == -1)
		return -1;
	put_bytes(&w, pdu->octets, pdu->length);
	if (w.full)
		return -1;
	*pdu = with;
	return 0;
}
