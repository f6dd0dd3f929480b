/* The SMS commands of TS 27.005, in PDU mode. */
#include "emulator/emulator.h"

#include <string.h>

static int
run_cmgf(struct modem *m, struct call *c)
{
	long v;

	if (c->op == OP_READ)
		at_info(m, "+CMGF: %ld", m->at.setting[SET_CMGF]);
	else if (c->op == OP_TEST)
		at_info(m, "+CMGF: (0)");
	else if (!at_number(c->op == OP_EXEC ? "0" : c->arg[0], 0, 0, &v))
		return CMS(303);
	return RESULT_OK;
}

/* ---- memories -------------------------------------------------------------------- */

static int
used(struct modem *m, enum memory memory)
{
	if (memory == MEM_SM && fault_active(m, FAULT_SIM_FULL))
		return m->sim.capacity[MEM_SM];
	return sim_used(&m->sim, memory);
}

static void
show_memories(struct modem *m, bool with_names)
{
	struct bytes b;

	bytes_init(&b, 256);
	for (int i = 0; i < 3; i++) {
		enum memory memory = m->at.memory[i];

		if (with_names)
			bytes_addf(&b, "%s\"%s\"", i ? "," : "", sim_name(memory));
		bytes_addf(&b, "%s%d,%d", i || with_names ? "," : "", used(m, memory), m->sim.capacity[memory]);
	}
	at_info(m, "+CPMS: %s", bytes_str(&b));
	bytes_release(&b);
}

static int
run_cpms(struct modem *m, struct call *c)
{
	int memory[3] = { -1, -1, -1 };
	bool reports = m->sim.capacity[MEM_SR] > 0;

	if (c->op == OP_READ) {
		show_memories(m, true);
		return RESULT_OK;
	}
	if (c->op == OP_TEST) {
		at_info(m, "+CPMS: (\"SM\",\"ME\"%s),(\"SM\",\"ME\"),(\"SM\",\"ME\")", reports ? ",\"SR\"" : "");
		return RESULT_OK;
	}
	if (c->op != OP_SET || c->n > 3)
		return CMS(302);
	for (int i = 0; i < c->n; i++) {
		char name[16];

		at_decode(m, c->arg[i], name, sizeof(name));
		memory[i] = sim_find(name);
		if (memory[i] == -1)
			memory[i] = sim_find(c->arg[i]);
		if (memory[i] == -1 || m->sim.capacity[memory[i]] == 0 || (i > 0 && memory[i] == MEM_SR))
			return CMS(302);
	}
	for (int i = 0; i < c->n; i++)
		m->at.memory[i] = (enum memory)memory[i];
	show_memories(m, false);
	network_pump(m);
	return RESULT_OK;
}

/* ---- reading ---------------------------------------------------------------------- */

static void
show_slot(struct modem *m, const char *command, long index, struct slot *s)
{
	char hex[2 * PDU_MAX + 1];

	pdu_hex_encode(s->pdu.octets, s->pdu.length, hex);
	if (index >= 0)
		at_info(m, "+%s: %ld,%d,,%zu\r\n%s", command, index, s->state, pdu_tpdu_length(&s->pdu), hex);
	else
		at_info(m, "+%s: %d,,%zu\r\n%s", command, s->state, pdu_tpdu_length(&s->pdu), hex);
	if (s->state == REC_UNREAD)
		s->state = REC_READ;
}

/* A slot whose reading never ends. */
static bool
hangs(struct modem *m, long index)
{
	long which;

	return fault_active(m, FAULT_HANG_READ) && m->faults.f[FAULT_HANG_READ].value == index &&
	    fault_take(m, FAULT_HANG_READ, &which);
}

static int
run_cmgl(struct modem *m, struct call *c)
{
	enum memory memory = m->at.memory[0];
	long wanted = REC_UNREAD;

	if (c->op == OP_TEST) {
		at_info(m, "+CMGL: (0-4)");
		return RESULT_OK;
	}
	if (c->op == OP_SET && !at_number(c->arg[0], 0, 4, &wanted))
		return CMS(302);
	for (long i = m->sim.first; i < m->sim.first + m->sim.capacity[memory]; i++) {
		struct slot *s = sim_slot(&m->sim, memory, i);

		if (!s->used || (wanted != 4 && s->state != (enum slot_state)wanted))
			continue;
		if (hangs(m, i))
			return RESULT_NONE;
		show_slot(m, "CMGL", i, s);
		ledger(m, "read", s->id, "%s\t%ld\tCMGL", sim_name(memory), i);
	}
	return RESULT_OK;
}

static int
run_cmgr(struct modem *m, struct call *c)
{
	enum memory memory = m->at.memory[0];
	struct slot *s;
	long index;

	if (c->op == OP_TEST)
		return RESULT_OK;
	if (!at_number(c->arg[0], 0, 65535, &index))
		return CMS(302);
	s = sim_slot(&m->sim, memory, index);
	if (s == NULL)
		return CMS(321);
	if (hangs(m, index))
		return RESULT_NONE;
	if (!s->used)
		return m->profile->family == SIMCOM ? RESULT_OK : CMS(321);
	show_slot(m, "CMGR", -1, s);
	ledger(m, "read", s->id, "%s\t%ld\tCMGR", sim_name(memory), index);
	return RESULT_OK;
}

/* ---- deleting ---------------------------------------------------------------------- */

static void
delete_slot(struct modem *m, enum memory memory, long index)
{
	struct slot *s = sim_slot(&m->sim, memory, index);

	if (s == NULL || !s->used)
		return;
	s->used = false;
	ledger(m, "delete", s->id, "%s\t%ld", sim_name(memory), index);
}

static void
delete_by_flag(struct modem *m, enum memory memory, long flag)
{
	for (long i = m->sim.first; i < m->sim.first + m->sim.capacity[memory]; i++) {
		enum slot_state state = sim_slot(&m->sim, memory, i)->state;

		if (flag == 4 || state == REC_READ || (flag >= 2 && state == STO_SENT) || (flag >= 3 && state == STO_UNSENT))
			delete_slot(m, memory, i);
	}
}

static int
run_cmgd(struct modem *m, struct call *c)
{
	enum memory memory = m->at.memory[0];
	long index, flag = 0;

	if (c->op == OP_TEST) {
		at_info(m, "+CMGD: (%d-%d),(0-4)", m->sim.first, m->sim.first + m->sim.capacity[memory] - 1);
		return RESULT_OK;
	}
	if (c->op != OP_SET || !at_number(c->arg[0], 0, 65535, &index) || (c->n > 1 && !at_number(c->arg[1], 0, 4, &flag)))
		return CMS(302);
	if (flag == 0 && sim_slot(&m->sim, memory, index) == NULL)
		return CMS(321);
	if (flag == 0)
		delete_slot(m, memory, index);
	else
		delete_by_flag(m, memory, flag);
	network_pump(m);
	return RESULT_OK;
}

/* ---- sending ------------------------------------------------------------------------ */

static int
run_cmgs(struct modem *m, struct call *c)
{
	long length;

	if (c->op == OP_TEST)
		return RESULT_OK;
	if (c->op != OP_SET || !at_number(c->arg[0], 7, 180, &length))
		return CMS(304);
	at_prompt(m, false, length, 0);
	return RESULT_NONE;
}

static int
run_cmgw(struct modem *m, struct call *c)
{
	long length, state = STO_UNSENT;

	if (c->op == OP_TEST)
		return RESULT_OK;
	if (c->op != OP_SET || !at_number(c->arg[0], 7, 180, &length) ||
	    (c->n > 1 && *c->arg[1] != '\0' && !at_number(c->arg[1], 0, 3, &state)))
		return CMS(304);
	at_prompt(m, true, length, state);
	return RESULT_NONE;
}

static int
run_cmss(struct modem *m, struct call *c)
{
	struct slot *s;
	long index;

	if (c->op == OP_TEST)
		return RESULT_OK;
	if (c->op != OP_SET || c->n > 1 || !at_number(c->arg[0], 0, 65535, &index))
		return CMS(302);
	s = sim_slot(&m->sim, m->at.memory[1], index);
	if (s == NULL || !s->used || pdu_kind(&s->pdu) != 1)
		return CMS(321);
	s->state = STO_SENT;
	network_submit(m, &s->pdu);
	return RESULT_NONE;
}

/* ---- what is kept and shown ----------------------------------------------------------- */

static int
run_csca(struct modem *m, struct call *c)
{
	char text[4 * PDU_ADDRESS_MAX];

	if (c->op == OP_TEST)
		return RESULT_OK;
	if (c->op == OP_READ) {
		at_encode(m, m->net.smsc, text, sizeof(text));
		at_info(m, "+CSCA: \"%s\",%d", text, m->net.smsc[0] == '+' ? 145 : 129);
		return RESULT_OK;
	}
	if (c->op != OP_SET)
		return CMS(302);
	at_decode(m, c->arg[0], text, sizeof(text));
	if (strlen(text) > 21 || strspn(text, "+0123456789") != strlen(text))
		return CMS(302);
	snprintf(m->net.smsc, sizeof(m->net.smsc), "%s%.21s",
	    strcmp(c->arg[1], "145") == 0 && text[0] != '+' ? "+" : "", text);
	return RESULT_OK;
}

static int
run_csms(struct modem *m, struct call *c)
{
	long v;

	if (c->op == OP_READ)
		at_info(m, "+CSMS: %d,1,1,1", m->at.csms);
	else if (c->op == OP_TEST)
		at_info(m, "+CSMS: (0,1)");
	else if (at_number(c->arg[0], 0, 1, &v)) {
		m->at.csms = (int)v;
		at_info(m, "+CSMS: 1,1,1");
	} else
		return CMS(302);
	return RESULT_OK;
}

static void
release_kept_urcs(struct modem *m)
{
	struct bytes *kept = &m->at.kept_urcs;

	if (m->at.cnmi[0] == 0 || kept->len == 0)
		return;
	if (m->at.cnmi[4] == 0)
		bytes_add(&m->line.held, kept->p, kept->len);
	bytes_drop(kept, kept->len);
}

static int
run_cnmi(struct modem *m, struct call *c)
{
	unsigned v[5];
	long n;

	memcpy(v, m->at.cnmi, sizeof(v));
	if (c->op == OP_READ) {
		at_info(m, "+CNMI: %u,%u,%u,%u,%u", v[0], v[1], v[2], v[3], v[4]);
		return RESULT_OK;
	}
	if (c->op == OP_TEST) {
		at_info(m, "+CNMI: %s", m->profile->cnmi_test);
		return RESULT_OK;
	}
	for (int i = 0; i < c->n && i < 5 && c->op == OP_SET; i++) {
		if (*c->arg[i] == '\0')
			continue;
		if (!at_number(c->arg[i], 0, m->profile->cnmi_max[i], &n))
			return CMS(303);
		v[i] = (unsigned)n;
	}
	if (v[2] == 1 || (v[3] == 2 && m->profile->cnmi_no_ds2))
		return CMS(303);
	memcpy(m->at.cnmi, v, sizeof(v));
	release_kept_urcs(m);
	network_pump(m);
	return RESULT_OK;
}

static int
run_csmp(struct modem *m, struct call *c)
{
	if (c->op == OP_READ)
		at_info(m, "+CSMP: %s", m->at.csmp);
	else if (c->op == OP_SET && strlen(c->raw) < sizeof(m->at.csmp))
		snprintf(m->at.csmp, sizeof(m->at.csmp), "%s", c->raw);
	else if (c->op != OP_TEST)
		return CMS(302);
	return RESULT_OK;
}

static int
run_cscb(struct modem *m, struct call *c)
{
	if (c->op == OP_READ)
		at_info(m, "+CSCB: 0,\"\",\"\"");
	else if (c->op == OP_TEST)
		at_info(m, "+CSCB: (0,1)");
	return RESULT_OK;
}

static int
run_cnma(struct modem *m, struct call *c)
{
	return c->op == OP_TEST || m->at.csms == 1 ? RESULT_OK : CMS(302);
}

const struct command at_sms_commands[] = {
	{ "+CMGF", ALL_FAMILIES, false, run_cmgf },
	{ "+CPMS", ALL_FAMILIES, true, run_cpms },
	{ "+CMGL", ALL_FAMILIES, true, run_cmgl },
	{ "+CMGR", ALL_FAMILIES, true, run_cmgr },
	{ "+CMGD", ALL_FAMILIES, true, run_cmgd },
	{ "+CMGS", ALL_FAMILIES, true, run_cmgs },
	{ "+CMGW", ALL_FAMILIES, true, run_cmgw },
	{ "+CMSS", ALL_FAMILIES, true, run_cmss },
	{ "+CSCA", ALL_FAMILIES, true, run_csca },
	{ "+CSMS", ALL_FAMILIES, true, run_csms },
	{ "+CNMI", ALL_FAMILIES, true, run_cnmi },
	{ "+CSMP", ALL_FAMILIES, true, run_csmp },
	{ "+CSCB", ALL_FAMILIES, true, run_cscb },
	{ "+CNMA", ALL_FAMILIES, true, run_cnma },
	{ NULL, 0, false, NULL },
};
