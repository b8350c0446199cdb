/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event log: append-only, each line chained to the one before by SHA-256. A line is
 *
 *   NUMBER SECONDS KIND TEXT HASH
 *
 * HASH is over the line before's HASH and this line up to the blank before HASH. The first line is chained to the device's serial
 * number, so a log can't be moved to another pump.
 */
#pragma once

#include "sha256.h"
#include "status.h"
#include "text.h"

#include <stdio.h>

#define EVENT_TEXT_MAX 96u
#define EVENT_LINE_MAX 256u
#define EVENT_LOG_MAX ((size_t)1 << 20)

enum event_kind {
	EVENT_START,
	EVENT_ORDER,
	EVENT_LIMIT,
	EVENT_RUN,
	EVENT_PAUSE,
	EVENT_STOP,
	EVENT_ALARM,
	EVENT_LINE,
	EVENT_CONFIG,
};

struct event_log {
	FILE *file;                     /* opened for appending; NULL keeps the chain alone */
	uint32_t next;
	uint64_t last_seconds;
	char head[SHA256_HEX + 1];
};

const char *event_kind_name(enum event_kind kind);
/* A new chain for this device. */
void event_log_init(struct event_log *log, const char *serial, FILE *file);
/* Blanks in text become '_'. A clock that runs backwards is PUMP_E_STATE: order is what a log is for. */
PUMP_MUST_USE enum pump_status event_log_add(struct event_log *log, uint64_t seconds, enum event_kind kind, const char *text);
/* Reads a log from its start and leaves the chain at its end; PUMP_E_INTEGRITY and the line where it is broken. */
PUMP_MUST_USE enum pump_status event_log_verify(struct text file, const char *serial, struct event_log *ret_log, unsigned *ret_line);
