/* at-modem: an AT modem on a pty with a network behind it, scripted, with faults on demand. */
#include "emulator/emulator.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t stop;

int64_t
main_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
main_unix_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

/* ---- timers ---------------------------------------------------------------------------- */

int
main_after(struct modem *m, long ms, void (*run)(struct modem *, uint64_t), uint64_t arg)
{
	if (m->n_timers == m->cap_timers) {
		size_t cap = m->cap_timers ? m->cap_timers * 2 : 64;
		struct timer *grown = reallocarray(m->timer, cap, sizeof(*grown));

		if (grown == NULL)
			return -1;
		m->timer = grown;
		m->cap_timers = cap;
	}
	m->timer[m->n_timers++] = (struct timer){ .due = main_now_ms() + ms, .run = run, .arg = arg };
	return 0;
}

void
main_forget(struct modem *m, void (*run)(struct modem *, uint64_t))
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n_timers; i++)
		if (m->timer[i].run != run)
			m->timer[kept++] = m->timer[i];
	m->n_timers = kept;
}

/* The earliest; of equals the first set. -1: none. */
static int
first_timer(const struct modem *m)
{
	int first = -1;

	for (size_t i = 0; i < m->n_timers; i++)
		if (first == -1 || m->timer[i].due < m->timer[first].due)
			first = (int)i;
	return first;
}

static void
run_timers(struct modem *m)
{
	int64_t now = main_now_ms();
	int i;

	while ((i = first_timer(m)) != -1 && m->timer[i].due <= now) {
		struct timer t = m->timer[i];

		memmove(&m->timer[i], &m->timer[i + 1], (m->n_timers - (size_t)i - 1) * sizeof(t));
		m->n_timers--;
		t.run(m, t.arg);
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

static int
timeout_ms(const struct modem *m)
{
	int i = first_timer(m);
	int64_t next[] = { i != -1 ? m->timer[i].due : -1, line_next_ms(m), control_next_ms(m) }, least = -1, left;

	for (size_t k = 0; k < sizeof(next) / sizeof(next[0]); k++)
		if (next[k] != -1 && (least == -1 || next[k] < least))
			least = next[k];
	if (least == -1)
		return -1;
	left = least - main_now_ms();
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

enum { POLL_LINE, POLL_WATCH, POLL_LISTENER, POLL_CLIENTS, POLL_N = POLL_CLIENTS + 2 * CLIENTS_MAX };

static void
set_poll(struct modem *m, struct pollfd *p)
{
	const struct line *l = &m->line;

	for (int i = 0; i < POLL_N; i++)
		p[i] = (struct pollfd){ .fd = -1 };
	p[POLL_LINE].fd = l->master;
	p[POLL_LINE].events = (short)((l->in.len < 32768 ? POLLIN : 0) | (line_wants_to_write(m) ? POLLOUT : 0));
	p[POLL_WATCH] = (struct pollfd){ .fd = l->watch, .events = POLLIN };
	p[POLL_LISTENER] = (struct pollfd){ .fd = m->control.listener, .events = POLLIN };
	for (int i = 0; i < CLIENTS_MAX; i++) {
		const struct client *c = &m->control.client[i];

		if (c->used && !c->ended)
			p[POLL_CLIENTS + 2 * i] = (struct pollfd){ .fd = c->in, .events = POLLIN };
		if (c->used && c->output.len > 0)
			p[POLL_CLIENTS + 2 * i + 1] = (struct pollfd){ .fd = c->out, .events = POLLOUT };
	}
}

static void
serve(struct modem *m, const struct pollfd *p)
{
	run_timers(m);
	if (m->line.watch != -1 && m->line.watch == p[POLL_WATCH].fd && p[POLL_WATCH].revents != 0)
		line_watch(m);
	line_read(m);
	line_pump(m);
	if (p[POLL_LISTENER].revents != 0)
		control_accept(m);
	for (int i = 0; i < CLIENTS_MAX; i++)
		if (m->control.client[i].used && p[POLL_CLIENTS + 2 * i].revents != 0)
			control_read(m, &m->control.client[i]);
	line_pump(m);
	line_flush(m);
	control_check_waits(m);
	for (int i = 0; i < CLIENTS_MAX; i++)
		if (m->control.client[i].used)
			control_flush(m, &m->control.client[i]);
}

static void
on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void
loop(struct modem *m)
{
	struct sigaction sa = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };
	struct pollfd p[POLL_N];
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	while (!m->quit && !stop) {
		int ms = timeout_ms(m);
		struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

		set_poll(m, p);
		if (ppoll(p, POLL_N, ms < 0 ? NULL : &t, &before) == -1) {
			if (errno != EINTR)
				break;
			continue;
		}
		serve(m, p);
	}
}

/* ---- options ----------------------------------------------------------------------------------- */

static const char usage_text[] =
    "usage: at-modem --link=PATH [--control=PATH] [--ledger=FILE [--sync]] [--profile=NAME]\n"
    "                [--number=+22370000000] [--slots=20] [--memory=SM|ME] [--latency-ms=N] [--air-ms=N]\n"
    "                [--prompt] [--verbose]\n"
    "       at-modem --send=SOCKET COMMAND…\n";

static const struct option long_options[] = {
	{ "link", required_argument, NULL, 'l' }, { "control", required_argument, NULL, 'c' },
	{ "ledger", required_argument, NULL, 'g' }, { "profile", required_argument, NULL, 'p' },
	{ "number", required_argument, NULL, 'n' }, { "slots", required_argument, NULL, 's' },
	{ "memory", required_argument, NULL, 'm' }, { "latency-ms", required_argument, NULL, 'y' },
	{ "air-ms", required_argument, NULL, 'a' }, { "send", required_argument, NULL, 'x' },
	{ "prompt", no_argument, NULL, 'P' }, { "verbose", no_argument, NULL, 'v' }, { "sync", no_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
};

static int
wrong(const char *what, const char *value)
{
	fprintf(stderr, "at-modem: %s '%s'\n%s", what, value, usage_text);
	return -1;
}

static int
set_option(struct options *o, int c)
{
	switch (c) {
	case 'l': o->link = optarg; return 0;
	case 'c': o->control = optarg; return 0;
	case 'g': o->ledger = optarg; return 0;
	case 'p': o->profile = optarg; return 0;
	case 'x': o->send = optarg; return 0;
	case 'P': o->prompt = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'S': o->sync = true; return 0;
	case 'm':
		o->memory = optarg;
		return sim_find(optarg) == MEM_SM || sim_find(optarg) == MEM_ME ? 0 : wrong("--memory is SM or ME, not", optarg);
	case 'n':
		o->number = optarg;
		return strlen(optarg) < 22 && strspn(optarg, "+0123456789") == strlen(optarg) ? 0 : wrong("bad number", optarg);
	case 's':
		return at_number(optarg, 1, SLOTS_MAX, &o->slots) ? 0 : wrong("--slots is 1 to 500, not", optarg);
	case 'y':
		return at_number(optarg, 0, 60000, &o->latency_ms) ? 0 : wrong("--latency-ms is 0 to 60000, not", optarg);
	case 'a':
		return at_number(optarg, 0, 600000, &o->air_ms) ? 0 : wrong("--air-ms is 0 to 600000, not", optarg);
	}
	fputs(usage_text, stderr);
	return -1;
}

static int
read_options(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){ .profile = "huawei-e3131", .number = "+22370000000", .slots = 20 };
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage_text, stdout);
			exit(0);
		}
		if (set_option(o, c) == -1)
			return -1;
	}
	if (o->send != NULL)
		return optind < argc ? 0 : wrong("no command for", o->send);
	if (optind < argc)
		return wrong("not an option:", argv[optind]);
	if (o->link == NULL)
		return wrong("--link is needed", "");
	if (profile_find(o->profile) == NULL)
		return wrong(profile_names(), o->profile);
	return 0;
}

static int
send_words(const char *path, char **words)
{
	struct bytes line;
	int status = 1;

	bytes_init(&line, 1 << 20);
	for (; *words != NULL; words++)
		bytes_addf(&line, "%s%s", line.len > 0 ? " " : "", *words);
	if (line.p != NULL)
		status = control_send(path, line.p);
	bytes_release(&line);
	return status;
}

static int
start(struct modem *m)
{
	m->profile = profile_find(m->options.profile);
	m->line.link = m->options.link;
	m->line.master = m->line.slave = m->line.watch = -1;
	m->control.listener = -1;
	network_init(m);
	faults_init(m);
	if (ledger_open(m, m->options.ledger, m->options.sync) == -1)
		fprintf(stderr, "at-modem: %s: %s\n", m->options.ledger, strerror(errno));
	else if (sim_init(&m->sim, m->profile, (int)m->options.slots) == -1)
		fprintf(stderr, "at-modem: no memory\n");
	else if (line_open(m) == -1)
		fprintf(stderr, "at-modem: %s: %s\n", m->options.link, strerror(errno));
	else if (control_open(m, m->options.control) == -1)
		fprintf(stderr, "at-modem: %s: %s\n", m->options.control, strerror(errno));
	else if (m->options.prompt && prompt_open(m) == -1)
		fprintf(stderr, "at-modem: no prompt\n");
	else
		return 0;
	return -1;
}

int
main(int argc, char **argv)
{
	static struct modem modem;
	struct modem *m = &modem;

	if (read_options(&m->options, argc, argv) == -1)
		return 2;
	if (m->options.send != NULL)
		return send_words(m->options.send, argv + optind);
	if (start(m) == -1) {
		m->status = 1;
	} else {
		fault_boot(m);
		loop(m);
		ledger_at_counters(m);
	}
	control_close(m);
	line_close(m);
	network_release(m);
	sim_release(&m->sim);
	bytes_release(&m->at.kept_urcs);
	free(m->timer);
	ledger_close(m);
	return m->status;
}
