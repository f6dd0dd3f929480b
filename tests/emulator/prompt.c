/* The emulated network by hand: type an SMS, see the SMS that leave. */
#include "emulator/emulator.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
prompt_open(struct modem *m)
{
	struct client *c = control_add(m, STDIN_FILENO, STDOUT_FILENO);

	if (c == NULL)
		return -1;
	c->prompt = true;
	bytes_addf(&c->output, "Type an SMS:  +22376000001 koup de feu a bankass    (help: all commands, Ctrl-D: end)\n");
	return 0;
}

static void
show_help(struct client *c)
{
	bytes_addf(&c->output, "+NUMBER TEXT    an SMS with this text comes from this number\n"
	    "-> +NUMBER  TEXT  is printed for each SMS that leaves\n"
	    "/COMMAND        the commands of the scripting socket:\n   /");
}

void
prompt_line(struct modem *m, struct client *c, char *line)
{
	struct bytes reply;
	char *as_command = NULL;

	line += strspn(line, " \t");
	if (*line == '\0')
		return;
	bytes_init(&reply, 1 << 20);
	if (*line == '/') {
		control_run(m, c, line + 1, &reply);
	} else if (strcmp(line, "help") == 0) {
		show_help(c);
		control_run(m, c, line, &reply);
		bytes_drop(&reply, strlen("ok "));
	} else if (*line == '+' || strspn(line, "0123456789") > 2) {
		if (asprintf(&as_command, "rx %s", line) < 0)
			as_command = NULL;
		if (as_command != NULL)
			control_run(m, c, as_command, &reply);
		/* Only what went wrong is worth a line. */
		if (strncmp(bytes_str(&reply), "ok", 2) == 0)
			bytes_drop(&reply, reply.len);
	} else {
		bytes_addf(&reply, "an SMS starts with a number: +22376000001 TEXT (help: all commands)");
	}
	if (reply.len > 0)
		bytes_addf(&c->output, "%s\n", reply.p);
	bytes_release(&reply);
	free(as_command);
}

void
prompt_sent(struct modem *m, const struct outgoing *o)
{
	for (int i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &m->control.client[i];

		if (!c->used || !c->prompt)
			continue;
		bytes_addf(&c->output, "-> %s  ", o->dest);
		bytes_add_escaped(&c->output, o->text, strlen(o->text));
		bytes_add(&c->output, "\n", 1);
	}
}
