/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/batch.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span stream = { data, size };
	for (int algo = OID_SHA1; algo <= OID_SHA256; algo++) {
		struct assay_error err = { 0 };
		struct batch_object o;
		size_t cursor = 0;
		while (batch_next(stream, (enum oid_algo)algo, &cursor, &o, &err) == ASSAY_OK) {
			if (o.bytes.data < data || o.bytes.data + o.bytes.len >= data + size)
				__builtin_trap();
		}
	}
	return 0;
}
