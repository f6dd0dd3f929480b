/* Tests of wire/field and wire/frame: bytes on the wire, and reading that stops at the end. */
#include "unit/test.h"

#include "wire/field.h"
#include "wire/frame.h"

TEST(bytes_on_the_wire)
{
	static const uint8_t want[] = { 0x12, 0x34, 0xAB, 0x01, 0x02, 0xDE, 0xAD, 0xBE, 0xEF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0xFF, 0xFF, 0xFE, 0x00, 0x02, 'h', 'i', 0x00, 0x00 };
	uint8_t mem[64];
	struct field_out out;

	frame_begin(&out, mem, sizeof(mem), 0x1234);
	field_put_u8(&out, 0xAB);
	field_put_u16(&out, 0x0102);
	field_put_u32(&out, 0xDEADBEEF);
	field_put_i64(&out, -2);
	field_put_str(&out, "hi");
	field_put_bytes(&out, NULL, 0);
	CHECK(!out.overflow);
	CHECK_INT(out.len, sizeof(want));
	CHECK(memcmp(mem, want, sizeof(want)) == 0);
}

TEST(overflow_sticks_and_writes_nothing)
{
	uint8_t mem[8] = { 0 };
	struct field_out out = { .p = mem, .cap = 4 };

	field_put_u16(&out, 1);
	field_put_u32(&out, 0xFFFFFFFF);
	CHECK(out.overflow);
	CHECK_INT(out.len, 2);
	field_put_u8(&out, 7);
	CHECK_INT(out.len, 2);
	CHECK(mem[2] == 0 && mem[4] == 0);
}

TEST(a_field_of_more_than_64_kib_overflows)
{
	static uint8_t mem[70000], big[65536];
	struct field_out out = { .p = mem, .cap = sizeof(mem) };

	field_put_bytes(&out, big, sizeof(big));
	CHECK(out.overflow);
	CHECK_INT(out.len, 0);
	out = (struct field_out){ .p = mem, .cap = sizeof(mem) };
	field_put_bytes(&out, big, sizeof(big) - 1);
	CHECK(!out.overflow);
	CHECK_INT(out.len, 65537);
}

TEST(strings_with_nul_or_too_long_are_bad)
{
	static const uint8_t with_nul[] = { 0, 3, 'a', 0, 'b' }, fits[] = { 0, 3, 'a', 'b', 'c' };
	struct field_in in = { .p = with_nul, .end = with_nul + 5 };
	char s[4] = "zzz";

	field_get_str(&in, s, sizeof(s));
	CHECK(in.bad);
	CHECK_STR(s, "");
	in = (struct field_in){ .p = fits, .end = fits + 5 };
	field_get_str(&in, s, 4);
	CHECK_STR(s, "abc");
	CHECK(field_end(&in));
	in = (struct field_in){ .p = fits, .end = fits + 5 };
	field_get_str(&in, s, 3);
	CHECK(in.bad);
	CHECK_STR(s, "");
}

TEST(after_the_end_come_zeros)
{
	static const uint8_t bytes[] = { 0xFF, 0xFF, 0xFF };
	struct field_in in = { .p = bytes, .end = bytes + 3 };
	char s[8] = "zzz";
	size_t n = 9;

	CHECK_INT(field_get_u32(&in), 0);
	CHECK(in.bad);
	CHECK_INT(field_get_u8(&in), 0);
	CHECK_INT(field_get_u16(&in), 0);
	CHECK_INT(field_get_i64(&in), 0);
	CHECK_INT(field_get_bytes(&in, s, sizeof(s)), 0);
	field_get_str(&in, s, sizeof(s));
	CHECK_STR(s, "");
	CHECK(field_get_view(&in, &n) != NULL && n == 0);
	CHECK(!field_end(&in));
}

TEST(the_end_is_exact)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	struct field_in in = { .p = bytes, .end = bytes + 3 };

	(void)field_get_u16(&in);
	CHECK(!field_end(&in));
	(void)field_get_u8(&in);
	CHECK(field_end(&in));
	(void)field_get_u8(&in);
	CHECK(!field_end(&in));
}

TEST(frames_have_a_type_and_a_ceiling)
{
	static uint8_t mem[FRAME_MAX + 10];
	struct field_out out;
	struct field_in in;
	uint16_t type = 9;

	frame_begin(&out, mem, sizeof(mem), 515);
	CHECK_INT(out.cap, FRAME_MAX);
	CHECK_INT(frame_open(&in, mem, out.len, &type), 0);
	CHECK_INT(type, 515);
	CHECK(field_end(&in));
	CHECK_INT(frame_open(&in, mem, 1, &type), -1);
	CHECK_INT(frame_open(&in, mem, 0, &type), -1);
	CHECK_INT(frame_open(&in, mem, FRAME_MAX, &type), 0);
	CHECK_INT(frame_open(&in, mem, FRAME_MAX + 1, &type), -1);
}

enum op { U8, U16, U32, I64, BYTES, OPS };

/* Any sequence of fields comes back as it was put, and any cut of it does not. */
TEST(random_sequences_round_trip)
{
	for (int round = 0; round < 20000; round++) {
		uint8_t mem[2000], got[100], payload[100];
		enum op ops[12];
		uint64_t seed[12];
		size_t n = 1 + test_below(12), cut;
		struct field_out out = { .p = mem, .cap = sizeof(mem) };
		struct field_in in;

		for (size_t i = 0; i < n; i++) {
			ops[i] = (enum op)test_below(OPS);
			seed[i] = test_random();
			memset(payload, (int)(seed[i] & 0xFF), sizeof(payload));
			switch (ops[i]) {
			case U8: field_put_u8(&out, (uint8_t)seed[i]); break;
			case U16: field_put_u16(&out, (uint16_t)seed[i]); break;
			case U32: field_put_u32(&out, (uint32_t)seed[i]); break;
			case I64: field_put_i64(&out, (int64_t)seed[i]); break;
			default: field_put_bytes(&out, payload, seed[i] % 100); break;
			}
		}
		CHECK(!out.overflow);
		cut = test_below((uint32_t)out.len);
		for (int pass = 0; pass < 2; pass++) {
			bool same = true;

			in = (struct field_in){ .p = mem, .end = mem + (pass == 0 ? out.len : cut) };
			for (size_t i = 0; i < n; i++) {
				memset(payload, (int)(seed[i] & 0xFF), sizeof(payload));
				switch (ops[i]) {
				case U8: same &= field_get_u8(&in) == (uint8_t)seed[i]; break;
				case U16: same &= field_get_u16(&in) == (uint16_t)seed[i]; break;
				case U32: same &= field_get_u32(&in) == (uint32_t)seed[i]; break;
				case I64: same &= field_get_i64(&in) == (int64_t)seed[i]; break;
				default:
					same &= field_get_bytes(&in, got, sizeof(got)) == seed[i] % 100 &&
					    memcmp(got, payload, seed[i] % 100) == 0;
				}
			}
			CHECK(field_end(&in) == (pass == 0));
			CHECK(pass == 1 || same);
		}
	}
}

TEST_MAIN(TEST_ROW(bytes_on_the_wire), TEST_ROW(overflow_sticks_and_writes_nothing),
    TEST_ROW(a_field_of_more_than_64_kib_overflows), TEST_ROW(strings_with_nul_or_too_long_are_bad),
    TEST_ROW(after_the_end_come_zeros), TEST_ROW(the_end_is_exact), TEST_ROW(frames_have_a_type_and_a_ceiling),
    TEST_ROW(random_sequences_round_trip))
