/* Keys, pseudonyms, sealing. */
#include "unit/store_fixture.h"


static void
write_file(const char *path, const void *p, size_t n, mode_t mode)
{
	FILE *out = fopen(path, "wb");

	if (out == NULL)
		abort();
	fwrite(p, 1, n, out);
	fclose(out);
	chmod(path, mode);
}

TEST(key_file_is_made_once)
{
	char dir[] = "/tmp/tocsin-vault.XXXXXX", path[64];
	const char *why = NULL;
	struct vault *a, *b;
	uint8_t x[VAULT_PSEUDONYM], y[VAULT_PSEUDONYM];
	struct stat st;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/key", dir);
	CHECK(vault_open(path, 0, &why) == NULL);
	CHECK_STR(why, "the key file does not exist");
	a = vault_open(path, 1, &why);
	CHECK_MSG(a != NULL, "%s", why);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == 32);
	b = vault_open(path, 1, &why);
	CHECK(a != NULL && b != NULL);
	if (a == NULL || b == NULL)
		return;
	vault_pseudonym(a, CANARY_NUMBER, x);
	vault_pseudonym(b, CANARY_NUMBER, y);
	CHECK(memcmp(x, y, sizeof(x)) == 0);
	vault_close(a);
	vault_close(b);
	remove_dir(dir);
}

TEST(bad_key_files_are_refused)
{
	char dir[] = "/tmp/tocsin-vault.XXXXXX", path[64], link_path[64];
	uint8_t key[33] = { 1 };
	const char *why = NULL;
	struct vault *v;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/key", dir);
	snprintf(link_path, sizeof(link_path), "%s/link", dir);
	write_file(path, key, 32, 0644);
	CHECK(vault_open(path, 1, &why) == NULL);
	CHECK_STR(why, "the key file is open to others; make it mode 0600");
	chmod(path, 0620);
	CHECK(vault_open(path, 1, &why) == NULL);
	CHECK_STR(why, "the key file is open to others; make it mode 0600");
	chmod(path, 0640);
	v = vault_open(path, 0, &why);
	CHECK_MSG(v != NULL, "a group-readable key is a service's: %s", why);
	vault_close(v);
	CHECK(symlink(path, link_path) == 0);
	CHECK(vault_open(link_path, 1, &why) == NULL);
	write_file(path, key, 31, 0600);
	CHECK(vault_open(path, 1, &why) == NULL);
	CHECK_STR(why, "the key file does not hold exactly 32 bytes");
	write_file(path, key, 33, 0600);
	CHECK(vault_open(path, 1, &why) == NULL);
	CHECK(vault_open(dir, 1, &why) == NULL);
	CHECK_STR(why, "the key file is not a regular file");
	remove_dir(dir);
}

/* Databases outlive programs: these must never change. Computed with another BLAKE2b (Python hashlib). */
TEST(derivation_is_frozen)
{
	static const uint8_t want[VAULT_PSEUDONYM] = { 0x2C, 0x14, 0xF6, 0x80, 0xB6, 0x3F, 0xB5, 0xDA, 0x08, 0x80, 0x90, 0x56,
		0xA2, 0xB2, 0x2B, 0x68 };
	struct vault *v = test_vault(7);
	uint8_t got[VAULT_PSEUDONYM];

	vault_pseudonym(v, "+22376000001", got);
	CHECK(memcmp(got, want, sizeof(got)) == 0);
	CHECK_INT(vault_draw(v, 17, "kouro", 0, 400), 71);
	vault_close(v);
}

TEST(hashes_depend_on_key_and_input)
{
	struct vault *v = test_vault(7), *w = test_vault(8);
	uint8_t a[32], b[32], prev[32] = { 0 };

	vault_pseudonym(v, "+22376000001", a);
	vault_pseudonym(v, "+22376000002", b);
	CHECK(memcmp(a, b, 16) != 0);
	vault_pseudonym(w, "+22376000001", b);
	CHECK(memcmp(a, b, 16) != 0);
	/* The zero byte keeps "a"+"bc" and "ab"+"c" apart. */
	vault_identity(v, "a", (const uint8_t *)"bc", 2, a);
	vault_identity(v, "ab", (const uint8_t *)"c", 1, b);
	CHECK(memcmp(a, b, 32) != 0);
	vault_identity(v, "a", (const uint8_t *)"bc", 2, b);
	CHECK(memcmp(a, b, 32) == 0);
	vault_chain(v, prev, "x", 1, a);
	prev[31] = 1;
	vault_chain(v, prev, "x", 1, b);
	CHECK(memcmp(a, b, 32) != 0);
	vault_close(v);
	vault_close(w);
}

TEST(draws_are_even_and_repeatable)
{
	struct vault *v = test_vault(7);
	int count[10] = { 0 };

	for (uint32_t i = 0; i < 10000; i++) {
		uint32_t n = vault_draw(v, 3, "kouro", i, 10);

		CHECK(n < 10);
		count[n % 10]++;
		CHECK_INT(vault_draw(v, 3, "kouro", i, 10), n);
	}
	for (int i = 0; i < 10; i++)
		CHECK_MSG(count[i] > 850 && count[i] < 1150, "%d was drawn %d times of 10000", i, count[i]);
	CHECK(vault_draw(v, 3, "kouro", 0, 1u << 30) != vault_draw(v, 4, "kouro", 0, 1u << 30));
	CHECK(vault_draw(v, 3, "kouro", 0, 1u << 30) != vault_draw(v, 3, "dakar", 0, 1u << 30));
	CHECK_INT(vault_draw(v, 3, "kouro", 0, 1), 0);
	vault_close(v);
}

TEST(sealed_values_open_only_where_they_belong)
{
	struct vault *v = test_vault(7), *w = test_vault(8);
	uint8_t sealed[600], text[600], out[600], again[600];

	for (int round = 0; round < 200; round++) {
		size_t n = test_below(500);

		for (size_t i = 0; i < n; i++)
			text[i] = (uint8_t)test_random();
		vault_seal(v, "inbox.text:1", text, n, sealed);
		CHECK_INT(vault_unseal(v, "inbox.text:1", sealed, n + VAULT_OVERHEAD, out, sizeof(out)), n);
		CHECK(memcmp(out, text, n) == 0);
		vault_seal(v, "inbox.text:1", text, n, again);
		CHECK(memcmp(sealed, again, n + VAULT_OVERHEAD) != 0);
		CHECK_INT(vault_unseal(v, "inbox.text:2", sealed, n + VAULT_OVERHEAD, out, sizeof(out)), -1);
		CHECK_INT(vault_unseal(w, "inbox.text:1", sealed, n + VAULT_OVERHEAD, out, sizeof(out)), -1);
		CHECK_INT(vault_unseal(v, "inbox.text:1", sealed, test_below((uint32_t)n + VAULT_OVERHEAD), out, sizeof(out)), -1);
		if (n > 0)
			CHECK_INT(vault_unseal(v, "inbox.text:1", sealed, n + VAULT_OVERHEAD, out, n - 1), -1);
		sealed[test_below((uint32_t)n + VAULT_OVERHEAD)] ^= (uint8_t)(1 << test_below(8));
		CHECK_INT(vault_unseal(v, "inbox.text:1", sealed, n + VAULT_OVERHEAD, out, sizeof(out)), -1);
	}
	vault_close(v);
	vault_close(w);
}

TEST_MAIN(TEST_ROW(key_file_is_made_once), TEST_ROW(bad_key_files_are_refused), TEST_ROW(derivation_is_frozen),
    TEST_ROW(hashes_depend_on_key_and_input), TEST_ROW(draws_are_even_and_repeatable),
    TEST_ROW(sealed_values_open_only_where_they_belong))
