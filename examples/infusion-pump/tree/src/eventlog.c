/* SPDX-License-Identifier: Apache-2.0 */
#include "eventlog.h"

#include <inttypes.h>
#include <string.h>

static const char *const kinds[] = {
	[EVENT_START] = "start",
	[EVENT_ORDER] = "order",
	[EVENT_LIMIT] = "limit",
	[EVENT_RUN] = "run",
	[EVENT_PAUSE] = "pause",
	[EVENT_STOP] = "stop",
	[EVENT_ALARM] = "alarm",
	[EVENT_LINE] = "line",
	[EVENT_CONFIG] = "config",
};

const char *
event_kind_name(enum event_kind kind)
{
	size_t i = (size_t)kind;
	return i < sizeof kinds / sizeof kinds[0] ? kinds[i] : "unknown";
}

void
event_log_init(struct event_log *log, const char *serial, FILE *file)
{
	struct sha256 s;
	unsigned char digest[SHA256_SIZE];
	memset(log, 0, sizeof *log);
	log->file = file;
	sha256_init(&s);
	sha256_add(&s, serial, strlen(serial));
	sha256_end(&s, digest);
	sha256_hex(digest, log->head);
}

static void
chain(const char *before, const char *line, size_t len, char out[SHA256_HEX + 1])
{
	struct sha256 s;
	unsigned char digest[SHA256_SIZE];
	sha256_init(&s);
	sha256_add(&s, before, SHA256_HEX);
	sha256_add(&s, line, len);
	sha256_end(&s, digest);
	sha256_hex(digest, out);
}

static enum pump_status
clean_text(const char *text, char out[EVENT_TEXT_MAX])
{
	size_t n = strlen(text);
	if (n == 0 || n >= EVENT_TEXT_MAX)
		return PUMP_E_RANGE;
	for (size_t i = 0; i <= n; i++) {
		if (text[i] != '\0' && (text[i] < ' ' || text[i] > '~'))
			return PUMP_E_FORMAT;
		out[i] = (char)(text[i] == ' ' ? '_' : text[i]);
	}
	return PUMP_OK;
}

enum pump_status
event_log_add(struct event_log *log, uint64_t seconds, enum event_kind kind, const char *text)
{
	char clean[EVENT_TEXT_MAX], line[EVENT_LINE_MAX], hash[SHA256_HEX + 1];
	if (seconds < log->last_seconds)
		return PUMP_E_STATE;
	if (log->next == UINT32_MAX)
		return PUMP_E_FULL;
	PUMP_TRY(clean_text(text, clean));
	int n = snprintf(line, sizeof line, "%" PRIu32 " %" PRIu64 " %s %s", log->next, seconds, event_kind_name(kind), clean);
	if (n < 0 || (size_t)n >= sizeof line)
		return PUMP_E_FULL;
	chain(log->head, line, (size_t)n, hash);
	/* Only what is on the medium moves the chain on. */
	if (log->file != NULL && (fprintf(log->file, "%s %s\n", line, hash) < 0 || fflush(log->file) != 0))
		return PUMP_E_IO;
	memcpy(log->head, hash, sizeof hash);
	log->next++;
	log->last_seconds = seconds;
	return PUMP_OK;
}

static bool
known_kind(struct text t)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (text_is(t, kinds[i]))
			return true;
	}
	return false;
}

/* Digits without a bound of 32 bits. */
static enum pump_status
parse_seconds(struct text t, uint64_t *ret_seconds)
{
	uint64_t n = 0;
	if (t.len == 0 || t.len > 12)
		return PUMP_E_FORMAT;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return PUMP_E_FORMAT;
		n = n * 10 + (uint64_t)(t.at[i] - '0');
	}
	*ret_seconds = n;
	return PUMP_OK;
}

static enum pump_status
verify_line(struct event_log *log, struct text line)
{
	struct text field[5], rest = line;
	char hash[SHA256_HEX + 1];
	uint32_t number;
	uint64_t seconds;
	for (size_t i = 0; i < 5; i++) {
		if (!text_field(&rest, ' ', &field[i]))
			return PUMP_E_FORMAT;
	}
	if (rest.at != NULL || field[4].len != SHA256_HEX || !known_kind(field[2]))
		return PUMP_E_FORMAT;
	PUMP_TRY(text_number(field[0], UINT32_MAX - 1, &number));
	PUMP_TRY(parse_seconds(field[1], &seconds));
	chain(log->head, line.at, (size_t)(field[4].at - line.at) - 1, hash);
	if (number != log->next || seconds < log->last_seconds || memcmp(hash, field[4].at, SHA256_HEX) != 0)
		return PUMP_E_INTEGRITY;
	memcpy(log->head, hash, sizeof hash);
	log->next++;
	log->last_seconds = seconds;
	return PUMP_OK;
}

enum pump_status
event_log_verify(struct text file, const char *serial, struct event_log *ret_log, unsigned *ret_line)
{
	struct event_log log;
	struct text line;
	*ret_line = 0;
	if (file.len > EVENT_LOG_MAX)
		return PUMP_E_FULL;
	event_log_init(&log, serial, NULL);
	while (text_line(&file, &line)) {
		++*ret_line;
		PUMP_TRY(verify_line(&log, line));
	}
	*ret_log = log;
	return PUMP_OK;
}
