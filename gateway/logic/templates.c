/* Reads templates.tsv and proves that no values can make a text too long or tell too much. */
#include "logic/templates.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"

#define TEMPLATES_BYTES_MAX	65536
#define LANGUAGES		2
#define DIGITS_MAX		7	/* DNH-01: 8 digits in a row could be a phone number */

const struct template_field template_fields[FIELDS] = {
	[FIELD_P] = { "P", "P4" },
	[FIELD_CATF] = { "CATF", "WWWWWWWWWWWWWWWWWWW" },
	[FIELD_CATE] = { "CATE", "WWWWWWWWWWWWWWWWWWW" },
	[FIELD_PLACE] = { "PLACE", "9999WWWWWW9999" },
	[FIELD_C3] = { "C3", "999" },
	[FIELD_MGRS] = { "MGRS", "31PET021047" },
	[FIELD_PREC] = { "PREC", "+-900m" },
	[FIELD_PLACE2] = { "PLACE2", "9999WWWWWW9999" },
	[FIELD_AREA] = { "AREA", "9999WWWWWW9999" },
	[FIELD_T] = { "T", "23h59" },
	[FIELD_TE] = { "TE", "2359" },
	[FIELD_LATE] = { "LATE", " RETARD 99h" },
	[FIELD_LATEE] = { "LATEE", " LATE 99h" },
	[FIELD_TAGSF] = { "TAGSF", "9999 WWWWWWWWWWWWWWWWWWWW9999" },
	[FIELD_TAGSE] = { "TAGSE", "9999 WWWWWWWWWWWWWWWWWWWW9999" },
	[FIELD_G] = { "G", "B3" },
	[FIELD_S] = { "S", "2-3" },
	[FIELD_ID] = { "ID", "9999WW" },
	[FIELD_K] = { "K", "9" },
	[FIELD_MIN] = { "MIN", "9999" },
	[FIELD_MIN2] = { "MIN2", "9999" },
	[FIELD_N] = { "N", "9999" },
	[FIELD_Q] = { "Q", "9999" },
	[FIELD_LIST] = { "LIST", "9999WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW9999" },
	[FIELD_MOD] = { "MOD", "9999999" },
	[FIELD_BAL] = { "BAL", "9999999" },
};

#define F(name)		(UINT32_C(1) << FIELD_##name)
#define CLOCK		(F(T) | F(TE))
#define WHERE		(F(PLACE) | F(C3) | F(MGRS) | F(PREC))
#define WHAT		(F(P) | F(CATF) | F(CATE) | F(ID))
#define ALERT		(WHAT | WHERE | CLOCK | F(LATE) | F(LATEE) | F(TAGSF) | F(TAGSE) | F(G) | F(S))

/*
 * What each text may say, must say, and the words that may not be edited away. The restricted pointer names neither
 * category nor place (DNH-18), the warning of a neighbour neither category nor time (DNH-51), a reporter
 * reads nothing of what he reported (brief 3.4).
 */
struct spec {
	const char *id;
	uint32_t may, must;
	const char *words[LANGUAGES];		/* by enum language; NULL: none */
};

static const struct spec specs[] = {
	{ "D1", ALERT, F(ID) | F(PLACE) | F(MGRS), { "NON VERIFIE", "UNVERIFIED" } },
	{ "D2", ALERT, F(ID) | F(PLACE) | F(MGRS), { NULL, NULL } },
	{ "D3", ALERT, F(ID), { "INCONNU", "UNKNOWN" } },
	{ "D4", F(ID) | CLOCK, F(ID), { NULL, NULL } },
	{ "U1", ALERT, F(ID), { NULL, NULL } },
	{ "C1", ALERT | F(PLACE2), F(ID) | F(PLACE) | F(PLACE2) | F(MGRS), { NULL, NULL } },
	{ "R1", ALERT | F(K) | F(MIN), F(ID), { NULL, NULL } },
	{ "A1", WHAT | WHERE | CLOCK, F(ID), { NULL, NULL } },
	{ "A2", WHAT | WHERE | CLOCK, F(ID), { NULL, NULL } },
	{ "W1", F(AREA), F(AREA), { NULL, NULL } },
	{ "F0", 0, 0, { NULL, NULL } },
	{ "F1", 0, 0, { NULL, NULL } },
	{ "F2", 0, 0, { NULL, NULL } },
	{ "F3", 0, 0, { NULL, NULL } },
	{ "F4", F(LIST), 0, { NULL, NULL } },
	{ "X1", ALERT, F(ID), { "EXERCICE", "EXERCISE" } },
	{ "G1", CLOCK | F(LIST) | F(Q) | F(N), 0, { NULL, NULL } },
	{ "S1", CLOCK | F(MOD) | F(MIN) | F(MIN2) | F(Q) | F(BAL), 0, { NULL, NULL } },
	{ "H1", F(ID) | F(PLACE) | CLOCK | F(N), F(ID), { NULL, NULL } },
	{ "H2", 0, 0, { NULL, NULL } },
};

#define SPECS	(sizeof(specs) / sizeof(specs[0]))

static const char *const languages[LANGUAGES] = { [LANG_FR] = "FR", [LANG_EN] = "EN" };

struct templates {
	char	*bytes;				/* owned; the pieces point into it */
	struct template v[SPECS][LANGUAGES];
};

const char *
templates_id(size_t i)
{
	return i < SPECS ? specs[i].id : NULL;
}

/* ---- faults ------------------------------------------------------------------------ */

struct reader {
	const char *file;
	struct diags *diags;
	const char *line, *end;
	int	 number;
	size_t	 errors;
};

static void fault(struct reader *, const char *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
fault(struct reader *r, const char *at, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	diag_add(r->diags, DIAG_ERROR, r->file, r->number, (int)(at - r->line) + 1, r->line,
	    (size_t)(r->end - r->line), "%s", what);
	r->errors++;
}

/* ---- one text ------------------------------------------------------------------------ */

/* Literal text: one septet each, and nothing that would break the line of a phone or of a log. */
static void
check_literal(struct reader *r, const char *p, const char *end)
{
	while (p < end) {
		const char *at = p;
		uint32_t cp;

		if (!utf8_next(&p, end, &cp))
			fault(r, at, "this is not UTF-8");
		else if (*at == '}')
			fault(r, at, "a '}' without '{'");
		else if (cp < ' ' || gsm7_septets(at, (size_t)(p - at)) != 1)
			fault(r, at, "'%.*s' is not in the GSM-7 basic set: the SMS would cost two or more",
			    cp < ' ' ? 0 : (int)(p - at), at);
	}
}

static enum field
find_field(const char *name, size_t len)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (strlen(template_fields[f].name) == len && memcmp(template_fields[f].name, name, len) == 0)
			return f;
	return FIELDS;
}

/* Where the words begin that go when the field behind them has no value. */
static size_t
words_begin(const struct piece *piece)
{
	size_t i = piece->len;

	while (i > 0 && piece->text[i - 1] != ')' && piece->text[i - 1] != '(')
		i--;
	if (i > 0 && piece->text[i - 1] == '(')		/* an open bracket goes, with the blank before it */
		return i > 1 && piece->text[i - 2] == ' ' ? i - 2 : i - 1;
	for (i = piece->len; i > 1; i--)
		if (piece->text[i - 2] == '.' && piece->text[i - 1] == ' ')
			return i - 2;
	return 0;
}

/* A bracket that was opened before the field closes behind it. */
static size_t
words_end(const struct piece *piece, const char *next, const char *end)
{
	const char *close;

	if (memchr(piece->text + piece->keep, '(', piece->len - piece->keep) == NULL)
		return 0;
	close = memchr(next, ')', (size_t)(end - next));
	return close != NULL && memchr(next, '{', (size_t)(close - next)) == NULL ? (size_t)(close + 1 - next) : 0;
}

static void
end_piece(struct piece *piece, const char *next, const char *end)
{
	piece->keep = words_begin(piece);
	piece->skip = words_end(piece, next, end);
}

/* Reads "{NAME}" at *p, behind the literal text of the piece. False: the rest of the text makes no sense. */
static bool
read_field(struct reader *r, struct piece *piece, const char **p, const struct spec *spec, uint32_t *seen)
{
	const char *name = *p + 1, *close = memchr(name, '}', (size_t)(r->end - name));

	if (close == NULL) {
		fault(r, *p, "a '{' without '}'");
		return false;
	}
	piece->field = find_field(name, (size_t)(close - name));
	if (piece->field == FIELDS) {
		fault(r, *p, "there is no field '{%.*s}'", (int)(close - name < 20 ? close - name : 20), name);
		return false;
	}
	if ((spec->may & UINT32_C(1) << piece->field) == 0)
		fault(r, *p, "{%s} must not stand in %s", template_fields[piece->field].name, spec->id);
	*seen |= UINT32_C(1) << piece->field;
	*p = close + 1;
	end_piece(piece, *p, r->end);
	return true;
}

static bool
read_pieces(struct reader *r, const char *p, const struct spec *spec, struct template *t)
{
	uint32_t seen = 0;

	for (t->n = 0; t->n < PIECES_MAX; t->n++) {
		struct piece *piece = &t->piece[t->n];
		const char *open = memchr(p, '{', (size_t)(r->end - p));

		*piece = (struct piece){ .text = p, .field = FIELDS, .len = (size_t)((open ? open : r->end) - p) };
		check_literal(r, p, p + piece->len);
		if (open == NULL) {
			t->n++;
			t->needs = spec->must;
			for (enum field f = 0; f < FIELDS; f++)
				if ((spec->must & ~seen & UINT32_C(1) << f) != 0)
					fault(r, r->line, "%s must show {%s}", spec->id, template_fields[f].name);
			return true;
		}
		p = open;
		if (!read_field(r, piece, &p, spec, &seen))
			return false;
	}
	fault(r, p, "more than %d fields", PIECES_MAX - 1);
	return false;
}

/* The text with the widest values must fit, and must show no phone number. */
static void
check_widest(struct reader *r, const char *text, const struct template *t)
{
	struct buf b;
	int septets;
	size_t run = 0;

	buf_init(&b, 65536);
	for (size_t i = 0; i < t->n; i++) {
		buf_add(&b, t->piece[i].text, t->piece[i].len);
		if (t->piece[i].field < FIELDS)
			buf_adds(&b, template_fields[t->piece[i].field].widest);
	}
	septets = gsm7_septets(buf_str(&b), b.len);
	if (septets > SMS_SEPTETS)
		fault(r, text, "%d characters with the widest values, %d fit into one SMS", septets, SMS_SEPTETS);
	for (size_t i = 0; i < b.len; i++) {
		run = b.p[i] >= '0' && b.p[i] <= '9' ? run + 1 : 0;
		if (run == DIGITS_MAX + 1)
			fault(r, text, "could show more than %d digits in a row: no phone number is ever sent", DIGITS_MAX);
	}
	buf_release(&b);
}

static void
check_words(struct reader *r, const char *text, const char *words)
{
	if (words != NULL && memmem(text, (size_t)(r->end - text), words, strlen(words)) == NULL)
		fault(r, text, "must say '%s'", words);
}

/* ---- the file -------------------------------------------------------------------------- */

/* "D1-FR" into its spec and language. */
static const struct spec *
find_spec(const char *p, size_t len, enum language *language)
{
	for (size_t i = 0; i < SPECS; i++) {
		size_t n = strlen(specs[i].id);

		if (len != n + 3 || memcmp(p, specs[i].id, n) != 0 || p[n] != '-')
			continue;
		for (enum language l = LANG_FR; l <= LANG_EN; l++)
			if (memcmp(p + n + 1, languages[l], 2) == 0) {
				*language = l;
				return &specs[i];
			}
	}
	return NULL;
}

static void
read_text(struct reader *r, const char *text, const struct spec *spec, enum language language, struct template *t)
{
	size_t before = r->errors;

	if (text == r->end) {
		fault(r, text, "the text is empty");
		return;
	}
	if (!read_pieces(r, text, spec, t))
		return;
	check_words(r, text, spec->words[language]);
	if (r->errors == before)
		check_widest(r, text, t);
}

static void
read_line(struct reader *r, struct templates *ts)
{
	const char *use = memchr(r->line, '\t', (size_t)(r->end - r->line));
	const char *text = use != NULL ? memchr(use + 1, '\t', (size_t)(r->end - use - 1)) : NULL;
	const struct spec *spec;
	struct template *t;
	enum language language;

	if (text == NULL) {
		fault(r, r->line, "three columns separated by tabs are needed: id-LANGUAGE, use, text");
		return;
	}
	spec = find_spec(r->line, (size_t)(use - r->line), &language);
	if (spec == NULL) {
		/* A file made for a later version must not cost this one all its texts; what is missing is an error anyway. */
		diag_add(r->diags, DIAG_WARNING, r->file, r->number, 1, r->line, (size_t)(r->end - r->line),
		    "there is no template '%.*s': left out", (int)(use - r->line < 20 ? use - r->line : 20), r->line);
		return;
	}
	t = &ts->v[spec - specs][language];
	if (t->n > 0)
		fault(r, r->line, "template '%s-%s' stands here twice", spec->id, languages[language]);
	read_text(r, text + 1, spec, language, t);
}

static void
read_lines(struct reader *r, struct templates *ts, const char *p, const char *end)
{
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		r->number++;
		r->line = p;
		r->end = nl != NULL ? nl : end;
		p = nl != NULL ? nl + 1 : end;
		if (r->end > r->line && r->end[-1] == '\r')
			r->end--;
		if (r->end > r->line && *r->line != '#')
			read_line(r, ts);
	}
}

static void
check_complete(struct reader *r, const struct templates *ts)
{
	r->line = r->end = "";
	r->number++;
	for (size_t i = 0; i < SPECS; i++)
		for (enum language l = LANG_FR; l <= LANG_EN; l++)
			if (ts->v[i][l].n == 0)
				fault(r, r->line, "template '%s-%s' is missing", specs[i].id, languages[l]);
}

struct templates *
templates_new(const char *file, const char *bytes, size_t len, struct diags *diags)
{
	struct templates *ts = calloc(1, sizeof(*ts));
	struct reader r = { .file = file, .diags = diags };
	size_t skip = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	if (ts == NULL || len > TEMPLATES_BYTES_MAX || (ts->bytes = malloc(len + 1)) == NULL) {
		diag_add(diags, DIAG_ERROR, file, 0, 0, NULL, 0,
		    len > TEMPLATES_BYTES_MAX ? "the file is too long" : "out of memory");
		goto fail;
	}
	if (len > 0)
		memcpy(ts->bytes, bytes, len);
	ts->bytes[len] = '\0';
	read_lines(&r, ts, ts->bytes + skip, ts->bytes + len);
	if (r.errors == 0)
		check_complete(&r, ts);
	if (r.errors == 0)
		return ts;
fail:
	templates_free(ts);
	return NULL;
}

void
templates_free(struct templates *ts)
{
	if (ts != NULL)
		free(ts->bytes);
	free(ts);
}

const struct template *
templates_find(const struct templates *ts, const char *id, enum language language)
{
	for (size_t i = 0; i < SPECS; i++)
		if (strcmp(specs[i].id, id) == 0)
			return &ts->v[i][language == LANG_EN ? LANG_EN : LANG_FR];
	return NULL;
}
