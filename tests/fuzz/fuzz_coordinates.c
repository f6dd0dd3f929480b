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
	static const struct coordinates_box mali = { 10.1, -12.3, 25.1, 4.3 };
	static const struct coordinates_ground ground = { coordinates_in_box, &mali };
	struct coordinates c;
	struct pluscode code;
	double	 lat, lon;
	uint32_t side;
	char	 mgrs[MGRS_SIZE];

	if (coordinates_find((const char *)data, size, &c)) {
		FUZZ_MUST(fabs(c.lat_deg) <= 90 && fabs(c.lon_deg) <= 180 && c.start < c.end && c.end <= size);
		FUZZ_MUST(c.precision_m >= 10 && (c.lat_deg != 0 || c.lon_deg != 0) && c.fault == COORDINATES_FINE);
	}
	if (coordinates_judge((const char *)data, size, &ground, &c)) {
		bool	 other = c.fault == COORDINATES_SWAPPED || c.fault == COORDINATES_UNSIGNED;

		FUZZ_MUST(c.start < c.end && c.end <= size && c.method != NULL);
		FUZZ_MUST(c.fault != COORDINATES_FINE || coordinates_in_box(&mali, c.lat_deg, c.lon_deg));
		FUZZ_MUST(!other || coordinates_in_box(&mali, c.other_lat_deg, c.other_lon_deg));
	}
	if (pluscode_find((const char *)data, size, &code)) {
		pluscode_resolve(&code, 14, -3, &lat, &lon);
		FUZZ_MUST(fabs(lat) <= 90 && fabs(lon) <= 180 && code.start < code.end && code.end <= size);
	}
	if (mgrs_to_degrees((const char *)data, size, &lat, &lon, &side) == 0) {
		FUZZ_MUST(fabs(lat) < 85 && fabs(lon) <= 180 && side >= 1 && side <= 10000);
		if (lat >= -80 && lat <= 84)
			FUZZ_MUST(mgrs_from_degrees(lat, lon, 5, mgrs) == 0);
	}
	if (size >= 16) {
		char	 text[COORDINATES_SIZE];

		memcpy(&lat, data, 8);
		memcpy(&lon, data + 8, 8);
		for (int form = COORDINATES_DECIMAL; form <= COORDINATES_GEO; form++)
			if (coordinates_print((enum coordinates_form)form, lat, lon, text) == 0)
				FUZZ_MUST(coordinates_judge(text, strlen(text), NULL, &c));
		if (mgrs_from_degrees(lat, lon, 5, mgrs) == 0)
			FUZZ_MUST(mgrs_to_degrees(mgrs, strlen(mgrs), &lat, &lon, &side) == 0 && side == 1);
	}
	return 0;
}
