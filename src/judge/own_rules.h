/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The maker's own rules for the own engine, as they are in force: whatever HEAD has in their place counts once it is authorised.
 */
#pragma once

#include <code/rules.h>
#include <codec/sources.h>
#include <judge/judge.h>

/* Is told of a file that can't be read, none of whose rules then judge anything. */
typedef enum assay_status own_rules_told(void *ctx, const struct source_file *file, const struct assay_error *why);

/* Adds them. told: NULL, where it is for others to say. */
ASSAY_MUST_USE enum assay_status own_rules_read(const struct judge_context *c, own_rules_told *told, void *ctx,
    struct code_rules *rules, struct assay_error *err);
