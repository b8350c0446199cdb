/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "check.h"

static const char *const lines[] = {
	"version = 1", "serial = PX-0001", "ward = 3 West", "baud = 115200", "occlusion-kpa = 80", "air-ul = 100",
	"kvo-ul-h = 1000", "silence-s = 120", "frame-timeout-ms = 200", "remote-start = no",
};

#define LINES (sizeof lines / sizeof lines[0])

static char file[8192];

/* The good file with line number "index" replaced; NULL leaves it out. */
static struct text
with(size_t index, const char *other)
{
	size_t at = 0;
	for (size_t i = 0; i < LINES; i++) {
		const char *line = i == index ? other : lines[i];
		if (line != NULL)
			at += (size_t)snprintf(file + at, sizeof file - at, "%s\n", line);
	}
	return (struct text){ file, at };
}

static void
reads_a_good_file(void)
{
	struct config c;
	unsigned line = 9;
	CHECK(config_parse(with(LINES, NULL), &c, &line) == PUMP_OK && line == 0);
	CHECK(c.baud == 115200 && c.occlusion_kpa == 80 && !c.remote_start);
	CHECK_STRING(c.ward, "3 West");
	CHECK(config_parse(with(9, "# who may?\n\n  remote-start =yes\t"), &c, &line) == PUMP_OK && c.remote_start);
}

static void
wants_every_key(void)
{
	for (size_t i = 0; i < LINES; i++) {
		struct config c = { .baud = 1 };
		unsigned line = 9;
		CHECK(config_parse(with(i, NULL), &c, &line) == PUMP_E_NOT_FOUND);
		CHECK(line == 0 && c.baud == 1);
	}
}

static void
names_the_bad_line(void)
{
	static const struct {
		size_t index;
		const char *line;
		enum pump_status wanted;
	} rows[] = {
		{ 0, "version = 2", PUMP_E_RANGE }, { 1, "serial =", PUMP_E_FORMAT }, { 1, "serial = P\x01", PUMP_E_FORMAT },
		{ 1, "serial = 0123456789012345678901234567890123456789", PUMP_E_FULL }, { 3, "baud = 9599", PUMP_E_RANGE },
		{ 3, "baud = 115201", PUMP_E_RANGE }, { 3, "baud = 0x9600", PUMP_E_FORMAT }, { 4, "occlusion-kpa = 121", PUMP_E_RANGE },
		{ 4, "occlusion-kpa = -1", PUMP_E_FORMAT }, { 4, "occlusion-kpa = 99999999999", PUMP_E_FORMAT },
		{ 5, "air-ul = 14", PUMP_E_RANGE }, { 5, "air-ul 100", PUMP_E_FORMAT }, { 6, "kvo = 1000", PUMP_E_NOT_FOUND },
		{ 7, "baud = 115200", PUMP_E_FORMAT }, { 9, "remote-start = true", PUMP_E_FORMAT },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config c;
		unsigned line = 0;
		CHECK(config_parse(with(rows[i].index, rows[i].line), &c, &line) == rows[i].wanted);
		CHECK(line == rows[i].index + 1);
	}
}

static void
keeps_its_bounds(void)
{
	static char much[CONFIG_FILE_MAX + 2];
	struct config c;
	unsigned line;
	memset(much, '\n', sizeof much - 1);
	CHECK(config_parse(text_of(much), &c, &line) == PUMP_E_FULL);
	CHECK(config_parse(text_of(""), &c, &line) == PUMP_E_NOT_FOUND);
}

static const struct check_case cases[] = {
	{ "reads a good file", reads_a_good_file },
	{ "wants every key", wants_every_key },
	{ "names the bad line", names_the_bad_line },
	{ "keeps its bounds", keeps_its_bounds },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
