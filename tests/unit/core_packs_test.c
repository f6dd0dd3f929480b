/* Kept packs: numbered, whole, at most so many, compared with the files, and one of them held over restarts. */
#include "core/packs.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/files.h"
#include "unit/test.h"

static char dir[64];
static struct conf conf;

static void
put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK_MSG(file_replace(path, text, strlen(text), 0600) == 0, "%s", path);
}

static void
begin(void)
{
	char path[128];

	snprintf(dir, sizeof(dir), "/tmp/tocsin-packs.XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
	memset(&conf, 0, sizeof(conf));
	snprintf(path, sizeof(path), "%s/rules", dir);
	CHECK_INT(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/state", dir);
	CHECK_INT(mkdir(path, 0700), 0);
	snprintf(conf.state, sizeof(conf.state), "%s/state", dir);
	snprintf(conf.rules, sizeof(conf.rules), "%s/rules", dir);
	snprintf(conf.gazetteer, sizeof(conf.gazetteer), "%s/places.tsv", dir);
	snprintf(conf.routing, sizeof(conf.routing), "%s/matrix", dir);
	snprintf(conf.templates, sizeof(conf.templates), "%s/templates", dir);
	snprintf(conf.responders, sizeof(conf.responders), "%s/people", dir);
	put("rules/10-a.rules", "a\n");
	put("rules/20-b.rules", "b\n");
	put("places.tsv", "p");
	put("matrix", "m");
	put("templates", "t");
	put("people", "r");
}

static int
on_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void
end(void)
{
	CHECK_INT(nftw(dir, on_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static unsigned
keep(const char *version)
{
	struct packs_entry about = { .since = { 1234 }, .rules = 5, .tests = 6 };

	snprintf(about.version, sizeof(about.version), "%016x", (unsigned)strtoul(version, NULL, 16));
	CHECK_INT(packs_keep(&conf, &about), 0);
	return about.number;
}

static void
kept_is(unsigned number, const char *name, const char *want)
{
	char path[200];
	struct buf text;

	snprintf(path, sizeof(path), "%s/state/packs/%04u/%s", dir, number, name);
	buf_init(&text, 100);
	CHECK_MSG(file_read(path, &text) == 0, "%s", path);
	CHECK_STR(buf_str(&text), want);
	buf_release(&text);
}

TEST(packs_are_numbered_and_the_oldest_go)
{
	struct packs_entry v[PACKS_KEPT + 3];
	char version[8], rule[16];

	begin();
	CHECK_INT(packs_list(&conf, v, PACKS_KEPT + 3), 0);
	for (unsigned i = 1; i <= PACKS_KEPT + 2; i++) {
		snprintf(version, sizeof(version), "%x", i);
		snprintf(rule, sizeof(rule), "a %u\n", i);
		put("rules/10-a.rules", rule);
		CHECK_INT(keep(version), i);
	}
	CHECK_INT(packs_list(&conf, v, PACKS_KEPT + 3), PACKS_KEPT);
	CHECK_INT(v[0].number, 3);
	CHECK_INT(v[PACKS_KEPT - 1].number, PACKS_KEPT + 2);
	CHECK_STR(v[0].version, "0000000000000003");
	CHECK_INT(v[0].since.ms, 1234);
	CHECK_INT(v[0].rules, 5);
	CHECK_INT(v[0].tests, 6);
	kept_is(3, "10-a.rules", "a 3\n");
	kept_is(4, "10-a.rules", "a 4\n");
	/* With room for fewer the newest are told. */
	CHECK_INT(packs_list(&conf, v, 2), 2);
	CHECK_INT(v[1].number, PACKS_KEPT + 2);
	end();
}

TEST(equal_rules_keep_their_number_and_follow_the_other_files)
{
	begin();
	CHECK_INT(keep("1"), 1);
	put("people", "newcomer");
	CHECK_INT(keep("1"), 1);
	kept_is(1, "responders.conf", "newcomer");
	CHECK_INT(keep("2"), 2);
	put("people", "nobody");
	CHECK_INT(keep("2"), 2);
	/* Files that packs share on the disk do not change together. */
	kept_is(1, "responders.conf", "newcomer");
	kept_is(2, "responders.conf", "nobody");
	kept_is(2, "gazetteer.tsv", "p");
	end();
}

TEST(the_held_pack_is_remembered_and_not_dropped)
{
	struct packs_entry v[PACKS_KEPT + 3];
	char version[8];

	begin();
	CHECK_INT(keep("1"), 1);
	CHECK_INT(packs_held(&conf), 0);
	CHECK_INT(packs_hold(&conf, 1), 0);
	CHECK_INT(packs_held(&conf), 1);
	for (unsigned i = 2; i <= PACKS_KEPT + 3; i++) {
		snprintf(version, sizeof(version), "%x", i);
		keep(version);
	}
	CHECK_INT(packs_list(&conf, v, PACKS_KEPT + 3), PACKS_KEPT + 1);
	CHECK_INT(v[0].number, 1);
	CHECK_INT(packs_hold(&conf, 0), 0);
	CHECK_INT(packs_hold(&conf, 0), 0);
	CHECK_INT(packs_held(&conf), 0);
	put("state/packs/held", "../../etc\n");
	CHECK_INT(packs_held(&conf), 0);
	end();
}

static void
on_file(void *arg, const char *name, enum packs_state state)
{
	char *said = arg;
	size_t n = strlen(said);

	snprintf(said + n, 200 - n, "%s=%d ", name, state);
}

TEST(what_was_edited_is_told)
{
	char said[200] = "", path[128];

	begin();
	CHECK_INT(keep("1"), 1);
	CHECK_INT(packs_compare(&conf, 1, NULL, NULL), 0);
	put("rules/10-a.rules", "other\n");
	put("rules/15-new.rules", "n\n");
	snprintf(path, sizeof(path), "%s/rules/20-b.rules", dir);
	CHECK_INT(unlink(path), 0);
	put("rules/30-c.rules", "c\n");
	CHECK_INT(packs_compare(&conf, 1, on_file, said), 4);
	CHECK_STR(said, "10-a.rules=1 15-new.rules=2 20-b.rules=3 30-c.rules=2 ");
	CHECK_INT(packs_compare(&conf, 7, NULL, NULL), -1);
	end();
}

TEST(a_pack_that_was_not_finished_does_not_count)
{
	struct packs_entry v[PACKS_KEPT];
	char path[128];

	begin();
	CHECK_INT(keep("1"), 1);
	snprintf(path, sizeof(path), "%s/state/packs/.new", dir);
	CHECK_INT(mkdir(path, 0700), 0);
	put("state/packs/.new/99.rules", "half\n");
	snprintf(path, sizeof(path), "%s/state/packs/0002", dir);
	CHECK_INT(mkdir(path, 0700), 0);
	CHECK_INT(packs_list(&conf, v, PACKS_KEPT), 1);
	CHECK_INT(keep("2"), 3);
	CHECK_INT(packs_list(&conf, v, PACKS_KEPT), 2);
	snprintf(path, sizeof(path), "%s/state/packs/0003/99.rules", dir);
	CHECK(access(path, F_OK) != 0);
	end();
}

TEST(settings_turn_to_the_pack)
{
	static struct conf kept;
	char want[200];

	begin();
	CHECK_INT(packs_conf(&conf, 2, &kept), 0);
	snprintf(want, sizeof(want), "%s/state/packs/0002", dir);
	CHECK_STR(kept.rules, want);
	snprintf(want, sizeof(want), "%s/state/packs/0002/gazetteer.tsv", dir);
	CHECK_STR(kept.gazetteer, want);
	CHECK_STR(kept.responders, conf.responders);
	CHECK_INT(packs_conf_all(&conf, 2, &kept), 0);
	snprintf(want, sizeof(want), "%s/state/packs/0002/responders.conf", dir);
	CHECK_STR(kept.responders, want);
	memset(conf.state, 'x', sizeof(conf.state) - 1);
	CHECK_INT(packs_conf(&conf, 2, &kept), -1);
	end();
}

TEST_MAIN(TEST_ROW(packs_are_numbered_and_the_oldest_go), TEST_ROW(equal_rules_keep_their_number_and_follow_the_other_files),
    TEST_ROW(the_held_pack_is_remembered_and_not_dropped), TEST_ROW(what_was_edited_is_told),
    TEST_ROW(a_pack_that_was_not_finished_does_not_count), TEST_ROW(settings_turn_to_the_pack))
