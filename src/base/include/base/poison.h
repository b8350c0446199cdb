/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that don't compile here: unbounded, locale- or time-zone-bound, or shell-bound.
 * Included by the build into every source file of src/ and cli/ after the system headers it needs.
 */
#pragma once

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* Some of them are macros in a hardened build. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison localtime localtime_r mktime ctime_r asctime asctime_r strftime
#pragma GCC poison system popen tmpnam mktemp tempnam atoi atol atoll
