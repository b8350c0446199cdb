/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wycheproof's cases through the door by which TUF metadata comes: a key in JSON, a signature's bytes.
 */
#pragma once

#include "backends.h"

enum tuf_door {
	TUF_DOOR_ACCEPTS,
	TUF_DOOR_REJECTS,
	TUF_DOOR_REFUSES_KEY,
};

/* public: hex for Ed25519, PEM for others. */
enum tuf_door tuf_door(const struct backend *backend, const char *keytype, const char *scheme, const char *public,
    struct assay_span signature, struct assay_span message);
