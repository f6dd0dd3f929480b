/* Looks words up in one long sorted text; no index, so nothing is built at the start. */
#include "logic/ordinary.h"

#include <string.h>

#include "logic/ordinarywords.h"

#define TEXT_LEN	(sizeof(ordinary_words_text) - 1)

/* Below, equal or above zero: the word, the one that begins at "at", which ends with a space or the text. */
static int
compare(const char *word, size_t len, size_t at)
{
	const char *there = ordinary_words_text + at;
	size_t	 there_len = strcspn(there, " ");
	int	 order = memcmp(word, there, len < there_len ? len : there_len);

	return order != 0 ? order : (len > there_len) - (len < there_len);
}

static bool
in_text(const char *word, size_t len)
{
	size_t	 low = 0, high = TEXT_LEN;

	while (low < high) {
		size_t	 at = low + (high - low) / 2;
		int	 order;

		while (at > low && ordinary_words_text[at - 1] != ' ')
			at--;
		order = compare(word, len, at);
		if (order == 0)
			return true;
		if (order < 0)
			high = at;
		else
			low = at + strcspn(ordinary_words_text + at, " ") + 1;
	}
	return false;
}

bool
ordinary_word(const char *folded, size_t len)
{
	char	 last = len > 0 ? folded[len - 1] : '\0';

	if (in_text(folded, len))
		return true;
	return len > 4 && (last == 's' || last == 'x' || last == 'w') && in_text(folded, len - 1);
}
