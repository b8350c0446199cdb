/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk PUMP DATA: the program as a whole. A status frame is answered, the log of a run can be gone on with, and one that was touched
 * can't. Works in a folder of its own, which the build makes.
 */
#include "check.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/wait.h>

#define PATH_ROOM 1024u
#define TEXT_ROOM 2048u
#define ASKED "asked"
#define ANSWERED "answered"
#define SAID "said"
#define LOG "log"

/* 7e, length 0, sequence 1, type 5 (status), CRC, 7e */
static const unsigned char status_frame[] = { 0x7e, 0x00, 0x01, 0x05, 0xaf, 0x08, 0x7e };
static const unsigned char status_answer[] = { 0x7e, 0x0b, 0x01, 0x85 };

static bool
write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		return false;
	const bool whole = fwrite(bytes, 1, len, f) == len;
	return fclose(f) == 0 && whole;
}

/* What fits; 0 and nothing for a file that isn't there. */
static size_t
read_file(const char *path, char text[TEXT_ROOM])
{
	FILE *f = fopen(path, "rb");
	text[0] = '\0';
	if (f == NULL)
		return 0;
	const size_t n = fread(text, 1, TEXT_ROOM - 1, f);
	text[n] = '\0';
	return fclose(f) == 0 ? n : 0;
}

static bool
start(char *const argv[], posix_spawn_file_actions_t *files, pid_t *ret_child)
{
	char *const no_environment[] = { NULL };
	return posix_spawn_file_actions_addopen(files, 0, ASKED, O_RDONLY, 0) == 0
	    && posix_spawn_file_actions_addopen(files, 1, ANSWERED, O_WRONLY | O_CREAT | O_TRUNC, 0600) == 0
	    && posix_spawn_file_actions_addopen(files, 2, SAID, O_WRONLY | O_CREAT | O_TRUNC, 0600) == 0
	    && posix_spawn(ret_child, argv[0], files, NULL, argv, no_environment) == 0;
}

/* Its exit status; -1 when it could not be run, or didn't end by itself. */
static int
ask(char *pump, char *config, char *drugs)
{
	char log[] = LOG;
	char *const argv[] = { pump, config, drugs, log, NULL };
	posix_spawn_file_actions_t files;
	pid_t child = -1;
	int how = 0;
	if (posix_spawn_file_actions_init(&files) != 0)
		return -1;
	const bool started = start(argv, &files, &child);
	if (posix_spawn_file_actions_destroy(&files) != 0 || !started)
		return -1;
	return waitpid(child, &how, 0) == child && WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static size_t
lines_of(const char *text)
{
	size_t lines = 0;
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* One digit of the serial number, in the first line. */
static bool
touch_log(char text[TEXT_ROOM])
{
	const size_t n = read_file(LOG, text);
	char *serial = strstr(text, "PX-0001");
	if (n == 0 || serial == NULL)
		return false;
	serial[6] = '2';
	return write_file(LOG, text, n);
}

int
main(int argc, char **argv)
{
	char config[PATH_ROOM], drugs[PATH_ROOM], text[TEXT_ROOM] = "";
	if (argc != 3 || strlen(argv[2]) > PATH_ROOM / 2) {
		(void)fputs("usage: desk PUMP DATA\n", stderr);
		return 2;
	}
	(void)snprintf(config, sizeof config, "%s/pump.conf", argv[2]);
	(void)snprintf(drugs, sizeof drugs, "%s/drugs.lib", argv[2]);
	(void)remove(LOG);
	CHECK(write_file(ASKED, status_frame, sizeof status_frame));
	CHECK(ask(argv[1], config, drugs) == 0);
	CHECK(read_file(ANSWERED, text) > sizeof status_answer && memcmp(text, status_answer, sizeof status_answer) == 0);
	CHECK(ask(argv[1], config, drugs) == 0);
	CHECK(read_file(LOG, text) > 0 && lines_of(text) == 2);
	CHECK(touch_log(text));
	CHECK(ask(argv[1], config, drugs) == 1);
	CHECK(read_file(SAID, text) > 0 && strstr(text, "log:1: integrity lost") != NULL);
	return check_failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
