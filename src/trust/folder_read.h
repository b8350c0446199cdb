/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <trust/folder.h>

/* All below assay/ of the work tree, without following a link; what isn't a file that can be read says why. */
ASSAY_MUST_USE enum assay_status folder_read(int tree, struct arena *arena, struct sources *ret_files,
    struct assay_error *err);
