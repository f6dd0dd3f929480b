/* What tocsinctl asks and the daemon answers: words in, rows of typed pairs out. */
#include "wire/ctl_msg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/frame.h"

int
ctl_ask_decode(struct ctl_ask *ask, const uint8_t *bytes, size_t n, const char **why)
{
	struct field_in in;
	uint16_t type;
	size_t used = 0, words;

	ask->n = 0;
	*why = "this is not a request of protocol version 1";
	if (frame_open(&in, bytes, n, &type) == -1 || type != CTL_ASK || field_get_u16(&in) != CTL_PROTOCOL)
		return -1;
	words = field_get_u16(&in);
	*why = "a request has between 1 and 32 words";
	if (words < 1 || words > CTL_WORDS_MAX)
		return -1;
	for (size_t i = 0; i < words; i++) {
		size_t room = sizeof(ask->text) - used;
		char *word = ask->text + used;

		*why = "a word is cut short, too long, or holds a NUL";
		if (room == 0)
			return -1;
		field_get_str(&in, word, room > CTL_WORD_MAX ? CTL_WORD_MAX + 1 : room);
		if (in.bad)
			return -1;
		*why = "a word is not UTF-8";
		if (!utf8_valid(word, strlen(word)))
			return -1;
		ask->word[i] = word;
		used += strlen(word) + 1;
	}
	*why = "bytes are left over";
	if (!field_end(&in))
		return -1;
	ask->n = words;
	return 0;
}

size_t
ctl_ask_encode(char *const *words, size_t n, uint8_t *bytes, size_t cap)
{
	struct field_out out;
	size_t used = 0;

	if (n < 1 || n > CTL_WORDS_MAX)
		return 0;
	frame_begin(&out, bytes, cap, CTL_ASK);
	field_put_u16(&out, CTL_PROTOCOL);
	field_put_u16(&out, (uint16_t)n);
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(words[i]);

		used += len + 1;
		if (len > CTL_WORD_MAX || used > sizeof(((struct ctl_ask *)NULL)->text) || !utf8_valid(words[i], len))
			return 0;
		field_put_bytes(&out, words[i], len);
	}
	return out.overflow ? 0 : out.len;
}

void
ctl_row_begin(struct field_out *out, void *mem, size_t cap)
{
	frame_begin(out, mem, cap, CTL_ROW);
}

/*
 * Text of any origin, at most max bytes, as a field of valid UTF-8: the reader refuses
 * anything else, and one bad byte must not hide a whole row from an operator.
 */
static void
put_clean(struct field_out *out, const char *s, size_t max)
{
	const char *p = s, *end = s + strlen(s), *stop;
	size_t len = 0, k;
	char bytes[4];
	uint32_t cp;

	while (stop = p, p < end) {
		(void)utf8_next(&p, end, &cp);
		if ((k = utf8_put(bytes, cp)) > max - len)
			break;
		len += k;
	}
	field_put_u16(out, (uint16_t)len);
	for (p = s; p < stop && !out->overflow;) {
		(void)utf8_next(&p, end, &cp);
		k = utf8_put(bytes, cp);
		for (size_t i = 0; i < k; i++)
			field_put_u8(out, (uint8_t)bytes[i]);
	}
}

static void
put_pair(struct field_out *out, const char *key, enum ctl_kind kind, const char *value)
{
	field_put_str(out, key);
	field_put_u8(out, (uint8_t)kind);
	if (strlen(value) > UINT16_MAX)
		out->overflow = true;
	put_clean(out, value, UINT16_MAX);
}

void
ctl_put_text(struct field_out *out, const char *key, const char *value)
{
	if (value == NULL)
		put_pair(out, key, CTL_NULL, "");
	else
		put_pair(out, key, CTL_TEXT, value);
}

void
ctl_put_int(struct field_out *out, const char *key, int64_t v)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)v);
	put_pair(out, key, CTL_INT, text);
}

void
ctl_put_bool(struct field_out *out, const char *key, bool v)
{
	put_pair(out, key, CTL_BOOL, v ? "true" : "false");
}

void
ctl_put_real(struct field_out *out, const char *key, double v, int decimals)
{
	char text[400];		/* the greatest double has 309 digits */

	if (!isfinite(v)) {
		put_pair(out, key, CTL_NULL, "");
		return;
	}
	if (decimals < 0 || decimals > 17)
		decimals = 17;
	(void)snprintf(text, sizeof(text), "%.*f", decimals, v);
	put_pair(out, key, CTL_REAL, text);
}

void
ctl_put_json(struct field_out *out, const char *key, const char *json)
{
	put_pair(out, key, CTL_JSON, json);
}

size_t
ctl_end_encode(enum ctl_exit status, const char *sentence, uint8_t *bytes, size_t cap)
{
	struct field_out out;

	frame_begin(&out, bytes, cap, CTL_END);
	field_put_u8(&out, (uint8_t)status);
	put_clean(&out, sentence, sizeof(((struct ctl_answer *)NULL)->sentence) - 1);
	return out.overflow ? 0 : out.len;
}

static size_t
count_digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* A JSON number without exponent (RFC 8259, 6); "fraction": whether one is allowed. */
static bool
is_number(const char *s, size_t n, bool fraction)
{
	size_t k;

	if (n > 0 && *s == '-') {
		s++;
		n--;
	}
	k = count_digits(s, n);
	if (k == 0 || (k > 1 && *s == '0'))
		return false;
	if (k == n)
		return true;
	return fraction && s[k] == '.' && n - k > 1 && count_digits(s + k + 1, n - k - 1) == n - k - 1;
}

/* JSON passes through as it is, so it must keep the promise of one object a line. */
static bool
is_one_line(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20)
			return false;
	return n > 0;
}

static bool
is_word(const struct ctl_pair *pair, const char *word)
{
	return pair->value_len == strlen(word) && memcmp(pair->value, word, pair->value_len) == 0;
}

static bool
pair_ok(const struct ctl_pair *pair)
{
	if (pair->key_len == 0 || !utf8_valid(pair->key, pair->key_len) ||
	    !utf8_valid(pair->value, pair->value_len) || memchr(pair->key, '\0', pair->key_len) != NULL)
		return false;
	switch (pair->kind) {
	case CTL_TEXT:
		return memchr(pair->value, '\0', pair->value_len) == NULL;
	case CTL_INT:
		return is_number(pair->value, pair->value_len, false);
	case CTL_REAL:
		return is_number(pair->value, pair->value_len, true);
	case CTL_BOOL:
		return is_word(pair, "true") || is_word(pair, "false");
	case CTL_NULL:
		return pair->value_len == 0;
	case CTL_JSON:
		return is_one_line(pair->value, pair->value_len);
	}
	return false;
}

static int
row_decode(struct ctl_answer *a, struct field_in *in, const char **why)
{
	while (!field_end(in)) {
		struct ctl_pair *pair = &a->pair[a->n];
		uint8_t kind;

		*why = "a row has too many keys";
		if (a->n == CTL_KEYS_MAX)
			return -1;
		pair->key = field_get_view(in, &pair->key_len);
		kind = field_get_u8(in);
		pair->kind = (enum ctl_kind)kind;
		pair->value = field_get_view(in, &pair->value_len);
		*why = "a pair is cut short";
		if (in->bad)
			return -1;
		*why = "a value is not of its kind";
		if (kind > CTL_JSON || !pair_ok(pair))
			return -1;
		a->n++;
	}
	return 0;
}

static int
end_decode(struct ctl_answer *a, struct field_in *in, const char **why)
{
	uint8_t status = field_get_u8(in);

	field_get_str(in, a->sentence, sizeof(a->sentence));
	*why = "the end of the answer is malformed";
	if (!field_end(in) || status > CTL_UNREACHABLE || !utf8_valid(a->sentence, strlen(a->sentence)))
		return -1;
	a->exit = (enum ctl_exit)status;
	return 0;
}

int
ctl_answer_decode(struct ctl_answer *a, const uint8_t *bytes, size_t n, const char **why)
{
	struct field_in in;
	uint16_t type;

	memset(a, 0, sizeof(*a));
	*why = "this is not an answer";
	if (frame_open(&in, bytes, n, &type) == -1 || (type != CTL_ROW && type != CTL_END))
		return -1;
	a->type = (enum ctl_type)type;
	return type == CTL_ROW ? row_decode(a, &in, why) : end_decode(a, &in, why);
}

static void
add_value(struct buf *out, const struct ctl_pair *pair)
{
	if (pair->kind == CTL_TEXT)
		(void)buf_add_json(out, pair->value, pair->value_len);
	else if (pair->kind == CTL_NULL)
		(void)buf_adds(out, "null");
	else
		(void)buf_add(out, pair->value, pair->value_len);
}

int
ctl_row_json(const struct ctl_answer *a, struct buf *out)
{
	(void)buf_addc(out, '{');
	for (size_t i = 0; i < a->n; i++) {
		if (i > 0)
			(void)buf_addc(out, ',');
		(void)buf_add_json(out, a->pair[i].key, a->pair[i].key_len);
		(void)buf_addc(out, ':');
		add_value(out, &a->pair[i]);
	}
	return buf_addc(out, '}');
}
