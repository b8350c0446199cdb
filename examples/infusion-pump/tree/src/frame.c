/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include "crc.h"

#include <string.h>

#define FLAG 0x7eu
#define ESCAPE 0x7du
#define FLIP 0x20u

/* What a frame carries at least: nothing, in this protocol. */
static const size_t payload_least = 0;

void
frame_parser_init(struct frame_parser *p)
{
	memset(p, 0, sizeof *p);
}

static void
begin(struct frame_parser *p)
{
	p->len = 0;
	p->in_frame = true;
	p->escaped = false;
	p->spoilt = false;
}

static void
spoil(struct frame_parser *p, uint32_t *count)
{
	if (!p->spoilt)
		++*count;
	p->spoilt = true;
}

/* A whole frame lies in bytes. */
static bool
finish(struct frame_parser *p, struct frame *ret_frame)
{
	if (p->len < FRAME_HEAD + FRAME_TAIL || p->bytes[0] != p->len - FRAME_HEAD - FRAME_TAIL) {
		p->counts.bad_length++;
		return false;
	}
	size_t covered = p->len - FRAME_TAIL;
	unsigned said = ((unsigned)p->bytes[covered] << 8) | p->bytes[covered + 1];
	if (said != crc16_add(CRC16_START, p->bytes, covered)) {
		p->counts.bad_crc++;
		return false;
	}
	struct frame frame = { .length = p->bytes[0], .sequence = p->bytes[1], .type = p->bytes[2] };
	memcpy(frame.payload, p->bytes + FRAME_HEAD, frame.length);
	*ret_frame = frame;
	p->counts.good++;
	return true;
}

/* A flag ends one frame and begins the next: after damage the line is in step again with the very next flag. */
static bool
on_flag(struct frame_parser *p, struct frame *ret_frame)
{
	bool good = false;
	if (p->in_frame && p->len > 0 && !p->spoilt) {
		if (p->escaped)
			p->counts.bad_escape++;
		else
			good = finish(p, ret_frame);
	}
	begin(p);
	return good;
}

bool
frame_feed(struct frame_parser *p, unsigned char byte, struct frame *ret_frame)
{
	if (byte == FLAG)
		return on_flag(p, ret_frame);
	if (!p->in_frame) {
		p->counts.noise++;
		return false;
	}
	if (p->spoilt)
		return false;
	if (byte == ESCAPE) {
		if (p->escaped)
			spoil(p, &p->counts.bad_escape);
		p->escaped = true;
		return false;
	}
	if (p->escaped) {
		byte ^= FLIP;
		p->escaped = false;
		if (byte != FLAG && byte != ESCAPE) {
			spoil(p, &p->counts.bad_escape);
			return false;
		}
	}
	if (p->len == sizeof p->bytes) {
		spoil(p, &p->counts.too_long);
		return false;
	}
	p->bytes[p->len++] = byte;
	return false;
}

static void
put(unsigned char *out, size_t *len, unsigned char byte)
{
	if (byte == FLAG || byte == ESCAPE) {
		out[(*len)++] = ESCAPE;
		byte ^= FLIP;
	}
	out[(*len)++] = byte;
}

enum pump_status
frame_write(const struct frame *frame, unsigned char *out, size_t *ret_len)
{
	unsigned char bytes[FRAME_BYTES_MAX];
	size_t count = 0, len = 0;
	/* cppcheck-suppress unsignedLessThanZero */
	if ((size_t)frame->length < payload_least || frame->length > FRAME_PAYLOAD_MAX)
		return PUMP_E_RANGE;
	bytes[count++] = frame->length;
	bytes[count++] = frame->sequence;
	bytes[count++] = frame->type;
	memcpy(bytes + count, frame->payload, frame->length);
	count += frame->length;
	unsigned crc = crc16_add(CRC16_START, bytes, count);
	bytes[count++] = (unsigned char)(crc >> 8);
	bytes[count++] = (unsigned char)(crc & 0xffu);
	out[len++] = FLAG;
	for (size_t i = 0; i < count; i++)
		put(out, &len, bytes[i]);
	out[len++] = FLAG;
	*ret_len = len;
	return PUMP_OK;
}
