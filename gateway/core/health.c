/* Tells systemd, and whoever asks, whether promises are being kept. */
#include "core/health.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/core.h"

void
health_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n < 2 || n >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')		/* an abstract socket */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return;
	/* Whoever listens may be busy: alerts do not wait for him. */
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
}

int64_t
health_watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (usec == NULL || (pid != NULL && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return strtoll(usec, NULL, 10) / 2000;
}

void
health_sentence(struct core *core, char *out, size_t size)
{
	size_t ready = 0;

	for (size_t i = 0; i < modems_count(core->modems); i++)
		ready += modems_line(core->modems, i)->phase == MODEM_READY;
	if (store_in_memory(core->store))
		snprintf(out, size, "the disk fails (%s): alerts go on from memory, the SIM keeps every SMS", core->trouble);
	else if (core->book->partial)
		snprintf(out, size, "the files have faults and are not fully in force: tocsinctl reload shows them");
	else if (core->book->rolled_back)
		snprintf(out, size, "rolled back: pack %u is in force, not the rule files, until tocsinctl reload",
		    core->book->pack);
	else if (ready == 0)
		snprintf(out, size, "no modem is ready: nothing can be heard");
	else if (core->book->roster.n == 0)
		snprintf(out, size, "nobody is in responders.conf: nobody can be told");
	else
		snprintf(out, size, "all well: %zu of %zu modems ready", ready, modems_count(core->modems));
}

/* The last failure may have been a question's, not the disk's (a backup onto a file that exists): a commit tells. */
static bool
store_works(struct core *core, struct now now)
{
	if (store_in_memory(core->store) || store_fault(core->store) == STORE_FINE)
		return true;
	if (store_begin(core->store) == 0 && store_commit(core->store) == 0)
		return true;
	core_store_failed(core, "trying the disk", now);
	return store_in_memory(core->store);
}

void
health_beat(struct core *core, struct now now)
{
	char sentence[256], state[300];

	health_sentence(core, sentence, sizeof(sentence));
	snprintf(state, sizeof(state), "STATUS=%s", sentence);
	health_notify(state);
	if (core->turns != core->beaten && store_works(core, now))
		health_notify("WATCHDOG=1");
	core->beaten = core->turns;
}
