/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/deviations/NAME.yaml: a control that doesn't apply here, or that is deviated from, for a reason and for a time. It counts once
 * one person has requested it and another one, in the role that policy.yaml names, has approved it. Format: assay-exception(5).
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdint.h>

#define EXCEPTION_VERSION 1
#define EXCEPTION_FOLDER "assay/deviations/"
#define EXCEPTION_HISTORIC_CONTROL "repo.signed"

enum exception_kind {
	EXCEPTION_DEVIATED,
	EXCEPTION_NOT_APPLICABLE,
	EXCEPTION_HISTORIC, /* keys granted later count for what is older than any authority: of repo.signed alone */
};

struct exception {
	const char *control; /* "dep.locked" */
	enum exception_kind kind;
	const char *reason;
	const char *risk;    /* what may come of it; NULL for what doesn't apply and for a historic import */
	int64_t until;       /* exclusive */
	unsigned line;       /* of the control's name */
};

ASSAY_MUST_USE enum assay_status exception_parse(struct assay_span yaml, const char *name,
    struct arena *arena, struct exception *ret_exception, struct assay_error *err);
