/* Custody: every SMS a modem hands over is stored and synced before the modem may delete it. */
#include "core/accept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/core.h"
#include "store/audit.h"
#include "store/inbox.h"
#include "store/people.h"
#include "wire/tpdu.h"

#define BATCH_MAX	32	/* messages of one commit: what a burst gains beyond this is small */

struct pending {
	char	 line[32];
	char	 sim[32];		/* what the identity is keyed to: the SIM, not the tty */
	uint32_t handle;
	uint8_t	 identity[TPDU_MAX];
	size_t	 identity_len;
	struct inbox_row row;
};

struct accept {
	size_t	 n;
	struct pending v[BATCH_MAX];
};

struct accept *
accept_new(void)
{
	return calloc(1, sizeof(struct accept));
}

void
accept_free(struct accept *a)
{
	free(a);
}

/* "+22376000001" whatever the network called it; a short code or a name stays as it came. */
static void
set_sender(const struct core *core, const struct tpdu_address *peer, struct inbox_row *row)
{
	static const enum inbox_sender kinds[] = {
		[SENDER_INTERNATIONAL] = INBOX_INTERNATIONAL, [SENDER_NATIONAL] = INBOX_NATIONAL,
		[SENDER_SHORT] = INBOX_SHORT, [SENDER_ALNUM] = INBOX_ALNUM, [SENDER_NONE] = INBOX_NONE,
	};
	char number[NUMBER_SIZE];

	row->sender_kind = kinds[peer->kind];
	snprintf(row->sender, sizeof(row->sender), "%s", peer->text);
	if ((peer->kind == SENDER_INTERNATIONAL || peer->kind == SENDER_NATIONAL) &&
	    conf_number(&core->conf, peer->text, number) == 0) {
		row->sender_kind = INBOX_INTERNATIONAL;
		snprintf(row->sender, sizeof(row->sender), "%s", number);
	}
}

static enum inbox_kind
kind_of(const struct tpdu *t)
{
	if (t->kind == TPDU_STATUS_REPORT)
		return INBOX_REPORT;
	/* Ports address a program in the phone; data and compressed text are not for reading. */
	if (t->has_ports || t->compressed || t->coding == CODING_8BIT)
		return INBOX_BINARY;
	return t->concat.present ? INBOX_PART : INBOX_TEXT;
}

/* Whatever it is, it becomes a row: what we cannot read a person must be able to see. */
static void
fill_row(const struct core *core, const uint8_t *tpdu, size_t len, struct inbox_row *row, const char *line,
    struct now now)
{
	struct tpdu t;
	const char *why;

	memset(row, 0, sizeof(*row));
	snprintf(row->line, sizeof(row->line), "%s", line);
	row->received = now.wall;
	row->received_mono = now.mono;
	row->tpdu_len = len < sizeof(row->tpdu) ? len : sizeof(row->tpdu);
	memcpy(row->tpdu, tpdu, row->tpdu_len);
	if (tpdu_decode(tpdu, len, &t, &why) != 0) {
		row->kind = INBOX_UNDECODABLE;
		row->sender_kind = INBOX_NONE;
		return;
	}
	row->kind = kind_of(&t);
	row->scts.ms = t.scts_ms;
	set_sender(core, &t.peer, row);
	snprintf(row->text, sizeof(row->text), "%s", t.text);
	if (row->kind == INBOX_PART) {
		row->part.ref = t.concat.ref;
		row->part.wide = t.concat.wide;
		row->part.total = t.concat.total;
		row->part.seq = t.concat.seq;
	}
}

void
accept_rx(struct core *core, struct line *line, const struct modem_msg *msg, struct now now)
{
	struct accept *a = core->accept;
	struct pending *p;

	if (a->n == BATCH_MAX)
		accept_flush(core, now);
	if (a->n == BATCH_MAX)		/* the store refuses: the modem keeps it and offers it again */
		return;
	p = &a->v[a->n++];
	snprintf(p->line, sizeof(p->line), "%s", line->name);
	snprintf(p->sim, sizeof(p->sim), "%s", line->imsi[0] != '\0' ? line->imsi : line->name);
	p->handle = msg->u.rx.handle;
	p->identity_len = tpdu_identity(msg->u.rx.tpdu, msg->u.rx.len, p->identity, sizeof(p->identity));
	fill_row(core, msg->u.rx.tpdu, msg->u.rx.len, &p->row, line->name, now);
	line->received++;
	line->last_received = now.wall;
}

void
accept_line_died(struct core *core, const struct line *line)
{
	struct accept *a = core->accept;
	size_t kept = 0;

	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].line, line->name) != 0)
			a->v[kept++] = a->v[i];
	a->n = kept;
}

/* One message in the open transaction. 0 or -1. */
static int
store_one(struct core *core, const struct pending *p, struct now now)
{
	uint8_t pseudonym[VAULT_PSEUDONYM];
	char object[40], detail[96];
	int64_t id;
	int added = inbox_add(core->store, &p->row, p->sim, p->identity, p->identity_len, &id);

	if (added < 0)
		return -1;
	if (added == 0) {
		core->seen++;
		return 0;
	}
	core->stored++;
	if (p->row.kind != INBOX_REPORT && p->row.sender[0] != '\0') {
		vault_pseudonym(core->vault, p->row.sender, pseudonym);
		if (people_seen(core->store, pseudonym, now.wall) != 0)
			return -1;
	}
	snprintf(object, sizeof(object), "inbox:%lld", (long long)id);
	snprintf(detail, sizeof(detail), "{\"line\":\"%s\"}", p->line);
	return core_audit(core, now, "inbox.stored", object, detail);
}

/* n messages from the first in one transaction. 0 or -1: none of them is stored. */
static int
store_batch(struct core *core, size_t first, size_t n, struct now now)
{
	const struct accept *a = core->accept;

	if (store_begin(core->store) != 0)
		return -1;
	for (size_t i = first; i < first + n; i++)
		if (store_one(core, &a->v[i], now) != 0) {
			store_rollback(core->store);
			return -1;
		}
	return store_commit(core->store);
}

static void
say_stored(struct core *core, size_t first, size_t n)
{
	const struct accept *a = core->accept;

	/* While the store is in memory only, the SIM keeps its copy. */
	for (size_t i = first; i < first + n && !store_in_memory(core->store); i++) {
		struct line *line = modems_find(core->modems, a->v[i].line);

		if (line != NULL)
			modems_stored(core->modems, line, a->v[i].handle);
	}
}

bool
accept_flush(struct core *core, struct now now)
{
	struct accept *a = core->accept;
	size_t n = a->n;

	if (n == 0)
		return false;
	if (store_batch(core, 0, n, now) == 0) {
		say_stored(core, 0, n);
	} else {
		core_store_failed(core, "storing what a modem handed over", now);
		/* One by one: a single message the store refuses must not hold up the others. It stays on the SIM. */
		for (size_t i = 0; i < n; i++)
			if (store_batch(core, i, 1, now) == 0)
				say_stored(core, i, 1);
	}
	log_debug("inbox.committed n=%zu", n);
	a->n = 0;
	return true;
}
