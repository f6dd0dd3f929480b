/* Custody: one row per network identity, its states, its parts, its sealing. */
#include "unit/store_fixture.h"

TEST(round_trip)
{
	struct fixture f;
	struct inbox_row in = a_message(100000), out;
	int64_t id = 0;
	uint8_t pseudonym[16];

	set_up(&f);
	in.part.ref = 300;
	in.part.wide = 1;
	in.part.total = 3;
	in.part.seq = 2;
	in.state = INBOX_QUARANTINE;	/* ignored on input, as are these */
	in.seen = 99;
	snprintf(in.result, sizeof(in.result), "alert");
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 1, &id)), 1);
	CHECK(id > 0);
	restart(&f);
	CHECK_INT(inbox_get(f.store, id, &out), 1);
	CHECK_INT(out.id, id);
	CHECK_STR(out.line, "m1");
	CHECK_INT(out.kind, INBOX_TEXT);
	CHECK_INT(out.sender_kind, INBOX_INTERNATIONAL);
	CHECK_INT(out.state, INBOX_NEW);
	CHECK_INT(out.received.ms, 100000);
	CHECK_INT(out.received_mono.ms, 50000);
	CHECK_INT(out.scts.ms, 95000);
	CHECK_STR(out.sender, CANARY_NUMBER);
	CHECK_STR(out.text, CANARY_TEXT);
	CHECK(out.tpdu_len == 4 && memcmp(out.tpdu, in.tpdu, 4) == 0);
	CHECK(out.part.ref == 300 && out.part.wide == 1 && out.part.total == 3 && out.part.seq == 2);
	CHECK(out.seen == 1 && out.attempts == 0 && out.incident == 0);
	CHECK_STR(out.result, "");
	vault_pseudonym(f.vault, CANARY_NUMBER, pseudonym);
	CHECK(memcmp(out.pseudonym, pseudonym, 16) == 0);
	CHECK_INT(inbox_get(f.store, id + 1, &out), 0);
	tear_down(&f);
}

TEST(widest_and_empty_values)
{
	static const uint8_t nobody[16];
	struct fixture f;
	struct inbox_row in = a_message(1), out;
	int64_t id = 0;

	set_up(&f);
	memset(in.text, 'x', sizeof(in.text) - 1);
	memset(in.sender, 'y', sizeof(in.sender) - 1);
	memset(in.tpdu, 0xEE, sizeof(in.tpdu));
	in.tpdu_len = sizeof(in.tpdu);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 1, &id)), 1);
	CHECK_INT(inbox_get(f.store, id, &out), 1);
	CHECK_INT(strlen(out.text), INBOX_TEXT_SIZE - 1);
	CHECK_STR(out.text, in.text);
	CHECK_STR(out.sender, in.sender);
	CHECK(out.tpdu_len == sizeof(in.tpdu) && memcmp(out.tpdu, in.tpdu, sizeof(in.tpdu)) == 0);
	in.text[0] = in.sender[0] = '\0';
	in.tpdu_len = 0;
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 2, &id)), 1);
	CHECK_INT(inbox_get(f.store, id, &out), 1);
	CHECK(out.text[0] == '\0' && out.sender[0] == '\0' && out.tpdu_len == 0 && out.kind == INBOX_TEXT);
	CHECK(memcmp(out.pseudonym, nobody, 16) == 0);
	in.tpdu_len = sizeof(in.tpdu) + 1;
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 3, &id)), -1);
	tear_down(&f);
}

TEST(a_repetition_is_only_counted)
{
	struct fixture f;
	struct inbox_row in = a_message(100000), out;
	int64_t first = 0, again = 0;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 1, &first)), 1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, first, "noise", 0, "{}")), 0);
	snprintf(in.text, sizeof(in.text), "other text");
	in.received.ms = 999999;
	for (int i = 0; i < 3; i++) {
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, 1, &again)), 0);
		CHECK_INT(again, first);
		restart(&f);
	}
	CHECK_INT(inbox_get(f.store, first, &out), 1);
	CHECK_INT(out.seen, 4);
	CHECK_STR(out.text, CANARY_TEXT);
	CHECK_INT(out.received.ms, 100000);
	CHECK_INT(out.state, INBOX_DECIDED);
	/* The same bytes on another SIM are another message. */
	CHECK_INT(IN_TRANSACTION(f.store, inbox_add(f.store, &in, "sim-2", (const uint8_t *)"\1\0\0", 4, &again)), 1);
	CHECK(again != first);
	tear_down(&f);
}

TEST(a_write_needs_a_transaction)
{
	struct fixture f;
	struct inbox_row in = a_message(1), out;
	int64_t id = 0;

	set_up(&f);
	CHECK_INT(add_message(f.store, &in, 1, &id), -1);
	CHECK_INT(store_fault(f.store), STORE_MISUSE);
	CHECK_INT(inbox_next(f.store, 0, &out), 0);
	tear_down(&f);
}

/* Puts a fresh row into a state; its id. */
static int64_t
row_in(struct fixture *f, enum inbox_state state, uint32_t identity)
{
	struct inbox_row in = a_message(1);
	int64_t id = 0;

	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &in, identity, &id)), 1);
	if (state == INBOX_WAITING)
		CHECK_INT(IN_TRANSACTION(f->store, inbox_waiting(f->store, id, 0, "{}")), 0);
	if (state == INBOX_DECIDED)
		CHECK_INT(IN_TRANSACTION(f->store, inbox_decided(f->store, id, "noise", 0, "{}")), 0);
	for (int i = 1; state == INBOX_QUARANTINE && i <= 3; i++)
		CHECK_INT(IN_TRANSACTION(f->store, inbox_attempt(f->store, id)), i);
	return id;
}

TEST(every_step_from_every_state)
{
	/* [from][step]: decided, waiting, attempt */
	static const bool allowed[4][3] = {
		[INBOX_NEW] = { true, true, true },
		[INBOX_WAITING] = { true, true, false },
		[INBOX_DECIDED] = { true, false, false },
		[INBOX_QUARANTINE] = { true, false, false },
	};
	static const enum inbox_state to[3] = { INBOX_DECIDED, INBOX_WAITING, INBOX_NEW };
	struct fixture f;
	struct inbox_row out;
	uint32_t identity = 0;

	set_up(&f);
	for (int from = 0; from < 4; from++) {
		for (int step = 0; step < 3; step++) {
			int64_t id = row_in(&f, (enum inbox_state)from, ++identity);
			int rc;

			CHECK(inbox_get(f.store, id, &out) == 1 && (int)out.state == from);
			if (step == 0)
				rc = IN_TRANSACTION(f.store, inbox_decided(f.store, id, "review", 0, "{}"));
			else if (step == 1)
				rc = IN_TRANSACTION(f.store, inbox_waiting(f.store, id, 0, "{}"));
			else
				rc = IN_TRANSACTION(f.store, inbox_attempt(f.store, id));
			CHECK_MSG((rc >= 0) == allowed[from][step], "step %d from state %d gives %d", step, from, rc);
			CHECK_INT(inbox_get(f.store, id, &out), 1);
			CHECK_INT(out.state, allowed[from][step] ? (int)to[step] : from);
		}
	}
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, 9999, "noise", 0, "{}")), -1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_attempt(f.store, 9999)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, 1, "a word of 16 ch.", 0, "{}")), -1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, 1, "alert", 4711, "{}")), -1);	/* no such incident */
	tear_down(&f);
}

TEST(lists_and_counts)
{
	struct fixture f;
	struct inbox_row rows[8];
	struct inbox_counts counts;
	int64_t ids[6];

	set_up(&f);
	CHECK_INT(inbox_count(f.store, &counts), 0);
	CHECK(counts.total == 0 && counts.last_id == 0 && counts.oldest_review.ms == 0);
	for (uint32_t i = 0; i < 6; i++) {
		struct inbox_row in = a_message(1000 * (i + 1));

		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, i, &ids[i])), 1);
	}
	CHECK(inbox_next(f.store, 0, rows) == 1 && rows[0].id == ids[0]);
	CHECK(inbox_next(f.store, ids[0], rows) == 1 && rows[0].id == ids[1]);
	CHECK_INT(inbox_next(f.store, ids[5], rows), 0);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, ids[1], "review", 0, "{}")), 0);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, ids[3], "review", 0, "{}")), 0);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_waiting(f.store, ids[4], 0, "{}")), 0);
	CHECK_INT(inbox_list(f.store, NULL, 0, rows, 8), 6);
	CHECK(rows[0].id == ids[5] && rows[5].id == ids[0]);
	CHECK_INT(inbox_list(f.store, NULL, ids[2], rows, 8), 2);
	CHECK_INT(inbox_list(f.store, NULL, 0, rows, 2), 2);
	CHECK_INT(inbox_list(f.store, "review", 0, rows, 8), 2);
	CHECK(rows[0].id == ids[3] && rows[1].id == ids[1]);
	CHECK_INT(inbox_list(f.store, "review", ids[3], rows, 8), 1);
	CHECK_INT(inbox_count(f.store, &counts), 0);
	CHECK(counts.total == 6 && counts.fresh == 3 && counts.waiting == 1 && counts.quarantine == 0 && counts.review == 2);
	CHECK(counts.last_id == ids[5] && counts.last_received.ms == 6000 && counts.oldest_review.ms == 2000);
	/* What was rolled back is not counted. */
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(add_message(f.store, &rows[0], 77, &ids[0]), 1);
	store_rollback(f.store);
	CHECK(inbox_count(f.store, &counts) == 0 && counts.total == 6);
	tear_down(&f);
}

TEST(reasons)
{
	struct fixture f;
	char out[40000], *longest;
	int64_t id = row_in((set_up(&f), &f), INBOX_NEW, 1);

	CHECK_INT(inbox_why(f.store, id, out, sizeof(out)), 1);
	CHECK_STR(out, "");
	CHECK_INT(inbox_why(f.store, id + 1, out, sizeof(out)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_waiting(f.store, id, 0, "{\"words\":\"coup de feu\"}")), 0);
	CHECK_INT(inbox_why(f.store, id, out, sizeof(out)), 1);
	CHECK_STR(out, "{\"words\":\"coup de feu\"}");
	CHECK_INT(inbox_why(f.store, id, out, 10), -1);
	/* An alert is never lost over the length of its reasons. */
	longest = malloc(40001);
	memset(longest, ' ', 40000);
	longest[40000] = '\0';
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, id, "alert", 0, longest)), 0);
	CHECK_INT(inbox_why(f.store, id, out, sizeof(out)), 1);
	CHECK_STR(out, "{\"cut\":true}");
	free(longest);
	tear_down(&f);
}

static int64_t
add_part(struct fixture *f, uint32_t identity, const char *sender, int seq, int total, int ref, int wide, int64_t at)
{
	struct inbox_row in = a_message(at);
	int64_t id = 0;

	in.kind = INBOX_PART;
	snprintf(in.sender, sizeof(in.sender), "%s", sender);
	in.part.seq = (uint8_t)seq;
	in.part.total = (uint8_t)total;
	in.part.ref = (uint16_t)ref;
	in.part.wide = (uint8_t)wide;
	CHECK_INT(IN_TRANSACTION(f->store, add_message(f->store, &in, identity, &id)), 1);
	return id;
}

TEST(parts_find_each_other)
{
	struct fixture f;
	struct inbox_row part, rows[8];
	const int64_t now = 200000000, day = 24 * 3600 * 1000;
	int64_t third = 0, first = 0;

	set_up(&f);
	third = add_part(&f, 1, "+22370000001", 3, 3, 7, 0, now);
	first = add_part(&f, 2, "+22370000001", 1, 3, 7, 0, now + 1000);
	add_part(&f, 3, "+22370000002", 2, 3, 7, 0, now);		/* another sender */
	add_part(&f, 4, "+22370000001", 2, 3, 8, 0, now);		/* another reference */
	add_part(&f, 5, "+22370000001", 2, 4, 7, 0, now);		/* another total */
	add_part(&f, 6, "+22370000001", 2, 3, 7, 1, now);		/* a wide reference */
	add_part(&f, 7, "+22370000001", 2, 3, 7, 0, now - day - 1);	/* the same reference, long ago */
	CHECK_INT(IN_TRANSACTION(f.store, inbox_waiting(f.store, third, 0, "{}")), 0);
	restart(&f);
	CHECK_INT(inbox_get(f.store, third, &part), 1);
	CHECK_INT(inbox_parts(f.store, &part, rows, 8), 2);
	CHECK(rows[0].id == third && rows[1].id == first && rows[1].part.seq == 1);
	CHECK_INT(inbox_parts(f.store, &part, rows, 1), 1);
	CHECK_INT(rows[0].id, first);
	snprintf(part.line, sizeof(part.line), "m2");
	CHECK_INT(inbox_parts(f.store, &part, rows, 8), 0);
	CHECK_INT(inbox_overdue_parts(f.store, (wall_t){ now }, (wall_t){ now }, rows, 8), 0);
	CHECK_INT(inbox_overdue_parts(f.store, (wall_t){ now + 1 }, (wall_t){ now + 1 }, rows, 8), 1);
	CHECK_INT(inbox_overdue_parts(f.store, (wall_t){ now - day }, (wall_t){ now - 1 }, rows, 8), 1);
	CHECK_INT(rows[0].id, third);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, third, "part", 0, "{}")), 0);
	CHECK_INT(inbox_overdue_parts(f.store, (wall_t){ now + 1 }, (wall_t){ now + 1 }, rows, 8), 0);
	tear_down(&f);
}

TEST(nothing_readable_on_the_disk)
{
	struct fixture f;
	struct inbox_row in = a_message(1);
	int64_t id = 0;

	set_up(&f);
	for (uint32_t i = 0; i < 50; i++)
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &in, i, &id)), 1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_decided(f.store, id, "noise", 0, "{\"words\":\"CANARI\"}")), 0);
	CHECK(dir_holds(f.dir, "m1"));		/* the look itself works */
	CHECK(!dir_holds(f.dir, "CANARI"));
	CHECK(!dir_holds(f.dir, "70123456"));
	restart(&f);
	CHECK(dir_holds(f.dir, "m1"));
	CHECK(!dir_holds(f.dir, "CANARI"));
	CHECK(!dir_holds(f.dir, "70123456"));
	tear_down(&f);
}

TEST(sealed_values_do_not_move)
{
	struct fixture f;
	struct inbox_row out;
	int64_t a = row_in((set_up(&f), &f), INBOX_NEW, 1);

	row_in(&f, INBOX_NEW, 2);
	CHECK_INT(tamper(&f, "DROP TRIGGER inbox_contents;"
	    "UPDATE inbox SET text = (SELECT text FROM inbox WHERE id = 2) WHERE id = 1"), SQLITE_OK);
	CHECK_INT(inbox_get(f.store, a, &out), 1);
	CHECK_INT(out.kind, INBOX_UNDECODABLE);
	CHECK_STR(out.text, "");
	CHECK_STR(out.sender, CANARY_NUMBER);
	tear_down(&f);
}

TEST(sql_itself_refuses_changes)
{
	static const char *const attempts[] = {
		"UPDATE inbox SET identity = zeroblob(32)", "UPDATE inbox SET line = 'm2'", "UPDATE inbox SET received = 5",
		"UPDATE inbox SET text = NULL", "UPDATE inbox SET sender = x'00'", "DELETE FROM inbox", "UPDATE inbox SET id = 9",
		"UPDATE inbox SET state = 2; UPDATE inbox SET state = 0", "UPDATE inbox SET seen = 0",
	};
	struct fixture f;

	row_in((set_up(&f), &f), INBOX_NEW, 1);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		CHECK_MSG(tamper(&f, attempts[i]) == SQLITE_CONSTRAINT, "not refused: %s", attempts[i]);
	tear_down(&f);
}

TEST(purge_wipes_what_was_decided)
{
	struct fixture f;
	struct inbox_row out;
	char why[64];
	int64_t decided = row_in((set_up(&f), &f), INBOX_DECIDED, 1), fresh = row_in(&f, INBOX_NEW, 2), again = 0;

	CHECK_INT(IN_TRANSACTION(f.store, inbox_purge(f.store, (wall_t){ 1 })), 0);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_purge(f.store, (wall_t){ 2 })), 1);
	CHECK_INT(IN_TRANSACTION(f.store, inbox_purge(f.store, (wall_t){ 2 })), 0);
	CHECK_INT(store_checkpoint(f.store), 0);
	CHECK_INT(inbox_get(f.store, decided, &out), 1);
	CHECK(out.text[0] == '\0' && out.sender[0] == '\0' && out.tpdu_len == 0);
	CHECK_STR(out.result, "noise");
	CHECK(inbox_why(f.store, decided, why, sizeof(why)) == 1 && why[0] == '\0');
	CHECK(inbox_get(f.store, fresh, &out) == 1 && out.text[0] != '\0');
	/* A wiped message is still known when the network repeats it. */
	CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &out, 1, &again)), 0);
	CHECK_INT(again, decided);
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(round_trip), TEST_ROW(widest_and_empty_values), TEST_ROW(a_repetition_is_only_counted),
    TEST_ROW(a_write_needs_a_transaction), TEST_ROW(every_step_from_every_state), TEST_ROW(lists_and_counts),
    TEST_ROW(reasons), TEST_ROW(parts_find_each_other), TEST_ROW(nothing_readable_on_the_disk),
    TEST_ROW(sealed_values_do_not_move), TEST_ROW(sql_itself_refuses_changes), TEST_ROW(purge_wipes_what_was_decided))
