/* tocsin-modem: one process per modem, between libgammu and the core's socket on fd 3. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "modem/channel.h"
#include "modem/phone.h"
#include "modem/receive.h"
#include "modem/sandbox.h"
#include "modem/send.h"
#include "modem/wake.h"

#define ABSENT_RETRY_MS	2000
#define STATUS_MS	60000
#define POLL_MS		30000	/* for modems that forget to tell of a message */
#define MESSAGES_A_TURN	32
#define DIALOGUE_MS	100	/* for a POISON that follows our HELLO */
#define STOP_MS		6000	/* for the answer to a text, so that nothing is in doubt; the core kills us after 8 s */

struct line {
	struct modem_msg hello;
	struct phone *phone;
	struct receive *receive;
	struct send send;
	struct modem_msg status;
	unsigned next_status;	/* enum phone_status of the next question; 3: none is due */
	int64_t	 status_due_ms, poll_due_ms, poll_ms;
	int64_t	 stop_ms;	/* the end, whatever is on its way; 0: not yet */
	bool	 connected;
};

static int64_t
seconds(const struct modem_msg *hello, const char *key, int64_t otherwise_ms)
{
	const char *text = wake_setting(hello, key);
	char *end;
	long n;

	if (text == NULL)
		return otherwise_ms;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || n < 1 || n > 86400) {
		log_warnx("line.setting key=%s why=\"not a number of seconds\"", key);
		return otherwise_ms;
	}
	return n * 1000;
}

static int64_t
now_ms(void)
{
	return clock_now().mono.ms;
}

/* ---- what the core says ---------------------------------------------------------- */

static void
on_poison(struct line *l, const struct modem_msg *m)
{
	receive_poison(l->receive, m);
}

static void
on_stored(struct line *l, const struct modem_msg *m)
{
	receive_stored(l->receive, m->u.handle.handle);
}

static void
on_send(struct line *l, const struct modem_msg *m)
{
	struct modem_msg refused = { .type = MODEM_SENT };

	if (l->connected && l->stop_ms == 0) {
		send_begin(&l->send, l->phone, m);
		return;
	}
	refused.u.sent.id = m->u.send.id;
	refused.u.sent.outcome = OUTCOME_REFUSED;
	snprintf(refused.u.sent.why, sizeof refused.u.sent.why, l->connected ? "stopping" : "not connected");
	channel_send(&refused);
}

static void
on_ping(struct line *l, const struct modem_msg *m)
{
	struct modem_msg pong = { .type = MODEM_PONG };

	(void)l;
	pong.u.ping.n = m->u.ping.n;
	channel_send(&pong);
}

static void __attribute__((noreturn))
hang_up(struct line *l)
{
	send_abandon(&l->send, l->phone, "stopped before the modem answered");
	phone_free(l->phone);
	receive_free(l->receive);
	exit(0);
}

static void
on_stop(struct line *l, const struct modem_msg *m)
{
	(void)m;
	if (!l->send.busy)
		hang_up(l);
	l->stop_ms = now_ms() + STOP_MS;
}

static void
on_hello(struct line *l, const struct modem_msg *m)
{
	(void)l;
	(void)m;
	fatalx("line.hello why=\"a second one\"");
}

static const struct {
	enum modem_type type;
	void	(*run)(struct line *, const struct modem_msg *);
} handlers[] = {
	{ CORE_HELLO, on_hello }, { CORE_POISON, on_poison }, { CORE_STORED, on_stored },
	{ CORE_SEND, on_send }, { CORE_PING, on_ping }, { CORE_STOP, on_stop },
};

/* Answers what the core has said by now; waits for a first message at most timeout_ms. */
static void
listen_to_core(struct line *l, int timeout_ms)
{
	static struct modem_msg m;

	for (int n = 0; n < MESSAGES_A_TURN && channel_receive(&m, n == 0 ? timeout_ms : 0) == 1; n++)
		for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
			if (handlers[i].type == m.type)
				handlers[i].run(l, &m);
}

/* ---- the beginning ----------------------------------------------------------------- */

static void
greet(struct line *l)
{
	struct modem_msg m = { .type = MODEM_HELLO };

	channel_receive(&l->hello, -1);
	if (l->hello.type != CORE_HELLO || l->hello.u.hello.version != MODEM_PROTOCOL)
		fatalx("line.hello why=\"another protocol\"");
	m.u.iam.version = MODEM_PROTOCOL;
	snprintf(m.u.iam.program, sizeof m.u.iam.program, "tocsin-modem %s (%s)", TOCSIN_VERSION, phone_library());
	channel_send(&m);
}

static void
make_parts(struct line *l)
{
	struct tap_events events = { .message = receive_message, .notice = receive_notice };

	l->receive = receive_new();
	events.ctx = l->receive;
	l->phone = l->receive == NULL ? NULL : phone_new(&l->hello, &events);
	if (l->phone == NULL)
		fatalx("line.start why=\"out of memory\"");
	send_init(&l->send, seconds(&l->hello, "send_timeout_s", SEND_TIMEOUT_MS));
	l->poll_ms = seconds(&l->hello, "poll_s", POLL_MS);
	receive_list_wanted(l->receive);
}

/* Tells a new reason once, and waits while answering the core. */
static void
wait_in(struct line *l, enum modem_phase phase, const char *why, char *told, size_t size)
{
	int64_t until = now_ms() + ABSENT_RETRY_MS;

	if (strcmp(told, why) != 0) {
		channel_state(phase, why);
		log_info("line.waiting why=\"%s\"", why);
		snprintf(told, size, "%s", why);
	}
	for (int64_t left = ABSENT_RETRY_MS; left > 0; left = until - now_ms())
		listen_to_core(l, (int)left);
}

static void __attribute__((noreturn))
give_up(struct line *l, const char *why)
{
	send_abandon(&l->send, l->phone, why);
	channel_state(MODEM_FAILED, why);
	log_warnx("line.failed why=\"%s\"", why);
	exit(1);
}

/* A PIN refused three times blocks the SIM: stay, so that nobody starts us to try again. */
static void __attribute__((noreturn))
stay_locked(struct line *l, const char *why, char *told, size_t size)
{
	for (;;)
		wait_in(l, MODEM_CONNECTING, why, told, size);
}

static void
connect_phone(struct line *l)
{
	char why[160] = "", told[160] = "";

	for (;;) {
		enum phone_link link;

		if (told[0] == '\0')
			channel_state(MODEM_CONNECTING, "");
		link = phone_connect(l->phone, why, sizeof why);
		if (link == PHONE_CONNECTED)
			return;
		if (link == PHONE_BROKEN)
			give_up(l, why);
		if (link == PHONE_LOCKED)
			stay_locked(l, why, told, sizeof told);
		wait_in(l, MODEM_ABSENT, why, told, sizeof told);
	}
}

static void
introduce(struct line *l)
{
	static struct modem_msg identity;

	if (phone_identity(l->phone, &identity) == -1)
		give_up(l, "no answer when asked for its identity");
	/* What is known to kill us goes before anything is read. */
	listen_to_core(l, 0);
	while (receive_poisoned(l->receive))
		if (receive_turn(l->receive, l->phone, now_ms()) == -1)
			give_up(l, "no answer when deleting");
	l->connected = true;
	channel_state(MODEM_READY, "");
	channel_send(&identity);
	log_info("line.ready line=%s model=\"%s\"", l->hello.u.hello.line, identity.u.identity.model);
}

/* ---- the loop ------------------------------------------------------------------------ */

static int
sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static int
until(int64_t due_ms, int64_t now)
{
	return due_ms > now ? (int)(due_ms - now) : 0;
}

/* How long nothing needs to be done; 0: something does. */
static int
wait_ms(const struct line *l, int64_t now)
{
	int wait;

	if (l->send.busy)
		return sooner(send_wait_ms(&l->send, now), l->stop_ms != 0 ? until(l->stop_ms, now) : -1);
	if (receive_busy(l->receive) || l->next_status <= PHONE_MEMORIES)
		return 0;
	wait = sooner(until(l->status_due_ms, now), until(l->poll_due_ms, now));
	return sooner(wait, receive_wait_ms(l->receive, now));
}

static bool
wait_for_either(struct line *l, int timeout_ms)
{
	struct pollfd p[2] = {
		{ .fd = CHANNEL_FD, .events = POLLIN },
		{ .fd = phone_fd(l->phone), .events = POLLIN },
	};

	if (poll(p, 2, timeout_ms) == -1 && errno != EINTR)
		fatal("line.poll");
	if (p[1].revents & (POLLERR | POLLNVAL))
		return false;
	/* What a device said before it was unplugged is still read. */
	if ((p[1].revents & (POLLIN | POLLHUP)) && phone_pump(l->phone) == -1)
		return false;
	return !(p[1].revents & POLLHUP) || (p[1].revents & POLLIN);
}

/* One question at a time, so that a message does not wait for all of them. */
static int
ask_status(struct line *l, int64_t now)
{
	enum phone_status part = (enum phone_status)l->next_status;

	l->status.type = MODEM_STATUS;
	if (phone_status(l->phone, part, &l->status) == -1)
		return -1;
	if (part == PHONE_MEMORIES) {
		const struct modem_msg *m = &l->status;

		if ((size_t)m->u.status.sim_used + m->u.status.phone_used > receive_held(l->receive))
			receive_list_wanted(l->receive);
		l->poll_due_ms = now + l->poll_ms;
		channel_send(m);
	}
	l->next_status++;
	return 0;
}

static int
do_timers(struct line *l, int64_t now)
{
	if (l->next_status > PHONE_MEMORIES && now >= l->poll_due_ms) {
		l->next_status = PHONE_MEMORIES;
		if (now >= l->status_due_ms) {
			l->next_status = PHONE_SIGNAL;
			l->status_due_ms = now + STATUS_MS;
		}
	}
	return l->next_status <= PHONE_MEMORIES ? ask_status(l, now) : 0;
}

static void __attribute__((noreturn))
serve(struct line *l)
{
	l->status_due_ms = l->poll_due_ms = now_ms();
	l->next_status = PHONE_MEMORIES + 1;
	for (;;) {
		if (!wait_for_either(l, wait_ms(l, now_ms())))
			give_up(l, "the device is gone");
		listen_to_core(l, 0);
		if (send_check(&l->send, l->phone, now_ms()) == -1)
			give_up(l, "no answer to a text; connecting anew so that a late one is not mistaken");
		if (l->stop_ms != 0 && (!l->send.busy || now_ms() >= l->stop_ms))
			hang_up(l);
		if (l->send.busy)
			continue;
		if (receive_busy(l->receive) || receive_wait_ms(l->receive, now_ms()) == 0) {
			if (receive_turn(l->receive, l->phone, now_ms()) == -1)
				give_up(l, "no answer when reading or deleting");
		} else if (do_timers(l, now_ms()) == -1) {
			give_up(l, "no answer when asked for its status");
		}
	}
}

int
main(void)
{
	static struct line line;
	const char *what;

	log_init("tocsin-modem", getenv("TOCSIN_DEBUG") != NULL);
	if (sandbox_enter(&what) == -1)
		fatal("line.sandbox step=%s", what);
	greet(&line);
	make_parts(&line);
	/* The core answers our greeting with what it knows to be poisonous. */
	listen_to_core(&line, DIALOGUE_MS);
	connect_phone(&line);
	introduce(&line);
	serve(&line);
}
