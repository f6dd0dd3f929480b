/* Fuzz target: whatever is in templates.tsv, what it is accepted with fits one SMS and shows no phone number. */
#include <stdio.h>
#include <string.h>

#include "base/gsm7.h"
#include "fuzz/fuzz.h"
#include "logic/render.h"

static const struct category wide = { .label_fr = "WWWWWWWWWWWWWWWWWWW", .label_en = "9999WWWWWWWWWWW9999" };
static const struct place where = { .name = "99999WWWWWW9999", .c3 = "999", .lat_deg = 14.07, .lon_deg = 3.08,
	.radius_m = 850 };
static const struct tag tags[] = { { "99999 WWWWWWWWW", "WWWWWWWWWW99999", 99999 }, { "W9999", "9999W", 99999 } };

static void
check(const struct templates *t, const char *id, enum language l, const struct fields *f)
{
	char out[SMS_TEXT_SIZE];
	size_t run = 0;

	if (render(t, id, l, f, out) != 0) {
		FUZZ_MUST(out[0] == '\0');
		return;
	}
	FUZZ_MUST(gsm7_septets(out, strlen(out)) >= 0 && gsm7_septets(out, strlen(out)) <= SMS_SEPTETS);
	for (const char *p = out; *p != '\0'; p++) {
		run = *p >= '0' && *p <= '9' ? run + 1 : 0;
		FUZZ_MUST(run < 8);
	}
}

/*
 * A file must hold all templates to be accepted; so the input may be a whole file, or, behind a '=', lines that replace
 * those of a file in which every text is its id.
 */
static const struct { const char *id, *fr, *en; } least[] = {
	{ "D1", "{ID} {PLACE} {MGRS} NON VERIFIE", "{ID} {PLACE} {MGRS} UNVERIFIED" },
	{ "D2", "{ID} {PLACE} {MGRS}", "{ID} {PLACE} {MGRS}" }, { "D3", "{ID} INCONNU", "{ID} UNKNOWN" },
	{ "D4", "{ID}", "{ID}" }, { "U1", "{ID}", "{ID}" },
	{ "C1", "{ID} {PLACE} {PLACE2} {MGRS}", "{ID} {PLACE} {PLACE2} {MGRS}" }, { "R1", "{ID}", "{ID}" },
	{ "A1", "{ID}", "{ID}" }, { "A2", "{ID}", "{ID}" }, { "W1", "{AREA}", "{AREA}" }, { "F0", "x", "x" },
	{ "F1", "x", "x" }, { "F2", "x", "x" }, { "F3", "x", "x" }, { "X1", "{ID} EXERCICE", "{ID} EXERCISE" },
	{ "G1", "x", "x" }, { "S1", "x", "x" }, { "H1", "{ID}", "{ID}" }, { "H2", "x", "x" },
};

static void
complete(const uint8_t *p, size_t n, struct buf *out)
{
	buf_add(out, p, n);
	buf_addc(out, '\n');
	for (size_t i = 0; i < 2 * sizeof(least) / sizeof(least[0]); i++) {
		char start[16];

		snprintf(start, sizeof(start), "%s-%s\t", least[i / 2].id, i % 2 ? "EN" : "FR");
		if (memmem(p, n, start, strlen(start)) == NULL)
			buf_addf(out, "%s\t%s\n", start, i % 2 ? least[i / 2].en : least[i / 2].fr);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fields f = { .id = "4071KT", .priority = 1, .category = &wide, .where = &where, .place_old = "99999WWWWWW99999",
		.late_min = 99999, .tags = tags, .n_tags = 2, .grade = "B3", .sources = 3, .step = 99, .minutes = 99999,
		.minutes2 = 99999, .count = 99999, .queue = 99999, .modem = "9999999", .balance = 99999999,
		.list = "99999WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW" };
	struct fields none = { .id = "4071KT", .category = &wide };
	struct diags diags;
	struct templates *t;
	struct buf file;

	buf_init(&file, (size_t)1 << 20);
	if (n > 0 && p[0] == '=')
		complete(p + 1, n - 1, &file);
	else
		buf_add(&file, p, n);
	diags_init(&diags);
	t = templates_new("t", buf_str(&file), file.len, &diags);
	FUZZ_MUST((t == NULL) == (diags.errors > 0));
	for (size_t i = 0; t != NULL && templates_id(i) != NULL; i++)
		for (enum language l = LANG_FR; l <= LANG_EN; l++) {
			check(t, templates_id(i), l, &f);
			check(t, templates_id(i), l, &none);
		}
	templates_free(t);
	diags_release(&diags);
	buf_release(&file);
	return 0;
}
