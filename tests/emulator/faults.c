/* What goes wrong on command. Every fault ends: by a count, by a time, or by itself. */
#include "emulator/emulator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Faults that hit the next "left" occasions. */
static const struct counted {
	const char *name;
	enum fault fault;
	const char *usage;
	bool	 has_value;
	long	 least, most, times;	/* of the value; how often when no count is given */
} counted[] = {
	{ "cms", FAULT_CMS, "cms N [TIMES]: submits are answered +CMS ERROR: N and lost", true, 0, 999, 1 },
	{ "cme", FAULT_CME, "cme N [TIMES]: extended commands are answered +CME ERROR: N", true, 0, 999, 1 },
	{ "cmgs-late", FAULT_CMGS_LATE, "cmgs-late MS [TIMES]: accepted, +CMGS comes MS later, the modem is free meanwhile", true, 0, 3600000, 1 },
	{ "cmgs-missing", FAULT_CMGS_MISSING, "cmgs-missing [TIMES]: accepted, never answered", false, 0, 0, 1 },
	{ "cmgs-lost", FAULT_CMGS_LOST, "cmgs-lost [TIMES]: neither accepted nor answered", false, 0, 0, 1 },
	{ "slow", FAULT_SLOW, "slow MS [TIMES]: the next commands are answered MS later", true, 0, 3600000, 1 },
	{ "split", FAULT_SPLIT, "split MS [BYTES]: bytes trickle out one by one, MS apart", true, 0, 10000, 200 },
	{ "noise", FAULT_NOISE, "noise [BYTES]: junk after each of the next echoed bytes", false, 0, 0, 20 },
	{ "hang-read", FAULT_HANG_READ, "hang-read SLOT [TIMES]: AT+CMGR or AT+CMGL stops at this slot and never ends", true, 0, SLOTS_MAX, 1 },
	{ "no-cmti", FAULT_NO_CMTI, "no-cmti [TIMES]: SMS arrive without +CMTI", false, 0, 0, 1 },
};

#define N_COUNTED	(sizeof(counted) / sizeof(counted[0]))
#define FOREVER		1000000000L

bool
fault_active(const struct modem *m, enum fault fault)
{
	return m->faults.f[fault].left > 0;
}

static const char *
fault_name(enum fault fault)
{
	for (size_t i = 0; i < N_COUNTED; i++)
		if (counted[i].fault == fault)
			return counted[i].name;
	return fault == FAULT_BARE_OK ? "bare-ok" : fault == FAULT_URC_INSIDE ? "urc-inside-next-dialogue" : "sim-full";
}

bool
fault_take(struct modem *m, enum fault fault, long *value)
{
	if (m->faults.f[fault].left <= 0)
		return false;
	m->faults.f[fault].left--;
	*value = m->faults.f[fault].value;
	ledger(m, "fault", 0, "%s\t%ld\t%ld", fault_name(fault), *value, m->faults.f[fault].left);
	return true;
}

void
faults_init(struct modem *m)
{
	struct faults *f = &m->faults;

	snprintf(f->pin, sizeof(f->pin), "1234");
	snprintf(f->puk, sizeof(f->puk), "12345678");
	f->pin_tries = 3;
	f->puk_tries = 10;
}

static void
arm(struct modem *m, enum fault fault, long value, long times)
{
	m->faults.f[fault].value = value;
	m->faults.f[fault].left = times;
}

static int
arm_counted(struct modem *m, const struct counted *row, char *args, struct bytes *out)
{
	char *word = strsep(&args, " "), *times_word = row->has_value ? strsep(&args, " ") : word;
	long value = 0, times = row->times;

	if ((row->has_value && (word == NULL || !at_number(word, row->least, row->most, &value))) ||
	    (times_word != NULL && *times_word != '\0' && !at_number(times_word, 0, FOREVER, &times))) {
		bytes_addf(out, "usage: fault %s", row->usage);
		return -1;
	}
	arm(m, row->fault, value, times);
	return 0;
}

/* ---- the others ----------------------------------------------------------------------------- */

static int
seconds(const char *args, long preset, long *out)
{
	char *end;
	double v = strtod(args, &end);

	*out = preset;
	if (*args == '\0')
		return 0;
	if (end == args || *end != '\0' || !(v >= 0 && v <= 1e6))
		return -1;
	*out = (long)(v * 1000);
	return 0;
}

static int
fault_deaf(struct modem *m, char *args)
{
	long ms;

	if (seconds(args, 30000, &ms) == -1)
		return -1;
	m->line.deaf_until = main_now_ms() + ms;
	bytes_drop(&m->line.in, m->line.in.len);
	return 0;
}

static void
end_sim_full(struct modem *m, uint64_t arg)
{
	(void)arg;
	arm(m, FAULT_SIM_FULL, 0, 0);
	network_pump(m);
}

static int
fault_sim_full(struct modem *m, char *args)
{
	long ms;

	if (strcmp(args, "off") == 0) {
		end_sim_full(m, 0);
		return 0;
	}
	if (seconds(args, 60000, &ms) == -1)
		return -1;
	arm(m, FAULT_SIM_FULL, 0, FOREVER);
	main_forget(m, end_sim_full);
	return main_after(m, ms, end_sim_full, 0);
}

static void
end_no_signal(struct modem *m, uint64_t arg)
{
	(void)arg;
	if (m->net.registered)
		return;
	m->net.registered = true;
	m->net.signal = 18;
	if (m->at.setting[SET_CREG] == 1)
		line_urc(m, "+CREG: 1");
	network_pump(m);
}

static int
fault_no_signal(struct modem *m, char *args)
{
	long ms;

	if (strcmp(args, "off") == 0) {
		end_no_signal(m, 0);
		return 0;
	}
	if (seconds(args, 60000, &ms) == -1)
		return -1;
	m->net.registered = false;
	m->net.signal = 99;
	if (m->at.setting[SET_CREG] == 1)
		line_urc(m, "+CREG: 2");
	main_forget(m, end_no_signal);
	return main_after(m, ms, end_no_signal, 0);
}

/* The lines after power up; PIN and other state as it is now. */
static void
boot_lines(struct modem *m)
{
	const char *p = m->profile->boot;

	while (*p != '\0') {
		size_t n = strcspn(p, "\n");

		if (m->faults.pin_needed && strncmp(p, "+CPIN: READY", n) == 0)
			line_urc(m, "+CPIN: SIM PIN");
		else
			line_urc(m, "%.*s", (int)n, p);
		p += n + (p[n] == '\n');
	}
}

void
fault_boot(struct modem *m)
{
	struct line *l = &m->line;

	m->faults.power_off = false;
	l->state = LINE_COMMAND;
	l->command_len = l->entry_len = 0;
	l->charged = l->overlong = false;
	l->busy_until = l->deaf_until = 0;
	bytes_drop(&l->in, l->in.len);
	bytes_drop(&l->held, l->held.len);
	at_reset(m);
	m->faults.pin_needed = m->faults.pin_at_boot;
	ledger(m, "boot", 0, "%s\t%s", m->profile->name, l->tty);
	boot_lines(m);
	network_pump(m);
}

static void
power_returns(struct modem *m, uint64_t arg)
{
	(void)arg;
	if (m->faults.power_off)
		fault_boot(m);
}

static int
fault_power_loss(struct modem *m, char *args)
{
	long ms;

	if (seconds(args, 5000, &ms) == -1)
		return -1;
	bytes_drop(&m->line.in, m->line.in.len);
	bytes_drop(&m->line.out, m->line.out.len);
	m->faults.power_off = true;
	network_forget_answers(m);
	main_forget(m, power_returns);
	return main_after(m, ms, power_returns, 0);
}

static void
replug(struct modem *m, uint64_t arg)
{
	(void)arg;
	if (m->line.master != -1)
		return;
	if (line_open(m) == -1) {
		fprintf(stderr, "at-modem: cannot make a new pty\n");
		m->status = 1;
		m->quit = true;
		return;
	}
	fault_boot(m);
}

void
fault_reset(struct modem *m)
{
	network_forget_answers(m);
	if (m->profile->family == SIMCOM) {
		fault_boot(m);
		return;
	}
	line_close(m);
	main_forget(m, replug);
	main_after(m, 1500, replug, 0);
}

static int
fault_unplug(struct modem *m, char *args)
{
	long ms;

	if (seconds(args, -1, &ms) == -1 || m->line.master == -1)
		return -1;
	line_close(m);
	network_forget_answers(m);
	main_forget(m, replug);
	return ms >= 0 ? main_after(m, ms, replug, 0) : 0;
}

static int
fault_replug(struct modem *m, char *args)
{
	if (*args != '\0' || m->line.master != -1)
		return -1;
	replug(m, 0);
	return 0;
}

static int
fault_garbage(struct modem *m, char *args)
{
	static uint32_t state = 2463534242u;
	long n;
	char c;

	if (!at_number(args, 1, 65536, &n))
		return -1;
	for (; n > 0; n--) {
		/* Marsaglia's xorshift: the same junk in every run. */
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		c = (char)(state >> 11);
		line_write(m, &c, 1);
	}
	return 0;
}

static int
fault_urc(struct modem *m, char *args)
{
	if (*args == '\0')
		return -1;
	bytes_unescape(args);
	line_urc(m, "%s", args);
	return 0;
}

static int
fault_urc_inside(struct modem *m, char *args)
{
	if (*args == '\0' || strlen(args) >= sizeof(m->faults.inside))
		return -1;
	bytes_unescape(args);
	snprintf(m->faults.inside, sizeof(m->faults.inside), "%s", args);
	arm(m, FAULT_URC_INSIDE, 0, 1);
	return 0;
}

static int
fault_boot_lines(struct modem *m, char *args)
{
	if (*args != '\0')
		return -1;
	boot_lines(m);
	return 0;
}

static int
fault_bare_ok(struct modem *m, char *args)
{
	char *what = strsep(&args, " ");
	long times = 1;

	if ((strcmp(what, "accepted") != 0 && strcmp(what, "lost") != 0) ||
	    (args != NULL && !at_number(args, 0, FOREVER, &times)))
		return -1;
	arm(m, FAULT_BARE_OK, strcmp(what, "accepted") == 0, times);
	return 0;
}

/* Ruins what lies in a slot, as a bad SIM or a hostile sender would. */
static int
fault_corrupt(struct modem *m, char *args)
{
	char *word = strsep(&args, " "), *how = args != NULL ? args : "coding";
	struct slot *s;
	size_t smsc, at;
	long index;

	if (!at_number(word, 0, SLOTS_MAX, &index) || (s = sim_slot(&m->sim, m->at.memory[2], index)) == NULL || !s->used ||
	    s->pdu.length < 16)
		return -1;
	smsc = (size_t)s->pdu.octets[0] + 1;
	/* TP-DCS stands behind the first octet, the originator and TP-PID. */
	at = smsc + 1 + 2 + ((size_t)s->pdu.octets[(smsc + 1) % PDU_MAX] + 1) / 2 + 1;
	if (strcmp(how, "coding") == 0 && at < s->pdu.length)
		s->pdu.octets[at] = 0x20;
	else if (strcmp(how, "truncated") == 0)
		s->pdu.length -= s->pdu.length / 3;
	else if (strcmp(how, "length") == 0 && at + 8 < s->pdu.length)
		s->pdu.octets[at + 8] = 0xFF;
	else
		return -1;
	return 0;
}

static int
fault_pin(struct modem *m, char *args)
{
	struct faults *f = &m->faults;
	char *pin = strsep(&args, " ");

	if (strcmp(pin, "off") == 0) {
		f->pin_needed = f->pin_at_boot = false;
		network_pump(m);
		return 0;
	}
	if (strlen(pin) > 8 || strspn(pin, "0123456789") != strlen(pin) || (args != NULL && strlen(args) != 8))
		return -1;
	if (*pin != '\0')
		snprintf(f->pin, sizeof(f->pin), "%s", pin);
	if (args != NULL)
		snprintf(f->puk, sizeof(f->puk), "%s", args);
	f->pin_needed = f->pin_at_boot = true;
	f->pin_tries = 3;
	return 0;
}

static int
fault_clear(struct modem *m, char *args)
{
	(void)args;
	memset(m->faults.f, 0, sizeof(m->faults.f));
	m->line.deaf_until = m->line.write_after = 0;
	m->faults.pin_needed = m->faults.pin_at_boot = false;
	end_no_signal(m, 0);
	power_returns(m, 0);
	replug(m, 0);
	network_pump(m);
	return 0;
}

static const struct other {
	const char *name;
	int	 (*run)(struct modem *, char *args);
	const char *usage;
} others[] = {
	{ "deaf", fault_deaf, "deaf [SECONDS]: input is swallowed" },
	{ "unplug", fault_unplug, "unplug [SECONDS]: the tty goes; back by itself when SECONDS are given" },
	{ "replug", fault_replug, "replug: a new tty behind the same link" },
	{ "power-loss", fault_power_loss, "power-loss [SECONDS]: silence, then a boot; the SIM keeps what it had" },
	{ "sim-full", fault_sim_full, "sim-full [SECONDS]|off: nothing more is stored" },
	{ "no-signal", fault_no_signal, "no-signal [SECONDS]|off: not registered" },
	{ "pin", fault_pin, "pin [PIN [PUK]]|off: the SIM is locked, now and after each boot" },
	{ "bare-ok", fault_bare_ok, "bare-ok accepted|lost [TIMES]: submits are answered OK without +CMGS" },
	{ "garbage", fault_garbage, "garbage N: N bytes of junk now" },
	{ "urc", fault_urc, "urc LINE: an unsolicited line now" },
	{ "urc-inside-next-dialogue", fault_urc_inside, "urc-inside-next-dialogue LINE: before the next result code" },
	{ "boot-lines", fault_boot_lines, "boot-lines: the unsolicited lines of a boot, without one" },
	{ "corrupt", fault_corrupt, "corrupt SLOT [coding|truncated|length]: the PDU in a slot becomes undecodable" },
	{ "clear", fault_clear, "clear: all well again" },
};

#define N_OTHERS	(sizeof(others) / sizeof(others[0]))

static void
list_faults(struct bytes *out)
{
	bytes_addf(out, "faults:");
	for (size_t i = 0; i < N_COUNTED; i++)
		bytes_addf(out, " %s", counted[i].name);
	for (size_t i = 0; i < N_OTHERS; i++)
		bytes_addf(out, " %s", others[i].name);
}

int
fault_command(struct modem *m, char *words, struct bytes *out)
{
	char empty[1] = "", *args = words, *name = strsep(&args, " "), copy[300];

	if (args == NULL)
		args = empty;
	snprintf(copy, sizeof(copy), "%s", args);
	for (size_t i = 0; i < N_COUNTED; i++)
		if (strcmp(counted[i].name, name) == 0) {
			if (arm_counted(m, &counted[i], args, out) == -1)
				return -1;
			ledger(m, "fault", 0, "%s\tarmed\t%s", name, copy);
			return 0;
		}
	for (size_t i = 0; i < N_OTHERS; i++)
		if (strcmp(others[i].name, name) == 0) {
			ledger(m, "fault", 0, "%s\tstarts\t%s", name, copy);
			if (others[i].run(m, args) == 0)
				return 0;
			bytes_addf(out, "usage: fault %s", others[i].usage);
			return -1;
		}
	list_faults(out);
	return *name == '\0' ? 0 : -1;
}
