/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "constraints.txt", "requirements.in", "requirements.txt" }
#include "dep_common.h"
