/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CATCH(name, condition) as in base/catch.h, for what verifies releases: plain (condition) in every build but the one in which
 * the drill shows that no check can go without an attack that then gets through.
 */
#pragma once

#include <stdbool.h>

#ifdef ASSAY_MUTANTS
bool catch_switched_off(const char *name);
#define CATCH(name, condition) ((condition) && !catch_switched_off(#name))
#else
#define CATCH(name, condition) (condition)
#endif
