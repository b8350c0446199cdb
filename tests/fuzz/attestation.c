/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever chain is read, it holds only under a root, and a change of the key that is asked for is noticed. */
#include <keys/attestation.h>

#define NOW 1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attestation_question q = { .chain = { data, size }, .roots = { data, size }, .now = NOW };
	struct attestation a, b;
	if (attestation_verify(&q, &a, NULL) != ASSAY_OK)
		return 0;
	unsigned char other[ASSAY_SHA256_SIZE] = { 0 };
	q.spki_sha256 = other;
	if (attestation_verify(&q, &b, NULL) == ASSAY_OK || b.code != ATTESTATION_WRONG_KEY)
		__builtin_trap();
	return 0;
}
