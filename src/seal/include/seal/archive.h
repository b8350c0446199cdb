/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What archives hold, down through archives in archives: zip, tar (ustar, pax, GNU), gzip, ar, cpio ("newc"). Each member is
 * classified as a file is. Nothing is written anywhere, and nothing that a name says is followed. Archives that can't be opened
 * are said to be so.
 */
#pragma once

#include <seal/classify.h>

/* Of one file of the tree, with all archives in it. */
#define SEAL_INSIDE_DEPTH_MAX 6
#define SEAL_INSIDE_MEMBERS_MAX 200000u
#define SEAL_INSIDE_BYTES_MAX (512u << 20) /* unpacked */
#define SEAL_INSIDE_NAME_MAX 4096u

/* What can be the matter with an archive or a member. Codes are stable. */
#define SEAL_INSIDE_MATTERS(M) \
	M(NOT_OPENED, "archive-not-opened") /* of a kind that isn't read here */ \
	M(ENCRYPTED, "member-encrypted") \
	M(TOO_DEEP, "archive-too-deep") \
	M(TOO_LARGE, "archive-too-large") /* unpacked, it goes beyond SEAL_INSIDE_BYTES_MAX */ \
	M(TOO_MANY, "archive-too-many-members") \
	M(MALFORMED, "archive-malformed") \
	M(INCONSISTENT, "archive-inconsistent") /* programs will find different things in it */ \
	M(LEADS_OUT, "member-leads-out") /* ".." in its name */ \
	M(ABSOLUTE, "member-absolute") \
	M(LINK_OUT, "member-link-out") \
	M(TWICE, "member-twice")

#define SEAL_INSIDE_ENUM(name, ...) SEAL_INSIDE_##name,
enum seal_inside_matter { SEAL_INSIDE_MATTERS(SEAL_INSIDE_ENUM) SEAL_INSIDE_MATTER_COUNT };
const char *seal_inside_code(enum seal_inside_matter matter);

struct seal_inside_problem {
	enum seal_inside_matter matter;
	const char *path; /* as below; of an archive as a whole, its own */
	const struct seal_inside_problem *next;
};

/* A member: its path is that of the archive, '!', and its own name as the archive has it. */
struct seal_member {
	const char *path;
	enum seal_type type;
	uint32_t mode;
	uint64_t size;
	const char *target;
	struct seal_looked looked;
	const struct seal_member *next;
};

struct seal_inside {
	const struct seal_member *members; /* in the order of the archives */
	size_t count;
	const struct seal_inside_problem *problems;
	size_t problem_count;
};

/* Whether the file is of a kind that this looks into, or reports as not opened. */
bool seal_is_archive(const struct seal_looked *looked);
/* Fails for want of memory alone: what is wrong with an archive is in the problems. */
ASSAY_MUST_USE enum assay_status seal_inside(const struct seal_file *file, const struct seal_looked *looked,
    struct arena *arena, struct seal_inside *ret_inside, struct assay_error *err);

/* Whether a link at path leads out of what path is relative to, by its words alone: absolute, or by too many "..". */
bool seal_leads_out(const char *path, const char *target);
