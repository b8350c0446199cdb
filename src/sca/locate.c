/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/report.h>

#include <string.h>

/* Columns in bytes, as clang counts them. */
static void
place(struct sca_report *r, struct assay_span bytes)
{
	uint32_t line = 1, column = 1;
	if (r->offset > bytes.len)
		return;
	for (uint32_t i = 0; i < r->offset; i++) {
		column++;
		if (bytes.data[i] == '\n') {
			line++;
			column = 1;
		}
	}
	r->line = line;
	r->column = column;
}

void
sca_reading_locate(struct sca_reading *r, bool (*find)(void *context, const char *path, struct assay_span *ret_bytes), void *context)
{
	for (size_t i = 0; i < r->count; i++) {
		struct sca_report *x = &r->reports[i];
		struct assay_span bytes = { NULL, 0 };
		if (x->line == 0 && x->has_offset && !x->outside && find(context, x->path, &bytes))
			place(x, bytes);
	}
}
