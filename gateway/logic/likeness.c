/* Finds words that a typing error or another way of spelling parts, by filing each under its shortened forms. */
#include "logic/likeness.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX		10		/* letters that forms are made of; the rest is compared when a form meets */
#define FORMS_MAX	(1 + PREFIX + PREFIX * (PREFIX - 1) / 2 + 1)
#define ID_BITS		20
#define MARK_BITS	(32 - ID_BITS)	/* of the form's hash, kept beside the id so that few words are compared in vain */
#define SOUND_SALT	0x9E3779B9u
#define SOUND_LETTERS	4		/* shorter sounds say too little */

struct likeness {
	const char *pool;
	const uint32_t *offsets;
	size_t	 n_words, n_refs;
	unsigned bits;
	uint32_t *bucket;		/* where each bucket begins in refs, and one past the end */
	uint32_t *refs;			/* mark and id */
};

/* A word and the hashes of all its forms. */
struct forms {
	size_t	 n;
	uint32_t hash[FORMS_MAX];
};

/* ---- letters ---- */

size_t
likeness_letters(const char *folded, size_t len, char out[LIKENESS_LETTERS_MAX + 1])
{
	size_t	 n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)folded[i];

		if (c >= 0x80 || n == LIKENESS_LETTERS_MAX)
			return 0;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = (char)c;
	}
	out[n] = '\0';
	return n;
}

/* ---- sound ---- */

/* The first row that the letters begin with. "then" is what must follow: V a vowel, F a front one (e i y), C a consonant. */
static const struct sound_row {
	const char *letters;
	char	 then;
	const char *sound;
} sounds[] = {
	{ "eau", 0, "o" }, { "au", 0, "o" }, { "ou", 0, "u" }, { "oo", 0, "u" }, { "w", 0, "u" }, { "v", 0, "u" },
	{ "dj", 0, "j" }, { "dy", 'V', "j" }, { "di", 'V', "j" }, { "dz", 0, "j" }, { "g", 'F', "j" }, { "j", 0, "j" },
	{ "gn", 0, "N" }, { "ny", 'V', "N" }, { "ni", 'V', "N" }, { "tch", 0, "C" }, { "ty", 'V', "C" }, { "ti", 'V', "C" },
	{ "sh", 0, "S" }, { "ch", 0, "S" }, { "ph", 0, "f" }, { "gu", 'F', "g" }, { "qu", 0, "k" }, { "ck", 0, "k" },
	{ "q", 0, "k" }, { "c", 'F', "s" }, { "c", 0, "k" }, { "x", 0, "ks" }, { "z", 0, "s" }, { "h", 0, "" },
	{ "ai", 0, "e" }, { "ay", 0, "e" }, { "ei", 0, "e" }, { "ey", 0, "e" }, { "ie", 0, "ie" }, { "y", 0, "i" },
	{ "m", 'C', "n" },
};

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy", c) != NULL;
}

static bool
follows(char c, char then)
{
	switch (then) {
	case 'V':
		return is_vowel(c);
	case 'F':
		return c == 'e' || c == 'i' || c == 'y';
	case 'C':
		return c != '\0' && !is_vowel(c);
	default:
		return true;
	}
}

static const struct sound_row *
sound_of(const char *s)
{
	for (size_t i = 0; i < sizeof(sounds) / sizeof(sounds[0]); i++)
		if (s[0] == sounds[i].letters[0] && strncmp(s, sounds[i].letters, strlen(sounds[i].letters)) == 0 &&
		    follows(s[strlen(sounds[i].letters)], sounds[i].then))
			return &sounds[i];
	return NULL;
}

/* "Diabaly" and "Diabali", "Dempare" and "Dempari", "Kayes" and "Kayi". */
static size_t
level_end(char *key, size_t n)
{
	size_t	 end = n;

	while (end > 2 && (key[end - 1] == 'i' || key[end - 1] == 'e'))
		end--;
	if (end < n)
		key[end++] = 'i';
	key[end] = '\0';
	return end;
}

size_t
likeness_sound(const char *letters, size_t len, char out[LIKENESS_LETTERS_MAX + 1])
{
	size_t	 n = 0;

	for (size_t i = 0; i < len; ) {
		const struct sound_row *row = sound_of(letters + i);
		const char *sound = row != NULL ? row->sound : NULL;

		for (size_t k = 0; n < LIKENESS_LETTERS_MAX && (sound != NULL ? sound[k] != '\0' : k < 1); k++) {
			char	 c = sound != NULL ? sound[k] : letters[i];

			if (n == 0 || out[n - 1] != c)
				out[n++] = c;
		}
		i += row != NULL ? strlen(row->letters) : 1;
	}
	out[n] = '\0';
	return level_end(out, n);
}

/* ---- typing errors ---- */

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
likeness_typos(const char *a, size_t a_len, const char *b, size_t b_len, unsigned most)
{
	unsigned rows[3][LIKENESS_LETTERS_MAX + 1];

	if (a_len > b_len + most || b_len > a_len + most || a_len > LIKENESS_LETTERS_MAX || b_len > LIKENESS_LETTERS_MAX)
		return most + 1;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		const unsigned *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		unsigned *row = rows[i % 3], best = row[0] = (unsigned)i;

		for (size_t j = 1; j <= b_len; j++) {
			row[j] = least(least(row[j - 1], up[j]) + 1, up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], up2[j - 2] + 1);
			best = least(best, row[j]);
		}
		if (best > most)
			return most + 1;
	}
	return rows[a_len % 3][b_len] <= most ? rows[a_len % 3][b_len] : most + 1;
}

/* ---- forms ---- */

#define BASE	0x01000193u

/* The top bits choose a bucket, the low ones are the mark: both must be even. */
static uint32_t
hash_end(uint32_t h)
{
	h = (h ^ h >> 15) * 0x85EBCA6Bu;
	h = (h ^ h >> 13) * 0xC2B2AE35u;
	return h ^ h >> 16;
}

/* A polynomial in BASE, so that the hash without a letter follows from those of what stands before and behind it. */
struct powers {
	uint32_t up_to[PREFIX + 1];	/* hash of the first i letters */
	uint32_t power[PREFIX + 1];
};

static void
powers_make(const char *s, size_t n, struct powers *p)
{
	p->up_to[0] = 0;
	p->power[0] = 1;
	for (size_t i = 0; i < n; i++) {
		p->up_to[i + 1] = p->up_to[i] * BASE + (unsigned char)s[i];
		p->power[i + 1] = p->power[i] * BASE;
	}
}

static uint32_t
hash_between(const struct powers *p, size_t from, size_t to)
{
	return p->up_to[to] - p->up_to[from] * p->power[to - from];
}

static uint32_t
hash_all(const char *s, size_t len)
{
	uint32_t h = 0;

	for (size_t i = 0; i < len; i++)
		h = h * BASE + (unsigned char)s[i];
	return hash_end(h);
}

/* Of a run of one letter only the first is left out: the others give the same form. */
static void
forms_make(const char *s, size_t len, bool two, struct forms *f)
{
	size_t	 n = len < PREFIX ? len : PREFIX;
	char	 key[LIKENESS_LETTERS_MAX + 1];
	size_t	 key_len = likeness_sound(s, len, key);
	struct powers p;

	powers_make(s, n, &p);
	f->n = 0;
	f->hash[f->n++] = hash_end(p.up_to[n]);
	for (size_t a = 0; a < n; a++) {
		if (a > 0 && s[a] == s[a - 1])
			continue;
		f->hash[f->n++] = hash_end(p.up_to[a] * p.power[n - a - 1] + hash_between(&p, a + 1, n));
		for (size_t b = a + 1; two && b < n; b++)
			if (b == a + 1 || s[b] != s[b - 1])
				f->hash[f->n++] = hash_end((p.up_to[a] * p.power[b - a - 1] + hash_between(&p, a + 1, b)) *
				    p.power[n - b - 1] + hash_between(&p, b + 1, n));
	}
	if (key_len >= SOUND_LETTERS)
		f->hash[f->n++] = hash_all(key, key_len) ^ SOUND_SALT;
}

static bool
word_forms(const struct likeness *l, size_t id, struct forms *f)
{
	const char *folded = l->pool + l->offsets[id];
	char	 letters[LIKENESS_LETTERS_MAX + 1];
	size_t	 len = likeness_letters(folded, strlen(folded), letters);

	if (len < LIKENESS_LETTERS)
		return false;
	forms_make(letters, len, len >= LIKENESS_TWO_LETTERS, f);
	return true;
}

/* ---- building ---- */

static size_t
bucket_of(const struct likeness *l, uint32_t hash)
{
	return hash >> (32 - l->bits);
}

/* The low bits: the high ones chose the bucket. */
static uint32_t
mark_of(uint32_t hash)
{
	return hash << ID_BITS;
}

/* First counts each bucket into the place behind it, then sums up, then fills; as in a counting sort. */
static int
fill(struct likeness *l)
{
	size_t	 size = (size_t)1 << l->bits;
	struct forms f;

	l->bucket = calloc(size + 2, sizeof(*l->bucket));
	if (l->bucket == NULL)
		return -1;
	for (size_t id = 0; id < l->n_words; id++)
		if (word_forms(l, id, &f))
			for (size_t i = 0; i < f.n; i++)
				l->bucket[bucket_of(l, f.hash[i]) + 2]++;
	for (size_t i = 0; i < size; i++)
		l->bucket[i + 2] += l->bucket[i + 1];
	l->n_refs = l->bucket[size + 1];
	l->refs = malloc((l->n_refs > 0 ? l->n_refs : 1) * sizeof(*l->refs));
	if (l->refs == NULL)
		return -1;
	for (size_t id = 0; id < l->n_words; id++)
		if (word_forms(l, id, &f))
			for (size_t i = 0; i < f.n; i++)
				l->refs[l->bucket[bucket_of(l, f.hash[i]) + 1]++] = mark_of(f.hash[i]) | (uint32_t)id;
	return 0;
}

struct likeness *
likeness_new(const char *pool, const uint32_t *offsets, size_t n)
{
	struct likeness *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->pool = pool;
	l->offsets = offsets;
	l->n_words = n < LIKENESS_WORDS_MAX ? n : LIKENESS_WORDS_MAX;
	for (l->bits = 4; l->bits < 22 && ((size_t)1 << l->bits) < n * 8; )
		l->bits++;
	if (fill(l) == 0)
		return l;
	likeness_free(l);
	return NULL;
}

void
likeness_free(struct likeness *l)
{
	if (l == NULL)
		return;
	free(l->bucket);
	free(l->refs);
	free(l);
}

size_t
likeness_bytes(const struct likeness *l)
{
	return sizeof(*l) + ((((size_t)1 << l->bits) + 2) + l->n_refs) * sizeof(uint32_t);
}

/* ---- finding ---- */

struct query {
	const char *letters;
	size_t	 len, key_len;
	char	 key[LIKENESS_LETTERS_MAX + 1];
};

static bool
compare(const struct likeness *l, const struct query *q, uint32_t id, struct likeness_hit *hit)
{
	const char *folded = l->pool + l->offsets[id];
	char	 letters[LIKENESS_LETTERS_MAX + 1], key[LIKENESS_LETTERS_MAX + 1];
	size_t	 len = likeness_letters(folded, strlen(folded), letters);
	unsigned most = len >= LIKENESS_TWO_LETTERS && q->len + 1 >= LIKENESS_TWO_LETTERS ? 2 : 1;
	unsigned typos = likeness_typos(q->letters, q->len, letters, len, most);
	size_t	 key_len = likeness_sound(letters, len, key);

	hit->offset = l->offsets[id];
	hit->letters = (uint8_t)len;
	hit->typos = typos <= most ? (uint8_t)typos : LIKENESS_FAR;
	hit->sounds = key_len == q->key_len && key_len >= SOUND_LETTERS && memcmp(key, q->key, key_len) == 0;
	return hit->sounds || hit->typos != LIKENESS_FAR;
}

static bool
has_hit(const struct likeness_hit *v, size_t n, uint32_t offset)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].offset == offset)
			return true;
	return false;
}

size_t
likeness_find(const struct likeness *l, const char *letters, size_t len, struct likeness_hit *out, size_t max)
{
	struct query q = { .letters = letters, .len = len };
	struct forms f;
	size_t	 found = 0;

	if (len < LIKENESS_LETTERS || len > LIKENESS_LETTERS_MAX)
		return 0;
	q.key_len = likeness_sound(letters, len, q.key);
	forms_make(letters, len, len + 1 >= LIKENESS_TWO_LETTERS, &f);
	for (size_t i = 0; i < f.n; i++) {
		uint32_t mark = mark_of(f.hash[i]);
		size_t	 b = bucket_of(l, f.hash[i]);

		for (uint32_t r = l->bucket[b]; r < l->bucket[b + 1] && found < max; r++) {
			uint32_t id = l->refs[r] & (LIKENESS_WORDS_MAX - 1);

			if ((l->refs[r] & ~(LIKENESS_WORDS_MAX - 1)) == mark && !has_hit(out, found, l->offsets[id]) &&
			    compare(l, &q, id, &out[found]))
				found++;
		}
	}
	return found;
}
