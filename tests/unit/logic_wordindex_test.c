/* Words and phrases of many rules found at once, compared with a plain search. */
#include "logic/wordindex.h"
#include "unit/test.h"

static struct text t;

static struct word
word(enum word_kind kind, const char *s)
{
	struct word w = { .kind = kind };

	snprintf(w.text, sizeof(w.text), "%s", s);
	return w;
}

/* "tir* [betail] ~rafales . x .. y" as words. */
static size_t
words_of(const char *phrase, struct word out[PHRASE_WORDS])
{
	char copy[200], *rest = copy, *p;
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", phrase);
	while ((p = strsep(&rest, " ")) != NULL && n < PHRASE_WORDS) {
		size_t len = strlen(p);

		if (strcmp(p, ".") == 0)
			out[n++] = word(WORD_NEAR, "");
		else if (strcmp(p, "..") == 0)
			out[n++] = word(WORD_FAR, "");
		else if (*p == '~')
			out[n++] = word(WORD_FUZZY, p + 1);
		else if (*p == '[') {
			p[len - 1] = '\0';
			out[n++] = word(WORD_LIST, p + 1);
		} else if (p[len - 1] == '*') {
			p[len - 1] = '\0';
			out[n++] = word(WORD_PREFIX, p);
		} else
			out[n++] = word(WORD_EXACT, p);
	}
	return n;
}

static void
add(struct wordindex *ix, const char *phrase, uint32_t value)
{
	struct word w[PHRASE_WORDS];

	CHECK_INT(wordindex_add(ix, w, words_of(phrase, w), value), 0);
}

/* How often the value was found. */
static size_t
found(const struct wordindex *ix, const char *text, uint32_t value)
{
	struct word_hit hits[64];
	bool fault;
	size_t n, count = 0;

	normalize(text, strlen(text), &t);
	n = wordindex_find(ix, &t, hits, 64, &fault, NULL);
	for (size_t i = 0; i < n; i++)
		count += hits[i].value == value;
	CHECK(!fault);
	return count;
}

static const struct row {
	const char *phrase, *text;
	bool	 hit;
} examples[] = {
	{ "coup de feu", "un coup de feu", true },
	{ "coup de feu", "un coup  de, feu!", true },
	{ "coup de feu", "un coup de feux", false },
	{ "coup de feu", "coup de grand feu", false },
	{ "tir*", "tirent", true },
	{ "tir*", "tir", true },
	{ "tir*", "retirer", false },
	{ "~rafales", "rafale", true },			/* missing */
	{ "~rafales", "raffales", true },		/* added */
	{ "~rafales", "rafales", true },
	{ "~rafales", "refales", true },		/* wrong */
	{ "~rafales", "rafalse", true },		/* swapped */
	{ "~rafales", "rafal", false },			/* two */
	{ "~rafales", "rfaalse", false },
	{ "ont .. vaches", "ils ont pris les vaches", true },
	{ "ont .. vaches", "ont vaches", true },
	{ "ont .. vaches", "ont a b c d e vaches", true },
	{ "ont .. vaches", "ont a b c d e f vaches", false },
	{ "ont . vaches", "ont a b vaches", true },
	{ "ont . vaches", "ont a b c vaches", false },
	{ "ont .. vaches", "ils ont fini. les vaches", false },	/* another sentence */
	{ "[betail] vole*", "chevres volees", true },
	{ "[betail] vole*", "maisons volees", false },
	{ "attaque", "lattaque a commence", true },	/* without its apostrophe */
	{ "explosion", "bruit dexplosion", true },
	{ "abri", "labri", false },			/* too short for that */
};

TEST(phrases_by_example)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct wordindex *ix = wordindex_new();
		struct word member = word(WORD_EXACT, "chevres");

		CHECK_INT(wordindex_list(ix, "betail", &member, 1), 0);
		add(ix, examples[i].phrase, 7);
		CHECK_MSG((found(ix, examples[i].text, 7) > 0) == examples[i].hit, "'%s' in '%s' should%s be found", examples[i].phrase,
		    examples[i].text, examples[i].hit ? "" : " not");
		wordindex_free(ix);
	}
}

TEST(a_hit_says_which_words)
{
	struct wordindex *ix = wordindex_new();
	struct word_hit hit[4];
	bool fault;

	add(ix, "de feu", 3);
	normalize("un coup de feu ici", 18, &t);
	CHECK_INT(wordindex_find(ix, &t, hit, 4, &fault, NULL), 1);
	CHECK(hit[0].first == 2 && hit[0].last == 3 && hit[0].value == 3);
	wordindex_free(ix);
}

TEST(one_place_for_many_values)
{
	struct wordindex *ix = wordindex_new();

	add(ix, "feu", 1);
	add(ix, "feu", 2);
	add(ix, "feu rouge", 3);
	CHECK_INT(found(ix, "feu rouge", 1), 1);
	CHECK_INT(found(ix, "feu rouge", 2), 1);
	CHECK_INT(found(ix, "feu rouge", 3), 1);
	wordindex_free(ix);
}

TEST(too_many_hits_are_a_fault_not_a_silence)
{
	struct wordindex *ix = wordindex_new();
	struct word_hit hit[2];
	bool fault;

	add(ix, "a", 1);
	normalize("a a a", 5, &t);
	CHECK_INT(wordindex_find(ix, &t, hit, 2, &fault, NULL), 2);
	CHECK(fault);
	wordindex_free(ix);
}

/* Optimal string alignment by the textbook, to compare with. */
static bool
near_by_table(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[12][12];

	for (size_t i = 0; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			d[i][j] = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < d[i][j])
				d[i][j] = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < d[i][j])
				d[i][j] = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[n][m] <= 1;
}

TEST(near_agrees_with_the_textbook)
{
	for (int round = 0; round < 200000; round++) {
		char a[10] = "", b[10] = "";
		size_t n = test_below(8), m = test_below(8);

		for (size_t i = 0; i < n; i++)
			a[i] = "abc"[test_below(3)];
		for (size_t i = 0; i < m; i++)
			b[i] = test_below(3) > 0 && i < n ? a[i] : "abc"[test_below(3)];
		CHECK_MSG(wordindex_near(a, n, b, m) == near_by_table(a, n, b, m), "'%.*s' and '%.*s'", (int)n, a, (int)m, b);
	}
}

TEST(fuzzy_search_finds_exactly_the_near_words)
{
	struct wordindex *ix = wordindex_new();
	char words[40][8];

	for (size_t i = 0; i < 40; i++) {
		for (size_t k = 0; k < 6; k++)
			words[i][k] = "mno"[test_below(3)];
		words[i][6] = '\0';
		struct word w = word(WORD_FUZZY, words[i]);

		CHECK_INT(wordindex_add(ix, &w, 1, (uint32_t)i), 0);
	}
	for (int round = 0; round < 500; round++) {
		char token[10];
		size_t len = 5 + test_below(3);
		struct word_hit hits[128];
		bool fault;

		for (size_t k = 0; k < len; k++)
			token[k] = "mno"[test_below(3)];
		normalize(token, len, &t);
		if (t.n_tokens != 1 || t.token[0].len != len)
			continue;	/* a run of three was cut */
		size_t n = wordindex_find(ix, &t, hits, 128, &fault, NULL);

		for (uint32_t i = 0; i < 40; i++) {
			bool hit = false;

			for (size_t k = 0; k < n; k++)
				hit = hit || hits[k].value == i;
			CHECK_MSG(hit == wordindex_near(token, len, words[i], 6), "'%.*s' and '%s'", (int)len, token, words[i]);
		}
	}
	wordindex_free(ix);
}

TEST_MAIN(TEST_ROW(phrases_by_example), TEST_ROW(a_hit_says_which_words), TEST_ROW(one_place_for_many_values),
    TEST_ROW(too_many_hits_are_a_fault_not_a_silence), TEST_ROW(near_agrees_with_the_textbook),
    TEST_ROW(fuzzy_search_finds_exactly_the_near_words))
