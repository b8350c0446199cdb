/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an ssh-agent answers.
 */
#include <stdlib.h>
#include <trust/agent_wire.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte of s, for the sanitizer to see. */
static unsigned
touch(struct assay_span s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.len; i++)
		sum += s.data[i];
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span answer = { data, size };
	struct agent_keys keys;
	struct agent_key key;
	struct assay_span blob;
	volatile unsigned sum = 0;

	if (agent_read_keys(answer, &keys, NULL) == ASSAY_OK) {
		size_t left = keys.count;
		for (; agent_next_key(&keys, &key); left--)
			sum += touch(key.blob) + touch(key.comment);
		if (left != 0)
			abort();
	}
	if (agent_read_signature(answer, &blob, NULL) == ASSAY_OK)
		sum += touch(blob);
	return 0;
}
