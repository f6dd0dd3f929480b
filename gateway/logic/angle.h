/* One latitude or longitude as people write it: degrees, minutes, seconds, and the side of the world. */
#ifndef TOCSIN_ANGLE_H
#define TOCSIN_ANGLE_H

#include "logic/scan.h"

struct angle {
	double	 deg, unit_deg;		/* the value without its sign, and what its last digit is worth */
	int	 decimals;		/* of plain degrees */
	int	 groups;		/* 1: degrees, 2: with minutes, 3: with seconds */
	char	 axis;			/* N S E W, 0: no letter says */
	bool	 weak_axis;		/* one small letter that stands apart: it may be a word */
	bool	 minus, free_minus;	/* free: nothing but a blank or punctuation before it */
	bool	 marked;		/* a real degree sign stands behind the degrees */
	bool	 comma;			/* for the decimals of plain degrees */
	size_t	 end;			/* behind it */
};

/*
 * Reads the angle that begins at "at":
 *	14.35   14,35N   N 14.35   14.35 nord   -3.61   14°21'30"N   14d21m30s N   14 21 30 N   14-21-30N   14:21.5N
 *	N14°21.5'   142130N   0033615W (degrees, minutes and seconds without anything between)
 * Degree, minute and second marks may be typographic, or words: deg d, min mn m, sec s. Groups that only blanks,
 * colons or hyphens part are minutes and seconds only beside a side of the world, or when "introduced": a
 * word like "latitude" stands before. 0, or -1: none begins there.
 */
int	angle_parse(const struct scan *, size_t at, bool introduced, struct angle *);

/* Degrees with their sign: south and west are negative. */
double	angle_signed(const struct angle *);

#define ANGLE_SIZE	24

/* 14d03'50.4"N, to a tenth of a second, without any character that an SMS cannot carry; axis "NS" or "EW". */
void	angle_print(double deg, const char *axis, char out[ANGLE_SIZE]);

#endif
