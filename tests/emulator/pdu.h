/* The emulator's own PDU encoder and decoder (3GPP TS 23.040, 23.038): shares no code with the gateway. */
#ifndef TOCSIN_EMULATOR_PDU_H
#define TOCSIN_EMULATOR_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDU_MAX		512	/* octets with the SMSC address; the longest valid one has 176 */
#define PDU_ADDRESS_MAX	48	/* UTF-8 bytes of an address, NUL included */
#define PDU_TEXT_MAX	512	/* UTF-8 bytes of one part, NUL included: 160 characters of at most 3 */
#define PDU_DATA_MAX	140	/* octets of user data */

enum pdu_alphabet { PDU_GSM7, PDU_8BIT, PDU_UCS2 };

/* SMSC address, then TPDU, as AT+CMGL, +CMT and AT+CMGS carry them. */
struct pdu {
	uint8_t	octets[PDU_MAX];
	size_t	length;
};

/* Concatenation (TS 23.040 9.2.3.24.1, .8). total 0: a message of one part. */
struct pdu_concat {
	uint16_t ref;
	uint8_t	 total, seq;
	bool	 wide;		/* 16-bit reference */
};

struct pdu_deliver {
	const char *smsc;	/* "+22370009900"; NULL: none */
	const char *sender;	/* "+223…", "37373"; a name when alnum */
	bool	 alnum;
	bool	 more;		/* the centre says it has more for this SIM */
	int	 message_class;	/* 0-3; -1: none */
	enum pdu_alphabet alphabet;
	const char *text;	/* UTF-8; not used for PDU_8BIT */
	size_t	 text_len;
	const uint8_t *data;	/* PDU_8BIT only */
	size_t	 data_len;
	struct pdu_concat concat;
	int64_t	 when;		/* service centre time stamp, Unix seconds */
	int	 zone;		/* its offset, quarters of an hour */
};

struct pdu_report {
	const char *smsc, *dest;
	uint8_t	 reference;	/* TP-MR of the SUBMIT */
	uint8_t	 status;	/* TP-ST */
	int64_t	 submitted, discharged;	/* Unix seconds */
	int	 zone;
};

struct pdu_submit {
	char	 smsc[PDU_ADDRESS_MAX];	/* "": use the SIM's own */
	char	 dest[PDU_ADDRESS_MAX];
	uint8_t	 reference;		/* as the sender wrote it; the modem assigns another */
	uint8_t	 pid, dcs;
	bool	 want_report;		/* TP-SRR */
	int	 message_class;		/* -1: none */
	enum pdu_alphabet alphabet;
	struct pdu_concat concat;
	char	 text[PDU_TEXT_MAX];	/* UTF-8; hexadecimal for PDU_8BIT */
};

/* 0, or -1 when text, address or data do not fit one SMS or are outside the alphabet. */
int	pdu_deliver_encode(const struct pdu_deliver *, struct pdu *);
int	pdu_report_encode(const struct pdu_report *, struct pdu *);

/* Reads octets as a modem gets them after AT+CMGS. 0, or -1 with a constant sentence in *why. */
int	pdu_submit_decode(const struct pdu *, struct pdu_submit *, const char **why);

/* Octets behind the SMSC address: the number in +CMGL, +CMGR, AT+CMGS. 0 when the address is longer than all. */
size_t	pdu_tpdu_length(const struct pdu *);

/* Best effort, for the ledger: the originator of a DELIVER or recipient of a report; "" when there is none to read. */
void	pdu_peer(const struct pdu *, char out[PDU_ADDRESS_MAX]);

/* TP-DCS of a DELIVER has class 0 ("flash"). False for a report or anything too short. */
bool	pdu_is_flash(const struct pdu *);

/* TP-MTI, 0: DELIVER, 1: SUBMIT, 2: STATUS-REPORT; -1: no TPDU. */
int	pdu_kind(const struct pdu *);

/* A TPDU given without its SMSC address gets one: true when octets already start with an address. */
bool	pdu_has_smsc(const struct pdu *);
int	pdu_prepend_smsc(struct pdu *, const char *smsc);

/* The alphabet a phone would choose for this text. */
enum pdu_alphabet pdu_alphabet_for(const char *utf8, size_t len);

/* Septets or UTF-16 units the text needs; -1: not in this alphabet. */
int	pdu_units(enum pdu_alphabet, const char *utf8, size_t len);

/* Bytes of text that fill at most "units" without cutting a character, an escape or a surrogate pair. */
size_t	pdu_cut(enum pdu_alphabet, const char *utf8, size_t len, int units);

/* The default alphabet, one septet a byte, and UTF-8; for AT+CSCS and USSD. Return the length or -1. */
int	pdu_gsm7_encode(const char *utf8, size_t len, uint8_t *septets, size_t max);
int	pdu_gsm7_decode(const uint8_t *septets, size_t n, char *out, size_t cap);
size_t	pdu_gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets, size_t max);
size_t	pdu_gsm7_unpack(const uint8_t *octets, size_t n, unsigned fill, uint8_t *septets, size_t max);

/* UTF-16BE; n_units and the return value are 16-bit units, or bytes of UTF-8 with a NUL behind; -1: does not fit. */
int	pdu_ucs2_encode(const char *utf8, size_t len, uint8_t *out, size_t max_units);
int	pdu_ucs2_decode(const uint8_t *in, size_t n_units, char *out, size_t cap);

/* Hexadecimal: the count of octets, or -1 (odd, not hexadecimal, too long); out holds 2n+1 characters. */
int	pdu_hex_decode(const char *hex, size_t len, uint8_t *out, size_t max);
void	pdu_hex_encode(const uint8_t *in, size_t n, char *out);

#endif
