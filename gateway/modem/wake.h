/* The modem before libgammu has it: woken, silenced, its SIM unlocked. */
#ifndef TOCSIN_WAKE_H
#define TOCSIN_WAKE_H

#include "modem/at.h"
#include "modem/phone.h"

/* The value of a setting; NULL: not set. */
const char *wake_setting(const struct modem_msg *hello, const char *key);

/*
 * Opens the device (which must be set), gets an answer to AT, reads away the lines of a boot,
 * sends init_at_1 …, enters the PIN when one is asked for, closes it again. Each line libgammu
 * does not know would cost it an answer. PHONE_CONNECTED: go on.
 */
enum phone_link wake_modem(const struct modem_msg *hello, at_line_fn *unasked, void *ctx, char *why, size_t size);

#endif
