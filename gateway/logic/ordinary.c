/* Looks words up in long sorted texts; no index, so nothing is built at the start. */
#include "logic/ordinary.h"

#include <string.h>

#include "logic/ordinarywords.h"

#define LEAST		4	/* letters of a word in the lists */
#define LETTERS_MAX	32

struct list {
	const char *text;	/* words in byte order, one space between */
	size_t	 len;
};

static const struct list common = { common_words, sizeof(common_words) - 1 };
static const struct list rare = { rare_words, sizeof(rare_words) - 1 };

/* Below, equal or above zero: the word, and the one that begins at "there", which ends with a space or the text. */
static int
compare(const char *word, size_t len, const char *there)
{
	size_t	 there_len = strcspn(there, " ");
	int	 order = memcmp(word, there, len < there_len ? len : there_len);

	return order != 0 ? order : (len > there_len) - (len < there_len);
}

static bool
in_list(const struct list *l, const char *word, size_t len)
{
	size_t	 low = 0, high = l->len;

	while (low < high) {
		size_t	 at = low + (high - low) / 2;
		int	 order;

		while (at > low && l->text[at - 1] != ' ')
			at--;
		order = compare(word, len, l->text + at);
		if (order == 0)
			return true;
		if (order < 0)
			high = at;
		else
			low = at + strcspn(l->text + at, " ") + 1;
	}
	return false;
}

static bool
in_list_or_plural(const struct list *l, const char *word, size_t len)
{
	return len >= LEAST && (in_list(l, word, len) ||
	    (len > LEAST && strchr("sxw", word[len - 1]) != NULL && in_list(l, word, len - 1)));
}

bool
ordinary_word(const char *folded, size_t len)
{
	return in_list_or_plural(&common, folded, len);
}

bool
ordinary_rare(const char *folded, size_t len)
{
	return in_list_or_plural(&rare, folded, len);
}

static bool
known(const char *folded, size_t len)
{
	return ordinary_word(folded, len) || ordinary_rare(folded, len);
}

/* "l'emmener" written in one, "marigot" as it is heard. */
bool
ordinary_guess(const char *folded, size_t len)
{
	static const char silent[] = "edrstxz";
	char	 longer[LETTERS_MAX + 1];

	if (len < LEAST || len >= LETTERS_MAX)
		return false;
	if (known(folded, len))
		return true;
	if (strchr("cdjlmnst", folded[0]) != NULL && strchr("aeiouh", folded[1]) != NULL && known(folded + 1, len - 1))
		return true;
	memcpy(longer, folded, len);
	for (size_t i = 0; silent[i] != '\0'; i++) {
		longer[len] = silent[i];
		if (known(longer, len + 1))
			return true;
	}
	return false;
}
