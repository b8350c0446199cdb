/* SPDX-License-Identifier: Apache-2.0 */
/* Files made by hand: headers with chosen fields, archives with chosen members. */
#pragma once

#include <base/buf.h>
#include <seal/archive.h>

void le16(struct buf *b, unsigned v);
void le32(struct buf *b, uint32_t v);
void le64(struct buf *b, uint64_t v);
void zeros(struct buf *b, size_t count);
/* Overwrites what stands at a place. */
void put32(struct buf *b, size_t at, uint32_t v);

/* A 64-bit ELF of this type: an interpreter, libraries and a name when they are given; .modinfo. */
struct elf_recipe {
	unsigned type;
	const char *interpreter, *soname;
	const char *needed[4];
	bool modinfo;
	bool pie;
};
void make_elf(struct buf *b, const struct elf_recipe *r);
void make_pe(struct buf *b, unsigned subsystem);

/* tar: members are added, then an end. type as in the header; target of links. */
void tar_member(struct buf *b, char type, const char *name, const char *target, struct assay_span bytes);
void tar_finish(struct buf *b);
/* zip: stored members; then its directory. Names in the local headers may differ. */
struct zip_recipe {
	const char *name, *local_name;
	struct assay_span bytes;
	uint32_t attributes;
	bool hidden; /* not in the directory */
};
void make_zip(struct buf *b, const struct zip_recipe *members, size_t count);
void make_gzip(struct buf *b, struct assay_span bytes);

struct seen {
	struct arena *arena;
	struct seal_looked looked;
	struct seal_inside in;
};
void see(struct seen *s, const char *path, struct assay_span bytes, uint32_t mode);
void see_done(struct seen *s);
bool has_problem(const struct seen *s, enum seal_inside_matter matter);
const struct seal_member *find_member(const struct seen *s, const char *path);
