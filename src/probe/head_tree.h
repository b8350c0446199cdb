/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HEAD's tree: its folders, and where its files stand.
 */
#pragma once

#include "object_set.h"
#include "store.h"

/*
 * Reads all folders of HEAD's tree into objects, and lists its files in t->sources without their bytes. gone(ctx, id) is called for
 * each folder that is absent or altered. Commits must have been read. ASSAY_E_NOT_FOUND when HEAD's commit or its tree is.
 */
enum assay_status head_tree_read(struct store *s, struct object_set *objects, struct tree *t,
    void (*gone)(void *ctx, const struct oid *id), void *ctx, struct assay_error *err);
