/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pump CONFIG LIBRARY LOG: the pump on a desk. Frames of the ward come in on standard input, answers go out on standard output;
 * a second goes by with every command.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

static enum pump_status
read_file(const char *path, char *bytes, size_t room, struct text *ret_text)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return PUMP_E_NOT_FOUND;
	size_t n = fread(bytes, 1, room, f);
	int failed = ferror(f);
	int more = n == room && fgetc(f) != EOF;
	if (fclose(f) != 0 || failed != 0)
		return PUMP_E_IO;
	*ret_text = (struct text){ bytes, n };
	return more ? PUMP_E_FULL : PUMP_OK;
}

static int
complain(const char *path, unsigned line, enum pump_status status)
{
	(void)fprintf(stderr, "pump: %s:%u: %s\n", path, line, pump_status_name(status));
	return EXIT_FAILURE;
}

static enum pump_status
open_log(const char *path, const char *serial, struct event_log *log, unsigned *ret_line)
{
	static char bytes[EVENT_LOG_MAX];
	struct text text = { bytes, 0 };
	enum pump_status status = read_file(path, bytes, sizeof bytes, &text);
	if (status != PUMP_OK && status != PUMP_E_NOT_FOUND)
		return status;
	PUMP_TRY(event_log_verify(text, serial, log, ret_line));
	log->file = fopen(path, "ab");
	return log->file == NULL ? PUMP_E_IO : PUMP_OK;
}

static enum pump_status
answer(struct pump *pump, const struct frame *request)
{
	unsigned char wire[FRAME_WIRE_MAX];
	struct frame reply;
	size_t len;
	command_run(pump, request, &reply);
	PUMP_TRY(frame_write(&reply, wire, &len));
	return fwrite(wire, 1, len, stdout) == len && fflush(stdout) == 0 ? PUMP_OK : PUMP_E_IO;
}

static enum pump_status
serve(struct pump *pump)
{
	const struct sensors calm = { 0, 0, false };
	struct frame_parser parser;
	struct frame request;
	frame_parser_init(&parser);
	for (int byte = getchar(); byte != EOF; byte = getchar()) {
		if (!frame_feed(&parser, (unsigned char)byte, &request))
			continue;
		pump_tick(pump, pump->now + 1, &calm);
		PUMP_TRY(answer(pump, &request));
	}
	return PUMP_OK;
}

int
main(int argc, char **argv)
{
	static char bytes[DRUG_FILE_MAX];
	static struct drug_library library;
	struct config config;
	struct event_log log;
	struct pump pump;
	struct text text;
	unsigned line = 0;
	if (argc != 4) {
		(void)fputs("usage: pump CONFIG LIBRARY LOG\n", stderr);
		return 2;
	}
	enum pump_status status = read_file(argv[1], bytes, CONFIG_FILE_MAX, &text);
	if (status == PUMP_OK)
		status = config_parse(text, &config, &line);
	if (status != PUMP_OK)
		return complain(argv[1], line, status);
	status = read_file(argv[2], bytes, sizeof bytes, &text);
	if (status == PUMP_OK)
		status = drug_library_parse(text, &library, &line);
	if (status != PUMP_OK)
		return complain(argv[2], line, status);
	status = open_log(argv[3], config.serial, &log, &line);
	if (status == PUMP_OK)
		status = pump_init(&pump, &config, &library, &log);
	if (status == PUMP_OK)
		status = serve(&pump);
	if (status != PUMP_OK)
		return complain(argv[3], line, status);
	return fclose(log.file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
