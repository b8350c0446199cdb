/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pump's configuration: lines "key = value", '#' begins a comment. Every key stands there once; a key that isn't known, one that
 * is missing and a value outside of its range are errors, and then nothing of the file is used.
 */
#pragma once

#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_VERSION 1u
#define CONFIG_TEXT_MAX 32u
#define CONFIG_FILE_MAX 4096u

struct config {
	uint32_t version;
	char serial[CONFIG_TEXT_MAX];
	char ward[CONFIG_TEXT_MAX];
	uint32_t baud;
	uint32_t occlusion_kpa;    /* alarm above this pressure */
	uint32_t air_ul;           /* alarm above this much air */
	uint32_t kvo_ul_h;         /* flow that keeps the vein open when the volume is in */
	uint32_t silence_s;        /* how long an alarm may be muted */
	uint32_t frame_timeout_ms;
	bool remote_start;         /* whether the ward may start an infusion */
};

/* ret_line: where the error is; 0 when something is missing. */
PUMP_MUST_USE enum pump_status config_parse(struct text file, struct config *ret_config, unsigned *ret_line);
