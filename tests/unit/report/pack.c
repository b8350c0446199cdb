/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/when.h>
#include <fcntl.h>
#include <report/pack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY (20000 * (int64_t)WHEN_DAY)

/* Evidence of two kinds that only the pack knows: reading a pack joins bytes, and parses none. */
struct sample {
	struct evidence_member members[3];
	struct evidence_member other[1];
	struct evidence items[3];
	struct evidence_set set;
	struct judge_input input;
	struct verdicts verdicts;
	struct pack_content content;
};

static const char *const required[] = { "repo.signed", "5.1.2" };

static void
make_sample(struct sample *s)
{
	struct assay_error err;

	*s = (struct sample) {
		.members = { { .name = "git/absent", .bytes = { NULL, 0 } },
		    { .name = "git/format", .bytes = assay_span_str("sha1\n") },
		    { .name = "git/objects", .bytes = assay_span_str("some objects, many of them") } },
		.other = { { .name = "git/clone.json", .bytes = assay_span_str("{}") } },
	};
	s->items[0] = (struct evidence) { .kind = "one",
		.subject = "refs/heads/main",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED },
		.members = s->members,
		.member_count = 3 };
	s->items[1] = (struct evidence) { .kind = "two",
		.subject = "here",
		.completeness = EVIDENCE_PARTIAL,
		.why = "shallow",
		.members = s->other,
		.member_count = 1 };
	s->items[2] = (struct evidence) { .kind = "three",
		.subject = "\xff not UTF-8",
		.completeness = EVIDENCE_UNREADABLE,
		.why = "no permission" };
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(evidence_seal(&s->items[i], &err), ASSAY_OK);
	s->set = (struct evidence_set) { s->items, 3 };
	s->input = (struct judge_input) { .evidence = &s->set,
		.subject = "pump \xfe firmware",
		.date = DAY,
		.require = required,
		.require_count = 2 };
	s->verdicts = (struct verdicts) { .subject = "pump", .date = DAY };
	s->content = (struct pack_content) { .input = &s->input,
		.verdicts = &s->verdicts,
		.policy_yaml = assay_span_str("version: 1\n"),
		.roster_yaml = assay_span_str("") };
}

static enum assay_status
say(void *ctx, const char *file, struct buf *ret_passphrase, struct assay_error *err)
{
	(void)file;
	(void)err;
	buf_add_str(ret_passphrase, ctx);
	return ASSAY_OK;
}

static char passphrase[] = "right horse";

static struct signer *
make_signer(void)
{
	char path[] = "/tmp/assay-test-XXXXXX";
	char command[200];
	struct signer *s = NULL;
	struct assay_error err;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	(void)close(fd);
	(void)snprintf(command, sizeof command,
	    "openssl genpkey -algorithm ed25519 -aes256 -pass 'pass:right horse' -out %s 2>/dev/null", path);
	assert_int_equal(system(command), 0);
	const struct signer_request request = { .use = SIGNER_NOTE, .name = path, .ask = say, .ask_ctx = passphrase };
	enum assay_status status = signer_open(&request, &s, &err);
	(void)unlink(path);
	if (status != ASSAY_OK)
		fail_msg("%s", err.what);
	return s;
}

static void
write_pack(const struct sample *s, struct signer *signer, struct buf *out)
{
	struct assay_error err;

	if (pack_write(&s->content, signer, out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static enum assay_status
read_pack(struct assay_span bytes, struct arena *arena, struct pack *ret_pack)
{
	struct assay_error err;

	return pack_read(bytes, arena, ret_pack, &err);
}

static void
test_there_and_back(void **state)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct sample s;
	struct pack p;
	(void)state;

	make_sample(&s);
	write_pack(&s, NULL, &out);
	assert_int_equal(arena_new(10u << 20, &arena), ASSAY_OK);
	assert_int_equal(read_pack(buf_span(&out), arena, &p), ASSAY_OK);
	assert_int_equal(p.signature, PACK_UNSIGNED);
	assert_string_equal(p.subject, s.input.subject);
	assert_string_equal(p.program, ASSAY_VERSION);
	assert_int_equal(p.date, DAY);
	assert_false(p.date_given);
	assert_int_equal(p.require_count, 2);
	assert_string_equal(p.require[1], "5.1.2");
	assert_true(assay_span_equal(p.policy_yaml, s.content.policy_yaml));
	assert_non_null(p.roster_yaml.data);
	assert_int_equal(p.roster_yaml.len, 0);
	assert_int_equal(p.evidence.count, 3);
	assert_int_equal(p.evidence.items[0].member_count, 3);
	assert_true(assay_span_equal(p.evidence.items[0].members[2].bytes, s.members[2].bytes));
	assert_string_equal(p.evidence.items[2].why, "no permission");
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(p.evidence.items[i].digest, s.items[i].digest, 32);
	assert_true(p.verdicts_json.len > 2);

	s.content.policy_yaml = (struct assay_span) { NULL, 0 };
	s.input.require_count = 0;
	s.input.date_given = true;
	buf_reset(&out);
	write_pack(&s, NULL, &out);
	assert_int_equal(read_pack(buf_span(&out), arena, &p), ASSAY_OK);
	assert_null(p.policy_yaml.data);
	assert_true(p.date_given);
	assert_int_equal(p.require_count, 0);
}

static void
test_same_bytes(void **state)
{
	CLEANUP(signer_free) struct signer *signer = make_signer();
	CLEANUP(buf_done) struct buf one = BUF_INIT(1u << 20);
	CLEANUP(buf_done) struct buf two = BUF_INIT(1u << 20);
	CLEANUP(buf_done) struct buf file = BUF_INIT(1u << 20);
	char folder[] = "/tmp/assay-test-XXXXXX";
	char path[64];
	unsigned char digest[32];
	unsigned char expected[32];
	struct assay_error err;
	struct sample s;
	(void)state;

	make_sample(&s);
	write_pack(&s, signer, &one);
	write_pack(&s, signer, &two);
	assert_true(assay_span_equal(buf_span(&one), buf_span(&two)));
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/pack", folder);
	assert_int_equal(
	    pack_write_file(&s.content, signer, AT_FDCWD, path, 0644, digest, &err), ASSAY_OK);
	assert_int_equal(file_read(AT_FDCWD, path, &file, &err), ASSAY_OK);
	assert_true(assay_span_equal(buf_span(&one), buf_span(&file)));
	assert_int_equal(assay_sha256(buf_span(&one), expected), ASSAY_OK);
	assert_memory_equal(digest, expected, 32);
	(void)snprintf(path, sizeof path, "%s/no/pack", folder);
	assert_int_equal(
	    pack_write_file(&s.content, signer, AT_FDCWD, path, 0644, digest, &err), ASSAY_E_SYSTEM);
	(void)snprintf(path, sizeof path, "%s/pack", folder);
	(void)unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* Whatever single bit changes in a signed pack: it is refused, or its signature is bad. */
static void
test_every_byte_counts(void **state)
{
	CLEANUP(signer_free) struct signer *signer = make_signer();
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct sample s;
	size_t bad_signatures = 0;
	(void)state;

	make_sample(&s);
	write_pack(&s, signer, &out);
	for (size_t i = 0; i < out.len; i++) {
		CLEANUP(arena_free) struct arena *arena = NULL;
		struct pack p;
		assert_int_equal(arena_new(10u << 20, &arena), ASSAY_OK);
		out.data[i] ^= (unsigned char)(1u << (i % 8));
		enum assay_status status = read_pack(buf_span(&out), arena, &p);
		out.data[i] ^= (unsigned char)(1u << (i % 8));
		if (status == ASSAY_OK && p.signature != PACK_SIGNATURE_BAD)
			fail_msg("byte %zu changed and nobody noticed", i);
		if (status == ASSAY_OK) {
			assert_non_null(p.signature_fault);
			assert_string_equal(p.signer_fingerprint, "");
			bad_signatures++;
		}
	}
	assert_true(bad_signatures > 20);
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct pack p;
	assert_int_equal(arena_new(10u << 20, &arena), ASSAY_OK);
	assert_int_equal(read_pack(buf_span(&out), arena, &p), ASSAY_OK);
	assert_int_equal(p.signature, PACK_SIGNED);
	assert_string_equal(p.signer_fingerprint, signer_fingerprint(signer));
}

static void
test_every_length_counts(void **state)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct sample s;
	(void)state;

	make_sample(&s);
	write_pack(&s, NULL, &out);
	size_t whole = out.len;
	buf_add(&out, "\0\0\0", 3);
	for (size_t len = 0; len <= out.len; len++) {
		CLEANUP(arena_free) struct arena *arena = NULL;
		struct pack p;
		assert_int_equal(arena_new(10u << 20, &arena), ASSAY_OK);
		/* An own block of that size: reading beyond it is seen by the sanitizer. */
		unsigned char *copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, out.data, len);
		enum assay_status status = read_pack((struct assay_span) { copy, len }, arena, &p);
		free(copy);
		if ((status == ASSAY_OK) != (len == whole))
			fail_msg("a pack of %zu of %zu bytes: status %d", len, whole, (int)status);
	}
}

/* A pack that would not be read back is not written. */
static void
test_not_written(void **state)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct assay_error err;
	struct sample s;
	(void)state;

	make_sample(&s);
	s.other[0].name = "git/format";
	assert_int_equal(pack_write(&s.content, NULL, &out, &err), ASSAY_E_INTERNAL);
	make_sample(&s);
	s.other[0].name = "evidence.json";
	assert_int_equal(pack_write(&s.content, NULL, &out, &err), ASSAY_E_INTERNAL);
	make_sample(&s);
	s.other[0].name = "../up";
	buf_reset(&out);
	assert_int_not_equal(pack_write(&s.content, NULL, &out, &err), ASSAY_OK);
	make_sample(&s);
	CLEANUP(buf_done) struct buf small = BUF_INIT(3000);
	assert_int_equal(pack_write(&s.content, NULL, &small, &err), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_every_length_counts),
		cmocka_unit_test(test_not_written),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
