/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of floor.json: canonical JSON, members in the order of their names.
 */
#include "scan.h"

#include <assay/base64.h>
#include <assay/json.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <verify/state.h>

static enum assay_status
damaged(struct assay_error *err, const char *why)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "what was remembered of this machine is damaged: %s", why);
	(void)assay_error_at(err, ASSAY_E_FORMAT, VERIFY_STATE_FILE, 1, 1);
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "put it back from a backup; without it, only who installs anew with --install and --root begins again");
}

/* Up to where a number could stand for a time. */
static bool
fits(const struct verify_state *s)
{
	const struct assay_release_floor *f = &s->floor;
	return f->number != 0 && f->root_version != 0 && f->targets_version != 0 && f->product[0] != '\0' && s->root.len != 0;
}

/* The root in base64, as it stands there. */
static enum assay_status
take_root(struct scan *in, struct verify_state *s, struct assay_error *err)
{
	size_t len = 0, decoded = 0;
	while (len < in->left.len && in->left.data[len] != '"')
		len++;
	const struct assay_span text = { in->left.data, len };
	unsigned char *bytes = in->failed || len > VERIFY_STATE_MAX ? NULL : malloc(ASSAY_BASE64_DECODED_MAX(len));
	if (bytes == NULL)
		return damaged(err, "it isn't of the form");
	const enum assay_status status = assay_base64_decode(text, bytes, ASSAY_BASE64_DECODED_MAX(len), &decoded);
	buf_reset(&s->root);
	if (status == ASSAY_OK)
		buf_add(&s->root, bytes, decoded);
	free(bytes);
	in->left.data += len;
	in->left.len -= len;
	return status != ASSAY_OK || buf_status(&s->root, "the root", NULL) != ASSAY_OK ? damaged(err, "its root isn't base64") : ASSAY_OK;
}

static void
take_used(struct scan *in, struct verify_state *s)
{
	s->used_count = 0;
	while (scan_maybe(in, s->used_count == 0 ? "\"" : ",\"") && !in->failed) {
		char hex[ASSAY_TUF_HEX_SIZE];
		scan_hex(in, hex, sizeof hex - 1, false);
		scan_exact(in, "\"");
		if (in->failed || s->used_count == VERIFY_ROLLBACKS_MAX
		    || text_unhex(assay_span_str(hex), s->used[s->used_count++], ASSAY_SHA256_SIZE) != ASSAY_OK)
			in->failed = true;
	}
}

enum assay_status
verify_state_read(struct assay_span file, struct verify_state *state, struct assay_error *err)
{
	struct scan in = { .left = file };
	struct assay_release_floor f = { 0 };
	char digest[ASSAY_TUF_HEX_SIZE], first[ASSAY_TUF_HEX_SIZE], agreed[ASSAY_TUF_HEX_SIZE] = "";
	scan_exact(&in, "{\"assay-verify-state\":");
	const uint64_t version = scan_number(&in);
	if (!in.failed && version != VERIFY_STATE_VERSION && version != VERIFY_STATE_VERSION_BEFORE)
		return assay_fail(err, ASSAY_E_VERSION, "'" VERIFY_STATE_FILE "' was written by a later version");
	scan_exact(&in, ",\"counter\":");
	f.counter = scan_number(&in);
	if (version == VERIFY_STATE_VERSION) {
		scan_exact(&in, ",\"digests-agree\":\"");
		scan_hex(&in, agreed, sizeof agreed - 1, true);
		scan_exact(&in, "\"");
	}
	scan_exact(&in, ",\"first-root\":\"");
	scan_hex(&in, first, sizeof first - 1, false);
	scan_exact(&in, "\",\"number\":");
	f.number = scan_number(&in);
	scan_exact(&in, ",\"product\":\"");
	scan_word(&in, f.product, sizeof f.product);
	scan_exact(&in, "\",\"release\":\"");
	scan_hex(&in, digest, sizeof digest - 1, false);
	scan_exact(&in, "\",\"rollbacks\":[");
	take_used(&in, state);
	scan_exact(&in, "],\"root\":\"");
	TRY(take_root(&in, state, err));
	scan_exact(&in, "\",\"root-version\":");
	f.root_version = scan_number(&in);
	scan_exact(&in, ",\"seen\":");
	f.seen = (int64_t)scan_number(&in);
	scan_exact(&in, ",\"targets-version\":");
	f.targets_version = scan_number(&in);
	scan_exact(&in, "}\n");
	state->has_agreed = agreed[0] != '\0';
	if (!scan_at_end(&in) || text_unhex(assay_span_str(digest), f.digest, sizeof f.digest) != ASSAY_OK
	    || (state->has_agreed && text_unhex(assay_span_str(agreed), state->agreed, sizeof state->agreed) != ASSAY_OK))
		return damaged(err, "it isn't of the form");
	state->floor = f;
	memcpy(state->first_root, first, sizeof first);
	if (!fits(state))
		return damaged(err, "it leaves out what it must say");
	state->pinned = true;
	return ASSAY_OK;
}

enum assay_status
verify_state_write(const struct verify_state *state, struct buf *out, struct assay_error *err)
{
	const struct assay_release_floor *f = &state->floor;
	if (!fits(state) || f->seen < 0 || f->seen > ASSAY_JSON_INTEGER_MAX)
		return assay_fail(err, ASSAY_E_INTERNAL, "there is nothing whole to remember");
	buf_addf(out, "{\"assay-verify-state\":%d,\"counter\":%" PRIu64 ",\"digests-agree\":\"", VERIFY_STATE_VERSION, f->counter);
	if (state->has_agreed)
		buf_add_hex(out, (struct assay_span){ state->agreed, sizeof state->agreed });
	buf_addf(out, "\",\"first-root\":\"%s\",\"number\":%" PRIu64 ",\"product\":\"%s\",\"release\":\"", state->first_root,
	    f->number, f->product);
	buf_add_hex(out, (struct assay_span){ f->digest, sizeof f->digest });
	buf_add_str(out, "\",\"rollbacks\":[");
	for (size_t i = 0; i < state->used_count; i++) {
		buf_add_str(out, i == 0 ? "\"" : ",\"");
		buf_add_hex(out, (struct assay_span){ state->used[i], ASSAY_SHA256_SIZE });
		buf_add_byte(out, '"');
	}
	buf_add_str(out, "],\"root\":\"");
	buf_add_base64(out, buf_span(&state->root));
	buf_addf(out, "\",\"root-version\":%" PRIu64 ",\"seen\":%" PRId64 ",\"targets-version\":%" PRIu64 "}\n", f->root_version, f->seen,
	    f->targets_version);
	return buf_status(out, "what is remembered", err);
}
