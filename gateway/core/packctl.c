/* Answers tocsinctl rules: lists the kept packs, compares one with the files, goes back to one. */
#include "core/packctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/core.h"
#include "core/packs.h"
#include "store/audit.h"

/* ---- list ---- */

static enum ctl_exit
list(struct request *r)
{
	struct packs_entry v[PACKS_KEPT + 1];
	size_t n = packs_list(&r->core->conf, v, PACKS_KEPT + 1);
	char at[CLOCK_TEXT_SIZE];
	struct field_out row;

	for (size_t i = n; i > 0; i--) {
		control_begin(r, &row);
		ctl_put_int(&row, "pack", v[i - 1].number);
		ctl_put_text(&row, "version", v[i - 1].version);
		ctl_put_text(&row, "since", clock_text(v[i - 1].since, at));
		ctl_put_int(&row, "rules", (int64_t)v[i - 1].rules);
		ctl_put_int(&row, "tests", (int64_t)v[i - 1].tests);
		ctl_put_bool(&row, "in_force", v[i - 1].number == r->core->book->pack);
		control_row(r, &row);
	}
	return CTL_DONE;
}

/* ---- which one ---- */

/* By number or version, or when nothing is said the one before what is in force. 0: there is none. */
static unsigned
choose(struct request *r, const char *word, unsigned otherwise)
{
	struct packs_entry v[PACKS_KEPT + 1];
	size_t n = packs_list(&r->core->conf, v, PACKS_KEPT + 1);
	unsigned number = word == NULL ? otherwise : (unsigned)strtoul(word, NULL, 10);

	for (size_t i = 0; i < n; i++) {
		if (word != NULL && strcmp(v[i].version, word) == 0)
			return v[i].number;
	}
	for (size_t i = 0; i < n; i++) {
		if (v[i].number == number && (word == NULL || strlen(word) <= 6))
			return number;
	}
	if (word != NULL)
		snprintf(r->sentence, sizeof(r->sentence), "no pack '%.20s' is kept: tocsinctl rules list shows which are", word);
	return 0;
}

static unsigned
one_before(struct request *r)
{
	struct packs_entry v[PACKS_KEPT + 1];
	size_t n = packs_list(&r->core->conf, v, PACKS_KEPT + 1);
	unsigned before = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].number < r->core->book->pack)
			before = v[i].number;
	}
	return before;
}

/* ---- show ---- */

static void
on_file(void *arg, const char *name, enum packs_state state)
{
	static const char *const words[] = { "the same", "edited", "new", "removed" };
	struct request *r = arg;
	struct field_out row;

	control_begin(r, &row);
	ctl_put_text(&row, "file", name);
	ctl_put_text(&row, "state", words[state]);
	control_row(r, &row);
}

static enum ctl_exit
show(struct request *r)
{
	unsigned number = choose(r, r->ask->n > 2 ? r->ask->word[2] : NULL, r->core->book->pack);
	int n;

	if (number == 0) {
		if (r->sentence[0] == '\0')
			snprintf(r->sentence, sizeof(r->sentence), "no pack is kept of what is in force");
		return CTL_REFUSED;
	}
	n = packs_compare(&r->core->conf, number, on_file, r);
	if (n == -1)
		snprintf(r->sentence, sizeof(r->sentence), "the files cannot be read");
	else if (n > 0)
		snprintf(r->sentence, sizeof(r->sentence), "%d rule files differ from pack %u%s", n, number,
		    number == r->core->book->pack ? ", which is in force" : "");
	return n == -1 ? CTL_REFUSED : CTL_DONE;
}

/* ---- rollback ---- */

static void
note(struct request *r, const struct book *book, unsigned from)
{
	struct store *st = r->core->store;
	char actor[32], detail[120];

	control_actor(r, actor);
	snprintf(detail, sizeof(detail), "{\"rules\":\"%s\",\"pack\":%u,\"before\":%u}", rulebook_version(book->rules), book->pack, from);
	if (store_begin(st) == 0 && (audit_add(st, r->now.wall, actor, "book.rolled_back", "book", detail) != 0 || store_commit(st) != 0))
		store_rollback(st);
	log_warnx("rules.rolled_back pack=%u before=%u rules=%s", book->pack, from, rulebook_version(book->rules));
}

static void
swap(struct request *r, struct book *book)
{
	struct core *core = r->core;
	unsigned from = core->book->pack;
	struct field_out row;

	book->rolled_back = true;
	book_free(core->book);
	core->book = book;
	if (packs_hold(&core->conf, book->pack) != 0)
		log_warn("rules.rolled_back.not_kept");
	note(r, book, from);
	control_begin(r, &row);
	ctl_put_int(&row, "pack", book->pack);
	ctl_put_text(&row, "version", rulebook_version(book->rules));
	ctl_put_int(&row, "tests", (int64_t)book->tests);
	control_row(r, &row);
	snprintf(r->sentence, sizeof(r->sentence), "pack %u is in force; the rule files were not touched: mend them, then tocsinctl reload",
	    book->pack);
}

static enum ctl_exit
rollback(struct request *r)
{
	unsigned number = choose(r, r->ask->n > 2 ? r->ask->word[2] : NULL, one_before(r));
	struct diags diags;
	struct book *book;

	if (number == 0) {
		if (r->sentence[0] == '\0')
			snprintf(r->sentence, sizeof(r->sentence), "there is no earlier pack to go back to");
		return CTL_REFUSED;
	}
	diags_init(&diags);
	book = book_load_pack(&r->core->conf, number, &diags);
	diags_release(&diags);
	if (book == NULL) {
		snprintf(r->sentence, sizeof(r->sentence), "pack %u cannot be loaded any more: what was in force stays in force", number);
		return CTL_REFUSED;
	}
	swap(r, book);
	return CTL_DONE;
}

enum ctl_exit
packctl_command(struct request *r)
{
	static const struct {
		const char *word;
		enum ctl_exit (*run)(struct request *);
	} rows[] = { { "list", list }, { "show", show }, { "rollback", rollback } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(r->ask->word[1], rows[i].word) == 0)
			return rows[i].run(r);
	}
	return CTL_USAGE;
}
