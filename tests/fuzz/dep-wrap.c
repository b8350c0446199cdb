/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { ".gitmodules", "subprojects/a.wrap" }
#include "dep_common.h"
