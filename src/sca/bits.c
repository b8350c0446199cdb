/* SPDX-License-Identifier: Apache-2.0 */
#include "bits.h"

#include <base/cleanup.h>

/* Abbreviations that the format fixes, and their first own. */
enum { END_BLOCK, ENTER_BLOCK, DEFINE_ABBREV, UNABBREVIATED, FIRST_OWN };
enum encoding { LITERAL, FIXED, VBR, ARRAY, CHAR6, BLOB };
enum { BLOCKINFO = 0, SET_BLOCK = 1 };
#define TOP_WIDTH 2

struct shape {
	struct {
		enum encoding encoding;
		uint64_t value;
	} operands[BITS_SHAPE_MAX];
	size_t count;
};

struct shapes {
	struct shape list[BITS_ABBREVS_MAX];
	size_t count;
};

struct bits {
	struct assay_span bytes;
	uint64_t at; /* in bits */
	const struct bits_events *events;
	const char *why;
	struct shapes info[BITS_BLOCKS_MAX]; /* by number of the block */
	struct shapes open[BITS_DEEP_MAX];   /* by depth */
};

static enum assay_status
bad(struct bits *b, enum assay_status status, const char *why)
{
	b->why = why;
	return status;
}

/* ---- numbers ---- */

static enum assay_status
take(struct bits *b, unsigned width, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (width > 64 || b->at + width > (uint64_t)b->bytes.len * 8)
		return bad(b, ASSAY_E_FORMAT, "it ends too early");
	for (unsigned i = 0; i < width; i++, b->at++)
		value |= (uint64_t)(b->bytes.data[b->at / 8] >> (b->at % 8) & 1) << i;
	*ret_value = value;
	return ASSAY_OK;
}

static enum assay_status
take_vbr(struct bits *b, unsigned width, uint64_t *ret_value)
{
	uint64_t value = 0, chunk = 0;
	if (width < 2 || width > 32)
		return bad(b, ASSAY_E_FORMAT, "a number has an odd width");
	const uint64_t more = UINT64_C(1) << (width - 1);
	for (unsigned shift = 0;; shift += width - 1) {
		TRY(take(b, width, &chunk));
		if (shift < 64)
			value |= (chunk & (more - 1)) << shift;
		if ((chunk & more) == 0)
			break;
	}
	*ret_value = value;
	return ASSAY_OK;
}

static enum assay_status
align(struct bits *b)
{
	uint64_t to = (b->at + 31) / 32 * 32;
	if (to > (uint64_t)b->bytes.len * 8)
		return bad(b, ASSAY_E_FORMAT, "it ends too early");
	b->at = to;
	return ASSAY_OK;
}

/* ---- records ---- */

static enum assay_status
keep(struct bits_record *r, bool *has_code, uint64_t value)
{
	if (!*has_code) {
		r->code = value;
		*has_code = true;
	} else if (r->count < BITS_OPERANDS_MAX) {
		r->operands[r->count++] = value;
	}
	return ASSAY_OK;
}

static enum assay_status
take_scalar(struct bits *b, enum encoding encoding, uint64_t value, uint64_t *ret_value)
{
	if (encoding == LITERAL) {
		*ret_value = value;
		return ASSAY_OK;
	}
	/* A width of 0 is a 0 that takes no place. */
	if ((encoding == FIXED || encoding == VBR) && value == 0) {
		*ret_value = 0;
		return ASSAY_OK;
	}
	if (encoding == FIXED && value <= 64)
		return take(b, (unsigned)value, ret_value);
	if (encoding == VBR && value <= 32)
		return take_vbr(b, (unsigned)value, ret_value);
	if (encoding == CHAR6)
		return take(b, 6, ret_value);
	return bad(b, ASSAY_E_FORMAT, "a record has a shape that can't be");
}

static enum assay_status
take_array(struct bits *b, const struct shape *s, size_t i, struct bits_record *r, bool *has_code)
{
	uint64_t count = 0, value = 0;
	if (i + 2 != s->count)
		return bad(b, ASSAY_E_FORMAT, "a record has a shape that can't be");
	TRY(take_vbr(b, 6, &count));
	/* Elements of no width would take no end of time. */
	if (count > (uint64_t)b->bytes.len * 8)
		return bad(b, ASSAY_E_FORMAT, "a list is longer than the whole");
	for (uint64_t n = 0; n < count; n++) {
		TRY(take_scalar(b, s->operands[i + 1].encoding, s->operands[i + 1].value, &value));
		TRY(keep(r, has_code, value));
	}
	return ASSAY_OK;
}

static enum assay_status
take_blob(struct bits *b, struct bits_record *r)
{
	uint64_t len = 0;
	TRY(take_vbr(b, 6, &len));
	TRY(align(b));
	uint64_t from = b->at / 8;
	if (len > b->bytes.len - from)
		return bad(b, ASSAY_E_FORMAT, "a text is longer than the whole");
	r->blob = (struct assay_span) { b->bytes.data + from, (size_t)len };
	b->at += len * 8;
	return align(b);
}

static enum assay_status
take_shaped(struct bits *b, const struct shape *s, struct bits_record *r)
{
	bool has_code = false;
	uint64_t value = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (s->operands[i].encoding == ARRAY)
			return take_array(b, s, i, r, &has_code);
		if (s->operands[i].encoding == BLOB)
			return take_blob(b, r);
		TRY(take_scalar(b, s->operands[i].encoding, s->operands[i].value, &value));
		TRY(keep(r, &has_code, value));
	}
	return ASSAY_OK;
}

static enum assay_status
take_plain(struct bits *b, struct bits_record *r)
{
	uint64_t count = 0, value = 0;
	bool has_code = true;
	TRY(take_vbr(b, 6, &r->code));
	TRY(take_vbr(b, 6, &count));
	for (uint64_t i = 0; i < count; i++) {
		TRY(take_vbr(b, 6, &value));
		TRY(keep(r, &has_code, value));
	}
	return ASSAY_OK;
}

/* ---- shapes ---- */

static enum assay_status
define(struct bits *b, struct shapes *into)
{
	uint64_t count = 0, literal = 0, value = 0;
	TRY(take_vbr(b, 5, &count));
	if (count == 0 || count > BITS_SHAPE_MAX || into->count == BITS_ABBREVS_MAX)
		return bad(b, ASSAY_E_LIMIT, "it defines too much");
	struct shape *s = &into->list[into->count++];
	s->count = (size_t)count;
	for (size_t i = 0; i < s->count; i++) {
		TRY(take(b, 1, &literal));
		s->operands[i].encoding = LITERAL;
		if (literal == 1) {
			TRY(take_vbr(b, 8, &s->operands[i].value));
			continue;
		}
		TRY(take(b, 3, &value));
		if (value < FIXED || value > BLOB)
			return bad(b, ASSAY_E_FORMAT, "it defines a shape that can't be");
		s->operands[i].encoding = (enum encoding)value;
		s->operands[i].value = 0;
		if (value == FIXED || value == VBR)
			TRY(take_vbr(b, 5, &s->operands[i].value));
	}
	return ASSAY_OK;
}

/* ---- blocks ---- */

struct block {
	uint32_t number;
	unsigned width, depth;
	struct shapes *shapes; /* its own */
	uint32_t about;        /* in BLOCKINFO: which block the shapes are for */
};

static enum assay_status
on_record(struct bits *b, struct block *k, uint64_t id)
{
	struct bits_record r = { 0 };
	if (id == UNABBREVIATED) {
		TRY(take_plain(b, &r));
	} else {
		if (id - FIRST_OWN >= k->shapes->count)
			return bad(b, ASSAY_E_FORMAT, "a record has a shape that nothing defines");
		TRY(take_shaped(b, &k->shapes->list[id - FIRST_OWN], &r));
	}
	if (k->number == BLOCKINFO && r.code == SET_BLOCK && r.count > 0)
		k->about = r.operands[0] < BITS_BLOCKS_MAX ? (uint32_t)r.operands[0] : BLOCKINFO;
	if (k->number != BLOCKINFO && !b->events->record(b->events->context, k->number, &r))
		return bad(b, ASSAY_E_FORMAT, "a record in it isn't what it should be");
	return ASSAY_OK;
}

static enum assay_status read_block(struct bits *b, unsigned depth);

/* *ret_ended: the block is over. */
static enum assay_status
step(struct bits *b, struct block *k, bool *ret_ended)
{
	uint64_t id = 0;
	TRY(take(b, k->width, &id));
	*ret_ended = id == END_BLOCK;
	if (id == END_BLOCK)
		return align(b);
	if (id == ENTER_BLOCK)
		return read_block(b, k->depth + 1);
	if (id != DEFINE_ABBREV)
		return on_record(b, k, id);
	return define(b, k->number == BLOCKINFO && k->about < BITS_BLOCKS_MAX ? &b->info[k->about] : k->shapes);
}

/* Depth is capped by BITS_DEEP_MAX. */
static enum assay_status
read_block(struct bits *b, unsigned depth)
{
	uint64_t number = 0, width = 0, words = 0;
	if (depth >= BITS_DEEP_MAX)
		return bad(b, ASSAY_E_LIMIT, "its blocks lie too deep in one another");
	TRY(take_vbr(b, 8, &number));
	TRY(take_vbr(b, 4, &width));
	TRY(align(b));
	TRY(take(b, 32, &words));
	if (width < 2 || width > 32 || number >= BITS_BLOCKS_MAX)
		return bad(b, ASSAY_E_FORMAT, "a block in it can't be");
	struct block k = { (uint32_t)number, (unsigned)width, depth, &b->open[depth], BLOCKINFO };
	*k.shapes = b->info[number];
	if (k.number != BLOCKINFO && !b->events->open(b->events->context, k.number))
		return bad(b, ASSAY_E_FORMAT, "a block in it is where none should be");
	for (bool ended = false; !ended;)
		TRY(step(b, &k, &ended));
	if (k.number != BLOCKINFO && !b->events->close(b->events->context, k.number))
		return bad(b, ASSAY_E_FORMAT, "a block in it isn't whole");
	return ASSAY_OK;
}

static enum assay_status
read_all(struct bits *b)
{
	uint64_t id = 0;
	while (b->at + 32 <= (uint64_t)b->bytes.len * 8) {
		TRY(take(b, TOP_WIDTH, &id));
		if (id != ENTER_BLOCK)
			return bad(b, ASSAY_E_FORMAT, "something stands between its blocks");
		TRY(read_block(b, 0));
	}
	return b->at == (uint64_t)b->bytes.len * 8 ? ASSAY_OK : bad(b, ASSAY_E_FORMAT, "something follows its blocks");
}

enum assay_status
bits_read(struct assay_span stream, const struct bits_events *events, const char **ret_why)
{
	struct bits b = { .bytes = stream, .events = events };
	enum assay_status s = read_all(&b);
	if (s != ASSAY_OK)
		*ret_why = b.why;
	return s;
}
