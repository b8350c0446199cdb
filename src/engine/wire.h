/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes between the process that looks at a tree and those that start sandboxes: whole messages over a pair of sockets. Both ends
 * are the same program, forked; a worker takes nothing on trust all the same, for its caller has read hostile bytes.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdbool.h>
#include <stdint.h>

#define WIRE_MESSAGE_MAX (96u << 20)

enum wire_kind {
	WIRE_ADD = 1, /* path, bytes: a file below the source folder */
	WIRE_RUN,     /* where (enum wire_place) as u32, flags as u32, seconds as u32, program, arguments */
	WIRE_ANSWER,
};

enum wire_flag {
	WIRE_JOINED = 1, /* standard error comes with standard output */
	WIRE_BUILD = 2,  /* /build is writable, and kept */
	WIRE_DEMO = 4,   /* /src holds our snippets, not the tree */
};

/* How a run ended, as the worker saw it. */
enum wire_end {
	WIRE_EXITED,
	WIRE_SIGNALLED,
	WIRE_LATE,
	WIRE_OVERFLOWED,
	WIRE_NOT_STARTED,
};

struct wire {
	struct assay_span bytes;
	size_t at;
	bool bad;
};

void wire_put_u32(struct buf *to, uint32_t v);
void wire_put_text(struct buf *to, struct assay_span text);
/* 0 and "" once something was missing: ask bad at the end. */
uint32_t wire_take_u32(struct wire *w);
struct assay_span wire_take_text(struct wire *w);

/* Kind as a byte, length as u32, the bytes. false when the other end is gone. */
bool wire_send(int fd, enum wire_kind kind, struct assay_span bytes);
/* into is emptied first. false when the other end is gone or sends what can't be. */
bool wire_receive(int fd, enum wire_kind *ret_kind, struct buf *into);
