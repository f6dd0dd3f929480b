/* tocsin-rules backtest: what would become of known messages if these rules replaced those? */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "logic/classify.h"
#include "workbench/commands.h"
#include "workbench/corpus.h"
#include "workbench/pack.h"
#include "workbench/terminal.h"

#define WORKERS_MAX	8
#define SHOWN		50		/* changes that are printed unless --limit says otherwise */
#define CODES		(CATEGORIES_MAX * 2 + 2)
#define RECORD_MAX	(64u << 10)
#define LOOK_MS		150		/* how often the bar moves */

enum change { CHANGE_CLASS = 1, CHANGE_ALSO = 2, CHANGE_PRIORITY = 4, CHANGE_FIRING = 8 };

static const char *const firing_names[] = { "review", "duty", "auto" };

struct backtest {
	const char *rules, *against, *corpus, *key;
	size_t	 limit, workers;
	bool	 json, colours;
	struct pack old, new;
	char	 code[CODES][CODE_SIZE];	/* of both packs, NUL and UNK first */
	size_t	 n_codes;
};

/* Of one worker, in memory that its parent sees. */
struct tally {
	volatile size_t done, total;	/* for the bar */
	size_t	 messages, changed, kinds[4], shown;
	size_t	 labelled, right_old, right_new;
	size_t	 moved[CODES][CODES];
	bool	 failed;
};

struct record {
	uint64_t number;
	uint32_t len;
};

/* ---- one message ---- */

static const char *
headline_of(const struct rulebook *rb, const struct verdict *v)
{
	if (v->kind == VERDICT_NOISE)
		return CODE_NOISE;
	return v->kind == VERDICT_UNKNOWN ? CODE_UNKNOWN : rulebook_category(rb, v->headline)->code;
}

static size_t
code_index(const struct backtest *b, const char *code)
{
	size_t i = 0;

	while (i + 1 < b->n_codes && strcmp(b->code[i], code) != 0)
		i++;
	return i;
}

/* The codes of a verdict, headline first, joined with "+". */
static void
codes_of(const struct rulebook *rb, const struct verdict *v, struct buf *out)
{
	buf_adds(out, headline_of(rb, v));
	for (size_t c = 0; c < rulebook_categories(rb); c++) {
		if (v->kind == VERDICT_ALERT && c != v->headline && (v->categories >> c & 1))
			buf_addf(out, "+%s", rulebook_category(rb, c)->code);
	}
}

static bool
same_codes(const struct backtest *b, const struct verdict *vo, const struct verdict *vn)
{
	struct buf o, n;
	bool same;

	buf_init(&o, 512);
	buf_init(&n, 512);
	codes_of(b->old.rules, vo, &o);
	codes_of(b->new.rules, vn, &n);
	same = strcmp(buf_str(&o), buf_str(&n)) == 0;
	buf_release(&o);
	buf_release(&n);
	return same;
}

static unsigned
compare(const struct backtest *b, const struct verdict *vo, const struct verdict *vn)
{
	unsigned change = 0;

	if (strcmp(headline_of(b->old.rules, vo), headline_of(b->new.rules, vn)) != 0)
		change |= CHANGE_CLASS;
	else if ((vo->categories | vn->categories) != 0 && !same_codes(b, vo, vn))
		change |= CHANGE_ALSO;
	if (vo->priority != vn->priority)
		change |= CHANGE_PRIORITY;
	if (vo->firing != vn->firing)
		change |= CHANGE_FIRING;
	return change;
}

/* ---- because of which rules ---- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Lines move when a file is edited; what a rule says and does to these words does not. */
static bool
has_evidence(const struct rulebook *rb, const struct verdict *v, const char *code, const struct evidence *e)
{
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *o = &v->evidence[i];

		if (o->weight == e->weight && o->state == e->state && strcmp(o->words, e->words) == 0 &&
		    strcmp(rulebook_category(rb, o->category)->code, code) == 0)
			return true;
	}
	return false;
}

struct sides {
	const struct rulebook *rb, *other;
	const struct verdict *v, *w;
	const char *sign;	/* "+" or "-" */
};

static void
say_rule(const struct backtest *b, const char *sign, const char *what, const char *words, const struct rule_ref *ref, bool *first,
    struct buf *out)
{
	if (b->json) {
		buf_addf(out, "%s{\"side\":\"%s\",\"what\":\"%s\",\"words\":", *first ? "" : ",", *sign == '+' ? "new" : "old", what);
		buf_add_json(out, words, strlen(words));
		buf_adds(out, ",\"rule\":");
		buf_add_json(out, ref->file, strlen(ref->file));
		buf_addf(out, ",\"line\":%d}", ref->line);
	} else
		buf_addf(out, "    %s%s %s '%s'  %s:%d%s\n", b->colours ? (*sign == '+' ? "\033[32m" : "\033[31m") : "", sign, what, words,
		    base_name(ref->file), ref->line, b->colours ? "\033[0m" : "");
	*first = false;
}

static void
say_side(const struct backtest *b, const struct sides *s, bool *first, struct buf *out)
{
	static const char *const states[] = { "", " (the same words again)", " denied", " taken away" };
	char what[64];

	for (size_t i = 0; i < s->v->n_evidence; i++) {
		const struct evidence *e = &s->v->evidence[i];
		const char *code = rulebook_category(s->rb, e->category)->code;

		if (e->state == EVIDENCE_REPEATED || has_evidence(s->other, s->w, code, e))
			continue;
		snprintf(what, sizeof(what), "%s %u%s", code, e->weight, states[e->state & 3]);
		say_rule(b, s->sign, what, e->words, &e->rule, first, out);
		if (e->by.file != NULL)
			say_rule(b, s->sign, "because of", e->words, &e->by, first, out);
	}
	if (s->v->noise_rule.file != NULL && s->w->noise_rule.file == NULL)
		say_rule(b, s->sign, "noise", "", &s->v->noise_rule, first, out);
}

static void
say_because(const struct backtest *b, const struct verdict *vo, const struct verdict *vn, struct buf *out)
{
	const struct sides old = { b->old.rules, b->new.rules, vo, vn, "-" }, new = { b->new.rules, b->old.rules, vn, vo, "+" };
	bool first = true;

	say_side(b, &old, &first, out);
	say_side(b, &new, &first, out);
	if (first && !b->json && ((vo->flags ^ vn->flags) != 0))
		buf_adds(out, "    (past, hearsay, question, future or now words)\n");
	else if (first && !b->json)
		buf_adds(out, "    (a declaration: category, covers, past-lowers …)\n");
}

static void
say_verdict(const struct backtest *b, const struct rulebook *rb, const struct verdict *v, struct buf *out)
{
	if (b->json) {
		buf_adds(out, "{\"codes\":\"");
		codes_of(rb, v, out);
		buf_addf(out, "\",\"priority\":%u,\"firing\":\"%s\"}", v->priority, firing_names[v->firing]);
	} else {
		codes_of(rb, v, out);
		if (v->kind != VERDICT_NOISE)
			buf_addf(out, " P%u %s", v->priority, firing_names[v->firing]);
	}
}

static void
say_change(const struct backtest *b, const struct corpus_text *t, const struct verdict *vo, const struct verdict *vn, struct buf *out)
{
	if (b->json) {
		buf_adds(out, "{\"id\":");
		buf_add_json(out, t->id, strlen(t->id));
		buf_adds(out, ",\"text\":");
		buf_add_json(out, t->text, t->len);
		buf_adds(out, ",\"old\":");
		say_verdict(b, b->old.rules, vo, out);
		buf_adds(out, ",\"new\":");
		say_verdict(b, b->new.rules, vn, out);
		buf_adds(out, ",\"because\":[");
		say_because(b, vo, vn, out);
		buf_adds(out, "]}\n");
		return;
	}
	buf_addf(out, "%s: ", t->id);
	for (size_t i = 0; i < t->len; i++)
		buf_addc(out, (unsigned char)t->text[i] < 0x20 || t->text[i] == 0x7F ? '?' : t->text[i]);
	buf_adds(out, "\n    ");
	say_verdict(b, b->old.rules, vo, out);
	buf_adds(out, " → ");
	say_verdict(b, b->new.rules, vn, out);
	buf_addc(out, '\n');
	say_because(b, vo, vn, out);
}

/* ---- a worker: every n-th message ---- */

struct worker {
	const struct backtest *b;
	struct tally *tally;
	FILE	*out;
	struct text text;
	struct verdict old, new;
};

/* "ATK+WND": is this code one of them? Ordinary talk may as well end with a person. */
static bool
labelled_as(const char *label, const char *code)
{
	size_t n = strlen(code);

	if (strcmp(label, CODE_NOISE) == 0 && strcmp(code, CODE_UNKNOWN) == 0)
		return true;
	for (const char *p = label; (p = strstr(p, code)) != NULL; p += n) {
		if ((p == label || p[-1] == '+') && (p[n] == '\0' || p[n] == '+'))
			return true;
	}
	return false;
}

static void
count_change(struct worker *w, unsigned change, const char *from, const char *to)
{
	struct tally *t = w->tally;

	t->changed += change != 0;
	for (size_t i = 0; i < 4; i++)
		t->kinds[i] += change >> i & 1;
	if (change & CHANGE_CLASS)
		t->moved[code_index(w->b, from)][code_index(w->b, to)]++;
}

static void
put_record(struct worker *w, uint64_t number, const struct buf *said)
{
	const struct record r = { number, (uint32_t)said->len };

	if (fwrite(&r, sizeof(r), 1, w->out) != 1 || fwrite(buf_str(said), 1, said->len, w->out) != said->len)
		w->tally->failed = true;
	w->tally->shown++;
}

static void
work_on(struct worker *w, uint64_t number, const struct corpus_text *t, struct buf *said)
{
	const struct backtest *b = w->b;
	const char *from, *to;
	unsigned change;

	normalize(t->text, t->len, &w->text);
	classify(b->old.rules, &w->text, &w->old);
	classify(b->new.rules, &w->text, &w->new);
	from = headline_of(b->old.rules, &w->old);
	to = headline_of(b->new.rules, &w->new);
	w->tally->messages++;
	if (t->label[0] != '\0') {
		w->tally->labelled++;
		w->tally->right_old += labelled_as(t->label, from);
		w->tally->right_new += labelled_as(t->label, to);
	}
	if ((change = compare(b, &w->old, &w->new)) == 0)
		return;
	count_change(w, change, from, to);
	if (b->limit != 0 && w->tally->shown >= b->limit)
		return;
	buf_clear(said);
	say_change(b, t, &w->old, &w->new, said);
	put_record(w, number, said);
}

static int
work(const struct backtest *b, size_t which, struct tally *tally, FILE *out)
{
	struct worker *w = calloc(1, sizeof(*w));
	struct corpus_text t;
	struct corpus *c;
	struct buf said;
	char why[200];
	size_t done, total;
	int rc = -1;

	buf_init(&said, RECORD_MAX);
	c = corpus_open(b->corpus, b->key, why, sizeof(why));
	if (w == NULL || c == NULL)
		goto out;
	*w = (struct worker){ .b = b, .tally = tally, .out = out };
	for (uint64_t i = 0; (rc = corpus_next(c, &t)) == 1; i++) {
		if (i % b->workers != which)
			continue;
		work_on(w, i, &t, &said);
		corpus_position(c, &done, &total);
		tally->total = total;
		tally->done = done;
	}
out:
	corpus_close(c);
	buf_release(&said);
	free(w);
	return rc == 0 && fflush(out) == 0 && !tally->failed ? 0 : -1;
}

/* ---- all of them ---- */

static void
watch(const struct backtest *b, const struct tally *tally, const pid_t *pid, int *status)
{
	bool gone[WORKERS_MAX] = { false };
	size_t left = b->workers, done;

	while (left > 0) {
		(void)poll(NULL, 0, LOOK_MS / 3);
		done = SIZE_MAX;
		for (size_t i = 0; i < b->workers; i++) {
			int s = 0;

			if (!gone[i] && waitpid(pid[i], &s, WNOHANG) == pid[i]) {
				gone[i] = true;
				left--;
				*status |= s;
			}
			done = tally[i].done < done ? tally[i].done : done;
		}
		if (tally[0].total > 0)
			terminal_progress(left == 0 ? tally[0].total : done * 99 / 100, tally[0].total, "");
	}
}

static int
run_workers(const struct backtest *b, struct tally *tally, FILE **out)
{
	pid_t pid[WORKERS_MAX];
	int status = 0;

	fflush(NULL);
	for (size_t i = 0; i < b->workers; i++) {
		if ((out[i] = tmpfile()) == NULL || (pid[i] = fork()) == -1) {
			for (size_t k = 0; k < i; k++)
				waitpid(pid[k], NULL, 0);
			return -1;
		}
		if (pid[i] == 0)
			_exit(work(b, i, &tally[i], out[i]) == 0 ? 0 : 1);
	}
	watch(b, tally, pid, &status);
	return status == 0 ? 0 : -1;
}

/* The records of all workers in the order of the messages. */
static size_t
print_records(const struct backtest *b, FILE **out)
{
	struct record head[WORKERS_MAX] = { { 0 } };
	bool has[WORKERS_MAX];
	size_t printed = 0, first;
	char *text = malloc(RECORD_MAX + 1);

	for (size_t i = 0; i < b->workers; i++) {
		rewind(out[i]);
		has[i] = text != NULL && fread(&head[i], sizeof(head[i]), 1, out[i]) == 1;
	}
	while (b->limit == 0 || printed < b->limit) {
		first = WORKERS_MAX;
		for (size_t i = 0; i < b->workers; i++) {
			if (has[i] && (first == WORKERS_MAX || head[i].number < head[first].number))
				first = i;
		}
		if (first == WORKERS_MAX || head[first].len > RECORD_MAX || fread(text, 1, head[first].len, out[first]) != head[first].len)
			break;
		fwrite(text, 1, head[first].len, stdout);
		has[first] = fread(&head[first], sizeof(head[first]), 1, out[first]) == 1;
		printed++;
	}
	free(text);
	return printed;
}

static void
sum_up(const struct backtest *b, const struct tally *v, struct tally *sum)
{
	for (size_t i = 0; i < b->workers; i++) {
		sum->messages += v[i].messages;
		sum->changed += v[i].changed;
		sum->labelled += v[i].labelled;
		sum->right_old += v[i].right_old;
		sum->right_new += v[i].right_new;
		for (size_t k = 0; k < 4; k++)
			sum->kinds[k] += v[i].kinds[k];
		for (size_t k = 0; k < CODES * CODES; k++)
			sum->moved[k / CODES][k % CODES] += v[i].moved[k / CODES][k % CODES];
	}
}

/* The moves from class to class, most frequent first. */
static void
print_moves(const struct backtest *b, struct tally *sum)
{
	bool first = true;

	for (;;) {
		size_t best = 0, from = 0, to = 0;

		for (size_t k = 0; k < CODES * CODES; k++) {
			if (sum->moved[k / CODES][k % CODES] <= best)
				continue;
			best = sum->moved[from = k / CODES][to = k % CODES];
		}
		if (best == 0)
			break;
		sum->moved[from][to] = 0;
		printf(b->json ? "%s{\"from\":\"%s\",\"to\":\"%s\",\"messages\":%zu}" : "%s%4s → %-4s %zu\n", b->json && !first ? "," : "",
		    b->code[from], b->code[to], best);
		first = false;
	}
}

static void
print_sum(const struct backtest *b, struct tally *sum, size_t shown, double seconds)
{
	double rate = seconds > 0 ? (double)sum->messages / seconds : 0;

	if (b->json) {
		printf("{\"messages\":%zu,\"changed\":%zu,\"class\":%zu,\"also\":%zu,\"priority\":%zu,\"firing\":%zu,\"old\":\"%s\","
		    "\"new\":\"%s\",\"labelled\":%zu,\"right_old\":%zu,\"right_new\":%zu,\"seconds\":%.2f,\"moves\":[", sum->messages,
		    sum->changed, sum->kinds[0], sum->kinds[1], sum->kinds[2], sum->kinds[3], rulebook_version(b->old.rules),
		    rulebook_version(b->new.rules), sum->labelled, sum->right_old, sum->right_new, seconds);
		print_moves(b, sum);
		printf("]}\n");
		return;
	}
	if (shown < sum->changed)
		printf("(and %zu more: --limit 0 shows all)\n", sum->changed - shown);
	printf("%zu messages, %zu change: class %zu, further categories %zu, priority %zu, firing %zu\n", sum->messages, sum->changed,
	    sum->kinds[0], sum->kinds[1], sum->kinds[2], sum->kinds[3]);
	print_moves(b, sum);
	if (sum->labelled > 0)
		printf("headline as labelled: %zu → %zu of %zu\n", sum->right_old, sum->right_new, sum->labelled);
	printf("%s → %s, %.1f s, %.0f messages/s\n", rulebook_version(b->old.rules), rulebook_version(b->new.rules), seconds, rate);
}

static void
add_codes(struct backtest *b, const struct rulebook *rb)
{
	for (size_t i = 0; i < rulebook_categories(rb); i++) {
		const char *code = rulebook_category(rb, i)->code;
		size_t k = 0;

		while (k < b->n_codes && strcmp(b->code[k], code) != 0)
			k++;
		if (k == b->n_codes)
			memcpy(b->code[b->n_codes++], code, CODE_SIZE);
	}
}

static int
compare_packs(struct backtest *b)
{
	size_t bytes = (b->workers + 1) * sizeof(struct tally), shown = 0;
	FILE *out[WORKERS_MAX] = { NULL };
	struct tally *tally = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mono_t begin = clock_now().mono;
	int rc;

	if (tally == MAP_FAILED)
		return EXIT_REFUSED;
	memcpy(b->code, (const char[2][CODE_SIZE]){ CODE_NOISE, CODE_UNKNOWN }, sizeof(char[2][CODE_SIZE]));
	b->n_codes = 2;
	add_codes(b, b->old.rules);
	add_codes(b, b->new.rules);
	rc = run_workers(b, tally, out);
	if (rc == 0) {
		shown = print_records(b, out);
		sum_up(b, tally, &tally[b->workers]);
		print_sum(b, &tally[b->workers], shown, (double)(clock_now().mono.ms - begin.ms) / 1000);
	} else
		fprintf(stderr, "tocsin-rules: the messages could not all be read, or there is no room for the result\n");
	for (size_t i = 0; i < b->workers; i++) {
		if (out[i] != NULL)
			fclose(out[i]);
	}
	munmap(tally, bytes);
	return rc == 0 ? EXIT_DONE : EXIT_REFUSED;
}

/* ---- arguments ---- */

static bool
read_count(const char *s, size_t max, size_t *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end != '\0' || errno != 0 || n > max)
		return false;
	*out = n;
	return true;
}

static bool
read_option(struct backtest *b, int c, const char *value)
{
	switch (c) {
	case 'a':
		b->against = value;
		return true;
	case 'k':
		b->key = value;
		return true;
	case 'r':
		b->rules = value;
		return true;
	case 'j':
		b->json = true;
		return true;
	case 'l':
		return read_count(value, 1000000, &b->limit);
	case 'w':
		return read_count(value, WORKERS_MAX, &b->workers) && b->workers > 0;
	default:
		return false;
	}
}

static int
read_arguments(int argc, char **argv, struct backtest *b)
{
	static const struct option options[] = {
		{ "against", required_argument, NULL, 'a' }, { "key", required_argument, NULL, 'k' },
		{ "rules", required_argument, NULL, 'r' }, { "json", no_argument, NULL, 'j' },
		{ "limit", required_argument, NULL, 'l' }, { "jobs", required_argument, NULL, 'w' }, { NULL, 0, NULL, 0 },
	};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int c;

	*b = (struct backtest){ .rules = pack_default_dir(), .limit = SHOWN, .workers = cpus > 1 ? 2 : 1,
		.colours = terminal_colours() };
	optind = 1;
	while ((c = getopt_long(argc, argv, "a:k:r:jl:w:", options, NULL)) != -1) {
		if (!read_option(b, c, optarg))
			return -1;
	}
	if (argc - optind != 1 || b->against == NULL)
		return -1;
	b->corpus = argv[optind];
	return 0;
}

int
backtest_main(int argc, char **argv)
{
	struct backtest b;
	struct diags diags;
	struct corpus *c;
	char why[200];
	int rc = EXIT_REFUSED;

	if (read_arguments(argc, argv, &b) == -1)
		return main_usage("backtest");
	diags_init(&diags);
	/* Opened once by us, so that what is wrong with it is told once. */
	c = corpus_open(b.corpus, b.key, why, sizeof(why));
	if (c == NULL)
		fprintf(stderr, "tocsin-rules: %s: %s\n", b.corpus, why);
	corpus_close(c);
	pack_read(&b.old, b.rules, &diags);
	pack_read(&b.new, b.against, &diags);
	if (diags.errors > 0)
		pack_complain(&diags);
	else if (c != NULL)
		rc = compare_packs(&b);
	pack_release(&b.old);
	pack_release(&b.new);
	diags_release(&diags);
	return rc;
}
