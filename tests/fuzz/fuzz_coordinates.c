/* Fuzzes the search for coordinates in a text, plus codes, and MGRS both ways: whatever is found must be a place on Earth. */
#include "fuzz/fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "logic/coordinates.h"
#include "logic/pluscode.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coordinates c;
	struct pluscode code;
	double	 lat, lon;
	uint32_t side;
	char	 mgrs[MGRS_SIZE];

	if (coordinates_find((const char *)data, size, &c)) {
		FUZZ_MUST(fabs(c.lat_deg) <= 90 && fabs(c.lon_deg) <= 180 && c.start < c.end && c.end <= size);
		FUZZ_MUST(c.precision_m >= 10 && (c.lat_deg != 0 || c.lon_deg != 0));
	}
	if (pluscode_find((const char *)data, size, &code)) {
		pluscode_resolve(&code, 14, -3, &lat, &lon);
		FUZZ_MUST(fabs(lat) <= 91 && fabs(lon) <= 181 && code.start < code.end && code.end <= size);
	}
	if (mgrs_to_degrees((const char *)data, size, &lat, &lon, &side) == 0) {
		FUZZ_MUST(fabs(lat) < 85 && fabs(lon) <= 180 && side >= 1 && side <= 10000);
		if (lat >= -80 && lat <= 84)
			FUZZ_MUST(mgrs_from_degrees(lat, lon, 5, mgrs) == 0);
	}
	if (size >= 16) {
		memcpy(&lat, data, 8);
		memcpy(&lon, data + 8, 8);
		if (mgrs_from_degrees(lat, lon, 5, mgrs) == 0)
			FUZZ_MUST(mgrs_to_degrees(mgrs, strlen(mgrs), &lat, &lon, &side) == 0 && side == 1);
	}
	return 0;
}
