/* The emulator's PDU code against vectors from elsewhere: the standard, textbooks, and what libgammu 1.42 puts on the wire. */
#include "unit/test.h"

#include "emulator/pdu.h"

static struct pdu
from_hex(const char *hex)
{
	struct pdu pdu = { { 0 }, 0 };
	int n = pdu_hex_decode(hex, strlen(hex), pdu.octets, sizeof(pdu.octets));

	CHECK_MSG(n > 0, "bad test vector %s", hex);
	pdu.length = n > 0 ? (size_t)n : 0;
	return pdu;
}

static void
check_hex(const struct pdu *pdu, const char *want)
{
	char hex[2 * PDU_MAX + 1];

	pdu_hex_encode(pdu->octets, pdu->length, hex);
	CHECK_STR(hex, want);
}

TEST(hexadecimal)
{
	uint8_t out[4];
	char text[9];

	CHECK_INT(pdu_hex_decode("00fFA9", 6, out, 4), 3);
	pdu_hex_encode(out, 3, text);
	CHECK_STR(text, "00FFA9");
	CHECK_INT(pdu_hex_decode("0", 1, out, 4), -1);
	CHECK_INT(pdu_hex_decode("0G", 2, out, 4), -1);
	CHECK_INT(pdu_hex_decode("0011223344", 10, out, 4), -1);
}

/* "hellohello" is the example of every introduction to 7-bit packing. */
TEST(packs_septets)
{
	uint8_t septets[10], octets[16], back[10];
	char hex[33];

	CHECK_INT(pdu_gsm7_encode("hellohello", 10, septets, sizeof(septets)), 10);
	CHECK_INT(pdu_gsm7_pack(septets, 10, 0, octets, sizeof(octets)), 9);
	pdu_hex_encode(octets, 9, hex);
	CHECK_STR(hex, "E8329BFD4697D9EC37");
	CHECK_INT(pdu_gsm7_unpack(octets, 9, 0, back, 10), 10);
	CHECK(memcmp(back, septets, 10) == 0);
	CHECK_INT(pdu_gsm7_pack(septets, 10, 0, octets, 8), 0);
}

/* TS 23.038 6.2.1: the characters that are elsewhere than in ASCII, and the extension table. */
TEST(alphabet_positions)
{
	static const struct {
		const char *text;
		int	 n;
		uint8_t	 septet[2];
	} rows[] = {
		{ "@", 1, { 0x00 } }, { "£", 1, { 0x01 } }, { "$", 1, { 0x02 } }, { "¥", 1, { 0x03 } }, { "è", 1, { 0x04 } },
		{ "é", 1, { 0x05 } }, { "ù", 1, { 0x06 } }, { "ì", 1, { 0x07 } }, { "ò", 1, { 0x08 } }, { "Ç", 1, { 0x09 } },
		{ "\n", 1, { 0x0A } }, { "Ø", 1, { 0x0B } }, { "\r", 1, { 0x0D } }, { "å", 1, { 0x0F } }, { "Δ", 1, { 0x10 } },
		{ "_", 1, { 0x11 } }, { "Φ", 1, { 0x12 } }, { "Ξ", 1, { 0x1A } }, { "Æ", 1, { 0x1C } }, { "ß", 1, { 0x1E } },
		{ "É", 1, { 0x1F } }, { "¤", 1, { 0x24 } }, { "¡", 1, { 0x40 } }, { "Ä", 1, { 0x5B } }, { "§", 1, { 0x5F } },
		{ "¿", 1, { 0x60 } }, { "ä", 1, { 0x7B } }, { "à", 1, { 0x7F } }, { "^", 2, { 0x1B, 0x14 } },
		{ "{", 2, { 0x1B, 0x28 } }, { "}", 2, { 0x1B, 0x29 } }, { "\\", 2, { 0x1B, 0x2F } }, { "[", 2, { 0x1B, 0x3C } },
		{ "~", 2, { 0x1B, 0x3D } }, { "]", 2, { 0x1B, 0x3E } }, { "|", 2, { 0x1B, 0x40 } }, { "€", 2, { 0x1B, 0x65 } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t s[2];
		int n = pdu_gsm7_encode(rows[i].text, strlen(rows[i].text), s, 2);

		CHECK_MSG(n == rows[i].n && memcmp(s, rows[i].septet, (size_t)n) == 0, "%s: %d septets, %02x", rows[i].text, n, s[0]);
	}
	CHECK_INT(pdu_units(PDU_GSM7, "ê", strlen("ê")), -1);
	CHECK_INT(pdu_alphabet_for("\xff", 1), PDU_UCS2);
}

TEST(every_septet_comes_back)
{
	for (uint8_t i = 0; i < 128; i++) {
		char text[8];
		uint8_t back;

		if (i == 0x1B)
			continue;
		pdu_gsm7_decode(&i, 1, text, sizeof(text));
		CHECK_MSG(pdu_gsm7_encode(text, strlen(text), &back, 1) == 1 && back == i, "septet %02x", i);
	}
}

/* The DELIVER example of the dreamfabric page ("How are you?"), whose zone octet is a negative zero. */
TEST(encodes_the_textbook_deliver)
{
	struct pdu pdu;
	const struct pdu_deliver d = { .smsc = "+31624000000", .sender = "+31641600986", .message_class = -1,
		.alphabet = PDU_GSM7, .text = "How are you?", .text_len = 12, .when = 1030390661 };

	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	check_hex(&pdu, "07911326040000F0040B911346610089F60000208062917314000CC8F71D14969741F977FD07");
	CHECK_INT(pdu_tpdu_length(&pdu), 30);
}

TEST(encodes_every_field_of_a_deliver)
{
	struct pdu pdu;
	struct pdu_deliver d = { .sender = "Orange", .alnum = true, .more = true, .message_class = 0, .alphabet = PDU_UCS2,
		.text = "Ɓ🔥", .text_len = strlen("Ɓ🔥"), .when = 1030390661, .zone = -14,
		.concat = { .ref = 0x1234, .total = 3, .seq = 2, .wide = true } };

	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	/* 19:37:41 UTC is 16:07:41 at -03:30; the sign is bit 3 of the zone octet. */
	check_hex(&pdu, "00" "40" "0BD04F79D87D2E03" "00" "18" "20806261701449" "0D" "06080412340302" "0181D83DDD25");
	CHECK(pdu_is_flash(&pdu));
	d.alphabet = PDU_8BIT;
	d.data = (const uint8_t *)"\x01\xfe";
	d.data_len = 2;
	d.alnum = d.more = false;
	d.sender = "37373";
	d.message_class = -1;
	d.concat.total = 0;
	d.zone = 4;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	check_hex(&pdu, "00" "04" "05817373F3" "00" "04" "20806202731440" "02" "01FE");
	CHECK(!pdu_is_flash(&pdu));
}

/* One fill bit lies between a 6-octet header and the text: "A" (0x41) becomes 0x82. */
TEST(fills_up_behind_a_header)
{
	struct pdu pdu;
	const struct pdu_deliver d = { .sender = "+1", .message_class = -1, .alphabet = PDU_GSM7, .text = "A", .text_len = 1,
		.when = 1030390661, .concat = { .ref = 7, .total = 2, .seq = 1 } };

	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	check_hex(&pdu, "00" "44" "0191F1" "0000" "20806291731400" "08" "050003070201" "82");
}

TEST(refuses_what_does_not_fit)
{
	static char a161[162];
	struct pdu pdu;
	struct pdu_deliver d = { .sender = "+1", .message_class = -1, .alphabet = PDU_GSM7, .text = a161, .text_len = 160 };

	memset(a161, 'a', 161);
	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	CHECK_INT(pdu.length, 1 + 1 + 3 + 2 + 7 + 1 + 140);
	d.text_len = 161;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), -1);
	d.concat.total = 2;
	d.text_len = 153;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	d.text_len = 154;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), -1);
	d.text_len = 71;
	d.alphabet = PDU_UCS2;
	d.concat.total = 0;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), -1);
	d.text_len = 70;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), 0);
	d.sender = "+1x";
	CHECK_INT(pdu_deliver_encode(&d, &pdu), -1);
	d.sender = "TwelveLetters";
	d.alnum = true;
	CHECK_INT(pdu_deliver_encode(&d, &pdu), -1);
}

TEST(encodes_a_report)
{
	struct pdu pdu;
	const struct pdu_report r = { .smsc = "+31624000000", .dest = "+22376000001", .reference = 42, .status = 0x46,
		.submitted = 1030390661, .discharged = 1030390663 };
	char peer[PDU_ADDRESS_MAX];

	CHECK_INT(pdu_report_encode(&r, &pdu), 0);
	check_hex(&pdu, "07911326040000F0" "06" "2A" "0B912273060000F1" "20806291731400" "20806291733400" "46");
	CHECK_INT(pdu_kind(&pdu), 2);
	pdu_peer(&pdu, peer);
	CHECK_STR(peer, "+22376000001");
}

/* What libgammu 1.42 wrote after AT+CMGS for these very texts. */
TEST(decodes_what_libgammu_submits)
{
	static const struct {
		const char *hex, *text;
		int	 ref, total, seq;
		enum pdu_alphabet alphabet;
		bool	 report;
	} rows[] = {
		{ "07912273009009F011000B912273000090F90000FF0DE274D90D9297C775102D2603", "bien recu 412", 0, 0, 0, PDU_GSM7, false },
		{ "07912273009009F031000B912273000090F90000FF0BF7341D0D9297E16F391D", "with report", 0, 0, 0, PDU_GSM7, true },
		{ "07912273009009F011000B912273000090F90008FF180181006F006E00690020014B0020D83DDD250020006F006B", "Ɓoni ŋ 🔥 ok",
		    0, 0, 0, PDU_UCS2, false },
		{ "07912273009009F051000B912273000090F90000FFA00500036702016220196806A2816A201BE806C28172A0180C148B816232506C068A"
		    "D140B11A286603C56EA0180E14CB816430902C0692C940B219484603C96A20990D24BB816438902C079AC140B318682603CD"
		    "66A0190D34AB816636D0EC069AE140B31C880603D162209A0C449B81683410AD06A2D940B41B888603D172A01A0C548B816A"
		    "32506D06AAD140",
		    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"
		    " 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 ",
		    103, 2, 1, PDU_GSM7, false },
		{ "07912273009009F051000B912273000090F90000FF910500036702026A3550CD06AADD40351CA89603D960205B0C6493816C33908D06B2"
		    "D540361BC87603D970205B0E7483816E31D04D06BACD40371AE85603DD6CA0DB0D74C3816E39100E06C2C5403819083703E1"
		    "68205C0D84B3817037100E07C2E5403918281703E564A0DC0C94A381723550CE06CADD40391C289703C56030",
		    "55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81"
		    " 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 100",
		    103, 2, 2, PDU_GSM7, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdu pdu = from_hex(rows[i].hex);
		struct pdu_submit s;
		const char *why = "";

		CHECK_MSG(pdu_submit_decode(&pdu, &s, &why) == 0, "row %zu: %s", i, why);
		CHECK_STR(s.smsc, "+22370009900");
		CHECK_STR(s.dest, "+22370000099");
		CHECK_STR(s.text, rows[i].text);
		CHECK_INT(s.alphabet, rows[i].alphabet);
		CHECK_INT(s.want_report, rows[i].report);
		CHECK_INT(s.concat.ref, rows[i].ref);
		CHECK_INT(s.concat.total, rows[i].total);
		CHECK_INT(s.concat.seq, rows[i].seq);
	}
}

/* A SUBMIT written by hand: no SMSC, no validity, 8-bit header with a 16-bit reference, an extension character. */
TEST(decodes_headers_and_extension_characters)
{
	struct pdu pdu = from_hex("00" "41" "00" "0491" "2143" "0000" "0B" "06080412340302" "1B65" "01");
	struct pdu_submit s;
	const char *why = "";

	/* 7 octets of header are 8 septets; then ESC, 0x65 (€) and 'A'. */
	static const uint8_t septets[] = { 0x1B, 0x65, 0x41 };
	uint8_t octets[4];
	size_t n = pdu_gsm7_pack(septets, 3, 0, octets, sizeof(octets));

	memcpy(pdu.octets + pdu.length - 3, octets, n);
	pdu.length += n - 3;
	CHECK_MSG(pdu_submit_decode(&pdu, &s, &why) == 0, "%s", why);
	CHECK_STR(s.dest, "+1234");
	CHECK_STR(s.smsc, "");
	CHECK_STR(s.text, "€A");
	CHECK_INT(s.concat.ref, 0x1234);
	CHECK_INT(s.concat.total, 3);
	CHECK_INT(s.concat.seq, 2);
	CHECK(s.concat.wide);
}

TEST(refuses_bad_submits)
{
	static const struct {
		const char *hex, *why;
	} rows[] = {
		{ "00", "PDU ends too early" },
		{ "00" "00" "00" "0491" "2143" "0000" "01" "41", "not an SMS-SUBMIT" },
		{ "00" "01" "00" "0091" "0000" "01" "41", "no destination" },
		{ "00" "01" "00" "0491" "2143" "0020" "01" "41", "compressed or reserved coding" },
		{ "00" "01" "00" "0491" "2143" "000C" "01" "41", "compressed or reserved coding" },
		{ "00" "01" "00" "0491" "2143" "0000" "05" "41", "user data is longer than the PDU or than 140 octets" },
		{ "00" "01" "00" "0491" "2143" "0000" "01" "4141", "octets behind the user data" },
		{ "00" "41" "00" "0491" "2143" "0004" "02" "0500", "bad user data header" },
		{ "00" "41" "00" "0491" "2143" "0004" "00", "bad user data header" },
		{ "00" "01" "00" "FF91" "2143" "0000" "01" "41", "PDU ends too early" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdu pdu = from_hex(rows[i].hex);
		struct pdu_submit s;
		const char *why = "";

		CHECK_MSG(pdu_submit_decode(&pdu, &s, &why) == -1 && strcmp(why, rows[i].why) == 0, "row %zu: \"%s\"", i, why);
	}
}

TEST(no_prefix_of_a_submit_is_one)
{
	struct pdu whole = from_hex("07912273009009F031000B912273000090F90000FF0BF7341D0D9297E16F391D");
	struct pdu_submit s;
	const char *why;

	for (size_t n = 0; n < whole.length; n++) {
		struct pdu part = whole;

		part.length = n;
		CHECK_MSG(pdu_submit_decode(&part, &s, &why) == -1, "the first %zu octets", n);
	}
}

TEST(knows_an_smsc_address)
{
	struct pdu with = from_hex("07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
	struct pdu without = from_hex("040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
	struct pdu none = from_hex("00040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
	struct pdu more = from_hex("000B911346610089F60000208062917314080CC8F71D14969741F977FD07");

	CHECK(pdu_has_smsc(&with));
	CHECK(!pdu_has_smsc(&without));
	CHECK(pdu_has_smsc(&none));
	CHECK(!pdu_has_smsc(&more));
	CHECK_INT(pdu_prepend_smsc(&without, "+31624000000"), 0);
	CHECK(without.length == with.length && memcmp(without.octets, with.octets, with.length) == 0);
}

TEST(sees_flash_messages)
{
	static const struct {
		const char *dcs;
		bool	 flash;
	} rows[] = {
		{ "00", false }, { "10", true }, { "11", false }, { "18", true }, { "F0", true }, { "F1", false }, { "08", false },
		{ "C0", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char hex[64];
		struct pdu pdu;

		snprintf(hex, sizeof(hex), "00040491214300%s2080629173140000", rows[i].dcs);
		pdu = from_hex(hex);
		CHECK_MSG(pdu_is_flash(&pdu) == rows[i].flash, "DCS %s", rows[i].dcs);
	}
}

/* A text of n characters out of all that UTF-8 has, without NUL. */
static size_t
random_text(char *out, size_t cap, size_t n)
{
	static const char *const some[] = { "a", "Z", "€", "[", "é", "Ɓ", "ŋ", "ⴰ", "🔥", "\n", " ", "0", "à", "@" };
	size_t at = 0;

	while (n-- > 0) {
		const char *s = some[test_below(sizeof(some) / sizeof(some[0]))];

		if (at + strlen(s) + 1 > cap)
			break;
		memcpy(out + at, s, strlen(s));
		at += strlen(s);
	}
	out[at] = '\0';
	return at;
}

TEST(cut_leaves_whole_characters)
{
	for (int i = 0; i < 20000; i++) {
		char text[400], back[400];
		uint8_t units[400];
		size_t len = random_text(text, sizeof(text), test_below(90)), n;
		enum pdu_alphabet a = pdu_alphabet_for(text, len);
		int most = (int)test_below(100), used;

		n = pdu_cut(a, text, len, most);
		used = pdu_units(a, text, n);
		CHECK(used >= 0 && used <= most);
		CHECK(n == len || pdu_units(a, text, len) > most);
		if (a == PDU_GSM7) {
			CHECK_INT(pdu_gsm7_encode(text, n, units, 400), used);
			CHECK_INT(pdu_gsm7_decode(units, (size_t)used, back, sizeof(back)), n);
		} else {
			CHECK_INT(pdu_ucs2_encode(text, n, units, 200), used);
			CHECK_INT(pdu_ucs2_decode(units, (size_t)used, back, sizeof(back)), n);
		}
		CHECK(memcmp(text, back, n) == 0);
	}
}

TEST(packing_comes_back_with_any_fill)
{
	for (int i = 0; i < 20000; i++) {
		uint8_t septets[160], octets[141], back[160];
		size_t n = test_below(154), bytes;
		unsigned fill = test_below(7);

		for (size_t k = 0; k < n; k++)
			septets[k] = (uint8_t)test_below(128);
		bytes = pdu_gsm7_pack(septets, n, fill, octets, sizeof(octets));
		CHECK_INT(bytes, (n * 7 + fill + 7) / 8);
		CHECK_INT(pdu_gsm7_unpack(octets, bytes, fill, back, n), n);
		CHECK(memcmp(septets, back, n) == 0);
	}
}

TEST(hostile_octets_are_survived)
{
	struct pdu valid = from_hex("07912273009009F031000B912273000090F90000FF0BF7341D0D9297E16F391D");

	for (int i = 0; i < 200000; i++) {
		struct pdu pdu = valid;
		struct pdu_submit s;
		const char *why;
		char peer[PDU_ADDRESS_MAX];

		if (i % 2 == 0)
			pdu.length = test_below(PDU_MAX);
		for (uint32_t k = test_below(6); k > 0; k--)
			pdu.octets[test_below(i % 2 == 0 ? PDU_MAX : (uint32_t)pdu.length)] = (uint8_t)test_below(256);
		if (pdu_submit_decode(&pdu, &s, &why) == 0)
			CHECK(memchr(s.text, '\0', sizeof(s.text)) != NULL && s.concat.seq <= s.concat.total);
		pdu_peer(&pdu, peer);
		CHECK(memchr(peer, '\0', sizeof(peer)) != NULL);
		pdu_is_flash(&pdu);
		pdu_has_smsc(&pdu);
		pdu_prepend_smsc(&pdu, "+31624000000");
	}
}

TEST_MAIN(TEST_ROW(hexadecimal), TEST_ROW(packs_septets), TEST_ROW(alphabet_positions), TEST_ROW(every_septet_comes_back),
    TEST_ROW(encodes_the_textbook_deliver), TEST_ROW(encodes_every_field_of_a_deliver), TEST_ROW(fills_up_behind_a_header),
    TEST_ROW(refuses_what_does_not_fit), TEST_ROW(encodes_a_report), TEST_ROW(decodes_what_libgammu_submits),
    TEST_ROW(decodes_headers_and_extension_characters), TEST_ROW(refuses_bad_submits), TEST_ROW(no_prefix_of_a_submit_is_one),
    TEST_ROW(knows_an_smsc_address), TEST_ROW(sees_flash_messages), TEST_ROW(cut_leaves_whole_characters),
    TEST_ROW(packing_comes_back_with_any_fill), TEST_ROW(hostile_octets_are_survived))
