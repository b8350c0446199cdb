/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WordprocessingML: paragraphs out of a part, and what the styles say of them.
 */
#pragma once

#include "build.h"

#define STYLES_MAX 2000
#define STYLE_CHAIN_MAX 16

struct docx_style {
	const char *id, *based_on;
	bool heading, code, item, hidden;
};

struct docx_styles {
	struct docx_style *items;
	size_t count;
};

ASSAY_MUST_USE enum assay_status docx_read_styles(struct assay_span xml, const char *name, struct arena *arena,
    struct docx_styles *ret_styles, struct assay_error *err);
/* What a style is, with all that it is based on. */
struct docx_style docx_style_of(const struct docx_styles *s, const char *id);

/*
 * Adds a part's paragraphs; *number counts them over all parts. shown: false for parts that aren't part of the text, as comments,
 * which are only looked through.
 */
ASSAY_MUST_USE enum assay_status docx_read_part(struct assay_span xml, const char *name, const struct docx_styles *styles,
    bool shown, unsigned *number, struct docs_builder *b, struct assay_error *err);

/* The local name of an element of WordprocessingML, "mc:" and the name of one of markup compatibility, else NULL. */
const char *docx_name(const char *name);
/* What a property like w:vanish says: on without a value, off for "0", "false", "off", "none". */
bool docx_on(const char **attributes);
