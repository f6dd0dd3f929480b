/* Files as people get them: plain, .gz, .xz, or a .zip that holds some. The only file that knows libarchive is unpack.c. */
#ifndef TOCSIN_UNPACK_H
#define TOCSIN_UNPACK_H

#include "base/buf.h"

/* Takes the bytes of one file inside; name is that of the member, or of the file itself. 0 to go on, -1 to stop. */
typedef int unpack_take(void *, const char *name, const char *bytes, size_t len);

/*
 * Gives each file in path to "take", unpacked and whole: the file itself, or every member of an archive but those that only
 * explain it (readme…). -1 with a sentence in why (at most size bytes): cannot be read, damaged, more than max bytes inside.
 */
int	unpack(const char *path, size_t max, unpack_take *take, void *arg, char *why, size_t size);

#endif
