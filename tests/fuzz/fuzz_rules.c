/* Any bytes as a rule file: a rulebook, or faults that each have a place; its tests run. */
#include "fuzz/fuzz.h"

#include "logic/rulebook.h"

static const char head[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category CLR \"CALME\" \"CALM\" P4 Past Minor Possible\n"
    "list betail vache*, boeuf*\ntag motos \"motos\" \"motorbikes\"\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rule_source sources[] = { { "00.rules", head, sizeof(head) - 1 }, { "fuzz.rules", (const char *)data, size } };
	struct diags diags;
	struct rulebook *rb;
	struct buf out;
	size_t failed;

	if (size > 16384)
		return 0;
	diags_init(&diags);
	rb = rulebook_new(sources, 2, &diags);
	FUZZ_MUST((rb == NULL) == (diags.errors > 0));
	for (size_t i = 0; i < diags.n; i++)
		FUZZ_MUST(diags.v[i].file != NULL && diags.v[i].line >= 1);
	if (rb != NULL)
		rulebook_test(rb, NULL, &diags, &failed);
	buf_init(&out, 1u << 20);
	diags_print(&diags, &out);
	buf_release(&out);
	rulebook_free(rb);
	diags_release(&diags);
	return 0;
}
