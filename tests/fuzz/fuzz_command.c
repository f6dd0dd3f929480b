/* Fuzz target: whatever a responder texts, the command is well-formed, and leaving it out changes nothing. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "logic/command.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct command none;
	struct command c, again;

	memset(&c, 0x5A, sizeof(c));
	memset(&again, 0xA5, sizeof(again));
	command_parse((const char *)p, n, &c);
	command_parse((const char *)p, n, &again);
	FUZZ_MUST(memcmp(&c, &again, sizeof(c)) == 0);
	FUZZ_MUST(c.verb != VERB_NONE || memcmp(&c, &none, sizeof(c)) == 0);
	FUZZ_MUST(c.verb <= VERB_STOP && command_verb_name(c.verb)[0] != '\0');
	FUZZ_MUST(c.has_number || (c.number == 0 && c.letters[0] == '\0'));
	FUZZ_MUST(c.number <= 9999);
	for (size_t i = 0; c.letters[0] != '\0' && i < 2; i++)
		FUZZ_MUST(c.letters[i] >= 'A' && c.letters[i] <= 'Z');
	FUZZ_MUST(c.letters[2] == '\0');
	FUZZ_MUST((c.verb == VERB_GO || !c.has_minutes) && c.minutes <= 1440);
	FUZZ_MUST(c.outcome == 0 || (c.verb == VERB_END && strchr("RTNFDXOC", c.outcome) != NULL));
	FUZZ_MUST(c.verb != VERB_STOP || !c.has_number);
	return 0;
}
