/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"
#include "links.h"

#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

void
free_text(char **text)
{
	free(*text);
	*text = NULL;
}

void
repository_problem(struct repository *r, struct arena *arena, struct assay_span what,
    const char *why)
{
	r->problem_total++;
	if (r->problem_count >= REPOSITORY_PROBLEMS_MAX)
		return;
	CLEANUP(buf_done) struct buf shown = BUF_INIT(PATH_TEXT_MAX);
	text_escape(&shown, what, false);
	struct repository_problem *p = &r->problems[r->problem_count];
	p->what = arena_copy(arena, buf_span(&shown));
	p->why = arena_str(arena, why);
	if (p->what != NULL && p->why != NULL)
		r->problem_count++;
}

enum assay_status
repository_read(const char *dir, const char *name, struct buf *out, bool *ret_found,
    struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", dir, text_errno(errno));
	enum assay_status s = file_read(fd, name, out, err);
	*ret_found = s == ASSAY_OK;
	if (s == ASSAY_E_NOT_FOUND && err != NULL)
		assay_error_clear(err);
	return s == ASSAY_E_NOT_FOUND ? ASSAY_OK : s;
}

static bool
is_folder(const char *dir, const char *name)
{
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	return fd >= 0 && fstatat(fd, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static bool
exists(const char *dir, const char *name)
{
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	return fd >= 0 && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* As git tells a repository from another folder. */
static bool
is_git_dir(const char *dir)
{
	return exists(dir, "HEAD")
	    && (exists(dir, "commondir") || (is_folder(dir, "objects") && is_folder(dir, "refs")));
}

/* Resolves path, relative to base unless absolute, into the arena. */
static enum assay_status
resolve(const char *base, struct assay_span path, struct arena *arena, const char **ret_path,
    struct assay_error *err)
{
	if (path.len == 0 || memchr(path.data, 0, path.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "a path in the repository at '%s' is malformed",
		    base);
	const char *text = arena_copy(arena, path);
	if (text != NULL && path.data[0] != '/')
		text = arena_printf(arena, "%s/%s", base, text);
	if (text == NULL)
		return arena_full(err);
	CLEANUP(free_text) char *real = realpath(text, NULL);
	if (real == NULL)
		return assay_fail(err, errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM,
		    "can't open '%s': %s", text, text_errno(errno));
	*ret_path = arena_str(arena, real);
	return *ret_path == NULL ? arena_full(err) : ASSAY_OK;
}

static struct assay_span
without_line_ends(struct assay_span s)
{
	while (s.len > 0 && (s.data[s.len - 1] == '\n' || s.data[s.len - 1] == '\r'))
		s.len--;
	return s;
}

/* ".git" is a file in worktrees and submodules: "gitdir: PATH". */
static enum assay_status
follow_git_file(const char *dir, struct arena *arena, const char **ret_git_dir,
    struct assay_error *err)
{
	static const char prefix[] = "gitdir: ";
	const size_t prefix_len = sizeof(prefix) - 1;
	CLEANUP(buf_done) struct buf text = BUF_INIT(PATH_TEXT_MAX);
	bool found;
	TRY(repository_read(dir, ".git", &text, &found, err));
	struct assay_span s = without_line_ends(buf_span(&text));
	if (!found || s.len <= prefix_len || memcmp(s.data, prefix, prefix_len) != 0)
		return assay_fail(err, ASSAY_E_FORMAT,
		    "the file '.git' in '%s' does not say 'gitdir: PATH'", dir);
	s.data += prefix_len;
	s.len -= prefix_len;
	const char *git_dir;
	TRY(resolve(dir, s, arena, &git_dir, err));
	if (!is_git_dir(git_dir))
		return assay_fail(err, ASSAY_E_FORMAT, "'%s', which '.git' in '%s' names, is not a repository",
		    git_dir, dir);
	*ret_git_dir = git_dir;
	return ASSAY_OK;
}

/* Looks for a repository in dir alone; *ret_found false: go on above it. */
static enum assay_status
look_in(struct repository *r, const char *dir, struct arena *arena, bool *ret_found,
    struct assay_error *err)
{
	*ret_found = true;
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	if (fd >= 0 && fstatat(fd, ".git", &st, 0) == 0) {
		r->work_tree = dir;
		if (!S_ISDIR(st.st_mode))
			return follow_git_file(dir, arena, &r->git_dir, err);
		TRY(resolve(dir, assay_span_str(".git"), arena, &r->git_dir, err));
		if (is_git_dir(r->git_dir))
			return ASSAY_OK;
		assay_fail(err, ASSAY_E_FORMAT,
		    "'.git' in '%s' is not a repository: HEAD, objects or refs is missing or out of reach", dir);
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "make it readable, or clone the repository anew");
	}
	*ret_found = is_git_dir(dir);
	if (!*ret_found)
		return ASSAY_OK;
	r->git_dir = dir;
	const char *base = strrchr(dir, '/');
	if (base != NULL && base != dir && strcmp(base, "/.git") == 0)
		r->work_tree = arena_copy(arena,
		    (struct assay_span) { (const unsigned char *)dir, (size_t)(base - dir) });
	return ASSAY_OK;
}

static enum assay_status
discover(struct repository *r, const char *path, struct arena *arena, struct assay_error *err)
{
	TRY(resolve(".", assay_span_str(path), arena, &r->root, err));
	const char *dir = r->root;
	for (;;) {
		bool found;
		TRY(look_in(r, dir, arena, &found, err));
		if (found)
			return ASSAY_OK;
		const char *slash = strrchr(dir, '/');
		if (slash == NULL || dir[1] == '\0')
			break;
		size_t len = slash == dir ? 1 : (size_t)(slash - dir);
		dir = arena_copy(arena, (struct assay_span) { (const unsigned char *)dir, len });
		if (dir == NULL)
			return arena_full(err);
	}
	assay_fail(err, ASSAY_E_NOT_FOUND, "no git repository in '%s' or above it", r->root);
	return assay_error_todo(err, ASSAY_E_NOT_FOUND,
	    "name the folder of a clone, or run 'git init' there first");
}

static enum assay_status
find_common_dir(struct repository *r, struct arena *arena, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PATH_TEXT_MAX);
	bool found;
	TRY(repository_read(r->git_dir, "commondir", &text, &found, err));
	r->common_dir = r->git_dir;
	if (found)
		TRY(resolve(r->git_dir, without_line_ends(buf_span(&text)), arena, &r->common_dir, err));
	if (!is_folder(r->common_dir, "objects"))
		return assay_fail(err, ASSAY_E_FORMAT, "there is no folder 'objects' in '%s'",
		    r->common_dir);
	return ASSAY_OK;
}

static enum assay_status
read_config(const char *dir, const char *name, struct arena *arena, struct gitconfig *config,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1u << 20);
	bool found;
	TRY(repository_read(dir, name, &text, &found, err));
	if (!found)
		return ASSAY_OK;
	return gitconfig_parse(buf_span(&text), name, arena, config, err);
}

const char *
repository_config(const struct repository *r, const char *key)
{
	for (size_t i = r->config.count; i-- > 0;)
		if (strcmp(r->config.entries[i].key, key) == 0)
			return r->config.entries[i].bare ? "true" : r->config.entries[i].value;
	return NULL;
}

/* Extensions that change nothing in what is read here. Others are refused by name. */
static bool
extension_known(const char *name)
{
	static const char *const known[] = { "noop", "noop-v1", "preciousobjects", "partialclone",
		"worktreeconfig", "objectformat", "refstorage", "compatobjectformat", "relativeworktrees" };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static enum assay_status
check_extension(struct repository *r, const struct gitconfig_entry *e, struct assay_error *err)
{
	const char *name = e->key + strlen("extensions.");
	if (!extension_known(name)) {
		assay_fail(err, ASSAY_E_UNSUPPORTED, "the repository uses the extension '%s'", name);
		return assay_error_at(err, ASSAY_E_UNSUPPORTED, "config", e->line, 0);
	}
	if (strcmp(name, "refstorage") == 0 && strcasecmp(e->value, "files") != 0) {
		assay_fail(err, ASSAY_E_UNSUPPORTED,
		    "the repository stores its refs as '%s'", e->value);
		assay_error_at(err, ASSAY_E_UNSUPPORTED, "config", e->line, 0);
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED,
		    "check a clone of it that stores refs as files "
		    "(git clone --ref-format=files)");
	}
	if (strcmp(name, "objectformat") == 0) {
		if (strcasecmp(e->value, "sha256") == 0)
			r->algo = OID_SHA256;
		else if (strcasecmp(e->value, "sha1") == 0)
			r->algo = OID_SHA1;
		else {
			assay_fail(err, ASSAY_E_UNSUPPORTED, "the repository's object format is '%s'",
			    e->value);
			return assay_error_at(err, ASSAY_E_UNSUPPORTED, "config", e->line, 0);
		}
	}
	return ASSAY_OK;
}

/* What the configuration says of the format; nothing else of it is believed. */
static enum assay_status
read_format(struct repository *r, struct arena *arena, struct assay_error *err)
{
	TRY(read_config(r->common_dir, "config", arena, &r->config, err));
	TRY(read_config(r->git_dir, "config.worktree", arena, &r->worktree_config, err));
	const char *version = repository_config(r, "core.repositoryformatversion");
	if (version != NULL && strcmp(version, "0") != 0 && strcmp(version, "1") != 0)
		return assay_fail(err, ASSAY_E_UNSUPPORTED,
		    "the repository's format version is '%s'; this version of assay reads 0 and 1", version);
	for (size_t i = 0; i < r->config.count; i++) {
		const struct gitconfig_entry *e = &r->config.entries[i];
		if (strncmp(e->key, "extensions.", strlen("extensions.")) == 0)
			TRY(check_extension(r, e, err));
	}
	const char *bare = repository_config(r, "core.bare");
	if (r->git_dir == r->common_dir && bare != NULL
	    && (strcasecmp(bare, "true") == 0 || strcasecmp(bare, "yes") == 0
	        || strcasecmp(bare, "on") == 0 || strcmp(bare, "1") == 0))
		r->work_tree = NULL;
	r->bare = r->work_tree == NULL;
	return ASSAY_OK;
}

static int
compare_oids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

static enum assay_status
read_shallow(struct repository *r, struct arena *arena, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(64u << 20);
	bool found;
	TRY(repository_read(r->common_dir, "shallow", &text, &found, err));
	const size_t hex = oid_size(r->algo) * 2;
	const size_t most = text.len / (hex + 1) + 1;
	r->shallow = arena_array(arena, most, sizeof(r->shallow[0]));
	if (r->shallow == NULL)
		return arena_full(err);
	unsigned line = 0;
	for (size_t at = 0; found && at < text.len;) {
		const unsigned char *start = text.data + at;
		const unsigned char *end = memchr(start, '\n', text.len - at);
		size_t len = end == NULL ? text.len - at : (size_t)(end - start);
		line++;
		if (len != 0
		    && oid_parse_any((struct assay_span) { start, len }, r->algo,
		           &r->shallow[r->shallow_count++])
		        != ASSAY_OK) {
			assay_fail(err, ASSAY_E_FORMAT, "the list of shallow commits holds a line that is no id");
			return assay_error_at(err, ASSAY_E_FORMAT, "shallow", line, 0);
		}
		at += len + 1;
	}
	qsort(r->shallow, r->shallow_count, sizeof(r->shallow[0]), compare_oids);
	return ASSAY_OK;
}

/* HEAD may be a link, as it was long ago: its text is then the ref. */
static enum assay_status
read_head_text(const struct repository *r, struct buf *text, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(r->git_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char link[REF_FILE_MAX];
	ssize_t n = fd < 0 ? -1 : readlinkat(fd, "HEAD", link, sizeof(link) - 1);
	if (n > 0 && (size_t)n < sizeof(link) - 1) {
		link[n] = '\0';
		buf_add_str(text, "ref: ");
		buf_add(text, link, (size_t)n);
		return buf_status(text, "HEAD", err);
	}
	bool found;
	TRY(repository_read(r->git_dir, "HEAD", text, &found, err));
	return found ? ASSAY_OK : assay_fail(err, ASSAY_E_FORMAT, "the repository has no HEAD");
}

static enum assay_status
read_head(struct repository *r, struct arena *arena, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(REF_FILE_MAX);
	TRY(read_head_text(r, &text, err));
	struct ref_value value;
	if (ref_value_parse(buf_span(&text), r->algo, &value) != ASSAY_OK) {
		assay_fail(err, ASSAY_E_FORMAT, "HEAD is neither an id nor 'ref: NAME'");
		return assay_error_at(err, ASSAY_E_FORMAT, "HEAD", 1, 0);
	}
	if (!value.symbolic) {
		r->head = value.id;
		r->has_head = true;
		return ASSAY_OK;
	}
	if (!ref_name_ok(value.target))
		return assay_fail(err, ASSAY_E_FORMAT, "HEAD names a ref that git does not permit");
	r->head_ref = arena_copy(arena, value.target);
	if (r->head_ref == NULL)
		return arena_full(err);
	const struct repository_ref *ref = repository_find_ref(r, r->head_ref);
	if (ref != NULL) {
		r->head = ref->id;
		r->has_head = true;
	}
	return ASSAY_OK;
}

enum assay_status
repository_open(const char *path, struct arena *arena, struct repository **ret_repository,
    struct assay_error *err)
{
	struct repository *r = arena_alloc(arena, sizeof(*r));
	if (r == NULL)
		return arena_full(err);
	r->problems = arena_array(arena, REPOSITORY_PROBLEMS_MAX, sizeof(r->problems[0]));
	if (r->problems == NULL)
		return arena_full(err);
	TRY(discover(r, path, arena, err));
	TRY(find_common_dir(r, arena, err));
	TRY(read_format(r, arena, err));
	TRY(read_shallow(r, arena, err));
	TRY(refs_read(r, arena, err));
	TRY(read_head(r, arena, err));
	*ret_repository = r;
	return ASSAY_OK;
}

const char *
repository_subject(const struct repository *r, struct arena *arena)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)4 * 8192);
	if (r->head_ref != NULL)
		text_escape(&text, assay_span_str(r->head_ref), false);
	else
		buf_add_str(&text, "detached HEAD");
	if (r->has_head) {
		char hex[2 * OID_MAX + 1];
		oid_hex(&r->head, r->algo, hex);
		buf_addf(&text, " at %s", hex);
	} else
		buf_add_str(&text, ", no commit yet");
	return arena_copy(arena, buf_span(&text));
}
