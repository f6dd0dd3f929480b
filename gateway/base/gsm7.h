/* The GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1 and annex A) as a character set. */
#ifndef TOCSIN_GSM7_H
#define TOCSIN_GSM7_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define GSM7_ESCAPE	0x1B

/*
 * National language identifiers of TS 23.038 6.2.1.2.4 (0: default, 1 Turkish,
 * 2 Spanish, 3 Portuguese, 4 Bengali, 5 Gujarati, 6 Hindi, 7 Kannada, 8 Malayalam,
 * 9 Oriya, 10 Punjabi, 11 Tamil, 12 Telugu, 13 Urdu). Above 13: treated as 0.
 */
#define GSM7_LANGUAGES	14

/*
 * Appends n septets (one a byte; bit 7 is ignored) as UTF-8. An escape selects the
 * single-shift table. As 6.2.1.1 asks, a code that table does not have is shown as the
 * character of the locking table, and an escape to an escape as a space; so is an escape
 * at the very end, and a place the locking table leaves empty. Never adds a NUL.
 * 0 or -1 (ceiling).
 */
int	gsm7_decode(const uint8_t *septets, size_t n, uint8_t locking, uint8_t single, struct buf *out);

/* Septets the text needs in the default alphabet (extension characters count 2), or -1 if a character is outside it. */
int	gsm7_septets(const char *utf8, size_t len);

/* Encodes into one septet a byte; returns the count, or -1 (outside the alphabet, or more than max). */
int	gsm7_encode(const char *utf8, size_t len, uint8_t *septets, size_t max);

/*
 * TS 23.038 6.1.2.1.1 packing: "fill" bits (0-6) lie before the first septet. Unpacking stops
 * at n_septets or where the octets hold no whole septet any more, and returns how many it wrote.
 * Packing returns the octets written (fill and padding bits are 0), or 0: more than max.
 */
size_t	gsm7_unpack(const uint8_t *octets, size_t n_octets, unsigned fill, uint8_t *septets, size_t n_septets);
size_t	gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets, size_t max);

#endif
