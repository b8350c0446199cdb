/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames on the serial line between pump and ward:
 *
 *   7e  length  sequence  type  payload...  crc high  crc low  7e
 *
 * length counts the payload. Between the flags 7e and 7d are sent as 7d and the byte XOR 20. The checksum covers length to payload.
 * Whatever is damaged is dropped up to the next flag and counted; the parser can always go on.
 */
#pragma once

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_PAYLOAD_MAX 64u
#define FRAME_HEAD 3u
#define FRAME_TAIL 2u
#define FRAME_BYTES_MAX (FRAME_HEAD + FRAME_PAYLOAD_MAX + FRAME_TAIL)
/* Every byte escaped, and both flags. */
#define FRAME_WIRE_MAX (2u * FRAME_BYTES_MAX + 2u)

struct frame {
	uint8_t sequence, type, length;
	unsigned char payload[FRAME_PAYLOAD_MAX];
};

struct frame_counts {
	uint32_t good, bad_crc, bad_length, bad_escape, too_long, noise;
};

struct frame_parser {
	unsigned char bytes[FRAME_BYTES_MAX];
	size_t len;
	bool in_frame, escaped, spoilt;
	struct frame_counts counts;
};

void frame_parser_init(struct frame_parser *p);
/* One byte of the line; true when it ended a good frame, which is then in *ret_frame. */
bool frame_feed(struct frame_parser *p, unsigned char byte, struct frame *ret_frame);
/* out has FRAME_WIRE_MAX bytes. */
PUMP_MUST_USE enum pump_status frame_write(const struct frame *frame, unsigned char *out, size_t *ret_len);
