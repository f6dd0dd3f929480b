/* The nouns: a message's text, what it was understood as, where, and who is told. Read this first. */
#ifndef TOCSIN_TYPES_H
#define TOCSIN_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/*
 * An SMS becomes a *text* (normalize), the text a *verdict* (classify: which
 * categories, how urgent, by which rules) and a *geotag* (where, how sure). Verdict and
 * geotag together are a *report*; reports of one event are one *incident* (correlate);
 * an incident is routed to *responders* (route), each of whom gets an SMS made from
 * controlled words only (render) and answers with a *command*.
 */

enum language { LANG_FR, LANG_EN };

/* ---- categories: declared in the rules, first declared = highest rank in headlines ---- */

#define CATEGORIES_MAX	32	/* so that a set of categories is one uint32_t */
#define CODE_SIZE	8	/* "ATK" */
#define CATEGORY_NONE	0xFF

/* Who may act on a machine's word alone (brief rule: default is a person). */
enum firing {
	FIRE_REVIEW,	/* a person looks first */
	FIRE_DUTY,	/* to the duty desk at once, to others after a person looked */
	FIRE_AUTO,	/* to every type marked A at once */
};

struct category {
	char	code[CODE_SIZE];
	char	label_fr[20], label_en[20];	/* as printed in an SMS: GSM-7 basic set */
	uint8_t	priority;			/* 1 flash … 4 digest */
	enum firing firing;
	char	urgency[12], severity[12], certainty[12];	/* CAP 1.2 words */
};

/* Codes the program itself knows. All others are the rule editor's. */
#define CODE_UNKNOWN	"UNK"	/* nothing matched: a person reads it */
#define CODE_NOISE	"NUL"	/* a noise rule matched: stored, silent */
#define CODE_RUMOUR	"RUM"
#define CODE_CALM	"CLR"
#define CODE_SEALED	"SEAL"	/* military information: counted, never sent */

/* ---- what was understood ---- */

enum evidence_state {
	EVIDENCE_COUNTED,
	EVIDENCE_REPEATED,	/* the same words already counted for this category */
	EVIDENCE_NEGATED,	/* "pas d'attaque" */
	EVIDENCE_EXCLUDED,	/* an unless rule took it away; "by" says which */
};

struct rule_ref {
	const char *file;	/* borrows the rulebook */
	int	 line;
};

#define WORDS_SIZE	64

struct evidence {
	uint8_t	 category;
	uint8_t	 weight;		/* 1-10 */
	uint8_t	 state;			/* enum evidence_state */
	struct rule_ref rule, by;
	uint16_t start, end;		/* bytes of the original text [start, end) */
	char	 words[WORDS_SIZE];	/* the folded words that matched; cut when longer */
};

enum verdict_kind { VERDICT_ALERT, VERDICT_NOISE, VERDICT_UNKNOWN };

enum verdict_flag {
	FLAG_PAST = 1 << 0, FLAG_HEARSAY = 1 << 1, FLAG_QUESTION = 1 << 2, FLAG_NEGATION = 1 << 3,
	FLAG_FUTURE = 1 << 4,
	FLAG_RULE_FAULT = 1 << 5,	/* a pattern hit its limit: undecided, a person must read it */
	FLAG_TRUNCATED = 1 << 6,	/* the text was longer than we look at */
	FLAG_CONDITIONAL = 1 << 7,	/* "if you see …" */
	FLAG_ORDINARY = 1 << 8,		/* an everyday subject: weak evidence was not believed */
};

#define EVIDENCE_MAX	64
#define TAGS_MAX	6

/* A controlled word for the dispatch ("motos"), with the number before it if one was written. */
struct tag {
	char	label_fr[16], label_en[16];
	uint32_t count;			/* 0: none given */
};

struct verdict {
	enum verdict_kind kind;
	uint8_t	 headline;		/* category index, CATEGORY_NONE for noise and unknown */
	uint32_t categories;		/* set of indexes that reached the opening score */
	uint16_t score[CATEGORIES_MAX];	/* sum of counted weights of different words, at most 999 */
	uint8_t	 priority;		/* 1-4 after modifiers; noise 4, unknown 3 */
	enum firing firing;		/* what the evidence allows for the headline */
	uint32_t flags;			/* enum verdict_flag */
	size_t	 n_evidence;
	struct evidence evidence[EVIDENCE_MAX];
	size_t	 n_tags;
	struct tag tags[TAGS_MAX];
	struct rule_ref noise_rule;	/* which rule made it noise */
	uint8_t	 nearest;		/* of VERDICT_UNKNOWN: the category that came nearest, CATEGORY_NONE: nothing did */
	uint8_t	 nearest_score;		/* how near, 1-99: orders the duty queue */
	struct rule_ref nearest_rule;
};

/* ---- where ---- */

#define PLACE_NAME_SIZE	48
#define CANDIDATES_MAX	5

struct place {
	char	 name[PLACE_NAME_SIZE];		/* as in the gazetteer, UTF-8 */
	char	 cercle[PLACE_NAME_SIZE];	/* seat of the cercle or province */
	char	 c3[4];				/* its three-letter code, for SMS */
	char	 region[PLACE_NAME_SIZE], country[3];
	char	 old_cercle[PLACE_NAME_SIZE];	/* before the newest division, "" when the same; not stored: */
	char	 old_region[PLACE_NAME_SIZE];	/* geotag_parents() finds them again */
	double	 lat_deg, lon_deg;		/* WGS84 */
	uint32_t radius_m;			/* of uncertainty */
	const char *method;			/* constant: "name", "segment", "coordinates", … */
	double	 score;				/* 0-1 among the candidates */
};

struct geotag {
	bool	 found;			/* best is set; when ambiguous it is only the first of the candidates */
	bool	 ambiguous;
	struct place best;
	size_t	 n;
	struct place candidate[CANDIDATES_MAX];
};

/* ---- who ---- */

#define TYPES_MAX	24	/* responder types, the columns of routing.matrix */
#define AREAS_MAX	16
#define NUMBER_SIZE	20	/* E.164 with + and NUL */

struct responder {
	char	 code[24];			/* section name in responders.conf; never in an SMS */
	char	 number[NUMBER_SIZE];
	enum language language;
	uint32_t types;				/* set of matrix columns */
	uint8_t	 tier;				/* 1 first … 3 last */
	bool	 everywhere;			/* areas = * */
	size_t	 n_areas;
	char	 areas[AREAS_MAX][PLACE_NAME_SIZE];	/* folded names of cercles, regions (new or old) or places, or c3 codes */
};

struct roster {
	struct responder *v;
	size_t	 n;
};

/* ---- incidents ---- */

/* One message that says something, ready to be joined to an incident. */
struct report {
	int64_t	 inbox_id;
	uint8_t	 sender[16];		/* pseudonym; all zero: none */
	wall_t	 at;			/* service centre time if credible, else received */
	uint8_t	 headline;
	uint32_t categories;
	uint32_t claims;		/* of categories: what is only said about events (rumour, calm, exercise) */
	uint8_t	 priority;
	struct geotag where;
};

/* What correlate needs to know of an open incident. */
struct incident_view {
	int64_t	 id;
	uint8_t	 headline;
	uint32_t categories;
	uint8_t	 priority;
	wall_t	 first, last;		/* of its reports */
	bool	 located;
	struct place where;
	bool	 same_sender;		/* the report's sender already reported it */
};

#endif
