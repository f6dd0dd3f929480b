/* Tests of wire/modem_msg: any message there and back, and nothing else is taken for one. */
#include "unit/test.h"

#include "base/utf8.h"
#include "wire/modem_msg.h"

static const enum modem_type types[] = {
	CORE_HELLO, CORE_POISON, CORE_STORED, CORE_SEND, CORE_PING, CORE_STOP, MODEM_HELLO, MODEM_STATE, MODEM_IDENTITY,
	MODEM_STATUS, MODEM_RX, MODEM_READ, MODEM_FREED, MODEM_SENDING, MODEM_SENT, MODEM_PONG,
};

#define N_TYPES	(sizeof(types) / sizeof(types[0]))

static void
random_text(char *s, size_t size)
{
	size_t len = 0, want = test_below(4) ? test_below((uint32_t)size) : size - 1;
	char bytes[4];

	for (;;) {
		uint32_t cp = test_below(2) ? 1 + test_below(127) : 1 + test_below(0x10FFFF);
		size_t k = utf8_put(bytes, cp);

		if (len + k > want)
			break;
		memcpy(s + len, bytes, k);
		len += k;
	}
	s[len] = '\0';
}

static void
random_digits(char *s, size_t size)
{
	size_t n = 1 + test_below((uint32_t)size - 2);

	for (size_t i = 0; i < n; i++)
		s[i] = (char)('0' + test_below(10));
	if (n > 1 && test_below(2))
		s[0] = '+';
	s[n] = '\0';
}

#define TEXT(array)	random_text(array, sizeof(array))

static void
random_hello(struct modem_msg *m)
{
	m->u.hello.version = (uint32_t)test_random();
	TEXT(m->u.hello.line);
	m->u.hello.n = test_below(MODEM_SETTINGS_MAX + 1);
	for (size_t i = 0; i < m->u.hello.n; i++) {
		TEXT(m->u.hello.v[i].key);
		TEXT(m->u.hello.v[i].value);
	}
}

static void
random_identity(struct modem_msg *m)
{
	TEXT(m->u.identity.imei);
	TEXT(m->u.identity.imsi);
	TEXT(m->u.identity.iccid);
	TEXT(m->u.identity.manufacturer);
	TEXT(m->u.identity.model);
	TEXT(m->u.identity.firmware);
}

static void
random_status(struct modem_msg *m)
{
	m->u.status.signal_dbm = (int16_t)(test_below(2) ? -(int)test_below(32769) : 0);
	m->u.status.signal_pct = (int8_t)((int)test_below(102) - 1);
	m->u.status.registration = (uint8_t)test_below(REG_ROAMING + 1);
	TEXT(m->u.status.operator_code);
	TEXT(m->u.status.operator_name);
	m->u.status.sim_used = (uint16_t)test_random();
	m->u.status.sim_capacity = (uint16_t)test_random();
	m->u.status.phone_used = (uint16_t)test_random();
	m->u.status.phone_capacity = (uint16_t)test_random();
}

static void
random_rx(struct modem_msg *m)
{
	m->u.rx.handle = (uint32_t)test_random();
	m->u.rx.memory = (uint8_t)test_below(MEMORY_REPORTS + 1);
	m->u.rx.slot = (uint16_t)test_random();
	m->u.rx.len = (uint16_t)test_below(MODEM_TPDU_MAX + 1);
	for (size_t i = 0; i < m->u.rx.len; i++)
		m->u.rx.tpdu[i] = (uint8_t)test_random();
}

static void
random_send(struct modem_msg *m)
{
	m->u.send.id = (int64_t)test_random();
	random_digits(m->u.send.dest, sizeof(m->u.send.dest));
	TEXT(m->u.send.text);
	m->u.send.want_report = (uint8_t)test_below(2);
	m->u.send.validity_min = (uint32_t)test_random();
}

static void
random_sent(struct modem_msg *m)
{
	m->u.sent.id = (int64_t)test_random();
	m->u.sent.outcome = (uint8_t)test_below(OUTCOME_UNKNOWN + 1);
	m->u.sent.reference = (uint16_t)test_below(256);
	m->u.sent.error = (uint16_t)test_random();
	TEXT(m->u.sent.why);
}

static void
random_msg(struct modem_msg *m, enum modem_type type)
{
	memset(m, 0, sizeof(*m));
	m->type = type;
	switch (type) {
	case CORE_HELLO: random_hello(m); break;
	case CORE_POISON:
	case MODEM_RX: random_rx(m); break;
	case CORE_STORED:
	case MODEM_READ: m->u.handle.handle = (uint32_t)test_random(); break;
	case CORE_SEND: random_send(m); break;
	case CORE_PING:
	case MODEM_PONG: m->u.ping.n = (uint32_t)test_random(); break;
	case CORE_STOP: break;
	case MODEM_HELLO:
		m->u.iam.version = (uint32_t)test_random();
		TEXT(m->u.iam.program);
		break;
	case MODEM_STATE:
		m->u.state.phase = (uint8_t)test_below(MODEM_FAILED + 1);
		TEXT(m->u.state.why);
		break;
	case MODEM_IDENTITY: random_identity(m); break;
	case MODEM_STATUS: random_status(m); break;
	case MODEM_FREED:
		m->u.freed.handle = (uint32_t)test_random();
		m->u.freed.deleted = (uint8_t)test_below(2);
		break;
	case MODEM_SENDING: m->u.sending.id = (int64_t)test_random(); break;
	case MODEM_SENT: random_sent(m); break;
	}
}

/* Unused bytes behind a text are not part of a message, so the canonical form is compared: both structs start zeroed. */
static bool
same(const struct modem_msg *a, const struct modem_msg *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

TEST(any_message_round_trips)
{
	static struct modem_msg m, got;
	static uint8_t bytes[MODEM_MSG_MAX];

	for (int round = 0; round < 20000; round++) {
		const char *why = NULL;
		size_t n;

		random_msg(&m, types[(size_t)round % N_TYPES]);
		n = modem_msg_encode(&m, bytes, sizeof(bytes));
		CHECK_MSG(n >= 2, "%s does not encode", modem_msg_name(m.type));
		CHECK_MSG(modem_msg_decode(&got, bytes, n, &why) == 0, "%s: %s", modem_msg_name(m.type), why);
		CHECK_MSG(same(&m, &got), "%s comes back different", modem_msg_name(m.type));
	}
}

/* The bytes are copied to the end of a block of their own, so that a sanitizer sees one byte too many. */
static int
decode_exact(const uint8_t *bytes, size_t n)
{
	static struct modem_msg got;
	uint8_t *copy = malloc(n > 0 ? n : 1);
	const char *why;
	int ret;

	if (n > 0)
		memcpy(copy, bytes, n);
	ret = modem_msg_decode(&got, copy, n, &why);
	CHECK(ret == 0 || (why != NULL && *why != '\0'));
	free(copy);
	return ret;
}

TEST(every_cut_and_every_extra_byte_is_refused)
{
	static struct modem_msg m;
	static uint8_t bytes[MODEM_MSG_MAX + 1];

	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < N_TYPES; i++) {
			size_t n;

			random_msg(&m, types[i]);
			n = modem_msg_encode(&m, bytes, MODEM_MSG_MAX);
			for (size_t cut = 0; cut < n; cut++)
				CHECK_MSG(decode_exact(bytes, cut) == -1, "%s cut at %zu", modem_msg_name(m.type), cut);
			for (unsigned extra = 0; extra < 256; extra++) {
				bytes[n] = (uint8_t)extra;
				CHECK_MSG(decode_exact(bytes, n + 1) == -1, "%s and %u", modem_msg_name(m.type), extra);
			}
		}
}

TEST(every_smaller_room_is_refused)
{
	static struct modem_msg m;
	static uint8_t bytes[MODEM_MSG_MAX];

	for (size_t i = 0; i < N_TYPES; i++) {
		size_t n;

		random_msg(&m, types[i]);
		n = modem_msg_encode(&m, bytes, sizeof(bytes));
		for (size_t cap = 0; cap < n; cap++)
			CHECK_MSG(modem_msg_encode(&m, bytes, cap) == 0, "%s in %zu bytes", modem_msg_name(m.type), cap);
		CHECK_INT(modem_msg_encode(&m, bytes, n), n);
	}
}

/* What is accepted is the one encoding of what was understood. */
TEST(random_bytes_are_refused_or_canonical)
{
	static struct modem_msg m;
	static uint8_t bytes[300], again[MODEM_MSG_MAX];
	const char *why;
	size_t n, accepted = 0;

	for (int round = 0; round < 100000; round++) {
		n = test_below(test_below(4) ? 40 : sizeof(bytes));
		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)(test_below(3) ? test_below(8) : test_below(256));
		if (n > 1 && test_below(8)) {
			bytes[0] = 0;
			bytes[1] = (uint8_t)types[test_below(N_TYPES)];
		}
		if (decode_exact(bytes, n) == -1)
			continue;
		accepted++;
		CHECK_INT(modem_msg_decode(&m, bytes, n, &why), 0);
		CHECK(modem_msg_encode(&m, again, sizeof(again)) == n && memcmp(bytes, again, n) == 0);
	}
	CHECK(accepted > 100);
}

/* One flipped byte of a real message. */
TEST(damaged_messages_are_refused_or_canonical)
{
	static struct modem_msg m;
	static uint8_t bytes[MODEM_MSG_MAX], again[MODEM_MSG_MAX];
	const char *why;

	for (int round = 0; round < 100000; round++) {
		size_t n;

		random_msg(&m, types[1 + test_below(N_TYPES - 1)]);
		n = modem_msg_encode(&m, bytes, sizeof(bytes));
		bytes[test_below((uint32_t)n)] ^= (uint8_t)(1 + test_below(255));
		if (modem_msg_decode(&m, bytes, n, &why) == 0)
			CHECK(modem_msg_encode(&m, again, sizeof(again)) == n && memcmp(bytes, again, n) == 0);
	}
}

static void
spoil_hello(struct modem_msg *m)
{
	m->u.hello.n = MODEM_SETTINGS_MAX + 1;
}

static void
spoil_phase(struct modem_msg *m)
{
	m->u.state.phase = MODEM_FAILED + 1;
}

static void
spoil_dbm(struct modem_msg *m)
{
	m->u.status.signal_dbm = 1;
}

static void
spoil_pct(struct modem_msg *m)
{
	m->u.status.signal_pct = 101;
}

static void
spoil_pct_low(struct modem_msg *m)
{
	m->u.status.signal_pct = -2;
}

static void
spoil_registration(struct modem_msg *m)
{
	m->u.status.registration = REG_ROAMING + 1;
}

static void
spoil_memory(struct modem_msg *m)
{
	m->u.rx.memory = MEMORY_REPORTS + 1;
}

static void
spoil_len(struct modem_msg *m)
{
	m->u.rx.len = MODEM_TPDU_MAX + 1;
}

static void
spoil_deleted(struct modem_msg *m)
{
	m->u.freed.deleted = 2;
}

static void
spoil_report(struct modem_msg *m)
{
	m->u.send.want_report = 2;
}

static void
spoil_dest(struct modem_msg *m)
{
	memcpy(m->u.send.dest, "+223\r", 6);
}

static void
spoil_dest_plus(struct modem_msg *m)
{
	memcpy(m->u.send.dest, "+", 2);
}

static void
spoil_dest_empty(struct modem_msg *m)
{
	m->u.send.dest[0] = '\0';
}

static void
spoil_text(struct modem_msg *m)
{
	memcpy(m->u.send.text, "a\xFF", 3);
}

static void
spoil_text_end(struct modem_msg *m)
{
	memset(m->u.send.text, 'a', sizeof(m->u.send.text));
}

static void
spoil_outcome(struct modem_msg *m)
{
	m->u.sent.outcome = OUTCOME_UNKNOWN + 1;
}

static void
spoil_reference(struct modem_msg *m)
{
	m->u.sent.reference = 256;
}

TEST(nothing_out_of_range_is_sent)
{
	static const struct {
		const char *what;
		enum modem_type type;
		void (*spoil)(struct modem_msg *);
	} rows[] = {
		{ "settings", CORE_HELLO, spoil_hello }, { "phase", MODEM_STATE, spoil_phase },
		{ "dBm", MODEM_STATUS, spoil_dbm }, { "percent", MODEM_STATUS, spoil_pct },
		{ "percent below", MODEM_STATUS, spoil_pct_low }, { "registration", MODEM_STATUS, spoil_registration },
		{ "memory", MODEM_RX, spoil_memory }, { "length", MODEM_RX, spoil_len },
		{ "memory of poison", CORE_POISON, spoil_memory }, { "deleted", MODEM_FREED, spoil_deleted },
		{ "want_report", CORE_SEND, spoil_report }, { "destination", CORE_SEND, spoil_dest },
		{ "lone plus", CORE_SEND, spoil_dest_plus }, { "no destination", CORE_SEND, spoil_dest_empty },
		{ "text", CORE_SEND, spoil_text }, { "endless text", CORE_SEND, spoil_text_end },
		{ "outcome", MODEM_SENT, spoil_outcome }, { "reference", MODEM_SENT, spoil_reference },
	};
	static struct modem_msg m;
	static uint8_t bytes[MODEM_MSG_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		random_msg(&m, rows[i].type);
		rows[i].spoil(&m);
		CHECK_MSG(modem_msg_encode(&m, bytes, sizeof(bytes)) == 0, "%s", rows[i].what);
	}
}

TEST(nothing_out_of_range_is_taken)
{
	static const struct {
		const char *what, *bytes;
		size_t n;
	} rows[] = {
		{ "phase 4", "\0\x41\4\0\0", 5 },
		{ "a why that is not UTF-8", "\0\x41\0\0\1\xFF", 6 },
		{ "a why with a NUL", "\0\x41\0\0\1\0", 6 },
		{ "deleted 2", "\0\x46\0\0\0\1\2", 7 },
		{ "memory 3", "\0\x44\0\0\0\1\3\0\1\0\0", 11 },
		{ "33 settings without any", "\0\1\0\0\0\1\0\0\0\x21", 10 },
		{ "outcome 3", "\0\x48\0\0\0\0\0\0\0\1\3\0\0\0\0\0\0", 17 },
		{ "reference 256", "\0\x48\0\0\0\0\0\0\0\1\0\1\0\0\0\0\0", 17 },
		{ "an unknown type", "\0\x4A", 2 },
		{ "type 0", "\0\0", 2 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_MSG(decode_exact((const uint8_t *)rows[i].bytes, rows[i].n) == -1, "%s is taken", rows[i].what);
	CHECK_INT(decode_exact((const uint8_t *)"\0\x41\3\0\0", 5), 0);
	CHECK_INT(decode_exact((const uint8_t *)"\0\x48\0\0\0\0\0\0\0\1\2\0\xFF\0\0\0\0", 17), 0);
}

/* The longest of all, with every text full. */
TEST(the_longest_message_fits)
{
	static struct modem_msg m;
	static uint8_t bytes[MODEM_MSG_MAX];

	m.type = CORE_HELLO;
	m.u.hello.n = MODEM_SETTINGS_MAX;
	memset(m.u.hello.line, 'x', sizeof(m.u.hello.line) - 1);
	for (size_t i = 0; i < MODEM_SETTINGS_MAX; i++) {
		memset(m.u.hello.v[i].key, 'k', sizeof(m.u.hello.v[i].key) - 1);
		memset(m.u.hello.v[i].value, 'v', sizeof(m.u.hello.v[i].value) - 1);
	}
	CHECK(modem_msg_encode(&m, bytes, sizeof(bytes)) > 7000);
}

TEST(names_and_speakers)
{
	for (size_t i = 0; i < N_TYPES; i++) {
		CHECK(modem_msg_is_from_core(types[i]) == (strncmp(modem_msg_name(types[i]), "CORE_", 5) == 0));
		CHECK(modem_msg_is_from_core(types[i]) == (types[i] < MODEM_HELLO));
	}
	CHECK_STR(modem_msg_name(MODEM_RX), "MODEM_RX");
	CHECK_STR(modem_msg_name((enum modem_type)9), "?");
	CHECK(!modem_msg_is_from_core((enum modem_type)9));
}

TEST_MAIN(TEST_ROW(any_message_round_trips), TEST_ROW(every_cut_and_every_extra_byte_is_refused),
    TEST_ROW(every_smaller_room_is_refused), TEST_ROW(random_bytes_are_refused_or_canonical),
    TEST_ROW(damaged_messages_are_refused_or_canonical), TEST_ROW(nothing_out_of_range_is_sent),
    TEST_ROW(nothing_out_of_range_is_taken), TEST_ROW(the_longest_message_fits), TEST_ROW(names_and_speakers))
