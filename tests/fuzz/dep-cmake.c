/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "CMakeLists.txt", "cmake/a.cmake", "sub/CMakeLists.txt" }
#include "dep_common.h"
