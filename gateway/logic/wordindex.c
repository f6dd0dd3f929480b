/* A hash of words and a trie of phrases over them; typing errors through a deletion index. */
#include "logic/wordindex.h"

#include <stdlib.h>
#include <string.h>

#include "logic/sound.h"

#define ATOMS_OF_TOKEN	64	/* rule words that one word of a text may stand for */
#define STEPS_MAX	200000	/* of one search; a text of ordinary size needs a few hundred */
#define SPANS_MAX	256	/* places of a text where a row of words stands that is on a list */
#define LIST_DEPTH	8	/* lists on lists */
#define ELIDED_MIN	6	/* letters of a word that may have swallowed an l' or d' */
#define SOUND_MIN	3	/* sounds that the beginning of a word must have */
#define ROOT		0u	/* phrases of rules begin here */
#define ROOT_LISTS	1u	/* rows of words on lists */
#define NONE		UINT32_MAX

/* ---- a growing map of 64-bit keys ---- */

struct map {
	uint64_t *key;		/* 0: free */
	uint32_t *value;
	size_t	 cap, n;
};

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 31;
	h *= 0x9E3779B97F4A7C15u;
	h ^= h >> 29;
	return h == 0 ? 1 : h;
}

static uint64_t
hash_bytes(const char *p, size_t len, uint64_t seed)
{
	uint64_t h = 0xCBF29CE484222325u ^ seed;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001B3u;
	return mix(h);
}

static size_t
map_slot(const struct map *m, uint64_t key)
{
	size_t i = (size_t)(key & (m->cap - 1));

	while (m->key[i] != 0 && m->key[i] != key)
		i = (i + 1) & (m->cap - 1);
	return i;
}

static uint32_t
map_get(const struct map *m, uint64_t key)
{
	size_t i;

	if (m->cap == 0)
		return NONE;
	i = map_slot(m, key);
	return m->key[i] == key ? m->value[i] : NONE;
}

static int
map_grow(struct map *m)
{
	struct map bigger = { .cap = m->cap == 0 ? 256 : m->cap * 2, .n = m->n };
	size_t slot;

	bigger.key = calloc(bigger.cap, sizeof(*bigger.key));
	bigger.value = calloc(bigger.cap, sizeof(*bigger.value));
	if (bigger.key == NULL || bigger.value == NULL) {
		free(bigger.key);
		free(bigger.value);
		return -1;
	}
	for (size_t i = 0; i < m->cap; i++) {
		if (m->key[i] == 0)
			continue;
		slot = map_slot(&bigger, m->key[i]);
		bigger.key[slot] = m->key[i];
		bigger.value[slot] = m->value[i];
	}
	free(m->key);
	free(m->value);
	*m = bigger;
	return 0;
}

static int
map_set(struct map *m, uint64_t key, uint32_t value)
{
	size_t i;

	if (2 * (m->n + 1) > m->cap && map_grow(m) == -1)
		return -1;
	i = map_slot(m, key);
	if (m->key[i] == 0)
		m->n++;
	m->key[i] = key;
	m->value[i] = value;
	return 0;
}

static void
map_free(struct map *m)
{
	free(m->key);
	free(m->value);
}

/* ---- the index ---- */

/* A word as rules write it. Chained: the next with the same hash, or with the same deletion. */
struct atom {
	struct word word;
	size_t	 len;
	uint32_t next_same;
	uint32_t lists;		/* first of the lists it is on, in links[] */
	size_t	 sound_len;
	char	 sound[SOUND_MAX];
};

struct link {
	uint32_t to, next;
};

struct node {
	uint32_t out;		/* first value, in links[] */
	uint32_t gap[3];	/* nodes behind ".", ".." and "...", NONE */
	uint32_t through;	/* value of a phrase that passes here */
};

struct wordindex {
	struct atom *atom;
	size_t	 n_atoms, cap_atoms;
	struct link *link;
	size_t	 n_links, cap_links;
	struct node *node;
	size_t	 n_nodes, cap_nodes;
	struct map words;	/* kind and text -> first atom of that hash */
	struct map deletions;	/* text with one byte less -> first link to a fuzzy atom */
	struct map edges;	/* node and atom -> node */
	struct map sounds;	/* sound of a word, or of the beginning of one -> first link to an atom */
	uint64_t prefix_lengths;	/* bit n: some prefix has n bytes */
	uint64_t sound_lengths;		/* bit n: some prefix has n sounds */
	bool	 fuzzy;
};

static int
reserve(void **v, size_t *cap, size_t n, size_t size)
{
	size_t bigger = *cap == 0 ? 256 : *cap * 2;
	void *p;

	if (n < *cap)
		return 0;
	if ((p = realloc(*v, bigger * size)) == NULL)
		return -1;
	*v = p;
	*cap = bigger;
	return 0;
}

static int
node_new(struct wordindex *ix, uint32_t *id)
{
	void *v = ix->node;

	if (reserve(&v, &ix->cap_nodes, ix->n_nodes, sizeof(*ix->node)) == -1)
		return -1;
	ix->node = v;
	ix->node[ix->n_nodes] = (struct node){ .out = NONE, .gap = { NONE, NONE, NONE }, .through = NONE };
	*id = (uint32_t)ix->n_nodes++;
	return 0;
}

/* Puts a link in front of the chain that begins at *first. */
static int
link_add(struct wordindex *ix, uint32_t *first, uint32_t to)
{
	void *v = ix->link;

	if (reserve(&v, &ix->cap_links, ix->n_links, sizeof(*ix->link)) == -1)
		return -1;
	ix->link = v;
	ix->link[ix->n_links] = (struct link){ .to = to, .next = *first };
	*first = (uint32_t)ix->n_links++;
	return 0;
}

struct wordindex *
wordindex_new(void)
{
	struct wordindex *ix = calloc(1, sizeof(*ix));
	uint32_t root;

	for (uint32_t i = ROOT; ix != NULL && i <= ROOT_LISTS; i++) {
		if (node_new(ix, &root) == -1) {
			wordindex_free(ix);
			ix = NULL;
		}
	}
	return ix;
}

void
wordindex_free(struct wordindex *ix)
{
	if (ix == NULL)
		return;
	free(ix->atom);
	free(ix->link);
	free(ix->node);
	map_free(&ix->words);
	map_free(&ix->deletions);
	map_free(&ix->edges);
	map_free(&ix->sounds);
	free(ix);
}

static uint64_t
word_key(enum word_kind kind, const char *p, size_t len)
{
	return hash_bytes(p, len, (uint64_t)(kind + 1) << 56);
}

static uint32_t
atom_next(const struct wordindex *ix, uint32_t id, const struct word *w, size_t len)
{
	const struct atom *a;

	for (; id != NONE; id = a->next_same) {
		a = &ix->atom[id];
		if (a->word.kind == w->kind && a->word.sound == w->sound && a->len == len && memcmp(a->word.text, w->text, len) == 0)
			return id;
	}
	return NONE;
}

/* Chains an atom under a key of one of the maps. */
static int
map_chain(struct wordindex *ix, struct map *m, uint64_t key, uint32_t atom)
{
	uint32_t first = map_get(m, key);

	if (link_add(ix, &first, atom) == -1)
		return -1;
	return map_set(m, key, first);
}

static int
deletion_add(struct wordindex *ix, const char *p, size_t len, uint32_t atom)
{
	return map_chain(ix, &ix->deletions, hash_bytes(p, len, 0), atom);
}

/* Files a word under its sound. A beginning with hardly any sound would fit everything. */
static int
atom_index_sound(struct wordindex *ix, uint32_t id)
{
	struct atom *a = &ix->atom[id];
	bool prefix = a->word.kind == WORD_PREFIX;

	a->sound_len = sound_key(a->word.text, a->len, prefix, a->sound);
	if (a->sound_len < (prefix ? SOUND_MIN : 1u))
		return 0;
	if (prefix)
		ix->sound_lengths |= UINT64_C(1) << a->sound_len;
	return map_chain(ix, &ix->sounds, word_key(prefix ? WORD_PREFIX : WORD_EXACT, a->sound, a->sound_len), id);
}

/* The word without its byte i. */
static size_t
without(const char *p, size_t len, size_t i, char out[WORD_MAX])
{
	memcpy(out, p, i);
	memcpy(out + i, p + i + 1, len - i - 1);
	return len - 1;
}

static int
atom_index_fuzzy(struct wordindex *ix, uint32_t id)
{
	const struct word w = ix->atom[id].word;
	size_t len = ix->atom[id].len;
	char shorter[WORD_MAX];

	ix->fuzzy = true;
	if (deletion_add(ix, w.text, len, id) == -1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && w.text[i] == w.text[i - 1])
			continue;	/* the same deletion as before */
		without(w.text, len, i, shorter);
		if (deletion_add(ix, shorter, len - 1, id) == -1)
			return -1;
	}
	return 0;
}

static int
atom_get(struct wordindex *ix, const struct word *w, uint32_t *id)
{
	size_t len = strnlen(w->text, WORD_MAX - 1);
	uint64_t key = word_key(w->kind, w->text, len);
	void *v = ix->atom;

	if ((*id = atom_next(ix, map_get(&ix->words, key), w, len)) != NONE)
		return 0;
	if (reserve(&v, &ix->cap_atoms, ix->n_atoms, sizeof(*ix->atom)) == -1)
		return -1;
	ix->atom = v;
	*id = (uint32_t)ix->n_atoms;
	ix->atom[*id] = (struct atom){ .word = *w, .len = len, .next_same = map_get(&ix->words, key), .lists = NONE };
	if (map_set(&ix->words, key, *id) == -1)
		return -1;
	ix->n_atoms++;
	if (w->kind == WORD_PREFIX)
		ix->prefix_lengths |= UINT64_C(1) << len;
	if (w->sound && atom_index_sound(ix, *id) == -1)
		return -1;
	return w->kind == WORD_FUZZY ? atom_index_fuzzy(ix, *id) : 0;
}

static uint64_t
edge_key(uint32_t node, uint32_t atom)
{
	return mix(((uint64_t)node << 32 | atom) + 1);
}

static int
descend(struct wordindex *ix, uint32_t *node, const struct word *w)
{
	uint32_t atom, child;
	uint64_t key;
	size_t gap;

	if (w->kind >= WORD_NEAR) {
		gap = w->kind - WORD_NEAR;
		if (ix->node[*node].gap[gap] == NONE) {
			if (node_new(ix, &child) == -1)
				return -1;
			ix->node[*node].gap[gap] = child;
		}
		*node = ix->node[*node].gap[gap];
		return 0;
	}
	if (atom_get(ix, w, &atom) == -1)
		return -1;
	key = edge_key(*node, atom);
	child = map_get(&ix->edges, key);
	if (child == NONE && (node_new(ix, &child) == -1 || map_set(&ix->edges, key, child) == -1))
		return -1;
	*node = child;
	return 0;
}

static int
path_add(struct wordindex *ix, uint32_t node, const struct word *words, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++) {
		if (descend(ix, &node, &words[i]) == -1)
			return -1;
		if (ix->node[node].through == NONE)
			ix->node[node].through = value;
	}
	return link_add(ix, &ix->node[node].out, value);
}

int
wordindex_add(struct wordindex *ix, const struct word *words, size_t n, uint32_t value)
{
	return path_add(ix, ROOT, words, n, value);
}

int
wordindex_list(struct wordindex *ix, const char *list, const struct word *words, size_t n)
{
	struct word w = { .kind = WORD_LIST };
	uint32_t list_id, member_id;

	memcpy(w.text, list, strnlen(list, WORD_MAX - 1));
	if (atom_get(ix, &w, &list_id) == -1)
		return -1;
	if (n > 1)
		return path_add(ix, ROOT_LISTS, words, n, list_id);
	if (atom_get(ix, &words[0], &member_id) == -1)
		return -1;
	return link_add(ix, &ix->atom[member_id].lists, list_id);
}

/* ---- searching ---- */

bool
wordindex_near(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i = 0, j = 0;

	if (a_len > b_len + 1 || b_len > a_len + 1)
		return false;
	while (i < a_len && i < b_len && a[i] == b[i])
		i++;
	while (j < a_len - i && j < b_len - i && a[a_len - 1 - j] == b[b_len - 1 - j])
		j++;
	a_len -= i + j;
	b_len -= i + j;
	if (a_len <= 1 && b_len <= 1)
		return true;
	return a_len == 2 && b_len == 2 && a[i] == b[i + 1] && a[i + 1] == b[i];
}

struct atoms {
	uint32_t v[ATOMS_OF_TOKEN];
	size_t	 n;
};

struct search {
	const struct wordindex *ix;
	const struct text *t;
	struct atoms *atoms;		/* of each token */
	struct word_hit span[SPANS_MAX];	/* rows of words on lists, by their first token; the value is the list */
	size_t	 n_spans;
	struct word_hit *hits;
	size_t	 n, max, steps, depth;
	uint16_t first;
	struct near_hit *nearest;	/* NULL: not asked for */
	bool	 fault;
};

static void
atoms_add(struct search *s, struct atoms *of, uint32_t id)
{
	if (id == NONE)
		return;
	for (size_t i = 0; i < of->n; i++) {
		if (of->v[i] == id)
			return;
	}
	if (of->n == ATOMS_OF_TOKEN) {
		s->fault = true;
		return;
	}
	of->v[of->n++] = id;
}

static void
atoms_near(struct search *s, struct atoms *of, const char *token, size_t len, const char *key, size_t key_len)
{
	const struct wordindex *ix = s->ix;
	uint32_t i = map_get(&ix->deletions, hash_bytes(key, key_len, 0));
	const struct atom *a;

	for (; i != NONE; i = ix->link[i].next) {
		a = &ix->atom[ix->link[i].to];
		if (wordindex_near(token, len, a->word.text, a->len))
			atoms_add(s, of, ix->link[i].to);
	}
}

static void
atoms_fuzzy(struct search *s, struct atoms *of, const char *p, size_t len)
{
	char shorter[WORD_MAX];

	if (!s->ix->fuzzy || len + 1 < FUZZY_LETTERS || len >= WORD_MAX)
		return;
	atoms_near(s, of, p, len, p, len);
	for (size_t i = 0; i < len; i++) {
		if (i == 0 || p[i] != p[i - 1])
			atoms_near(s, of, p, len, shorter, without(p, len, i, shorter));
	}
}

static void
atoms_written(struct search *s, struct atoms *of, enum word_kind kind, const char *p, size_t len)
{
	const struct wordindex *ix = s->ix;
	uint32_t id = map_get(&ix->words, word_key(kind, p, len));
	const struct atom *a;

	for (; id != NONE; id = a->next_same) {
		a = &ix->atom[id];
		if (a->word.kind == kind && a->len == len && memcmp(a->word.text, p, len) == 0)
			atoms_add(s, of, id);
	}
}

static void
atoms_heard(struct search *s, struct atoms *of, enum word_kind kind, const char *sound, size_t len, size_t letters)
{
	const struct wordindex *ix = s->ix;
	uint32_t i = map_get(&ix->sounds, word_key(kind, sound, len));
	const struct atom *a;

	for (; i != NONE; i = ix->link[i].next) {
		a = &ix->atom[ix->link[i].to];
		if (a->word.sound <= letters && a->sound_len == len && memcmp(a->sound, sound, len) == 0)
			atoms_add(s, of, ix->link[i].to);
	}
}

static void
atoms_sound(struct search *s, struct atoms *of, const char *p, size_t len)
{
	char sound[SOUND_MAX];
	size_t n = sound_key(p, len, false, sound);

	if (n == 0)
		return;
	atoms_heard(s, of, WORD_EXACT, sound, n, len);
	for (size_t k = SOUND_MIN; k <= n; k++) {
		if (s->ix->sound_lengths >> k & 1)
			atoms_heard(s, of, WORD_PREFIX, sound, k, len);
	}
}

static void
atoms_spelt(struct search *s, struct atoms *of, const char *p, size_t len)
{
	const struct wordindex *ix = s->ix;

	atoms_written(s, of, WORD_EXACT, p, len);
	for (size_t n = 1; n <= len && n < WORD_MAX; n++) {
		if (ix->prefix_lengths >> n & 1)
			atoms_written(s, of, WORD_PREFIX, p, n);
	}
	atoms_fuzzy(s, of, p, len);
	if (ix->sounds.n > 0)
		atoms_sound(s, of, p, len);
}

/* "lattaque", "deau": French typed without its apostrophe. The word behind it is looked up as well. */
static bool
elided(const char *p, size_t len)
{
	return len >= ELIDED_MIN && (*p == 'l' || *p == 'd') && strchr("aeiouh", p[1]) != NULL;
}

static void
atoms_of(struct search *s, const struct token *tk, struct atoms *of)
{
	const struct wordindex *ix = s->ix;
	const char *p = s->t->folded + tk->start;

	of->n = 0;
	atoms_spelt(s, of, p, tk->len);
	if (elided(p, tk->len))
		atoms_spelt(s, of, p + 1, tk->len - 1u);
	/* The lists of a word are looked at in their turn: a list may be on a list. */
	for (size_t i = 0; i < of->n; i++) {
		for (uint32_t l = ix->atom[of->v[i]].lists; l != NONE; l = ix->link[l].next)
			atoms_add(s, of, ix->link[l].to);
	}
}

static void
emit(struct search *s, uint32_t node, size_t last)
{
	const struct wordindex *ix = s->ix;

	for (uint32_t l = ix->node[node].out; l != NONE; l = ix->link[l].next) {
		if (s->n == s->max) {
			s->fault = true;
			return;
		}
		s->hits[s->n++] = (struct word_hit){ ix->link[l].to, s->first, (uint16_t)last };
	}
}

static void walk(struct search *, uint32_t node, size_t at);

/* Part of a phrase was found up to token "last": remember the longest such part. */
static void
note_nearest(struct search *s, uint32_t node, size_t last)
{
	struct near_hit *near = s->nearest;

	if (near != NULL && s->depth > near->words && s->ix->node[node].out == NONE)
		*near = (struct near_hit){ { s->ix->node[node].through, s->first, (uint16_t)last }, s->depth };
}

/* The child of "node" by this atom, which takes up the tokens up to "last". */
static void
enter(struct search *s, uint32_t node, uint32_t atom, size_t last)
{
	uint32_t child;

	if (++s->steps > STEPS_MAX) {
		s->fault = true;
		return;
	}
	child = map_get(&s->ix->edges, edge_key(node, atom));
	if (child == NONE)
		return;
	s->depth++;
	note_nearest(s, child, last);
	emit(s, child, last);
	walk(s, child, last + 1);
	s->depth--;
}

/* Everything that may follow "node" at token "at". */
static void
step(struct search *s, uint32_t node, size_t at)
{
	const struct atoms *of = &s->atoms[at];

	for (size_t i = 0; i < of->n; i++)
		enter(s, node, of->v[i], at);
	for (size_t i = 0; i < s->n_spans && s->span[i].first <= at; i++) {
		if (s->span[i].first == at)
			enter(s, node, s->span[i].value, s->span[i].last);
	}
}

/* A gap of up to "most" words of the same sentence, then what follows "node". */
static void
leap(struct search *s, uint32_t node, size_t at, size_t most)
{
	for (size_t i = at; node != NONE && i < s->t->n_tokens && i <= at + most && !s->t->token[i - 1].stop; i++)
		step(s, node, i);
}

static void
walk(struct search *s, uint32_t node, size_t at)
{
	if (at < s->t->n_tokens)
		step(s, node, at);
	leap(s, s->ix->node[node].gap[0], at, GAP_NEAR);
	leap(s, s->ix->node[node].gap[1], at, GAP_FAR);
	leap(s, s->ix->node[node].gap[2], at, GAP_SENTENCE);
}

static void
span_add(struct search *s, const struct word_hit *hit, unsigned depth)
{
	uint32_t list = hit->value;
	struct word_hit up = *hit;

	for (size_t i = 0; i < s->n_spans; i++) {
		if (s->span[i].value == list && s->span[i].first == hit->first && s->span[i].last == hit->last)
			return;
	}
	if (s->n_spans == SPANS_MAX) {
		s->fault = true;
		return;
	}
	s->span[s->n_spans++] = *hit;
	for (uint32_t l = s->ix->atom[list].lists; l != NONE && depth < LIST_DEPTH; l = s->ix->link[l].next) {
		up.value = s->ix->link[l].to;
		span_add(s, &up, depth + 1);
	}
}

/* Rows of words on lists, found before the phrases that use them. */
static void
find_spans(struct search *s)
{
	struct word_hit found[SPANS_MAX];
	struct word_hit *hits = s->hits;
	struct near_hit *nearest = s->nearest;
	size_t max = s->max;

	s->hits = found;
	s->max = SPANS_MAX;
	s->nearest = NULL;
	for (size_t i = 0; i < s->t->n_tokens; i++) {
		s->first = (uint16_t)i;
		step(s, ROOT_LISTS, i);
	}
	for (size_t i = 0; i < s->n; i++)
		span_add(s, &found[i], 0);
	s->hits = hits;
	s->max = max;
	s->nearest = nearest;
	s->n = 0;
}

size_t
wordindex_find(const struct wordindex *ix, const struct text *t, struct word_hit *hits, size_t max, bool *fault,
    struct near_hit *nearest)
{
	struct search s;

	*fault = false;
	if (nearest != NULL)
		*nearest = (struct near_hit){ .words = 0 };
	if (t->n_tokens == 0)
		return 0;
	s.ix = ix;
	s.t = t;
	s.hits = hits;
	s.max = max;
	s.nearest = nearest;
	s.n = s.n_spans = s.steps = s.depth = 0;
	s.fault = false;
	if ((s.atoms = malloc(t->n_tokens * sizeof(*s.atoms))) == NULL) {
		*fault = true;
		return 0;
	}
	for (size_t i = 0; i < t->n_tokens; i++)
		atoms_of(&s, &t->token[i], &s.atoms[i]);
	find_spans(&s);
	for (size_t i = 0; i < t->n_tokens; i++) {
		s.first = (uint16_t)i;
		step(&s, ROOT, i);
	}
	free(s.atoms);
	*fault = s.fault;
	return s.n;
}
