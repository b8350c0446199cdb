/* SPDX-License-Identifier: Apache-2.0 */
#include "pin.h"

#include "state.h"

#include <base/child.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/yaml.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <termios.h>

#define CONFIG_VERSION 1
#define CONFIG_MAX 65536
#define PROGRAM_SECONDS 300
#define PROMPT_MAX 2048

/* ---- typed ---- */

/* Byte by byte, with echo and signals off: nothing of it stays in a buffer, and Ctrl-C leaves the terminal whole. */
static enum assay_status
read_hidden(int tty, unsigned char *out, size_t room, size_t *ret_len, struct assay_error *err)
{
	size_t len = 0;
	unsigned char ch = 0;
	while (read(tty, &ch, 1) == 1 && ch != 3) {
		if (ch == '\n' || ch == '\r' || ch == 4) {
			*ret_len = len;
			return ASSAY_OK;
		}
		if (ch == 127 || ch == 8)
			len -= len > 0;
		else if (len < room)
			out[len++] = ch;
		ch = 0;
	}
	return assay_fail(err, ASSAY_E_USAGE, "nothing was given at the terminal");
}

enum assay_status
pin_typed(const char *prompt, const char *option, unsigned char *out, size_t room, size_t *ret_len, struct assay_error *err)
{
	struct termios shown, hidden;
	CLEANUP(close_fd) int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0 || tcgetattr(tty, &shown) != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "no terminal to ask for the %s", prompt);
		return assay_error_todo(err, ASSAY_E_USAGE, "give it with %s", option);
	}
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	(void)dprintf(tty, "%s: ", prompt);
	(void)tcsetattr(tty, TCSAFLUSH, &hidden);
	const enum assay_status status = read_hidden(tty, out, room, ret_len, err);
	(void)tcsetattr(tty, TCSAFLUSH, &shown);
	(void)dprintf(tty, "\n");
	return status;
}

static enum assay_status
from_terminal(const struct signer_token *token, unsigned char *pin, size_t room, size_t *ret_len, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf prompt = BUF_INIT(PROMPT_MAX);
	buf_add_str(&prompt, "PIN of the token '");
	text_escape(&prompt, assay_span_str(token->label), false);
	buf_add_str(&prompt, "' (");
	text_escape(&prompt, assay_span_str(token->manufacturer), false);
	buf_add_str(&prompt, ", serial ");
	text_escape(&prompt, assay_span_str(token->serial), false);
	buf_addf(&prompt, ")%s%s%s", token->each_time ? ", for this one signature" : "",
	    token->low ? ", which refused one before" : "", token->last ? "; this is the last try" : "");
	TRY(buf_status(&prompt, "prompt", err));
	if (pin != NULL)
		return pin_typed(buf_str(&prompt), "--pin-file or --pin-program", pin, room, ret_len, err);
	(void)fprintf(stderr, "at the token's own pad: %s\n", buf_str(&prompt));
	return ASSAY_OK;
}

/* ---- a file, a program ---- */

static enum assay_status
cut_line(unsigned char *pin, size_t len, size_t room, const char *what, size_t *ret_len, struct assay_error *err)
{
	const unsigned char *end = len > 0 ? memchr(pin, '\n', len) : NULL;
	if (end == NULL && len == room)
		return assay_fail(err, ASSAY_E_USAGE, "the PIN that '%s' gives has more than %zu bytes", what, room - 1);
	size_t n = end == NULL ? len : (size_t)(end - pin);
	if (n > 0 && pin[n - 1] == '\r')
		n--;
	*ret_len = n;
	return ASSAY_OK;
}

static enum assay_status
read_line(int fd, const char *what, unsigned char *pin, size_t room, size_t *ret_len, struct assay_error *err)
{
	size_t len = 0;
	ssize_t n = 1;
	while (len < room && n != 0) {
		errno = 0;
		n = read(fd, pin + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't read a PIN from '%s': %s", what, text_errno(errno));
		len += (size_t)n;
	}
	return cut_line(pin, len, room, what, ret_len, err);
}

static enum assay_status
from_file(const char *path, unsigned char *pin, size_t room, size_t *ret_len, struct assay_error *err)
{
	struct stat st;
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "can't read the PIN file '%s': %s", path, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_USAGE, "no login was tried");
	}
	if (!S_ISREG(st.st_mode))
		return assay_fail(err, ASSAY_E_USAGE, "the PIN file '%s' is no regular file; no login was tried", path);
	if ((st.st_mode & 077) != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "others may read or write the PIN file '%s'; no login was tried", path);
		return assay_error_todo(err, ASSAY_E_USAGE, "chmod 600 '%s', and change the PIN if somebody could have read it", path);
	}
	return read_line(fd, path, pin, room, ret_len, err);
}

/* What such a program needs to reach its own daemon or to ask at the terminal, and no more. */
static const char *const passed_on[] = { "HOME", "USER", "LANG", "LC_ALL", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
	"XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "GPG_TTY", "TERM", "SSH_AUTH_SOCK" };
#define PASSED_ON (sizeof passed_on / sizeof passed_on[0])

static enum assay_status
from_program(struct cli *cli, const struct signer_token *token, unsigned char *pin, size_t room, size_t *ret_len,
    struct assay_error *err)
{
	CLEANUP(child_done) struct child child = CHILD_NONE;
	const char *path = cli->pin_program;
	const char *env[PASSED_ON + 2] = { "PATH=/usr/bin:/bin" };
	size_t count = 1;
	for (size_t i = 0; i < PASSED_ON; i++) {
		const char *value = state_variable(passed_on[i]);
		if (value != NULL && (env[count++] = arena_printf(cli->arena, "%s=%s", passed_on[i], value)) == NULL)
			return arena_full(err);
	}
	/* env(1) starts a program wherever it lies; with '=' in it, its path would be a variable. */
	if (path[0] != '/' || strchr(path, '=') != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "the PIN program is named by its whole path, without '=', not as '%s'", path);
	const char *const argv[] = { "env", path, token->label, token->serial, NULL };
	/* Its last words aren't heard: they might be the PIN. */
	const struct child_options options = { .argv = argv, .env = env, .seconds = PROGRAM_SECONDS };
	TRY(child_start(&options, &child, err));
	TRY(read_line(child.out, path, pin, room, ret_len, err));
	if (child_wait(&child, NULL) != ASSAY_OK) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the PIN program '%s' failed, or took more than %d s; no login was tried", path,
		    PROGRAM_SECONDS);
		return assay_error_todo(err, ASSAY_E_USAGE, "run it by hand: its first line is the PIN");
	}
	return ASSAY_OK;
}

enum assay_status
pin_ask(void *ctx, const struct signer_token *token, unsigned char *pin, size_t room, size_t *ret_len, struct assay_error *err)
{
	struct cli *cli = ctx;
	if (pin != NULL && cli->pin_file != NULL)
		return from_file(cli->pin_file, pin, room, ret_len, err);
	if (pin != NULL && cli->pin_program != NULL)
		return from_program(cli, token, pin, room, ret_len, err);
	return from_terminal(token, pin, room, ret_len, err);
}

/* ---- the user's own configuration ---- */

struct config {
	const char *module, *pin_program;
};

static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	return node->text[0] == '/' ? ASSAY_OK : yaml_fail(c, node, err, "a whole path is wanted, beginning with '/'");
}

static const struct yaml_field config_fields[] = {
	{ "assay-config", true, 0, yaml_ignore },
	{ "module", false, offsetof(struct config, module), decode_path },
	{ "pin-program", false, offsetof(struct config, pin_program), decode_path },
};

/* Whoever may write it chooses what code gets the PIN. */
static enum assay_status
check_owner(const char *path, bool *ret_there, struct assay_error *err)
{
	struct stat st;
	*ret_there = lstat(path, &st) == 0;
	if (!*ret_there || (st.st_uid == geteuid() && (st.st_mode & 022) == 0))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "others may change '%s', which names the module that gets your PIN", path);
	return assay_error_todo(err, ASSAY_E_USAGE, "it must be yours: chmod 600 '%s'", path);
}

enum assay_status
pin_configure(struct cli *cli, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(CONFIG_MAX);
	struct config config = { NULL, NULL };
	struct yaml_node *root = NULL;
	bool there = false;
	if (cli->pin_file != NULL && cli->pin_program != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--pin-file' and '--pin-program' are both given: one PIN has one source");
	const char *folder = state_xdg_folder(cli->arena, "XDG_CONFIG_HOME", ".config");
	const char *path = folder == NULL ? NULL : arena_printf(cli->arena, "%s/config", folder);
	if (path == NULL)
		return ASSAY_OK;
	TRY(check_owner(path, &there, err));
	if (!there)
		return ASSAY_OK;
	const struct yaml_context c = { path, cli->arena };
	TRY(file_read(AT_FDCWD, path, &bytes, err));
	TRY(yaml_open(buf_span(&bytes), &c, "assay-config", CONFIG_VERSION, &root, err));
	TRY(yaml_decode(&c, root, config_fields, sizeof config_fields / sizeof config_fields[0], &config, err));
	if (cli->module == NULL)
		cli->module = config.module;
	if (cli->pin_file == NULL && cli->pin_program == NULL)
		cli->pin_program = config.pin_program;
	return ASSAY_OK;
}
