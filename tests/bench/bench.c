/* Speed of thinking and of storing: bench FOLDER [SEED]. FOLDER is on the disk to be measured and is left empty. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "bench/texts.h"
#include "core/book.h"
#include "logic/classify.h"
#include "logic/geotag.h"
#include "logic/normalize.h"
#include "store/audit.h"
#include "store/inbox.h"
#include "store/people.h"
#include "store/vault.h"

#define TEXTS		5000
#define REPEATS		5
#define ROUNDS		5
#define SYNCS		40	/* raw synced writes of one round */
#define BATCHES		40	/* commits of one round */

static double
clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double
cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static double
wall_s(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1e9;
}

static void __attribute__((noreturn))
die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts: v[0] is the least then, v[n - 1] the most. */
static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

/* ---- thinking -------------------------------------------------------------------- */

struct corpus {
	char	 (*text)[TEXTS_SIZE];
	size_t	 len[TEXTS];
	struct text *folded;	/* one, reused */
	struct verdict verdict;
	struct geotag where;
	const struct book *book;
	size_t	 alerts, placed;	/* what was found, so that no step can be left out */
};

static void
step_normalize(struct corpus *c, size_t i)
{
	normalize(c->text[i], c->len[i], c->folded);
}

static void
step_classify(struct corpus *c, size_t i)
{
	step_normalize(c, i);
	classify(c->book->rules, c->folded, &c->verdict);
	c->alerts += c->verdict.kind == VERDICT_ALERT;
}

static void
step_geotag(struct corpus *c, size_t i)
{
	step_normalize(c, i);
	geotag(c->book->places, c->text[i], c->folded, &c->where);
	c->placed += c->where.found || c->where.ambiguous;
}

static void
step_all(struct corpus *c, size_t i)
{
	step_classify(c, i);
	geotag(c->book->places, c->text[i], c->folded, &c->where);
	c->placed += c->where.found || c->where.ambiguous;
}

/* Microseconds of processor time a text: the median of some passes; prints the least and the most too. */
static double
measure(struct corpus *c, const char *name, void (*step)(struct corpus *, size_t), double less_us)
{
	double us[REPEATS], middle;

	for (int r = 0; r < REPEATS; r++) {
		double start = cpu_ns();

		c->alerts = c->placed = 0;
		for (size_t i = 0; i < TEXTS; i++)
			step(c, i);
		us[r] = (cpu_ns() - start) / 1e3 / TEXTS - less_us;
	}
	middle = median(us, REPEATS);
	printf("  %-34s %8.2f us/SMS   (%.2f to %.2f)\n", name, middle, us[0], us[REPEATS - 1]);
	return middle;
}

static void
set_paths(struct conf *conf)
{
	snprintf(conf->rules, sizeof(conf->rules), "rules");
	snprintf(conf->gazetteer, sizeof(conf->gazetteer), "rules/gazetteer.tsv");
	snprintf(conf->routing, sizeof(conf->routing), "rules/routing.matrix");
	snprintf(conf->templates, sizeof(conf->templates), "rules/templates.tsv");
	snprintf(conf->responders, sizeof(conf->responders), "systemd/responders.conf");
}

static struct book *
load(void)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	struct book *book = NULL;
	double ms[REPEATS];

	if (conf == NULL)
		die("memory");
	set_paths(conf);
	for (int r = 0; r < REPEATS; r++) {
		struct diags diags;
		double start = cpu_ns();

		book_free(book);
		diags_init(&diags);
		book = book_load_anyway(conf, &diags);
		ms[r] = (cpu_ns() - start) / 1e6;
		if (book == NULL || book->rules == NULL || book->places == NULL)
			die("rules/ does not load: tocsin-rules check");
		diags_release(&diags);
	}
	printf("  %-34s %8.1f ms       (%zu rules, %zu tests run, %zu places)\n", "load or reload everything",
	    median(ms, REPEATS), rulebook_rules(book->rules), book->tests, gazetteer_rows(book->places));
	free(conf);
	return book;
}

static struct corpus *
make_corpus(const struct book *book, uint32_t seed)
{
	struct corpus *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->text = calloc(TEXTS, sizeof(*c->text))) == NULL || (c->folded = calloc(1, sizeof(*c->folded))) == NULL)
		die("memory");
	c->book = book;
	for (size_t i = 0; i < TEXTS; i++)
		c->len[i] = texts_make(&seed, book->places, c->text[i]);
	return c;
}

static void
think(struct corpus *c)
{
	double fold, bytes = 0;

	for (size_t i = 0; i < TEXTS; i++)
		bytes += (double)c->len[i];
	fold = measure(c, "normalize", step_normalize, 0);
	measure(c, "classify", step_classify, fold);
	measure(c, "geotag", step_geotag, fold);
	measure(c, "all three", step_all, 0);
	printf("  %-34s %zu texts, %.0f bytes on average; %zu understood as alerts, %zu with a place\n", "of", (size_t)TEXTS,
	    bytes / TEXTS, c->alerts, c->placed);
}

/* ---- storing --------------------------------------------------------------------- */

struct disk {
	struct store *store;
	struct vault *vault;
	const struct corpus *corpus;
	int	 raw;
	uint64_t next;
};

/* Synced writes of one page a second: what the disk itself can do. */
static double
raw_rate(const struct disk *d)
{
	static uint8_t page[4096];
	double start = wall_s();

	for (int i = 0; i < SYNCS; i++) {
		page[0]++;
		if (pwrite(d->raw, page, sizeof(page), (off_t)(i % 16) * (off_t)sizeof(page)) != (ssize_t)sizeof(page) ||
		    fdatasync(d->raw) != 0)
			die("raw write");
	}
	return SYNCS / (wall_s() - start);
}

/* One message as core/accept.c stores it: its row, its sender, the audit. */
static void
store_one(struct disk *d)
{
	static struct inbox_row row;
	uint8_t pseudonym[VAULT_PSEUDONYM];
	uint64_t n = d->next++;
	char object[40];
	int64_t id;

	memset(&row, 0, sizeof(row));
	snprintf(row.line, sizeof(row.line), "m1");
	row.received.ms = INT64_C(1700000000000) + (int64_t)n * 1000;
	snprintf(row.sender, sizeof(row.sender), "+22376%06u", (unsigned)(n % 700));
	snprintf(row.text, sizeof(row.text), "%s", d->corpus->text[n % TEXTS]);
	memcpy(row.tpdu, &n, sizeof(n));
	row.tpdu_len = 160;
	vault_pseudonym(d->vault, row.sender, pseudonym);
	if (inbox_add(d->store, &row, "610020000000001", row.tpdu, row.tpdu_len, &id) != 1 ||
	    people_seen(d->store, pseudonym, row.received) != 0)
		die("inbox_add");
	snprintf(object, sizeof(object), "inbox:%lld", (long long)id);
	if (audit_add(d->store, row.received, "system", "inbox.stored", object, "{\"line\":\"m1\"}") != 0)
		die("audit_add");
}

/* Messages a second in commits of n. */
static double
ingest_rate(struct disk *d, int n)
{
	double start = wall_s();

	for (int b = 0; b < BATCHES; b++) {
		if (store_begin(d->store) != 0)
			die("store_begin");
		for (int i = 0; i < n; i++)
			store_one(d);
		if (store_commit(d->store) != 0)
			die(store_error(d->store));
	}
	return BATCHES * n / (wall_s() - start);
}

/* Interleaved, since the disk's mood changes by the minute: only the ratio to what it does itself at the time tells. */
static void
ingest(struct disk *d)
{
	static const int sizes[] = { 1, 8, 32 };
	double rate[3][ROUNDS], ratio[3][ROUNDS], raw[ROUNDS], cpu = cpu_ns();
	uint64_t first = d->next;

	for (int r = 0; r < ROUNDS; r++) {
		raw[r] = raw_rate(d);
		for (int s = 0; s < 3; s++) {
			rate[s][r] = ingest_rate(d, sizes[s]);
			ratio[s][r] = rate[s][r] / ((raw[r] + raw_rate(d)) / 2);
		}
	}
	cpu = (cpu_ns() - cpu) / 1e3 / (double)(d->next - first);
	printf("  %-34s %8.0f /s\n", "raw fdatasync of one page", median(raw, ROUNDS));
	for (int s = 0; s < 3; s++) {
		double middle = median(ratio[s], ROUNDS);

		printf("  store, commits of %-16d %8.0f SMS/s    %.2f per raw fdatasync (%.2f to %.2f)\n", sizes[s],
		    median(rate[s], ROUNDS), middle, ratio[s][0], ratio[s][ROUNDS - 1]);
	}
	printf("  %-34s %8.0f us/SMS\n", "processor time of storing", cpu);
}

static void
remove_files(const char *dir)
{
	static const char *const names[] = { "raw", "tocsin.db", "tocsin.db-wal", "tocsin.db-journal", "lock" };
	char path[512];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
}

static void
keep(const char *dir, const struct corpus *c)
{
	static const uint8_t key[32] = { 1, 2, 3 };
	struct disk d = { .corpus = c, .vault = vault_memory(key) };
	enum store_fault fault;
	const char *note = NULL;
	char path[512];

	snprintf(path, sizeof(path), "%s/raw", dir);
	d.raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (d.vault == NULL || d.raw == -1)
		die(path);
	(void)raw_rate(&d);	/* its blocks exist from now on */
	d.store = store_open(dir, d.vault, &fault, &note);
	if (d.store == NULL)
		die(note != NULL ? note : dir);
	ingest(&d);
	store_close(d.store);
	vault_close(d.vault);
	close(d.raw);
	remove_files(dir);
}

/* So many texts, one a line: for what reads a file of them. */
static int
print_texts(const char *count)
{
	unsigned long n = strtoul(count, NULL, 10);
	struct conf *conf = calloc(1, sizeof(*conf));
	struct gazetteer *places;
	uint32_t state = 20240917;
	char text[TEXTS_SIZE];

	if (conf == NULL)
		die("memory");
	set_paths(conf);
	if ((places = book_places(conf)) == NULL)
		die("the gazetteer");
	for (unsigned long i = 0; i < n; i++) {
		texts_make(&state, places, text);
		puts(text);
	}
	gazetteer_free(places);
	free(conf);
	return fflush(stdout) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct corpus *c;
	struct book *book;
	struct rusage usage;

	if (argc < 2) {
		fprintf(stderr, "usage: bench FOLDER [SEED] | bench --texts N\n");
		return 2;
	}
	if (strcmp(argv[1], "--texts") == 0)
		return print_texts(argc > 2 ? argv[2] : "1000");
	book = load();
	c = make_corpus(book, argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) | 1 : 20240917);
	think(c);
	keep(argv[1], c);
	getrusage(RUSAGE_SELF, &usage);
	printf("  %-34s %8.1f MB\n", "memory of this program at most", (double)usage.ru_maxrss / 1024);
	free(c->text);
	free(c->folded);
	free(c);
	book_free(book);
	return 0;
}
