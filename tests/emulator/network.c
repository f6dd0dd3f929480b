/* The SMS centre and the radio: what waits for the SIM, what left it, reports, calls. */
#include "emulator/emulator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX	255
#define LOOK_BACK	1024	/* SUBMITs searched for the other parts of a message */
#define RING_MS		3000

uint64_t
network_new_id(struct modem *m)
{
	return ++m->net.last_id;
}

void
network_init(struct modem *m)
{
	struct network *n = &m->net;

	n->waiting.end = &n->waiting.first;
	n->reports.end = &n->reports.first;
	n->registered = n->reports_on = true;
	n->signal = 18;
	n->report_delay_ms = 200;
	snprintf(n->smsc, sizeof(n->smsc), "+22370009900");
	snprintf(n->number, sizeof(n->number), "%s", m->options.number);
	snprintf(n->balance, sizeof(n->balance), "Votre solde est de 1250 F CFA");
}

static void
queue_release(struct queue *q)
{
	struct message *next;

	for (struct message *p = q->first; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
}

void
network_release(struct modem *m)
{
	struct network *n = &m->net;

	queue_release(&n->waiting);
	queue_release(&n->reports);
	for (size_t i = 0; i < n->n_sent; i++)
		free(n->sent[i].text);
	for (size_t i = 0; i < n->n_out; i++)
		free(n->out[i].text);
	free(n->sent);
	free(n->out);
}

/* ---- towards the SIM ------------------------------------------------------------------- */

static struct message *
queue_add(struct queue *q, uint64_t id, const struct pdu *pdu)
{
	struct message *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->id = id;
	p->pdu = *pdu;
	*q->end = p;
	q->end = &p->next;
	q->n++;
	return p;
}

static void
queue_drop(struct queue *q)
{
	struct message *p = q->first;

	q->first = p->next;
	if (q->first == NULL)
		q->end = &q->first;
	q->n--;
	free(p);
}

static bool
reachable(const struct modem *m)
{
	return m->net.registered && m->line.master != -1 && !m->faults.power_off && !m->faults.pin_needed &&
	    m->at.setting[SET_CFUN] == 1;
}

static void
write_pdu_event(struct modem *m, const char *event, const struct message *p, const char *memory, int index)
{
	char hex[2 * PDU_MAX + 1], peer[PDU_ADDRESS_MAX];

	pdu_hex_encode(p->pdu.octets, p->pdu.length, hex);
	pdu_peer(&p->pdu, peer);
	ledger(m, event, p->id, "%s\t%d\t%s\t%s", memory, index, peer, hex);
}

/* The whole PDU goes to the host at once and is kept nowhere. */
static void
route_directly(struct modem *m, const struct message *p, const char *event)
{
	char hex[2 * PDU_MAX + 1], text[2 * PDU_MAX + 64];

	write_pdu_event(m, event, p, line_is_heard(m) ? "+CMT" : "lost", 0);
	pdu_hex_encode(p->pdu.octets, p->pdu.length, hex);
	snprintf(text, sizeof(text), "+CMT: ,%zu\r\n%s", pdu_tpdu_length(&p->pdu), hex);
	at_sms_urc(m, text);
}

static void
say_full(struct modem *m)
{
	if (m->net.said_full || m->profile->full == NULL)
		return;
	m->net.said_full = true;
	if (at_indicates(m, "smsfull"))
		line_urc(m, "%s\"%s\"", m->profile->full, sim_name(m->at.memory[2]));
}

/* False: there is no room, it stays with the centre. */
static bool
hand_over(struct modem *m, const struct message *p)
{
	enum memory memory = m->at.memory[2];
	char text[40];
	long ignored;
	int index;

	if (pdu_is_flash(&p->pdu) && !p->store_flash && !m->net.store_flash) {
		if (m->at.cnmi[1] != 0)
			route_directly(m, p, "flash");
		else
			write_pdu_event(m, "flash", p, "lost", 0);
		return true;
	}
	if (m->at.cnmi[1] == 2) {
		route_directly(m, p, "direct");
		return true;
	}
	index = fault_active(m, FAULT_SIM_FULL) ? -1 : sim_store(&m->sim, memory, REC_UNREAD, p->id, &p->pdu);
	if (index == -1) {
		say_full(m);
		return false;
	}
	m->net.said_full = false;
	write_pdu_event(m, "accept", p, sim_name(memory), index);
	snprintf(text, sizeof(text), "+CMTI: \"%s\",%d", sim_name(memory), index);
	if (m->at.cnmi[1] != 0 && !fault_take(m, FAULT_NO_CMTI, &ignored))
		at_sms_urc(m, text);
	return true;
}

/* How the report reached the phone, for the ledger; NULL: no room, it waits. */
static const char *
hand_over_report(struct modem *m, const struct message *p, char *how, size_t cap)
{
	char hex[2 * PDU_MAX + 1], text[2 * PDU_MAX + 64];
	int index;

	if (m->at.cnmi[3] == 0)
		return "dropped";
	if (m->at.cnmi[3] == 1) {
		pdu_hex_encode(p->pdu.octets, p->pdu.length, hex);
		snprintf(text, sizeof(text), "+CDS: %zu\r\n%s", pdu_tpdu_length(&p->pdu), hex);
		at_sms_urc(m, text);
		return line_is_heard(m) ? "+CDS" : "lost";
	}
	index = sim_store(&m->sim, MEM_SR, REC_UNREAD, p->id, &p->pdu);
	if (index == -1)
		return NULL;
	snprintf(text, sizeof(text), "+CDSI: \"SR\",%d", index);
	at_sms_urc(m, text);
	snprintf(how, cap, "SR:%d", index);
	return how;
}

static void
pump_reports(struct modem *m)
{
	struct queue *q = &m->net.reports;
	const char *how;
	char room[24], peer[PDU_ADDRESS_MAX];

	while (q->first != NULL) {
		const struct pdu *pdu = &q->first->pdu;

		how = hand_over_report(m, q->first, room, sizeof(room));
		if (how == NULL)
			return;
		pdu_peer(pdu, peer);
		ledger(m, "report", q->first->id, "%d\t%s\t%d\t%s", pdu->octets[pdu->length - pdu_tpdu_length(pdu) + 1], peer,
		    pdu->octets[pdu->length - 1], how);
		queue_drop(q);
	}
}

void
network_pump(struct modem *m)
{
	struct queue *q = &m->net.waiting;

	if (!reachable(m))
		return;
	while (q->first != NULL && hand_over(m, q->first))
		queue_drop(q);
	pump_reports(m);
}

uint64_t
network_receive_pdu(struct modem *m, const struct pdu *pdu, bool store_flash)
{
	uint64_t id = network_new_id(m);
	struct message *p = queue_add(&m->net.waiting, id, pdu);

	if (p == NULL)
		return 0;
	p->store_flash = store_flash;
	network_pump(m);
	/* The queue is first in, first out: when anything is left, so is this one. */
	if (m->net.waiting.first != NULL)
		write_pdu_event(m, "pending", p, reachable(m) ? "full" : "unreachable", 0);
	return id;
}

/* ---- making parts out of a text -------------------------------------------------------------- */

struct parts {
	const struct incoming *in;
	enum pdu_alphabet alphabet;
	int	 total, units;		/* units: of one part */
	uint64_t first, last;
};

static int
receive_part(struct modem *m, struct parts *p, const struct pdu_concat *concat, const char *text, size_t len)
{
	struct pdu pdu = { .length = 0 };
	const struct pdu_deliver d = {
		.smsc = m->net.smsc, .sender = p->in->sender, .alnum = p->in->alnum,
		.message_class = p->in->flash ? 0 : -1, .alphabet = p->alphabet, .text = text, .text_len = len,
		.data = p->in->data, .data_len = p->in->data_len, .concat = *concat,
		.when = p->in->when != 0 ? p->in->when : main_unix_time(),
	};

	if (pdu_deliver_encode(&d, &pdu) == -1)
		return -1;
	p->last = network_receive_pdu(m, &pdu, false);
	if (p->first == 0)
		p->first = p->last;
	return p->last == 0 ? -1 : 0;
}

/* The text of part "seq" of p->total. */
static const char *
part_text(const struct parts *p, int seq, size_t *len)
{
	const char *text = p->in->text;
	size_t left = strlen(text), n = 0;

	for (int i = 1; ; i++) {
		n = i == p->total ? left : pdu_cut(p->alphabet, text, left, p->units);
		if (i == seq)
			break;
		text += n;
		left -= n;
	}
	*len = n;
	return text;
}

/* Full parts, or equal ones when there shall be more of them than needed. */
static int
choose_parts(struct parts *p, int least_total)
{
	const char *text = p->in->text;
	size_t left = strlen(text), n;
	int units = pdu_units(p->alphabet, text, left), needed = 0;

	p->units = p->alphabet == PDU_GSM7 ? 153 : 67;
	for (; left > 0; needed++) {
		n = pdu_cut(p->alphabet, text, left, p->units);
		text += n;
		left -= n;
	}
	p->total = needed;
	if (least_total > needed) {
		p->total = least_total;
		p->units = (units + least_total - 1) / least_total;
	}
	return p->total > PARTS_MAX ? -1 : 0;
}

static int
receive_long(struct modem *m, struct parts *p, int least_total)
{
	static uint8_t reference;
	struct pdu_concat concat = { .ref = ++reference };
	const char *next = p->in->order;
	char *end;

	if (choose_parts(p, least_total) == -1)
		return -1;
	concat.total = (uint8_t)p->total;
	for (int i = 1; next != NULL ? *next != '\0' : i <= p->total; i++) {
		long seq = next != NULL ? strtol(next, &end, 10) : i;
		size_t len;
		const char *text;

		if (seq < 1 || seq > p->total)
			return -1;
		if (next != NULL)
			next = *end == ',' ? end + 1 : end;
		concat.seq = (uint8_t)seq;
		text = part_text(p, (int)seq, &len);
		if (receive_part(m, p, &concat, text, len) == -1)
			return -1;
	}
	return 0;
}

static int
highest_in(const char *order)
{
	long most = 0, v;
	char *end;

	for (const char *s = order; s != NULL && *s != '\0'; s = *end == ',' ? end + 1 : end) {
		v = strtol(s, &end, 10);
		if (end == s || v < 1 || v > PARTS_MAX || (*end != ',' && *end != '\0'))
			return -1;
		most = v > most ? v : most;
	}
	return (int)most;
}

int
network_receive(struct modem *m, const struct incoming *in, uint64_t *first, uint64_t *last)
{
	static const struct pdu_concat whole;
	struct parts p = { .in = in };
	int units, least = highest_in(in->order), rv;

	p.alphabet = in->alphabet >= 0 ? (enum pdu_alphabet)in->alphabet : pdu_alphabet_for(in->text, strlen(in->text));
	units = p.alphabet == PDU_8BIT ? 0 : pdu_units(p.alphabet, in->text, strlen(in->text));
	if (least < 0 || units < 0)
		return -1;
	if (in->only.total > 0)
		rv = receive_part(m, &p, &in->only, in->text, strlen(in->text));
	else if (in->order != NULL || units > (p.alphabet == PDU_GSM7 ? 160 : 70))
		rv = receive_long(m, &p, least);
	else
		rv = receive_part(m, &p, &whole, in->text, in->text != NULL ? strlen(in->text) : 0);
	*first = p.first;
	*last = p.last;
	return rv;
}

/* ---- away from the SIM ------------------------------------------------------------------------ */

static void *
grow(void *p, size_t n, size_t *cap, size_t size)
{
	void *q;

	if (n < *cap)
		return p;
	q = reallocarray(p, *cap ? *cap * 2 : 64, size);
	if (q != NULL)
		*cap = *cap ? *cap * 2 : 64;
	return q;
}

static struct sent *
find_sent(struct modem *m, uint64_t id)
{
	for (size_t i = m->net.n_sent; i > 0; i--)
		if (m->net.sent[i - 1].id == id)
			return &m->net.sent[i - 1];
	return NULL;
}

/* Takes text over. */
static void
add_outgoing(struct modem *m, const char *dest, char *text, size_t parts)
{
	struct network *n = &m->net;
	struct outgoing *grown = grow(n->out, n->n_out, &n->cap_out, sizeof(*n->out));

	if (grown == NULL) {
		free(text);
		return;
	}
	n->out = grown;
	n->out[n->n_out] = (struct outgoing){ .text = text, .parts = parts };
	snprintf(n->out[n->n_out].dest, sizeof(n->out[0].dest), "%s", dest);
	n->n_out++;
	prompt_sent(m, &n->out[n->n_out - 1]);
}

static bool
same_message(const struct sent *a, const struct sent *b)
{
	return a->concat.total == b->concat.total && a->concat.ref == b->concat.ref && a->concat.wide == b->concat.wide &&
	    strcmp(a->dest, b->dest) == 0;
}

/* When all parts have left, they become one outgoing text; a part sent twice counts once. */
static void
assemble(struct modem *m)
{
	struct network *n = &m->net;
	struct sent *last = &n->sent[n->n_sent - 1], *part[PARTS_MAX + 1] = { NULL };
	size_t from = n->n_sent > LOOK_BACK ? n->n_sent - LOOK_BACK : 0;
	struct bytes text;

	for (size_t i = from; i < n->n_sent; i++)
		if (!n->sent[i].shown && same_message(&n->sent[i], last))
			part[n->sent[i].concat.seq] = &n->sent[i];
	for (int i = 1; i <= last->concat.total; i++)
		if (part[i] == NULL)
			return;
	bytes_init(&text, 1 << 20);
	for (int i = 1; i <= last->concat.total; i++)
		bytes_addf(&text, "%s", part[i]->text);
	for (size_t i = from; i < n->n_sent; i++)
		if (same_message(&n->sent[i], last))
			n->sent[i].shown = true;
	add_outgoing(m, last->dest, text.p != NULL ? text.p : strdup(""), last->concat.total);
}

static struct sent *
accept_submit(struct modem *m, uint64_t id, const struct pdu_submit *s)
{
	struct network *n = &m->net;
	struct sent *grown = grow(n->sent, n->n_sent, &n->cap_sent, sizeof(*n->sent)), *p;

	if (grown == NULL)
		return NULL;
	n->sent = grown;
	p = &n->sent[n->n_sent++];
	*p = (struct sent){ .id = id, .reference = n->reference++, .concat = s->concat, .at_ms = main_now_ms(),
	    .at = main_unix_time(), .text = strdup(s->text) };
	snprintf(p->dest, sizeof(p->dest), "%s", s->dest);
	if (p->text == NULL) {
		n->n_sent--;
		return NULL;
	}
	return p;
}

static void
write_submit(struct modem *m, const struct sent *p, const struct pdu_submit *s)
{
	static const char *const names[] = { "gsm7", "8bit", "ucs2" };
	struct bytes text;

	bytes_init(&text, 8192);
	bytes_add_escaped(&text, p->text, strlen(p->text));
	ledger(m, "submit", p->id, "%s\t%d\t%s\t%d/%d/%d\t%s\t%s\t%s", p->dest, p->reference, bytes_str(&text), s->concat.ref,
	    s->concat.total ? s->concat.total : 1, s->concat.seq ? s->concat.seq : 1, names[s->alphabet],
	    s->want_report ? "report" : "-", s->message_class == 0 ? "flash" : "-");
	bytes_release(&text);
}

static void
send_report(struct modem *m, uint64_t id)
{
	const struct sent *p = find_sent(m, id);
	struct pdu pdu = { .length = 0 };
	struct pdu_report r;

	if (p == NULL)
		return;
	r = (struct pdu_report){ .smsc = m->net.smsc, .dest = p->dest, .reference = p->reference,
	    .status = m->net.report_status, .submitted = p->at, .discharged = main_unix_time() };
	if (pdu_report_encode(&r, &pdu) == -1 || queue_add(&m->net.reports, id, &pdu) == NULL)
		return;
	network_pump(m);
}

static void
answer(struct modem *m, uint64_t id, int result)
{
	m->at.said_something = false;
	ledger(m, "answered", id, "%s%d", result >= CME(0) ? "+CME ERROR: " : "+CMS ERROR: ", result % 1000);
	at_result(m, result);
}

/* id, and the reference in the low byte. */
static void
answer_accepted(struct modem *m, uint64_t arg)
{
	m->at.said_something = false;
	ledger(m, "answered", arg >> 8, "+CMGS: %d", (int)(arg & 0xFF));
	at_info(m, "+CMGS: %d", (int)(arg & 0xFF));
	at_result(m, RESULT_OK);
}

void
network_forget_answers(struct modem *m)
{
	main_forget(m, answer_accepted);
	m->net.rings_left = 0;
}

/* What the modem says once the network has the message. */
static void
answer_submit(struct modem *m, uint64_t id, uint8_t reference)
{
	uint64_t arg = id << 8 | reference;
	long value;

	if (fault_take(m, FAULT_CMGS_MISSING, &value)) {
		ledger(m, "answered", id, "nothing");
	} else if (fault_take(m, FAULT_BARE_OK, &value)) {
		ledger(m, "answered", id, "OK");
		at_result(m, RESULT_OK);
	} else if (fault_take(m, FAULT_CMGS_LATE, &value)) {
		main_after(m, value, answer_accepted, arg);
	} else if (m->options.air_ms > 0) {
		m->line.busy_until = main_now_ms() + m->options.air_ms;
		main_after(m, m->options.air_ms, answer_accepted, arg);
	} else {
		answer_accepted(m, arg);
	}
}

/* True: a fault decided that the network never gets it. */
static bool
stopped_on_the_way(struct modem *m, uint64_t id)
{
	long value;

	if (fault_take(m, FAULT_CMS, &value)) {
		answer(m, id, CMS((int)value));
	} else if (fault_take(m, FAULT_CMGS_LOST, &value)) {
		ledger(m, "answered", id, "nothing");
	} else if (fault_active(m, FAULT_BARE_OK) && m->faults.f[FAULT_BARE_OK].value == 0 &&
	    fault_take(m, FAULT_BARE_OK, &value)) {
		ledger(m, "answered", id, "OK");
		at_result(m, RESULT_OK);
	} else if (!reachable(m)) {
		answer(m, id, CMS(331));
	} else {
		return false;
	}
	return true;
}

void
network_submit(struct modem *m, const struct pdu *pdu)
{
	uint64_t id = network_new_id(m);
	char hex[2 * PDU_MAX + 1];
	struct pdu_submit s;
	const char *why;
	struct sent *p;

	pdu_hex_encode(pdu->octets, pdu->length, hex);
	ledger(m, "wire", id, "%s", hex);
	if (pdu_submit_decode(pdu, &s, &why) == -1) {
		ledger(m, "refused", id, "%s", why);
		answer(m, id, CMS(304));
		return;
	}
	if (stopped_on_the_way(m, id))
		return;
	p = accept_submit(m, id, &s);
	if (p == NULL) {
		answer(m, id, CMS(500));
		return;
	}
	write_submit(m, p, &s);
	if (s.want_report && m->net.reports_on)
		main_after(m, m->net.report_delay_ms, send_report, id);
	answer_submit(m, id, p->reference);
	if (s.concat.total > 1)
		assemble(m);
	else
		add_outgoing(m, p->dest, strdup(p->text), 1);
}

void
network_say_signal(struct modem *m)
{
	if (m->profile->family == HUAWEI && at_indicates(m, "csq"))
		line_urc(m, "^RSSI:%d", m->net.signal);
	else if (m->profile->family == QUECTEL && at_indicates(m, "csq"))
		line_urc(m, "+QIND: \"csq\",%d,99", m->net.signal);
}

/* ---- calls --------------------------------------------------------------------------------------- */

static void
ring(struct modem *m, uint64_t id)
{
	struct network *n = &m->net;

	if (n->rings_left == 0 || id != n->call_id)
		return;
	if (n->rings_left-- == 1) {
		network_hang_up(m, "missed");
		return;
	}
	line_urc(m, m->at.setting[SET_CRC] ? "+CRING: VOICE" : "RING");
	if (m->at.setting[SET_CLIP])
		line_urc(m, "+CLIP: \"%s\",%d,,,,0", n->caller, n->caller[0] == '+' ? 145 : 129);
	main_after(m, RING_MS, ring, id);
}

void
network_call(struct modem *m, const char *number, int rings)
{
	struct network *n = &m->net;

	snprintf(n->caller, sizeof(n->caller), "%s", number);
	n->call_id = network_new_id(m);
	n->rings_left = rings + 1;
	ledger(m, "call", n->call_id, "%s\tcomes", number);
	ring(m, n->call_id);
}

void
network_hang_up(struct modem *m, const char *how)
{
	m->net.rings_left = 0;
	ledger(m, "call", m->net.call_id, "%s\t%s", m->net.caller, how);
	if (strcmp(how, "missed") == 0)
		line_urc(m, "NO CARRIER");
}
