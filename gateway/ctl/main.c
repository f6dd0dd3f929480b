/* tocsinctl: asks the daemon over its socket and shows the answer as a table, or as JSON for scripts. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/show.h"
#include "wire/ctl_msg.h"
#include "wire/frame.h"

#define DEFAULT_SOCKET	"/run/tocsin/control.sock"
#define PATIENCE_S	60	/* a reload with all its tests takes a second or two on a Pi */

static void
usage(FILE *to)
{
	fprintf(to, "usage: tocsinctl [--socket PATH] [--json] COMMAND\n"
	    "  status             is all well? what waits, what was sent\n"
	    "  modems             each line: state, operator, signal, SIM, counts\n"
	    "  inbox [RESULT]     messages, newest first; RESULT: alert joined review noise info command sealed operator\n"
	    "  read MESSAGE       the text of one message (the audit notes who read it)\n"
	    "  incidents          alerts, newest first\n"
	    "  show NUMBER        one alert, who was told, who answered\n"
	    "  validate NUMBER    a duty officer confirms it: those who wait for that are told\n"
	    "  hold NUMBER        nobody more is told, nothing escalates\n"
	    "  withdraw NUMBER    not substantiated: those told hear so\n"
	    "  close NUMBER CODE  R responded, T too late, N nothing found, F false, D deliberately false,\n"
	    "                     X no access, O passed on, C calm\n"
	    "  place NUMBER NAME[/C3] | LAT LON   where it is, as Koro/KOR or 14.08 -3.52; those told otherwise hear so\n"
	    "  outbox             what was and will be sent\n"
	    "  why NUMBER         why an alert is one: rules, words, places, routes, what happened\n"
	    "  why sms MESSAGE    the same for one message\n"
	    "  gazetteer import FILE [ML,BF|*]   a GeoNames dump, CSV or GeoJSON of places, also .gz .xz .zip\n"
	    "  gazetteer add NAME LAT LON [KIND] [CERCLE]\n"
	    "  gazetteer alias NAME OTHER        OTHER shall also mean the place NAME; which of several: NAME/C3\n"
	    "  gazetteer forget NAME             what an operator added, or a whole import as list calls it\n"
	    "  gazetteer find NAME | near LAT LON | list\n"
	    "  reporter add NUMBER [VILLAGE] [opt-in] [shared] [silent] [duress] [fr|en]   the number itself is not kept\n"
	    "  reporter list | forget WHO | silence WHO [off]   WHO: the number, or the id that list shows\n"
	    "  reload             check rules, places, routing, templates, responders; use them if all is well\n"
	    "  rules list         the last packs of rules that were in force\n"
	    "  rules show [PACK]  how the rule files differ from the pack in force, or from another\n"
	    "  rules rollback [PACK|VERSION]   back to the one before, or to that one; until the next reload\n"
	    "  backup /PATH/FILE  a consistent copy of the store, where the daemon may write: /var/lib/tocsin/…\n"
	    "  audit verify|show  is the record of all changes whole?\n"
	    "exit status: 0 done, 1 refused or not found, 2 wrong usage, 3 the daemon cannot be reached\n");
}

static int
reach(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd != -1 && (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Shows rows until the end comes; returns the exit status. */
static int
hear(int fd, struct show *show, bool json)
{
	static uint8_t bytes[FRAME_MAX];
	static struct ctl_answer answer;
	const char *why;

	for (;;) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n <= 0) {
			fprintf(stderr, "tocsinctl: the daemon hung up before the end of its answer\n");
			return CTL_UNREACHABLE;
		}
		if (ctl_answer_decode(&answer, bytes, (size_t)n, &why) != 0) {
			fprintf(stderr, "tocsinctl: the answer cannot be read: %s\n", why);
			return CTL_UNREACHABLE;
		}
		if (answer.type == CTL_END)
			break;
		if (json || !show_progress(&answer))
			show_row(show, &answer);
	}
	/* A heading over nothing only hides the sentence that says why. */
	if (answer.exit == CTL_DONE || show->n_rows > 0)
		show_end(show);
	if (answer.sentence[0] != '\0')
		fprintf(stderr, "tocsinctl: %s\n", answer.sentence);
	return answer.exit;
}

/* The daemon stands elsewhere than we do: a file to import is named from the root. */
static void
whole_path(char **words, size_t n)
{
	static char path[PATH_MAX];

	if (n > 2 && strcmp(words[0], "gazetteer") == 0 && strcmp(words[1], "import") == 0 &&
	    realpath(words[2], path) != NULL)
		words[2] = path;
}

/* By what its rows are shown: commands of several words show different things. */
static const char *
kind_of(char **words, size_t n)
{
	if (n > 1 && strcmp(words[0], "gazetteer") == 0)
		return words[1];
	if (n > 1 && strcmp(words[0], "reporter") == 0 && strcmp(words[1], "list") != 0)
		return "";
	if (n > 1 && strcmp(words[0], "rules") == 0)
		return strcmp(words[1], "list") == 0 ? "packs" : strcmp(words[1], "show") == 0 ? "files" : "";
	return words[0];
}

static int
ask(const char *path, char **words, size_t n, bool json)
{
	static uint8_t bytes[FRAME_MAX];
	struct show show;
	size_t len;
	int fd, rc;

	whole_path(words, n);
	len = ctl_ask_encode(words, n, bytes, sizeof(bytes));

	if (len == 0) {
		fprintf(stderr, "tocsinctl: too many or too long words\n");
		return CTL_USAGE;
	}
	fd = reach(path);
	if (fd == -1 || send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len) {
		fprintf(stderr, "tocsinctl: the daemon cannot be reached at %s: %s%s\n", path, strerror(errno),
		    errno == EACCES ? " (use sudo)" : errno == ENOENT || errno == ECONNREFUSED ? " (is it running?)" : "");
		if (fd != -1)
			close(fd);
		return CTL_UNREACHABLE;
	}
	show_init(&show, kind_of(words, n), json);
	rc = hear(fd, &show, json);
	show_release(&show);
	close(fd);
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' }, { "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' }, { 0 },
	};
	const char *path = DEFAULT_SOCKET;
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "+s:jhV", options, NULL)) != -1)
		switch (opt) {
		case 's':
			path = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			usage(stdout);
			return CTL_DONE;
		case 'V':
			printf("tocsinctl %s\n", TOCSIN_VERSION);
			return CTL_DONE;
		default:
			usage(stderr);
			return CTL_USAGE;
		}
	if (optind == argc) {
		usage(stderr);
		return CTL_USAGE;
	}
	/* Options may also stand behind the command; "-3.61" is a longitude there, not one. */
	for (int i = optind; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0) {
			json = true;
			memmove(&argv[i], &argv[i + 1], (size_t)(argc-- - i) * sizeof(*argv));
			i--;
		}
	return ask(path, argv + optind, (size_t)(argc - optind), json);
}
