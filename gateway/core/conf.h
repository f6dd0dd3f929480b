/* tocsin.conf, modems.d and responders.conf: read with inih, checked, every fault with its place. */
#ifndef TOCSIN_CONF_H
#define TOCSIN_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "logic/escalate.h"
#include "logic/route.h"
#include "logic/types.h"
#include "wire/modem_msg.h"

#define CONF_PATH_SIZE	256
#define CONF_LINES_MAX	16
#define CONF_RESPONDERS_MAX 500

/* One modem: gammu's own keys and ours, handed to the transport as they are. */
struct line_conf {
	char	 name[32];		/* file name without .conf */
	bool	 enabled, send;		/* send: may be used for outgoing SMS */
	char	 program[CONF_PATH_SIZE];	/* "" : the default transport */
	size_t	 n;
	struct modem_setting v[MODEM_SETTINGS_MAX];
};

struct conf {
	char	 state[CONF_PATH_SIZE], control[CONF_PATH_SIZE], key[CONF_PATH_SIZE];
	char	 rules[CONF_PATH_SIZE], gazetteer[CONF_PATH_SIZE], routing[CONF_PATH_SIZE];
	char	 templates[CONF_PATH_SIZE], responders[CONF_PATH_SIZE], modems[CONF_PATH_SIZE];
	char	 areas[CONF_PATH_SIZE];		/* GeoJSON of areas; "": none */
	char	 transport[CONF_PATH_SIZE];	/* the program for a modem */
	char	 country[8];		/* "+223": put before national numbers */
	int	 national_digits;	/* how many digits those have */
	int	 utc_offset_min;	/* of the clock shown in SMS */
	int	 ping_s, send_deadline_s, connect_deadline_s;
	int	 parts_wait_s;		/* how long an incomplete long SMS is waited for */
	struct timers timers;
	size_t	 n_lines;
	struct line_conf line[CONF_LINES_MAX];
};

/*
 * Reads tocsin.conf and every modems.d file. Relative paths are taken from the folder tocsin.conf is
 * in. 0, or -1 when any error was added to the diags (then *conf must not be used).
 */
int	conf_load(struct conf *, const char *path, struct diags *);

/* Reads responders.conf; the types are the columns of the matrix. 0 or -1 as above; roster_release() in either case. */
int	roster_load(struct roster *, const char *path, const struct matrix *, struct diags *);
void	roster_release(struct roster *);

/* "+22376000001" from how a network or an admin writes it ("76 00 00 01", "0022376…"); -1: not a phone number. */
int	conf_number(const struct conf *, const char *text, char out[NUMBER_SIZE]);

#endif
