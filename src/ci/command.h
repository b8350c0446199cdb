/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of a script do, as far as judges of pipelines ask. */
#pragma once

#include "work.h"

#include <codec/shell.h>

struct ci_command {
	bool read;         /* false: not a script that could be read; nothing else is known then */
	unsigned duties;   /* enum ci_duty: a failure stops the script */
	unsigned soft;     /* enum ci_duty: a failure is swallowed ("|| true", "| tee log") */
	const char *runs;  /* the first command that runs what lies in the work folder ("npm install"), or NULL */
	unsigned runs_line;/* of it, from 1 */
	const char *fetches; /* the first command that takes a pull request's code ("gh pr checkout"), or NULL */
	unsigned fetches_line;
	bool pushes;       /* git push */
	bool talks;        /* speaks to the forge: gh, git push, docker push, curl ... */
	const struct shell_script *script;
};

/* Options on its command line: "bash -eo pipefail {0}". */
void ci_shell_told(const char *template, struct ci_shell *ret_shell);
/* text is kept as long as the arena. shell: what holds before the script, and then behind it. */
enum assay_status ci_command_look(const char *text, struct ci_shell *shell, struct arena *arena, struct ci_command *ret_command,
    struct assay_error *err);
/* The words of a command from its program on, joined by blanks: "npm install --ci". Cut when they don't fit. */
void ci_command_text(const struct shell_command *c, char *text, size_t room);
