/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state folder: what is remembered between runs. Nothing here can fail a check: what can't be remembered is
 * done again.
 */
#pragma once

#include "workspace.h"

/* SHA-256 of this program's own file. */
ASSAY_MUST_USE enum assay_status state_program_digest(unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err);
/* Of the environment, NULL where it has none. For the thread that main() runs in. */
const char *state_variable(const char *name);
/* $VARIABLE/assay, else $HOME/FALLBACK/assay, else NULL. */
char *state_xdg_folder(struct arena *a, const char *variable, const char *fallback);
/* Digest of all that the evidence of these kinds depends on: the repository's stamp, the kinds, this program. */
ASSAY_MUST_USE enum assay_status state_stamp(const struct workspace *w, const char *const *kinds,
    size_t kind_count, unsigned char ret_stamp[ASSAY_SHA256_SIZE], bool *ret_settled,
    struct assay_error *err);
/* True when the evidence under this stamp was found whole: it is in w->evidence then. */
bool state_recall(struct workspace *w, const unsigned char stamp[ASSAY_SHA256_SIZE]);
/* Writes in the background; the pool's end waits for it. */
void state_remember(struct workspace *w, const unsigned char stamp[ASSAY_SHA256_SIZE]);
void state_load_memo(struct workspace *w);
void state_save_memo(struct workspace *w);
