/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing buffer with a cap. Once an append fails the buffer stays failed: append freely, ask
 * buf_status() once. The bytes are always followed by a NUL that does not count.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

struct buf {
	unsigned char *data;
	size_t len;
	size_t room;
	size_t cap; /* most bytes it may hold */
	enum assay_status status;
};

#define BUF_INIT(most) { .cap = (most) }

void buf_done(struct buf *b);
void buf_reset(struct buf *b); /* empties it, keeps memory, forgets a failure */
void buf_add(struct buf *b, const void *data, size_t len);
void buf_add_span(struct buf *b, struct assay_span s);
void buf_add_str(struct buf *b, const char *text);
void buf_add_byte(struct buf *b, unsigned char byte);
void buf_addf(struct buf *b, const char *fmt, ...) ASSAY_PRINTF(2, 3);
void buf_add_u32be(struct buf *b, uint32_t v);
/* An SSH string: length as u32, then the bytes. */
void buf_add_ssh_string(struct buf *b, struct assay_span s);
void buf_add_hex(struct buf *b, struct assay_span bytes);
void buf_add_base64(struct buf *b, struct assay_span bytes);
struct assay_span buf_span(const struct buf *b);
/* The text so far, "" when nothing was added. */
const char *buf_str(const struct buf *b);
/* ASSAY_OK, ASSAY_E_LIMIT or ASSAY_E_MEMORY; fills err, naming what. */
ASSAY_MUST_USE enum assay_status buf_status(const struct buf *b, const char *what,
    struct assay_error *err);
