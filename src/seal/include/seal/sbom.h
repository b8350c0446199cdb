/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bills of materials: CycloneDX 1.6 written from what a tree holds, and one of CycloneDX 1.4 to 1.6 or SPDX 2.3 (both JSON) that
 * somebody gives, held against the tree. The same tree gives the same bytes.
 */
#pragma once

#include <base/buf.h>
#include <codec/sources.h>
#include <seal/coverage.h>

#define SEAL_SBOM_COMPONENTS_MAX 500000u
#define SEAL_SBOM_DEPTH_MAX 16u
#define SEAL_PACKAGES_MAX 500000u

/* A package that a database of packages or a lockfile names. */
struct seal_package {
	const char *type;    /* type of a package URL: "deb", "apk", "opkg", "npm", "cargo", "pypi" */
	const char *name, *version;
	const char *architecture; /* or NULL */
	const char *file;    /* where it says so */
	bool in_source;      /* a lockfile of the source, not a database of the tree: what it names may be linked in, bundled or left out */
};

struct seal_packages {
	struct seal_package *list; /* by system, name, version; none twice */
	size_t count;
	size_t databases;          /* files that were read */
	const char *unread;        /* one that couldn't be, or NULL */
};

/*
 * Packages of the tree's databases (dpkg, apk, opkg), of which files gives path and bytes, and of lockfiles of the source (npm, Cargo,
 * pip with pinned versions), which may be NULL.
 */
ASSAY_MUST_USE enum assay_status seal_packages(const struct seal_file *files, size_t count, const struct sources *source,
    struct arena *arena, struct seal_packages *ret_packages, struct assay_error *err);
/* Whether a file of the tree is such a database. */
bool seal_is_database(const char *path);
/* Whether a file of the source is a lockfile that is read here. */
bool seal_is_lockfile(const char *path);

struct seal_product {
	const char *name, *version;
	unsigned char manifest[ASSAY_SHA256_SIZE]; /* digest of the manifest: the serial number follows from it */
	const char *time; /* RFC 3339, or NULL: none is written */
};

/* Appends CycloneDX 1.6. Components: what of the tree runs or is firmware, what it asks for from outside, packages. */
ASSAY_MUST_USE enum assay_status seal_sbom_write(const struct seal_product *product, const struct seal_entry *entries,
    size_t count, const struct seal_packages *packages, struct arena *arena, struct buf *out, struct assay_error *err);

enum seal_sbom_format { SEAL_CYCLONEDX, SEAL_SPDX };
struct seal_sbom_component {
	const char *type;    /* "library", "file", ...; of SPDX "package" or "file" */
	const char *name;    /* with its group in front: "@scope/name" */
	const char *version; /* or NULL */
	const char *purl;    /* or NULL */
	const char *sha256;  /* 64 hex digits as written, or NULL */
	const char *other;   /* algorithm of a digest beside that, which nothing here compares; or NULL */
	unsigned line;
	bool self;           /* it is what the whole is about */
};

struct seal_sbom {
	enum seal_sbom_format format;
	const char *spec;    /* "1.6", "2.3" */
	const char *serial;  /* serialNumber or documentNamespace, or NULL */
	bool serial_sound;
	bool revision_sound; /* its own version is 1 or more, or not stated */
	const char *name, *version; /* of what it is about; NULL when it doesn't say */
	struct seal_sbom_component *components; /* in its order, nested ones behind those that hold them */
	size_t count;
};

/* ASSAY_E_FORMAT with place when it is no such bill, ASSAY_E_VERSION for a version of its format that isn't read. */
ASSAY_MUST_USE enum assay_status seal_sbom_read(struct assay_span bytes, const char *name, struct arena *arena,
    struct seal_sbom *ret_sbom, struct assay_error *err);

/* What comparing can say: weight, code, in words. Codes are stable. */
#define SEAL_SBOM_MATTERS(M) \
	M(OTHER_PRODUCT, GAP, "sbom-other-product", "it is about another product, or doesn't say about which") \
	M(OTHER_RELEASE, GAP, "sbom-other-version", "it is about another version, or doesn't say about which") \
	M(MISSING, GAP, "sbom-component-missing", "the release has this package, and the bill doesn't") \
	M(VERSION, GAP, "sbom-component-version", "the bill has another version of this package than the release") \
	M(SOURCE_MISSING, QUESTION, "sbom-source-component-missing", "a lockfile of the source names it, and the bill doesn't") \
	M(HASH, GAP, "sbom-hash-false", "the bill has another digest of this file than it has") \
	M(HASH_UNKNOWN, QUESTION, "sbom-hash-unknown", "no file of the release has this digest") \
	M(FILE_EXTRA, GAP, "sbom-file-extra", "the bill lists a file that the release lacks") \
	M(EXTRA, QUESTION, "sbom-component-extra", "the bill lists a package that neither the release's databases nor a lockfile names") \
	M(FILE_MISSING, QUESTION, "sbom-file-missing", "the bill lists files, and not this one, which runs") \
	M(UNCOMPARED, QUESTION, "sbom-not-compared", "nothing in the release says which packages it holds") \
	M(DATABASE, QUESTION, "sbom-database-unread", "this database of packages couldn't be read") \
	M(TWICE, QUESTION, "sbom-component-twice", "the bill lists it with two versions, of which the release has one") \
	M(SERIAL, QUESTION, "sbom-serial", "it has no sound serial number or revision by which it could be told from others")

#define SEAL_SBOM_ENUM(name, ...) SEAL_SBOM_##name,
enum seal_sbom_matter { SEAL_SBOM_MATTERS(SEAL_SBOM_ENUM) SEAL_SBOM_MATTER_COUNT };
extern const struct seal_matter_row seal_sbom_matters[SEAL_SBOM_MATTER_COUNT];

struct seal_sbom_fact {
	enum seal_sbom_matter matter;
	const char *object; /* a component, a file */
	const char *detail; /* what the one says and what the other, or NULL */
	unsigned line;      /* in the bill, or 0 */
	const struct seal_sbom_fact *next;
};

struct seal_sbom_outcome {
	const struct seal_sbom_fact *facts;
	size_t fact_count;
	uint64_t more;      /* beyond SEAL_FACTS_MAX */
	uint64_t compared;  /* packages and hashes that were held against the tree */
};

ASSAY_MUST_USE enum assay_status seal_sbom_compare(const struct seal_sbom *sbom, const struct seal_product *product,
    const struct seal_entry *entries, size_t count, const struct seal_packages *packages, struct arena *arena,
    struct seal_sbom_outcome *ret_outcome, struct assay_error *err);
