/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { ".npmrc", "Makefile", "a.sh", "package.json", "pip.conf" }
#include "dep_common.h"
