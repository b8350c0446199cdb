/* SPDX-License-Identifier: Apache-2.0 */
#include "sca_common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_reader(sca_read_tidy, data, size);
}
