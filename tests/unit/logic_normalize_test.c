/* The two forms of a text, and the way back to the original. */
#include "logic/normalize.h"
#include "base/utf8.h"
#include "unit/test.h"

static struct text t;

static const char *
fold(const char *s)
{
	normalize(s, strlen(s), &t);
	return t.folded;
}

static const struct fold_row {
	const char *in, *folded;
} folds[] = {
	{ "", "" },
	{ "Ils TIRENT", "ils tirent" },
	{ "é è ç œuvre Æ", "e e c oeuvre ae" },
	{ "e\xCC\x81t\xC3\xA9", "ete" },			/* decomposed and composed */
	{ "kɛlɛ bɔ ɲi ŋana Ɓ ɗ ƴ ǝ ɣ", "kele bo nyi ngana b d y e gh" },
	{ "l\xE2\x80\x99" "attaque \xC2\xAB" "oui\xC2\xBB", "l'attaque \"oui\"" },
	{ "tiiiirrrr venez!!!!", "tiirr venez!!!!" },		/* letters are cut, marks are not */
	{ "1000000 f", "1000000 f" },				/* nor digits */
	{ "a \t\n  b ", "a b" },
	{ "feu\xE2\x80\x8B partout", "feu partout" },		/* zero-width space */
	{ "SOS \xF0\x9F\x94\xA5\xF0\x9F\x94\xA5 koro", "sos koro" },	/* pictures */
	{ "feu\xF0\x9F\x94\xA5koro", "feu koro" },
	{ "bad\xFF" "byte", "bad byte" },
	{ "\xEF\xBC\xB3\xEF\xBC\xAF\xEF\xBC\xB3", "sos" },	/* full-width letters */
	{ "إطلاق أَلنَّار", "اطلاق النار" },			/* alef forms, vowel signs */
	{ "جرحى فی کيدال ٣٠", "جرحي في كيدال 30" },		/* ya, kaf, digits */
	{ "مـسـلـح؟", "مسلح?" },				/* tatweel, question mark */
};

TEST(folding_by_example)
{
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		CHECK_STR(fold(folds[i].in), folds[i].folded);
}

TEST(the_plain_form_keeps_accents_and_composes_them)
{
	fold("KƐLƐ E\xCC\x81T\xC3\x89\xE2\x80\x8B!");
	CHECK_STR(t.plain, "kɛlɛ \xC3\xA9t\xC3\xA9!");
}

TEST(hooks_are_noticed)
{
	fold("kele be");
	CHECK(!t.hooked);
	fold("kɛlɛ");
	CHECK(t.hooked);
	fold("Ŋana");
	CHECK(t.hooked);
	fold("été");
	CHECK(!t.hooked);
}

TEST(tokens_point_into_both_forms)
{
	const char *in = "l'Éléphant, 30 motos";

	fold(in);
	CHECK_INT(t.n_tokens, 4);
	CHECK_MSG(strncmp(t.folded + t.token[1].start, "elephant", t.token[1].len) == 0, "token 1 is '%.*s'",
	    t.token[1].len, t.folded + t.token[1].start);
	CHECK_INT(t.token[1].from, 2);
	CHECK_INT(t.token[1].to, 12);	/* two accents of two bytes */
	CHECK_INT(t.token[2].from, 14);
	CHECK_INT(t.token[3].to, strlen(in));
}

TEST(what_is_dropped_does_not_belong_to_a_word)
{
	fold("tir\xE2\x80\x8B a");
	CHECK_INT(t.token[0].to, 3);
}

TEST(sentences_end_and_words_stand_alone)
{
	fold("attaque. Koro.\nils tirent\ngossi");
	CHECK(t.token[0].alone && t.token[0].stop);
	CHECK(t.token[1].alone && t.token[1].stop);
	CHECK(!t.token[2].alone && !t.token[2].stop);
	CHECK(!t.token[3].alone && t.token[3].stop);
	CHECK(t.token[4].alone);
}

TEST(too_long_is_cut_between_characters)
{
	static char big[TEXT_IN_MAX + 500];

	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = i % 2 == 0 ? '\xC3' : '\xA9';
	normalize(big, TEXT_IN_MAX + 1, &t);
	CHECK(t.truncated);
	CHECK_INT(t.in_len, TEXT_IN_MAX);
	CHECK(utf8_valid(t.folded, t.folded_len));
	normalize(big + 1, TEXT_IN_MAX, &t);
	CHECK(!t.truncated);
	CHECK_STR(t.folded, "ee");	/* a lost byte, then a long run of one letter */
}

TEST(too_many_words_are_said_to_be_cut)
{
	static char big[2 * (TOKENS_MAX + 10) + 1];

	for (size_t i = 0; i < sizeof(big) - 1; i++)
		big[i] = i % 2 == 0 ? 'a' : ' ';
	normalize(big, sizeof(big) - 1, &t);
	CHECK_INT(t.n_tokens, TOKENS_MAX);
	CHECK(t.truncated);
}

TEST(fold_of_a_name_fits_or_fails)
{
	char out[8];

	CHECK_INT(normalize_fold("Ségou", 6, out, sizeof(out)), 5);
	CHECK_STR(out, "segou");
	CHECK_INT(normalize_fold("Ségou", 6, out, 5), -1);
	CHECK_INT(normalize_fold("", 0, out, sizeof(out)), 0);
}

/* ---- properties ---- */

static size_t
random_text(char *out, size_t max)
{
	static const uint32_t some[] = { 'a', 'E', ' ', '\n', '.', '\'', '9', 0xE9, 0x25B, 0x254, 0x301, 0x308, 0x30A, 0x2019, 0x200B,
		0x200D, 0xFE0F, 0x1F525, 0x645, 0x64E, 0x623, 0x649, 0x6A9, 0x664, 0xFDFA, 0xFB01, 0x130, 0x1E9E, 0x3A3, 0x345,
		0xAC00, 0x1100, 0x1161, 0x7CA, 0x1E900, 0x2126, 0x212B, 0xFFFD, 0x1D15E, 0x0F73, 0xDF };
	size_t n = 0, want = test_below((uint32_t)max - 8);

	while (n < want) {
		uint32_t kind = test_below(10);

		if (kind == 0)
			out[n++] = (char)test_below(256);
		else if (kind == 1)
			n += utf8_put(out + n, test_below(0x110000));
		else
			n += utf8_put(out + n, some[test_below(sizeof(some) / sizeof(some[0]))]);
	}
	return n;
}

static void
check_map(const uint16_t *from, size_t len, size_t in_len)
{
	CHECK_INT(from[len], in_len);
	for (size_t i = 0; i < len; i++)
		CHECK_MSG(from[i] <= from[i + 1] && from[i] < in_len, "offset %zu maps to %u, the next to %u, of %zu", i, from[i],
		    from[i + 1], in_len);
}

TEST(offsets_are_monotone_and_in_range)
{
	char in[700];

	for (int round = 0; round < 4000; round++) {
		size_t n = random_text(in, sizeof(in));

		normalize(in, n, &t);
		CHECK(utf8_valid(t.plain, t.plain_len) && utf8_valid(t.folded, t.folded_len));
		CHECK(t.plain[t.plain_len] == '\0' && t.folded[t.folded_len] == '\0');
		check_map(t.plain_from, t.plain_len, t.in_len);
		check_map(t.folded_from, t.folded_len, t.in_len);
	}
}

TEST(tokens_are_in_order_and_in_range)
{
	char in[700];

	for (int round = 0; round < 4000; round++) {
		size_t n = random_text(in, sizeof(in)), end = 0, to = 0;

		normalize(in, n, &t);
		for (size_t i = 0; i < t.n_tokens; i++) {
			CHECK(t.token[i].len > 0 && t.token[i].start >= end && t.token[i].from < t.token[i].to);
			CHECK(t.token[i].to <= t.in_len && t.token[i].from >= (i > 0 ? t.token[i - 1].from : 0) && t.token[i].to >= to);
			end = t.token[i].start + t.token[i].len;
			to = t.token[i].to;
			CHECK(end <= t.folded_len);
		}
	}
}

TEST(folding_twice_is_folding_once)
{
	static struct text again;
	char in[400];

	for (int round = 0; round < 8000; round++) {
		size_t n = random_text(in, sizeof(in));

		normalize(in, n, &t);
		normalize(t.folded, t.folded_len, &again);
		CHECK_MSG(strcmp(t.folded, again.folded) == 0, "'%s' folds again to '%s'", t.folded, again.folded);
	}
}

TEST_MAIN(TEST_ROW(folding_by_example), TEST_ROW(the_plain_form_keeps_accents_and_composes_them), TEST_ROW(hooks_are_noticed),
    TEST_ROW(tokens_point_into_both_forms), TEST_ROW(what_is_dropped_does_not_belong_to_a_word),
    TEST_ROW(sentences_end_and_words_stand_alone), TEST_ROW(too_long_is_cut_between_characters),
    TEST_ROW(too_many_words_are_said_to_be_cut), TEST_ROW(fold_of_a_name_fits_or_fails),
    TEST_ROW(offsets_are_monotone_and_in_range), TEST_ROW(tokens_are_in_order_and_in_range),
    TEST_ROW(folding_twice_is_folding_once))
