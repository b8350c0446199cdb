/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmake.h"

ASSAY_MUST_USE enum assay_status cmake_run_command(struct cmake_run *r, struct cmake_frame *f,
    const struct cmake_command *c);
/* A function or macro whose body are the commands [from, to) of f's file. */
ASSAY_MUST_USE enum assay_status cmake_define(struct cmake_run *r, struct cmake_frame *f,
    const struct cmake_command *c, size_t from, size_t to, bool macro);
