/* SPDX-License-Identifier: Apache-2.0 */
#include "inside.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <base/unconst.h>
#include <stdlib.h>
#include <zlib.h>

#define INFLATE_STEP 65536u

#define CODE(id, code) (code),
const char *
seal_inside_code(enum seal_inside_matter matter)
{
	static const char *const names[SEAL_INSIDE_MATTER_COUNT] = { SEAL_INSIDE_MATTERS(CODE) };
	return names[matter];
}

/* Kinds that hold files, and who reads them; NULL: nobody here. The first that a file is counts, but each that isn't read is told. */
static const struct {
	enum seal_kind kind;
	enum assay_status (*read)(struct inside *w, const struct within *a, struct assay_error *err);
} readers[] = {
	{ SEAL_ZIP, inside_zip }, { SEAL_TAR, inside_tar }, { SEAL_GZIP, inside_gzip }, { SEAL_AR, inside_ar }, { SEAL_CPIO, inside_cpio },
	{ SEAL_XZ, NULL }, { SEAL_ZSTD, NULL }, { SEAL_BZIP2, NULL }, { SEAL_LZMA, NULL }, { SEAL_LZ4, NULL }, { SEAL_LZOP, NULL },
	{ SEAL_SEVEN_ZIP, NULL }, { SEAL_RAR, NULL }, { SEAL_CAB, NULL }, { SEAL_XAR, NULL }, { SEAL_RPM, NULL }, { SEAL_SQUASHFS, NULL },
	{ SEAL_EXT, NULL }, { SEAL_CRAMFS, NULL }, { SEAL_EROFS, NULL }, { SEAL_ROMFS, NULL }, { SEAL_JFFS2, NULL }, { SEAL_UBI, NULL },
	{ SEAL_UBIFS, NULL }, { SEAL_FAT, NULL }, { SEAL_DISK, NULL }, { SEAL_ISO, NULL }, { SEAL_FIT_IMAGE, NULL },
	{ SEAL_UBOOT_IMAGE, NULL }, { SEAL_ANDROID_BOOT, NULL },
};
#define READERS (sizeof readers / sizeof readers[0])

bool
seal_is_archive(const struct seal_looked *looked)
{
	for (size_t i = 0; i < READERS; i++) {
		if (looked->kinds[readers[i].kind] >= SEAL_BY_BYTES)
			return true;
	}
	return false;
}

bool
seal_leads_out(const char *path, const char *target)
{
	size_t depth = 0;
	if (target[0] == '/')
		return true;
	for (const char *p = path; *p != '\0'; p++)
		depth += *p == '/';
	for (const char *p = target; *p != '\0';) {
		const size_t len = strcspn(p, "/");
		if (len == 2 && p[0] == '.' && p[1] == '.') {
			if (depth == 0)
				return true;
			depth--;
		} else if (len > 0 && !(len == 1 && p[0] == '.')) {
			depth++;
		}
		p += len;
		while (*p == '/')
			p++;
	}
	return false;
}

enum assay_status
inside_problem(struct inside *w, enum seal_inside_matter matter, const char *path, struct assay_error *err)
{
	struct seal_inside_problem *p = arena_alloc(w->arena, sizeof *p);
	if (p == NULL)
		return arena_full(err);
	*p = (struct seal_inside_problem){ .matter = matter, .path = path };
	*w->problem_end = p;
	w->problem_end = &p->next;
	w->out->problem_count++;
	return ASSAY_OK;
}

enum assay_status
inside_inflate(struct inside *w, struct assay_span packed, bool raw, struct buf *out, size_t *ret_used)
{
	z_stream z = { .next_in = unconst(packed.data), .avail_in = 0 };
	unsigned char *chunk = malloc(INFLATE_STEP);
	size_t fed = 0;
	int said = Z_OK;
	if (chunk == NULL || inflateInit2(&z, raw ? -15 : 15 + 16) != Z_OK) {
		free(chunk);
		return ASSAY_E_MEMORY;
	}
	while (said == Z_OK && out->status == ASSAY_OK && w->bytes_left > 0) {
		if (z.avail_in == 0) {
			z.avail_in = (uInt)(packed.len - fed < INFLATE_STEP ? packed.len - fed : INFLATE_STEP);
			fed += z.avail_in;
		}
		z.next_out = chunk;
		z.avail_out = (uInt)(w->bytes_left < INFLATE_STEP ? w->bytes_left : INFLATE_STEP);
		said = inflate(&z, Z_NO_FLUSH);
		const size_t came = (size_t)(z.next_out - chunk);
		buf_add(out, chunk, came);
		w->bytes_left -= came;
	}
	*ret_used = fed - z.avail_in;
	(void)inflateEnd(&z);
	free(chunk);
	if (said == Z_STREAM_END)
		return out->status;
	return out->status != ASSAY_OK ? out->status : said == Z_OK ? ASSAY_E_LIMIT : said == Z_MEM_ERROR ? ASSAY_E_MEMORY : ASSAY_E_FORMAT;
}

static enum assay_status
look_into(struct inside *w, const struct seal_file *file, const struct seal_looked *looked, struct assay_error *err)
{
	const struct within a = { file->path, file->bytes, file->bytes.len == file->size };
	for (size_t i = 0; i < READERS; i++) {
		if (looked->kinds[readers[i].kind] < SEAL_BY_BYTES)
			continue;
		/* What a script carries begins where it alone knows. A zip is found from its end. */
		const bool lost = looked->kinds[SEAL_SCRIPT] != SEAL_NOT && readers[i].kind != SEAL_ZIP;
		if (readers[i].read == NULL || lost) {
			TRY(inside_problem(w, SEAL_INSIDE_NOT_OPENED, file->path, err));
			continue;
		}
		if (w->depth == SEAL_INSIDE_DEPTH_MAX) {
			TRY(inside_problem(w, SEAL_INSIDE_TOO_DEEP, file->path, err));
			continue;
		}
		w->depth++;
		const enum assay_status status = readers[i].read(w, &a, err);
		w->depth--;
		TRY(status);
	}
	return ASSAY_OK;
}

/* Programs of other systems take a backslash for a slash, and a letter with a colon for a disk. */
static bool
has_parent(const char *name)
{
	for (const char *p = name; *p != '\0';) {
		const size_t len = strcspn(p, "/\\");
		if (len == 2 && p[0] == '.' && p[1] == '.')
			return true;
		p += len;
		p += strspn(p, "/\\");
	}
	return false;
}

static bool
is_absolute(const char *name)
{
	return name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':');
}

static enum assay_status
name_problems(struct inside *w, const char *path, const struct seal_file *m, struct assay_error *err)
{
	const char *name = m->path;
	if (has_parent(name))
		TRY(inside_problem(w, SEAL_INSIDE_LEADS_OUT, path, err));
	if (is_absolute(name))
		TRY(inside_problem(w, SEAL_INSIDE_ABSOLUTE, path, err));
	if (m->target != NULL && seal_leads_out(name, m->target))
		TRY(inside_problem(w, SEAL_INSIDE_LINK_OUT, path, err));
	return ASSAY_OK;
}

enum assay_status
inside_member(struct inside *w, const struct within *a, const struct seal_file *member, bool *ret_more, struct assay_error *err)
{
	*ret_more = w->members_left > 0;
	if (w->members_left == 0) {
		if (!w->told_many)
			TRY(inside_problem(w, SEAL_INSIDE_TOO_MANY, a->path, err));
		w->told_many = true;
		return ASSAY_OK;
	}
	w->members_left--;
	struct seal_member *m = arena_alloc(w->arena, sizeof *m);
	const char *path = arena_printf(w->arena, "%s!%s", a->path, member->path);
	const char *target = member->target == NULL ? NULL : arena_str(w->arena, member->target);
	if (m == NULL || path == NULL || (target == NULL && member->target != NULL))
		return arena_full(err);
	*m = (struct seal_member){ .path = path, .type = member->type, .mode = member->mode, .size = member->size, .target = target };
	/* Told by its name in the archive; called by its path from then on. */
	TRY(seal_classify(member, w->arena, &m->looked, err));
	*w->member_end = m;
	w->member_end = &m->next;
	w->out->count++;
	TRY(name_problems(w, path, member, err));
	struct seal_file file = *member;
	file.path = path;
	return look_into(w, &file, &m->looked, err);
}

static int
by_path(const void *a, const void *b)
{
	const struct seal_member *const *x = a, *const *y = b;
	return strcmp((*x)->path, (*y)->path);
}

/* Of two members with one name, programs take the first or the last. */
static enum assay_status
find_twice(struct inside *w, struct assay_error *err)
{
	const struct seal_member **sorted = arena_array(w->arena, w->out->count + 1, sizeof *sorted);
	size_t n = 0;
	if (sorted == NULL)
		return arena_full(err);
	for (const struct seal_member *m = w->out->members; m != NULL && n < w->out->count; m = m->next)
		sorted[n++] = m;
	qsort(sorted, n, sizeof(const struct seal_member *), by_path);
	for (size_t i = 1; i < n; i++) {
		const bool again = i > 1 && strcmp(sorted[i - 2]->path, sorted[i]->path) == 0;
		if (strcmp(sorted[i - 1]->path, sorted[i]->path) == 0 && !again)
			TRY(inside_problem(w, SEAL_INSIDE_TWICE, sorted[i]->path, err));
	}
	return ASSAY_OK;
}

enum assay_status
seal_inside(const struct seal_file *file, const struct seal_looked *looked, struct arena *arena, struct seal_inside *ret_inside,
    struct assay_error *err)
{
	struct seal_inside out = { .members = NULL };
	struct inside w = { .arena = arena, .out = &out, .member_end = &out.members, .problem_end = &out.problems,
		.bytes_left = SEAL_INSIDE_BYTES_MAX, .members_left = SEAL_INSIDE_MEMBERS_MAX };
	TRY(look_into(&w, file, looked, err));
	TRY(find_twice(&w, err));
	*ret_inside = out;
	return ASSAY_OK;
}
