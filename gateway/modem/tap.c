/* What the modem said: from its tty, and from libgammu's log of what it reads there. */
#include "modem/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define LOST_ANSWER_S	2

void
tap_init(struct tap *tap, const struct tap_events *events)
{
	*tap = (struct tap){ .events = *events };
}

void
tap_begin(struct tap *tap, bool slot_wanted)
{
	/* A refused message may have left half a line in the log. */
	tap->len = 0;
	tap->continuation = false;
	tap->wanted = slot_wanted;
	tap->expected = 0;
	tap->next = NEXT_NOTHING;
	tap->cached = false;
	tap->captured = 0;
	tap->written = tap->cme = false;
}

/* +CMTI: "SM",3 */
static bool
take_notice(struct tap *tap, const char *line)
{
	char memory[TAP_MEMORY_SIZE];
	unsigned slot;
	int n = 0;

	if (strncmp(line, "+CMTI:", 6) != 0 && strncmp(line, "+CDSI:", 6) != 0)
		return false;
	if (sscanf(line + 6, " \"%2[A-Z]\" ,%n", memory, &n) == 1 && n > 0 && at_number(line + 6 + n, &slot) != NULL &&
	    slot < TAP_NOWHERE)
		tap->events.notice(tap->events.ctx, memory, slot);
	else
		tap->events.notice(tap->events.ctx, "", 0);
	return true;
}

static void
take_pdu(struct tap *tap, const char *memory, unsigned slot, const char *hex)
{
	uint8_t tpdu[MODEM_TPDU_MAX];
	size_t n = at_tpdu(hex, tpdu);

	if (n > 0)
		tap->events.message(tap->events.ctx, memory, slot, tpdu, n);
	else
		log_warnx("phone.pdu memory=%s slot=%u why=\"not a PDU line\"", memory, slot);
}

/* A class 0 message (+CMT) is not stored by the modem; nor is a report where the modem cannot (+CDS). */
static const char *
direct_memory(const char *line)
{
	if (strncmp(line, "+CMT:", 5) == 0)
		return "SM";
	return strncmp(line, "+CDS:", 5) == 0 ? "SR" : NULL;
}

void
tap_unasked(void *ctx, const char *line)
{
	struct tap *tap = ctx;
	const char *memory = direct_memory(line);

	if (tap->direct[0] != '\0') {
		take_pdu(tap, tap->direct, TAP_NOWHERE, line);
		tap->direct[0] = '\0';
	} else if (memory != NULL) {
		snprintf(tap->direct, sizeof tap->direct, "%s", memory);
	} else if (!take_notice(tap, line)) {
		log_debug("phone.unasked bytes=%zu", strlen(line));
	}
}

static void
take_direct(struct tap *tap, const char *line)
{
	const char *memory = direct_memory(line);

	if (memory != NULL) {
		tap->next = NEXT_DIRECT_PDU;
		snprintf(tap->logged_direct, sizeof tap->logged_direct, "%s", memory);
	}
}

static void
take_slot_pdu(struct tap *tap, unsigned slot, const char *hex)
{
	if (!tap->wanted)
		return;
	tap->wanted = false;
	tap->captured++;
	take_pdu(tap, tap->memory, slot, hex);
}

static void
take_command(struct tap *tap, const char *line)
{
	unsigned slot;

	if (sscanf(line, "AT+CPMS=\"%2[A-Z]\"", tap->asked_memory) == 1)
		return;
	if (strncmp(line, "AT+CMGL", 7) == 0) {
		tap->n_listed = tap->next_listed = 0;
	} else if (strncmp(line, "AT+CMGR=", 8) == 0 && at_number(line + 8, &slot) != NULL) {
		tap->slot = slot;
	} else if (strncmp(line, "+CMGL:", 6) == 0 && at_number(line + 6, &slot) != NULL) {
		if (tap->n_listed < TAP_LISTED_MAX)
			tap->listed[tap->n_listed++] = slot;
	} else if (strncmp(line, "+CMGR:", 6) == 0) {
		tap->next = NEXT_SLOT_PDU;
	}
}

/* One line of a reply. */
static void
take_reply(struct tap *tap, const char *line)
{
	enum tap_next next = tap->next;

	tap->next = NEXT_NOTHING;
	if (next == NEXT_SLOT_PDU) {
		take_slot_pdu(tap, tap->slot, line);
	} else if (next == NEXT_DIRECT_PDU) {
		take_pdu(tap, tap->logged_direct, TAP_NOWHERE, line);
	} else if (!take_notice(tap, line)) {
		take_direct(tap, line);
		take_command(tap, line);
	}
}

/* "Checking line: OK": the end of a reply. */
static void
take_result(struct tap *tap, const char *result)
{
	tap->expected = 0;
	tap->next = NEXT_NOTHING;
	if (strncmp(result, "+CME ERROR", 10) == 0)
		tap->cme = true;
	if (tap->asked_memory[0] != '\0' && strcmp(result, "OK") == 0) {
		snprintf(tap->memory, sizeof tap->memory, "%s", tap->asked_memory);
		tap->selected = true;
	}
	tap->asked_memory[0] = '\0';
}

/* 3 "0791…": the third line of a reply. */
static void
take_numbered(struct tap *tap, char *line)
{
	char *end;
	long number = strtol(line, &end, 10);
	size_t n;

	if (end == line || strncmp(end, " \"", 2) != 0)
		return;
	n = strlen(end);
	if (n < 3 || end[n - 1] != '"' || (number != 1 && number != tap->expected))
		return;
	end[n - 1] = '\0';
	if (number == 1) {
		tap->next = NEXT_NOTHING;
		tap->asked_memory[0] = '\0';
	}
	tap->expected = (int)number + 1;
	take_reply(tap, end + 2);
}

static void
take_line(struct tap *tap, char *line)
{
	if (tap->cached) {
		tap->cached = false;
		if (tap->next_listed < tap->n_listed)
			take_slot_pdu(tap, tap->listed[tap->next_listed++], line);
	} else if (strcmp(line, "Getting message from cache") == 0) {
		tap->cached = tap->wanted;
	} else if (strncmp(line, "Checking line: ", 15) == 0) {
		take_result(tap, line + 15);
	} else if (strcmp(line, "Sending SMS") == 0) {
		tap->written = true;
	} else {
		take_numbered(tap, line);
	}
}

/*
 * A line libgammu does not know came before the answer it waits for and was taken for it:
 * the answer is lost. Whoever imitates this gets nothing, for then the call returns at once.
 */
static void
take_complaint(struct tap *tap, const char *line)
{
	if (tap->waiting && strncmp(line, "UNKNOWN frame", 13) == 0)
		alarm(LOST_ANSWER_S);
}

/*
 * libgammu prints into a buffer, cuts it at the line ends, hands each piece to us and the
 * line end as a piece of its own. So a piece that begins right behind the end of the last
 * one is of the same print.
 */
static bool
is_continuation(const struct tap *tap, const char *text)
{
	return tap->piece_end != NULL && text == tap->piece_end + 1;
}

void
tap_log(const char *text, void *ctx)
{
	struct tap *tap = ctx;
	size_t n = strlen(text);

	if (strcmp(text, "\n") == 0) {
		tap->line[tap->len] = '\0';
		if (tap->continuation)
			take_complaint(tap, tap->line);
		else
			take_line(tap, tap->line);
		tap->len = 0;
		tap->continuation = false;
		return;
	}
	tap->continuation = tap->continuation || is_continuation(tap, text);
	tap->piece_end = text + n;
	if (n >= sizeof tap->line - tap->len)
		n = sizeof tap->line - tap->len - 1;
	memcpy(tap->line + tap->len, text, n);
	tap->len += n;
}
