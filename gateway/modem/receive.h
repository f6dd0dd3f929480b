/* Messages from the modem to the core, and their deletion once the core has them. */
#ifndef TOCSIN_RECEIVE_H
#define TOCSIN_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/phone.h"

/*
 * A message that was read is "held" until the core says STORED and the slot was
 * freed. While held it is not sent again, however often it is read; what the core
 * has not answered for a minute is offered again under a new handle.
 */
#define RECEIVE_HELD_MAX	512	/* then reading waits for the core */
#define RECEIVE_OFFER_MS	60000

struct receive;

struct receive *receive_new(void);	/* NULL: out of memory */
void	receive_free(struct receive *);

/* What the phone tells; pass the struct receive as their ctx. */
void	receive_message(void *ctx, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len);
void	receive_notice(void *ctx, const char *memory, unsigned slot);

void	receive_list_wanted(struct receive *);			/* read all there is */
void	receive_stored(struct receive *, uint32_t handle);	/* the core has it */
/* The core knows that decoding this kills us: to be deleted before anything is read. */
void	receive_poison(struct receive *, const struct modem_msg *);

bool	receive_poisoned(const struct receive *);	/* is some of that left? */

size_t	receive_held(const struct receive *);
/* Messages that wait for nothing but the modem: is there work for receive_turn()? */
bool	receive_busy(const struct receive *);
/* Milliseconds until an unanswered message is offered again; -1: none. */
int	receive_wait_ms(const struct receive *, int64_t now_ms);

/* One piece of work: one message read, or one deleted. -1: the modem is lost. */
int	receive_turn(struct receive *, struct phone *, int64_t now_ms);

#endif
