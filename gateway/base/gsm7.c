/* The GSM 7-bit alphabet: national language tables, packing, UTF-8 to septets and back. */
#include "base/gsm7.h"

#include <uchar.h>

#include "base/utf8.h"

#define SEPTETS		128

enum {
	TURKISH = 1, SPANISH, PORTUGUESE, BENGALI, GUJARATI, HINDI, KANNADA, MALAYALAM, ORIYA, PUNJABI, TAMIL, TELUGU,
	URDU
};

/* ---- locking tables: 6.2.1 and annex A.3. The place of the escape holds a space. ---- */

static const char16_t locking_default[SEPTETS + 1] =
	u"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	u"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char16_t locking_turkish[SEPTETS + 1] =
	u"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ŞşßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	u"İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà";
static const char16_t locking_portuguese[SEPTETS + 1] =
	u"@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó| ÂâÊÉ !\"#º%&'()*+,-./0123456789:;<=>?"
	u"ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà";

/*
 * The tables of the Indian scripts are one and the same: their Unicode blocks are
 * laid out alike, and each table walks its block. Below 0x80 stands an offset into the
 * block, above it an ASCII character plus 0x80. What differs are the letters a script
 * does not have ("holes", offsets into the block, ended by 0; shown as a space) and the
 * six places 0x60 and 0x7B to 0x7F.
 */
#define A(c)		((c) | 0x80)
static const uint8_t indic_walk[0x60] = {
	0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, A('\n'), 0x0C, 0x0D, A('\r'), 0x0E, 0x0F,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, A(' '), 0x1B, 0x1C, 0x1D, 0x1E,
	A(' '), A('!'), 0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, A(')'), A('('), 0x25, 0x26, A(','), 0x27, A('.'), 0x28,
	A('0'), A('1'), A('2'), A('3'), A('4'), A('5'), A('6'), A('7'), A('8'), A('9'), A(':'), A(';'), 0x29, 0x2A, 0x2B, A('?'),
	0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3C, 0x3D,
	0x3E, 0x3F, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D,
};
#undef A

static const struct indic {
	uint16_t block;
	uint8_t	 holes[28];
	uint8_t	 last[6];	/* offsets into the block: 0x60, 0x7B … 0x7F */
} indic[] = {
	[BENGALI] = { 0x0980, { 0x0D, 0x0E, 0x11, 0x12, 0x29, 0x31, 0x33, 0x34, 0x35, 0x45, 0x46, 0x49, 0x4A },
	    { 0x4E, 0x57, 0x5C, 0x5D, 0x70, 0x71 } },
	[GUJARATI] = { 0x0A80, { 0x0E, 0x12, 0x29, 0x31, 0x34, 0x46, 0x4A }, { 0x50, 0x60, 0x61, 0x62, 0x63, 0x71 } },
	[HINDI] = { 0x0900, { 0 }, { 0x50, 0x72, 0x7B, 0x7C, 0x7E, 0x7F } },
	[KANNADA] = { 0x0C80, { 0x01, 0x0D, 0x11, 0x29, 0x34, 0x45, 0x49 }, { 0x55, 0x56, 0x60, 0x61, 0x62, 0x63 } },
	[MALAYALAM] = { 0x0D00, { 0x01, 0x0D, 0x11, 0x29, 0x3C, 0x45, 0x49 }, { 0x57, 0x60, 0x61, 0x62, 0x63, 0x79 } },
	[ORIYA] = { 0x0B00, { 0x0D, 0x0E, 0x11, 0x12, 0x29, 0x31, 0x34, 0x45, 0x46, 0x49, 0x4A },
	    { 0x56, 0x57, 0x60, 0x61, 0x62, 0x63 } },
	[PUNJABI] = { 0x0A00, { 0x0B, 0x0C, 0x0D, 0x0E, 0x11, 0x12, 0x29, 0x31, 0x34, 0x37, 0x3D, 0x43, 0x44, 0x45, 0x46, 0x49, 0x4A },
	    { 0x51, 0x70, 0x71, 0x72, 0x73, 0x74 } },
	[TAMIL] = { 0x0B80, { 0x01, 0x0B, 0x0C, 0x0D, 0x11, 0x16, 0x17, 0x18, 0x1B, 0x1D, 0x20, 0x21, 0x22, 0x25, 0x26, 0x27,
	    0x2B, 0x2C, 0x2D, 0x3C, 0x3D, 0x43, 0x44, 0x45, 0x49 }, { 0x50, 0x57, 0x70, 0x71, 0x72, 0x79 } },
	[TELUGU] = { 0x0C00, { 0x0D, 0x11, 0x29, 0x34, 0x3C, 0x45, 0x49 }, { 0x55, 0x56, 0x60, 0x61, 0x62, 0x63 } },
};

/* Urdu: 0x00 to 0x5F, then 0x60 and 0x7B to 0x7F; a to z lie between as everywhere. */
static const uint16_t locking_urdu[0x66] = {
	0x0627, 0x0622, 0x0628, 0x067B, 0x0680, 0x067E, 0x06A6, 0x062A, 0x06C2, 0x067F, '\n', 0x0679, 0x067D, '\r', 0x067A, 0x067C,
	0x062B, 0x062C, 0x0681, 0x0684, 0x0683, 0x0685, 0x0686, 0x0687, 0x062D, 0x062E, 0x062F, ' ', 0x068C, 0x0688, 0x0689, 0x068A,
	' ', '!', 0x068F, 0x068D, 0x0630, 0x0631, 0x0691, 0x0693, ')', '(', 0x0699, 0x0632, ',', 0x0696, '.', 0x0698,
	'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', 0x069A, 0x0633, 0x0634, '?',
	0x0635, 0x0636, 0x0637, 0x0638, 0x0639, 0x0641, 0x0642, 0x06A9, 0x06AA, 0x06AB, 0x06AF, 0x06B3, 0x06B1, 0x0644, 0x0645, 0x0646,
	0x06BA, 0x06BB, 0x06BC, 0x0648, 0x06C4, 0x06D5, 0x06C1, 0x06BE, 0x0621, 0x06CC, 0x06D0, 0x06D2, 0x064D, 0x0650, 0x064F, 0x0657,
	0x0654, 0x0655, 0x0651, 0x0653, 0x0656, 0x0670,
};

/* ---- single-shift tables: 6.2.1.1 and annex A.2. Every national table contains the default one. ---- */

static const struct {
	uint8_t	 code;
	uint16_t cp;
} single_default[] = {
	{ 0x0A, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2F, '\\' }, { 0x3C, '[' }, { 0x3D, '~' }, { 0x3E, ']' },
	{ 0x40, '|' }, { 0x65, 0x20AC },
};

static const struct {
	uint8_t	 language, code;
	char16_t cp;
} single_latin[] = {
	{ TURKISH, 0x47, u'Ğ' }, { TURKISH, 0x49, u'İ' }, { TURKISH, 0x53, u'Ş' }, { TURKISH, 0x63, u'ç' },
	{ TURKISH, 0x67, u'ğ' }, { TURKISH, 0x69, u'ı' }, { TURKISH, 0x73, u'ş' },
	{ SPANISH, 0x09, u'ç' }, { SPANISH, 0x41, u'Á' }, { SPANISH, 0x49, u'Í' }, { SPANISH, 0x4F, u'Ó' }, { SPANISH, 0x55, u'Ú' },
	{ SPANISH, 0x61, u'á' }, { SPANISH, 0x69, u'í' }, { SPANISH, 0x6F, u'ó' }, { SPANISH, 0x75, u'ú' },
	{ PORTUGUESE, 0x05, u'ê' }, { PORTUGUESE, 0x09, u'ç' }, { PORTUGUESE, 0x0B, u'Ô' }, { PORTUGUESE, 0x0C, u'ô' },
	{ PORTUGUESE, 0x0E, u'Á' }, { PORTUGUESE, 0x0F, u'á' }, { PORTUGUESE, 0x12, u'Φ' }, { PORTUGUESE, 0x13, u'Γ' },
	{ PORTUGUESE, 0x15, u'Ω' }, { PORTUGUESE, 0x16, u'Π' }, { PORTUGUESE, 0x17, u'Ψ' }, { PORTUGUESE, 0x18, u'Σ' },
	{ PORTUGUESE, 0x19, u'Θ' }, { PORTUGUESE, 0x1F, u'Ê' }, { PORTUGUESE, 0x41, u'À' }, { PORTUGUESE, 0x49, u'Í' },
	{ PORTUGUESE, 0x4F, u'Ó' }, { PORTUGUESE, 0x55, u'Ú' }, { PORTUGUESE, 0x5B, u'Ã' }, { PORTUGUESE, 0x5C, u'Õ' },
	{ PORTUGUESE, 0x61, u'Â' }, { PORTUGUESE, 0x69, u'í' }, { PORTUGUESE, 0x6F, u'ó' }, { PORTUGUESE, 0x75, u'ú' },
	{ PORTUGUESE, 0x7B, u'ã' }, { PORTUGUESE, 0x7C, u'õ' }, { PORTUGUESE, 0x7F, u'â' },
};

/* The ten others share 0x00 to 0x18 and the capitals, and have these places of their own. */
static const char16_t single_asian[0x19 + 1] = u"@£$¥¿\"¤%&'\f*+\0-/<=>¡^¡_#*";
static const uint8_t own_places[] = {
	0x19, 0x1A, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3F,
};
#define OWN_PLACES	(sizeof(own_places) / sizeof(own_places[0]))
#define DANDAS		0x0964, 0x0965
#define DIGITS(zero)	(zero), (zero) + 1, (zero) + 2, (zero) + 3, (zero) + 4, (zero) + 5, (zero) + 6, (zero) + 7, \
	(zero) + 8, (zero) + 9

static const uint16_t single_own[GSM7_LANGUAGES][OWN_PLACES] = {
	[BENGALI] = { DIGITS(0x09E6), 0x09DF, 0x09E0, 0x09E1, 0x09E2, 0x09E3, 0x09F2, 0x09F3, 0x09F4, 0x09F5,
	    0x09F6, 0x09F7, 0x09F8, 0x09F9, 0x09FA },
	[GUJARATI] = { DANDAS, DIGITS(0x0AE6) },
	[HINDI] = { DANDAS, DIGITS(0x0966), 0x0951, 0x0952, 0x0953, 0x0954, 0x0958, 0x0959, 0x095A,
	    0x095B, 0x095C, 0x095D, 0x095E, 0x095F, 0x0960, 0x0961, 0x0962, 0x0963, 0x0970, 0x0971 },
	[KANNADA] = { DANDAS, DIGITS(0x0CE6), 0x0CDE, 0x0CF1, 0x0CF2 },
	[MALAYALAM] = { DANDAS, DIGITS(0x0D66), 0x0D70, 0x0D71, 0x0D72, 0x0D73, 0x0D74, 0x0D75, 0x0D7A,
	    0x0D7B, 0x0D7C, 0x0D7D, 0x0D7E, 0x0D7F },
	[ORIYA] = { DANDAS, DIGITS(0x0B66), 0x0B5C, 0x0B5D, 0x0B5F, 0x0B70, 0x0B71 },
	[PUNJABI] = { DANDAS, DIGITS(0x0A66), 0x0A59, 0x0A5A, 0x0A5B, 0x0A5C, 0x0A5E, 0x0A75 },
	[TAMIL] = { DANDAS, DIGITS(0x0BE6), 0x0BF3, 0x0BF4, 0x0BF5, 0x0BF6, 0x0BF7, 0x0BF8, 0x0BFA },
	[TELUGU] = { 0, 0, DIGITS(0x0C66), 0x0C58, 0x0C59, 0x0C78, 0x0C79, 0x0C7A, 0x0C7B, 0x0C7C, 0x0C7D, 0x0C7E, 0x0C7F },
	[URDU] = { 0x0600, 0x0601, DIGITS(0x06F0), 0x060C, 0x060D, 0x060E, 0x060F, 0x0610, 0x0611, 0x0612,
	    0x0613, 0x0614, 0x061B, 0x061F, 0x0640, 0x0652, 0x0658, 0x066B, 0x066C, 0x0672, 0x0673, 0x06CD, 0x06D4 },
};

/* ---- looking up ---- */

/* 0x60 and 0x7B to 0x7F as 0 to 5; the letters a to z between them are no place of their own. */
static int
last_place(uint8_t septet)
{
	if (septet == 0x60)
		return 0;
	return septet >= 0x7B ? septet - 0x7A : -1;
}

static uint16_t
indic_char(const struct indic *script, uint8_t septet)
{
	int place = last_place(septet);
	uint8_t offset;

	if (place >= 0)
		return script->block + script->last[place];
	if (septet >= sizeof(indic_walk))
		return septet;
	offset = indic_walk[septet];
	if (offset & 0x80)
		return offset & 0x7F;
	for (const uint8_t *hole = script->holes; *hole != 0; hole++)
		if (*hole == offset)
			return ' ';
	return script->block + offset;
}

static uint16_t
urdu_char(uint8_t septet)
{
	int place = last_place(septet);

	if (place >= 0)
		return locking_urdu[0x60 + place];
	return septet < 0x60 ? locking_urdu[septet] : septet;
}

static uint16_t
locking_char(uint8_t language, uint8_t septet)
{
	if (language == TURKISH)
		return locking_turkish[septet];
	if (language == PORTUGUESE)
		return locking_portuguese[septet];
	if (language >= BENGALI && language <= TELUGU)
		return indic_char(&indic[language], septet);
	if (language == URDU)
		return urdu_char(septet);
	return locking_default[septet];
}

/* What the ten Asian tables have beyond the default one, or 0. */
static uint16_t
asian_single(uint8_t language, uint8_t septet)
{
	if (septet < 0x19)
		return single_asian[septet];
	if (septet >= 'A' && septet <= 'Z')
		return septet;
	for (size_t i = 0; i < OWN_PLACES; i++)
		if (own_places[i] == septet)
			return single_own[language][i];
	return 0;
}

/* What an escape and this septet mean, or 0: nothing. */
static uint16_t
single_char(uint8_t language, uint8_t septet)
{
	uint16_t cp = language >= BENGALI ? asian_single(language, septet) : 0;

	for (size_t i = 0; cp == 0 && i < sizeof(single_latin) / sizeof(single_latin[0]); i++)
		if (single_latin[i].language == language && single_latin[i].code == septet)
			cp = single_latin[i].cp;
	for (size_t i = 0; cp == 0 && i < sizeof(single_default) / sizeof(single_default[0]); i++)
		if (single_default[i].code == septet)
			cp = single_default[i].cp;
	return cp;
}

static int
add_char(struct buf *out, uint32_t cp)
{
	char utf8[4];

	return buf_add(out, utf8, utf8_put(utf8, cp));
}

int
gsm7_decode(const uint8_t *septets, size_t n, uint8_t locking, uint8_t single, struct buf *out)
{
	if (locking >= GSM7_LANGUAGES)
		locking = 0;
	if (single >= GSM7_LANGUAGES)
		single = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t septet = septets[i] & 0x7F;
		uint16_t cp = 0;

		if (septet == GSM7_ESCAPE && i + 1 < n) {
			septet = septets[++i] & 0x7F;
			cp = single_char(single, septet);
		}
		if (add_char(out, cp != 0 ? cp : locking_char(locking, septet)) == -1)
			return -1;
	}
	return 0;
}

/* The septets of one character, the escape first: returns 1 or 2, or 0: outside the alphabet. */
static int
encode_char(uint32_t cp, uint8_t septets[2])
{
	for (uint8_t i = 0; i < SEPTETS; i++)
		if (locking_default[i] == cp && i != GSM7_ESCAPE) {
			septets[0] = i;
			return 1;
		}
	for (size_t i = 0; i < sizeof(single_default) / sizeof(single_default[0]); i++)
		if (single_default[i].cp == cp) {
			septets[0] = GSM7_ESCAPE;
			septets[1] = single_default[i].code;
			return 2;
		}
	return 0;
}

int
gsm7_septets(const char *utf8, size_t len)
{
	const char *end = utf8 + len;
	uint8_t septets[2];
	int count = 0;

	while (utf8 < end) {
		uint32_t cp;
		int n = utf8_next(&utf8, end, &cp) ? encode_char(cp, septets) : 0;

		if (n == 0 || count > INT32_MAX - n)
			return -1;
		count += n;
	}
	return count;
}

int
gsm7_encode(const char *utf8, size_t len, uint8_t *septets, size_t max)
{
	const char *end = utf8 + len;
	size_t count = 0;

	while (utf8 < end) {
		uint32_t cp;
		uint8_t pair[2];
		int n = utf8_next(&utf8, end, &cp) ? encode_char(cp, pair) : 0;

		if (n == 0 || (size_t)n > max - count || count > INT32_MAX - 2)
			return -1;
		for (int i = 0; i < n; i++)
			septets[count++] = pair[i];
	}
	return (int)count;
}

size_t
gsm7_unpack(const uint8_t *octets, size_t n_octets, unsigned fill, uint8_t *septets, size_t n_septets)
{
	size_t bits = n_octets * 8, n = 0;

	for (size_t at = fill; n < n_septets && at + 7 <= bits; at += 7) {
		unsigned two = octets[at / 8];

		if (at % 8 > 1)
			two |= (unsigned)octets[at / 8 + 1] << 8;
		septets[n++] = (uint8_t)(two >> at % 8 & 0x7F);
	}
	return n;
}

size_t
gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets, size_t max)
{
	size_t need = (fill + n * 7 + 7) / 8;

	if (need > max)
		return 0;
	for (size_t i = 0; i < need; i++)
		octets[i] = 0;
	for (size_t i = 0, at = fill; i < n; i++, at += 7) {
		unsigned two = (unsigned)(septets[i] & 0x7F) << at % 8;

		octets[at / 8] |= (uint8_t)two;
		if (at % 8 > 1)
			octets[at / 8 + 1] |= (uint8_t)(two >> 8);
	}
	return need;
}
