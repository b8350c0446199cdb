/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layout of an index and three blobs: pieces of the input, parted by 0xFF. "@1", "@2" and "@3" in them stand for the digests of the
 * blobs, of which each is spelled before those that it names, so that descriptors can be sound.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <seal/oci.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES 5
struct world {
	struct seal_entry entries[FILES];
	struct buf bytes[FILES];
	char paths[FILES][80];
	char hex[FILES][65];
};

static enum assay_status
fetch(void *context, const struct seal_entry *entry, struct assay_span *ret_bytes, struct assay_error *err)
{
	const struct world *w = context;
	(void)err;
	for (size_t i = 0; i < FILES; i++) {
		if (entry->path == w->paths[i]) {
			*ret_bytes = buf_span(&w->bytes[i]);
			return ASSAY_OK;
		}
	}
	return ASSAY_E_NOT_FOUND;
}

static void
spell(struct world *w, size_t at, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const size_t which = i + 1 < len && data[i] == '@' && data[i + 1] >= '1' && data[i + 1] <= '3' ? data[i + 1] - (size_t)'0' : 0;
		if (which > 0 && which < at) {
			buf_add_str(&w->bytes[at], w->hex[which]);
			i++;
		} else {
			buf_add_byte(&w->bytes[at], data[i]);
		}
	}
}

static int
by_path(const void *a, const void *b)
{
	const struct seal_entry *x = a, *y = b;
	return strcmp(x->path, y->path);
}

/* Takes the next piece off the front. */
static struct assay_span
piece(const uint8_t **data, size_t *size)
{
	const uint8_t *from = *data, *end = *size > 0 ? memchr(from, 0xFF, *size) : NULL;
	const size_t len = end != NULL ? (size_t)(end - from) : *size, used = len + (end != NULL);
	*data += used;
	*size -= used;
	return (struct assay_span){ from, len };
}

static void
place(struct world *w, size_t i)
{
	struct seal_entry *e = &w->entries[i];
	const bool index = i == FILES - 1;
	*e = (struct seal_entry){ .path = w->paths[i], .type = SEAL_TYPE_FILE, .size = w->bytes[i].len };
	if (assay_sha256(buf_span(&w->bytes[i]), e->sha256) != ASSAY_OK)
		__builtin_trap();
	text_hex((struct assay_span){ e->sha256, sizeof e->sha256 }, w->hex[i]);
	if (i > 0)
		text_put(w->paths[i], sizeof w->paths[i], "%s%s", index ? "index.json" : "blobs/sha256/", index ? "" : w->hex[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .paths = { "oci-layout" } };
	struct assay_error err = { 0 };
	struct seal_oci out;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < FILES; i++) {
		w.bytes[i] = (struct buf)BUF_INIT(1u << 20);
		const struct assay_span own = i == 0 ? assay_span_str("{\"imageLayoutVersion\":\"1.0.0\"}") : piece(&data, &size);
		spell(&w, i, own.data, own.len);
		place(&w, i);
	}
	qsort(w.entries, FILES, sizeof w.entries[0], by_path);
	const struct seal_layout layout = { w.entries, FILES, fetch, &w };
	if (seal_oci_check(&layout, arena, &out, &err) == ASSAY_OK && (out.blobs > 3 || (out.images == 0 && out.fact_count == 0)))
		__builtin_trap();
	for (size_t i = 0; i < FILES; i++)
		buf_done(&w.bytes[i]);
	return 0;
}
