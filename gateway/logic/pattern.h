/* One PCRE2 pattern under strict limits, with the words it cannot match without. */
#ifndef TOCSIN_PATTERN_H
#define TOCSIN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_MAX	512		/* bytes of one pattern */
#define PATTERN_NEEDS_MAX 48
#define NEED_MIN	3		/* bytes of the shortest literal worth looking for */

struct pattern;

struct need {
	const char *p;		/* borrows the pattern's text */
	size_t	 len;
};

/*
 * Compiles with UTF and UCP, without \C, at most 16 nested parentheses, no JIT. On a fault NULL, a sentence
 * in why[size] and the offset of the fault in *at (bytes). The text is copied. Caller frees.
 */
struct pattern	*pattern_new(const char *p, size_t len, char *why, size_t size, size_t *at);
void		 pattern_free(struct pattern *);
const char	*pattern_text(const struct pattern *);

/*
 * Literals of which at least one is in every text the pattern matches; none (0) when they are not easy to see,
 * and then the pattern has to be tried on every text.
 */
size_t		 pattern_needs(const struct pattern *, const struct need **needs);

/* Memory for matching, reused from call to call; one at a time per thread. */
struct pattern_scratch;
struct pattern_scratch *pattern_scratch_new(void);
void		 pattern_scratch_free(struct pattern_scratch *);

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_FAULT };

/*
 * Looks for a match at or behind "from" in a valid UTF-8 text. [*start, *end) is the match; when the pattern has a first
 * group that took part, [*group_start, *group_end) is it, else both are the start. PATTERN_FAULT: a limit was
 * hit (20,000 steps, depth 1,000, heap 1 MiB): it is not known whether it matches.
 */
struct pattern_span { size_t start, end, group_start, group_end; };
enum pattern_result pattern_find(const struct pattern *, struct pattern_scratch *, const char *text, size_t len,
	    size_t from, struct pattern_span *);

#endif
