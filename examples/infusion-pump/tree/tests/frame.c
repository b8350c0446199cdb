/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include "check.h"
#include "crc.h"

static unsigned char wire[8 * FRAME_WIRE_MAX];

static size_t
write_frame(uint8_t sequence, uint8_t length, unsigned char fill, unsigned char *out)
{
	struct frame f = { .sequence = sequence, .type = 5, .length = length };
	size_t len = 0;
	memset(f.payload, fill, sizeof f.payload);
	CHECK(frame_write(&f, out, &len) == PUMP_OK);
	return len;
}

static unsigned
feed(struct frame_parser *p, const unsigned char *bytes, size_t len, struct frame *last)
{
	unsigned good = 0;
	for (size_t i = 0; i < len; i++)
		good += frame_feed(p, bytes[i], last);
	return good;
}

static void
knows_the_check_values(void)
{
	const unsigned char digits[] = "123456789";
	CHECK(crc16_add(CRC16_START, digits, 9) == 0x29b1);
	CHECK(crc32_of(digits, 9) == 0xcbf43926u);
}

static void
there_and_back(void)
{
	static const unsigned char fills[] = { 0x00, 0x7e, 0x7d, 0x5e, 0xff };
	for (uint8_t length = 0; length <= FRAME_PAYLOAD_MAX; length++) {
		for (size_t i = 0; i < sizeof fills; i++) {
			struct frame_parser p;
			struct frame f = { .length = 0 };
			frame_parser_init(&p);
			size_t len = write_frame(9, length, fills[i], wire);
			CHECK(len <= FRAME_WIRE_MAX);
			CHECK(feed(&p, wire, len, &f) == 1);
			CHECK(f.length == length && f.sequence == 9 && f.type == 5);
			CHECK(length == 0 || (f.payload[0] == fills[i] && f.payload[length - 1] == fills[i]));
		}
	}
}

static void
finds_every_flipped_bit(void)
{
	size_t len = write_frame(1, 8, 0x41, wire);
	for (size_t bit = 8; bit < 8 * (len - 1); bit++) {
		unsigned char bad[FRAME_WIRE_MAX];
		struct frame_parser p;
		struct frame f;
		frame_parser_init(&p);
		memcpy(bad, wire, len);
		bad[bit / 8] ^= (unsigned char)(1u << (bit % 8));
		CHECK(feed(&p, bad, len, &f) == 0);
	}
}

/* Whatever is cut off the second of three frames, the last one arrives. (Without its first flag it is whole: the one before it serves.) */
static void
comes_into_step_again(void)
{
	size_t first = write_frame(1, 20, 0x7e, wire), second = write_frame(2, 20, 0x10, wire + first);
	size_t third = write_frame(3, 4, 0x20, wire + first + second);
	for (size_t cut = 2; cut < second; cut++) {
		struct frame_parser p;
		struct frame f = { .sequence = 0 };
		frame_parser_init(&p);
		CHECK(feed(&p, wire, first, &f) == 1 && f.sequence == 1);
		CHECK(feed(&p, wire + first + cut, second - cut, &f) == 0);
		CHECK(feed(&p, wire + first + second, third, &f) == 1 && f.sequence == 3);
	}
}

static void
drops_and_counts(void)
{
	static const unsigned char noise[] = { 1, 2, 3 }, doubled[] = { 0x7e, 0x7d, 0x7d, 1, 0x7e };
	static const unsigned char needless[] = { 0x7e, 0x7d, 0x41, 0x7e }, hanging[] = { 0x7e, 1, 0x7d, 0x7e };
	static const unsigned char brief[] = { 0x7e, 0, 0, 0, 0x7e };
	struct frame_parser p;
	struct frame f;
	unsigned char endless[2 * FRAME_BYTES_MAX];
	frame_parser_init(&p);
	CHECK(feed(&p, noise, sizeof noise, &f) == 0 && p.counts.noise == 3);
	CHECK(feed(&p, doubled, sizeof doubled, &f) == 0 && p.counts.bad_escape == 1);
	CHECK(feed(&p, needless, sizeof needless, &f) == 0 && p.counts.bad_escape == 2);
	CHECK(feed(&p, hanging, sizeof hanging, &f) == 0 && p.counts.bad_escape == 3);
	CHECK(feed(&p, brief, sizeof brief, &f) == 0 && p.counts.bad_length == 1);
	memset(endless, 0x33, sizeof endless);
	CHECK(feed(&p, endless, sizeof endless, &f) == 0 && p.counts.too_long == 1);
	CHECK(feed(&p, wire, write_frame(7, 0, 0, wire), &f) == 1 && p.counts.good == 1);
}

static void
refuses_a_payload_too_long(void)
{
	struct frame f = { .length = FRAME_PAYLOAD_MAX + 1 };
	size_t len = 3;
	CHECK(frame_write(&f, wire, &len) == PUMP_E_RANGE && len == 3);
}

static const struct check_case cases[] = {
	{ "knows the check values", knows_the_check_values },
	{ "there and back", there_and_back },
	{ "finds every flipped bit", finds_every_flipped_bit },
	{ "comes into step again", comes_into_step_again },
	{ "drops and counts", drops_and_counts },
	{ "refuses a payload too long", refuses_a_payload_too_long },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
