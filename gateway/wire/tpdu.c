/* Decodes SMS-DELIVER and SMS-STATUS-REPORT without ever trusting a length inside. */
#include "wire/tpdu.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/gsm7.h"
#include "base/utf8.h"

#define ADDRESS_DIGITS_MAX	20	/* TS 23.040 9.1.2.5 */
#define USER_DATA_MAX		140
#define SEPTETS_MAX		160

#define FIRST_MTI	0x03
#define FIRST_NO_MORE	0x04	/* TP-MMS: 1 means that nothing more waits */
#define FIRST_UDHI	0x40
#define FIRST_IDENTITY	0xE3	/* without TP-MMS, TP-LP and the bit no TPDU uses */

/*
 * What is left to read. These three functions alone move through octets from
 * outside; whoever wants more than is there gets false.
 */
struct cursor {
	const uint8_t *p;
	size_t	 left;
};

static bool
take(struct cursor *from, size_t n, struct cursor *part)
{
	if (n > from->left)
		return false;
	*part = (struct cursor){ from->p, n };
	from->p += n;
	from->left -= n;
	return true;
}

static bool
take_octet(struct cursor *from, uint8_t *octet)
{
	struct cursor part;

	if (!take(from, 1, &part))
		return false;
	*octet = *part.p;
	return true;
}

static bool
take_pair(struct cursor *from, uint16_t *pair)
{
	struct cursor part;

	if (!take(from, 2, &part))
		return false;
	*pair = (uint16_t)(part.p[0] << 8 | part.p[1]);
	return true;
}

/* ---- addresses (9.1.2.5) ---- */

enum { TYPE_UNKNOWN, TYPE_INTERNATIONAL, TYPE_NATIONAL, TYPE_NETWORK, TYPE_SUBSCRIBER, TYPE_ALNUM, TYPE_ABBREVIATED,
	TYPE_RESERVED };

/* Semi-octets, low nibble first, up to the end mark. Returns how many digits there were. */
static size_t
read_digits(struct cursor value, size_t most, char *out)
{
	static const char digit[] = "0123456789*#abc";
	size_t n = 0;
	uint8_t octet;

	while (take_octet(&value, &octet)) {
		for (int half = 0; half < 2; half++, octet >>= 4) {
			if ((octet & 0x0F) == 0x0F || n == most)
				return n;
			out[n++] = digit[octet & 0x0F];
		}
	}
	return n;
}

static const char *
read_name(struct cursor value, size_t semi_octets, struct tpdu_address *address)
{
	uint8_t septets[ADDRESS_DIGITS_MAX * 4 / 7];
	size_t n = gsm7_unpack(value.p, value.left, 0, septets, semi_octets * 4 / 7);
	struct buf out;
	int rc;

	buf_init(&out, sizeof(address->text) - 1);
	rc = gsm7_decode(septets, n, 0, 0, &out);
	if (rc == 0)
		memcpy(address->text, buf_str(&out), out.len);
	address->kind = out.len > 0 ? SENDER_ALNUM : SENDER_NONE;
	buf_release(&out);
	return rc == 0 ? NULL : "out of memory for the sender's name";
}

static void
read_number(struct cursor value, size_t semi_octets, int type, struct tpdu_address *address)
{
	size_t plus = type == TYPE_INTERNATIONAL;
	size_t n = read_digits(value, semi_octets, address->text + plus);

	if (n == 0) {
		address->kind = SENDER_NONE;
		return;
	}
	if (plus)
		address->text[0] = '+';
	if (type == TYPE_INTERNATIONAL)
		address->kind = SENDER_INTERNATIONAL;
	else if (n < 7 || type == TYPE_NETWORK || type == TYPE_SUBSCRIBER || type == TYPE_ABBREVIATED)
		address->kind = SENDER_SHORT;
	else
		address->kind = SENDER_NATIONAL;
}

/* NULL, or what is wrong; so all that follow. */
static const char *
read_address(struct cursor *c, struct tpdu_address *address)
{
	struct cursor value;
	uint8_t semi_octets, toa;
	int type;

	if (!take_octet(c, &semi_octets) || !take_octet(c, &toa))
		return "TPDU ends before the address";
	if (semi_octets > ADDRESS_DIGITS_MAX)
		return "address has more than 20 digits";
	if (!take(c, (semi_octets + 1u) / 2, &value))
		return "TPDU ends inside the address";
	/* Bit 7 is always 1; without it the other bits mean nothing we know. */
	type = toa & 0x80 ? toa >> 4 & 7 : TYPE_UNKNOWN;
	if (type == TYPE_ALNUM)
		return read_name(value, semi_octets, address);
	read_number(value, semi_octets, type, address);
	return NULL;
}

/* ---- time stamps (9.2.3.11) ---- */

/* Two digits with the tens in the low nibble, or -1. */
static int
swapped(uint8_t octet)
{
	int tens = octet & 0x0F, units = octet >> 4;

	return tens <= 9 && units <= 9 ? tens * 10 + units : -1;
}

static int
days_in_month(int year, int month)
{
	return (int)(clock_days(month == 12 ? year + 1 : year, month % 12 + 1, 1) - clock_days(year, month, 1));
}

/* UTC ms of year, month, day, hour, minute, second as two digits each, or 0: no such time. */
static int64_t
utc_ms(const int *v, int tz_min)
{
	int year = v[0] < 90 ? 2000 + v[0] : 1900 + v[0];

	if (v[0] < 0 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > days_in_month(year, v[1]))
		return 0;
	if (v[3] < 0 || v[3] > 23 || v[4] < 0 || v[4] > 59 || v[5] < 0 || v[5] > 59)
		return 0;
	return (((clock_days(year, v[1], v[2]) * 24 + v[3]) * 60 + v[4] - tz_min) * 60 + v[5]) * 1000;
}

static const char *
read_time(struct cursor *c, int64_t *ms, int16_t *tz_min)
{
	struct cursor stamp;
	uint8_t octet = 0;
	int v[7] = { 0 }, quarters;

	*ms = 0;
	*tz_min = 0;
	if (!take(c, 7, &stamp))
		return "TPDU ends inside a time stamp";
	for (int i = 0; i < 7 && take_octet(&stamp, &octet); i++)
		v[i] = swapped(i < 6 ? octet : octet & 0xF7);
	if (v[6] < 0)
		return NULL;
	/* The zone, whose bit 3 is a sign. */
	quarters = octet & 0x08 ? -v[6] : v[6];
	*ms = utc_ms(v, quarters * 15);
	*tz_min = (int16_t)(*ms != 0 ? quarters * 15 : 0);
	return NULL;
}

/* ---- data coding scheme (TS 23.038 4) ---- */

static void
set_coding(struct tpdu *t)
{
	static const enum tpdu_coding alphabets[] = { CODING_GSM7, CODING_8BIT, CODING_UCS2, CODING_RESERVED };
	/* Groups 1000 to 1110; message waiting is the last three. */
	static const enum tpdu_coding groups[] = {
		CODING_RESERVED, CODING_RESERVED, CODING_RESERVED, CODING_RESERVED, CODING_GSM7, CODING_GSM7, CODING_UCS2,
	};

	if (t->dcs < 0x80) {
		t->compressed = (t->dcs & 0x20) != 0;
		t->coding = alphabets[t->dcs >> 2 & 3];
		if (t->dcs & 0x10)
			t->message_class = (int8_t)(t->dcs & 3);
	} else if (t->dcs < 0xF0) {
		t->coding = groups[(t->dcs >> 4) - 8];
	} else {
		t->coding = t->dcs & 0x04 ? CODING_8BIT : CODING_GSM7;
		t->message_class = (int8_t)(t->dcs & 3);
	}
}

/* Reserved codings are read as the default alphabet: TS 23.038 4. */
static bool
in_septets(const struct tpdu *t)
{
	return !t->compressed && (t->coding == CODING_GSM7 || t->coding == CODING_RESERVED);
}

/* ---- user data header (9.2.3.24) ---- */

static void
set_concat(struct tpdu *t, bool wide, uint16_t ref, struct cursor value)
{
	uint8_t total, seq;

	if (!take_octet(&value, &total) || !take_octet(&value, &seq) || seq < 1 || seq > total)
		return;
	t->concat.present = true;
	t->concat.wide = wide;
	t->concat.ref = ref;
	t->concat.total = total;
	t->concat.seq = seq;
}

static void
read_concat_8(struct cursor value, struct tpdu *t)
{
	uint8_t ref;

	if (take_octet(&value, &ref))
		set_concat(t, false, ref, value);
}

static void
read_concat_16(struct cursor value, struct tpdu *t)
{
	uint16_t ref;

	if (take_pair(&value, &ref))
		set_concat(t, true, ref, value);
}

static void
read_ports_8(struct cursor value, struct tpdu *t)
{
	uint8_t port;

	if (take_octet(&value, &port)) {
		t->has_ports = true;
		t->dest_port = port;
	}
}

static void
read_ports_16(struct cursor value, struct tpdu *t)
{
	if (take_pair(&value, &t->dest_port))
		t->has_ports = true;
}

static void
read_language(struct cursor value, uint8_t *shift)
{
	uint8_t language;

	if (take_octet(&value, &language) && language < GSM7_LANGUAGES)
		*shift = language;
}

static void
read_single_shift(struct cursor value, struct tpdu *t)
{
	read_language(value, &t->shift_single);
}

static void
read_locking_shift(struct cursor value, struct tpdu *t)
{
	read_language(value, &t->shift_locking);
}

/* The information elements we read; one of another length, or unknown, is skipped. */
static const struct element {
	uint8_t	 id, length;
	void	(*read)(struct cursor value, struct tpdu *);
} elements[] = {
	{ 0x00, 3, read_concat_8 },
	{ 0x04, 2, read_ports_8 },
	{ 0x05, 4, read_ports_16 },
	{ 0x08, 4, read_concat_16 },
	{ 0x24, 1, read_single_shift },
	{ 0x25, 1, read_locking_shift },
};

static void
read_element(uint8_t id, struct cursor value, struct tpdu *t)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (elements[i].id == id && elements[i].length == value.left)
			elements[i].read(value, t);
}

/* Of an element that comes twice the last counts; a last one that is too short spoils them all (9.2.3.24). */
static void
read_elements(struct cursor header, struct tpdu *t)
{
	struct cursor value;
	uint8_t id, length;

	while (header.left > 0) {
		if (!take_octet(&header, &id) || !take_octet(&header, &length) || !take(&header, length, &value)) {
			memset(&t->concat, 0, sizeof(t->concat));
			t->has_ports = false;
			t->dest_port = 0;
			t->shift_single = t->shift_locking = 0;
			t->damaged = true;
			return;
		}
		read_element(id, value, t);
	}
}

/* ---- user data (9.2.3.16) ---- */

static int
add_char(struct buf *out, uint32_t cp)
{
	char utf8[4];

	return buf_add(out, utf8, utf8_put(utf8, cp));
}

/* UTF-16, not just UCS-2: every phone writes emoji as surrogate pairs. */
static int
decode_utf16(struct cursor data, struct buf *out)
{
	uint16_t unit, low;

	while (take_pair(&data, &unit)) {
		struct cursor ahead = data;
		uint32_t cp = unit;

		if (unit >= 0xD800 && unit < 0xDC00 && take_pair(&ahead, &low) && low >= 0xDC00 && low < 0xE000) {
			cp = 0x10000 + ((uint32_t)(unit & 0x3FF) << 10 | (low & 0x3FF));
			data = ahead;
		}
		if (cp != 0 && add_char(out, cp) == -1)	/* utf8_put() makes a lone surrogate U+FFFD */
			return -1;
	}
	return 0;
}

static int
decode_septets(struct cursor data, unsigned fill, size_t n, const struct tpdu *t, struct buf *out)
{
	uint8_t septets[SEPTETS_MAX];

	n = gsm7_unpack(data.p, data.left, fill, septets, n < SEPTETS_MAX ? n : SEPTETS_MAX);
	return gsm7_decode(septets, n, t->shift_locking, t->shift_single, out);
}

/* User data without its header; "header" is the length of that in octets, "septets" what TP-UDL leaves for text. */
static const char *
read_text(struct cursor data, size_t header, size_t septets, struct tpdu *t)
{
	struct buf out;
	int rc = 0;

	buf_init(&out, sizeof(t->text) - 1);
	if (in_septets(t))
		rc = decode_septets(data, (unsigned)(7 - header * 8 % 7) % 7, septets, t, &out);
	else if (t->coding == CODING_UCS2 && !t->compressed)
		rc = decode_utf16(data, &out);
	if (rc == 0)
		memcpy(t->text, buf_str(&out), out.len);
	buf_release(&out);
	return rc == 0 ? NULL : "out of memory for the text";
}

/*
 * Takes the header off the user data. Returns its length with TP-UDHL, 0 when there is none that
 * fits into what TP-UDL announces: then the bit was wrong, and everything is text.
 */
static size_t
read_header(struct cursor *data, size_t announced, struct tpdu *t)
{
	struct cursor ahead = *data, header;
	uint8_t udhl;

	if (!take_octet(&ahead, &udhl) || udhl + 1u > announced) {
		t->damaged = true;
		return 0;
	}
	if (!take(&ahead, udhl, &header)) {
		/* The end of a good header is missing, and with it all text. */
		data->left = 0;
		return udhl + 1u;
	}
	t->has_udh = true;
	read_elements(header, t);
	*data = ahead;
	return udhl + 1u;
}

static const char *
read_user_data(struct cursor *c, bool udhi, struct tpdu *t)
{
	struct cursor data;
	uint8_t udl;
	size_t announced, header = 0, header_septets;

	if (!take_octet(c, &udl))
		return "TPDU ends before TP-UDL";
	announced = in_septets(t) ? (udl * 7u + 7) / 8 : udl;
	if (announced > c->left || announced > USER_DATA_MAX)
		t->damaged = true;
	data = (struct cursor){ c->p, announced < c->left ? announced : c->left };
	if (data.left > USER_DATA_MAX)
		data.left = USER_DATA_MAX;
	if (udhi)
		header = read_header(&data, in_septets(t) ? udl * 7u / 8 : udl, t);
	memcpy(t->data, data.p, data.left);
	t->data_len = (uint8_t)data.left;
	header_septets = (header * 8 + 6) / 7;
	return read_text(data, header, udl - header_septets, t);
}

/* ---- the two kinds ---- */

static const char *
read_deliver(struct cursor *c, uint8_t first, struct tpdu *t)
{
	const char *why;

	t->kind = TPDU_DELIVER;
	if ((why = read_address(c, &t->peer)) != NULL)
		return why;
	if (!take_octet(c, &t->pid) || !take_octet(c, &t->dcs))
		return "TPDU ends before TP-DCS";
	set_coding(t);
	if ((why = read_time(c, &t->scts_ms, &t->scts_tz_min)) != NULL)
		return why;
	return read_user_data(c, (first & FIRST_UDHI) != 0, t);
}

/* What may follow TP-ST (9.2.2.3: TP-PI and what it announces) concerns nobody here. */
static const char *
read_report(struct cursor *c, struct tpdu *t)
{
	int16_t discharge_tz_min;
	const char *why;

	t->kind = TPDU_STATUS_REPORT;
	if (!take_octet(c, &t->reference))
		return "TPDU ends before TP-MR";
	if ((why = read_address(c, &t->peer)) != NULL)
		return why;
	if ((why = read_time(c, &t->scts_ms, &t->scts_tz_min)) != NULL)
		return why;
	if ((why = read_time(c, &t->discharge_ms, &discharge_tz_min)) != NULL)
		return why;
	return take_octet(c, &t->status) ? NULL : "TPDU ends before TP-ST";
}

static const char *
decode(struct cursor *c, struct tpdu *t)
{
	uint8_t first;

	if (c->left > TPDU_MAX)
		return "TPDU is longer than any SMS";
	if (!take_octet(c, &first))
		return "TPDU is empty";
	t->more = (first & FIRST_NO_MORE) == 0;
	switch (first & FIRST_MTI) {
	case 0:
		return read_deliver(c, first, t);
	case 2:
		return read_report(c, t);
	case 1:
		return "TP-MTI 1: an SMS of our own, not one that came in";
	default:
		return "TP-MTI 3 is reserved";
	}
}

int
tpdu_decode(const uint8_t *p, size_t n, struct tpdu *t, const char **why)
{
	struct cursor c = { p, n };

	memset(t, 0, sizeof(*t));
	t->message_class = -1;
	*why = decode(&c, t);
	if (*why == NULL)
		return 0;
	memset(t, 0, sizeof(*t));
	return -1;
}

size_t
tpdu_identity(const uint8_t *p, size_t n, uint8_t *out, size_t cap)
{
	if (n > cap)
		n = cap;
	if (n == 0)
		return 0;
	memcpy(out, p, n);
	out[0] &= FIRST_IDENTITY;
	return n;
}
