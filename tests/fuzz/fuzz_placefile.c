/* Fuzzes the reader of other people's place files: whatever it reads, it writes clean lines, and counts them. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/utf8.h"
#include "logic/placefile.h"

static size_t
count_lines(const struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->p[i] == '\n';
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags diags;
	struct buf out;
	/* The first byte chooses what is expected, so that both ways are walked. */
	struct place_sink sink = { .file = "fuzz", .countries = size > 0 && data[0] == '\n' ? "ML" : "", .out = &out,
	    .diags = &diags };

	diags_init(&diags);
	buf_init(&out, 4u << 20);
	placefile_read(&sink, (const char *)data, size, NULL, NULL);
	FUZZ_MUST(sink.report.read == sink.report.kept + sink.report.refused);
	FUZZ_MUST(out.failed || count_lines(&out) == sink.report.kept);
	for (size_t i = 0; i + 1 < out.len; i++)
		FUZZ_MUST((unsigned char)out.p[i] >= 0x20 || out.p[i] == '\t' || out.p[i] == '\n');
	FUZZ_MUST(out.len == 0 || utf8_valid(out.p, out.len));
	buf_release(&out);
	diags_release(&diags);
	return 0;
}
