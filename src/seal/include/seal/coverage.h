/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a release holds, laid beside its manifest: every entry is in it as it is, or left out for a reason, or a gap. Beside that, what
 * a manifest of every entry still doesn't cover: what comes from outside, what is unpacked or fetched later, what others may change.
 */
#pragma once

#include <assay/hash.h>
#include <assay/status.h>
#include <base/arena.h>
#include <seal/archive.h>
#include <stdbool.h>
#include <stdint.h>

/* An entry of the tree that was looked at. */
struct seal_entry {
	const char *path;        /* as in seal_file */
	enum seal_type type;
	uint32_t mode;           /* 07777; of a link any */
	uint64_t size;           /* of a file */
	unsigned char sha256[ASSAY_SHA256_SIZE]; /* of a file */
	const char *target;      /* of a link */
	const struct seal_looked *looked;
	const struct seal_inside *inside; /* or NULL */
};

/*
 * What the policy leaves out, and why. A pattern alone leaves out data, configuration and archives without code; what runs, starts
 * things, says who may do what, or is a key stays in until an exclusion names its kind: each of its kinds, when it has several.
 */
struct seal_exclusion {
	const char *pattern; /* as text_match() */
	const char *kind;    /* a name of SEAL_KINDS, or NULL */
	const char *reason;
	unsigned line;       /* in the policy */
};

#define SEAL_EXCLUSIONS_MAX 1000u
#define SEAL_ENTRIES_MAX 20000000u
/* Most facts that are kept of one kind; the others are counted. */
#define SEAL_FACTS_MAX 10000u

enum seal_weight {
	SEAL_NOTE,     /* worth a line */
	SEAL_QUESTION, /* a person has to look, or the policy to say */
	SEAL_GAP,
};

/* Everything that can be said: weight, code, in words. Codes are stable. */
#define SEAL_MATTERS(M) \
	M(NOT_IN_MANIFEST, GAP, "not-in-manifest", "it is in the release and not in its manifest") \
	M(DIGEST_DIFFERS, GAP, "digest-differs", "the manifest has another digest of it") \
	M(LISTED_OTHERWISE, GAP, "listed-otherwise", "the manifest has it with another type, mode, size or target") \
	M(NOT_IN_TREE, GAP, "not-in-tree", "the manifest lists it, and the release lacks it") \
	M(EXCLUDED, NOTE, "excluded", "the policy leaves it out of the manifest") \
	M(EXCLUSION_WIDE, GAP, "exclusion-too-wide", "this pattern leaves out whatever there is") \
	M(EXCLUSION_REASON, GAP, "exclusion-without-reason", "this exclusion gives no reason") \
	M(EXCLUSION_KIND, GAP, "exclusion-without-kind", "an exclusion matches it without naming its kind, and doesn't count") \
	M(EXCLUSION_UNKNOWN, GAP, "exclusion-unknown-kind", "this exclusion names a kind that there isn't") \
	M(EXCLUSION_UNUSED, QUESTION, "exclusion-unused", "this exclusion leaves out nothing") \
	M(LIBRARY_OUTSIDE, QUESTION, "library-outside", "this library isn't in the release") \
	M(INTERPRETER_OUTSIDE, QUESTION, "interpreter-outside", "this program isn't in the release") \
	M(LINK_ABSOLUTE, NOTE, "link-absolute", "the link is absolute, and leads into the release when that is the root") \
	M(LINK_OUTSIDE, QUESTION, "link-outside", "the link leads out of the release") \
	M(LINK_DANGLING, QUESTION, "link-dangling", "the link leads to nothing: what is put there later is in no manifest") \
	M(LINK_LOOP, QUESTION, "link-loop", "the link leads in a circle") \
	M(ARCHIVE_CODE, QUESTION, "archive-with-code", "the archive holds code: what is unpacked from it is in no manifest") \
	M(ARCHIVE_UNSEEN, QUESTION, "archive-unseen", "not all of the archive could be looked at") \
	M(ARCHIVE_ODD, QUESTION, "archive-odd", "what this archive unpacks to depends on the program, or lies outside") \
	M(FETCHES, QUESTION, "fetches", "it fetches things that are in no manifest") \
	M(SETUID, QUESTION, "setuid", "whoever runs it gets its owner's rights") \
	M(SETGID, QUESTION, "setgid", "whoever runs it gets its group's rights") \
	M(WORLD_WRITABLE, GAP, "world-writable", "anybody on the system may change it") \
	M(GROUP_WRITABLE, QUESTION, "group-writable", "its group may change it") \
	M(DEVICE, GAP, "device", "a manifest can't hold it") \
	M(PRIVATE_KEY, GAP, "private-key", "whoever has the release has this private key") \
	M(DAMAGED, QUESTION, "damaged", "its headers are cut or contradict each other") \
	M(PARTLY_SEEN, QUESTION, "partly-seen", "not all of it was looked at") \
	M(DISGUISED, QUESTION, "disguised", "its name or its first bytes say another thing than the rest")

#define SEAL_MATTER_ENUM(name, ...) SEAL_MATTER_##name,
enum seal_matter { SEAL_MATTERS(SEAL_MATTER_ENUM) SEAL_MATTER_COUNT };

struct seal_matter_row {
	enum seal_weight weight;
	const char *code;
	const char *words;
};
extern const struct seal_matter_row seal_matters[SEAL_MATTER_COUNT];

struct seal_fact {
	enum seal_matter matter;
	enum seal_weight weight; /* that of the matter, or less where the policy answers it */
	const char *path;        /* of an entry; of an exclusion its pattern; of what is outside, of the first that asks for it */
	const char *object;      /* a kind, a library, a target, an archive's member, a code of archive.h; or NULL */
	uint64_t count;          /* entries that it is so of: 1, or of what is outside all that ask for it */
	const struct seal_fact *next;
};

struct seal_scene {
	const struct seal_entry *entries; /* in the manifest's order, without what lies in the seal's own folder */
	size_t count;
	struct assay_span manifest;
	const struct seal_exclusion *exclusions;
	size_t exclusion_count;
	const char *platform; /* what the policy says that the rest comes from ("debian 12"), or NULL */
};

struct seal_coverage {
	const struct seal_fact *facts; /* by entry, in their order; then those of exclusions and of what is outside */
	size_t fact_count;
	uint64_t more[SEAL_MATTER_COUNT]; /* beyond SEAL_FACTS_MAX */
	uint64_t looked, relevant, covered, excluded; /* entries; nothing looked at is nobody's pass */
	uint64_t groups[SEAL_GROUPS]; /* entries that are of each group */
};

/*
 * ASSAY_E_FORMAT when the manifest isn't one, ASSAY_E_USAGE when the entries aren't in its order. Whatever else is wrong is in the
 * facts.
 */
ASSAY_MUST_USE enum assay_status seal_coverage(const struct seal_scene *scene, struct arena *arena,
    struct seal_coverage *ret_coverage, struct assay_error *err);
