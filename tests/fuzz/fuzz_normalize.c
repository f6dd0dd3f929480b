/* Any bytes as a text: both forms valid, the way back monotone and in range, folding idempotent. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/utf8.h"
#include "logic/normalize.h"

static void
check_map(const uint16_t *from, size_t len, size_t in_len)
{
	FUZZ_MUST(from[len] == in_len);
	for (size_t i = 0; i < len; i++)
		FUZZ_MUST(from[i] <= from[i + 1] && from[i] < in_len);
}

static void
check_tokens(const struct text *t)
{
	size_t end = 0;

	for (size_t i = 0; i < t->n_tokens; i++) {
		const struct token *k = &t->token[i];

		FUZZ_MUST(k->len > 0 && k->start >= end && (size_t)k->start + k->len <= t->folded_len);
		FUZZ_MUST(k->from < k->to && k->to <= t->in_len);
		end = (size_t)k->start + k->len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct text t, again;

	normalize((const char *)data, size, &t);
	FUZZ_MUST(utf8_valid(t.plain, t.plain_len) && utf8_valid(t.folded, t.folded_len));
	check_map(t.plain_from, t.plain_len, t.in_len);
	check_map(t.folded_from, t.folded_len, t.in_len);
	check_tokens(&t);
	if (t.truncated || t.folded_len > TEXT_IN_MAX)
		return 0;
	normalize(t.folded, t.folded_len, &again);
	FUZZ_MUST(again.folded_len == t.folded_len && memcmp(again.folded, t.folded, t.folded_len) == 0);
	return 0;
}
