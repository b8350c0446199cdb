/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <ledger/anchor.h>

/* The line at *cursor without its end; false at the end of the text. */
static bool
next_line(struct assay_span text, size_t *cursor, struct assay_span *ret_line)
{
	if (*cursor >= text.len)
		return false;
	const unsigned char *start = text.data + *cursor;
	size_t rest = text.len - *cursor;
	const unsigned char *end = memchr(start, '\n', rest);
	size_t len = end != NULL ? (size_t)(end - start) : rest;
	*ret_line = (struct assay_span){start, len};
	*cursor += len + (end != NULL);
	return true;
}

static bool
starts_with(struct assay_span s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && memcmp(s.data, text, n) == 0;
}

/* What lies between the anchor's line and the end or the tag's signature. */
static enum assay_status
find_block(struct assay_span message, struct assay_span *ret_block, struct assay_error *err)
{
	struct assay_span line;
	size_t cursor = 0;
	size_t from = 0;
	size_t to = 0;
	bool found = false;

	while (next_line(message, &cursor, &line)) {
		if (starts_with(line, "-----BEGIN "))
			break;
		to = cursor;
		if (!assay_span_equal(line, assay_span_str(ANCHOR_LINE)))
			continue;
		if (found)
			return assay_fail(
			    err, ASSAY_E_FORMAT, "the message has two lines '%s'", ANCHOR_LINE);
		found = true;
		from = cursor;
	}
	if (!found)
		return assay_fail(
		    err, ASSAY_E_NOT_FOUND, "the message has no line '%s'", ANCHOR_LINE);
	*ret_block = (struct assay_span){message.data + from, to - from};
	return ASSAY_OK;
}

/* Without the empty lines after the last one with text. */
static struct assay_span
trimmed(struct assay_span s)
{
	while (s.len >= 2 && s.data[s.len - 1] == '\n' && s.data[s.len - 2] == '\n')
		s.len--;
	return s;
}

enum assay_status
anchor_find(struct assay_span message, struct anchor *ret_anchor, struct assay_error *err)
{
	struct anchor a = {.note = {.text = {NULL, 0}}};
	struct assay_span block;
	struct assay_error ignored;

	TRY(find_block(message, &block, err));
	block = trimmed(block);
	if (assay_note_parse(block, &a.note, &ignored) != ASSAY_OK)
		a.note = (struct assay_note){.text = block};
	TRY(assay_checkpoint_parse(a.note.text, &a.checkpoint, err));
	*ret_anchor = a;
	return ASSAY_OK;
}

enum assay_status
anchor_compare(struct ledger *ledger, const char *origin, const struct assay_checkpoint *checkpoint,
    enum anchor_state *ret_state, struct assay_error *err)
{
	struct assay_node root;
	uint64_t size = 0;

	if (!assay_span_equal(checkpoint->origin, assay_span_str(origin))) {
		*ret_state = ANCHOR_FOREIGN;
		return ASSAY_OK;
	}
	TRY(ledger_head(ledger, &size, &root, err));
	if (checkpoint->size > size) {
		*ret_state = ANCHOR_AHEAD;
		return ASSAY_OK;
	}
	TRY(ledger_root_at(ledger, checkpoint->size, &root, err));
	*ret_state = ANCHOR_FORKED;
	if (memcmp(root.b, checkpoint->root.b, sizeof root.b) == 0)
		*ret_state = ANCHOR_CONSISTENT;
	return ASSAY_OK;
}
