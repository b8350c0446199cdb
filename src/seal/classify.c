/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#define TEXT_HEAD 8192u

/* Formats of which a file is one as a whole: two of them in one file are read by two programs as two things. */
enum family { NONE, ELF, WINDOWS, MACH, INTERPRETED, JAVA, ARCHIVE, TARRED, PACKED, LIBRARY, IMAGE, TREE, LOADED, PICTURES, PAPERS, FAMILIES };
static const unsigned char families[SEAL_KIND_COUNT] = {
	[SEAL_ELF_EXECUTABLE] = ELF, [SEAL_ELF_LIBRARY] = ELF, [SEAL_ELF_OBJECT] = ELF, [SEAL_ELF_CORE] = ELF, [SEAL_ELF_OTHER] = ELF,
	[SEAL_PE] = WINDOWS, [SEAL_DOS] = WINDOWS, [SEAL_LINUX_KERNEL] = WINDOWS, [SEAL_MACH_O] = MACH, [SEAL_MACH_O_FAT] = MACH,
	[SEAL_SCRIPT] = INTERPRETED, [SEAL_JAVA_CLASS] = JAVA, [SEAL_ZIP] = ARCHIVE, [SEAL_TAR] = TARRED, [SEAL_GZIP] = PACKED,
	[SEAL_XZ] = PACKED, [SEAL_ZSTD] = PACKED, [SEAL_BZIP2] = PACKED, [SEAL_AR] = LIBRARY, [SEAL_SQUASHFS] = IMAGE, [SEAL_EXT] = IMAGE,
	[SEAL_CRAMFS] = IMAGE, [SEAL_ISO] = IMAGE, [SEAL_DISK] = IMAGE, [SEAL_FAT] = IMAGE, [SEAL_DEVICE_TREE] = TREE,
	[SEAL_UBOOT_IMAGE] = LOADED, [SEAL_PICTURE] = PICTURES, [SEAL_DOCUMENT] = PAPERS,
};

/* Names under which nobody expects code. */
static const char *const harmless[] = { "*.png", "*.jpg", "*.jpeg", "*.gif", "*.bmp", "*.ico", "*.svg", "*.webp", "*.txt", "*.md", "*.csv", "*.log",
	"*.pdf", "*.rst", "*.ttf", "*.otf", "*.woff", "*.woff2", "*.wav", "*.mp3", "*.ogg", "*.mp4", "*.json", "*.xml", "*.yaml", "*.yml", "*.ini",
	"*.conf", "*.pem", "*.crt", "*.sig", "*.dat", "README*", "LICENSE*" };

static void
begin_text(struct look *l)
{
	const size_t head = l->bytes.len < TEXT_HEAD ? l->bytes.len : TEXT_HEAD;
	size_t odd = 0;
	for (size_t i = 0; i < head; i++) {
		const unsigned char c = l->bytes.data[i];
		if (c == 0)
			return;
		odd += (c < 0x20 && strchr("\t\n\r\f\b\33", c) == NULL) || c == 0x7f;
	}
	l->text = head > 0 && odd * 32 <= head;
	const size_t mark = look_is(l, 0, "\xef\xbb\xbf", 3) ? 3 : 0;
	l->head = l->bytes;
	if (mark > 0)
		l->head = (struct assay_span){ l->bytes.data + mark, l->bytes.len - mark };
	if (l->head.len > SEAL_TEXT_MAX)
		l->head.len = SEAL_TEXT_MAX;
}

static bool
by_bytes(const struct look *l, enum seal_group group)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (seal_kinds[i].group == group && l->out->kinds[i] >= SEAL_BY_BYTES)
			return true;
	}
	return false;
}

static void
look_marks(struct look *l)
{
	bool seen[FAMILIES] = { false };
	unsigned formats = 0;
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		const unsigned family = families[i];
		if (l->out->kinds[i] >= SEAL_BY_BYTES && family != NONE && !seen[family]) {
			seen[family] = true;
			formats++;
		}
	}
	l->out->marks[SEAL_MARK_SEVERAL] = formats > 1;
	const bool unexpected = by_bytes(l, SEAL_GROUP_CODE) || by_bytes(l, SEAL_GROUP_CONTAINER) || by_bytes(l, SEAL_GROUP_FIRMWARE);
	for (size_t i = 0; unexpected && i < sizeof harmless / sizeof harmless[0]; i++) {
		if (look_placed(l->file->path, harmless[i]))
			l->out->marks[SEAL_MARK_NOT_AS_NAMED] = true;
	}
}

static void
look_bytes(struct look *l)
{
	l->out->marks[SEAL_MARK_PARTLY] = l->bytes.len < l->file->size;
	begin_text(l);
	look_magic(l);
	look_script(l);
	look_text(l);
	if ((l->file->mode & 0111) != 0 && !seal_is(l->out, SEAL_GROUP_CODE))
		look_set(l, SEAL_EXECUTABLE_MODE, SEAL_BY_PLACE);
	look_marks(l);
	if (l->file->size == 0)
		look_set(l, SEAL_EMPTY, SEAL_BY_BYTES);
	else if (l->text)
		look_set(l, SEAL_TEXT, SEAL_BY_BYTES);
	if (seal_main_kind(l->out) == SEAL_DATA)
		look_set(l, SEAL_DATA, SEAL_BY_BYTES);
}

enum assay_status
seal_classify(const struct seal_file *file, struct arena *arena, struct seal_looked *ret_looked, struct assay_error *err)
{
	static const enum seal_kind others[] = {
		[SEAL_TYPE_FOLDER] = SEAL_FOLDER, [SEAL_TYPE_LINK] = SEAL_LINK, [SEAL_TYPE_DEVICE] = SEAL_DEVICE, [SEAL_TYPE_FIFO] = SEAL_FIFO,
		[SEAL_TYPE_SOCKET] = SEAL_SOCKET,
	};
	struct seal_looked out = { .elf = NULL };
	struct look l = { .file = file, .bytes = file->bytes, .arena = arena, .out = &out };
	if (file->bytes.len > file->size)
		return assay_fail(err, ASSAY_E_USAGE, "more bytes than the file has");
	look_places(&l);
	if (file->type == SEAL_TYPE_FILE)
		look_bytes(&l);
	else
		look_set(&l, others[file->type], SEAL_BY_BYTES);
	if (l.full)
		return arena_full(err);
	*ret_looked = out;
	return ASSAY_OK;
}
