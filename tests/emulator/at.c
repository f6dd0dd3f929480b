/* The AT command line of V.250 and TS 27.007: taking it apart, finding the command, answering. */
#include "emulator/emulator.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct number {
	const char *name;
	unsigned families;
	enum setting setting;
	long	 most, preset;
} numbers[] = {
	{ "+CMEE", ALL_FAMILIES, SET_CMEE, 2, 0 },
	{ "+CLIP", ALL_FAMILIES, SET_CLIP, 1, 0 },
	{ "+COLP", ALL_FAMILIES, SET_COLP, 1, 0 },
	{ "+CRC", ALL_FAMILIES, SET_CRC, 1, 0 },
	{ "+CSDH", ALL_FAMILIES, SET_CSDH, 1, 0 },
	{ "+CCWA", ALL_FAMILIES, SET_CCWA, 1, 0 },
	{ "+CMMS", ALL_FAMILIES, SET_CMMS, 2, 0 },
	{ "+CTZU", QUECTEL, SET_CTZU, 3, 0 },
	{ "+CTZR", QUECTEL, SET_CTZR, 2, 0 },
	{ "^CURC", HUAWEI, SET_CURC, 1, 1 },
};

#define N_NUMBERS	(sizeof(numbers) / sizeof(numbers[0]))

static const struct {
	int	 code;
	const char *text;
} error_texts[] = {
	{ CME(3), "operation not allowed" }, { CME(4), "operation not supported" }, { CME(10), "SIM not inserted" },
	{ CME(11), "SIM PIN required" }, { CME(12), "SIM PUK required" }, { CME(13), "SIM failure" }, { CME(14), "SIM busy" },
	{ CME(16), "incorrect password" }, { CME(20), "memory full" }, { CME(21), "invalid index" },
	{ CME(30), "no network service" }, { CME(50), "incorrect parameters" }, { CME(100), "unknown" },
	{ CMS(302), "operation not allowed" }, { CMS(303), "operation not supported" }, { CMS(304), "invalid PDU mode parameter" },
	{ CMS(310), "SIM not inserted" }, { CMS(311), "SIM PIN required" }, { CMS(321), "invalid memory index" },
	{ CMS(322), "memory full" }, { CMS(331), "no network service" }, { CMS(500), "unknown error" },
};

/* ---- answering ------------------------------------------------------------- */

void
at_info(struct modem *m, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	line_print(m, "%s%s\r\n", m->at.said_something ? "" : "\r\n", text);
	m->at.said_something = true;
	free(text);
}

static const char *
error_text(int result)
{
	for (size_t i = 0; i < sizeof(error_texts) / sizeof(error_texts[0]); i++)
		if (error_texts[i].code == result)
			return error_texts[i].text;
	return "unknown";
}

static void
print_error(struct modem *m, int result)
{
	bool is_cme = result >= CME(0);
	const char *kind = is_cme ? "+CME" : "+CMS";

	if (is_cme && m->at.setting[SET_CMEE] == 0)
		line_print(m, "\r\nERROR\r\n");
	else if (m->at.setting[SET_CMEE] == 2)
		line_print(m, "\r\n%s ERROR: %s\r\n", kind, error_text(result));
	else
		line_print(m, "\r\n%s ERROR: %d\r\n", kind, is_cme ? result - CME(0) : result - CMS(0));
}

void
at_result(struct modem *m, int result)
{
	long ignored;

	if (result == RESULT_NONE || m->at.quiet)
		return;
	if (fault_active(m, FAULT_URC_INSIDE) && fault_take(m, FAULT_URC_INSIDE, &ignored))
		line_print(m, "\r\n%s\r\n", m->faults.inside);
	if (result >= CMS(0))
		print_error(m, result);
	else if (!m->at.verbose_results)
		line_print(m, "%d\r", result == RESULT_OK ? 0 : 4);
	else
		line_print(m, "\r\n%s\r\n", result == RESULT_OK ? "OK" : "ERROR");
}

void
at_prompt(struct modem *m, bool store, long length, long state)
{
	m->at.entry_is_store = store;
	m->at.entry_length = length;
	m->at.entry_state = state;
	m->line.state = LINE_ENTRY;
	m->line.entry_len = 0;
	line_print(m, "\r\n> ");
}

static const struct {
	const char *name;
	bool	 preset;
} indications[] = {
	{ "all", true }, { "csq", false }, { "smsfull", false }, { "ring", true }, { "smsincoming", true }, { "act", false },
};

#define N_INDICATIONS	(sizeof(indications) / sizeof(indications[0]))

static int
find_indication(const char *name)
{
	for (size_t i = 0; i < N_INDICATIONS; i++)
		if (strcasecmp(indications[i].name, name) == 0)
			return (int)i;
	return -1;
}

int
at_run_qindcfg(struct modem *m, struct call *c)
{
	int i = c->op == OP_SET ? find_indication(c->arg[0]) : -1;
	long on;

	if (i == -1)
		return c->op == OP_TEST ? RESULT_OK : RESULT_ERROR;
	if (c->n == 1) {
		at_info(m, "+QINDCFG: \"%s\",%d", indications[i].name, m->at.indicates[i]);
		return RESULT_OK;
	}
	if (!at_number(c->arg[1], 0, 1, &on))
		return RESULT_ERROR;
	m->at.indicates[i] = on == 1;
	return RESULT_OK;
}

bool
at_indicates(const struct modem *m, const char *what)
{
	int i = find_indication(what);

	if (m->profile->family == QUECTEL)
		return m->at.indicates[0] && i != -1 && m->at.indicates[i];
	return m->profile->family != HUAWEI || m->at.setting[SET_CURC] != 0;
}

void
at_sms_urc(struct modem *m, const char *text)
{
	if (m->profile->family == QUECTEL && !at_indicates(m, "smsincoming"))
		return;
	if (m->at.cnmi[0] != 0)
		line_urc(m, "%s", text);
	else
		bytes_addf(&m->at.kept_urcs, "\r\n%s\r\n", text);
}

/* ---- strings in the character set of AT+CSCS ---------------------------------- */

void
at_encode(const struct modem *m, const char *utf8, char *out, size_t cap)
{
	uint8_t raw[PDU_TEXT_MAX];
	size_t len = strlen(utf8);
	int n;

	out[0] = '\0';
	if (m->at.charset == CHARSET_UCS2) {
		n = pdu_ucs2_encode(utf8, len, raw, sizeof(raw) / 2);
		if (n >= 0 && (size_t)n * 4 < cap)
			pdu_hex_encode(raw, (size_t)n * 2, out);
	} else if (m->at.charset == CHARSET_IRA) {
		snprintf(out, cap, "%s", utf8);
	} else {
		n = pdu_gsm7_encode(utf8, len, raw, sizeof(raw));
		if (n >= 0 && m->at.charset == CHARSET_HEX && (size_t)n * 2 < cap)
			pdu_hex_encode(raw, (size_t)n, out);
		else if (n >= 0 && m->at.charset == CHARSET_GSM && (size_t)n < cap)
			snprintf(out, cap, "%.*s", n, (const char *)raw);
	}
}

void
at_decode(const struct modem *m, const char *in, char *out, size_t cap)
{
	uint8_t raw[PDU_TEXT_MAX];
	int n, rv = -1;

	if (m->at.charset == CHARSET_UCS2) {
		n = pdu_hex_decode(in, strlen(in), raw, sizeof(raw));
		rv = n >= 0 ? pdu_ucs2_decode(raw, (size_t)n / 2, out, cap) : -1;
	} else if (m->at.charset == CHARSET_HEX) {
		n = pdu_hex_decode(in, strlen(in), raw, sizeof(raw));
		rv = n >= 0 ? pdu_gsm7_decode(raw, (size_t)n, out, cap) : -1;
	}
	if (rv < 0)
		snprintf(out, cap, "%s", in);
}

/* ---- finding the command -------------------------------------------------------- */

bool
at_number(const char *s, long least, long most, long *out)
{
	char *end;
	long v = strtol(s, &end, 10);

	if (*s == '\0' || *end != '\0' || v < least || v > most)
		return false;
	*out = v;
	return true;
}

static void
count(struct modem *m, const char *name)
{
	struct at *at = &m->at;
	size_t i;

	for (i = 0; i < at->n_counters; i++)
		if (strcmp(at->counter[i].name, name) == 0)
			break;
	if (i == sizeof(at->counter) / sizeof(at->counter[0]))
		i--;
	if (i == at->n_counters) {
		snprintf(at->counter[i].name, sizeof(at->counter[i].name), "%s", name);
		at->n_counters++;
	}
	at->counter[i].n++;
}

/* Splits at commas outside quotes; the quotes go. */
static void
split_args(struct call *c)
{
	char *in = c->text, *out = c->text;
	bool quoted = false;

	c->n = 0;
	c->arg[c->n++] = out;
	for (; *in != '\0'; in++) {
		if (*in == '"') {
			quoted = !quoted;
		} else if (*in == ',' && !quoted && c->n < ARGS_MAX) {
			*out++ = '\0';
			c->arg[c->n++] = out;
		} else if (*in != ' ' || quoted) {
			*out++ = *in;
		}
	}
	*out = '\0';
	for (int i = c->n; i < ARGS_MAX; i++)
		c->arg[i] = out;
}

static int
run_number(struct modem *m, const struct number *row, struct call *c)
{
	long v;

	switch (c->op) {
	case OP_READ:
		at_info(m, "%s: %ld", row->name, m->at.setting[row->setting]);
		return RESULT_OK;
	case OP_TEST:
		at_info(m, row->most == 1 ? "%s: (0,1)" : "%s: (0-%ld)", row->name, row->most);
		return RESULT_OK;
	case OP_SET:
		if (!at_number(c->arg[0], 0, row->most, &v))
			return CME(50);
		m->at.setting[row->setting] = v;
		return RESULT_OK;
	case OP_EXEC:
		m->at.setting[row->setting] = row->preset;
		return RESULT_OK;
	}
	return RESULT_ERROR;
}

static int
run_canned(struct modem *m, const struct canned *row)
{
	const char *p = row->lines, *end;

	for (; p != NULL && *p != '\0'; p = *end ? end + 1 : NULL) {
		end = strchrnul(p, '\n');
		at_info(m, "%.*s", (int)(end - p), p);
	}
	return row->result;
}

static const struct command *
find_command(const struct command *table, unsigned family, const char *name)
{
	for (; table->name != NULL; table++)
		if (table->families & family && strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

static int
unknown(struct modem *m)
{
	if (m->profile->unknown == NULL)
		return RESULT_ERROR;
	line_print(m, "\r\n%s\r\n", m->profile->unknown);
	return RESULT_NONE;
}

static int
run_call(struct modem *m, struct call *c)
{
	const struct command *sms = find_command(at_sms_commands, m->profile->family, c->name);
	const struct command *phone = find_command(at_phone_commands, m->profile->family, c->name);
	const struct command *row = sms != NULL ? sms : phone;

	for (size_t i = 0; row == NULL && i < N_NUMBERS; i++)
		if (numbers[i].families & m->profile->family && strcmp(numbers[i].name, c->name) == 0)
			return run_number(m, &numbers[i], c);
	if (row == NULL)
		return unknown(m);
	if (row->needs_sim && m->faults.pin_needed)
		return sms != NULL ? CMS(311) : CME(m->faults.pin_tries > 0 ? 11 : 12);
	return row->run(m, c);
}

/* "+CMGL=4", "E1", "&F": the operation, the arguments, and off to the tables. */
static int
run_element(struct modem *m, char *element)
{
	struct call c = { .op = OP_EXEC };
	const struct canned *canned;
	char name[24];
	size_t n = strcspn(element, "=?"), k;
	bool basic = isalpha((unsigned char)element[0]) || element[0] == '&';
	long code;

	k = basic ? (element[0] == '&' ? 2u : 1u) : n;
	for (size_t i = 0; i < k && i + 1 < sizeof(name); i++)
		name[i] = (char)toupper((unsigned char)element[i]);
	name[k < sizeof(name) - 1 ? k : sizeof(name) - 1] = '\0';
	count(m, name);
	if (!basic && fault_take(m, FAULT_CME, &code))
		return CME((int)code);
	canned = profile_canned(m->profile->family, element);
	if (canned != NULL)
		return run_canned(m, canned);
	if (!basic && element[n] == '?')
		c.op = OP_READ;
	else if (!basic && element[n] == '=')
		c.op = strcmp(element + n, "=?") == 0 ? OP_TEST : OP_SET;
	c.name = name;
	c.raw = basic ? element + k : c.op == OP_SET ? element + n + 1 : "";
	snprintf(c.text, sizeof(c.text), "%s", c.raw);
	split_args(&c);
	return run_call(m, &c);
}

/* Where the element at p ends: ';' outside quotes, or for a basic command its digits. */
static char *
element_end(char *p)
{
	bool quoted = false;

	if (isalpha((unsigned char)*p) || *p == '&') {
		if (toupper((unsigned char)*p) == 'D')
			return p + strlen(p);
		p += *p == '&' && p[1] != '\0' ? 2 : 1;
		return p + strspn(p, "0123456789=?");
	}
	for (; *p != '\0' && (quoted || *p != ';'); p++)
		if (*p == '"')
			quoted = !quoted;
	return p;
}

static int
run_line(struct modem *m, char *p)
{
	int result = RESULT_OK;

	while (*p != '\0' && result == RESULT_OK) {
		char *end = element_end(p), keep = *end;

		*end = '\0';
		result = run_element(m, p);
		*end = keep;
		p = end + (keep == ';');
		p += strspn(p, " ");
	}
	return result;
}

void
at_run(struct modem *m, char *text)
{
	text += strspn(text, " ");
	if (strncasecmp(text, "AT", 2) != 0)
		return;
	m->at.total++;
	m->at.running = true;
	m->at.said_something = false;
	at_result(m, run_line(m, text + 2));
	m->at.running = false;
}

/* ---- after the prompt ------------------------------------------------------------- */

void
at_entry(struct modem *m)
{
	struct pdu pdu = { .length = 0 };
	int n = pdu_hex_decode(m->line.entry, m->line.entry_len, pdu.octets, sizeof(pdu.octets));
	int index;

	m->at.said_something = false;
	pdu.length = n > 0 ? (size_t)n : 0;
	if (n <= 0 || pdu_tpdu_length(&pdu) != (size_t)m->at.entry_length) {
		at_result(m, CMS(304));
		return;
	}
	if (!m->at.entry_is_store) {
		network_submit(m, &pdu);
		return;
	}
	index = sim_store(&m->sim, m->at.memory[1], (enum slot_state)m->at.entry_state, network_new_id(m), &pdu);
	if (index != -1)
		at_info(m, "+CMGW: %d", index);
	at_result(m, index != -1 ? RESULT_OK : CMS(322));
}

void
at_entry_cancel(struct modem *m)
{
	m->at.said_something = false;
	at_result(m, RESULT_OK);
}

void
at_reset(struct modem *m)
{
	struct at *at = &m->at;
	int memory = sim_find(m->options.memory != NULL ? m->options.memory : m->profile->default_memory);

	at->echo = at->verbose_results = true;
	at->quiet = at->running = false;
	memset(at->setting, 0, sizeof(at->setting));
	for (size_t i = 0; i < N_NUMBERS; i++)
		at->setting[numbers[i].setting] = numbers[i].preset;
	at->setting[SET_CFUN] = 1;
	at->charset = CHARSET_IRA;
	at->cops_format = 0;
	for (int i = 0; i < 3; i++)
		at->memory[i] = (enum memory)memory;
	for (int i = 0; i < 5; i++)
		at->cnmi[i] = m->profile->cnmi_default[i];
	for (size_t i = 0; i < N_INDICATIONS; i++)
		at->indicates[i] = indications[i].preset;
	at->csms = 0;
	snprintf(at->csmp, sizeof(at->csmp), "17,167,0,0");
	at->kept_urcs.max = 4096;
	bytes_drop(&at->kept_urcs, at->kept_urcs.len);
}
