/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/base64.h>
#include <base/buf.h>
#include <base/text.h>
#include <stdarg.h>

#define FIRST_ROOM 64

void
buf_done(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = 0;
	b->room = 0;
	b->status = ASSAY_OK;
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->status = ASSAY_OK;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Makes room for more bytes and the NUL after them; false when the buffer has failed. */
static bool
make_room(struct buf *b, size_t more)
{
	if (b->status != ASSAY_OK)
		return false;
	if (b->len > b->cap || more > b->cap - b->len || b->cap == SIZE_MAX) {
		b->status = ASSAY_E_LIMIT;
		return false;
	}
	size_t need = b->len + more + 1;
	if (need <= b->room)
		return true;
	/* No object is larger. */
	const size_t most = b->cap < PTRDIFF_MAX ? b->cap + 1 : PTRDIFF_MAX;
	if (need > most) {
		b->status = ASSAY_E_LIMIT;
		return false;
	}
	size_t room = b->room < FIRST_ROOM ? FIRST_ROOM : b->room;
	while (room < need && room <= most / 2)
		room *= 2;
	if (room < need || room > most)
		room = most;
	unsigned char *data = realloc(b->data, room);
	if (data == NULL) {
		b->status = ASSAY_E_MEMORY;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (!make_room(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_add_span(struct buf *b, struct assay_span s)
{
	buf_add(b, s.data, s.len);
}

void
buf_add_str(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_add_byte(struct buf *b, unsigned char byte)
{
	buf_add(b, &byte, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) {
		if (b->status == ASSAY_OK)
			b->status = ASSAY_E_LIMIT;
		return;
	}
	if (!make_room(b, (size_t)len))
		return;
	va_start(args, fmt);
	const int written = vsnprintf((char *)b->data + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	if (written == len) {
		b->len += (size_t)len;
		return;
	}
	b->data[b->len] = '\0';
	if (b->status == ASSAY_OK)
		b->status = ASSAY_E_INTERNAL;
}

void
buf_add_u32be(struct buf *b, uint32_t v)
{
	unsigned char bytes[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16),
		(unsigned char)(v >> 8), (unsigned char)v };
	buf_add(b, bytes, sizeof(bytes));
}

void
buf_add_ssh_string(struct buf *b, struct assay_span s)
{
	if (s.len > UINT32_MAX) {
		if (b->status == ASSAY_OK)
			b->status = ASSAY_E_LIMIT;
		return;
	}
	buf_add_u32be(b, (uint32_t)s.len);
	buf_add_span(b, s);
}

void
buf_add_hex(struct buf *b, struct assay_span bytes)
{
	if (bytes.len > SIZE_MAX / 2 || !make_room(b, bytes.len * 2)) {
		if (b->status == ASSAY_OK)
			b->status = ASSAY_E_LIMIT;
		return;
	}
	text_hex(bytes, (char *)b->data + b->len);
	b->len += bytes.len * 2;
}

void
buf_add_base64(struct buf *b, struct assay_span bytes)
{
	if (bytes.len > SIZE_MAX / 2) {
		if (b->status == ASSAY_OK)
			b->status = ASSAY_E_LIMIT;
		return;
	}
	size_t size = ASSAY_BASE64_ENCODED_SIZE(bytes.len);
	if (!make_room(b, size - 1))
		return;
	enum assay_status s = assay_base64_encode(bytes, (char *)b->data + b->len, size);
	if (s != ASSAY_OK) {
		b->data[b->len] = '\0';
		b->status = s;
		return;
	}
	b->len += size - 1;
}

struct assay_span
buf_span(const struct buf *b)
{
	return (struct assay_span) { b->data, b->len };
}

const char *
buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : (const char *)b->data;
}

enum assay_status
buf_status(const struct buf *b, const char *what, struct assay_error *err)
{
	switch (b->status) {
	case ASSAY_OK:
		return ASSAY_OK;
	case ASSAY_E_MEMORY:
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for '%s'", what);
	case ASSAY_E_LIMIT:
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' is larger than the %zu bytes allowed",
		    what, b->cap);
	default:
		return assay_fail(err, b->status, "'%s' could not be put together", what);
	}
}
