/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ELF, 32 and 64 bits, either byte order (System V gABI, chapters 4 and 5): what it is, who loads it, and which libraries it asks for.
 */
#include "look.h"

#include <base/text.h>

#define PROGRAM_HEADERS_MAX 1024u
#define SECTIONS_MAX 65536u
#define DYNAMIC_MAX 8192u
#define NAME_MAX_BYTES 4096u
#define NOTES_MAX 64u
#define BUILD_ID_MAX 64u

enum { ET_REL_ = 1, ET_EXEC_, ET_DYN_, ET_CORE_ };
enum { PT_LOAD_ = 1, PT_DYNAMIC_, PT_INTERP_, PT_NOTE_ };
enum { DT_NEEDED_ = 1, DT_STRTAB_ = 5, DT_STRSZ_ = 10, DT_SONAME_ = 14, DT_RPATH_ = 15, DT_RUNPATH_ = 29 };
#define DT_FLAGS_1_ 0x6ffffffbu
#define DT_DEPAUDIT_ 0x6ffffefbu
#define DT_AUDIT_ 0x6ffffefcu
#define DT_AUXILIARY_ 0x7ffffffdu
#define DT_FILTER_ 0x7fffffffu
#define DF_1_PIE_ 0x08000000u

struct segment {
	uint32_t type;
	uint64_t offset, address, size;
};

struct elf_work {
	struct look *l;
	struct seal_elf *elf;
	bool wide;
	uint64_t program_at, section_at;
	unsigned program_size, program_count, section_size, section_count, names_index;
	struct segment dynamic;
	bool has_dynamic, pie;
	uint64_t strings_at, strings_size; /* DT_STRTAB, by address */
	bool has_strings;
	enum seal_known worst;
};

static void
worse(struct elf_work *w, enum seal_known known)
{
	if (known > w->worst)
		w->worst = known;
}

static uint64_t
number(const struct elf_work *w, uint64_t at, unsigned bytes)
{
	uint64_t v = 0;
	if (!look_has(w->l, at, bytes))
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | w->l->bytes.data[at + (w->elf->big_endian ? i : bytes - 1 - i)];
	return v;
}

/* A field whose place and width differ by class. */
static uint64_t
word(const struct elf_work *w, uint64_t base, unsigned at32, unsigned at64)
{
	return w->wide ? number(w, base + at64, 8) : number(w, base + at32, 4);
}

/* What bytes are missing means; false when they are there. */
static bool
missing(struct elf_work *w, uint64_t at, uint64_t len)
{
	if (look_has(w->l, at, len))
		return false;
	worse(w, look_inside(w->l, at, len) ? SEAL_CUT : SEAL_TRUNCATED);
	return true;
}

/* Text that ends within room bytes; NULL when it isn't there. */
static const char *
text_at(struct elf_work *w, uint64_t at, uint64_t room)
{
	const uint64_t most = room < NAME_MAX_BYTES ? room : NAME_MAX_BYTES;
	if (missing(w, at, 1))
		return NULL;
	const uint64_t given = w->l->bytes.len - at, len = given < most ? given : most;
	const unsigned char *from = w->l->bytes.data + at;
	const unsigned char *end = memchr(from, 0, (size_t)len);
	if (end == NULL) {
		worse(w, given < most && look_inside(w->l, at, most) ? SEAL_CUT : SEAL_LYING);
		return NULL;
	}
	const char *text = arena_copy(w->l->arena, (struct assay_span){ from, (size_t)(end - from) });
	w->l->full = w->l->full || text == NULL;
	return text;
}

static void
read_header(struct elf_work *w)
{
	w->elf->type = (unsigned)number(w, 16, 2);
	w->elf->machine = (unsigned)number(w, 18, 2);
	w->program_at = word(w, 0, 28, 32);
	w->section_at = word(w, 0, 32, 40);
	const uint64_t sizes = w->wide ? 52 : 40;
	const unsigned own_size = (unsigned)number(w, sizes, 2);
	w->program_size = (unsigned)number(w, sizes + 2, 2);
	w->program_count = (unsigned)number(w, sizes + 4, 2);
	w->section_size = (unsigned)number(w, sizes + 6, 2);
	w->section_count = (unsigned)number(w, sizes + 8, 2);
	w->names_index = (unsigned)number(w, sizes + 10, 2);
	if (own_size != (w->wide ? 64u : 52u) || (w->program_count > 0 && w->program_size != (w->wide ? 56u : 32u))
	    || (w->section_count > 0 && w->section_size != (w->wide ? 64u : 40u)) || number(w, 20, 4) != 1)
		worse(w, SEAL_LYING);
}

static void
read_build_id(struct elf_work *w, uint64_t at, uint64_t size)
{
	const uint64_t end = at + size;
	for (unsigned i = 0; i < NOTES_MAX && at <= end && end - at >= 12; i++) {
		if (missing(w, at, 12))
			return;
		const uint64_t name = number(w, at, 4), len = number(w, at + 4, 4), type = number(w, at + 8, 4);
		const uint64_t data = at + 12 + (name + 3) / 4 * 4;
		if (data > end || len > end - data) {
			worse(w, SEAL_LYING);
			return;
		}
		if (type == 3 && name == 4 && look_is(w->l, at + 12, "GNU", 4) && len > 0 && len <= BUILD_ID_MAX && !missing(w, data, len)) {
			char hex[2 * BUILD_ID_MAX + 1];
			text_hex((struct assay_span){ w->l->bytes.data + data, (size_t)len }, hex);
			w->elf->build_id = arena_str(w->l->arena, hex);
			w->l->full = w->l->full || w->elf->build_id == NULL;
			return;
		}
		at = data + (len + 3) / 4 * 4;
	}
}

static struct segment
segment_at(const struct elf_work *w, unsigned i)
{
	const uint64_t at = w->program_at + (uint64_t)i * w->program_size;
	return (struct segment){ .type = (uint32_t)number(w, at, 4), .offset = word(w, at, 4, 8), .address = word(w, at, 8, 16),
		.size = word(w, at, 16, 32) };
}

static void
read_segments(struct elf_work *w)
{
	if (w->program_count > PROGRAM_HEADERS_MAX) {
		worse(w, SEAL_LYING);
		w->program_count = PROGRAM_HEADERS_MAX;
	}
	if (w->program_count == 0 || w->program_size == 0 || missing(w, w->program_at, (uint64_t)w->program_count * w->program_size)) {
		w->program_count = 0;
		return;
	}
	for (unsigned i = 0; i < w->program_count; i++) {
		const struct segment s = segment_at(w, i);
		if (s.type == 0 || s.type > 0x60000000u)
			continue;
		if (!look_inside(w->l, s.offset, s.size)) {
			/* A core's and a module's headers may name more than the file holds; what is loaded may not. */
			worse(w, w->elf->type == ET_CORE_ ? SEAL_NOT : SEAL_TRUNCATED);
			continue;
		}
		if (s.type == PT_INTERP_)
			w->elf->interpreter = text_at(w, s.offset, s.size);
		if (s.type == PT_NOTE_ && w->elf->build_id == NULL)
			read_build_id(w, s.offset, s.size);
		if (s.type == PT_DYNAMIC_) {
			w->dynamic = s;
			w->has_dynamic = true;
		}
	}
}

/* The file's offset of what is loaded at an address. */
static bool
offset_of(const struct elf_work *w, uint64_t address, uint64_t *ret_at, uint64_t *ret_room)
{
	for (unsigned i = 0; i < w->program_count; i++) {
		const struct segment s = segment_at(w, i);
		if (s.type == PT_LOAD_ && address >= s.address && address - s.address < s.size && look_inside(w->l, s.offset, s.size)) {
			*ret_at = s.offset + (address - s.address);
			*ret_room = s.size - (address - s.address);
			return true;
		}
	}
	return false;
}

static void
take_name(struct elf_work *w, uint64_t tag, uint64_t value)
{
	static const uint64_t loads[] = { DT_NEEDED_, DT_AUDIT_, DT_DEPAUDIT_, DT_AUXILIARY_, DT_FILTER_ };
	uint64_t at = 0, room = 0;
	bool load = false;
	for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++)
		load = load || loads[i] == tag;
	if (!load && tag != DT_SONAME_ && tag != DT_RPATH_ && tag != DT_RUNPATH_)
		return;
	if (!w->has_strings || value >= w->strings_size || !offset_of(w, w->strings_at, &at, &room) || value >= room) {
		worse(w, SEAL_LYING);
		return;
	}
	const char *name = text_at(w, at + value, w->strings_size - value);
	if (name == NULL)
		return;
	if (tag == DT_SONAME_)
		w->elf->soname = name;
	else if (!load)
		w->elf->run_path = name;
	else if (w->elf->needed_count < SEAL_NEEDED_MAX)
		w->elf->needed[w->elf->needed_count++] = name;
	else
		worse(w, SEAL_LYING);
}

static void
read_dynamic(struct elf_work *w)
{
	const unsigned step = w->wide ? 16 : 8;
	const uint64_t count = w->dynamic.size / step < DYNAMIC_MAX ? w->dynamic.size / step : DYNAMIC_MAX;
	if (!w->has_dynamic || missing(w, w->dynamic.offset, w->dynamic.size))
		return;
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < count; i++) {
			const uint64_t at = w->dynamic.offset + i * step, tag = word(w, at, 0, 0), value = word(w, at, 4, 8);
			if (tag == 0)
				break;
			if (round == 1) {
				take_name(w, tag, value);
			} else if (tag == DT_STRTAB_) {
				w->strings_at = value;
				w->has_strings = true;
			} else if (tag == DT_STRSZ_) {
				w->strings_size = value;
			} else if (tag == DT_FLAGS_1_) {
				w->pie = (value & DF_1_PIE_) != 0;
			}
		}
	}
}

/* A section of this name: .modinfo makes a kernel module of an object. */
static bool
has_section(struct elf_work *w, const char *wanted)
{
	if (w->section_count == 0 || w->section_size == 0 || w->names_index >= w->section_count || w->section_count > SECTIONS_MAX)
		return false;
	if (missing(w, w->section_at, (uint64_t)w->section_count * w->section_size))
		return false;
	const uint64_t own = w->section_at + (uint64_t)w->names_index * w->section_size;
	const uint64_t names = word(w, own, 16, 24), names_size = word(w, own, 20, 32);
	if (missing(w, names, names_size))
		return false;
	const size_t len = strlen(wanted) + 1;
	for (unsigned i = 0; i < w->section_count; i++) {
		const uint64_t name = number(w, w->section_at + (uint64_t)i * w->section_size, 4);
		if (name < names_size && names_size - name >= len && look_is(w->l, names + name, wanted, len))
			return true;
	}
	return false;
}

static enum seal_kind
kind_of(const struct elf_work *w)
{
	switch (w->elf->type) {
	case ET_REL_:
		return SEAL_ELF_OBJECT;
	case ET_EXEC_:
		return SEAL_ELF_EXECUTABLE;
	case ET_DYN_:
		return w->elf->interpreter != NULL || w->pie ? SEAL_ELF_EXECUTABLE : SEAL_ELF_LIBRARY;
	case ET_CORE_:
		return SEAL_ELF_CORE;
	default:
		return SEAL_ELF_OTHER;
	}
}

enum seal_known
look_elf(struct look *l)
{
	struct elf_work w = { .l = l, .worst = SEAL_BY_BYTES };
	w.elf = arena_alloc(l->arena, sizeof *w.elf);
	if (w.elf == NULL) {
		l->full = true;
		return SEAL_NOT;
	}
	const unsigned class = look_has(l, 4, 1) ? l->bytes.data[4] : 0, order = look_has(l, 5, 1) ? l->bytes.data[5] : 0;
	w.wide = class == 2;
	w.elf->bits = w.wide ? 64 : 32;
	w.elf->big_endian = order == 2;
	l->out->elf = w.elf;
	if (!look_has(l, 0, w.wide ? 64 : 52)) {
		look_set(l, SEAL_ELF_OTHER, look_short(l));
		return SEAL_NOT;
	}
	if (class < 1 || class > 2 || order < 1 || order > 2) {
		look_set(l, SEAL_ELF_OTHER, SEAL_LYING);
		return SEAL_NOT;
	}
	read_header(&w);
	read_segments(&w);
	read_dynamic(&w);
	const enum seal_kind kind = kind_of(&w);
	if (kind == SEAL_ELF_OBJECT)
		w.elf->is_module = has_section(&w, ".modinfo");
	w.elf->is_static = kind == SEAL_ELF_EXECUTABLE && w.elf->interpreter == NULL && w.elf->needed_count == 0;
	look_set(l, kind, w.worst);
	if (w.elf->is_module)
		look_set(l, SEAL_KERNEL_MODULE, w.worst);
	/* The kinds are set: the row itself names none. */
	return SEAL_NOT;
}
