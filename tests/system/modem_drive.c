/* Plays the core for tocsin-modem: commands in on stdin, every message out as one line. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/modem_msg.h"

/*
 * modem-drive PROGRAM key=value …      (the settings of CORE_HELLO)
 *
 *	stored all | hold | release     answer every RX with STORED; no more; and those held back
 *	send ID DEST TEXT               with a report asked for and a day to live; \n in TEXT is a line end
 *	poison MEMORY SLOT HEX          MEMORY as in enum modem_memory
 *	ping N | stop | stats | quit    quit: stop, wait for the end, print "exit N"
 */
#define HELD_MAX	2048

struct drive {
	int	 fd;
	pid_t	 pid;
	bool	 answer, ended;
	uint32_t held[HELD_MAX];
	size_t	 n_held;
	unsigned rx, freed, deleted, sent;
	int64_t	 first_rx, last_freed;
};

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
speak(struct drive *d, const struct modem_msg *m)
{
	static uint8_t mem[MODEM_MSG_MAX];
	size_t n = modem_msg_encode(m, mem, sizeof mem);

	if (n == 0)
		printf("error cannot encode %s\n", modem_msg_name(m->type));
	else if (!d->ended && send(d->fd, mem, n, MSG_NOSIGNAL) == -1)
		printf("error send: %s\n", strerror(errno));
}

static void
say_stored(struct drive *d, uint32_t handle)
{
	struct modem_msg m = { .type = CORE_STORED };

	m.u.handle.handle = handle;
	speak(d, &m);
}

/* ---- what the transport says ------------------------------------------------ */

static void
show_rx(struct drive *d, const struct modem_msg *m)
{
	printf("rx handle=%u memory=%u slot=%u tpdu=", m->u.rx.handle, m->u.rx.memory, m->u.rx.slot);
	for (size_t i = 0; i < m->u.rx.len; i++)
		printf("%02X", m->u.rx.tpdu[i]);
	putchar('\n');
	if (d->rx++ == 0)
		d->first_rx = clock_now().mono.ms;
	if (d->answer)
		say_stored(d, m->u.rx.handle);
	else if (d->n_held < HELD_MAX)
		d->held[d->n_held++] = m->u.rx.handle;
}

static void
show_identity(struct drive *d, const struct modem_msg *m)
{
	(void)d;
	printf("identity imei=%s imsi=%s iccid=%s manufacturer=\"%s\" model=\"%s\" firmware=\"%s\"\n", m->u.identity.imei,
	    m->u.identity.imsi, m->u.identity.iccid, m->u.identity.manufacturer, m->u.identity.model,
	    m->u.identity.firmware);
}

static void
show_status(struct drive *d, const struct modem_msg *m)
{
	(void)d;
	printf("status dbm=%d pct=%d registration=%u operator=%s name=\"%s\" sim=%u/%u phone=%u/%u\n", m->u.status.signal_dbm,
	    m->u.status.signal_pct, m->u.status.registration, m->u.status.operator_code, m->u.status.operator_name,
	    m->u.status.sim_used, m->u.status.sim_capacity, m->u.status.phone_used, m->u.status.phone_capacity);
}

static void
show_freed(struct drive *d, const struct modem_msg *m)
{
	printf("freed handle=%u deleted=%u\n", m->u.freed.handle, m->u.freed.deleted);
	d->freed++;
	d->deleted += m->u.freed.deleted;
	d->last_freed = clock_now().mono.ms;
}

static void
show_sent(struct drive *d, const struct modem_msg *m)
{
	static const char *const outcomes[] = { "sent", "refused", "unknown" };

	d->sent++;
	printf("sent id=%lld outcome=%s reference=%u error=%u why=\"%s\"\n", (long long)m->u.sent.id,
	    outcomes[m->u.sent.outcome % 3], m->u.sent.reference, m->u.sent.error, m->u.sent.why);
}

static void
show(struct drive *d, const struct modem_msg *m)
{
	static const char *const phases[] = { "absent", "connecting", "ready", "failed" };

	switch (m->type) {
	case MODEM_HELLO:
		printf("hello version=%u program=\"%s\"\n", m->u.iam.version, m->u.iam.program);
		break;
	case MODEM_STATE:
		printf("state %s why=\"%s\"\n", phases[m->u.state.phase % 4], m->u.state.why);
		break;
	case MODEM_IDENTITY:
		show_identity(d, m);
		break;
	case MODEM_STATUS:
		show_status(d, m);
		break;
	case MODEM_RX:
		show_rx(d, m);
		break;
	case MODEM_READ:
		printf("read handle=%u\n", m->u.handle.handle);
		break;
	case MODEM_FREED:
		show_freed(d, m);
		break;
	case MODEM_SENDING:
		printf("sending id=%lld\n", (long long)m->u.sending.id);
		break;
	case MODEM_SENT:
		show_sent(d, m);
		break;
	default:
		printf("pong n=%u\n", m->u.ping.n);
	}
}

static void
hear(struct drive *d)
{
	static uint8_t mem[MODEM_MSG_MAX + 1];
	static struct modem_msg m;
	const char *why;
	ssize_t n = recv(d->fd, mem, sizeof mem, 0);
	int status = 0;

	if (n > 0 && modem_msg_decode(&m, mem, (size_t)n, &why) == 0) {
		show(d, &m);
		return;
	}
	if (n > 0)
		printf("error bad frame: %s\n", why);
	d->ended = true;
	waitpid(d->pid, &status, 0);
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* ---- what the script says ----------------------------------------------------- */

static void
do_send(struct drive *d, const char *args)
{
	struct modem_msg m = { .type = CORE_SEND };
	char text[4 * MODEM_TEXT_MAX];
	size_t n = 0;
	int at = 0;

	if (sscanf(args, "%ld %23s %n", &m.u.send.id, m.u.send.dest, &at) < 2) {
		printf("error send ID DEST TEXT\n");
		return;
	}
	for (const char *p = args + at; *p != '\0' && n + 1 < sizeof text; p++) {
		text[n] = *p;
		if (p[0] == '\\' && p[1] == 'n') {
			text[n] = '\n';
			p++;
		}
		n++;
	}
	text[n] = '\0';
	snprintf(m.u.send.text, sizeof m.u.send.text, "%.*s", (int)sizeof m.u.send.text - 1, text);
	m.u.send.want_report = 1;
	m.u.send.validity_min = 1440;
	speak(d, &m);
}

static void
do_poison(struct drive *d, const char *args)
{
	struct modem_msg m = { .type = CORE_POISON };
	unsigned memory, slot, octet;
	int at = 0, n;

	if (sscanf(args, "%u %u %n", &memory, &slot, &at) < 2)
		return;
	m.u.rx.memory = (uint8_t)memory;
	m.u.rx.slot = (uint16_t)slot;
	for (const char *p = args + at; m.u.rx.len < MODEM_TPDU_MAX && sscanf(p, "%2x%n", &octet, &n) == 1; p += n)
		m.u.rx.tpdu[m.u.rx.len++] = (uint8_t)octet;
	speak(d, &m);
}

static void
do_stored(struct drive *d, const char *args)
{
	(void)args;
	d->answer = true;
}

static void
do_hold(struct drive *d, const char *args)
{
	(void)args;
	d->answer = false;
}

static void
do_release(struct drive *d, const char *args)
{
	do_stored(d, args);
	for (size_t i = 0; i < d->n_held; i++)
		say_stored(d, d->held[i]);
	d->n_held = 0;
}

static void
do_ping(struct drive *d, const char *args)
{
	struct modem_msg m = { .type = CORE_PING };

	m.u.ping.n = (uint32_t)strtoul(args, NULL, 10);
	speak(d, &m);
}

static void
do_stop(struct drive *d, const char *args)
{
	struct modem_msg m = { .type = CORE_STOP };

	(void)args;
	speak(d, &m);
}

/* Processor time and memory of the transport, from /proc. */
static void
do_stats(struct drive *d, const char *args)
{
	char path[64], line[1024];
	unsigned long user = 0, system = 0;
	unsigned peak = 0;
	FILE *f;

	(void)args;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)d->pid);
	f = fopen(path, "r");
	if (f != NULL) {
		if (fgets(line, sizeof line, f) != NULL && strrchr(line, ')') != NULL)
			sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
		fclose(f);
	}
	snprintf(path, sizeof path, "/proc/%d/status", (int)d->pid);
	f = fopen(path, "r");
	if (f != NULL) {
		while (fgets(line, sizeof line, f) != NULL)
			sscanf(line, "VmHWM: %u", &peak);
		fclose(f);
	}
	printf("stats rx=%u freed=%u deleted=%u sent=%u span_ms=%lld cpu_ms=%lu peak_kb=%u\n", d->rx, d->freed, d->deleted,
	    d->sent, (long long)(d->last_freed - d->first_rx), (user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK),
	    peak);
}

static const struct {
	const char *name;
	void	(*run)(struct drive *, const char *args);
} commands[] = {
	{ "stored", do_stored }, { "hold", do_hold }, { "release", do_release }, { "send", do_send },
	{ "poison", do_poison }, { "ping", do_ping }, { "stop", do_stop }, { "quit", do_stop }, { "stats", do_stats },
};

static void
obey(struct drive *d, char *line)
{
	size_t n = strcspn(line, " ");
	const char *args = line[n] == '\0' ? "" : line + n + 1;

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strlen(commands[i].name) == n && strncmp(line, commands[i].name, n) == 0) {
			commands[i].run(d, args);
			return;
		}
	}
	printf("error unknown command '%s'\n", line);
}

/* false: no more commands will come. */
static bool
take_input(struct drive *d)
{
	static char buf[16384];
	static size_t len;
	ssize_t n = read(STDIN_FILENO, buf + len, sizeof buf - len - 1);
	char *end;

	if (n <= 0)
		return false;
	len += (size_t)n;
	buf[len] = '\0';
	while ((end = memchr(buf, '\n', len)) != NULL) {
		*end = '\0';
		if (buf[0] != '\0')
			obey(d, buf);
		len -= (size_t)(end + 1 - buf);
		memmove(buf, end + 1, len);
	}
	return true;
}

/* ---- beginning and end ----------------------------------------------------------- */

static void
start(struct drive *d, char *program)
{
	char *argv[] = { program, NULL };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		die("socketpair");
	d->pid = fork();
	if (d->pid == -1)
		die("fork");
	if (d->pid == 0) {
		int high = fcntl(pair[1], F_DUPFD, 10);

		/* dup2() onto itself would leave the descriptor to be closed at exec. */
		if (high == -1 || dup2(high, 3) == -1)
			die("dup2");
		execv(program, argv);
		die(program);
	}
	close(pair[1]);
	d->fd = pair[0];
}

static void
greet(struct drive *d, int argc, char **argv)
{
	static struct modem_msg m = { .type = CORE_HELLO };

	m.u.hello.version = MODEM_PROTOCOL;
	snprintf(m.u.hello.line, sizeof m.u.hello.line, "m1");
	for (int i = 0; i < argc && m.u.hello.n < MODEM_SETTINGS_MAX; i++) {
		struct modem_setting *s = &m.u.hello.v[m.u.hello.n];
		const char *equals = strchr(argv[i], '=');

		if (equals == NULL)
			continue;
		snprintf(s->key, sizeof s->key, "%.*s", (int)(equals - argv[i]), argv[i]);
		snprintf(s->value, sizeof s->value, "%s", equals + 1);
		m.u.hello.n++;
	}
	speak(d, &m);
}

int
main(int argc, char **argv)
{
	static struct drive d;
	bool open_input = true;

	if (argc < 2) {
		fprintf(stderr, "usage: modem-drive PROGRAM key=value ...\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	start(&d, argv[1]);
	greet(&d, argc - 2, argv + 2);
	while (!d.ended) {
		struct pollfd p[2] = {
			{ .fd = d.fd, .events = POLLIN },
			{ .fd = open_input ? STDIN_FILENO : -1, .events = POLLIN },
		};

		if (poll(p, 2, -1) == -1 && errno != EINTR)
			die("poll");
		if (p[0].revents != 0)
			hear(&d);
		if (p[1].revents != 0 && !take_input(&d)) {
			open_input = false;
			do_stop(&d, "");
		}
	}
	return 0;
}
