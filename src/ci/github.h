/* SPDX-License-Identifier: Apache-2.0 */
/* Workflows and actions of GitHub. */
#pragma once

#include "work.h"

bool ci_github_wants(const char *path);
enum assay_status ci_github_read(struct ci_file *f);
enum assay_status ci_github_finish(struct ci_work *w);
