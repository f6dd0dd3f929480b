/* tocsin-rules explain: what is understood of a message, where it is, and which rules say so. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "logic/classify.h"
#include "logic/coordinates.h"
#include "logic/geotag.h"
#include "logic/whynot.h"
#include "workbench/commands.h"
#include "workbench/pack.h"
#include "workbench/terminal.h"

#define OUT_MAX	(1u << 20)

struct explainer {
	struct rulebook *rb;
	struct gazetteer *gz;		/* NULL: no places */
	bool	 json, colours;
	uint8_t	 asked;			/* --why-not; CATEGORY_NONE: nothing */
};

struct understood {
	const char *in;
	size_t	 len;
	struct text text;
	struct verdict v;
	struct geotag where;
	char	 mgrs[MGRS_SIZE];	/* empty: no place */
	struct whynot why_not;
};

static const struct flag_name {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ FLAG_PAST, "past" }, { FLAG_HEARSAY, "hearsay" }, { FLAG_QUESTION, "question" }, { FLAG_NEGATION, "negation" },
	{ FLAG_FUTURE, "future" }, { FLAG_RULE_FAULT, "rule-fault" }, { FLAG_TRUNCATED, "truncated" },
};

static const char *const firing_names[] = {
	"a person reads it first", "to the duty desk at once", "sent automatically where the routing says A",
};

static const char *
headline_of(const struct explainer *x, const struct verdict *v)
{
	if (v->kind == VERDICT_NOISE)
		return CODE_NOISE;
	return v->kind == VERDICT_UNKNOWN ? CODE_UNKNOWN : rulebook_category(x->rb, v->headline)->code;
}

static void
understand(const struct explainer *x, const char *in, size_t len, struct understood *u)
{
	u->in = in;
	u->len = len;
	normalize(in, len, &u->text);
	classify(x->rb, &u->text, &u->v);
	if (x->asked != CATEGORY_NONE)
		whynot(x->rb, &u->text, &u->v, x->asked, &u->why_not);
	memset(&u->where, 0, sizeof(u->where));
	u->mgrs[0] = '\0';
	if (x->gz != NULL)
		geotag(x->gz, in, &u->text, &u->where);
	if (u->where.found && mgrs_from_degrees(u->where.best.lat_deg, u->where.best.lon_deg, 3, u->mgrs) == -1)
		u->mgrs[0] = '\0';
}

/* ---- JSON ---- */

static void
json_string(struct buf *b, const char *key, const char *s)
{
	buf_addf(b, "\"%s\":", key);
	buf_add_json(b, s, strlen(s));
}

static void
json_evidence(const struct verdict *v, uint8_t category, struct buf *b)
{
	char rule[512];
	bool first = true;

	buf_adds(b, "\"evidence\":[");
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		if (e->category != category || e->state > EVIDENCE_REPEATED)
			continue;
		snprintf(rule, sizeof(rule), "%s:%d", e->rule.file, e->rule.line);
		buf_adds(b, first ? "{" : ",{");
		json_string(b, "rule", rule);
		buf_addc(b, ',');
		json_string(b, "words", e->words);
		buf_addf(b, ",\"start\":%u,\"end\":%u}", e->start, e->end);
		first = false;
	}
	buf_addc(b, ']');
}

static void
json_categories(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	bool first = true;

	buf_adds(b, "\"categories\":[");
	for (size_t c = 0; c < rulebook_categories(x->rb); c++) {
		if (v->score[c] == 0 && !(v->categories >> c & 1))
			continue;
		buf_adds(b, first ? "{" : ",{");
		json_string(b, "code", rulebook_category(x->rb, c)->code);
		buf_addf(b, ",\"score\":%u,", v->score[c]);
		json_evidence(v, (uint8_t)c, b);
		buf_addc(b, '}');
		first = false;
	}
	buf_addc(b, ']');
}

static void
json_flags(const struct verdict *v, struct buf *b)
{
	bool first = true;

	buf_adds(b, "\"flags\":[");
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (!(v->flags & flag_names[i].flag))
			continue;
		buf_addf(b, "%s\"%s\"", first ? "" : ",", flag_names[i].name);
		first = false;
	}
	buf_addc(b, ']');
}

static void
json_place(const struct place *p, struct buf *b)
{
	buf_addc(b, '{');
	json_string(b, "name", p->name);
	buf_addf(b, ",\"lat\":%.5f,\"lon\":%.5f,\"radius_m\":%u,", p->lat_deg, p->lon_deg, p->radius_m);
	json_string(b, "method", p->method != NULL ? p->method : "");
	buf_addf(b, ",\"score\":%.2f}", p->score);
}

static void
json_where(const struct understood *u, struct buf *b)
{
	buf_adds(b, "\"place\":");
	if (u->where.found)
		json_place(&u->where.best, b);
	else
		buf_adds(b, "null");
	buf_adds(b, ",\"candidates\":[");
	for (size_t i = 0; i < u->where.n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_place(&u->where.candidate[i], b);
	}
	buf_adds(b, "],\"mgrs\":");
	if (u->mgrs[0] != '\0')
		buf_add_json(b, u->mgrs, strlen(u->mgrs));
	else
		buf_adds(b, "null");
}

/* What did not count, and because of whom. */
static void
json_cancelled(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	static const char *const states[] = { "counted", "repeated", "negated", "excluded" };
	char rule[512];
	bool first = true;

	buf_adds(b, "\"cancelled\":[");
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		if (e->state <= EVIDENCE_REPEATED)
			continue;
		buf_addf(b, "%s{\"code\":\"%s\",\"state\":\"%s\",", first ? "" : ",", rulebook_category(x->rb, e->category)->code,
		    states[e->state & 3]);
		snprintf(rule, sizeof(rule), "%s:%d", e->rule.file, e->rule.line);
		json_string(b, "rule", rule);
		snprintf(rule, sizeof(rule), "%s:%d", e->by.file != NULL ? e->by.file : "", e->by.line);
		buf_addc(b, ',');
		json_string(b, "by", rule);
		buf_addc(b, ',');
		json_string(b, "words", e->words);
		buf_addc(b, '}');
		first = false;
	}
	buf_adds(b, "],");
}

static void
json_why_not(const struct explainer *x, const struct whynot *w, struct buf *b)
{
	char rule[512];

	if (x->asked == CATEGORY_NONE)
		return;
	buf_addf(b, "\"why_not\":{\"code\":\"%s\",", rulebook_category(x->rb, x->asked)->code);
	json_string(b, "reason", w->reason);
	buf_adds(b, ",\"near\":[");
	for (size_t i = 0; i < w->n; i++) {
		snprintf(rule, sizeof(rule), "%s:%d", w->near[i].rule.file, w->near[i].rule.line);
		buf_adds(b, i > 0 ? ",{" : "{");
		json_string(b, "rule", rule);
		buf_addf(b, ",\"weight\":%u,\"percent\":%u,", w->near[i].weight, w->near[i].percent);
		json_string(b, "phrase", w->near[i].phrase);
		buf_addc(b, ',');
		json_string(b, "missing", w->near[i].missing);
		buf_addc(b, '}');
	}
	buf_adds(b, "]},");
}

static void
json_codes(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	bool first = true;

	buf_adds(b, "\"codes\":[");
	for (size_t c = 0; c < rulebook_categories(x->rb); c++) {
		if (!(v->categories >> c & 1))
			continue;
		buf_addf(b, "%s\"%s\"", first ? "" : ",", rulebook_category(x->rb, c)->code);
		first = false;
	}
	buf_addc(b, ']');
}

static void
say_json(const struct explainer *x, const struct understood *u, struct buf *b)
{
	buf_adds(b, "{\"text\":");
	buf_add_json(b, u->in, u->len);
	buf_addc(b, ',');
	json_string(b, "folded", u->text.folded);
	buf_addc(b, ',');
	json_string(b, "headline", headline_of(x, &u->v));
	buf_addc(b, ',');
	json_categories(x, &u->v, b);
	buf_addf(b, ",\"priority\":%u,", u->v.priority);
	json_flags(&u->v, b);
	buf_addc(b, ',');
	json_cancelled(x, &u->v, b);
	json_why_not(x, &u->why_not, b);
	json_where(u, b);
	buf_addc(b, ',');
	json_codes(x, &u->v, b);
	buf_adds(b, "}\n");
}

/* ---- for people ---- */

/* The text with what counted [marked], or in colour; control bytes as '?'. */
static void
say_text(const struct explainer *x, const struct understood *u, struct buf *b)
{
	bool in = false, now;

	for (size_t i = 0; i <= u->len; i++) {
		now = false;
		for (size_t k = 0; k < u->v.n_evidence && i < u->len; k++) {
			const struct evidence *e = &u->v.evidence[k];

			now = now || (e->state <= EVIDENCE_REPEATED && i >= e->start && i < e->end);
		}
		if (now != in)
			buf_adds(b, now ? (x->colours ? "\033[1;31m" : "[") : (x->colours ? "\033[0m" : "]"));
		in = now;
		if (i < u->len)
			buf_addc(b, (unsigned char)u->in[i] < 0x20 || u->in[i] == 0x7F ? '?' : u->in[i]);
	}
	buf_addc(b, '\n');
}

static const char *const state_words[] = { "", "same words again", "denied by", "taken away by" };

static void
say_evidence(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		buf_addf(b, "  %s%-4s %2u  \"%s\"  %s:%d", e->state <= EVIDENCE_COUNTED ? "" : "-",
		    rulebook_category(x->rb, e->category)->code, e->weight, e->words, e->rule.file, e->rule.line);
		if (e->state == EVIDENCE_REPEATED)
			buf_addf(b, "  (%s)", state_words[e->state]);
		else if (e->state != EVIDENCE_COUNTED)
			buf_addf(b, "  (%s %s:%d)", state_words[e->state], e->by.file, e->by.line);
		buf_addc(b, '\n');
	}
	if (v->noise_rule.file != NULL)
		buf_addf(b, "  noise by %s:%d\n", v->noise_rule.file, v->noise_rule.line);
}

/* "ATK 8 + 6 = 14" */
static void
say_scores(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	bool first;

	buf_adds(b, "\n  scores:");
	for (size_t c = 0; c < rulebook_categories(x->rb); c++) {
		if (v->score[c] == 0)
			continue;
		buf_addf(b, "  %s", rulebook_category(x->rb, c)->code);
		first = true;
		for (size_t i = 0; i < v->n_evidence; i++) {
			if (v->evidence[i].category != c || v->evidence[i].state != EVIDENCE_COUNTED)
				continue;
			buf_addf(b, "%s %u", first ? "" : " +", v->evidence[i].weight);
			first = false;
		}
		buf_addf(b, "%s%s %u%s", first ? "" : " ", first ? "" : "=", v->score[c],
		    v->score[c] < OPENING_SCORE ? " (too little)" : "");
	}
}

static void
say_why_not(const struct explainer *x, const struct whynot *w, struct buf *b)
{
	if (x->asked == CATEGORY_NONE)
		return;
	buf_addf(b, "  why not %s: %s\n", rulebook_category(x->rb, x->asked)->code, w->reason);
	for (size_t i = 0; i < w->n; i++)
		buf_addf(b, "    %u %%  %s %u '%s'  %s:%d  needs %s\n", w->near[i].percent, rulebook_category(x->rb, x->asked)->code,
		    w->near[i].weight, w->near[i].phrase, w->near[i].rule.file, w->near[i].rule.line, w->near[i].missing);
}

static void
say_verdict(const struct explainer *x, const struct verdict *v, struct buf *b)
{
	buf_addf(b, "  = %s", headline_of(x, v));
	if (v->kind == VERDICT_ALERT)
		buf_addf(b, " %s / %s", rulebook_category(x->rb, v->headline)->label_fr,
		    rulebook_category(x->rb, v->headline)->label_en);
	for (size_t c = 0; c < rulebook_categories(x->rb); c++) {
		if ((v->categories >> c & 1) && c != v->headline)
			buf_addf(b, " +%s", rulebook_category(x->rb, c)->code);
	}
	if (v->kind != VERDICT_NOISE)
		buf_addf(b, ", P%u, %s", v->priority, firing_names[v->firing]);
	say_scores(x, v, b);
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (v->flags & flag_names[i].flag)
			buf_addf(b, " (%s)", flag_names[i].name);
	}
	for (size_t i = 0; i < v->n_tags; i++) {
		buf_adds(b, i == 0 ? "\n  tags: " : ", ");
		if (v->tags[i].count > 0)
			buf_addf(b, "%u ", v->tags[i].count);
		buf_adds(b, v->tags[i].label_fr);
	}
	buf_addc(b, '\n');
}

static void
say_place(const char *what, const struct place *p, struct buf *b)
{
	buf_addf(b, "  %s: %s, %s %.5f %.5f +-%u m, %s, %.2f\n", what, p->name, p->cercle, p->lat_deg, p->lon_deg, p->radius_m,
	    p->method != NULL ? p->method : "", p->score);
}

static void
say_where(const struct explainer *x, const struct understood *u, struct buf *b)
{
	if (x->gz == NULL)
		return;
	if (!u->where.found) {
		buf_adds(b, "  place: none\n");
		return;
	}
	say_place(u->where.ambiguous ? "place (ambiguous)" : "place", &u->where.best, b);
	buf_addf(b, "  MGRS: %s\n", u->mgrs[0] != '\0' ? u->mgrs : "-");
	for (size_t i = 0; u->where.ambiguous && i < u->where.n; i++)
		say_place("candidate", &u->where.candidate[i], b);
}

static void
explain(const struct explainer *x, const char *in, size_t len)
{
	struct understood u;
	struct buf out;

	buf_init(&out, OUT_MAX);
	understand(x, in, len, &u);
	if (x->json) {
		say_json(x, &u, &out);
	} else {
		say_text(x, &u, &out);
		say_evidence(x, &u.v, &out);
		say_verdict(x, &u.v, &out);
		say_where(x, &u, &out);
		say_why_not(x, &u.why_not, &out);
	}
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

/* ---- arguments ---- */

struct arguments {
	const char *rules, *gazetteer, *why_not;
	bool	 json;
};

static int
read_arguments(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { "gazetteer", required_argument, NULL, 'g' },
		{ "rules", required_argument, NULL, 'r' }, { "why-not", required_argument, NULL, 'w' }, { NULL, 0, NULL, 0 },
	};
	int c;

	*a = (struct arguments){ .rules = pack_default_dir() };
	optind = 1;
	while ((c = getopt_long(argc, argv, "jg:r:w:", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			a->json = true;
			break;
		case 'g':
			a->gazetteer = optarg;
			break;
		case 'r':
			a->rules = optarg;
			break;
		case 'w':
			a->why_not = optarg;
			break;
		default:
			return -1;
		}
	}
	return 0;
}

static void
explain_input(const struct explainer *x)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) != -1) {
		if (n > 0 && line[n - 1] == '\n')
			n--;
		explain(x, line, (size_t)n);
	}
	free(line);
}

/* Also nothing asked is fine; a code that the rules do not have is not. */
static bool
find_asked(struct explainer *x, const char *code)
{
	x->asked = code != NULL ? rulebook_find(x->rb, code) : CATEGORY_NONE;
	if (code == NULL || x->asked != CATEGORY_NONE)
		return true;
	fprintf(stderr, "tocsin-rules: there is no category '%.20s'\n", code);
	return false;
}

int
explain_main(int argc, char **argv)
{
	struct explainer x = { .colours = terminal_colours() };
	struct arguments a;
	struct diags diags;
	size_t files;
	int rc = EXIT_REFUSED;

	if (read_arguments(argc, argv, &a) == -1)
		return main_usage("explain");
	x.json = a.json;
	diags_init(&diags);
	x.rb = pack_rules(a.rules, &diags, &files);
	if (x.rb != NULL)
		x.gz = pack_places(a.rules, a.gazetteer, &diags);
	if (diags.errors > 0)
		pack_complain(&diags);
	else if (find_asked(&x, a.why_not)) {
		rc = EXIT_DONE;
		for (int i = optind; i < argc; i++)
			explain(&x, argv[i], strlen(argv[i]));
		if (optind == argc)
			explain_input(&x);
	}
	rulebook_free(x.rb);
	gazetteer_free(x.gz);
	diags_release(&diags);
	return rc;
}
