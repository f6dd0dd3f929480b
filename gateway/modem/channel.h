/* The socket to the core on fd 3: one message a datagram. */
#ifndef TOCSIN_CHANNEL_H
#define TOCSIN_CHANNEL_H

#include "wire/modem_msg.h"

#define CHANNEL_FD	3

/* Waits until the core takes it. Ends the process when the core is gone, for then nobody can be told. */
void	channel_send(const struct modem_msg *);

/* Waits at most timeout_ms (0: not, -1: for ever). 1: a message, 0: none. Ends the process on EOF (0) and a bad frame (1). */
int	channel_receive(struct modem_msg *, int timeout_ms);

/* The small messages. */
void	channel_state(enum modem_phase, const char *why);
void	channel_handle(enum modem_type, uint32_t handle);
void	channel_freed(uint32_t handle, bool deleted);

#endif
