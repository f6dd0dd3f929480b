/* Plain AT on the modem's tty, for what must not go through libgammu's parser. */
#include "modem/at.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

#define READ_TIMEOUT_MS	10000

/* Sent unasked by TS 27.005, 27.007 and the families; "second" ones have their PDU on the next line. */
static const struct {
	const char *prefix;
	bool	 second;
} unsolicited[] = {
	{ "+CMTI:", false }, { "+CDSI:", false }, { "+CMT:", true }, { "+CDS:", true }, { "+CBM:", true },
	{ "RING", false }, { "+CRING:", false }, { "+CLIP:", false }, { "+CUSD:", false }, { "NO CARRIER", false },
	{ "^", false }, { "+QIND:", false }, { "+QUSIM:", false }, { "RDY", false }, { "+CPIN:", false },
	{ "Call Ready", false }, { "SMS Ready", false }, { "SMS DONE", false }, { "PB DONE", false },
	{ "*PSUTTZ", false }, { "+CTZV:", false }, { "+CIEV:", false }, { "NORMAL POWER DOWN", false },
	{ "UNDER-VOLTAGE", false }, { "OVER-VOLTAGE", false }, { "+ZUSIMR:", false },
};

/* -1: none. */
static int
unsolicited_row(const char *line)
{
	for (size_t i = 0; i < sizeof unsolicited / sizeof unsolicited[0]; i++)
		if (strncmp(line, unsolicited[i].prefix, strlen(unsolicited[i].prefix)) == 0)
			return (int)i;
	return -1;
}

void
at_init(struct at *at, int fd, at_line_fn *fn, void *ctx)
{
	*at = (struct at){ .fd = fd, .unsolicited = fn, .ctx = ctx };
}

int
at_open(const char *device)
{
	struct termios t;
	int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd == -1)
		return -1;
	if (tcgetattr(fd, &t) == -1)
		goto fail;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	t.c_cflag |= CLOCAL | CREAD;
	/* Closing it again must not drop DTR: there are modems that reset then. */
	t.c_cflag &= ~(tcflag_t)HUPCL;
	if (tcsetattr(fd, TCSANOW, &t) == -1)
		goto fail;
	return fd;
fail:
	close(fd);
	return -1;
}

/* What one line is fed to while a command waits for its end. */
struct exchange {
	const char *echo;		/* the command as the modem repeats it */
	at_line_fn *answer;
	void	*ctx;
	bool	 done;
	enum at_result result;
	int	 code;
};

static void
finish(struct exchange *x, enum at_result result, int code)
{
	x->done = true;
	x->result = result;
	x->code = code;
}

static bool
is_final(struct exchange *x, const char *line)
{
	if (strcmp(line, "OK") == 0)
		finish(x, AT_OK, 0);
	else if (strncmp(line, "+CMS ERROR:", 11) == 0 || strncmp(line, "+CME ERROR:", 11) == 0)
		finish(x, AT_ERROR, (int)strtol(line + 11, NULL, 10));
	else if (strcmp(line, "ERROR") == 0 || strncmp(line, "COMMAND NOT SUPPORT", 19) == 0)
		finish(x, AT_ERROR, 0);
	return x->done;
}

/* Who a line is for: the second line of an unsolicited pair, the command that waits, or nobody who asked. */
static void
take_line(struct at *at, struct exchange *x)
{
	const char *line = at->line;
	int row;

	if (at->second) {
		at->second = false;
		at->unsolicited(at->ctx, line);
		return;
	}
	/* +CPIN: and ^ICCID: are sent unasked, and are answers too. */
	row = unsolicited_row(line);
	if (row >= 0 && (x == NULL || strncmp(line, x->echo + 2, strcspn(line, ":")) != 0)) {
		at->second = unsolicited[row].second;
		at->unsolicited(at->ctx, line);
	} else if (x == NULL) {
		at->unsolicited(at->ctx, line);
	} else if (strcmp(line, x->echo) != 0 && !is_final(x, line) && x->answer != NULL) {
		x->answer(x->ctx, line);
	}
}

static void
take_byte(struct at *at, char c, struct exchange *x)
{
	if (c == '\r' || c == '\n') {
		at->line[at->len] = '\0';
		if (at->len > 0)
			take_line(at, x);
		at->len = 0;
	} else if (c != '\0' && at->len + 1 < sizeof at->line) {
		at->line[at->len++] = c;
	}
}

/* 1: something was read, 0: nothing is there, -1: hung up. */
static int
read_some(struct at *at, struct exchange *x)
{
	char buf[4096];
	ssize_t n = read(at->fd, buf, sizeof buf);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	for (ssize_t i = 0; i < n; i++)
		take_byte(at, buf[i], x->done ? NULL : x);
	return 1;
}

enum at_result
at_pump(struct at *at)
{
	struct exchange idle = { .done = true };

	for (int turns = 0; turns < 64; turns++) {
		int n = read_some(at, &idle);

		if (n <= 0)
			return n == 0 ? AT_OK : AT_GONE;
	}
	return AT_OK;
}

static int
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left = deadline_ms - clock_now().mono.ms;
	int n;

	if (left < 0)
		return 0;
	n = poll(&p, 1, (int)left);
	if (n == -1)
		return errno == EINTR ? 1 : -1;
	return n;
}

static int
write_all(int fd, const char *p, size_t n, int64_t deadline_ms)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w > 0) {
			p += w;
			n -= (size_t)w;
		} else if (w == -1 && errno != EAGAIN && errno != EINTR) {
			return -1;
		} else if (wait_for(fd, POLLOUT, deadline_ms) <= 0) {
			return -1;
		}
	}
	return 0;
}

enum at_result
at_command(struct at *at, const char *command, int timeout_ms, at_line_fn *answer, void *ctx, int *code)
{
	int64_t deadline = clock_now().mono.ms + timeout_ms;
	struct exchange x = { .answer = answer, .ctx = ctx };
	char out[256];
	int n = snprintf(out, sizeof out, "AT%s", command);

	if (n < 0 || (size_t)n + 2 > sizeof out)
		return AT_ERROR;
	x.echo = out;
	if (at_pump(at) == AT_GONE || write_all(at->fd, out, (size_t)n, deadline) == -1 ||
	    write_all(at->fd, "\r", 1, deadline) == -1)
		return AT_GONE;
	while (!x.done) {
		int ready = wait_for(at->fd, POLLIN, deadline);

		if (ready == 0)
			return AT_SILENT;
		if (ready == -1 || read_some(at, &x) == -1)
			return AT_GONE;
	}
	if (code != NULL)
		*code = x.code;
	return x.result;
}

/* ---- reading one slot ----------------------------------------------------- */

struct slot_answer {
	bool	 header;		/* +CMGR: was seen, the PDU is next */
	struct at_message *message;
};

static void
on_slot_line(void *ctx, const char *line)
{
	struct slot_answer *a = ctx;

	if (strncmp(line, "+CMGR:", 6) == 0) {
		a->header = true;
	} else if (a->header) {
		a->header = false;
		a->message->len = at_tpdu(line, a->message->tpdu);
		a->message->found = a->message->len > 0;
	}
}

enum at_result
at_read(struct at *at, unsigned slot, struct at_message *message)
{
	struct slot_answer a = { .message = message };
	enum at_result result;
	char command[32];
	int code = 0;

	message->found = false;
	message->len = 0;
	snprintf(command, sizeof command, "+CMGR=%u", slot);
	result = at_command(at, command, READ_TIMEOUT_MS, on_slot_line, &a, &code);
	/* TS 27.005 3.2.5: 321 invalid memory index. */
	if (result == AT_ERROR && code == 321)
		return AT_OK;
	return result;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

size_t
at_tpdu(const char *hex, uint8_t out[MODEM_TPDU_MAX])
{
	size_t n = 0, digits = strspn(hex, "0123456789ABCDEFabcdef"), skip;

	if (digits < 4 || digits % 2 != 0 || hex[digits] != '\0')
		return 0;
	skip = 1 + (size_t)(hex_digit(hex[0]) * 16 + hex_digit(hex[1]));
	for (size_t i = 2 * skip; i + 1 < digits; i += 2) {
		if (n == MODEM_TPDU_MAX)
			return 0;
		out[n++] = (uint8_t)(hex_digit(hex[i]) * 16 + hex_digit(hex[i + 1]));
	}
	return n;
}

const char *
at_number(const char *p, unsigned *n)
{
	const char *digits;

	while (*p == ' ')
		p++;
	digits = p;
	for (*n = 0; *p >= '0' && *p <= '9' && p - digits < 6; p++)
		*n = *n * 10 + (unsigned)(*p - '0');
	return p == digits ? NULL : p;
}
