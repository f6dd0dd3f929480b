/* Fuzz target: requests from anyone who can open control.sock, and answers as tocsinctl reads them. */
#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "wire/ctl_msg.h"
#include "wire/frame.h"

static uint8_t again[FRAME_MAX];

static void
ask(const uint8_t *bytes, size_t n)
{
	static struct ctl_ask a;
	const char *why = NULL;

	if (ctl_ask_decode(&a, bytes, n, &why) == -1) {
		FUZZ_MUST(why != NULL && *why != '\0');
		return;
	}
	FUZZ_MUST(ctl_ask_encode(a.word, a.n, again, sizeof(again)) == n && memcmp(again, bytes, n) == 0);
}

/* A row is put together again from its pairs, and is one line of JSON. */
static void
row(const struct ctl_answer *a, const uint8_t *bytes, size_t n)
{
	struct field_out out;
	struct buf json;

	ctl_row_begin(&out, again, sizeof(again));
	for (size_t i = 0; i < a->n; i++) {
		field_put_bytes(&out, a->pair[i].key, a->pair[i].key_len);
		field_put_u8(&out, (uint8_t)a->pair[i].kind);
		field_put_bytes(&out, a->pair[i].value, a->pair[i].value_len);
	}
	FUZZ_MUST(!out.overflow && out.len == n && memcmp(again, bytes, n) == 0);
	buf_init(&json, (size_t)8 * FRAME_MAX);
	FUZZ_MUST(ctl_row_json(a, &json) == 0);
	FUZZ_MUST(utf8_valid(buf_str(&json), json.len) && memchr(buf_str(&json), '\n', json.len) == NULL);
	buf_release(&json);
}

static void
answer(const uint8_t *bytes, size_t n)
{
	static struct ctl_answer a;
	const char *why = NULL;

	if (ctl_answer_decode(&a, bytes, n, &why) == -1) {
		FUZZ_MUST(why != NULL && *why != '\0');
		return;
	}
	if (a.type == CTL_ROW)
		row(&a, bytes, n);
	else
		FUZZ_MUST(ctl_end_encode(a.exit, a.sentence, again, sizeof(again)) == n && memcmp(again, bytes, n) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	ask(bytes, n);
	answer(bytes, n);
	return 0;
}
