/* When nobody may be texted back: a ringing phone, or an SMS found on it, can kill. */
#ifndef TOCSIN_SILENCE_H
#define TOCSIN_SILENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of a reporter and of the message that could be answered. */
struct silence_query {
	bool	 number;	/* it came from an ordinary phone number: no name, no short code */
	bool	 enrolled, opted_in;
	bool	 stopped;	/* said STOP */
	bool	 silent;	/* he, his village or his area is to be left alone */
	bool	 shared;	/* others use the phone */
	bool	 duress;
	bool	 hiding;	/* reported within 12 h, now included, what people hide from: silence_hides() */
	bool	 flood;		/* more messages come than people could have meant */
	int	 local_min;	/* minutes since local midnight */
	bool	 replied;	/* was ever sent a reply, */
	int64_t	 replied_ms;	/* so long ago */
	uint32_t age_min;	/* of the message */
};

enum silence {
	SILENCE_NONE,		/* he may be texted */
	SILENCE_NO_NUMBER, SILENCE_UNKNOWN, SILENCE_NOT_OPTED_IN, SILENCE_STOPPED, SILENCE_SILENT, SILENCE_SHARED,
	SILENCE_DURESS, SILENCE_HIDING, SILENCE_NIGHT, SILENCE_RECENT, SILENCE_FLOOD, SILENCE_OLD,
};

#define SILENCE_HIDING_MS	INT64_C(43200000)	/* 12 h */
#define SILENCE_RECENT_MS	INT64_C(3600000)
#define SILENCE_OLD_MIN		60u
#define SILENCE_NIGHT_MIN	(20 * 60)	/* from 20:00 */
#define SILENCE_DAY_MIN		(7 * 60)	/* until 07:00 */

/* The first reason to be silent (practice brief 3.4), in the order of the enum. Default is silence: every doubt is a reason. */
enum silence	silence_rule(const struct silence_query *);
const char	*silence_name(enum silence);	/* a few words for the audit and for people; constant */

/* Whether one of a comma-separated list of categories is one that people hide from: ATK, ABD, AIR, ABU, GBV, SOS. */
bool	silence_hides(const char *codes);

#endif
