/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a script goes on when one of its commands fails, as far as its text tells. */
#pragma once

#include "command.h"

/* What holds where a list of commands stands. */
struct flow {
	const struct shell_script *script; /* all of it */
	struct ci_shell shell;
	bool ignored;     /* "set -e" has no effect: in a condition, or with "||" behind it */
	bool stops;       /* what "set -e" ends here ends the script with a failure */
	bool status;      /* a failure of the list itself is one of the script */
	unsigned *budget; /* commands that may still be looked at */
};

/* Options that this command sets for those behind it; surely: it is always run, and in this shell. */
void flow_options(struct flow *f, const struct shell_command *c, bool surely);
/* Whether the script fails when this command, one of the pipeline's, does. */
bool flow_ends(const struct flow *f, const struct shell_command *c, const struct shell_pipeline *in);
/* What holds inside of it. */
struct flow flow_inside(const struct flow *f, const struct shell_command *c, const struct shell_pipeline *in);
/* What holds for one of the conditions inside of it, by what holds for its branches. */
struct flow flow_condition(const struct flow *inside, const struct shell_command *c, const struct shell_pipeline *condition);
