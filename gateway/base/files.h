/* Reading whole small files and sorted directory listings, with ceilings. */
#ifndef TOCSIN_FILES_H
#define TOCSIN_FILES_H

#include <stddef.h>

#include "base/buf.h"

/* Appends the whole file to out (whose ceiling is the limit). -1: errno set; EFBIG when over the ceiling. */
int	file_read(const char *path, struct buf *out);

/*
 * The regular files of dir whose names end in suffix and do not start with a dot, as paths,
 * in byte order of the name; at most 1,000 (E2BIG). -1: errno set. Caller frees with file_list_free().
 */
int	file_list(const char *dir, const char *suffix, char ***paths, size_t *n);
void	file_list_free(char **paths, size_t n);

/* Writes a temporary file beside path, syncs it, renames it over path, syncs the directory. -1: errno set. */
int	file_replace(const char *path, const void *bytes, size_t len, int mode);

#endif
