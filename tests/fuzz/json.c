/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical JSON: what comes out is never longer, and is its own canonical form where it is JSON at all. */
#include <assay/json.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 65536

/* Into a block of exactly the promised size, so that the sanitizer sees what lies behind. */
static unsigned char *
canonical(struct assay_span text, struct assay_span *ret_canonical, enum assay_status *ret_status)
{
	unsigned char *room = malloc(ASSAY_JSON_ROOM(text.len));
	struct assay_error err;

	if (room == NULL)
		abort();
	*ret_status = assay_json_canonical(text, room, ASSAY_JSON_ROOM(text.len), ret_canonical, &err);
	if (*ret_status != ASSAY_OK && err.what[0] == '\0')
		abort();
	return room;
}

static int
has_control(struct assay_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 0x20)
			return 1;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span first, second;
	enum assay_status status;

	if (size > TEXT_MAX)
		return 0;
	unsigned char *room = canonical((struct assay_span) { data, size }, &first, &status);
	if (status == ASSAY_OK) {
		if (first.len > size)
			abort();
		unsigned char *again = canonical(first, &second, &status);
		if (has_control(first) ? status == ASSAY_OK : status != ASSAY_OK || !assay_span_equal(first, second))
			abort();
		free(again);
	}
	free(room);
	return 0;
}
