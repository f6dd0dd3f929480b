/* The scenario runner: reads a plain-text story, plays it in virtual time, and says which line was not so. */
#include "scenario/runner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <regex.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "core/accept.h"
#include "core/dispatch.h"
#include "core/duty.h"
#include "emulator/pdu.h"
#include "store/audit.h"
#include "store/incident.h"
#include "store/inbox.h"
#include "store/reporter.h"

#define WORDS_MAX	16
#define STEPS_MAX	200000	/* turns of one scenario: an endless loop is a failure, not a hang */
#define START_WALL_MS	INT64_C(1794787200000)	/* 2026-11-16 00:00:00 UTC: 00:00:00 of every story */
#define START_MONO_MS	INT64_C(5000000)

struct runner {
	const char	*file;
	int		 line;
	unsigned	 failures;
	char		 dir[256];		/* scratch: settings, state-N */
	int		 life;			/* N: how often it was started */
	bool		 running;
	struct core	*core;
	struct modems	 modems;
	struct now	 now;
	struct buf	 responders, settings;
	char		 token[2][8];		/* $1 and $2: what the last two "out" captured */
};

static void __attribute__((format(printf, 2, 3)))
fail(struct runner *r, const char *fmt, ...)
{
	va_list ap;

	r->failures++;
	printf("    %s:%d: ", r->file, r->line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

/* ---- the daemon's life ------------------------------------------------------------------ */

static void
write_file(struct runner *r, const char *name, const struct buf *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	if (file_replace(path, buf_str(text), text->len, 0600) != 0)
		fail(r, "%s cannot be written: %s", path, strerror(errno));
}

static void
write_settings(struct runner *r)
{
	struct buf conf;
	char path[512];

	buf_init(&conf, 8192);
	buf_addf(&conf, "[gateway]\nstate = %s/state-%d\nkey = %s/key\n[files]\nrules = rules\nresponders = %s/responders.conf\n"
	    "modems = %s/modems.d\n%s", r->dir, r->life, r->dir, r->dir, r->dir, buf_str(&r->settings));
	snprintf(path, sizeof(path), "%s/modems.d", r->dir);
	mkdir(path, 0700);
	write_file(r, "tocsin.conf", &conf);
	write_file(r, "responders.conf", &r->responders);
	buf_release(&conf);
}

/* Rules are those of the tree we stand in; relative paths mean beside tocsin.conf, so make it absolute. */
static void
fix_rules_path(struct conf *conf)
{
	char cwd[200];

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return;
	snprintf(conf->rules, sizeof(conf->rules), "%s/rules", cwd);
	snprintf(conf->gazetteer, sizeof(conf->gazetteer), "%s/rules/gazetteer.tsv", cwd);
	snprintf(conf->routing, sizeof(conf->routing), "%s/rules/routing.matrix", cwd);
	snprintf(conf->templates, sizeof(conf->templates), "%s/rules/templates.tsv", cwd);
	if (conf->areas[0] != '\0')
		snprintf(conf->areas, sizeof(conf->areas), "%s/tests/scenario/areas.geojson", cwd);
}

static void
start(struct runner *r)
{
	struct diags diags;
	struct buf text;
	enum store_fault fault;
	const char *why = NULL, *note = NULL;
	char path[512];

	if (r->running)
		return;
	write_settings(r);
	r->core = calloc(1, sizeof(*r->core));
	diags_init(&diags);
	snprintf(path, sizeof(path), "%s/tocsin.conf", r->dir);
	conf_load(&r->core->conf, path, &diags);
	fix_rules_path(&r->core->conf);
	r->core->book = book_load(&r->core->conf, &diags);
	mkdir(r->core->conf.state, 0700);
	r->core->vault = vault_open(r->core->conf.key, 1, &why);
	r->core->store = r->core->vault == NULL ? NULL : store_open(r->core->conf.state, r->core->vault, &fault, &note);
	fake_init(&r->modems);
	r->core->modems = &r->modems;
	if (r->core->book == NULL || r->core->store == NULL || core_init(r->core, r->now) != 0) {
		buf_init(&text, 1u << 16);
		diags_print(&diags, &text);
		fail(r, "it does not start: %s %s\n%s", why ? why : "", note ? note : "", buf_str(&text));
		exit(1);
	}
	diags_release(&diags);
	r->running = true;
}

static void
stop(struct runner *r)
{
	if (!r->running)
		return;
	core_release(r->core);
	store_close(r->core->store);
	book_free(r->core->book);
	vault_close(r->core->vault);
	free(r->core);
	r->core = NULL;
	r->running = false;
}

static void
copy_state(struct runner *r, int from, int to)
{
	char a[600], b[600];
	struct dirent *e;
	struct buf bytes;
	DIR *dir;

	snprintf(a, sizeof(a), "%s/state-%d", r->dir, from);
	snprintf(b, sizeof(b), "%s/state-%d", r->dir, to);
	mkdir(b, 0700);
	dir = opendir(a);
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		char in[900], out[900];

		if (e->d_name[0] == '.' || e->d_type != DT_REG)
			continue;
		snprintf(in, sizeof(in), "%s/%s", a, e->d_name);
		snprintf(out, sizeof(out), "%s/%s", b, e->d_name);
		buf_init(&bytes, 64u << 20);
		if (file_read(in, &bytes) != 0 || file_replace(out, buf_str(&bytes), bytes.len, 0600) != 0)
			fail(r, "%s cannot be copied", in);
		buf_release(&bytes);
	}
	if (dir != NULL)
		closedir(dir);
}

/* The files as they are at this instant are what a killed process leaves; the tidy closing happens elsewhere. */
static void
die(struct runner *r)
{
	int old = r->life;

	if (!r->running)
		return;
	copy_state(r, old, old + 1);
	stop(r);
	r->life = old + 1;
}

/* ---- time ---------------------------------------------------------------------------------- */

static void
advance(struct runner *r, int64_t ms)
{
	r->now.wall.ms += ms;
	r->now.mono.ms += ms;
}

/* Lets the daemon work until nothing is left to do before this wall time of the story. */
static void
run_until(struct runner *r, int64_t target_mono)
{
	for (int steps = 0;; steps++) {
		int64_t wait;

		if (!r->running) {
			advance(r, target_mono > r->now.mono.ms ? target_mono - r->now.mono.ms : 0);
			return;
		}
		wait = core_turn(r->core, r->now);
		if (fake_answer(&r->modems, r->core, r->now))
			wait = 0;
		if (wait > 0 && r->now.mono.ms + wait > target_mono) {
			if (target_mono > r->now.mono.ms)
				advance(r, target_mono - r->now.mono.ms);
			return;
		}
		advance(r, wait);
		if (steps > STEPS_MAX) {
			fail(r, "the daemon does not come to rest");
			exit(1);
		}
	}
}

/* "04:00:05" or "+1d04:00:05" since the story began; -1: not a time. */
static int64_t
parse_time(const char *word)
{
	int d = 0, h, m, s, n = 0;

	if (*word == '+') {
		if (sscanf(word, "+%dd%n", &d, &n) != 1 || n == 0)
			return -1;
		word += n;
	}
	n = 0;
	if (sscanf(word, "%2d:%2d:%2d%n", &h, &m, &s, &n) != 3 || word[n] != '\0')
		return -1;
	return ((((int64_t)d * 24 + h) * 60 + m) * 60 + s) * 1000;
}

/* ---- statements ------------------------------------------------------------------------------- */

static struct fake *
line_of(struct runner *r, const char *name)
{
	struct fake *f = fake_find(&r->modems, name);

	if (f == NULL)
		fail(r, "there is no line '%s'", name);
	return f;
}

static void
receive(struct runner *r, const char *name, const struct pdu_deliver *deliver)
{
	struct fake *f = line_of(r, name);
	struct pdu pdu;
	size_t skip;

	if (f == NULL)
		return;
	if (pdu_deliver_encode(deliver, &pdu) != 0) {
		fail(r, "this text does not fit one SMS");
		return;
	}
	skip = pdu.length - pdu_tpdu_length(&pdu);
	fake_receive(&r->modems, r->core, f, pdu.octets + skip, pdu.length - skip, r->now);
}

static struct pdu_deliver
deliver(struct runner *r, const char *sender, const char *text)
{
	struct pdu_deliver d = { .sender = sender, .alnum = isalpha((unsigned char)sender[0]) != 0, .message_class = -1,
	    .alphabet = pdu_alphabet_for(text, strlen(text)), .text = text, .text_len = strlen(text),
	    .when = r->now.wall.ms / 1000 };

	return d;
}

/* in LINE NUMBER TEXT [HH:MM:SS it was sent] */
static void
do_in(struct runner *r, char **w, size_t n)
{
	struct pdu_deliver d = deliver(r, w[2], w[3]);

	if (n > 4)
		d.when = (START_WALL_MS + parse_time(w[4])) / 1000;
	receive(r, w[1], &d);
}

/* part LINE NUMBER REF TOTAL SEQ TEXT */
static void
do_part(struct runner *r, char **w, size_t n)
{
	struct pdu_deliver d = deliver(r, w[2], w[6]);

	(void)n;
	d.concat.ref = (uint16_t)strtoul(w[3], NULL, 10);
	d.concat.total = (uint8_t)strtoul(w[4], NULL, 10);
	d.concat.seq = (uint8_t)strtoul(w[5], NULL, 10);
	receive(r, w[1], &d);
}

/* pdu LINE HEX: a TPDU without its SMSC address, whatever it is */
static void
do_pdu(struct runner *r, char **w, size_t n)
{
	uint8_t tpdu[MODEM_TPDU_MAX];
	int len = pdu_hex_decode(w[2], strlen(w[2]), tpdu, sizeof(tpdu));
	struct fake *f = line_of(r, w[1]);

	(void)n;
	if (len < 0)
		fail(r, "this is not hexadecimal");
	else if (f != NULL)
		fake_receive(&r->modems, r->core, f, tpdu, (size_t)len, r->now);
}

/* report LINE NUMBER REF STATUS: a delivery report */
static void
do_report(struct runner *r, char **w, size_t n)
{
	struct pdu_report report = { .dest = w[2], .reference = (uint8_t)strtoul(w[3], NULL, 10),
	    .status = (uint8_t)strtoul(w[4], NULL, 10), .submitted = r->now.wall.ms / 1000, .discharged = r->now.wall.ms / 1000 };
	struct fake *f = line_of(r, w[1]);
	struct pdu pdu;
	size_t skip;

	(void)n;
	if (f == NULL || pdu_report_encode(&report, &pdu) != 0)
		return;
	skip = pdu.length - pdu_tpdu_length(&pdu);
	fake_receive(&r->modems, r->core, f, pdu.octets + skip, pdu.length - skip, r->now);
}

/* stored LINE: all that it handed over may be deleted; unstored LINE: the last may not */
static void
do_stored(struct runner *r, char **w, size_t n)
{
	struct fake *f = line_of(r, w[1]);

	(void)n;
	if (f != NULL && f->stored != f->next_handle)
		fail(r, "%u of %u handed over are stored", f->stored, f->next_handle);
}

static void
do_unstored(struct runner *r, char **w, size_t n)
{
	struct fake *f = line_of(r, w[1]);

	(void)n;
	if (f != NULL && f->stored == f->next_handle)
		fail(r, "all %u handed over are stored", f->stored);
}

/* Every SMS that leaves is short enough, and tells no number (DNH-01). */
static void
check_out(struct runner *r, const struct out *o)
{
	size_t run = 0;

	for (const char *p = o->text; *p != '\0'; p++) {
		run = isdigit((unsigned char)*p) ? run + 1 : 0;
		if (run >= 8)
			fail(r, "an SMS tells a number: %s", o->text);
	}
	if (pdu_units(PDU_GSM7, o->text, strlen(o->text)) < 0 || pdu_units(PDU_GSM7, o->text, strlen(o->text)) > 160)
		fail(r, "an SMS is longer than 160 septets or not GSM-7: %s", o->text);
}

/* out LINE NUMBER /regex/: it left; a group in the regex is kept as $1 */
static void
do_out(struct runner *r, char **w, size_t n)
{
	regmatch_t m[2] = { { -1, -1 }, { -1, -1 } };
	char pattern[512];
	size_t len = strlen(w[3]);
	regex_t re;

	(void)n;
	if (len < 2 || w[3][0] != '/' || w[3][len - 1] != '/') {
		fail(r, "out needs a /pattern/");
		return;
	}
	snprintf(pattern, sizeof(pattern), "%.*s", (int)(len - 2), w[3] + 1);
	if (regcomp(&re, pattern, REG_EXTENDED) != 0) {
		fail(r, "bad pattern %s", w[3]);
		return;
	}
	for (size_t i = 0; i < r->modems.n_out; i++) {
		struct out *o = &r->modems.out[i];

		if (o->seen || strcmp(o->line, w[1]) != 0 || strcmp(o->dest, w[2]) != 0 ||
		    regexec(&re, o->text, 2, m, 0) != 0)
			continue;
		o->seen = true;
		check_out(r, o);
		if (m[1].rm_so >= 0) {
			memcpy(r->token[1], r->token[0], sizeof(r->token[0]));
			snprintf(r->token[0], sizeof(r->token[0]), "%.*s", (int)(m[1].rm_eo - m[1].rm_so), o->text + m[1].rm_so);
		}
		regfree(&re);
		return;
	}
	regfree(&re);
	fail(r, "nothing like %s went to %s; what left and was not asked for:", w[3], w[2]);
	for (size_t i = 0; i < r->modems.n_out; i++)
		if (!r->modems.out[i].seen)
			printf("        %s %s \"%s\"\n", r->modems.out[i].line, r->modems.out[i].dest, r->modems.out[i].text);
}

/* no-out [NUMBER]: nothing else left (to it) */
static void
do_no_out(struct runner *r, char **w, size_t n)
{
	for (size_t i = 0; i < r->modems.n_out; i++) {
		struct out *o = &r->modems.out[i];

		if (o->seen || (n > 1 && strcmp(o->dest, w[1]) != 0))
			continue;
		fail(r, "this left too: %s \"%s\"", o->dest, o->text);
		o->seen = true;
	}
}

/* result WORD: what became of the newest message */
static void
do_result(struct runner *r, char **w, size_t n)
{
	struct inbox_row *row = calloc(1, sizeof(*row));

	(void)n;
	if (row == NULL || inbox_list(r->core->store, NULL, 0, row, 1) != 1)
		fail(r, "there is no message");
	else if (strcmp(row->state == INBOX_WAITING ? "waiting" : row->result, w[1]) != 0)
		fail(r, "the newest message became '%s', not '%s'", row->result, w[1]);
	free(row);
}

/* count messages|open|told N */
static void
do_count(struct runner *r, char **w, size_t n)
{
	struct incident *open = calloc(256, sizeof(*open));
	struct inbox_counts in;
	long want = strtol(w[2], NULL, 10), got = -1;

	(void)n;
	if (open != NULL && strcmp(w[1], "open") == 0)
		got = incident_open(r->core->store, open, 256);
	else if (inbox_count(r->core->store, &in) == 0)
		got = strcmp(w[1], "messages") == 0 ? (long)in.total : strcmp(w[1], "review") == 0 ? (long)in.review : -1;
	if (got != want)
		fail(r, "%s is %ld, not %ld", w[1], got, want);
	free(open);
}

/* modem LINE sent|refuse [N]|unknown|silent|mute|ready|absent|dies */
static void
do_modem(struct runner *r, char **w, size_t n)
{
	static const struct { const char *word; enum manner manner; } words[] = {
		{ "sent", MANNER_SENT }, { "refuse", MANNER_REFUSE }, { "unknown", MANNER_UNKNOWN },
		{ "silent", MANNER_SILENT }, { "mute", MANNER_MUTE },
	};
	struct fake *f = line_of(r, w[1]);

	if (f == NULL)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, w[2]) == 0) {
			f->manner = words[i].manner;
			f->error = n > 3 ? (uint16_t)strtoul(w[3], NULL, 10) : 0;
			return;
		}
	if (strcmp(w[2], "dies") == 0) {
		f->answer_id = 0;
		accept_line_died(r->core, &f->line);
		dispatch_recover(r->core, &f->line, r->now);
	} else if (strcmp(w[2], "ready") == 0 || strcmp(w[2], "absent") == 0) {
		f->line.phase = w[2][0] == 'r' ? MODEM_READY : MODEM_ABSENT;
	} else {
		fail(r, "a modem can be sent refuse unknown silent mute ready absent dies, not '%s'", w[2]);
	}
}

/* responder CODE NUMBER LANG TYPES AREAS TIER */
static void
do_responder(struct runner *r, char **w, size_t n)
{
	(void)n;
	buf_addf(&r->responders, "[%s]\nnumber = %s\nlanguage = %s\ntypes = %s\nareas = %s\ntier = %s\n", w[1], w[2], w[3],
	    w[4], w[5], w[6]);
}

/* roster: the responders that follow replace those before */
static void
do_roster(struct runner *r, char **w, size_t n)
{
	(void)w;
	(void)n;
	buf_clear(&r->responders);
}

/* set SECTION KEY VALUE */
static void
do_set(struct runner *r, char **w, size_t n)
{
	(void)n;
	buf_addf(&r->settings, "[%s]\n%s = %s\n", w[1], w[2], w[3]);
}

/* place NUMBER WORDS: tocsinctl place, of the alert that this number (4071KT) names */
static void
do_place(struct runner *r, char **w, size_t n)
{
	struct incident *inc = calloc(1, sizeof(*inc));
	const char *why = "there is no such alert";
	struct geotag where;
	int rc = 0;

	(void)n;
	if (inc != NULL && incident_find(r->core->store, (uint16_t)strtoul(w[1], NULL, 10), inc) == 1 &&
	    duty_find_place(r->core, w[2], &where, &why) == 1 && store_begin(r->core->store) == 0) {
		rc = duty_place(r->core, inc, &where.best, "ctl:uid0", r->now, &why);
		if (rc == 1 && store_commit(r->core->store) != 0)
			rc = -1;
		if (rc != 1)
			store_rollback(r->core->store);
	}
	if (rc != 1)
		fail(r, "it cannot be placed: %s", why);
	free(inc);
}

/* reporter NUMBER [opt-in] [shared] [silent] [duress] [en]: somebody is enrolled */
static void
do_reporter(struct runner *r, char **w, size_t n)
{
	struct reporter p = { .added = r->now.wall };

	vault_pseudonym(r->core->vault, w[1], p.pseudonym);
	for (size_t i = 2; i < n; i++) {
		p.opted_in |= strcmp(w[i], "opt-in") == 0;
		p.shared |= strcmp(w[i], "shared") == 0;
		p.silent |= strcmp(w[i], "silent") == 0;
		p.duress |= strcmp(w[i], "duress") == 0;
		p.language = strcmp(w[i], "en") == 0 ? LANG_EN : p.language;
	}
	if (store_begin(r->core->store) != 0 || reporter_put(r->core->store, &p) != 0 || store_commit(r->core->store) != 0)
		fail(r, "he cannot be enrolled: %s", store_error(r->core->store));
}

/* hold newest, validate newest: tocsinctl hold, of the alert that was opened last */
static void
do_duty(struct runner *r, char **w, size_t n)
{
	struct incident *inc = calloc(1, sizeof(*inc));
	const char *why = "there is no such alert";
	int rc = 0;

	(void)n;
	if (inc != NULL && incident_list(r->core->store, 0, inc, 1) == 1 && store_begin(r->core->store) == 0) {
		rc = w[0][0] == 'h' ? duty_hold(r->core, inc, "ctl:uid0", r->now, &why) :
		    duty_validate(r->core, inc, "ctl:uid0", r->now, &why);
		if (rc != 1 || store_commit(r->core->store) != 0)
			store_rollback(r->core->store);
	}
	if (rc != 1)
		fail(r, "that cannot be done: %s", why);
	free(inc);
}

/* old N: so many open alerts of long ago, which somebody answered and nobody closed */
static void
do_old(struct runner *r, char **w, size_t n)
{
	long many = strtol(w[1], NULL, 10);

	(void)n;
	if (store_begin(r->core->store) != 0)
		fail(r, "the store does not answer");
	for (long i = 0; i < many; i++) {
		struct incident inc = { .headline = "ATK", .codes = "ATK", .priority = 1, .firing = FIRE_AUTO, .answered = true,
		    .first = { 1 }, .last = { 1 }, .opened = { 1 } };

		if (incident_add(r->core->store, &inc) != 0)
			fail(r, "an alert cannot be added");
	}
	if (store_commit(r->core->store) != 0)
		fail(r, "the store does not answer");
}

/* doubtful N: so many SMS of unknown fate, which are not sent again by themselves */
static void
do_doubtful(struct runner *r, char **w, size_t n)
{
	long many = strtol(w[1], NULL, 10);
	struct outbox_row row = { .klass = OUTBOX_ALERT, .priority = 2, .dest = "+22370000099", .text = "P2",
	    .created = r->now.wall, .expires = { r->now.wall.ms + 86400000 } };
	int64_t id = 0;
	int rc = store_begin(r->core->store);

	(void)n;
	for (long i = 0; i < many && rc == 0; i++) {
		snprintf(row.intent, sizeof(row.intent), "T%ld", i);
		if (outbox_add(r->core->store, &row, &id) != 1 ||
		    outbox_sending(r->core->store, id, "m9", r->now.wall) != 0 ||
		    outbox_outcome(r->core->store, id, OUTBOX_UNKNOWN, -1, 0, r->now.wall, r->now.wall) != 0)
			rc = -1;
	}
	if (rc != 0 || store_commit(r->core->store) != 0)
		fail(r, "the SMS cannot be added");
}

/* reboot: the daemon dies, and the monotonic times that it stored were of a boot that had lasted a month */
static void
do_reboot(struct runner *r, char **w, size_t n)
{
	static const char other_boot[] = "UPDATE incident SET boot = 1, opened_mono = opened_mono + 2592000000,"
	    " due_mono = due_mono + 2592000000";
	sqlite3 *db = NULL;
	char path[512];

	(void)w;
	(void)n;
	die(r);
	snprintf(path, sizeof(path), "%s/state-%d/tocsin.db", r->dir, r->life);
	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, other_boot, NULL, NULL, NULL) != SQLITE_OK)
		fail(r, "the stored times cannot be changed: %s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
do_start(struct runner *r, char **w, size_t n)
{
	(void)w;
	(void)n;
	start(r);
}

static void
do_die(struct runner *r, char **w, size_t n)
{
	(void)w;
	(void)n;
	die(r);
}

/* clock SECONDS: the wall clock jumps, the other does not */
static void
do_clock(struct runner *r, char **w, size_t n)
{
	(void)n;
	r->now.wall.ms += strtoll(w[1], NULL, 10) * 1000;
}

static const struct {
	const char	*word;
	size_t		 min, max;
	bool		 alive;		/* needs the daemon */
	bool		 settle;	/* the daemon works off what there is before it is looked at */
	void		(*run)(struct runner *, char **, size_t);
} statements[] = {
	{ "responder", 7, 7, false, false, do_responder }, { "set", 4, 4, false, false, do_set },
	{ "roster", 1, 1, false, false, do_roster }, { "start", 1, 1, false, false, do_start }, { "die", 1, 1, false, false, do_die },
	{ "in", 4, 5, true, false, do_in }, { "part", 7, 7, true, false, do_part }, { "pdu", 3, 3, true, false, do_pdu },
	{ "report", 5, 5, true, false, do_report },
	{ "stored", 2, 2, true, true, do_stored }, { "unstored", 2, 2, true, true, do_unstored },
	{ "out", 4, 4, true, true, do_out }, { "no-out", 1, 2, true, true, do_no_out },
	{ "result", 2, 2, true, true, do_result }, { "count", 3, 3, true, true, do_count },
	{ "place", 3, 3, true, true, do_place }, { "hold", 2, 2, true, true, do_duty }, { "validate", 2, 2, true, true, do_duty },
	{ "old", 2, 2, true, true, do_old }, { "doubtful", 2, 2, true, true, do_doubtful },
	{ "reboot", 1, 1, false, false, do_reboot }, { "reporter", 2, 7, true, false, do_reporter },
	{ "modem", 3, 4, true, false, do_modem }, { "clock", 2, 2, false, false, do_clock },
};

static void
run_statement(struct runner *r, char **w, size_t n)
{
	int64_t at = parse_time(w[0]);

	if (at >= 0) {
		run_until(r, START_MONO_MS + at);
		w++;
		n--;
	}
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && n > 0; i++) {
		if (strcmp(statements[i].word, w[0]) != 0)
			continue;
		if (n < statements[i].min || n > statements[i].max) {
			fail(r, "'%s' needs %zu to %zu words", w[0], statements[i].min, statements[i].max);
			return;
		}
		if (statements[i].alive)
			start(r);
		if (statements[i].settle)
			run_until(r, r->now.mono.ms);
		statements[i].run(r, w, n);
		return;
	}
	if (n > 0)
		fail(r, "unknown statement '%s'", w[0]);
}

/* Splits at blanks; "…" and /…/ hold blanks; $1 and $2 are what was captured. A # begins a comment. */
static size_t
split(struct runner *r, char *line, char **w, char *room, size_t size)
{
	size_t n = 0, used = 0;

	while (n < WORDS_MAX) {
		char quote = 0;
		size_t from = used;

		while (isspace((unsigned char)*line))
			line++;
		if (*line == '\0' || *line == '#')
			break;
		if (*line == '"')
			quote = *line++;
		else if (*line == '/')
			quote = '/';
		if (quote == '/')
			room[used++] = *line++;
		while (*line != '\0' && used + 10 < size && (quote ? *line != quote : !isspace((unsigned char)*line))) {
			if (quote == '/' && line[0] == '\\' && line[1] == '/') {	/* a slash within the pattern */
				room[used++] = '/';
				line += 2;
			} else if (*line == '$' && (line[1] == '1' || line[1] == '2')) {
				used += (size_t)snprintf(room + used, 8, "%s", r->token[line[1] - '1']);
				line += 2;
			} else {
				room[used++] = *line++;
			}
		}
		if (quote == '/' && *line == '/')
			room[used++] = '/';
		if (quote && *line == quote)
			line++;
		room[used++] = '\0';
		w[n++] = room + from;
	}
	return n;
}

static void
run_text(struct runner *r, char *text)
{
	char *next;

	for (char *line = text; line != NULL; line = next) {
		char *w[WORDS_MAX], room[2048];
		size_t n;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		r->line++;
		n = split(r, line, w, room, sizeof(room));
		if (n > 0)
			run_statement(r, w, n);
	}
}

/* What must hold at the end of every story. */
static void
check_end(struct runner *r)
{
	int64_t rows = 0;

	if (!r->running)
		start(r);
	run_until(r, r->now.mono.ms);
	if (audit_verify(r->core->store, &rows) != 0)
		fail(r, "the audit chain is broken at row %lld", (long long)rows);
	for (size_t i = 0; i < r->modems.n_out; i++)
		check_out(r, &r->modems.out[i]);
}

static void
remove_tree(const char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);

	while (d != NULL && (e = readdir(d)) != NULL) {
		char path[900];

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR)
			remove_tree(path);
		else
			unlink(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static bool
run_file(const char *path)
{
	struct runner *r = calloc(1, sizeof(*r));
	struct buf text;
	bool ok;

	buf_init(&text, 1u << 20);
	if (r == NULL || file_read(path, &text) != 0) {
		printf("FAIL %s: %s\n", path, strerror(errno));
		free(r);
		return false;
	}
	r->file = path;
	r->now.wall.ms = START_WALL_MS;
	r->now.mono.ms = START_MONO_MS;
	buf_init(&r->responders, 65536);
	buf_init(&r->settings, 4096);
	snprintf(r->dir, sizeof(r->dir), "%s/tocsin-scenario-XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(r->dir) == NULL) {
		printf("FAIL %s: no scratch directory: %s\n", path, strerror(errno));
		exit(1);
	}
	run_text(r, text.p);
	check_end(r);
	stop(r);
	remove_tree(r->dir);
	ok = r->failures == 0;
	if (!ok)
		printf("FAIL %s\n", path);
	buf_release(&r->responders);
	buf_release(&r->settings);
	buf_release(&text);
	free(r);
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0;

	log_init("scenario", getenv("SCENARIO_DEBUG") != NULL);
	if (getenv("SCENARIO_DEBUG") == NULL && freopen("/dev/null", "w", stderr) == NULL)
		return 1;
	for (int i = 1; i < argc; i++) {
		if (run_file(argv[i]))
			passed++;
		else
			failed++;
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0 || passed == 0;
}
