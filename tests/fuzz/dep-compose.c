/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "compose.yaml" }
#include "dep_common.h"
