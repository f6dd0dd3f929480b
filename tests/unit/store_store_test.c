/* Opening, locking, transactions, failing disks, and the life in memory. */
#include "unit/store_fixture.h"

TEST(opens_and_counts_syncs)
{
	struct fixture f;
	struct inbox_row row = a_message(100000);
	int64_t id = 0;
	long before;

	disk_install();
	set_up(&f);
	CHECK_MSG(f.note == NULL, "note: %s", f.note);
	before = disk.syncs;
	CHECK_INT(store_begin(f.store), 0);
	CHECK_INT(add_message(f.store, &row, 1, &id), 1);
	CHECK_INT(audit_add(f.store, row.received, "system", "inbox.stored", "inbox:1", "{}"), 0);
	CHECK_INT(store_commit(f.store), 0);
	CHECK(disk.syncs > before);
	tear_down(&f);
}

TEST_MAIN(TEST_ROW(opens_and_counts_syncs))
