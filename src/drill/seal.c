/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks on a copy of the maker's own seal, and on what a machine remembers: all that whoever lacks the maker's keys can do.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <trust/metadata.h>
#include <unistd.h>

#define RELEASE "release.json"
#define TARGETS "targets.json"
#define HEX_DIGEST 64

static enum assay_status
lacks(const char *what, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_NOT_FOUND, "%s", what);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for an attack");
}

/* ---- reading and writing its files ---- */

static enum assay_status
read_file(struct drill_work *w, const char *folder, const char *name, struct buf *out, struct assay_error *err)
{
	const char *path = drill_path(w, folder, name);
	return path == NULL ? arena_full(err) : file_read(AT_FDCWD, path, out, err);
}

static enum assay_status
read_json(struct drill_work *w, const char *name, json_t **ret, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	TRY(read_file(w, w->seal, name, &bytes, err));
	return canon_read(buf_span(&bytes), name, ret, err);
}

static enum assay_status
write_json(struct drill_work *w, const char *name, const json_t *value, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_write(value, &bytes, err));
	return drill_write(w, w->seal, name, buf_span(&bytes), err);
}

/* ---- signatures ---- */

/* Turns the first digit of a signature into another one. */
static bool
spoil_signature(json_t *signature)
{
	char hex[ASSAY_TUF_SIGNATURE_SIZE];
	const char *old = json_string_value(json_object_get(signature, "sig"));
	if (old == NULL || old[0] == '\0')
		return false;
	text_put(hex, sizeof hex, "%s", old);
	hex[0] = hex[0] == '0' ? '1' : '0';
	return json_object_set_new(signature, "sig", json_string(hex)) == 0;
}

static bool
reverse(json_t *array)
{
	const size_t count = json_array_size(array);
	for (size_t i = 1; i < count; i++) {
		if (json_array_insert(array, 0, json_array_get(array, i)) != 0 || json_array_remove(array, i + 1) != 0)
			return false;
	}
	return true;
}

/* Each under the other's key. */
static bool
exchange(json_t *signatures)
{
	CLEANUP(canon_unref) json_t *first = json_incref(json_object_get(json_array_get(signatures, 0), "sig"));
	json_t *second = json_object_get(json_array_get(signatures, 1), "sig");
	return json_object_set(json_array_get(signatures, 0), "sig", second) == 0 && json_object_set(json_array_get(signatures, 1), "sig", first) == 0;
}

/* The maker's words, signed by people whom nobody asked. */
static enum assay_status
sign_as_others(const struct drill_work *w, json_t *document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *made = drill_sign(w->keys, json_incref(json_object_get(document, "signed")), "xr");
	if (made == NULL || json_object_set(document, "signatures", json_object_get(made, "signatures")) != 0)
		return no_memory(err);
	return ASSAY_OK;
}

enum assay_status
seal_signatures(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	TRY(read_json(w, RELEASE, &document, err));
	json_t *signatures = json_object_get(document, "signatures");
	const size_t count = json_array_size(signatures);
	bool done = true;
	switch (row->with) {
	case SIGNATURES_NONE:
		done = json_array_clear(signatures) == 0;
		break;
	case SIGNATURES_ONE_LESS:
		if (w->threshold < 2)
			return lacks("one person's signature is enough here", err);
		while (done && json_array_size(signatures) > w->threshold - 1)
			done = json_array_remove(signatures, json_array_size(signatures) - 1) == 0;
		break;
	case SIGNATURES_FLIPPED:
		for (size_t i = 0; i < count && done; i++)
			done = spoil_signature(json_array_get(signatures, i));
		break;
	case SIGNATURES_EXCHANGED:
		if (count < 2)
			return lacks("there are no two signatures", err);
		done = exchange(signatures);
		break;
	case SIGNATURES_REORDERED:
		done = reverse(signatures);
		break;
	default:
		TRY(sign_as_others(w, document, err));
		break;
	}
	return done ? write_json(w, RELEASE, document, err) : no_memory(err);
}

/* ---- the manifest ---- */

static struct assay_span
line_at(struct assay_span s, size_t from)
{
	const unsigned char *end = from >= s.len ? NULL : memchr(s.data + from, '\n', s.len - from);
	if (end == NULL)
		return (struct assay_span){ s.data, 0 };
	return (struct assay_span){ s.data + from, (size_t)(end - (s.data + from)) + 1 };
}

/* Where the nth field of the first file that holds something begins; 0: there is none. */
static size_t
field_of_file(struct assay_span s, size_t from, unsigned field)
{
	for (struct assay_span line = line_at(s, from); line.len > 0; from += line.len, line = line_at(s, from)) {
		size_t at = 0;
		unsigned n = 0;
		if (line.data[0] != 'f' || line.len < 9 || memcmp(line.data + 6, " 0 ", 3) == 0)
			continue;
		while (n < field && at < line.len)
			n += line.data[at++] == ' ';
		return from + at;
	}
	return 0;
}

static enum assay_status
edit_digest(struct assay_span s, size_t at, struct buf *out, struct assay_error *err)
{
	if (at == 0 || at >= s.len)
		return lacks("the manifest has no file that holds anything", err);
	buf_add(out, s.data, at);
	buf_add_byte(out, s.data[at] == '0' ? '1' : '0');
	buf_add(out, s.data + at + 1, s.len - at - 1);
	return buf_status(out, "the manifest", err);
}

/* Two neighbours that are no folders change places: what each needs before it is still there before it. */
static enum assay_status
edit_siblings(struct assay_span s, size_t from, struct buf *out, struct assay_error *err)
{
	for (struct assay_span line = line_at(s, from); line.len > 0; from += line.len, line = line_at(s, from)) {
		const struct assay_span next = line_at(s, from + line.len);
		const size_t behind = from + line.len + next.len;
		if (line.data[0] == 'd' || next.len == 0 || next.data[0] == 'd')
			continue;
		buf_add(out, s.data, from);
		buf_add_span(out, next);
		buf_add_span(out, line);
		buf_add(out, s.data + behind, s.len - behind);
		return buf_status(out, "the manifest", err);
	}
	return lacks("the manifest has no two files beside each other", err);
}

/* At its beginning: a line more or less, another first one, two that change places. */
static enum assay_status
edit_beginning(struct assay_span s, enum drill_edit edit, struct buf *out, struct assay_error *err)
{
	static const char *const added[] = { [EDIT_UP] = "l ../up there\n", [EDIT_ABSOLUTE] = "l /up there\n", [EDIT_SPELLING] = "l %30 there\n",
		[EDIT_DOTS] = "l .. there\n", [EDIT_EMPTY] = NULL };
	const struct assay_span header = line_at(s, 0), first = line_at(s, header.len), second = line_at(s, header.len + first.len);
	const size_t behind = header.len + first.len + second.len;
	if (edit == EDIT_UNSORTED && second.len == 0)
		return lacks("the manifest has one line", err);
	if (edit == EDIT_HEADER)
		buf_add_str(out, "assay-manifest 2\n");
	else
		buf_add_span(out, header);
	if (added[edit] != NULL)
		buf_add_str(out, added[edit]);
	if (edit == EDIT_UNSORTED)
		buf_add_span(out, second);
	if (edit != EDIT_REMOVED)
		buf_add_span(out, first);
	if (edit == EDIT_DUPLICATE)
		buf_add_span(out, first);
	if (edit != EDIT_UNSORTED)
		buf_add_span(out, second);
	buf_add(out, s.data + behind, s.len - behind);
	return buf_status(out, "the manifest", err);
}

enum assay_status
drill_edit_manifest(struct assay_span s, enum drill_edit edit, struct buf *out, struct assay_error *err)
{
	const struct assay_span header = line_at(s, 0);
	switch (edit) {
	case EDIT_DIGEST:
		return edit_digest(s, field_of_file(s, header.len, 3), out, err);
	case EDIT_VERITY:
		return edit_digest(s, field_of_file(s, header.len, 4), out, err);
	case EDIT_SIBLINGS:
		return edit_siblings(s, header.len, out, err);
	case EDIT_NO_END:
		buf_add(out, s.data, s.len - 1);
		break;
	case EDIT_ORPHAN:
		buf_add_span(out, s);
		buf_add_str(out, "l ~by-the-drill/orphan there\n");
		break;
	case EDIT_EMPTY:
		buf_add_span(out, header);
		break;
	default:
		return edit_beginning(s, edit, out, err);
	}
	return buf_status(out, "the manifest", err);
}

enum assay_status
seal_manifest_edit(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)DRILL_MANIFEST_MAX + 4096);
	TRY(drill_edit_manifest(buf_span(&w->manifest), (enum drill_edit)row->with, &out, err));
	return drill_write(w, w->seal, "manifest", buf_span(&out), err);
}

/* ---- files ---- */

enum assay_status
seal_file_gone(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	const char *path = drill_path(w, w->seal, row->word);
	if (path == NULL)
		return arena_full(err);
	return unlink(path) == 0 ? ASSAY_OK : assay_fail(err, errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM, "the seal has none");
}

enum assay_status
seal_whole(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	(void)row;
	(void)err;
	drill_remove(w->seal);
	return ASSAY_OK;
}

/* Another document under the name of one that was signed. */
enum assay_status
seal_document(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	const char *path = drill_path(w, w->seal, row->word);
	struct stat st;
	if (path == NULL)
		return arena_full(err);
	if (lstat(path, &st) != 0)
		return lacks("the seal has none", err);
	return drill_write(w, w->seal, row->word, assay_span_str("{\"bomFormat\":\"CycloneDX\",\"components\":[]}\n"), err);
}

enum assay_status
seal_extra(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	return drill_write(w, w->seal, row->word, assay_span_str("read me\n"), err);
}

enum assay_status
seal_size(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(2 * (size_t)ASSAY_RELEASE_FILE_MAX + 16);
	TRY(read_file(w, w->seal, row->word, &bytes, err));
	if (row->with == SIZE_HALF)
		return drill_write(w, w->seal, row->word, (struct assay_span){ bytes.data, bytes.len / 2 }, err);
	while (bytes.len <= ASSAY_RELEASE_FILE_MAX && bytes.status == ASSAY_OK)
		buf_add_str(&bytes, "                                                                \n");
	TRY(buf_status(&bytes, row->word, err));
	return drill_write(w, w->seal, row->word, buf_span(&bytes), err);
}

/* What is signed is edited, and the signatures are left as they were. */
enum assay_status
seal_file_flip(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	TRY(read_json(w, row->word, &document, err));
	json_t *is_signed = json_object_get(document, "signed");
	if (json_object_set_new(is_signed, "expires", json_string("2099-01-01T00:00:00Z")) != 0)
		return no_memory(err);
	return write_json(w, row->word, document, err);
}

/* ---- another maker ---- */

/* One file of a foreign seal in the place of the maker's, or beside them under another name. */
static enum assay_status
take(struct drill_work *w, const char *from, const char *to, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	const char *foreign = drill_path(w, w->top, "foreign");
	if (foreign == NULL)
		return arena_full(err);
	TRY(read_file(w, foreign, from, &bytes, err));
	return drill_write(w, w->seal, to, buf_span(&bytes), err);
}

enum assay_status
seal_foreign(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char fingerprint[ASSAY_TUF_HEX_SIZE], next[64];
	const char *foreign = drill_path(w, w->top, "foreign");
	if (foreign == NULL)
		return arena_full(err);
	if (row->with == FOREIGN_ALL)
		return drill_world_seal(w, &world_foreign, w->seal, fingerprint, err);
	TRY(drill_world_seal(w, &world_foreign, foreign, fingerprint, err));
	text_put(next, sizeof next, "%zu.root.json", w->root_count + 1);
	switch (row->with) {
	case FOREIGN_ROOT:
		return take(w, "1.root.json", "1.root.json", err);
	case FOREIGN_TARGETS:
		return take(w, TARGETS, TARGETS, err);
	case FOREIGN_RELEASE:
		return take(w, RELEASE, RELEASE, err);
	default:
		return take(w, "1.root.json", next, err);
	}
}

/* The last root under the number of the next. */
enum assay_status
seal_root_again(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_ROOT_MAX);
	char last[64], next[64];
	(void)row;
	text_put(last, sizeof last, "%zu.root.json", w->root_count);
	TRY(read_file(w, w->seal, last, &bytes, err));
	text_put(next, sizeof next, "%zu.root.json", w->root_count + 1);
	return drill_write(w, w->seal, next, buf_span(&bytes), err);
}

/* ---- what a machine remembers ---- */

enum assay_status
seal_floor(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	struct assay_release_floor *f = &w->floor.floor;
	const struct drill *d = w->drill;
	*f = (struct assay_release_floor){ .number = d->number, .counter = d->counter, .root_version = w->root_version,
		.targets_version = w->targets_version, .seen = w->request->now };
	memcpy(f->digest, w->digest, sizeof f->digest);
	text_put(f->product, sizeof f->product, "%s", d->product);
	switch (row->with) {
	case FLOOR_NUMBER:
		f->number++;
		break;
	case FLOOR_COUNTER:
		f->counter++;
		break;
	case FLOOR_SAME:
		f->digest[0] ^= 1;
		break;
	case FLOOR_PRODUCT:
		text_put(f->product, sizeof f->product, "%s", "another-product");
		break;
	case FLOOR_CLOCK:
		f->seen += INT64_C(30) * 86400;
		break;
	case FLOOR_AUTHORITY:
		f->targets_version++;
		break;
	default:
		break;
	}
	/* Another release than the one that is remembered, but for the one thing that is tried. */
	if (row->with == FLOOR_NUMBER || row->with == FLOOR_COUNTER)
		f->digest[0] ^= 1;
	text_put(w->floor.first_root, sizeof w->floor.first_root, "%s", w->request->root);
	buf_reset(&w->floor.root);
	buf_add_span(&w->floor.root, w->newest_root);
	w->has_floor = true;
	w->open_state = row->with == FLOOR_OPEN;
	if (row->with == FLOOR_ROOT) {
		char fingerprint[ASSAY_TUF_HEX_SIZE];
		TRY(drill_world_seal(w, &world_foreign, w->seal, fingerprint, err));
		w->root = arena_str(w->arena, fingerprint);
		if (w->root == NULL)
			return arena_full(err);
	}
	return buf_status(&w->floor.root, "the root", err);
}
