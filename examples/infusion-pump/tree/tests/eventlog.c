/* SPDX-License-Identifier: Apache-2.0 */
#include "eventlog.h"

#include "check.h"

static char file_bytes[4096];

static void
hash_is(const char *text, const char *wanted)
{
	struct sha256 s;
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX + 1];
	sha256_init(&s);
	sha256_add(&s, text, strlen(text));
	sha256_end(&s, digest);
	sha256_hex(digest, hex);
	CHECK_STRING(hex, wanted);
}

/* The examples of FIPS 180. */
static void
knows_sha256(void)
{
	hash_is("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_is("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_is("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* Four lines of a device. */
static struct text
make_log(struct event_log *log)
{
	FILE *f = tmpfile();
	if (f == NULL)
		abort();
	event_log_init(log, "PX-0001", f);
	CHECK(event_log_add(log, 10, EVENT_START, "PX-0001") == PUMP_OK);
	CHECK(event_log_add(log, 10, EVENT_ORDER, "morphine 2500000 nl/h") == PUMP_OK);
	CHECK(event_log_add(log, 12, EVENT_RUN, "by hand") == PUMP_OK);
	CHECK(event_log_add(log, 99, EVENT_STOP, "infused 1 nl") == PUMP_OK);
	CHECK(fseek(f, 0, SEEK_SET) == 0);
	size_t n = fread(file_bytes, 1, sizeof file_bytes - 1, f);
	file_bytes[n] = '\0';
	CHECK(fclose(f) == 0);
	log->file = NULL;
	return (struct text){ file_bytes, n };
}

static void
goes_on_where_it_was(void)
{
	struct event_log log, again;
	unsigned line;
	struct text file = make_log(&log);
	CHECK(event_log_verify(file, "PX-0001", &again, &line) == PUMP_OK);
	CHECK(again.next == 4 && again.last_seconds == 99);
	CHECK_STRING(again.head, log.head);
	CHECK(strstr(file_bytes, "1 10 order morphine_2500000_nl/h ") != NULL);
}

/* Every byte that somebody changes is found, in its own line. */
static void
finds_every_changed_byte(void)
{
	struct event_log log, out;
	struct text file = make_log(&log);
	unsigned wanted = 1, line;
	for (size_t i = 0; i < file.len; i++) {
		char kept = file_bytes[i];
		file_bytes[i] = kept == '7' ? '8' : '7';
		CHECK(event_log_verify(file, "PX-0001", &out, &line) != PUMP_OK);
		CHECK(line == wanted);
		file_bytes[i] = kept;
		wanted += kept == '\n';
	}
}

static void
finds_lines_taken_out(void)
{
	struct event_log log, out;
	unsigned line;
	struct text file = make_log(&log);
	char *first = strchr(file_bytes, '\n') + 1, *second = strchr(first, '\n') + 1;
	CHECK(event_log_verify((struct text){ first, file.len - (size_t)(first - file_bytes) }, "PX-0001", &out, &line) ==
	    PUMP_E_INTEGRITY);
	memmove(first, second, strlen(second) + 1);
	CHECK(event_log_verify(text_of(file_bytes), "PX-0001", &out, &line) == PUMP_E_INTEGRITY && line == 2);
	CHECK(event_log_verify(make_log(&log), "PX-0002", &out, &line) == PUMP_E_INTEGRITY && line == 1);
}

static void
refuses_what_is_no_event(void)
{
	struct event_log log;
	char head[SHA256_HEX + 1], much[EVENT_TEXT_MAX + 1];
	event_log_init(&log, "PX-0001", NULL);
	CHECK(event_log_add(&log, 5, EVENT_START, "x") == PUMP_OK);
	memcpy(head, log.head, sizeof head);
	memset(much, 'a', sizeof much);
	much[EVENT_TEXT_MAX] = '\0';
	CHECK(event_log_add(&log, 4, EVENT_RUN, "earlier") == PUMP_E_STATE);
	CHECK(event_log_add(&log, 5, EVENT_RUN, "two\nlines") == PUMP_E_FORMAT);
	CHECK(event_log_add(&log, 5, EVENT_RUN, "") == PUMP_E_RANGE);
	CHECK(event_log_add(&log, 5, EVENT_RUN, much) == PUMP_E_RANGE);
	CHECK_STRING(log.head, head);
	CHECK(log.next == 1);
}

/* A medium that is full: the chain stays where it was. */
static void
keeps_step_with_the_medium(void)
{
	struct event_log log;
	char head[SHA256_HEX + 1];
	FILE *full = fopen("/dev/full", "wb");
	if (full == NULL)
		return;
	event_log_init(&log, "PX-0001", full);
	memcpy(head, log.head, sizeof head);
	CHECK(event_log_add(&log, 1, EVENT_START, "x") == PUMP_E_IO);
	CHECK_STRING(log.head, head);
	CHECK(log.next == 0);
	(void)fclose(full);
}

static const struct check_case cases[] = {
	{ "knows SHA-256", knows_sha256 },
	{ "goes on where it was", goes_on_where_it_was },
	{ "finds every changed byte", finds_every_changed_byte },
	{ "finds lines taken out", finds_lines_taken_out },
	{ "refuses what is no event", refuses_what_is_no_event },
	{ "keeps step with the medium", keeps_step_with_the_medium },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
