/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stddef.h>
#include <string.h>

enum key_kind { KEY_NUMBER, KEY_TEXT, KEY_BOOL };

struct key {
	const char *name;
	enum key_kind kind;
	size_t offset;
	uint32_t least, most; /* of a number */
};

#define FIELD(member) offsetof(struct config, member)

static const struct key keys[] = {
	{ "version", KEY_NUMBER, FIELD(version), CONFIG_VERSION, CONFIG_VERSION },
	{ "serial", KEY_TEXT, FIELD(serial), 0, 0 },
	{ "ward", KEY_TEXT, FIELD(ward), 0, 0 },
	{ "baud", KEY_NUMBER, FIELD(baud), 9600, 115200 },
	{ "occlusion-kpa", KEY_NUMBER, FIELD(occlusion_kpa), 10, 120 },
	{ "air-ul", KEY_NUMBER, FIELD(air_ul), 15, 250 },
	{ "kvo-ul-h", KEY_NUMBER, FIELD(kvo_ul_h), 100, 5000 },
	{ "silence-s", KEY_NUMBER, FIELD(silence_s), 0, 120 },
	{ "frame-timeout-ms", KEY_NUMBER, FIELD(frame_timeout_ms), 20, 5000 },
	{ "remote-start", KEY_BOOL, FIELD(remote_start), 0, 0 },
};

#define KEYS (sizeof keys / sizeof keys[0])

static const struct key *
find_key(struct text name, size_t *ret_index)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (text_is(name, keys[i].name)) {
			*ret_index = i;
			return &keys[i];
		}
	}
	return NULL;
}

static enum pump_status
set_number(const struct key *key, struct text value, void *where)
{
	uint32_t number;
	PUMP_TRY(text_number(value, key->most, &number));
	if (number < key->least)
		return PUMP_E_RANGE;
	memcpy(where, &number, sizeof number);
	return PUMP_OK;
}

static enum pump_status
set_bool(struct text value, void *where)
{
	bool yes = text_is(value, "yes");
	if (!yes && !text_is(value, "no"))
		return PUMP_E_FORMAT;
	*(bool *)where = yes;
	return PUMP_OK;
}

static enum pump_status
set_value(const struct key *key, struct text value, struct config *config)
{
	void *where = (char *)config + key->offset;
	if (value.len == 0)
		return PUMP_E_FORMAT;
	switch (key->kind) {
	case KEY_NUMBER:
		return set_number(key, value, where);
	case KEY_TEXT:
		return text_copy(value, where, CONFIG_TEXT_MAX);
	case KEY_BOOL:
		return set_bool(value, where);
	}
	return PUMP_E_FORMAT;
}

static enum pump_status
parse_line(struct text line, struct config *config, bool seen[KEYS])
{
	struct text name;
	size_t index;
	line = text_trim(line);
	if (line.len == 0 || line.at[0] == '#')
		return PUMP_OK;
	if (!text_field(&line, '=', &name) || line.at == NULL)
		return PUMP_E_FORMAT;
	const struct key *key = find_key(text_trim(name), &index);
	if (key == NULL)
		return PUMP_E_NOT_FOUND;
	if (seen[index])
		return PUMP_E_FORMAT;
	seen[index] = true;
	return set_value(key, text_trim(line), config);
}

enum pump_status
config_parse(struct text file, struct config *ret_config, unsigned *ret_line)
{
	struct config config;
	bool seen[KEYS] = { false };
	struct text line;
	unsigned number = 0;
	memset(&config, 0, sizeof config);
	*ret_line = 0;
	if (file.len > CONFIG_FILE_MAX)
		return PUMP_E_FULL;
	while (text_line(&file, &line)) {
		*ret_line = ++number;
		PUMP_TRY(parse_line(line, &config, seen));
	}
	*ret_line = 0;
	for (size_t i = 0; i < KEYS; i++) {
		if (!seen[i])
			return PUMP_E_NOT_FOUND;
	}
	*ret_config = config;
	return PUMP_OK;
}
