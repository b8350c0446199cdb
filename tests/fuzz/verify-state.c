/* SPDX-License-Identifier: Apache-2.0 */
/* What a machine remembers: what is taken has one spelling, which is the one it is written in; but for the version before. */
#include <stdlib.h>
#include <string.h>
#include <verify/state.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct verify_state state = VERIFY_STATE_INIT;
	static const char before[] = "{\"assay-verify-state\":1,";
	const struct assay_span file = { data, size };
	const bool is_before = size >= sizeof before - 1 && memcmp(data, before, sizeof before - 1) == 0;
	struct buf again = BUF_INIT(VERIFY_STATE_MAX);

	if (verify_state_read(file, &state, NULL) == ASSAY_OK &&
	    (verify_state_write(&state, &again, NULL) != ASSAY_OK || (!is_before && !assay_span_equal(buf_span(&again), file))))
		abort();
	buf_done(&again);
	verify_state_done(&state);
	return 0;
}
