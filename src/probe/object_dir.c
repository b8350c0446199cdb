/* SPDX-License-Identifier: Apache-2.0 */
#include "object_dir.h"
#include "object_files.h"

#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

/* Folders older than this, in seconds, are nobody's any more: no git runs for half as long. */
#define SWEEP_SECONDS 86400
#define SWEEP_MAX 100000
#define READABLE_MAX (3 * ALTERNATES_MAX + 4)

/*
 * All that git is told. No configuration but these lines is read, no promisor can be asked, no protocol is
 * allowed, no replace ref is believed, no index over several packs or commits either.
 */
static const char *const environment[] = {
	"PATH=/usr/bin:/bin",
	"HOME=/nonexistent",
	"LC_ALL=C",
	"GIT_NO_LAZY_FETCH=1",
	"GIT_ALLOW_PROTOCOL=none",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_CONFIG_NOSYSTEM=1",
	"GIT_CONFIG_SYSTEM=/dev/null",
	"GIT_CONFIG_GLOBAL=/dev/null",
	"GIT_ATTR_NOSYSTEM=1",
	"GIT_NO_REPLACE_OBJECTS=1",
	"GIT_OPTIONAL_LOCKS=0",
	"GIT_GRAFT_FILE=/dev/null",
	"GIT_CONFIG_COUNT=4",
	"GIT_CONFIG_KEY_0=core.commitGraph",
	"GIT_CONFIG_VALUE_0=false",
	"GIT_CONFIG_KEY_1=core.multiPackIndex",
	"GIT_CONFIG_VALUE_1=false",
	"GIT_CONFIG_KEY_2=core.useReplaceRefs",
	"GIT_CONFIG_VALUE_2=false",
	"GIT_CONFIG_KEY_3=core.deltaBaseCacheLimit",
	"GIT_CONFIG_VALUE_3=48m",
};
#define ENVIRONMENT_COUNT (sizeof(environment) / sizeof(environment[0]))

const char *const object_dir_places[] = { "/tmp", "/var/tmp", "/dev/shm", NULL };

static void
free_list(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

static void
remove_files(const char *path)
{
	static const char *const files[] = { "objects/info/alternates", "config", "HEAD" };
	static const char *const folders[] = { "objects/info", "objects/pack", "objects", "refs" };
	CLEANUP(close_fd) int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (size_t i = 0; fd >= 0 && i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(fd, files[i], 0);
	for (unsigned i = 0; fd >= 0 && i < 256; i++) {
		char link[16];
		text_put(link, sizeof(link), "objects/%02x", i);
		unlinkat(fd, link, 0);
	}
	for (size_t i = 0; fd >= 0 && i < sizeof(folders) / sizeof(folders[0]); i++)
		unlinkat(fd, folders[i], AT_REMOVEDIR);
	rmdir(path);
}

void
object_dir_done(struct object_dir *d)
{
	if (d->path[0] != '\0')
		remove_files(d->path);
	d->path[0] = '\0';
	free_list(d->readable);
	free_list(d->env);
	d->readable = d->env = NULL;
	alternates_done(&d->alternates);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to start git");
}

/* Takes away what a run that was killed left behind: our own folders that are too old to be in use. */
static void
sweep(const char *place)
{
	static const char prefix[] = OBJECT_DIR_NAME;
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, place, 0);
	const time_t now = time(NULL);
	const struct dirent *e;
	for (unsigned i = 0; d != NULL && i < SWEEP_MAX && (e = folder_next(d)) != NULL; i++) {
		struct stat st;
		if (strlen(e->d_name) != sizeof(prefix) - 1 + 6
		    || strncmp(e->d_name, prefix, sizeof(prefix) - 1) != 0
		    || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode)
		    || st.st_uid != geteuid() || now - st.st_mtime < SWEEP_SECONDS)
			continue;
		char path[512];
		text_put(path, sizeof(path), "%s/%s", place, e->d_name);
		remove_files(path);
	}
}

static enum assay_status
make_temporary(struct object_dir *d, struct assay_error *err)
{
	for (size_t i = 0; object_dir_places[i] != NULL; i++) {
		char path[sizeof(d->path)];
		sweep(object_dir_places[i]);
		text_put(path, sizeof(path), "%s/" OBJECT_DIR_NAME "XXXXXX", object_dir_places[i]);
		if (mkdtemp(path) == NULL)
			continue;
		memcpy(d->path, path, sizeof(path));
		return ASSAY_OK;
	}
	assay_fail(err, ASSAY_E_SYSTEM, "can't make a temporary folder in /tmp, /var/tmp or /dev/shm");
	return assay_error_todo(err, ASSAY_E_SYSTEM,
	    "make room there; assay reads objects through an empty repository of its own");
}

/* Quoted as git reads it back, so that a path may hold any byte. */
static void
add_quoted(struct buf *out, const char *path)
{
	buf_add_byte(out, '"');
	for (; *path != '\0'; path++) {
		unsigned char c = (unsigned char)*path;
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			buf_addf(out, "\\%03o", c);
		else
			buf_add_byte(out, c);
	}
	buf_add_str(out, "\"\n");
}

static enum assay_status
write_text(int dirfd, const char *name, struct assay_span text, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't write a temporary file: %s", text_errno(errno));
	return file_write_all(fd, text, err);
}

/* Links to the folders of loose objects stand for them, so that git finds no pack to prefer. */
static enum assay_status
link_loose(const char *objects, int fd, struct assay_error *err)
{
	for (unsigned i = 0; i < 256; i++) {
		char link[16];
		CLEANUP(buf_done) struct buf target = BUF_INIT(PATH_TEXT_MAX);
		text_put(link, sizeof(link), "objects/%02x", i);
		buf_addf(&target, "%s/%02x", objects, i);
		TRY(buf_status(&target, "the path of the repository", err));
		if (access(buf_str(&target), F_OK) == 0 && symlinkat(buf_str(&target), fd, link) != 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't make a temporary link: %s", text_errno(errno));
	}
	return ASSAY_OK;
}

static enum assay_status
fill(const struct repository *r, const struct object_dir *d, size_t loose, struct assay_error *err)
{
	static const char *const folders[] = { "refs", "objects", "objects/info", "objects/pack" };
	CLEANUP(close_fd) int fd = open(d->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (fd < 0 || mkdirat(fd, folders[i], 0700) != 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't make a temporary folder: %s",
			    text_errno(errno));
	const char *config = r->algo == OID_SHA256
	    ? "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
	    : "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
	TRY(write_text(fd, "config", assay_span_str(config), err));
	TRY(write_text(fd, "HEAD", assay_span_str("ref: refs/heads/none\n"), err));
	if (loose != OBJECT_DIR_ALL)
		return link_loose(d->alternates.folders[loose], fd, err);
	CLEANUP(buf_done) struct buf line = BUF_INIT((size_t)4 * PATH_TEXT_MAX);
	add_quoted(&line, d->alternates.folders[0]);
	TRY(buf_status(&line, "the path of the repository", err));
	return write_text(fd, "objects/info/alternates", buf_span(&line), err);
}

static enum assay_status
make_environment(struct object_dir *d, struct assay_error *err)
{
	d->env = calloc(ENVIRONMENT_COUNT + 2, sizeof(char *));
	if (d->env == NULL)
		return no_memory(err);
	for (size_t i = 0; i < ENVIRONMENT_COUNT; i++)
		if ((d->env[i] = strdup(environment[i])) == NULL)
			return no_memory(err);
	return asprintf(&d->env[ENVIRONMENT_COUNT], "GIT_DIR=%s", d->path) < 0 ? no_memory(err) : ASSAY_OK;
}

/* Folders of objects, and where their parts lie when these are links. */
static enum assay_status
make_readable(struct object_dir *d, struct assay_error *err)
{
	static const char *const parts[] = { "pack", "info" };
	size_t n = 0;
	d->readable = calloc(READABLE_MAX, sizeof(char *));
	if (d->readable == NULL || (d->readable[n++] = strdup(d->path)) == NULL)
		return no_memory(err);
	for (size_t i = 0; i < d->alternates.count && n + 3 < READABLE_MAX; i++) {
		const char *folder = d->alternates.folders[i];
		if ((d->readable[n++] = strdup(folder)) == NULL)
			return no_memory(err);
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
			CLEANUP(free_text) char *part = NULL;
			if (asprintf(&part, "%s/%s", folder, parts[k]) < 0) {
				part = NULL;
				return no_memory(err);
			}
			CLEANUP(free_text) char *real = realpath(part, NULL);
			if (real != NULL && strcmp(real, part) != 0)
				d->readable[n++] = steal(&real);
		}
	}
	return ASSAY_OK;
}

enum assay_status
object_dir_make(const struct repository *r, size_t loose, struct object_dir *ret_dir,
    struct assay_error *err)
{
	CLEANUP(object_dir_done) struct object_dir d = { .path = "" };
	TRY(alternates_read(r, &d.alternates, err));
	if (loose != OBJECT_DIR_ALL && loose >= d.alternates.count)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "there is no alternate %zu", loose);
	TRY(object_files_check(&d.alternates, err));
	TRY(make_temporary(&d, err));
	TRY(fill(r, &d, loose, err));
	TRY(make_environment(&d, err));
	TRY(make_readable(&d, err));
	*ret_dir = d;
	d = (struct object_dir) { .path = "" };
	return ASSAY_OK;
}
