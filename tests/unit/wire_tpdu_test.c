/* The strict SMS decoder: PDUs of real phones, every rule of its header, and hostile octets. */
#include "wire/tpdu.h"

#include "base/clock.h"
#include "unit/test.h"
#include "unit/tpdu_sane.h"

/* Reused pieces of a DELIVER: from +22376000001; 2026-11-23 14:05:30 UTC. */
#define FROM	"0B912273060000F1"
#define TIME	"62113241500300"
#define TIME_MS	((((clock_days(2026, 11, 23) * 24 + 14) * 60 + 5) * 60 + 30) * INT64_C(1000))
#define DELIVER(dcs, user_data)	"04" FROM "00" dcs TIME user_data
#define HEADED(dcs, user_data)	"44" FROM "00" dcs TIME user_data

static struct tpdu t;
static const char *why;

/* Decodes a copy of the exact size, so that a sanitizer sees one octet too many. */
static int
decode(const uint8_t *p, size_t n)
{
	uint8_t *exact = malloc(n + (n == 0));
	const char *fault = NULL;
	int rc;

	if (exact == NULL)
		abort();
	if (n > 0)
		memcpy(exact, p, n);
	rc = tpdu_decode(exact, n, &t, &why);
	free(exact);
	CHECK_MSG((rc == 0) == (why == NULL), "a refusal without a sentence, or the reverse");
	if (rc == 0)
		fault = tpdu_insane(&t, n);
	CHECK_MSG(fault == NULL, "%s", fault);
	return rc;
}

static size_t
octets(const char *hex, uint8_t out[TPDU_MAX + 64])
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned v = 0;

		if (sscanf(hex + 2 * i, "%2X", &v) != 1)
			abort();
		out[i] = (uint8_t)v;
	}
	return n;
}

static int
decode_hex(const char *hex)
{
	uint8_t p[TPDU_MAX + 64];

	return decode(p, octets(hex, p));
}

#define DECODES(hex)	CHECK_MSG(decode_hex(hex) == 0, "%s refused: %s", hex, why)
#define REFUSED(hex, sentence) \
	do { CHECK_INT(decode_hex(hex), -1); CHECK_STR(why, sentence); } while (0)

/* ---- what phones and centres really send ---- */

TEST(real_delivers)
{
	DECODES("040BC87238880900F10000993092516195800AE8329BFD4697D9EC37");
	CHECK_INT(t.kind, TPDU_DELIVER);
	CHECK_STR(t.text, "hellohello");
	CHECK_STR(t.peer.text, "27838890001");
	CHECK_INT(t.peer.kind, SENDER_SHORT);	/* 0xC8: a subscriber number */
	CHECK_INT(t.scts_tz_min, 120);
	CHECK_INT(t.scts_ms, (((clock_days(1999, 3, 29) * 24 + 13) * 60 + 16) * 60 + 59) * 1000);
	CHECK(!t.more && !t.has_udh && !t.damaged && !t.compressed);
	CHECK_INT(t.message_class, -1);
	CHECK_INT(t.data_len, 9);

	DECODES("040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
	CHECK_STR(t.text, "How are you?");
	CHECK_STR(t.peer.text, "+31641600986");
	CHECK_INT(t.peer.kind, SENDER_INTERNATIONAL);
	CHECK_INT(t.scts_tz_min, 0);	/* minus nothing */
	CHECK_INT(t.scts_ms, (((clock_days(2002, 8, 26) * 24 + 19) * 60 + 37) * 60 + 41) * 1000);
}

TEST(real_report)
{
	DECODES("06D60B911326880736F4111011719551401110117195714000");
	CHECK_INT(t.kind, TPDU_STATUS_REPORT);
	CHECK_INT(t.reference, 214);
	CHECK_STR(t.peer.text, "+31628870634");
	CHECK_INT(t.scts_ms, (((clock_days(2011, 1, 11) * 24 + 16) * 60 + 59) * 60 + 15) * 1000);
	CHECK_INT(t.discharge_ms, t.scts_ms + 2000);
	CHECK_INT(t.scts_tz_min, 60);
	CHECK_INT(t.status, 0);
}

TEST(report_fields)
{
	/* Still trying; TP-PI announces PID, DCS and user data, which are nobody's business. */
	DECODES("02FF0B912273060000F1" TIME TIME "30" "07" "00" "04" "02" "ABCD");
	CHECK_INT(t.reference, 255);
	CHECK_INT(t.status, 0x30);
	CHECK(t.more);
	DECODES("0601048121F3FFFFFFFFFFFFFF" TIME "46");
	CHECK_INT(t.scts_ms, 0);
	CHECK_INT(t.discharge_ms, TIME_MS);
	CHECK_INT(t.status, 0x46);
	CHECK_STR(t.peer.text, "123");
	REFUSED("06", "TPDU ends before TP-MR");
	REFUSED("06010B912273060000F1" TIME TIME, "TPDU ends before TP-ST");
	REFUSED("06010B912273060000F1" TIME "6211", "TPDU ends inside a time stamp");
}

TEST(french_and_brackets)
{
	DECODES(DELIVER("00", "28413A3D1CAF97417FD0B4600FCB0B2CD00C246697E7F3C21CB4E1C568AEDA6CE3036DCA"));
	CHECK_STR(t.text, "Attaque à Sévaré, 3 blessés [14.53] €");
	CHECK_INT(t.scts_ms, TIME_MS);
}

/* ---- addresses ---- */

TEST(addresses)
{
	static const struct {
		const char *hex;
		enum tpdu_sender kind;
		const char *text;
	} rows[] = {
		{ "0B912273060000F1", SENDER_INTERNATIONAL, "+22376000001" },
		{ "0C91227306000010", SENDER_INTERNATIONAL, "+223760000001" },
		{ "088167000010", SENDER_NATIONAL, "76000001" },
		{ "08A167000010", SENDER_NATIONAL, "76000001" },
		{ "078167000010", SENDER_NATIONAL, "7600000" },	/* the rest of the last octet does not count */
		{ "0681670000", SENDER_SHORT, "760000" },
		{ "05817373F3", SENDER_SHORT, "37373" },
		{ "08B167000010", SENDER_SHORT, "76000001" },
		{ "08C167000010", SENDER_SHORT, "76000001" },
		{ "08E167000010", SENDER_SHORT, "76000001" },
		{ "08F167000010", SENDER_NATIONAL, "76000001" },
		{ "0B112273060000F1", SENDER_NATIONAL, "22376000001" },	/* bit 7 is 0: type unknown */
		{ "0850F1F1F1F1", SENDER_SHORT, "1" },
		{ "0681CBED6A", SENDER_SHORT, "#abc*6" },
		{ "0681A0BA9F", SENDER_SHORT, "0**#" },	/* the end mark ends it, not the length */
		{ "0881FFFFFFFF", SENDER_NONE, "" },
		{ "0081", SENDER_NONE, "" },
		{ "0091", SENDER_NONE, "" },
		{ "00D0", SENDER_NONE, "" },
		{ "01D04F", SENDER_NONE, "" },	/* less than a septet */
		{ "149121436587092143658709", SENDER_INTERNATIONAL, "+12345678901234567890" },
		{ "0BD04F79D87D2E03", SENDER_ALNUM, "Orange" },
		{ "0CD04F79D87D2E03", SENDER_ALNUM, "Orange" },
		{ "0DD0CD303B4D2FB301", SENDER_ALNUM, "Malitel" },
		{ "14D04F69D0792C829A416612", SENDER_ALNUM, "ORANGE MALI" },
		{ "02D000", SENDER_ALNUM, "@" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char hex[128];

		snprintf(hex, sizeof(hex), "04%s0000%s02E834", rows[i].hex, TIME);
		CHECK_MSG(decode_hex(hex) == 0, "%s refused: %s", rows[i].hex, why);
		CHECK_MSG(t.peer.kind == rows[i].kind && strcmp(t.peer.text, rows[i].text) == 0, "%s is \"%s\", kind %d",
		    rows[i].hex, t.peer.text, (int)t.peer.kind);
		CHECK_STR(t.text, "hi");
	}
}

TEST(bad_addresses)
{
	REFUSED("0415912143658709214365870921" "0000" TIME "00", "address has more than 20 digits");
	REFUSED("04FF91214365870921436587", "address has more than 20 digits");
	REFUSED("040B91227306", "TPDU ends inside the address");
	REFUSED("040B", "TPDU ends before the address");
	REFUSED("04", "TPDU ends before the address");
}

/* ---- time stamps ---- */

TEST(time_stamps)
{
	static const struct {
		const char *hex;
		int year, month, day, hour, minute, second, tz_min;
	} rows[] = {
		{ "62113241500300", 2026, 11, 23, 14, 5, 30, 0 },
		{ "62113241500310", 2026, 11, 23, 13, 50, 30, 15 },
		{ "62113241500380", 2026, 11, 23, 12, 5, 30, 120 },
		{ "6211324150030A", 2026, 11, 23, 19, 5, 30, -300 },	/* 20 quarters west */
		{ "62111000000065", 2026, 10, 31, 10, 0, 0, 840 },
		{ "62101000000000", 2026, 1, 1, 0, 0, 0, 0 },
		{ "62102199999900", 0, 0, 0, 0, 0, 0, 0 },
		{ "42209200000000", 2024, 2, 29, 0, 0, 0, 0 },
		{ "32209200000000", 0, 0, 0, 0, 0, 0, 0 },	/* no 29 February in 2023 */
		{ "62211332959500", 2026, 12, 31, 23, 59, 59, 0 },
		{ "62211342000000", 0, 0, 0, 0, 0, 0, 0 },	/* 24 o'clock */
		{ "62211332069500", 0, 0, 0, 0, 0, 0, 0 },	/* minute 60 */
		{ "62211332950600", 0, 0, 0, 0, 0, 0, 0 },	/* second 60 */
		{ "62311332959500", 0, 0, 0, 0, 0, 0, 0 },	/* month 13 */
		{ "62001332959500", 0, 0, 0, 0, 0, 0, 0 },
		{ "62210032959500", 0, 0, 0, 0, 0, 0, 0 },
		{ "A2113241500300", 0, 0, 0, 0, 0, 0, 0 },	/* a nibble that is no digit */
		{ "6A113241500300", 0, 0, 0, 0, 0, 0, 0 },
		{ "621132415003A0", 0, 0, 0, 0, 0, 0, 0 },	/* a zone that is none */
		{ "FFFFFFFFFFFFFF", 0, 0, 0, 0, 0, 0, 0 },
		{ "00000000000000", 0, 0, 0, 0, 0, 0, 0 },
		{ "09101000000000", 1990, 1, 1, 0, 0, 0, 0 },
		{ "98211300000000", 2089, 12, 31, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char hex[128];
		int64_t want = 0;

		if (rows[i].year != 0)
			want = (((clock_days(rows[i].year, rows[i].month, rows[i].day) * 24 + rows[i].hour) * 60 +
			    rows[i].minute) * 60 + rows[i].second) * 1000;
		snprintf(hex, sizeof(hex), "04" FROM "0000%s02E834", rows[i].hex);
		CHECK_MSG(decode_hex(hex) == 0, "%s refused: %s", rows[i].hex, why);
		CHECK_MSG(t.scts_ms == want && t.scts_tz_min == rows[i].tz_min, "%s is %lld ms, %d min",
		    rows[i].hex, (long long)t.scts_ms, t.scts_tz_min);
		CHECK_STR(t.text, "hi");
	}
}

/* ---- data coding scheme ---- */

TEST(coding_groups)
{
	static const struct {
		uint8_t	first, last;
		enum tpdu_coding coding;
		bool	compressed;
		int	message_class;	/* -2: the low two bits */
	} rows[] = {
		{ 0x00, 0x03, CODING_GSM7, false, -1 }, { 0x04, 0x07, CODING_8BIT, false, -1 },
		{ 0x08, 0x0B, CODING_UCS2, false, -1 }, { 0x0C, 0x0F, CODING_RESERVED, false, -1 },
		{ 0x10, 0x13, CODING_GSM7, false, -2 }, { 0x14, 0x17, CODING_8BIT, false, -2 },
		{ 0x18, 0x1B, CODING_UCS2, false, -2 }, { 0x1C, 0x1F, CODING_RESERVED, false, -2 },
		{ 0x20, 0x23, CODING_GSM7, true, -1 }, { 0x24, 0x27, CODING_8BIT, true, -1 },
		{ 0x28, 0x2B, CODING_UCS2, true, -1 }, { 0x2C, 0x2F, CODING_RESERVED, true, -1 },
		{ 0x30, 0x33, CODING_GSM7, true, -2 }, { 0x34, 0x37, CODING_8BIT, true, -2 },
		{ 0x38, 0x3B, CODING_UCS2, true, -2 }, { 0x3C, 0x3F, CODING_RESERVED, true, -2 },
		/* marked for automatic deletion: the same again */
		{ 0x40, 0x43, CODING_GSM7, false, -1 }, { 0x44, 0x47, CODING_8BIT, false, -1 },
		{ 0x48, 0x4B, CODING_UCS2, false, -1 }, { 0x4C, 0x4F, CODING_RESERVED, false, -1 },
		{ 0x50, 0x53, CODING_GSM7, false, -2 }, { 0x54, 0x57, CODING_8BIT, false, -2 },
		{ 0x58, 0x5B, CODING_UCS2, false, -2 }, { 0x5C, 0x5F, CODING_RESERVED, false, -2 },
		{ 0x60, 0x63, CODING_GSM7, true, -1 }, { 0x64, 0x67, CODING_8BIT, true, -1 },
		{ 0x68, 0x6B, CODING_UCS2, true, -1 }, { 0x6C, 0x6F, CODING_RESERVED, true, -1 },
		{ 0x70, 0x73, CODING_GSM7, true, -2 }, { 0x74, 0x77, CODING_8BIT, true, -2 },
		{ 0x78, 0x7B, CODING_UCS2, true, -2 }, { 0x7C, 0x7F, CODING_RESERVED, true, -2 },
		{ 0x80, 0xBF, CODING_RESERVED, false, -1 },
		{ 0xC0, 0xDF, CODING_GSM7, false, -1 },	/* message waiting */
		{ 0xE0, 0xEF, CODING_UCS2, false, -1 },
		{ 0xF0, 0xF3, CODING_GSM7, false, -2 }, { 0xF4, 0xF7, CODING_8BIT, false, -2 },
		{ 0xF8, 0xFB, CODING_GSM7, false, -2 }, { 0xFC, 0xFF, CODING_8BIT, false, -2 },
	};
	unsigned seen = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned dcs = rows[i].first; dcs <= rows[i].last; dcs++, seen++) {
			int class = rows[i].message_class == -2 ? (int)(dcs & 3) : rows[i].message_class;
			char hex[128];

			snprintf(hex, sizeof(hex), "04" FROM "00%02X" TIME "0200410042", dcs);
			CHECK_MSG(decode_hex(hex) == 0, "DCS 0x%02X refused: %s", dcs, why);
			CHECK_MSG(t.coding == rows[i].coding && t.compressed == rows[i].compressed && t.message_class == class,
			    "DCS 0x%02X: coding %d, compressed %d, class %d", dcs, (int)t.coding, t.compressed, t.message_class);
		}
	CHECK_INT(seen, 256);
}

TEST(reserved_codings_are_read_as_the_default_alphabet)
{
	DECODES(DELIVER("0C", "02E834"));
	CHECK_STR(t.text, "hi");
	DECODES(DELIVER("A5", "02E834"));
	CHECK_STR(t.text, "hi");
	CHECK_INT(t.coding, CODING_RESERVED);
}

TEST(octets_are_no_text)
{
	DECODES(DELIVER("04", "0548656C6C6F"));
	CHECK_STR(t.text, "");
	CHECK_INT(t.data_len, 5);
	CHECK(memcmp(t.data, "Hello", 5) == 0);
	DECODES(DELIVER("20", "03C8329B"));	/* compressed: TP-UDL counts octets */
	CHECK_STR(t.text, "");
	CHECK_INT(t.data_len, 3);
	CHECK(t.compressed && !t.damaged);
}

/* ---- user data header ---- */

TEST(concatenation)
{
	DECODES(HEADED("00", "0C0500032A0301966972980D"));
	CHECK(t.has_udh && t.concat.present && !t.concat.wide && !t.damaged);
	CHECK_INT(t.concat.ref, 0x2A);
	CHECK_INT(t.concat.total, 3);
	CHECK_INT(t.concat.seq, 1);
	CHECK_STR(t.text, "Kidal");
	CHECK_INT(t.data_len, 5);
	DECODES(HEADED("00", "0D06080412340302CB3439CC06"));
	CHECK(t.concat.present && t.concat.wide);
	CHECK_INT(t.concat.ref, 0x1234);
	CHECK_INT(t.concat.total, 3);
	CHECK_INT(t.concat.seq, 2);
	CHECK_STR(t.text, "Kidal");
	DECODES(HEADED("08", "0A0500032A02020041007A"));
	CHECK(t.concat.present);
	CHECK_STR(t.text, "Az");
}

TEST(senseless_concatenation_is_ignored)
{
	static const char *const headers[] = {
		"0500032A0300",	/* part 0 */
		"0500032A0304",	/* part 4 of 3 */
		"0500032A0000",
		"0500042A0301",	/* another length, running over the end */
		"0508032A0301",	/* 16 bits in three octets */
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char hex[128];

		snprintf(hex, sizeof(hex), "44" FROM "0004" TIME "08%s4142", headers[i]);
		CHECK_MSG(decode_hex(hex) == 0, "%s refused: %s", headers[i], why);
		CHECK_MSG(!t.concat.present && t.concat.total == 0, "%s taken for a part", headers[i]);
		CHECK_INT(t.has_udh, true);
		CHECK_INT(t.data_len, 2);
	}
}

TEST(of_two_elements_the_last_counts)
{
	DECODES(HEADED("04", "0C" "0A" "0003010201" "0003020303" "41"));
	CHECK_INT(t.concat.ref, 2);
	CHECK_INT(t.concat.total, 3);
	/* … unless it is senseless. */
	DECODES(HEADED("04", "0C" "0A" "0003010201" "0003020304" "41"));
	CHECK_INT(t.concat.ref, 1);
}

TEST(ports)
{
	DECODES(HEADED("04", "09" "0605040B8423F0" "4142"));
	CHECK(t.has_udh && t.has_ports);
	CHECK_INT(t.dest_port, 2948);	/* a WAP push */
	CHECK_INT(t.data_len, 2);
	DECODES(HEADED("04", "07" "040402F0F1" "4142"));
	CHECK(t.has_ports);
	CHECK_INT(t.dest_port, 240);
	DECODES(HEADED("04", "06" "0305010B" "4142"));	/* one octet of four: no ports */
	CHECK(t.has_udh && !t.has_ports);
}

TEST(unknown_elements_are_skipped)
{
	DECODES(HEADED("04", "0F" "0C" "7003AABBCC" "0003070201" "A000" "4142"));
	CHECK(t.has_udh && t.concat.present);
	CHECK_INT(t.concat.ref, 7);
	CHECK_INT(t.data_len, 2);
}

TEST(national_shifts)
{
	DECODES(HEADED("00", "10062401062501062F21F37BCA6E38"));
	CHECK_STR(t.text, "नमस्ते०");
	CHECK_INT(t.shift_locking, 6);
	CHECK_INT(t.shift_single, 6);
	/* Languages of the future are ignored. */
	DECODES(HEADED("00", "0A0624010E2501FFE834"));
	CHECK_STR(t.text, "hi");
	CHECK(t.has_udh && t.shift_locking == 0 && t.shift_single == 0);
}

TEST(elements_of_another_length_are_skipped)
{
	DECODES(HEADED("04", "09" "0600042A030100" "4142"));
	CHECK(t.has_udh && !t.damaged && !t.concat.present);
	DECODES(HEADED("00", "09" "052403060000" "D069"));
	CHECK_INT(t.shift_single, 0);
}

/* Text behind a header of any length begins at a septet boundary. */
TEST(fill_bits)
{
	for (uint8_t udhl = 0; udhl <= 120; udhl++) {
		uint8_t p[TPDU_MAX], head[TPDU_MAX + 64];
		size_t n = octets("44" FROM "0000" TIME, head), header = udhl + 1u, before = (header * 8 + 6) / 7;
		unsigned fill = (unsigned)(before * 7 - header * 8);

		if (udhl == 1)
			continue;	/* half an element */
		memcpy(p, head, n);
		p[n++] = (uint8_t)(before + 5);
		p[n++] = udhl;
		if (udhl >= 2) {
			p[n] = 0x7A;
			p[n + 1] = (uint8_t)(udhl - 2);
			memset(p + n + 2, 0xFF, udhl - 2u);
			n += udhl;
		}
		n += gsm7_pack((const uint8_t *)"Kidal", 5, fill, p + n, sizeof(p) - n);
		CHECK_MSG(decode(p, n) == 0 && strcmp(t.text, "Kidal") == 0 && t.has_udh && !t.damaged,
		    "behind %zu octets: \"%s\"", header, t.text);
	}
}

/* ---- UCS-2 ---- */

TEST(utf16)
{
	DECODES(DELIVER("08", "220647062C0648064500200641064A0020062A064506280643062A06480020D83DDE00"));
	CHECK_STR(t.text, "هجوم في تمبكتو 😀");
	DECODES(DELIVER("08", "060041D83D0042"));
	CHECK_STR(t.text, "A\xEF\xBF\xBD" "B");
	DECODES(DELIVER("08", "04D83D" "D83D"));
	CHECK_STR(t.text, "\xEF\xBF\xBD\xEF\xBF\xBD");
	DECODES(DELIVER("08", "04DE000041"));
	CHECK_STR(t.text, "\xEF\xBF\xBD" "A");
	DECODES(DELIVER("08", "060041" "0000" "0042"));
	CHECK_STR(t.text, "AB");
	DECODES(DELIVER("08", "0300410042"));	/* an odd length: the half unit is dropped */
	CHECK_STR(t.text, "A");
	CHECK_INT(t.data_len, 3);
	DECODES(DELIVER("08", "00"));
	CHECK_STR(t.text, "");
}

/* ---- lengths that lie ---- */

TEST(cut_user_data_is_read_as_far_as_it_goes)
{
	DECODES(DELIVER("00", "0AE8329BFD46"));
	CHECK(t.damaged);
	CHECK_STR(t.text, "hello");
	CHECK_INT(t.data_len, 5);
	DECODES(DELIVER("08", "0A00410042"));
	CHECK(t.damaged);
	CHECK_STR(t.text, "AB");
	DECODES(DELIVER("00", "0A"));
	CHECK(t.damaged);
	CHECK_STR(t.text, "");
}

TEST(too_much_user_data_is_no_damage)
{
	DECODES(DELIVER("00", "02E834FFFFFFFF"));
	CHECK(!t.damaged);
	CHECK_STR(t.text, "hi");
	CHECK_INT(t.data_len, 2);
}

/* TP-UDL of 255 septets, with as many octets as a TPDU may have. */
TEST(udl_255)
{
	static const char *const codings[] = { "00", "08", "04", "20", "A0" };

	for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++) {
		char hex[2 * TPDU_MAX + 1];
		size_t at;

		snprintf(hex, sizeof(hex), "04" FROM "00%s" TIME "FF", codings[i]);
		for (at = strlen(hex); at + 2 < sizeof(hex); at += 2)
			memcpy(hex + at, "41", 3);
		CHECK_INT(strlen(hex), 2 * TPDU_MAX);
		CHECK_INT(decode_hex(hex), 0);
		CHECK(t.damaged);
		CHECK_INT(t.data_len, 140);
	}
}

TEST(header_longer_than_the_user_data_is_none)
{
	DECODES(HEADED("00", "08FF329BFD4697D9"));
	CHECK(!t.has_udh && t.damaged);
	CHECK_INT(t.data_len, 7);
	CHECK(t.text[0] != '\0');
	/* The bit set by mistake on plain text: all of it is there. */
	DECODES(HEADED("00", "0AE8329BFD4697D9EC37"));
	CHECK_STR(t.text, "hellohello");
	CHECK(!t.has_udh && t.damaged);
	DECODES(HEADED("08", "040641" "0042"));
	CHECK(!t.has_udh && t.damaged);
	CHECK_INT(t.data_len, 4);
	DECODES(HEADED("00", "00"));
	CHECK(!t.has_udh && t.damaged);
	/* Six octets of header need seven septets. */
	DECODES(HEADED("00", "060500032A0301"));
	CHECK(!t.has_udh && t.damaged);
	DECODES(HEADED("00", "070500032A030100"));
	CHECK(t.has_udh && !t.damaged);
	CHECK_STR(t.text, "");
}

TEST(cut_header_leaves_no_text)
{
	DECODES(HEADED("00", "0C050003"));
	CHECK(!t.has_udh && t.damaged && !t.concat.present);
	CHECK_STR(t.text, "");
	CHECK_INT(t.data_len, 0);
}

TEST(broken_element_spoils_the_header_not_the_text)
{
	/* A good part number, then an element that claims nine octets of two. */
	DECODES(HEADED("04", "0C" "09" "0003050201" "7009AABB" "4142"));
	CHECK(t.has_udh && t.damaged && !t.concat.present);
	CHECK_INT(t.data_len, 2);
	CHECK(memcmp(t.data, "AB", 2) == 0);
	DECODES(HEADED("00", "09" "05240106" "7009" "D069"));
	CHECK(t.has_udh && t.damaged);
	CHECK_INT(t.shift_single, 0);
	CHECK_STR(t.text, "hi");
	/* One octet is no element. */
	DECODES(HEADED("04", "040124" "4142"));
	CHECK(t.has_udh && t.damaged);
	CHECK_INT(t.data_len, 2);
}

TEST(what_is_refused)
{
	uint8_t p[TPDU_MAX + 64];

	REFUSED("", "TPDU is empty");
	REFUSED("11000B912273060000F10000AA02E834", "TP-MTI 1: an SMS of our own, not one that came in");
	REFUSED("07" FROM "0000" TIME "02E834", "TP-MTI 3 is reserved");
	REFUSED("04" FROM "00", "TPDU ends before TP-DCS");
	REFUSED("04" FROM "0000" "6211", "TPDU ends inside a time stamp");
	REFUSED("04" FROM "0000" TIME, "TPDU ends before TP-UDL");
	octets(DELIVER("00", "02E834"), p);
	CHECK_INT(decode(p, TPDU_MAX), 0);
	CHECK_INT(decode(p, TPDU_MAX + 1), -1);
	CHECK_STR(why, "TPDU is longer than any SMS");
}

TEST(a_refused_tpdu_leaves_nothing)
{
	static const struct tpdu nothing;

	memset(&t, 0xEE, sizeof(t));
	CHECK_INT(decode_hex("04" FROM "0000" TIME), -1);
	CHECK(memcmp(&t, &nothing, sizeof(t)) == 0);
}

TEST(more_messages_to_send)
{
	DECODES("00" FROM "0000" TIME "02E834");
	CHECK(t.more);
	DECODES("04" FROM "0000" TIME "02E834");
	CHECK(!t.more);
}

/* ---- identity ---- */

TEST(identity_forgets_what_a_redelivery_may_change)
{
	static const uint8_t first[] = { 0x04, 1, 2, 3 }, again[] = { 0x08, 1, 2, 3 }, other[] = { 0x44, 1, 2, 3 };
	uint8_t a[8], b[8];

	CHECK_INT(tpdu_identity(first, 4, a, sizeof(a)), 4);
	CHECK_INT(tpdu_identity(again, 4, b, sizeof(b)), 4);
	CHECK(memcmp(a, b, 4) == 0);
	CHECK(a[0] == 0 && a[1] == 1 && a[3] == 3);
	CHECK_INT(tpdu_identity(other, 4, b, sizeof(b)), 4);
	CHECK(memcmp(a, b, 4) != 0);
	CHECK_INT(tpdu_identity((const uint8_t[]){ 0xFF }, 1, a, 1), 1);
	CHECK_INT(a[0], 0xE3);
	b[2] = 0xEE;
	CHECK_INT(tpdu_identity(first, 4, b, 2), 2);
	CHECK_INT(b[2], 0xEE);
	CHECK_INT(tpdu_identity(first, 0, b, 8), 0);
}

/* ---- any octets ---- */

static void
check_cuts(const char *hex)
{
	uint8_t p[TPDU_MAX + 64];
	size_t n = octets(hex, p);

	for (size_t cut = 0; cut < n; cut++) {
		memset(&t, 0xEE, sizeof(t));
		if (decode(p, cut) == 0)
			CHECK_MSG(t.damaged || t.kind == TPDU_STATUS_REPORT, "%zu of %zu octets of %s are whole", cut, n, hex);
	}
}

TEST(every_cut)
{
	check_cuts("040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
	check_cuts("06D60B911326880736F4111011719551401110117195714000");
	check_cuts(HEADED("00", "0D06080412340302CB3439CC06"));
	check_cuts(HEADED("00", "10062401062501062F21F37BCA6E38"));
	check_cuts(HEADED("04", "0F0C7003AABBCC0003070201A0004142"));
	check_cuts(DELIVER("08", "220647062C0648064500200641064A0020062A064506280643062A06480020D83DDE00"));
}

TEST(random_octets)
{
	for (int round = 0; round < 200000 && test_failures == 0; round++) {
		uint8_t p[TPDU_MAX + 8];
		size_t n = test_below(sizeof(p));

		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)test_random();
		decode(p, n);
	}
}

/* Valid as far as TP-DCS, so that what follows is reached. */
TEST(random_user_data)
{
	uint8_t p[TPDU_MAX + 64];
	size_t head = octets("44" FROM "00", p);
	unsigned decoded = 0;

	for (int round = 0; round < 200000 && test_failures == 0; round++) {
		size_t n = head + test_below(180);

		for (size_t i = head; i < n; i++)
			p[i] = (uint8_t)test_random();
		if (n > head + 10 && test_below(2) == 0)
			p[head + 9] = (uint8_t)test_below(20);
		decoded += decode(p, n) == 0;
	}
	CHECK(decoded > 100000);
}

TEST_MAIN(
	TEST_ROW(real_delivers),
	TEST_ROW(real_report),
	TEST_ROW(report_fields),
	TEST_ROW(french_and_brackets),
	TEST_ROW(addresses),
	TEST_ROW(bad_addresses),
	TEST_ROW(time_stamps),
	TEST_ROW(coding_groups),
	TEST_ROW(reserved_codings_are_read_as_the_default_alphabet),
	TEST_ROW(octets_are_no_text),
	TEST_ROW(concatenation),
	TEST_ROW(senseless_concatenation_is_ignored),
	TEST_ROW(of_two_elements_the_last_counts),
	TEST_ROW(ports),
	TEST_ROW(unknown_elements_are_skipped),
	TEST_ROW(national_shifts),
	TEST_ROW(elements_of_another_length_are_skipped),
	TEST_ROW(fill_bits),
	TEST_ROW(utf16),
	TEST_ROW(cut_user_data_is_read_as_far_as_it_goes),
	TEST_ROW(too_much_user_data_is_no_damage),
	TEST_ROW(udl_255),
	TEST_ROW(header_longer_than_the_user_data_is_none),
	TEST_ROW(cut_header_leaves_no_text),
	TEST_ROW(broken_element_spoils_the_header_not_the_text),
	TEST_ROW(what_is_refused),
	TEST_ROW(a_refused_tpdu_leaves_nothing),
	TEST_ROW(more_messages_to_send),
	TEST_ROW(identity_forgets_what_a_redelivery_may_change),
	TEST_ROW(every_cut),
	TEST_ROW(random_octets),
	TEST_ROW(random_user_data),
)
