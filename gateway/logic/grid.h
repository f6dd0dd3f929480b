/* Grid references in a text: MGRS and UTM. */
#ifndef TOCSIN_GRID_H
#define TOCSIN_GRID_H

#include "logic/coordinates.h"
#include "logic/scan.h"

/*
 * Those that begin at "at". What has the shape of a reference but cannot be one (a wrong band letter, an odd
 * number of digits, halves of different length) is true with COORDINATES_IMPOSSIBLE. A UTM zone without a letter is
 * northern; "S" is band S when the northing lies in it, else the southern hemisphere.
 */
bool	grid_find(const struct scan *, size_t at, struct coordinates *);

#endif
