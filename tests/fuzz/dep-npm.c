/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "package-lock.json", "package.json", "packages/a/package.json" }
#include "dep_common.h"
