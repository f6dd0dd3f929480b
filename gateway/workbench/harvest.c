/* tocsin-rules harvest: what do people write that no rule understands? Frequent phrases, as lines to choose from. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "logic/classify.h"
#include "workbench/commands.h"
#include "workbench/corpus.h"
#include "workbench/pack.h"
#include "workbench/terminal.h"

#define WORDS_LEAST	2
#define WORDS_MOST	4
#define PHRASE_SIZE	80
#define TABLE_SIZE	(1u << 20)	/* phrases that are told apart; a power of two */
#define COUNT_LEAST	3		/* messages: what fewer people wrote may say who they are */
#define SHOWN		50
#define TICK		1000

struct phrase_count {
	char	 text[PHRASE_SIZE];	/* empty: free */
	uint32_t unread, noise, alert;	/* messages that have it, by what became of them */
	uint64_t last;			/* the message that counted it last */
	uint8_t	 words, nearest;	/* of the last unread message: the category it came nearest to */
};

struct harvest {
	struct rulebook *rb;
	struct gazetteer *gz;
	struct phrase_count *table;
	size_t	 used, dropped, least, limit, messages, unread;
	bool	 json;
	struct text text;
	struct verdict v;
	bool	 masked[TOKENS_MAX];
};

/* ---- masking: numbers, places and names never leave ---- */

static bool
has_digit(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			return true;
	}
	return false;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* A capital in a sentence that does not begin there, or is followed by small letters in a text that has some. */
static bool
is_name(const struct harvest *h, const char *in, size_t i)
{
	const struct token *t = &h->text.token[i];
	bool capital = is_upper(in[t->from]) || ((unsigned char)in[t->from] == 0xC3 && (unsigned char)in[t->from + 1] < 0x9F);
	bool shouted = t->to - t->from > 1 && is_upper(in[t->to - 1]);

	return capital && !shouted && i > 0 && !h->text.token[i - 1].stop;
}

static void
mask(struct harvest *h, const char *in)
{
	const struct text *t = &h->text;
	uint32_t rows[1];
	size_t found, n;

	for (size_t i = 0; i < t->n_tokens; i++)
		h->masked[i] = has_digit(t->folded + t->token[i].start, t->token[i].len) || is_name(h, in, i);
	for (size_t i = 0; h->gz != NULL && i < t->n_tokens; i++) {
		n = gazetteer_match(h->gz, t->folded, &t->token[i], t->n_tokens - i, rows, 1, &found);
		for (size_t k = 0; k < n; k++)
			h->masked[i + k] = true;
	}
}

/* ---- counting ---- */

static struct phrase_count *
slot(struct harvest *h, const char *text)
{
	uint64_t hash = 0xCBF29CE484222325u;
	size_t i;

	for (const char *p = text; *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001B3u;
	for (i = hash & (TABLE_SIZE - 1); h->table[i].text[0] != '\0'; i = (i + 1) & (TABLE_SIZE - 1)) {
		if (strcmp(h->table[i].text, text) == 0)
			return &h->table[i];
	}
	/* A table that fills up would never end a search. */
	if (h->used >= TABLE_SIZE / 4 * 3) {
		h->dropped++;
		return NULL;
	}
	h->used++;
	snprintf(h->table[i].text, PHRASE_SIZE, "%s", text);
	return &h->table[i];
}

/* The words [i, i + n) as a rule would say them, a masked word as "."; false: not a phrase. */
static bool
phrase_of(const struct harvest *h, size_t i, size_t n, char out[PHRASE_SIZE])
{
	const struct text *t = &h->text;
	size_t len = 0, middling = 0, longish = 0;

	if (h->masked[i] || h->masked[i + n - 1])
		return false;
	for (size_t k = i; k < i + n; k++) {
		const struct token *tk = &t->token[k];
		size_t w = h->masked[k] ? 1 : tk->len;

		if (len + w + 2 > PHRASE_SIZE || (k + 1 < i + n && tk->stop) || (k > i && h->masked[k] && h->masked[k - 1]))
			return false;
		if (k > i)
			out[len++] = ' ';
		memcpy(out + len, h->masked[k] ? "." : t->folded + tk->start, w);
		len += w;
		middling += !h->masked[k] && w >= 4;
		longish += !h->masked[k] && w >= 6;
	}
	out[len] = '\0';
	return middling >= 2 || longish > 0;	/* "pour le" is of no use to anybody */
}

static void
count_phrase(struct harvest *h, const char *phrase, size_t words, uint64_t message)
{
	struct phrase_count *p = slot(h, phrase);

	if (p == NULL || p->last == message)
		return;
	p->last = message;
	p->words = (uint8_t)words;
	if (h->v.kind == VERDICT_UNKNOWN) {
		p->unread++;
		if (h->v.n_evidence > 0)
			p->nearest = (uint8_t)(h->v.evidence[0].category + 1);
	} else if (h->v.kind == VERDICT_NOISE)
		p->noise++;
	else
		p->alert++;
}

static void
take(struct harvest *h, const struct corpus_text *t, uint64_t message)
{
	char phrase[PHRASE_SIZE];

	normalize(t->text, t->len, &h->text);
	classify(h->rb, &h->text, &h->v);
	mask(h, t->text);
	h->messages++;
	h->unread += h->v.kind == VERDICT_UNKNOWN;
	for (size_t i = 0; i < h->text.n_tokens; i++) {
		for (size_t n = WORDS_LEAST; n <= WORDS_MOST && i + n <= h->text.n_tokens; n++) {
			if (phrase_of(h, i, n, phrase))
				count_phrase(h, phrase, n, message);
		}
	}
}

/* ---- telling ---- */

/* Most messages first; of equals the longer phrase, then by the alphabet. */
static int
compare_counts(const void *va, const void *vb)
{
	const struct phrase_count *a = va, *b = vb;

	if (a->unread != b->unread)
		return a->unread > b->unread ? -1 : 1;
	if (a->words != b->words)
		return a->words > b->words ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* A part of a phrase that was told, and no more frequent, says nothing new. */
static bool
told(const struct harvest *h, size_t i)
{
	const struct phrase_count *p = &h->table[i];

	for (size_t k = 0; k < i; k++) {
		if (h->table[k].words > p->words && h->table[k].unread == p->unread && strstr(h->table[k].text, p->text) != NULL)
			return true;
	}
	return false;
}

static void
tell_phrase(const struct harvest *h, const struct phrase_count *p)
{
	const char *code = p->nearest > 0 ? rulebook_category(h->rb, p->nearest - 1u)->code : "CODE";
	struct buf out;

	if (!h->json) {
		/* A comment until a person takes the "#" away. */
		printf("# %s 4 *  %-40s # %u unread, %u noise, %u alerts\n", code, p->text, p->unread, p->noise, p->alert);
		return;
	}
	buf_init(&out, 1024);
	buf_adds(&out, "{\"phrase\":");
	buf_add_json(&out, p->text, strlen(p->text));
	buf_addf(&out, ",\"unread\":%u,\"noise\":%u,\"alerts\":%u,\"nearest\":%s%s%s}\n", p->unread, p->noise, p->alert,
	    p->nearest > 0 ? "\"" : "", p->nearest > 0 ? code : "null", p->nearest > 0 ? "\"" : "");
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

static void
tell(struct harvest *h)
{
	size_t shown = 0;

	qsort(h->table, TABLE_SIZE, sizeof(*h->table), compare_counts);
	if (!h->json)
		printf("# %zu of %zu messages are understood by no rule; phrases of at least %zu of them. Numbers, places and names are "
		    "a \".\" here.\n# Choose, put the category and the weight right, take the \"#\" away, add a test.\n", h->unread,
		    h->messages, h->least);
	for (size_t i = 0; i < TABLE_SIZE && shown < h->limit && h->table[i].unread >= h->least; i++) {
		if (told(h, i))
			continue;
		tell_phrase(h, &h->table[i]);
		shown++;
	}
	if (h->dropped > 0)
		fprintf(stderr, "tocsin-rules: too many phrases: later ones that had not been seen before were left out\n");
}

static int
read_corpus(struct harvest *h, const char *path, const char *key)
{
	struct corpus_text t;
	struct corpus *c;
	char why[200];
	size_t done, total;
	int rc;

	if ((c = corpus_open(path, key, why, sizeof(why))) == NULL) {
		fprintf(stderr, "tocsin-rules: %s: %s\n", path, why);
		return -1;
	}
	for (uint64_t i = 1; (rc = corpus_next(c, &t)) == 1; i++) {
		take(h, &t, i);
		corpus_position(c, &done, &total);
		if (i % TICK == 0 && done < total)
			terminal_progress(done, total, "");
	}
	terminal_progress(1, 1, "");
	corpus_close(c);
	return rc;
}

/* ---- arguments ---- */

static bool
read_count(const char *s, size_t *out)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end != '\0' || n == 0 || n > 1000000)
		return false;
	*out = n;
	return true;
}

struct arguments {
	const char *rules, *gazetteer, *key;
};

static int
read_arguments(int argc, char **argv, struct arguments *a, struct harvest *h)
{
	static const struct option options[] = {
		{ "rules", required_argument, NULL, 'r' }, { "gazetteer", required_argument, NULL, 'g' },
		{ "key", required_argument, NULL, 'k' }, { "json", no_argument, NULL, 'j' },
		{ "limit", required_argument, NULL, 'l' }, { "least", required_argument, NULL, 'm' }, { NULL, 0, NULL, 0 },
	};
	int c;

	*a = (struct arguments){ .rules = pack_default_dir() };
	optind = 1;
	while ((c = getopt_long(argc, argv, "r:g:k:jl:m:", options, NULL)) != -1) {
		if (c == 'r')
			a->rules = optarg;
		else if (c == 'g')
			a->gazetteer = optarg;
		else if (c == 'k')
			a->key = optarg;
		else if (c == 'j')
			h->json = true;
		else if ((c != 'l' || !read_count(optarg, &h->limit)) && (c != 'm' || !read_count(optarg, &h->least)))
			return -1;
	}
	return argc - optind == 1 ? 0 : -1;
}

int
harvest_main(int argc, char **argv)
{
	struct harvest *h = calloc(1, sizeof(*h));
	struct arguments a;
	struct diags diags;
	size_t files;
	int rc = EXIT_REFUSED;

	if (h == NULL || (h->table = calloc(TABLE_SIZE, sizeof(*h->table))) == NULL) {
		free(h);
		return EXIT_REFUSED;
	}
	h->least = COUNT_LEAST;
	h->limit = SHOWN;
	diags_init(&diags);
	if (read_arguments(argc, argv, &a, h) == -1) {
		rc = main_usage("harvest");
		goto out;
	}
	h->rb = pack_rules(a.rules, &diags, &files);
	if (h->rb != NULL)
		h->gz = pack_places(a.rules, a.gazetteer, &diags);
	if (diags.errors > 0)
		pack_complain(&diags);
	else if (read_corpus(h, argv[optind], a.key) == 0) {
		tell(h);
		rc = EXIT_DONE;
	}
out:
	rulebook_free(h->rb);
	gazetteer_free(h->gz);
	diags_release(&diags);
	free(h->table);
	free(h);
	return rc;
}
