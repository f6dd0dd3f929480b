/* What the core and a transport say to each other on fd 3. No AT and no gammu words in here. */
#ifndef TOCSIN_MODEM_MSG_H
#define TOCSIN_MODEM_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A transport is any program that speaks these messages on fd 3 (SOCK_SEQPACKET,
 * one message a datagram). A message is named after who speaks.
 *
 *   core                          transport
 *   CORE_HELLO version,settings →
 *                               ← MODEM_HELLO version, program
 *   [CORE_POISON slot, bytes]   →   before READY: delete without decoding
 *                               ← MODEM_STATE connecting … ready
 *                               ← MODEM_IDENTITY, MODEM_STATUS
 *                               ← MODEM_RX handle, slot, raw TPDU   (before anything decodes it)
 *                               ← MODEM_READ handle                 (decoding it did not kill us)
 *   CORE_STORED handle          →   committed and synced: delete it
 *                               ← MODEM_FREED handle, deleted?
 *   CORE_SEND id, dest, text    →   one at a time; a second before the answer is refused
 *                               ← MODEM_SENDING id                  (from here on the outcome may be unknown)
 *                               ← MODEM_SENT id, outcome, reference, error
 *   CORE_PING n                 → ← MODEM_PONG n                    (answered between library calls)
 *   CORE_STOP                   →   finish the call in hand, hang up, exit 0
 *
 * A message the receiver does not know, or that does not parse to its exact end,
 * ends the conversation: the core kills the transport, the transport exits.
 */
#define MODEM_PROTOCOL	1

enum modem_type {
	CORE_HELLO = 1, CORE_POISON, CORE_STORED, CORE_SEND, CORE_PING, CORE_STOP,
	MODEM_HELLO = 64, MODEM_STATE, MODEM_IDENTITY, MODEM_STATUS, MODEM_RX, MODEM_READ,
	MODEM_FREED, MODEM_SENDING, MODEM_SENT, MODEM_PONG,
};

enum modem_phase {
	MODEM_ABSENT,		/* no device: waiting for it */
	MODEM_CONNECTING,
	MODEM_READY,
	MODEM_FAILED,		/* "why" says what; the transport exits after this */
};

enum modem_outcome { OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_UNKNOWN };

/* Where a message lies in the modem, in 27.005's words but not its commands. */
enum modem_memory { MEMORY_SIM, MEMORY_PHONE, MEMORY_REPORTS };

/* TS 27.007 +CREG <stat>. */
enum modem_registration { REG_NONE, REG_HOME, REG_SEARCHING, REG_DENIED, REG_UNKNOWN, REG_ROAMING };

#define MODEM_TPDU_MAX		256	/* a TPDU is at most 164 octets; the rest is room for hostile ones */
#define MODEM_SETTINGS_MAX	32
#define MODEM_TEXT_MAX		1024	/* UTF-8 bytes of one outgoing text */

struct modem_setting {
	char	key[32], value[200];
};

struct modem_msg {
	enum modem_type type;
	union {
		struct {		/* CORE_HELLO */
			uint32_t version;
			char	 line[32];	/* the line's name, for the log: "m1" */
			size_t	 n;
			struct modem_setting v[MODEM_SETTINGS_MAX];
		} hello;
		struct {		/* MODEM_HELLO */
			uint32_t version;
			char	 program[64];	/* "tocsin-modem 0.1 (libgammu 1.42.0)" */
		} iam;
		struct {		/* MODEM_STATE */
			uint8_t	 phase;		/* enum modem_phase */
			char	 why[160];
		} state;
		struct {		/* MODEM_IDENTITY; an empty string: not known */
			char	 imei[20], imsi[20], iccid[24];
			char	 manufacturer[40], model[40], firmware[64];
		} identity;
		struct {		/* MODEM_STATUS */
			int16_t	 signal_dbm;	/* negative; 0: not known */
			int8_t	 signal_pct;	/* 0-100; -1: not known */
			uint8_t	 registration;	/* enum modem_registration */
			char	 operator_code[8], operator_name[40];	/* "61002", "Orange ML" */
			uint16_t sim_used, sim_capacity, phone_used, phone_capacity;
		} status;
		struct {		/* MODEM_RX, CORE_POISON (handle 0) */
			uint32_t handle;	/* the transport's name for it; new for every reading */
			uint8_t	 memory;	/* enum modem_memory */
			uint16_t slot;
			uint16_t len;
			uint8_t	 tpdu[MODEM_TPDU_MAX];	/* without the SMSC address */
		} rx;
		struct {		/* CORE_STORED, MODEM_READ */
			uint32_t handle;
		} handle;
		struct {		/* MODEM_FREED */
			uint32_t handle;
			uint8_t	 deleted;	/* 0: still there, will be read again */
		} freed;
		struct {		/* CORE_SEND */
			int64_t	 id;
			char	 dest[24];	/* E.164 with +, or digits only (a short code); nothing else */
			char	 text[MODEM_TEXT_MAX];
			uint8_t	 want_report;
			uint32_t validity_min;
		} send;
		struct {		/* MODEM_SENDING */
			int64_t	 id;
		} sending;
		struct {		/* MODEM_SENT */
			int64_t	 id;
			uint8_t	 outcome;	/* enum modem_outcome */
			uint16_t reference;	/* TP-MR 0-255, only when sent */
			uint16_t error;		/* TS 27.005 +CMS error, 0: none */
			char	 why[160];
		} sent;
		struct {		/* CORE_PING, MODEM_PONG */
			uint32_t n;
		} ping;
	} u;
};

#define MODEM_MSG_MAX	12288	/* bytes of the longest encoded message */

/* Encodes into out; returns the length, or 0: does not fit, or a value is out of its range. */
size_t	modem_msg_encode(const struct modem_msg *, uint8_t *out, size_t cap);
/* 0, or -1: unknown type, a field out of range, or bytes left over; *why is then a constant sentence. */
int	modem_msg_decode(struct modem_msg *, const uint8_t *, size_t, const char **why);
const char *modem_msg_name(enum modem_type);	/* "MODEM_RX"; "?" */
/* Who may say it: true for CORE_…, false for MODEM_… and for what is unknown. */
bool	modem_msg_is_from_core(enum modem_type);

#endif
