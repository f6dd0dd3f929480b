/* Intents, the steps of sending, and the evidence that settles a doubt. */
#include "unit/store_fixture.h"

static const wall_t now = { 50000 };

static int64_t
add(struct fixture *f, const char *intent)
{
	struct outbox_row row = an_sms(0, intent);
	int64_t id = 0;

	CHECK_INT(IN_TRANSACTION(f->store, outbox_add(f->store, &row, &id)), 1);
	return id;
}

static struct outbox_row
get(struct fixture *f, int64_t id)
{
	struct outbox_row row;

	CHECK_INT(outbox_get(f->store, id, &row), 1);
	return row;
}

/* The steps as numbers, for tables; each in a transaction of its own. */
enum step {
	STEP_SENDING, STEP_SENT, STEP_AGAIN, STEP_REFUSED, STEP_DOUBT, STEP_LOST, STEP_RESEND, STEP_BELIEVE, STEP_DELIVERED,
	STEP_UNDELIVERED, STEP_EXPIRE, STEP_CANCEL, STEP_PROVED, STEPS,
};

static int
take(struct fixture *f, int64_t id, enum step step)
{
	static uint16_t lines;
	struct store *st = f->store;
	struct outbox_row row = get(f, id);
	int64_t found = 0;
	char line[16];

	snprintf(line, sizeof(line), "line%d", lines++);
	switch (step) {
	case STEP_SENDING:	return IN_TRANSACTION(st, outbox_sending(st, id, line, now));
	case STEP_SENT:		return IN_TRANSACTION(st, outbox_outcome(st, id, OUTBOX_SENT, 5, 0, (wall_t){ 0 }, now));
	case STEP_AGAIN:	return IN_TRANSACTION(st, outbox_outcome(st, id, OUTBOX_QUEUED, -1, 38, (wall_t){ 60000 }, now));
	case STEP_REFUSED:	return IN_TRANSACTION(st, outbox_outcome(st, id, OUTBOX_FAILED, -1, 21, (wall_t){ 0 }, now));
	case STEP_DOUBT:	return IN_TRANSACTION(st, outbox_outcome(st, id, OUTBOX_UNKNOWN, -1, 0, (wall_t){ 0 }, now));
	case STEP_LOST:		return IN_TRANSACTION(st, outbox_recover(st, row.line, now));
	case STEP_RESEND:	return IN_TRANSACTION(st, outbox_resolve(st, id, OUTBOX_QUEUED, now));
	case STEP_BELIEVE:	return IN_TRANSACTION(st, outbox_resolve(st, id, OUTBOX_SENT, now));
	case STEP_DELIVERED:	return IN_TRANSACTION(st, outbox_report(st, row.line, 5, row.dest, true, now, &found));
	case STEP_UNDELIVERED:	return IN_TRANSACTION(st, outbox_report(st, row.line, 5, row.dest, false, now, &found));
	case STEP_EXPIRE:	return IN_TRANSACTION(st, outbox_expire(st, row.expires));
	case STEP_CANCEL:	return IN_TRANSACTION(st, outbox_cancel(st, row.incident, row.responder, now));
	case STEP_PROVED:	return IN_TRANSACTION(st, outbox_proved(st, row.incident, row.responder, now));
	case STEPS:		break;
	}
	return -1;
}

/* How a fresh row comes to each state. */
static const enum step ways[8][4] = {
	[OUTBOX_QUEUED] = { STEPS },
	[OUTBOX_SENDING] = { STEP_SENDING, STEPS },
	[OUTBOX_SENT] = { STEP_SENDING, STEP_SENT, STEPS },
	[OUTBOX_UNKNOWN] = { STEP_SENDING, STEP_DOUBT, STEPS },
	[OUTBOX_DELIVERED] = { STEP_SENDING, STEP_SENT, STEP_DELIVERED, STEPS },
	[OUTBOX_FAILED] = { STEP_SENDING, STEP_REFUSED, STEPS },
	[OUTBOX_EXPIRED] = { STEP_EXPIRE, STEPS },
	[OUTBOX_CANCELLED] = { STEP_CANCEL, STEPS },
};

static int64_t
row_in(struct fixture *f, int state, const char *intent)
{
	struct incident in = an_incident();
	struct outbox_row row;
	int64_t id = 0;

	CHECK_INT(IN_TRANSACTION(f->store, incident_add(f->store, &in)), 0);
	row = an_sms(in.id, intent);
	CHECK_INT(IN_TRANSACTION(f->store, outbox_add(f->store, &row, &id)), 1);
	for (const enum step *s = ways[state]; *s != STEPS; s++)
		CHECK(take(f, id, *s) >= 0);
	CHECK_INT(get(f, id).state, state);
	return id;
}

TEST(round_trip)
{
	struct fixture f;
	struct incident in = an_incident();
	struct outbox_row a, b;
	int64_t id = 0, again = 0;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, incident_add(f.store, &in)), 0);
	a = an_sms(in.id, "I1/S0/kouro");
	a.not_before.ms = 1234;
	a.state = OUTBOX_SENT;	/* ignored on input */
	a.attempts = 9;
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &a, &id)), 1);
	restart(&f);
	b = get(&f, id);
	CHECK_STR(b.intent, "I1/S0/kouro");
	CHECK_INT(b.incident, in.id);
	CHECK_STR(b.responder, "kouro");
	CHECK_STR(b.dest, a.dest);
	CHECK_STR(b.text, a.text);
	CHECK(b.klass == OUTBOX_ALERT && b.priority == 1 && b.state == OUTBOX_QUEUED && b.attempts == 0 && b.resent == 0);
	CHECK(b.created.ms == 1000 && b.expires.ms == 3601000 && b.not_before.ms == 1234 && b.changed.ms == 1000);
	CHECK(b.line[0] == '\0' && b.reference == -1 && b.error == 0);
	/* Deciding the same again sends nothing twice. */
	snprintf(a.text, sizeof(a.text), "another text");
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &a, &again)), 0);
	CHECK_INT(again, id);
	CHECK_STR(get(&f, id).text, b.text);
	CHECK_INT(outbox_get(f.store, id + 1, &b), 0);
	tear_down(&f);
}

TEST(refuses_what_cannot_be_sent)
{
	struct fixture f;
	struct outbox_row row;
	int64_t id = 0;

	set_up(&f);
	row = an_sms(0, "x");
	row.expires = row.created;
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &id)), -1);
	row = an_sms(0, "x");
	row.priority = 0;
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &id)), -1);
	row = an_sms(0, "x");
	row.dest[0] = '\0';
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &id)), -1);
	row = an_sms(0, "");
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &id)), -1);
	row = an_sms(4711, "x");	/* no such incident */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &id)), -1);
	CHECK_INT(store_fault(f.store), STORE_MISUSE);
	row = an_sms(0, "x");
	CHECK_INT(outbox_add(f.store, &row, &id), -1);	/* outside a transaction */
	CHECK_INT(outbox_list(f.store, 0, 0, &row, 1), 0);
	tear_down(&f);
}

/* Every step from every state: where it leads, or that it changes nothing. */
TEST(every_step_from_every_state)
{
	enum { STAY = -1 };
	static const int8_t leads[8][STEPS] = {
		[OUTBOX_QUEUED] = { [STEP_SENDING] = OUTBOX_SENDING, [STEP_SENT] = STAY, [STEP_AGAIN] = STAY,
		    [STEP_REFUSED] = STAY, [STEP_DOUBT] = STAY, [STEP_LOST] = STAY, [STEP_RESEND] = STAY,
		    [STEP_BELIEVE] = STAY, [STEP_DELIVERED] = STAY, [STEP_UNDELIVERED] = STAY,
		    [STEP_EXPIRE] = OUTBOX_EXPIRED, [STEP_CANCEL] = OUTBOX_CANCELLED, [STEP_PROVED] = STAY },
		[OUTBOX_SENDING] = { [STEP_SENDING] = STAY, [STEP_SENT] = OUTBOX_SENT, [STEP_AGAIN] = OUTBOX_QUEUED,
		    [STEP_REFUSED] = OUTBOX_FAILED, [STEP_DOUBT] = OUTBOX_UNKNOWN, [STEP_LOST] = OUTBOX_UNKNOWN,
		    [STEP_RESEND] = STAY, [STEP_BELIEVE] = STAY, [STEP_DELIVERED] = STAY, [STEP_UNDELIVERED] = STAY,
		    [STEP_EXPIRE] = STAY, [STEP_CANCEL] = STAY, [STEP_PROVED] = STAY },
		[OUTBOX_SENT] = { [STEP_SENDING] = STAY, [STEP_SENT] = STAY, [STEP_AGAIN] = STAY, [STEP_REFUSED] = STAY,
		    [STEP_DOUBT] = STAY, [STEP_LOST] = STAY, [STEP_RESEND] = STAY, [STEP_BELIEVE] = STAY,
		    [STEP_DELIVERED] = OUTBOX_DELIVERED, [STEP_UNDELIVERED] = OUTBOX_FAILED, [STEP_EXPIRE] = STAY,
		    [STEP_CANCEL] = STAY, [STEP_PROVED] = STAY },
		[OUTBOX_UNKNOWN] = { [STEP_SENDING] = STAY, [STEP_SENT] = STAY, [STEP_AGAIN] = STAY, [STEP_REFUSED] = STAY,
		    [STEP_DOUBT] = STAY, [STEP_LOST] = STAY, [STEP_RESEND] = OUTBOX_QUEUED, [STEP_BELIEVE] = OUTBOX_SENT,
		    [STEP_DELIVERED] = OUTBOX_DELIVERED, [STEP_UNDELIVERED] = OUTBOX_FAILED, [STEP_EXPIRE] = STAY,
		    [STEP_CANCEL] = STAY, [STEP_PROVED] = OUTBOX_SENT },
	};
	struct fixture f;
	char intent[32];

	set_up(&f);
	for (int from = 0; from < 8; from++) {
		for (int step = 0; step < STEPS; step++) {
			int want = from <= OUTBOX_UNKNOWN ? leads[from][step] : STAY;
			int64_t id = 0;

			snprintf(intent, sizeof(intent), "%d/%d", from, step);
			id = row_in(&f, from, intent);
			(void)take(&f, id, (enum step)step);
			CHECK_MSG((int)get(&f, id).state == (want == STAY ? from : want), "step %d from state %d leads to %d",
			    step, from, (int)get(&f, id).state);
		}
	}
	tear_down(&f);
}

/* The same for SQL behind our functions: the trigger knows the edges, all 64 of them. */
TEST(sql_itself_knows_the_edges)
{
	static const uint8_t edges[8] = {	/* sets of states */
		[OUTBOX_QUEUED] = 1 << OUTBOX_SENDING | 1 << OUTBOX_EXPIRED | 1 << OUTBOX_CANCELLED,
		[OUTBOX_SENDING] = 1 << OUTBOX_SENT | 1 << OUTBOX_QUEUED | 1 << OUTBOX_FAILED | 1 << OUTBOX_UNKNOWN,
		[OUTBOX_SENT] = 1 << OUTBOX_DELIVERED | 1 << OUTBOX_FAILED,
		[OUTBOX_UNKNOWN] = 1 << OUTBOX_QUEUED | 1 << OUTBOX_SENT | 1 << OUTBOX_DELIVERED,
	};
	struct fixture f;
	char sql[128];

	set_up(&f);
	for (int from = 0; from < 8; from++) {
		int64_t id = 0;

		snprintf(sql, sizeof(sql), "sql/%d", from);
		id = row_in(&f, from, sql);
		for (int to = 0; to < 8; to++) {
			int want = (edges[from] & 1 << to) != 0 ? SQLITE_OK : SQLITE_CONSTRAINT;

			snprintf(sql, sizeof(sql), "BEGIN; UPDATE outbox SET state = %d WHERE id = %d; ROLLBACK", to, (int)id);
			CHECK_MSG(tamper(&f, sql) == want, "%d -> %d", from, to);
		}
	}
	row_in(&f, OUTBOX_QUEUED, "queued");
	CHECK_INT(tamper(&f, "DELETE FROM outbox"), SQLITE_CONSTRAINT);
	CHECK_INT(tamper(&f, "UPDATE outbox SET intent = 'other' WHERE id = 1"), SQLITE_CONSTRAINT);
	CHECK_INT(tamper(&f, "UPDATE outbox SET text = NULL WHERE state = 0"), SQLITE_CONSTRAINT);
	CHECK_INT(tamper(&f, "UPDATE outbox SET dest = x'00' WHERE state = 4"), SQLITE_CONSTRAINT);
	tear_down(&f);
}

TEST(refused_outcomes)
{
	struct fixture f;
	int64_t id = row_in((set_up(&f), &f), OUTBOX_SENDING, "x");
	const wall_t none = { 0 };

	/* Without a reference of the network nothing was sent, whatever the modem says. */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_SENT, -1, 0, none, now)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_SENT, 256, 0, none, now)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_DELIVERED, 1, 0, none, now)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_CANCELLED, 1, 0, none, now)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_resolve(f.store, id, OUTBOX_DELIVERED, now)), -1);
	CHECK_INT(get(&f, id).state, OUTBOX_SENDING);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_SENT, 0, 0, none, now)), 0);
	CHECK_INT(get(&f, id).reference, 0);
	tear_down(&f);
}

TEST(what_the_steps_write)
{
	struct fixture f;
	int64_t id = add((set_up(&f), &f), "x");
	struct outbox_row row;

	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, id, "m1", (wall_t){ 2000 })), 0);
	row = get(&f, id);
	CHECK(row.attempts == 1 && row.changed.ms == 2000 && strcmp(row.line, "m1") == 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_QUEUED, -1, 38, (wall_t){ 9000 },
	    (wall_t){ 3000 })), 0);
	row = get(&f, id);
	CHECK(row.error == 38 && row.not_before.ms == 9000 && row.changed.ms == 3000 && row.reference == -1);
	CHECK_INT(outbox_next_due(f.store).ms, 9000);
	CHECK_INT(outbox_next(f.store, (wall_t){ 8999 }, &row), 0);
	CHECK_INT(outbox_next(f.store, (wall_t){ 9000 }, &row), 1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, id, "m2", (wall_t){ 9000 })), 0);
	CHECK_INT(outbox_next_due(f.store).ms, 0);
	CHECK(get(&f, id).attempts == 2 && get(&f, id).error == 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, id, OUTBOX_UNKNOWN, -1, 0, (wall_t){ 0 },
	    (wall_t){ 9500 })), 0);
	row = get(&f, id);
	CHECK_INT(outbox_doubtful(f.store, row.expires, 1, &row, 1), 0);
	CHECK_INT(outbox_doubtful(f.store, (wall_t){ row.expires.ms - 1 }, 0, &row, 1), 0);
	CHECK_INT(outbox_doubtful(f.store, (wall_t){ row.expires.ms - 1 }, 1, &row, 1), 1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_resolve(f.store, id, OUTBOX_QUEUED, (wall_t){ 9900 })), 0);
	row = get(&f, id);
	CHECK(row.resent == 1 && row.not_before.ms == 0 && row.state == OUTBOX_QUEUED);
	tear_down(&f);
}

TEST(a_clock_that_jumps_takes_along_what_waits)
{
	struct fixture f;
	int64_t waits = add((set_up(&f), &f), "waits"), over = add(&f, "over");
	struct outbox_row before = get(&f, waits), old, row;

	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, over, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, over, OUTBOX_SENT, 7, 0, now, now)), 0);
	old = get(&f, over);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_shift(f.store, 86400000)), 0);
	row = get(&f, waits);
	CHECK_INT(row.expires.ms - before.expires.ms, 86400000);
	CHECK_INT(row.created.ms - before.created.ms, 86400000);
	row = get(&f, over);
	CHECK(row.expires.ms == old.expires.ms && row.changed.ms == old.changed.ms);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_withdraw(f.store, over, now)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_withdraw(f.store, waits, now)), 0);
	CHECK_INT(get(&f, waits).state, OUTBOX_CANCELLED);
	CHECK_INT(outbox_taken_back(f.store, before.incident, before.responder), before.incident != 0);
	tear_down(&f);
}

TEST(the_most_urgent_first_and_none_that_is_stale)
{
	struct fixture f;
	struct outbox_row row;
	int64_t low = 0, late = 0, first = 0, second = 0;

	set_up(&f);
	row = an_sms(0, "low");
	row.priority = 3;
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &low)), 1);
	row = an_sms(0, "late");
	row.not_before.ms = 7000;
	CHECK_INT(IN_TRANSACTION(f.store, outbox_add(f.store, &row, &late)), 1);
	first = add(&f, "first");
	second = add(&f, "second");
	CHECK(outbox_next(f.store, (wall_t){ 6999 }, &row) == 1 && row.id == first);
	CHECK(outbox_next(f.store, (wall_t){ 7000 }, &row) == 1 && row.id == late);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, first, "m1", now)), 0);
	/* One submission in flight per line, whoever asks. */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, second, "m1", now)), -1);
	CHECK_INT(get(&f, second).state, OUTBOX_QUEUED);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, second, "m2", now)), 0);
	CHECK(outbox_next(f.store, (wall_t){ 6999 }, &row) == 1 && row.id == low);
	/* Past its end a row is not given out, expired already or not. */
	CHECK_INT(outbox_next(f.store, row.expires, &row), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_expire(f.store, (wall_t){ row.expires.ms - 1 })), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_expire(f.store, row.expires)), 2);
	CHECK(get(&f, low).state == OUTBOX_EXPIRED && get(&f, first).state == OUTBOX_SENDING);
	tear_down(&f);
}

TEST(recovery_is_by_line)
{
	struct fixture f;
	int64_t a = add((set_up(&f), &f), "a"), b = add(&f, "b");

	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, a, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, b, "m2", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_recover(f.store, "m3", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_recover(f.store, "m2", now)), 1);
	CHECK(get(&f, a).state == OUTBOX_SENDING && get(&f, b).state == OUTBOX_UNKNOWN);
	/* After a crash nothing goes back to the queue in silence. */
	crash(&f);
	CHECK_INT(get(&f, a).state, OUTBOX_SENDING);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_recover(f.store, NULL, now)), 1);
	CHECK_INT(get(&f, a).state, OUTBOX_UNKNOWN);
	tear_down(&f);
}

/* A report without a row must not end an alert that nobody got: who lost a reference is told apart, or nobody is. */
TEST(a_report_is_never_guessed)
{
	struct fixture f;
	int64_t first, second, found = 0;
	const wall_t none = { 0 };

	set_up(&f);
	first = add(&f, "first");
	second = add(&f, "second");
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, first, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_recover(f.store, NULL, now)), 1);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, second, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_recover(f.store, NULL, now)), 1);
	/* Two are in doubt: it is about either. */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 9, "+22370999999", true, now, &found)), 0);
	CHECK(get(&f, first).state == OUTBOX_UNKNOWN && get(&f, second).state == OUTBOX_UNKNOWN);
	/* The first was sent again and has a reference now, but the one of its first try is still at large. */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_resolve(f.store, first, OUTBOX_QUEUED, now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 9, "+22370999999", true, now, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, first, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, first, OUTBOX_SENT, 10, 0, none, now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 9, "+22370999999", true, now, &found)), 0);
	CHECK(get(&f, second).state == OUTBOX_UNKNOWN);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 10, "+22370999999", true, now, &found)), 1);
	CHECK_INT(found, first);
	tear_down(&f);
}

TEST(reports_find_their_message)
{
	struct fixture f;
	int64_t old, new, other, found = 0, week = 7 * 24 * 3600 * 1000LL;
	const wall_t none = { 0 };

	set_up(&f);
	old = add(&f, "old");
	new = add(&f, "new");
	other = add(&f, "other");
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, old, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, old, OUTBOX_SENT, 7, 0, none, now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, new, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, new, OUTBOX_SENT, 7, 0, none, (wall_t){ now.ms + 5 })), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m2", 7, "+22370999999", true, now, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 8, "+22370999999", true, now, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "+22370999998", true, now, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "", true, now, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "999999", true, now, &found)), 0);
	/* TP-MR comes round: what is older than a week is not meant. */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "+22370999999", true,
	    (wall_t){ now.ms + week + 6 }, &found)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "70999999", true, now, &found)), 1);
	CHECK_INT(found, new);
	CHECK(get(&f, new).state == OUTBOX_DELIVERED && get(&f, old).state == OUTBOX_SENT);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 7, "0022370999999", false, now, &found)), 1);
	CHECK(found == old && get(&f, old).state == OUTBOX_FAILED);
	/* A doubtful one lost its reference; the report settles it, also when it says "not delivered". */
	CHECK_INT(IN_TRANSACTION(f.store, outbox_sending(f.store, other, "m1", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_outcome(f.store, other, OUTBOX_UNKNOWN, -1, 0, none, now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_report(f.store, "m1", 99, "+22370999999", false, now, &found)), 1);
	CHECK(found == other && get(&f, other).state == OUTBOX_FAILED);
	tear_down(&f);
}

TEST(cancelling_and_proof_are_for_one_incident)
{
	struct fixture f;
	int64_t a = row_in((set_up(&f), &f), OUTBOX_QUEUED, "a"), b = row_in(&f, OUTBOX_QUEUED, "b"),
	    c = row_in(&f, OUTBOX_UNKNOWN, "c");

	CHECK_INT(IN_TRANSACTION(f.store, outbox_cancel(f.store, get(&f, a).incident, "someone", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_cancel(f.store, get(&f, a).incident, NULL, now)), 1);
	CHECK(get(&f, a).state == OUTBOX_CANCELLED && get(&f, b).state == OUTBOX_QUEUED);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_proved(f.store, get(&f, c).incident, "someone", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_proved(f.store, get(&f, b).incident, "kouro", now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_proved(f.store, get(&f, c).incident, "kouro", now)), 1);
	CHECK_INT(get(&f, c).state, OUTBOX_SENT);
	tear_down(&f);
}

TEST(lists_and_counts)
{
	struct fixture f;
	struct outbox_row rows[10];
	struct outbox_counts counts;
	char intent[8];

	set_up(&f);
	CHECK_INT(outbox_count(f.store, &counts), 0);
	CHECK_INT(counts.oldest_p1.ms, 0);
	for (int state = 7; state >= 0; state--) {	/* the queued one last: expiring takes all that are queued */
		snprintf(intent, sizeof(intent), "i%d", state);
		row_in(&f, state, intent);
	}
	CHECK_INT(outbox_count(f.store, &counts), 0);
	for (int state = 0; state < 8; state++)
		CHECK_INT(counts.by_state[state], 1);
	CHECK_INT(counts.oldest_p1.ms, 1000);
	CHECK_INT(outbox_list(f.store, 0, 0, rows, 10), 8);
	CHECK(rows[0].id > rows[1].id);
	CHECK_INT(outbox_list(f.store, 0, rows[2].id, rows, 10), 5);
	CHECK_INT(outbox_list(f.store, rows[0].incident, 0, rows, 10), 1);
	tear_down(&f);
}

TEST(nothing_readable_and_purge)
{
	struct fixture f;
	int64_t sent = row_in((set_up(&f), &f), OUTBOX_DELIVERED, "a"), queued = row_in(&f, OUTBOX_QUEUED, "b"),
	    unknown = row_in(&f, OUTBOX_UNKNOWN, "c");

	CHECK(dir_holds(f.dir, "kouro"));
	CHECK(!dir_holds(f.dir, "70999999"));
	CHECK(!dir_holds(f.dir, "CANARI"));
	restart(&f);
	CHECK(dir_holds(f.dir, "kouro"));
	CHECK(!dir_holds(f.dir, "70999999"));
	CHECK(!dir_holds(f.dir, "CANARI"));
	CHECK_INT(IN_TRANSACTION(f.store, outbox_purge(f.store, now)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, outbox_purge(f.store, (wall_t){ now.ms + 1 })), 1);
	CHECK(get(&f, sent).dest[0] == '\0' && get(&f, sent).text[0] == '\0');
	CHECK(get(&f, queued).dest[0] != '\0' && get(&f, unknown).text[0] != '\0');
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(round_trip), TEST_ROW(refuses_what_cannot_be_sent), TEST_ROW(every_step_from_every_state),
    TEST_ROW(sql_itself_knows_the_edges), TEST_ROW(refused_outcomes), TEST_ROW(what_the_steps_write),
    TEST_ROW(a_clock_that_jumps_takes_along_what_waits),
    TEST_ROW(the_most_urgent_first_and_none_that_is_stale), TEST_ROW(recovery_is_by_line),
    TEST_ROW(a_report_is_never_guessed), TEST_ROW(reports_find_their_message),
    TEST_ROW(cancelling_and_proof_are_for_one_incident), TEST_ROW(lists_and_counts),
    TEST_ROW(nothing_readable_and_purge))
