/* SPDX-License-Identifier: Apache-2.0 */
#include <base/arena.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>

#define BLOCK_FIRST 4096
#define BLOCK_MOST (1u << 20)

struct block {
	struct block *next;
	size_t size; /* of bytes */
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks; /* the newest, from which is taken, first */
	size_t left;          /* in the newest */
	size_t used;
	size_t cap;
};

enum assay_status
arena_new(size_t cap, struct arena **ret_arena)
{
	struct arena *a = calloc(1, sizeof(*a));
	if (a == NULL)
		return ASSAY_E_MEMORY;
	a->cap = cap;
	*ret_arena = a;
	return ASSAY_OK;
}

void
arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	struct block *b = (*a)->blocks;
	while (b != NULL) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
	free(*a);
	*a = NULL;
}

/* A new block in front that holds at least size bytes. */
static bool
add_block(struct arena *a, size_t size)
{
	size_t want = a->blocks == NULL ? BLOCK_FIRST : a->blocks->size * 2;
	if (want > BLOCK_MOST)
		want = BLOCK_MOST;
	if (want < size)
		want = size;
	if (want > SIZE_MAX - sizeof(struct block))
		return false;
	struct block *b = calloc(1, sizeof(*b) + want);
	if (b == NULL)
		return false;
	b->size = want;
	b->next = a->blocks;
	a->blocks = b;
	a->left = want;
	return true;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size == 0)
		size = 1;
	if (size > SIZE_MAX - align)
		return NULL;
	size = (size + align - 1) / align * align;
	if (size > a->cap - a->used)
		return NULL;
	if (size > a->left && !add_block(a, size))
		return NULL;
	unsigned char *at = a->blocks->bytes + (a->blocks->size - a->left);
	a->left -= size;
	a->used += size;
	return at;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

char *
arena_copy(struct arena *a, struct assay_span s)
{
	if (s.len == SIZE_MAX)
		return NULL;
	char *copy = arena_alloc(a, s.len + 1);
	if (copy != NULL && s.len > 0)
		memcpy(copy, s.data, s.len);
	return copy;
}

char *
arena_str(struct arena *a, const char *text)
{
	return arena_copy(a, assay_span_str(text));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return NULL;
	char *text = arena_alloc(a, (size_t)len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, fmt);
	const int written = vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return written == len ? text : NULL;
}

#undef arena_full
enum assay_status
arena_full(struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_MEMORY, "this piece of work needs more memory than it may use");
	return assay_error_todo(err, ASSAY_E_MEMORY, "split the input, or see the caps in assay(1)");
}
