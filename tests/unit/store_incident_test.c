/* Incidents, what was joined into them, who was told and who answered. */
#include "unit/store_fixture.h"

static struct incident
add(struct fixture *f)
{
	struct incident in = an_incident();

	CHECK_INT(IN_TRANSACTION(f->store, incident_add(f->store, &in)), 0);
	return in;
}

static struct incident
get(struct fixture *f, int64_t id)
{
	struct incident in;

	CHECK_INT(incident_get(f->store, id, &in), 1);
	return in;
}

static void
close_it(struct fixture *f, int64_t id)
{
	struct incident in = get(f, id);

	in.state = INCIDENT_CLOSED;
	CHECK_INT(IN_TRANSACTION(f->store, incident_update(f->store, &in)), 0);
}

TEST(round_trip)
{
	struct fixture f;
	struct incident a, b;

	set_up(&f);
	a = an_incident();
	a.n_tags = 2;
	snprintf(a.tags[1].label_fr, sizeof(a.tags[1].label_fr), "homes arm\xc3\xa9s");
	snprintf(a.tags[1].label_en, sizeof(a.tags[1].label_en), "armed men");
	a.tags[1].count = UINT32_MAX;
	a.ambiguous = a.released = a.answered = true;
	a.reports = 3;
	a.sources = 2;
	snprintf(a.where.cercle, sizeof(a.where.cercle), "Bankass");
	snprintf(a.where.c3, sizeof(a.where.c3), "BKS");
	snprintf(a.where.region, sizeof(a.where.region), "Bandiagara");
	snprintf(a.where.country, sizeof(a.where.country), "ML");
	CHECK_INT(IN_TRANSACTION(f.store, incident_add(f.store, &a)), 0);
	CHECK(a.id > 0 && a.number >= 1000 && a.number <= 9999);
	restart(&f);
	b = get(&f, a.id);
	CHECK(b.id == a.id && b.number == a.number && b.state == INCIDENT_OPEN);
	CHECK_STR(b.headline, "ATK");
	CHECK_STR(b.codes, "ATK,WND");
	CHECK(b.priority == 1 && b.firing == FIRE_AUTO && b.released && b.located && b.ambiguous && b.answered);
	CHECK_STR(b.where.name, "Bankass");
	CHECK_STR(b.where.cercle, "Bankass");
	CHECK_STR(b.where.c3, "BKS");
	CHECK_STR(b.where.region, "Bandiagara");
	CHECK_STR(b.where.country, "ML");
	CHECK_STR(b.where.method, "name");
	CHECK(b.where.lat_deg == 14.0717 && b.where.lon_deg == -3.5165 && b.where.score == 0.75 && b.where.radius_m == 2000);
	CHECK(b.opened.ms == 5000 && b.first.ms == 4000 && b.last.ms == 4500 && b.opened_mono.ms == 77);
	CHECK(b.reports == 3 && b.sources == 2 && b.stage == STAGE_DISPATCHED && b.next_stage == STAGE_REMINDED);
	CHECK(b.due_wall.ms == 605000 && b.due_mono.ms == 600077 && b.step_ms == 600000 && b.same_boot);
	CHECK_INT(b.n_tags, 2);
	CHECK(memcmp(b.tags, a.tags, sizeof(a.tags)) == 0);
	CHECK_STR(b.pack, "2026-11-01");
	CHECK_INT(incident_get(f.store, a.id + 1, &b), 0);
	tear_down(&f);
}

TEST(update_changes_all_but_the_name)
{
	struct fixture f;
	struct incident a = (set_up(&f), add(&f)), b = a;

	b.number = 1;
	b.opened.ms = 1;
	b.priority = 2;
	b.stage = STAGE_ALL_TIERS;
	b.n_tags = 0;
	b.where.method = "coordinates";
	b.answered = true;
	CHECK_INT(IN_TRANSACTION(f.store, incident_update(f.store, &b)), 0);
	b = get(&f, a.id);
	CHECK(b.number == a.number && b.opened.ms == 5000);
	CHECK(b.priority == 2 && b.stage == STAGE_ALL_TIERS && b.n_tags == 0 && b.answered);
	CHECK_STR(b.where.method, "coordinates");
	b.id = 999;
	CHECK_INT(IN_TRANSACTION(f.store, incident_update(f.store, &b)), -1);
	b.id = a.id;
	b.priority = 5;
	CHECK_INT(IN_TRANSACTION(f.store, incident_update(f.store, &b)), -1);
	CHECK_INT(incident_add(f.store, &a), -1);	/* outside a transaction */
	tear_down(&f);
}

/* A timer keeps the boot it was armed in, whatever else of the incident changes. */
TEST(same_boot)
{
	struct fixture f;
	struct incident in;
	int64_t boot = 0;

	set_up(&f);
	in = add(&f);
	boot = store_boot(f.store);
	CHECK(boot != 0);
	restart(&f);
	CHECK_INT(store_boot(f.store), boot);
	CHECK(get(&f, in.id).same_boot);
	/* What a reboot of the machine looks like from here. */
	CHECK_INT(tamper(&f, "UPDATE incident SET boot = boot + 1"), SQLITE_OK);
	in = get(&f, in.id);
	CHECK(!in.same_boot);
	in.reports++;
	CHECK_INT(IN_TRANSACTION(f.store, incident_update(f.store, &in)), 0);
	CHECK(!get(&f, in.id).same_boot);
	in.due_mono.ms += 1000;
	CHECK_INT(IN_TRANSACTION(f.store, incident_update(f.store, &in)), 0);
	CHECK(get(&f, in.id).same_boot);
	tear_down(&f);
}

TEST(numbers_are_not_counted_and_not_shared)
{
	struct fixture f;
	struct incident in;
	static uint8_t used[10000];
	int steps_of_one = 0;
	uint16_t last = 0;

	set_up(&f);
	memset(used, 0, sizeof(used));
	for (int i = 0; i < 400; i++) {
		in = add(&f);
		CHECK_MSG(used[in.number] == 0, "number %u given twice", in.number);
		used[in.number] = 1;
		steps_of_one += in.number == last + 1;
		last = in.number;
		if (i % 2 == 0)
			close_it(&f, in.id);	/* a closed one rests */
	}
	CHECK(steps_of_one < 5);
	tear_down(&f);
}

TEST(finding_and_listing)
{
	struct fixture f;
	struct incident a = (set_up(&f), add(&f)), b = add(&f), rows[4];
	char sql[128];

	CHECK(incident_find(f.store, a.number, rows) == 1 && rows[0].id == a.id);
	close_it(&f, a.id);
	CHECK(incident_find(f.store, a.number, rows) == 1 && rows[0].state == INCIDENT_CLOSED);
	CHECK_INT(incident_find(f.store, (uint16_t)(a.number == 1000 ? 1001 : 1000), rows), 0);
	CHECK(incident_open(f.store, rows, 4) == 1 && rows[0].id == b.id);
	CHECK(incident_list(f.store, 0, rows, 4) == 2 && rows[0].id == b.id && rows[1].id == a.id);
	CHECK(incident_list(f.store, b.id, rows, 4) == 1 && rows[0].id == a.id);
	CHECK_INT(incident_list(f.store, 0, rows, 1), 1);
	/* Years later the number comes again: the open one is meant, though it be the older row. */
	snprintf(sql, sizeof(sql), "UPDATE incident SET number = %u", b.number);
	CHECK_INT(tamper(&f, sql), SQLITE_OK);
	CHECK(incident_find(f.store, b.number, rows) == 1 && rows[0].id == b.id);
	snprintf(sql, sizeof(sql), "UPDATE incident SET state = 1; UPDATE incident SET state = 0 WHERE id = %d", (int)a.id);
	CHECK_INT(tamper(&f, sql), SQLITE_OK);
	CHECK(incident_find(f.store, b.number, rows) == 1 && rows[0].id == a.id);
	/* Two open ones of one number cannot be. */
	CHECK_INT(tamper(&f, "UPDATE incident SET state = 0"), SQLITE_CONSTRAINT);
	tear_down(&f);
}

TEST(joining_counts_messages_and_senders)
{
	struct fixture f;
	struct incident in = (set_up(&f), add(&f));
	static const uint8_t a[16] = { 1 }, b[16] = { 2 }, nobody[16];
	const uint8_t *const who[] = { a, a, b, nobody };
	struct inbox_row row = a_message(1);
	int64_t id = 0;

	for (uint32_t i = 0; i < 4; i++) {
		CHECK_INT(IN_TRANSACTION(f.store, add_message(f.store, &row, i, &id)), 1);
		CHECK_INT(IN_TRANSACTION(f.store, incident_join(f.store, in.id, id, who[i], (wall_t){ 3000 + i * 1000 })), 0);
	}
	CHECK_INT(IN_TRANSACTION(f.store, incident_join(f.store, in.id, id, nobody, (wall_t){ 99000 })), 0);
	in = get(&f, in.id);
	CHECK(in.reports == 4 && in.sources == 2);
	CHECK(in.first.ms == 3000 && in.last.ms == 6000);
	CHECK(incident_has_sender(f.store, in.id, a) && incident_has_sender(f.store, in.id, b));
	CHECK(!incident_has_sender(f.store, in.id, nobody) && !incident_has_sender(f.store, in.id + 1, a));
	/* Custody first: what is not in the inbox cannot be joined, nor to what does not exist. */
	CHECK_INT(IN_TRANSACTION(f.store, incident_join(f.store, in.id, id + 1, a, (wall_t){ 1 })), -1);
	CHECK_INT(IN_TRANSACTION(f.store, incident_join(f.store, in.id + 1, id, a, (wall_t){ 1 })), -1);
	tear_down(&f);
}

TEST(letters_differ_within_an_incident)
{
	struct fixture f;
	struct incident in = (set_up(&f), add(&f));
	struct told told = { 0 }, again = { 0 }, rows[64];
	char code[16], key[3];
	static bool used[26][26];
	int n;

	memset(used, 0, sizeof(used));
	for (int i = 0; i < 60; i++) {
		snprintf(code, sizeof(code), "resp%d", i);
		CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, in.id, code, (wall_t){ 1000 + i }, &told)), 0);
		CHECK_INT(strspn(told.letters, "BCDFGHJKLMNPQRSTVWXZ"), 2);
		CHECK_MSG(!used[told.letters[0] - 'A'][told.letters[1] - 'A'], "letters %s given twice", told.letters);
		used[told.letters[0] - 'A'][told.letters[1] - 'A'] = true;
	}
	memcpy(key, told.letters, sizeof(key));
	/* Told again: the same letters, the first time. */
	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, in.id, "resp59", (wall_t){ 99999 }, &again)), 0);
	CHECK_STR(again.letters, key);
	CHECK_INT(again.told_at.ms, 1059);
	n = told_list(f.store, in.id, rows, 64);
	CHECK_INT(n, 60);
	CHECK_STR(rows[0].responder, "resp0");
	CHECK_INT(told_list(f.store, in.id, rows, 5), 5);
	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, 4711, "x", (wall_t){ 1 }, &told)), -1);
	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, in.id, "a code of 24 characters.", (wall_t){ 1 }, &told)), -1);
	tear_down(&f);
}

TEST(answers)
{
	struct fixture f;
	struct incident a = (set_up(&f), add(&f)), b = add(&f);
	struct told told, rows[4];

	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, a.id, "kouro", (wall_t){ 1000 }, &told)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, b.id, "kouro", (wall_t){ 2000 }, &told)), 0);
	CHECK_INT(IN_TRANSACTION(f.store, told_add(f.store, b.id, "other", (wall_t){ 2000 }, &told)), 0);
	CHECK_INT(told_find(f.store, a.id, "other", &told), 0);
	CHECK_INT(told_find(f.store, a.id, "kouro", &told), 1);
	CHECK(told.answer == ANSWER_NONE && told.incident == a.id);
	told.answer = ANSWER_GO;
	told.answered_at.ms = 5000;
	told.eta_min = 20;
	CHECK_INT(IN_TRANSACTION(f.store, told_answer(f.store, &told)), 0);
	restart(&f);
	CHECK_INT(told_find(f.store, a.id, "kouro", &told), 1);
	CHECK(told.answer == ANSWER_GO && told.answered_at.ms == 5000 && told.eta_min == 20 && told.told_at.ms == 1000);
	snprintf(told.responder, sizeof(told.responder), "nobody");
	CHECK_INT(IN_TRANSACTION(f.store, told_answer(f.store, &told)), -1);
	CHECK_INT(told_open(f.store, "kouro", (wall_t){ 0 }, rows, 4), 2);
	CHECK(rows[0].incident == b.id && rows[1].incident == a.id);
	CHECK_INT(told_open(f.store, "kouro", (wall_t){ 1000 }, rows, 4), 1);
	close_it(&f, b.id);
	CHECK_INT(told_open(f.store, "kouro", (wall_t){ 0 }, rows, 4), 1);
	CHECK_INT(rows[0].incident, a.id);
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(round_trip), TEST_ROW(update_changes_all_but_the_name), TEST_ROW(same_boot),
    TEST_ROW(numbers_are_not_counted_and_not_shared), TEST_ROW(finding_and_listing),
    TEST_ROW(joining_counts_messages_and_senders), TEST_ROW(letters_differ_within_an_incident), TEST_ROW(answers))
