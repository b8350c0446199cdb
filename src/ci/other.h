/* SPDX-License-Identifier: Apache-2.0 */
/* Pipelines of systems that aren't read: known by their names, so that each is an open question. */
#pragma once

#include "work.h"

bool ci_other_wants(const char *path);
enum assay_status ci_other_read(struct ci_file *f);
