/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which container images the commands of a script take, build and name: docker, podman, nerdctl, buildah, kubectl and their like,
 * by tables of their verbs and options.
 */
#pragma once

#include <codec/shell.h>

#define SHELL_IMAGES_MAX 5000
/* Scripts in scripts ("sh -c"). */
#define SHELL_IMAGES_DEPTH_MAX 4

enum shell_image_kind {
	SHELL_IMAGE_TAKEN,     /* from a registry, unless it was made here */
	SHELL_IMAGE_MADE,      /* built or imported here under this name */
	SHELL_IMAGE_NAMED,     /* given this name; it was called from before */
	SHELL_IMAGE_LOADED,    /* out of an archive; what they are called isn't to be seen */
	SHELL_IMAGE_FILE,      /* the path of an image file that is built from */
	SHELL_IMAGE_COMPOSE,   /* the path of a compose file that is started from */
	SHELL_IMAGE_ELSEWHERE, /* what is built or started is described at this address, or "-": comes by the input */
};

struct shell_image {
	enum shell_image_kind kind;
	const char *text;  /* NULL: it is computed */
	const char *from;  /* of NAMED; NULL: computed */
	const char *key;   /* the same for two names that are computed alike; NULL: it can't be told */
	const char *shown; /* as written */
	const char *input; /* of "-": the here-document that is read, or NULL */
	bool fetched;      /* of TAKEN: from the registry, even when there is one of this name */
	unsigned line, column; /* of the command; of a script in a script: of the outer one */
	struct shell_image *next;
};

/* All of them in the order of the text, NULL for none. ASSAY_E_LIMIT over a cap. */
ASSAY_MUST_USE enum assay_status shell_find_images(const struct shell_script *s, struct arena *arena,
    const struct shell_image **ret_first, struct assay_error *err);

/* A word's text, with "${NAME}" for its variables; NULL when there is more in it than can be written so. */
const char *shell_word_key(const struct shell_word *w, struct arena *arena);

/* The command that c runs inside of a container ("docker run IMAGE make"); false when there is none. */
bool shell_contained(const struct shell_command *c, struct arena *arena, struct shell_command *ret_inner);
