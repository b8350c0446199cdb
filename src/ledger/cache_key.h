/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache's MAC key: 32 random bytes in a file of the user's alone, outside the folder that it
 * protects.
 */
#pragma once

#include <assay/status.h>

#define CACHE_MAC_KEY_SIZE 32

/*
 * Reads key_file, making it when absent. Refused (ASSAY_E_VERIFY): a link, another owner, readable
 * or writable by others, another size, in a folder that others may write to, below folder.
 */
ASSAY_MUST_USE enum assay_status cache_key_load(const char *folder, const char *key_file,
    unsigned char ret_key[CACHE_MAC_KEY_SIZE], struct assay_error *err);
