/* Makes the two forms of a text that rules and place names are matched on. */
#include "logic/normalize.h"

#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

#define CLUSTER_MAX	32	/* code points of one letter with its marks */
#define DECOMPOSED_MAX	(CLUSTER_MAX * 18)	/* U+FDFA has the longest decomposition: 18 */

/* Letters that have no decomposition, and punctuation that has too many forms. Lower case only. */
static const struct replacement {
	uint32_t cp;
	char	 to[4];
} replacements[] = {
	{ 0x00AB, "\"" }, { 0x00BB, "\"" }, { 0x00DF, "ss" }, { 0x00E6, "ae" }, { 0x00F0, "d" }, { 0x00F8, "o" },
	{ 0x00FE, "th" }, { 0x0111, "d" }, { 0x0131, "i" }, { 0x0138, "k" }, { 0x0142, "l" }, { 0x014B, "ng" },
	{ 0x0153, "oe" }, { 0x017F, "s" }, { 0x0180, "b" }, { 0x0199, "k" }, { 0x01AD, "t" }, { 0x01B4, "y" },
	{ 0x01DD, "e" }, { 0x0253, "b" }, { 0x0254, "o" }, { 0x0256, "d" }, { 0x0257, "d" }, { 0x0259, "e" },
	{ 0x025B, "e" }, { 0x0260, "g" }, { 0x0263, "gh" }, { 0x0268, "i" }, { 0x0269, "i" }, { 0x026F, "e" },
	{ 0x0272, "ny" }, { 0x0289, "u" }, { 0x028A, "u" }, { 0x028B, "v" }, { 0x0294, "'" }, { 0x02BB, "'" },
	{ 0x02BC, "'" }, { 0x02BF, "'" }, { 0x060C, "," }, { 0x061B, ";" }, { 0x061F, "?" },
	{ 0x0649, "\xD9\x8A" }, { 0x066A, "%" }, { 0x066B, "." }, { 0x066C, "," }, { 0x0671, "\xD8\xA7" },
	{ 0x06A9, "\xD9\x83" }, { 0x06CC, "\xD9\x8A" }, { 0x06D4, "." }, { 0x2010, "-" }, { 0x2011, "-" },
	{ 0x2012, "-" }, { 0x2013, "-" }, { 0x2014, "-" }, { 0x2015, "-" }, { 0x2018, "'" }, { 0x2019, "'" },
	{ 0x201A, "'" }, { 0x201B, "'" }, { 0x201C, "\"" }, { 0x201D, "\"" }, { 0x201E, "\"" }, { 0x2032, "'" },
	{ 0x2033, "\"" }, { 0x2039, "'" }, { 0x203A, "'" }, { 0x2212, "-" }, { 0x3002, "." },
};

/* First digits of scripts used in the region: Arabic, Persian, N'Ko, Adlam. */
static const uint32_t digit_zero[] = { 0x0660, 0x06F0, 0x07C0, 0x1E950 };

/* The letter that is being read: the bytes of the original it came from. */
struct span {
	uint16_t from, to;
};

struct work {
	struct text *t;
	struct span at;
	bool	 in_token;
	uint32_t last, before_last;	/* code points written to the folded form, to cut long runs */
	unsigned line_tokens;		/* words since the last stop */
};

static bool
is_word(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_NO:
		return true;
	default:
		return false;
	}
}

static bool
is_letter(uint32_t cp)
{
	return is_word(cp) && !(cp >= '0' && cp <= '9');
}

/* What a code point is to us, besides being itself. */
enum role { ROLE_KEEP, ROLE_DROP, ROLE_SPACE };

static enum role
role_of(uint32_t cp)
{
	if (cp < 0x80)
		return cp <= 0x20 || cp == 0x7F ? ROLE_SPACE : ROLE_KEEP;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_ME: case UTF8PROC_CATEGORY_CF:
		return ROLE_DROP;
	case UTF8PROC_CATEGORY_ZS: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CN: case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS: case UTF8PROC_CATEGORY_SO: case UTF8PROC_CATEGORY_SK:
		return ROLE_SPACE;
	default:
		return cp == 0x0640 ? ROLE_DROP : ROLE_KEEP;	/* tatweel only stretches a word */
	}
}

/* ---- writing ---- */

static bool
plain_put(struct work *w, uint32_t cp)
{
	struct text *t = w->t;
	char bytes[4];
	size_t n = utf8_put(bytes, cp);

	if (t->plain_len + n > TEXT_MAX) {
		t->truncated = true;
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		t->plain_from[t->plain_len] = w->at.from;
		t->plain[t->plain_len++] = bytes[i];
	}
	return true;
}

/* A stop ends the words before it: the only one since the last stop stands alone. */
static void
stop(struct work *w)
{
	struct text *t = w->t;

	if (t->n_tokens > 0) {
		t->token[t->n_tokens - 1].stop = true;
		if (w->line_tokens == 1)
			t->token[t->n_tokens - 1].alone = true;
	}
	w->line_tokens = 0;
}

static void
token_put(struct work *w, size_t start, bool word)
{
	struct text *t = w->t;

	if (!word) {
		w->in_token = false;
		return;
	}
	if (!w->in_token) {
		if (t->n_tokens == TOKENS_MAX) {
			t->truncated = true;
			return;
		}
		t->token[t->n_tokens++] = (struct token){ .start = (uint16_t)start, .from = w->at.from };
		w->line_tokens++;
	}
	w->in_token = true;
	t->token[t->n_tokens - 1].len = (uint16_t)(t->folded_len - t->token[t->n_tokens - 1].start);
	t->token[t->n_tokens - 1].to = w->at.to;
}

static void
folded_put(struct work *w, uint32_t cp)
{
	struct text *t = w->t;
	size_t start = t->folded_len, n;
	bool word = is_word(cp);
	char bytes[4];

	if (cp == w->last && cp == w->before_last && is_letter(cp))
		return;
	if (cp == ' ' && (t->folded_len == 0 || w->last == ' ')) {
		w->in_token = false;
		return;
	}
	n = utf8_put(bytes, cp);
	if (t->folded_len + n > TEXT_MAX) {
		t->truncated = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		t->folded_from[t->folded_len] = w->at.from;
		t->folded[t->folded_len++] = bytes[i];
	}
	w->before_last = w->last;
	w->last = cp;
	token_put(w, start, word);
	if (cp == '.' || cp == '!' || cp == '?' || cp == ';')
		stop(w);
}

/* ---- folding one code point (already decomposed) ---- */

static const char *
replacement(uint32_t cp)
{
	size_t low = 0, high = sizeof(replacements) / sizeof(replacements[0]), mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (replacements[mid].cp == cp)
			return replacements[mid].to;
		if (replacements[mid].cp < cp)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static uint32_t
digit(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(digit_zero) / sizeof(digit_zero[0]); i++) {
		if (cp >= digit_zero[i] && cp < digit_zero[i] + 10)
			return '0' + (cp - digit_zero[i]);
	}
	return cp;
}

static void
fold_put(struct work *w, uint32_t cp)
{
	const char *to, *end;
	uint32_t one;
	enum role role;

	cp = digit((uint32_t)utf8proc_tolower((utf8proc_int32_t)cp));
	to = cp >= 0x80 ? replacement(cp) : NULL;
	if (to != NULL) {
		for (end = to + strlen(to); to < end && utf8_next(&to, end, &one);)
			folded_put(w, one);
		return;
	}
	role = role_of(cp);
	if (role != ROLE_DROP)
		folded_put(w, role == ROLE_SPACE ? ' ' : cp);
}

/* ---- one letter with its marks ---- */

static bool
is_hook(uint32_t cp)
{
	return cp == 0x025B || cp == 0x0254 || cp == 0x0272 || cp == 0x014B || cp == 0x0253 || cp == 0x0257 ||
	    cp == 0x01B4;
}

static void
cluster_plain(struct work *w, const uint32_t *cps, size_t n)
{
	utf8proc_int32_t out[DECOMPOSED_MAX];
	utf8proc_ssize_t len = 0, got;
	int boundary = 0;

	for (size_t i = 0; i < n; i++) {
		got = utf8proc_decompose_char((utf8proc_int32_t)cps[i], out + len, DECOMPOSED_MAX - len,
		    UTF8PROC_DECOMPOSE, &boundary);
		if (got < 0 || len + got > DECOMPOSED_MAX)
			return;
		len += got;
	}
	for (utf8proc_ssize_t i = 0; i < len; i++)
		out[i] = utf8proc_tolower(out[i]);
	len = utf8proc_normalize_utf32(out, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < len; i++) {
		if (utf8proc_category(out[i]) == UTF8PROC_CATEGORY_CF)
			continue;
		if (is_hook((uint32_t)out[i]))
			w->t->hooked = true;
		plain_put(w, utf8proc_category(out[i]) == UTF8PROC_CATEGORY_CC ? ' ' : (uint32_t)out[i]);
	}
}

/* Compatibility decomposition: ligatures, full-width letters and Arabic presentation forms become plain letters. */
static void
cluster_folded(struct work *w, const uint32_t *cps, size_t n)
{
	utf8proc_int32_t out[DECOMPOSED_MAX];
	utf8proc_ssize_t got;
	int boundary = 0;

	for (size_t i = 0; i < n; i++) {
		got = utf8proc_decompose_char((utf8proc_int32_t)cps[i], out, DECOMPOSED_MAX,
		    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
		for (utf8proc_ssize_t j = 0; j < got && j < DECOMPOSED_MAX; j++)
			fold_put(w, (uint32_t)out[j]);
	}
}

static bool
is_mark(uint32_t cp)
{
	return cp >= 0x300 && utf8proc_get_property((utf8proc_int32_t)cp)->combining_class != 0;
}

/* Reads one letter and the marks on it; at most CLUSTER_MAX code points at a time. */
static size_t
cluster_read(const char **p, const char *end, uint32_t *cps)
{
	const char *next;
	size_t n = 1;

	utf8_next(p, end, &cps[0]);
	while (n < CLUSTER_MAX && *p < end && (unsigned char)**p >= 0xCC) {
		next = *p;
		utf8_next(&next, end, &cps[n]);
		if (!is_mark(cps[n]))
			break;
		*p = next;
		n++;
	}
	return n;
}

/* The quick way for plain ASCII: no tables. A byte below 0xCC behind it cannot begin a mark. */
static void
ascii(struct work *w, char c)
{
	uint32_t cp = c >= 'A' && c <= 'Z' ? (uint32_t)(c - 'A' + 'a') : (uint32_t)(unsigned char)c;

	if (cp < 0x20 || cp == 0x7F) {
		if (cp == '\n' || cp == '\r')
			stop(w);
		cp = ' ';
	}
	plain_put(w, cp);
	folded_put(w, cp);
}

static void
finish(struct work *w)
{
	struct text *t = w->t;

	stop(w);
	if (t->folded_len > 0 && t->folded[t->folded_len - 1] == ' ')
		t->folded_len--;
	t->plain[t->plain_len] = t->folded[t->folded_len] = '\0';
	t->plain_from[t->plain_len] = t->folded_from[t->folded_len] = (uint16_t)t->in_len;
}

/* Where to cut a text that is too long: not inside a character. */
static size_t
cut(const char *utf8, size_t len)
{
	if (len <= TEXT_IN_MAX)
		return len;
	len = TEXT_IN_MAX;
	for (int i = 0; i < 3 && len > 0 && ((unsigned char)utf8[len] & 0xC0) == 0x80; i++)
		len--;
	return len;
}

void
normalize(const char *utf8, size_t len, struct text *t)
{
	struct work w = { .t = t };
	const char *p = utf8, *end;
	uint32_t cps[CLUSTER_MAX];
	size_t n;

	t->in_len = cut(utf8, len);
	t->plain_len = t->folded_len = t->n_tokens = 0;
	t->truncated = t->in_len < len;
	t->hooked = false;
	for (end = p + t->in_len; p < end;) {
		w.at.from = (uint16_t)(p - utf8);
		if ((unsigned char)*p < 0x80 && (p + 1 == end || (unsigned char)p[1] < 0xCC)) {
			w.at.to = (uint16_t)(w.at.from + 1);
			ascii(&w, *p++);
			continue;
		}
		n = cluster_read(&p, end, cps);
		w.at.to = (uint16_t)(p - utf8);
		if (cps[0] == '\n' || cps[0] == '\r')
			stop(&w);
		cluster_plain(&w, cps, n);
		cluster_folded(&w, cps, n);
	}
	finish(&w);
}

int
normalize_fold(const char *utf8, size_t len, char *out, size_t size)
{
	struct text t;

	if (len > TEXT_IN_MAX)
		return -1;
	normalize(utf8, len, &t);
	if (t.truncated || t.folded_len + 1 > size)
		return -1;
	memcpy(out, t.folded, t.folded_len + 1);
	return (int)t.folded_len;
}
