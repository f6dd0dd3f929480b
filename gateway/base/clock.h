/* The only place that asks for the time; everything else is handed a struct now. */
#ifndef TOCSIN_CLOCK_H
#define TOCSIN_CLOCK_H

#include <stdint.h>

/*
 * Two kinds of time that must never be mixed, so they are two types.
 * wall_t may jump (GSM time, dead RTC, an admin's date command); it is what
 * is stored and shown. mono_t never jumps and counts suspend too
 * (CLOCK_BOOTTIME); it is what waits are computed from within one boot.
 */
typedef struct { int64_t ms; } wall_t;	/* milliseconds since 1970-01-01 UTC */
typedef struct { int64_t ms; } mono_t;	/* milliseconds since boot */

struct now {
	wall_t	wall;
	mono_t	mono;
};

struct now	clock_now(void);

#define CLOCK_TEXT_SIZE	32

/* "2026-11-23T14:05:09Z" into out (CLOCK_TEXT_SIZE bytes); "-" when ms is 0. Returns out. */
char	*clock_text(wall_t, char *out);

/*
 * Whole days from 1970-01-01 to a proleptic Gregorian date (month 1-12);
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil).
 */
int64_t	clock_days(int year, int month, int day);

#endif
