/* Words like a given word: a typing error or two away, or another way to spell the same sound. */
#ifndef TOCSIN_LIKENESS_H
#define TOCSIN_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A symmetric delete index (Garbe's SymSpell): each word is filed under itself with one or two letters left out, and
 * so is what one looks for; two words that a typing error parts meet under one such form. The cost of a look-up
 * depends on the length of the word, hardly on how many words there are.
 *
 * Typing errors: optimal string alignment distance (Damerau 1964, no substring edited twice): a letter missing,
 * added, wrong, or two neighbours swapped. One for words of LIKENESS_LETTERS, two from LIKENESS_TWO_LETTERS on.
 * Sound: likeness_sound(). Only a-z and 0-9 are compared; words with other letters are not filed.
 */
struct likeness;

#define LIKENESS_LETTERS	5
#define LIKENESS_TWO_LETTERS	9
#define LIKENESS_LETTERS_MAX	32
#define LIKENESS_WORDS_MAX	(1u << 20)

/*
 * Files the words that begin at these offsets of a pool, folded and NUL-terminated. Both are borrowed for the life of
 * the index; the offsets of words that cannot be filed are simply never found. NULL: out of memory.
 */
struct likeness	*likeness_new(const char *pool, const uint32_t *offsets, size_t n);
void	 likeness_free(struct likeness *);
size_t	 likeness_bytes(const struct likeness *);	/* of memory */

struct likeness_hit {
	uint32_t offset;	/* of the word */
	uint8_t	 letters;	/* of the word */
	uint8_t	 typos;		/* 0-2; LIKENESS_FAR: only the sound is the same */
	bool	 sounds;	/* the same sound */
};
#define LIKENESS_FAR	9

/* At most max words like this one (letters only, as likeness_letters() gives them), in no order. */
size_t	 likeness_find(const struct likeness *, const char *letters, size_t len, struct likeness_hit *out, size_t max);

/* The letters and digits of a folded name, without what parts them; their count, 0: too many, or others than a-z 0-9. */
size_t	 likeness_letters(const char *folded, size_t len, char out[LIKENESS_LETTERS_MAX + 1]);

/*
 * How a name sounds to those who write French and the languages of the Sahel, as a key: ou w u v are one, so are
 * dj dy j di+vowel, gn ny ni+vowel, k c q qu, s z ss ç, i y, ai ei e, au eau o, m and n before a consonant; h is
 * silent, doubled letters are one, and a final e, i or y are the same.
 */
size_t	 likeness_sound(const char *letters, size_t len, char out[LIKENESS_LETTERS_MAX + 1]);

/* The distance, or most + 1 when it is greater. Both at most LIKENESS_LETTERS_MAX letters. */
unsigned likeness_typos(const char *a, size_t a_len, const char *b, size_t b_len, unsigned most);

#endif
