/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine as it was found before. It is taken again when each file that it is made of has the size, inode and times that it had, and
 * so have the folders and the linker's cache, where others could come from: hashing compilers takes longer than most checks do.
 */
#include "table.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <errno.h>
#include <ledger/cache.h>
#include <limits.h>
#include <sys/stat.h>

#define NAME "discovered"
#define TEXT_MAX (4u << 20)
#define STAMP_MAX 200
#define PARTS_MAX 600

/* "" for what isn't there: that it comes is a change, too. */
static void
stamp_of(const char *path, char ret_stamp[STAMP_MAX])
{
	struct stat st;
	ret_stamp[0] = '\0';
	if (stat(path, &st) == 0)
		text_put(ret_stamp, STAMP_MAX, "%ju %jd %jd.%ld %jd.%ld", (uintmax_t)st.st_ino, (intmax_t)st.st_size,
		    (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

/* What a found engine stands under: the program that was asked, and the files that say where its libraries are. */
static enum assay_status
key_of(const struct table_row *row, const char *path, struct buf *key, struct assay_error *err)
{
	static const char *const watched[] = { "/etc/ld.so.cache", "/usr/bin/ldd", "/usr/bin/bwrap" };
	char stamp[STAMP_MAX];
	unsigned char digest[ASSAY_SHA256_SIZE];
	CLEANUP(buf_done) struct buf all = BUF_INIT(TEXT_MAX);
	stamp_of(path, stamp);
	buf_addf(&all, "%s\n%s\n%s\n", row->name, path, stamp);
	for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
		stamp_of(watched[i], stamp);
		buf_addf(&all, "%s %s\n", watched[i], stamp);
	}
	for (size_t i = 0; i < TABLE_WORDS_MAX && row->folders[i] != NULL; i++) {
		stamp_of(row->folders[i], stamp);
		buf_addf(&all, "%s %s\n", row->folders[i], stamp);
	}
	TRY(buf_status(&all, "what an engine stands under", err));
	TRY(assay_sha256(buf_span(&all), digest));
	buf_add(key, digest, sizeof digest);
	return buf_status(key, "what an engine stands under", err);
}

static const char *
text_of(const json_t *o, const char *key, struct arena *arena)
{
	const json_t *value = json_object_get(o, key);
	return json_is_string(value) ? arena_str(arena, json_string_value(value)) : NULL;
}

/* False when a part has changed, or the record isn't what this version writes. */
static bool
take_parts(const json_t *list, struct arena *arena, struct engine *e)
{
	const size_t count = json_array_size(list);
	struct engine_part *parts = arena_array(arena, count + 1, sizeof *parts);
	if (!json_is_array(list) || parts == NULL || count == 0 || count > PARTS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		const json_t *part = json_array_get(list, i);
		const char *sha256 = text_of(part, "sha256", arena), *was = text_of(part, "stamp", arena);
		char now[STAMP_MAX];
		parts[i].path = text_of(part, "path", arena);
		if (parts[i].path == NULL || sha256 == NULL || was == NULL || strlen(sha256) != sizeof parts[i].sha256 - 1)
			return false;
		memcpy(parts[i].sha256, sha256, sizeof parts[i].sha256);
		stamp_of(parts[i].path, now);
		if (now[0] == '\0' || strcmp(now, was) != 0)
			return false;
	}
	e->parts = parts;
	e->part_count = count;
	return true;
}

bool
discovered_recall(struct engine_server *s, const struct table_row *row, struct arena *arena, struct engine *e)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	CLEANUP(buf_done) struct buf key = BUF_INIT(CACHE_KEY_MAX);
	CLEANUP(canon_unref) json_t *root = NULL;
	struct assay_span bytes;
	if (s->cache == NULL || key_of(row, e->path, &key, NULL) != ASSAY_OK
	    || cache_get(s->cache, NAME, buf_span(&key), &view, &bytes, NULL) != ASSAY_OK
	    || canon_read(bytes, NAME, &root, NULL) != ASSAY_OK)
		return false;
	const char *version = text_of(root, "version", arena), *digest = text_of(root, "digest", arena);
	if (version == NULL || digest == NULL || strlen(digest) != sizeof e->digest - 1
	    || !take_parts(json_object_get(root, "parts"), arena, e))
		return false;
	e->version = version;
	memcpy(e->digest, digest, sizeof e->digest);
	return true;
}

void
discovered_remember(struct engine_server *s, const struct table_row *row, const struct engine *e)
{
	CLEANUP(buf_done) struct buf key = BUF_INIT(CACHE_KEY_MAX), text = BUF_INIT(TEXT_MAX);
	CLEANUP(canon_unref) json_t *root = json_object();
	json_t *parts = json_array();
	char stamp[STAMP_MAX];
	if (s->cache == NULL || e->why != NULL || key_of(row, e->path, &key, NULL) != ASSAY_OK)
		return;
	for (size_t i = 0; i < e->part_count; i++) {
		stamp_of(e->parts[i].path, stamp);
		(void)json_array_append_new(parts, json_pack("{s:s, s:s, s:s}", "path", e->parts[i].path, "sha256", e->parts[i].sha256,
		    "stamp", stamp));
	}
	(void)json_object_set_new(root, "parts", parts);
	(void)json_object_set_new(root, "version", json_string(e->version));
	(void)json_object_set_new(root, "digest", json_string(e->digest));
	/* A cache that can't be written to is none. */
	enum assay_status status = canon_write(root, &text, NULL);
	if (status == ASSAY_OK && json_array_size(parts) == e->part_count)
		status = cache_put(s->cache, NAME, buf_span(&key), buf_span(&text), NULL);
	(void)status;
}

void
engine_stamp(const struct engine_server *server, struct buf *out)
{
	char stamp[STAMP_MAX];
	for (size_t i = 0; i < table_count; i++) {
		const char *program = table_program_name(&table_rows[i]);
		char path[PATH_MAX];
		if (program == NULL || snprintf(path, sizeof path, "/usr/bin/%s", program) >= (int)sizeof path)
			continue;
		stamp_of(path, stamp);
		buf_addf(out, "%s %s\n", path, stamp);
	}
	stamp_of("/usr/bin/bwrap", stamp);
	buf_addf(out, "%s %s\n", stamp, engine_cage_name(engine_server_cage(server)));
}
