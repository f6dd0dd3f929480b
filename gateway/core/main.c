/* tocsind: the daemon. main() starts everything in order; the loop turns until SIGTERM. */
#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "core/accept.h"
#include "core/control.h"
#include "core/core.h"
#include "core/dispatch.h"
#include "core/health.h"

#define DEFAULT_CONF	TOCSIN_SYSCONF "/tocsin.conf"
#define STOP_PATIENCE_S	8	/* for modems that are in the middle of a call when we stop */

/* The daemon while it runs; the loop's callbacks get it as their argument. */
struct daemon {
	struct core	 core;
	struct event_base *base;
	struct control	*control;
	struct event	*wake, *hup, *term, *intr, *beat;
	bool		 stop;
};

static void
usage(FILE *to)
{
	fprintf(to, "usage: tocsind [-c FILE] [-n] [-d] | --help | --version\n"
	    "  -c FILE  settings, instead of " DEFAULT_CONF "\n"
	    "  -n       only check the settings, rules, routing, templates, places and responders\n"
	    "  -d       also log what only developers want to know (never a number, never a text)\n"
	    "SIGHUP loads rules, places, routing, templates and responders anew; SIGTERM stops.\n"
	    "The log goes to stderr; the daemon stays in the foreground, systemd or a shell watches it.\n");
}

/* Prints every fault for a person. */
static void
print_diags(const struct diags *diags)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	diags_print(diags, &text);
	fputs(buf_str(&text), stderr);
	buf_release(&text);
}

/* A modem may be unplugged when somebody checks; a device that is misspelt will never come. */
static void
look_for_devices(const struct conf *conf, struct diags *diags)
{
	for (size_t i = 0; i < conf->n_lines; i++)
		for (size_t k = 0; k < conf->line[i].n; k++) {
			const struct modem_setting *s = &conf->line[i].v[k];

			if ((strcasecmp(s->key, "device") == 0 || strcasecmp(s->key, "port") == 0) && s->value[0] == '/' &&
			    access(s->value, F_OK) != 0)
				diag_add(diags, DIAG_WARNING, conf->modems, 0, 0, NULL, 0,
				    "the modem of %s.conf is not there now: %s: %s", conf->line[i].name, s->value, strerror(errno));
		}
}

static int
check_only(const char *path)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	struct book *book = NULL;
	struct diags diags;
	int rc = 1;

	diags_init(&diags);
	if (conf != NULL && conf_load(conf, path, &diags) == 0)
		book = book_load(conf, &diags);
	if (book != NULL)
		look_for_devices(conf, &diags);
	print_diags(&diags);
	if (book != NULL) {
		printf("%s: all well%s: %zu rules, %zu rule tests passed, %zu places, %zu responders, %zu modems\n", path,
		    diags.warnings > 0 ? " but for the warnings" : "", rulebook_rules(book->rules), book->tests, gazetteer_rows(book->places), book->roster.n, conf->n_lines);
		rc = 0;
	} else {
		fprintf(stderr, "%s: %zu errors, %zu warnings\n", path, diags.errors, diags.warnings);
	}
	book_free(book);
	diags_release(&diags);
	free(conf);
	return rc;
}

/* ---- starting --------------------------------------------------------------------------- */

static void
load_texts(struct core *core, const char *path)
{
	struct diags diags;

	diags_init(&diags);
	/* A faulty setting keeps its default and a faulty modem file loses one modem: both beat a daemon that is down. */
	if (conf_load(&core->conf, path, &diags) != 0)
		log_warnx("conf.faulty errors=%zu note=\"see above; defaults are used\"", diags.errors);
	book_print_faults(&diags);
	diags_release(&diags);
	/* The first start makes it: the book wants to keep its copies there. */
	if (mkdir(core->conf.state, 0700) != 0 && errno != EEXIST)
		fatal("the state directory cannot be made");
	core->book = book_start(&core->conf);
	if (core->book == NULL)
		fatalx("out of memory");
}

static void
open_store(struct core *core)
{
	enum store_fault fault;
	const char *why = "", *note = NULL;

	core->vault = vault_open(core->conf.key, 1, &why);
	if (core->vault == NULL)
		fatalx("the key cannot be read: %s", why);
	core->store = store_open(core->conf.state, core->vault, &fault, &note);
	if (note != NULL)
		log_warnx("store.open note=\"%s\"", note);
	if (core->store != NULL)
		return;
	if (fault == STORE_BUSY)
		fatalx("%s", note != NULL ? note : "another tocsind has this state directory");
	core->store = store_open_memory(core->conf.state, core->vault);
	if (core->store == NULL)
		fatalx("the store cannot be opened, not even in memory");
	snprintf(core->trouble, sizeof(core->trouble), "%s", note != NULL ? note : "the disk failed at start");
	log_warnx("store.in_memory note=\"alerts go on; nothing is deleted from a SIM until the disk is back\"");
}

/* ---- the loop ----------------------------------------------------------------------------- */

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;	/* the turn that follows every wake-up does the work */
}

static void
on_stop(evutil_socket_t sig, short what, void *arg)
{
	struct daemon *d = arg;

	(void)what;
	log_info("daemon.stopping signal=%d", (int)sig);
	d->stop = true;
}

static void
on_reload(evutil_socket_t sig, short what, void *arg)
{
	struct daemon *d = arg;
	struct diags diags;

	(void)sig;
	(void)what;
	diags_init(&diags);
	control_reload(&d->core, &diags);
	book_print_faults(&diags);
	diags_release(&diags);
}

static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	health_beat(&d->core, clock_now());
}

static struct event *
make_event(struct daemon *d, evutil_socket_t fd, short what, event_callback_fn fn)
{
	struct event *ev = event_new(d->base, fd, what, fn, d);

	if (ev == NULL)
		fatalx("out of memory");
	return ev;
}

/* Every permanent event source of the process is here, in modems_start() and in control_new(). */
static void
start_loop(struct daemon *d)
{
	int64_t beat_ms = health_watchdog_ms();
	struct timeval beat = { .tv_sec = 30 };

	d->wake = make_event(d, -1, 0, on_wake);
	d->hup = make_event(d, SIGHUP, EV_SIGNAL | EV_PERSIST, on_reload);
	d->term = make_event(d, SIGTERM, EV_SIGNAL | EV_PERSIST, on_stop);
	d->intr = make_event(d, SIGINT, EV_SIGNAL | EV_PERSIST, on_stop);
	d->beat = make_event(d, -1, EV_PERSIST, on_beat);
	event_add(d->hup, NULL);
	event_add(d->term, NULL);
	event_add(d->intr, NULL);
	if (beat_ms > 0)
		beat = (struct timeval){ .tv_sec = (time_t)(beat_ms / 1000), .tv_usec = (suseconds_t)(beat_ms % 1000 * 1000) };
	event_add(d->beat, &beat);
	d->control = control_new(&d->core, d->base, d->core.conf.control);
	if (d->control == NULL)
		log_warn("control.failed note=\"tocsinctl cannot reach this daemon\"");
	modems_start(d->core.modems);
}

static void
loop(struct daemon *d)
{
	struct timeval tv;
	int64_t wait_ms;

	while (!d->stop) {
		wait_ms = core_turn(&d->core, clock_now());
		if (wait_ms > 60000)
			wait_ms = 60000;
		tv.tv_sec = (time_t)(wait_ms / 1000);
		tv.tv_usec = (suseconds_t)(wait_ms % 1000 * 1000);
		event_add(d->wake, &tv);
		if (event_base_loop(d->base, EVLOOP_ONCE) < 0)
			fatalx("the event loop failed");
	}
}

/* Lets a send in progress end, so that its outcome is known, then hangs up. */
static void
stop(struct daemon *d)
{
	struct timeval step = { .tv_usec = 100000 };

	health_notify("STOPPING=1");
	modems_stop(d->core.modems);
	for (int i = 0; i < STOP_PATIENCE_S * 10 && modems_running(d->core.modems) > 0; i++) {
		event_add(d->wake, &step);
		event_base_loop(d->base, EVLOOP_ONCE);
		accept_flush(&d->core, clock_now());
	}
	modems_kill(d->core.modems);
	dispatch_recover(&d->core, NULL, clock_now());
	control_free(d->control);
	modems_free(d->core.modems);
	event_free(d->wake);
	event_free(d->hup);
	event_free(d->term);
	event_free(d->intr);
	event_free(d->beat);
	event_base_free(d->base);
	core_release(&d->core);
	store_close(d->core.store);
	book_free(d->core.book);
	vault_close(d->core.vault);
}

static void
protect_process(void)
{
	const struct rlimit none = { 0, 0 };

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	umask(0077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a file size limit is an error of write(2), not the end */
}

int
main(int argc, char **argv)
{
	const char *path = DEFAULT_CONF;
	bool check = false, debug = false;
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 },
	};
	struct daemon *d;
	int opt;

	while ((opt = getopt_long(argc, argv, "c:dnhV", options, NULL)) != -1)
		switch (opt) {
		case 'c':
			path = optarg;
			break;
		case 'd':
			debug = true;
			break;
		case 'n':
			check = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			printf("tocsind %s\n", TOCSIN_VERSION);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	if (optind != argc) {
		fprintf(stderr, "tocsind: unexpected argument '%s'\n", argv[optind]);
		usage(stderr);
		return 2;
	}
	log_init("tocsind", debug);
	if (check)
		return check_only(path);
	protect_process();
	d = calloc(1, sizeof(*d));
	if (d == NULL || (d->base = event_base_new()) == NULL)
		fatalx("out of memory");
	load_texts(&d->core, path);
	open_store(&d->core);
	d->core.modems = modems_new(&d->core, d->base);
	if (d->core.modems == NULL || core_init(&d->core, clock_now()) != 0)
		fatalx("out of memory");
	start_loop(d);
	log_info("daemon.ready version=%s modems=%zu responders=%zu", TOCSIN_VERSION, modems_count(d->core.modems),
	    d->core.book->roster.n);
	health_notify("READY=1");
	loop(d);
	stop(d);
	free(d);
	return 0;
}
