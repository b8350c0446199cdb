/* SPDX-License-Identifier: Apache-2.0 */
/* Executables of other systems: PE and EFI, Mach-O, Java. */
#include "look.h"

#define PE_SECTIONS_MAX 96u
#define MACH_COMMANDS_MAX 10000u
#define FAT_PARTS_MAX 44u

/* PE format, "Optional Header Windows-Specific Fields": who starts it. */
enum { SUBSYSTEM_EFI = 10, SUBSYSTEM_EFI_BOOT, SUBSYSTEM_EFI_RUNTIME, SUBSYSTEM_EFI_ROM };

static enum seal_known
pe_sections(const struct look *l, uint64_t at, unsigned count)
{
	if (count > PE_SECTIONS_MAX)
		return SEAL_LYING;
	for (unsigned i = 0; i < count; i++, at += 40) {
		if (!look_has(l, at, 40))
			return look_short(l);
		const uint64_t size = look_le32(l, at + 16), from = look_le32(l, at + 20);
		if (size > 0 && !look_inside(l, from, size))
			return SEAL_TRUNCATED;
	}
	return SEAL_BY_BYTES;
}

enum seal_known
look_pe(struct look *l)
{
	const uint64_t at = look_le32(l, 0x3c);
	if (!look_has(l, 0, 0x40))
		return SEAL_NOT;
	if (!look_has(l, at, 24 + 70)) {
		/* Old programs have no second header; two letters alone make no program either. */
		look_set(l, SEAL_DOS, look_inside(l, at, 24 + 70) ? SEAL_CUT : SEAL_BY_BYTES);
		return SEAL_NOT;
	}
	if (!look_is(l, at, "PE\0\0", 4)) {
		look_set(l, SEAL_DOS, SEAL_BY_BYTES);
		return SEAL_NOT;
	}
	const unsigned sections = look_le16(l, at + 6), optional = look_le16(l, at + 20), form = look_le16(l, at + 24);
	const unsigned subsystem = look_le16(l, at + 24 + 68);
	enum seal_known known = pe_sections(l, at + 24 + optional, sections);
	if ((form != 0x10b && form != 0x20b) || optional < 70)
		known = SEAL_LYING;
	if (subsystem == SUBSYSTEM_EFI)
		look_set(l, SEAL_EFI_APPLICATION, known);
	else if (subsystem > SUBSYSTEM_EFI && subsystem <= SUBSYSTEM_EFI_ROM)
		look_set(l, SEAL_EFI_DRIVER, known);
	return known;
}

enum seal_known
look_mach(struct look *l)
{
	const bool big = l->bytes.data[0] == 0xfe, wide = (big ? l->bytes.data[3] : l->bytes.data[0]) == 0xcf;
	const uint64_t header = wide ? 32 : 28;
	if (!look_has(l, 0, header))
		return look_short(l);
	const uint64_t count = big ? look_be32(l, 16) : look_le32(l, 16), size = big ? look_be32(l, 20) : look_le32(l, 20);
	if (count > MACH_COMMANDS_MAX || size < count * 8)
		return SEAL_LYING;
	if (!look_inside(l, header, size))
		return SEAL_TRUNCATED;
	uint64_t at = header;
	for (uint64_t i = 0; i < count; i++) {
		if (!look_has(l, at, 8))
			return look_short(l);
		const uint64_t own = big ? look_be32(l, at + 4) : look_le32(l, at + 4);
		if (own < 8 || own > header + size - at)
			return SEAL_LYING;
		at += own;
	}
	return SEAL_BY_BYTES;
}

/* 0xcafebabe begins both; Java's next number holds its version, of which 45 is the first. */
enum seal_known
look_mach_fat(struct look *l)
{
	const uint32_t parts = look_be32(l, 4);
	if (!look_has(l, 4, 4) || parts == 0 || parts > FAT_PARTS_MAX)
		return SEAL_NOT;
	const unsigned step = l->bytes.data[3] == 0xbf ? 32 : 20;
	for (uint32_t i = 0; i < parts; i++) {
		const uint64_t at = 8 + (uint64_t)i * step;
		if (!look_has(l, at, step))
			return look_short(l);
		const uint64_t from = step == 32 ? (uint64_t)look_be32(l, at + 8) << 32 | look_be32(l, at + 12) : look_be32(l, at + 8);
		const uint64_t size = step == 32 ? (uint64_t)look_be32(l, at + 16) << 32 | look_be32(l, at + 20) : look_be32(l, at + 12);
		if (!look_inside(l, from, size))
			return SEAL_TRUNCATED;
	}
	return SEAL_BY_BYTES;
}

enum seal_known
look_java(struct look *l)
{
	if (!look_has(l, 4, 4))
		return l->bytes.len < l->file->size ? SEAL_CUT : SEAL_TRUNCATED;
	return look_be16(l, 6) > FAT_PARTS_MAX && look_be16(l, 6) < 256 ? SEAL_BY_BYTES : SEAL_NOT;
}
