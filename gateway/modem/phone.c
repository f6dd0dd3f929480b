/* One phone behind libgammu: the only module that knows the library. */
#include "modem/phone.h"

#include <gammu.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "modem/at.h"
#include "modem/sandbox.h"
#include "modem/tap.h"
#include "modem/wake.h"

#define CALL_LIMIT_S	25
#define LIST_LIMIT_S	90	/* 300 messages at 9,600 bit/s */
#define CONNECT_LIMIT_S	60
#define AT_TIMEOUT_MS	10000
#define LIST_TIMEOUT_MS	60000
#define PARTIAL_LINE_MS	100

struct phone {
	struct modem_msg hello;
	GSM_StateMachine *gsm;
	struct at at;
	struct tap tap;
	char	 selected[TAP_MEMORY_SIZE];	/* libgammu believes in tap.memory, and gets it back before each call */
	char	 smsc[24];
	GSM_MultiSMSMessage *list;	/* owned; libgammu's position in the listing */
	bool	 submitting;
	struct phone_sent sent;
	unsigned reports, reports_capacity;
};

const char *
phone_library(void)
{
	return "libgammu " GAMMU_VERSION;
}

static void
copy_memory(char to[TAP_MEMORY_SIZE], const char *from)
{
	snprintf(to, TAP_MEMORY_SIZE, "%.2s", from);
}

/* ---- taking turns on the tty ---------------------------------------------- */

static bool
readable(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0 && (p.revents & POLLIN);
}

static enum at_result
select_memory(struct phone *p, const char *memory)
{
	enum at_result result;
	char command[16];

	if (strcmp(p->selected, memory) == 0)
		return AT_OK;
	snprintf(command, sizeof command, "+CPMS=\"%.2s\"", memory);
	result = at_command(&p->at, command, AT_TIMEOUT_MS, NULL, NULL, NULL);
	if (result == AT_OK)
		copy_memory(p->selected, memory);
	return result;
}

/*
 * libgammu waits up to 400 s for an answer it missed, and there is no way to interrupt it
 * that leaves the conversation in order: so the process ends, and a fresh one connects.
 */
static void
on_alarm(int signal)
{
	static const char text[] = "tocsin-modem: phone.stuck why=\"no answer in time\"\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof text - 1) == -1)
		_exit(1);
	_exit(1);
}

/*
 * Before a call of libgammu, which may take so long: finish the line we began to read,
 * and put the memory back it believes in.
 */
static void
enter(struct phone *p, bool slot_wanted, unsigned limit_s)
{
	int64_t until = clock_now().mono.ms + PARTIAL_LINE_MS;

	while (p->at.len > 0 && clock_now().mono.ms < until && readable(p->at.fd, PARTIAL_LINE_MS))
		if (at_pump(&p->at) != AT_OK)
			break;
	if (p->tap.memory[0] != '\0' && select_memory(p, p->tap.memory) != AT_OK)
		log_warnx("phone.memory why=\"cannot be selected again\"");
	/* While it connects, a command more or less does not matter. */
	p->tap.waiting = limit_s != CONNECT_LIMIT_S;
	alarm(limit_s);
	tap_begin(&p->tap, slot_wanted);
}

/* After a call: what libgammu has not read of a line it began to, it shall have. */
static void
leave(struct phone *p)
{
	alarm(0);
	p->tap.waiting = false;
	for (int i = 0; i < 64 && readable(p->at.fd, 0); i++)
		if (GSM_ReadDevice(p->gsm, FALSE) <= 0)
			break;
	if (p->tap.selected)
		copy_memory(p->selected, p->tap.memory);
	p->tap.selected = false;
}

static bool
is_lost(GSM_Error e)
{
	return e == ERR_TIMEOUT || e == ERR_DEVICEWRITEERROR || e == ERR_DEVICEREADERROR || e == ERR_DEVICENOTWORK ||
	    e == ERR_NOTCONNECTED || e == ERR_ABORTED;
}

int
phone_fd(const struct phone *p)
{
	return p->at.fd;
}

int
phone_pump(struct phone *p)
{
	if (!p->submitting)
		return at_pump(&p->at) == AT_GONE ? -1 : 0;
	if (GSM_ReadDevice(p->gsm, FALSE) < 0)
		return -1;
	p->submitting = !p->sent.done;
	return 0;
}

/* ---- connecting ------------------------------------------------------------ */

struct phone *
phone_new(const struct modem_msg *hello, const struct tap_events *events)
{
	struct phone *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->hello = *hello;
	tap_init(&p->tap, events);
	p->list = calloc(1, sizeof *p->list);
	at_init(&p->at, -1, tap_unasked, &p->tap);
	if (p->list == NULL) {
		free(p);
		return NULL;
	}
	signal(SIGALRM, on_alarm);
	GSM_InitLocales(NULL);
	return p;
}

static void
hang_up(struct phone *p)
{
	if (p->gsm != NULL) {
		alarm(CALL_LIMIT_S);
		GSM_TerminateConnection(p->gsm);
		GSM_FreeStateMachine(p->gsm);
		alarm(0);
		p->gsm = NULL;
	}
	at_init(&p->at, -1, tap_unasked, &p->tap);
}

void
phone_free(struct phone *p)
{
	if (p == NULL)
		return;
	hang_up(p);
	free(p->list);
	free(p);
}

/* The settings as one [gammu] section, so that every key of a gammurc works without our knowing it. */
static GSM_Error
read_settings(struct phone *p, GSM_Config *cfg)
{
	static INI_Entry entries[MODEM_SETTINGS_MAX];
	static unsigned char name[] = "gammu";
	INI_Section section = { .SectionName = name };

	for (size_t i = 0; i < p->hello.u.hello.n; i++) {
		entries[i] = (INI_Entry){
			.EntryName = (unsigned char *)p->hello.u.hello.v[i].key,
			.EntryValue = (unsigned char *)p->hello.u.hello.v[i].value,
			.Prev = i > 0 ? &entries[i - 1] : NULL,
			.Next = i + 1 < p->hello.u.hello.n ? &entries[i + 1] : NULL,
		};
	}
	section.SubEntries = p->hello.u.hello.n > 0 ? &entries[0] : NULL;
	return GSM_ReadConfig(&section, cfg, 0);
}

static int
configure(struct phone *p)
{
	GSM_Config *cfg;
	GSM_Error e;

	p->gsm = GSM_AllocStateMachine();
	if (p->gsm == NULL)
		return -1;
	cfg = GSM_GetConfig(p->gsm, 0);
	e = read_settings(p, cfg);
	if (e != ERR_NONE && e != ERR_USING_DEFAULTS)
		return -1;
	free(cfg->DebugFile);
	cfg->DebugFile = strdup("");
	cfg->UseGlobalDebugFile = FALSE;
	cfg->SyncTime = FALSE;
	cfg->StartInfo = FALSE;
	/* Of all levels the cheapest that logs the lines of a reply: the hex dumps of "textall" are not needed. */
	snprintf(cfg->DebugLevel, sizeof cfg->DebugLevel, "errors");
	/* A 0 for cell broadcasts makes libgammu refuse to set anything; it asks for none anyway. */
	if (cfg->CNMIParams[2] == 0)
		cfg->CNMIParams[2] = -1;
	GSM_SetConfigNum(p->gsm, 1);
	return cfg->DebugFile == NULL ? -1 : 0;
}

/* libgammu does not tell its descriptor: it is the one that is the device. */
static int
find_tty(const char *device)
{
	struct stat want, have;

	if (stat(device, &want) == -1)
		return -1;
	for (int fd = 4; fd < SANDBOX_FILES; fd++)
		if (fstat(fd, &have) == 0 && S_ISCHR(have.st_mode) && have.st_rdev == want.st_rdev)
			return fd;
	return -1;
}

static bool
means_absent(GSM_Error e)
{
	return e == ERR_DEVICEOPENERROR || e == ERR_DEVICELOCKED || e == ERR_DEVICENOTEXIST || e == ERR_DEVICEBUSY ||
	    e == ERR_DEVICENOPERMISSION || e == ERR_DEVICENODRIVER;
}

static void
on_sent(GSM_StateMachine *gsm, int status, int reference, void *ctx)
{
	struct phone *p = ctx;

	(void)gsm;
	p->sent.done = true;
	p->sent.status = status;
	p->sent.reference = reference;
}

/*
 * No callback for incoming SMS is set on purpose: with one, libgammu would decode
 * +CMT and +CDS lines into fixed arrays. The log and the tty tell us all we need.
 */
static void
ask_for_notices(struct phone *p)
{
	static const char *const commands[] = { "+CNMI=2,1,0,2,0", "+CNMI=2,1,0,1,0", "+CNMI=1,1,0,2,0", "+CNMI=2,1" };

	GSM_SetSendSMSStatusCallback(p->gsm, on_sent, p);
	if (p->at.fd == -1)
		return;
	if (GSM_SetIncomingSMS(p->gsm, TRUE) == ERR_NONE)
		return;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (at_command(&p->at, commands[i], AT_TIMEOUT_MS, NULL, NULL, NULL) == AT_OK)
			return;
	log_warnx("phone.notices why=\"the modem tells of no new messages; it is asked from time to time\"");
}

/* UTF-16BE, as libgammu keeps text, to UTF-8; surrogates become U+FFFD. */
static void
to_utf8(const unsigned char *wide, char *out, size_t size)
{
	size_t n = 0;

	for (; (wide[0] != 0 || wide[1] != 0) && n + 5 < size; wide += 2) {
		uint32_t cp = (uint32_t)wide[0] << 8 | wide[1];

		if (cp >= 0x20 && cp != 0x7F)
			n += utf8_put(out + n, cp);
	}
	out[n] = '\0';
}

static void
learn_smsc(struct phone *p)
{
	const char *set = wake_setting(&p->hello, "smsc");
	GSM_SMSC smsc = { .Location = 1 };

	if (set != NULL)
		snprintf(p->smsc, sizeof p->smsc, "%s", set);
	else if (GSM_GetSMSC(p->gsm, &smsc) == ERR_NONE)
		to_utf8(smsc.Number, p->smsc, sizeof p->smsc);
	if (p->smsc[0] == '\0')
		log_warnx("phone.smsc why=\"the SIM has none; nothing can be sent\"");
}

/* libgammu's "dummy" phone has no line: it takes what is sent, and nothing is heard. */
static bool
is_dummy(const struct phone *p)
{
	const char *connection = wake_setting(&p->hello, "connection");

	return connection != NULL && strcasecmp(connection, "none") == 0;
}

static enum phone_link
open_device(struct phone *p, const char *device, char *why, size_t size)
{
	GSM_Error e;

	if (configure(p) == -1) {
		snprintf(why, size, "a gammu setting is not valid");
		return PHONE_BROKEN;
	}
	enter(p, false, CONNECT_LIMIT_S);
	e = GSM_InitConnection_Log(p->gsm, 1, tap_log, &p->tap);
	alarm(0);
	if (e != ERR_NONE) {
		snprintf(why, size, "%s", GSM_ErrorString(e));
		return means_absent(e) ? PHONE_ABSENT : PHONE_BROKEN;
	}
	at_init(&p->at, find_tty(device), tap_unasked, &p->tap);
	if (p->at.fd == -1 && !is_dummy(p)) {
		snprintf(why, size, "connection '%.40s' is not a serial line", wake_setting(&p->hello, "connection"));
		return PHONE_BROKEN;
	}
	return PHONE_CONNECTED;
}

enum phone_link
phone_connect(struct phone *p, char *why, size_t size)
{
	const char *device = wake_setting(&p->hello, "device");
	enum phone_link link;

	if (device == NULL) {
		snprintf(why, size, "no device is set");
		return PHONE_BROKEN;
	}
	link = is_dummy(p) ? PHONE_CONNECTED : wake_modem(&p->hello, tap_unasked, &p->tap, why, size);
	if (link != PHONE_CONNECTED)
		return link;
	link = open_device(p, device, why, size);
	if (link != PHONE_CONNECTED) {
		hang_up(p);
		return link;
	}
	enter(p, false, CALL_LIMIT_S);
	ask_for_notices(p);
	learn_smsc(p);
	leave(p);
	return PHONE_CONNECTED;
}

/* ---- reading ---------------------------------------------------------------- */

static GSM_MemoryType
memory_type(const char *memory)
{
	static const struct {
		const char *name;
		GSM_MemoryType type;
	} rows[] = { { "SM", MEM_SM }, { "ME", MEM_ME }, { "MT", MEM_MT }, { "SR", MEM_SR } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].name, memory) == 0)
			return rows[i].type;
	return MEM_INVALID;
}

/* Where libgammu gave nothing away: read the slot ourselves. */
static enum phone_read
read_plainly(struct phone *p, const char *memory, unsigned slot)
{
	struct at_message m = { .found = false };
	enum at_result result = select_memory(p, memory);

	if (result == AT_OK)
		result = at_read(&p->at, slot, &m);
	if (result == AT_SILENT || result == AT_GONE)
		return PHONE_LOST;
	if (result == AT_ERROR || !m.found)
		return PHONE_EMPTY;
	p->tap.events.message(p->tap.events.ctx, memory, slot, m.tpdu, m.len);
	return PHONE_REFUSED;
}

enum phone_read
phone_read(struct phone *p, const char *memory, unsigned slot)
{
	GSM_MultiSMSMessage *m = calloc(1, sizeof *m);
	GSM_Error e;

	if (m == NULL)
		return PHONE_LOST;
	m->SMS[0].Memory = memory_type(memory);
	/* For models known to count from 0 libgammu takes locations that count from 1. */
	m->SMS[0].Location = (int)slot + (GSM_IsPhoneFeatureAvailable(GSM_GetModelInfo(p->gsm), F_SMS_LOCATION_0) ? 1 : 0);
	enter(p, true, CALL_LIMIT_S);
	e = GSM_GetSMS(p->gsm, m);
	leave(p);
	free(m);
	if (is_lost(e))
		return PHONE_LOST;
	log_debug("phone.read memory=%s slot=%u error=%d captured=%zu", memory, slot, (int)e, p->tap.captured);
	if (p->tap.captured > 0)
		return e == ERR_NONE ? PHONE_READ : PHONE_REFUSED;
	return e == ERR_EMPTY ? PHONE_EMPTY : read_plainly(p, memory, slot);
}

/* +CMGL: 7,1,,24 */
static void
on_list_line(void *ctx, const char *line)
{
	struct phone *p = ctx;
	unsigned slot;

	if (strncmp(line, "+CMGL:", 6) == 0 && at_number(line + 6, &slot) != NULL && slot < TAP_NOWHERE)
		p->tap.events.notice(p->tap.events.ctx, p->selected, slot);
}

/* One odd line makes libgammu refuse a whole listing: then each slot is read by itself. */
static enum phone_read
list_plainly(struct phone *p)
{
	static const char *const memories[] = { "SM", "ME" };

	for (size_t i = 0; i < 2; i++) {
		enum at_result result = select_memory(p, memories[i]);

		if (result == AT_OK)
			result = at_command(&p->at, "+CMGL=4", LIST_TIMEOUT_MS, on_list_line, p, NULL);
		if (result == AT_SILENT || result == AT_GONE)
			return PHONE_LOST;
	}
	return PHONE_EMPTY;
}

enum phone_read
phone_list(struct phone *p, bool start)
{
	int before = start ? -1 : p->list->SMS[0].Location;
	GSM_Error e;

	if (p->at.fd == -1)
		return PHONE_EMPTY;
	p->list->SMS[0].Folder = 0;
	p->list->Number = 0;
	enter(p, true, LIST_LIMIT_S);
	e = GSM_GetNextSMS(p->gsm, p->list, start);
	leave(p);
	if (is_lost(e))
		return PHONE_LOST;
	if (e == ERR_EMPTY)
		return PHONE_EMPTY;
	if (e == ERR_NONE && p->tap.captured > 0)
		return PHONE_READ;
	/* The place in the listing must move on, or the same message would be refused for ever. */
	return p->tap.captured > 0 && p->list->SMS[0].Location > before ? PHONE_REFUSED : list_plainly(p);
}

/* +CPMS: 2,50,… */
static void
on_memory_line(void *ctx, const char *line)
{
	struct phone *p = ctx;
	const char *rest = strncmp(line, "+CPMS:", 6) == 0 ? at_number(line + 6, &p->reports) : NULL;

	if (rest != NULL && *rest == ',')
		at_number(rest + 1, &p->reports_capacity);
}

int
phone_list_reports(struct phone *p)
{
	enum at_result result;

	if (p->at.fd == -1)
		return 0;
	p->reports = p->reports_capacity = 0;
	result = at_command(&p->at, "+CPMS=\"SR\"", AT_TIMEOUT_MS, on_memory_line, p, NULL);
	if (result == AT_OK)
		copy_memory(p->selected, "SR");
	for (unsigned slot = 0; p->reports > 0 && slot <= p->reports_capacity && slot <= TAP_LISTED_MAX; slot++)
		p->tap.events.notice(p->tap.events.ctx, "SR", slot);
	return result == AT_SILENT || result == AT_GONE ? -1 : 0;
}

/* ---- deleting --------------------------------------------------------------- */

enum phone_delete
phone_delete(struct phone *p, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len)
{
	struct at_message m;
	enum at_result result = select_memory(p, memory);
	char command[32];

	if (result == AT_OK)
		result = at_read(&p->at, slot, &m);
	if (result == AT_OK && !m.found)
		return PHONE_WAS_EMPTY;
	if (result == AT_OK && (m.len != len || memcmp(m.tpdu, tpdu, len) != 0)) {
		p->tap.events.message(p->tap.events.ctx, memory, slot, m.tpdu, m.len);
		return PHONE_DIFFERS;
	}
	if (result == AT_OK) {
		snprintf(command, sizeof command, "+CMGD=%u", slot);
		result = at_command(&p->at, command, AT_TIMEOUT_MS, NULL, NULL, NULL);
	}
	if (result == AT_SILENT || result == AT_GONE)
		return PHONE_DELETE_LOST;
	return result == AT_OK ? PHONE_DELETED : PHONE_KEPT;
}

/* ---- sending ---------------------------------------------------------------- */

static void
to_wide(const char *utf8, size_t len, unsigned char *out, size_t size)
{
	const char *p = utf8, *end = utf8 + len;
	size_t n = 0;
	uint32_t cp;

	while (p < end && n + 6 <= size) {
		utf8_next(&p, end, &cp);
		if (cp > 0xFFFF) {
			cp -= 0x10000;
			out[n++] = (unsigned char)(0xD8 | cp >> 18);
			out[n++] = (unsigned char)(cp >> 10);
			cp = 0xDC00 | (cp & 0x3FF);
		}
		out[n++] = (unsigned char)(cp >> 8);
		out[n++] = (unsigned char)cp;
		/* libgammu takes a ~ in UCS-2 text for a code of its own, and two for one. */
		if (cp == '~' && size - n >= 4) {
			out[n++] = 0;
			out[n++] = '~';
		}
	}
	out[n] = out[n + 1] = 0;
}

static void
to_wide_gsm7(const char *utf8, size_t len, unsigned char *out, size_t size)
{
	const char *p = utf8, *end = utf8 + len;
	size_t n = 0;
	uint32_t cp;

	/* All of the GSM alphabet lies below U+FFFF. */
	while (p < end && n + 4 <= size) {
		utf8_next(&p, end, &cp);
		out[n++] = (unsigned char)(cp >> 8);
		out[n++] = (unsigned char)cp;
	}
	out[n] = out[n + 1] = 0;
}

static void
fill_sms(const struct phone *p, const struct phone_sms *sms, GSM_SMSMessage *out)
{
	out->PDU = sms->want_report ? SMS_Status_Report : SMS_Submit;
	out->Class = -1;
	out->Coding = sms->ucs2 ? SMS_Coding_Unicode_No_Compression : SMS_Coding_Default_No_Compression;
	out->SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	out->SMSC.Validity.Relative = sms->validity;
	to_wide_gsm7(p->smsc, strlen(p->smsc), out->SMSC.Number, sizeof out->SMSC.Number);
	to_wide_gsm7(sms->dest, strlen(sms->dest), out->Number, sizeof out->Number);
	(sms->ucs2 ? to_wide : to_wide_gsm7)(sms->text, sms->len, out->Text, sizeof out->Text);
	out->UDH.Type = UDH_NoUDH;
	if (sms->total > 1) {
		/* TS 23.040 9.2.3.24.1: concatenation with an 8-bit reference. */
		const unsigned char udh[] = { 5, 0, 3, sms->ref, sms->total, sms->seq };

		out->UDH.Type = UDH_ConcatenatedMessages;
		out->UDH.Length = sizeof udh;
		memcpy(out->UDH.Text, udh, sizeof udh);
	}
}

void
phone_submit(struct phone *p, const struct phone_sms *sms)
{
	GSM_SMSMessage *m = calloc(1, sizeof *m);
	GSM_Error e = ERR_MOREMEMORY;

	p->sent = (struct phone_sent){ .status = -1, .reference = -1 };
	p->submitting = true;
	if (m != NULL) {
		fill_sms(p, sms, m);
		enter(p, false, CALL_LIMIT_S);
		e = GSM_SendSMS(p->gsm, m);
		alarm(0);
		p->tap.waiting = false;
		free(m);
	}
	if (e != ERR_NONE) {
		p->sent.done = true;
		snprintf(p->sent.why, sizeof p->sent.why, "%s", GSM_ErrorString(e));
	}
	p->submitting = !p->sent.done;
}

const struct phone_sent *
phone_sent(struct phone *p)
{
	p->sent.written = p->tap.written;
	p->sent.cme = p->tap.cme;
	return &p->sent;
}

/* ---- what it is and how it is ------------------------------------------------ */

static void
copy_visible(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from != '\0' && n + 1 < size; from++)
		if (*from >= 0x20 && *from < 0x7F)
			to[n++] = *from;
	to[n] = '\0';
}

/* 18 to 20 digits, behind whatever the family writes in front (ITU-T E.118). */
static void
on_iccid_line(void *ctx, const char *line)
{
	struct modem_msg *m = ctx;
	const char *digits = line + strcspn(line, "0123456789");
	size_t n = strspn(digits, "0123456789");

	if (n >= 18 && n <= 20)
		snprintf(m->u.identity.iccid, sizeof m->u.identity.iccid, "%.*s", (int)n, digits);
}

static int
ask_iccid(struct phone *p, struct modem_msg *m)
{
	static const char *const commands[] = { "+CCID", "^ICCID?", "+QCCID" };

	for (size_t i = 0; i < sizeof commands / sizeof commands[0] && m->u.identity.iccid[0] == '\0'; i++) {
		enum at_result result = at_command(&p->at, commands[i], AT_TIMEOUT_MS, on_iccid_line, m, NULL);

		if (result == AT_SILENT || result == AT_GONE)
			return -1;
	}
	return 0;
}

int
phone_identity(struct phone *p, struct modem_msg *m)
{
	char imei[GSM_MAX_IMEI_LENGTH + 1] = "", imsi[100] = "", date[GSM_MAX_VERSION_DATE_LENGTH + 1] = "";
	char maker[GSM_MAX_MANUFACTURER_LENGTH + 1] = "", model[GSM_MAX_MODEL_LENGTH + 1] = "";
	char version[GSM_MAX_VERSION_LENGTH + 1] = "";
	double number;
	bool lost;

	*m = (struct modem_msg){ .type = MODEM_IDENTITY };
	enter(p, false, CALL_LIMIT_S);
	GSM_GetManufacturer(p->gsm, maker);
	GSM_GetModel(p->gsm, model);
	GSM_GetFirmware(p->gsm, version, date, &number);
	lost = is_lost(GSM_GetIMEI(p->gsm, imei)) || is_lost(GSM_GetSIMIMSI(p->gsm, imsi));
	leave(p);
	copy_visible(m->u.identity.manufacturer, sizeof m->u.identity.manufacturer, maker);
	copy_visible(m->u.identity.model, sizeof m->u.identity.model, model);
	copy_visible(m->u.identity.firmware, sizeof m->u.identity.firmware, version);
	copy_visible(m->u.identity.imei, sizeof m->u.identity.imei, imei);
	copy_visible(m->u.identity.imsi, sizeof m->u.identity.imsi, imsi);
	if (p->at.fd == -1)
		return 0;
	return lost ? -1 : ask_iccid(p, m);
}

static GSM_Error
ask_signal(struct phone *p, struct modem_msg *m)
{
	GSM_SignalQuality q = { 0 };
	GSM_Error e = GSM_GetSignalQuality(p->gsm, &q);

	m->u.status.signal_dbm = 0;
	m->u.status.signal_pct = -1;
	if (e == ERR_NONE && q.SignalStrength < 0 && q.SignalStrength > -200)
		m->u.status.signal_dbm = (int16_t)q.SignalStrength;
	if (e == ERR_NONE && q.SignalPercent >= 0 && q.SignalPercent <= 100)
		m->u.status.signal_pct = (int8_t)q.SignalPercent;
	return e;
}

static GSM_Error
ask_network(struct phone *p, struct modem_msg *m)
{
	static const uint8_t registration[] = {
		[GSM_HomeNetwork] = REG_HOME, [GSM_NoNetwork] = REG_NONE, [GSM_RoamingNetwork] = REG_ROAMING,
		[GSM_RegistrationDenied] = REG_DENIED, [GSM_NetworkStatusUnknown] = REG_UNKNOWN,
		[GSM_RequestingNetwork] = REG_SEARCHING,
	};
	GSM_NetworkInfo info = { 0 };
	GSM_Error e = GSM_GetNetworkInfo(p->gsm, &info);

	m->u.status.registration = REG_UNKNOWN;
	if (e != ERR_NONE)
		return e;
	if ((size_t)info.State < sizeof registration)
		m->u.status.registration = registration[info.State];
	/* libgammu writes "610 02". */
	for (char *s = info.NetworkCode, *to = s; (*to = *s) != '\0'; s++)
		to += *s != ' ';
	copy_visible(m->u.status.operator_code, sizeof m->u.status.operator_code, info.NetworkCode);
	to_utf8(info.NetworkName, m->u.status.operator_name, sizeof m->u.status.operator_name);
	return e;
}

static uint16_t
count(int n)
{
	return n < 0 ? 0 : n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

static GSM_Error
ask_memories(struct phone *p, struct modem_msg *m)
{
	GSM_SMSMemoryStatus status = { 0 };
	GSM_Error e = GSM_GetSMSStatus(p->gsm, &status);

	m->u.status.sim_used = count(status.SIMUsed);
	m->u.status.sim_capacity = count(status.SIMSize);
	m->u.status.phone_used = count(status.PhoneUsed);
	m->u.status.phone_capacity = count(status.PhoneSize);
	return e;
}

int
phone_status(struct phone *p, enum phone_status part, struct modem_msg *m)
{
	static GSM_Error (*const ask[])(struct phone *, struct modem_msg *) = {
		[PHONE_SIGNAL] = ask_signal, [PHONE_NETWORK] = ask_network, [PHONE_MEMORIES] = ask_memories,
	};
	GSM_Error e;

	enter(p, false, CALL_LIMIT_S);
	e = ask[part](p, m);
	leave(p);
	return is_lost(e) ? -1 : 0;
}
