/* Fuzz target: whatever the octets of an SMS, what the decoder makes of them is sane and the same every time. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "unit/tpdu_sane.h"

/* The identity is as long as the TPDU, differs in the first octet only, and is its own identity. */
static void
check_identity(const uint8_t *p, size_t n)
{
	uint8_t once[TPDU_MAX], twice[TPDU_MAX];
	size_t len = tpdu_identity(p, n, once, sizeof(once));

	FUZZ_MUST(len == (n < sizeof(once) ? n : sizeof(once)));
	FUZZ_MUST(len < 2 || memcmp(once + 1, p + 1, len - 1) == 0);
	FUZZ_MUST(tpdu_identity(once, len, twice, sizeof(twice)) == len && memcmp(once, twice, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct tpdu t, again;
	const char *why = NULL;
	int rc;

	/* What stood there before must not shine through. */
	memset(&t, 0x5A, sizeof(t));
	memset(&again, 0xA5, sizeof(again));
	rc = tpdu_decode(p, n, &t, &why);
	FUZZ_MUST((rc == 0) == (why == NULL));
	FUZZ_MUST(rc == -1 || tpdu_insane(&t, n) == NULL);
	FUZZ_MUST(tpdu_decode(p, n, &again, &why) == rc && memcmp(&t, &again, sizeof(t)) == 0);
	check_identity(p, n);
	return 0;
}
