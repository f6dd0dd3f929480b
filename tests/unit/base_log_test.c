/* Tests of base/log: stderr is a pipe, and what came through it is read back. */
#include "unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

static int pipe_in = -1, old_stderr = -1;

static void
catch_begin(bool journal, bool debug)
{
	int fd[2];

	CHECK_INT(pipe2(fd, O_CLOEXEC), 0);
	old_stderr = dup(STDERR_FILENO);
	(void)dup2(fd[1], STDERR_FILENO);
	(void)close(fd[1]);
	pipe_in = fd[0];
	if (journal)
		(void)setenv("JOURNAL_STREAM", "8:1", 1);
	else
		(void)unsetenv("JOURNAL_STREAM");
	log_init("tested", debug);
}

/* Closes the pipe's writing end and returns all that was written. */
static const char *
catch_end(void)
{
	static char text[8192];
	size_t len = 0;
	ssize_t n;

	(void)dup2(old_stderr, STDERR_FILENO);
	(void)close(old_stderr);
	while ((n = read(pipe_in, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	(void)close(pipe_in);
	text[len] = '\0';
	return text;
}

TEST(levels_in_the_journal)
{
	catch_begin(true, true);
	log_debug("a.b id=%d", 1);
	log_info("a.c");
	log_warnx("a.d");
	errno = ENOSPC;
	log_warn("a.e id=2");
	CHECK_INT(errno, ENOSPC);
	CHECK_STR(catch_end(), "<7>a.b id=1\n<6>a.c\n<4>a.d\n<4>a.e id=2 error=\"No space left on device\"\n");
}

TEST(debug_is_silent_unless_asked)
{
	catch_begin(true, false);
	log_debug("a.b");
	CHECK_STR(catch_end(), "");
}

TEST(on_a_terminal_with_time_and_program)
{
	int y, m, d, h, min, s, end = 0;
	const char *text;

	catch_begin(false, false);
	log_info("inbox.stored id=412");
	text = catch_end();
	CHECK_MSG(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ tested: inbox.stored id=412%n", &y, &m, &d, &h, &min, &s, &end) == 6 &&
	    end > 0 && strcmp(text + end, "\n") == 0, "%s", text);
}

TEST(nobody_can_write_a_line_by_sending_text)
{
	catch_begin(true, false);
	log_info("a.b x=%s", "1\n<0>fake\r\x1B[2J~\x7F\xC2\x80\xC2\x9F\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\xFF\xC3\xA9");
	CHECK_STR(catch_end(), "<6>a.b x=1?<0>fake??[2J~???\xC2\xA0???\xC3\xA9\n");
}

TEST(a_long_line_is_one_line)
{
	static char x[5000];
	const char *text;

	memset(x, 'x', sizeof(x) - 1);
	catch_begin(true, false);
	errno = EIO;
	log_warn("a.b x=%s", x);
	text = catch_end();
	CHECK(strlen(text) < 2100);
	CHECK(strchr(text, '\n') == text + strlen(text) - 1);
	CHECK(strstr(text, " error=\"Input/output error\"\n") != NULL);
}

TEST(fatal_exits_with_one)
{
	int status = 0;
	pid_t pid;

	catch_begin(true, false);
	if ((pid = fork()) == 0) {
		errno = ENOENT;
		fatal("store.gone");
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	if ((pid = fork()) == 0)
		fatalx("store.gone n=%d", 2);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	CHECK_STR(catch_end(), "<2>store.gone error=\"No such file or directory\"\n<2>store.gone n=2\n");
}

TEST_MAIN(TEST_ROW(levels_in_the_journal), TEST_ROW(debug_is_silent_unless_asked),
    TEST_ROW(on_a_terminal_with_time_and_program), TEST_ROW(nobody_can_write_a_line_by_sending_text),
    TEST_ROW(a_long_line_is_one_line), TEST_ROW(fatal_exits_with_one))
