/* tocsin-rules score: how well labelled messages are understood. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "logic/classify.h"
#include "workbench/commands.h"
#include "workbench/pack.h"

#define FIELDS_MAX	16
#define LABEL_SIZE	64

struct sample {
	char	*field[FIELDS_MAX];	/* id, text, lang, from, label, priority, … */
	size_t	 n;
};

struct tally {
	size_t	 samples, headlines, priorities, with_priority;
	size_t	 quiet, quiet_auto;	/* labelled NUL; of them sent automatically */
	size_t	 alerts, missed, unread;	/* labelled alerts; read as noise; read as nothing */
};

static void
split(char *line, struct sample *s)
{
	char *p = line, *tab;

	line[strcspn(line, "\r\n")] = '\0';
	for (s->n = 0; s->n < FIELDS_MAX; p = tab + 1) {
		s->field[s->n++] = p;
		if ((tab = strchr(p, '\t')) == NULL)
			return;
		*tab = '\0';
	}
}

/* The category of the label (A+B, several) that stands first in rank; the label itself when it is none. */
static const char *
label_headline(const struct rulebook *rb, const char *label)
{
	static char out[LABEL_SIZE];
	size_t len = strlen(label);

	for (size_t c = 0; c < rulebook_categories(rb); c++) {
		const char *code = rulebook_category(rb, c)->code, *p = label;

		while ((p = strstr(p, code)) != NULL) {
			size_t n = strlen(code);

			if ((p == label || p[-1] == '+') && (p[n] == '\0' || p[n] == '+'))
				return code;
			p += n;
		}
	}
	snprintf(out, sizeof(out), "%.*s", (int)(len < LABEL_SIZE ? len : LABEL_SIZE - 1), label);
	return out;
}

/* A sample that was understood otherwise. */
static void
tell_miss(const struct sample *s, const char *got, unsigned priority, bool json)
{
	struct buf out;

	if (!json) {
		printf("%-4s %-12s %-3s got %-4s P%u  %s\n", s->field[0], s->field[4], s->field[5], got, priority, s->field[1]);
		return;
	}
	buf_init(&out, 64u << 10);
	buf_adds(&out, "{\"id\":");
	buf_add_json(&out, s->field[0], strlen(s->field[0]));
	buf_adds(&out, ",\"label\":");
	buf_add_json(&out, s->field[4], strlen(s->field[4]));
	buf_adds(&out, ",\"wanted\":");
	buf_add_json(&out, s->field[5], strlen(s->field[5]));
	buf_addf(&out, ",\"headline\":\"%s\",\"priority\":%u,\"text\":", got, priority);
	buf_add_json(&out, s->field[1], strlen(s->field[1]));
	buf_addc(&out, '}');
	puts(buf_str(&out));
	buf_release(&out);
}

static void
score_sample(const struct rulebook *rb, const struct sample *s, struct tally *t, bool json)
{
	struct text text;
	struct verdict v;
	const char *want = label_headline(rb, s->field[4]), *got;
	bool quiet = strcmp(want, CODE_NOISE) == 0, known = quiet || rulebook_find(rb, want) != CATEGORY_NONE ||
	    strcmp(want, CODE_UNKNOWN) == 0, ok, same_priority;
	unsigned priority = s->field[5][0] == 'P' ? (unsigned)(s->field[5][1] - '0') : 0;

	if (!known)
		return;		/* commands and corrections are not for the rules */
	normalize(s->field[1], strlen(s->field[1]), &text);
	classify(rb, &text, &v);
	got = v.kind == VERDICT_NOISE ? CODE_NOISE : v.kind == VERDICT_UNKNOWN ? CODE_UNKNOWN :
	    rulebook_category(rb, v.headline)->code;
	/* Noise may as well end with a person. */
	ok = strcmp(got, want) == 0 || (quiet && v.kind == VERDICT_UNKNOWN);
	same_priority = priority == 0 || v.priority == priority;
	t->samples++;
	t->headlines += ok;
	t->with_priority += priority != 0;
	t->priorities += priority != 0 && same_priority;
	t->quiet += quiet;
	t->quiet_auto += quiet && v.kind == VERDICT_ALERT && v.firing == FIRE_AUTO;
	t->alerts += !quiet;
	t->missed += !quiet && v.kind == VERDICT_NOISE;
	t->unread += !quiet && v.kind == VERDICT_UNKNOWN && strcmp(want, CODE_UNKNOWN) != 0;
	if (!ok || !same_priority)
		tell_miss(s, got, v.priority, json);
}

static int
score(const struct rulebook *rb, FILE *f, bool json)
{
	struct tally t = { 0 };
	struct sample s;
	char *line = NULL;
	size_t cap = 0;

	while (getline(&line, &cap, f) != -1) {
		split(line, &s);
		if (s.n >= 6 && strcmp(s.field[0], "id") != 0)
			score_sample(rb, &s, &t, json);
	}
	free(line);
	printf(json ? "{\"headlines\":%zu,\"samples\":%zu,\"priorities\":%zu,\"with_priority\":%zu,\"quiet_auto\":%zu,\"quiet\":%zu,"
	    "\"missed\":%zu,\"alerts\":%zu,\"unread\":%zu,\"of\":%zu}\n" : "headline %zu/%zu, priority %zu/%zu, ordinary talk sent automatically %zu/%zu, alerts taken for noise %zu/%zu, "
	    "alerts left unread %zu/%zu\n", t.headlines, t.samples, t.priorities, t.with_priority, t.quiet_auto, t.quiet,
	    t.missed, t.alerts, t.unread, t.alerts);
	return t.headlines == t.samples ? EXIT_DONE : EXIT_REFUSED;
}

int
score_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rules", required_argument, NULL, 'r' }, { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 },
	};
	const char *dir = pack_default_dir();
	struct rulebook *rb;
	struct diags diags;
	FILE *f;
	size_t files;
	bool json = false;
	int c, rc = EXIT_REFUSED;

	optind = 1;
	while ((c = getopt_long(argc, argv, "r:j", options, NULL)) != -1) {
		if (c == 'r')
			dir = optarg;
		else if (c == 'j')
			json = true;
		else
			return main_usage("score");
	}
	if (argc - optind != 1)
		return main_usage("score");
	diags_init(&diags);
	rb = pack_rules(dir, &diags, &files);
	f = fopen(argv[optind], "r");
	if (f == NULL)
		perror(argv[optind]);
	if (rb == NULL)
		pack_complain(&diags);
	else if (f != NULL)
		rc = score(rb, f, json);
	if (f != NULL)
		fclose(f);
	rulebook_free(rb);
	diags_release(&diags);
	return rc;
}
