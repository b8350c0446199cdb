/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings in code written by hand: every state, severity and number of engines; with hostile names, those stand in all texts.
 */
#pragma once

#include "sample_verdicts.h"

#include <sca/finding.h>

/* How many hostile names there are. */
#define SAMPLE_HOSTILE 10

/* False without memory. */
bool sample_findings_make(struct sample *s, size_t count, const char *const *hostile);
/* The shipped plan, four engines of which one is missing, and what they showed. False without memory. */
bool sample_code_make(struct sample *s);
