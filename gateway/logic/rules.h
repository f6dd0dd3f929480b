/* What a rulebook is made of; for the files that build it and the one that runs it. */
#ifndef TOCSIN_RULES_H
#define TOCSIN_RULES_H

#include "base/arena.h"
#include "logic/pattern.h"
#include "logic/rulebook.h"
#include "logic/wordindex.h"

enum rule_kind {
	RULE_ALERT,		/* ATK 8 fr coup de feu */
	RULE_NOISE,		/* noise football … */
	RULE_ORDINARY,		/* ordinary wedding …: a subject of everyday talk, where weak evidence means something else */
	RULE_UNLESS,		/* unless medical ATK … */
	RULE_MODIFIER,		/* past, hearsay, question, future, now */
	RULE_NEGATION,		/* words before a hit that deny it */
	RULE_NEGATION_AFTER,	/* … behind it */
	RULE_NEGATION_BETWEEN,	/* words that may stand between the two */
	RULE_NEGATION_STOP,	/* a hit that begins with one of these is not denied by what is before it */
	RULE_TAG,
	RULE_NUMBER,		/* vingtaine = 20, for tags */
	RULE_LANGUAGE,		/* language bm …: words that show which language a message is in */
};

#define FLAG_NOW	(1u << 31)	/* of a modifier rule only: "maintenant"; a past word means nothing then */

/* One statement that can match, with all its words and patterns. */
struct rule {
	enum rule_kind kind;
	uint8_t	 category, weight;	/* RULE_ALERT */
	uint8_t	 priority;		/* of its alerts; 0: the category's */
	bool	 now;			/* this is happening: past words do not lower it */
	bool	 in_language;		/* RULE_ALERT: counts only in a message of its language */
	bool	 alone;			/* RULE_NOISE: only if nothing else is in the message */
	bool	 message;		/* RULE_UNLESS: takes away hits anywhere, not only those it overlaps */
	char	 language[4];		/* "fr", "*"; empty: has none */
	uint32_t flags;			/* RULE_MODIFIER: verdict flags */
	uint32_t codes;			/* RULE_UNLESS: set of categories */
	uint32_t number;		/* RULE_TAG: index of the tag; RULE_NUMBER: the value */
	struct rule_ref ref;
};

enum spelling {
	SPELLING_FOLDED,
	SPELLING_EXACT,		/* !exact: as written, accents and hooks included */
	SPELLING_HOOKED,	/* !hooked: as written when the message uses ɛ ɔ ɲ ŋ … at all */
};

struct phrase {
	uint32_t rule;
	int	 line;		/* where it stands; a statement may have many lines */
	enum spelling spelling;
	const char *folded;	/* as the rule says it, for telling duplicates */
	const char *plain;	/* SPELLING_EXACT and _HOOKED: what it must look like */
};

struct rule_pattern {
	uint32_t rule;
	int	 line;
	bool	 exact;		/* looked for in the plain form */
	struct pattern *pattern;	/* owned */
};

struct rule_list {
	const char *name;
	struct rule_ref ref;
};

struct rule_tag {
	const char *name;
	char	 label_fr[16], label_en[16];
};

/* A line that says what must come out: test "text" = ATK+DSP P1 @Bankass. */
struct rule_test {
	const char *text;
	size_t	 len;
	bool	 not;			/* != */
	const char *codes[8];		/* the first is the headline; "NUL", "UNK" */
	size_t	 n_codes;
	uint8_t	 priority;		/* 0: not said */
	int	 firing;		/* -1: not said */
	const char *place;		/* NULL: not said; "none", "ambiguous" */
	struct rule_ref ref;
	int	 col;
	const char *row;		/* the line, for the report */
};

/* Which patterns share the first bytes of a needed literal. */
struct need_link {
	struct need need;
	uint32_t pattern, next;
};

#define NEED_BUCKETS	4096
#define RULES_NONE	UINT32_MAX

struct rulebook {
	struct arena arena;		/* strings, tests */
	struct category category[CATEGORIES_MAX];
	struct rule_ref category_ref[CATEGORIES_MAX];
	size_t	 n_categories;
	uint32_t covers[CATEGORIES_MAX];	/* what an alert of this category includes */
	uint32_t past_lowers;		/* categories whose priority falls by one when it is over */
	uint32_t hearsay_urgent;	/* a rumour about these is P3, about others P4 */
	uint8_t	 rumour, calm, sealed;	/* CATEGORY_NONE when not declared */
	uint32_t families[CATEGORIES_MAX];
	size_t	 n_families;
	struct rule_tag tag[64];
	size_t	 n_tags;
	struct rule_list list[256];
	size_t	 n_lists;
	struct rule *rule;		/* owned, as the arrays below */
	size_t	 n_rules, cap_rules;
	struct phrase *phrase;
	size_t	 n_phrases, cap_phrases;
	struct rule_pattern *pattern;
	size_t	 n_patterns, cap_patterns;
	struct rule_test *test;
	size_t	 n_tests, cap_tests;
	struct wordindex *words;
	uint32_t need_bucket[NEED_BUCKETS];
	struct need_link *need;
	size_t	 n_needs, cap_needs;
	uint32_t *always;		/* patterns to try on every text */
	size_t	 n_always, cap_always;
	char	 version[17];
};

static inline uint32_t
need_bucket_of(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return ((uint32_t)u[0] * 961u + (uint32_t)u[1] * 31u + u[2]) & (NEED_BUCKETS - 1);
}

/* Grows an array to hold one more. NULL (and nothing changed) when memory ran out. */
void	*rules_reserve(void *v, size_t *cap, size_t n, size_t size);

/* rulefile.c: reads all sources into an empty rulebook; faults go to diags. -1: out of memory. */
int	rulefile_read(struct rulebook *, const struct rule_source *, size_t n, struct diags *);

/* ruletest.c */
size_t	ruletest_run(const struct rulebook *, const struct gazetteer *, struct diags *, size_t *failed);

#endif
