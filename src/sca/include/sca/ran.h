/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs of an engine as they are read again: what each reported, and whether it looked at all.
 */
#pragma once

#include <sca/demo.h>
#include <sca/options.h>
#include <sca/output.h>

struct sca_ran {
	const struct sca_run *run;
	struct sca_reading reading;
	enum sca_state state; /* by its streams, not by its own word */
	const char *why;      /* of every state but SCA_RAN; "" else */
};

struct sca_rans {
	const struct sca_ran *items;
	size_t count;
};

/* A member of raw output, which name stands for in errors. data NULL: no runs. */
ASSAY_MUST_USE enum assay_status sca_rans_read(struct assay_span member, const char *name, const char *engine,
    struct arena *arena, struct sca_rans *ret_rans, struct assay_error *err);

/* Units by pass, of files that every run over them looked at to its end. */
struct sca_looked {
	const char **items; /* "PATH\nPASS", sorted */
	size_t count;
};
ASSAY_MUST_USE enum assay_status sca_looked_of(const struct sca_rans *rans, struct arena *arena, struct sca_looked *ret_looked,
    struct assay_error *err);
/* Whether the engine looked at a unit in all passes of its options. Without a pass it didn't. */
bool sca_looked_at(const struct sca_looked *l, const struct sca_options *options, const char *path);

/* What runs over snippets show. */
ASSAY_MUST_USE enum assay_status sca_shown_of(const struct sca_rans *rans, const struct sca_options *options, struct arena *arena,
    struct sca_shown_by *ret_shown, struct assay_error *err);
