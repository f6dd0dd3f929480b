/* Ordinary words: in the lists, in the plural, as people write them; and names that are none. */
#include "logic/ordinary.h"
#include "unit/test.h"

static bool
common(const char *word)
{
	return ordinary_word(word, strlen(word));
}

static bool
guess(const char *word)
{
	return ordinary_guess(word, strlen(word));
}

TEST(words_are_known)
{
	static const char *const words[] = { "memoire", "memoires", "homme", "village", "young", "yesterday", "about", "maison" };
	static const char *const names[] = { "bankass", "ogossagou", "sevare", "tombouctou", "menaka", "anderamboukane", "", "a", "zzzz" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		CHECK_MSG(common(words[i]) && guess(words[i]), "'%s' is not known", words[i]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_MSG(!common(names[i]) && !guess(names[i]), "'%s' is a word", names[i]);
}

TEST(words_are_known_as_people_write_them)
{
	static const char *const words[] = { "heureu", "lhomme", "dhomme", "enfan", "memoir" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		CHECK_MSG(!common(words[i]) && guess(words[i]), "'%s'", words[i]);
	CHECK(!guess("anticonstitutionnellementanticonstitutionnellement"));
}

TEST(a_rare_word_is_not_a_common_one)
{
	CHECK(ordinary_rare("baliser", 7) || ordinary_rare("balisa", 6) || ordinary_rare("balise", 6));
	CHECK(!ordinary_rare("homme", 5));
	CHECK(!ordinary_rare("hommebalise", 11));
	CHECK(!ordinary_word("homme village", 13));
}

TEST_MAIN(TEST_ROW(words_are_known), TEST_ROW(words_are_known_as_people_write_them),
    TEST_ROW(a_rare_word_is_not_a_common_one))
