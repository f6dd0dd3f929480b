/* Tells systemd, and whoever asks, whether promises are being kept. */
#ifndef TOCSIN_HEALTH_H
#define TOCSIN_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct core;

/* sd_notify(3) by hand: a datagram to $NOTIFY_SOCKET; nothing happens without it. */
void	health_notify(const char *state);
/* Half of $WATCHDOG_USEC in milliseconds, 0 when systemd does not watch. */
int64_t	health_watchdog_ms(void);
/*
 * Pets the watchdog, but only when the loop made a turn since the last call and the store either works or is
 * known to be in memory; a dead modem must not stop it. Also updates the STATUS line.
 */
void	health_beat(struct core *, struct now);
/* One sentence for an operator: "all well", or what is wrong first. */
void	health_sentence(struct core *, char *out, size_t size);

#endif
