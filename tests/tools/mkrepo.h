/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes git repositories out of a scenario: commits and tags of any shape, signed with throwaway keys. For tests, the demo and
 * the benchmark; see mkrepo.c for the scenario's language.
 */
#pragma once

#include <base/buf.h>
#include <codec/gitobj.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_LEN 64
#define KEYS_MAX 256
#define WORDS_MAX 64

struct key {
	char name[NAME_MAX_LEN];
	const char *type;          /* ssh name of the algorithm */
	bool security_key;
	unsigned char ed_public[32];
	unsigned char ed_secret[64];
	EVP_PKEY *pkey;            /* ECDSA and RSA */
	struct buf blob;           /* public key in wire form */
	struct buf certificate;    /* what goes into signatures instead, when len isn't 0 */
	const struct key *signs_as; /* a certificate's own key */
	uint32_t counter;
};

struct keyring {
	struct key keys[KEYS_MAX];
	size_t count;
};

/* One scenario line's "name=value" words. */
struct words {
	char *word[WORDS_MAX];
	size_t count;
};
/* The value of "name=", or fallback. */
const char *word_value(const struct words *w, const char *name, const char *fallback);
/* True when the bare word is there. */
bool word_flag(const struct words *w, const char *name);

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

struct key *keyring_find(struct keyring *ring, const char *name);
/* type: ed25519, ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa-2048 .. rsa-4096, sk-ed25519, sk-ecdsa, small-order */
void keyring_add(struct keyring *ring, const char *name, const char *type);
/* cert NAME key= ca= principals=a,b after= before= type=user|host critical=NAME:VALUE */
void keyring_certify(struct keyring *ring, const struct words *w);
/* "ssh-ed25519 AAAA..." */
void key_text(const struct key *k, struct buf *out);
/* An armored SSHSIG over message; options: namespace=, hash=, corrupt=N, truncate=N, untouched, strip-armor-end. */
void key_sign(struct key *k, struct assay_span message, const struct words *options, struct buf *out);

/* A pack in the making. */
struct pack_writer {
	struct buf body;
	uint32_t count;
	enum oid_algo algo;
	struct oid *seen;  /* what it holds already: an open hash table */
	bool *taken;
	size_t room;       /* a power of two */
};
/* What it holds already is not written twice: git packs never do. */
void pack_add(struct pack_writer *p, enum git_type type, struct assay_span bytes,
    struct oid *ret_id);
/* Writes FOLDER/objects/pack/pack-*.pack and its index (by git index-pack). */
void pack_finish(struct pack_writer *p, const char *git_dir);
int64_t time_value(const char *text);

#define NAMED_MAX 4096
#define FILES_MAX 512
#define TEXT_MAX (64u << 20)

struct named {
	char name[NAME_MAX_LEN];
	struct oid id;
	enum git_type type;
};

struct tree_file {
	char *path;
	struct oid blob;
	unsigned char sha256[32]; /* of its bytes */
};

struct maker {
	struct keyring ring;
	struct pack_writer pack;
	struct named named[NAMED_MAX];
	size_t named_count;
	struct tree_file files[FILES_MAX];
	size_t file_count;
	struct oid tree;
	bool tree_fresh;
	bool bare, any_branch;
	char last[NAME_MAX_LEN];
	char head[256];
	const char *folder;
	char git_dir[4000];
	char *script, *at; /* what is left of the scenario */
	struct buf refs;   /* packed-refs lines */
};

struct named *find_named(struct maker *m, const char *name);
void remember(struct maker *m, const char *name, const struct oid *id, enum git_type type);
void add_id(const struct maker *m, const struct oid *id, struct buf *out);
void add_ref(struct maker *m, const char *name, const struct oid *id);
void set_file(struct maker *m, const char *path, struct assay_span content);
void make_docx(const char *text, struct buf *out);
void make_commit(struct maker *m, const struct words *w);
void make_tag(struct maker *m, const struct words *w);
void make_signoff(struct maker *m, const struct words *w);
void make_bulk(struct maker *m, const struct words *w);
