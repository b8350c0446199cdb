/* SPDX-License-Identifier: Apache-2.0 */
/* Frames that are read, and written again, are the same frames; each can be judged. */
#include "sca_common.h"

#include <base/buf.h>
#include <sca/output.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct sca_output out, again;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf text = BUF_INIT(64u << 20);
	if (arena_new(512u << 20, &arena) != ASSAY_OK
	    || sca_output_read((struct assay_span){ data, size }, "fuzz", arena, &out, &err) != ASSAY_OK)
		return 0;
	sca_output_begin(&text);
	for (size_t i = 0; i < out.count; i++) {
		struct sca_reading r;
		enum sca_state state;
		const char *why;
		if (sca_run_read(&out.runs[i], "engine", arena, &r, &state, &why, &err) != ASSAY_OK)
			return 0;
		if (why == NULL || (out.runs[i].state != SCA_RAN && state == SCA_RAN))
			__builtin_trap();
		check_reading(&r);
		if (sca_output_add(&text, &out.runs[i], &err) != ASSAY_OK)
			return 0;
	}
	if (sca_output_read(buf_span(&text), "again", arena, &again, &err) != ASSAY_OK || again.count != out.count)
		__builtin_trap();
	return 0;
}
