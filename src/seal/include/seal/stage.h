/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A seal folder comes to be as a whole, or one of its files is put in the place of another: whoever looks, whenever the writer was
 * killed, finds the old one or the new one. What is on its way lies beside it under a name that begins with SEAL_STAGE_NAME, never in
 * it, where it would be a file that nobody signed.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>

#define SEAL_STAGE_NAME ".assay-seal-"

struct seal_stage;

/*
 * An empty folder that is to become path. beside: the folder to make it in, on the same file system; NULL: the one that holds path (not
 * good when that is a tree which is being sealed).
 */
ASSAY_MUST_USE enum assay_status seal_stage_new(const char *path, const char *beside, struct seal_stage **ret_stage,
    struct assay_error *err);
/* What was not committed is gone. */
void seal_stage_free(struct seal_stage **stage);
/* The folder's descriptor, to write files in. */
int seal_stage_fd(const struct seal_stage *stage);
/* Its path for the time being; valid as long as stage. */
const char *seal_stage_path(const struct seal_stage *stage);
/* Copies all files of the folder at path, links and folders excepted (ASSAY_E_UNSUPPORTED), but those named in but (NULL-terminated). */
ASSAY_MUST_USE enum assay_status seal_stage_copy(const struct seal_stage *stage, const char *path, const char *const *but,
    struct assay_error *err);
/*
 * Now it is there. replace: in the place of the folder that is there, which is removed then; else ASSAY_E_USAGE when path is there
 * already.
 */
ASSAY_MUST_USE enum assay_status seal_stage_commit(struct seal_stage *stage, bool replace, struct assay_error *err);
/* Puts one file of the seal folder at path in the place of what has its name there, or of nothing. beside as above. */
ASSAY_MUST_USE enum assay_status seal_put(const char *path, const char *beside, const char *name, struct assay_span bytes,
    struct assay_error *err);
