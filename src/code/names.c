/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers as numbers, so that those who look for words compare numbers.
 */
#include "parse_inside.h"

#include <string.h>

static uint32_t
hash_of(struct assay_span s)
{
	uint64_t h = 0x9E3779B97F4A7C15u ^ s.len;
	size_t i = 0;
	for (; i + 8 <= s.len; i += 8) {
		uint64_t w;
		memcpy(&w, s.data + i, 8);
		h = (h ^ w) * 0xFF51AFD7ED558CCDu;
		h ^= h >> 32;
	}
	uint64_t last = 0;
	for (; i < s.len; i++)
		last = last << 8 | s.data[i];
	h = (h ^ last) * 0xC4CEB9FE1A85EC53u;
	return (uint32_t)(h ^ h >> 29);
}

static bool
grow_slots(struct parser *p)
{
	const uint32_t count = p->slot_count * 2;
	uint32_t *slots = arena_array(p->arena, count, sizeof slots[0]);
	uint32_t *hashes = arena_array(p->arena, count / 2 + 1, sizeof hashes[0]);
	if (slots == NULL || hashes == NULL) {
		p->full = true;
		return false;
	}
	for (uint32_t n = 1; n < p->u.name_count; n++) {
		uint32_t at = p->hashes[n] & (count - 1);
		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = n;
	}
	if (p->u.name_count > 0)
		memcpy(hashes, p->hashes, p->u.name_count * sizeof hashes[0]);
	p->slots = slots;
	p->hashes = hashes;
	p->slot_count = count;
	return true;
}

uint32_t
parse_name(struct parser *p, struct assay_span text)
{
	const uint32_t hash = hash_of(text);
	uint32_t at = hash & (p->slot_count - 1);
	for (; p->slots[at] != 0; at = (at + 1) & (p->slot_count - 1)) {
		const uint32_t n = p->slots[at];
		if (p->hashes[n] == hash && p->u.names[n].len == text.len && memcmp(p->u.names[n].data, text.data, text.len) == 0)
			return n;
	}
	if (p->full || (p->u.name_count + 1 >= p->slot_count / 2 && !grow_slots(p)))
		return 0;
	const uint32_t number = p->u.name_count;
	PARSE_ADD(p, PARSE_NAMES, p->u.names, p->u.name_count, text);
	if (p->full)
		return 0;
	p->hashes[number] = hash;
	for (at = hash & (p->slot_count - 1); p->slots[at] != 0;)
		at = (at + 1) & (p->slot_count - 1);
	p->slots[at] = number;
	return number;
}

void
parse_names_init(struct parser *p, const struct code_words *words)
{
	p->slot_count = 1024;
	while (words != NULL && p->slot_count < words->count * 4)
		p->slot_count *= 2;
	p->slots = arena_array(p->arena, p->slot_count, sizeof p->slots[0]);
	p->hashes = arena_array(p->arena, p->slot_count / 2 + 1, sizeof p->hashes[0]);
	const struct assay_span none = { (const unsigned char *)"", 0 };
	PARSE_ADD(p, PARSE_NAMES, p->u.names, p->u.name_count, none);
	p->full |= p->slots == NULL || p->hashes == NULL;
	for (uint32_t i = 0; words != NULL && i < words->count && !p->full; i++)
		(void)parse_name(p, assay_span_str(words->items[i]));
}

static uint32_t *
number(struct parser *p, const struct code_token *tokens, uint32_t count)
{
	uint32_t *numbers = arena_array(p->arena, count + 1, sizeof numbers[0]);
	if (numbers == NULL) {
		p->full = true;
		return NULL;
	}
	for (uint32_t i = 0; i < count && !p->full; i++) {
		if (tokens[i].kind != CODE_IDENTIFIER)
			continue;
		struct assay_span text = code_raw(p->u.raw, &tokens[i]);
		if ((tokens[i].flags & CODE_SPLICED) != 0) {
			char *joined = arena_alloc(p->arena, text.len + 1);
			p->full |= joined == NULL;
			if (joined != NULL)
				text = (struct assay_span){ (unsigned char *)joined, code_spelling(p->u.raw, &tokens[i], joined, text.len + 1) };
		}
		numbers[i] = parse_name(p, text);
	}
	return numbers;
}

void
parse_names(struct parser *p)
{
	p->u.raw_name = number(p, p->u.raw->tokens, p->u.raw->count);
	p->u.word_name = number(p, p->u.raw->words, p->u.raw->word_count);
}
