/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LLVM's bit stream (its "Bitstream container format"): blocks of records, whose shapes the stream itself defines. As much of it as
 * clang's serialized diagnostics take; everything capped, for the stream may be anybody's.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

#define BITS_OPERANDS_MAX 64
#define BITS_ABBREVS_MAX 32
#define BITS_SHAPE_MAX 16
#define BITS_DEEP_MAX 8
#define BITS_BLOCKS_MAX 16

struct bits_record {
	uint64_t code;
	uint64_t operands[BITS_OPERANDS_MAX]; /* without the code */
	size_t count;
	struct assay_span blob; /* into the stream */
};

struct bits_events {
	void *context;
	/* false ends the reading */
	bool (*open)(void *context, uint32_t block);
	bool (*close)(void *context, uint32_t block);
	bool (*record)(void *context, uint32_t block, const struct bits_record *record);
};

/* Behind the magic. *ret_why is set when ASSAY_E_FORMAT or ASSAY_E_LIMIT comes back. */
ASSAY_MUST_USE enum assay_status bits_read(struct assay_span stream, const struct bits_events *events, const char **ret_why);
