/* What must hold of every decoded TPDU whatever the octets were; for the tests and the fuzz target. */
#ifndef TOCSIN_TPDU_SANE_H
#define TOCSIN_TPDU_SANE_H

#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"
#include "wire/tpdu.h"

static inline const char *
tpdu_insane_report(const struct tpdu *t)
{
	if (t->has_udh || t->text[0] != '\0' || t->data_len != 0 || t->message_class != -1)
		return "a report has user data";
	return NULL;
}

static inline const char *
tpdu_insane_deliver(const struct tpdu *t)
{
	if (t->concat.present ? t->concat.seq < 1 || t->concat.seq > t->concat.total : t->concat.total != 0)
		return "the part is not one of the parts";
	if (!t->concat.wide && t->concat.ref > 255)
		return "an 8-bit reference is above 255";
	if (!t->has_udh && (t->concat.present || t->has_ports || t->shift_single != 0 || t->shift_locking != 0))
		return "header elements without a header";
	if (t->shift_single >= GSM7_LANGUAGES || t->shift_locking >= GSM7_LANGUAGES)
		return "there is no such language";
	if (t->message_class < -1 || t->message_class > 3)
		return "there is no such class";
	if ((t->compressed || t->coding == CODING_8BIT) && t->text[0] != '\0')
		return "text out of octets that are none";
	if (t->status != 0 || t->reference != 0 || t->discharge_ms != 0)
		return "a DELIVER has a status";
	return NULL;
}

/* NULL, or what is wrong with a TPDU of n octets that decoded. */
static inline const char *
tpdu_insane(const struct tpdu *t, size_t n)
{
	size_t text = strnlen(t->text, sizeof(t->text)), peer = strnlen(t->peer.text, sizeof(t->peer.text));

	if (n > TPDU_MAX || n < 12)
		return "too long or too short to be one";
	if (text == sizeof(t->text) || peer == sizeof(t->peer.text))
		return "a text does not end";
	if (!utf8_valid(t->text, text) || !utf8_valid(t->peer.text, peer))
		return "a text is not UTF-8";
	if ((t->peer.kind == SENDER_NONE) != (peer == 0) || (t->peer.kind == SENDER_INTERNATIONAL && t->peer.text[0] != '+'))
		return "the kind of the address belies it";
	if (t->data_len > sizeof(t->data) || t->data_len > n)
		return "more user data than there can be";
	if (t->scts_ms % 1000 != 0 || (t->scts_ms == 0 && t->scts_tz_min != 0) || t->scts_tz_min % 15 != 0)
		return "odd time stamp";
	return t->kind == TPDU_DELIVER ? tpdu_insane_deliver(t) : tpdu_insane_report(t);
}

#endif
