/* One text from the core to the modem: parts, and what became of them. */
#ifndef TOCSIN_SEND_H
#define TOCSIN_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/phone.h"

struct send {
	bool	 busy;
	struct modem_msg job;		/* the CORE_SEND in hand */
	struct modem_msg answer;	/* the MODEM_SENT it will get */
	bool	 ucs2;
	uint8_t	 ref, total, seq;	/* of the part that is on its way, from 1 */
	size_t	 next;			/* byte of the text the next part starts at */
	int64_t	 deadline_ms;
	int64_t	 timeout_ms;		/* for the modem's answer to one part */
};

#define SEND_TIMEOUT_MS	130000	/* networks answer within 120 s (Quectel, Telit); then nothing is certain */

void	send_init(struct send *, int64_t timeout_ms);

/* Begins; a text while another is on its way is answered "busy". Blocks for the 0.7 s of one part. */
void	send_begin(struct send *, struct phone *, const struct modem_msg *);

/*
 * To be called after each phone_pump() and at the deadline: answers the core when the
 * outcome is known. -1: none came in time; the next answer could belong to this text, so
 * the modem must be connected anew.
 */
int	send_check(struct send *, struct phone *, int64_t now_ms);
int	send_wait_ms(const struct send *, int64_t now_ms);	/* until the deadline; -1: nothing on its way */
/* The device went away: the text in hand is answered as far as it is known. */
void	send_abandon(struct send *, struct phone *, const char *why);

/*
 * How many parts the text has (TS 23.040 9.2.3.24.1: 160 and 153 septets, 70 and 67 UTF-16
 * units), and, when "end" is given, the byte behind the part that starts at "start".
 */
unsigned send_parts(const char *text, bool ucs2);
size_t	send_part_end(const char *text, size_t start, bool ucs2, bool alone);
/* TP-VP (TS 23.040 9.2.3.12.1): the shortest relative period that is not under the minutes. 0 minutes: the longest. */
uint8_t	send_validity(uint32_t minutes);

#endif
