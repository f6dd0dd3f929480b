/* Looks for rules that do nothing, tests that test nothing and patterns that explode, by trying them. */
#include "logic/rulelint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "logic/classify.h"
#include "logic/rules.h"

#define HITS_MAX	1024
#define PROBE_SIZE	1024
#define HOSTILE_SIZE	1600	/* ten SMS: no text that reaches a pattern is much longer */
#define NAMED_MAX	3	/* phrases that one warning names */
#define FILLER		"zzqx"	/* no word of any language here */

struct lint_hit {
	uint32_t rule, phrase;		/* phrase RULES_NONE: found by a pattern */
	uint16_t first, last;
};

struct lint {
	const struct rulebook *rb;
	const struct rule_source *source;
	size_t	 n_sources;
	struct diags *diags;
	struct rulelint_counts *counts;
	struct text text;
	struct verdict verdict;
	struct lint_hit hit[HITS_MAX];
	size_t	 n;
};

/* ---- telling ---- */

const char *
rulelint_line(const struct rule_source *v, size_t n, const char *file, int line, size_t *len)
{
	const char *p, *end, *nl;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].name, file) != 0)
			continue;
		p = v[i].bytes;
		end = p + v[i].len;
		for (int k = 1; k < line && p < end; k++) {
			nl = memchr(p, '\n', (size_t)(end - p));
			p = nl != NULL ? nl + 1 : end;
		}
		if (line < 1 || p >= end)
			return NULL;
		nl = memchr(p, '\n', (size_t)(end - p));
		*len = (size_t)((nl != NULL ? nl : end) - p);
		if (*len > 0 && p[*len - 1] == '\r')
			(*len)--;
		return p;
	}
	return NULL;
}

/* The column of the words in their line; of its first word when they are written otherwise. */
static int
column(const char *row, size_t len, const char *words)
{
	const char *at = row == NULL || *words == '\0' ? NULL : memmem(row, len, words, strlen(words));
	size_t i = 0;

	if (row == NULL)
		return 0;
	while (at == NULL && i < len && (row[i] == ' ' || row[i] == '\t'))
		i++;
	return (int)(at != NULL ? (size_t)(at - row) : i) + 1;
}

static void
warn(struct lint *l, const char *file, int line, const char *words, const char *what)
{
	size_t len = 0;
	const char *row = rulelint_line(l->source, l->n_sources, file, line, &len);

	diag_add(l->diags, DIAG_WARNING, file, line, column(row, len, words), row, len, "%s", what);
}

/* ---- hits ---- */

static void
hit_add(struct lint *l, struct lint_hit hit)
{
	if (l->n < HITS_MAX)
		l->hit[l->n++] = hit;
}

static bool
spelt_right(const struct lint *l, const struct phrase *ph)
{
	return ph->spelling == SPELLING_FOLDED || (ph->spelling == SPELLING_HOOKED && !l->text.hooked) ||
	    strstr(l->text.plain, ph->plain) != NULL;
}

static void
find_phrases(struct lint *l)
{
	struct word_hit found[HITS_MAX];
	bool fault;
	size_t n = wordindex_find(l->rb->words, &l->text, found, HITS_MAX, &fault, NULL);

	l->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct phrase *ph = &l->rb->phrase[found[i].value];

		if (spelt_right(l, ph))
			hit_add(l, (struct lint_hit){ ph->rule, found[i].value, found[i].first, found[i].last });
	}
}

static bool
may_match(const struct lint *l, const struct rule_pattern *rp)
{
	const struct need *needs;
	size_t n = rp->exact ? 0 : pattern_needs(rp->pattern, &needs);

	for (size_t i = 0; i < n; i++) {
		if (memmem(l->text.folded, l->text.folded_len, needs[i].p, needs[i].len) != NULL)
			return true;
	}
	return n == 0;
}

static void
find_patterns(struct lint *l, struct pattern_scratch *scratch)
{
	struct pattern_span span;

	for (size_t i = 0; i < l->rb->n_patterns; i++) {
		const struct rule_pattern *rp = &l->rb->pattern[i];
		const char *text = rp->exact ? l->text.plain : l->text.folded;
		size_t len = rp->exact ? l->text.plain_len : l->text.folded_len;

		if (may_match(l, rp) && pattern_find(rp->pattern, scratch, text, len, 0, &span) == PATTERN_YES)
			hit_add(l, (struct lint_hit){ rp->rule, RULES_NONE, 0, 0 });
	}
}

/* ---- the tests: which rules do they use, and do they use any? ---- */

/* Tags, numbers and the words that show a language or join a negation leave no trace that a test could ask for. */
static bool
testable(const struct rule *rule)
{
	return rule->kind != RULE_TAG && rule->kind != RULE_NUMBER && rule->kind != RULE_LANGUAGE &&
	    rule->kind != RULE_NEGATION_BETWEEN;
}

static bool
has_substance(const struct lint *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct rule *rule = &l->rb->rule[l->hit[i].rule];

		if (rule->kind == RULE_ALERT || rule->kind == RULE_NOISE || rule->kind == RULE_ORDINARY || rule->kind == RULE_UNLESS)
			return true;
	}
	return false;
}

static const struct rule_test *
earlier_test(const struct lint *l, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		const struct rule_test *a = &l->rb->test[k], *b = &l->rb->test[i];

		if (a->not == b->not && a->len == b->len && memcmp(a->text, b->text, a->len) == 0 && strcmp(a->codes[0], b->codes[0]) == 0)
			return a;
	}
	return NULL;
}

static void
judge_test(struct lint *l, size_t i)
{
	const struct rule_test *t = &l->rb->test[i], *twin = earlier_test(l, i);
	char what[300];

	if (t->not && !has_substance(l)) {
		l->counts->idle_tests++;
		warn(l, t->ref.file, t->ref.line, "", "this tests nothing yet: no rule has to do with any of its words, "
		    "so it would pass without a single rule");
	} else if (twin != NULL) {
		l->counts->idle_tests++;
		snprintf(what, sizeof(what), "the same test stands at %s:%d already", twin->ref.file, twin->ref.line);
		warn(l, t->ref.file, t->ref.line, "", what);
	}
}

static bool
is_unused(const struct lint *l, const uint32_t *used, size_t i)
{
	return i < l->rb->n_rules && used[i] == 0 && testable(&l->rb->rule[i]);
}

/* The first few of each file one by one, the rest by their lines. */
static void
tell_unused(struct lint *l, const uint32_t *used)
{
	static const char what[] = "no test line makes use of this rule: nobody would notice if it broke";
	size_t in_file = 0;
	struct buf rest;

	buf_init(&rest, 400);
	for (size_t i = 0; i < l->rb->n_rules; i++) {
		const struct rule_ref *ref = &l->rb->rule[i].ref;
		bool last = i + 1 == l->rb->n_rules || l->rb->rule[i + 1].ref.file != ref->file;

		if (is_unused(l, used, i)) {
			l->counts->never_tested++;
			if (++in_file <= NAMED_MAX)
				warn(l, ref->file, ref->line, "", what);
			else if (rest.len < rest.max - 20)
				buf_addf(&rest, "%s%d", rest.len > 0 ? ", " : "no test line makes use of the rules at ", ref->line);
			else if (rest.p[rest.len - 1] != '.')
				buf_adds(&rest, " ...");
		}
		if (last && rest.len > 0)
			diag_add(l->diags, DIAG_WARNING, ref->file, 0, 0, NULL, 0, "%s", buf_str(&rest));
		if (last) {
			buf_clear(&rest);
			in_file = 0;
		}
	}
	buf_release(&rest);
}

static void
lint_tests(struct lint *l, struct pattern_scratch *scratch)
{
	uint32_t *used = calloc(l->rb->n_rules + 1, sizeof(*used));

	if (used == NULL)
		return;
	for (size_t i = 0; i < l->rb->n_tests; i++) {
		normalize(l->rb->test[i].text, l->rb->test[i].len, &l->text);
		find_phrases(l);
		find_patterns(l, scratch);
		for (size_t k = 0; k < l->n; k++)
			used[l->hit[k].rule]++;
		judge_test(l, i);
	}
	tell_unused(l, used);
	free(used);
}

/* ---- phrases that cannot matter ---- */

enum spelling_tried { TRIED_PLAIN, TRIED_LONG, TRIED_HEARD, TRIED_N };

/* One word of a phrase as a text might spell it. */
static void
probe_word(struct buf *out, const char *p, size_t len, enum spelling_tried how)
{
	bool prefix = len > 1 && p[len - 1] == '*';

	len -= prefix;
	for (size_t i = 0; i < len; i++) {
		if (how == TRIED_HEARD && len > 3 && p[i] == 'q' && i + 1 < len && p[i + 1] == 'u') {
			buf_addc(out, 'k');
			i++;
		} else if (how == TRIED_HEARD && len > 3 && p[i] == 'c' && i + 1 < len && strchr("aou", p[i + 1]) != NULL)
			buf_addc(out, 'k');
		else
			buf_addc(out, p[i]);
	}
	if (prefix && how == TRIED_LONG)
		buf_adds(out, FILLER);
}

/* A text that a phrase should match; false when it cannot be written down. */
static bool
probe(const struct phrase *ph, enum spelling_tried how, struct buf *out)
{
	const char *p = ph->spelling == SPELLING_FOLDED ? ph->folded : ph->plain;
	size_t len;

	buf_clear(out);
	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (*p == '[' || *p == '~')
			return false;
		if (*p == '.' && strspn(p, ".") == len) {
			if (how == TRIED_LONG)
				buf_adds(out, FILLER " ");
			continue;
		}
		probe_word(out, p, len, how);
		buf_addc(out, ' ');
	}
	return !out->failed && out->len > 0;
}

static uint8_t
priority_of(const struct lint *l, const struct rule *rule)
{
	return rule->priority != 0 ? rule->priority : l->rb->category[rule->category].priority;
}

/* Would a hit of "a" inside one of "b" always take its place? */
static bool
outweighs(const struct lint *l, uint32_t a, uint32_t b)
{
	const struct phrase *pa = &l->rb->phrase[a], *pb = &l->rb->phrase[b];
	const struct rule *ra = &l->rb->rule[pa->rule], *rb = &l->rb->rule[pb->rule];

	return a != b && ra->kind == RULE_ALERT && ra->category == rb->category && ra->weight >= rb->weight &&
	    pa->spelling == SPELLING_FOLDED && (!ra->in_language || rb->in_language) && (ra->now || !rb->now) &&
	    strcmp(ra->language, rb->language) == 0 && priority_of(l, ra) <= priority_of(l, rb);
}

/* Words that deny or take away, inside the phrase, may hit one and not the other. */
static bool
delicate(const struct lint *l)
{
	for (size_t i = 0; i < l->n; i++) {
		enum rule_kind kind = l->rb->rule[l->hit[i].rule].kind;

		if (kind == RULE_NEGATION || kind == RULE_NEGATION_AFTER || kind == RULE_NEGATION_STOP || kind == RULE_UNLESS)
			return true;
	}
	return false;
}

static bool
found(const struct lint *l, uint32_t phrase)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->hit[i].phrase == phrase)
			return true;
	}
	return false;
}

/* Keeps of the candidates those that fire too. */
static size_t
keep_found(const struct lint *l, uint32_t *candidate, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (found(l, candidate[i]))
			candidate[kept++] = candidate[i];
	}
	return kept;
}

#define RIVALS_MAX	32

/* The phrase that makes this one pointless, RULES_NONE: there is none. */
static uint32_t
rival(struct lint *l, uint32_t b)
{
	uint32_t candidate[RIVALS_MAX];
	size_t n = 0;
	struct buf text;

	buf_init(&text, PROBE_SIZE);
	for (enum spelling_tried how = TRIED_PLAIN; how < TRIED_N && (how == TRIED_PLAIN || n > 0); how++) {
		if (!probe(&l->rb->phrase[b], how, &text))
			break;
		normalize(buf_str(&text), text.len, &l->text);
		find_phrases(l);
		if (!found(l, b) || delicate(l)) {
			n = how == TRIED_PLAIN || delicate(l) ? 0 : n;
			continue;
		}
		for (size_t i = 0; how == TRIED_PLAIN && i < l->n && n < RIVALS_MAX; i++) {
			if (l->hit[i].phrase != RULES_NONE && outweighs(l, l->hit[i].phrase, b))
				candidate[n++] = l->hit[i].phrase;
		}
		n = keep_found(l, candidate, n);
	}
	buf_release(&text);
	for (size_t i = 0; i < n; i++) {
		if (l->rb->rule[l->rb->phrase[candidate[i]].rule].weight > l->rb->rule[l->rb->phrase[b].rule].weight)
			return candidate[i];
	}
	return n > 0 ? candidate[0] : RULES_NONE;
}

/* Of two that need each other's words only the later one is to blame. */
static bool
mutual(const struct lint *l, const uint32_t *rivals, uint32_t a, uint32_t b)
{
	return rivals[a] == b && a > b && l->rb->rule[l->rb->phrase[a].rule].weight == l->rb->rule[l->rb->phrase[b].rule].weight;
}

struct line_finding {
	const char *file;
	int	 line;
	size_t	 n;
	const char *words;
	bool	 heavier;
	char	 names[240];
};

static void
finding_tell(struct lint *l, const struct line_finding *f)
{
	char what[500];

	if (f->n == 0)
		return;
	snprintf(what, sizeof(what), "%zu phrase%s here %s: %s%s", f->n, f->n > 1 ? "s" : "",
	    f->heavier ? "can never count, a shorter one weighs more" : f->n > 1 ? "add nothing to a shorter one" :
	    "adds nothing to a shorter one", f->names,
	    f->n > NAMED_MAX ? " …" : "");
	warn(l, f->file, f->line, f->words, what);
}

static void
finding_add(struct lint *l, struct line_finding *f, uint32_t b, uint32_t a)
{
	const struct phrase *pa = &l->rb->phrase[a], *pb = &l->rb->phrase[b];
	const struct rule *ra = &l->rb->rule[pa->rule], *rb = &l->rb->rule[pb->rule];
	bool heavier = ra->weight > rb->weight;
	const char *slash = strrchr(ra->ref.file, '/');
	size_t len;

	if (f->n > 0 && (f->line != pb->line || f->file != rb->ref.file || f->heavier != heavier)) {
		finding_tell(l, f);
		f->n = 0;
	}
	if (f->n == 0)
		*f = (struct line_finding){ .file = rb->ref.file, .line = pb->line, .words = pb->folded, .heavier = heavier };
	len = strlen(f->names);
	if (f->n++ < NAMED_MAX)
		snprintf(f->names + len, sizeof(f->names) - len, "%s'%.40s' (for '%.40s' %s:%d)", len > 0 ? ", " : "", pb->folded,
		    pa->folded, slash != NULL ? slash + 1 : ra->ref.file, pa->line);
	l->counts->unreachable += heavier;
	l->counts->redundant += !heavier;
}

static void
lint_phrases(struct lint *l)
{
	struct line_finding f = { .n = 0 };
	uint32_t *rivals = calloc(l->rb->n_phrases + 1, sizeof(*rivals));

	if (rivals == NULL)
		return;
	for (uint32_t b = 0; b < l->rb->n_phrases; b++)
		rivals[b] = l->rb->rule[l->rb->phrase[b].rule].kind == RULE_ALERT ? rival(l, b) : RULES_NONE;
	for (uint32_t b = 0; b < l->rb->n_phrases; b++) {
		if (rivals[b] != RULES_NONE && !mutual(l, rivals, rivals[b], b))
			finding_add(l, &f, b, rivals[b]);
	}
	finding_tell(l, &f);
	free(rivals);
}

/* ---- noise that is an alert ---- */

static void
lint_noise(struct lint *l)
{
	char what[200];
	struct buf text;

	buf_init(&text, PROBE_SIZE);
	for (size_t i = 0; i < l->rb->n_phrases; i++) {
		const struct phrase *ph = &l->rb->phrase[i];
		const struct rule *rule = &l->rb->rule[ph->rule];

		if (rule->kind != RULE_NOISE || rule->alone || !probe(ph, TRIED_PLAIN, &text))
			continue;
		normalize(buf_str(&text), text.len, &l->text);
		classify(l->rb, &l->text, &l->verdict);
		if (l->verdict.kind != VERDICT_ALERT)
			continue;
		l->counts->never_silent++;
		snprintf(what, sizeof(what), "'%.60s' can never silence a message: by itself it is already %s", ph->folded,
		    l->rb->category[l->verdict.headline].code);
		warn(l, rule->ref.file, ph->line, ph->folded, what);
	}
	buf_release(&text);
}

/* ---- patterns that explode ---- */

/* The letters and digits of a pattern, as they stand: what a text against it is made of. */
static size_t
letters_of(const char *pattern, char *out, size_t size)
{
	size_t n = 0;

	for (const char *p = pattern; *p != '\0' && n + 1 < size; p++) {
		if (*p == '\\' && p[1] != '\0') {
			p++;
			if (*p == 's' || *p == 'd' || *p == 'w')
				out[n++] = *p == 's' ? ' ' : *p == 'd' ? '1' : 'a';
		} else if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == ' ')
			out[n++] = *p;
	}
	out[n] = '\0';
	return n;
}

/* unit unit unit … and, at the end, what the pattern cannot like; behind it what it may insist on. */
static void
repeat(struct buf *out, const char *head, const char *unit, const char *tail)
{
	size_t len = strlen(unit);

	buf_clear(out);
	buf_adds(out, head);
	while (len > 0 && out->len + len < HOSTILE_SIZE)
		buf_add(out, unit, len);
	buf_adds(out, "!");
	buf_adds(out, tail);
}

static bool
gives_up(const struct rule_pattern *rp, struct pattern_scratch *scratch, const struct buf *text)
{
	struct pattern_span span;

	return pattern_find(rp->pattern, scratch, buf_str(text), text->len, 0, &span) == PATTERN_FAULT;
}

static bool
explodes(const struct rule_pattern *rp, struct pattern_scratch *scratch, struct buf *text, char *unit, size_t size)
{
	static const char *const units[] = { "a", "ab", "a ", "1", "1 ", " ", "aa ", "e" };
	char letters[PATTERN_MAX + 1];
	size_t n = letters_of(pattern_text(rp->pattern), letters, sizeof(letters));

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) + 2 * n + 1; i++) {
		size_t k = i - sizeof(units) / sizeof(units[0]);

		if (i < sizeof(units) / sizeof(units[0]))
			snprintf(unit, size, "%s", units[i]);
		else	/* its letters, its pairs of letters, and all of them */
			snprintf(unit, size, "%.*s", k < n ? 1 : k < 2 * n ? 2 : 60, k < 2 * n ? letters + k % n : letters);
		repeat(text, "", unit, "");
		if (gives_up(rp, scratch, text))
			return true;
		repeat(text, letters, unit, "");
		if (gives_up(rp, scratch, text))
			return true;
		repeat(text, "", unit, letters);
		if (gives_up(rp, scratch, text))
			return true;
	}
	return false;
}

static void
lint_patterns(struct lint *l, struct pattern_scratch *scratch)
{
	char unit[64], what[300];
	struct buf text;

	buf_init(&text, HOSTILE_SIZE * 2);
	for (size_t i = 0; i < l->rb->n_patterns; i++) {
		const struct rule_pattern *rp = &l->rb->pattern[i];

		if (!explodes(rp, scratch, &text, unit, sizeof(unit)))
			continue;
		l->counts->explosive++;
		snprintf(what, sizeof(what), "this pattern can explode: on '%.20s' again and again it gave up at its limit of steps, "
		    "and such messages wait for a person; avoid a repeat inside a repeat, as in (a+)+", unit);
		warn(l, l->rb->rule[rp->rule].ref.file, rp->line, pattern_text(rp->pattern), what);
	}
	buf_release(&text);
}

void
rulelint(const struct rulebook *rb, const struct rule_source *source, size_t n, struct diags *diags, struct rulelint_counts *counts)
{
	struct lint *l = calloc(1, sizeof(*l));
	struct pattern_scratch *scratch = pattern_scratch_new();

	memset(counts, 0, sizeof(*counts));
	if (l != NULL && scratch != NULL) {
		l->rb = rb;
		l->source = source;
		l->n_sources = n;
		l->diags = diags;
		l->counts = counts;
		lint_patterns(l, scratch);
		lint_noise(l);
		lint_phrases(l);
		lint_tests(l, scratch);
	}
	pattern_scratch_free(scratch);
	free(l);
}
