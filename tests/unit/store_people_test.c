/* Pseudonyms: first seen, last seen, how often, and STOP. */
#include "unit/store_fixture.h"

TEST(counts_and_stops)
{
	struct fixture f;
	struct person p;
	uint8_t who[16] = { 9 };

	set_up(&f);
	CHECK_INT(people_get(f.store, who, &p), 0);
	CHECK_INT(people_seen(f.store, who, (wall_t){ 5 }), -1);	/* outside a transaction */
	CHECK_INT(store_fault(f.store), STORE_MISUSE);
	CHECK_INT(IN_TRANSACTION(f.store, people_seen(f.store, who, (wall_t){ 5000 })), 0);
	CHECK_INT(IN_TRANSACTION(f.store, people_seen(f.store, who, (wall_t){ 7000 })), 0);
	/* A clock that went back moves neither end inward. */
	CHECK_INT(IN_TRANSACTION(f.store, people_seen(f.store, who, (wall_t){ 6000 })), 0);
	CHECK_INT(people_get(f.store, who, &p), 1);
	CHECK_INT(p.first.ms, 5000);
	CHECK_INT(p.last.ms, 7000);
	CHECK_INT(p.messages, 3);
	CHECK(!p.stopped);
	CHECK(memcmp(p.pseudonym, who, sizeof(who)) == 0);
	CHECK_INT(IN_TRANSACTION(f.store, people_stop(f.store, who, true)), 0);
	restart(&f);
	CHECK_INT(people_get(f.store, who, &p), 1);
	CHECK(p.stopped && p.messages == 3);
	CHECK_INT(IN_TRANSACTION(f.store, people_stop(f.store, who, false)), 0);
	CHECK(people_get(f.store, who, &p) == 1 && !p.stopped);
	tear_down(&f);
}

TEST(stop_before_any_message)
{
	struct fixture f;
	struct person p;
	uint8_t who[16] = { 4 };

	set_up(&f);
	CHECK_INT(IN_TRANSACTION(f.store, people_stop(f.store, who, true)), 0);
	CHECK(people_get(f.store, who, &p) == 1 && p.stopped && p.messages == 0);
	CHECK_INT(IN_TRANSACTION(f.store, people_seen(f.store, who, (wall_t){ 7000 })), 0);
	CHECK_INT(people_get(f.store, who, &p), 1);
	CHECK(p.stopped && p.messages == 1);
	CHECK_INT(p.first.ms, 7000);
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(counts_and_stops), TEST_ROW(stop_before_any_message))
