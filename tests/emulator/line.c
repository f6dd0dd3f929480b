/* The serial line: a pty whose tty is raw, what comes in and goes out, and its pace. */
#include "emulator/emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#define OUT_MAX		(256u * 1024)
#define IN_MAX		(64u * 1024)

/* A symlink of an earlier run is replaced, anything else of that name is not ours. */
static int
make_link(const char *tty, const char *link)
{
	char target[256];

	if (readlink(link, target, sizeof(target)) != -1 && unlink(link) == -1)
		return -1;
	return symlink(tty, link);
}

static int
open_tty(struct line *l)
{
	struct termios t;

	l->slave = open(l->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (l->slave == -1 || tcgetattr(l->slave, &t) == -1)
		return -1;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	return tcsetattr(l->slave, TCSANOW, &t);
}

int
line_open(struct modem *m)
{
	struct line *l = &m->line;
	int saved;

	l->slave = l->watch = -1;
	l->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (l->master == -1 || grantpt(l->master) == -1 || unlockpt(l->master) == -1 ||
	    ptsname_r(l->master, l->tty, sizeof(l->tty)) != 0 || open_tty(l) == -1)
		goto fail;
	/* After our own opening, so that only those of others are counted. */
	l->openers = 0;
	l->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (l->watch == -1 || inotify_add_watch(l->watch, l->tty, IN_OPEN | IN_CLOSE) == -1)
		goto fail;
	if (make_link(l->tty, l->link) == -1)
		goto fail;
	l->state = LINE_COMMAND;
	l->command_len = l->entry_len = 0;
	l->overlong = l->charged = false;
	l->in.max = IN_MAX;
	l->out.max = OUT_MAX;
	l->held.max = OUT_MAX;
	return 0;
fail:
	saved = errno;
	line_close(m);
	errno = saved;
	return -1;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
line_close(struct modem *m)
{
	struct line *l = &m->line;
	char target[256];
	ssize_t n = readlink(l->link, target, sizeof(target) - 1);

	if (n > 0) {
		target[n] = '\0';
		if (strcmp(target, l->tty) == 0)
			unlink(l->link);
	}
	l->openers = 0;
	shut(&l->watch);
	shut(&l->slave);
	shut(&l->master);
	bytes_release(&l->in);
	bytes_release(&l->out);
	bytes_release(&l->held);
}

/* What the last one did not read is not there for the next. */
static void
forget_output(struct line *l)
{
	tcflush(l->slave, TCIFLUSH);
	bytes_drop(&l->out, l->out.len);
}

void
line_watch(struct modem *m)
{
	struct line *l = &m->line;
	union {
		struct inotify_event event;
		char	 room[4096];
	} buffer;
	ssize_t n;

	while ((n = read(l->watch, &buffer, sizeof(buffer))) > 0) {
		for (size_t at = 0; at + sizeof(struct inotify_event) <= (size_t)n; ) {
			struct inotify_event e;

			memcpy(&e, buffer.room + at, sizeof(e));
			if (e.mask & IN_OPEN)
				l->openers++;
			else if (e.mask & IN_CLOSE && l->openers > 0 && --l->openers == 0)
				forget_output(l);
			at += sizeof(e) + e.len;
		}
	}
}

/* When nobody has the port open, as with a USB modem, what it says is lost. */
bool
line_is_heard(struct modem *m)
{
	if (m->line.master != -1 && m->line.openers == 0)
		line_watch(m);
	return m->line.master != -1 && m->line.openers > 0;
}

static void
trace(const struct modem *m, const char *arrow, const char *p, size_t n)
{
	if (!m->options.verbose)
		return;
	fprintf(stderr, "%8lld %s ", (long long)(main_now_ms() % 100000000), arrow);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c >= ' ' && c < 0x7F)
			fputc(c, stderr);
		else
			fprintf(stderr, "<%02x>", c);
	}
	fputc('\n', stderr);
}

void
line_write(struct modem *m, const char *p, size_t n)
{
	if (m->faults.power_off || !line_is_heard(m))
		return;
	trace(m, "<-", p, n);
	/* Over the ceiling the host has stopped reading: the rest is lost, as in a modem. */
	bytes_add(&m->line.out, p, n);
}

void
line_print(struct modem *m, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n > 0)
		line_write(m, text, (size_t)n);
	if (n >= 0)
		free(text);
}

static bool
in_dialogue(const struct modem *m)
{
	const struct line *l = &m->line;

	return l->state == LINE_ENTRY || l->charged || m->at.running || main_now_ms() < l->busy_until;
}

void
line_urc(struct modem *m, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (in_dialogue(m))
		bytes_addf(&m->line.held, "\r\n%s\r\n", text);
	else
		line_print(m, "\r\n%s\r\n", text);
	free(text);
}

void
line_release_urcs(struct modem *m)
{
	if (m->line.held.len == 0 || in_dialogue(m))
		return;
	line_write(m, m->line.held.p, m->line.held.len);
	bytes_drop(&m->line.held, m->line.held.len);
}

bool
line_wants_to_write(const struct modem *m)
{
	return m->line.out.len > 0 && main_now_ms() >= m->line.write_after;
}

void
line_flush(struct modem *m)
{
	struct line *l = &m->line;
	ssize_t n;

	while (l->master != -1 && line_wants_to_write(m)) {
		bool single = fault_active(m, FAULT_SPLIT);

		n = write(l->master, l->out.p, single ? 1 : l->out.len);
		if (n <= 0)
			return;
		bytes_drop(&l->out, (size_t)n);
		if (single && --m->faults.f[FAULT_SPLIT].left >= 0)
			l->write_after = main_now_ms() + m->faults.f[FAULT_SPLIT].value;
	}
}

void
line_read(struct modem *m)
{
	struct line *l = &m->line;
	char buffer[4096];
	ssize_t n;

	while (l->master != -1 && l->in.len + sizeof(buffer) <= l->in.max) {
		n = read(l->master, buffer, sizeof(buffer));
		if (n <= 0)
			return;
		if (m->faults.power_off || main_now_ms() < l->deaf_until) {
			trace(m, "XX", buffer, (size_t)n);
			continue;
		}
		bytes_add(&l->in, buffer, (size_t)n);
	}
}

static void
echo(struct modem *m, char c)
{
	long left;

	if (!m->at.echo || !line_is_heard(m))
		return;
	bytes_add(&m->line.out, &c, 1);
	if (fault_active(m, FAULT_NOISE)) {
		left = m->faults.f[FAULT_NOISE].left--;
		bytes_add(&m->line.out, left % 3 == 0 ? "\xFF" : left % 3 == 1 ? "~" : "\x01", 1);
	}
}

/* One character of a PDU after the prompt. */
static void
take_entry(struct modem *m, char c)
{
	struct line *l = &m->line;

	if (c == 0x1A) {
		l->entry[l->entry_len] = '\0';
		l->state = LINE_COMMAND;
		trace(m, "->", l->entry, l->entry_len);
		at_entry(m);
	} else if (c == 0x1B) {
		l->state = LINE_COMMAND;
		at_entry_cancel(m);
	} else {
		echo(m, c);
		if (c != '\r' && c != '\n' && l->entry_len < ENTRY_MAX)
			l->entry[l->entry_len++] = c;
	}
}

static void
end_command(struct modem *m)
{
	struct line *l = &m->line;

	l->charged = false;
	l->command[l->command_len] = '\0';
	l->command_len = 0;
	if (l->overlong) {
		l->overlong = false;
		at_result(m, RESULT_ERROR);
		return;
	}
	trace(m, "->", l->command, strlen(l->command));
	at_run(m, l->command);
}

/* The latency runs from the CR on. False: the answer is not due yet. */
static bool
is_due(struct modem *m)
{
	struct line *l = &m->line;
	long ms = m->options.latency_ms, more = 0;

	if (!l->charged && l->command_len > 0) {
		if (fault_take(m, FAULT_SLOW, &more))
			ms += more;
		l->charged = true;
		echo(m, '\r');
		if (ms > 0)
			l->busy_until = main_now_ms() + ms;
	} else if (!l->charged) {
		echo(m, '\r');
	}
	return main_now_ms() >= l->busy_until;
}

/* One character of a command line. False: the line is complete, but it must wait. */
static bool
take_command(struct modem *m, char c)
{
	struct line *l = &m->line;

	if (c == '\r') {
		if (!is_due(m))
			return false;
		end_command(m);
		return true;
	}
	if (c == '\n' || c == '\0' || c == 0x1B || c == 0x1A)
		return true;
	echo(m, c);
	if (c == 0x08) {
		l->command_len -= l->command_len > 0;
		return true;
	}
	if (l->command_len < COMMAND_MAX)
		l->command[l->command_len++] = c;
	else
		l->overlong = true;
	return true;
}

void
line_pump(struct modem *m)
{
	struct line *l = &m->line;
	size_t done = 0;

	while (l->master != -1 && done < l->in.len && main_now_ms() >= l->busy_until) {
		if (l->state == LINE_ENTRY)
			take_entry(m, l->in.p[done]);
		else if (!take_command(m, l->in.p[done]))
			break;
		done++;
	}
	bytes_drop(&l->in, done);
	line_release_urcs(m);
}

int64_t
line_next_ms(const struct modem *m)
{
	const struct line *l = &m->line;

	if (l->out.len > 0 && main_now_ms() < l->write_after)
		return l->write_after;
	if ((l->in.len > 0 || l->held.len > 0) && main_now_ms() < l->busy_until)
		return l->busy_until;
	return -1;
}
