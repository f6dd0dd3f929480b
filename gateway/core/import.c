/* Runs the program that reads files of places, tells its progress, and takes over what it made. */
#include "core/import.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "core/core.h"
#include "core/places.h"

#define DEADLINE_S	600	/* a dump of a million places on a slow card takes a minute */
#define LINE_MAX_BYTES	2048
#define FAULTS_MAX	20	/* refused lines that are shown; the counts tell of all */
#define NAME_SIZE	40
#define PATH_SIZE	(CONF_PATH_SIZE + 64)

struct import {
	struct core	*core;
	struct event_base *base;
	struct event	*readable, *deadline;
	pid_t		 pid;		/* of the one that runs; reaped with the modems' */
	int		 fd;		/* its words; -1: none runs */
	struct later	*later;
	char		 name[NAME_SIZE], actor[32];
	char		 line[LINE_MAX_BYTES];
	size_t		 len;
	unsigned long	 read, kept, refused, aliases, dropped;
	unsigned	 faults;
	bool		 written;
	char		 error[200];
};

/* ---- what it says ------------------------------------------------------------------- */

/* So many numbers, with blanks between. */
static bool
read_numbers(const char *text, unsigned long *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *end;

		out[i] = strtoul(text, &end, 10);
		if (end == text)
			return false;
		text = end;
	}
	return *text == '\0';
}

static void
on_progress(struct import *im, const char *rest)
{
	unsigned long n[2];
	struct field_out row;

	if (!read_numbers(rest, n, 2))
		return;
	control_later_begin(im->later, &row);
	ctl_put_int(&row, "progress", (int64_t)n[0]);
	ctl_put_int(&row, "of", (int64_t)n[1]);
	control_later_row(im->later, &row);
}

static void
on_report(struct import *im, const char *rest)
{
	unsigned long n[5];

	if (!read_numbers(rest, n, 5)) {
		snprintf(im->error, sizeof(im->error), "its report cannot be read");
		return;
	}
	im->read = n[0];
	im->kept = n[1];
	im->refused = n[2];
	im->aliases = n[3];
	im->dropped = n[4];
}

static void
on_fault(struct import *im, const char *rest)
{
	struct field_out row;

	if (im->faults++ >= FAULTS_MAX)
		return;
	control_later_begin(im->later, &row);
	ctl_put_text(&row, "fault", rest);
	control_later_row(im->later, &row);
}

static void
on_error(struct import *im, const char *rest)
{
	if (im->error[0] == '\0')
		snprintf(im->error, sizeof(im->error), "%s", rest);
}

static void
on_written(struct import *im, const char *rest)
{
	(void)rest;
	im->written = true;
}

static const struct {
	const char	*word;
	void		(*hear)(struct import *, const char *rest);
} words[] = {
	{ "progress", on_progress }, { "report", on_report }, { "fault", on_fault }, { "error", on_error },
	{ "written", on_written },
};

static void
hear_line(struct import *im)
{
	size_t n = strcspn(im->line, " ");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n && memcmp(words[i].word, im->line, n) == 0)
			words[i].hear(im, im->line[n] == ' ' ? im->line + n + 1 : im->line + n);
}

/* ---- taking over what it made ------------------------------------------------------------ */

/* The file of an earlier import of this name is kept aside until the new one is in force. */
static int
adopt(struct import *im)
{
	char made[PATH_SIZE], path[PATH_SIZE], old[PATH_SIZE], name[NAME_SIZE + 8];
	bool had;

	snprintf(name, sizeof(name), ".%s.new", im->name);
	if (places_path(im->core, name, made, sizeof(made)) != 0)
		return -1;
	snprintf(name, sizeof(name), ".%s.old", im->name);
	places_path(im->core, name, old, sizeof(old));
	snprintf(name, sizeof(name), "%s.tsv", im->name);
	places_path(im->core, name, path, sizeof(path));
	unlink(old);
	had = link(path, old) == 0;
	if (rename(made, path) != 0)
		return -1;
	if (places_reload(im->core) == 0) {
		if (had)
			unlink(old);
		return 0;
	}
	if (!had)
		unlink(path);
	else if (rename(old, path) != 0)
		log_warn("places.import.undo");
	return -1;
}

static void
forget_made(struct import *im)
{
	char made[PATH_SIZE], name[NAME_SIZE + 8];

	snprintf(name, sizeof(name), ".%s.new", im->name);
	if (places_path(im->core, name, made, sizeof(made)) == 0)
		unlink(made);
}

static void
tell_result(struct import *im)
{
	struct field_out row;
	char detail[160];

	control_later_begin(im->later, &row);
	ctl_put_text(&row, "imported", im->name);
	ctl_put_int(&row, "read", (int64_t)im->read);
	ctl_put_int(&row, "kept", (int64_t)im->kept);
	ctl_put_int(&row, "refused", (int64_t)im->refused);
	ctl_put_int(&row, "aliases", (int64_t)im->aliases);
	ctl_put_int(&row, "aliases_dropped", (int64_t)im->dropped);
	ctl_put_int(&row, "places", (int64_t)gazetteer_rows(im->core->book->places));
	control_later_row(im->later, &row);
	snprintf(detail, sizeof(detail), "{\"read\":%lu,\"kept\":%lu,\"refused\":%lu}", im->read, im->kept, im->refused);
	places_audit(im->core, im->actor, "places.imported", im->name, detail);
}

/* It ended, one way or another. */
static void
finish(struct import *im)
{
	char sentence[300] = "";

	event_del(im->readable);
	event_free(im->readable);
	im->readable = NULL;
	evtimer_del(im->deadline);
	close(im->fd);
	im->fd = -1;
	if (im->written && adopt(im) == 0) {
		log_info("places.imported kept=%lu refused=%lu", im->kept, im->refused);
		tell_result(im);
		control_later_end(im->later, CTL_DONE, "");
		im->later = NULL;
		return;
	}
	forget_made(im);
	log_warnx("places.import.failed read=%lu refused=%lu", im->read, im->refused);
	snprintf(sentence, sizeof(sentence), "nothing was changed: %s", im->error[0] != '\0' ? im->error :
	    im->written ? "the new file cannot be put into force" : "the program that reads the file ended too early");
	control_later_end(im->later, CTL_REFUSED, sentence);
	im->later = NULL;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct import *im = arg;
	char chunk[4096];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	(void)what;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	for (ssize_t i = 0; i < n; i++) {
		if (chunk[i] != '\n') {
			if (im->len < sizeof(im->line) - 1)
				im->line[im->len++] = chunk[i];
			continue;
		}
		im->line[im->len] = '\0';
		im->len = 0;
		hear_line(im);
	}
	if (n <= 0)
		finish(im);
}

/* ---- starting it ----------------------------------------------------------------------------- */

/* Beside the daemon, or where `make install` puts it: PREFIX/sbin and PREFIX/bin. */
static void
find_program(char out[PATH_SIZE])
{
	static const char name[] = "tocsin-rules";
	char self[CONF_PATH_SIZE];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL)
		*slash = '\0';
	snprintf(out, PATH_SIZE, "%s/%s", self, name);
	if (access(out, X_OK) != 0)
		snprintf(out, PATH_SIZE, "%s/../bin/%s", self, name);
}

/* All else is close-on-exec; its words come by its standard output, its memory and time it limits itself. */
static int
spawn_import(struct import *im, int out, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, dfl;
	int rc;

	sigemptyset(&none);
	sigemptyset(&dfl);
	sigaddset(&dfl, SIGPIPE);
	sigaddset(&dfl, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &dfl);
	rc = posix_spawn(&im->pid, argv[0], &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int
run_program(struct import *im, const char *file, const char *countries)
{
	char program[PATH_SIZE], made[PATH_SIZE], name[NAME_SIZE + 8], country[64], from[CTL_WORD_MAX + 1];
	char word1[] = "places", word2[] = "import", machine[] = "--machine", out[] = "--out", end[] = "--";
	char *const argv[] = { program, word1, word2, machine, country, out, made, end, from, NULL };
	char *const anywhere[] = { program, word1, word2, machine, out, made, end, from, NULL };
	int fds[2], rc;

	find_program(program);
	snprintf(from, sizeof(from), "%s", file);
	snprintf(country, sizeof(country), "--country=%.40s", countries);
	snprintf(name, sizeof(name), ".%s.new", im->name);
	if (places_path(im->core, name, made, sizeof(made)) != 0 || pipe2(fds, O_CLOEXEC) != 0)
		return errno;
	rc = spawn_import(im, fds[1], *countries != '\0' ? argv : anywhere);
	close(fds[1]);
	if (rc != 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0) {
		close(fds[0]);
		return rc != 0 ? rc : errno;
	}
	im->fd = fds[0];
	return 0;
}

/* "/home/a/ML.txt.gz" is kept as "ml": small letters, digits and hyphens, and never the operators' own file. */
static void
name_of(const char *file, char out[NAME_SIZE])
{
	const char *base = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	size_t n = 0;

	for (; *base != '\0' && *base != '.' && n < NAME_SIZE - 10; base++)
		out[n++] = isalnum((unsigned char)*base) ? (char)tolower((unsigned char)*base) : '-';
	out[n] = '\0';
	if (n == 0 || strcmp(out, "added") == 0)
		memcpy(out, "imported", sizeof("imported"));
}

static void
reset(struct import *im, const char *file, const struct request *r)
{
	im->len = 0;
	im->read = im->kept = im->refused = im->aliases = im->dropped = 0;
	im->faults = 0;
	im->written = false;
	im->error[0] = '\0';
	name_of(file, im->name);
	control_actor(r, im->actor);
}

enum ctl_exit
import_start(struct import *im, struct request *r, const char *file, const char *countries)
{
	static const struct timeval deadline = { .tv_sec = DEADLINE_S };
	int rc;

	if (im->fd != -1) {
		snprintf(r->sentence, sizeof(r->sentence), "an import is running; one at a time");
		return CTL_REFUSED;
	}
	if (access(file, R_OK) != 0) {
		snprintf(r->sentence, sizeof(r->sentence), "nothing was changed: the daemon cannot read the file: %s (as a service it "
		    "sees neither /home nor /tmp; its own folder it does: %.100s)", strerror(errno), im->core->conf.state);
		return CTL_REFUSED;
	}
	reset(im, file, r);
	rc = run_program(im, file, countries);
	if (rc != 0) {
		snprintf(r->sentence, sizeof(r->sentence), "the program that reads the file cannot be started: %s", strerror(rc));
		return CTL_REFUSED;
	}
	im->readable = event_new(im->base, im->fd, EV_READ | EV_PERSIST, on_readable, im);
	im->later = control_later(r);
	if (im->readable == NULL || im->later == NULL)
		fatalx("out of memory");
	event_add(im->readable, NULL);
	evtimer_add(im->deadline, &deadline);
	return CTL_DONE;
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct import *im = arg;

	(void)fd;
	(void)what;
	snprintf(im->error, sizeof(im->error), "it took longer than %d minutes and was stopped", DEADLINE_S / 60);
	kill(im->pid, SIGKILL);		/* its end closes the pipe */
}

struct import *
import_new(struct core *core, struct event_base *base)
{
	struct import *im = calloc(1, sizeof(*im));

	if (im == NULL)
		return NULL;
	im->core = core;
	im->base = base;
	im->fd = -1;
	im->deadline = evtimer_new(base, on_deadline, im);
	if (im->deadline == NULL) {
		free(im);
		return NULL;
	}
	return im;
}

void
import_free(struct import *im)
{
	if (im == NULL)
		return;
	if (im->fd != -1) {
		kill(im->pid, SIGKILL);
		im->written = false;
		finish(im);
	}
	event_free(im->deadline);
	free(im);
}
