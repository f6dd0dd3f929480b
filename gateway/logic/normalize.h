/* Two forms of a text: plain (NFC, lower case) and folded (no accents, hooks or doubled runs), with the way back. */
#ifndef TOCSIN_NORMALIZE_H
#define TOCSIN_NORMALIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_IN_MAX	3072	/* bytes of the original that are looked at: 16 parts of long SMS */
#define TEXT_MAX	6144	/* bytes of either form */
#define TOKENS_MAX	768

/* A word: a run of letters and digits. Apostrophes and hyphens part words. */
struct token {
	uint16_t start, len;	/* bytes of the folded form */
	uint16_t from, to;	/* bytes of the original [from, to) */
	bool	 alone;		/* the only word of its line or sentence: "attaque. Koro." */
	bool	 stop;		/* a sentence ends behind it: . ! ? ; or a line end */
};

struct text {
	size_t	 in_len;
	size_t	 plain_len, folded_len, n_tokens;
	bool	 truncated;
	bool	 hooked;			/* the original has ɛ ɔ ɲ ŋ ɓ ɗ ƴ: homographs can be told apart */
	char	 plain[TEXT_MAX + 1];		/* NUL-terminated */
	char	 folded[TEXT_MAX + 1];
	uint16_t plain_from[TEXT_MAX + 1];	/* for each byte: the offset in the original it came from; */
	uint16_t folded_from[TEXT_MAX + 1];	/* one past the end maps to in_len */
	struct token token[TOKENS_MAX];
};

/*
 * Any bytes are accepted; invalid UTF-8 becomes U+FFFD, which folds to a space. Folding: accents
 * stripped, ɛ→e ɔ→o ɲ→ny ŋ→ng ɓ→b ɗ→d ƴ→y ə→e ɣ→gh œ→oe, curly quotes straight, runs of 3+
 * letters cut to 2, white space and pictures to one space, Arabic without vowel signs and with one form of
 * alef, ya and kaf, digits of other scripts to 0-9. Zero-width characters vanish from both forms.
 * Folding a folded text changes nothing. Never fails: what does not fit is cut and "truncated" set.
 */
void	normalize(const char *utf8, size_t len, struct text *);

/* Folds a name or a rule's words in the same way; NUL-terminated into out. Returns the length, or -1: does not fit. */
int	normalize_fold(const char *utf8, size_t len, char *out, size_t size);

#endif
