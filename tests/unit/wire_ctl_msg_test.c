/* Tests of wire/ctl_msg: requests, rows and ends there and back, and JSON that can be read. */
#include "unit/test.h"

#include <math.h>

#include "base/utf8.h"
#include "wire/ctl_msg.h"
#include "wire/frame.h"

static uint8_t bytes[FRAME_MAX];

/* Decodes from a block of exactly n bytes, so that a sanitizer sees one byte too many. */
static int
ask_exact(struct ctl_ask *ask, const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	const char *why;
	int ret;

	if (n > 0)
		memcpy(copy, p, n);
	ret = ctl_ask_decode(ask, copy, n, &why);
	CHECK(ret == 0 || *why != '\0');
	free(copy);
	return ret;
}

static int
answer_exact(struct ctl_answer *a, const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	const char *why;
	int ret;

	if (n > 0)
		memcpy(copy, p, n);
	ret = ctl_answer_decode(a, copy, n, &why);
	CHECK(ret == 0 || *why != '\0');
	free(copy);
	return ret;
}

static void
random_text(char *s, size_t want)
{
	size_t len = 0;

	for (;;) {
		char one[4];
		size_t k = utf8_put(one, test_below(2) ? 1 + test_below(127) : 1 + test_below(0x10FFFF));

		if (len + k > want)
			break;
		memcpy(s + len, one, k);
		len += k;
	}
	s[len] = '\0';
}

TEST(requests_round_trip)
{
	static char text[CTL_WORDS_MAX][64];
	static struct ctl_ask ask;

	for (int round = 0; round < 20000; round++) {
		char *words[CTL_WORDS_MAX];
		size_t n = 1 + test_below(CTL_WORDS_MAX), len;
		const char *why = NULL;

		for (size_t i = 0; i < n; i++) {
			random_text(text[i], test_below(64));
			words[i] = text[i];
		}
		len = ctl_ask_encode(words, n, bytes, sizeof(bytes));
		CHECK(len > 0);
		CHECK_MSG(ctl_ask_decode(&ask, bytes, len, &why) == 0, "%s", why);
		CHECK_INT(ask.n, n);
		for (size_t i = 0; i < n && i < ask.n; i++)
			CHECK_STR(ask.word[i], words[i]);
	}
}

TEST(a_request_cut_or_longer_is_refused)
{
	char *words[] = { (char[]){ "show" }, (char[]){ "" }, (char[]){ "caf\xC3\xA9" } };
	static struct ctl_ask ask;
	size_t n = ctl_ask_encode(words, 3, bytes, sizeof(bytes));

	CHECK_INT(n, 2 + 2 + 2 + 6 + 2 + 7);
	CHECK_INT(ask_exact(&ask, bytes, n), 0);
	for (size_t cut = 0; cut < n; cut++) {
		CHECK_MSG(ask_exact(&ask, bytes, cut) == -1, "cut at %zu", cut);
		CHECK_INT(ask.n, 0);
	}
	for (unsigned extra = 0; extra < 256; extra++) {
		bytes[n] = (uint8_t)extra;
		CHECK_MSG(ask_exact(&ask, bytes, n + 1) == -1, "extra byte %u", extra);
	}
}

TEST(what_a_request_may_not_be)
{
	static const struct {
		const char *what, *bytes;
		size_t n;
	} rows[] = {
		{ "of version 2", "\0\1\0\2\0\1\0\1a", 9 },
		{ "without words", "\0\1\0\1\0\0", 6 },
		{ "of 33 words", "\0\1\0\1\0\x21", 6 },
		{ "a word with NUL", "\0\1\0\1\0\1\0\1\0", 9 },
		{ "not UTF-8", "\0\1\0\1\0\1\0\1\xE9", 9 },
		{ "an answer", "\0\2\0\1\0\1\0\1a", 9 },
	};
	static char longest[CTL_WORD_MAX + 2], many[CTL_WORD_MAX];
	static struct ctl_ask ask;
	char *words[CTL_WORDS_MAX + 1];
	size_t n;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_MSG(ask_exact(&ask, (const uint8_t *)rows[i].bytes, rows[i].n) == -1, "%s is taken", rows[i].what);
	for (size_t i = 0; i < CTL_WORDS_MAX + 1; i++)
		words[i] = many;
	CHECK_INT(ctl_ask_encode(words, CTL_WORDS_MAX + 1, bytes, sizeof(bytes)), 0);
	CHECK_INT(ctl_ask_encode(words, 0, bytes, sizeof(bytes)), 0);
	CHECK(ctl_ask_encode(words, CTL_WORDS_MAX, bytes, sizeof(bytes)) > 0);
	memset(longest, 'a', CTL_WORD_MAX);
	words[0] = longest;
	n = ctl_ask_encode(words, 1, bytes, sizeof(bytes));
	CHECK(n > 0);
	CHECK_INT(ask_exact(&ask, bytes, n), 0);
	CHECK_INT(ctl_ask_encode(words, 1, bytes, n - 1), 0);
	longest[CTL_WORD_MAX] = 'a';
	CHECK_INT(ctl_ask_encode(words, 1, bytes, sizeof(bytes)), 0);
	longest[CTL_WORD_MAX] = '\0';
	words[1] = longest;
	CHECK_INT(ctl_ask_encode(words, 2, bytes, sizeof(bytes)), 0);
	words[0] = (char[]){ "\xFF" };
	CHECK_INT(ctl_ask_encode(words, 1, bytes, sizeof(bytes)), 0);
}

/* What the encoder takes, the decoder holds, at the limit of the text of all words together. */
TEST(encoder_and_decoder_agree_on_room)
{
	static char word[CTL_WORD_MAX + 1];
	static struct ctl_ask ask;

	for (size_t first = CTL_WORD_MAX - 4; first <= CTL_WORD_MAX; first++)
		for (size_t rest = 0; rest < 6; rest++) {
			char *words[3] = { word, (char[CTL_WORD_MAX + 1]){ 0 }, (char[]){ "" } };
			size_t n, second = sizeof(ask.text) - first - 2 - rest;

			if (second > CTL_WORD_MAX)
				continue;
			memset(word, 'a', first);
			word[first] = '\0';
			memset(words[1], 'b', second);
			n = ctl_ask_encode(words, 3, bytes, sizeof(bytes));
			CHECK_MSG((n > 0) == (rest >= 1), "%zu and %zu bytes", first, second);
			if (n > 0)
				CHECK_INT(ask_exact(&ask, bytes, n), 0);
		}
}

static void
json_is(const char *want, size_t len)
{
	static struct ctl_answer a;
	const char *why = NULL;
	struct buf b;

	buf_init(&b, 10000);
	CHECK_MSG(ctl_answer_decode(&a, bytes, len, &why) == 0, "%s", why);
	CHECK_INT(a.type, CTL_ROW);
	CHECK_INT(ctl_row_json(&a, &b), 0);
	CHECK_STR(buf_str(&b), want);
	buf_release(&b);
}

TEST(a_row_becomes_json)
{
	struct field_out out;

	ctl_row_begin(&out, bytes, sizeof(bytes));
	ctl_put_int(&out, "id", 412);
	ctl_put_int(&out, "least", INT64_MIN);
	ctl_put_text(&out, "text", "a \"b\"\n\xC3\xA9");
	ctl_put_text(&out, "none", NULL);
	ctl_put_bool(&out, "yes", true);
	ctl_put_bool(&out, "no", false);
	ctl_put_real(&out, "lat", -14.4974, 4);
	ctl_put_real(&out, "nan", NAN, 4);
	ctl_put_real(&out, "inf", -INFINITY, 4);
	ctl_put_real(&out, "round", 2.5, 0);
	ctl_put_json(&out, "list", "[1,{\"a\":null}]");
	ctl_put_text(&out, "latin1", "caf\xE9");
	CHECK(!out.overflow);
	json_is("{\"id\":412,\"least\":-9223372036854775808,\"text\":\"a \\\"b\\\"\\n\xC3\xA9\",\"none\":null,\"yes\":true,"
		"\"no\":false,\"lat\":-14.4974,\"nan\":null,\"inf\":null,\"round\":2,\"list\":[1,{\"a\":null}],"
		"\"latin1\":\"caf\xEF\xBF\xBD\"}", out.len);
	ctl_row_begin(&out, bytes, sizeof(bytes));
	json_is("{}", out.len);
}

TEST(the_longest_real_fits)
{
	struct field_out out;
	struct ctl_answer a;

	ctl_row_begin(&out, bytes, sizeof(bytes));
	ctl_put_real(&out, "x", -1.7976931348623157e308, 17);
	ctl_put_real(&out, "y", 1e-300, 99);
	CHECK_INT(answer_exact(&a, bytes, out.len), 0);
}

TEST(too_much_for_a_datagram_overflows)
{
	static char big[70000];
	struct field_out out;

	memset(big, 'a', sizeof(big) - 1);
	ctl_row_begin(&out, bytes, sizeof(bytes));
	ctl_put_text(&out, "k", big);
	CHECK(out.overflow);
	big[65000] = '\0';
	ctl_row_begin(&out, bytes, sizeof(bytes));
	ctl_put_text(&out, "k", big);
	CHECK(!out.overflow);
	ctl_put_text(&out, "k", big);
	CHECK(out.overflow);
}

/* A cut between two pairs is a shorter row; the END behind the rows says that all came. Any other cut is refused. */
TEST(rows_cut_inside_a_pair_are_refused)
{
	static struct ctl_answer a;
	struct field_out out;
	size_t end[4], pair = 0;

	ctl_row_begin(&out, bytes, sizeof(bytes));
	end[0] = out.len;
	ctl_put_int(&out, "id", 7);
	end[1] = out.len;
	ctl_put_text(&out, "text", "abc");
	end[2] = out.len;
	ctl_put_bool(&out, "b", true);
	end[3] = out.len;
	for (size_t cut = 0; cut <= out.len; cut++) {
		bool whole = cut == end[pair];

		CHECK_MSG(answer_exact(&a, bytes, cut) == (whole ? 0 : -1), "cut at %zu", cut);
		if (whole)
			CHECK_INT(a.n, pair++);
	}
	for (unsigned extra = 0; extra < 256; extra++) {
		bytes[out.len] = (uint8_t)extra;
		CHECK_MSG(answer_exact(&a, bytes, out.len + 1) == -1, "extra byte %u", extra);
	}
}

TEST(values_are_of_their_kind)
{
	static const struct {
		int kind;
		const char *value;
		bool ok;
	} rows[] = {
		{ CTL_INT, "0", true }, { CTL_INT, "-12", true }, { CTL_INT, "", false }, { CTL_INT, "-", false },
		{ CTL_INT, "01", false }, { CTL_INT, "1.5", false }, { CTL_INT, "1,\"x\":2", false }, { CTL_INT, "+1", false },
		{ CTL_REAL, "1.50", true }, { CTL_REAL, "-0.5", true }, { CTL_REAL, "1", true }, { CTL_REAL, "1.", false },
		{ CTL_REAL, ".5", false }, { CTL_REAL, "nan", false }, { CTL_REAL, "1e5", false },
		{ CTL_BOOL, "true", true }, { CTL_BOOL, "false", true }, { CTL_BOOL, "1", false }, { CTL_BOOL, "", false },
		{ CTL_NULL, "", true }, { CTL_NULL, "null", false },
		{ CTL_TEXT, "", true }, { CTL_TEXT, "a\nb", true }, { CTL_TEXT, "\xFF", false },
		{ CTL_JSON, "{}", true }, { CTL_JSON, "", false }, { CTL_JSON, "{\n}", false }, { CTL_JSON, "\"\xC0\"", false },
		{ CTL_JSON + 1, "", false }, { 255, "", false },
	};
	static struct ctl_answer a;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct field_out out;

		ctl_row_begin(&out, bytes, sizeof(bytes));
		field_put_str(&out, "k");
		field_put_u8(&out, (uint8_t)rows[i].kind);
		field_put_str(&out, rows[i].value);
		CHECK_MSG((answer_exact(&a, bytes, out.len) == 0) == rows[i].ok, "kind %d, \"%s\"", rows[i].kind, rows[i].value);
	}
}

TEST(keys_have_a_form_and_a_ceiling)
{
	static const struct {
		const char *key;
		size_t n;
	} rows[] = { { "", 0 }, { "a\0b", 3 }, { "\xFF", 1 } };
	static struct ctl_answer a;
	struct field_out out;

	for (size_t i = 0; i < 3; i++) {
		ctl_row_begin(&out, bytes, sizeof(bytes));
		field_put_bytes(&out, rows[i].key, rows[i].n);
		field_put_u8(&out, CTL_NULL);
		field_put_str(&out, "");
		CHECK_MSG(answer_exact(&a, bytes, out.len) == -1, "key %zu is taken", i);
	}
	ctl_row_begin(&out, bytes, sizeof(bytes));
	for (int i = 0; i < CTL_KEYS_MAX; i++)
		ctl_put_int(&out, "k", i);
	CHECK_INT(answer_exact(&a, bytes, out.len), 0);
	CHECK_INT(a.n, CTL_KEYS_MAX);
	ctl_put_int(&out, "k", 1);
	CHECK_INT(answer_exact(&a, bytes, out.len), -1);
}

TEST(ends_round_trip)
{
	static struct ctl_answer a;
	static char sentence[2000];

	for (int status = CTL_DONE; status <= CTL_UNREACHABLE; status++) {
		size_t n = ctl_end_encode((enum ctl_exit)status, "no incident 9", bytes, sizeof(bytes));

		CHECK_INT(answer_exact(&a, bytes, n), 0);
		CHECK_INT(a.type, CTL_END);
		CHECK_INT(a.exit, status);
		CHECK_STR(a.sentence, "no incident 9");
		for (size_t cut = 0; cut < n; cut++)
			CHECK_INT(answer_exact(&a, bytes, cut), -1);
		CHECK_INT(answer_exact(&a, bytes, n + 1), -1);
		CHECK_INT(ctl_end_encode((enum ctl_exit)status, "no incident 9", bytes, n - 1), 0);
	}
	for (size_t i = 0; i < sizeof(sentence) - 2; i += 2) {
		sentence[i] = '\xC3';
		sentence[i + 1] = '\xA9';
	}
	CHECK_INT(answer_exact(&a, bytes, ctl_end_encode(CTL_DONE, sentence, bytes, sizeof(bytes))), 0);
	CHECK_INT(strlen(a.sentence), sizeof(a.sentence) - 2);	/* an odd byte is left: half an é is none */
	CHECK_INT(answer_exact(&a, (const uint8_t *)"\0\3\4\0\0", 5), -1);
}

TEST(random_rows_round_trip)
{
	static struct ctl_answer a;
	static char key[CTL_KEYS_MAX][20], value[CTL_KEYS_MAX][60];

	for (int round = 0; round < 20000; round++) {
		size_t n = test_below(CTL_KEYS_MAX + 1);
		struct field_out out;

		ctl_row_begin(&out, bytes, sizeof(bytes));
		for (size_t i = 0; i < n; i++) {
			random_text(key[i], 4 + test_below(15));
			random_text(value[i], test_below(60));
			ctl_put_text(&out, key[i], value[i]);
		}
		CHECK_INT(answer_exact(&a, bytes, out.len), 0);
		(void)ctl_answer_decode(&a, bytes, out.len, &(const char *){ NULL });
		CHECK_INT(a.n, n);
		for (size_t i = 0; i < n && i < a.n; i++) {
			CHECK(a.pair[i].key_len == strlen(key[i]) && memcmp(a.pair[i].key, key[i], a.pair[i].key_len) == 0);
			CHECK(a.pair[i].value_len == strlen(value[i]) &&
			    memcmp(a.pair[i].value, value[i], a.pair[i].value_len) == 0);
		}
	}
}

TEST(random_bytes_never_crash)
{
	static struct ctl_answer a;
	static struct ctl_ask ask;
	size_t accepted = 0;

	for (int round = 0; round < 100000; round++) {
		uint8_t in[64] = { 0 };
		size_t n = test_below(sizeof(in));

		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)(test_below(4) ? test_below(4) : test_below(256));
		if (n > 1) {
			in[0] = 0;
			in[1] = (uint8_t)(1 + test_below(3));
		}
		accepted += ask_exact(&ask, in, n) == 0;
		accepted += answer_exact(&a, in, n) == 0;
	}
	CHECK(accepted > 10);
}

TEST_MAIN(TEST_ROW(requests_round_trip), TEST_ROW(a_request_cut_or_longer_is_refused), TEST_ROW(what_a_request_may_not_be),
    TEST_ROW(encoder_and_decoder_agree_on_room), TEST_ROW(a_row_becomes_json), TEST_ROW(the_longest_real_fits),
    TEST_ROW(too_much_for_a_datagram_overflows), TEST_ROW(rows_cut_inside_a_pair_are_refused),
    TEST_ROW(values_are_of_their_kind), TEST_ROW(keys_have_a_form_and_a_ceiling), TEST_ROW(ends_round_trip),
    TEST_ROW(random_rows_round_trip), TEST_ROW(random_bytes_never_crash))
