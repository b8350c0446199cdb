/* SPDX-License-Identifier: Apache-2.0 */
/* What an updater needs of its device: files, two slots, and a memory that is replaced as a whole. On another board, this is other code. */
#pragma once

#include <assay/fsverity.h>
#include <assay/release.h>
#include <stdint.h>

#define DEVICE_USED_MAX 64

/* All that the device remembers. */
struct memory {
	char magic[8];
	uint32_t slot; /* the one in use, 0 or 1 */
	uint32_t used_count, root_len;
	struct assay_release_floor floor;
	unsigned char used[DEVICE_USED_MAX][ASSAY_SHA256_SIZE]; /* authorisations to go back: each counts once */
	unsigned char root[ASSAY_RELEASE_ROOT_MAX];             /* the newest that was trusted */
};

struct digests {
	uint64_t size;
	unsigned char sha256[ASSAY_SHA256_SIZE], verity[ASSAY_SHA256_SIZE];
};

/* For reading, whatever it is: no link is followed, and no pipe waited for. Below 0 with errno. */
int device_open(int folder, const char *name);
/* As much as there is, up to size. */
ASSAY_MUST_USE enum assay_status device_read(int fd, unsigned char *out, size_t size, size_t *ret_len, struct assay_error *err);
/* Both digests of a file in one read, and a copy unless to is -1. Reads no more than one byte beyond the size that it should have. */
ASSAY_MUST_USE enum assay_status device_copy(int from, int to, uint64_t size, struct digests *ret, struct assay_error *err);
/* Files, folders and links below a folder; a folder at its top that is the same as without (-1: none) isn't counted. */
ASSAY_MUST_USE enum assay_status device_count(const char *folder, int without, uint64_t *ret_count, struct assay_error *err);

/* All 0 where nothing was ever installed. */
ASSAY_MUST_USE enum assay_status device_remember(int state, struct memory *ret_memory, struct assay_error *err);
/* There is the old memory or the new one, whenever the power fails; what was written into a slot is there before. */
ASSAY_MUST_USE enum assay_status device_commit(int state, struct memory *memory, struct assay_error *err);
/* A slot, emptied. */
ASSAY_MUST_USE enum assay_status device_clear(const char *folder, uint32_t slot, int *ret_slot, struct assay_error *err);
