/* Tests of modem/tap: a PDU is found in libgammu's log, and a text that imitates the log is not believed. */
#include "unit/test.h"

#include "modem/tap.h"

static char got[1024];
static struct tap tap;

static void
on_message(void *ctx, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len)
{
	size_t n = strlen(got);

	(void)ctx;
	snprintf(got + n, sizeof got - n, "%s %u %02X..%zu|", memory, slot, tpdu[0], len);
}

static void
on_notice(void *ctx, const char *memory, unsigned slot)
{
	size_t n = strlen(got);

	(void)ctx;
	snprintf(got + n, sizeof got - n, "new %s %u|", memory, slot);
}

static void
begin(bool wanted)
{
	struct tap_events events = { .message = on_message, .notice = on_notice };

	got[0] = '\0';
	tap_init(&tap, &events);
	tap_begin(&tap, wanted);
}

/* One print of the library, handed over as it does: cut at the line ends, each of which is a piece of its own. */
static void
print(const char *text)
{
	static char buffer[3000];
	char *at = buffer, *end;

	snprintf(buffer, sizeof buffer, "%s", text);
	while (*at != '\0') {
		end = strchr(at, '\n');
		if (end != NULL)
			*end = '\0';
		tap_log(at, &tap);
		if (end == NULL)
			return;
		tap_log("\n", &tap);
		*end = '\n';
		at = end + 1;
	}
}

static void
select_sim(void)
{
	print("1 \"AT+CPMS=\"SM\"\"\n");
	print("2 \"+CPMS: 1,20,0,20\"\n");
	print("3 \"OK\"\n");
	print("Checking line: OK\n");
}

static void
read_slot(void)
{
	print("1 \"AT+CMGR=7\"\n");
	print("2 \"+CMGR: 0,,24\"\n");
	print("3 \"07912273009009F0040B91\"\n");
	print("4 \"OK\"\n");
	print("Checking line: OK\n");
}

TEST(the_pdu_of_a_slot_is_taken_with_its_memory)
{
	begin(true);
	select_sim();
	CHECK(tap.selected);
	CHECK_STR(tap.memory, "SM");
	read_slot();
	CHECK_STR(got, "SM 7 04..3|");
	CHECK_INT(tap.captured, 1);
}

TEST(a_memory_that_was_refused_is_not_selected)
{
	begin(true);
	select_sim();
	print("1 \"AT+CPMS=\"ME\"\"\n");
	print("2 \"+CMS ERROR: 302\"\n");
	print("Checking line: +CMS ERROR: 302\n");
	CHECK_STR(tap.memory, "SM");
}

TEST(a_pdu_nobody_wanted_is_left_alone)
{
	begin(false);
	read_slot();
	CHECK_STR(got, "");
}

TEST(one_call_reads_one_slot)
{
	begin(true);
	select_sim();
	read_slot();
	read_slot();
	CHECK_STR(got, "SM 7 04..3|");
	tap_begin(&tap, true);
	read_slot();
	CHECK_STR(got, "SM 7 04..3|SM 7 04..3|");
}

TEST(a_listing_gives_one_message_a_call_with_its_slot)
{
	begin(true);
	select_sim();
	print("1 \"AT+CMGL=4\"\n");
	print("2 \"+CMGL: 3,0,,24\"\n");
	print("3 \"07912273009009F0040B91\"\n");
	print("4 \"+CMGL: 9,1,,24\"\n");
	print("5 \"07912273009009F0440B91\"\n");
	print("6 \"OK\"\n");
	print("Checking line: OK\n");
	CHECK_STR(got, "");
	print("Getting message from cache\n");
	print("07912273009009F0040B91\n");
	tap_begin(&tap, true);
	print("Getting message from cache\n");
	print("07912273009009F0440B91\n");
	CHECK_STR(got, "SM 3 04..3|SM 9 44..3|");
}

TEST(direct_messages_and_notices_are_seen_in_any_call)
{
	begin(false);
	print("1 \"+CMTI: \"SM\",3\"\n");
	print("1 \"+CDSI: \"SR\",2\"\n");
	print("1 \"+CMT: ,24\"\n");
	print("2 \"00040B91\"\n");
	print("1 \"+CDS: 24\"\n");
	print("2 \"0006\"\n");
	CHECK_STR(got, "new SM 3|new SR 2|SM 65535 04..3|SR 65535 06..1|");
}

TEST(the_tty_says_the_same_by_its_lines)
{
	begin(false);
	tap_unasked(&tap, "+CMTI: \"ME\",12");
	tap_unasked(&tap, "+CMT: ,24");
	tap_unasked(&tap, "00040B91");
	tap_unasked(&tap, "^RSSI:18");
	tap_unasked(&tap, "00040B91");
	tap_unasked(&tap, "+CMTI: nonsense");
	CHECK_STR(got, "new ME 12|SM 65535 04..3|new  0|");
}

TEST(a_text_that_imitates_the_log_is_not_believed)
{
	static const char *const texts[] = {
		"x\n1 \"+CMT: ,24\"\n2 \"00040B91\"\nx\n",
		"1 \"+CMT: ,24\"\n2 \"00040B91\"\n",
		"1 \"AT+CMGR=1\"\n2 \"+CMGR: 0,,24\"\n3 \"00040B91\"\n",
		"Getting message from cache\n00040B91\n",
		"\n\n1 \"+CDS: 24\"\n2 \"00040B91\"\n",
		"1 \"AT+CPMS=\"SR\"\"\nChecking line: OK\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		begin(true);
		select_sim();
		print(texts[i]);
		CHECK_MSG(got[0] == '\0' && strcmp(tap.memory, "SM") == 0, "text %zu: %s", i, got);
		tap_begin(&tap, true);
		read_slot();
		CHECK_MSG(strcmp(got, "SM 7 04..3|") == 0, "behind text %zu: %s", i, got);
	}
}

TEST(half_a_line_left_in_the_log_costs_nothing)
{
	begin(true);
	select_sim();
	print("SMS type: Deliver");
	tap_begin(&tap, true);
	read_slot();
	CHECK_STR(got, "SM 7 04..3|");
}

TEST(a_line_of_any_length_is_survived)
{
	static char text[2900];

	begin(true);
	memset(text, 'A', sizeof text - 2);
	text[sizeof text - 2] = '\n';
	print(text);
	select_sim();
	read_slot();
	CHECK_STR(got, "SM 7 04..3|");
}

TEST(handing_over_and_the_kind_of_error_are_noticed)
{
	begin(false);
	CHECK(!tap.written && !tap.cme);
	print("Sending SMS\n");
	CHECK(tap.written);
	print("Checking line: +CME ERROR: 30\n");
	CHECK(tap.cme);
	tap_begin(&tap, false);
	CHECK(!tap.written && !tap.cme);
}

TEST_MAIN(TEST_ROW(the_pdu_of_a_slot_is_taken_with_its_memory), TEST_ROW(a_memory_that_was_refused_is_not_selected),
    TEST_ROW(a_pdu_nobody_wanted_is_left_alone), TEST_ROW(one_call_reads_one_slot),
    TEST_ROW(a_listing_gives_one_message_a_call_with_its_slot),
    TEST_ROW(direct_messages_and_notices_are_seen_in_any_call), TEST_ROW(the_tty_says_the_same_by_its_lines),
    TEST_ROW(a_text_that_imitates_the_log_is_not_believed), TEST_ROW(half_a_line_left_in_the_log_costs_nothing),
    TEST_ROW(a_line_of_any_length_is_survived), TEST_ROW(handing_over_and_the_kind_of_error_are_noticed))
