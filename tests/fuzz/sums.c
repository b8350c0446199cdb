/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of digests: what is read, written again, reads as the same.
 */
#include <files/sums.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
write_and_read(const struct sums_entry *e, const struct sums_reader *of)
{
	static struct sums_entry again;
	struct assay_error err = {0};
	struct buf line = BUF_INIT(1u << 20);
	bool end = true;
	sums_add(&line, (struct assay_span){e->digest, of->digest_len}, of->verity,
	    assay_span_str(e->name));
	struct sums_reader r = {.rest = buf_span(&line),
	    .file = "again",
	    .digest_len = of->digest_len,
	    .verity = of->verity};
	must(sums_next(&r, &again, &end, &err) == ASSAY_OK && !end);
	must(strcmp(again.name, e->name) == 0 &&
	     memcmp(again.digest, e->digest, of->digest_len) == 0);
	must(sums_next(&r, &again, &end, &err) == ASSAY_OK && end);
	buf_done(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sums_entry entry;
	static const size_t lens[] = {32, 48, 64, 32};
	if (size == 0)
		return 0;
	const size_t kind = data[0] % 4;
	struct assay_error err = {0};
	struct sums_reader r = {.rest = {data + 1, size - 1},
	    .file = "list",
	    .digest_len = lens[kind],
	    .verity = kind == 3};
	bool end = false;
	while (sums_next(&r, &entry, &end, &err) == ASSAY_OK && !end)
		write_and_read(&entry, &r);
	return 0;
}
