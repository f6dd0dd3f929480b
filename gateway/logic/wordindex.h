/* All the words and phrases of a rulebook in one structure: which of them are in a text? */
#ifndef TOCSIN_WORDINDEX_H
#define TOCSIN_WORDINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logic/normalize.h"

struct wordindex;

#define WORD_MAX	48	/* bytes of one folded word in a rule */
#define PHRASE_WORDS	12	/* words of one phrase */
#define FUZZY_LETTERS	6	/* shorter words are never matched with a typing error */
#define GAP_NEAR	2	/* words that "." may stand for, at most */
#define GAP_FAR		5	/* words that ".." may stand for, at most */
#define GAP_SENTENCE	12	/* words that "..." may stand for, at most */

enum word_kind {
	WORD_EXACT,	/* feu */
	WORD_PREFIX,	/* tir* */
	WORD_FUZZY,	/* ~rafales: one letter missing, added, wrong, or two swapped; ASCII letters only */
	WORD_LIST,	/* [betail]: any word of a list */
	WORD_NEAR,	/* . : up to GAP_NEAR words of the same sentence, or none */
	WORD_FAR,	/* .. : up to GAP_FAR words */
	WORD_SENTENCE,	/* ... : up to GAP_SENTENCE words */
};

struct word {
	enum word_kind kind;
	uint8_t	 sound;			/* not 0: also words of as many letters or more that sound like it (see sound.h) */
	char	text[WORD_MAX];		/* folded; for a list its name; for a gap empty */
};

struct wordindex *wordindex_new(void);
void	wordindex_free(struct wordindex *);

/* Puts one word or words in a row, without gaps, on a list; the list need not exist. 0 or -1 (memory). */
int	wordindex_list(struct wordindex *, const char *list, const struct word *, size_t n);
/* A phrase of 1-PHRASE_WORDS words, neither first nor last a gap. The value comes back in hits. 0 or -1 (memory). */
int	wordindex_add(struct wordindex *, const struct word *, size_t n, uint32_t value);

struct word_hit {
	uint32_t value;
	uint16_t first, last;	/* tokens of the text */
};

/* The phrase that came nearest without being found whole: "words" of it were there, one after the other. 0: none. */
struct near_hit {
	struct word_hit hit;
	size_t	 words;
};

/*
 * Finds every phrase in the text: the cost depends on the tokens of the text and on the phrases that share words with
 * it, not on how many there are. Writes up to max hits, returns how many; *fault is set when there
 * were more, or when the bounded search gave up. nearest may be NULL.
 */
size_t	wordindex_find(const struct wordindex *, const struct text *, struct word_hit *, size_t max, bool *fault,
	    struct near_hit *nearest);

/* At most one letter missing, added, wrong, or two neighbours swapped (optimal string alignment distance <= 1). */
bool	wordindex_near(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
