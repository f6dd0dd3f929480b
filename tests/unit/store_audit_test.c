/* The chain: appended, listed, and every tampering found where it is. */
#include "unit/store_fixture.h"

#define ROWS 20

static void
fill(struct fixture *f)
{
	char object[24];

	for (int i = 1; i <= ROWS; i++) {
		snprintf(object, sizeof(object), "inbox:%d", i % 4);
		CHECK_INT(IN_TRANSACTION(f->store, audit_add(f->store, (wall_t){ 1000 * i }, "system",
		    i == 6 ? "duty said" : "inbox.stored", object, "{\"n\":1}")), 0);
	}
}

TEST(lists_and_verifies)
{
	struct fixture f;
	struct audit_row rows[ROWS];
	int64_t n = -1;

	set_up(&f);
	CHECK_INT(audit_verify(f.store, &n), 0);
	CHECK_INT(n, 0);
	fill(&f);
	CHECK_INT(audit_verify(f.store, &n), 0);
	CHECK_INT(n, ROWS);
	CHECK_INT(audit_list(f.store, "inbox:2", rows, ROWS), 5);
	CHECK(rows[0].seq == 2 && rows[4].seq == 18);
	CHECK_STR(rows[0].actor, "system");
	CHECK_STR(rows[0].event, "inbox.stored");
	CHECK_STR(rows[0].detail, "{\"n\":1}");
	CHECK_INT(rows[0].at.ms, 2000);
	CHECK_INT(audit_list(f.store, "", rows, 3), 3);
	CHECK(rows[0].seq == 18 && rows[2].seq == 20);
	CHECK_INT(audit_list(f.store, "inbox:9", rows, 3), 0);
	tear_down(&f);
}

TEST(a_rollback_leaves_no_gap)
{
	struct fixture f;
	int64_t n = 0;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 1 }, "a", "b", "c", "{}")), 0);
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(audit_add(f.store, (wall_t){ 2 }, "a", "b", "c", "{}"), 0);
	store_rollback(f.store);
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 3 }, "a", "b", "c", "{}")), 0);
	restart(&f);
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 4 }, "a", "b", "c", "{}")), 0);
	CHECK_INT(audit_verify(f.store, &n), 0);
	CHECK_INT(n, 3);
	tear_down(&f);
}

TEST(refuses_what_is_no_row)
{
	struct fixture f;
	char longest[513];
	int64_t n = 0;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 1 }, "a", "b", "c", "not json")), -1);
	CHECK_INT(store_fault(f.store), STORE_MISUSE);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[512] = '\0';
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 1 }, longest, "b", "c", "{}")), -1);
	CHECK_INT(IN_TRANSACTION(f.store, audit_add(f.store, (wall_t){ 1 }, "a", "b", "c", longest)), -1);
	CHECK_INT(audit_verify(f.store, &n), 0);
	CHECK_INT(n, 0);
	tear_down(&f);
}

TEST(sql_itself_refuses_changes)
{
	static const char *const attempts[] = {
		"UPDATE audit SET event = 'x' WHERE seq = 3",
		"DELETE FROM audit WHERE seq = 20",
		"INSERT INTO audit SELECT 25, at, actor, event, object, detail, hash FROM audit WHERE seq = 20",
	};
	struct fixture f;

	set_up(&f);
	fill(&f);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		CHECK_MSG(tamper(&f, attempts[i]) == SQLITE_CONSTRAINT, "not refused: %s", attempts[i]);
	tear_down(&f);
}

/* Behind the triggers' back. Each kind of tampering is found at the row it was done to. */
TEST(tampering_is_found_where_it_is)
{
	static const struct {
		const char *sql;
		int64_t at;
	} rows[] = {
		{ "UPDATE audit SET event = 'inbox.storee' WHERE seq = 7", 7 },
		{ "UPDATE audit SET at = at + 1 WHERE seq = 1", 1 },
		{ "UPDATE audit SET detail = '{\"n\":2}' WHERE seq = 20", 20 },
		{ "UPDATE audit SET actor = 'systeminbox', event = '.stored' WHERE seq = 5", 5 },
		{ "UPDATE audit SET actor = 'system duty', event = 'said' WHERE seq = 6", 6 },
		{ "UPDATE audit SET hash = zeroblob(32) WHERE seq = 12", 12 },
		{ "DELETE FROM audit WHERE seq = 10", 10 },
		{ "DELETE FROM audit WHERE seq = 10; UPDATE audit SET seq = seq - 1 WHERE seq > 10", 10 },
		{ "UPDATE audit SET seq = 100 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;"
		  "UPDATE audit SET seq = 4 WHERE seq = 100", 3 },
		{ "INSERT INTO audit SELECT 21, at, actor, event, object, detail, hash FROM audit WHERE seq = 20", 21 },
	};
	char sql[512];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		int64_t n = -1;

		set_up(&f);
		fill(&f);
		snprintf(sql, sizeof(sql), "DROP TRIGGER audit_unchanged; DROP TRIGGER audit_kept; DROP TRIGGER audit_chain; %s",
		    rows[i].sql);
		CHECK_INT(tamper(&f, sql), SQLITE_OK);
		CHECK_MSG(audit_verify(f.store, &n) == 1 && n == rows[i].at, "broken at %" PRId64 ": %s", n, rows[i].sql);
		tear_down(&f);
	}
}

TEST_MAIN(TEST_ROW(lists_and_verifies), TEST_ROW(a_rollback_leaves_no_gap), TEST_ROW(refuses_what_is_no_row),
    TEST_ROW(sql_itself_refuses_changes), TEST_ROW(tampering_is_found_where_it_is))
