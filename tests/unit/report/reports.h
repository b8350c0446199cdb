/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of several writers share: a sample, and the text that was made of it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <report/report.h>

#include "sample_verdicts.h"

#define OUT_MAX (64u << 20)

static inline struct sample
sample_of(const char *scenario)
{
	struct sample s;
	struct assay_error err;
	assert_int_equal(sample_make(scenario, &s, &err), ASSAY_OK);
	return s;
}

static inline size_t
occurrences(const char *text, const char *part)
{
	size_t n = 0;
	for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
		n++;
	return n;
}

static inline void
assert_holds(const struct buf *out, const char *part)
{
	if (strstr(buf_str(out), part) == NULL)
		fail_msg("'%s' is not in the text", part);
}

static inline void
assert_lacks(const struct buf *out, const char *part)
{
	if (strstr(buf_str(out), part) != NULL)
		fail_msg("'%s' is in the text", part);
}

/* No byte of out could steer a terminal or turn a line. */
static inline void
assert_tame(const struct buf *out)
{
	for (size_t i = 0; i < out->len; i++) {
		unsigned char b = out->data[i];
		if ((b < 0x20 && b != '\n') || b == 0x7f)
			fail_msg("control character %u at %zu", b, i);
	}
	assert_lacks(out, "\xe2\x80\xae");
	assert_lacks(out, "\xe2\x81\xa6");
}
