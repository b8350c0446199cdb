/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What metadata lists: targets, and other files of metadata.
 */
#include <string.h>

#include "tuf_inside.h"

/* Lengths and digests that may stand with a file. */
struct promise {
	bool has_length, has_sha256, has_sha512;
	uint64_t length;
	unsigned char sha256[ASSAY_SHA256_SIZE];
	unsigned char sha512[ASSAY_SHA512_SIZE];
};

/* Digests of other kinds may stand beside; without one that is known here there is nothing to hold a file against. */
static bool
read_hashes(struct assay_span hashes, struct promise *p)
{
	struct assay_span value, text;

	if (!cj_is(hashes, '{'))
		return false;
	p->has_sha256 = cj_named(hashes, "sha256", &value);
	if (p->has_sha256 && (!cj_text(value, &text) || !tuf_unhex(text, p->sha256, sizeof p->sha256)))
		return false;
	p->has_sha512 = cj_named(hashes, "sha512", &value);
	if (p->has_sha512 && (!cj_text(value, &text) || !tuf_unhex(text, p->sha512, sizeof p->sha512)))
		return false;
	return p->has_sha256 || p->has_sha512;
}

static bool
read_promise(struct assay_span object, struct promise *p)
{
	struct assay_span value;

	*p = (struct promise) { .length = 0 };
	p->has_length = cj_named(object, "length", &value);
	if (p->has_length && !cj_integer(value, ASSAY_JSON_INTEGER_MAX, &p->length))
		return false;
	return !cj_named(object, "hashes", &value) || read_hashes(value, p);
}

enum assay_status
tuf_target_read(struct assay_span path, struct assay_span object,
    struct assay_tuf_target *ret_target, struct assay_error *err)
{
	struct assay_tuf_target target = { .path = path };
	struct promise p;

	/* An escape in a name holds a backslash, which no path may. */
	if (!tuf_path_ok(path))
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: the path of a target is not a plain relative path");
	if (!cj_is(object, '{') || !read_promise(object, &p) || !p.has_length ||
	    (!p.has_sha256 && !p.has_sha512))
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: the target '%.*s' has no 'length' or no 'hashes' by SHA-256 or SHA-512",
		    (int)(path.len > 128 ? 128 : path.len), (const char *)path.data);
	if (cj_named(object, "custom", &target.custom) && !cj_is(target.custom, '{'))
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: the 'custom' of a target is not an object");
	target.length = p.length;
	target.has_sha256 = p.has_sha256;
	target.has_sha512 = p.has_sha512;
	memcpy(target.sha256, p.sha256, sizeof target.sha256);
	memcpy(target.sha512, p.sha512, sizeof target.sha512);
	*ret_target = target;
	return ASSAY_OK;
}

enum assay_status
tuf_file_read(struct assay_span name, struct assay_span object, struct assay_tuf_file *ret_file,
    struct assay_error *err)
{
	static const char end[] = ".json";
	struct assay_tuf_file file = { .name = name };
	struct assay_span value, base = name;
	struct promise p;

	if (name.len < sizeof end || memcmp(name.data + name.len - sizeof end + 1, end, sizeof end - 1) != 0)
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: 'meta' lists what isn't named ROLE.json");
	base.len -= sizeof end - 1;
	if (!tuf_name_ok(base))
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: 'meta' lists a role whose name isn't plain");
	if (!cj_named(object, "version", &value) ||
	    !cj_integer(value, ASSAY_JSON_INTEGER_MAX, &file.version) || file.version == 0 ||
	    !read_promise(object, &p))
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: what 'meta' says of '%.*s' has no 'version', or a malformed 'length' or 'hashes'",
		    (int)name.len, (const char *)name.data);
	file.has_length = p.has_length;
	file.has_sha256 = p.has_sha256;
	file.has_sha512 = p.has_sha512;
	file.length = p.length;
	memcpy(file.sha256, p.sha256, sizeof file.sha256);
	memcpy(file.sha512, p.sha512, sizeof file.sha512);
	*ret_file = file;
	return ASSAY_OK;
}

/*
 * The next member of the payload's object of this name. A cursor is an offset into the payload, so that a step costs
 * what it steps over and not the whole list.
 */
static bool
next_of(struct assay_span payload, const char *list, size_t *cursor, struct assay_span *ret_name,
    struct assay_span *ret_object)
{
	size_t at = *cursor;

	if (at == 0) {
		if (!cj_value_at(payload, 1, list, &at) || payload.data[at] != '{')
			return false;
		at++;
	}
	if (!cj_next_member(payload, &at, ret_name, ret_object))
		return false;
	*cursor = at;
	return true;
}

bool
assay_tuf_next_target(const struct assay_tuf_meta *targets, size_t *cursor,
    struct assay_tuf_target *ret_target)
{
	struct assay_span path, object;

	return targets->type == ASSAY_TUF_TARGETS &&
	    next_of(targets->payload, "targets", cursor, &path, &object) &&
	    tuf_target_read(path, object, ret_target, NULL) == ASSAY_OK;
}

bool
assay_tuf_next_file(const struct assay_tuf_meta *meta, size_t *cursor,
    struct assay_tuf_file *ret_file)
{
	struct assay_span name, object;

	return (meta->type == ASSAY_TUF_TIMESTAMP || meta->type == ASSAY_TUF_SNAPSHOT) &&
	    next_of(meta->payload, "meta", cursor, &name, &object) &&
	    tuf_file_read(name, object, ret_file, NULL) == ASSAY_OK;
}

bool
tuf_target_of(const struct assay_tuf_meta *targets, struct assay_span path,
    struct assay_tuf_target *ret_target)
{
	struct assay_span each, object;
	size_t cursor = 0;

	while (next_of(targets->payload, "targets", &cursor, &each, &object)) {
		if (assay_span_equal(each, path))
			return tuf_target_read(each, object, ret_target, NULL) == ASSAY_OK;
	}
	return false;
}

bool
tuf_file_of(const struct assay_tuf_meta *meta, struct assay_span role,
    struct assay_tuf_file *ret_file)
{
	size_t cursor = 0;

	while (assay_tuf_next_file(meta, &cursor, ret_file)) {
		if (ret_file->name.len == role.len + 5 &&
		    memcmp(ret_file->name.data, role.data, role.len) == 0)
			return true;
	}
	return false;
}

/* ASSAY_OK when bytes are of this length and have these digests. */
static enum assay_status
hold_against(const struct promise *p, struct assay_span file, struct assay_error *err,
    const char *what)
{
	unsigned char digest[ASSAY_SHA512_SIZE];

	if (p->has_length && p->length != file.len)
		return assay_fail(err, ASSAY_E_VERIFY, "%s has another length than its metadata promises", what);
	if (p->has_sha256) {
		TRY(assay_sha256(file, digest));
		if (memcmp(digest, p->sha256, sizeof p->sha256) != 0)
			return assay_fail(err, ASSAY_E_VERIFY, "%s has another SHA-256 than its metadata promises", what);
	}
	if (p->has_sha512) {
		TRY(assay_sha512(file, digest));
		if (memcmp(digest, p->sha512, sizeof p->sha512) != 0)
			return assay_fail(err, ASSAY_E_VERIFY, "%s has another SHA-512 than its metadata promises", what);
	}
	return ASSAY_OK;
}

enum assay_status
tuf_file_check(const struct assay_tuf_file *file, struct assay_span bytes, struct assay_error *err)
{
	struct promise p = { file->has_length, file->has_sha256, file->has_sha512, file->length, { 0 }, { 0 } };

	memcpy(p.sha256, file->sha256, sizeof p.sha256);
	memcpy(p.sha512, file->sha512, sizeof p.sha512);
	return hold_against(&p, bytes, err, "the file of metadata");
}

/* 5.7.3 */
enum assay_status
assay_tuf_target_check(const struct assay_tuf_target *target, struct assay_span file,
    struct assay_error *err)
{
	struct promise p = { true, target->has_sha256, target->has_sha512, target->length, { 0 }, { 0 } };

	if (!p.has_sha256 && !p.has_sha512)
		return assay_fail(err, ASSAY_E_USAGE, "a target without a digest");
	memcpy(p.sha256, target->sha256, sizeof p.sha256);
	memcpy(p.sha512, target->sha512, sizeof p.sha512);
	return hold_against(&p, file, err, "the target");
}
