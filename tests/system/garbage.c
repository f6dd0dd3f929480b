/* Talks nonsense to the daemon's control socket: garbage SOCKET ROUNDS SEED */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SILENT_MAX	40	/* who connects and says nothing: more than the daemon has room for */

static uint32_t state;

/* Marsaglia's xorshift: the same nonsense for the same seed. */
static uint32_t
next(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static int
reach(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd != -1 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

/* Some datagrams of random bytes; every other one begins as a question does: version 1, a type, a length. */
static unsigned
babble(int fd)
{
	static uint8_t bytes[65536];
	unsigned sent = 0;

	for (unsigned n = next() % 8 + 1; n > 0; n--) {
		size_t len = next() % (next() % 4 == 0 ? sizeof(bytes) : 64);

		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)next();
		if (len > 3 && next() % 2 == 0)
			memcpy(bytes, (const uint8_t[]){ 1, 1, 0 }, 3);
		sent += send(fd, bytes, len, MSG_NOSIGNAL) != -1;
	}
	return sent;
}

int
main(int argc, char **argv)
{
	int silent[SILENT_MAX], fd;
	unsigned sent = 0;

	if (argc != 4)
		return 2;
	state = (uint32_t)strtoul(argv[3], NULL, 10) | 1;
	for (long round = strtol(argv[2], NULL, 10); round > 0; round--) {
		if ((fd = reach(argv[1])) == -1)
			continue;	/* its queue of callers is full for a moment */
		sent += babble(fd);
		close(fd);
	}
	for (int i = 0; i < SILENT_MAX; i++)
		silent[i] = reach(argv[1]);
	for (int i = 0; i < SILENT_MAX; i++)
		if (silent[i] != -1)
			close(silent[i]);
	printf("%u datagrams\n", sent);
	return sent > 0 ? 0 : 1;
}
