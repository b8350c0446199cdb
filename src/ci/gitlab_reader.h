/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab CI, for the table of readers. */
#pragma once

#include "work.h"

bool ci_gitlab_wants(const char *path);
enum assay_status ci_gitlab_read(struct ci_file *f);
