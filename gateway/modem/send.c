/* One text from the core to the modem: parts, and what became of them. */
#include "modem/send.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/gsm7.h"
#include "base/log.h"
#include "base/utf8.h"
#include "modem/channel.h"

#define PARTS_MAX	16

/* ---- parts -------------------------------------------------------------------- */

/* In septets or UTF-16 units; a ~ counts twice in UCS-2, for phone.c must double it for libgammu. */
static size_t
weight(const char *p, size_t len, uint32_t cp, bool ucs2)
{
	int n;

	if (ucs2)
		return cp > 0xFFFF || cp == '~' ? 2 : 1;
	n = gsm7_septets(p, len);
	return n > 0 ? (size_t)n : 1;
}

size_t
send_part_end(const char *text, size_t start, bool ucs2, bool alone)
{
	const char *p = text + start, *end = text + strlen(text);
	size_t room = ucs2 ? (alone ? 70 : 67) : (alone ? 160 : 153);

	while (p < end) {
		const char *before = p;
		uint32_t cp;
		size_t w;

		utf8_next(&p, end, &cp);
		w = weight(before, (size_t)(p - before), cp, ucs2);
		if (w > room)
			return (size_t)(before - text);
		room -= w;
	}
	return (size_t)(end - text);
}

unsigned
send_parts(const char *text, bool ucs2)
{
	size_t len = strlen(text), at = 0;
	unsigned n = 0;

	if (send_part_end(text, 0, ucs2, true) == len)
		return 1;
	for (; at < len; n++)
		at = send_part_end(text, at, ucs2, false);
	return n;
}

uint8_t
send_validity(uint32_t minutes)
{
	uint32_t v;

	if (minutes == 0 || minutes > 63 * 7 * 1440)
		return 255;
	if (minutes <= 720)
		v = (minutes + 4) / 5 - 1;
	else if (minutes <= 1440)
		v = 143 + (minutes - 720 + 29) / 30;
	else if (minutes <= 30 * 1440)
		v = 166 + (minutes + 1439) / 1440;
	else
		v = 192 + (minutes + 10079) / 10080;
	return v > 255 ? 255 : (uint8_t)v;
}

/* ---- the job -------------------------------------------------------------------- */

void
send_init(struct send *s, int64_t timeout_ms)
{
	*s = (struct send){ .timeout_ms = timeout_ms };
}

static void
answer(struct send *s, enum modem_outcome outcome, int error, const char *why)
{
	s->answer.u.sent.outcome = (uint8_t)outcome;
	s->answer.u.sent.error = (uint16_t)error;
	snprintf(s->answer.u.sent.why, sizeof s->answer.u.sent.why, "%s", why);
	channel_send(&s->answer);
	s->busy = false;
	log_info("send.done id=%lld outcome=%d parts=%u error=%d", (long long)s->answer.u.sent.id, (int)outcome,
	    s->total, error);
}

static void
submit_part(struct send *s, struct phone *phone)
{
	const char *text = s->job.u.send.text;
	size_t end = send_part_end(text, s->next, s->ucs2, s->total == 1);
	struct phone_sms sms = {
		.dest = s->job.u.send.dest,
		.text = text + s->next,
		.len = end - s->next,
		.ucs2 = s->ucs2,
		.want_report = s->job.u.send.want_report != 0,
		.validity = send_validity(s->job.u.send.validity_min),
		.ref = s->ref,
		.total = s->total,
		.seq = ++s->seq,
	};

	s->next = end;
	phone_submit(phone, &sms);
	s->deadline_ms = clock_now().mono.ms + s->timeout_ms;
}

static void
refuse(const struct modem_msg *job, const char *why)
{
	struct modem_msg m = { .type = MODEM_SENT };

	m.u.sent.id = job->u.send.id;
	m.u.sent.outcome = OUTCOME_REFUSED;
	snprintf(m.u.sent.why, sizeof m.u.sent.why, "%s", why);
	channel_send(&m);
}

void
send_begin(struct send *s, struct phone *phone, const struct modem_msg *job)
{
	struct modem_msg sending = { .type = MODEM_SENDING };
	bool ucs2 = gsm7_septets(job->u.send.text, strlen(job->u.send.text)) < 0;
	unsigned parts = send_parts(job->u.send.text, ucs2);

	if (s->busy || parts > PARTS_MAX || job->u.send.text[0] == '\0' || job->u.send.dest[0] == '\0') {
		refuse(job, s->busy ? "busy" : parts > PARTS_MAX ? "too long" : "nothing to send");
		return;
	}
	s->busy = true;
	s->job = *job;
	s->answer = (struct modem_msg){ .type = MODEM_SENT };
	s->answer.u.sent.id = job->u.send.id;
	s->ucs2 = ucs2;
	s->total = (uint8_t)parts;
	s->seq = 0;
	s->next = 0;
	s->ref++;
	sending.u.sending.id = job->u.send.id;
	channel_send(&sending);
	submit_part(s, phone);
	send_check(s, phone, clock_now().mono.ms);
}

/* What the answer to this part means for it alone. */
static enum modem_outcome
judge(const struct phone_sent *sent, int *error, char *why, size_t size)
{
	const char *kind = sent->cme ? "+CME ERROR" : "+CMS ERROR";

	*error = 0;
	if (sent->status == 0 && sent->reference >= 0 && sent->reference <= 255) {
		snprintf(why, size, "sent");
		return OUTCOME_SENT;
	}
	if (sent->status > 0) {
		snprintf(why, size, "%s: %d", kind, sent->status);
		*error = sent->cme ? 0 : sent->status;
		/* 332: the network did not answer; 500: the modem does not know (TS 27.005 3.2.5). */
		return !sent->cme && (sent->status == 332 || sent->status == 500) ? OUTCOME_UNKNOWN : OUTCOME_REFUSED;
	}
	if (!sent->written) {
		snprintf(why, size, "not handed over: %s", sent->why);
		return OUTCOME_REFUSED;
	}
	snprintf(why, size, "%s", sent->status == 0 ? "OK without a reference" : sent->why[0] != '\0' ? sent->why :
	    "ERROR without a number");
	return OUTCOME_UNKNOWN;
}

static void
settle(struct send *s, enum modem_outcome outcome, int error, const char *why)
{
	char text[160];

	/* A part that left us cannot be called back. */
	if (outcome == OUTCOME_REFUSED && s->seq > 1)
		outcome = OUTCOME_UNKNOWN;
	if (s->total > 1)
		snprintf(text, sizeof text, "part %u of %u: %.120s", s->seq, s->total, why);
	else
		snprintf(text, sizeof text, "%s", why);
	answer(s, outcome, error, text);
}

int
send_check(struct send *s, struct phone *phone, int64_t now_ms)
{
	while (s->busy) {
		const struct phone_sent *sent = phone_sent(phone);
		enum modem_outcome outcome;
		char why[120];
		int error;

		if (!sent->done && now_ms < s->deadline_ms)
			return 0;
		if (!sent->done) {
			settle(s, OUTCOME_UNKNOWN, 0, "no answer in time");
			return -1;
		}
		outcome = judge(sent, &error, why, sizeof why);
		if (outcome == OUTCOME_SENT && s->seq < s->total) {
			submit_part(s, phone);
			continue;
		}
		if (outcome == OUTCOME_SENT)
			s->answer.u.sent.reference = (uint16_t)sent->reference;
		settle(s, outcome, error, why);
	}
	return 0;
}

int
send_wait_ms(const struct send *s, int64_t now_ms)
{
	if (!s->busy)
		return -1;
	return s->deadline_ms > now_ms ? (int)(s->deadline_ms - now_ms) : 0;
}

void
send_abandon(struct send *s, struct phone *phone, const char *why)
{
	if (s->busy)
		settle(s, phone_sent(phone)->written ? OUTCOME_UNKNOWN : OUTCOME_REFUSED, 0, why);
}
