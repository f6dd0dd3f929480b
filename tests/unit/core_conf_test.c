/* Settings, modem files and rosters: what is read, and what an admin is told about his mistakes. */
#include "core/conf.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "unit/test.h"

static char dir[64];

static void
put(const char *name, const char *text)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK_MSG(file_replace(path, text, strlen(text), 0600) == 0, "%s cannot be written", path);
}

static void
begin(const char *settings, const char *modem)
{
	char path[160];

	snprintf(dir, sizeof(dir), "/tmp/tocsin-conf-XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/modems.d", dir);
	CHECK(mkdir(path, 0700) == 0);
	put("tocsin.conf", settings);
	if (modem != NULL)
		put("modems.d/m1.conf", modem);
}

static void
end(void)
{
	static const char *const names[] = { "modems.d/m1.conf", "tocsin.conf", "responders.conf" };
	char path[160];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/modems.d", dir);
	rmdir(path);
	rmdir(dir);
}

static const char modem_ok[] = "[gammu]\ndevice = /dev/ttyUSB0\nconnection = at115200\n[tocsin]\nsend = no\ninit_at_1 = AT\n";

static int
load(struct conf *conf, struct diags *diags)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/tocsin.conf", dir);
	diags_init(diags);
	return conf_load(conf, path, diags);
}

TEST(reads_what_is_said)
{
	struct conf conf;
	struct diags diags;
	char want[160];

	begin("# a comment\n[gateway]\nstate = /s\ncontrol = c.sock\ncountry = +226\nutc_offset_min = -60\n"
	    "[timers]\np1_reminder_min = 7\n", modem_ok);
	CHECK_INT(load(&conf, &diags), 0);
	CHECK_STR(conf.state, "/s");
	snprintf(want, sizeof(want), "%s/c.sock", dir);
	CHECK_STR(conf.control, want);
	CHECK_STR(conf.country, "+226");
	CHECK_INT(conf.utc_offset_min, -60);
	CHECK_INT(conf.timers.step_min[0][STAGE_REMINDED], 7);
	CHECK_INT(conf.timers.step_min[0][STAGE_NEXT_TIER], timers_default.step_min[0][STAGE_NEXT_TIER]);
	CHECK_STR(conf.key, "/s/key");
	CHECK_INT(conf.n_lines, 1);
	CHECK_STR(conf.line[0].name, "m1");
	CHECK(!conf.line[0].send);
	CHECK_INT(conf.line[0].n, 3);		/* device, connection, init_at_1 */
	diags_release(&diags);
	end();
}

/* One faulty line each: the words of the complaint, and where it points. */
static const struct {
	const char	*text, *what;
	int		 line, col;
} faults[] = {
	{ "[gateway]\nstat = /x\n", "unknown setting 'stat' in [gateway]", 2, 1 },
	{ "[gatway]\nstate = /x\n", "unknown section [gatway]", 2, 1 },
	{ "[gateway]\nstate /x\n", "neither '[section]' nor 'key = value'", 2, 1 },
	{ "[gateway\nstate = /x\n", "neither '[section]' nor 'key = value'", 1, 1 },
	{ "[gateway]\nnational_digits = eight\n", "'eight' is not a whole number from 5 to 12", 2, 19 },
	{ "[gateway]\nnational_digits = 99\n", "'99' is not a whole number from 5 to 12", 2, 19 },
	{ "[gateway]\ncountry = 223\n", "'223' is not a country calling code such as +223", 2, 11 },
	{ "[gateway]\nstate =\n", "a path of 1 to 255 characters is needed here", 2, 1 },
	{ "[timers]\np1_reminder_min = 0\n", "'0' is not a whole number from 1 to 1440", 2, 19 },
};

TEST(says_what_is_wrong_and_where)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct conf conf;
		struct diags diags;

		begin(faults[i].text, modem_ok);
		CHECK_MSG(load(&conf, &diags) == -1, "row %zu is accepted", i);
		CHECK_MSG(diags.n >= 1 && strcmp(diags.v[0].what, faults[i].what) == 0 && diags.v[0].line == faults[i].line &&
		    diags.v[0].col == faults[i].col, "row %zu says %d:%d '%s'", i, diags.n ? diags.v[0].line : 0,
		    diags.n ? diags.v[0].col : 0, diags.n ? diags.v[0].what : "nothing");
		diags_release(&diags);
		end();
	}
}

TEST(reports_every_fault_at_once)
{
	struct conf conf;
	struct diags diags;

	begin("[gateway]\nx = 1\nnot a setting\ncountry = 1\n[nowhere]\na = b\n", modem_ok);
	CHECK_INT(load(&conf, &diags), -1);
	CHECK_INT(diags.errors, 4);
	diags_release(&diags);
	end();
}

/* A faulty setting keeps its default: the daemon starts, and says so. */
TEST(a_fault_leaves_the_default)
{
	struct conf conf;
	struct diags diags;

	begin("[gateway]\nnational_digits = many\nutc_offset_min = 60\n", modem_ok);
	CHECK_INT(load(&conf, &diags), -1);
	CHECK_INT(conf.national_digits, 8);
	CHECK_INT(conf.utc_offset_min, 60);
	diags_release(&diags);
	end();
}

TEST(a_missing_file_is_named)
{
	struct conf conf;
	struct diags diags;

	diags_init(&diags);
	CHECK_INT(conf_load(&conf, "/nonexistent/tocsin.conf", &diags), -1);
	CHECK(diags.n > 0 && strstr(diags.v[0].what, "cannot be read") != NULL);
	diags_release(&diags);
}

TEST(a_modem_without_device_is_a_fault)
{
	struct conf conf;
	struct diags diags;

	begin("[gateway]\n", "[gammu]\nconnection = at\n");
	CHECK_INT(load(&conf, &diags), -1);
	CHECK(diags.n == 1 && strstr(diags.v[0].what, "no 'device'") != NULL);
	diags_release(&diags);
	end();
}

TEST(numbers_are_brought_to_one_form)
{
	static const struct { const char *text, *number; } rows[] = {
		{ "+22376000001", "+22376000001" }, { "76 00 00 01", "+22376000001" }, { "0022376000001", "+22376000001" },
		{ "22376000001", "+22376000001" }, { "+33 6 12 34 56 78", "+33612345678" }, { "37373", NULL },
		{ "Orange", NULL }, { "", NULL }, { "+1234567890123456", NULL }, { "*144#", NULL }, { "7600000", NULL },
	};
	struct conf conf = { .country = "+223", .national_digits = 8 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[NUMBER_SIZE] = "";
		int rc = conf_number(&conf, rows[i].text, out);

		CHECK_MSG(rows[i].number == NULL ? rc == -1 : rc == 0 && strcmp(out, rows[i].number) == 0,
		    "'%s' gives %d '%s'", rows[i].text, rc, out);
	}
}

static const char matrix_text[] = "types DUTY CLA PKF\nATK A A A\n";

static size_t
roster_faults(const char *text, struct roster *roster, struct diags *diags)
{
	struct matrix *matrix;
	char path[160];

	begin("[gateway]\n", modem_ok);
	put("responders.conf", text);
	diags_init(diags);
	matrix = matrix_new("matrix", matrix_text, sizeof(matrix_text) - 1, diags);
	CHECK(matrix != NULL);
	diags_release(diags);
	diags_init(diags);
	snprintf(path, sizeof(path), "%s/responders.conf", dir);
	roster_load(roster, path, matrix, diags);
	matrix_free(matrix);
	end();
	return diags->errors;
}

TEST(reads_a_roster)
{
	struct roster roster;
	struct diags diags;

	CHECK_INT(roster_faults("[a]\nnumber = +22370000001\ntypes = CLA, PKF\nareas = Bankass, Ménaka ,KOR\ntier = 2\n"
	    "[b]\nnumber = +22370000002\nlanguage = en\ntypes = DUTY\nareas = *\n", &roster, &diags), 0);
	CHECK_INT(roster.n, 2);
	CHECK_STR(roster.v[0].code, "a");
	CHECK_INT(roster.v[0].types, 6);
	CHECK_INT(roster.v[0].tier, 2);
	CHECK_INT(roster.v[0].n_areas, 3);
	CHECK_STR(roster.v[0].areas[1], "menaka");
	CHECK(!roster.v[0].everywhere && roster.v[1].everywhere);
	CHECK_INT(roster.v[1].language, LANG_EN);
	roster_release(&roster);
	diags_release(&diags);
}

TEST(says_what_a_roster_lacks)
{
	static const struct { const char *text, *what; } rows[] = {
		{ "[a]\nnumber = 70000001\ntypes = CLA\nareas = *\n", "'70000001' is not an international number such as +22370000099" },
		{ "[a]\nnumber = +22370000001\ntypes = CLOWN\nareas = *\n", "'CLOWN' is not a responder type of the routing matrix" },
		{ "[a]\nnumber = +22370000001\ntypes = CLA\n", "responder [a] has no 'areas'" },
		{ "[a]\nnumber = +22370000001\nareas = *\n", "responder [a] has no 'types'" },
		{ "[a]\ntypes = CLA\nareas = *\n", "responder [a] has no 'number'" },
		{ "[a]\nnumber = +22370000001\ntypes = CLA\nareas = *\ntier = 9\n", "'9' is not a whole number from 1 to 3" },
		{ "[a]\nnumber = +22370000001\ntypes = CLA\nareas = *\ncolour = red\n",
		  "unknown setting 'colour': number, language, types, areas, tier are known" },
		{ "[a]\nnumber = +22370000001\ntypes = CLA\nareas = *\n[b]\nnumber = +22370000001\ntypes = CLA\nareas = *\n",
		  "responders [a] and [b] have the same number" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct roster roster;
		struct diags diags;

		CHECK_MSG(roster_faults(rows[i].text, &roster, &diags) >= 1, "row %zu is accepted", i);
		CHECK_MSG(diags.n >= 1 && strcmp(diags.v[0].what, rows[i].what) == 0, "row %zu says '%s'", i,
		    diags.n ? diags.v[0].what : "nothing");
		roster_release(&roster);
		diags_release(&diags);
	}
}

TEST_MAIN(TEST_ROW(reads_what_is_said), TEST_ROW(says_what_is_wrong_and_where), TEST_ROW(reports_every_fault_at_once),
    TEST_ROW(a_fault_leaves_the_default), TEST_ROW(a_missing_file_is_named),
    TEST_ROW(a_modem_without_device_is_a_fault), TEST_ROW(numbers_are_brought_to_one_form), TEST_ROW(reads_a_roster),
    TEST_ROW(says_what_a_roster_lacks))
