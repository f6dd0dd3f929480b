/* Custody: every SMS a modem hands over is stored and synced before the modem may delete it. */
#ifndef TOCSIN_ACCEPT_H
#define TOCSIN_ACCEPT_H

#include <stdbool.h>

#include "base/clock.h"

struct core;
struct line;
struct modem_msg;
struct accept;

struct accept	*accept_new(void);
void		 accept_free(struct accept *);

/* Takes one MODEM_RX of a line; it is stored at the next accept_flush(). */
void	accept_rx(struct core *, struct line *, const struct modem_msg *, struct now);
/* Forgets what a line whose process ended had handed over and is not stored: it will be read again. */
void	accept_line_died(struct core *, const struct line *);
/* Stores all that waits in one transaction, then says STORED. True when it left something to do. */
bool	accept_flush(struct core *, struct now);

#endif
