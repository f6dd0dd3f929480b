/* Keys: pseudonyms, identities, and the sealing of numbers and texts at rest. The only file that knows libsodium. */
#ifndef TOCSIN_VAULT_H
#define TOCSIN_VAULT_H

#include <stddef.h>
#include <stdint.h>

struct vault;

#define VAULT_PSEUDONYM	16
#define VAULT_IDENTITY	32
#define VAULT_OVERHEAD	40	/* bytes a sealed value is longer: nonce 24, tag 16 */

/*
 * Reads the 32-byte key file (made with mode 0600 when it is missing and "create" is set): the embedded default, which protects
 * backups and copies of the database, not a box taken whole. All keys are derived from it, live in locked memory, and are wiped.
 * NULL on failure with a constant sentence in *why.
 */
struct vault *vault_open(const char *keyfile, int create, const char **why);
struct vault *vault_memory(const uint8_t key[32]);	/* for tests and scenarios: no file */
void	 vault_close(struct vault *);

/* Keyed BLAKE2b of an address, for telling people apart without knowing them. */
void	 vault_pseudonym(const struct vault *, const char *address, uint8_t out[VAULT_PSEUDONYM]);
/* Keyed BLAKE2b-256 over "sim", a zero byte, and the bytes: the network identity of an SMS. */
void	 vault_identity(const struct vault *, const char *sim, const uint8_t *, size_t, uint8_t out[VAULT_IDENTITY]);
/* Keyed hash for the audit chain. */
void	 vault_chain(const struct vault *, const uint8_t prev[32], const void *, size_t, uint8_t out[32]);
/* A number below "below" drawn from (incident, responder, attempt): the letters of 4071KT, the same after a restart. */
uint32_t vault_draw(const struct vault *, int64_t incident, const char *responder, uint32_t attempt, uint32_t below);

/*
 * XChaCha20-Poly1305 with a random nonce; "context" (table.column:row) is authenticated, so that a value cannot be moved to
 * another row. out has room for len + VAULT_OVERHEAD. vault_unseal returns the length, or -1: not ours, or tampered with.
 */
void	 vault_seal(const struct vault *, const char *context, const void *, size_t len, uint8_t *out);
long	 vault_unseal(const struct vault *, const char *context, const uint8_t *, size_t len, void *out, size_t max);

#endif
