/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void
le16(struct buf *b, unsigned v)
{
	buf_add_byte(b, (unsigned char)v);
	buf_add_byte(b, (unsigned char)(v >> 8));
}

void
le32(struct buf *b, uint32_t v)
{
	le16(b, v & 0xffff);
	le16(b, v >> 16);
}

void
le64(struct buf *b, uint64_t v)
{
	le32(b, (uint32_t)v);
	le32(b, (uint32_t)(v >> 32));
}

void
zeros(struct buf *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_byte(b, 0);
}

void
put32(struct buf *b, size_t at, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		b->data[at + i] = (unsigned char)(v >> 8 * i);
}

#define PROGRAM_AT 64u
#define TEXT_AT 512u
#define DYNAMIC_AT 1024u
#define SECTIONS_AT 2048u

static void
program_header(struct buf *b, uint32_t type, uint64_t at, uint64_t size)
{
	le32(b, type);
	le32(b, 4);
	le64(b, at);
	le64(b, at); /* the address is the offset */
	le64(b, at);
	le64(b, size);
	le64(b, size);
	le64(b, 8);
}

static uint64_t
add_text(struct buf *texts, const char *text)
{
	const uint64_t at = texts->len;
	buf_add(texts, text, strlen(text) + 1);
	return at;
}

static void
pad_to(struct buf *b, size_t len)
{
	zeros(b, len - b->len);
}

static void
elf_header(struct buf *b, const struct elf_recipe *r, unsigned programs)
{
	buf_add(b, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
	le16(b, r->type);
	le16(b, 62);
	le32(b, 1);
	le64(b, 0x1000);
	le64(b, PROGRAM_AT);
	le64(b, r->modinfo ? SECTIONS_AT : 0);
	le32(b, 0);
	le16(b, 64);
	le16(b, 56);
	le16(b, programs);
	le16(b, 64);
	le16(b, r->modinfo ? 2 : 0);
	le16(b, r->modinfo ? 1 : 0);
}

static void
elf_sections(struct buf *b)
{
	static const char names[] = "\0.modinfo\0.shstrtab";
	pad_to(b, SECTIONS_AT);
	for (unsigned i = 0; i < 2; i++) {
		le32(b, i == 0 ? 1 : 10);
		le32(b, 1);
		le64(b, 0);
		le64(b, 0);
		le64(b, i == 0 ? TEXT_AT : SECTIONS_AT + 128);
		le64(b, i == 0 ? 4 : sizeof names);
		zeros(b, 24);
	}
	buf_add(b, names, sizeof names);
}

void
make_elf(struct buf *b, const struct elf_recipe *r)
{
	struct buf texts = BUF_INIT(4096), dynamic = BUF_INIT(4096);
	buf_add_byte(&texts, 0);
	for (size_t i = 0; i < 4 && r->needed[i] != NULL; i++) {
		le64(&dynamic, 1);
		le64(&dynamic, add_text(&texts, r->needed[i]));
	}
	if (r->soname != NULL) {
		le64(&dynamic, 14);
		le64(&dynamic, add_text(&texts, r->soname));
	}
	if (r->pie) {
		le64(&dynamic, 0x6ffffffb);
		le64(&dynamic, 0x08000000);
	}
	const uint64_t interpreter = r->interpreter == NULL ? 0 : add_text(&texts, r->interpreter);
	le64(&dynamic, 5);
	le64(&dynamic, TEXT_AT);
	le64(&dynamic, 10);
	le64(&dynamic, texts.len);
	zeros(&dynamic, 16);
	const bool object = r->type == 1;
	elf_header(b, r, object ? 0 : r->interpreter == NULL ? 2 : 3);
	if (!object) {
		program_header(b, 1, 0, DYNAMIC_AT + dynamic.len);
		program_header(b, 2, DYNAMIC_AT, dynamic.len);
		if (r->interpreter != NULL)
			program_header(b, 3, TEXT_AT + interpreter, strlen(r->interpreter) + 1);
	}
	pad_to(b, TEXT_AT);
	buf_add_span(b, buf_span(&texts));
	pad_to(b, DYNAMIC_AT);
	buf_add_span(b, buf_span(&dynamic));
	if (r->modinfo)
		elf_sections(b);
	buf_done(&texts);
	buf_done(&dynamic);
}

void
make_pe(struct buf *b, unsigned subsystem)
{
	buf_add_str(b, "MZ");
	zeros(b, 0x3a);
	le32(b, 0x80);
	pad_to(b, 0x80);
	buf_add(b, "PE\0\0", 4);
	le16(b, 0x8664);
	le16(b, 0); /* sections */
	zeros(b, 12);
	le16(b, 112);
	le16(b, 0x22);
	le16(b, 0x20b);
	zeros(b, 66);
	le16(b, subsystem);
	zeros(b, 42);
}

void
tar_member(struct buf *b, char type, const char *name, const char *target, struct assay_span bytes)
{
	unsigned char h[512] = { 0 };
	unsigned sum = 0;
	(void)snprintf((char *)h, 100, "%s", name);
	(void)snprintf((char *)h + 100, 8, "%07o", 0755u);
	(void)snprintf((char *)h + 108, 8, "%07o", 0u);
	(void)snprintf((char *)h + 116, 8, "%07o", 0u);
	(void)snprintf((char *)h + 124, 12, "%011zo", bytes.len);
	(void)snprintf((char *)h + 136, 12, "%011o", 0u);
	memset(h + 148, ' ', 8);
	h[156] = (unsigned char)type;
	if (target != NULL)
		(void)snprintf((char *)h + 157, 100, "%s", target);
	memcpy(h + 257, "ustar\0" "00", 8);
	for (size_t i = 0; i < sizeof h; i++)
		sum += h[i];
	(void)snprintf((char *)h + 148, 8, "%06o", sum);
	buf_add(b, h, sizeof h);
	buf_add_span(b, bytes);
	zeros(b, (512 - bytes.len % 512) % 512);
}

void
tar_finish(struct buf *b)
{
	zeros(b, 1024);
}

static void
zip_sizes(struct buf *b, struct assay_span bytes)
{
	le32(b, (uint32_t)crc32(0, bytes.data, (uInt)bytes.len));
	le32(b, (uint32_t)bytes.len);
	le32(b, (uint32_t)bytes.len);
}

void
make_zip(struct buf *b, const struct zip_recipe *members, size_t count)
{
	size_t starts[16] = { 0 }, listed = 0;
	const size_t base = b->len;
	for (size_t i = 0; i < count && i < 16; i++) {
		const char *name = members[i].local_name != NULL ? members[i].local_name : members[i].name;
		starts[i] = b->len - base;
		buf_add(b, "PK\3\4\24\0\0\0\0\0\0\0\0\0", 14);
		zip_sizes(b, members[i].bytes);
		le16(b, (unsigned)strlen(name));
		le16(b, 0);
		buf_add_str(b, name);
		buf_add_span(b, members[i].bytes);
	}
	const size_t directory = b->len - base;
	for (size_t i = 0; i < count && i < 16; i++) {
		if (members[i].hidden)
			continue;
		listed++;
		buf_add(b, "PK\1\2\24\3\24\0\0\0\0\0\0\0\0\0", 16);
		zip_sizes(b, members[i].bytes);
		le16(b, (unsigned)strlen(members[i].name));
		zeros(b, 8);
		le32(b, members[i].attributes);
		le32(b, (uint32_t)starts[i]);
		buf_add_str(b, members[i].name);
	}
	const size_t size = b->len - base - directory;
	buf_add(b, "PK\5\6\0\0\0\0", 8);
	le16(b, (unsigned)listed);
	le16(b, (unsigned)listed);
	le32(b, (uint32_t)size);
	le32(b, (uint32_t)directory);
	le16(b, 0);
}

void
make_gzip(struct buf *b, struct assay_span bytes)
{
	z_stream z = { 0 };
	unsigned char chunk[65536];
	int said;
	struct buf copy = BUF_INIT(1u << 30);
	buf_add_span(&copy, bytes);
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = copy.data;
	z.avail_in = (uInt)copy.len;
	do {
		z.next_out = chunk;
		z.avail_out = sizeof chunk;
		said = deflate(&z, Z_FINISH);
		buf_add(b, chunk, sizeof chunk - z.avail_out);
	} while (said == Z_OK);
	(void)deflateEnd(&z);
	buf_done(&copy);
}

void
see(struct seen *s, const char *path, struct assay_span bytes, uint32_t mode)
{
	const struct seal_file f = { .path = path, .type = SEAL_TYPE_FILE, .mode = mode, .size = bytes.len, .bytes = bytes };
	struct assay_error err = { 0 };
	*s = (struct seen){ .arena = NULL };
	if (arena_new(256u << 20, &s->arena) != ASSAY_OK || seal_classify(&f, s->arena, &s->looked, &err) != ASSAY_OK
	    || seal_inside(&f, &s->looked, s->arena, &s->in, &err) != ASSAY_OK)
		abort();
}

void
see_done(struct seen *s)
{
	arena_free(&s->arena);
}

bool
has_problem(const struct seen *s, enum seal_inside_matter matter)
{
	for (const struct seal_inside_problem *p = s->in.problems; p != NULL; p = p->next) {
		if (p->matter == matter)
			return true;
	}
	return false;
}

const struct seal_member *
find_member(const struct seen *s, const char *path)
{
	for (const struct seal_member *m = s->in.members; m != NULL; m = m->next) {
		if (strcmp(m->path, path) == 0)
			return m;
	}
	return NULL;
}
