/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "leaked-keys": where private keys lie in the object store; "leaked-files": in folders that were given. One member each, LEAKS_MEMBER
 * or LEAKS_FILES_MEMBER, canonical JSON: what was searched, what was found and what was not seen. No byte of a key is in it, only digests
 * of public parts.
 */
#pragma once

#include <evidence/evidence.h>
#include <leak/find.h>

#define LEAKS_KIND "leaked-keys"
#define LEAKS_FILES_KIND "leaked-files"
#define LEAKS_MEMBER "leaks/repository.json"
#define LEAKS_FILES_MEMBER "leaks/files.json"
#define LEAKS_VERSION 1
/* Findings, unread things and listed digests that are told one by one. */
#define LEAKS_HITS_MAX 20000u
#define LEAKS_UNSEEN_MAX 1000u
#define LEAKS_LISTED_MAX 10000u

struct leaks_hit {
	const char *object;  /* id of what holds it; "" for files */
	const char *type;    /* "blob", "commit", "tag", "file" */
	const char *path;    /* "" when nothing shows it under a name */
	const char *commit;  /* one that shows it, or a tag; "" when none leads there */
	bool head;           /* HEAD has it */
	const char *offset;  /* decimal digits */
	const char *state;   /* leak_state_name() */
	const char *form;
	const char *const *publics; /* hex SHA-256 of SubjectPublicKeyInfo */
	size_t public_count;
	const char *fingerprint;    /* hex, of an OpenPGP key; else "" */
	const char *digest;         /* hex, of the container's bytes where no public part is known; else "" */
};

struct leaks_unseen {
	const char *what;
	const char *why;
};

struct leaks_facts {
	const char *contents; /* how many were searched, each once; decimal digits */
	const char *bytes;
	const struct leaks_hit *hits;
	size_t hit_count;
	const struct leaks_unseen *unseen;
	size_t unseen_count;
	const char *const *listed; /* digests that key inventories of any revision name */
	size_t listed_count;
	unsigned more;             /* findings and unseen things beyond the lists */
};

enum assay_status leaks_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err);
enum assay_status leaks_files_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err);
