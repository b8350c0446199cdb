/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the members of git-history evidence for tests: commits and tags with signatures, sound and broken. Ends the
 * process when something fails that is not under test.
 */
#pragma once

#include "sshmake.h"

#include <base/buf.h>
#include <evidence/history.h>

#define FORGE_OBJECTS_MAX 4096

struct forge_object {
	struct oid id;
	enum git_type type;
	struct buf bytes;
};

struct forge {
	enum oid_algo algo;
	struct forge_object objects[FORGE_OBJECTS_MAX];
	size_t count;
	struct buf refs, shallow, absent, stream;
	const char *head;
	struct evidence_member members[6];
	struct evidence evidence;
};

/* How an object is signed; all zero: not at all. */
struct forge_sign {
	const struct test_key *key;
	const struct blob *key_field;  /* a certificate */
	const char *name_space;        /* NULL: "git" */
	const char *hash;              /* NULL: "sha512" */
	const char *header;            /* NULL: "gpgsig" */
	const char *instead;           /* this text in place of the signature */
	const char *after;             /* appended to the armor */
	bool twice;
	bool spoil;                    /* over another message */
	struct test_style style;
};

struct forge_commit {
	const char *parents[4];        /* hex ids */
	size_t parent_count;
	int64_t time;
	const char *email;             /* NULL: "ann@example.org" */
	const char *message;           /* NULL: a number */
	struct forge_sign sign;
};

struct forge_tag {
	const char *target;
	const char *type;              /* NULL: "commit" */
	const char *name;
	int64_t time;
	bool no_tagger;
	struct forge_sign sign;
};

void forge_init(struct forge *f, enum oid_algo algo);
void forge_done(struct forge *f);
/* Adds an object of these bytes; its id in hex, in memory that lasts as long as the process' tests need it. */
const char *forge_raw(struct forge *f, enum git_type type, struct assay_span bytes);
const char *forge_commit(struct forge *f, const struct forge_commit *commit);
const char *forge_tag(struct forge *f, const struct forge_tag *tag);
void forge_ref(struct forge *f, const char *id, const char *name); /* in the order of names */
/* The evidence, members sorted and filled; valid until the forge changes. */
struct evidence *forge_evidence(struct forge *f);
