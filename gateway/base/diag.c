/* Faults found in text files: collected, counted, and printed with a caret. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define WHAT_MAX	512	/* bytes of one sentence, NUL included */
#define SOURCE_MAX	1000	/* bytes kept of the faulty line */

void
diags_init(struct diags *ds)
{
	*ds = (struct diags){ 0 };
}

static void
diag_release(struct diag *d)
{
	free(d->file);
	free(d->what);
	free(d->source);
}

void
diags_release(struct diags *ds)
{
	for (size_t i = 0; i < ds->n; i++)
		diag_release(&ds->v[i]);
	free(ds->v);
	diags_init(ds);
}

/* The slot for one more fault; NULL at the ceiling or without memory: then it is only counted. */
static struct diag *
diags_grow(struct diags *ds)
{
	if (ds->n == DIAGS_MAX)
		return NULL;
	if (ds->v == NULL && (ds->v = calloc(DIAGS_MAX, sizeof(*ds->v))) == NULL)
		return NULL;
	return &ds->v[ds->n];
}

void
diag_add(struct diags *ds, enum diag_level level, const char *file, int line, int col, const char *source,
    size_t source_len, const char *fmt, ...)
{
	struct diag *d = diags_grow(ds);
	char what[WHAT_MAX];
	va_list ap;

	*(level == DIAG_ERROR ? &ds->errors : &ds->warnings) += 1;
	if (d == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	*d = (struct diag){ .level = level, .line = line, .col = col, .file = strdup(file), .what = strdup(what) };
	if (source != NULL)
		d->source = strndup(source, source_len < SOURCE_MAX ? source_len : SOURCE_MAX);
	if (d->file == NULL || d->what == NULL) {
		diag_release(d);
		return;
	}
	ds->n++;
}

/* One visible character for each code point; a tab becomes a space so that the caret stands right. */
static void
add_visible(struct buf *out, const char *s)
{
	const char *p = s, *end = s + strlen(s);
	char bytes[4];
	uint32_t cp;

	while (p < end && !out->failed) {
		if (!utf8_next(&p, end, &cp) || (cp < 0x20 && cp != '\t') || (cp >= 0x7F && cp <= 0x9F))
			cp = '?';
		if (cp == '\t')
			cp = ' ';
		(void)buf_add(out, bytes, utf8_put(bytes, cp));
	}
}

static void
add_caret(struct buf *out, const char *source, int col)
{
	const char *p = source, *end = source + strlen(source);
	uint32_t cp;

	if (col < 1 || col - 1 > end - source)
		return;
	(void)buf_adds(out, "  ");
	while (p < source + col - 1 && !out->failed) {
		(void)utf8_next(&p, end, &cp);
		(void)buf_addc(out, ' ');
	}
	(void)buf_adds(out, "^\n");
}

static void
diag_print(const struct diag *d, struct buf *out)
{
	add_visible(out, d->file);
	if (d->line > 0)
		(void)buf_addf(out, ":%d", d->line);
	if (d->line > 0 && d->col > 0)
		(void)buf_addf(out, ":%d", d->col);
	(void)buf_adds(out, d->level == DIAG_ERROR ? ": error: " : ": warning: ");
	add_visible(out, d->what);
	(void)buf_addc(out, '\n');
	if (d->source == NULL)
		return;
	(void)buf_adds(out, "  ");
	add_visible(out, d->source);
	(void)buf_addc(out, '\n');
	add_caret(out, d->source, d->col);
}

void
diags_print(const struct diags *ds, struct buf *out)
{
	size_t all = ds->errors + ds->warnings;

	for (size_t i = 0; i < ds->n; i++)
		diag_print(&ds->v[i], out);
	if (all > ds->n)
		(void)buf_addf(out, "and %zu more\n", all - ds->n);
}
