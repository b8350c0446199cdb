/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed notes (c2sp.org/signed-note), the writing side; assay/note.h reads and verifies them.
 */
#pragma once

#include <trust/signer.h>

/*
 * Appends the note: text, an empty line and one signature line under name, by the Ed25519 key of
 * signer. text ends with a line end, has no empty line at its end and holds no control characters
 * but LF. name has no spaces and no '+'.
 */
ASSAY_MUST_USE enum assay_status note_sign(struct signer *signer, const char *name,
    struct assay_span text, struct buf *out, struct assay_error *err);
/* Appends the verifier key "NAME+HASH+BASE64", for people to hand on. */
ASSAY_MUST_USE enum assay_status note_verifier_key(
    const struct signer *signer, const char *name, struct buf *out, struct assay_error *err);
