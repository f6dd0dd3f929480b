/* Names with typing errors and other spellings: against a plain reading of the definitions. */
#include "logic/likeness.h"
#include "unit/test.h"

static const char pool[] = "bankass\0koro\0ogossagou\0in-deliman\0ouenkoro\0djenne\0diabaly\0tissa\0bandiagara\0"
    "gourma-rharous\0diallassagou\0zambougou\0\xC9\x9B" "bola\0";

static struct likeness *
make(uint32_t *offsets)
{
	size_t	 n = 0;

	for (size_t at = 0; pool[at] != '\0'; at += strlen(pool + at) + 1)
		offsets[n++] = (uint32_t)at;
	return likeness_new(pool, offsets, n);
}

/* The word found, "" for none, "?" for several. */
static const char *
find(const struct likeness *l, const char *word, struct likeness_hit *hit)
{
	struct likeness_hit hits[8];
	size_t	 n = likeness_find(l, word, strlen(word), hits, 8);

	*hit = hits[0];
	return n == 0 ? "" : n > 1 ? "?" : pool + hits[0].offset;
}

TEST(typing_errors_are_counted)
{
	static const struct { const char *a, *b; unsigned most, want; } rows[] = {
		{ "bankass", "bankass", 2, 0 }, { "bankass", "banakss", 2, 1 }, { "bankass", "bankas", 2, 1 },
		{ "bankass", "banckass", 2, 1 }, { "bankass", "bonkass", 2, 1 }, { "bankass", "bonkas", 2, 2 },
		{ "ca", "abc", 3, 3 },		/* no substring edited twice */
		{ "bankass", "koro", 2, 3 }, { "", "ab", 2, 2 }, { "ab", "ba", 0, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_INT(likeness_typos(rows[i].a, strlen(rows[i].a), rows[i].b, strlen(rows[i].b), rows[i].most), rows[i].want);
		CHECK_INT(likeness_typos(rows[i].b, strlen(rows[i].b), rows[i].a, strlen(rows[i].a), rows[i].most), rows[i].want);
	}
}

TEST(spellings_of_one_sound_share_a_key)
{
	static const struct { const char *a, *b; } same[] = {
		{ "ouenkoro", "wenkoro" }, { "djeme", "dieme" }, { "yendouma", "yenndouma" }, { "labbezanga", "labezanga" },
		{ "diabaly", "diabali" }, { "dempare", "dempari" }, { "zambougou", "zanbougou" }, { "sanga", "zanga" },
		{ "songho", "songo" }, { "segou", "segu" }, { "sikasso", "sikaso" }, { "bougouni", "buguni" }, { "sevare", "seware" },
		{ "quinzambougou", "kinzanbougou" }, { "ouatagouna", "watagouna" }, { "gnimitongo", "nyimitongo" },
	}, other[] = {
		{ "bankass", "bandia" }, { "koro", "kora" }, { "mopti", "mopto" }, { "douna", "douma" },
	};
	char	 a[LIKENESS_LETTERS_MAX + 1], b[LIKENESS_LETTERS_MAX + 1];

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		likeness_sound(same[i].a, strlen(same[i].a), a);
		likeness_sound(same[i].b, strlen(same[i].b), b);
		CHECK_MSG(strcmp(a, b) == 0, "%s %s but %s %s", same[i].a, a, same[i].b, b);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		likeness_sound(other[i].a, strlen(other[i].a), a);
		likeness_sound(other[i].b, strlen(other[i].b), b);
		CHECK_MSG(strcmp(a, b) != 0, "%s and %s are %s", other[i].a, other[i].b, a);
	}
}

TEST(words_are_found_again)
{
	uint32_t offsets[32];
	struct likeness *l = make(offsets);
	struct likeness_hit hit;

	CHECK(l != NULL);
	if (l == NULL)
		return;
	CHECK_STR(find(l, "bankas", &hit), "bankass");
	CHECK(hit.typos == 1 && hit.sounds && hit.letters == 7);
	CHECK_STR(find(l, "bnakass", &hit), "bankass");
	CHECK(hit.typos == 1 && !hit.sounds);
	CHECK_STR(find(l, "bnakss", &hit), "");			/* two errors are too many for seven letters */
	CHECK_STR(find(l, "ogosagu", &hit), "ogossagou");
	CHECK(hit.sounds);
	CHECK_STR(find(l, "bndiagar", &hit), "bandiagara");	/* but not for ten */
	CHECK_INT(hit.typos, 2);
	CHECK_STR(find(l, "indelimann", &hit), "in-deliman");
	CHECK_STR(find(l, "tisa", &hit), "");			/* four letters are never guessed */
	CHECK_STR(find(l, "tissu", &hit), "tissa");
	CHECK_STR(find(l, "koror", &hit), "");			/* nor towards four */
	CHECK_STR(find(l, "wenkoro", &hit), "ouenkoro");
	CHECK_INT(hit.typos, LIKENESS_FAR);
	CHECK_STR(find(l, "", &hit), "");
	CHECK(likeness_bytes(l) > 1000);
	likeness_free(l);
	likeness_free(NULL);
}

static size_t
edit(char *w, size_t n)
{
	size_t	 at = test_below((uint32_t)n), i;
	char	 c = (char)('a' + test_below(26));

	switch (test_below(4)) {
	case 0:
		w[at] = c;
		return n;
	case 1:
		memmove(w + at, w + at + 1, n - at);
		return n - 1;
	case 2:
		memmove(w + at + 1, w + at, n - at + 1);
		w[at] = c;
		return n + 1;
	default:
		i = at + 1 < n ? at + 1 : at;
		c = w[at];
		w[at] = w[i];
		w[i] = c;
		return n;
	}
}

/* Whatever was done to a word, it is found exactly when the distance says so. */
TEST(the_index_agrees_with_the_distance)
{
	uint32_t offsets[32];
	struct likeness *l = make(offsets);

	for (int round = 0; round < 40000 && l != NULL; round++) {
		const char *folded = pool + offsets[test_below(12)];
		char	 word[LIKENESS_LETTERS_MAX + 8], letters[LIKENESS_LETTERS_MAX + 1];
		size_t	 len = likeness_letters(folded, strlen(folded), letters), n = len, hits;
		struct likeness_hit hit[16];
		unsigned most = len >= LIKENESS_TWO_LETTERS ? 2 : 1;
		bool	 found = false;

		memcpy(word, letters, len + 1);
		for (uint32_t times = test_below(3); times > 0; times--)
			n = edit(word, n);
		if (len < LIKENESS_LETTERS || n < LIKENESS_LETTERS || (most == 2 && n + 1 < LIKENESS_TWO_LETTERS))
			continue;
		hits = likeness_find(l, word, n, hit, 16);
		for (size_t i = 0; i < hits; i++)
			found |= hit[i].offset == (uint32_t)(folded - pool) && hit[i].typos != LIKENESS_FAR;
		CHECK_MSG(found == (likeness_typos(word, n, letters, len, most) <= most), "'%s' from '%s'", word, letters);
	}
	likeness_free(l);
}

TEST_MAIN(TEST_ROW(typing_errors_are_counted), TEST_ROW(spellings_of_one_sound_share_a_key), TEST_ROW(words_are_found_again),
    TEST_ROW(the_index_agrees_with_the_distance))
