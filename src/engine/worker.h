/* SPDX-License-Identifier: Apache-2.0 */
/* A process that does what its caller asks over a socket: files into the source folder, one caged run after the other. */
#pragma once

#include "cage.h"

/*
 * Never returns. number: which one this is; the first removes the work folder when its caller is gone, and all others with it.
 * Message WIRE_RUN: flags, seconds, program, count of arguments, arguments. Answer: end, status, output, words, count of files, and
 * name and bytes of each. WIRE_ADD: "src", "canary" or "demo", path, bytes; answer: 1 or 0.
 */
_Noreturn void worker_serve(int fd, const struct cage *cage, unsigned number);
/* Removes a folder and all below it. Links are removed, not followed. */
void worker_remove(const char *folder);
