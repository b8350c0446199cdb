/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <errno.h>
#include <sys/socket.h>

#define HEAD 5

void
wire_put_u32(struct buf *to, uint32_t v)
{
	buf_add_u32be(to, v);
}

void
wire_put_text(struct buf *to, struct assay_span text)
{
	buf_add_ssh_string(to, text);
}

uint32_t
wire_take_u32(struct wire *w)
{
	if (w->bad || w->bytes.len - w->at < 4) {
		w->bad = true;
		return 0;
	}
	const unsigned char *b = w->bytes.data + w->at;
	w->at += 4;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

struct assay_span
wire_take_text(struct wire *w)
{
	uint32_t len = wire_take_u32(w);
	if (w->bad || len > w->bytes.len - w->at) {
		w->bad = true;
		return (struct assay_span) { NULL, 0 };
	}
	struct assay_span text = { w->bytes.data + w->at, len };
	w->at += len;
	return text;
}

/* A write to an end that is gone is an answer, not a signal. */
static bool
send_all(int fd, const unsigned char *from, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, from, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
receive_all(int fd, unsigned char *to, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, to, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		len -= (size_t)n;
	}
	return true;
}

bool
wire_send(int fd, enum wire_kind kind, struct assay_span bytes)
{
	if (bytes.len > WIRE_MESSAGE_MAX)
		return false;
	const unsigned char head[HEAD] = { (unsigned char)kind, (unsigned char)(bytes.len >> 24), (unsigned char)(bytes.len >> 16),
		(unsigned char)(bytes.len >> 8), (unsigned char)bytes.len };
	return send_all(fd, head, sizeof head) && send_all(fd, bytes.data, bytes.len);
}

bool
wire_receive(int fd, enum wire_kind *ret_kind, struct buf *into)
{
	static const size_t piece = 1u << 20;
	unsigned char head[HEAD];
	buf_reset(into);
	if (!receive_all(fd, head, sizeof head))
		return false;
	size_t len = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
	unsigned char *room = malloc(piece);
	bool good = room != NULL && len <= WIRE_MESSAGE_MAX;
	while (good && len > 0) {
		size_t n = len < piece ? len : piece;
		good = receive_all(fd, room, n);
		if (good)
			buf_add(into, room, n);
		len -= n;
	}
	free(room);
	*ret_kind = (enum wire_kind)head[0];
	return good && into->status == ASSAY_OK;
}
