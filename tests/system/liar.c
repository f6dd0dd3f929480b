/* A transport that lies: speaks to the core on fd 3 as a modem program gone mad would. Its seed: LIAR_SEED, and its own number. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/modem_msg.h"

#define CORE_FD		3
#define LIFE_MS		2500	/* then it ends by itself, if nobody killed it */
#define OVERSIZED	65000

static uint32_t state;

/* Marsaglia's xorshift: the same lies for the same seed. */
static uint32_t
next(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void
say_bytes(const uint8_t *p, size_t n)
{
	if (send(CORE_FD, p, n, MSG_NOSIGNAL) == -1 && errno != ENOBUFS && errno != EMSGSIZE)
		exit(0);
}

static void
say(const struct modem_msg *m)
{
	uint8_t bytes[MODEM_MSG_MAX];
	size_t n = modem_msg_encode(m, bytes, sizeof(bytes));

	if (n > 0)
		say_bytes(bytes, n);
}

static void
any_bytes(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)next();
}

/* Any message of any type whose values are in their ranges. */
static struct modem_msg
any_message(void)
{
	static const enum modem_type types[] = { MODEM_HELLO, MODEM_STATE, MODEM_IDENTITY, MODEM_STATUS, MODEM_RX,
		MODEM_READ, MODEM_FREED, MODEM_SENDING, MODEM_SENT, MODEM_PONG };
	struct modem_msg m = { .type = types[next() % (sizeof(types) / sizeof(types[0]))] };

	if (m.type == MODEM_HELLO) {
		m.u.iam.version = MODEM_PROTOCOL;
	} else if (m.type == MODEM_STATE) {
		m.u.state.phase = (uint8_t)(next() % 4);
		snprintf(m.u.state.why, sizeof(m.u.state.why), "why=\"%u\"\n\033[2J", next());
	} else if (m.type == MODEM_STATUS) {
		m.u.status.signal_pct = -1;
	} else if (m.type == MODEM_RX) {
		m.u.rx.handle = next();
		m.u.rx.len = (uint16_t)(next() % (MODEM_TPDU_MAX + 1));
		any_bytes(m.u.rx.tpdu, m.u.rx.len);
	} else if (m.type == MODEM_SENT || m.type == MODEM_SENDING) {
		m.u.sent.id = next() % 8;	/* an SMS of another line, perhaps */
		m.u.sent.outcome = (uint8_t)(next() % 3);
		m.u.sent.reference = (uint16_t)(next() % 256);
	} else if (m.type != MODEM_IDENTITY) {
		m.u.handle.handle = next() % 64;
	}
	if (m.type == MODEM_SENDING)
		m.u.sending.id = next() % 8;
	return m;
}

static void
be_ready(void)
{
	struct modem_msg m = { .type = MODEM_HELLO };

	m.u.iam.version = MODEM_PROTOCOL;
	snprintf(m.u.iam.program, sizeof(m.u.iam.program), "liar");
	say(&m);
	m = (struct modem_msg){ .type = MODEM_STATE };
	m.u.state.phase = MODEM_READY;
	say(&m);
}

/* ---- manners ------------------------------------------------------------------------ */

static void
garbage(void)
{
	static uint8_t bytes[OVERSIZED];
	size_t n = next() % 5 == 0 ? next() % OVERSIZED : next() % 64;

	any_bytes(bytes, n);
	say_bytes(bytes, n);
}

/* A good frame, cut short, lengthened or with a bit turned. */
static void
damaged(void)
{
	uint8_t bytes[MODEM_MSG_MAX + 64];
	struct modem_msg m = any_message();
	size_t n = modem_msg_encode(&m, bytes, MODEM_MSG_MAX);

	any_bytes(bytes + n, 64);
	if (n > 0 && next() % 3 == 0)
		bytes[next() % n] ^= (uint8_t)(1u << next() % 8);
	else if (next() % 2 == 0)
		n += next() % 64;
	else if (n > 0)
		n = next() % n;
	say_bytes(bytes, n);
}

static void
flood(void)
{
	struct modem_msg m = any_message();

	say(&m);
}

static void
flood_of_texts(void)
{
	struct modem_msg m = { .type = MODEM_RX };

	m.u.rx.handle = next();
	m.u.rx.len = 40;
	any_bytes(m.u.rx.tpdu, m.u.rx.len);
	m.u.rx.tpdu[0] = 0x04;
	m.u.rx.tpdu[1] = 11;
	m.u.rx.tpdu[2] = 0x91;
	say(&m);
}

/* Answers what it is asked, but never what became of an SMS; or says so twice, or of another. */
static void
half_answers(void)
{
	static uint8_t bytes[MODEM_MSG_MAX];
	struct pollfd p = { .fd = CORE_FD, .events = POLLIN };
	struct modem_msg asked, m = { .type = MODEM_PONG };
	const char *why;
	ssize_t n;

	if (poll(&p, 1, 50) != 1)
		return;
	n = recv(CORE_FD, bytes, sizeof(bytes), 0);
	if (n <= 0)
		exit(0);
	if (modem_msg_decode(&asked, bytes, (size_t)n, &why) != 0 || asked.type != CORE_SEND) {
		say(&m);
		return;
	}
	m.type = MODEM_SENT;
	m.u.sent.id = asked.u.send.id + (int64_t)(next() % 3) - 1;
	m.u.sent.outcome = (uint8_t)(next() % 3);
	say(&m);
	say(&m);
}

static void
deaf(void)
{
	poll(NULL, 0, 100);
}

static void
hang_up(void)
{
	close(CORE_FD);
	poll(NULL, 0, LIFE_MS);
	exit(0);
}

static void
empty(void)
{
	say_bytes((const uint8_t *)"", 0);
}

static const struct {
	const char *name;
	void	(*lie)(void);
	int	ready;		/* it says first that all is well */
} manners[] = {
	{ "garbage", garbage, 0 }, { "garbage", garbage, 1 }, { "damaged", damaged, 1 }, { "flood", flood, 1 },
	{ "flood", flood, 0 }, { "flood-of-texts", flood_of_texts, 1 }, { "half-answers", half_answers, 1 },
	{ "deaf", deaf, 1 }, { "hang-up", hang_up, 1 }, { "empty", empty, 0 },
};

int
main(void)
{
	const char *seed = getenv("LIAR_SEED");
	size_t i;

	state = (uint32_t)(seed != NULL ? strtoul(seed, NULL, 10) : 1) * 2654435761u;
	state = (state ^ ((uint32_t)getpid() << 8)) | 1;
	for (int warm = 0; warm < 8; warm++)
		next();
	i = next() % (sizeof(manners) / sizeof(manners[0]));
	fprintf(stderr, "liar: %s seed=%u\n", manners[i].name, state);
	alarm(LIFE_MS / 1000 + 1);	/* its end may also be a signal */
	if (manners[i].ready)
		be_ready();
	for (;;)
		manners[i].lie();
}
