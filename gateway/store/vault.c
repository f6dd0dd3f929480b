/* Keys derived from one file; pseudonyms, identities, sealing (libsodium). */
#include "store/vault.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"

#define KEY_SIZE	32
#define NONCE_SIZE	crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

/* Numbers of the derived keys: part of the format of every database, never to be changed. */
enum { KEY_PSEUDONYM = 1, KEY_IDENTITY, KEY_CHAIN, KEY_DRAW, KEY_SEAL };

/* Lives in locked memory, read-only after it was made; the master key is not kept. */
struct vault {
	uint8_t	pseudonym[KEY_SIZE], identity[KEY_SIZE], chain[KEY_SIZE], draw[KEY_SIZE], seal[KEY_SIZE];
};

_Static_assert(VAULT_OVERHEAD == NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "the header states the overhead");
_Static_assert(KEY_SIZE == crypto_kdf_KEYBYTES, "crypto_kdf takes our master key");

struct vault *
vault_memory(const uint8_t key[32])
{
	static const char context[crypto_kdf_CONTEXTBYTES] = { 't', 'o', 'c', 's', 'i', 'n', ' ', '1' };
	struct vault *vault;

	if (sodium_init() == -1 || (vault = sodium_malloc(sizeof(*vault))) == NULL)
		return NULL;
	(void)crypto_kdf_derive_from_key(vault->pseudonym, KEY_SIZE, KEY_PSEUDONYM, context, key);
	(void)crypto_kdf_derive_from_key(vault->identity, KEY_SIZE, KEY_IDENTITY, context, key);
	(void)crypto_kdf_derive_from_key(vault->chain, KEY_SIZE, KEY_CHAIN, context, key);
	(void)crypto_kdf_derive_from_key(vault->draw, KEY_SIZE, KEY_DRAW, context, key);
	(void)crypto_kdf_derive_from_key(vault->seal, KEY_SIZE, KEY_SEAL, context, key);
	(void)sodium_mprotect_readonly(vault);
	return vault;
}

void
vault_close(struct vault *vault)
{
	sodium_free(vault);	/* wipes */
}

/* ---- the key file ---- */

static int
make_key(const char *keyfile)
{
	uint8_t key[KEY_SIZE];
	int ret;

	randombytes_buf(key, sizeof(key));
	ret = file_replace(keyfile, key, sizeof(key), 0600);
	sodium_memzero(key, sizeof(key));
	return ret;
}

/* Group may read: that is how a key is lent to a service. Nobody else may, and nobody but the owner may write. */
static const char *
refuse(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "the key file is not a regular file";
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "the key file belongs to another user";
	if ((st->st_mode & (S_IRWXO | S_IWGRP)) != 0)
		return "the key file is open to others; make it mode 0600";
	if (st->st_size != KEY_SIZE)
		return "the key file does not hold exactly 32 bytes";
	return NULL;
}

static int
read_key(int fd, uint8_t key[KEY_SIZE], const char **why)
{
	struct stat st;

	if (fstat(fd, &st) == -1) {
		*why = "the key file cannot be examined";
		return -1;
	}
	if ((*why = refuse(&st)) != NULL)
		return -1;
	if (read(fd, key, KEY_SIZE) != KEY_SIZE) {
		*why = "the key file cannot be read";
		return -1;
	}
	return 0;
}

struct vault *
vault_open(const char *keyfile, int create, const char **why)
{
	uint8_t key[KEY_SIZE];
	struct vault *vault = NULL;
	int fd;

	*why = "the cryptographic library does not start";
	if (sodium_init() == -1)
		return NULL;
	fd = open(keyfile, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1 && errno == ENOENT && create && make_key(keyfile) == 0)
		fd = open(keyfile, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1) {
		*why = errno == ENOENT ? "the key file does not exist" : "the key file cannot be opened or made";
		return NULL;
	}
	if (read_key(fd, key, why) == 0 && (vault = vault_memory(key)) == NULL)
		*why = "no protected memory for the keys";
	sodium_memzero(key, sizeof(key));
	(void)close(fd);
	return vault;
}

/* ---- hashes ---- */

void
vault_pseudonym(const struct vault *vault, const char *address, uint8_t out[VAULT_PSEUDONYM])
{
	(void)crypto_generichash(out, VAULT_PSEUDONYM, (const uint8_t *)address, strlen(address),
	    vault->pseudonym, KEY_SIZE);
}

void
vault_identity(const struct vault *vault, const char *sim, const uint8_t *p, size_t n, uint8_t out[VAULT_IDENTITY])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, vault->identity, KEY_SIZE, VAULT_IDENTITY);
	(void)crypto_generichash_update(&state, (const uint8_t *)sim, strlen(sim) + 1);
	(void)crypto_generichash_update(&state, p, n);
	(void)crypto_generichash_final(&state, out, VAULT_IDENTITY);
	sodium_memzero(&state, sizeof(state));
}

void
vault_chain(const struct vault *vault, const uint8_t prev[32], const void *p, size_t n, uint8_t out[32])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, vault->chain, KEY_SIZE, 32);
	(void)crypto_generichash_update(&state, prev, 32);
	(void)crypto_generichash_update(&state, p, n);
	(void)crypto_generichash_final(&state, out, 32);
	sodium_memzero(&state, sizeof(state));
}

static void
put_le(uint8_t *out, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

uint32_t
vault_draw(const struct vault *vault, int64_t incident, const char *responder, uint32_t attempt, uint32_t below)
{
	crypto_generichash_state state;
	uint8_t numbers[12], hash[16];
	uint64_t v = 0;

	put_le(numbers, (uint64_t)incident, 8);
	put_le(numbers + 8, attempt, 4);
	(void)crypto_generichash_init(&state, vault->draw, KEY_SIZE, sizeof(hash));
	(void)crypto_generichash_update(&state, numbers, sizeof(numbers));
	(void)crypto_generichash_update(&state, (const uint8_t *)responder, strlen(responder));
	(void)crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_memzero(&state, sizeof(state));
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | hash[i];
	return below == 0 ? 0 : (uint32_t)(v % below);	/* 64 bits over at most 32: the bias is below 2^-32 */
}

/* ---- sealing ---- */

void
vault_seal(const struct vault *vault, const char *context, const void *p, size_t len, uint8_t *out)
{
	randombytes_buf(out, NONCE_SIZE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_SIZE, NULL, p, len,
	    (const uint8_t *)context, strlen(context), NULL, out, vault->seal);
}

long
vault_unseal(const struct vault *vault, const char *context, const uint8_t *p, size_t len, void *out, size_t max)
{
	unsigned long long n;

	if (len < VAULT_OVERHEAD || len - VAULT_OVERHEAD > max)
		return -1;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, p + NONCE_SIZE, len - NONCE_SIZE,
	    (const uint8_t *)context, strlen(context), p, vault->seal) == -1)
		return -1;
	return (long)n;
}
