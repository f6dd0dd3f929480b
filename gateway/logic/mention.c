/* Finds place names among the words of a text and reads what the neighbouring words say about them. */
#include "logic/mention.h"

#include <ctype.h>
#include <string.h>

#include "logic/likeness.h"
#include "logic/ordinary.h"
#include "logic/placewords.h"

#define REACH	4	/* words before a name that may say something about it */
#define ANSWER_WORDS	3	/* a message this short that is a place name is the answer to "which village?" */

/* How much a name needs to be taken for a place, and how much the text gives. */
enum trust { TRUST_FREE, TRUST_WEAK, TRUST_STRONG, TRUST_NEVER };

struct view {
	const struct gazetteer *g;
	const char *original;
	const struct text *t;
};

/* ---- words ---- */

static bool
token_is(const struct text *t, size_t i, const char *word)
{
	const struct token *k = &t->token[i];

	return t->folded[k->start] == word[0] && strlen(word) == k->len &&
	    memcmp(t->folded + k->start, word, k->len) == 0;
}

static bool
token_in(const struct text *t, size_t i, const char *const *list)
{
	for (; *list != NULL; list++)
		if (token_is(t, i, *list))
			return true;
	return false;
}

/*
 * The word "back" places before token i, or -1: none, or a stop or comma lies between. Offsets are
 * signed so that a walk off the front of the text ends quietly.
 */
static long
before(const struct text *t, size_t i, size_t back)
{
	for (size_t n = 0; n < back; n++) {
		const struct token *k;

		if (i == 0)
			return -1;
		k = &t->token[--i];
		if (k->stop || memchr(t->folded + k->start + k->len, ',', (size_t)(t->token[i + 1].start - k->start - k->len)))
			return -1;
	}
	return (long)i;
}

static bool
before_is(const struct text *t, size_t i, size_t back, const char *const *list)
{
	long	 k = before(t, i, back);

	return k >= 0 && token_in(t, (size_t)k, list);
}

/* Skips "de", "de la", "l'" and the like before token i: the index of the first word that belongs to what follows. */
static size_t
skip_of(const struct text *t, size_t i)
{
	for (size_t n = 0; n < 2; n++)
		if (before_is(t, i, 1, words_of) || before_is(t, i, 1, articles))
			i--;
	return i;
}

static size_t
count_letters(const struct text *t, size_t first, size_t last)
{
	size_t	 n = 0;

	for (size_t i = first; i <= last; i++)
		for (size_t b = 0; b < t->token[i].len; b++)
			n += (t->folded[t->token[i].start + b] & 0xC0) != 0x80;
	return n;
}

static bool
has_letter(const struct text *t, size_t i)
{
	for (size_t b = 0; b < t->token[i].len; b++)
		if (!isdigit((unsigned char)t->folded[t->token[i].start + b]))
			return true;
	return false;
}

/* ---- how much a name needs ---- */

/* How many words of the list the text has. */
static size_t
count_marks(const struct text *t, const char *const *list)
{
	size_t	 found = 0;

	for (size_t i = 0; i < t->n_tokens; i++)
		found += token_in(t, i, list);
	return found;
}

/* Two of the small words that every Bambara sentence has, and more of them than of those that every French one has. */
static bool
is_bambara(const struct text *t)
{
	size_t	 marks = count_marks(t, bambara_marks);

	return marks >= 2 && marks > count_marks(t, french_marks);
}

static bool
is_english(const struct text *t)
{
	return count_marks(t, english_marks) > count_marks(t, french_marks) + 1;
}

static bool
comma_or_end_behind(const struct text *t, size_t i)
{
	size_t	 end = (size_t)t->token[i].start + t->token[i].len;

	end += t->folded[end] == ' ';		/* the French put one before a colon */
	return t->token[i].stop || i + 1 == t->n_tokens || t->folded[end] == ',' || t->folded[end] == ':';
}

/* "dire": the verb, or Dire without its accent behind "a", "au", "vers". */
static enum trust
need_of_dire(const struct text *t, size_t i)
{
	long	 next = i + 1 < t->n_tokens && before(t, i + 1, 1) >= 0 ? (long)i + 1 : -1;

	if (before(t, i, 1) < 0 && comma_or_end_behind(t, i))
		return TRUST_WEAK;
	/* Who writes the accent of "à" writes that of Dire, too. */
	if (before_is(t, i, 1, words_at) && t->token[i - 1].to - t->token[i - 1].from > t->token[i - 1].len)
		return TRUST_STRONG;
	if (!before_is(t, i, 1, words_at) || before_is(t, i, 2, before_to_say) ||
	    (next >= 0 && token_in(t, (size_t)next, after_to_say)))
		return TRUST_STRONG;
	return TRUST_WEAK;
}

static enum trust
need_of_word(const struct text *t, size_t i)
{
	if (token_in(t, i, known_homographs))
		return token_in(t, i, english_homographs) && is_english(t) ? TRUST_STRONG : TRUST_WEAK;
	if (token_in(t, i, never_places) || token_in(t, i, peoples))
		return TRUST_NEVER;
	if (token_is(t, i, "dire"))
		return need_of_dire(t, i);
	if (token_in(t, i, ordinary_words) || token_in(t, i, person_names))
		return TRUST_STRONG;
	if (token_in(t, i, sahel_words))
		return count_marks(t, french_marks) > 0 && !is_bambara(t) ? TRUST_WEAK : TRUST_STRONG;
	if (!ordinary_word(t->folded + t->token[i].start, t->token[i].len))
		return ordinary_rare(t->folded + t->token[i].start, t->token[i].len) ? TRUST_WEAK : TRUST_FREE;
	return t->token[i].len > LIKENESS_LETTERS ? TRUST_WEAK : TRUST_STRONG;
}

/* ɛ ɔ ɲ ɗ ɓ (C9 ..), ŋ (C5 8B), ƴ (C6 B4) in the original: whoever writes "kɔrɔ" does not mean Koro. */
static bool
hooked(const char *s, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if ((unsigned char)s[i] == 0xC9 || ((unsigned char)s[i] == 0xC5 && (unsigned char)s[i + 1] == 0x8B) ||
		    ((unsigned char)s[i] == 0xC6 && (unsigned char)s[i + 1] == 0xB4))
			return true;
	return false;
}

static enum trust
need_of(const struct view *v, const struct mention *m)
{
	const struct text *t = v->t;
	const struct gazetteer_row *row = gazetteer_row(v->g, m->rows[0]);
	size_t	 letters = count_letters(t, m->first, m->last);
	enum trust need = TRUST_NEVER;

	if (m->last > m->first) {	/* "de la" is no place, "san pedro" is one */
		for (size_t i = m->first; i <= m->last; i++)
			if (t->token[i].len > 1 && need_of_word(t, i) < need)
				need = need_of_word(t, i);
		return letters <= 3 && need < TRUST_STRONG ? TRUST_STRONG : need;
	}
	need = need_of_word(t, m->first);
	if (need == TRUST_FREE && (letters <= 2 || (row->rank >= RANK_TERRAIN && letters <= 5)))
		return TRUST_STRONG;
	if (need == TRUST_FREE && (letters <= 4 || row->rank >= RANK_TERRAIN || (letters <= 6 && is_bambara(t))))
		return TRUST_WEAK;
	if (need == TRUST_WEAK && t->hooked && !hooked(row->name, strlen(row->name)) &&
	    hooked(v->original + t->token[m->first].from, t->token[m->first].to - t->token[m->first].from))
		return TRUST_STRONG;
	return need;
}

/* ---- what the text gives ---- */

static bool
capital(const char *original, const struct token *k)
{
	unsigned char c = (unsigned char)original[k->from];

	if (c == 0xC3)
		return k->from + 1 < k->to && (unsigned char)original[k->from + 1] < 0x9F;
	return isupper(c) != 0;
}

static bool
all_capitals(const char *original, const struct token *k)
{
	for (size_t i = k->from; i < k->to; i++)
		if (islower((unsigned char)original[i]))
			return false;
	return true;
}

/* A capital in the middle of a sentence that is otherwise written in small letters. */
static bool
capitalized(const struct view *v, const struct mention *m)
{
	const struct token *k = &v->t->token[m->first];
	long	 prior = before(v->t, m->first, 1);

	return prior >= 0 && capital(v->original, k) && !all_capitals(v->original, k) &&
	    !capital(v->original, &v->t->token[prior]) && has_letter(v->t, (size_t)prior);
}

/* Bytes of Latin-1 letters and ASCII without regard to case, so that "DIRÉ" is spelt like "Diré". */
static unsigned char
lower_byte(const char *s, size_t i)
{
	unsigned char c = (unsigned char)s[i];

	if (i > 0 && (unsigned char)s[i - 1] == 0xC3 && c >= 0x80 && c < 0x9F)
		return c | 0x20;
	return (unsigned char)tolower(c);
}

/* "diré" in the text, "Diré" in the gazetteer: the accent tells it from "dire"; but "bébé" has it as a word, too. */
static bool
accents_agree(const struct view *v, const struct mention *m)
{
	const char *name = gazetteer_row(v->g, m->rows[0])->name;
	const char *text = v->original + v->t->token[m->first].from;
	size_t	 len = v->t->token[m->last].to - v->t->token[m->first].from;
	bool	 accent = false;

	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (lower_byte(name, i) != lower_byte(text, i))
			return false;
		accent |= (unsigned char)name[i] >= 0x80;
	}
	return accent;
}

/* "A1 Koro 30": the field behind the code is a place; so is the town behind a short plus code, "3W88+MM Koro". */
static bool
behind_code(const struct text *t, const struct mention *m)
{
	const char *s = t->folded + t->token[0].start;

	if (before(t, m->first, 1) >= 0 && t->token[m->first - 1].start > 0 &&
	    t->folded[t->token[m->first - 1].start - 1] == '+')
		return true;
	return m->first == 1 && t->token[0].len == 2 && isalpha((unsigned char)s[0]) && isdigit((unsigned char)s[1]);
}

/* A name between two stops or commas, or as the whole message. */
static enum trust
alone(const struct text *t, const struct mention *m)
{
	bool	 begins = before(t, m->first, 1) < 0;

	if (m->first == 0 && m->last + 1 == t->n_tokens)
		return TRUST_STRONG;
	if (begins && comma_or_end_behind(t, m->last))
		return TRUST_WEAK;
	return t->n_tokens <= ANSWER_WORDS && (begins || m->last + 1 == t->n_tokens) ? TRUST_WEAK : TRUST_FREE;
}

static bool
place_noun_before(const struct text *t, size_t first)
{
	size_t	 i = skip_of(t, first);
	long	 word = before(t, i, 1);

	if (word < 0)
		return false;
	for (size_t n = 0; n < sizeof(area_words) / sizeof(area_words[0]); n++)
		if (token_is(t, (size_t)word, area_words[n].word))
			return true;
	return token_in(t, (size_t)word, place_nouns) || token_in(t, (size_t)word, road_words);
}

/* A preposition before it; but "a" and "de" are pronoun and particle in Bambara, and say nothing of places. */
static bool
led(const struct view *v, const struct mention *m)
{
	if (m->role == ROLE_NAMED && !before_is(v->t, m->first, 1, words_of) && !m->route)
		return false;
	return !is_bambara(v->t);
}

/* "Koro dugu". */
static bool
village_behind(const struct text *t, const struct mention *m)
{
	return m->last + 1 < t->n_tokens && !t->token[m->last].stop && token_in(t, m->last + 1, words_behind);
}

static enum trust
given(const struct view *v, const struct mention *m, enum trust need)
{
	const struct text *t = v->t;

	bool	 person = m->first == m->last && token_in(t, m->first, person_names);

	if (place_noun_before(t, m->first) || behind_code(t, m) || (capitalized(v, m) && !person) ||
	    ((need == TRUST_WEAK || token_is(t, m->first, "dire")) && accents_agree(v, m)))
		return TRUST_STRONG;
	if (village_behind(t, m))	/* "kan dugu" is Bambara for much else; a long name that is only like one is not */
		return m->letters > LIKENESS_LETTERS ? TRUST_STRONG : TRUST_WEAK;
	if (alone(t, m) != TRUST_FREE)
		return alone(t, m);
	if (led(v, m) || (m->letters != 0 && (before(t, m->first, 1) < 0 || m->last + 1 == t->n_tokens)))
		return TRUST_WEAK;
	return TRUST_FREE;
}

/* "le colonel Koro", "Moussa ag Gao": a person. */
static bool
is_person(const struct text *t, const struct mention *m)
{
	return before_is(t, m->first, 1, titles) ||
	    (m->last + 1 < t->n_tokens && !t->token[m->last].stop && token_in(t, m->last + 1, patronyms));
}

/* ---- roles ---- */

static uint32_t
area_reach(const struct text *t, size_t i)
{
	for (size_t n = 0; n < sizeof(area_words) / sizeof(area_words[0]); n++)
		if (token_is(t, i, area_words[n].word))
			return area_words[n].reach_m;
	return 0;
}

/* The bearing that token i names, or -1. "est" is also "is": it needs "a l'", "au" or a distance before it. */
static double
direction_of(const struct text *t, size_t i)
{
	static const char *const leads[] = { "a", "au", "l", "cote", "km", "kms", "nord", "sud", "north", "south", "sortie", "entree",
	    "partie", NULL };

	for (size_t n = 0; n < sizeof(directions) / sizeof(directions[0]); n++)
		if (token_is(t, i, directions[n].word))
			return token_is(t, i, "est") && !before_is(t, i, 1, leads) ? -1 : directions[n].bearing_deg;
	return -1;
}

/* "nord est" and "north west" in two words: halfway between, the short way round. */
static double
between_bearings(double a, double b)
{
	double	 mean = (a + b) / 2;

	return b - a > 180 || a - b > 180 ? mean + 180 >= 360 ? mean - 180 : mean + 180 : mean;
}

/* A distance that ends before token i ("5 km", "5km", "a 5 km"), in metres, or 0. */
static double
distance_before(const struct text *t, size_t i)
{
	long	 word = before(t, i, 1), number;
	double	 km = 0;
	size_t	 n = 0;
	const char *s;

	if (word < 0)
		return 0;
	number = token_in(t, (size_t)word, kilometre_words) ? before(t, i, 2) : word;
	if (number < 0)
		return 0;
	s = t->folded + t->token[number].start;
	for (; n < t->token[number].len && n < 4 && isdigit((unsigned char)s[n]); n++)
		km = km * 10 + (s[n] - '0');
	if (n == 0 || km > 200)
		return 0;
	if (number == word && (t->token[number].len != n + 2 || memcmp(s + n, "km", 2) != 0))
		return 0;
	return number != word && n != t->token[number].len ? 0 : km * 1000;
}

/* Reads "5 km au nord de" and the like before a name; false: nothing of the sort. */
static bool
read_offset(const struct text *t, struct mention *m)
{
	static const char *const fillers[] = { "au", "a", "l", "le", "vers", "cote", "du", "to", "the", NULL };
	size_t	 i = skip_of(t, m->first);
	long	 word = before(t, i, 1);
	double	 second;

	m->bearing_deg = -1;
	m->away_m = 0;
	if (word < 0 || i == m->first)
		return false;
	m->bearing_deg = direction_of(t, (size_t)word);
	if (m->bearing_deg >= 0) {
		i = (size_t)word;
		if ((word = before(t, i, 1)) >= 0 && (second = direction_of(t, (size_t)word)) >= 0) {
			m->bearing_deg = between_bearings(second, m->bearing_deg);
			i = (size_t)word;
		}
		for (size_t n = 0; n < 3 && before_is(t, i, 1, fillers); n++)
			i--;
	}
	m->away_m = distance_before(t, i);
	return m->bearing_deg >= 0 || m->away_m > 0;
}

static const struct { const char *const *words; enum role role; } role_words[] = {
	{ toward_words, ROLE_TOWARD }, { from_words, ROLE_FROM }, { near_words, ROLE_NEAR },
};

/* "arrivent a Koro", "arrives hier soir a Koro". */
static bool
arrives(const struct text *t, size_t i)
{
	for (size_t back = 1; back <= REACH; back++)
		if (before_is(t, i, back, arrival_words))
			return true;
	return false;
}

static bool
roads_lead(const struct text *t, size_t i)
{
	size_t	 start = skip_of(t, i);

	return before_is(t, start, 1, road_words) || before_is(t, start, 1, between_words);
}

static enum role
read_role(const struct text *t, struct mention *m)
{
	size_t	 i = skip_of(t, m->first);
	long	 word = before(t, i, 1);

	m->route = roads_lead(t, m->first);
	if (read_offset(t, m))
		return ROLE_OFFSET;
	if (word >= 0 && (m->area_m = area_reach(t, (size_t)word)) > 0)
		return ROLE_AREA;
	if (before_is(t, m->first, 1, denial_words) ||
	    (before_is(t, m->first, 1, words_at) && before_is(t, m->first, 2, denial_words)))
		return ROLE_DENIED;
	if (i < m->first && before_is(t, i, 1, people_words))
		return ROLE_FROM;
	for (size_t n = 0; word >= 0 && n < sizeof(role_words) / sizeof(role_words[0]); n++)
		if (token_in(t, (size_t)word, role_words[n].words) ||
		    (before_is(t, i, 1, words_at) && before_is(t, i, 2, role_words[n].words)))
			return role_words[n].role;
	if (before_is(t, i, 1, words_at) && arrives(t, i - 1))
		return ROLE_ARRIVAL;
	if (before_is(t, i, 1, words_at) || (i < m->first && place_noun_before(t, m->first)) || before_is(t, i, 1, place_nouns))
		return ROLE_AT;
	return ROLE_NAMED;
}

/* ---- joining ---- */

/* Whether b follows a with nothing or one joining word between: "Boni et Douentza", "Gao-Ansongo", "Koro Bankass". */
static bool
joins(const struct text *t, const struct mention *a, struct mention *b)
{
	size_t	 end = (size_t)t->token[a->last].start + t->token[a->last].len;
	size_t	 start = t->token[b->first].start;

	b->hyphened = false;
	if (b->first == a->last + 1) {
		for (size_t i = end; i < start; i++) {
			if ((unsigned char)t->folded[i] < 0x80 && strchr(" -/>", t->folded[i]) == NULL)
				return false;	/* beyond ASCII: dashes and arrows */
			b->hyphened |= t->folded[i] != ' ';
		}
		return !t->token[a->last].stop;
	}
	b->hyphened = true;
	return b->first == a->last + 2 && before(t, b->first, 2) >= 0 && token_in(t, a->last + 1, joining_words);
}

/* ---- names that are not written as the gazetteer has them ---- */

#define WINDOW	3	/* words that one such name may have */
#define PHRASE_LETTERS	8
#define PIECE_LETTERS	3

/* Nothing but one space, hyphen or apostrophe between the words, and none so short that it is but a piece of one. */
static bool
one_phrase(const struct text *t, size_t first, size_t last)
{
	for (size_t i = first; i < last; i++) {
		size_t	 end = (size_t)t->token[i].start + t->token[i].len;

		if (t->token[i].stop || t->token[i + 1].start != end + 1 || strchr(" -'", t->folded[end]) == NULL ||
		    (t->folded[end] == ' ' && t->token[i + 1].len < PIECE_LETTERS))
			return false;
	}
	return true;
}

/* At least one row is like the words from first to last; no more unlike than "most". */
static bool
like_words(const struct view *v, size_t first, size_t last, unsigned most, struct mention *m)
{
	const struct text *t = v->t;
	struct gazetteer_like like[HOMONYMS_MAX];
	size_t	 start = t->token[first].start, end = (size_t)t->token[last].start + t->token[last].len;
	size_t	 n = gazetteer_like(v->g, t->folded + start, end - start, like, HOMONYMS_MAX);

	m->n_rows = 0;
	for (size_t i = 0; i < n && like[i].unlike <= most && like[i].unlike <= like[0].unlike + 1; i++) {
		m->rows[m->n_rows] = like[i].row;
		m->unlike[m->n_rows++] = like[i].unlike;
	}
	m->first = first;
	m->last = last;
	m->letters = n > 0 ? like[0].letters : 0;
	return m->n_rows > 0;
}

static bool
all_hyphens(const struct text *t, size_t first, size_t last)
{
	for (size_t i = first; i < last; i++)
		if (t->folded[t->token[i].start + t->token[i].len] != '-')
			return false;
	return true;
}

/* A word that means nothing else, or that names of several words begin with. */
static bool
may_begin_phrase(const struct view *v, size_t i)
{
	const struct text *t = v->t;
	const char *word = t->folded + t->token[i].start;

	if (need_of_word(t, i) == TRUST_NEVER && !token_in(t, i, particles))
		return false;
	return gazetteer_begins(v->g, word, t->token[i].len) ||
	    (t->token[i].len >= PIECE_LETTERS && !ordinary_guess(word, t->token[i].len) && need_of_word(t, i) == TRUST_FREE);
}

static bool
may_end_phrase(const struct text *t, size_t i)
{
	return need_of_word(t, i) == TRUST_FREE || token_in(t, i, peoples);
}

/* The cheap half of whether the words may be one name: most end here. */
static bool
worth_a_look(const struct view *v, size_t first, size_t last)
{
	const struct text *t = v->t;
	const struct token *a = &t->token[first], *b = &t->token[last];

	if (all_hyphens(t, first, last))
		return true;
	return !ordinary_word(t->folded + b->start, b->len) &&
	    (!ordinary_word(t->folded + a->start, a->len) || gazetteer_begins(v->g, t->folded + a->start, a->len));
}

/* "pele kumbole" for Pele-Koumbole, nearly right. A hyphen says that the words belong together; else they must look so. */
static bool
like_phrase(const struct view *v, size_t i, struct mention *m)
{
	const struct text *t = v->t;

	for (size_t words = WINDOW; words > 1; words--) {
		size_t	 last = i + words - 1;

		if (last >= t->n_tokens || !one_phrase(t, i, last) || count_letters(t, i, last) < PHRASE_LETTERS ||
		    !worth_a_look(v, i, last) || !like_words(v, i, last, 3, m))
			continue;
		if (all_hyphens(t, i, last) || (may_end_phrase(t, last) && may_begin_phrase(v, i)))
			return true;
	}
	return false;
}

static bool
like_word(const struct view *v, size_t i, struct mention *m)
{
	const struct text *t = v->t;

	return t->token[i].len >= LIKENESS_LETTERS && !ordinary_word(t->folded + t->token[i].start, t->token[i].len) &&
	    like_words(v, i, i, 4, m) && !ordinary_guess(t->folded + t->token[i].start, t->token[i].len) &&
	    need_of_word(t, i) == TRUST_FREE;
}

/* The shorter the name and the less it is like it, the more the text must say for it. */
static enum trust
need_of_like(const struct view *v, const struct mention *m)
{
	unsigned letters = m->letters, unlike = m->unlike[0];
	enum trust need = TRUST_FREE;

	if (letters < (unlike == 4 ? 12 : 8))
		need = TRUST_WEAK;
	if (letters < 6)
		need = unlike == 1 ? TRUST_WEAK : TRUST_STRONG;
	return v->t->hooked || is_bambara(v->t) ? TRUST_STRONG : need;
}

/* "Koro ni Bankass ce", the Bambara for between them. */
static bool
joins_as_between(const struct text *t, const struct mention *a, const struct mention *b)
{
	return b->first == a->last + 2 && token_is(t, a->last + 1, "ni") && b->last + 1 < t->n_tokens &&
	    !t->token[b->last].stop && token_in(t, b->last + 1, between_behind);
}

/* ---- all of them ---- */

/* The longest name that begins at token i. */
static bool
exact_at(const struct view *v, size_t i, struct mention *m)
{
	const struct text *t = v->t;
	size_t	 words = gazetteer_match(v->g, t->folded, &t->token[i], t->n_tokens - i, m->rows, HOMONYMS_MAX, &m->n_rows);

	if (words == 0)
		return false;
	if (m->n_rows > HOMONYMS_MAX)
		m->n_rows = HOMONYMS_MAX;
	memset(m->unlike, 0, sizeof(m->unlike));
	m->first = i;
	m->last = i + words - 1;
	return true;
}

struct pick {
	struct mention m;
	enum trust need, gives;
};

/* What begins at token i, and how much it needs; false: no name does. */
static bool
pick_at(const struct view *v, size_t i, struct pick *p)
{
	struct mention like = { 0 };

	memset(&p->m, 0, offsetof(struct mention, rows));
	if (!has_letter(v->t, i))
		return false;
	if (exact_at(v, i, &p->m)) {
		p->need = need_of(v, &p->m);
		if (p->m.last > i || !like_phrase(v, i, &like))
			return true;
	} else if (!like_phrase(v, i, &like) && !like_word(v, i, &like))
		return false;
	p->m = like;
	p->need = need_of_like(v, &p->m);
	return true;
}

/* "Koro dans le cercle de Bankass". */
static bool
explains(const struct mention *a, const struct mention *b)
{
	return b->role == ROLE_AREA && b->first - a->last <= REACH + 1;
}

/* An ordinary word beside a place that is beyond doubt is one too ("entre boni et douentza"). */
static void
trust_neighbours(const struct text *t, struct pick *p, size_t n)
{
	for (size_t round = 0; round < n; round++) {
		bool	 changed = false;

		for (size_t i = 0; i + 1 < n; i++) {
			struct pick *a = &p[i], *b = &p[i + 1];

			if ((!joins(t, &a->m, &b->m) && !explains(&a->m, &b->m)) || (a->gives >= a->need) == (b->gives >= b->need))
				continue;
			if (a->gives < a->need && a->need == TRUST_WEAK) {
				a->gives = TRUST_WEAK;
				changed = true;
			} else if (b->gives < b->need && b->need == TRUST_WEAK) {
				b->gives = TRUST_WEAK;
				changed = true;
			}
		}
		if (!changed)
			break;
	}
}

size_t
mentions_find(const struct gazetteer *g, const char *original, const struct text *t,
    struct mention out[MENTIONS_MAX])
{
	struct view v = { g, original, t };
	struct pick picks[MENTIONS_MAX * 2];
	size_t	 n = 0, kept = 0;

	for (size_t i = 0; i < t->n_tokens && n < MENTIONS_MAX * 2; i++) {
		struct pick *p = &picks[n];

		if (!pick_at(&v, i, p))
			continue;
		if (p->need == TRUST_NEVER || is_person(t, &p->m))
			continue;
		p->m.role = read_role(t, &p->m);
		p->gives = p->need == TRUST_FREE ? TRUST_FREE : given(&v, &p->m, p->need);
		i = p->m.last;
		n++;
	}
	trust_neighbours(t, picks, n);
	for (size_t i = 0; i < n && kept < MENTIONS_MAX; i++) {
		if (picks[i].gives < picks[i].need)
			continue;
		out[kept] = picks[i].m;
		out[kept].cued = picks[i].need != TRUST_FREE;
		out[kept].joined = kept > 0 && joins(t, &out[kept - 1], &out[kept]);
		if (out[kept].joined && joins_as_between(t, &out[kept - 1], &out[kept]))
			out[kept - 1].route = true;
		kept++;
	}
	return kept;
}
