/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "backends.h"

/* Calls to the backend until one fails; -1: none does. */
extern long faulty_left;
extern bool faulty_failed;
