/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-offs, exceptions and allowed_signers: the first byte says which.
 */
#include <base/cleanup.h>
#include <policy/allowed_signers.h>
#include <policy/exception.h>
#include <policy/signoff.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is what would be written. */
static void
signoff(struct assay_span bytes, struct arena *arena)
{
	struct signoff s;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16);
	if (signoff_parse(bytes, "fuzz", arena, &s, &err) != ASSAY_OK)
		return;
	if (signoff_write(&s, &out, &err) != ASSAY_OK || !assay_span_equal(bytes, buf_span(&out)))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct exception x;
	struct allowed_signers a;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	if (data[0] == 's')
		signoff(bytes, arena);
	else if (data[0] == 'x' && exception_parse(bytes, "fuzz", arena, &x, &err) == ASSAY_OK && x.control == NULL)
		__builtin_trap();
	else if (data[0] == 'a' && allowed_signers_parse(bytes, "fuzz", arena, &a, &err) == ASSAY_OK && a.items == NULL)
		__builtin_trap();
	return 0;
}
