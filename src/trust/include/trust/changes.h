/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody signs, in words: a document against the version before it.
 */
#pragma once

#include <trust/metadata.h>

/*
 * Sentences for people, an array of JSON strings, raw text in them: escape it. before: NULL when there was none. Every
 * difference that the specification or assay gives a meaning is named; a version without any says so.
 */
ASSAY_MUST_USE enum assay_status trust_changes(const json_t *before, const json_t *after,
    json_t **ret_lines, struct assay_error *err);
