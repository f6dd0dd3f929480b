/* The other commands of TS 27.007 and V.250: identity, SIM, network, calls, USSD, clock. */
#include "emulator/emulator.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IMSI	"610021234567890"
#define ICCID	"8922302100000000017"

/* ---- who it is ----------------------------------------------------------------------- */

static const char *
imei(const struct modem *m)
{
	return m->profile->family == HUAWEI ? "867989010000012" :
	    m->profile->family == SIMCOM ? "865691030000013" : "867962040000015";
}

static int
run_manufacturer(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC)
		at_info(m, "%s", m->profile->manufacturer);
	return RESULT_OK;
}

static int
run_model(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC)
		at_info(m, "%s", m->profile->model);
	return RESULT_OK;
}

static int
run_revision(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC)
		at_info(m, "%s%s", m->profile->family == SIMCOM ? "Revision:" : "", m->profile->revision);
	return RESULT_OK;
}

static int
run_information(struct modem *m, struct call *c)
{
	(void)c;
	if (m->profile->family == HUAWEI)
		at_info(m, "%s\r\nIMEI: %s\r\n+GCAP: +CGSM,+DS,+ES", m->profile->information, imei(m));
	else
		at_info(m, "%s", m->profile->information);
	return RESULT_OK;
}

static int
run_imei(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC)
		at_info(m, "%s", imei(m));
	return RESULT_OK;
}

static int
run_imsi(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC)
		at_info(m, IMSI);
	return RESULT_OK;
}

static int
run_ccid(struct modem *m, struct call *c)
{
	if (c->op == OP_TEST)
		return RESULT_OK;
	if (m->profile->family == SIMCOM)
		at_info(m, "%s", ICCID);
	else
		at_info(m, "%s: %s", c->name, ICCID);
	return RESULT_OK;
}

static int
run_cnum(struct modem *m, struct call *c)
{
	char number[4 * PDU_ADDRESS_MAX];

	if (c->op == OP_EXEC && m->net.number[0] != '\0') {
		at_encode(m, m->net.number, number, sizeof(number));
		at_info(m, "+CNUM: \"\",\"%s\",%d", number, m->net.number[0] == '+' ? 145 : 129);
	}
	return RESULT_OK;
}

/* ---- V.250 ------------------------------------------------------------------------------ */

static int
run_echo(struct modem *m, struct call *c)
{
	m->at.echo = *c->raw == '1';
	return RESULT_OK;
}

static int
run_verbose(struct modem *m, struct call *c)
{
	m->at.verbose_results = *c->raw == '1';
	return RESULT_OK;
}

static int
run_quiet(struct modem *m, struct call *c)
{
	m->at.quiet = *c->raw == '1';
	return RESULT_OK;
}

static int
run_factory(struct modem *m, struct call *c)
{
	(void)c;
	m->at.echo = m->at.verbose_results = true;
	m->at.quiet = false;
	m->at.setting[SET_CMEE] = 0;
	m->at.charset = CHARSET_IRA;
	return RESULT_OK;
}

static int
run_accepted(struct modem *m, struct call *c)
{
	(void)m;
	(void)c;
	return RESULT_OK;
}

/* ---- SIM and power -------------------------------------------------------------------------- */

static const char *
pin_state(const struct modem *m)
{
	if (!m->faults.pin_needed)
		return "READY";
	return m->faults.pin_tries > 0 ? "SIM PIN" : "SIM PUK";
}

static int
enter_puk(struct modem *m, const char *puk, const char *new_pin)
{
	struct faults *f = &m->faults;

	if (f->puk_tries == 0)
		return CME(13);
	if (strcmp(puk, f->puk) != 0 || strlen(new_pin) < 4 || strlen(new_pin) > 8) {
		f->puk_tries--;
		return CME(16);
	}
	snprintf(f->pin, sizeof(f->pin), "%s", new_pin);
	f->pin_tries = 3;
	f->puk_tries = 10;
	f->pin_needed = false;
	return RESULT_OK;
}

static int
enter_pin(struct modem *m, const char *pin)
{
	struct faults *f = &m->faults;

	if (strcmp(pin, f->pin) != 0) {
		f->pin_tries--;
		return CME(f->pin_tries > 0 ? 16 : 12);
	}
	f->pin_tries = 3;
	f->pin_needed = false;
	return RESULT_OK;
}

static int
run_cpin(struct modem *m, struct call *c)
{
	int result;

	if (c->op == OP_READ) {
		at_info(m, "+CPIN: %s", pin_state(m));
		return RESULT_OK;
	}
	if (c->op != OP_SET)
		return RESULT_OK;
	if (!m->faults.pin_needed)
		return CME(3);
	result = m->faults.pin_tries > 0 ? enter_pin(m, c->arg[0]) : enter_puk(m, c->arg[0], c->arg[1]);
	ledger(m, "pin", 0, "%s", result == RESULT_OK ? "accepted" : "refused");
	if (result == RESULT_OK) {
		line_urc(m, "+CPIN: READY");
		network_pump(m);
	}
	return result;
}

static void
reboot(struct modem *m, uint64_t arg)
{
	(void)arg;
	fault_reset(m);
}

static int
run_cfun(struct modem *m, struct call *c)
{
	long v, reset = 0;

	if (c->op == OP_READ)
		at_info(m, "+CFUN: %ld", m->at.setting[SET_CFUN]);
	else if (c->op == OP_TEST)
		at_info(m, "+CFUN: (0,1,4),(0,1)");
	else if (c->op != OP_SET || !at_number(c->arg[0], 0, 7, &v) || (c->n > 1 && !at_number(c->arg[1], 0, 1, &reset)))
		return CME(50);
	else if (reset == 1)
		main_after(m, 500, reboot, 0);
	else {
		m->at.setting[SET_CFUN] = v;
		network_pump(m);
	}
	return RESULT_OK;
}

static int
run_cscs(struct modem *m, struct call *c)
{
	static const char *const names[] = { "GSM", "IRA", "UCS2", "HEX" };
	char name[16];

	if (c->op == OP_READ) {
		at_info(m, "+CSCS: \"%s\"", names[m->at.charset]);
		return RESULT_OK;
	}
	if (c->op == OP_TEST) {
		at_info(m, "+CSCS: (%s)", m->profile->charsets);
		return RESULT_OK;
	}
	at_decode(m, c->arg[0], name, sizeof(name));
	for (int i = 0; i < 4; i++) {
		if ((strcasecmp(names[i], name) == 0 || strcasecmp(names[i], c->arg[0]) == 0) &&
		    strstr(m->profile->charsets, names[i]) != NULL) {
			m->at.charset = (enum charset)i;
			return RESULT_OK;
		}
	}
	return CME(50);
}

/* ---- network --------------------------------------------------------------------------------- */

static bool
on_air(const struct modem *m)
{
	return m->net.registered && m->at.setting[SET_CFUN] == 1 && !m->faults.pin_needed;
}

static int
run_registration(struct modem *m, struct call *c)
{
	enum setting s = strcmp(c->name, "+CREG") == 0 ? SET_CREG : strcmp(c->name, "+CGREG") == 0 ? SET_CGREG : SET_CEREG;
	long v;

	if (c->op == OP_TEST) {
		at_info(m, "%s: (0-2)", c->name);
		return RESULT_OK;
	}
	if (c->op == OP_SET) {
		if (!at_number(c->arg[0], 0, 2, &v))
			return CME(50);
		m->at.setting[s] = v;
		return RESULT_OK;
	}
	if (m->at.setting[s] == 2 && on_air(m))
		at_info(m, "%s: 2,1,\"03EB\",\"5A3C\"", c->name);
	else
		at_info(m, "%s: %ld,%d", c->name, m->at.setting[s], on_air(m) ? 1 : 2);
	return RESULT_OK;
}

static int
run_cops(struct modem *m, struct call *c)
{
	static const char *const formats[] = { "Orange ML", "Orange ML", "61002" };
	char name[64];
	long mode, format = m->at.cops_format;

	if (c->op == OP_TEST) {
		at_info(m, "+COPS: (2,\"Orange ML\",\"Orange\",\"61002\",0),(1,\"Malitel\",\"Malitel\",\"61001\",0),,(0,1,2,3,4),(0,1,2)");
		return RESULT_OK;
	}
	if (c->op == OP_READ) {
		/* The number is no text: no firmware codes it. */
		if (m->at.cops_format == 2)
			snprintf(name, sizeof(name), "%s", formats[2]);
		else
			at_encode(m, formats[m->at.cops_format], name, sizeof(name));
		if (on_air(m))
			at_info(m, "+COPS: 0,%d,\"%s\",%d", m->at.cops_format, name, m->profile->family == SIMCOM ? 0 : 2);
		else
			at_info(m, "+COPS: 0");
		return RESULT_OK;
	}
	if (c->op != OP_SET || !at_number(c->arg[0], 0, 4, &mode) || (c->n > 1 && !at_number(c->arg[1], 0, 2, &format)))
		return CME(50);
	m->at.cops_format = (int)format;
	return RESULT_OK;
}

static int
run_csq(struct modem *m, struct call *c)
{
	if (c->op == OP_TEST)
		at_info(m, "+CSQ: (0-31,99),(0-7,99)");
	else
		at_info(m, "+CSQ: %d,%d", m->net.signal, m->profile->family == SIMCOM ? 0 : 99);
	return RESULT_OK;
}

static int
run_cbc(struct modem *m, struct call *c)
{
	if (c->op == OP_TEST)
		at_info(m, "+CBC: (0-2),(1-100)");
	else
		at_info(m, m->profile->family == HUAWEI ? "+CBC: 0,100" : "+CBC: 0,78,4011");
	return RESULT_OK;
}

static int
run_cclk(struct modem *m, struct call *c)
{
	time_t now = (time_t)main_unix_time();
	struct tm t;

	if (c->op == OP_READ && gmtime_r(&now, &t) != NULL)
		at_info(m, "+CCLK: \"%02d/%02d/%02d,%02d:%02d:%02d+00\"", t.tm_year % 100, t.tm_mon + 1, t.tm_mday, t.tm_hour,
		    t.tm_min, t.tm_sec);
	return RESULT_OK;
}

static int
run_cpas(struct modem *m, struct call *c)
{
	if (c->op == OP_TEST)
		at_info(m, "+CPAS: (0,2,3,4)");
	else
		at_info(m, "+CPAS: %d", m->net.rings_left > 0 ? 3 : 0);
	return RESULT_OK;
}

/* ---- USSD --------------------------------------------------------------------------------------- */

/* The network answers a moment later, in whatever coding the firmware uses. */
static void
answer_ussd(struct modem *m, uint64_t known)
{
	const char *text = m->net.balance;
	char coded[4 * PDU_TEXT_MAX + 1] = "";
	uint8_t septets[182], octets[160];
	int n = pdu_gsm7_encode(text, strlen(text), septets, sizeof(septets)), dcs = 15;

	if (known == 0) {
		line_urc(m, "+CUSD: 4");
		return;
	}
	if (m->profile->hex_ussd && n >= 0) {
		pdu_hex_encode(octets, pdu_gsm7_pack(septets, (size_t)n, 0, octets, sizeof(octets)), coded);
	} else if (m->profile->hex_ussd || (n < 0 && m->at.charset != CHARSET_UCS2)) {
		n = pdu_ucs2_encode(text, strlen(text), octets, sizeof(octets) / 2);
		pdu_hex_encode(octets, n < 0 ? 0 : (size_t)n * 2, coded);
		dcs = 72;
	} else {
		at_encode(m, text, coded, sizeof(coded));
	}
	line_urc(m, "+CUSD: 0,\"%s\",%d", coded, dcs);
}

static void
start_ussd(struct modem *m, const char *code)
{
	size_t n = strlen(code);
	bool known = n >= 3 && strchr("*#", code[0]) != NULL && code[n - 1] == '#';
	struct bytes b;

	bytes_init(&b, 1024);
	bytes_add_escaped(&b, code, n);
	ledger(m, "ussd", 0, "%s", bytes_str(&b));
	bytes_release(&b);
	main_after(m, 150, answer_ussd, known);
}

static int
run_cusd(struct modem *m, struct call *c)
{
	char code[PDU_TEXT_MAX];
	uint8_t octets[160], septets[182];
	long mode = 0;
	int n;

	if (c->op == OP_READ)
		at_info(m, "+CUSD: %ld", m->at.setting[SET_CUSD]);
	else if (c->op == OP_TEST)
		at_info(m, "+CUSD: (0-2)");
	if (c->op != OP_SET)
		return RESULT_OK;
	if (!at_number(c->arg[0], 0, 2, &mode))
		return CME(50);
	m->at.setting[SET_CUSD] = mode == 1;
	if (c->n < 2 || *c->arg[1] == '\0')
		return RESULT_OK;
	if (!on_air(m))
		return CME(30);
	at_decode(m, c->arg[1], code, sizeof(code));
	n = m->profile->hex_ussd ? pdu_hex_decode(c->arg[1], strlen(c->arg[1]), octets, sizeof(octets)) : -1;
	if (n > 0) {
		n = (int)pdu_gsm7_unpack(octets, (size_t)n, 0, septets, sizeof(septets));
		/* Seven bits left over in the last octet are a padding CR or @. */
		while (n > 0 && (septets[n - 1] == '\r' || septets[n - 1] == 0))
			n--;
		pdu_gsm7_decode(septets, (size_t)n, code, sizeof(code));
	}
	start_ussd(m, code);
	return RESULT_OK;
}

/* ---- calls ----------------------------------------------------------------------------------------- */

static int
run_dial(struct modem *m, struct call *c)
{
	char number[64];
	size_t n = strcspn(c->raw, ";");

	if (!on_air(m)) {
		line_print(m, "\r\nNO CARRIER\r\n");
		return RESULT_NONE;
	}
	snprintf(number, sizeof(number), "%.*s", (int)(n < 40 ? n : 40), c->raw);
	if (strpbrk(number, "*#") != NULL) {
		start_ussd(m, number);
		return RESULT_OK;
	}
	number[strspn(number, "+0123456789")] = '\0';
	ledger(m, "call", network_new_id(m), "%s\tdialled", number);
	return RESULT_OK;
}

static int
run_answer(struct modem *m, struct call *c)
{
	(void)c;
	if (m->net.rings_left == 0) {
		line_print(m, "\r\nNO CARRIER\r\n");
		return RESULT_NONE;
	}
	network_hang_up(m, "taken");
	return RESULT_OK;
}

static int
run_hang_up(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC && m->net.rings_left > 0)
		network_hang_up(m, "refused");
	return RESULT_OK;
}

static int
run_clcc(struct modem *m, struct call *c)
{
	if (c->op == OP_EXEC && m->net.rings_left > 0)
		at_info(m, "+CLCC: 1,1,4,0,0,\"%s\",145", m->net.caller);
	return RESULT_OK;
}

const struct command at_phone_commands[] = {
	{ "+CGMI", ALL_FAMILIES, false, run_manufacturer }, { "+GMI", ALL_FAMILIES, false, run_manufacturer },
	{ "+CGMM", ALL_FAMILIES, false, run_model }, { "+GMM", ALL_FAMILIES, false, run_model },
	{ "+CGMR", ALL_FAMILIES, false, run_revision }, { "+GMR", ALL_FAMILIES, false, run_revision },
	{ "+CGSN", ALL_FAMILIES, false, run_imei }, { "+GSN", ALL_FAMILIES, false, run_imei },
	{ "+CIMI", ALL_FAMILIES, true, run_imsi },
	{ "+CCID", SIMCOM | QUECTEL, true, run_ccid }, { "+QCCID", QUECTEL, true, run_ccid },
	{ "^ICCID", HUAWEI, true, run_ccid }, { "+ICCID", QUECTEL, true, run_ccid },
	{ "+CNUM", ALL_FAMILIES, true, run_cnum },
	{ "I", ALL_FAMILIES, false, run_information },
	{ "E", ALL_FAMILIES, false, run_echo },
	{ "V", ALL_FAMILIES, false, run_verbose },
	{ "Q", ALL_FAMILIES, false, run_quiet },
	{ "Z", ALL_FAMILIES, false, run_factory }, { "&F", ALL_FAMILIES, false, run_factory },
	{ "&D", ALL_FAMILIES, false, run_accepted }, { "&C", ALL_FAMILIES, false, run_accepted },
	{ "&W", ALL_FAMILIES, false, run_accepted }, { "S", ALL_FAMILIES, false, run_accepted },
	{ "X", ALL_FAMILIES, false, run_accepted }, { "L", ALL_FAMILIES, false, run_accepted },
	{ "M", ALL_FAMILIES, false, run_accepted },
	{ "D", ALL_FAMILIES, false, run_dial },
	{ "A", ALL_FAMILIES, false, run_answer },
	{ "H", ALL_FAMILIES, false, run_hang_up }, { "+CHUP", ALL_FAMILIES, false, run_hang_up },
	{ "+CLCC", ALL_FAMILIES, false, run_clcc },
	{ "+CPIN", ALL_FAMILIES, false, run_cpin },
	{ "+CFUN", ALL_FAMILIES, false, run_cfun },
	{ "+CSCS", ALL_FAMILIES, false, run_cscs },
	{ "+CREG", ALL_FAMILIES, false, run_registration }, { "+CGREG", ALL_FAMILIES, false, run_registration },
	{ "+CEREG", QUECTEL, false, run_registration },
	{ "+QINDCFG", QUECTEL, false, at_run_qindcfg },
	{ "+COPS", ALL_FAMILIES, true, run_cops },
	{ "+CSQ", ALL_FAMILIES, false, run_csq },
	{ "+CBC", ALL_FAMILIES, false, run_cbc },
	{ "+CCLK", ALL_FAMILIES, false, run_cclk },
	{ "+CPAS", ALL_FAMILIES, false, run_cpas },
	{ "+CUSD", ALL_FAMILIES, true, run_cusd },
	{ "+CGATT", ALL_FAMILIES, false, run_accepted },
	{ NULL, 0, false, NULL },
};
