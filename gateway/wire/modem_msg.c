/* What the core and a transport say to each other: one table, encode and decode side by side. */
#include "wire/modem_msg.h"

#include <string.h>

#include "base/utf8.h"
#include "wire/field.h"
#include "wire/frame.h"

/*
 * Text is held to the same rule both ways: it ends within its array and is valid
 * UTF-8. A text that breaks it marks the frame, so that it never leaves the house.
 */
static void
put_text(struct field_out *out, const char *s, size_t size)
{
	size_t n = strnlen(s, size);

	if (n == size || !utf8_valid(s, n))
		out->overflow = true;
	else
		field_put_bytes(out, s, n);
}

static void
get_text(struct field_in *in, char *s, size_t size)
{
	field_get_str(in, s, size);
	if (!utf8_valid(s, strlen(s)))
		in->bad = true;
}

#define PUT_TEXT(out, array)	put_text(out, array, sizeof(array))
#define GET_TEXT(in, array)	get_text(in, array, sizeof(array))

static void
put_hello(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.hello.version);
	PUT_TEXT(out, m->u.hello.line);
	field_put_u16(out, (uint16_t)m->u.hello.n);
	for (size_t i = 0; i < m->u.hello.n; i++) {
		PUT_TEXT(out, m->u.hello.v[i].key);
		PUT_TEXT(out, m->u.hello.v[i].value);
	}
}

static void
get_hello(struct field_in *in, struct modem_msg *m)
{
	m->u.hello.version = field_get_u32(in);
	GET_TEXT(in, m->u.hello.line);
	m->u.hello.n = field_get_u16(in);
	for (size_t i = 0; i < m->u.hello.n && i < MODEM_SETTINGS_MAX; i++) {
		GET_TEXT(in, m->u.hello.v[i].key);
		GET_TEXT(in, m->u.hello.v[i].value);
	}
}

static bool
ok_hello(const struct modem_msg *m)
{
	return m->u.hello.n <= MODEM_SETTINGS_MAX;
}

static void
put_iam(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.iam.version);
	PUT_TEXT(out, m->u.iam.program);
}

static void
get_iam(struct field_in *in, struct modem_msg *m)
{
	m->u.iam.version = field_get_u32(in);
	GET_TEXT(in, m->u.iam.program);
}

static void
put_state(struct field_out *out, const struct modem_msg *m)
{
	field_put_u8(out, m->u.state.phase);
	PUT_TEXT(out, m->u.state.why);
}

static void
get_state(struct field_in *in, struct modem_msg *m)
{
	m->u.state.phase = field_get_u8(in);
	GET_TEXT(in, m->u.state.why);
}

static bool
ok_state(const struct modem_msg *m)
{
	return m->u.state.phase <= MODEM_FAILED;
}

static void
put_identity(struct field_out *out, const struct modem_msg *m)
{
	PUT_TEXT(out, m->u.identity.imei);
	PUT_TEXT(out, m->u.identity.imsi);
	PUT_TEXT(out, m->u.identity.iccid);
	PUT_TEXT(out, m->u.identity.manufacturer);
	PUT_TEXT(out, m->u.identity.model);
	PUT_TEXT(out, m->u.identity.firmware);
}

static void
get_identity(struct field_in *in, struct modem_msg *m)
{
	GET_TEXT(in, m->u.identity.imei);
	GET_TEXT(in, m->u.identity.imsi);
	GET_TEXT(in, m->u.identity.iccid);
	GET_TEXT(in, m->u.identity.manufacturer);
	GET_TEXT(in, m->u.identity.model);
	GET_TEXT(in, m->u.identity.firmware);
}

static void
put_status(struct field_out *out, const struct modem_msg *m)
{
	field_put_u16(out, (uint16_t)m->u.status.signal_dbm);
	field_put_u8(out, (uint8_t)m->u.status.signal_pct);
	field_put_u8(out, m->u.status.registration);
	PUT_TEXT(out, m->u.status.operator_code);
	PUT_TEXT(out, m->u.status.operator_name);
	field_put_u16(out, m->u.status.sim_used);
	field_put_u16(out, m->u.status.sim_capacity);
	field_put_u16(out, m->u.status.phone_used);
	field_put_u16(out, m->u.status.phone_capacity);
}

static void
get_status(struct field_in *in, struct modem_msg *m)
{
	m->u.status.signal_dbm = (int16_t)field_get_u16(in);
	m->u.status.signal_pct = (int8_t)field_get_u8(in);
	m->u.status.registration = field_get_u8(in);
	GET_TEXT(in, m->u.status.operator_code);
	GET_TEXT(in, m->u.status.operator_name);
	m->u.status.sim_used = field_get_u16(in);
	m->u.status.sim_capacity = field_get_u16(in);
	m->u.status.phone_used = field_get_u16(in);
	m->u.status.phone_capacity = field_get_u16(in);
}

static bool
ok_status(const struct modem_msg *m)
{
	return m->u.status.signal_dbm <= 0 && m->u.status.signal_pct >= -1 && m->u.status.signal_pct <= 100 &&
	    m->u.status.registration <= REG_ROAMING;
}

static void
put_rx(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.rx.handle);
	field_put_u8(out, m->u.rx.memory);
	field_put_u16(out, m->u.rx.slot);
	field_put_bytes(out, m->u.rx.tpdu, m->u.rx.len);
}

static void
get_rx(struct field_in *in, struct modem_msg *m)
{
	m->u.rx.handle = field_get_u32(in);
	m->u.rx.memory = field_get_u8(in);
	m->u.rx.slot = field_get_u16(in);
	m->u.rx.len = (uint16_t)field_get_bytes(in, m->u.rx.tpdu, sizeof(m->u.rx.tpdu));
}

static bool
ok_rx(const struct modem_msg *m)
{
	return m->u.rx.memory <= MEMORY_REPORTS && m->u.rx.len <= MODEM_TPDU_MAX;
}

static void
put_handle(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.handle.handle);
}

static void
get_handle(struct field_in *in, struct modem_msg *m)
{
	m->u.handle.handle = field_get_u32(in);
}

static void
put_freed(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.freed.handle);
	field_put_u8(out, m->u.freed.deleted);
}

static void
get_freed(struct field_in *in, struct modem_msg *m)
{
	m->u.freed.handle = field_get_u32(in);
	m->u.freed.deleted = field_get_u8(in);
}

static bool
ok_freed(const struct modem_msg *m)
{
	return m->u.freed.deleted <= 1;
}

static void
put_send(struct field_out *out, const struct modem_msg *m)
{
	field_put_i64(out, m->u.send.id);
	PUT_TEXT(out, m->u.send.dest);
	PUT_TEXT(out, m->u.send.text);
	field_put_u8(out, m->u.send.want_report);
	field_put_u32(out, m->u.send.validity_min);
}

static void
get_send(struct field_in *in, struct modem_msg *m)
{
	m->u.send.id = field_get_i64(in);
	GET_TEXT(in, m->u.send.dest);
	GET_TEXT(in, m->u.send.text);
	m->u.send.want_report = field_get_u8(in);
	m->u.send.validity_min = field_get_u32(in);
}

/* A destination ends up in front of a modem: digits and one plus, so that it can be nothing else there. */
static bool
ok_send(const struct modem_msg *m)
{
	const char *digits = m->u.send.dest + (m->u.send.dest[0] == '+');

	return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0' && m->u.send.want_report <= 1;
}

static void
put_sending(struct field_out *out, const struct modem_msg *m)
{
	field_put_i64(out, m->u.sending.id);
}

static void
get_sending(struct field_in *in, struct modem_msg *m)
{
	m->u.sending.id = field_get_i64(in);
}

static void
put_sent(struct field_out *out, const struct modem_msg *m)
{
	field_put_i64(out, m->u.sent.id);
	field_put_u8(out, m->u.sent.outcome);
	field_put_u16(out, m->u.sent.reference);
	field_put_u16(out, m->u.sent.error);
	PUT_TEXT(out, m->u.sent.why);
}

static void
get_sent(struct field_in *in, struct modem_msg *m)
{
	m->u.sent.id = field_get_i64(in);
	m->u.sent.outcome = field_get_u8(in);
	m->u.sent.reference = field_get_u16(in);
	m->u.sent.error = field_get_u16(in);
	GET_TEXT(in, m->u.sent.why);
}

static bool
ok_sent(const struct modem_msg *m)
{
	return m->u.sent.outcome <= OUTCOME_UNKNOWN && m->u.sent.reference <= 255;
}

static void
put_ping(struct field_out *out, const struct modem_msg *m)
{
	field_put_u32(out, m->u.ping.n);
}

static void
get_ping(struct field_in *in, struct modem_msg *m)
{
	m->u.ping.n = field_get_u32(in);
}

static void
put_nothing(struct field_out *out, const struct modem_msg *m)
{
	(void)out;
	(void)m;
}

static void
get_nothing(struct field_in *in, struct modem_msg *m)
{
	(void)in;
	(void)m;
}

static bool
ok_always(const struct modem_msg *m)
{
	(void)m;
	return true;
}

enum speaker { CORE, TRANSPORT };

static const struct row {
	enum modem_type	 type;
	const char	*name;
	enum speaker	 who;
	void		(*put)(struct field_out *, const struct modem_msg *);
	void		(*get)(struct field_in *, struct modem_msg *);
	bool		(*ok)(const struct modem_msg *);	/* every value in its range */
} rows[] = {
	{ CORE_HELLO,	  "CORE_HELLO",	    CORE,      put_hello,    get_hello,	   ok_hello },
	{ CORE_POISON,	  "CORE_POISON",    CORE,      put_rx,	     get_rx,	   ok_rx },
	{ CORE_STORED,	  "CORE_STORED",    CORE,      put_handle,   get_handle,   ok_always },
	{ CORE_SEND,	  "CORE_SEND",	    CORE,      put_send,     get_send,	   ok_send },
	{ CORE_PING,	  "CORE_PING",	    CORE,      put_ping,     get_ping,	   ok_always },
	{ CORE_STOP,	  "CORE_STOP",	    CORE,      put_nothing,  get_nothing,  ok_always },
	{ MODEM_HELLO,	  "MODEM_HELLO",    TRANSPORT, put_iam,	     get_iam,	   ok_always },
	{ MODEM_STATE,	  "MODEM_STATE",    TRANSPORT, put_state,    get_state,	   ok_state },
	{ MODEM_IDENTITY, "MODEM_IDENTITY", TRANSPORT, put_identity, get_identity, ok_always },
	{ MODEM_STATUS,	  "MODEM_STATUS",   TRANSPORT, put_status,   get_status,   ok_status },
	{ MODEM_RX,	  "MODEM_RX",	    TRANSPORT, put_rx,	     get_rx,	   ok_rx },
	{ MODEM_READ,	  "MODEM_READ",	    TRANSPORT, put_handle,   get_handle,   ok_always },
	{ MODEM_FREED,	  "MODEM_FREED",    TRANSPORT, put_freed,    get_freed,	   ok_freed },
	{ MODEM_SENDING,  "MODEM_SENDING",  TRANSPORT, put_sending,  get_sending,  ok_always },
	{ MODEM_SENT,	  "MODEM_SENT",	    TRANSPORT, put_sent,     get_sent,	   ok_sent },
	{ MODEM_PONG,	  "MODEM_PONG",	    TRANSPORT, put_ping,     get_ping,	   ok_always },
};

static const struct row *
row_of(unsigned type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((unsigned)rows[i].type == type)
			return &rows[i];
	return NULL;
}

size_t
modem_msg_encode(const struct modem_msg *m, uint8_t *bytes, size_t cap)
{
	const struct row *row = row_of(m->type);
	struct field_out out;

	if (row == NULL || !row->ok(m))
		return 0;
	frame_begin(&out, bytes, cap, (uint16_t)m->type);
	row->put(&out, m);
	return out.overflow ? 0 : out.len;
}

int
modem_msg_decode(struct modem_msg *m, const uint8_t *bytes, size_t n, const char **why)
{
	const struct row *row;
	struct field_in in;
	uint16_t type;

	memset(m, 0, sizeof(*m));
	*why = "the type is not known";
	if (frame_open(&in, bytes, n, &type) == -1 || (row = row_of(type)) == NULL)
		return -1;
	m->type = row->type;
	row->get(&in, m);
	*why = "a field is cut short, too long or not UTF-8";
	if (in.bad)
		return -1;
	*why = "a value is out of its range";
	if (!row->ok(m))
		return -1;
	*why = "bytes are left over";
	return field_end(&in) ? 0 : -1;
}

const char *
modem_msg_name(enum modem_type type)
{
	const struct row *row = row_of(type);

	return row != NULL ? row->name : "?";
}

bool
modem_msg_is_from_core(enum modem_type type)
{
	const struct row *row = row_of(type);

	return row != NULL && row->who == CORE;
}
