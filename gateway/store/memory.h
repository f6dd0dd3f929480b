/* The store without a disk: what comes along into memory, and the way back. Private to store/. */
#ifndef TOCSIN_MEMORY_H
#define TOCSIN_MEMORY_H

#include "store/inside.h"

/*
 * An empty database in memory, filled with what "disk" (may be NULL) can still give: what is open, waiting or unsent, and what
 * was seen lately, so that a repeated message is known. NULL only without memory.
 */
struct sql_db	*memory_new(struct sql_db *disk);
/*
 * Brings all rows of st->db to the disk in one transaction, its audit rows onto the end of the disk's chain.
 * 0, or -1 with sql_fault(disk) and nothing changed.
 */
int		 memory_bring_back(struct store *, struct sql_db *disk, bool new_database);

#endif
