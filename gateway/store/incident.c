/* The incident, report and told tables: what was joined, who was told, who answered. */
#include "logic/command.h"
#include "store/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/inside.h"

#define TAGS_TEXT	((size_t)TAGS_MAX * 48)	/* a count, two labels and their marks */
#define NUMBER_LEAST	1000
#define NUMBERS		9000
#define NUMBER_REST	500	/* a closed incident's number is left alone for this many incidents */
#define NUMBER_DRAWS	64
#define LETTER_DRAWS	400

/* In the order that put_columns() binds and read_row() reads them. */
#define COLUMNS "state, headline, codes, priority, firing, released, validated, outcome, located, ambiguous," \
	" name, cercle, c3, region, country, lat_deg, lon_deg, radius_m, method, score," \
	" first, last, opened_mono, reports, sources, stage, next_stage, due_wall, due_mono, step_ms, answered, tags, pack"

/* ---- tags and methods as text ---- */

static int
tags_write(const struct incident *in, struct buf *out)
{
	for (size_t i = 0; i < in->n_tags && i < TAGS_MAX; i++)
		(void)buf_addf(out, "%u\t%s\t%s\n", in->tags[i].count, in->tags[i].label_fr, in->tags[i].label_en);
	return out->failed ? -1 : 0;
}

/* Copies up to a tab, newline or the end; returns what follows, NULL at the end. */
static const char *
field(const char *p, char *out, size_t size)
{
	size_t n = strcspn(p, "\t\n");

	(void)snprintf(out, size, "%.*s", (int)n, p);
	return p[n] != '\0' ? p + n + 1 : NULL;
}

static void
tags_read(const char *p, struct incident *in)
{
	char count[16];
	struct tag *tag;

	while (p != NULL && *p != '\0' && in->n_tags < TAGS_MAX) {
		tag = &in->tags[in->n_tags];
		if ((p = field(p, count, sizeof(count))) == NULL ||
		    (p = field(p, tag->label_fr, sizeof(tag->label_fr))) == NULL)
			return;
		p = field(p, tag->label_en, sizeof(tag->label_en));
		tag->count = (uint32_t)strtoul(count, NULL, 10);
		in->n_tags++;
	}
}

/* place.method is a constant elsewhere; here it lives as long as the store. The words are few; beyond that: "". */
static const char *
method_word(struct store *st, const char *word)
{
	char *copy;

	for (size_t i = 0; i < st->n_methods; i++)
		if (strcmp(st->methods[i], word) == 0)
			return st->methods[i];
	if (st->n_methods == STORE_METHODS || (copy = strdup(word)) == NULL)
		return "";
	st->methods[st->n_methods++] = copy;
	return copy;
}

/* ---- rows ---- */

static void
put_columns(struct sql *q, const struct incident *in, const char *tags)
{
	sql_put(q, in->state);
	sql_put_text(q, in->headline);
	sql_put_text(q, in->codes);
	sql_put(q, in->priority);
	sql_put(q, in->firing);
	sql_put(q, in->released);
	sql_put(q, in->validated);
	sql_put_text(q, in->outcome);
	sql_put(q, in->located);
	sql_put(q, in->ambiguous);
	sql_put_text(q, in->where.name);
	sql_put_text(q, in->where.cercle);
	sql_put_text(q, in->where.c3);
	sql_put_text(q, in->where.region);
	sql_put_text(q, in->where.country);
	sql_put_real(q, in->where.lat_deg);
	sql_put_real(q, in->where.lon_deg);
	sql_put(q, in->where.radius_m);
	sql_put_text(q, in->where.method != NULL ? in->where.method : "");
	sql_put_real(q, in->where.score);
	sql_put(q, in->first.ms);
	sql_put(q, in->last.ms);
	sql_put(q, in->opened_mono.ms);
	sql_put(q, in->reports);
	sql_put(q, in->sources);
	sql_put(q, in->stage);
	sql_put(q, in->next_stage);
	sql_put(q, in->due_wall.ms);
	sql_put(q, in->due_mono.ms);
	sql_put(q, in->step_ms);
	sql_put(q, in->answered);
	sql_put_text(q, tags);
	sql_put_text(q, in->pack);
}

static void
read_place(struct store *st, struct sql *q, struct place *where)
{
	char method[32];

	sql_text(q, where->name, sizeof(where->name));
	sql_text(q, where->cercle, sizeof(where->cercle));
	sql_text(q, where->c3, sizeof(where->c3));
	sql_text(q, where->region, sizeof(where->region));
	sql_text(q, where->country, sizeof(where->country));
	where->lat_deg = sql_real(q);
	where->lon_deg = sql_real(q);
	where->radius_m = (uint32_t)sql_int(q);
	sql_text(q, method, sizeof(method));
	where->method = method_word(st, method);
	where->score = sql_real(q);
}

static void
read_columns(struct store *st, struct sql *q, struct incident *in)
{
	char tags[TAGS_TEXT];

	in->state = (enum incident_state)sql_int(q);
	sql_text(q, in->headline, sizeof(in->headline));
	sql_text(q, in->codes, sizeof(in->codes));
	in->priority = (uint8_t)sql_int(q);
	in->firing = (uint8_t)sql_int(q);
	in->released = sql_int(q) != 0;
	in->validated = sql_int(q) != 0;
	sql_text(q, in->outcome, sizeof(in->outcome));
	in->located = sql_int(q) != 0;
	in->ambiguous = sql_int(q) != 0;
	read_place(st, q, &in->where);
	in->first.ms = sql_int(q);
	in->last.ms = sql_int(q);
	in->opened_mono.ms = sql_int(q);
	in->reports = (uint32_t)sql_int(q);
	in->sources = (uint32_t)sql_int(q);
	in->stage = (enum stage)sql_int(q);
	in->next_stage = (enum stage)sql_int(q);
	in->due_wall.ms = sql_int(q);
	in->due_mono.ms = sql_int(q);
	in->step_ms = sql_int(q);
	in->answered = sql_int(q) != 0;
	sql_text(q, tags, sizeof(tags));
	tags_read(tags, in);
	sql_text(q, in->pack, sizeof(in->pack));
}

static void
read_row(struct store *st, struct sql *q, struct incident *in)
{
	memset(in, 0, sizeof(*in));
	in->id = sql_int(q);
	in->number = (uint16_t)sql_int(q);
	in->opened.ms = sql_int(q);
	in->same_boot = sql_int(q) == st->boot;
	read_columns(st, q, in);
}

static int
read_rows(struct store *st, struct sql *q, struct incident *rows, size_t n)
{
	size_t i = 0;
	int rc = 0;

	if (q == NULL)
		return -1;
	while (i < n && (rc = sql_step(q)) == 1)
		read_row(st, q, &rows[i++]);
	if (rc == 1 || n == 0)
		sql_done(q);
	return rc == -1 ? -1 : (int)i;
}

/* ---- incidents ---- */

/* Whether SMS may still call another incident by this number. 1, 0, -1. */
static int
number_taken(struct store *st, int64_t number, int64_t id)
{
	struct sql *q = store_sql(st, "SELECT 1 FROM incident WHERE number = ? AND (state = 0 OR id > ?)");
	int rc;

	sql_put(q, number);
	sql_put(q, id - NUMBER_REST);
	if ((rc = sql_step(q)) == 1)
		sql_done(q);
	return rc;
}

/*
 * Drawn, not counted: who received one number cannot guess the next. When drawing does not find a free one, the
 * first free one after the last draw is taken.
 */
static int
draw_number(struct store *st, struct incident *in)
{
	uint32_t draw = 0;
	int rc = 1;

	for (uint32_t i = 0; i < NUMBER_DRAWS + NUMBERS && rc == 1; i++) {
		draw = i < NUMBER_DRAWS ? vault_draw(st->vault, in->id, "", i, NUMBERS) : (draw + 1) % NUMBERS;
		rc = number_taken(st, NUMBER_LEAST + draw, in->id);
	}
	if (rc == 1)
		return store_misuse(st, "all numbers of incidents are taken");
	in->number = (uint16_t)(NUMBER_LEAST + draw);
	return rc;
}

int
incident_add(struct store *st, struct incident *in)
{
	struct buf tags;
	struct sql *q;
	int ret = -1;

	if (!sql_in_transaction(st->db))
		return store_misuse(st, "a change outside a transaction");
	buf_init(&tags, TAGS_TEXT);
	in->id = st->next_incident++;
	if (draw_number(st, in) == -1 || tags_write(in, &tags) == -1)
		goto out;
	q = store_sql(st, "INSERT INTO incident(id, number, opened, boot, " COLUMNS ") VALUES(?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_put(q, in->id);
	sql_put(q, in->number);
	sql_put(q, in->opened.ms);
	sql_put(q, st->boot);
	put_columns(q, in, buf_str(&tags));
	ret = sql_run(q) == 1 ? 0 : -1;
	in->same_boot = true;
out:
	buf_release(&tags);
	return ret;
}

int
incident_update(struct store *st, const struct incident *in)
{
	/* A timer that changed was armed now, in this boot; one that did not keeps the boot it was armed in. */
	struct sql *q = store_sql(st, "UPDATE incident SET"
	    " boot = CASE WHEN due_mono = ?2 AND due_wall = ?3 AND step_ms = ?4 THEN boot ELSE ?5 END,"
	    " (" COLUMNS ") = (?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,"
	    " ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38) WHERE id = ?1");
	struct buf tags;
	int changed = -1;

	buf_init(&tags, TAGS_TEXT);
	if (q != NULL && tags_write(in, &tags) == 0) {
		sql_put(q, in->id);
		sql_put(q, in->due_mono.ms);
		sql_put(q, in->due_wall.ms);
		sql_put(q, in->step_ms);
		sql_put(q, st->boot);
		put_columns(q, in, buf_str(&tags));
		changed = sql_run(q);
	}
	buf_release(&tags);
	if (changed == 0)
		return store_misuse(st, "no such incident");
	return changed == 1 ? 0 : -1;
}

int
incident_get(struct store *st, int64_t id, struct incident *in)
{
	struct sql *q = store_sql(st, "SELECT id, number, opened, boot, " COLUMNS " FROM incident WHERE id = ?");

	sql_put(q, id);
	return read_rows(st, q, in, 1);
}

int
incident_find(struct store *st, uint16_t number, struct incident *in)
{
	struct sql *q = store_sql(st, "SELECT id, number, opened, boot, " COLUMNS " FROM incident WHERE number = ?"
	    " ORDER BY state, id DESC LIMIT 1");

	sql_put(q, number);
	return read_rows(st, q, in, 1);
}

int
incident_open(struct store *st, struct incident *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT * FROM (SELECT id, number, opened, boot, " COLUMNS " FROM incident"
	    " WHERE state = 0 ORDER BY id DESC LIMIT ?) ORDER BY id");

	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

int
incident_armed(struct store *st, int64_t after, struct incident *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT id, number, opened, boot, " COLUMNS " FROM incident WHERE state = 0"
	    " AND id > ? AND (step_ms <> 0 OR (released = 0 AND firing <> ?)) ORDER BY id LIMIT ?");

	sql_put(q, after);
	sql_put(q, FIRE_AUTO);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

int
incident_list(struct store *st, int64_t below, struct incident *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT id, number, opened, boot, " COLUMNS " FROM incident WHERE id < ?"
	    " ORDER BY id DESC LIMIT ?");

	sql_put(q, below > 0 ? below : INT64_MAX);
	sql_put(q, (int64_t)n);
	return read_rows(st, q, rows, n);
}

/* ---- reports ---- */

static bool
is_nobody(const uint8_t pseudonym[VAULT_PSEUDONYM])
{
	static const uint8_t zero[VAULT_PSEUDONYM];

	return memcmp(pseudonym, zero, VAULT_PSEUDONYM) == 0;
}

bool
incident_has_sender(struct store *st, int64_t incident, const uint8_t pseudonym[16])
{
	struct sql *q = store_sql(st, "SELECT 1 FROM report WHERE incident = ? AND pseudonym = ? LIMIT 1");
	bool has;

	sql_put(q, incident);
	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	if ((has = sql_step(q) == 1))
		sql_done(q);
	return has;
}

int
incident_reported(struct store *st, const uint8_t pseudonym[16], wall_t since, char *codes, size_t size)
{
	struct sql *q = store_sql(st, "SELECT group_concat(i.codes) FROM report r JOIN incident i ON i.id = r.incident"
	    " WHERE r.pseudonym = ? AND r.at >= ?");
	int rc;

	codes[0] = '\0';
	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	sql_put(q, since.ms);
	if ((rc = sql_step(q)) != 1)
		return rc < 0 ? -1 : 0;
	sql_text(q, codes, size);
	sql_done(q);
	return 0;
}

int
incident_join(struct store *st, int64_t incident, int64_t inbox, const uint8_t pseudonym[16], wall_t at)
{
	struct sql *q = store_sql(st, "INSERT INTO report(incident, inbox, pseudonym, at) VALUES(?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING");
	int added, changed;

	sql_put(q, incident);
	sql_put(q, inbox);
	sql_put_blob(q, pseudonym, is_nobody(pseudonym) ? 0 : VAULT_PSEUDONYM);
	sql_put(q, at.ms);
	if ((added = q == NULL ? -1 : sql_run(q)) != 1)
		return added;
	/* Counted from the rows: right however often this is repeated. What was counted before may have lost its rows. */
	q = store_sql(st, "UPDATE incident SET"
	    " reports = max(reports, (SELECT count(*) FROM report WHERE incident = ?1)),"
	    " sources = max(sources, (SELECT count(DISTINCT pseudonym) FROM report WHERE incident = ?1), 1),"
	    " first = CASE WHEN first = 0 OR first > ?2 THEN ?2 ELSE first END, last = max(last, ?2) WHERE id = ?1");
	sql_put(q, incident);
	sql_put(q, at.ms);
	changed = q == NULL ? -1 : sql_run(q);
	return changed == 1 ? 0 : -1;
}

/* ---- who was told ---- */

#define TOLD_COLUMNS "t.incident, t.responder, t.letters, t.answer, t.told_at, t.answered_at, t.eta_min"

static int
read_told(struct sql *q, struct told *rows, size_t n)
{
	size_t i = 0;
	int rc = 0;

	if (q == NULL)
		return -1;
	while (i < n && (rc = sql_step(q)) == 1) {
		struct told *t = &rows[i++];

		memset(t, 0, sizeof(*t));
		t->incident = sql_int(q);
		sql_text(q, t->responder, sizeof(t->responder));
		sql_text(q, t->letters, sizeof(t->letters));
		t->answer = (uint8_t)sql_int(q);
		t->told_at.ms = sql_int(q);
		t->answered_at.ms = sql_int(q);
		t->eta_min = (uint16_t)sql_int(q);
	}
	if (rc == 1 || n == 0)
		sql_done(q);
	return rc == -1 ? -1 : (int)i;
}

/* 1: another responder of this incident has them; 0; -1. */
static int
letters_taken(struct store *st, int64_t incident, const char *letters)
{
	struct sql *q = store_sql(st, "SELECT 1 FROM told WHERE incident = ? AND letters = ?");
	int rc;

	sql_put(q, incident);
	sql_put_text(q, letters);
	if ((rc = sql_step(q)) == 1)
		sql_done(q);
	return rc;
}

/* Consonants only, so that no word comes out, and none that is read as a digit or as another. */
static int
draw_letters(struct store *st, int64_t incident, const char *responder, char letters[3])
{
	static const char alphabet[] = "BCDFGHJKLMNPQRSTVWXZ";
	const uint32_t n = sizeof(alphabet) - 1;
	int rc = 1;

	for (uint32_t i = 0; i < LETTER_DRAWS + n * n && rc == 1; i++) {
		uint32_t draw = i < LETTER_DRAWS ? vault_draw(st->vault, incident, responder, i, n * n) : i - LETTER_DRAWS;

		letters[0] = alphabet[draw / n];
		letters[1] = alphabet[draw % n];
		letters[2] = '\0';
		rc = command_letters_fit(letters) ? letters_taken(st, incident, letters) : 1;
	}
	return rc == 1 ? store_misuse(st, "all letters of an incident are taken") : rc;
}

int
told_find(struct store *st, int64_t incident, const char *responder, struct told *told)
{
	struct sql *q = store_sql(st, "SELECT " TOLD_COLUMNS " FROM told t WHERE t.incident = ? AND t.responder = ?");

	sql_put(q, incident);
	sql_put_text(q, responder);
	return read_told(q, told, 1);
}

int
told_add(struct store *st, int64_t incident, const char *responder, wall_t at, struct told *told)
{
	struct sql *q;
	int rc = told_find(st, incident, responder, told);

	if (rc != 0)
		return rc == 1 ? 0 : -1;
	memset(told, 0, sizeof(*told));
	if (strlen(responder) >= sizeof(told->responder))
		return store_misuse(st, "a responder's code is too long");
	told->incident = incident;
	(void)snprintf(told->responder, sizeof(told->responder), "%s", responder);
	told->told_at = at;
	if (draw_letters(st, incident, responder, told->letters) == -1)
		return -1;
	q = store_sql(st, "INSERT INTO told(incident, responder, letters, answer, told_at, answered_at, eta_min)"
	    " VALUES(?, ?, ?, 0, ?, 0, 0)");
	sql_put(q, incident);
	sql_put_text(q, responder);
	sql_put_text(q, told->letters);
	sql_put(q, at.ms);
	return sql_run(q) == 1 ? 0 : -1;
}

int
told_list(struct store *st, int64_t incident, struct told *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT " TOLD_COLUMNS " FROM told t WHERE t.incident = ?"
	    " ORDER BY t.told_at, t.responder LIMIT ?");

	sql_put(q, incident);
	sql_put(q, (int64_t)n);
	return read_told(q, rows, n);
}

int
told_answer(struct store *st, const struct told *told)
{
	struct sql *q = store_sql(st, "UPDATE told SET answer = ?, answered_at = ?, eta_min = ?"
	    " WHERE incident = ? AND responder = ?");
	int changed;

	sql_put(q, told->answer);
	sql_put(q, told->answered_at.ms);
	sql_put(q, told->eta_min);
	sql_put(q, told->incident);
	sql_put_text(q, told->responder);
	if ((changed = q == NULL ? -1 : sql_run(q)) == 0)
		return store_misuse(st, "this responder was not told of this incident");
	return changed == 1 ? 0 : -1;
}

int
told_open(struct store *st, const char *responder, wall_t since, struct told *rows, size_t n)
{
	struct sql *q = store_sql(st, "SELECT " TOLD_COLUMNS " FROM incident i JOIN told t ON t.incident = i.id"
	    " WHERE i.state = 0 AND t.responder = ? AND t.told_at > ? ORDER BY t.told_at DESC, i.id DESC LIMIT ?");

	sql_put_text(q, responder);
	sql_put(q, since.ms);
	sql_put(q, (int64_t)n);
	return read_told(q, rows, n);
}
