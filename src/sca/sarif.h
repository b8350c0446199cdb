/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the SARIF reader share. */
#pragma once

#include <codec/jsontree.h>
#include <sca/sarif.h>

struct sarif_reading {
	const char *name;
	struct arena *arena;
	struct assay_error *err;
	const struct sarif_run *run; /* whose artifacts and rules indices point into */
};

/* "" when absent or no text. */
const char *sarif_text(const struct jsontree *object, const char *key);
/* 0 when absent, no number, negative or too large. */
uint32_t sarif_number(const struct jsontree *object, const char *key, bool *ret_told);
/* {"text": ...} or {"markdown": ...}. */
const char *sarif_message(const struct jsontree *object, const char *key);
/* Room for the children of a list; ASSAY_E_FORMAT when it is there and no list. *ret_first NULL for none. */
ASSAY_MUST_USE enum assay_status sarif_list(const struct sarif_reading *r, const struct jsontree *object, const char *key, size_t size,
    void *ret_room, size_t *ret_count, const struct jsontree **ret_first);
ASSAY_MUST_USE enum assay_status sarif_strings(const struct sarif_reading *r, const struct jsontree *object, const char *key,
    const char *const **ret_list, size_t *ret_count);
/* An object's members of text, as pairs; appends behind what is there. */
ASSAY_MUST_USE enum assay_status sarif_pairs(const struct sarif_reading *r, const struct jsontree *object, const char *key,
    const struct sca_pair **pairs, size_t *count);
/* A list of locations. */
ASSAY_MUST_USE enum assay_status sarif_places(const struct sarif_reading *r, const struct jsontree *object, const char *key,
    const struct sarif_place **ret_places, size_t *ret_count);
ASSAY_MUST_USE enum assay_status sarif_flows(const struct sarif_reading *r, const struct jsontree *result,
    const struct sarif_place **ret_places, size_t *ret_count);
ASSAY_MUST_USE enum assay_status sarif_read_result(const struct sarif_reading *r, const struct jsontree *from,
    struct sarif_result *ret_result);
/* The number of a "CWE-79", "external/cwe/cwe-079" or "cwe:79"; 0 for no such text. */
uint32_t sarif_cwe(const char *text);
