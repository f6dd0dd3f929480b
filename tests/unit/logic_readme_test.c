/* Every example of rules/README.md is true: its rules compile with the shipped pack, its tests pass, its tables hold. */
#include "base/files.h"
#include "logic/classify.h"
#include "unit/test.h"

#define FILES_MAX	40
#define LINE_SIZE	1024

static char **paths;
static size_t n_paths;
static struct buf bytes[FILES_MAX];
static struct rule_source sources[FILES_MAX + 1];
static struct buf readme;

static void
load(void)
{
	if (readme.p != NULL)
		return;
	buf_init(&readme, 1u << 20);
	CHECK_MSG(file_read("rules/README.md", &readme) == 0, "rules/README.md cannot be read: run from the top of the tree");
	CHECK_MSG(file_list("rules", ".rules", &paths, &n_paths) == 0 && n_paths > 0 && n_paths <= FILES_MAX, "no rules");
	for (size_t i = 0; i < n_paths; i++) {
		buf_init(&bytes[i], RULES_BYTES_MAX);
		CHECK_INT(file_read(paths[i], &bytes[i]), 0);
		sources[i] = (struct rule_source){ paths[i], buf_str(&bytes[i]), bytes[i].len };
	}
}

/* The shipped pack and these lines behind it. */
static struct rulebook *
compile(const char *body, struct diags *diags)
{
	load();
	sources[n_paths] = (struct rule_source){ "README.md", body, strlen(body) };
	diags_init(diags);
	return rulebook_new(sources, n_paths + 1, diags);
}

static bool
next_line(const char **p, char line[LINE_SIZE])
{
	const char *nl = strchr(*p, '\n');
	size_t len = nl != NULL ? (size_t)(nl - *p) : strlen(*p);

	if (**p == '\0')
		return false;
	if (len >= LINE_SIZE)
		len = LINE_SIZE - 1;
	memcpy(line, *p, len);
	line[len] = '\0';
	*p = nl != NULL ? nl + 1 : *p + strlen(*p);
	return true;
}

static void
must_hold(const char *body, size_t least_tests)
{
	struct diags diags;
	struct rulebook *rb = compile(body, &diags);
	size_t failed = 1, tests = 0;

	CHECK_MSG(rb != NULL, "%s:%d %s", diags.n > 0 ? diags.v[0].file : "", diags.n > 0 ? diags.v[0].line : 0,
	    diags.n > 0 ? diags.v[0].what : "");
	if (rb != NULL)
		tests = rulebook_test(rb, NULL, &diags, &failed);
	CHECK_MSG(failed == 0, "%s", diags.n > 0 ? diags.v[diags.n - 1].what : "");
	CHECK_MSG(tests >= least_tests, "only %zu tests", tests);
	rulebook_free(rb);
	diags_release(&diags);
}

TEST(fenced_examples_compile_and_pass)
{
	struct buf body;
	const char *p;
	char line[LINE_SIZE];
	bool inside = false;

	load();
	buf_init(&body, 1u << 16);
	for (p = buf_str(&readme); next_line(&p, line);) {
		if (strncmp(line, "```", 3) == 0)
			inside = !inside;
		else if (inside && strncmp(line, "tocsin-rules", 12) != 0)
			buf_addf(&body, "%s\n", line);
	}
	CHECK(!inside);
	must_hold(buf_str(&body), 100);
	buf_release(&body);
}

/* The `code` spans of a table's first column, one a line. */
static void
spans(const char *cell, struct buf *out)
{
	const char *end, *p = cell;

	while ((p = strchr(p, '`')) != NULL && (end = strchr(p + 1, '`')) != NULL) {
		buf_add(out, p + 1, (size_t)(end - p - 1));
		buf_addc(out, '\n');
		p = end + 1;
	}
}

/* Splits "| a | b | c |"; returns the number of cells. */
static size_t
cells(char *line, char *cell[4])
{
	size_t n = 0;
	char *p = line + 1, *bar;

	for (; n < 4 && (bar = strstr(p, " |")) != NULL; p = bar + 2) {
		*bar = '\0';
		cell[n++] = p;
	}
	return n;
}

TEST(statements_of_the_table_compile)
{
	struct buf body;
	const char *p;
	char line[LINE_SIZE], *cell[4];
	size_t rows = 0;

	load();
	buf_init(&body, 1u << 16);
	for (p = buf_str(&readme); next_line(&p, line);) {
		if (strncmp(line, "| `", 3) == 0 && cells(line, cell) == 2) {
			spans(cell[0], &body);
			rows++;
		}
	}
	CHECK_MSG(rows >= 14, "only %zu rows", rows);
	must_hold(buf_str(&body), 100);
	buf_release(&body);
}

/* Does the rule "ATK 8 fr PHRASE" find anything in the text? Only that rule is asked. */
static bool
finds(const char *phrase, const char *text)
{
	char body[LINE_SIZE];
	struct diags diags;
	struct rulebook *rb;
	struct text t;
	struct verdict v;
	bool hit = false;

	snprintf(body, sizeof(body), "ATK 10 * %s\n", phrase);
	rb = compile(body, &diags);
	CHECK_MSG(rb != NULL, "'%s': %s", phrase, diags.n > 0 ? diags.v[0].what : "");
	normalize(text, strlen(text), &t);
	if (rb != NULL) {
		classify(rb, &t, &v);
		for (size_t i = 0; i < v.n_evidence; i++)
			hit = hit || strcmp(v.evidence[i].rule.file, "README.md") == 0;
	}
	rulebook_free(rb);
	diags_release(&diags);
	return hit;
}

/* "a, b (note), c": each must, or must not, be found. Returns how many there were. */
static size_t
check_texts(const char *phrase, char *texts, bool want)
{
	char *text;
	size_t n = 0;

	for (char *open; (open = strchr(texts, '(')) != NULL;) {
		char *close = strchr(open, ')');

		CHECK(close != NULL);
		if (close == NULL)
			return n;
		memset(open, ' ', (size_t)(close - open) + 1);
	}
	while ((text = strsep(&texts, ",")) != NULL) {
		if (strspn(text, " ") == strlen(text))
			continue;
		CHECK_MSG(finds(phrase, text) == want, "`%s` should%s find '%s'", phrase, want ? "" : " not", text);
		n++;
	}
	return n;
}

TEST(word_tables_hold)
{
	const char *p;
	char line[LINE_SIZE], *cell[4], phrase[128];
	size_t found = 0, not_found = 0;

	load();
	for (p = buf_str(&readme); next_line(&p, line);) {
		char *end;

		if (strncmp(line, "| `", 3) != 0 || cells(line, cell) != 3 || (end = strrchr(cell[0], '`')) == NULL)
			continue;
		*end = '\0';
		snprintf(phrase, sizeof(phrase), "%s", strchr(cell[0], '`') + 1);
		found += check_texts(phrase, cell[1], true);
		not_found += check_texts(phrase, cell[2], false);
	}
	CHECK_MSG(found >= 20 && not_found >= 12, "%zu found, %zu not", found, not_found);
}

TEST(release_the_files)
{
	for (size_t i = 0; i < n_paths; i++)
		buf_release(&bytes[i]);
	file_list_free(paths, n_paths);
	buf_release(&readme);
	n_paths = 0;
}

TEST_MAIN(TEST_ROW(fenced_examples_compile_and_pass), TEST_ROW(statements_of_the_table_compile), TEST_ROW(word_tables_hold),
    TEST_ROW(release_the_files))
