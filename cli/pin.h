/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets from a person: typed at the terminal, or a PIN from a file or a program of theirs. Nothing of a PIN is kept outside of the
 * caller's memory.
 */
#pragma once

#include "cli.h"

#include <trust/signer.h>

/* A line typed without echo, after prompt; *ret_len 0 for an empty one. option names what to use where there is no terminal. */
ASSAY_MUST_USE enum assay_status pin_typed(const char *prompt, const char *option, unsigned char *out, size_t room,
    size_t *ret_len, struct assay_error *err);
/* A signer_ask_pin; ctx is the struct cli. */
enum assay_status pin_ask(void *ctx, const struct signer_token *token, unsigned char *pin, size_t room, size_t *ret_len,
    struct assay_error *err);
/*
 * What tokens take that the command line leaves open, out of the user's own configuration, $XDG_CONFIG_HOME/assay/config: module and
 * PIN program. Nothing where there is no such file.
 */
ASSAY_MUST_USE enum assay_status pin_configure(struct cli *cli, struct assay_error *err);
