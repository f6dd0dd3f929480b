/* How a French word sounds: letter groups become sounds, silent ends fall. */
#include "logic/sound.h"

#include <stdint.h>
#include <string.h>

/*
 * Capitals stand for sounds that have no letter of their own: A an en, I in un, O on, E eu, W ou, S ch, N gn.
 */
struct hearing {
	char	 w[SOUND_MAX + 4];	/* the letters; padded with NULs, so that looking ahead is safe */
	size_t	 n, i;
	bool	 open;			/* a vowel that is not written any more follows */
	char	*out;
	size_t	 len;
};

static bool
vowel(char c)
{
	return c != '\0' && strchr("aeiouy", c) != NULL;
}

static bool
soft(char c)
{
	return c == 'e' || c == 'i' || c == 'y';
}

static void
say(struct hearing *h, const char *sounds, size_t letters)
{
	for (; *sounds != '\0'; sounds++) {
		if ((h->len == 0 || h->out[h->len - 1] != *sounds) && h->len < SOUND_MAX - 1)
			h->out[h->len++] = *sounds;
	}
	h->i += letters;
}

/* Are the letters at i+k an n or m that is heard through the nose? */
static bool
nasal(const struct hearing *h, size_t k)
{
	char c = h->w[h->i + k], next = h->w[h->i + k + 1];

	if (c != 'n' && c != 'm')
		return false;
	return next == '\0' ? !h->open : !vowel(next) && next != 'n' && next != 'm' && next != 'h';
}

static void
vowel_a(struct hearing *h)
{
	char next = h->w[h->i + 1];

	if (next == 'u')
		say(h, "o", 2);
	else if (next == 'i' || next == 'y')
		nasal(h, 2) ? say(h, "I", 3) : say(h, "e", 2);
	else
		nasal(h, 1) ? say(h, "A", 2) : say(h, "a", 1);
}

static void
vowel_e(struct hearing *h)
{
	const char *p = h->w + h->i;

	if (p[1] == 'a' && p[2] == 'u')
		say(h, "o", 3);
	else if (p[1] == 'u')
		say(h, "E", 2);
	else if (p[1] == 'i')
		nasal(h, 2) ? say(h, "I", 3) : say(h, "e", 2);
	else if (nasal(h, 1))
		say(h, h->i > 0 && p[-1] == 'i' ? "I" : "A", 2);
	else
		say(h, "e", 1);
}

static void
vowel_o(struct hearing *h)
{
	const char *p = h->w + h->i;

	if (p[1] == 'e')
		say(h, "E", p[2] == 'u' ? 3 : 2);
	else if (p[1] == 'u')
		say(h, "W", 2);
	else if (p[1] == 'i' || p[1] == 'y')
		nasal(h, 2) ? say(h, "WI", 3) : say(h, "Wa", 2);
	else
		nasal(h, 1) ? say(h, "O", 2) : say(h, "o", 1);
}

/* c and g are soft before e and i, and before an end that fell or is still to come. */
static bool
softened(const struct hearing *h)
{
	char next = h->w[h->i + 1];

	return next == '\0' ? h->open : soft(next);
}

static void
letter_c(struct hearing *h)
{
	if (h->w[h->i + 1] == 'h')
		say(h, "S", 2);
	else
		say(h, softened(h) ? "s" : "k", 1);
}

static void
letter_g(struct hearing *h)
{
	const char *p = h->w + h->i;

	if (p[1] == 'n')
		say(h, "N", 2);
	else if (p[1] == 'u' && (soft(p[2]) || (p[2] == '\0' && h->open)))
		say(h, "g", 2);
	else if (p[1] == 'e' && (p[2] == 'a' || p[2] == 'o'))
		say(h, "j", 2);
	else
		say(h, softened(h) ? "j" : "g", 1);
}

static void
letter_s(struct hearing *h)
{
	const char *p = h->w + h->i;
	bool after = h->i > 0 && vowel(p[-1]), before = p[1] == '\0' ? h->open : vowel(p[1]);

	if (p[1] == 'h' || (p[1] == 'c' && p[2] == 'h'))
		say(h, "S", p[1] == 'h' ? 2 : 3);
	else if (p[1] == 's' || (p[1] == 'c' && soft(p[2])))
		say(h, "s", 2);
	else
		say(h, after && before ? "z" : "s", 1);
}

static void
consonant(struct hearing *h)
{
	const char *p = h->w + h->i;
	const char same[] = { *p, '\0' };

	if (*p == 'h')
		h->i++;
	else if (*p == 'q')
		say(h, "k", p[1] == 'u' ? 2 : 1);
	else if (*p == 'x')
		say(h, "ks", 1);
	else if (*p == 'w')
		say(h, "W", 1);
	else if (*p == 'p' && p[1] == 'h')
		say(h, "f", 2);
	else if (*p == 't' && p[1] == 'i' && p[2] == 'o' && p[3] == 'n')
		say(h, "s", 1);
	else
		say(h, same, 1);
}

static void
next_sound(struct hearing *h)
{
	switch (h->w[h->i]) {
	case 'a':
		vowel_a(h);
		break;
	case 'e':
		vowel_e(h);
		break;
	case 'i': case 'y':
		nasal(h, 1) ? say(h, "I", 2) : say(h, "i", 1);
		break;
	case 'o':
		vowel_o(h);
		break;
	case 'u':
		nasal(h, 1) ? say(h, "I", 2) : say(h, "u", 1);
		break;
	case 'c':
		letter_c(h);
		break;
	case 'g':
		letter_g(h);
		break;
	case 's':
		letter_s(h);
		break;
	default:
		consonant(h);
	}
}

static bool
ends(const struct hearing *h, const char *end, size_t len)
{
	return h->n > len && memcmp(h->w + h->n - len, end, len) == 0;
}

/* Endings that sound alike or not at all. A short word (tue, tuer, tuent) keeps an e. */
static bool
drop_ending(struct hearing *h)
{
	static const char *const endings[] = { "aient", "ait", "ais", "ent", "ees", "ee", "en", "er", "ez", "es", "e" };

	for (size_t k = 0; k < sizeof(endings) / sizeof(endings[0]); k++) {
		size_t len = strlen(endings[k]);

		if (!ends(h, endings[k], len) || h->n - len < 2 || (endings[k][1] == 'n' && h->w[h->n - len - 1] == 'i'))
			continue;	/* bien, client */
		h->n -= len;
		h->open = true;
		if (h->n == 2) {
			h->w[h->n++] = 'e';
			h->open = false;
		}
		return true;
	}
	return false;
}

static void
drop_silent(struct hearing *h)
{
	for (int k = 0; k < 2 && h->n > 2 && strchr("stdxp", h->w[h->n - 1]) != NULL; k++)
		h->n--;
	if (h->n > 3 && (h->w[h->n - 1] == 'c' || h->w[h->n - 1] == 'g') && h->w[h->n - 2] == 'n')
		h->n--;
}

/* Copies the letters, with 2 and 1 inside a word said aloud. False: no word of latin letters. */
static bool
take(struct hearing *h, const char *p, size_t len)
{
	bool letters = false;

	for (size_t i = 0; i < len; i++) {
		if (h->n + 2 > SOUND_MAX)
			return false;
		if (p[i] >= 'a' && p[i] <= 'z') {
			h->w[h->n++] = p[i];
			letters = true;
		} else if (p[i] == '2' || p[i] == '1') {
			h->w[h->n++] = p[i] == '2' ? 'd' : 'u';
			h->w[h->n++] = p[i] == '2' ? 'e' : 'n';
		} else
			return false;
	}
	return letters;
}

size_t
sound_key(const char *word, size_t len, bool open, char out[SOUND_MAX])
{
	struct hearing h = { .open = open, .out = out };

	if (!take(&h, word, len))
		return 0;
	if (!open && !drop_ending(&h))
		drop_silent(&h);
	memset(h.w + h.n, 0, sizeof(h.w) - h.n);
	while (h.i < h.n)
		next_sound(&h);
	out[h.len] = '\0';
	return h.len;
}
