/* The socket to the core on fd 3: one message a datagram. */
#include "modem/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"

void
channel_send(const struct modem_msg *m)
{
	static uint8_t mem[MODEM_MSG_MAX];
	size_t n = modem_msg_encode(m, mem, sizeof mem);
	ssize_t sent;

	if (n == 0)
		fatalx("channel.encode type=%s", modem_msg_name(m->type));
	do
		sent = send(CHANNEL_FD, mem, n, MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	if (sent == -1 && (errno == EPIPE || errno == ECONNRESET))
		exit(0);
	if (sent == -1)
		fatal("channel.send type=%s", modem_msg_name(m->type));
}

int
channel_receive(struct modem_msg *m, int timeout_ms)
{
	static uint8_t mem[MODEM_MSG_MAX + 1];
	struct pollfd p = { .fd = CHANNEL_FD, .events = POLLIN };
	const char *why = "longer than any message";
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	n = recv(CHANNEL_FD, mem, sizeof mem, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n == 0 || (n == -1 && errno == ECONNRESET))
		exit(0);
	if (n == -1)
		fatal("channel.receive");
	if (n > MODEM_MSG_MAX || modem_msg_decode(m, mem, (size_t)n, &why) == -1)
		fatalx("channel.frame bytes=%zd why=\"%s\"", n, why);
	if (m->type >= MODEM_HELLO)
		fatalx("channel.frame type=%s why=\"not for a transport\"", modem_msg_name(m->type));
	return 1;
}

void
channel_state(enum modem_phase phase, const char *why)
{
	struct modem_msg m = { .type = MODEM_STATE };

	m.u.state.phase = (uint8_t)phase;
	snprintf(m.u.state.why, sizeof m.u.state.why, "%s", why);
	channel_send(&m);
}

void
channel_handle(enum modem_type type, uint32_t handle)
{
	struct modem_msg m = { .type = type };

	m.u.handle.handle = handle;
	channel_send(&m);
}

void
channel_freed(uint32_t handle, bool deleted)
{
	struct modem_msg m = { .type = MODEM_FREED };

	m.u.freed.handle = handle;
	m.u.freed.deleted = deleted;
	channel_send(&m);
}
