/* Plus codes, as map apps on phones show them: "8FVC9G8F+6X", or "3W88+MM Koro" beside a town. */
#ifndef TOCSIN_PLUSCODE_H
#define TOCSIN_PLUSCODE_H

#include <stdbool.h>
#include <stddef.h>

#define PLUSCODE_DIGITS	10

struct pluscode {
	size_t	 start, end;		/* bytes of the text [start, end) */
	size_t	 missing;		/* leading digits left out: 0, 2 or 4; a place nearby must supply them */
	unsigned char digit[PLUSCODE_DIGITS];	/* 0-19; those that are missing are 0 */
};

/*
 * The first plus code in a text (Open Location Code 1.0: eight digits or the last six or four of them, "+",
 * two or three more; a third one is read over). Codes padded with zeros name areas, not points, and are left alone.
 */
bool	pluscode_find(const char *utf8, size_t len, struct pluscode *);
/* The one that begins exactly there. */
bool	pluscode_at(const char *utf8, size_t len, size_t at, struct pluscode *);

/* The centre of the code's square (about 14 m), the one nearest to the reference when digits are missing. Degrees. */
void	pluscode_resolve(const struct pluscode *, double ref_lat_deg, double ref_lon_deg, double *lat_deg, double *lon_deg);

#define PLUSCODE_SIZE	12

/* The code of ten digits, "8FVC9G8F+6X". 0, or -1: no such point. */
int	pluscode_print(double lat_deg, double lon_deg, char out[PLUSCODE_SIZE]);

#endif
