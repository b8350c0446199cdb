/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "Dockerfile" }
#include "dep_common.h"
