/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listing a folder so that no failure passes for its end.
 */
#pragma once

#include <dirent.h>

/* For CLEANUP(). */
void close_folder(DIR **d);
/* NULL with errno when it can't be opened; flags as O_NOFOLLOW. */
DIR *folder_open(int at, const char *name, int flags);
/* The next entry but "." and ".."; NULL with errno 0 at the end, with another errno when reading failed. */
const struct dirent *folder_next(DIR *d);
