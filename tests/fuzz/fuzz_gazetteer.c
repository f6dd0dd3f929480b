/* Fuzzes the reader of place files: every row that it keeps can be found by its name. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "logic/gazetteer.h"
#include "logic/normalize.h"

static void
check_row(const struct gazetteer *g, size_t i)
{
	const struct gazetteer_row *row = gazetteer_row(g, i);
	struct gazetteer_like like[8];
	uint32_t at[64];
	char	 folded[400];
	int	 len = normalize_fold(row->name, strlen(row->name), folded, sizeof(folded));
	size_t	 n;

	FUZZ_MUST(len > 0);
	for (int c = 0; c < len; c++)
		if ((unsigned char)folded[c] < 0x80 && strchr("abcdefghijklmnopqrstuvwxyz0123456789", folded[c]) == NULL)
			folded[c] = ' ';
	FUZZ_MUST(gazetteer_like(g, folded, (size_t)len, like, 8) <= 8);
	n = gazetteer_find(g, folded, (size_t)len, at, 64);
	for (size_t k = 0; k < n && k < 64; k++)
		if (at[k] == i)
			return;
	FUZZ_MUST(n > 64);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags diags;
	struct gazetteer *g;
	double	 metres;

	diags_init(&diags);
	g = gazetteer_new(&(struct gazetteer_source){ "fuzz", (const char *)data, size }, 1, &diags);
	FUZZ_MUST(g != NULL || diags.errors > 0);
	for (size_t i = 0; g != NULL && i < gazetteer_rows(g) && i < 100; i++)
		check_row(g, i);
	if (g != NULL) {
		gazetteer_nearest_seat(g, NULL, 14, -3, &metres);
		gazetteer_nearest(g, 14, -3, 1e6, &metres);
	}
	gazetteer_free(g);
	diags_release(&diags);
	return 0;
}
