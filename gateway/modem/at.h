/* Plain AT on the modem's tty, for what must not go through libgammu's parser. */
#ifndef TOCSIN_AT_H
#define TOCSIN_AT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/modem_msg.h"

/*
 * libgammu opens the tty; between two of its calls we read and write the same
 * descriptor. Two reasons: a line it does not know (^SMMEMFULL, +QIND, RDY …)
 * costs its next command the answer, so idle lines are read here; and a slot
 * must be compared before it is deleted, without decoding what is in it.
 */
#define AT_LINE_MAX	1024	/* characters of one line; the rest of a longer one is dropped */

struct at_message {
	bool	 found;			/* false: the slot is empty */
	size_t	 len;
	uint8_t	 tpdu[MODEM_TPDU_MAX];	/* without the SMSC address */
};

/* Called for every line nobody asked for. It must not call back into at_…. */
typedef void at_line_fn(void *ctx, const char *line);

struct at {
	int	 fd;			/* borrows; -1: none. Non-blocking */
	char	 line[AT_LINE_MAX];
	size_t	 len;
	bool	 overlong;
	bool	 second;		/* the next line belongs to the unsolicited one before it */
	at_line_fn *unsolicited;
	void	*ctx;
};

enum at_result { AT_OK, AT_ERROR, AT_SILENT, AT_GONE };

void	at_init(struct at *, int fd, at_line_fn *unsolicited, void *ctx);

/* Opens a tty raw at 115,200 bit/s, non-blocking, for the time before libgammu has it. -1: errno set. */
int	at_open(const char *device);

/* Reads what is there, without waiting. AT_OK; AT_GONE: the device hung up. */
enum at_result at_pump(struct at *);

/*
 * Sends "AT" and the command, waits for its final result. "answer" (may be NULL) gets the
 * lines in between. *code (may be NULL) is the number of a +CMS or +CME ERROR, else 0.
 */
enum at_result at_command(struct at *, const char *command, int timeout_ms, at_line_fn *answer, void *ctx, int *code);

/* AT+CMGR in the selected memory. AT_ERROR: the modem refused and it is not the "empty slot" error. */
enum at_result at_read(struct at *, unsigned slot, struct at_message *);

/*
 * Hexadecimal PDU line with SMSC address in front, as modems print it: strips the
 * address. Returns the octets put, or 0: not hexadecimal, or too long.
 */
size_t	at_tpdu(const char *hex, uint8_t out[MODEM_TPDU_MAX]);

/* A number of at most 6 digits, blanks before it skipped. Returns what is behind it, NULL: there is none. */
const char *at_number(const char *, unsigned *);

#endif
