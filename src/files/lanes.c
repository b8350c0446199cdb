/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which message is in which lane, and how far all can go together. A message has up to three parts: what it shares with the next one,
 * the whole blocks after that, and its end with the length.
 */
#include "lanes.h"

#include <string.h>

#define LENGTH_AT 56u

/* FIPS 180-4, 5.3.3. */
static const uint32_t initial[LANES_WORDS] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
	0x5be0cd19 };

enum part {
	PART_NONE,   /* an idle lane */
	PART_SHARED, /* what the next message begins with, too */
	PART_BODY,   /* the whole blocks after that */
	PART_END,    /* the rest, and the length */
};

struct lane {
	enum part part;
	const unsigned char *at;
	size_t blocks, shared; /* left of this part; that the message began with */
	const struct engine_message *message;
	unsigned char end[2 * LANES_BLOCK];
};

/* A message whose beginning was hashed with the one before it. */
struct begun {
	const struct engine_message *message;
	size_t blocks;
	uint32_t state[LANES_WORDS];
};

struct work {
	const struct lanes_kernels *k;
	const struct engine_message *next, *end;
	struct lane lanes[LANES_MAX];
	struct lanes_states states;
	size_t begun_count; /* at most one a lane: who begins two takes the second before a third */
	struct begun begun[LANES_MAX];
};

static void
put_state(struct work *w, size_t lane, const uint32_t state[LANES_WORDS])
{
	for (size_t i = 0; i < LANES_WORDS; i++)
		w->states.words[i][lane] = state[i];
}

static void
get_state(const struct work *w, size_t lane, uint32_t ret_state[LANES_WORDS])
{
	for (size_t i = 0; i < LANES_WORDS; i++)
		ret_state[i] = w->states.words[i][lane];
}

static void
put_digest(const struct work *w, size_t lane, unsigned char *digest)
{
	for (size_t i = 0; i < LANES_WORDS; i++) {
		for (size_t j = 0; j < sizeof(uint32_t); j++)
			digest[4 * i + j] = (unsigned char)(w->states.words[i][lane] >> (24 - 8 * j));
	}
}

static void
begin_body(struct lane *lane)
{
	lane->part = PART_BODY;
	lane->at = lane->message->data + lane->shared * LANES_BLOCK;
	lane->blocks = lane->message->len / LANES_BLOCK - lane->shared;
}

/* FIPS 180-4, 5.1.1. */
static void
begin_end(struct lane *lane)
{
	const size_t len = lane->message->len, rest = len % LANES_BLOCK;
	const uint64_t bits = (uint64_t)len * 8;
	lane->part = PART_END;
	lane->blocks = rest < LENGTH_AT ? 1 : 2;
	memset(lane->end, 0, sizeof lane->end);
	if (rest > 0)
		memcpy(lane->end, lane->message->data + (len - rest), rest);
	lane->end[rest] = 0x80;
	unsigned char *length = lane->end + lane->blocks * LANES_BLOCK - sizeof bits;
	for (size_t i = 0; i < sizeof bits; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	lane->at = lane->end;
}

/* Whole blocks that a message has in common with the next one. */
static size_t
in_common(const struct work *w, const struct engine_message *m)
{
	const struct engine_message *other = m + 1;
	if (other == w->end || other->data != m->data)
		return 0;
	return (m->len < other->len ? m->len : other->len) / LANES_BLOCK;
}

static void
take_next(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	lane->part = PART_NONE;
	lane->shared = 0;
	if (w->begun_count > 0) {
		const struct begun *b = &w->begun[--w->begun_count];
		lane->message = b->message;
		lane->shared = b->blocks;
		put_state(w, i, b->state);
		begin_body(lane);
		return;
	}
	if (w->next == w->end)
		return;
	lane->message = w->next++;
	put_state(w, i, initial);
	lane->blocks = in_common(w, lane->message);
	if (lane->blocks == 0) {
		begin_body(lane);
		return;
	}
	lane->part = PART_SHARED;
	lane->at = lane->message->data;
	lane->shared = lane->blocks;
	w->next++;
}

/* What the two messages have in common is hashed: the second waits for a lane, and goes on from here. */
static void
part_ways(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	struct begun *b = &w->begun[w->begun_count++];
	b->message = lane->message + 1;
	b->blocks = lane->shared;
	get_state(w, i, b->state);
	begin_body(lane);
}

/* To a part that has blocks, or to none when there is no message left. */
static void
advance(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	if (lane->part == PART_NONE)
		take_next(w, i);
	while (lane->part != PART_NONE && lane->blocks == 0) {
		switch (lane->part) {
		case PART_SHARED:
			part_ways(w, i);
			break;
		case PART_BODY:
			begin_end(lane);
			break;
		case PART_END:
			put_digest(w, i, lane->message->digest);
			take_next(w, i);
			break;
		case PART_NONE:
			break;
		}
	}
}

/* The busy lanes, and the fewest blocks that any of the first most of them has. */
static size_t
list_busy(const struct work *w, size_t most, size_t busy[LANES_MAX], size_t *ret_blocks)
{
	size_t n = 0;
	*ret_blocks = SIZE_MAX;
	for (size_t i = 0; i < w->k->lanes; i++) {
		const struct lane *lane = &w->lanes[i];
		if (lane->part == PART_NONE)
			continue;
		if (n < most && lane->blocks < *ret_blocks)
			*ret_blocks = lane->blocks;
		busy[n++] = i;
	}
	return n;
}

static void
moved(struct lane *lane, size_t blocks)
{
	lane->at += blocks * LANES_BLOCK;
	lane->blocks -= blocks;
}

/* All of them. An idle lane does what a busy one does, for nothing. */
static void
step_wide(struct work *w, const size_t *busy, size_t n, size_t blocks)
{
	const unsigned char *data[LANES_MAX];
	for (size_t i = 0; i < LANES_MAX; i++)
		data[i] = w->lanes[busy[0]].at;
	for (size_t i = 0; i < n; i++)
		data[busy[i]] = w->lanes[busy[i]].at;
	w->k->wide(&w->states, data, blocks);
	for (size_t i = 0; i < n; i++)
		moved(&w->lanes[busy[i]], blocks);
}

/* The first three. */
static void
step_narrow(struct work *w, const size_t *busy, size_t n, size_t blocks)
{
	size_t lanes[LANES_NARROW];
	const unsigned char *data[LANES_NARROW];
	for (size_t i = 0; i < LANES_NARROW; i++) {
		lanes[i] = busy[i < n ? i : 0];
		data[i] = w->lanes[lanes[i]].at;
	}
	w->k->narrow(&w->states, lanes, data, blocks);
	for (size_t i = 0; i < n && i < LANES_NARROW; i++)
		moved(&w->lanes[lanes[i]], blocks);
}

/* As many blocks as every lane has that is taken further. False when all are idle. */
static bool
step(struct work *w)
{
	size_t busy[LANES_MAX], blocks = 0;
	size_t n = list_busy(w, LANES_MAX, busy, &blocks);
	if (n == 0)
		return false;
	if (n > w->k->few) {
		step_wide(w, busy, n, blocks);
		return true;
	}
	n = list_busy(w, LANES_NARROW, busy, &blocks);
	step_narrow(w, busy, n, blocks);
	return true;
}

void
lanes_sha256(const struct lanes_kernels *k, const struct engine_message *messages, size_t n)
{
	struct work w;
	w.k = k;
	w.next = messages;
	w.end = messages + n;
	w.begun_count = 0;
	for (size_t i = 0; i < LANES_MAX; i++) {
		w.lanes[i].part = PART_NONE;
		put_state(&w, i, initial);
	}
	do {
		for (size_t i = 0; i < k->lanes; i++)
			advance(&w, i);
	} while (step(&w));
}
