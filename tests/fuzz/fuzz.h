/* What every fuzz target defines; libFuzzer or replay.c calls it. */
#ifndef TOCSIN_FUZZ_H
#define TOCSIN_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);	/* returns 0 */

/* A promise of the code under test that must hold for any input. */
#define FUZZ_MUST(cond)	do { if (!(cond)) abort(); } while (0)

#endif
