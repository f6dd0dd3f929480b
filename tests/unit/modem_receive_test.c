/* Tests of modem/receive: no message is offered twice in a minute, none is forgotten after it. */
#include "unit/test.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "modem/channel.h"
#include "modem/receive.h"

static struct receive *r;
static int core = -1;
static char heard[512];

static const uint8_t first[] = { 4, 11, 0x91 }, second[] = { 4, 11, 0x92 };

static void
begin(void)
{
	int pair[2], theirs;

	if (core != -1)
		close(core);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == -1)
		exit(2);
	/* Out of the way first: one of the two may be the very descriptor that the channel has. */
	core = fcntl(pair[0], F_DUPFD, 10);
	theirs = fcntl(pair[1], F_DUPFD, 10);
	close(pair[0]);
	close(pair[1]);
	if (core == -1 || theirs == -1 || dup2(theirs, CHANNEL_FD) == -1)
		exit(2);
	close(theirs);
	receive_free(r);
	r = receive_new();
}

/* What the core heard since it was asked last: "RX 1 s5|READ 1|". */
static const char *
hear(void)
{
	static uint8_t mem[MODEM_MSG_MAX];
	static struct modem_msg m;
	const char *why;
	ssize_t n;

	heard[0] = '\0';
	while ((n = recv(core, mem, sizeof mem, MSG_DONTWAIT)) > 0) {
		size_t at = strlen(heard);

		if (modem_msg_decode(&m, mem, (size_t)n, &why) == -1)
			exit(2);
		if (m.type == MODEM_RX)
			snprintf(heard + at, sizeof heard - at, "RX %u s%u|", m.u.rx.handle, m.u.rx.slot);
		else if (m.type == MODEM_FREED)
			snprintf(heard + at, sizeof heard - at, "FREED %u %u|", m.u.freed.handle, m.u.freed.deleted);
		else
			snprintf(heard + at, sizeof heard - at, "READ %u|", m.u.handle.handle);
	}
	return heard;
}

TEST(a_message_read_again_is_not_offered_again)
{
	begin();
	receive_message(r, "SM", 5, first, sizeof first);
	receive_message(r, "SM", 5, first, sizeof first);
	CHECK_STR(hear(), "RX 1 s5|");
	receive_message(r, "ME", 5, first, sizeof first);
	CHECK_STR(hear(), "RX 2 s5|");
	CHECK_INT(receive_held(r), 2);
}

TEST(another_message_in_the_slot_frees_the_first)
{
	begin();
	receive_message(r, "SM", 5, first, sizeof first);
	receive_message(r, "SM", 5, second, sizeof second);
	CHECK_STR(hear(), "RX 1 s5|FREED 1 1|RX 2 s5|");
	CHECK_INT(receive_held(r), 1);
}

TEST(what_is_not_answered_for_a_minute_is_offered_under_a_new_handle)
{
	begin();
	receive_message(r, "SM", 5, first, sizeof first);
	hear();
	CHECK_INT(receive_wait_ms(r, 0), RECEIVE_OFFER_MS);
	CHECK_INT(receive_turn(r, NULL, RECEIVE_OFFER_MS - 1), 0);
	CHECK_STR(hear(), "");
	CHECK_INT(receive_wait_ms(r, RECEIVE_OFFER_MS), 0);
	CHECK_INT(receive_turn(r, NULL, RECEIVE_OFFER_MS), 0);
	CHECK_STR(hear(), "RX 2 s5|READ 2|");
	receive_stored(r, 1);
	CHECK(!receive_busy(r));
	receive_stored(r, 2);
	CHECK(receive_busy(r));
	CHECK_INT(receive_wait_ms(r, RECEIVE_OFFER_MS), -1);
}

TEST(what_lies_nowhere_is_kept_until_it_is_stored)
{
	begin();
	receive_message(r, "SM", TAP_NOWHERE, first, sizeof first);
	receive_message(r, "SM", TAP_NOWHERE, first, sizeof first);
	CHECK_STR(hear(), "RX 1 s65535|READ 1|RX 2 s65535|READ 2|");
	receive_stored(r, 1);
	CHECK_STR(hear(), "FREED 1 1|");
	CHECK_INT(receive_held(r), 1);
	CHECK(!receive_busy(r));
}

TEST(when_all_places_are_taken_the_sim_keeps_the_rest)
{
	begin();
	for (unsigned i = 0; i < RECEIVE_HELD_MAX; i++) {
		receive_message(r, "SM", i, first, sizeof first);
		hear();
	}
	CHECK_INT(receive_held(r), RECEIVE_HELD_MAX);
	receive_message(r, "SM", RECEIVE_HELD_MAX, first, sizeof first);
	CHECK_STR(hear(), "");
	receive_notice(r, "SM", 7);
	CHECK(!receive_busy(r));
	receive_stored(r, 1);
	CHECK(receive_busy(r));
}

TEST(poison_is_never_offered)
{
	struct modem_msg m = { .type = CORE_POISON };

	begin();
	m.u.rx.memory = MEMORY_SIM;
	m.u.rx.slot = 5;
	m.u.rx.len = sizeof first;
	memcpy(m.u.rx.tpdu, first, sizeof first);
	receive_poison(r, &m);
	CHECK(receive_poisoned(r) && receive_busy(r));
	receive_message(r, "SM", 5, first, sizeof first);
	CHECK_STR(hear(), "");
}

TEST_MAIN(TEST_ROW(a_message_read_again_is_not_offered_again), TEST_ROW(another_message_in_the_slot_frees_the_first),
    TEST_ROW(what_is_not_answered_for_a_minute_is_offered_under_a_new_handle),
    TEST_ROW(what_lies_nowhere_is_kept_until_it_is_stored), TEST_ROW(when_all_places_are_taken_the_sim_keeps_the_rest),
    TEST_ROW(poison_is_never_offered))
