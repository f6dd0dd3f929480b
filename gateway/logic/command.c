/* Reads a responder's SMS as a command, or leaves it to be a report. */
#include "logic/command.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "logic/coordinates.h"
#include "logic/normalize.h"

/*
 * The steps, on the folded text cut into words:
 *
 *  1 the first word is a verb, or a verb with its number glued to it ("ok4071kt"); else no command
 *  2 the same verb again, and words that announce a number ("n", "numero"), are skipped
 *  3 an alert number: four digits and two letters, together or apart
 *  4 what this verb takes: minutes, an outcome
 *  5 what is left: nothing or courtesy is fine; a note is fine behind a certain number; else no command
 */

#define LOOK_MAX	320	/* bytes of the text that are looked at: two SMS; the rest can only be a note */
#define WORDS_MAX	64
#define MINUTES_MAX	1440

struct word {
	char	 s[16];		/* folded, lower case; longer words are cut: none of ours is so long */
	size_t	 len;
	size_t	 at;		/* bytes of the folded text */
};

struct words {
	size_t	 n, i;			/* i: the next to be read */
	struct word v[WORDS_MAX + 2];	/* glued words are cut: the verb's and the number's */
};

enum verb_traits {
	TAKES_MINUTES = 1 << 0,
	TAKES_OUTCOME = 1 << 1,
	IS_DIGIT = 1 << 2,	/* "1 mort": needs the whole number, or nothing at all */
	TAKES_GRID = 1 << 3,
	TAKES_NO_NUMBER = 1 << 4,
	TAKES_NO_WORDS = 1 << 5,	/* what it does cannot be taken back by the sender */
	NEEDS_NUMBER = 1 << 6,	/* decides over others: never guessed which */
	TAKES_PLACE = 1 << 7,	/* all words behind the number; at least one */
};

struct spelling {
	const char *word;
	enum verb verb;
	unsigned traits;
};

static const struct spelling spellings[] = {
	{ "ok", VERB_OK, 0 },
	{ "okay", VERB_OK, 0 },
	{ "okey", VERB_OK, 0 },
	{ "1", VERB_OK, IS_DIGIT },
	{ "go", VERB_GO, TAKES_MINUTES },
	{ "2", VERB_GO, TAKES_MINUTES | IS_DIGIT },
	{ "non", VERB_NO, 0 },
	{ "no", VERB_NO, 0 },
	{ "3", VERB_NO, IS_DIGIT },
	{ "sur", VERB_SITE, 0 },
	{ "site", VERB_SITE, 0 },
	{ "4", VERB_SITE, IS_DIGIT },
	{ "fin", VERB_END, TAKES_OUTCOME },
	{ "end", VERB_END, TAKES_OUTCOME },
	{ "5", VERB_END, TAKES_OUTCOME | IS_DIGIT },
	{ "faux", VERB_FALSE, 0 },
	{ "false", VERB_FALSE, 0 },
	{ "aide", VERB_HELP, 0 },
	{ "help", VERB_HELP, 0 },
	{ "?", VERB_HELP, 0 },
	{ "sos", VERB_SOS, 0 },
	{ "pos", VERB_POSITION, TAKES_GRID },
	{ "position", VERB_POSITION, TAKES_GRID },
	{ "dispo", VERB_AVAILABLE, TAKES_NO_NUMBER },
	{ "disponible", VERB_AVAILABLE, TAKES_NO_NUMBER },
	{ "available", VERB_AVAILABLE, TAKES_NO_NUMBER },
	{ "abs", VERB_ABSENT, TAKES_NO_NUMBER },
	{ "absent", VERB_ABSENT, TAKES_NO_NUMBER },
	{ "pris", VERB_TAKEN, TAKES_NO_NUMBER },
	{ "taken", VERB_TAKEN, TAKES_NO_NUMBER },
	{ "val", VERB_VALIDATE, NEEDS_NUMBER },
	{ "valider", VERB_VALIDATE, NEEDS_NUMBER },
	{ "valide", VERB_VALIDATE, NEEDS_NUMBER },
	{ "validate", VERB_VALIDATE, NEEDS_NUMBER },
	{ "tenir", VERB_HOLD, NEEDS_NUMBER },
	{ "hold", VERB_HOLD, NEEDS_NUMBER },
	{ "annuler", VERB_WITHDRAW, NEEDS_NUMBER },
	{ "annule", VERB_WITHDRAW, NEEDS_NUMBER },
	{ "withdraw", VERB_WITHDRAW, NEEDS_NUMBER },
	{ "lieu", VERB_PLACE, NEEDS_NUMBER | TAKES_PLACE },
	{ "place", VERB_PLACE, NEEDS_NUMBER | TAKES_PLACE },
	{ "stop", VERB_STOP, TAKES_NO_NUMBER | TAKES_NO_WORDS },
	{ "arret", VERB_STOP, TAKES_NO_NUMBER | TAKES_NO_WORDS },
	{ "bo", VERB_STOP, TAKES_NO_NUMBER | TAKES_NO_WORDS },
};

static const char *const verb_names[] = {
	[VERB_NONE] = "-", [VERB_OK] = "OK", [VERB_GO] = "GO", [VERB_NO] = "NO", [VERB_SITE] = "SITE",
	[VERB_END] = "END", [VERB_FALSE] = "FALSE", [VERB_HELP] = "HELP", [VERB_SOS] = "SOS",
	[VERB_POSITION] = "POSITION", [VERB_AVAILABLE] = "AVAILABLE", [VERB_ABSENT] = "ABSENT",
	[VERB_TAKEN] = "TAKEN", [VERB_STOP] = "STOP", [VERB_VALIDATE] = "VALIDATE", [VERB_HOLD] = "HOLD", [VERB_PLACE] = "PLACE",
	[VERB_WITHDRAW] = "WITHDRAW",
};

/* Words that say nothing else about the world; each list ends with NULL. */
static const char *const courtesy[] = { "bien", "recu", "merci", "chef", "compris", "note", "d", "accord", "svp",
	"place", "thanks", "thank", "you", "received", "roger", "copy", "noted", "please", "sir", NULL };
static const char *const with_stop[] = { "sms", NULL };
static const char *const announce[] = { "n", "n\u00b0", "n\u00ba", "nr", "num", "numero", "number", NULL };
static const char *const before_minutes[] = { "dans", "ds", "in", "eta", "environ", "env", NULL };
static const char *const units[] = { "m", "mn", "min", "mins", "minute", "minutes", NULL };
static const char *const hours[] = { "h", "heure", "heures", "hour", "hours", NULL };
/* Two consonants that stand for a word: "fin 2019 ds le village" names no alert. */
static const char *const abbreviations[] = { "cf", "cm", "ds", "fc", "fr", "fs", "gr", "kg", "km", "lt", "mn", "mt",
	"nb", "nd", "ns", "pm", "pr", "rv", "ss", "st", "th", "ts", "tt", "vs", NULL };

#define LETTERS		"bcdfghjklmnpqrstvwxz"	/* of alert numbers: no vowels, no words */
#define OUTCOMES	"rtnfdxoc"

const char *
command_verb_name(enum verb v)
{
	return (size_t)v < sizeof(verb_names) / sizeof(verb_names[0]) ? verb_names[v] : "-";
}

/* ---- words ------------------------------------------------------------------------------ */

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void
split(const char *folded, struct words *w)
{
	size_t i = 0;

	memset(w, 0, sizeof(*w));
	while (folded[i] != '\0' && w->n < WORDS_MAX) {
		struct word *word = &w->v[w->n];

		word->len = 0;
		word->at = i;
		while (is_word_byte(folded[i])) {
			if (word->len < sizeof(word->s) - 1)
				word->s[word->len++] = folded[i];
			i++;
		}
		/* A question mark is a word when it begins the text: "?" asks for help. */
		if (word->len == 0 && w->n == 0 && folded[i] == '?')
			word->s[word->len++] = '?';
		word->s[word->len] = '\0';
		w->n += word->len > 0;
		if (folded[i] != '\0' && !is_word_byte(folded[i]))
			i++;
	}
}

static bool
in_list(const char *const *list, const char *s)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

static const struct word *
peek(const struct words *w)
{
	static const struct word none;

	return w->i < w->n ? &w->v[w->i] : &none;
}

static const struct spelling *
find_spelling(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strlen(spellings[i].word) == len && memcmp(spellings[i].word, s, len) == 0)
			return &spellings[i];
	return NULL;
}

static size_t
count_digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* Cuts the word that is next into two. */
static void
cut(struct words *w, size_t len)
{
	struct word *a = &w->v[w->i];
	struct word rest = { .len = a->len - len, .at = a->at + len };

	memcpy(rest.s, a->s + len, rest.len + 1);
	a->s[len] = '\0';
	a->len = len;
	memmove(a + 2, a + 1, (w->n - w->i - 1) * sizeof(*a));
	a[1] = rest;
	w->n++;
}

/* ---- the alert number ---------------------------------------------------------------------- */

static char
as_digit(char c)
{
	if (c == 'o')
		return '0';
	return c == 'i' || c == 'l' ? '1' : c;
}

static uint16_t
value(const char *digits, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (unsigned)(as_digit(digits[i]) - '0');
	return (uint16_t)v;
}

/* "4071kt", "4o71kt": four digits, of which two are surely some, and two letters. */
static bool
is_whole_number(const char *s, size_t len)
{
	size_t sure = 0;

	if (len < 6 || !islower((unsigned char)s[4]) || !islower((unsigned char)s[5]))
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)as_digit(s[i])))
			return false;
		sure += isdigit((unsigned char)s[i]) != 0;
	}
	return sure >= 2 && (len == 6 || (len <= 9 && count_digits(s + 6) == len - 6));
}

static void
set_letters(struct command *c, const char *s)
{
	c->letters[0] = (char)toupper((unsigned char)s[0]);
	c->letters[1] = (char)toupper((unsigned char)s[1]);
	c->letters[2] = '\0';
}

enum certainty { NO_NUMBER, DOUBTFUL_NUMBER, CERTAIN_NUMBER };

static enum certainty
letters_certainty(const char *s)
{
	return strspn(s, LETTERS) >= 2 && !in_list(abbreviations, s) ? CERTAIN_NUMBER : DOUBTFUL_NUMBER;
}

bool
command_letters_fit(const char letters[3])
{
	char s[3] = { (char)tolower((unsigned char)letters[0]), (char)tolower((unsigned char)letters[1]), '\0' };

	return letters_certainty(s) == CERTAIN_NUMBER;
}

static enum certainty
read_number(struct words *w, struct command *c)
{
	const struct word *a = peek(w);

	if (is_whole_number(a->s, a->len)) {
		if (a->len > 6)
			cut(w, 6);	/* "4071kt20" */
		c->has_number = true;
		c->number = value(a->s, 4);
		set_letters(c, a->s + 4);
		w->i++;
		return letters_certainty(a->s + 4);
	}
	if (a->len != 4 || count_digits(a->s) != 4)
		return NO_NUMBER;
	c->has_number = true;
	c->number = value(a->s, 4);
	w->i++;
	a = peek(w);
	if (a->len != 2 || strspn(a->s, LETTERS) != 2)
		return DOUBTFUL_NUMBER;
	set_letters(c, a->s);
	w->i++;
	return letters_certainty(a->s);
}

/* ---- what a verb takes ------------------------------------------------------------------------ */

/* The unit behind a number of minutes, glued or not; 0: something else stands there. */
static unsigned
read_unit(struct words *w, size_t digits)
{
	const struct word *a = peek(w);
	const char *unit = a->s + digits;
	unsigned factor = 1;

	if (*unit == '\0') {
		w->i++;
		unit = peek(w)->s;
		if (!in_list(units, unit) && !in_list(hours, unit))
			return 1;
	}
	if (in_list(hours, unit))
		factor = 60;
	else if (!in_list(units, unit))
		return 0;
	w->i++;
	return factor;
}

/* "20", "20 min", "dans 20mn", "1h30" */
static void
read_minutes(struct words *w, struct command *c)
{
	size_t start = w->i, digits;
	const struct word *a;
	unsigned v, factor;

	while (in_list(before_minutes, peek(w)->s))
		w->i++;
	a = peek(w);
	digits = count_digits(a->s);
	if (digits == 0 || digits > 3) {
		w->i = start;
		return;
	}
	v = value(a->s, digits);
	if (a->s[digits] == 'h' && count_digits(a->s + digits + 1) == 2 && a->len == digits + 3) {
		v = v * 60 + value(a->s + digits + 1, 2);
		w->i++;
	} else {
		factor = read_unit(w, digits);
		if (factor == 0) {
			w->i = start;
			return;
		}
		v *= factor;
	}
	c->has_minutes = true;
	c->minutes = (uint16_t)(v < MINUTES_MAX ? v : MINUTES_MAX);
}

static void
read_outcome(struct words *w, struct command *c)
{
	const struct word *a = peek(w);
	char o = a->s[0] == '0' ? 'o' : a->s[0];

	if (a->len != 1 || strchr(OUTCOMES, o) == NULL)
		return;
	c->outcome = (char)toupper((unsigned char)o);
	w->i++;
}

/* Nothing but courtesy until the end? */
static bool
only_courtesy(struct words *w, const struct spelling *verb)
{
	for (; w->i < w->n; w->i++) {
		const struct word *a = peek(w);
		const struct spelling *again = find_spelling(a->s, a->len);

		if (again != NULL && again->verb == verb->verb && (again->traits & IS_DIGIT) == 0)
			continue;
		if (!in_list(verb->traits & TAKES_NO_WORDS ? with_stop : courtesy, a->s))
			return false;
	}
	return true;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

/* The verb at the beginning; glued to its number it is cut off: "ok4071kt", "14071kt". */
static const struct spelling *
read_verb(struct words *w)
{
	const struct word *a = peek(w);
	const struct spelling *s = find_spelling(a->s, a->len);

	for (size_t n = 1; s == NULL && n < a->len; n++)
		if (find_spelling(a->s, n) != NULL && is_whole_number(a->s + n, a->len - n)) {
			cut(w, n);
			s = find_spelling(a->s, a->len);
		}
	w->i++;
	return s;
}

static void
skip_announcement(struct words *w, const struct spelling *verb)
{
	for (; w->i < w->n; w->i++) {
		const struct word *a = peek(w);
		const struct spelling *again = find_spelling(a->s, a->len);

		if (!in_list(announce, a->s) && (again == NULL || again->verb != verb->verb || again->traits & IS_DIGIT))
			return;
	}
}

static bool
takes_rest(struct words *w, const struct spelling *verb, enum certainty number, const char *folded)
{
	struct coordinates at;
	const struct word *rest = peek(w);

	if (verb->traits & TAKES_GRID && number == NO_NUMBER && rest->len > 0)
		return coordinates_find(folded + rest->at, strlen(folded + rest->at), &at);
	if (verb->traits & TAKES_NO_NUMBER && number != NO_NUMBER)
		return false;
	if (verb->traits & NEEDS_NUMBER)
		return number == CERTAIN_NUMBER;
	if (verb->traits & IS_DIGIT && number != CERTAIN_NUMBER && w->n > 1)
		return false;
	return number == CERTAIN_NUMBER || only_courtesy(w, verb);
}

static void
parse_words(struct words *w, const char *folded, struct command *c)
{
	const struct spelling *verb = read_verb(w);
	enum certainty number;

	if (verb == NULL)
		return;
	skip_announcement(w, verb);
	number = read_number(w, c);
	if (verb->traits & TAKES_MINUTES)
		read_minutes(w, c);
	if (verb->traits & TAKES_OUTCOME)
		read_outcome(w, c);
	if (verb->traits & TAKES_PLACE) {
		if (peek(w)->len == 0)
			return;
		/* A minus sign before a coordinate is no part of its word. */
		snprintf(c->place, sizeof(c->place), "%s%.60s", peek(w)->at > 0 && folded[peek(w)->at - 1] == '-' ? "-" : "",
		    folded + peek(w)->at);
	}
	if (takes_rest(w, verb, number, folded))
		c->verb = verb->verb;
}

void
command_parse(const char *utf8, size_t len, struct command *c)
{
	char folded[LOOK_MAX * 3 + 1];
	struct words w;

	memset(c, 0, sizeof(*c));
	if (len > LOOK_MAX)
		len = LOOK_MAX;
	if (normalize_fold(utf8, len, folded, sizeof(folded)) <= 0)
		return;
	split(folded, &w);
	parse_words(&w, folded, c);
	if (c->verb == VERB_NONE)
		memset(c, 0, sizeof(*c));
}
