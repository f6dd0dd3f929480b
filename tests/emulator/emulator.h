/* The nouns of the emulated modem, and which file does what with them. */
#ifndef TOCSIN_EMULATOR_H
#define TOCSIN_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "emulator/pdu.h"

struct modem;
struct client;

/* ---- bytes.c: a byte queue with a ceiling --------------------------------- */
struct bytes {
	char	*p;		/* owned; NUL behind the last byte when not NULL */
	size_t	 len, cap, max;
};

void	bytes_init(struct bytes *, size_t max);
void	bytes_release(struct bytes *);
int	bytes_add(struct bytes *, const void *, size_t);	/* -1: over the ceiling, nothing was added */
int	bytes_addf(struct bytes *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	bytes_drop(struct bytes *, size_t n);			/* the first n */
const char *bytes_str(const struct bytes *);
/* Text with tabs, newlines, backslashes and control bytes written as \t \n \\ \x1b, and back. */
int	bytes_add_escaped(struct bytes *, const char *text, size_t len);
size_t	bytes_unescape(char *text);				/* in place; the new length */

/* ---- profiles.c: what the families say of themselves ---------------------- */
enum family { HUAWEI = 1, SIMCOM = 2, QUECTEL = 4, ALL_FAMILIES = 7 };

/* A command answered by fixed lines. It is compared without regard to case. */
struct canned {
	unsigned families;
	const char *command;	/* without AT, as typed: "+QCFG=\"nwscanmode\"" */
	const char *lines;	/* separated by \n; NULL: none */
	int	 result;	/* RESULT_OK … */
};

struct profile {
	enum family family;
	const char *name, *manufacturer, *model, *revision, *information;
	const char *unknown;		/* what it says to a command it has not; NULL: ERROR */
	const char *boot;		/* lines it sends after power up, separated by \n */
	const char *full;		/* line when an SMS came and there was no room, but for the memory; NULL: none */
	const char *cnmi_test;
	unsigned cnmi_max[5];
	bool	 cnmi_no_ds2;
	unsigned cnmi_default[5];
	const char *charsets;		/* as AT+CSCS=? lists them */
	int	 phone_slots, report_slots, first_slot;
	const char *default_memory;	/* "SM" or "ME" */
	bool	 hex_ussd;		/* AT+CUSD carries packed septets in hexadecimal */
};

const struct profile *profile_find(const char *name);
const char *profile_names(void);
const struct canned *profile_canned(enum family, const char *command);

/* ---- sim.c: the memories --------------------------------------------------- */
enum memory { MEM_SM, MEM_ME, MEM_SR, N_MEMORIES };
enum slot_state { REC_UNREAD, REC_READ, STO_UNSENT, STO_SENT };

#define SLOTS_MAX	500

struct slot {
	bool	 used;
	enum slot_state state;
	uint64_t id;
	struct pdu pdu;
};

struct sim {
	struct slot *slot[N_MEMORIES];	/* owned */
	int	 capacity[N_MEMORIES];
	int	 first;			/* the number of the first slot: 0 or 1 */
};

int	sim_init(struct sim *, const struct profile *, int slots);
void	sim_release(struct sim *);
const char *sim_name(enum memory);
int	sim_find(const char *name);			/* enum memory, or -1 */
int	sim_used(const struct sim *, enum memory);
struct slot *sim_slot(struct sim *, enum memory, long index);	/* NULL: no such index */
int	sim_store(struct sim *, enum memory, enum slot_state, uint64_t id, const struct pdu *);	/* its index, or -1: full */

/* ---- line.c: the pty ------------------------------------------------------- */
#define COMMAND_MAX	2048	/* bytes of one command line; real modems stop at 256 to 2,048 */
#define ENTRY_MAX	1200	/* characters of one PDU after the prompt */

enum line_state { LINE_COMMAND, LINE_ENTRY };

struct line {
	int	 master, slave, watch;	/* -1: none. slave is kept open so that the master never hangs up */
	const char *link;
	char	 tty[64];
	int	 openers;		/* other processes that have the tty open */
	enum line_state state;
	struct bytes in, out, held;	/* held: unsolicited lines that wait for the end of a dialogue */
	char	 command[COMMAND_MAX + 1];
	size_t	 command_len;
	bool	 overlong, charged;	/* charged: the latency of this command has been set */
	char	 entry[ENTRY_MAX + 1];
	size_t	 entry_len;
	int64_t	 busy_until, deaf_until, write_after;	/* monotonic ms */
};

int	line_open(struct modem *);
void	line_close(struct modem *);
void	line_read(struct modem *);
void	line_pump(struct modem *);	/* takes commands out of what was read */
void	line_flush(struct modem *);
void	line_watch(struct modem *);	/* who opened and closed it */
bool	line_is_heard(struct modem *);	/* somebody has the port open */
bool	line_wants_to_write(const struct modem *);
void	line_write(struct modem *, const char *, size_t);
void	line_print(struct modem *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One unsolicited line, without CR LF; waits when a dialogue is going on. */
void	line_urc(struct modem *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	line_release_urcs(struct modem *);
int64_t	line_next_ms(const struct modem *);	/* when it wants to be pumped, -1: not by time */

/* ---- at.c, at_sms.c, at_phone.c: the commands ------------------------------- */
enum { RESULT_OK, RESULT_ERROR, RESULT_NONE };	/* NONE: the handler answers by itself */
#define CMS(n)	(1000 + (n))
#define CME(n)	(2000 + (n))

enum op { OP_EXEC, OP_READ, OP_TEST, OP_SET };

#define ARGS_MAX	10

struct call {
	const char *name;	/* "+CMGL" */
	enum op	 op;
	const char *raw;	/* behind the = */
	int	 n;
	const char *arg[ARGS_MAX];	/* without the quotes; "" when left out */
	char	 text[COMMAND_MAX + 1];
};

struct command {
	const char *name;
	unsigned families;
	bool	 needs_sim;
	int	(*run)(struct modem *, struct call *);
};

extern const struct command at_sms_commands[], at_phone_commands[];	/* end with a NULL name */

/* Numbers that are only kept and shown: AT+CREG=2, AT+CMGF=0, … */
enum setting { SET_CMEE, SET_CMGF, SET_CREG, SET_CGREG, SET_CEREG, SET_CLIP, SET_COLP, SET_CRC, SET_CUSD, SET_CSDH, SET_CCWA,
	SET_CURC, SET_CMMS, SET_CTZU, SET_CTZR, SET_CFUN, N_SETTINGS };

enum charset { CHARSET_GSM, CHARSET_IRA, CHARSET_UCS2, CHARSET_HEX };

struct at {
	bool	 echo, verbose_results, quiet;
	bool	 running;		/* a command line is being carried out */
	bool	 said_something;	/* it has already printed a line of information */
	int	 cops_format;
	bool	 indicates[6];		/* AT+QINDCFG, in the order of at_indications */
	long	 setting[N_SETTINGS];
	enum charset charset;
	enum memory memory[3];
	unsigned cnmi[5];
	int	 csms;
	char	 csmp[40];
	struct bytes kept_urcs;		/* CNMI mode 0 keeps them */
	bool	 entry_is_store;	/* CMGW rather than CMGS */
	long	 entry_length, entry_state;
	uint64_t total;
	struct at_counter {
		char	 name[24];
		uint64_t n;
	} counter[96];
	size_t	 n_counters;
};

int	at_run_qindcfg(struct modem *, struct call *);	/* a row of at_phone_commands */
void	at_reset(struct modem *);		/* as after power up */
void	at_run(struct modem *, char *line);	/* a whole command line without the CR */
void	at_entry(struct modem *);		/* Ctrl-Z came after the prompt */
void	at_entry_cancel(struct modem *);
void	at_info(struct modem *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	at_result(struct modem *, int result);
void	at_prompt(struct modem *, bool store, long length, long state);
bool	at_number(const char *, long least, long most, long *out);
/* UTF-8 to and from the character set of AT+CSCS, inside quotes. */
void	at_encode(const struct modem *, const char *utf8, char *out, size_t cap);
void	at_decode(const struct modem *, const char *in, char *out, size_t cap);
/* Whether AT+QINDCFG or AT^CURC lets this kind of line out; true for families without such a switch. */
bool	at_indicates(const struct modem *, const char *what);
void	at_sms_urc(struct modem *, const char *line);	/* obeys the mode of AT+CNMI */

/* ---- network.c: the SMS centre and the air --------------------------------- */
struct message {		/* on its way to the SIM */
	struct message *next;
	uint64_t id;
	bool	 store_flash;
	struct pdu pdu;
};

struct queue {
	struct message *first, **end;
	size_t	 n;
};

struct sent {			/* one SUBMIT the network accepted */
	uint64_t id;
	uint8_t	 reference;
	bool	 shown;		/* belongs to a message that is complete */
	struct pdu_concat concat;
	int64_t	 at_ms, at;	/* monotonic; Unix seconds */
	char	 dest[PDU_ADDRESS_MAX];
	char	*text;		/* owned UTF-8 */
};

struct outgoing {		/* a whole text that left, of one or more parts */
	char	 dest[PDU_ADDRESS_MAX];
	char	*text;		/* owned */
	size_t	 parts;
};

struct network {
	uint64_t last_id;
	struct queue waiting, reports;
	struct sent *sent;
	size_t	 n_sent, cap_sent;
	struct outgoing *out;
	size_t	 n_out, cap_out;
	uint8_t	 reference;	/* TP-MR of the next SUBMIT */
	char	 smsc[PDU_ADDRESS_MAX];
	char	 number[PDU_ADDRESS_MAX];
	char	 balance[200];
	bool	 registered, reports_on, store_flash;
	int	 signal;	/* CSQ, 0-31, 99 */
	uint8_t	 report_status;
	long	 report_delay_ms;
	char	 caller[PDU_ADDRESS_MAX];
	int	 rings_left;
	uint64_t call_id;
	bool	 said_full;	/* the line about a full SIM, once until there is room */
};

struct incoming {
	const char *sender, *text;
	bool	 alnum, flash;
	int	 alphabet;	/* enum pdu_alphabet, or -1: the one a phone would choose */
	int64_t	 when;		/* 0: now */
	const uint8_t *data;	/* for PDU_8BIT */
	size_t	 data_len;
	const char *order;	/* "2,1,3"; NULL: as they come */
	struct pdu_concat only;	/* total > 0: this very part */
};

void	network_init(struct modem *);
void	network_release(struct modem *);
/* 0 and the ids of the first and last part, or -1: does not fit an SMS. */
int	network_receive(struct modem *, const struct incoming *, uint64_t *first, uint64_t *last);
uint64_t network_receive_pdu(struct modem *, const struct pdu *, bool store_flash);
void	network_pump(struct modem *);		/* hands over what waits, as far as there is room */
void	network_submit(struct modem *, const struct pdu *);
void	network_say_signal(struct modem *);	/* the family's unsolicited line, if it is switched on */
void	network_call(struct modem *, const char *number, int rings);
void	network_hang_up(struct modem *, const char *how);
void	network_forget_answers(struct modem *);	/* the modem lost its power: what it owed the host is gone */
uint64_t network_new_id(struct modem *);

/* ---- ledger.c: what happened, for the tests ---------------------------------- */
int	ledger_open(struct modem *, const char *path, bool sync);
void	ledger_close(struct modem *);
/* One line: ms, event, id, then what fmt gives (columns separated by \t); escaped by the caller. */
void	ledger(struct modem *, const char *event, uint64_t id, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void	ledger_at_counters(struct modem *);

/* ---- faults.c: what goes wrong on command ------------------------------------ */
enum fault {
	FAULT_CMS, FAULT_CME, FAULT_CMGS_LATE, FAULT_CMGS_MISSING, FAULT_CMGS_LOST, FAULT_BARE_OK, FAULT_SLOW,
	FAULT_SPLIT, FAULT_NOISE, FAULT_URC_INSIDE, FAULT_HANG_READ, FAULT_CORRUPT, FAULT_SIM_FULL, FAULT_NO_CMTI, N_FAULTS
};

struct faults {
	struct {
		long	 left, value;
	} f[N_FAULTS];
	char	 inside[256];
	bool	 power_off;
	char	 pin[12], puk[12];
	bool	 pin_needed, pin_at_boot;
	int	 pin_tries, puk_tries;
};

void	faults_init(struct modem *);
bool	fault_take(struct modem *, enum fault, long *value);	/* counts it and writes it to the ledger */
bool	fault_active(const struct modem *, enum fault);
/* The words behind "fault". The answer goes to out; 0, or -1: out says why not. */
int	fault_command(struct modem *, char *words, struct bytes *out);
void	fault_boot(struct modem *);
/* What AT+CFUN=1,1 does: a stick leaves the bus and comes back, a module on a UART only boots. */
void	fault_reset(struct modem *);

/* ---- control.c: the scripting socket, and prompt.c: the same by hand ---------- */
#define CLIENTS_MAX	64

enum wait_for { WAIT_NOTHING, WAIT_OUT, WAIT_EMPTY };

struct client {
	int	 in, out;		/* the same descriptor for a socket */
	bool	 used, prompt, subscribed, ended;
	struct bytes input, output;
	enum wait_for waiting;
	uint64_t wait_n;
	int64_t	 wait_until;
};

struct control {
	int	 listener;
	const char *path;
	struct client client[CLIENTS_MAX];
};

int	control_open(struct modem *, const char *path);
void	control_close(struct modem *);
void	control_accept(struct modem *);
struct client *control_add(struct modem *, int in, int out);
void	control_read(struct modem *, struct client *);
void	control_flush(struct modem *, struct client *);
void	control_check_waits(struct modem *);
int64_t	control_next_ms(const struct modem *);
void	control_publish(struct modem *, const char *line, size_t len);	/* to the subscribers */
/* Runs one command; the reply, without newline, goes to out. A wait leaves out empty. */
void	control_run(struct modem *, struct client *, char *line, struct bytes *out);
int	control_send(const char *path, const char *command);		/* the client side; an exit status */

int	prompt_open(struct modem *);
void	prompt_line(struct modem *, struct client *, char *line);
void	prompt_sent(struct modem *, const struct outgoing *);

/* ---- main.c -------------------------------------------------------------------- */
struct options {
	const char *link, *control, *ledger, *profile, *number, *memory, *send;
	long	 slots, latency_ms, air_ms;
	bool	 prompt, verbose, sync;
};

struct timer {
	int64_t	 due;
	void	(*run)(struct modem *, uint64_t arg);
	uint64_t arg;
};

struct modem {
	struct options options;
	const struct profile *profile;
	struct line line;
	struct at at;
	struct sim sim;
	struct network net;
	struct faults faults;
	struct control control;
	int	 ledger_fd;
	uint64_t ledger_lines;
	struct timer *timer;		/* owned */
	size_t	 n_timers, cap_timers;
	bool	 quit;
	int	 status;		/* exit status */
};

int64_t	main_now_ms(void);		/* CLOCK_MONOTONIC */
int64_t	main_unix_time(void);
/* Calls run(modem, arg) in "ms"; -1: no memory. */
int	main_after(struct modem *, long ms, void (*run)(struct modem *, uint64_t), uint64_t arg);
/* Drops what was to be said to the host later: the modem lost its power. */
void	main_forget(struct modem *, void (*run)(struct modem *, uint64_t));

#endif
