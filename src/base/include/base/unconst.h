/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where const is lost, so that all such places can be found. Two kinds may: a library's function that takes without const what it
 * doesn't change, and whoever made something and hands it out as const, when it fills or frees that. Nothing that was defined const
 * is written to through it.
 */
#pragma once

#include <string.h>

static inline void *
unconst(const void *p)
{
	void *same;
	memcpy(&same, &p, sizeof same);
	return same;
}
