/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the drill share.
 */
#pragma once

#include <drill/drill.h>
#include <codec/canon.h>
#include <policy/attacks.h>
#include <seal/classify.h>
#include <verify/state.h>

#define PATH_SIZE 8192
#define UNDO_MAX 4

/* The copy, and how it stands. */
struct drill_work {
	const struct drill_request *request;
	struct arena *arena;
	struct drill *drill;
	char *top;  /* the private folder; NULL until it is there */
	char *tree; /* the copy: its name is the original's, for a manifest may have it */
	const char *shown; /* what the verifiers are given: tree, but for an attack that swaps it as a whole */
	char *base; /* what the manifest's paths begin at: tree, or the folder that holds it when it is one file */
	char *seal, *state, *aside;
	bool lone;
	/* Entries to try attacks on, below base; NULL: there is none. */
	const char *kinds[SEAL_KIND_COUNT]; /* the first file of each kind */
	const char *file, *other, *program, *folder, *empty_folder, *link;
	const char *full_folder; /* one that holds a file that holds something */
	struct buf manifest;    /* the original */
	/* How the verifiers are called for the attack at hand. */
	const char *root, *product;
	bool install, has_floor;
	bool open_state;        /* everybody may write what the machine remembers */
	const struct drill_row *row;
	struct verify_state floor;
	bool grow;              /* somebody writes to 'file' meanwhile */
	/* How the attack at hand is undone. */
	struct undo {
		const char *path;       /* below base; NULL: nothing */
		bool saved;             /* it lies in aside */
		bool mode;              /* only its mode was changed, from: */
		unsigned was;
	} undo[UNDO_MAX];
	size_t undo_count;
	/* The real release. */
	uint64_t targets_version, root_version;
	uint32_t threshold;
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct assay_span newest_root;
	size_t root_count;
	struct drill_keys *keys;
	/* What the product's own check took of what it should: the untouched copy, a release of the drill's world, an update there. */
	bool takes_real, takes_world, takes_update;
};

/* Ways to spoil a manifest. */
enum drill_edit { EDIT_NONE, EDIT_REMOVED, EDIT_DIGEST, EDIT_UNSORTED, EDIT_DUPLICATE, EDIT_UP, EDIT_ABSOLUTE, EDIT_NO_END, EDIT_SPELLING, EDIT_VERITY,
	EDIT_HEADER, EDIT_SIBLINGS, EDIT_ORPHAN, EDIT_DOTS, EDIT_EMPTY };

struct drill_row;
/* ASSAY_E_NOT_FOUND with words: the attack can't be tried here. */
typedef enum assay_status drill_attack(struct drill_work *w, const struct drill_row *row, struct assay_error *err);

struct drill_spec;
struct drill_row {
	const char *id;
	const char *name;               /* of policy/attacks.h; NULL: the record doesn't have it */
	const char *says;
	drill_attack *attack;
	uint64_t must, may;
	int with;                       /* attack's own */
	const struct drill_spec *spec;  /* DRILL_THROWAWAY */
	const char *word;
	enum drill_kind kind;
};

/* table.c. The row of this id is tried on each kind of file. */
#define DRILL_EACH_KIND "bit-flipped"
extern const struct drill_row drill_rows[];
extern const size_t drill_row_count;

#define CODE(name) (UINT64_C(1) << ASSAY_RELEASE_##name)

/* attacks.c: what the seal says, which must be a complete one of the request's root. */
ASSAY_MUST_USE enum assay_status drill_read_release(struct drill_work *w, struct assay_error *err);

/* copy.c */
ASSAY_MUST_USE enum assay_status drill_copy(struct drill_work *w, struct assay_error *err);
ASSAY_MUST_USE enum assay_status drill_copy_seal(struct drill_work *w, struct assay_error *err);
/* Everything below path, and path; nothing there is fine. */
void drill_remove(const char *path);
/* Copies one file: bytes, mode and capabilities. */
ASSAY_MUST_USE enum assay_status drill_copy_file(const char *from, const char *to, struct assay_error *err);
/* ASSAY_E_SYSTEM: "can't WHAT" with errno's words, at path. */
enum assay_status drill_failed(const char *what, const char *path, struct assay_error *err);
char *drill_path(struct drill_work *w, const char *folder, const char *name);
ASSAY_MUST_USE enum assay_status drill_write(struct drill_work *w, const char *folder, const char *name, struct assay_span bytes,
    struct assay_error *err);

/* tree.c */
drill_attack tree_spoil, tree_mode, tree_swap, tree_add, tree_gone, tree_link, tree_replace, tree_capability, tree_grow,
    tree_rename, tree_settle, tree_empty, tree_shown, tree_closed;
/* The verifiers are shown an empty folder of the release's name. */
ASSAY_MUST_USE enum assay_status drill_show_nothing(struct drill_work *w, struct assay_error *err);
ASSAY_MUST_USE enum assay_status drill_undo(struct drill_work *w, struct assay_error *err);
enum { SPOIL_FLIP, SPOIL_FIRST, SPOIL_LAST, SPOIL_SHORT, SPOIL_EMPTY, SPOIL_LONG, SPOIL_ALL, SPOIL_PROGRAM };
enum { SHOWN_FILE, SHOWN_RENAMED };
enum { CLOSED_FILE, CLOSED_FOLDER, CLOSED_LIST, CLOSED_EMPTY };
enum { REPLACE_LINK, REPLACE_FOLDER, REPLACE_FIFO, REPLACE_FOLDER_BY_LINK, REPLACE_RELEASE };

/* seal.c */
drill_attack seal_signatures, seal_manifest_edit, seal_file_gone, seal_file_flip, seal_extra, seal_root_again, seal_document, seal_foreign, seal_floor, seal_size,
    seal_whole;
enum { SIGNATURES_NONE, SIGNATURES_ONE_LESS, SIGNATURES_FLIPPED, SIGNATURES_REORDERED, SIGNATURES_OTHERS, SIGNATURES_EXCHANGED };
enum { FLOOR_NUMBER, FLOOR_COUNTER, FLOOR_SAME, FLOOR_PRODUCT, FLOOR_CLOCK, FLOOR_AUTHORITY, FLOOR_SOUND, FLOOR_ROOT, FLOOR_OPEN };
enum { FOREIGN_ALL, FOREIGN_ROOT, FOREIGN_TARGETS, FOREIGN_RELEASE, FOREIGN_NEXT };
enum { SIZE_HUGE, SIZE_HALF };
ASSAY_MUST_USE enum assay_status drill_edit_manifest(struct assay_span manifest, enum drill_edit edit, struct buf *out,
    struct assay_error *err);

/* keys.c: a maker's keys, made for this drill and gone with it. */
struct drill_keys;
ASSAY_MUST_USE enum assay_status drill_keys_new(struct drill_keys **ret_keys, struct assay_error *err);
void drill_keys_free(struct drill_keys **keys);
#define DRILL_KEY_LETTERS "abcrx"
/* The key of a letter: its id and object (borrowed). A capital letter is another key of the same person. */
const char *drill_key_id(const struct drill_keys *keys, char letter);
json_t *drill_key_object(const struct drill_keys *keys, char letter);
/* {"signatures", "signed"} of payload (stolen), by these letters. NULL when it can't be. */
json_t *drill_sign(const struct drill_keys *keys, json_t *payload, const char *letters);

/* world.c */
drill_attack world_attack;
extern const struct drill_spec world_foreign;
ASSAY_MUST_USE enum assay_status drill_world_seal(struct drill_work *w, const struct drill_spec *spec, const char *folder,
    char ret_fingerprint[ASSAY_TUF_HEX_SIZE], struct assay_error *err);
#define OLD_ROOT 1u
#define OLD_TARGETS 2u
#define OLD_RELEASE 4u
#define OLD_ROLLBACK 8u
/* A seal by throwaway keys. People: anna (a, A), bea (b), carl (c, who may not release), rita (r, who no longer may), x (nobody knows). */
struct drill_spec {
	const char *by;             /* who signs the release: letters */
	enum drill_edit edit;       /* of the manifest that is signed */
	unsigned old;               /* what has expired */
	const char *next_root;      /* who signs a second root; NULL: there is none */
	bool gap;                   /* it is called the third */
	const char *authority_by;   /* who signs targets.json; NULL: as it should be */
	bool elsewhere;             /* release.json is of another repository */
	bool again;                 /* the manifest was edited after the others had signed: the rest of signatures is over the first one */
	/* What the machine remembers; 0: nothing. The release is number 7, its counter 3, targets.json version 2. */
	uint64_t floor, floor_counter, floor_targets;
	int64_t seen;               /* after now */
	/* 0: as the release is. */
	uint64_t number, counter, targets;
	const char *product;        /* NULL: as the maker's release */
	bool authority_elsewhere;   /* targets.json is of another repository */
	bool fork;                  /* the machine remembers another second root */
	bool other_root, other_commit;
	const char *rollback;       /* who signs an authorisation to go back to this release; NULL: there is none */
	uint64_t rollback_from;     /* else floor */
	bool rollback_other;        /* to another release */
	bool rollback_used;
	bool verify_alone;          /* without --install */
};

/* target.c: the product's own, where there is one. Only called when the attack was made. */
ASSAY_MUST_USE enum assay_status drill_target(struct drill_work *w, struct drill_try *t, struct assay_error *err);

/* try.c: both verifiers. */
/* Reads all that a program says, and keeps the first most bytes of it; SIZE_MAX: what doesn't fit is for buf_status() to tell. */
ASSAY_MUST_USE enum assay_status drill_hear(int fd, size_t most, struct buf *out, struct assay_error *err);
ASSAY_MUST_USE enum assay_status drill_verify(struct drill_work *w, struct drill_try *t, struct assay_error *err);
