/* Reporters: flags, village and question under a pseudonym; nothing readable on the disk; forgotten means gone. */
#include "store/reporter.h"
#include "unit/store_fixture.h"

TEST(kept_changed_and_forgotten)
{
	struct fixture f;
	struct reporter p = { .pseudonym = { 7 }, .added = { 5000 }, .opted_in = true, .language = LANG_EN, .village = "Bankass",
	    .lat_deg = 14.0775, .lon_deg = -3.51594, .asked = 17, .asked_at = { 6000 }, .choices = "14.0\t-3.0\t5\tKoro\tX\n" };
	struct reporter q, all[3];

	set_up(&f);
	CHECK_INT(reporter_get(f.store, p.pseudonym, &q), 0);
	CHECK_INT(reporter_put(f.store, &p), -1);	/* outside a transaction */
	CHECK_INT(IN_TRANSACTION(f.store, reporter_put(f.store, &p)), 0);
	restart(&f);
	CHECK_INT(reporter_get(f.store, p.pseudonym, &q), 1);
	CHECK(q.opted_in && !q.silent && !q.shared && !q.duress && q.language == LANG_EN);
	CHECK_STR(q.village, "Bankass");
	CHECK_NEAR(q.lat_deg, 14.0775, 1e-5);
	CHECK_NEAR(q.lon_deg, -3.51594, 1e-5);
	CHECK_INT(q.asked, 17);
	CHECK_INT(q.asked_at.ms, 6000);
	CHECK_STR(q.choices, p.choices);
	q.shared = true;
	q.village[0] = q.choices[0] = '\0';
	CHECK_INT(IN_TRANSACTION(f.store, reporter_put(f.store, &q)), 0);
	p = (struct reporter){ .pseudonym = { 8 } };
	CHECK_INT(IN_TRANSACTION(f.store, reporter_put(f.store, &p)), 0);
	CHECK_INT(reporter_list(f.store, all, 3), 2);
	CHECK(all[0].shared && all[0].village[0] == '\0' && all[0].choices[0] == '\0');
	CHECK(all[1].pseudonym[0] == 8 && !all[1].opted_in);
	CHECK_INT(IN_TRANSACTION(f.store, reporter_forget(f.store, q.pseudonym)), 1);
	CHECK_INT(IN_TRANSACTION(f.store, reporter_forget(f.store, q.pseudonym)), 0);
	CHECK_INT(reporter_get(f.store, q.pseudonym, &q), 0);
	CHECK_INT(reporter_list(f.store, all, 3), 1);
	tear_down(&f);
}

/* Without a disk nobody is known, so nobody is texted; and nobody can be enrolled only to be forgotten. */
TEST(in_memory_nobody_is_enrolled)
{
	struct fixture f;
	struct reporter p = { .pseudonym = { 7 }, .opted_in = true }, q;

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, reporter_put(f.store, &p)), 0);
	CHECK_INT(store_degrade(f.store), 0);
	CHECK_INT(reporter_get(f.store, p.pseudonym, &q), 0);
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(reporter_put(f.store, &p), -1);
	store_rollback(f.store);
	CHECK_INT(store_recover(f.store), 0);
	CHECK_INT(reporter_get(f.store, p.pseudonym, &q), 1);
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(kept_changed_and_forgotten), TEST_ROW(in_memory_nobody_is_enrolled))
