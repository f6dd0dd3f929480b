/* What tocsinctl asks and the daemon answers on control.sock. */
#ifndef TOCSIN_CTL_MSG_H
#define TOCSIN_CTL_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/field.h"

/*
 * SOCK_SEQPACKET on a Unix socket. One request datagram: version, the words of
 * the command ("show", "412"). Then answers: any number of CTL_ROW (one record
 * each: an ordered list of key, kind, value), and one CTL_END with the exit code of
 * design 5 and a sentence (empty when all went well). Rows are data, not layout:
 * tocsinctl alone turns them into tables or into JSON, one object a line.
 */
#define CTL_PROTOCOL	1
#define CTL_WORDS_MAX	32
#define CTL_WORD_MAX	1024	/* bytes of one word */
#define CTL_KEYS_MAX	40

enum ctl_type { CTL_ASK = 1, CTL_ROW, CTL_END };
enum ctl_kind { CTL_TEXT, CTL_INT, CTL_BOOL, CTL_REAL, CTL_NULL, CTL_JSON };	/* CTL_JSON: value is JSON itself */
enum ctl_exit { CTL_DONE, CTL_REFUSED, CTL_USAGE, CTL_UNREACHABLE };

struct ctl_ask {
	size_t	 n;
	char	*word[CTL_WORDS_MAX];	/* borrows "text" */
	char	 text[CTL_WORDS_MAX * 64];
};

/* 0, or -1 with a constant sentence: wrong version, too many or too long words, not UTF-8, bytes left over. */
int	ctl_ask_decode(struct ctl_ask *, const uint8_t *, size_t, const char **why);
size_t	ctl_ask_encode(char *const *words, size_t n, uint8_t *out, size_t cap);	/* 0: does not fit, or is not UTF-8 */

/*
 * Building a row: begin, put at most CTL_KEYS_MAX times, then send p[0..len) unless overflow.
 * Values may come from anywhere: bytes that are not UTF-8 are sent as U+FFFD. A real that is
 * not finite is sent as null; JSON must be on one line. A sentence is cut to what the reader holds.
 */
void	ctl_row_begin(struct field_out *, void *mem, size_t cap);
void	ctl_put_text(struct field_out *, const char *key, const char *value);	/* NULL: null */
void	ctl_put_int(struct field_out *, const char *key, int64_t);
void	ctl_put_bool(struct field_out *, const char *key, bool);
void	ctl_put_real(struct field_out *, const char *key, double, int decimals);
void	ctl_put_json(struct field_out *, const char *key, const char *json);
size_t	ctl_end_encode(enum ctl_exit, const char *sentence, uint8_t *out, size_t cap);

struct ctl_pair {
	const char	*key, *value;		/* borrow the datagram; not NUL-terminated */
	size_t		 key_len, value_len;
	enum ctl_kind	 kind;
};

struct ctl_answer {
	enum ctl_type	 type;			/* CTL_ROW or CTL_END */
	size_t		 n;
	struct ctl_pair	 pair[CTL_KEYS_MAX];	/* CTL_ROW */
	enum ctl_exit	 exit;			/* CTL_END */
	char		 sentence[512];
};

int	ctl_answer_decode(struct ctl_answer *, const uint8_t *, size_t, const char **why);
/* The row as one JSON object, without line end. */
int	ctl_row_json(const struct ctl_answer *, struct buf *out);

#endif
