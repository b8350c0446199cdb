/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing records: text of any kind as YAML that reads back as the same text.
 */
#pragma once

#include <base/buf.h>
#include <codec/yaml.h>

/* KEY: "VALUE" and a line end; nothing when value is NULL. */
void words_add(struct buf *out, const char *key, const char *value);
/* KEY: ["A", "B"] and a line end; nothing for none. */
void words_add_list(struct buf *out, const char *key, const struct yaml_strings *list);
