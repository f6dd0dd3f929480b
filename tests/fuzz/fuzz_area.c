/* Fuzzes areas: any bytes as GeoJSON, then points inside, beside and far off. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "logic/area.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const double degrees[] = { -180, -90, -3.5159, 0, 0.5, 14.0775, 90, 179.999, 180 };
	struct diags diags;
	struct areas *a;
	uint32_t found[8], by_place[8];

	diags_init(&diags);
	a = areas_new("f", (const char *)data, size, &diags);
	FUZZ_MUST(a != NULL ? areas_count(a) > 0 : diags.errors > 0);
	for (size_t i = 0; a != NULL && i < sizeof(degrees) / sizeof(degrees[0]); i++) {
		for (size_t k = 1; k < 7; k++) {
			struct place p = { .name = "Koro", .lat_deg = degrees[k], .lon_deg = degrees[i] };
			size_t	 n = areas_find(a, p.lat_deg, p.lon_deg, found, 8), m = areas_match(a, &p, by_place, 8);

			FUZZ_MUST(n <= areas_count(a) && m >= n && m <= areas_count(a));
			for (size_t j = 0; j < n && j < 8; j++)
				FUZZ_MUST(found[j] < areas_count(a) && areas_name(a, found[j])[0] != '\0');
		}
	}
	areas_free(a);
	diags_release(&diags);
	return 0;
}
