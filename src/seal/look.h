/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside: one look at one file, and reading its bytes without ever leaving them.
 */
#pragma once

#include <seal/classify.h>

#include <string.h>

struct look {
	const struct seal_file *file;
	struct assay_span bytes; /* of the file */
	bool text;               /* reads as text: no NUL and few control characters in its first bytes */
	struct assay_span head;  /* of a text: its first SEAL_TEXT_MAX bytes, without a byte order mark */
	struct arena *arena;
	struct seal_looked *out;
	bool full;               /* no memory any more */
};

/* Rows of what bytes tell. A row holds when its magic stands at its offset and its test, if it has one, agrees. */
struct magic_row {
	enum seal_kind kind;
	size_t at;
	const char *magic;
	size_t len;
	enum seal_known (*test)(struct look *l); /* SEAL_NOT: it isn't after all */
};
void look_magic(struct look *l);
/* What text says, and what places say. */
void look_text(struct look *l);
void look_places(struct look *l);
/* Whether the path, or what follows any '/' in it, matches. */
bool look_placed(const char *path, const char *pattern);

enum seal_known look_elf(struct look *l);
enum seal_known look_pe(struct look *l);
enum seal_known look_mach(struct look *l);
enum seal_known look_mach_fat(struct look *l);
enum seal_known look_java(struct look *l);
enum seal_known look_zip(struct look *l);
enum seal_known look_tar(struct look *l);
void look_script(struct look *l);

/* Sets a kind, unless something graver is known of it already. */
static inline void
look_set(struct look *l, enum seal_kind kind, enum seal_known known)
{
	if (known > l->out->kinds[kind])
		l->out->kinds[kind] = known;
}

/* What it is when bytes are missing: more were there, or the file ends. */
static inline enum seal_known
look_short(const struct look *l)
{
	return l->bytes.len < l->file->size ? SEAL_CUT : SEAL_TRUNCATED;
}

/* Whether len bytes at offset at are there. */
static inline bool
look_has(const struct look *l, uint64_t at, uint64_t len)
{
	return at <= l->bytes.len && len <= l->bytes.len - at;
}

/* Whether the file itself has them, given or not. */
static inline bool
look_inside(const struct look *l, uint64_t at, uint64_t len)
{
	return at <= l->file->size && len <= l->file->size - at;
}

/* Numbers; 0 where there are no bytes. */
static inline uint32_t
look_le16(const struct look *l, uint64_t at)
{
	return look_has(l, at, 2) ? (uint32_t)l->bytes.data[at] | (uint32_t)l->bytes.data[at + 1] << 8 : 0;
}

static inline uint32_t
look_be16(const struct look *l, uint64_t at)
{
	return look_has(l, at, 2) ? (uint32_t)l->bytes.data[at + 1] | (uint32_t)l->bytes.data[at] << 8 : 0;
}

static inline uint32_t
look_le32(const struct look *l, uint64_t at)
{
	return look_has(l, at, 4) ? look_le16(l, at) | look_le16(l, at + 2) << 16 : 0;
}

static inline uint32_t
look_be32(const struct look *l, uint64_t at)
{
	return look_has(l, at, 4) ? look_be16(l, at + 2) | look_be16(l, at) << 16 : 0;
}

static inline bool
look_is(const struct look *l, uint64_t at, const char *magic, size_t len)
{
	return look_has(l, at, len) && (len == 0 || memcmp(l->bytes.data + at, magic, len) == 0);
}
