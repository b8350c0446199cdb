/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People's SSH keys, of any type, making SSHSIG signatures: a key in an ssh-agent, security keys among them, or an encrypted
 * file.
 */
#pragma once

#include <assay/sshsig.h>
#include <trust/signer.h>

struct sshsig_signer;

/* Whether a key, by its blob, is one to sign with: of several in an agent, the one that fits is taken. */
typedef bool (*sshsig_fits)(void *ctx, struct assay_span blob);

/*
 * name as signer_open() has it, but "agent" is the only key there that fits, of whatever type. fits may be NULL: all do.
 * ASSAY_E_USAGE when several fit, ASSAY_E_NOT_FOUND when none does.
 */
ASSAY_MUST_USE enum assay_status sshsig_open(const struct signer_request *request, sshsig_fits fits,
    void *fits_ctx, struct sshsig_signer **ret_signer, struct assay_error *err);
void sshsig_free(struct sshsig_signer **s);
/* The public key's blob; valid as long as s. */
struct assay_span sshsig_blob(const struct sshsig_signer *s);
/* An armored signature over message, verified before it is handed out. */
ASSAY_MUST_USE enum assay_status sshsig_make(struct sshsig_signer *s, const char *name_space,
    struct assay_span message, struct buf *out, struct assay_error *err);
