/* Any bytes as a message to a pack that uses every statement: the verdict holds together. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "logic/classify.h"

static const char pack[] =
    "category ATK \"ATTAQUE\" \"ATTACK\" P1 auto Immediate Extreme Likely\n"
    "category RAI \"BETAIL\" \"CATTLE\" P2 Immediate Moderate Likely\n"
    "category SOS \"AIDE\" \"HELP\" P1 duty Immediate Unknown Unknown\n"
    "category RUM \"RUMEUR\" \"RUMOUR\" P4 Unknown Unknown Unknown\n"
    "category CLR \"CALME\" \"CALM\" P4 Past Minor Possible\n"
    "category SEAL \"SCELLE\" \"SEALED\" P4 Unknown Unknown Unknown\n"
    "list b vache*, ~moutons, boeuf\n"
    "covers ATK RAI\npast-lowers ATK\nhearsay-urgent ATK\n"
    "ATK 8 fr coup de feu, ~rafales, tir*, /\\btirs? (\\d+)/\nATK 5 fr a .. b .. c, a . b !now\nATK 7 bm kɛlɛ bɛ !hooked\n"
    "ATK 6 fr été, /\\bé\\w+/ !exact\nRAI 7 fr vol .. [b], [b] . vole* !P3\nRAI 4 fr /((ab)+)+$/\nSOS 5 fr aide\nSEAL 6 fr soldats\n"
    "noise n match, /\\bfoot/\nnoise g bonjour, merci !alone\nunless u ATK,RAI feu rouge\nunless v RAI accident !message\n"
    "past fr hier\nnow fr maintenant\nhearsay fr on dit\nquestion fr vrai\nfuture fr demain\n"
    "negation fr pas\nnegation-between fr de, d\nnegation-stop fr ils\nnegation-after bm tɛ\n"
    "tag m \"motos\" \"motos\"\nm fr moto, /(\\d+) m/\nnumber 20 fr vingt\n";

static void
check(const struct verdict *v, size_t size)
{
	FUZZ_MUST(v->priority >= 1 && v->priority <= 4 && v->n_evidence <= EVIDENCE_MAX && v->n_tags <= TAGS_MAX);
	FUZZ_MUST((v->kind == VERDICT_ALERT) == (v->categories != 0));
	FUZZ_MUST((v->headline == CATEGORY_NONE) == (v->kind != VERDICT_ALERT));
	FUZZ_MUST(v->kind != VERDICT_NOISE || !(v->flags & FLAG_RULE_FAULT));
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence *e = &v->evidence[i];

		FUZZ_MUST(e->start <= e->end && e->end <= size && strnlen(e->words, WORDS_SIZE) < WORDS_SIZE);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rule_source source = { "pack.rules", pack, sizeof(pack) - 1 };
	static struct rulebook *rb;
	static struct text t;
	struct verdict v;
	struct diags diags;

	if (rb == NULL) {
		diags_init(&diags);
		rb = rulebook_new(&source, 1, &diags);
		diags_release(&diags);
		FUZZ_MUST(rb != NULL);
	}
	normalize((const char *)data, size, &t);
	classify(rb, &t, &v);
	check(&v, size);
	return 0;
}
