/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stream that "git cat-file --batch" writes: "OID TYPE SIZE LF bytes LF", again and again.
 */
#pragma once

#include <codec/gitobj.h>

struct batch_object {
	struct oid id;
	enum git_type type;
	struct assay_span bytes;
};

/* The next object at *cursor of a stream held in memory; ASSAY_E_NOT_FOUND at its end, ASSAY_E_FORMAT when cut. */
ASSAY_MUST_USE enum assay_status batch_next(struct assay_span stream, enum oid_algo algo,
    size_t *cursor, struct batch_object *ret_object, struct assay_error *err);
