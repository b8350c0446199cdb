/* SPDX-License-Identifier: Apache-2.0 */
#include "object_files.h"

#include <base/catch.h>
#include <base/folder.h>
#include <base/text.h>
#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>

/* A link counts as what it leads to. What can't be looked at, git can't open either, and others tell. */
static bool
is_strange(int folder, const struct dirent *e)
{
	struct stat st;
	if (e->d_type == DT_REG || e->d_type == DT_DIR)
		return false;
	return fstatat(folder, e->d_name, &st, 0) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum assay_status
check_folder(int objects, const char *name, struct assay_error *err)
{
	CLEANUP(close_folder) DIR *d = folder_open(objects, name, 0);
	const struct dirent *e;
	while (d != NULL && (e = folder_next(d)) != NULL) {
		if (!CATCH(object_file_strange, is_strange(dirfd(d), e)))
			continue;
		CLEANUP(buf_done) struct buf shown = BUF_INIT(PATH_TEXT_MAX);
		text_escape(&shown, assay_span_str(e->d_name), false);
		assay_fail(err, ASSAY_E_UNSUPPORTED,
		    "'objects/%s/%s' is neither a file nor a folder: git would wait for it", name, buf_str(&shown));
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "remove it, and find out who put it there");
	}
	return ASSAY_OK;
}

enum assay_status
object_files_check(const struct alternates *a, struct assay_error *err)
{
	static const char *const parts[] = { "pack", "info", "info/commit-graphs" };
	char name[8];
	for (size_t i = 0; i < a->count; i++) {
		CLEANUP(close_fd) int fd = open(a->folders[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			TRY(check_folder(fd, parts[k], err));
		for (unsigned n = 0; n < 256; n++) {
			text_put(name, sizeof(name), "%02x", n);
			TRY(check_folder(fd, name, err));
		}
	}
	return ASSAY_OK;
}

bool
object_files_is_pack(int folder, const char *name)
{
	char pack[PATH_TEXT_MAX];
	struct stat st;
	const size_t len = strlen(name);
	if (len <= 4 || strcmp(name + len - 4, ".idx") != 0)
		return false;
	text_put(pack, sizeof(pack), "%.*s.pack", (int)(len - 4), name);
	return fstatat(folder, pack, &st, 0) == 0;
}

uint32_t
object_files_pack_count(int folder, const char *name)
{
	static const unsigned char magic[4] = { 0xff, 't', 'O', 'c' };
	unsigned char head[4], last[4];
	CLEANUP(close_fd) int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || pread(fd, head, sizeof(head), 0) != sizeof(head))
		return 0;
	const off_t fan = memcmp(head, magic, sizeof(magic)) == 0 ? 8 : 0;
	if (pread(fd, last, sizeof(last), fan + (off_t)255 * 4) != sizeof(last))
		return 0;
	return (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 | (uint32_t)last[2] << 8 | last[3];
}

bool
object_files_is_loose(const char *name, enum oid_algo algo)
{
	const size_t len = strlen(name);
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)name[i]))
			return false;
	return len == 2 * oid_size(algo) - 2;
}
