/* The modem processes: spawned, watched, restarted with back-off; and what may be asked of a line. */
#include "core/modems.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "core/accept.h"
#include "core/core.h"
#include "core/dispatch.h"

#define TRANSPORT_FD	3
#define TICK_S		5		/* how often deadlines are looked at */
#define BACKOFF_MAX_S	300
#define CALM_MS		INT64_C(60000)	/* a line that was ready this long starts with the shortest back-off again */
#define FRAMES_MAX	64		/* of one line in one turn of the loop */
#define FRAMES_BUSY	4	/* the same while messages wait to be decided: one line must not bury the others */
#define FRAMES_FLOOD	20000	/* in one tick: no modem has so much to say */
#define LATE_MS		5000	/* a tick so late: we were held up, or the machine slept, and nobody was silent */
#define DRAIN_MAX	64		/* times FRAMES_MAX: more than a socket buffer holds */
#define POISON_MAX	8
#define DEATHS_MAX	2		/* so often may one SMS kill its reader before it is deleted unread */

struct poison {
	uint8_t	 memory;
	uint16_t slot, len;
	uint8_t	 tpdu[MODEM_TPDU_MAX];
};

/*
 * A line's process. States, and the function that makes each step:
 *	STOPPED  -> RUNNING   [modem_spawn]
 *	RUNNING  -> DYING     [modem_lost]     end of file, a bad frame, a missed deadline
 *	DYING    -> STOPPED   [on_child]       reaped; a timer then spawns it again
 */
struct modem {
	struct line	 line;
	const struct line_conf *conf;
	struct modems	*all;
	pid_t		 pid;		/* 0: none */
	int		 fd;		/* -1: none */
	struct event	*readable, *restart;
	int		 backoff_s;
	uint32_t	 ping;
	mono_t		 heard;		/* the last frame from it */
	mono_t		 sent_at, ready_at;
	struct poison	 suspect;	/* handed over, not yet survived; len 0: none */
	uint32_t	 suspect_handle;
	bool	 suspect_stored;	/* on the disk: it may be deleted */
	unsigned frames;		/* since the last tick */
	unsigned	 deaths;	/* by the suspect */
	struct poison	 poison[POISON_MAX];
	size_t		 n_poison;
};

struct modems {
	struct core	*core;
	struct event_base *base;
	struct event	*child, *tick;
	bool		 stopping;
	mono_t		 ticked;
	char		 program[CONF_PATH_SIZE];
	size_t		 n;
	struct modem	 v[CONF_LINES_MAX];
};

static void	modem_lost(struct modem *, const char *why);

size_t
modems_count(const struct modems *m)
{
	return m->n;
}

struct line *
modems_line(struct modems *m, size_t i)
{
	return &m->v[i].line;
}

struct line *
modems_find(struct modems *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->v[i].line.name, name) == 0)
			return &m->v[i].line;
	return NULL;
}

/* ---- writing ------------------------------------------------------------------------- */

static int
modem_write(struct modem *m, const struct modem_msg *msg)
{
	uint8_t frame[MODEM_MSG_MAX];
	size_t n = modem_msg_encode(msg, frame, sizeof(frame));

	if (n == 0 || m->fd == -1)
		return -1;
	if (send(m->fd, frame, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n)
		return 0;
	/* A transport that does not read its socket is as good as dead; the tick will see to it. */
	log_warn("modem.write.failed line=%s type=%s", m->line.name, modem_msg_name(msg->type));
	return -1;
}

static struct modem *
modem_of(struct line *line)
{
	return (struct modem *)(void *)line;	/* line is its first member */
}

void
modems_stored(struct modems *all, struct line *line, uint32_t handle)
{
	struct modem_msg msg = { .type = CORE_STORED, .u.handle.handle = handle };

	struct modem *m = modem_of(line);

	(void)all;
	m->suspect_stored |= m->suspect.len != 0 && handle == m->suspect_handle;
	modem_write(m, &msg);
}

int
modems_send(struct modems *all, struct line *line, int64_t id, const char *dest, const char *text,
    uint32_t validity_min, bool want_report, struct now now)
{
	struct modem *m = modem_of(line);
	struct modem_msg msg = { .type = CORE_SEND };

	(void)all;
	msg.u.send.id = id;
	snprintf(msg.u.send.dest, sizeof(msg.u.send.dest), "%s", dest);
	snprintf(msg.u.send.text, sizeof(msg.u.send.text), "%s", text);
	msg.u.send.validity_min = validity_min;
	msg.u.send.want_report = want_report;
	m->sent_at = now.mono;
	return modem_write(m, &msg);
}

static void
modem_greet(struct modem *m)
{
	struct modem_msg msg = { .type = CORE_HELLO };

	msg.u.hello.version = MODEM_PROTOCOL;
	snprintf(msg.u.hello.line, sizeof(msg.u.hello.line), "%s", m->line.name);
	msg.u.hello.n = m->conf->n;
	memcpy(msg.u.hello.v, m->conf->v, m->conf->n * sizeof(m->conf->v[0]));
	modem_write(m, &msg);
	for (size_t i = 0; i < m->n_poison; i++) {
		struct modem_msg p = { .type = CORE_POISON };

		p.u.rx.memory = m->poison[i].memory;
		p.u.rx.slot = m->poison[i].slot;
		p.u.rx.len = m->poison[i].len;
		memcpy(p.u.rx.tpdu, m->poison[i].tpdu, m->poison[i].len);
		modem_write(m, &p);
	}
	m->n_poison = 0;
}

/* ---- what a transport says -------------------------------------------------------------- */

static int
on_hello(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)now;
	if (msg->u.iam.version != MODEM_PROTOCOL) {
		log_warnx("modem.version line=%s theirs=%u ours=%u", m->line.name, msg->u.iam.version, MODEM_PROTOCOL);
		return -1;
	}
	log_info("modem.started line=%s program=\"%s\"", m->line.name, msg->u.iam.program);
	return 0;
}

static int
on_state(struct modem *m, const struct modem_msg *msg, struct now now)
{
	static const char *const words[] = { [MODEM_ABSENT] = "absent", [MODEM_CONNECTING] = "connecting",
	    [MODEM_READY] = "ready", [MODEM_FAILED] = "failed" };

	if (m->line.phase != msg->u.state.phase) {
		m->ready_at.ms = msg->u.state.phase == MODEM_READY ? now.mono.ms : 0;
		m->line.since = now.wall;
		log_info("modem.state line=%s state=%s why=\"%s\"", m->line.name, words[msg->u.state.phase],
		    msg->u.state.why);
	}
	m->line.phase = msg->u.state.phase;
	snprintf(m->line.why, sizeof(m->line.why), "%s", msg->u.state.why);
	return 0;
}

static int
on_identity(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)now;
	snprintf(m->line.imei, sizeof(m->line.imei), "%s", msg->u.identity.imei);
	/* SMS are known by it: a SIM that once does not tell it is still the same SIM. */
	if (msg->u.identity.imsi[0] != '\0')
		snprintf(m->line.imsi, sizeof(m->line.imsi), "%s", msg->u.identity.imsi);
	snprintf(m->line.model, sizeof(m->line.model), "%s", msg->u.identity.model);
	return 0;
}

static int
on_status(struct modem *m, const struct modem_msg *msg, struct now now)
{
	struct line *l = &m->line;

	(void)now;
	l->signal_dbm = msg->u.status.signal_dbm;
	l->signal_pct = msg->u.status.signal_pct;
	l->registration = msg->u.status.registration;
	l->sim_used = msg->u.status.sim_used;
	l->sim_capacity = msg->u.status.sim_capacity;
	snprintf(l->operator_name, sizeof(l->operator_name), "%s", msg->u.status.operator_name);
	snprintf(l->operator_code, sizeof(l->operator_code), "%s", msg->u.status.operator_code);
	return 0;
}

static int
on_rx(struct modem *m, const struct modem_msg *msg, struct now now)
{
	struct poison *s = &m->suspect;

	/* The same SMS as the one that killed the last reader? Then its deaths go on being counted. */
	if (s->len != msg->u.rx.len || memcmp(s->tpdu, msg->u.rx.tpdu, s->len) != 0)
		m->deaths = 0;
	s->memory = msg->u.rx.memory;
	s->slot = msg->u.rx.slot;
	s->len = msg->u.rx.len;
	memcpy(s->tpdu, msg->u.rx.tpdu, s->len);
	m->suspect_handle = msg->u.rx.handle;
	m->suspect_stored = false;
	accept_rx(m->all->core, &m->line, msg, now);
	return 0;
}

static int
on_read(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)now;
	if (msg->u.handle.handle == m->suspect_handle) {
		m->suspect.len = 0;
		m->deaths = 0;
	}
	return 0;
}

static int
on_freed(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)now;
	if (!msg->u.freed.deleted)
		log_warnx("modem.undeleted line=%s handle=%u", m->line.name, msg->u.freed.handle);
	return 0;
}

static int
on_sending(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)now;
	if (msg->u.sending.id == m->line.sending)
		m->line.announced = true;
	return 0;
}

static int
on_sent(struct modem *m, const struct modem_msg *msg, struct now now)
{
	dispatch_sent(m->all->core, &m->line, msg, now);
	return 0;
}

static int
on_pong(struct modem *m, const struct modem_msg *msg, struct now now)
{
	(void)m;
	(void)msg;
	(void)now;
	return 0;
}

/* A message is a row: lengths and ranges were checked by the decoder. */
static const struct {
	enum modem_type type;
	int	(*handle)(struct modem *, const struct modem_msg *, struct now);
} handlers[] = {
	{ MODEM_HELLO, on_hello }, { MODEM_STATE, on_state }, { MODEM_IDENTITY, on_identity },
	{ MODEM_STATUS, on_status }, { MODEM_RX, on_rx }, { MODEM_READ, on_read }, { MODEM_FREED, on_freed },
	{ MODEM_SENDING, on_sending }, { MODEM_SENT, on_sent }, { MODEM_PONG, on_pong },
};

static int
modem_frame(struct modem *m, const uint8_t *p, size_t n)
{
	struct modem_msg msg;
	const char *why;
	struct now now = clock_now();

	if (modem_msg_decode(&msg, p, n, &why) != 0) {
		log_warnx("modem.frame.bad line=%s why=\"%s\"", m->line.name, why);
		return -1;
	}
	m->heard = now.mono;
	m->frames++;
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].type == msg.type)
			return handlers[i].handle(m, &msg, now);
	log_warnx("modem.frame.unexpected line=%s type=%s", m->line.name, modem_msg_name(msg.type));
	return -1;
}

/* Reads a bounded number of frames. 0: more may come, 1: nothing for now, -1: it is over. */
static int
modem_read(struct modem *m, int max)
{
	uint8_t frame[MODEM_MSG_MAX + 1];

	while (max-- > 0 && m->fd != -1) {
		ssize_t n = recv(m->fd, frame, sizeof(frame), MSG_DONTWAIT);

		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return 1;
		if (n <= 0 || modem_frame(m, frame, (size_t)n) != 0)
			return -1;
	}
	return 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	if (modem_read(m, m->all->core->more ? FRAMES_BUSY : FRAMES_MAX) < 0)
		modem_lost(m, "it ended");
	else if (m->frames > FRAMES_FLOOD)
		modem_lost(m, "it floods us");
}

/* ---- life and death ------------------------------------------------------------------------ */

/* Which SMS did it die of? At the second death of one and the same, the next reader deletes it unread. */
static void
note_suspect(struct modem *m)
{
	if (m->suspect.len == 0)
		return;
	m->deaths++;
	log_warnx("modem.died_reading line=%s slot=%u deaths=%u", m->line.name, m->suspect.slot, m->deaths);
	/* Only what is stored on disk may be deleted. */
	if (m->deaths >= DEATHS_MAX && m->n_poison < POISON_MAX && m->suspect_stored) {
		m->poison[m->n_poison++] = m->suspect;
		m->suspect.len = 0;
		m->deaths = 0;
	}
}

static void
modem_lost(struct modem *m, const char *why)
{
	struct now now = clock_now();

	if (m->fd == -1)
		return;
	if (m->pid > 0)
		kill(m->pid, SIGKILL);
	/* What it said before it died still counts: the outcome of an SMS may be among it. */
	for (int i = 0; i < DRAIN_MAX && modem_read(m, FRAMES_MAX) == 0; i++)
		;
	log_warnx("modem.lost line=%s why=\"%s\"", m->line.name, why);
	event_free(m->readable);
	m->readable = NULL;
	close(m->fd);
	m->fd = -1;
	accept_flush(m->all->core, now);
	accept_line_died(m->all->core, &m->line);
	dispatch_recover(m->all->core, &m->line, now);
	note_suspect(m);
	if (m->ready_at.ms != 0 && now.mono.ms - m->ready_at.ms > CALM_MS)
		m->backoff_s = 0;
	m->ready_at.ms = 0;
	m->line.phase = MODEM_FAILED;
	m->line.since = now.wall;
	snprintf(m->line.why, sizeof(m->line.why), "%s", why);
}

static void
modem_restart_later(struct modem *m)
{
	struct timeval tv = { 0 };

	if (m->all->stopping)
		return;
	m->backoff_s = m->backoff_s == 0 ? 1 : m->backoff_s * 2 < BACKOFF_MAX_S ? m->backoff_s * 2 : BACKOFF_MAX_S;
	tv.tv_sec = m->backoff_s;
	evtimer_add(m->restart, &tv);
	log_info("modem.restart line=%s in_s=%d", m->line.name, m->backoff_s);
}

static int
spawn_at(struct modem *m, int fd, const char *program)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, dfl;
	char name[] = "tocsin-modem";
	char *const argv[] = { name, m->line.name, NULL };
	int rc;

	sigemptyset(&none);
	sigemptyset(&dfl);
	sigaddset(&dfl, SIGPIPE);
	sigaddset(&dfl, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	/* All else is close-on-exec: it gets its socket as fd 3, and our stderr. */
	posix_spawn_file_actions_adddup2(&actions, fd, TRANSPORT_FD);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &dfl);
	rc = posix_spawn(&m->pid, program, &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static void
modem_spawn(struct modem *m)
{
	const char *program = m->conf->program[0] != '\0' ? m->conf->program : m->all->program;
	struct now now = clock_now();
	int sv[2], rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sv) != 0) {
		log_warn("modem.spawn.failed line=%s", m->line.name);
		modem_restart_later(m);
		return;
	}
	/* The child's end blocks: libgammu's program has nothing else to wait for. */
	rc = fcntl(sv[1], F_SETFL, 0) != 0 ? errno : spawn_at(m, sv[1], program);
	if (rc != 0) {
		log_warnx("modem.spawn.failed line=%s program=\"%s\" error=\"%s\"", m->line.name, program, strerror(rc));
		m->pid = 0;
		close(sv[0]);
		close(sv[1]);
		modem_restart_later(m);
		return;
	}
	close(sv[1]);
	m->fd = sv[0];
	m->heard = now.mono;
	m->line.phase = MODEM_CONNECTING;
	m->line.since = now.wall;
	m->readable = event_new(m->all->base, m->fd, EV_READ | EV_PERSIST, on_readable, m);
	if (m->readable == NULL)
		fatalx("out of memory");
	event_add(m->readable, NULL);
	modem_greet(m);
}

static void
on_restart(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	if (m->pid == 0 && !m->all->stopping) {
		m->line.restarts++;
		modem_spawn(m);
	}
}

static void
on_child(evutil_socket_t sig, short what, void *arg)
{
	struct modems *all = arg;
	int status;
	pid_t pid;

	(void)sig;
	(void)what;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < all->n; i++) {
			struct modem *m = &all->v[i];

			if (m->pid != pid)
				continue;
			log_info("modem.exited line=%s status=%d signal=%d", m->line.name,
			    WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
			m->pid = 0;		/* the number may be another's by now: nothing to kill */
			modem_lost(m, WIFSIGNALED(status) ? "it was killed by a signal" : "it exited");
			modem_restart_later(m);
		}
}

/* How long a transport may be silent, by what it is doing: libgammu does not answer while it waits for the modem. */
static int
deadline_s(const struct modem *m)
{
	const struct conf *conf = &m->all->core->conf;

	if (m->line.sending != 0)
		return conf->send_deadline_s;
	return m->line.phase == MODEM_READY || m->line.phase == MODEM_ABSENT ? conf->ping_s : conf->connect_deadline_s;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct modems *all = arg;
	struct now now = clock_now();
	int64_t late_ms = all->ticked.ms == 0 ? 0 : now.mono.ms - all->ticked.ms - TICK_S * 1000;

	(void)fd;
	(void)what;
	all->ticked = now.mono;
	for (size_t i = 0; i < all->n; i++) {
		struct modem *m = &all->v[i];
		struct modem_msg ping = { .type = CORE_PING };
		int64_t silent_ms;

		m->frames = 0;
		if (m->fd == -1)
			continue;
		if (late_ms > LATE_MS) {
			m->heard.ms += late_ms;
			m->sent_at.ms += late_ms;
		}
		silent_ms = now.mono.ms - m->heard.ms;
		/* Pings it may answer for ever: the SMS it was given must have an end too, when it could begin with it at last. */
		if (m->line.sending != 0 && now.mono.ms - m->sent_at.ms >
		    ((int64_t)all->core->conf.send_deadline_s + all->core->conf.ping_s) * 1000) {
			modem_lost(m, "it does not say what became of an SMS");
			continue;
		}
		if (silent_ms > (int64_t)deadline_s(m) * 1000) {
			modem_lost(m, "it was silent too long");
			continue;
		}
		if (silent_ms > (int64_t)all->core->conf.ping_s * 1000 / 3) {
			ping.u.ping.n = ++m->ping;
			modem_write(m, &ping);
		}
	}
}

/* ---- all of them --------------------------------------------------------------------------- */

/* A transport named without a folder lies beside the daemon, or where `make install` puts it. */
static void
find_program(const char *name, char out[CONF_PATH_SIZE])
{
	static const char *const folders[] = { TOCSIN_LIBEXEC, "/usr/lib/tocsin" };
	char self[CONF_PATH_SIZE / 2];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	snprintf(out, CONF_PATH_SIZE, "%s", name);
	if (strchr(name, '/') != NULL)
		return;
	if (n > 0) {
		self[n] = '\0';
		slash = strrchr(self, '/');
		if (slash != NULL) {
			snprintf(out, CONF_PATH_SIZE, "%.*s/%.64s", (int)(slash - self), self, name);
			if (access(out, X_OK) == 0)
				return;
		}
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(out, CONF_PATH_SIZE, "%s/%.64s", folders[i], name);
		if (access(out, X_OK) == 0)
			return;
	}
}

struct modems *
modems_new(struct core *core, struct event_base *base)
{
	struct modems *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->core = core;
	all->base = base;
	find_program(core->conf.transport, all->program);
	all->child = evsignal_new(base, SIGCHLD, on_child, all);
	all->tick = event_new(base, -1, EV_PERSIST, on_tick, all);
	if (all->child == NULL || all->tick == NULL)
		fatalx("out of memory");
	for (size_t i = 0; i < core->conf.n_lines; i++) {
		struct modem *m = &all->v[all->n++];

		m->all = all;
		m->conf = &core->conf.line[i];
		m->fd = -1;
		m->line.may_send = m->conf->send;
		m->line.signal_pct = -1;
		snprintf(m->line.name, sizeof(m->line.name), "%s", m->conf->name);
		m->restart = evtimer_new(base, on_restart, m);
		if (m->restart == NULL)
			fatalx("out of memory");
	}
	return all;
}

void
modems_start(struct modems *all)
{
	static const struct timeval tick = { .tv_sec = TICK_S };

	event_add(all->child, NULL);
	event_add(all->tick, &tick);
	for (size_t i = 0; i < all->n; i++)
		modem_spawn(&all->v[i]);
}

void
modems_stop(struct modems *all)
{
	static const struct modem_msg stop = { .type = CORE_STOP };

	all->stopping = true;
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].fd != -1)
			modem_write(&all->v[i], &stop);
}

size_t
modems_running(const struct modems *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += all->v[i].pid > 0;
	return n;
}

void
modems_kill(struct modems *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].pid > 0)
			kill(all->v[i].pid, SIGKILL);
}

void
modems_free(struct modems *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].readable != NULL)
			event_free(all->v[i].readable);
		if (all->v[i].fd != -1)
			close(all->v[i].fd);
		event_free(all->v[i].restart);
	}
	event_free(all->child);
	event_free(all->tick);
	free(all);
}
