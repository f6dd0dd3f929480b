/* The reporter table: who agreed to report, and what he was asked. */
#include "store/reporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

#define COLUMNS "id, pseudonym, added, opted_in, silent, shared, duress, language, village, replied, asked, asked_at, choices"

/* "name\tlat\tlon" */
static void
read_village(const char *text, struct reporter *p)
{
	size_t n = strcspn(text, "\t");
	char *lon, *end;

	if (text[n] != '\t' || n >= sizeof(p->village))
		return;
	p->lat_deg = strtod(text + n, &lon);
	p->lon_deg = strtod(lon, &end);
	if (*lon != '\t' || *end != '\0')
		return;
	memcpy(p->village, text, n);
	p->village[n] = '\0';
}

static void
read_row(struct store *st, struct sql *q, struct reporter *p)
{
	char text[128];
	long n;

	memset(p, 0, sizeof(*p));
	p->id = sql_int(q);
	sql_blob(q, p->pseudonym, sizeof(p->pseudonym));
	p->added.ms = sql_int(q);
	p->opted_in = sql_int(q) != 0;
	p->silent = sql_int(q) != 0;
	p->shared = sql_int(q) != 0;
	p->duress = sql_int(q) != 0;
	p->language = sql_int(q) == LANG_EN ? LANG_EN : LANG_FR;
	n = sql_sealed(q, st->vault, "reporter.village", p->id, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	read_village(text, p);
	p->replied.ms = sql_int(q);
	p->asked = sql_int(q);
	p->asked_at.ms = sql_int(q);
	n = sql_sealed(q, st->vault, "reporter.choices", p->id, p->choices, sizeof(p->choices) - 1);
	p->choices[n > 0 ? n : 0] = '\0';
}

int
reporter_get(struct store *st, const uint8_t pseudonym[16], struct reporter *p)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM reporter WHERE pseudonym = ?");
	int rc;

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	if ((rc = sql_step(q)) != 1)
		return rc;
	read_row(st, q, p);
	sql_done(q);
	return 1;
}

/* The id that a row has or gets: contents are sealed under it before they are written. */
static int64_t
id_of(struct store *st, const uint8_t pseudonym[16])
{
	struct sql *q = store_sql(st, "SELECT ifnull((SELECT id FROM reporter WHERE pseudonym = ?),"
	    " (SELECT ifnull(max(id), 0) + 1 FROM reporter))");
	int64_t id = -1;

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	if (sql_step(q) == 1) {
		id = sql_int(q);
		sql_done(q);
	}
	return id;
}

int
reporter_put(struct store *st, struct reporter *p)
{
	struct sql *q;
	char village[128] = "";

	if (st->memory)
		return store_misuse(st, "reporters cannot be changed while the disk is away");
	p->id = id_of(st, p->pseudonym);
	if (p->id == -1)
		return -1;
	if (p->village[0] != '\0')
		snprintf(village, sizeof(village), "%s\t%.5f\t%.5f", p->village, p->lat_deg, p->lon_deg);
	q = store_sql(st, "INSERT OR REPLACE INTO reporter(" COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_put(q, p->id);
	sql_put_blob(q, p->pseudonym, VAULT_PSEUDONYM);
	sql_put(q, p->added.ms);
	sql_put(q, p->opted_in);
	sql_put(q, p->silent);
	sql_put(q, p->shared);
	sql_put(q, p->duress);
	sql_put(q, p->language);
	sql_put_sealed(q, st->vault, "reporter.village", p->id, village, strlen(village));
	sql_put(q, p->replied.ms);
	sql_put(q, p->asked);
	sql_put(q, p->asked_at.ms);
	sql_put_sealed(q, st->vault, "reporter.choices", p->id, p->choices, strlen(p->choices));
	return sql_run(q) == -1 ? -1 : 0;
}

int
reporter_forget(struct store *st, const uint8_t pseudonym[16])
{
	struct sql *q = store_sql(st, "DELETE FROM reporter WHERE pseudonym = ?");

	sql_put_blob(q, pseudonym, VAULT_PSEUDONYM);
	return sql_run(q);
}

int
reporter_list(struct store *st, struct reporter *out, size_t n)
{
	struct sql *q = store_sql(st, "SELECT " COLUMNS " FROM reporter ORDER BY id LIMIT ?");
	size_t count = 0;
	int rc;

	sql_put(q, (int64_t)n);
	while ((rc = sql_step(q)) == 1) {
		if (count < n)
			read_row(st, q, &out[count++]);
	}
	return rc < 0 ? -1 : (int)count;
}
