/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests: the same whether they come whole or byte by byte, and what is read can be written as it was. */
#include <assay/manifest.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct assay_manifest whole, piecewise;

static void
check(int good)
{
	if (!good)
		abort();
}

static void
check_entry(const struct assay_manifest_entry *e, const unsigned char *line, size_t len)
{
	static char out[ASSAY_MANIFEST_LINE_MAX + 1];
	size_t written;
	check(assay_manifest_line(e, out, sizeof out, &written, NULL) == ASSAY_OK);
	check(written == len && memcmp(out, line, len) == 0);
}

/* As the line of an entry is when it is written again. */
static enum assay_status
read_whole(const uint8_t *data, size_t size)
{
	struct assay_span in = { data, size };
	bool is = true;
	assay_manifest_begin(&whole);
	while (is) {
		struct assay_manifest_entry e;
		enum assay_status status = assay_manifest_next(&whole, &in, &is, &e, NULL);
		if (status != ASSAY_OK)
			return status;
		if (!is)
			break;
		const unsigned char *end = in.data - 1, *start = end;
		while (start > data && start[-1] != '\n')
			start--;
		check_entry(&e, start, (size_t)(end - start) + 1);
	}
	return assay_manifest_end(&whole, NULL);
}

static enum assay_status
read_bytes(const uint8_t *data, size_t size)
{
	assay_manifest_begin(&piecewise);
	for (size_t i = 0; i < size; i++) {
		struct assay_manifest_entry e;
		struct assay_span in = { data + i, 1 };
		bool is;
		enum assay_status status = assay_manifest_next(&piecewise, &in, &is, &e, NULL);
		if (status != ASSAY_OK)
			return status;
	}
	return assay_manifest_end(&piecewise, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(read_whole(data, size) == read_bytes(data, size));
	check(whole.lines == piecewise.lines && whole.files == piecewise.files && whole.folders == piecewise.folders);
	(void)assay_manifest_path_fault((struct assay_span) { data, size });
	check(assay_manifest_order((struct assay_span) { data, size / 2 }, (struct assay_span) { data, size / 2 }) == 0);
	return 0;
}
