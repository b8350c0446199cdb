/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CATCH(name, condition) is how probe, parse and judge say "this is what we look for".
 * It is plain (condition) in every build but one: the mutants build (-DASSAY_MUTANTS) switches off the one
 * check that ASSAY_MUTANT names, and "make mutants" shows that a deception then goes unseen. With ASSAY_MUTANT_SEEN, a file
 * descriptor, it tells there the names of checks whose condition held: only those can matter to a run.
 * name is a bare identifier, unique in the tree.
 */
#pragma once

#include <stdbool.h>

#ifdef ASSAY_MUTANTS
bool catch_switched_off(const char *name);
#define CATCH(name, condition) ((condition) && !catch_switched_off(#name))
#else
#define CATCH(name, condition) (condition)
#endif
