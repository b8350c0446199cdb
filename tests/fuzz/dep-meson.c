/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "meson.build", "names.py", "sub/meson.build", "tools/get.sh", "tools/names.py" }
#include "dep_common.h"
