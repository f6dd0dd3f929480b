/* One phone behind libgammu: the only module that knows the library. */
#ifndef TOCSIN_PHONE_H
#define TOCSIN_PHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem/tap.h"
#include "wire/modem_msg.h"

struct phone;

/*
 * Settings are gammu's own (device, connection, model, features, atgen_setcnmi …) and ours:
 * pin, smsc, init_at_1 … (commands with or without AT, sent before libgammu connects). The phone copies them.
 * NULL: out of memory.
 */
/* The events must not call phone functions. */
struct phone *phone_new(const struct modem_msg *hello, const struct tap_events *);
void	phone_free(struct phone *);	/* hangs up; NULL is fine */

enum phone_link {
	PHONE_CONNECTED,
	PHONE_ABSENT,		/* no device, or somebody else has it: try again later */
	PHONE_LOCKED,		/* the SIM refused its PIN; trying again would block it */
	PHONE_BROKEN,		/* a device that cannot be talked to */
};

/* May block for half a minute on a mute device. *why gets a sentence. */
enum phone_link phone_connect(struct phone *, char *why, size_t size);
int	phone_fd(const struct phone *);	/* poll this for reading; -1: not connected */

/* Reads what the modem said unasked; call when phone_fd() is readable. -1: the device is gone. */
int	phone_pump(struct phone *);

enum phone_read {
	PHONE_READ,		/* libgammu decoded it */
	PHONE_REFUSED,		/* libgammu could not; the event came all the same */
	PHONE_EMPTY,		/* nothing there; of a listing: the end */
	PHONE_LOST,		/* no answer: the conversation is over */
};

enum phone_read phone_read(struct phone *, const char *memory, unsigned slot);
/* All messages of SIM and phone, one a call; "start" asks the modem for them. */
enum phone_read phone_list(struct phone *, bool start);
/* Calls notice() for every report kept in its own memory, as far as the modem has one. -1: lost. */
int	phone_list_reports(struct phone *);

enum phone_delete {
	PHONE_DELETED,
	PHONE_WAS_EMPTY,
	PHONE_DIFFERS,		/* another message lies there: nothing was deleted, message() was called for it */
	PHONE_KEPT,		/* the modem refused */
	PHONE_DELETE_LOST,
};

/* Deletes the slot if it holds exactly these octets. Nothing is decoded. */
enum phone_delete phone_delete(struct phone *, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len);

struct phone_sms {
	const char *dest;
	const char *text;	/* UTF-8 of one part */
	size_t	 len;
	bool	 ucs2;		/* else all of it is in the GSM 7-bit alphabet */
	bool	 want_report;
	uint8_t	 validity;	/* TP-VP, TS 23.040 9.2.3.12.1 */
	uint8_t	 ref, total, seq;	/* total > 1: concatenated */
};

struct phone_sent {
	bool	 done;
	bool	 written;	/* the PDU left us: without a clear answer the outcome is unknown */
	bool	 cme;		/* "status" is a +CME ERROR, else a +CMS ERROR */
	int	 status;	/* 0: OK; -1: ERROR without a number, or no answer */
	int	 reference;	/* TP-MR, -1: none was given */
	char	 why[100];
};

/*
 * Hands one part to the modem; takes about 0.7 s (libgammu pauses before and after the PDU).
 * Then phone_pump() until phone_sent()->done; nothing else may be asked of the modem meanwhile.
 */
void	phone_submit(struct phone *, const struct phone_sms *);
const struct phone_sent *phone_sent(struct phone *);

/* Fills a MODEM_IDENTITY. -1: lost. */
int	phone_identity(struct phone *, struct modem_msg *);

enum phone_status { PHONE_SIGNAL, PHONE_NETWORK, PHONE_MEMORIES };
/* Fills its part of a MODEM_STATUS. -1: lost. */
int	phone_status(struct phone *, enum phone_status, struct modem_msg *);

const char *phone_library(void);	/* "libgammu 1.42.0" */

#endif
