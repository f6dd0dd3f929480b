/* Any bytes laid out as a rule file: they say the same afterwards, and laying out again changes nothing. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "logic/rulefmt.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *in = (const char *)data;
	struct buf once, twice;

	if (size > 16384)
		return 0;
	buf_init(&once, 4u << 20);
	buf_init(&twice, 4u << 20);
	FUZZ_MUST(rulefmt(in, size, &once) == 0);
	FUZZ_MUST(rulefmt_same(in, size, buf_str(&once), once.len));
	FUZZ_MUST(rulefmt(buf_str(&once), once.len, &twice) == 0);
	FUZZ_MUST(once.len == twice.len && memcmp(buf_str(&once), buf_str(&twice), once.len) == 0);
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
