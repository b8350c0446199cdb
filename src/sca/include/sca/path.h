/* SPDX-License-Identifier: Apache-2.0 */
/* Paths by their letters alone: no file system is asked, so links don't count. */
#pragma once

#include <base/arena.h>

/*
 * folder and path put together, without '.', '..' and doubled '/', and without a '/' at the begin ("" is the root itself). NULL when
 * '..' leads out of the root, when it holds a control character, or without memory.
 */
const char *sca_path_join(const char *folder, const char *path, struct arena *arena);
