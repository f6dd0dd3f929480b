/* Enrols reporters under pseudonyms, lists them by a short id, silences and forgets them. */
#include "core/reporters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "core/duty.h"
#include "store/audit.h"
#include "store/reporter.h"

#define LIST_MAX	500
#define ID_SIZE		9	/* eight hexadecimal digits of the pseudonym: what people call him by */

static void
id_of(const struct reporter *p, char out[ID_SIZE])
{
	snprintf(out, ID_SIZE, "%02x%02x%02x%02x", p->pseudonym[0], p->pseudonym[1], p->pseudonym[2], p->pseudonym[3]);
}

static void
put(struct request *r, const struct reporter *p)
{
	struct field_out row;
	char id[ID_SIZE], when[CLOCK_TEXT_SIZE];

	id_of(p, id);
	control_begin(r, &row);
	ctl_put_text(&row, "reporter", id);
	ctl_put_bool(&row, "opted_in", p->opted_in);
	ctl_put_bool(&row, "silent", p->silent);
	ctl_put_bool(&row, "shared", p->shared);
	ctl_put_bool(&row, "duress", p->duress);
	ctl_put_text(&row, "language", p->language == LANG_EN ? "en" : "fr");
	ctl_put_text(&row, "village", p->village[0] != '\0' ? p->village : NULL);
	ctl_put_text(&row, "added", clock_text(p->added, when));
	control_row(r, &row);
}

/* By a phone number, or by the id that list shows. 1; 0: nobody (the sentence says so). */
static int
find(struct request *r, const char *word, struct reporter *out)
{
	struct reporter *all;
	char number[NUMBER_SIZE], id[ID_SIZE];
	uint8_t pseudonym[VAULT_PSEUDONYM];
	int n, found = 0;

	if (conf_number(&r->core->conf, word, number) == 0) {
		vault_pseudonym(r->core->vault, number, pseudonym);
		if (reporter_get(r->core->store, pseudonym, out) == 1)
			return 1;
	}
	all = calloc(LIST_MAX, sizeof(*all));
	n = all == NULL ? 0 : reporter_list(r->core->store, all, LIST_MAX);
	for (int i = 0; i < n && found == 0; i++) {
		id_of(&all[i], id);
		if (strcmp(id, word) == 0) {
			*out = all[i];
			found = 1;
		}
	}
	free(all);
	if (found == 0)
		snprintf(r->sentence, sizeof(r->sentence), "no such reporter is enrolled");
	return found;
}

/* In one transaction with its audit row. */
static enum ctl_exit
change(struct request *r, struct reporter *p, const char *event, bool forget)
{
	char actor[32], object[40], id[ID_SIZE];
	int rc = -1;

	id_of(p, id);
	control_actor(r, actor);
	snprintf(object, sizeof(object), "reporter:%s", id);
	if (store_begin(r->core->store) == 0) {
		rc = forget ? reporter_forget(r->core->store, p->pseudonym) : reporter_put(r->core->store, p);
		if (rc >= 0)
			rc = audit_add(r->core->store, r->now.wall, actor, event, object, "{}");
		if (rc == 0)
			rc = store_commit(r->core->store);
		else
			store_rollback(r->core->store);
	}
	if (rc == 0)
		return CTL_DONE;
	snprintf(r->sentence, sizeof(r->sentence), "nothing was changed: %s", store_error(r->core->store));
	return CTL_REFUSED;
}

/* The words behind the number: flags, or a village. False: not understood, the sentence says why. */
static bool
read_words(struct request *r, struct reporter *p)
{
	for (size_t i = 3; i < r->ask->n; i++) {
		const char *word = r->ask->word[i], *why;
		struct geotag where;

		if (strcmp(word, "opt-in") == 0) {
			p->opted_in = true;
		} else if (strcmp(word, "shared") == 0) {
			p->shared = true;
		} else if (strcmp(word, "silent") == 0) {
			p->silent = true;
		} else if (strcmp(word, "duress") == 0) {
			p->duress = true;
		} else if (strcmp(word, "en") == 0 || strcmp(word, "fr") == 0) {
			p->language = word[0] == 'e' ? LANG_EN : LANG_FR;
		} else if (duty_find_place(r->core, word, &where, &why) == 1) {
			snprintf(p->village, sizeof(p->village), "%s", where.best.name);
			p->lat_deg = where.best.lat_deg;
			p->lon_deg = where.best.lon_deg;
		} else {
			snprintf(r->sentence, sizeof(r->sentence), "'%.60s' is neither opt-in, shared, silent, duress, fr, en nor a "
			    "village: %s", word, why);
			return false;
		}
	}
	return true;
}

static enum ctl_exit
do_add(struct request *r)
{
	struct reporter p = { .added = r->now.wall };
	char number[NUMBER_SIZE];
	enum ctl_exit done;

	if (conf_number(&r->core->conf, r->ask->word[2], number) != 0) {
		snprintf(r->sentence, sizeof(r->sentence), "this is not a phone number");
		return CTL_REFUSED;
	}
	vault_pseudonym(r->core->vault, number, p.pseudonym);
	if (!read_words(r, &p))
		return CTL_REFUSED;
	done = change(r, &p, "reporter.added", false);
	if (done == CTL_DONE)
		put(r, &p);
	return done;
}

static enum ctl_exit
do_list(struct request *r)
{
	struct reporter *all = calloc(LIST_MAX, sizeof(*all));
	int n = all == NULL ? -1 : reporter_list(r->core->store, all, LIST_MAX);

	for (int i = 0; i < n; i++)
		put(r, &all[i]);
	free(all);
	if (n < 0)
		snprintf(r->sentence, sizeof(r->sentence), "the store does not answer: %s", store_error(r->core->store));
	return n < 0 ? CTL_REFUSED : CTL_DONE;
}

static enum ctl_exit
do_forget(struct request *r)
{
	struct reporter p;

	return find(r, r->ask->word[2], &p) == 1 ? change(r, &p, "reporter.forgotten", true) : CTL_REFUSED;
}

/* silence WHO [off] */
static enum ctl_exit
do_silence(struct request *r)
{
	bool off = r->ask->n > 3 && strcmp(r->ask->word[3], "off") == 0;
	struct reporter p;

	if (r->ask->n > 3 && !off)
		return CTL_USAGE;
	if (find(r, r->ask->word[2], &p) != 1)
		return CTL_REFUSED;
	p.silent = !off;
	return change(r, &p, off ? "reporter.unsilenced" : "reporter.silenced", false);
}

enum ctl_exit
reporters_command(struct request *r)
{
	static const struct {
		const char	*word;
		size_t		 min, max;
		enum ctl_exit	(*run)(struct request *);
	} rows[] = {
		{ "add", 3, 9, do_add }, { "list", 2, 2, do_list }, { "forget", 3, 3, do_forget },
		{ "silence", 3, 4, do_silence },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].word, r->ask->word[1]) == 0)
			return r->ask->n < rows[i].min || r->ask->n > rows[i].max ? CTL_USAGE : rows[i].run(r);
	return CTL_USAGE;
}
