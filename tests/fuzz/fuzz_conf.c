/* Settings and rosters: any bytes give faults or values in their bounds, never a crash. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/conf.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct conf conf;
	struct roster roster;
	struct diags diags;
	char path[64];
	int fd = memfd_create("conf", MFD_CLOEXEC);

	if (fd == -1 || write(fd, p, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	diags_init(&diags);
	conf_load(&conf, path, &diags);
	FUZZ_MUST(conf.national_digits >= 5 && conf.national_digits <= 12);
	FUZZ_MUST(memchr(conf.state, '\0', sizeof(conf.state)) != NULL);
	FUZZ_MUST(diags.errors > 0 || conf.timers.repeat_min >= 1);
	diags_release(&diags);
	diags_init(&diags);
	roster_load(&roster, path, NULL, &diags);
	for (size_t i = 0; i < roster.n && diags.errors == 0; i++)
		FUZZ_MUST(roster.v[i].number[0] == '+' && roster.v[i].tier >= 1 && roster.v[i].tier <= 3);
	roster_release(&roster);
	diags_release(&diags);
	close(fd);
	return 0;
}
