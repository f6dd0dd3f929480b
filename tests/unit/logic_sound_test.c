/* Words that sound alike have one sound; words that do not, have different ones. */
#include "logic/sound.h"
#include "unit/test.h"

static const struct pair {
	const char *a, *b;
	bool	 same;
} pairs[] = {
	{ "partout", "partou", true }, { "devant", "devan", true }, { "quartier", "kartie", true }, { "chauffe", "chofe", true },
	{ "tirent", "tire", true }, { "tirer", "tirez", true }, { "tirait", "tirees", true }, { "encerclent", "ansercle", true },
	{ "attaquent", "atake", true }, { "maison", "mezon", true }, { "blessee", "blesses", true }, { "demain", "2main", true },
	{ "coups", "koup", true }, { "feu", "feux", true }, { "menace", "menas", false }, { "menace", "menasse", true },
	{ "tue", "tu", false }, { "tuent", "tuer", true }, { "mort", "morte", false }, { "pont", "porte", false },
	{ "violon", "viole", false }, { "explosion", "eksplozion", true }, { "photo", "foto", true }, { "garage", "garaje", true },
	{ "cases", "kaz", true }, { "champ", "chan", true }, { "village", "vilaj", true }, { "mine", "main", false },
	{ "poisson", "poison", false }, { "bien", "bain", false }, { "attention", "atansion", true },
};

TEST(pairs_by_example)
{
	char a[SOUND_MAX], b[SOUND_MAX];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		CHECK(sound_key(pairs[i].a, strlen(pairs[i].a), false, a) > 0);
		CHECK(sound_key(pairs[i].b, strlen(pairs[i].b), false, b) > 0);
		CHECK_MSG((strcmp(a, b) == 0) == pairs[i].same, "%s sounds %s, %s sounds %s", pairs[i].a, a, pairs[i].b, b);
	}
}

TEST(what_is_no_word_has_no_sound)
{
	char out[SOUND_MAX], longest[100];

	memset(longest, 'a', sizeof(longest));
	CHECK_INT(sound_key("", 0, false, out), 0);
	CHECK_INT(sound_key("30", 2, false, out), 0);
	CHECK_INT(sound_key("12", 2, false, out), 0);
	CHECK_INT(sound_key("\xD9\x87", 2, false, out), 0);
	CHECK_INT(sound_key("a1-b", 4, false, out), 0);
	CHECK_INT(sound_key(longest, sizeof(longest), false, out), 0);
}

/* The sound of a beginning begins the sound of every form of the word. */
TEST(a_beginning_is_heard_in_its_words)
{
	static const char *const words[][2] = {
		{ "attaqu", "attaques" }, { "brul", "brulaient" }, { "menac", "menacer" }, { "egorg", "egorgees" }, { "encercl", "ancercle" },
		{ "empoison", "empoisonne" }, { "bless", "blessent" }, { "refus", "refuser" },
	};
	char start[SOUND_MAX], whole[SOUND_MAX];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = sound_key(words[i][0], strlen(words[i][0]), true, start);

		sound_key(words[i][1], strlen(words[i][1]), false, whole);
		CHECK_MSG(n > 0 && strncmp(start, whole, n) == 0, "%s* (%s) is not heard in %s (%s)", words[i][0], start, words[i][1],
		    whole);
	}
}

TEST(any_bytes_are_safe)
{
	char in[64], out[SOUND_MAX];

	for (int round = 0; round < 200000; round++) {
		size_t len = test_below(sizeof(in)), n;

		for (size_t i = 0; i < len; i++)
			in[i] = test_below(20) == 0 ? (char)test_below(256) : "aeiounmstcghqpx12"[test_below(17)];
		n = sound_key(in, len, test_below(2) == 0, out);
		CHECK(n < SOUND_MAX && (n == 0 || strlen(out) == n));
	}
}

TEST_MAIN(TEST_ROW(pairs_by_example), TEST_ROW(what_is_no_word_has_no_sound), TEST_ROW(a_beginning_is_heard_in_its_words),
    TEST_ROW(any_bytes_are_safe))
