/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { ".pre-commit-config.yaml" }
#include "dep_common.h"
