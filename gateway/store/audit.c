/* The audit table: appending to the chain, reading, verifying. */
#include "store/audit.h"

#include <string.h>

#include "base/buf.h"
#include "store/inside.h"

#define ROW_MAX	2048	/* bytes that are hashed */

/* What the hash covers: the numbers as text, each text behind its length, so that nothing can move between fields. */
static int
serialise(struct buf *out, int64_t seq, int64_t at, const char *const texts[4])
{
	(void)buf_addf(out, "%lld %lld", (long long)seq, (long long)at);
	for (size_t i = 0; i < 4; i++)
		(void)buf_addf(out, " %zu:%s", strlen(texts[i]), texts[i]);
	return out->failed ? -1 : 0;
}

static int
hash_row(const struct store *st, const uint8_t prev[32], int64_t seq, int64_t at, const char *const texts[4],
    uint8_t out[32])
{
	struct buf b;
	int rc;

	buf_init(&b, ROW_MAX);
	if ((rc = serialise(&b, seq, at, texts)) == 0)
		vault_chain(st->vault, prev, b.p, b.len, out);
	buf_release(&b);
	return rc;
}

/* The end of the chain, from the table when it is not known. */
static int
find_end(struct store *st)
{
	struct sql *q;
	int rc;

	if (st->chain.seq != -1)
		return 0;
	q = store_sql(st, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
	if ((rc = sql_step(q)) == -1)
		return -1;
	st->chain.seq = 0;
	memset(st->chain.hash, 0, sizeof(st->chain.hash));
	if (rc == 1) {
		st->chain.seq = sql_int(q);
		(void)sql_blob(q, st->chain.hash, sizeof(st->chain.hash));
		sql_done(q);
	}
	return 0;
}

int
audit_add(struct store *st, wall_t at, const char *actor, const char *event, const char *object,
    const char *detail_json)
{
	const char *const texts[4] = { actor, event, object, detail_json };
	uint8_t hash[32];
	struct sql *q;
	int added;

	if (strlen(actor) >= 48 || strlen(event) >= 48 || strlen(object) >= 48 || strlen(detail_json) >= 512)
		return store_misuse(st, "an audit row is too long");
	if (find_end(st) == -1)
		return -1;
	if (hash_row(st, st->chain.hash, st->chain.seq + 1, at.ms, texts, hash) == -1)
		return store_misuse(st, "no memory for an audit row");
	q = store_sql(st, "INSERT INTO audit(seq, at, actor, event, object, detail, hash)"
	    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE json_valid(?6)");
	sql_put(q, st->chain.seq + 1);
	sql_put(q, at.ms);
	for (size_t i = 0; i < 4; i++)
		sql_put_text(q, texts[i]);
	sql_put_blob(q, hash, sizeof(hash));
	if ((added = q == NULL ? -1 : sql_run(q)) != 1)
		return added == 0 ? store_misuse(st, "the details of an audit row are not JSON") : -1;
	st->chain.seq++;
	memcpy(st->chain.hash, hash, sizeof(hash));
	return 0;
}

static void
read_row(struct sql *q, struct audit_row *row)
{
	row->seq = sql_int(q);
	row->at.ms = sql_int(q);
	sql_text(q, row->actor, sizeof(row->actor));
	sql_text(q, row->event, sizeof(row->event));
	sql_text(q, row->object, sizeof(row->object));
	sql_text(q, row->detail, sizeof(row->detail));
}

int
audit_list(struct store *st, const char *object, struct audit_row *rows, size_t n)
{
	struct sql *q;
	size_t i = 0;
	int rc = 0;

	if (object[0] == '\0') {
		q = store_sql(st, "SELECT * FROM (SELECT seq, at, actor, event, object, detail FROM audit"
		    " ORDER BY seq DESC LIMIT ?) ORDER BY seq");
	} else {
		q = store_sql(st, "SELECT * FROM (SELECT seq, at, actor, event, object, detail FROM audit"
		    " WHERE object = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq");
		sql_put_text(q, object);
	}
	sql_put(q, (int64_t)n);
	while (i < n && (rc = sql_step(q)) == 1)
		read_row(q, &rows[i++]);
	if (rc == 1)
		sql_done(q);
	return rc == -1 ? -1 : (int)i;
}

int
audit_verify(struct store *st, int64_t *n)
{
	struct sql *q = store_sql(st, "SELECT seq, at, actor, event, object, detail, hash FROM audit ORDER BY seq");
	uint8_t prev[32] = { 0 }, wanted[32], hash[32];
	struct audit_row row;
	int rc;

	*n = 0;
	while ((rc = sql_step(q)) == 1) {
		const char *const texts[4] = { row.actor, row.event, row.object, row.detail };

		read_row(q, &row);
		memset(hash, 0, sizeof(hash));
		(void)sql_blob(q, hash, sizeof(hash));
		(*n)++;
		if (row.seq != *n || hash_row(st, prev, row.seq, row.at.ms, texts, wanted) == -1 ||
		    memcmp(hash, wanted, sizeof(hash)) != 0) {
			sql_done(q);
			return 1;
		}
		memcpy(prev, hash, sizeof(prev));
	}
	return rc;
}
