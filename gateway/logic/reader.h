/* One statement of a rule file being read: its tokens, and faults with their place. */
#ifndef TOCSIN_READER_H
#define TOCSIN_READER_H

#include "logic/lex.h"
#include "logic/rules.h"

struct reader {
	struct rulebook *rb;
	struct diags *diags;
	const char *file;		/* in the arena */
	struct lex_statement st;
	size_t	 i;			/* next token */
	bool	 sound;			/* "sound" was said in this file: words are matched as they are heard */
	bool	 out_of_memory;
};

/* The next token, NULL behind the last. */
const struct lex_token *reader_peek(const struct reader *);
/* Notes an error at a token; or at the next one, or behind the last. */
void	reader_fault_at(struct reader *, const struct lex_token *, const char *, ...) __attribute__((format(printf, 3, 4)));
void	reader_fault(struct reader *, const char *, ...) __attribute__((format(printf, 2, 3)));

/* The nearest of some candidates; distance begins at one more than is tolerated. */
struct guess {
	const char *best;
	unsigned distance;
};
void	reader_guess(struct guess *, const struct lex_token *, const char *candidate);
/* " (did you mean 'x'?)" or nothing. */
const char *reader_guess_words(const struct guess *, char *out, size_t size);

/* A copy in the rulebook's arena; NULL and out_of_memory. */
char	*reader_keep(struct reader *, const char *, size_t);
struct rule_ref reader_ref(const struct reader *);

bool	reader_number(const struct lex_token *, uint32_t *n);	/* at most six digits */
uint8_t	reader_priority(const char *, size_t);			/* "P1" … "P4"; 0: it is none */
bool	reader_is_code(const char *, size_t);			/* looks like a category's code */
uint8_t	reader_find_category(const struct rulebook *, const char *, size_t);	/* or CATEGORY_NONE */
void	reader_unknown_category(struct reader *, const struct lex_token *);	/* an error with a suggestion */

/* Each takes what must come next. When it does not, an error says so and the answer is NULL, false or an empty set. */
const struct lex_token *reader_word(struct reader *, const char *what);
bool	reader_end(struct reader *);
bool	reader_category(struct reader *, uint8_t *);
uint32_t reader_codes(struct reader *);				/* to the end of the statement */
char	*reader_name(struct reader *, const char *what);
bool	reader_language(struct reader *, struct rule *);
bool	reader_label(struct reader *, char *out, size_t size);	/* a string that a plain SMS can carry */

#endif
