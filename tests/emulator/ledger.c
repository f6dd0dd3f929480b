/* The append-only record of what really happened: the judge of the system tests. */
#include "emulator/emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
ledger_open(struct modem *m, const char *path, bool sync)
{
	m->ledger_fd = -1;
	if (path == NULL)
		return 0;
	m->ledger_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (sync ? O_DSYNC : 0), 0644);
	return m->ledger_fd == -1 ? -1 : 0;
}

void
ledger_close(struct modem *m)
{
	if (m->ledger_fd != -1)
		close(m->ledger_fd);
	m->ledger_fd = -1;
}

/* A judge that cannot write is no judge: the test must not go on. */
static void
write_all(struct modem *m, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(m->ledger_fd, p, n);

		if (k == -1 && errno == EINTR)
			continue;
		if (k <= 0) {
			fprintf(stderr, "at-modem: ledger: %s\n", strerror(errno));
			m->status = 1;
			m->quit = true;
			return;
		}
		p += k;
		n -= (size_t)k;
	}
}

void
ledger(struct modem *m, const char *event, uint64_t id, const char *fmt, ...)
{
	struct bytes line;
	char *detail = NULL;
	va_list ap;

	bytes_init(&line, 1 << 20);
	va_start(ap, fmt);
	if (vasprintf(&detail, fmt, ap) == -1)
		detail = NULL;
	va_end(ap);
	if (detail == NULL ||
	    bytes_addf(&line, "%" PRId64 "\t%s\t%" PRIu64 "%s%s\n", main_now_ms(), event, id, *detail ? "\t" : "", detail) == -1) {
		fprintf(stderr, "at-modem: ledger: no memory\n");
		m->status = 1;
		m->quit = true;
		goto out;
	}
	m->ledger_lines++;
	if (m->ledger_fd != -1)
		write_all(m, line.p, line.len);
	control_publish(m, line.p, line.len);
out:
	free(detail);
	bytes_release(&line);
}

void
ledger_at_counters(struct modem *m)
{
	struct bytes b;

	bytes_init(&b, 8192);
	bytes_addf(&b, "%" PRIu64, m->at.total);
	for (size_t i = 0; i < m->at.n_counters; i++)
		bytes_addf(&b, "\t%s=%" PRIu64, m->at.counter[i].name, m->at.counter[i].n);
	ledger(m, "at", 0, "%s", bytes_str(&b));
	bytes_release(&b);
}
