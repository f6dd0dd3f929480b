/* Our TPDU decoder against the emulator's encoder, which shares no code with it: random messages come back whole. */
#include "emulator/pdu.h"
#include "unit/test.h"
#include "unit/tpdu_sample.h"
#include "unit/tpdu_sane.h"

#define MESSAGES	20000
#define CUT_MESSAGES	60

static void
check_sender(const struct tpdu_sample *s, const struct tpdu *t)
{
	size_t digits = strlen(s->sender) - (s->sender[0] == '+');
	enum tpdu_sender kind = s->sender[0] == '+' ? SENDER_INTERNATIONAL : digits < 7 ? SENDER_SHORT : SENDER_NATIONAL;

	if (s->deliver.alnum)
		kind = SENDER_ALNUM;
	else if (digits == 0)
		kind = SENDER_NONE;
	CHECK_INT(t->peer.kind, kind);
	CHECK_STR(t->peer.text, kind == SENDER_NONE ? "" : s->sender);
}

static void
check_concat(const struct pdu_concat *c, const struct tpdu *t)
{
	CHECK_INT(t->has_udh, c->total != 0);
	CHECK_INT(t->concat.present, c->total != 0);
	CHECK_INT(t->concat.wide, c->total != 0 && c->wide);
	CHECK_INT(t->concat.ref, c->ref);
	CHECK_INT(t->concat.total, c->total);
	CHECK_INT(t->concat.seq, c->seq);
}

static void
check_same(const struct tpdu_sample *s, const struct tpdu *t)
{
	static const enum tpdu_coding codings[] = { CODING_GSM7, CODING_8BIT, CODING_UCS2 };
	const struct pdu_deliver *d = &s->deliver;

	CHECK_INT(t->kind, TPDU_DELIVER);
	CHECK_INT(t->more, d->more);
	CHECK_INT(t->coding, codings[d->alphabet]);
	CHECK_INT(t->message_class, d->message_class);
	CHECK_INT(t->scts_ms, d->when * 1000);
	CHECK_INT(t->scts_tz_min, d->zone * 15);
	CHECK_STR(t->text, s->text);
	CHECK(!t->damaged && !t->compressed && !t->has_ports);
	if (d->alphabet == PDU_8BIT) {
		CHECK_INT(t->data_len, d->data_len);
		CHECK(memcmp(t->data, s->data, d->data_len) == 0);
	}
	check_sender(s, t);
	check_concat(&d->concat, t);
}

/* The TPDU behind the SMSC address. */
static const uint8_t *
tpdu_of(const struct pdu *pdu, size_t *n)
{
	*n = pdu_tpdu_length(pdu);
	return pdu->octets + pdu->length - *n;
}

TEST(messages_come_back_whole)
{
	for (int i = 0; i < MESSAGES && test_failures == 0; i++) {
		struct tpdu_sample s;
		struct tpdu t;
		const char *why, *fault;
		const uint8_t *p;
		size_t n;

		tpdu_sample(&s);
		CHECK_MSG(pdu_deliver_encode(&s.deliver, &s.pdu) == 0, "message %d cannot be encoded", i);
		p = tpdu_of(&s.pdu, &n);
		if (tpdu_decode(p, n, &t, &why) == -1) {
			test_fail(__FILE__, __LINE__, "message %d refused: %s", i, why);
			return;
		}
		fault = tpdu_insane(&t, n);
		CHECK_MSG(fault == NULL, "message %d: %s", i, fault);
		check_same(&s, &t);
	}
}

TEST(reports_come_back_whole)
{
	for (int i = 0; i < 2000 && test_failures == 0; i++) {
		struct pdu_report r = { .dest = "+22376000001", .reference = (uint8_t)i, .status = (uint8_t)test_below(256),
		    .submitted = 1795000000 + test_below(100000000), .zone = (int)test_below(159) - 79 };
		struct pdu pdu;
		struct tpdu t;
		const char *why = "";
		const uint8_t *p;
		size_t n;

		r.discharged = r.submitted + test_below(86400);
		CHECK_INT(pdu_report_encode(&r, &pdu), 0);
		p = tpdu_of(&pdu, &n);
		CHECK_MSG(tpdu_decode(p, n, &t, &why) == 0, "report %d refused: %s", i, why);
		CHECK_INT(t.kind, TPDU_STATUS_REPORT);
		CHECK_INT(t.reference, r.reference);
		CHECK_INT(t.status, r.status);
		CHECK_INT(t.scts_ms, r.submitted * 1000);
		CHECK_INT(t.discharge_ms, r.discharged * 1000);
		CHECK_INT(t.scts_tz_min, r.zone * 15);
		CHECK_STR(t.peer.text, r.dest);
	}
}

/* Is "cut" the beginning of "whole", but for its last character (half an escape or half a surrogate pair)? */
static bool
begins(const char *whole, const char *cut)
{
	size_t n = strlen(cut);

	while (n > 0 && ((uint8_t)cut[n - 1] & 0xC0) == 0x80)
		n--;
	return strncmp(whole, cut, n > 0 ? n - 1 : 0) == 0;
}

TEST(every_cut_is_refused_or_shorter)
{
	for (int i = 0; i < CUT_MESSAGES && test_failures == 0; i++) {
		struct tpdu_sample s;
		size_t n;
		const uint8_t *p;

		tpdu_sample(&s);
		CHECK_INT(pdu_deliver_encode(&s.deliver, &s.pdu), 0);
		p = tpdu_of(&s.pdu, &n);
		for (size_t cut = 0; cut < n; cut++) {
			uint8_t *exact = malloc(cut + 1);
			struct tpdu t;
			const char *why;

			if (exact == NULL)
				abort();
			memcpy(exact + 1, p, cut);	/* so that its end is the end of the allocation */
			if (tpdu_decode(exact + 1, cut, &t, &why) == 0) {
				CHECK_MSG(t.damaged, "message %d is whole after %zu of %zu octets", i, cut, n);
				CHECK_MSG(begins(s.text, t.text), "message %d cut to %zu octets says \"%s\"", i, cut, t.text);
				check_sender(&s, &t);
			}
			free(exact);
		}
	}
}

TEST_MAIN(
	TEST_ROW(messages_come_back_whole),
	TEST_ROW(reports_come_back_whole),
	TEST_ROW(every_cut_is_refused_or_shorter),
)
