/* What a responder's SMS orders: OK 4071KT, GO 4071KT 20, NON … in French and English. */
#ifndef TOCSIN_COMMAND_H
#define TOCSIN_COMMAND_H

#include "logic/types.h"

enum verb {
	VERB_NONE,	/* not a command: a report, or a text for the duty desk */
	VERB_OK, VERB_GO, VERB_NO, VERB_SITE, VERB_END, VERB_FALSE, VERB_HELP, VERB_SOS,
	VERB_POSITION, VERB_AVAILABLE, VERB_ABSENT, VERB_TAKEN, VERB_STOP,
	VERB_VALIDATE, VERB_HOLD, VERB_WITHDRAW, VERB_PLACE,	/* a duty officer's */
};

struct command {
	enum verb verb;
	bool	 has_number;
	uint16_t number;	/* 4 digits of the alert */
	char	 letters[3];	/* 2 letters of the recipient, upper case; empty when not given */
	bool	 has_minutes;
	uint16_t minutes;	/* GO: ETA */
	char	 place[64];	/* PLACE: what is to be looked up, folded */
	char	 outcome;	/* END: one of R T N F D X O C, 0 when not given */
};

/*
 * Grammar of brief 3.7, tolerant: any case, accents folded, "ok4071kt", "OK 4071 KT", "1 4071KT", "OK n 4071KT",
 * letters and digits confused where only one is possible (O/0, I/1, L/1 in the digits).
 *
 * A text that could be a report is a report (DNH-35), since a report taken for a command is an alarm lost: VERB_NONE unless
 * the text begins with a verb and then holds an alert number with its letters, or nothing but what this verb takes
 * (minutes, outcome, the verb again, a word of courtesy). "ok ils attaquent", "1 mort a Boni", "non non ils tirent" are
 * reports. A verb that is a digit needs the whole number, or stands alone. STOP stands alone, or with "sms".
 */
void	 command_parse(const char *utf8, size_t len, struct command *);
const char *command_verb_name(enum verb);	/* "OK", for the audit; constant */
/* Two letters that can stand behind an alert's number: consonants, and no abbreviation a note could begin with (KM, MN). */
bool	 command_letters_fit(const char letters[3]);

#endif
