/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/authority.h>

#include <base/catch.h>
#include <base/cleanup.h>
#include <codec/canon.h>
#include <string.h>

#define ROOT_NAME_MAX 64
#define REPOSITORY_MAX 128
/* What reading one file may need beyond its own length. */
#define ROOM_SPARE 4096

struct reader {
	const struct sources *files;
	struct arena *arena;
	struct authority *a;
	struct assay_tuf_state state;
	struct assay_tuf_room room;
	char repository[REPOSITORY_MAX]; /* that the first root is made for; "" when it names none */
	struct assay_error fault; /* of the step at hand */
	struct assay_error *err;
};

const char *
authority_fault_name(enum authority_fault fault)
{
	static const char *const names[AUTHORITY_FAULTS] = { "authorised", "no-trust-root", "other-trust-root",
		"bad-root", "bad-targets", "no-policy-state", "bad-policy-state", "unauthorised-change",
		"trust-unread" };
	return names[fault];
}

static enum assay_status
set_fault(struct reader *r, enum authority_fault fault, const char *file, const char *why)
{
	r->a->fault = fault;
	r->a->file = file == NULL ? NULL : arena_str(r->arena, file);
	r->a->why = arena_str(r->arena, why);
	return r->a->why == NULL || (file != NULL && r->a->file == NULL) ? arena_full(r->err) : ASSAY_OK;
}

/* A fault in the words of what went wrong; want of memory is an error. */
static enum assay_status
fault_of(struct reader *r, enum assay_status status, enum authority_fault fault, const char *file)
{
	if (status != ASSAY_E_MEMORY && status != ASSAY_E_INTERNAL)
		return set_fault(r, fault, file, r->fault.what);
	if (r->err != NULL)
		*r->err = r->fault;
	return status;
}

static bool
is_file(const struct source_file *f)
{
	return f != NULL && (f->mode == 0100644 || f->mode == 0100755);
}

/* ---- which repository ---- */

static bool
read_repository(const struct source_file *f, char ret_repository[REPOSITORY_MAX])
{
	CLEANUP(canon_unref) json_t *document = NULL;
	ret_repository[0] = '\0';
	if (canon_read(f->bytes, f->path, &document, NULL) != ASSAY_OK)
		return false;
	const json_t *value = json_object_get(json_object_get(document, "signed"), "x-assay-repository");
	const char *text = value == NULL ? "" : json_string_value(value);
	if (text == NULL || strlen(text) >= REPOSITORY_MAX)
		return false;
	memcpy(ret_repository, text, strlen(text) + 1);
	return true;
}

/* The same people may sign for several repositories: what they signed for one counts in no other. */
static bool
is_foreign(const struct reader *r, const struct source_file *f)
{
	char repository[REPOSITORY_MAX];
	return CATCH(authority_foreign, !read_repository(f, repository) || strcmp(repository, r->repository) != 0);
}

static const char foreign[] = "it is made for another repository than the first root";

/* ---- roots ---- */

static const struct source_file *
find_root(const struct reader *r, unsigned version, char name[ROOT_NAME_MAX])
{
	(void)snprintf(name, ROOT_NAME_MAX, AUTHORITY_FOLDER "%u.root.json", version);
	return sources_find(r->files, name);
}

/* "assay/trust/12.root.json": 12; 0 for what isn't the name of a root. */
static unsigned
root_number(const char *path)
{
	unsigned number = 0;
	const char *p = path + strlen(AUTHORITY_FOLDER);
	if (*p < '1' || *p > '9')
		return 0;
	for (; *p >= '0' && *p <= '9' && number < 1000000; p++)
		number = number * 10 + (unsigned)(*p - '0');
	return strcmp(p, ".root.json") == 0 ? number : 0;
}

/* The chain is walked one by one: a root beyond a gap was reached by nobody. */
static enum assay_status
check_gaps(struct reader *r, unsigned last)
{
	const struct source_file *f = sources_under(r->files, AUTHORITY_FOLDER);
	const struct source_file *end = r->files->files + r->files->count;
	for (; f != NULL && f < end && strncmp(f->path, AUTHORITY_FOLDER, strlen(AUTHORITY_FOLDER)) == 0; f++) {
		if (CATCH(authority_gap, root_number(f->path) > last))
			return set_fault(r, AUTHORITY_BAD_ROOT, f->path, "a root without the one before it");
	}
	return ASSAY_OK;
}

static size_t
add_room(size_t room, const struct source_file *f, size_t *most)
{
	if (!is_file(f) || !f->has_bytes)
		return room;
	if (f->bytes.len > *most)
		*most = f->bytes.len;
	return room + f->bytes.len + ROOM_SPARE;
}

static enum assay_status
make_room(struct reader *r)
{
	char name[ROOT_NAME_MAX];
	size_t most = 0, room = 0;
	room = add_room(room, sources_find(r->files, AUTHORITY_FOLDER "targets.json"), &most);
	room = add_room(room, sources_find(r->files, AUTHORITY_FOLDER "policy.json"), &most);
	for (unsigned i = 1; i <= ASSAY_TUF_ROOTS_MAX; i++) {
		const struct source_file *f = find_root(r, i, name);
		if (f == NULL)
			break;
		room = add_room(room, f, &most);
	}
	if (most > ASSAY_TUF_TARGETS_MAX)
		most = ASSAY_TUF_TARGETS_MAX;
	r->room.size = room + ASSAY_JSON_ROOM(most) + ROOM_SPARE;
	r->room.data = arena_alloc(r->arena, r->room.size);
	return r->room.data == NULL ? arena_full(r->err) : ASSAY_OK;
}

static void
note_expiry(struct authority *a, const struct assay_tuf_meta *meta, const char *file)
{
	if (a->expires_file != NULL && a->expires <= meta->expires)
		return;
	a->expires = meta->expires;
	a->expires_file = file;
}

static enum assay_status
first_root(struct reader *r, const char *pinned)
{
	char name[ROOT_NAME_MAX];
	const struct source_file *f = find_root(r, 1, name);
	struct assay_tuf_meta meta;
	struct assay_tuf_room room = r->room;
	if (f == NULL)
		return set_fault(r, AUTHORITY_NO_ROOT, NULL, "there is no trust metadata in 'assay/trust/'");
	if (!is_file(f) || !f->has_bytes)
		return set_fault(r, AUTHORITY_UNREAD, name, f->why == NULL ? "it is no file" : f->why);
	enum assay_status status = assay_tuf_parse(f->bytes, &room, &meta, &r->fault);
	if (status != ASSAY_OK)
		return fault_of(r, status, AUTHORITY_BAD_ROOT, name);
	TRY(assay_tuf_fingerprint(&meta, r->a->fingerprint));
	if (CATCH(authority_pin, pinned != NULL && strcasecmp(pinned, r->a->fingerprint) != 0))
		return set_fault(r, AUTHORITY_OTHER_ROOT, name, "the first root is not the pinned one");
	status = assay_tuf_begin(r->room, 0, f->bytes, NULL, &r->state, &r->fault);
	if (status != ASSAY_OK)
		return fault_of(r, status, AUTHORITY_BAD_ROOT, name);
	if (CATCH(authority_first, meta.version != 1))
		return set_fault(r, AUTHORITY_BAD_ROOT, name, "it isn't the version that its name says");
	if (!read_repository(f, r->repository))
		return set_fault(r, AUTHORITY_BAD_ROOT, name, "the repository that it is made for isn't a short text");
	return ASSAY_OK;
}

static enum assay_status
walk_roots(struct reader *r, const char *pinned)
{
	char name[ROOT_NAME_MAX];
	unsigned version = 1;
	TRY(first_root(r, pinned));
	if (r->a->fault != AUTHORITY_HOLDS)
		return ASSAY_OK;
	for (;; version++) {
		const struct source_file *f = find_root(r, version + 1, name);
		bool fresh = false;
		if (f == NULL)
			break;
		if (!is_file(f) || !f->has_bytes)
			return set_fault(r, AUTHORITY_UNREAD, name, f->why == NULL ? "it is no file" : f->why);
		enum assay_status status = assay_tuf_update_root(&r->state, f->bytes, &fresh, &r->fault);
		if (status != ASSAY_OK)
			return fault_of(r, status, AUTHORITY_BAD_ROOT, name);
		if (CATCH(authority_same_root, !fresh))
			return set_fault(r, AUTHORITY_BAD_ROOT, name, "it isn't the version that its name says");
		if (is_foreign(r, f))
			return set_fault(r, AUTHORITY_BAD_ROOT, name, foreign);
	}
	r->a->root = r->state.root;
	r->room = r->state.room;
	(void)snprintf(name, sizeof name, AUTHORITY_FOLDER "%u.root.json", version);
	const char *file = arena_str(r->arena, name);
	if (file == NULL)
		return arena_full(r->err);
	note_expiry(r->a, &r->a->root, file);
	return check_gaps(r, version);
}

/* ---- targets and policy ---- */

/* Reads a document of type targets that role must have signed. */
static enum assay_status
read_signed(struct reader *r, const char *path, const struct assay_tuf_role *role,
    enum authority_fault fault, struct assay_tuf_meta *ret_meta)
{
	const struct source_file *f = sources_find(r->files, path);
	struct assay_tuf_meta meta;
	if (f == NULL)
		return set_fault(r, AUTHORITY_NO_POLICY, path, "it isn't there: nobody has signed it yet");
	if (!is_file(f) || !f->has_bytes)
		return set_fault(r, AUTHORITY_UNREAD, path, f->why == NULL ? "it is no file" : f->why);
	enum assay_status status = assay_tuf_parse(f->bytes, &r->room, &meta, &r->fault);
	if (status != ASSAY_OK)
		return fault_of(r, status, fault, path);
	if (CATCH(authority_type, meta.type != ASSAY_TUF_TARGETS))
		return set_fault(r, fault, path, "it is metadata of another type");
	if (is_foreign(r, f))
		return set_fault(r, fault, path, foreign);
	status = assay_tuf_tally(&meta, role, NULL, &r->fault);
	if (CATCH(authority_threshold, status != ASSAY_OK))
		return fault_of(r, status, fault, path);
	/* Else one person could be two, by one name among the root's keys and by another here. */
	status = assay_tuf_same_people(&r->a->root, &meta, &r->fault);
	if (CATCH(authority_two_names, status != ASSAY_OK))
		return fault_of(r, status, fault, path);
	note_expiry(r->a, &meta, path);
	*ret_meta = meta;
	return ASSAY_OK;
}

bool
authority_role(const struct authority *a, const char *name, struct assay_tuf_role *ret_role)
{
	size_t cursor = 0;
	if (a->targets.version == 0)
		return false;
	while (assay_tuf_next_delegation(&a->targets, &cursor, ret_role)) {
		if (assay_span_equal(ret_role->name, assay_span_str(name)))
			return true;
	}
	return false;
}

/* Files below assay/ as the lib wants them; those that can't be hashed differ from anything that was signed. */
static enum assay_status
take_files(struct reader *r, struct assay_tuf_policy_file **ret_files, size_t *ret_count)
{
	const struct source_file *first = sources_under(r->files, "assay/");
	const struct source_file *end = r->files->files + r->files->count;
	size_t count = 0;
	for (const struct source_file *f = first; f != NULL && f < end && strncmp(f->path, "assay/", 6) == 0; f++)
		count++;
	struct assay_tuf_policy_file *files = arena_array(r->arena, count + 1, sizeof *files);
	if (files == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++) {
		files[i].path = assay_span_str(first[i].path);
		files[i].length = first[i].bytes.len;
		/* A link or submodule is no file that anybody signed: its digest stays all zero. */
		if (is_file(&first[i]) && first[i].has_bytes)
			TRY(assay_sha256(first[i].bytes, files[i].sha256));
	}
	*ret_files = files;
	*ret_count = count;
	return ASSAY_OK;
}

static enum assay_status
compare_files(struct reader *r, const struct assay_tuf_role *role)
{
	static const char *const words[] = { "changed", "added", "missing", "outside" };
	struct assay_tuf_policy_file *files = NULL;
	struct assay_tuf_policy_cursor cursor = { 0, 0 };
	enum assay_tuf_difference what;
	struct assay_span path;
	size_t count = 0;
	TRY(take_files(r, &files, &count));
	while (assay_tuf_next_difference(&r->a->policy, role, files, count, &cursor, &what, &path)) {
		if (r->a->difference_total++ >= AUTHORITY_DIFFERENCES_MAX)
			continue;
		struct authority_difference *d = &r->a->differences[r->a->difference_count++];
		d->what = what;
		d->path = arena_copy(r->arena, path);
		if (d->path == NULL)
			return arena_full(r->err);
	}
	if (!CATCH(authority_files, r->a->difference_total > 0))
		return ASSAY_OK;
	const struct authority_difference *d = &r->a->differences[0];
	const char *why = arena_printf(r->arena, "%zu file%s %s not what the policy role signed; the first is %s",
	    r->a->difference_total, r->a->difference_total == 1 ? "" : "s",
	    r->a->difference_total == 1 ? "is" : "are", words[d->what]);
	return why == NULL ? arena_full(r->err) : set_fault(r, AUTHORITY_CHANGED, d->path, why);
}

static enum assay_status
read_chain(struct reader *r, const char *pinned)
{
	struct assay_tuf_role role;
	struct authority *a = r->a;
	TRY(walk_roots(r, pinned));
	if (a->fault != AUTHORITY_HOLDS)
		return ASSAY_OK;
	TRY(assay_tuf_role(&a->root, "targets", &role));
	TRY(read_signed(r, AUTHORITY_FOLDER "targets.json", &role, AUTHORITY_BAD_TARGETS, &a->targets));
	if (a->fault != AUTHORITY_HOLDS)
		return ASSAY_OK;
	if (!authority_role(a, "policy", &role))
		return set_fault(r, AUTHORITY_NO_POLICY, AUTHORITY_FOLDER "targets.json",
		    "it delegates to no role 'policy'");
	TRY(read_signed(r, AUTHORITY_FOLDER "policy.json", &role, AUTHORITY_BAD_POLICY, &a->policy));
	if (a->fault != AUTHORITY_HOLDS)
		return ASSAY_OK;
	TRY(assay_tuf_policy_digest(&a->policy, a->state));
	return compare_files(r, &role);
}

enum assay_status
authority_read(const struct sources *files, const char *fingerprint, struct arena *arena,
    struct authority *ret_authority, struct assay_error *err)
{
	struct reader r = { .files = files, .arena = arena, .a = ret_authority, .err = err };
	*ret_authority = (struct authority){ .fault = AUTHORITY_HOLDS };
	TRY(make_room(&r));
	return read_chain(&r, fingerprint);
}
