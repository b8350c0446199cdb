/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals of releases, read as assay/release.h reads them for whoever installs one.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/release.h>
#include <evidence/reltree.h>
#include <string.h>

const struct release_file_row release_files[RELEASE_FILES] = {
	[RELEASE_FILE_TARGETS] = { "targets.json", NULL, ASSAY_RELEASE_TARGETS_MAX },
	[RELEASE_FILE_RELEASE] = { "release.json", NULL, ASSAY_RELEASE_FILE_MAX },
	[RELEASE_FILE_MANIFEST] = { "manifest", "release/manifest", RELEASE_MANIFEST_MAX },
	[RELEASE_FILE_SBOM] = { "sbom.cdx.json", "release/sbom.cdx.json", RELEASE_MEMBER_MAX },
	[RELEASE_FILE_PROVENANCE] = { "provenance.json", "release/provenance.json", RELEASE_MEMBER_MAX },
	[RELEASE_FILE_INSTRUCTIONS] = { "instructions.md", "release/instructions.md", RELEASE_MEMBER_MAX },
	[RELEASE_FILE_ROLLBACK] = { "rollback.json", NULL, ASSAY_RELEASE_FILE_MAX },
};

/* ---- members ---- */

struct reading {
	const struct evidence *raw;
	struct arena *arena;
	struct assay_error *err;
	size_t used; /* members that were asked for */
};

static enum assay_status
take(struct reading *r, const struct release_seal *s, const char *name, struct assay_span *ret_bytes)
{
	const char *path = arena_printf(r->arena, "%s/%s", s->name, name);
	if (path == NULL)
		return arena_full(r->err);
	*ret_bytes = evidence_member(r->raw, path);
	r->used += ret_bytes->data != NULL;
	return ASSAY_OK;
}

static enum assay_status
take_list(struct reading *r, const struct release_seal *s, const char *name, const char **ret_text)
{
	struct assay_span bytes;
	TRY(take(r, s, name, &bytes));
	if (bytes.data == NULL || bytes.len > RELEASE_LIST_MAX || !text_is_utf8(bytes))
		return assay_fail(r->err, ASSAY_E_FORMAT, "evidence '" RELEASE_SEAL_KIND "' has no list '%s' of %s", name, s->name);
	*ret_text = bytes.len == 0 ? NULL : arena_copy(r->arena, bytes);
	return bytes.len == 0 || *ret_text != NULL ? ASSAY_OK : arena_full(r->err);
}

/* ---- who may sign, and who did ---- */

static bool
same_text(struct assay_span a, const char *b)
{
	return assay_span_equal(a, assay_span_str(b));
}

static enum assay_status
add_signer(struct reading *r, struct release_seal *s, const struct assay_tuf_meta *meta, const struct assay_tuf_key *key)
{
	struct release_signer *x = &s->signers[s->signer_count];
	*x = (struct release_signer){ .scheme = key->scheme, .spki_len = key->spki_len, .person = arena_copy(r->arena, key->person),
		.role = arena_copy(r->arena, key->role), .keyid = arena_str(r->arena, key->keyid) };
	if (x->person == NULL || x->role == NULL || x->keyid == NULL)
		return arena_full(r->err);
	memcpy(x->spki, key->spki, key->spki_len);
	x->signed_it = meta != NULL && assay_tuf_signed_by(meta, key) == ASSAY_OK;
	bool known = false;
	for (size_t i = 0; i < s->signer_count && !known; i++)
		known = same_text(key->person, s->signers[i].person);
	s->role_people += !known;
	s->signer_count++;
	return ASSAY_OK;
}

static enum assay_status
list_signers(struct reading *r, struct release_seal *s)
{
	struct assay_tuf_key key;
	size_t cursor = 0;
	s->signers = arena_array(r->arena, ASSAY_TUF_KEYS_MAX, sizeof s->signers[0]);
	if (s->signers == NULL)
		return arena_full(r->err);
	while (s->signer_count < ASSAY_TUF_KEYS_MAX && assay_tuf_next_key(&s->check->role, &cursor, &key))
		TRY(add_signer(r, s, s->is_read ? &s->check->meta : NULL, &key));
	return ASSAY_OK;
}

/* ---- the chain ---- */

static enum assay_status
refuse(struct reading *r, struct release_seal *s, enum assay_release_code code, const struct assay_error *why)
{
	s->code = code;
	s->why = arena_str(r->arena, why->what[0] != '\0' ? why->what : assay_release_code_text(code));
	return s->why != NULL ? ASSAY_OK : arena_full(r->err);
}

/* Of the first root, so that it can be held against the pinned one. */
static bool
first_fingerprint(struct reading *r, struct release_seal *s, struct assay_span root, struct assay_error *why)
{
	unsigned char *data = arena_alloc(r->arena, ASSAY_RELEASE_ROOM);
	struct assay_tuf_room room = { data, ASSAY_RELEASE_ROOM, 0 };
	struct assay_tuf_meta meta;
	return data != NULL && assay_tuf_parse(root, &room, &meta, why) == ASSAY_OK &&
	    assay_tuf_fingerprint(&meta, s->fingerprint) == ASSAY_OK;
}

/* *ret_went: as far as what may be asked next. */
static enum assay_status
follow_roots(struct reading *r, struct release_seal *s, bool *ret_went)
{
	static const struct assay_error misnamed = { .what = "a root has another version than its name says" };
	struct assay_error why = { 0 };
	const struct assay_span root = s->roots[0];
	unsigned char *data = arena_alloc(r->arena, ASSAY_RELEASE_ROOM);
	s->check = arena_alloc(r->arena, sizeof *s->check);
	if (data == NULL || s->check == NULL)
		return arena_full(r->err);
	*ret_went = false;
	if (s->root_count == 0)
		return refuse(r, s, ASSAY_RELEASE_NO_SEAL, &why);
	if (!first_fingerprint(r, s, root, &why)) {
		s->fingerprint[0] = '\0';
		return refuse(r, s, ASSAY_RELEASE_BAD_METADATA, &why);
	}
	const struct assay_tuf_room room = { data, ASSAY_RELEASE_ROOM, 0 };
	if (assay_release_begin(room, root, s->fingerprint, s->check, &why) != ASSAY_OK)
		return refuse(r, s, s->check->code, &why);
	for (unsigned n = 1; n < s->root_count; n++) {
		if (assay_release_root(s->check, s->roots[n], &why) != ASSAY_OK)
			return refuse(r, s, s->check->code, &why);
		if (CATCH(seal_root_number, s->check->state.root.version != (uint64_t)n + 1))
			return refuse(r, s, ASSAY_RELEASE_ROOT_CHAIN, &misnamed);
	}
	*ret_went = true;
	return ASSAY_OK;
}

static enum assay_status
read_release(struct reading *r, struct release_seal *s)
{
	const struct assay_span targets = s->files[RELEASE_FILE_TARGETS], file = s->files[RELEASE_FILE_RELEASE];
	struct assay_error why = { 0 };
	bool went = false;
	TRY(follow_roots(r, s, &went));
	if (!went)
		return ASSAY_OK;
	if (targets.data == NULL)
		return refuse(r, s, ASSAY_RELEASE_NO_SEAL, &why);
	if (assay_release_authority(s->check, targets, &why) != ASSAY_OK)
		return refuse(r, s, s->check->code, &why);
	if (file.data == NULL)
		TRY(refuse(r, s, ASSAY_RELEASE_NO_SEAL, &why));
	else if (assay_release_read(s->check, file, &s->release, &why) != ASSAY_OK)
		TRY(refuse(r, s, s->check->code, &why));
	else
		s->is_read = true;
	return list_signers(r, s);
}

/* ---- what it names ---- */

static enum assay_status
hold_target(struct reading *r, struct release_seal *s, const struct assay_tuf_target *target)
{
	size_t i = 0;
	while (i < RELEASE_FILES && (release_files[i].target == NULL || !same_text(target->path, release_files[i].target)))
		i++;
	if (i == RELEASE_FILES) {
		s->other_targets = true;
		return ASSAY_OK;
	}
	s->has_target[i] = true;
	s->targets[i] = *target;
	s->is_good[i] = s->files[i].data != NULL && assay_tuf_target_check(target, s->files[i], NULL) == ASSAY_OK;
	(void)r;
	return ASSAY_OK;
}

static void
count_entry(const struct assay_manifest_entry *e, struct release_counts *n)
{
	n->folders += e->type == ASSAY_ENTRY_FOLDER;
	n->links += e->type == ASSAY_ENTRY_LINK;
	if (e->type != ASSAY_ENTRY_FILE)
		return;
	n->files++;
	n->bytes += e->size;
	n->executables += (e->mode & 0111u) != 0;
	n->privileged += (e->mode & 06000u) != 0 || e->caps_len > 0;
}

enum assay_status
release_read_manifest(struct assay_span manifest, struct arena *arena, struct release_counts *ret_counts, const char **ret_why,
    struct assay_error *err)
{
	struct assay_manifest *m = arena_alloc(arena, sizeof *m);
	struct release_counts counts = { 0 };
	struct assay_manifest_entry entry;
	struct assay_error why = { 0 };
	bool is = true;
	if (m == NULL)
		return arena_full(err);
	assay_manifest_begin(m);
	enum assay_status status = ASSAY_OK;
	while (is && status == ASSAY_OK) {
		status = assay_manifest_next(m, &manifest, &is, &entry, &why);
		if (status == ASSAY_OK && is)
			count_entry(&entry, &counts);
	}
	if (status == ASSAY_OK)
		status = assay_manifest_end(m, &why);
	*ret_counts = counts;
	*ret_why = status == ASSAY_OK ? NULL : arena_str(arena, why.what);
	return status == ASSAY_OK || *ret_why != NULL ? ASSAY_OK : arena_full(err);
}

/* Lies with the release and is no target of it. */
static enum assay_status
read_rollback(struct reading *r, struct release_seal *s)
{
	const struct assay_span file = s->files[RELEASE_FILE_ROLLBACK];
	struct assay_error why = { 0 };
	if (!s->is_read || file.data == NULL || assay_release_rollback_of(s->check, file, &s->release, &why) == ASSAY_OK)
		return ASSAY_OK;
	s->rollback_why = arena_str(r->arena, why.what);
	return s->rollback_why != NULL ? ASSAY_OK : arena_full(r->err);
}

static enum assay_status
take_roots(struct reading *r, struct release_seal *s)
{
	s->roots = arena_array(r->arena, RELEASE_ROOTS_MAX, sizeof s->roots[0]);
	if (s->roots == NULL)
		return arena_full(r->err);
	for (; s->root_count < RELEASE_ROOTS_MAX; s->root_count++) {
		char name[32];
		text_put(name, sizeof name, "%u.root.json", s->root_count + 1);
		TRY(take(r, s, name, &s->roots[s->root_count]));
		if (s->roots[s->root_count].data == NULL)
			break;
	}
	return ASSAY_OK;
}

static enum assay_status
read_seal(struct reading *r, struct release_seal *s)
{
	struct assay_tuf_target target;
	size_t cursor = 0;
	for (size_t i = 0; i < RELEASE_FILES; i++) {
		TRY(take(r, s, release_files[i].name, &s->files[i]));
		if (s->files[i].len > release_files[i].most)
			return assay_fail(r->err, ASSAY_E_LIMIT, "'%s/%s' is larger than %zu bytes", s->name, release_files[i].name,
			    release_files[i].most);
	}
	TRY(take_roots(r, s));
	TRY(take_list(r, s, "others", &s->others));
	TRY(take_list(r, s, "left", &s->left));
	TRY(read_release(r, s));
	while (s->is_read && assay_release_next_target(s->check, &cursor, &target))
		TRY(hold_target(r, s, &target));
	TRY(read_rollback(r, s));
	if (!s->is_good[RELEASE_FILE_MANIFEST])
		return ASSAY_OK;
	TRY(release_read_manifest(s->files[RELEASE_FILE_MANIFEST], r->arena, &s->counts, &s->manifest_why, r->err));
	s->has_manifest = s->manifest_why == NULL;
	return ASSAY_OK;
}

enum assay_status
release_seal_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	struct reading r = { raw, c->arena, err, 0 };
	struct release_seals *all = arena_alloc(c->arena, sizeof *all);
	struct release_seal *items = arena_array(c->arena, RELEASES_MAX, sizeof *items);
	if (all == NULL || items == NULL)
		return arena_full(err);
	*all = (struct release_seals){ items, 0 };
	while (all->count < RELEASES_MAX) {
		struct release_seal *s = &items[all->count];
		*s = (struct release_seal){ .name = arena_printf(c->arena, "release/%zu", all->count) };
		const char *others = arena_printf(c->arena, "release/%zu/others", all->count);
		if (s->name == NULL || others == NULL)
			return arena_full(err);
		if (evidence_member(raw, others).data == NULL)
			break;
		all->count++;
		TRY(read_seal(&r, s));
	}
	if (all->count == 0)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_SEAL_KIND "' has no release");
	/* What nobody asked for would travel unread, under the digest of what was. */
	if (CATCH(release_members_unread, r.used != raw->member_count))
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_SEAL_KIND "' has members that belong to no release");
	*ret_facts = all;
	return ASSAY_OK;
}
