/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <base/catch.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* A ref as found, before symbolic ones are followed. */
struct found_ref {
	const char *name;
	const char *target; /* symbolic */
	struct oid id;
	bool packed;        /* a loose one of the same name goes first */
	bool broken;        /* noted; hides a packed one of the same name, as it does for git */
};

struct ref_search {
	struct repository *r;
	struct arena *arena;
	struct found_ref *found;
	size_t count;
	size_t room;
	bool linked;        /* a linked work tree: some of its refs are its own */
	bool own;           /* of these, those in its own folder are being looked for */
	struct buf text;    /* of one ref file */
	struct buf name;    /* of the folder or file at hand */
};

static void
ref_search_done(struct ref_search *s)
{
	free(s->found);
	buf_done(&s->text);
	buf_done(&s->name);
}

static enum assay_status
add_found(struct ref_search *s, struct found_ref ref, struct assay_span name,
    struct assay_error *err)
{
	if (s->count >= REPOSITORY_REFS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the repository has more than %d refs",
		    REPOSITORY_REFS_MAX);
	if (s->count == s->room) {
		size_t room = s->room == 0 ? 256 : s->room * 2;
		struct found_ref *more = reallocarray(s->found, room, sizeof(*more));
		if (more == NULL)
			return arena_full(err);
		s->found = more;
		s->room = room;
	}
	ref.name = arena_copy(s->arena, name);
	if (ref.name == NULL)
		return arena_full(err);
	s->found[s->count++] = ref;
	return ASSAY_OK;
}

/* A ref that can't be read still hides a packed one of its name. */
static enum assay_status
add_broken(struct ref_search *s, struct assay_span name, const char *why, struct assay_error *err)
{
	repository_problem(s->r, s->arena, name, why);
	return add_found(s, (struct found_ref) { .broken = true }, name, err);
}

static enum assay_status
add_value(struct ref_search *s, struct assay_span name, struct assay_span bytes,
    struct assay_error *err)
{
	static const struct oid null_id;
	struct ref_value value = { .symbolic = false };
	if (CATCH(ref_name, !ref_name_ok(name)))
		return add_broken(s, name, "git permits no ref of this name", err);
	if (CATCH(ref_broken, ref_value_parse(bytes, s->r->algo, &value) != ASSAY_OK))
		return add_broken(s, name, "it holds neither an id nor 'ref: NAME'", err);
	if (CATCH(ref_null, !value.symbolic && oid_compare(&value.id, &null_id) == 0))
		return add_broken(s, name, "it holds the null id", err);
	struct found_ref ref = { .id = value.id };
	if (value.symbolic) {
		if (CATCH(ref_target, !ref_name_ok(value.target)))
			return add_broken(s, name, "it leads to a name that is not a ref's", err);
		ref.target = arena_copy(s->arena, value.target);
		if (ref.target == NULL)
			return arena_full(err);
	}
	return add_found(s, ref, name, err);
}

/* Git reads a link whose text is a ref's name as a symbolic ref; any other link is not followed here. */
static enum assay_status
add_link(struct ref_search *s, int folder, const char *entry, struct assay_error *err)
{
	char target[REF_FILE_MAX];
	ssize_t n = readlinkat(folder, entry, target, sizeof(target) - 1);
	struct assay_span text = { (const unsigned char *)target, n > 0 ? (size_t)n : 0 };
	target[text.len] = '\0';
	if (CATCH(ref_link, text.len == sizeof(target) - 1 || !ref_name_ok(text)))
		return add_broken(s, buf_span(&s->name), "it is a link, which is not followed", err);
	buf_reset(&s->text);
	buf_add_str(&s->text, "ref: ");
	buf_add_span(&s->text, text);
	return add_value(s, buf_span(&s->name), buf_span(&s->text), err);
}

static enum assay_status
add_file(struct ref_search *s, int folder, const char *entry, struct assay_error *err)
{
	struct assay_error why = { 0 };
	buf_reset(&s->text);
	enum assay_status status = file_read(folder, entry, &s->text, &why);
	if (status == ASSAY_OK)
		return add_value(s, buf_span(&s->name), buf_span(&s->text), err);
	if (CATCH(ref_unreadable, status != ASSAY_E_NOT_FOUND))
		return add_broken(s, buf_span(&s->name), "it can't be read", err);
	return ASSAY_OK; /* deleted while we looked */
}

static enum assay_status search_folder(struct ref_search *s, int folder, const char *name,
    unsigned depth, struct assay_error *err);

static enum assay_status
search_entry(struct ref_search *s, int folder, const struct dirent *e, unsigned depth,
    struct assay_error *err)
{
	struct stat st;
	unsigned type = e->d_type;
	if (type == DT_UNKNOWN && fstatat(folder, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = IFTODT(st.st_mode);
	if (type == DT_DIR)
		return search_folder(s, folder, e->d_name, depth + 1, err);
	if (type == DT_LNK)
		return add_link(s, folder, e->d_name, err);
	return add_file(s, folder, e->d_name, err);
}

static bool
ends_in_lock(const char *name)
{
	size_t len = strlen(name);
	return len >= 5 && strcmp(name + len - 5, ".lock") == 0;
}

/* A linked work tree has these for itself, and all others with the repository that it belongs to (gitrepository-layout). */
static bool
is_elsewhere(const struct ref_search *s, const char *name, unsigned depth)
{
	static const char *const own[] = { "bisect", "rewritten", "worktree" };
	bool is_own = false;
	if (depth > 0 || !s->linked)
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		is_own = is_own || strcmp(own[i], name) == 0;
	return CATCH(ref_of_worktree, is_own != s->own);
}

/* s->name holds the folder's own name, without a slash at its end, and does again on return. */
static enum assay_status
search_folder(struct ref_search *s, int folder, const char *name, unsigned depth,
    struct assay_error *err)
{
	if (CATCH(ref_depth, depth > REF_FOLDER_DEPTH_MAX)) {
		repository_problem(s->r, s->arena, buf_span(&s->name), "it lies deeper than refs are read");
		return ASSAY_OK;
	}
	CLEANUP(close_folder) DIR *d = folder_open(folder, name, O_NOFOLLOW);
	if (d == NULL) {
		if (CATCH(ref_folder_unreadable, errno != ENOENT)) /* not deleted while we looked */
			repository_problem(s->r, s->arena, buf_span(&s->name), "it is a folder that can't be read");
		return ASSAY_OK;
	}
	const size_t len = s->name.len;
	const struct dirent *e;
	while ((e = folder_next(d)) != NULL) {
		if (e->d_name[0] == '.' || ends_in_lock(e->d_name) || is_elsewhere(s, e->d_name, depth))
			continue; /* never refs for git */
		buf_add_byte(&s->name, '/');
		buf_add_str(&s->name, e->d_name);
		TRY(buf_status(&s->name, "a ref's name", err));
		TRY(search_entry(s, dirfd(d), e, depth, err));
		s->name.len = len;
		s->name.data[len] = '\0';
	}
	if (errno != 0)
		repository_problem(s->r, s->arena, buf_span(&s->name), "not all of it could be listed");
	return ASSAY_OK;
}

static enum assay_status
search_loose(struct ref_search *s, const char *git_dir, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(git_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", git_dir, text_errno(errno));
	buf_reset(&s->name);
	buf_add_str(&s->name, "refs");
	TRY(buf_status(&s->name, "a ref's name", err));
	return search_folder(s, fd, "refs", 0, err);
}

static enum assay_status
search_packed(struct ref_search *s, struct assay_error *err)
{
	static const struct oid null_id;
	CLEANUP(buf_done) struct buf text = BUF_INIT(PACKED_REFS_MAX);
	bool found;
	TRY(repository_read(s->r->common_dir, "packed-refs", &text, &found, err));
	size_t cursor = 0;
	unsigned line = 0;
	while (found) {
		struct packed_ref ref;
		enum assay_status status
		    = packed_refs_next(buf_span(&text), s->r->algo, &cursor, &line, &ref, err);
		if (status == ASSAY_E_NOT_FOUND)
			return ASSAY_OK;
		TRY(status);
		if (CATCH(packed_name, !ref_name_ok(ref.name)))
			repository_problem(s->r, s->arena, ref.name, "git permits no ref of this name");
		else if (CATCH(packed_null, oid_compare(&ref.id, &null_id) == 0))
			repository_problem(s->r, s->arena, ref.name, "it holds the null id");
		else
			TRY(add_found(s, (struct found_ref) { .id = ref.id, .packed = true }, ref.name, err));
	}
	return ASSAY_OK;
}

static int
compare_found(const void *a, const void *b)
{
	const struct found_ref *x = a;
	const struct found_ref *y = b;
	int order = strcmp(x->name, y->name);
	if (order != 0)
		return order;
	if (x->packed != y->packed)
		return x->packed ? 1 : -1;
	return oid_compare(&x->id, &y->id);
}

/* Loose hides packed; two of a kind with two ids are noted. */
static void
drop_hidden(struct ref_search *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct found_ref *ref = &s->found[i];
		const struct found_ref *before = kept == 0 ? NULL : &s->found[kept - 1];
		if (before == NULL || strcmp(before->name, ref->name) != 0) {
			s->found[kept++] = *ref;
			continue;
		}
		if (before->packed == ref->packed
		    && CATCH(ref_twice, oid_compare(&before->id, &ref->id) != 0))
			repository_problem(s->r, s->arena, assay_span_str(ref->name), "it is there twice, with two ids");
	}
	s->count = kept;
}

static int
compare_name(const void *name, const void *ref)
{
	return strcmp(name, ((const struct found_ref *)ref)->name);
}

static const struct found_ref *
find_found(const struct ref_search *s, const char *name)
{
	return s->count == 0 ? NULL : bsearch(name, s->found, s->count, sizeof(s->found[0]), compare_name);
}

/* Follows a ref to its id; NULL when it leads nowhere or is broken. A loop is noted. */
static const struct found_ref *
follow(struct ref_search *s, const struct found_ref *ref)
{
	const struct found_ref *at = ref;
	for (unsigned depth = 0; depth < SYMREF_DEPTH_MAX && at != NULL && at->target != NULL; depth++)
		at = find_found(s, at->target);
	const bool deeper = at != NULL && at->target != NULL;
	if (CATCH(symref_depth, deeper))
		repository_problem(s->r, s->arena, assay_span_str(ref->name),
		    "it is a symbolic ref that leads through too many others, or to itself");
	return at == NULL || at->broken || deeper ? NULL : at;
}

static int
compare_problems(const void *a, const void *b)
{
	const struct repository_problem *x = a;
	const struct repository_problem *y = b;
	int order = strcmp(x->what, y->what);
	return order != 0 ? order : strcmp(x->why, y->why);
}

static enum assay_status
keep_refs(struct ref_search *s, struct assay_error *err)
{
	struct repository *r = s->r;
	r->refs = arena_array(s->arena, s->count + 1, sizeof(r->refs[0]));
	if (r->refs == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s->count; i++) {
		const struct found_ref *end = follow(s, &s->found[i]);
		if (end == NULL)
			continue; /* broken and noted, or leads to a branch without commits */
		r->refs[r->ref_count++]
		    = (struct repository_ref) { .name = s->found[i].name, .id = end->id };
	}
	qsort(r->problems, r->problem_count, sizeof(r->problems[0]), compare_problems);
	return ASSAY_OK;
}

enum assay_status
refs_read(struct repository *r, struct arena *arena, struct assay_error *err)
{
	CLEANUP(ref_search_done) struct ref_search s = { .r = r, .arena = arena,
		.text = BUF_INIT(REF_FILE_MAX), .name = BUF_INIT(PATH_TEXT_MAX) };
	s.linked = strcmp(r->git_dir, r->common_dir) != 0;
	TRY(search_loose(&s, r->common_dir, err));
	s.own = true;
	if (s.linked)
		TRY(search_loose(&s, r->git_dir, err));
	TRY(search_packed(&s, err));
	if (s.count > 0)
		qsort(s.found, s.count, sizeof(s.found[0]), compare_found);
	drop_hidden(&s);
	return keep_refs(&s, err);
}

static int
compare_ref_name(const void *name, const void *ref)
{
	return strcmp(name, ((const struct repository_ref *)ref)->name);
}

const struct repository_ref *
repository_find_ref(const struct repository *r, const char *name)
{
	return r->ref_count == 0
	    ? NULL
	    : bsearch(name, r->refs, r->ref_count, sizeof(r->refs[0]), compare_ref_name);
}
