/* SPDX-License-Identifier: Apache-2.0 */
#define DEP_PATHS { "chart/Chart.yaml", "chart/templates/web.yaml", "chart/values.yaml", "kustomization.yaml", "pod.yaml" }
#include "dep_common.h"
