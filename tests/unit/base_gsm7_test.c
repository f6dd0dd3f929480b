/* The GSM 7-bit alphabet: every table, both directions, packing at every offset. */
#include "base/gsm7.h"

#include "unit/test.h"

#define ESC	GSM7_ESCAPE

/* Decodes; the result lives until the next call. */
static const char *
decoded(const uint8_t *septets, size_t n, uint8_t locking, uint8_t single)
{
	static char text[2048];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	if (gsm7_decode(septets, n, locking, single, &out) == -1 || out.len >= sizeof(text))
		test_fail(__FILE__, __LINE__, "decoding failed");
	memset(text, 0, sizeof(text));
	memcpy(text, buf_str(&out), out.len < sizeof(text) ? out.len : 0);
	buf_release(&out);
	return text;
}

#define DECODED(locking, single, ...) \
	decoded((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), locking, single)

TEST(default_alphabet)
{
	uint8_t all[128];

	for (uint8_t i = 0; i < 128; i++)
		all[i] = i == ESC ? ' ' : i;
	CHECK_STR(decoded(all, 128, 0, 0),
	    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
}

TEST(extension_table)
{
	CHECK_STR(DECODED(0, 0, ESC, 0x0A, ESC, 0x14, ESC, 0x28, ESC, 0x29, ESC, 0x2F, ESC, 0x3C, ESC, 0x3D, ESC, 0x3E,
	    ESC, 0x40, ESC, 0x65), "\f^{}\\[~]|€");
}

TEST(escape_to_nothing_is_the_plain_character)
{
	CHECK_STR(DECODED(0, 0, 'x', ESC, 'A', 'y'), "xAy");
	CHECK_STR(DECODED(3, 0, ESC, 0x24), "º");
	CHECK_STR(DECODED(0, 0, ESC, 0x0D), "\r");
}

TEST(lone_escape_is_a_space)
{
	CHECK_STR(DECODED(0, 0, 'a', ESC), "a ");
	CHECK_STR(DECODED(0, 0, 'a', ESC, ESC, 'b'), "a b");
	CHECK_STR(DECODED(0, 0, ESC, ESC, ESC, 0x65), " €");
}

TEST(bit_7_is_ignored)
{
	CHECK_STR(DECODED(0, 0, 0xC1, 0x9B, 0xE5), "A€");
}

TEST(unknown_languages_are_the_default)
{
	for (unsigned language = GSM7_LANGUAGES; language < 256; language++) {
		CHECK_STR(DECODED((uint8_t)language, (uint8_t)language, 0x05, ESC, 0x65, ESC, 'g'), "é€g");
		if (test_failures != 0)
			return;
	}
	CHECK_STR(DECODED(2, 0, 0x05, 0x0F), "éå");	/* Spanish has no locking table */
}

/* One word a language, encoded by hand from annex A. */
TEST(words)
{
	CHECK_STR(DECODED(1, 0, 0x1D, 0x07, 0x0C, 0x40, 0x04), "şığİ€");
	CHECK_STR(DECODED(0, 1, ESC, 's', ESC, 'i', ESC, 'g', ESC, 'S', ESC, 'c'), "şığŞç");
	CHECK_STR(DECODED(0, 2, ESC, 'a', ESC, 'e', ESC, 'i', ESC, 'o', ESC, 'u', ESC, 0x09, ESC, 'A'), "á€íóúçÁ");
	CHECK_STR(DECODED(3, 0, 'S', 0x7B, 'o', 0x12, 0x15, 0x18, 0x1A), "Sãoª∞€|");
	CHECK_STR(DECODED(0, 3, ESC, 0x7B, ESC, 0x7C, ESC, 0x0B, ESC, 'A', ESC, 'a', ESC, 0x7F, ESC, 0x12), "ãõÔÀÂâΦ");
	CHECK_STR(DECODED(4, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x15, 0x50, 0x44), "নমস্কার");
	CHECK_STR(DECODED(5, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x27, 0x59), "નમસ્તે");
	CHECK_STR(DECODED(6, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x27, 0x59), "नमस्ते");
	CHECK_STR(DECODED(7, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x27, 0x58), "ನಮಸ್ತೆ");
	CHECK_STR(DECODED(8, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x27, 0x59), "നമസ്തേ");
	CHECK_STR(DECODED(9, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x15, 0x50, 0x44), "ନମସ୍କାର");
	CHECK_STR(DECODED(10, 0, 0x4C, 0x27, 0x51, ' ', 0x7F), "ਸਤਿ ੴ");
	CHECK_STR(DECODED(11, 0, 0x49, 0x26, 0x15, 0x5F, 0x15, 0x42, 0x5F), "வணக்கம்");
	CHECK_STR(DECODED(12, 0, 0x2F, 0x42, 0x4C, 0x5F, 0x27, 0x59), "నమస్తే");
	CHECK_STR(DECODED(13, 0, 0x3D, 0x4D, 0x00, 0x4E, ' ', '7', ' ', 'k'), "سلام 7 k");
	CHECK_STR(DECODED(13, 13, ESC, 0x1C, ESC, 0x25, ESC, 0x26, ESC, 'Q', ESC, 0x65, ESC, 0x13), "۰۹،Q€¡");
	CHECK_STR(DECODED(6, 6, ESC, 0x1C, ESC, 0x25, ESC, 0x19, ESC, 0x3A, ESC, 0x28), "०९।ॱ{");
	CHECK_STR(DECODED(4, 4, ESC, 0x19, ESC, 0x1A, ESC, 0x1C, ESC, 0x34), "০১২৺");
	CHECK_STR(DECODED(4, 0, 0x0C, 0x0E), "  ");	/* Bengali has no letters there */
}

static uint64_t
fingerprint(bool shifted, uint8_t language)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (uint8_t code = 0; code < 128; code++) {
		const char *s = shifted ? DECODED(0, language, ESC, code) : DECODED(language, 0, code);

		for (; *s != '\0'; s++)
			h = (h ^ (uint8_t)*s) * 0x100000001B3u;
		h = (h ^ 0xFF) * 0x100000001B3u;
	}
	return h;
}

/*
 * FNV-1a of each whole table. The tables were compared place by place with three
 * independent transcriptions of annex A when these numbers were taken.
 */
TEST(tables_have_not_changed)
{
	static const uint64_t locking[GSM7_LANGUAGES] = {
		0x855CFFDD54A615EC, 0xE77FF9DFBA0AF175, 0x855CFFDD54A615EC, 0x7FDDC4EEA6C2D66A,
		0xAA2A21FB0E0E93D9, 0x50D2702B3CACB903, 0x4223F89D24A5BE24, 0x2CBB82C96485F3ED,
		0x3F95D76A84310D4E, 0x62BAB610548B3E95, 0x0EED6FC11B643EFF, 0x9AE23A5FC1F46C8D,
		0x413B90676B3D36AA, 0xB7AB75DD280B33B6,
	}, single[GSM7_LANGUAGES] = {
		0xB43997837A5A2760, 0x99FB43961AC9794E, 0x3109D1F85D388A9E, 0x4057154844E346F0,
		0x0561A34CC0707CAC, 0x0B6DFF6D1761C2ED, 0x2D18F8AF4BD97AB6, 0xF1C4F4626359CD84,
		0xE0D1150C7DE87D20, 0x59CF38FFEB81F735, 0x96D7C8C0628BC55B, 0x0A3A039BD0504AA4,
		0xF32C39CAD8907865, 0x66101AC274F47ABB,
	};

	for (uint8_t i = 0; i < GSM7_LANGUAGES; i++) {
		CHECK_MSG(fingerprint(false, i) == locking[i], "locking table %d: 0x%016" PRIX64, i, fingerprint(false, i));
		CHECK_MSG(fingerprint(true, i) == single[i], "single-shift table %d: 0x%016" PRIX64, i, fingerprint(true, i));
	}
}

TEST(decoding_stops_at_the_ceiling)
{
	struct buf out;

	buf_init(&out, 5);
	CHECK_INT(gsm7_decode((const uint8_t *)"abcdef", 6, 0, 0, &out), -1);
	CHECK(out.len <= 5);
	buf_release(&out);
}

static int
septets_of(const char *s)
{
	return gsm7_septets(s, strlen(s));
}

TEST(counting)
{
	CHECK_INT(septets_of(""), 0);
	CHECK_INT(septets_of("Attaque à Sévaré, 3 blessés"), 27);
	CHECK_INT(septets_of("[€]"), 6);
	CHECK_INT(septets_of("@\n\r"), 3);
	CHECK_INT(septets_of("français"), -1);	/* only the capital Ç is there */
	CHECK_INT(septets_of("ÇA"), 2);
	CHECK_INT(septets_of("سلام"), -1);
	CHECK_INT(septets_of("😀"), -1);
	CHECK_INT(septets_of("a\xC3"), -1);
	CHECK_INT(septets_of("\x1B"), -1);
	CHECK_INT(gsm7_septets("a\0b", 3), -1);
}

TEST(encoding_is_the_inverse_of_decoding)
{
	for (uint8_t i = 0; i < 128; i++) {
		const char *s = DECODED(0, 0, i);
		uint8_t back[2] = { 0xEE, 0xEE };

		if (i == ESC)
			continue;
		CHECK_MSG(gsm7_encode(s, strlen(s), back, 2) == 1 && back[0] == i, "septet 0x%02X came back as 0x%02X", i, back[0]);
	}
	for (uint8_t i = 0; i < 128; i++) {
		char plain[8];
		uint8_t back[2] = { 0xEE, 0xEE };
		const char *s;

		snprintf(plain, sizeof(plain), "%s", DECODED(0, 0, i));
		s = DECODED(0, 0, ESC, i);
		if (strcmp(s, plain) == 0)
			continue;
		CHECK_MSG(gsm7_encode(s, strlen(s), back, 2) == 2 && back[0] == ESC && back[1] == i,
		    "escaped septet 0x%02X did not come back", i);
	}
}

TEST(encoding_respects_the_limit)
{
	uint8_t out[4] = { 9, 9, 9, 9 };

	CHECK_INT(gsm7_encode("ab€", 5, out, 4), 4);
	CHECK_INT(gsm7_encode("ab€", 5, out, 3), -1);
	CHECK_INT(gsm7_encode("abc", 3, out, 2), -1);
	CHECK_INT(gsm7_encode("", 0, out, 0), 0);
	CHECK_INT(gsm7_encode("ê", 2, out, 4), -1);
}

/* The two vectors everybody knows. */
TEST(known_packings)
{
	static const uint8_t hello[] = { 0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37 };
	uint8_t septets[16], octets[16];

	CHECK_INT(gsm7_pack((const uint8_t *)"hellohello", 10, 0, octets, sizeof(octets)), 9);
	CHECK(memcmp(octets, hello, 9) == 0);
	CHECK_INT(gsm7_unpack(hello, 9, 0, septets, 10), 10);
	CHECK(memcmp(septets, "hellohello", 10) == 0);
	/* One fill bit, as behind a header of six octets. */
	CHECK_INT(gsm7_pack((const uint8_t *)"Hi", 2, 1, octets, sizeof(octets)), 2);
	CHECK_INT(octets[0], 0x90);
	CHECK_INT(octets[1], 0x69);
}

TEST(packing_round_trip)
{
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t in[170], out[170], octets[160];
		size_t n = test_below(161);
		unsigned fill = test_below(7);
		size_t len;

		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)test_below(128);
		len = gsm7_pack(in, n, fill, octets, sizeof(octets));
		CHECK_INT(len, (fill + n * 7 + 7) / 8);
		CHECK_INT(gsm7_unpack(octets, len, fill, out, n), n);
		CHECK_MSG(memcmp(in, out, n) == 0, "%zu septets after %u fill bits changed", n, fill);
		if (test_failures != 0)
			return;
	}
}

TEST(unpacking_stops_where_the_octets_end)
{
	for (size_t n_octets = 0; n_octets <= 20; n_octets++)
		for (unsigned fill = 0; fill < 7; fill++) {
			/* Of the exact size, so that a sanitizer sees one octet too many. */
			uint8_t *octets = calloc(1, n_octets + (n_octets == 0)), septets[64];
			size_t want = n_octets * 8 < fill ? 0 : (n_octets * 8 - fill) / 7;

			CHECK(octets != NULL);
			CHECK_INT(gsm7_unpack(octets, n_octets, fill, septets, sizeof(septets)), want);
			free(octets);
		}
}

TEST(packing_too_much_writes_nothing)
{
	uint8_t octets[2] = { 0xEE, 0xEE };

	CHECK_INT(gsm7_pack((const uint8_t *)"abc", 3, 0, octets, 2), 0);
	CHECK(octets[0] == 0xEE && octets[1] == 0xEE);
	CHECK_INT(gsm7_pack((const uint8_t *)"ab", 2, 0, octets, 2), 2);
	CHECK_INT(gsm7_pack(NULL, 0, 0, octets, 2), 0);
}

TEST_MAIN(
	TEST_ROW(default_alphabet),
	TEST_ROW(extension_table),
	TEST_ROW(escape_to_nothing_is_the_plain_character),
	TEST_ROW(lone_escape_is_a_space),
	TEST_ROW(bit_7_is_ignored),
	TEST_ROW(unknown_languages_are_the_default),
	TEST_ROW(words),
	TEST_ROW(tables_have_not_changed),
	TEST_ROW(decoding_stops_at_the_ceiling),
	TEST_ROW(counting),
	TEST_ROW(encoding_is_the_inverse_of_decoding),
	TEST_ROW(encoding_respects_the_limit),
	TEST_ROW(known_packings),
	TEST_ROW(packing_round_trip),
	TEST_ROW(unpacking_stops_where_the_octets_end),
	TEST_ROW(packing_too_much_writes_nothing),
)
