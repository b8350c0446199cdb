/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands of the ward as payloads of frames, and the pump's answers. Numbers are big-endian.
 *
 *   01 order   dose 4, weight 4 (g), volume 4 (ul), flags 1 (1: soft limit confirmed), drug's name to the end
 *   02 start   -
 *   03 pause   -
 *   04 stop    -
 *   05 status  -
 *
 * Every command is answered by a frame of type 80 | type: status 1, state 1, alarm 1, flow 4 (nl/h), infused 4 (ul).
 */
#pragma once

#include "frame.h"
#include "pump.h"

#define COMMAND_ANSWER 0x80u
#define COMMAND_ANSWER_LEN 11u

enum command { COMMAND_ORDER = 1, COMMAND_START, COMMAND_PAUSE, COMMAND_STOP, COMMAND_STATUS };

/* Always fills the answer, which says what became of the command. */
void command_run(struct pump *p, const struct frame *request, struct frame *ret_answer);
