/* The modem before libgammu has it: woken, silenced, its SIM unlocked. */
#include "modem/wake.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define WAKE_MS		1000
#define WAKE_TRIES	3
#define QUIET_MS	100
#define UNLOCKED_MS	3000
#define INIT_TIMEOUT_MS	2000
#define AT_TIMEOUT_MS	10000
#define CPIN_SIZE	64

const char *
wake_setting(const struct modem_msg *hello, const char *key)
{
	for (size_t i = 0; i < hello->u.hello.n; i++)
		if (strcmp(hello->u.hello.v[i].key, key) == 0)
			return hello->u.hello.v[i].value;
	return NULL;
}

static bool
readable(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0 && (p.revents & POLLIN);
}

static void
drain(struct at *at, int quiet_ms, int most_ms)
{
	int64_t until = clock_now().mono.ms + most_ms;

	while (clock_now().mono.ms < until && readable(at->fd, quiet_ms))
		if (at_pump(at) != AT_OK)
			return;
}

/* Out of a prompt a killed process may have left, and through the lines of a boot. */
static int
wake(struct at *at)
{
	if (write(at->fd, "\x1b\r", 2) != 2)
		return -1;
	drain(at, QUIET_MS, WAKE_MS);
	for (int tries = 0; tries < WAKE_TRIES; tries++) {
		if (at_command(at, "", WAKE_MS, NULL, NULL, NULL) == AT_OK) {
			drain(at, QUIET_MS, WAKE_MS);
			return 0;
		}
	}
	return -1;
}

/* Commands of the model's own, above all those that silence lines libgammu does not know. */
static void
run_init_commands(const struct modem_msg *hello, struct at *at)
{
	for (size_t i = 0; i < hello->u.hello.n; i++) {
		const struct modem_setting *s = &hello->u.hello.v[i];
		/* As manuals print it, or bare. */
		const char *command = s->value + (strncasecmp(s->value, "AT", 2) == 0 ? 2 : 0);

		if (strncmp(s->key, "init_at_", 8) == 0 &&
		    at_command(at, command, INIT_TIMEOUT_MS, NULL, NULL, NULL) != AT_OK)
			log_warnx("wake.init key=%s why=\"not answered with OK\"", s->key);
	}
}

static void
on_cpin_line(void *ctx, const char *line)
{
	snprintf(ctx, CPIN_SIZE, "%s", line);
}

/*
 * Asked here and not by libgammu: an unlocked SIM makes the modem say several lines
 * libgammu does not know.
 */
static enum phone_link
unlock(const struct modem_msg *hello, struct at *at, char *why, size_t size)
{
	const char *pin = wake_setting(hello, "pin");
	char state[CPIN_SIZE] = "", command[40];
	int code = 0;

	at_command(at, "+CMEE=1", AT_TIMEOUT_MS, NULL, NULL, NULL);
	if (at_command(at, "+CPIN?", AT_TIMEOUT_MS, on_cpin_line, state, &code) != AT_OK) {
		snprintf(why, size, "no SIM (+CME ERROR: %d)", code);
		/* TS 27.007 9.2: 10 not inserted, 13 failure, 14 busy. Others do not have the command. */
		return code == 10 || code == 13 || code == 14 ? PHONE_ABSENT : PHONE_CONNECTED;
	}
	if (strstr(state, "SIM PIN") == NULL && strstr(state, "SIM PUK") == NULL)
		return PHONE_CONNECTED;
	if (strstr(state, "SIM PUK") != NULL || pin == NULL) {
		snprintf(why, size, "the SIM asks for %s", pin == NULL ? "a PIN and none is set" : "its PUK");
		return PHONE_LOCKED;
	}
	snprintf(command, sizeof command, "+CPIN=\"%.16s\"", pin);
	if (at_command(at, command, AT_TIMEOUT_MS, NULL, NULL, NULL) != AT_OK) {
		snprintf(why, size, "the SIM refused the PIN; not tried again");
		return PHONE_LOCKED;
	}
	drain(at, UNLOCKED_MS, UNLOCKED_MS);
	return PHONE_CONNECTED;
}

enum phone_link
wake_modem(const struct modem_msg *hello, at_line_fn *unasked, void *ctx, char *why, size_t size)
{
	const char *device = wake_setting(hello, "device");
	enum phone_link link = PHONE_ABSENT;
	struct stat st;
	struct at at;
	int fd = -1;

	if (stat(device, &st) == 0 && S_ISCHR(st.st_mode))
		fd = at_open(device);
	if (fd == -1) {
		snprintf(why, size, "%.100s: %s", device, strerror(errno));
		return PHONE_ABSENT;
	}
	at_init(&at, fd, unasked, ctx);
	if (wake(&at) == -1) {
		snprintf(why, size, "%.100s: no answer to AT", device);
	} else {
		run_init_commands(hello, &at);
		link = unlock(hello, &at, why, size);
	}
	close(fd);
	return link;
}
