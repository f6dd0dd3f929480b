/* Strict decoder of SMS-DELIVER and SMS-STATUS-REPORT (3GPP TS 23.040, 23.038). */
#ifndef TOCSIN_TPDU_H
#define TOCSIN_TPDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPDU_MAX	256	/* longer input is refused (a real one has at most 164 octets) */
#define TPDU_TEXT_MAX	640	/* UTF-8 bytes of one part, NUL included: 160 septets of 3 bytes, and room */

enum tpdu_kind { TPDU_DELIVER, TPDU_STATUS_REPORT };

enum tpdu_sender {
	SENDER_INTERNATIONAL,	/* "+22376000001" */
	SENDER_NATIONAL,	/* "76000001": unknown or national type, 7 digits or more */
	SENDER_SHORT,		/* "37373": fewer than 7 digits, or subscriber/network/abbreviated type */
	SENDER_ALNUM,		/* "Orange" */
	SENDER_NONE,		/* no digits at all */
};

enum tpdu_coding { CODING_GSM7, CODING_UCS2, CODING_8BIT, CODING_RESERVED };

struct tpdu_address {
	enum tpdu_sender kind;
	char	text[48];	/* UTF-8; digits with * # a b c as they came; + when international */
};

struct tpdu {
	enum tpdu_kind	 kind;
	struct tpdu_address peer;	/* originator; of a report: the recipient */
	int64_t		 scts_ms;	/* service centre time stamp as UTC ms; 0: not a valid date */
	int16_t		 scts_tz_min;	/* its offset to UTC in minutes */
	uint8_t		 pid, dcs;
	enum tpdu_coding coding;
	int8_t		 message_class;	/* 0-3, -1: none */
	bool		 compressed;	/* TS 23.042 text: "text" is empty, bytes are in "data" */
	bool		 more;		/* TP-MMS says the centre has no more: false */
	bool		 damaged;	/* lengths inside lie, or the end is missing: see tpdu_decode() */
	bool		 has_udh;
	struct {
		bool	 present, wide;	/* wide: 16-bit reference */
		uint16_t ref;
		uint8_t	 total, seq;	/* 1 <= seq <= total, else "present" is false */
	} concat;
	bool		 has_ports;	/* application port addressing: not for a person */
	uint16_t	 dest_port;
	uint8_t		 shift_single, shift_locking;	/* national language identifiers, 0: default or unknown */
	char		 text[TPDU_TEXT_MAX];	/* UTF-8, valid; lone surrogates are U+FFFD; NUL dropped; "" for 8-bit data */
	uint8_t		 data[140];	/* user data behind the UDH, as octets */
	uint8_t		 data_len;
	/* of a report */
	uint8_t		 reference;	/* TP-MR */
	uint8_t		 status;	/* TP-ST: 0x00 delivered, 0x20-0x3F still trying, 0x40-0x7F failed for good */
	int64_t		 discharge_ms;	/* TP-DT as UTC ms */
};

/*
 * Decodes one TPDU (without the SMSC address). 0, or -1 with a constant sentence
 * in *why: what is wrong and where; *t is then all zero. Nothing outside [p, p+n) is
 * read, whatever the lengths inside say.
 *
 * Refused: what ends before TP-UDL (of a report: before TP-ST), addresses of more than
 * 20 digits, TP-MTI 1 and 3, more than TPDU_MAX octets. A bad time stamp is no reason to
 * refuse: its value is 0.
 *
 * Behind TP-UDL nothing is refused any more, because what can be read of a cut or
 * mangled call for help must be read, by the rules too. "damaged" is set, and
 *  - user data shorter than TP-UDL says: "text" and "data" are what there is;
 *  - a header longer than TP-UDL says: it is no header; has_udh is false, all is text;
 *  - a header cut off by the end of the TPDU: has_udh is false, there is no text;
 *  - a header whose last element is too long for it: it is skipped as 9.2.3.24 asks, has_udh is
 *    true, none of its elements count.
 * User data longer than TP-UDL says is no damage: modems pad. Reserved codings are
 * read as the default alphabet (TS 23.038 4) and keep coding CODING_RESERVED. Years 90 to 99
 * are 1990 to 1999.
 */
int	tpdu_decode(const uint8_t *p, size_t n, struct tpdu *, const char **why);

/*
 * The TPDU without the bits a redelivery may change (TP-MMS and TP-LP, 0xE3 of the first
 * octet): what the network identity of an SMS is hashed from. Returns n copied, at most cap.
 */
size_t	tpdu_identity(const uint8_t *p, size_t n, uint8_t *out, size_t cap);

#endif
