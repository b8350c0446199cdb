/* SPDX-License-Identifier: Apache-2.0 */
/* What seal/classify.h and seal/archive.h see in a folder: one line an entry, a member, a problem. For tests and for the curious. */
#include <seal/archive.h>

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)1 << 30)
#define FILE_MAX ((size_t)1 << 30)

static void
show(const char *path, const struct seal_looked *looked)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(65536);
	text_escape(&line, assay_span_str(path), false);
	const char *blank = ":";
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (looked->kinds[i] == SEAL_NOT)
			continue;
		buf_addf(&line, "%s %s", blank, seal_kinds[i].name);
		if (looked->kinds[i] != SEAL_BY_BYTES)
			buf_addf(&line, " (%s)", seal_known_name(looked->kinds[i]));
		blank = ",";
	}
	for (unsigned i = 0; i < SEAL_MARK_COUNT; i++) {
		if (looked->marks[i])
			buf_addf(&line, " [%s]", seal_mark_name((enum seal_mark)i));
	}
	(void)puts(buf_str(&line));
}

static int
look_file(const char *folder, const char *path, const struct stat *st)
{
	static const struct {
		mode_t format;
		enum seal_type type;
	} types[] = { { S_IFREG, SEAL_TYPE_FILE }, { S_IFDIR, SEAL_TYPE_FOLDER }, { S_IFLNK, SEAL_TYPE_LINK }, { S_IFIFO, SEAL_TYPE_FIFO },
		{ S_IFSOCK, SEAL_TYPE_SOCKET }, { S_IFBLK, SEAL_TYPE_DEVICE }, { S_IFCHR, SEAL_TYPE_DEVICE } };
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(FILE_MAX);
	struct assay_error err = { 0 };
	char full[8192], target[4096] = "";
	struct seal_file file = { .path = path, .mode = (uint32_t)st->st_mode & 07777 };
	text_put(full, sizeof full, "%s/%s", folder, path);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if ((st->st_mode & S_IFMT) == types[i].format)
			file.type = types[i].type;
	}
	if (file.type == SEAL_TYPE_LINK && readlink(full, target, sizeof target - 1) > 0)
		file.target = target;
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK || (file.type == SEAL_TYPE_FILE && file_read(AT_FDCWD, full, &bytes, &err) != ASSAY_OK)) {
		(void)fprintf(stderr, "%s: %s\n", full, err.what);
		return 1;
	}
	file.bytes = buf_span(&bytes);
	file.size = bytes.len;
	struct seal_looked looked;
	struct seal_inside in;
	if (seal_classify(&file, arena, &looked, &err) != ASSAY_OK || seal_inside(&file, &looked, arena, &in, &err) != ASSAY_OK) {
		(void)fprintf(stderr, "%s: %s\n", full, err.what);
		return 1;
	}
	show(path, &looked);
	for (const struct seal_member *m = in.members; m != NULL; m = m->next)
		show(m->path, &m->looked);
	for (const struct seal_inside_problem *p = in.problems; p != NULL; p = p->next)
		(void)printf("%s: %s\n", p->path, seal_inside_code(p->matter));
	return 0;
}

static int
walk(const char *folder, const char *below)
{
	char full[8192], path[8192];
	struct dirent **names = NULL;
	int bad = 0;
	text_put(full, sizeof full, "%s/%s", folder, below);
	const int count = scandir(full, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		struct stat st;
		text_put(path, sizeof path, "%s%s%s", below, below[0] == '\0' ? "" : "/", names[i]->d_name);
		text_put(full, sizeof full, "%s/%s", folder, path);
		const bool self = strcmp(names[i]->d_name, ".") == 0 || strcmp(names[i]->d_name, "..") == 0;
		free(names[i]);
		if (self)
			continue;
		if (lstat(full, &st) != 0) {
			(void)fprintf(stderr, "%s: %s\n", full, text_errno(errno));
			bad = 1;
			continue;
		}
		bad |= look_file(folder, path, &st);
		if (S_ISDIR(st.st_mode))
			bad |= walk(folder, path);
	}
	free(names);
	return bad | (count < 0);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fputs("usage: release_look FOLDER\n", stderr);
		return 2;
	}
	return walk(argv[1], "");
}
