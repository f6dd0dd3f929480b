/* A service manager that does not listen: deaf SOCKET binds a datagram socket and never reads it, until it is killed. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (argc != 2 || fd == -1)
		return 2;
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", argv[1]);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		return 1;
	for (;;)
		pause();
}
