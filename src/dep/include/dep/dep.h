/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tree depends on: its manifests, lockfiles, build files, image files and install commands, read in full. A pure
 * function of the tree's files.
 */
#pragma once

#include <codec/sources.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* Which question a file or a finding belongs to. */
/* PIPELINES: what commands of pipelines take, for ci.pinned. */
enum dep_area { DEP_LOCKED, DEP_SOURCES, DEP_IMAGES, DEP_INSTALL, DEP_PIPELINES };
#define DEP_AREAS 5

/*
 * Every kind of thing that can be the matter: name, area, whether it is a gap (else an open question), its code, and what to do.
 * Codes are stable.
 */
#define DEP_MATTERS(M) \
	/* any kind of file */ \
	M(LOCK_UNREAD, LOCKED, false, "unread", "see to what kept it from being read, and check again") \
	M(SOURCE_UNREAD, SOURCES, false, "unread", "see to what kept it from being read, and check again") \
	M(IMAGE_UNREAD, IMAGES, false, "unread", "see to what kept it from being read, and check again") \
	M(INSTALL_UNREAD, INSTALL, false, "unread", "see to what kept it from being read, and check again") \
	M(LOCK_KIND, LOCKED, false, "kind-not-read", "have a person check it: this version doesn't read this kind of file") \
	M(SOURCE_KIND, SOURCES, false, "kind-not-read", "have a person check it: this version doesn't read this kind of file") \
	M(IMAGE_KIND, IMAGES, false, "kind-not-read", "have a person check it: this version doesn't read this kind of file") \
	M(INSTALL_KIND, INSTALL, false, "kind-not-read", "have a person check it: this version doesn't read this kind of file") \
	/* npm */ \
	M(NPM_NO_LOCK, LOCKED, true, "lock-absent", "run 'npm install --package-lock-only' and commit package-lock.json") \
	M(NPM_VERSION, LOCKED, false, "lock-version", "write it anew with a current npm: 'npm install --package-lock-only'") \
	M(NPM_FORM, LOCKED, false, "lock-form", "write the lockfile anew: 'npm install --package-lock-only', and look at what changed") \
	M(NPM_OUT_OF_STEP, LOCKED, true, "out-of-step", "run 'npm install --package-lock-only', review what changed, and commit both files") \
	M(NPM_RANGE, LOCKED, false, "range-not-read", "write a version range that node-semver knows, or have a person compare it with the lock") \
	M(NPM_MISSING, LOCKED, true, "entry-missing", "run 'npm install --package-lock-only', review what changed, and commit the lockfile") \
	M(NPM_NO_HASH, LOCKED, true, "hash-missing", "remove the entry, run 'npm install --package-lock-only' and commit the lockfile: npm writes integrity anew") \
	M(NPM_WEAK_HASH, LOCKED, true, "hash-weak", "remove the entry, run 'npm install --package-lock-only' and commit the lockfile: npm writes SHA-512") \
	M(NPM_BAD_HASH, LOCKED, true, "hash-malformed", "npm ignores what it can't read: restore the entry from the registry and find out who changed it") \
	M(NPM_TWO_HASHES, LOCKED, true, "hash-ambiguous", "leave one hash: npm takes whichever matches; find out who added the other") \
	M(NPM_GIT, LOCKED, true, "git-not-pinned", "name the commit by its full id: '#' and 40 hex digits") \
	M(NPM_HALVES, LOCKED, true, "halves-differ", "old and new npm would install different things: write the lockfile anew, and find out who changed it") \
	M(NPM_BUNDLE, LOCKED, true, "bundle-claimed", "the package around it bundles nothing: restore the entry, and find out who changed it") \
	M(NPM_FOREIGN, LOCKED, true, "foreign-archive", "npm would install that other package: restore the entry, and find out who changed it") \
	M(NPM_OUTSIDE, LOCKED, true, "outside-tree", "bring it into the repository, or publish it and pin it by hash") \
	/* pip */ \
	M(PIP_NO_LOCK, LOCKED, true, "not-compiled", "run 'pip-compile --generate-hashes' and commit what it writes") \
	M(PIP_OUT_OF_STEP, LOCKED, true, "not-in-compiled", "run 'pip-compile --generate-hashes', review what changed, and commit it") \
	M(PIP_NO_HASH, LOCKED, true, "requirement-without-hash", "add '--hash=sha256:...': 'pip-compile --generate-hashes' or 'pip hash FILE' prints it") \
	M(PIP_BAD_HASH, LOCKED, true, "requirement-hash-weak", "use '--hash=sha256:' and 64 hex digits, as 'pip hash FILE' prints it") \
	M(PIP_UNPINNED, LOCKED, true, "requirement-not-pinned", "name one version: NAME==VERSION") \
	M(PIP_GIT, LOCKED, true, "requirement-by-branch", "name the commit by its full id behind '@', or a release by its hash") \
	M(PIP_OUTSIDE, LOCKED, true, "requirement-outside", "bring it into the repository, or publish it and pin it by hash") \
	M(PIP_LOCAL, LOCKED, false, "local-project", "install it with '--no-deps', and what it asks for by a file with hashes") \
	M(PIP_INCLUDE_REMOTE, LOCKED, true, "include-remote", "bring the file into the repository") \
	M(PIP_INCLUDE, LOCKED, false, "include-unread", "name it as a requirements file is named: requirements*.txt") \
	M(PIP_FORM, LOCKED, false, "requirement-form", "write it as pip documents it, without variables, or have a person check it") \
	/* fetched sources */ \
	M(FETCH_NO_HASH, SOURCES, true, "fetch-without-hash", "pin it: URL_HASH SHA256=..., as 'sha256sum FILE' prints it") \
	M(FETCH_WEAK_HASH, SOURCES, true, "fetch-hash-weak", "pin it by SHA256=... or better, as 'sha256sum FILE' prints it") \
	M(FETCH_GIT, SOURCES, true, "fetch-not-pinned", "name the commit by its full id, as 'git rev-parse TAG^{commit}' prints it") \
	M(FETCH_OTHER, SOURCES, true, "fetch-by-number", "fetch a release archive by its hash, or a git commit by its full id") \
	M(FETCH_UNCLEAR, SOURCES, false, "fetch-unclear", "write address and pin where they are used, or in variables that are set once") \
	M(FETCH_COMMAND, SOURCES, true, "fetch-by-command", "have CMake fetch it: file(DOWNLOAD ... EXPECTED_HASH SHA256=...) or FetchContent with a hash") \
	M(FETCH_OVERRIDDEN, SOURCES, false, "fetch-overridden", "take the override out, so that what is pinned is what is built") \
	M(FETCH_REDEFINED, SOURCES, false, "fetch-redefined", "give the function a name of its own, once") \
	M(MODULE_UNNAMED, SOURCES, true, "submodule-unnamed", "name it in .gitmodules with path and url, or take it out") \
	M(MODULE_RUNS, SOURCES, true, "submodule-runs", "give it a plain https or ssh address and no 'update' command") \
	M(MODULE_INSECURE, SOURCES, true, "submodule-insecure", "fetch it by https or ssh") \
	/* images */ \
	M(IMAGE_BY_NAME, IMAGES, true, "image-by-name", "add '@sha256:DIGEST': 'docker buildx imagetools inspect IMAGE' prints it") \
	M(IMAGE_UNCLEAR, IMAGES, false, "image-unclear", "write the image down, with its digest, where it is used or as the default of an ARG before FROM") \
	M(IMAGE_FORM, IMAGES, false, "image-form", "write it as Docker documents it, or have a person check it") \
	M(IMAGE_ELSEWHERE, IMAGES, true, "image-elsewhere", "bring the file into the repository, or name a repository by '#' and its full commit id") \
	/* images of commands in pipelines */ \
	M(STEP_IMAGE, PIPELINES, true, "image-by-tag", "add '@sha256:DIGEST': 'docker buildx imagetools inspect IMAGE' prints it") \
	M(STEP_ELSEWHERE, PIPELINES, true, "image-elsewhere", "bring the file into the repository, or name a repository by '#' and its full commit id") \
	M(STEP_IMAGE_UNCLEAR, PIPELINES, false, "reference-unseen", "write the image down, with its digest, where it is used") \
	/* installs */ \
	M(INSTALL_UNLOCKED, INSTALL, true, "install-without-lock", "install by the lock: 'npm ci', 'pip install --require-hashes -r FILE', 'cargo install --locked'") \
	M(INSTALL_NETWORK, INSTALL, true, "run-from-network", "make it a dependency in the manifest, so that the lockfile names it, and run what was installed") \
	M(INSTALL_UNCLEAR, INSTALL, false, "install-unclear", "have a person check whether it keeps to a lock") \
	M(DOWNLOAD_RUN, INSTALL, true, "download-run", "download to a file, check it: echo 'SHA256  FILE' | sha256sum -c, and run it then") \
	M(DOWNLOAD_UNCHECKED, INSTALL, true, "download-unchecked", "check it before anything uses it: echo 'SHA256  FILE' | sha256sum -c; for ADD: --checksum=sha256:...") \
	M(CLONE_UNPINNED, INSTALL, true, "clone-unpinned", "go to one commit by its full id: git checkout ID, or pin it as a submodule") \
	M(CHECK_DISABLED, INSTALL, true, "check-disabled", "take the option out, and mend what it was to get round") \
	M(INSECURE_SOURCE, INSTALL, true, "source-insecure", "take packages from an address with https")

#define DEP_MATTER_ENUM(name, ...) DEP_##name,
enum dep_matter { DEP_MATTERS(DEP_MATTER_ENUM) DEP_MATTER_COUNT };

struct dep_matter_row {
	enum dep_area area;
	bool gap;
	const char *code;
	const char *next;
};
extern const struct dep_matter_row dep_matters[DEP_MATTER_COUNT];

/* Most findings that are kept; the others are counted. */
#define DEP_FINDINGS_MAX 20000
struct dep_finding {
	enum dep_matter matter;
	const char *file;
	unsigned line, column; /* 0: of the file as a whole */
	const char *object;    /* package, image, command */
	const char *message;   /* one sentence, lower case, no full stop */
	const struct dep_finding *next;
};

/* Something outside of the repository that a file of the tree refers to. */
/* SOURCE: where packages are taken from, as an address; of the others names without scheme. */
enum dep_ref_kind { DEP_REF_REPOSITORY, DEP_REF_SUPPLIER, DEP_REF_IMAGE, DEP_REF_SOURCE };
#define DEP_REFS_MAX 50000
struct dep_ref {
	enum dep_ref_kind kind;
	const char *name; /* "github.com/owner/name", "registry.npmjs.org", "docker.io/library/debian" */
	const char *file;
	unsigned line;
	const struct dep_ref *next;
};

struct dep_count {
	const char *name;
	uint64_t value;
};
#define DEP_COUNTS_MAX 16

struct dep_model {
	const struct dep_finding *findings;
	size_t finding_count;              /* kept */
	uint64_t more[DEP_MATTER_COUNT];   /* findings beyond those kept */
	const struct dep_ref *refs;        /* each (kind, name) once a file */
	uint64_t refs_dropped;             /* beyond DEP_REFS_MAX */
	uint64_t judged[DEP_AREAS];        /* things that were looked at and could have been wrong */
	struct dep_count counts[DEP_AREAS][DEP_COUNTS_MAX];
	size_t count_counts[DEP_AREAS];
};

/* Fails for want of memory alone: whatever is wrong with the files is in the model. */
struct ci_model; /* ci/model.h; NULL: no pipelines */
ASSAY_MUST_USE enum assay_status dep_read(const struct sources *sources, const struct ci_model *ci,
    struct arena *arena, const struct dep_model **ret_model, struct assay_error *err);
/* Whether a file of this path is one that dep_read wants the bytes of. */
bool dep_wants(const char *path);
