/* Writes the values of an alert into the pieces of a template. */
#include "logic/render.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/gsm7.h"
#include "base/utf8.h"
#include "logic/mgrs.h"
#include "logic/normalize.h"

#define VALUE_SIZE	160	/* bytes: the widest value has 47 septets of at most 3 bytes */
#define DIGITS_MAX	4	/* in a row, in a name: two names side by side never look like a phone number */
#define PLACE_MAX	14
#define TAGS_SEPTETS	29
#define MGRS_DIGITS	3	/* 100 m */
#define DAY_MIN		(24 * 60)

/* ---- text that may be shown ------------------------------------------------------------ */

/* Copies what is in the basic set, at most max characters, blanks trimmed; returns how many septets. */
static size_t
clean(const char *utf8, size_t max, char out[VALUE_SIZE])
{
	const char *p = utf8, *end = utf8 + strlen(utf8);
	size_t n = 0, len = 0, digits = 0;

	while (p < end && n < max) {
		const char *at = p;
		uint32_t cp;

		if (!utf8_next(&p, end, &cp) || cp < ' ' || gsm7_septets(at, (size_t)(p - at)) != 1)
			continue;
		digits = cp >= '0' && cp <= '9' ? digits + 1 : 0;
		if (digits > DIGITS_MAX || (cp == ' ' && (n == 0 || out[len - 1] == ' ')))
			continue;
		memcpy(out + len, at, (size_t)(p - at));
		len += (size_t)(p - at);
		n++;
	}
	while (len > 0 && out[len - 1] == ' ') {
		len--;
		n--;
	}
	out[len] = '\0';
	return n;
}

/* A name of the gazetteer in capitals without accents; "?" when nothing of it can be written so. */
static void
put_name(const char *name, char out[VALUE_SIZE])
{
	char folded[PLACE_NAME_SIZE * 3], kept[PLACE_NAME_SIZE * 3];
	size_t n = 0;

	if (normalize_fold(name, strlen(name), folded, sizeof(folded)) < 0)
		folded[0] = '\0';
	for (const char *p = folded; *p != '\0'; p++) {
		if (*p >= 'a' && *p <= 'z')
			kept[n++] = (char)(*p - 'a' + 'A');
		else if ((*p >= '0' && *p <= '9') || strchr(" '-./,", *p) != NULL)
			kept[n++] = *p;
	}
	kept[n] = '\0';
	n = clean(kept, PLACE_MAX, out);
	while (n > 0 && strchr(" '-./,", out[n - 1]) != NULL)
		out[--n] = '\0';
	if (n == 0)
		snprintf(out, VALUE_SIZE, "?");
}

static void
put_number(uint32_t v, uint32_t max, char out[VALUE_SIZE])
{
	snprintf(out, VALUE_SIZE, "%u", v < max ? v : max);
}

/* ---- values: an empty one is absent ---------------------------------------------------- */

static void
value_priority(const struct fields *f, enum language l, char *out)
{
	(void)l;
	snprintf(out, VALUE_SIZE, "P%u", f->priority < 1 ? 1u : f->priority > 4 ? 4u : f->priority);
}

static void
value_category(const struct fields *f, enum language l, char *out)
{
	if (f->category != NULL)
		clean(l == LANG_FR ? f->category->label_fr : f->category->label_en, 19, out);
}

static void
value_place(const struct fields *f, enum language l, char *out)
{
	(void)l;
	if (f->where != NULL)
		put_name(f->where->name, out);
}

static void
value_c3(const struct fields *f, enum language l, char *out)
{
	char name[VALUE_SIZE];

	(void)l;
	if (f->where == NULL || f->where->c3[0] == '\0')
		return;
	put_name(f->where->c3, name);
	clean(name, 3, out);
}

static void
value_mgrs(const struct fields *f, enum language l, char *out)
{
	char mgrs[MGRS_SIZE];

	(void)l;
	if (f->where != NULL && mgrs_from_degrees(f->where->lat_deg, f->where->lon_deg, MGRS_DIGITS, mgrs) == 0)
		snprintf(out, VALUE_SIZE, "%s", mgrs);
}

/* Rounded up: the circle must hold the place. */
static void
value_precision(const struct fields *f, enum language l, char *out)
{
	uint32_t m = f->where != NULL ? f->where->radius_m : 0;

	(void)l;
	if (m == 0)
		return;
	if (m <= 900)
		snprintf(out, VALUE_SIZE, "+-%um", (m + 99) / 100 * 100);
	else
		snprintf(out, VALUE_SIZE, "+-%ukm", m >= 99000 ? 99 : (m + 999) / 1000);
}

static void
value_place_old(const struct fields *f, enum language l, char *out)
{
	(void)l;
	if (f->place_old != NULL && f->place_old[0] != '\0')
		put_name(f->place_old, out);
}

static void
value_time(const struct fields *f, enum language l, char *out)
{
	int64_t minutes = f->seen.ms / 60000 - (f->seen.ms % 60000 < 0) + f->utc_offset_min, day;

	day = (minutes % DAY_MIN + DAY_MIN) % DAY_MIN;
	snprintf(out, VALUE_SIZE, l == LANG_FR ? "%02dh%02d" : "%02d%02d", (int)(day / 60), (int)(day % 60));
}

static void
value_late(const struct fields *f, enum language l, char *out)
{
	uint32_t hours = f->late_min / 60, days = f->late_min / DAY_MIN;
	const char *word = l == LANG_FR ? "RETARD" : "LATE";

	if (f->late_min == 0)
		return;
	if (hours < 100)
		snprintf(out, VALUE_SIZE, " %s %uh", word, hours > 0 ? hours : 1);
	else
		snprintf(out, VALUE_SIZE, " %s %u%c", word, days < 99 ? days : 99, l == LANG_FR ? 'j' : 'd');
}

/* Whole tags only: half a word could say something else. */
static void
value_tags(const struct fields *f, enum language l, char *out)
{
	struct buf all;
	size_t used = 0;

	buf_init(&all, VALUE_SIZE - 1);
	for (size_t i = 0; i < f->n_tags && i < TAGS_MAX; i++) {
		const struct tag *tag = &f->tags[i];
		char label[VALUE_SIZE], count[8] = "";
		size_t n = clean(l == LANG_FR ? tag->label_fr : tag->label_en, 15, label), more;

		if (tag->count > 0)
			snprintf(count, sizeof(count), "%u ", tag->count < 9999 ? tag->count : 9999);
		more = (used > 0 ? 2 : 0) + strlen(count) + n;
		if (n == 0 || used + more > TAGS_SEPTETS)
			continue;
		buf_addf(&all, "%s%s%s", used > 0 ? ", " : "", count, label);
		used += more;
	}
	snprintf(out, VALUE_SIZE, "%s", buf_str(&all));
	buf_release(&all);
}

/* "-" where a reliability is not judged or not shown (DNH-07). */
static void
value_grade(const struct fields *f, enum language l, char *out)
{
	char grade[sizeof(f->grade) + 1];

	(void)l;
	snprintf(grade, sizeof(grade), "%.2s", f->grade);
	if (clean(grade, 2, out) == 0)
		snprintf(out, VALUE_SIZE, "--");
}

static void
value_sources(const struct fields *f, enum language l, char *out)
{
	(void)l;
	if (f->sources > 0)
		snprintf(out, VALUE_SIZE, "%s", f->sources == 1 ? "1" : f->sources < 4 ? "2-3" : "4+");
}

static void
value_id(const struct fields *f, enum language l, char *out)
{
	char id[sizeof(f->id) + 1];

	(void)l;
	snprintf(id, sizeof(id), "%.7s", f->id);
	clean(id, 6, out);
}

static void
value_step(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->step, 9, out);
}

static void
value_minutes(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->minutes, 9999, out);
}

static void
value_minutes2(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->minutes2, 9999, out);
}

static void
value_count(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->count, 9999, out);
}

static void
value_queue(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->queue, 9999, out);
}

static void
value_list(const struct fields *f, enum language l, char *out)
{
	char list[sizeof(f->list) + 1];

	(void)l;
	snprintf(list, sizeof(list), "%.47s", f->list);
	clean(list, 47, out);
}

static void
value_modem(const struct fields *f, enum language l, char *out)
{
	char modem[sizeof(f->modem) + 1];

	(void)l;
	snprintf(modem, sizeof(modem), "%.7s", f->modem);
	clean(modem, 7, out);
}

static void
value_balance(const struct fields *f, enum language l, char *out)
{
	(void)l;
	put_number(f->balance < 0 ? 0 : f->balance < 9999999 ? (uint32_t)f->balance : 9999999, 9999999, out);
}

struct writer {
	void	(*write)(const struct fields *, enum language, char out[VALUE_SIZE]);
	enum language language;
};

static const struct writer writers[FIELDS] = {
	[FIELD_P] = { value_priority, LANG_FR },
	[FIELD_CATF] = { value_category, LANG_FR },
	[FIELD_CATE] = { value_category, LANG_EN },
	[FIELD_PLACE] = { value_place, LANG_FR },
	[FIELD_C3] = { value_c3, LANG_FR },
	[FIELD_MGRS] = { value_mgrs, LANG_FR },
	[FIELD_PREC] = { value_precision, LANG_FR },
	[FIELD_PLACE2] = { value_place_old, LANG_FR },
	[FIELD_AREA] = { value_place, LANG_FR },
	[FIELD_T] = { value_time, LANG_FR },
	[FIELD_TE] = { value_time, LANG_EN },
	[FIELD_LATE] = { value_late, LANG_FR },
	[FIELD_LATEE] = { value_late, LANG_EN },
	[FIELD_TAGSF] = { value_tags, LANG_FR },
	[FIELD_TAGSE] = { value_tags, LANG_EN },
	[FIELD_G] = { value_grade, LANG_FR },
	[FIELD_S] = { value_sources, LANG_FR },
	[FIELD_ID] = { value_id, LANG_FR },
	[FIELD_K] = { value_step, LANG_FR },
	[FIELD_MIN] = { value_minutes, LANG_FR },
	[FIELD_MIN2] = { value_minutes2, LANG_FR },
	[FIELD_N] = { value_count, LANG_FR },
	[FIELD_Q] = { value_queue, LANG_FR },
	[FIELD_LIST] = { value_list, LANG_FR },
	[FIELD_MOD] = { value_modem, LANG_FR },
	[FIELD_BAL] = { value_balance, LANG_FR },
};

/* ---- the text ------------------------------------------------------------------------ */

/* An alert without its category or number would be read as nonsense, in any template. */
#define ALWAYS_NEEDED	(UINT32_C(1) << FIELD_CATF | UINT32_C(1) << FIELD_CATE | UINT32_C(1) << FIELD_ID)

int
render(const struct templates *ts, const char *id, enum language language, const struct fields *f,
    char out[SMS_TEXT_SIZE])
{
	const struct template *t = templates_find(ts, id, language);
	size_t skip = 0;
	struct buf text;
	int rc = -1;

	out[0] = '\0';
	if (t == NULL)
		return -1;
	buf_init(&text, SMS_TEXT_SIZE - 1);
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		char value[VALUE_SIZE] = "";
		size_t keep = p->len;

		if (p->field < FIELDS)
			writers[p->field].write(f, writers[p->field].language, value);
		if (p->field < FIELDS && value[0] == '\0') {
			if (((t->needs | ALWAYS_NEEDED) & UINT32_C(1) << p->field) != 0)
				goto out;
			keep = p->keep;
		}
		if (keep > skip)
			buf_add(&text, p->text + skip, keep - skip);
		buf_adds(&text, value);
		skip = keep < p->len ? p->skip : 0;
	}
	if (text.failed || gsm7_septets(buf_str(&text), text.len) > SMS_SEPTETS)
		goto out;
	memcpy(out, buf_str(&text), text.len + 1);
	rc = 0;
out:
	buf_release(&text);
	return rc;
}
