/* Tests of modem/at: what is an answer, what nobody asked for, and what a PDU line is. */
#include "unit/test.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modem/at.h"

static char asked[512], unasked[512];

static void
note(char *to, const char *line)
{
	size_t n = strlen(to);

	snprintf(to + n, sizeof asked - n, "%s|", line);
}

static void
on_answer(void *ctx, const char *line)
{
	(void)ctx;
	note(asked, line);
}

static void
on_unasked(void *ctx, const char *line)
{
	(void)ctx;
	note(unasked, line);
}

/* A modem that answers the one command it gets with these bytes, in writes of "piece" bytes, and hangs up when asked to. */
static pid_t
modem(struct at *at, const char *answer, size_t piece, bool stays)
{
	int pair[2];
	pid_t pid;

	asked[0] = unasked[0] = '\0';
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		exit(2);
	pid = fork();
	if (pid == 0) {
		char c = 0;

		close(pair[0]);
		while (c != '\r' && read(pair[1], &c, 1) == 1)
			;
		for (size_t n = strlen(answer), i = 0; i < n; i += piece)
			if (write(pair[1], answer + i, n - i < piece ? n - i : piece) == -1)
				break;
		if (stays)
			while (read(pair[1], &c, 1) > 0)
				;
		_exit(0);
	}
	close(pair[1]);
	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) == -1)
		exit(2);
	at_init(at, pair[0], on_unasked, NULL);
	return pid;
}

static void
hang_up(struct at *at, pid_t pid)
{
	close(at->fd);
	waitpid(pid, NULL, 0);
}

static enum at_result
ask(const char *command, const char *answer, size_t piece, int *code)
{
	struct at at;
	pid_t pid = modem(&at, answer, piece, true);
	enum at_result result = at_command(&at, command, 2000, on_answer, NULL, code);

	hang_up(&at, pid);
	return result;
}

TEST(an_answer_is_what_stands_between_echo_and_result)
{
	int code = -1;

	CHECK_INT(ask("+CSQ", "AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n", 1000, &code), AT_OK);
	CHECK_STR(asked, "+CSQ: 20,99|");
	CHECK_STR(unasked, "");
	CHECK_INT(code, 0);
}

TEST(bytes_may_come_one_by_one)
{
	CHECK_INT(ask("+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n", 1, NULL), AT_OK);
	CHECK_STR(asked, "+CSQ: 20,99|");
}

TEST(an_error_keeps_its_number)
{
	int code = -1;

	CHECK_INT(ask("+CMGD=1", "\r\n+CMS ERROR: 321\r\n", 1000, &code), AT_ERROR);
	CHECK_INT(code, 321);
	CHECK_INT(ask("+CPIN?", "\r\n+CME ERROR: 10\r\n", 1000, &code), AT_ERROR);
	CHECK_INT(code, 10);
	CHECK_INT(ask("+X", "\r\nCOMMAND NOT SUPPORT\r\n", 1000, &code), AT_ERROR);
	CHECK_INT(code, 0);
}

TEST(unasked_lines_inside_an_answer_go_their_own_way)
{
	CHECK_INT(ask("+CSQ", "\r\n+CMTI: \"SM\",3\r\n\r\n+CSQ: 20,99\r\n\r\n^RSSI:18\r\n\r\nOK\r\n", 7, NULL), AT_OK);
	CHECK_STR(asked, "+CSQ: 20,99|");
	CHECK_STR(unasked, "+CMTI: \"SM\",3|^RSSI:18|");
}

TEST(the_pdu_behind_a_direct_message_belongs_to_it)
{
	CHECK_INT(ask("+CSQ", "\r\n+CDS: 24\r\n0006OK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n", 1000, NULL), AT_OK);
	CHECK_STR(asked, "+CSQ: 20,99|");
	CHECK_STR(unasked, "+CDS: 24|0006OK|");
}

TEST(what_was_asked_for_is_an_answer_even_if_it_also_comes_unasked)
{
	CHECK_INT(ask("+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 1000, NULL), AT_OK);
	CHECK_STR(asked, "+CPIN: SIM PIN|");
	CHECK_INT(ask("^ICCID?", "\r\n^ICCID: 89223\r\n\r\n^RSSI:9\r\n\r\nOK\r\n", 1000, NULL), AT_OK);
	CHECK_STR(asked, "^ICCID: 89223|");
	CHECK_STR(unasked, "^RSSI:9|");
}

TEST(silence_and_hanging_up_are_told_apart)
{
	struct at at;
	pid_t pid = modem(&at, "\r\n+CSQ: 20", 1000, true);

	CHECK_INT(at_command(&at, "+CSQ", 20, on_answer, NULL, NULL), AT_SILENT);
	hang_up(&at, pid);
	pid = modem(&at, "\r\n+CSQ: 20", 1000, false);
	CHECK_INT(at_command(&at, "+CSQ", 2000, on_answer, NULL, NULL), AT_GONE);
	hang_up(&at, pid);
}

TEST(an_overlong_line_is_cut_and_the_next_is_whole)
{
	char answer[4000];

	memset(answer, 'x', sizeof answer);
	snprintf(answer + 3000, sizeof answer - 3000, "\r\n+CSQ: 1,2\r\nOK\r\n");
	CHECK_INT(ask("+CSQ", answer, 1000, NULL), AT_OK);
	CHECK(strlen(asked) < sizeof asked);
	CHECK_INT(ask("+CSQ", "\r\n+CSQ: 1,2\r\nOK\r\n", 1000, NULL), AT_OK);
	CHECK_STR(asked, "+CSQ: 1,2|");
}

static enum at_result
read_slot(const char *answer, struct at_message *m)
{
	struct at at;
	pid_t pid = modem(&at, answer, 1000, true);
	enum at_result result = at_read(&at, 5, m);

	hang_up(&at, pid);
	return result;
}

TEST(a_slot_is_read_without_the_centre_address)
{
	struct at_message m;

	CHECK_INT(read_slot("\r\n+CMGR: 0,,24\r\n07912273009009F0040B91\r\n\r\nOK\r\n", &m), AT_OK);
	CHECK(m.found);
	CHECK_INT(m.len, 3);
	CHECK(memcmp(m.tpdu, "\x04\x0B\x91", 3) == 0);
}

TEST(an_empty_slot_is_not_an_error)
{
	struct at_message m;

	CHECK_INT(read_slot("\r\n+CMS ERROR: 321\r\n", &m), AT_OK);
	CHECK(!m.found);
	CHECK_INT(read_slot("\r\nOK\r\n", &m), AT_OK);
	CHECK(!m.found);
	CHECK_INT(read_slot("\r\n+CMS ERROR: 500\r\n", &m), AT_ERROR);
}

TEST(a_pdu_line_is_hexadecimal_and_holds_more_than_an_address)
{
	static const struct {
		const char *hex;
		size_t	 len;
	} rows[] = {
		{ "00040B", 2 }, { "0004", 1 }, { "00", 0 }, { "", 0 }, { "07912273009009F0", 0 }, { "000", 0 },
		{ "0004zz", 0 }, { "00040b", 2 }, { "FF04", 0 }, { "0004 ", 0 },
	};
	uint8_t out[MODEM_TPDU_MAX];
	char many[2 * MODEM_TPDU_MAX + 8];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		CHECK_MSG(at_tpdu(rows[i].hex, out) == rows[i].len, "%s", rows[i].hex);
	memset(many, '0', sizeof many);
	many[2 + 2 * MODEM_TPDU_MAX] = '\0';
	CHECK_INT(at_tpdu(many, out), MODEM_TPDU_MAX);
	many[2 + 2 * MODEM_TPDU_MAX] = '0';
	many[4 + 2 * MODEM_TPDU_MAX] = '\0';
	CHECK_INT(at_tpdu(many, out), 0);
}

TEST_MAIN(TEST_ROW(an_answer_is_what_stands_between_echo_and_result), TEST_ROW(bytes_may_come_one_by_one),
    TEST_ROW(an_error_keeps_its_number), TEST_ROW(unasked_lines_inside_an_answer_go_their_own_way),
    TEST_ROW(the_pdu_behind_a_direct_message_belongs_to_it),
    TEST_ROW(what_was_asked_for_is_an_answer_even_if_it_also_comes_unasked),
    TEST_ROW(silence_and_hanging_up_are_told_apart), TEST_ROW(an_overlong_line_is_cut_and_the_next_is_whole),
    TEST_ROW(a_slot_is_read_without_the_centre_address), TEST_ROW(an_empty_slot_is_not_an_error),
    TEST_ROW(a_pdu_line_is_hexadecimal_and_holds_more_than_an_address))
