/* What the modem said: from its tty, and from libgammu's log of what it reads there. */
#ifndef TOCSIN_TAP_H
#define TOCSIN_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem/at.h"

/* Memories go by their TS 27.005 names: "SM", "ME", "MT", "SR". */
#define TAP_MEMORY_SIZE	3
#define TAP_NOWHERE	65535	/* slot of what came straight to us: Huawei counts from 0, so 0 is a slot */
#define TAP_LISTED_MAX	600	/* messages of one memory that a listing keeps track of */

struct tap_events {
	/* The raw TPDU of a message, without the SMSC address, before libgammu decodes it. TAP_NOWHERE: it lies in no slot. */
	void	(*message)(void *ctx, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len);
	/* The modem says that something new lies there; memory "": it said so in words we do not understand. */
	void	(*notice)(void *ctx, const char *memory, unsigned slot);
	void	*ctx;
};

/*
 * libgammu's log is the only place where a PDU is seen before it is decoded, and
 * decoding may kill the process. But the library also logs texts that it decodes or
 * sends, and a text may imitate log lines. Two rules keep it out: the PDU of a slot is
 * taken once a call, and it is logged before anything is decoded; and what is printed
 * behind a line end within one print of the library, as a text of several lines is,
 * counts for nothing, while everything that is taken needs two lines.
 */
enum tap_next { NEXT_NOTHING, NEXT_SLOT_PDU, NEXT_DIRECT_PDU };

struct tap {
	struct tap_events events;
	/* The log, put together from pieces. */
	char	 line[AT_LINE_MAX + 32];
	size_t	 len;
	const char *piece_end;
	bool	 continuation;		/* the line began within a print */
	/* The reply it shows. */
	int	 expected;		/* number of its next line; 0: outside a reply */
	enum tap_next next;		/* what its next line is */
	char	 logged_direct[TAP_MEMORY_SIZE];	/* "+CMT:" was seen, its PDU is next */
	char	 asked_memory[TAP_MEMORY_SIZE];	/* AT+CPMS was seen, its OK not yet */
	unsigned slot;			/* of the AT+CMGR seen */
	bool	 cached;		/* the next line is a PDU of the listing */
	unsigned listed[TAP_LISTED_MAX];	/* slots of the listing, in order */
	size_t	 n_listed, next_listed;
	bool	 wanted;		/* the PDU of a slot is, and was not seen yet */
	char	 direct[TAP_MEMORY_SIZE];	/* the same on the tty; "": none */
	/* For the caller. */
	bool	 waiting;		/* set by it: an answer libgammu takes for another ends the process soon */
	size_t	 captured;		/* PDUs of slots seen during this call */
	char	 memory[TAP_MEMORY_SIZE];	/* what libgammu selected last */
	bool	 selected;		/* it did so; the caller resets it */
	bool	 written, cme;		/* an SMS is being handed over; the last error was a +CME */
};

void	tap_init(struct tap *, const struct tap_events *);
/* Before each call of libgammu. slot_wanted: it will read one message out of a slot. */
void	tap_begin(struct tap *, bool slot_wanted);
/* A GSM_Log_Function; ctx is the struct tap. */
void	tap_log(const char *text, void *ctx);
/* An at_line_fn for lines nobody asked for; ctx is the struct tap. */
void	tap_unasked(void *ctx, const char *line);

#endif
