/* Fuzz target: what the core decodes from a transport is the one encoding of what it understood. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "wire/modem_msg.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct modem_msg m;
	static uint8_t again[MODEM_MSG_MAX];
	const char *why = NULL;

	if (modem_msg_decode(&m, bytes, n, &why) == -1) {
		FUZZ_MUST(why != NULL && *why != '\0');
		return 0;
	}
	FUZZ_MUST(modem_msg_encode(&m, again, sizeof(again)) == n && memcmp(again, bytes, n) == 0);
	FUZZ_MUST(modem_msg_name(m.type)[0] != '?');
	return 0;
}
