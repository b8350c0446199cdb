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

static void
put_state(struct lanes_states *s, size_t lane, const uint32_t state[LANES_WORDS])
{
	for (size_t i = 0; i < LANES_WORDS; i++)
		s->words[i][lane] = state[i];
}

static void
get_state(const struct lanes_states *s, size_t lane, uint32_t ret_state[LANES_WORDS])
{
	for (size_t i = 0; i < LANES_WORDS; i++)
		ret_state[i] = s->words[i][lane];
}

static void
put_digest(const struct lanes_states *s, size_t lane, unsigned char *digest)
{
	for (size_t i = 0; i < LANES_WORDS; i++) {
		for (size_t j = 0; j < sizeof(uint32_t); j++)
			digest[4 * i + j] = (unsigned char)(s->words[i][lane] >> (24 - 8 * j));
	}
}

/* The last block, or two, of a message of len bytes whose last ones, that fill no block, are rest: FIPS 180-4, 5.1.1. Returns how many. */
static size_t
make_end(uint64_t len, const unsigned char *rest, unsigned char ret_end[2 * LANES_BLOCK])
{
	const size_t count = len % LANES_BLOCK, blocks = count < LENGTH_AT ? 1 : 2;
	const uint64_t bits = len * 8;
	memset(ret_end, 0, (size_t)2 * LANES_BLOCK);
	if (count > 0)
		memcpy(ret_end, rest, count);
	ret_end[count] = 0x80;
	unsigned char *length = ret_end + blocks * LANES_BLOCK - sizeof bits;
	for (size_t i = 0; i < sizeof bits; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	return blocks;
}

/* -------- many messages -------- */

enum part {
	PART_NONE,   /* an idle lane */
	PART_SHARED, /* what the next message begins with, too */
	PART_BODY,   /* the whole blocks after that */
	PART_END,    /* the rest, and the length */
};

struct lane {
	enum part part;
	size_t shared; /* blocks that the message began with */
	const struct engine_message *message;
	unsigned char end[2 * LANES_BLOCK];
};

/* A message whose beginning was hashed with the one before it. */
struct begun {
	const struct engine_message *message;
	size_t blocks;
	uint32_t state[LANES_WORDS];
};

/* What is left of a lane that has nothing to do: never the least. */
#define IDLE SIZE_MAX

struct work {
	const struct lanes_kernels *k;
	const struct engine_message *next, *end;
	/* Of each lane: where its part goes on, and the blocks that are left of it. */
	const unsigned char *at[LANES_MAX];
	size_t left[LANES_MAX];
	struct lane lanes[LANES_MAX];
	struct lanes_states states;
	size_t begun_count; /* at most one a lane: who begins two takes the second before a third */
	struct begun begun[LANES_MAX];
};

static void
begin_body(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	lane->part = PART_BODY;
	w->at[i] = lane->message->data + lane->shared * LANES_BLOCK;
	w->left[i] = lane->message->len / LANES_BLOCK - lane->shared;
}

static void
begin_end(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	const size_t len = lane->message->len;
	lane->part = PART_END;
	w->at[i] = lane->end;
	w->left[i] = make_end(len, lane->message->data + (len - len % LANES_BLOCK), lane->end);
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
	w->left[i] = IDLE;
	if (w->begun_count > 0) {
		const struct begun *b = &w->begun[--w->begun_count];
		lane->message = b->message;
		lane->shared = b->blocks;
		put_state(&w->states, i, b->state);
		begin_body(w, i);
		return;
	}
	if (w->next == w->end)
		return;
	lane->message = w->next++;
	put_state(&w->states, i, initial);
	lane->shared = in_common(w, lane->message);
	if (lane->shared == 0) {
		begin_body(w, i);
		return;
	}
	lane->part = PART_SHARED;
	w->at[i] = lane->message->data;
	w->left[i] = lane->shared;
	w->next++;
}

/* What the two messages have in common is hashed: the second waits for a lane, and goes on from here. */
static void
part_ways(struct work *w, size_t i)
{
	const struct lane *lane = &w->lanes[i];
	struct begun *b = &w->begun[w->begun_count++];
	b->message = lane->message + 1;
	b->blocks = lane->shared;
	get_state(&w->states, i, b->state);
	begin_body(w, i);
}

/* To a part that has blocks, or to none when there is no message left. */
static void
advance(struct work *w, size_t i)
{
	if (w->lanes[i].part == PART_NONE)
		take_next(w, i);
	while (w->left[i] == 0) {
		switch (w->lanes[i].part) {
		case PART_SHARED:
			part_ways(w, i);
			break;
		case PART_BODY:
			begin_end(w, i);
			break;
		case PART_END:
			put_digest(&w->states, i, w->lanes[i].message->digest);
			take_next(w, i);
			break;
		case PART_NONE:
			break;
		}
	}
}

/* Every lane at once. An idle one does what a busy one does, for nothing. */
static void
step_wide(struct work *w, size_t busy, size_t blocks)
{
	for (size_t i = 0; i < LANES_MAX; i++) {
		if (w->left[i] == IDLE)
			w->at[i] = w->at[busy];
	}
	w->k->wide(&w->states, w->at, blocks);
	for (size_t i = 0; i < LANES_MAX; i++) {
		w->at[i] += blocks * LANES_BLOCK;
		w->left[i] -= w->left[i] == IDLE ? 0 : blocks;
	}
}

/* The first three busy ones. */
static void
step_narrow(struct work *w, size_t busy)
{
	size_t lanes[LANES_NARROW] = { busy, busy, busy }, n = 0, blocks = IDLE;
	const unsigned char *data[LANES_NARROW];
	for (size_t i = busy; i < w->k->lanes && n < LANES_NARROW; i++) {
		if (w->left[i] == IDLE)
			continue;
		lanes[n++] = i;
		blocks = w->left[i] < blocks ? w->left[i] : blocks;
	}
	for (size_t i = 0; i < LANES_NARROW; i++)
		data[i] = w->at[lanes[i]];
	w->k->narrow(&w->states, lanes, data, blocks);
	for (size_t i = 0; i < n; i++) {
		w->at[lanes[i]] += blocks * LANES_BLOCK;
		w->left[lanes[i]] -= blocks;
	}
}

/* As many blocks as every lane has that is taken further. False when all are idle. */
static bool
step(struct work *w)
{
	size_t blocks = IDLE, n = 0, busy = 0;
	for (size_t i = w->k->lanes; i-- > 0;) {
		blocks = w->left[i] < blocks ? w->left[i] : blocks;
		n += w->left[i] == IDLE ? 0 : 1;
		busy = w->left[i] == IDLE ? busy : i;
	}
	if (n > w->k->few)
		step_wide(w, busy, blocks);
	else if (n > 0)
		step_narrow(w, busy);
	return n > 0;
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
		w.left[i] = IDLE;
		w.at[i] = NULL;
		put_state(&w.states, i, initial);
	}
	do {
		for (size_t i = 0; i < k->lanes; i++) {
			if (w.left[i] == 0 || w.left[i] == IDLE)
				advance(&w, i);
		}
	} while (step(&w));
}

/* -------- one long message -------- */

void
lanes_begin(struct lanes_stream *s)
{
	put_state(&s->states, 0, initial);
	s->len = 0;
}

/* Whole blocks straight from bytes. */
static void
take_blocks(struct lanes_stream *s, struct assay_span *bytes)
{
	const size_t blocks = bytes->len / LANES_BLOCK;
	if (blocks == 0)
		return;
	kernel_sha_one(&s->states, 0, bytes->data, blocks);
	bytes->data += blocks * LANES_BLOCK;
	bytes->len -= blocks * LANES_BLOCK;
}

void
lanes_add(struct lanes_stream *s, struct assay_span bytes)
{
	const size_t have = s->len % LANES_BLOCK;
	s->len += bytes.len;
	if (have > 0 && bytes.len > 0) {
		const size_t room = LANES_BLOCK - have, n = bytes.len < room ? bytes.len : room;
		memcpy(s->rest + have, bytes.data, n);
		bytes.data += n;
		bytes.len -= n;
		if (n < room)
			return;
		kernel_sha_one(&s->states, 0, s->rest, 1);
	}
	take_blocks(s, &bytes);
	if (bytes.len > 0)
		memcpy(s->rest, bytes.data, bytes.len);
}

void
lanes_end(struct lanes_stream *s, unsigned char ret_digest[ENGINE_SHA256_SIZE])
{
	unsigned char end[2 * LANES_BLOCK];
	kernel_sha_one(&s->states, 0, end, make_end(s->len, s->rest, end));
	put_digest(&s->states, 0, ret_digest);
}
