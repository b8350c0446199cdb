/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a record of a deviation says: what is read can be written, reads the same again, and can be held against any tree. */
#include <sca/deviation.h>

#include <base/cleanup.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] = "#include <stddef.h>\n\nint\nlevel_of(const int *at)\n{\n\treturn *at;\n}\n";
	const struct source_file file = { .path = "src/level.c", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(text) };
	const struct sources s = { .files = &file, .count = 1 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20), again = BUF_INIT(16u << 20);
	struct sca_deviation d, read;
	struct sca_fault *first;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (sca_deviation_parse((struct assay_span){ data, size }, "x", arena, &d, NULL) != ASSAY_OK)
		return 0;
	if (sca_deviation_faults(&d, &s, 1774000000, 365, arena, &first, NULL) != ASSAY_OK)
		__builtin_trap();
	if (sca_deviation_write(&d, &out, NULL) != ASSAY_OK)
		return 0;
	/* What grew over a cap by being written out is refused; all else is the same. */
	const enum assay_status status = sca_deviation_parse(buf_span(&out), "x", arena, &read, NULL);
	if (status == ASSAY_E_LIMIT)
		return 0;
	if (status != ASSAY_OK || sca_deviation_write(&read, &again, NULL) != ASSAY_OK || !assay_span_equal(buf_span(&out), buf_span(&again)))
		__builtin_trap();
	return 0;
}
