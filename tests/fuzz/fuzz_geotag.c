/* Fuzzes the geotagger with the bytes of one SMS: whatever the text, the answer keeps the promises of geotag.h. */
#include "fuzz/fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "logic/geotag.h"

static const char places[] =
    "name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\n"
    "Koro\t14.064\t-3.075\tPPLA2\tML\tBandiagara\tKoro\tKOR\t0\t\n"
    "Koro\t11.50\t-5.50\tPPL\tML\tSikasso\tSikasso\tSIK\t0\t\n"
    "Bankass\t14.0775\t-3.516\tPPLA2\tML\tBandiagara\tBankass\tBKS\t0\tBankas\n"
    "Mopti\t14.48\t-4.18\tPPLA\tML\tMopti\tMopti\tMOP\t108456\t\n"
    "In-Ekar\t15.95\t3.14\tPPL\tML\t\t\t\t0\tInekari\n"
    "Madina\t14.60\t-4.30\tPPL\tML\t\t\t\t0\t\n"
    "Madina\t11.40\t-5.70\tPPL\tML\t\t\t\t0\t\n"
    "Ti-n-Zaouatene\t19.95\t2.96\tPPL\tML\t\t\t\t0\tTinzawaten\n"
    "Pele-Koumbole\t14.95\t-3.07\tPPL\tML\t\t\t\t0\t\n"
    "Anderamboukane\t15.42\t3.01\tPPL\tML\t\t\t\t0\tAmderamboukane\n"
    "Sobara\t14.5\t-4.9\tWLL\tML\t\t\t\t0\t\n"
    "Sobala\t13.1\t-3.9\tCMP\tML\t\t\t\t0\t\n"
    "Toi\t13.1\t-5.1\tPPL\tML\t\t\t\t0\t\n"
    "Gao\t16.27\t-0.04\tPPLA\tML\tGao\tGao\tGAO\t87000\t\xD8\xBA\xD8\xA7\xD9\x88\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gazetteer *g;
	static struct text text;
	struct diags diags;
	struct geotag_context context = { 0 };
	struct geotag tag;
	char	*message;

	diags_init(&diags);
	if (g == NULL)
		g = gazetteer_new(&(struct gazetteer_source){ "places", places, strlen(places) }, 1, &diags);
	message = calloc(1, size + 1);		/* of its exact size, so that the sanitizer sees a step too far */
	FUZZ_MUST(g != NULL && message != NULL);
	if (size > 0)
		memcpy(message, data, size);
	normalize(message, size, &text);
	/* The first bytes also say what is known beside the text: always so that one finding is one file. */
	if (size > 3)
		context = (struct geotag_context){ 1, { { data[0] / 2.0 - 60, data[1] / 2.0 - 60, data[2] * 1000u,
		    (enum geotag_why)(data[3] % 3) } } };
	geotag_in(g, size % 2 == 0 ? &context : NULL, message, &text, &tag);
	FUZZ_MUST(tag.found == (tag.n > 0) && tag.n <= CANDIDATES_MAX && (!tag.ambiguous || tag.n > 0));
	for (size_t i = 0; i < tag.n; i++) {
		const struct place *p = &tag.candidate[i];

		FUZZ_MUST(fabs(p->lat_deg) <= 90 && fabs(p->lon_deg) <= 180 && p->radius_m >= 100 && p->method != NULL);
		FUZZ_MUST(p->score > 0 && p->score <= 1 && memchr(p->name, '\0', sizeof(p->name)) != NULL);
	}
	free(message);
	diags_release(&diags);
	return 0;
}
