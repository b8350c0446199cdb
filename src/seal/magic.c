/* SPDX-License-Identifier: Apache-2.0 */
/* What bytes tell: one row a format. Formats that two bytes begin have a test that looks further. */
#include "look.h"

#include <zlib.h>

#define UBOOT_HEADER 64u
#define TREE_HEADER 40u
#define TREE_WORDS_MAX 65536u
#define HEX_LINES_MAX 64u

static enum seal_known
test_kernel_x86(struct look *l)
{
	/* Documentation/arch/x86/boot.rst: the sector's mark, and "HdrS" at 0x202. */
	return look_is(l, 0x1fe, "\x55\xaa", 2) ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_uboot(struct look *l)
{
	unsigned char header[UBOOT_HEADER];
	if (!look_has(l, 0, UBOOT_HEADER))
		return look_short(l);
	memcpy(header, l->bytes.data, sizeof header);
	memset(header + 4, 0, 4);
	if (crc32(0, header, UBOOT_HEADER) != look_be32(l, 4))
		return SEAL_LYING;
	return look_inside(l, UBOOT_HEADER, look_be32(l, 12)) ? SEAL_BY_BYTES : SEAL_TRUNCATED;
}

/* A node of this name right below the root of a device tree: a FIT image has "images". */
static bool
tree_has(const struct look *l, uint64_t at, const char *name)
{
	unsigned depth = 0;
	for (unsigned i = 0; i < TREE_WORDS_MAX && look_has(l, at, 4); i++) {
		const uint32_t word = look_be32(l, at);
		at += 4;
		if (word == 1) {
			if (!look_has(l, at, 1))
				return false;
			const unsigned char *end = memchr(l->bytes.data + at, 0, (size_t)(l->bytes.len - at));
			if (end == NULL)
				return false;
			const uint64_t len = (uint64_t)(end - (l->bytes.data + at)) + 1;
			if (++depth == 2 && look_is(l, at, name, strlen(name) + 1))
				return true;
			at += (len + 3) / 4 * 4;
		} else if (word == 2) {
			if (depth == 0 || --depth == 0)
				return false;
		} else if (word == 3) {
			at += 8 + ((uint64_t)look_be32(l, at) + 3) / 4 * 4;
		} else if (word != 4) {
			return false;
		}
	}
	return false;
}

static enum seal_known
test_tree(struct look *l)
{
	if (!look_has(l, 0, TREE_HEADER))
		return look_short(l);
	const uint32_t total = look_be32(l, 4), structure = look_be32(l, 8), strings = look_be32(l, 12), version = look_be32(l, 20);
	enum seal_known known = SEAL_BY_BYTES;
	if (version < 1 || version > 17 || structure >= total || strings > total || total < TREE_HEADER)
		known = SEAL_LYING;
	else if (!look_inside(l, 0, total))
		known = SEAL_TRUNCATED;
	if (tree_has(l, structure, "images"))
		look_set(l, SEAL_FIT_IMAGE, known);
	return known;
}

/* Image headers of MCUboot (image.h): size of the header, of the image, of what is protected behind it. */
static enum seal_known
test_mcuboot(struct look *l)
{
	if (!look_has(l, 0, 32))
		return look_short(l);
	const uint64_t header = look_le16(l, 8), size = look_le32(l, 12);
	if (header < 32)
		return SEAL_LYING;
	return look_inside(l, header, size) ? SEAL_BY_BYTES : SEAL_TRUNCATED;
}

static enum seal_known
test_squashfs(struct look *l)
{
	if (!look_has(l, 0, 96))
		return look_short(l);
	const bool big = l->bytes.data[0] == 's';
	const uint64_t used = big ? (uint64_t)look_be32(l, 40) << 32 | look_be32(l, 44) : look_le32(l, 40) | (uint64_t)look_le32(l, 44) << 32;
	const unsigned major = big ? look_be16(l, 28) : look_le16(l, 28);
	if (major < 1 || major > 4)
		return SEAL_LYING;
	return major < 4 || look_inside(l, 0, used) ? SEAL_BY_BYTES : SEAL_TRUNCATED;
}

static enum seal_known
test_ext(struct look *l)
{
	/* struct ext4_super_block at 1024: inodes, blocks, size of a block as a power of two above 1 KiB, inodes a group. */
	const bool sane = look_le32(l, 1024) > 0 && look_le32(l, 1028) > 0 && look_le32(l, 1048) <= 6 && look_le32(l, 1064) > 0;
	return !look_has(l, 1024, 1024) ? look_short(l) : sane ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_jffs2(struct look *l)
{
	const unsigned type = l->bytes.data[0] == 0x85 ? look_le16(l, 2) : look_be16(l, 2);
	static const unsigned types[] = { 0xe001, 0xe002, 0x2003, 0x2004, 0x2006, 0xe008, 0xe009 };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (types[i] == type)
			return SEAL_BY_BYTES;
	}
	return SEAL_NOT;
}

static enum seal_known
test_fat(struct look *l)
{
	return look_is(l, 54, "FAT", 3) || look_is(l, 82, "FAT32", 5) ? SEAL_BY_BYTES : SEAL_NOT;
}

/* A partition table: each of four entries is empty or is active or not, and one has a size. */
static enum seal_known
test_mbr(struct look *l)
{
	bool any = false;
	for (unsigned i = 0; i < 4; i++) {
		const uint64_t at = 446 + 16 * (uint64_t)i;
		if ((l->bytes.data[at] & 0x7f) != 0)
			return SEAL_NOT;
		any = any || (l->bytes.data[at + 4] != 0 && look_le32(l, at + 12) > 0);
	}
	return any ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_bzip2(struct look *l)
{
	if (!look_has(l, 4, 6))
		return look_short(l);
	const bool level = l->bytes.data[3] >= '1' && l->bytes.data[3] <= '9';
	return level && (look_is(l, 4, "1AY&SY", 6) || look_is(l, 4, "\x17\x72\x45\x38\x50\x90", 6)) ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_gzip(struct look *l)
{
	if (!look_has(l, 0, 10))
		return look_short(l);
	/* RFC 1952: deflate is the one method, and three flags are reserved. */
	return l->bytes.data[2] == 8 && (l->bytes.data[3] & 0xe0) == 0 ? SEAL_BY_BYTES : SEAL_LYING;
}

/* Properties of the LZMA "alone" format as they are written: lc=3, lp=0, pb=2, and a dictionary of some power of two. */
static enum seal_known
test_lzma(struct look *l)
{
	return look_has(l, 0, 13) && look_le16(l, 1) == 0 && (look_is(l, 5, "\377\377\377\377\377\377\377\377", 8) || look_le32(l, 9) == 0)
	    ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_ar(struct look *l)
{
	if (look_is(l, 8, "debian-binary", 13)) {
		look_set(l, SEAL_DEB, SEAL_BY_BYTES);
		return SEAL_BY_BYTES;
	}
	/* A library's first member is its table of symbols; one without is told by its name. */
	const size_t len = strlen(l->file->path);
	if (look_is(l, 8, "/ ", 2) || look_is(l, 8, "/SYM64/", 7) || look_is(l, 8, "__.SYMDEF", 9) || look_is(l, 8, "#1/", 3)
	    || l->bytes.data[2] == 't' || (len > 2 && strcmp(l->file->path + len - 2, ".a") == 0))
		look_set(l, SEAL_STATIC_LIBRARY, SEAL_BY_BYTES);
	return SEAL_BY_BYTES;
}

/* CPython: a number that rises with versions, CR, LF; then flags that are 0 to 3, or before 3.7 a time. */
static enum seal_known
test_pyc(struct look *l)
{
	const unsigned version = look_le16(l, 0);
	if (!look_has(l, 0, 4) || version < 3000 || version > 3999)
		return SEAL_NOT;
	return look_has(l, 0, 16) ? SEAL_BY_BYTES : look_short(l);
}

static enum seal_known
test_uf2(struct look *l)
{
	return look_is(l, 4, "\x57\x51\x5d\x9e", 4) ? SEAL_BY_BYTES : SEAL_LYING;
}

static enum seal_known
test_dfu(struct look *l)
{
	/* The suffix stands at the end: "UFD", 16, and a checksum. */
	const size_t len = l->bytes.len;
	return len == l->file->size && len >= 16 && look_is(l, len - 8, "UFD\x10", 4) ? SEAL_BY_BYTES : SEAL_NOT;
}

static bool
hex_byte(const struct look *l, uint64_t at, unsigned *ret_value)
{
	unsigned v = 0;
	for (uint64_t i = at; i < at + 2; i++) {
		const unsigned char c = look_has(l, i, 1) ? l->bytes.data[i] : 0;
		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v * 16 + ((c | 0x20u) - 'a' + 10);
		else
			return false;
	}
	*ret_value = v;
	return true;
}

/* One line: its length in bytes of text, 0 when it isn't one. */
static uint64_t
hex_line(const struct look *l, uint64_t at, char mark, uint64_t skip, unsigned more, unsigned sum_wanted)
{
	unsigned count = 0, sum = 0, byte = 0;
	if (l->bytes.data[at] != (unsigned char)mark || !hex_byte(l, at + skip, &count))
		return 0;
	for (uint64_t i = 0; i < count + more; i++) {
		if (!hex_byte(l, at + skip + 2 * i, &byte))
			return 0;
		sum += byte;
	}
	return (sum & 0xff) == sum_wanted ? skip + 2 * (uint64_t)(count + more) : 0;
}

/* Lines of hex digits with a count and a sum: all bytes of an Intel record come to 0, all of an S-record to 0xff. */
static enum seal_known
hex_lines(const struct look *l, char mark, uint64_t skip, unsigned more, unsigned sum_wanted)
{
	uint64_t at = 0;
	unsigned lines = 0;
	while (lines < HEX_LINES_MAX && look_has(l, at, 1)) {
		const uint64_t len = hex_line(l, at, mark, skip, more, sum_wanted);
		if (len == 0)
			return lines == 0 ? SEAL_NOT : memchr(l->bytes.data + at, '\n', (size_t)(l->bytes.len - at)) == NULL ? look_short(l) : SEAL_LYING;
		at += len;
		while (look_has(l, at, 1) && (l->bytes.data[at] == '\r' || l->bytes.data[at] == '\n'))
			at++;
		lines++;
	}
	return lines > 0 ? SEAL_BY_BYTES : SEAL_NOT;
}

static enum seal_known
test_intel_hex(struct look *l)
{
	return hex_lines(l, ':', 1, 5, 0);
}

static enum seal_known
test_s_record(struct look *l)
{
	return look_has(l, 1, 1) && l->bytes.data[1] >= '0' && l->bytes.data[1] <= '9' ? hex_lines(l, 'S', 2, 1, 0xff) : SEAL_NOT;
}

/* Where the value of the element at a place begins, and its length, of up to three bytes. */
static bool
der_value(const struct look *l, uint64_t at, uint64_t *ret_body, uint64_t *ret_len)
{
	if (!look_has(l, at, 5))
		return false;
	const unsigned form = l->bytes.data[at + 1];
	if (form == 0x80 || form > 0x83)
		return false;
	*ret_body = at + 2 + (form > 0x80 ? form & 0x7f : 0);
	*ret_len = form < 0x80 ? form : look_be32(l, at + 1) >> 8 * (0x83 - form) & (0xffffffu >> 8 * (0x83 - form));
	return true;
}

/* DER, told by the first fields of what it is, and by its length, which must be the file's. */
static enum seal_known
test_der(struct look *l)
{
	static const struct {
		const char *begin;
		size_t len;
		enum seal_kind kind;
	} rows[] = {
		{ "\x02\x01\x00\x30", 4, SEAL_PRIVATE_KEY },     /* PKCS#8: version 0, algorithm */
		{ "\x02\x01\x01\x30", 4, SEAL_PRIVATE_KEY },     /* RFC 5958: version 1 */
		{ "\x02\x01\x00\x02", 4, SEAL_PRIVATE_KEY },     /* PKCS#1 and DSA: version 0, a number */
		{ "\x02\x01\x01\x04", 4, SEAL_PRIVATE_KEY },     /* RFC 5915: version 1, a string */
		{ "\x02\x01\x03\x30", 4, SEAL_KEY_STORE },       /* PKCS#12 */
	};
	uint64_t body = 0, len = 0;
	if (!der_value(l, 0, &body, &len) || !look_has(l, body, 12) || body + len != l->file->size)
		return SEAL_NOT;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (look_is(l, body, rows[i].begin, rows[i].len))
			look_set(l, rows[i].kind, SEAL_BY_BYTES);
	}
	/* A certificate: signed part, in it [0] version 3. An SPKI: algorithm's identifier, then a bit string. */
	uint64_t inner = 0, inner_len = 0;
	if (l->bytes.data[body] != 0x30 || !der_value(l, body, &inner, &inner_len))
		return SEAL_NOT;
	if (look_is(l, inner, "\xa0\x03\x02\x01", 4))
		look_set(l, SEAL_CERTIFICATE, SEAL_BY_BYTES);
	else if (look_is(l, inner, "\x06", 1) && look_is(l, inner + inner_len, "\x03", 1))
		look_set(l, SEAL_PUBLIC_KEY, SEAL_BY_BYTES);
	return SEAL_NOT;
}

#define ROW(kind_, at_, magic_, test_) { SEAL_##kind_, (at_), (magic_), sizeof(magic_) - 1, (test_) }
static const struct magic_row rows[] = {
	ROW(ELF_OTHER, 0, "\177ELF", look_elf),
	ROW(PE, 0, "MZ", look_pe),
	ROW(MACH_O, 0, "\xfe\xed\xfa\xce", look_mach),
	ROW(MACH_O, 0, "\xfe\xed\xfa\xcf", look_mach),
	ROW(MACH_O, 0, "\xce\xfa\xed\xfe", look_mach),
	ROW(MACH_O, 0, "\xcf\xfa\xed\xfe", look_mach),
	ROW(MACH_O_FAT, 0, "\xca\xfe\xba\xbe", look_mach_fat),
	ROW(MACH_O_FAT, 0, "\xca\xfe\xba\xbf", look_mach_fat),
	ROW(JAVA_CLASS, 0, "\xca\xfe\xba\xbe", look_java),
	ROW(DEX, 0, "dex\n0", NULL),
	ROW(PYTHON_BYTECODE, 2, "\r\n", test_pyc),
	ROW(LUA_BYTECODE, 0, "\33Lua", NULL),
	ROW(LUA_BYTECODE, 0, "\33LJ", NULL),
	ROW(BEAM, 8, "BEAM", NULL),
	ROW(WASM, 0, "\0asm", NULL),
	ROW(BITCODE, 0, "BC\xc0\xde", NULL),
	ROW(BITCODE, 0, "\xde\xc0\x17\x0b", NULL),
	ROW(AR, 0, "!<arch>\n", test_ar),
	ROW(AR, 0, "!<thin>\n", test_ar),
	ROW(LINUX_KERNEL, 0x202, "HdrS", test_kernel_x86),
	ROW(LINUX_KERNEL, 0x24, "\x18\x28\x6f\x01", NULL), /* zImage */
	ROW(LINUX_KERNEL, 0x24, "\x01\x6f\x28\x18", NULL),
	ROW(LINUX_KERNEL, 0x38, "ARM\x64", NULL),
	ROW(LINUX_KERNEL, 0x38, "RSC\x05", NULL),
	ROW(DEVICE_TREE, 0, "\xd0\x0d\xfe\xed", test_tree),
	ROW(UBOOT_IMAGE, 0, "\x27\x05\x19\x56", test_uboot),
	ROW(ANDROID_BOOT, 0, "ANDROID!", NULL),
	ROW(ANDROID_BOOT, 0, "VNDRBOOT", NULL),
	ROW(DISK, 0, "\x3a\xff\x26\xed", NULL), /* Android's sparse image */
	ROW(MCUBOOT_IMAGE, 0, "\x3d\xb8\xf3\x96", test_mcuboot),
	ROW(INTEL_HEX, 0, ":", test_intel_hex),
	ROW(S_RECORD, 0, "S", test_s_record),
	ROW(UF2, 0, "UF2\n", test_uf2),
	ROW(DFU, 0, "", test_dfu),
	ROW(SQUASHFS, 0, "hsqs", test_squashfs),
	ROW(SQUASHFS, 0, "sqsh", test_squashfs),
	ROW(EXT, 1080, "\x53\xef", test_ext),
	ROW(CRAMFS, 0, "\x45\x3d\xcd\x28", NULL),
	ROW(CRAMFS, 0, "\x28\xcd\x3d\x45", NULL),
	ROW(EROFS, 1024, "\xe2\xe1\xf5\xe0", NULL),
	ROW(ROMFS, 0, "-rom1fs-", NULL),
	ROW(JFFS2, 0, "\x85\x19", test_jffs2),
	ROW(JFFS2, 0, "\x19\x85", test_jffs2),
	ROW(UBI, 0, "UBI#", NULL),
	ROW(UBIFS, 0, "\x31\x18\x10\x06", NULL),
	ROW(FAT, 510, "\x55\xaa", test_fat),
	ROW(DISK, 510, "\x55\xaa", test_mbr),
	ROW(DISK, 512, "EFI PART", NULL),
	ROW(DISK, 0, "QFI\xfb", NULL),
	ROW(DISK, 0, "KDMV", NULL),
	ROW(ISO, 32769, "CD001", NULL),
	ROW(CPIO, 0, "070701", NULL),
	ROW(CPIO, 0, "070702", NULL),
	ROW(CPIO, 0, "070707", NULL),
	ROW(CPIO, 0, "\xc7\x71", NULL),
	ROW(TAR, 0, "", look_tar),
	ROW(ZIP, 0, "", look_zip), /* behind those that may hold one as their last member */
	ROW(GZIP, 0, "\x1f\x8b", test_gzip),
	ROW(XZ, 0, "\xfd" "7zXZ\0", NULL),
	ROW(ZSTD, 0, "\x28\xb5\x2f\xfd", NULL),
	ROW(BZIP2, 0, "BZh", test_bzip2),
	ROW(LZMA, 0, "\x5d", test_lzma),
	ROW(LZ4, 0, "\x04\x22\x4d\x18", NULL),
	ROW(LZ4, 0, "\x02\x21\x4c\x18", NULL),
	ROW(LZOP, 0, "\x89LZO\0\r\n\x1a\n", NULL),
	ROW(SEVEN_ZIP, 0, "7z\xbc\xaf\x27\x1c", NULL),
	ROW(RAR, 0, "Rar!\x1a\x07", NULL),
	ROW(CAB, 0, "MSCF\0\0\0\0", NULL),
	ROW(XAR, 0, "xar!", NULL),
	ROW(RPM, 0, "\xed\xab\xee\xdb", NULL),
	ROW(KEY_STORE, 0, "\xfe\xed\xfe\xed", NULL), /* Java's */
	ROW(PRIVATE_KEY, 0, "\x30", test_der),
	ROW(DATABASE, 0, "SQLite format 3\0", NULL),
	ROW(PICTURE, 0, "\x89PNG\r\n\x1a\n", NULL),
	ROW(PICTURE, 0, "\xff\xd8\xff", NULL),
	ROW(PICTURE, 0, "GIF8", NULL),
	ROW(DOCUMENT, 0, "%PDF-", NULL),
	ROW(DOCUMENT, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NULL),
};

void
look_magic(struct look *l)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !l->full; i++) {
		if (!look_is(l, rows[i].at, rows[i].magic, rows[i].len))
			continue;
		look_set(l, rows[i].kind, rows[i].test == NULL ? SEAL_BY_BYTES : rows[i].test(l));
	}
}
