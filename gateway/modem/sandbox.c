/* What the modem process gives up before it reads a byte from outside. */
#include "modem/sandbox.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int
limit(int resource, rlim_t most)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)resource, &r) == -1)
		return -1;
	if (r.rlim_max < most)
		most = r.rlim_max;
	r.rlim_cur = r.rlim_max = most;
	return setrlimit((__rlimit_resource_t)resource, &r);
}

int
sandbox_enter(const char **what)
{
	*what = "PR_SET_PDEATHSIG";
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		return -1;
	*what = "PR_SET_NO_NEW_PRIVS";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	*what = "PR_SET_DUMPABLE";
	if (prctl(PR_SET_DUMPABLE, 0) == -1)
		return -1;
	*what = "close_range";
	if (close_range(4, ~0U, 0) == -1)
		return -1;
	*what = "RLIMIT_CORE";
	if (limit(RLIMIT_CORE, 0) == -1)
		return -1;
	*what = "RLIMIT_NOFILE";
	if (limit(RLIMIT_NOFILE, SANDBOX_FILES) == -1)
		return -1;
	/* A sanitizer's shadow memory alone is terabytes of address space. */
	*what = "RLIMIT_AS";
	return TOCSIN_SANITIZED ? 0 : limit(RLIMIT_AS, (rlim_t)256 << 20);
}
