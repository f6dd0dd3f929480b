/* One event, one line, escaped, to stderr (the journal). */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES	2048	/* below PIPE_BUF: one write is one line, also when processes share the pipe */

static const char *log_program = "tocsin";
static bool log_is_debug, log_is_journal;

void
log_init(const char *program, bool debug)
{
	log_program = program;
	log_is_debug = debug;
	log_is_journal = getenv("JOURNAL_STREAM") != NULL;
}

/* Makes what came from outside harmless, in place: the text only becomes shorter. */
static size_t
make_visible(char *text)
{
	const char *p = text, *end = text + strlen(text);
	char *to = text;
	uint32_t cp;

	while (p < end) {
		bool valid = utf8_next(&p, end, &cp);

		if (!valid || cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 || cp == 0x2029)
			cp = '?';
		to += utf8_put(to, cp);
	}
	*to = '\0';
	return (size_t)(to - text);
}

static size_t
put_prefix(char *out, size_t size, int level)
{
	char when[CLOCK_TEXT_SIZE];
	int n;

	if (log_is_journal)
		n = snprintf(out, size, "<%d>", level);
	else
		n = snprintf(out, size, "%s %s: ", clock_text(clock_now().wall, when), log_program);
	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

/* "error" is an errno to be told, or 0. */
static __attribute__((format(printf, 3, 0))) void
log_line(int level, int error, const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES + 1];
	size_t room = sizeof(line) - 100, n;	/* so that error="…" and the line end always fit */
	int saved = errno;

	n = put_prefix(line, room, level);
	if (vsnprintf(line + n, room - n, fmt, ap) < 0)
		line[n] = '\0';
	n += make_visible(line + n);
	if (error != 0) {
		(void)snprintf(line + n, sizeof(line) - n - 1, " error=\"%s\"", strerror(error));
		n += strlen(line + n);
	}
	line[n++] = '\n';
	while (write(STDERR_FILENO, line, n) == -1 && errno == EINTR)
		;
	errno = saved;
}

#define LOG_LINE(level, error) \
	do { va_list ap; va_start(ap, fmt); log_line(level, error, fmt, ap); va_end(ap); } while (0)

void
log_debug(const char *fmt, ...)
{
	if (log_is_debug)
		LOG_LINE(LOG_DEBUG, 0);
}

void
log_info(const char *fmt, ...)
{
	LOG_LINE(LOG_INFO, 0);
}

void
log_warn(const char *fmt, ...)
{
	LOG_LINE(LOG_WARNING, errno);
}

void
log_warnx(const char *fmt, ...)
{
	LOG_LINE(LOG_WARNING, 0);
}

void
fatal(const char *fmt, ...)
{
	LOG_LINE(LOG_CRIT, errno);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	LOG_LINE(LOG_CRIT, 0);
	exit(1);
}
