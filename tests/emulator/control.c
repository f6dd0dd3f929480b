/* The scripting socket: one command a line, one reply a line. */
#include "emulator/emulator.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MAX_BYTES	(64u * 1024)
#define OUTPUT_MAX	(4u * 1024 * 1024)
#define BULK_MAX	1000000

/* ---- messages in -------------------------------------------------------------------------- */

static char *
word(char **args)
{
	char *w;

	*args += strspn(*args, " ");
	w = *args;
	*args += strcspn(*args, " ");
	if (**args != '\0')
		*(*args)++ = '\0';
	return w;
}

static bool
is_number(const char *s)
{
	size_t n = strlen(s + (*s == '+'));

	return n >= 1 && n <= 20 && strspn(s + (*s == '+'), "0123456789*#") == n;
}

static int
receive(struct modem *m, const struct incoming *in, struct bytes *out)
{
	uint64_t first, last;

	if (!in->alnum && !is_number(in->sender)) {
		bytes_addf(out, "not a number: %s", in->sender);
		return -1;
	}
	if (network_receive(m, in, &first, &last) == -1) {
		bytes_addf(out, "does not fit an SMS, or not in this alphabet");
		return -1;
	}
	if (first == last)
		bytes_addf(out, "%" PRIu64, first);
	else
		bytes_addf(out, "%" PRIu64 "-%" PRIu64, first, last);
	return 0;
}

static int
run_rx(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .alphabet = -1 };

	(void)c;
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

static int
run_rx_at(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .alphabet = -1 };
	char *when = word(&args), *end;

	(void)c;
	in.when = strtoll(when, &end, 10);
	if (end == when || *end != '\0' || in.when < 0)
		return -1;
	in.sender = word(&args);
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

static int
run_rx_alnum(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .alnum = true, .alphabet = -1 };

	(void)c;
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

static int
run_rx_flash(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .flash = true, .alphabet = -1 };

	(void)c;
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

static int
run_rx_ucs2(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .alphabet = PDU_UCS2 };

	(void)c;
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

static int
run_rx_8bit(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	uint8_t data[PDU_DATA_MAX];
	struct incoming in = { .sender = word(&args), .alphabet = PDU_8BIT, .text = "", .data = data };
	int n = pdu_hex_decode(args, strlen(args), data, sizeof(data));

	(void)c;
	if (n < 0)
		return -1;
	in.data_len = (size_t)n;
	return receive(m, &in, out);
}

/* smsc:HEX and tpdu:HEX say what the octets start with; otherwise they are looked at. */
static int
run_rx_pdu(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct pdu pdu = { .length = 0 };
	char *hex = word(&args);
	bool bare = strncmp(hex, "tpdu:", 5) == 0, told = bare || strncmp(hex, "smsc:", 5) == 0;
	int n;

	(void)c;
	hex += told ? 5 : 0;
	n = pdu_hex_decode(hex, strlen(hex), pdu.octets, sizeof(pdu.octets));
	if (n <= 0)
		return -1;
	pdu.length = (size_t)n;
	if ((bare || (!told && !pdu_has_smsc(&pdu))) && pdu_prepend_smsc(&pdu, m->net.smsc) == -1)
		return -1;
	bytes_addf(out, "%" PRIu64, network_receive_pdu(m, &pdu, strcmp(args, "store") == 0));
	return 0;
}

static int
run_rx_long(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .alphabet = -1 };

	(void)c;
	in.order = word(&args);
	bytes_unescape(args);
	in.text = args;
	if (*in.order == '\0')
		return -1;
	return receive(m, &in, out);
}

static int
run_rx_part(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .sender = word(&args), .alphabet = -1 };
	long ref, total, seq;

	(void)c;
	if (!at_number(word(&args), 0, 65535, &ref) || !at_number(word(&args), 1, 255, &total) ||
	    !at_number(word(&args), 0, 255, &seq))
		return -1;
	in.only = (struct pdu_concat){ .ref = (uint16_t)ref, .total = (uint8_t)total, .seq = (uint8_t)seq, .wide = ref > 255 };
	bytes_unescape(args);
	in.text = args;
	return receive(m, &in, out);
}

/* The text with every %d replaced by i. */
static void
numbered(const char *text, long i, char *out, size_t cap)
{
	size_t n = 0;

	while (*text != '\0' && n + 24 < cap) {
		if (text[0] == '%' && text[1] == 'd') {
			n += (size_t)snprintf(out + n, cap - n, "%ld", i);
			text += 2;
		} else {
			out[n++] = *text++;
		}
	}
	out[n] = '\0';
}

static int
run_bulk(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	struct incoming in = { .alphabet = -1 };
	char sender[32], text[2048];
	uint64_t first = 0, from, last = 0;
	const char *base;
	long n;

	(void)c;
	if (!at_number(word(&args), 1, BULK_MAX, &n) || !is_number(base = word(&args)) || strlen(base) > 18)
		return -1;
	bytes_unescape(args);
	for (long i = 1; i <= n; i++) {
		snprintf(sender, sizeof(sender), "%s%0*llu", *base == '+' ? "+" : "", (int)strlen(base + (*base == '+')),
		    strtoull(base, NULL, 10) + (unsigned long long)i);
		numbered(args, i, text, sizeof(text));
		in.sender = sender;
		in.text = text;
		if (network_receive(m, &in, &from, &last) == -1)
			return -1;
		if (first == 0)
			first = from;
	}
	bytes_addf(out, "%" PRIu64 "-%" PRIu64, first, last);
	return 0;
}

static int
run_call(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	const char *number = word(&args);
	long rings = 4;

	(void)c;
	(void)out;
	if (!is_number(number) || (*args != '\0' && !at_number(args, 1, 100, &rings)))
		return -1;
	network_call(m, number, (int)rings);
	return 0;
}

/* ---- messages out ---------------------------------------------------------------------------- */

static int
run_sms_out(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)args;
	bytes_addf(out, "%zu parts=%zu", m->net.n_out, m->net.n_sent);
	return 0;
}

static int
run_out(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	const struct outgoing *o;
	long n;

	(void)c;
	if (!at_number(args, 1, (long)m->net.n_out, &n)) {
		bytes_addf(out, "%zu have left", m->net.n_out);
		return -1;
	}
	o = &m->net.out[n - 1];
	bytes_addf(out, "%s\t", o->dest);
	bytes_add_escaped(out, o->text, strlen(o->text));
	return 0;
}

static int
start_wait(struct client *c, enum wait_for what, uint64_t n, const char *ms_word)
{
	long ms;

	if (!at_number(ms_word, 0, 86400000, &ms))
		return -1;
	c->waiting = what;
	c->wait_n = n;
	c->wait_until = main_now_ms() + ms;
	return 0;
}

static int
run_wait_out(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	long n;

	(void)m;
	(void)out;
	if (!at_number(word(&args), 0, 1000000000, &n))
		return -1;
	return start_wait(c, WAIT_OUT, (uint64_t)n, word(&args));
}

static int
run_wait_empty(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)m;
	(void)out;
	return start_wait(c, WAIT_EMPTY, 0, word(&args));
}

/* ---- the rest -------------------------------------------------------------------------------------- */

static int
run_sim(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)args;
	for (int i = 0; i < N_MEMORIES; i++)
		bytes_addf(out, "%s=%d/%d ", sim_name((enum memory)i), sim_used(&m->sim, (enum memory)i), m->sim.capacity[i]);
	bytes_addf(out, "pending=%zu reports=%zu", m->net.waiting.n, m->net.reports.n);
	return 0;
}

static int
run_stats(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)args;
	bytes_addf(out, "messages=%" PRIu64 " out=%zu parts=%zu ledger=%" PRIu64 " at=%" PRIu64, m->net.last_id, m->net.n_out,
	    m->net.n_sent, m->ledger_lines, m->at.total);
	for (size_t i = 0; i < m->at.n_counters; i++)
		bytes_addf(out, " %s=%" PRIu64, m->at.counter[i].name, m->at.counter[i].n);
	ledger_at_counters(m);
	return 0;
}

static int
run_fault(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	return fault_command(m, args, out);
}

static int
run_report(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	const char *what = word(&args);
	long v;

	(void)c;
	(void)out;
	if (strcmp(what, "on") == 0 || strcmp(what, "off") == 0)
		m->net.reports_on = what[1] == 'n';
	else if (strcmp(what, "status") == 0 && at_number(args, 0, 255, &v))
		m->net.report_status = (uint8_t)v;
	else if (strcmp(what, "delay") == 0 && at_number(args, 0, 86400000, &v))
		m->net.report_delay_ms = v;
	else
		return -1;
	return 0;
}

static int
run_balance(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)out;
	bytes_unescape(args);
	snprintf(m->net.balance, sizeof(m->net.balance), "%s", args);
	return 0;
}

static int
run_store_flash(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)out;
	if (strcmp(args, "on") != 0 && strcmp(args, "off") != 0)
		return -1;
	m->net.store_flash = args[1] == 'n';
	return 0;
}

static int
run_reference(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	long v;

	(void)c;
	(void)out;
	if (!at_number(args, 0, 255, &v))
		return -1;
	m->net.reference = (uint8_t)v;
	return 0;
}

static int
run_signal(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	long v;

	(void)c;
	(void)out;
	if (!at_number(args, 0, 31, &v))
		return -1;
	m->net.signal = (int)v;
	network_say_signal(m);
	return 0;
}

static int
run_tty(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)args;
	bytes_addf(out, "%s open=%d", m->line.master != -1 ? m->line.tty : "unplugged", m->line.openers);
	return 0;
}

static int
run_subscribe(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)m;
	(void)args;
	(void)out;
	c->subscribed = true;
	return 0;
}

static int
run_quit(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)c;
	(void)args;
	(void)out;
	m->quit = true;
	return 0;
}

static int	run_help(struct modem *, struct client *, char *, struct bytes *);

static const struct entry {
	const char *name, *usage;
	int	 (*run)(struct modem *, struct client *, char *args, struct bytes *out);
} commands[] = {
	{ "rx", "NUMBER TEXT", run_rx },
	{ "rx-at", "UNIXTIME NUMBER TEXT (the service centre time stamp)", run_rx_at },
	{ "rx-alnum", "NAME TEXT", run_rx_alnum },
	{ "rx-flash", "NUMBER TEXT", run_rx_flash },
	{ "rx-ucs2", "NUMBER TEXT", run_rx_ucs2 },
	{ "rx-8bit", "NUMBER HEX", run_rx_8bit },
	{ "rx-pdu", "[smsc:|tpdu:]HEX [store]", run_rx_pdu },
	{ "rx-long", "NUMBER ORDER TEXT (order 2,1,3)", run_rx_long },
	{ "rx-part", "NUMBER REF TOTAL SEQ TEXT", run_rx_part },
	{ "bulk", "N NUMBER TEXT (%d is the count)", run_bulk },
	{ "call", "NUMBER [RINGS]", run_call },
	{ "sms-out", "", run_sms_out },
	{ "out", "N", run_out },
	{ "wait-out", "N TIMEOUT_MS", run_wait_out },
	{ "wait-empty", "TIMEOUT_MS", run_wait_empty },
	{ "sim", "", run_sim },
	{ "stats", "", run_stats },
	{ "tty", "", run_tty },
	{ "fault", "NAME …", run_fault },
	{ "report", "on|off|status N|delay MS", run_report },
	{ "balance", "TEXT", run_balance },
	{ "store-flash", "on|off", run_store_flash },
	{ "reference", "N (next TP-MR)", run_reference },
	{ "signal", "0-31", run_signal },
	{ "subscribe", "", run_subscribe },
	{ "help", "", run_help },
	{ "quit", "", run_quit },
};

#define N_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int
run_help(struct modem *m, struct client *c, char *args, struct bytes *out)
{
	(void)m;
	(void)args;
	for (size_t i = 0; i < N_COMMANDS; i++)
		bytes_addf(out, "%s%s%s%s", i == 0 ? "" : c->prompt ? "\n   /" : "; ", commands[i].name, *commands[i].usage ? " " : "",
		    commands[i].usage);
	return 0;
}

static int
run_entry(struct modem *m, struct client *c, const struct entry *e, char *args, struct bytes *out)
{
	struct bytes detail;
	int rv;

	bytes_init(&detail, OUTPUT_MAX);
	rv = e->run(m, c, args, &detail);
	if (c->waiting == WAIT_NOTHING && rv == -1 && detail.len == 0)
		bytes_addf(&detail, "usage: %s %s", e->name, e->usage);
	if (c->waiting == WAIT_NOTHING || rv == -1)
		bytes_addf(out, "%s%s%s", rv == 0 ? "ok" : "error", detail.len > 0 ? " " : "", bytes_str(&detail));
	bytes_release(&detail);
	return rv;
}

void
control_run(struct modem *m, struct client *c, char *line, struct bytes *out)
{
	char *args = line, *name = word(&args);

	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			run_entry(m, c, &commands[i], args, out);
			return;
		}
	}
	bytes_addf(out, "error unknown command: %.40s (try: help)", name);
}

/* ---- clients ------------------------------------------------------------------------------------------ */

static int
socket_address(const char *path, struct sockaddr_un *a)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(a->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(a->sun_path, path, strlen(path) + 1);
	return 0;
}

int
control_open(struct modem *m, const char *path)
{
	struct sockaddr_un a;
	int fd;

	m->control.listener = -1;
	m->control.path = path;
	if (path == NULL)
		return 0;
	if (socket_address(path, &a) == -1)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	unlink(path);
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) == -1 || listen(fd, 16) == -1) {
		close(fd);
		return -1;
	}
	m->control.listener = fd;
	return 0;
}

static void
drop(struct client *c)
{
	if (!c->prompt)
		close(c->in);
	bytes_release(&c->input);
	bytes_release(&c->output);
	memset(c, 0, sizeof(*c));
}

void
control_close(struct modem *m)
{
	for (int i = 0; i < CLIENTS_MAX; i++)
		if (m->control.client[i].used)
			drop(&m->control.client[i]);
	if (m->control.listener == -1)
		return;
	close(m->control.listener);
	unlink(m->control.path);
	m->control.listener = -1;
}

struct client *
control_add(struct modem *m, int in, int out)
{
	for (int i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &m->control.client[i];

		if (c->used)
			continue;
		memset(c, 0, sizeof(*c));
		c->used = true;
		c->in = in;
		c->out = out;
		bytes_init(&c->input, LINE_MAX_BYTES);
		bytes_init(&c->output, OUTPUT_MAX);
		return c;
	}
	return NULL;
}

void
control_accept(struct modem *m)
{
	int fd = accept4(m->control.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd != -1 && control_add(m, fd, fd) == NULL)
		close(fd);
}

static void
run_client_line(struct modem *m, struct client *c, char *line)
{
	struct bytes reply;

	if (c->prompt) {
		prompt_line(m, c, line);
		return;
	}
	bytes_init(&reply, OUTPUT_MAX);
	control_run(m, c, line, &reply);
	if (reply.len > 0)
		bytes_addf(&c->output, "%s\n", reply.p);
	bytes_release(&reply);
}

/* Whole lines, as long as the client is not waiting for something. */
static void
run_input(struct modem *m, struct client *c)
{
	char *end;

	while (c->used && c->waiting == WAIT_NOTHING && c->input.len > 0 &&
	    (end = memchr(c->input.p, '\n', c->input.len)) != NULL) {
		size_t n = (size_t)(end - c->input.p) + 1;
		char *line = strndup(c->input.p, n - 1);

		bytes_drop(&c->input, n);
		if (line == NULL)
			return;
		if (n >= 2 && line[n - 2] == '\r')
			line[n - 2] = '\0';
		run_client_line(m, c, line);
		free(line);
	}
}

void
control_read(struct modem *m, struct client *c)
{
	char buffer[4096];
	ssize_t n = read(c->in, buffer, sizeof(buffer));

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		c->ended = true;
		if (c->prompt)
			bytes_add(&c->input, "\n", c->input.len > 0);
	} else if (bytes_add(&c->input, buffer, (size_t)n) == -1) {
		bytes_addf(&c->output, "error line too long\n");
		c->ended = true;
		bytes_drop(&c->input, c->input.len);
	}
	run_input(m, c);
}

void
control_flush(struct modem *m, struct client *c)
{
	ssize_t n = 0;

	while (c->output.len > 0 && (n = write(c->out, c->output.p, c->output.len)) > 0)
		bytes_drop(&c->output, (size_t)n);
	if (n == -1 && errno != EAGAIN && errno != EINTR)
		c->ended = true;
	else if (c->output.len > 0)
		return;
	if (!c->ended || c->waiting != WAIT_NOTHING)
		return;
	if (c->prompt)
		m->quit = true;
	drop(c);
}

static bool
wait_is_over(const struct modem *m, const struct client *c, bool *fulfilled)
{
	if (c->waiting == WAIT_OUT)
		*fulfilled = m->net.n_out >= c->wait_n;
	else
		*fulfilled = m->net.waiting.n == 0 && sim_used(&m->sim, MEM_SM) == 0 && sim_used(&m->sim, MEM_ME) == 0;
	return *fulfilled || main_now_ms() >= c->wait_until;
}

void
control_check_waits(struct modem *m)
{
	for (int i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &m->control.client[i];
		bool fulfilled;

		if (!c->used || c->waiting == WAIT_NOTHING || !wait_is_over(m, c, &fulfilled))
			continue;
		if (c->waiting == WAIT_OUT)
			bytes_addf(&c->output, "%s %zu\n", fulfilled ? "ok" : "error timeout", m->net.n_out);
		else
			bytes_addf(&c->output, "%s\n", fulfilled ? "ok" : "error timeout");
		c->waiting = WAIT_NOTHING;
		run_input(m, c);
	}
}

int64_t
control_next_ms(const struct modem *m)
{
	int64_t next = -1;

	for (int i = 0; i < CLIENTS_MAX; i++) {
		const struct client *c = &m->control.client[i];

		if (c->used && c->waiting != WAIT_NOTHING && (next == -1 || c->wait_until < next))
			next = c->wait_until;
	}
	return next;
}

void
control_publish(struct modem *m, const char *line, size_t len)
{
	for (int i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &m->control.client[i];

		/* One that does not read is let go rather than remembered for. */
		if (c->used && c->subscribed && bytes_add(&c->output, line, len) == -1)
			c->ended = true;
	}
}

/* ---- the client side ------------------------------------------------------------------------------------ */

int
control_send(const char *path, const char *command)
{
	struct sockaddr_un a;
	char buffer[4096], first[3] = "";
	size_t seen = 0, len = strlen(command);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool stream = strncmp(command, "subscribe", 9) == 0;
	ssize_t n;

	if (fd == -1 || socket_address(path, &a) == -1 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) == -1) {
		fprintf(stderr, "at-modem: %s: %s\n", path, strerror(errno));
		return 1;
	}
	if (write(fd, command, len) != (ssize_t)len || write(fd, "\n", 1) != 1) {
		fprintf(stderr, "at-modem: %s: %s\n", path, strerror(errno));
		return 1;
	}
	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n && seen < 2; i++)
			first[seen++] = buffer[i];
		fwrite(buffer, 1, (size_t)n, stdout);
		fflush(stdout);
		if (!stream && buffer[n - 1] == '\n')
			break;
	}
	close(fd);
	return strcmp(first, "ok") == 0 ? 0 : 1;
}
