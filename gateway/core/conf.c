/* tocsin.conf, modems.d and responders.conf: read with inih, checked, every fault with its place. */
#include "core/conf.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/files.h"
#include "logic/normalize.h"

#define CONF_FILE_MAX	(256u * 1024)

/* ---- inih, with places ------------------------------------------------------ */

/*
 * inih gives its handler neither line nor column, and reports one bad line only.
 * So it reads through ini_line(), which counts lines and complains of all that inih would drop.
 */
struct ini {
	const char	*file, *p, *end;	/* what is left of the file */
	const char	*line;			/* the line inih is at */
	size_t		 line_len;
	int		 lineno;
	struct diags	*diags;
	int		(*set)(struct ini *, const char *section, const char *key, const char *value);
	void		*to;
};

static void __attribute__((format(printf, 3, 4)))
ini_fault(struct ini *in, const char *where, const char *fmt, ...)
{
	char what[256];
	const char *at = NULL;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (where != NULL && *where != '\0' && in->line_len != 0)
		at = memmem(in->line, in->line_len, where, strlen(where));
	diag_add(in->diags, DIAG_ERROR, in->file, in->lineno, at == NULL ? 1 : (int)(at - in->line) + 1,
	    in->line, in->line_len, "%s", what);
}

/* Is this a line that inih understands? */
static bool
ini_wellformed(const char *p, size_t n)
{
	while (n > 0 && isspace((unsigned char)*p))
		p++, n--;
	if (n == 0 || *p == '#' || *p == ';')
		return true;
	if (*p == '[')
		return memchr(p, ']', n) != NULL;
	return *p != '=' && *p != ':' && (memchr(p, '=', n) != NULL || memchr(p, ':', n) != NULL);
}

static char *
ini_line(char *out, int size, void *stream)
{
	struct ini *in = stream;
	const char *nl;
	size_t n;

	if (in->p == in->end)
		return NULL;
	in->line = in->p;
	nl = memchr(in->p, '\n', (size_t)(in->end - in->p));
	in->line_len = (size_t)((nl != NULL ? nl : in->end) - in->p);
	in->p = nl != NULL ? nl + 1 : in->end;
	in->lineno++;
	if (in->line_len > 0 && in->line[in->line_len - 1] == '\r')
		in->line_len--;
	n = in->line_len;
	if (n + 1 > (size_t)size || memchr(in->line, '\0', n) != NULL) {
		ini_fault(in, NULL, "line is longer than %d characters, or not text", size - 1);
		n = 0;
	} else if (!ini_wellformed(in->line, n)) {
		ini_fault(in, NULL, "neither '[section]' nor 'key = value'");
		n = 0;
	}
	/* No indented continuation lines: a space before a key means nothing to an admin. */
	while (n > 0 && isspace((unsigned char)in->line[in->line_len - n]))
		n--;
	memcpy(out, in->line + (in->line_len - n), n);
	out[n] = '\0';
	return out;
}

static int
ini_handle(void *user, const char *section, const char *key, const char *value)
{
	struct ini *in = user;

	return in->set(in, section, key, value) == 0;
}

/* Reads one file; faults are in the diags. */
static void
ini_read(const char *path, void *to, int (*set)(struct ini *, const char *, const char *, const char *),
    struct diags *diags)
{
	struct buf text;
	struct ini in = { .file = path, .diags = diags, .set = set, .to = to };

	buf_init(&text, CONF_FILE_MAX);
	if (file_read(path, &text) != 0) {
		diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
	} else {
		in.p = buf_str(&text);
		in.end = in.p + text.len;
		ini_parse_stream(ini_line, &in, ini_handle, &in);
	}
	buf_release(&text);
}

/* ---- values ----------------------------------------------------------------- */

static int
set_path(struct ini *in, const char *value, char out[CONF_PATH_SIZE])
{
	if (*value == '\0' || strlen(value) >= CONF_PATH_SIZE) {
		ini_fault(in, value, "a path of 1 to %d characters is needed here", CONF_PATH_SIZE - 1);
		return -1;
	}
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

static int
set_number(struct ini *in, const char *value, long min, long max, long *out)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || n < min || n > max) {
		ini_fault(in, value, "'%.40s' is not a whole number from %ld to %ld", value, min, max);
		return -1;
	}
	*out = n;
	return 0;
}

static int
set_bool(struct ini *in, const char *value, bool *out)
{
	static const struct { const char *word; bool is; } words[] = {
		{ "yes", true }, { "oui", true }, { "true", true }, { "1", true },
		{ "no", false }, { "non", false }, { "false", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i].word) == 0) {
			*out = words[i].is;
			return 0;
		}
	ini_fault(in, value, "'%.40s' is neither yes nor no", value);
	return -1;
}

int
conf_number(const struct conf *conf, const char *text, char out[NUMBER_SIZE])
{
	char digits[NUMBER_SIZE];
	size_t n = 0, skip;
	bool plus = false;

	for (; *text != '\0'; text++) {
		if (*text == '+' && n == 0 && !plus)
			plus = true;
		else if (isdigit((unsigned char)*text) && n < sizeof(digits) - 3)
			digits[n++] = *text;
		else if (strchr(" .-()", *text) == NULL)
			return -1;
	}
	digits[n] = '\0';
	skip = !plus && digits[0] == '0' && digits[1] == '0' ? 2 : 0;
	if (!plus && skip == 0 && n == (size_t)conf->national_digits) {
		if (strlen(conf->country) + n >= NUMBER_SIZE)
			return -1;
		snprintf(out, NUMBER_SIZE, "%s%s", conf->country, digits);
		return 0;
	}
	/* A national number behind the country code, but without the + that belongs before it. */
	if (!plus && skip == 0 && (n != strlen(conf->country) - 1 + (size_t)conf->national_digits ||
	    strncmp(digits, conf->country + 1, strlen(conf->country) - 1) != 0))
		return -1;
	if (n - skip < 7 || n - skip > 15)	/* E.164: at most 15 digits */
		return -1;
	snprintf(out, NUMBER_SIZE, "+%s", digits + skip);
	return 0;
}

/* ---- tocsin.conf ------------------------------------------------------------- */

enum option_kind { OPTION_PATH, OPTION_INT, OPTION_U16, OPTION_COUNTRY };

/* One option: its place in the file, its place in struct conf, its bounds. */
struct option {
	const char	*section, *key;
	enum option_kind kind;
	size_t		 offset;
	long		 min, max;
};

#define AT(field)	offsetof(struct conf, field)

static const struct option options[] = {
	{ "gateway", "state", OPTION_PATH, AT(state), 0, 0 },
	{ "gateway", "control", OPTION_PATH, AT(control), 0, 0 },
	{ "gateway", "key", OPTION_PATH, AT(key), 0, 0 },
	{ "gateway", "transport", OPTION_PATH, AT(transport), 0, 0 },
	{ "gateway", "country", OPTION_COUNTRY, AT(country), 0, 0 },
	{ "gateway", "national_digits", OPTION_INT, AT(national_digits), 5, 12 },
	{ "gateway", "utc_offset_min", OPTION_INT, AT(utc_offset_min), -720, 840 },
	{ "files", "rules", OPTION_PATH, AT(rules), 0, 0 },
	{ "files", "gazetteer", OPTION_PATH, AT(gazetteer), 0, 0 },
	{ "files", "routing", OPTION_PATH, AT(routing), 0, 0 },
	{ "files", "templates", OPTION_PATH, AT(templates), 0, 0 },
	{ "files", "responders", OPTION_PATH, AT(responders), 0, 0 },
	{ "files", "modems", OPTION_PATH, AT(modems), 0, 0 },
	{ "files", "areas", OPTION_PATH, AT(areas), 0, 0 },
	{ "modems", "ping_s", OPTION_INT, AT(ping_s), 5, 600 },
	{ "modems", "send_deadline_s", OPTION_INT, AT(send_deadline_s), 10, 600 },
	{ "modems", "connect_deadline_s", OPTION_INT, AT(connect_deadline_s), 10, 600 },
	{ "modems", "parts_wait_s", OPTION_INT, AT(parts_wait_s), 5, 3600 },
	{ "timers", "p1_reminder_min", OPTION_U16, AT(timers.step_min[0][STAGE_REMINDED]), 1, 1440 },
	{ "timers", "p1_next_tier_min", OPTION_U16, AT(timers.step_min[0][STAGE_NEXT_TIER]), 1, 1440 },
	{ "timers", "p1_all_tiers_min", OPTION_U16, AT(timers.step_min[0][STAGE_ALL_TIERS]), 1, 1440 },
	{ "timers", "p1_unanswered_min", OPTION_U16, AT(timers.step_min[0][STAGE_UNANSWERED]), 1, 1440 },
	{ "timers", "p2_reminder_min", OPTION_U16, AT(timers.step_min[1][STAGE_REMINDED]), 1, 1440 },
	{ "timers", "p2_next_tier_min", OPTION_U16, AT(timers.step_min[1][STAGE_NEXT_TIER]), 1, 1440 },
	{ "timers", "p2_all_tiers_min", OPTION_U16, AT(timers.step_min[1][STAGE_ALL_TIERS]), 1, 1440 },
	{ "timers", "p2_unanswered_min", OPTION_U16, AT(timers.step_min[1][STAGE_UNANSWERED]), 1, 1440 },
	{ "timers", "p2_review_min", OPTION_U16, AT(timers.review_min[1]), 1, 1440 },
	{ "timers", "repeat_min", OPTION_U16, AT(timers.repeat_min), 1, 1440 },
	{ "timers", "p1_expire_min", OPTION_U16, AT(timers.expire_min[0]), 10, 10080 },
	{ "timers", "p2_expire_min", OPTION_U16, AT(timers.expire_min[1]), 10, 10080 },
	{ "timers", "p3_expire_min", OPTION_U16, AT(timers.expire_min[2]), 10, 10080 },
};

#define OPTIONS	(sizeof(options) / sizeof(options[0]))

static int
set_country(struct ini *in, const char *value, char *out)
{
	size_t n = strlen(value);

	if (n < 2 || n > 4 || value[0] != '+' || strspn(value + 1, "0123456789") != n - 1) {
		ini_fault(in, value, "'%.20s' is not a country calling code such as +223", value);
		return -1;
	}
	memcpy(out, value, n + 1);
	return 0;
}

static int
conf_set(struct ini *in, const char *section, const char *key, const char *value)
{
	const struct option *o = NULL;
	bool section_known = false;
	char *at;
	long n;

	for (size_t i = 0; i < OPTIONS && o == NULL; i++) {
		if (strcmp(options[i].section, section) != 0)
			continue;
		section_known = true;
		if (strcmp(options[i].key, key) == 0)
			o = &options[i];
	}
	if (o == NULL) {
		if (section_known)
			ini_fault(in, key, "unknown setting '%s' in [%s]", key, section);
		else
			ini_fault(in, key, "unknown section [%s]", section);
		return -1;
	}
	at = (char *)in->to + o->offset;
	switch (o->kind) {
	case OPTION_PATH:
		return set_path(in, value, at);
	case OPTION_COUNTRY:
		return set_country(in, value, at);
	case OPTION_INT:
		if (set_number(in, value, o->min, o->max, &n) != 0)
			return -1;
		*(int *)(void *)at = (int)n;
		return 0;
	case OPTION_U16:
		if (set_number(in, value, o->min, o->max, &n) != 0)
			return -1;
		*(uint16_t *)(void *)at = (uint16_t)n;
		return 0;
	}
	return -1;
}

static void
conf_defaults(struct conf *conf)
{
	memset(conf, 0, sizeof(*conf));
	snprintf(conf->state, sizeof(conf->state), "/var/lib/tocsin");
	snprintf(conf->control, sizeof(conf->control), "/run/tocsin/control.sock");
	snprintf(conf->rules, sizeof(conf->rules), "rules");
	snprintf(conf->responders, sizeof(conf->responders), "responders.conf");
	snprintf(conf->modems, sizeof(conf->modems), "modems.d");
	snprintf(conf->transport, sizeof(conf->transport), "tocsin-modem");
	snprintf(conf->country, sizeof(conf->country), "+223");
	conf->national_digits = 8;
	conf->ping_s = 45;	/* libgammu blocks up to 39 s in a single harmless question to a mute modem */
	conf->send_deadline_s = 150;
	conf->connect_deadline_s = 120;
	conf->parts_wait_s = 45;
	conf->timers = timers_default;
}

/* Relative paths mean: beside tocsin.conf. */
static void
conf_anchor(char path[CONF_PATH_SIZE], const char *dir, size_t dir_len, struct diags *diags)
{
	char joined[2 * CONF_PATH_SIZE];

	if (path[0] == '/' || path[0] == '\0' || dir_len == 0)
		return;
	snprintf(joined, sizeof(joined), "%.*s%s", (int)dir_len, dir, path);
	if (strlen(joined) >= CONF_PATH_SIZE)
		diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "this path is too long");
	else
		memcpy(path, joined, strlen(joined) + 1);
}

/* A file of the rules folder unless the settings name another. */
static void
conf_in_rules(const struct conf *conf, char path[CONF_PATH_SIZE], const char *name)
{
	if (path[0] == '\0' && strlen(conf->rules) + strlen(name) + 2 <= CONF_PATH_SIZE) {
		memcpy(path, conf->rules, strlen(conf->rules));
		path[strlen(conf->rules)] = '/';
		memcpy(path + strlen(conf->rules) + 1, name, strlen(name) + 1);
	}
}

/* ---- modems.d ---------------------------------------------------------------- */

static int
line_set(struct ini *in, const char *section, const char *key, const char *value)
{
	struct line_conf *line = in->to;
	struct modem_setting *s;

	if (strcmp(section, "tocsin") == 0 && strcmp(key, "enabled") == 0)
		return set_bool(in, value, &line->enabled);
	if (strcmp(section, "tocsin") == 0 && strcmp(key, "send") == 0)
		return set_bool(in, value, &line->send);
	if (strcmp(section, "tocsin") == 0 && strcmp(key, "program") == 0)
		return set_path(in, value, line->program);
	if (strcmp(section, "gammu") != 0 && strcmp(section, "tocsin") != 0) {
		ini_fault(in, key, "unknown section [%s]: only [gammu] and [tocsin] belong here", section);
		return -1;
	}
	if (line->n == MODEM_SETTINGS_MAX || strlen(key) >= sizeof(s->key) || strlen(value) >= sizeof(s->value)) {
		ini_fault(in, key, "too many settings (%d), or one that is too long", MODEM_SETTINGS_MAX);
		return -1;
	}
	s = &line->v[line->n++];
	memcpy(s->key, key, strlen(key) + 1);
	memcpy(s->value, value, strlen(value) + 1);
	return 0;
}

static bool
line_has(const struct line_conf *line, const char *key)
{
	for (size_t i = 0; i < line->n; i++)
		if (strcasecmp(line->v[i].key, key) == 0 || (strcasecmp(key, "device") == 0 &&
		    strcasecmp(line->v[i].key, "port") == 0))	/* gammu's older word */
			return true;
	return false;
}

static void
lines_load(struct conf *conf, struct diags *diags)
{
	char **paths = NULL;
	size_t n = 0;

	if (file_list(conf->modems, ".conf", &paths, &n) != 0) {
		diag_add(diags, DIAG_ERROR, conf->modems, 0, 0, NULL, 0, "the folder of the modems cannot be read: %s",
		    strerror(errno));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct line_conf *line = &conf->line[conf->n_lines];
		const char *base = strrchr(paths[i], '/');
		size_t len;

		base = base != NULL ? base + 1 : paths[i];
		len = strlen(base) - strlen(".conf");
		if (conf->n_lines == CONF_LINES_MAX || len >= sizeof(line->name)) {
			diag_add(diags, DIAG_ERROR, paths[i], 0, 0, NULL, 0,
			    "more than %d modems, or a file name that is too long", CONF_LINES_MAX);
			continue;
		}
		memset(line, 0, sizeof(*line));
		memcpy(line->name, base, len);
		line->enabled = line->send = true;
		ini_read(paths[i], line, line_set, diags);
		if (!line->enabled)
			continue;
		if (!line_has(line, "device") && line->program[0] == '\0')
			diag_add(diags, DIAG_ERROR, paths[i], 0, 0, NULL, 0, "no 'device' in [gammu]");
		conf->n_lines++;
	}
	file_list_free(paths, n);
	if (conf->n_lines == 0)
		diag_add(diags, DIAG_WARNING, conf->modems, 0, 0, NULL, 0, "no modem is configured: nothing can be heard");
}

int
conf_load(struct conf *conf, const char *path, struct diags *diags)
{
	size_t before = diags->errors;
	const char *slash = strrchr(path, '/');
	size_t dir_len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *const anchored[] = { conf->state, conf->control, conf->key, conf->rules, conf->gazetteer, conf->routing,
	    conf->templates, conf->responders, conf->modems, conf->areas };

	conf_defaults(conf);
	ini_read(path, conf, conf_set, diags);
	conf_in_rules(conf, conf->gazetteer, "gazetteer.tsv");
	conf_in_rules(conf, conf->routing, "routing.matrix");
	conf_in_rules(conf, conf->templates, "templates.tsv");
	if (conf->key[0] == '\0')
		snprintf(conf->key, sizeof(conf->key), "%.*s/key", CONF_PATH_SIZE - 8, conf->state);
	for (size_t i = 0; i < sizeof(anchored) / sizeof(anchored[0]); i++)
		conf_anchor(anchored[i], path, dir_len, diags);
	lines_load(conf, diags);
	return diags->errors == before ? 0 : -1;
}

/* ---- responders.conf ---------------------------------------------------------- */

struct roster_reading {
	struct roster	*roster;
	const struct matrix *matrix;
	struct conf	 numbers;	/* only for conf_number() */
};

static struct responder *
roster_section(struct ini *in, const char *section)
{
	struct roster_reading *r = in->to;
	struct responder *p;

	for (size_t i = 0; i < r->roster->n; i++)
		if (strcmp(r->roster->v[i].code, section) == 0)
			return &r->roster->v[i];
	if (r->roster->n == CONF_RESPONDERS_MAX || *section == '\0' || strlen(section) >= sizeof(p->code)) {
		ini_fault(in, section, "a responder's name in [brackets] has 1 to %zu letters, and there are at most %d",
		    sizeof(p->code) - 1, CONF_RESPONDERS_MAX);
		return NULL;
	}
	if (r->roster->n % 16 == 0) {
		p = realloc(r->roster->v, (r->roster->n + 16) * sizeof(*p));
		if (p == NULL)
			return NULL;
		r->roster->v = p;
	}
	p = &r->roster->v[r->roster->n++];
	memset(p, 0, sizeof(*p));
	memcpy(p->code, section, strlen(section));
	p->tier = 1;
	return p;
}

/* Calls one() for each word of a comma-separated list. */
static int
each_word(struct ini *in, const char *list, struct responder *p,
    int (*one)(struct ini *, struct responder *, const char *word))
{
	char word[PLACE_NAME_SIZE];
	int rc = 0;

	while (*list != '\0') {
		size_t n = strcspn(list, ","), lead = strspn(list, " \t"), len;

		if (lead > n)
			lead = n;
		len = n - lead;
		while (len > 0 && isspace((unsigned char)list[lead + len - 1]))
			len--;
		if (len >= sizeof(word)) {
			ini_fault(in, list, "a word in this list is too long");
			return -1;
		}
		memcpy(word, list + lead, len);
		word[len] = '\0';
		if (len > 0 && one(in, p, word) != 0)
			rc = -1;
		list += n;
		if (*list == ',')
			list++;
	}
	return rc;
}

static int
add_type(struct ini *in, struct responder *p, const char *word)
{
	const struct roster_reading *r = in->to;
	int type = r->matrix != NULL ? matrix_find_type(r->matrix, word) : 0;

	if (type < 0) {
		ini_fault(in, word, "'%s' is not a responder type of the routing matrix", word);
		return -1;
	}
	p->types |= UINT32_C(1) << type;
	return 0;
}

static int
add_area(struct ini *in, struct responder *p, const char *word)
{
	if (strcmp(word, "*") == 0) {
		p->everywhere = true;
		return 0;
	}
	if (p->n_areas == AREAS_MAX || normalize_fold(word, strlen(word), p->areas[p->n_areas], PLACE_NAME_SIZE) <= 0) {
		ini_fault(in, word, "more than %d areas, or a name that is too long", AREAS_MAX);
		return -1;
	}
	p->n_areas++;
	return 0;
}

static int
roster_set(struct ini *in, const char *section, const char *key, const char *value)
{
	struct roster_reading *r = in->to;
	struct responder *p = roster_section(in, section);
	long n;

	if (p == NULL)
		return -1;
	if (strcmp(key, "number") == 0) {
		if (conf_number(&r->numbers, value, p->number) == 0 && value[0] == '+')
			return 0;
		ini_fault(in, value, "'%.24s' is not an international number such as +22370000099", value);
		p->number[0] = '\0';
		return -1;
	}
	if (strcmp(key, "language") == 0) {
		if (strcmp(value, "fr") != 0 && strcmp(value, "en") != 0) {
			ini_fault(in, value, "the language is fr or en, not '%.20s'", value);
			return -1;
		}
		p->language = value[0] == 'e' ? LANG_EN : LANG_FR;
		return 0;
	}
	if (strcmp(key, "types") == 0)
		return each_word(in, value, p, add_type);
	if (strcmp(key, "areas") == 0)
		return each_word(in, value, p, add_area);
	if (strcmp(key, "tier") == 0) {
		if (set_number(in, value, 1, 3, &n) != 0)
			return -1;
		p->tier = (uint8_t)n;
		return 0;
	}
	ini_fault(in, key, "unknown setting '%s': number, language, types, areas, tier are known", key);
	return -1;
}

/* What every responder must have, and what no two may share. */
static void
roster_check(const struct roster *roster, const char *path, struct diags *diags)
{
	for (size_t i = 0; i < roster->n; i++) {
		const struct responder *p = &roster->v[i];
		const char *lacks = p->number[0] == '\0' ? "number" : p->types == 0 ? "types" :
		    !p->everywhere && p->n_areas == 0 ? "areas" : NULL;

		if (lacks != NULL)
			diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "responder [%s] has no '%s'", p->code, lacks);
		for (size_t k = 0; k < i; k++)
			if (p->number[0] != '\0' && strcmp(p->number, roster->v[k].number) == 0)
				diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0,
				    "responders [%s] and [%s] have the same number", roster->v[k].code, p->code);
	}
	if (roster->n == 0)
		diag_add(diags, DIAG_WARNING, path, 0, 0, NULL, 0, "no responder: nobody can be told");
}

int
roster_load(struct roster *roster, const char *path, const struct matrix *matrix, struct diags *diags)
{
	size_t before = diags->errors;
	struct roster_reading *r = calloc(1, sizeof(*r));

	memset(roster, 0, sizeof(*roster));
	if (r == NULL)
		return -1;
	r->roster = roster;
	r->matrix = matrix;
	conf_defaults(&r->numbers);
	ini_read(path, r, roster_set, diags);
	free(r);
	roster_check(roster, path, diags);
	return diags->errors == before ? 0 : -1;
}

void
roster_release(struct roster *roster)
{
	free(roster->v);
	memset(roster, 0, sizeof(*roster));
}
