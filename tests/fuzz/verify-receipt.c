/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: what is taken has one spelling. */
#include <stdlib.h>
#include <verify/receipt.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct assay_span file = { data, size };
	struct buf again = BUF_INIT(VERIFY_RECEIPT_MAX);
	struct verify_receipt receipt;

	if (verify_receipt_read(file, &receipt, NULL) == ASSAY_OK &&
	    (verify_receipt_write(&receipt, &again, NULL) != ASSAY_OK || !assay_span_equal(buf_span(&again), file)))
		abort();
	buf_done(&again);
	return 0;
}
