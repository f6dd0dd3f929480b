/* Lines without modems: what core/modems.c is to the daemon, this is to a scenario. */
#include <stdio.h>
#include <string.h>

#include "core/accept.h"
#include "core/dispatch.h"
#include "scenario/runner.h"

void
fake_init(struct modems *m)
{
	memset(m, 0, sizeof(*m));
	m->n = 2;
	for (size_t i = 0; i < m->n; i++) {
		struct line *l = &m->v[i].line;

		snprintf(l->name, sizeof(l->name), "m%c", (char)('1' + i));
		snprintf(l->imsi, sizeof(l->imsi), "61002000000000%c", (char)('1' + i));
		l->phase = MODEM_READY;
		l->may_send = i == 0;
	}
}

struct fake *
fake_find(struct modems *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->v[i].line.name, name) == 0)
			return &m->v[i];
	return NULL;
}

static struct fake *
fake_of(struct line *line)
{
	return (struct fake *)(void *)line;	/* line is its first member */
}

size_t
modems_count(const struct modems *m)
{
	return m->n;
}

struct line *
modems_line(struct modems *m, size_t i)
{
	return &m->v[i].line;
}

struct line *
modems_find(struct modems *m, const char *name)
{
	struct fake *f = fake_find(m, name);

	return f != NULL ? &f->line : NULL;
}

void
modems_stored(struct modems *m, struct line *line, uint32_t handle)
{
	struct fake *f = fake_of(line);

	(void)m;
	(void)handle;
	f->stored++;
}

int
modems_send(struct modems *m, struct line *line, int64_t id, const char *dest, const char *text, uint32_t validity_min,
    bool want_report, struct now now)
{
	struct fake *f = fake_of(line);
	struct out *o = &m->out[m->n_out];

	(void)validity_min;
	(void)want_report;
	if (f->manner == MANNER_MUTE)
		return -1;
	/* A refused SMS does not leave; a doubtful one did, which is the worse case. */
	if (f->manner != MANNER_REFUSE && m->n_out < OUT_MAX) {
		snprintf(o->line, sizeof(o->line), "%s", line->name);
		snprintf(o->dest, sizeof(o->dest), "%s", dest);
		snprintf(o->text, sizeof(o->text), "%s", text);
		o->at = now.wall;
		o->seen = false;
		m->n_out++;
	}
	line->announced = true;
	f->answer_id = id;
	return 0;
}

bool
fake_answer(struct modems *m, struct core *core, struct now now)
{
	bool any = false;

	for (size_t i = 0; i < m->n; i++) {
		struct fake *f = &m->v[i];
		struct modem_msg msg = { .type = MODEM_SENT };

		if (f->answer_id == 0 || f->manner == MANNER_SILENT)
			continue;
		msg.u.sent.id = f->answer_id;
		msg.u.sent.outcome = f->manner == MANNER_SENT ? OUTCOME_SENT : f->manner == MANNER_REFUSE ?
		    OUTCOME_REFUSED : OUTCOME_UNKNOWN;
		msg.u.sent.reference = f->reference++;
		msg.u.sent.error = f->manner == MANNER_REFUSE ? f->error : 0;
		f->answer_id = 0;
		dispatch_sent(core, &f->line, &msg, now);
		any = true;
	}
	return any;
}

void
fake_receive(struct modems *m, struct core *core, struct fake *f, const uint8_t *tpdu, size_t len, struct now now)
{
	struct modem_msg msg = { .type = MODEM_RX };

	(void)m;
	msg.u.rx.handle = ++f->next_handle;
	msg.u.rx.len = (uint16_t)(len < MODEM_TPDU_MAX ? len : MODEM_TPDU_MAX);
	memcpy(msg.u.rx.tpdu, tpdu, msg.u.rx.len);
	accept_rx(core, &f->line, &msg, now);
}
