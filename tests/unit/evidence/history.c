/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <evidence/memo.h>
#include <git2/global.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_CAP (64u << 20)
#define T0 1700000000

static struct forge forge;
static struct test_key ann, ben, ca;

static struct arena *
make_arena(void)
{
	struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA_CAP, &a), ASSAY_OK);
	return a;
}

static const struct history *
parse_with(struct parse_context *c)
{
	const void *facts = NULL;
	struct assay_error err = { 0 };
	enum assay_status status = history_parse(forge_evidence(&forge), c, &facts, &err);
	if (status != ASSAY_OK)
		print_message("# %s\n", err.what);
	assert_int_equal(status, ASSAY_OK);
	return facts;
}

static const struct history *
parse(struct arena *a)
{
	struct parse_context c = { a, NULL, NULL };
	return parse_with(&c);
}

static void
refused(enum assay_status expected, const char *words)
{
	struct arena *a = make_arena();
	struct parse_context c = { a, NULL, NULL };
	const void *facts = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(history_parse(&forge.evidence, &c, &facts, &err), expected);
	assert_null(facts);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", err.what, words);
	arena_free(&a);
}

static uint32_t
place(const struct history *h, const char *hex)
{
	struct oid id;
	assert_int_equal(oid_parse(assay_span_str(hex), h->algo, &id), ASSAY_OK);
	uint32_t c = history_find_commit(h, &id);
	return c != HISTORY_NONE ? c : history_find_tag(h, &id);
}

static const struct history_commit *
commit_at(const struct history *h, const char *hex)
{
	uint32_t at = place(h, hex);
	assert_int_not_equal(at, HISTORY_NONE);
	return &h->commits[at];
}

static int
setup(void **state)
{
	(void)state;
	forge_init(&forge, OID_SHA1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	forge_done(&forge);
	return 0;
}

static const char *
add(const char *parent, int64_t time, const struct test_key *key)
{
	struct forge_commit c = { .parents = { parent }, .parent_count = parent != NULL, .time = time };
	c.sign.key = key;
	return forge_commit(&forge, &c);
}

static void
facts_are_what_was_written(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	const char *one = add(NULL, T0, &ann);
	const char *two = add(one, T0 + 60, &ben);
	const char *side = add(one, T0 + 70, NULL);
	struct forge_commit merge = { .parents = { two, side }, .parent_count = 2, .time = T0 + 90,
		.email = "Ben@example.org" };
	merge.sign.key = &ann;
	const char *top = forge_commit(&forge, &merge);
	struct forge_tag tag = { .target = top, .name = "v1", .time = T0 + 100 };
	tag.sign.key = &ben;
	const char *v1 = forge_tag(&forge, &tag);
	struct forge_tag outer = { .target = v1, .type = "tag", .name = "v1-outer", .time = T0 + 110 };
	const char *v2 = forge_tag(&forge, &outer);
	forge_ref(&forge, top, "refs/heads/main");
	forge_ref(&forge, v1, "refs/tags/v1");
	forge_ref(&forge, v2, "refs/tags/v1-outer");
	buf_addf(&forge.shallow, "%s\n", one);
	const struct history *h = parse(a);
	assert_int_equal(h->commit_count, 4);
	assert_int_equal(h->tag_count, 2);
	assert_string_equal(h->head, "refs/heads/main");
	const struct history_commit *m = commit_at(h, top);
	assert_int_equal(m->parent_count, 2);
	assert_int_equal(m->parents[0], place(h, two));
	assert_int_equal(m->parents[1], place(h, side));
	assert_int_equal(m->time, T0 + 90);
	assert_int_equal(m->author_time, T0 + 85);
	assert_memory_equal(m->email.data, "Ben@example.org", m->email.len);
	assert_int_equal(m->signature.result, SIG_VALID);
	assert_int_equal(commit_at(h, side)->signature.result, SIG_UNSIGNED);
	assert_int_equal(h->key_count, 2);
	assert_int_equal(commit_at(h, one)->signature.key, m->signature.key);
	assert_int_not_equal(commit_at(h, two)->signature.key, m->signature.key);
	const struct history_tag *t = &h->tags[place(h, v1)];
	assert_int_equal(t->signature.result, SIG_VALID);
	assert_int_equal(t->target_index, place(h, top));
	assert_memory_equal(t->name.data, "v1", 2);
	assert_int_equal(h->tags[place(h, v2)].target_index, place(h, v1));
	assert_int_equal(h->refs[0].commit, place(h, top));
	assert_int_equal(h->refs[1].tag, place(h, v1));
	assert_int_equal(h->shallow_count, 1);
	assert_int_equal(h->verified_now, 4);
	arena_free(&a);
}

static void
missing_parents_are_no_error(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	const char *one = add("1111111111111111111111111111111111111111", T0, &ann);
	buf_add_str(&forge.absent, "1111111111111111111111111111111111111111\n");
	const struct history *h = parse(a);
	assert_int_equal(commit_at(h, one)->parents[0], HISTORY_NONE);
	assert_int_equal(h->absent_count, 1);
	arena_free(&a);
}

/* ---- signatures ---- */

static struct history_signature
signature_of(const struct forge_sign *sign)
{
	struct arena *a = make_arena();
	struct forge_commit c = { .time = T0, .sign = *sign };
	const char *id = forge_commit(&forge, &c);
	struct history_signature s = commit_at(parse(a), id)->signature;
	arena_free(&a);
	return s;
}

static void
assert_signature(const struct forge_sign *sign, enum sig_result result, enum sig_code code)
{
	struct history_signature s = signature_of(sign);
	assert_int_equal(s.result, result);
	assert_int_equal(s.code, code);
}

static void
signatures_that_are_not_sound(void **state)
{
	(void)state;
	struct forge_sign s = { .key = &ann };
	assert_signature(&s, SIG_VALID, SIG_CODE_NONE);
	s = (struct forge_sign){ .key = &ann, .name_space = "file" };
	assert_signature(&s, SIG_BAD, SIG_CODE_NAMESPACE);
	s = (struct forge_sign){ .key = &ann, .spoil = true };
	assert_signature(&s, SIG_BAD, SIG_CODE_MISMATCH);
	s = (struct forge_sign){ .key = &ann, .twice = true };
	assert_signature(&s, SIG_BAD, SIG_CODE_TWO_HEADERS);
	s = (struct forge_sign){ .key = &ann, .header = "gpgsig-sha256" };
	assert_signature(&s, SIG_BAD, SIG_CODE_WRONG_HEADER);
	s = (struct forge_sign){ .key = &ann, .after = "more\n" };
	assert_signature(&s, SIG_BAD, SIG_CODE_TRAILING);
	s = (struct forge_sign){ .instead = "-----BEGIN SSH SIGNATURE-----\nU1NI\n" };
	assert_signature(&s, SIG_BAD, SIG_CODE_MALFORMED);
	s = (struct forge_sign){ .instead = "hello\n" };
	assert_signature(&s, SIG_BAD, SIG_CODE_MALFORMED);
	s = (struct forge_sign){ .key = &ann, .style = { .plus_order = true } };
	assert_signature(&s, SIG_BAD, SIG_CODE_MISMATCH);
	s = (struct forge_sign){ .key = &ann, .hash = "sha1" };
	assert_signature(&s, SIG_UNSUPPORTED, SIG_CODE_KEY_TYPE);
}

static void
other_formats_are_named(void **state)
{
	(void)state;
	struct forge_sign pgp = { .instead = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP "
					     "SIGNATURE-----\n" };
	struct forge_sign x509 = { .instead = "-----BEGIN SIGNED MESSAGE-----\nabc\n-----END SIGNED "
					      "MESSAGE-----\n" };
	struct history_signature s = signature_of(&pgp);
	assert_int_equal(s.result, SIG_UNSUPPORTED);
	assert_int_equal(s.format, SIG_OPENPGP);
	assert_int_equal(s.key, HISTORY_NONE);
	s = signature_of(&x509);
	assert_int_equal(s.result, SIG_UNSUPPORTED);
	assert_int_equal(s.format, SIG_X509);
	assert_string_equal(sig_format_name(s.format), "X.509");
	assert_string_equal(sig_code_name(SIG_CODE_NAMESPACE), "bad-namespace");
}

static void
every_kind_of_key(void **state)
{
	(void)state;
	static const enum assay_key_type types[] = { ASSAY_KEY_ED25519, ASSAY_KEY_ECDSA_P256,
		ASSAY_KEY_ECDSA_P384, ASSAY_KEY_ECDSA_P521, ASSAY_KEY_RSA, ASSAY_KEY_SK_ED25519,
		ASSAY_KEY_SK_ECDSA_P256 };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct test_key key = test_key_make(types[i], 2048);
		struct forge_sign s = { .key = &key, .style = { .flags = 5, .counter = 77 } };
		struct history_signature sig = signature_of(&s);
		bool sk = types[i] == ASSAY_KEY_SK_ED25519 || types[i] == ASSAY_KEY_SK_ECDSA_P256;
		assert_int_equal(sig.result, SIG_VALID);
		assert_int_equal(sig.sk.present, sk);
		assert_int_equal(sig.sk.user_presence, sk);
		assert_int_equal(sig.sk.user_verified, sk);
		assert_int_equal(sig.sk.counter, sk ? 77 : 0);
		test_key_done(&key);
	}
}

static void
certificates(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	struct blob field = { .len = 0 }, other = { .len = 0 };
	test_cert_blob(&ann, &ca, &test_cert_sound, &field);
	struct forge_sign sound = { .key = &ann, .key_field = &field };
	struct forge_commit c = { .time = T0, .sign = sound };
	const char *id = forge_commit(&forge, &c);
	const struct history *h = parse(a);
	assert_int_equal(commit_at(h, id)->signature.result, SIG_VALID);
	assert_int_equal(h->key_count, 1);
	assert_true(h->keys[0].by_certificate);
	struct blob plain = { .len = 0 };
	test_key_blob(&ann, NULL, &plain);
	assert_true(assay_span_equal(h->keys[0].plain, blob_span(&plain)));
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
	assert_int_equal(assay_fingerprint(blob_span(&plain), fingerprint), ASSAY_OK);
	assert_string_equal(h->keys[0].fingerprint, fingerprint);
	/* One bit of the CA's signature. */
	other = field;
	other.data[other.len - 1] ^= 1;
	struct forge_sign broken = { .key = &ann, .key_field = &other };
	assert_signature(&broken, SIG_BAD, SIG_CODE_CA_MISMATCH);
	arena_free(&a);
}

static void
malformed_objects_are_facts(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	const char *commit = forge_raw(&forge, GIT_COMMIT, assay_span_str("tree nonsense\n\n"));
	const char *tag = forge_raw(&forge, GIT_TAG, assay_span_str("object\n\n"));
	char text[200];
	(void)snprintf(text, sizeof text, "tree %s\nparent %s\nauthor A\n\n", commit, commit);
	const char *child = forge_raw(&forge, GIT_COMMIT, assay_span_str(text));
	const struct history *h = parse(a);
	const struct history_commit *c = commit_at(h, commit);
	assert_true(c->malformed && commit_at(h, child)->malformed);
	assert_ptr_equal(&h->commits[commit_at(h, child)->parents[0]], c);
	assert_non_null(c->why);
	assert_int_equal(c->signature.result, SIG_BAD);
	assert_int_equal(c->signature.code, SIG_CODE_MALFORMED);
	assert_true(h->tags[place(h, tag)].malformed);
	assert_int_equal(h->tags[place(h, tag)].target_index, HISTORY_NONE);
	arena_free(&a);
}

static void
sha256_repositories(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	forge_done(&forge);
	forge_init(&forge, OID_SHA256);
	const char *one = add(NULL, T0, &ann);
	const char *two = add(one, T0, &ann);
	const struct history *h = parse(a);
	assert_int_equal(commit_at(h, two)->parents[0], place(h, one));
	assert_int_equal(commit_at(h, two)->signature.result, SIG_VALID);
	struct forge_sign wrong = { .key = &ann, .header = "gpgsig" };
	assert_signature(&wrong, SIG_BAD, SIG_CODE_WRONG_HEADER);
	arena_free(&a);
}

/* ---- threads and memo ---- */

static void
assert_same(const struct history *a, const struct history *b)
{
	assert_int_equal(a->commit_count, b->commit_count);
	assert_int_equal(a->key_count, b->key_count);
	for (uint32_t i = 0; i < a->key_count; i++)
		assert_string_equal(a->keys[i].fingerprint, b->keys[i].fingerprint);
	for (uint32_t i = 0; i < a->commit_count; i++) {
		const struct history_signature *x = &a->commits[i].signature;
		const struct history_signature *y = &b->commits[i].signature;
		assert_int_equal(x->result, y->result);
		assert_int_equal(x->code, y->code);
		assert_int_equal(x->key, y->key);
		assert_memory_equal(&x->sk, &y->sk, sizeof x->sk);
		for (uint32_t p = 0; p < a->commits[i].parent_count; p++)
			assert_int_equal(a->commits[i].parents[p], b->commits[i].parents[p]);
	}
}

static void
threads_and_memo_do_not_show(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	struct pool *pool = NULL;
	struct memo *memo = NULL, *again = NULL;
	struct test_key sk = test_key_make(ASSAY_KEY_SK_ED25519, 0);
	const char *last = NULL;
	for (int i = 0; i < 700; i++) {
		struct forge_commit c = { .parents = { last }, .parent_count = last != NULL,
			.time = T0 + i };
		c.sign.key = i % 7 == 0 ? NULL : i % 3 == 0 ? &sk : i % 2 == 0 ? &ann : &ben;
		c.sign.spoil = i % 11 == 0;
		c.sign.style.flags = 1;
		c.sign.style.counter = (uint32_t)i;
		last = forge_commit(&forge, &c);
	}
	assert_int_equal(pool_new(5, &pool, NULL), ASSAY_OK);
	assert_int_equal(memo_load((struct assay_span){ NULL, 0 }, a, &memo, NULL), ASSAY_OK);
	struct parse_context alone = { a, NULL, NULL }, many = { a, pool, memo };
	const struct history *x = parse_with(&alone);
	const struct history *y = parse_with(&many);
	assert_same(x, y);
	assert_int_equal(x->verified_now, y->verified_now);
	assert_int_equal(x->verified_now, 600);
	assert_true(memo_changed(memo));
	struct buf bytes = BUF_INIT(1 << 20);
	assert_int_equal(memo_dump(memo, &bytes, NULL), ASSAY_OK);
	assert_int_equal(memo_load(buf_span(&bytes), a, &again, NULL), ASSAY_OK);
	struct parse_context remembering = { a, pool, again };
	const struct history *z = parse_with(&remembering);
	assert_same(x, z);
	assert_int_equal(z->verified_now, 0);
	assert_false(memo_changed(again));
	buf_done(&bytes);
	test_key_done(&sk);
	pool_free(&pool);
	arena_free(&a);
}

/* Bytes with another digest are hashed again, whatever the memo knows. */
static void
memo_lends_no_hash(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	struct memo *memo = NULL;
	add(NULL, T0, &ann);
	assert_int_equal(memo_load((struct assay_span){ NULL, 0 }, a, &memo, NULL), ASSAY_OK);
	struct parse_context c = { a, NULL, memo };
	(void)parse_with(&c);
	struct evidence *e = forge_evidence(&forge);
	assert_true(memo_hashed(memo, forge.members[3].sha256));
	unsigned char *at = memmem(forge.stream.data, forge.stream.len, "change", 6);
	assert_non_null(at);
	at[0] = 'C';
	const void *facts = NULL;
	assert_int_equal(evidence_seal(e, NULL), ASSAY_OK);
	assert_int_equal(history_parse(e, &c, &facts, NULL), ASSAY_E_VERIFY);
	arena_free(&a);
}

/* A memo skips arithmetic alone: what it says of an unsigned or malformed object is not asked. */
static void
memo_lends_no_signature(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	struct memo *memo = NULL;
	const char *naked = add(NULL, T0, NULL);
	struct forge_commit other = { .time = T0, .sign = { .key = &ann, .name_space = "file" } };
	const char *foreign = forge_commit(&forge, &other);
	const char *first = strcmp(naked, foreign) < 0 ? naked : foreign;
	const char *second = first == naked ? foreign : naked;
	struct memo_entry e[2] = { { .result = SIG_VALID }, { .result = SIG_VALID } };
	assert_int_equal(oid_parse(assay_span_str(first), OID_SHA1, &e[0].id), ASSAY_OK);
	assert_int_equal(oid_parse(assay_span_str(second), OID_SHA1, &e[1].id), ASSAY_OK);
	assert_int_equal(memo_load((struct assay_span){ NULL, 0 }, a, &memo, NULL), ASSAY_OK);
	assert_int_equal(memo_set(memo, e, 2, (const unsigned char[32]){ 1 }, NULL), ASSAY_OK);
	struct parse_context c = { a, NULL, memo };
	const struct history *h = parse_with(&c);
	assert_int_equal(commit_at(h, naked)->signature.result, SIG_UNSIGNED);
	assert_int_equal(commit_at(h, foreign)->signature.code, SIG_CODE_NAMESPACE);
	arena_free(&a);
}

/* A memo's entry that no arithmetic could have made is as good as none. */
static void
memo_of_nonsense_is_not_believed(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	const char *id = add(NULL, T0, &ann);
	static const unsigned char odd[][2] = { { SIG_UNSIGNED, 0 }, { SIG_VALID, SIG_CODE_MISMATCH },
		{ SIG_BAD, SIG_CODE_NAMESPACE }, { 9, 0 }, { SIG_UNSUPPORTED, SIG_CODE_MISMATCH } };
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		struct memo *memo = NULL;
		struct memo_entry e = { .result = odd[i][0], .code = odd[i][1] };
		assert_int_equal(oid_parse(assay_span_str(id), OID_SHA1, &e.id), ASSAY_OK);
		assert_int_equal(memo_load((struct assay_span){ NULL, 0 }, a, &memo, NULL), ASSAY_OK);
		assert_int_equal(memo_set(memo, &e, 1, (const unsigned char[32]){ 1 }, NULL), ASSAY_OK);
		struct parse_context c = { a, NULL, memo };
		const struct history *h = parse_with(&c);
		assert_int_equal(h->verified_now, 1);
		assert_int_equal(h->commits[0].signature.result, SIG_VALID);
	}
	arena_free(&a);
}

/* ---- hostile members ---- */

static void
altered_objects_are_refused(void **state)
{
	(void)state;
	add(NULL, T0, &ann);
	struct evidence *e = forge_evidence(&forge);
	unsigned char *at = memmem(forge.stream.data, forge.stream.len, "change", 6);
	assert_non_null(at);
	at[0] = 'C';
	(void)e;
	refused(ASSAY_E_VERIFY, "are not that object");
}

static void
set_member(size_t i, const char *text)
{
	forge.members[i].bytes = assay_span_str(text);
}

static void
malformed_members_are_refused(void **state)
{
	(void)state;
	const char *id = add(NULL, T0, NULL);
	char line[256];
	(void)forge_evidence(&forge);
	set_member(1, "md5\n");
	refused(ASSAY_E_FORMAT, "git/format");
	(void)forge_evidence(&forge);
	set_member(2, "refs/heads/main");
	refused(ASSAY_E_FORMAT, "git/head");
	(void)forge_evidence(&forge);
	set_member(4, "nonsense\n");
	refused(ASSAY_E_FORMAT, "git/refs");
	(void)forge_evidence(&forge);
	(void)snprintf(line, sizeof line, "%s refs/b\n%s refs/a\n", id, id);
	set_member(4, line);
	refused(ASSAY_E_FORMAT, "sorted");
	(void)snprintf(line, sizeof line, "%s refs/heads/a b\n", id);
	set_member(4, line);
	refused(ASSAY_E_FORMAT, "git/refs");
	(void)snprintf(line, sizeof line, "%s HEAD_OF_ALL\n", id);
	set_member(4, line);
	refused(ASSAY_E_FORMAT, "git/refs");
	(void)forge_evidence(&forge);
	set_member(5, "zz\n");
	refused(ASSAY_E_FORMAT, "git/shallow");
	(void)forge_evidence(&forge);
	set_member(0, id);
	refused(ASSAY_E_FORMAT, "git/absent");
	for (size_t i = 0; i < 6; i++) {
		(void)forge_evidence(&forge);
		forge.members[i].name = "git/other";
		refused(ASSAY_E_FORMAT, "lacks");
	}
}

static void
broken_streams_are_refused(void **state)
{
	(void)state;
	const char *id = add(NULL, T0, NULL);
	struct buf twice = BUF_INIT(1 << 20);
	(void)forge_evidence(&forge);
	buf_add_span(&twice, buf_span(&forge.stream));
	buf_add_span(&twice, buf_span(&forge.stream));
	forge.members[3].bytes = buf_span(&twice);
	refused(ASSAY_E_FORMAT, "twice");
	forge.members[3].bytes = (struct assay_span){ forge.stream.data, forge.stream.len - 2 };
	refused(ASSAY_E_FORMAT, "cut");
	buf_reset(&twice);
	buf_addf(&twice, "%s blob 1\nx\n", id);
	forge.members[3].bytes = buf_span(&twice);
	refused(ASSAY_E_FORMAT, "only commits and tags");
	buf_done(&twice);
}

static void
empty_histories(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	const struct history *h = parse(a);
	struct oid none = { 0 };
	assert_int_equal(h->commit_count, 0);
	assert_string_equal(h->head, "refs/heads/main");
	assert_false(h->has_head);
	assert_int_equal(history_find_commit(h, &none), HISTORY_NONE);
	arena_free(&a);
}

static void
little_memory_is_an_error(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		add(NULL, T0 + i, &ann);
	struct evidence *e = forge_evidence(&forge);
	for (size_t cap = 64; cap < 20000; cap += 64) {
		struct arena *a = NULL;
		const void *facts = NULL;
		struct assay_error err = { 0 };
		assert_int_equal(arena_new(cap, &a), ASSAY_OK);
		struct parse_context c = { a, NULL, NULL };
		enum assay_status status = history_parse(e, &c, &facts, &err);
		assert_true(status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_LIMIT);
		assert_int_equal(status == ASSAY_OK, facts != NULL);
		arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(facts_are_what_was_written, setup, teardown),
		cmocka_unit_test_setup_teardown(missing_parents_are_no_error, setup, teardown),
		cmocka_unit_test_setup_teardown(signatures_that_are_not_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(other_formats_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(every_kind_of_key, setup, teardown),
		cmocka_unit_test_setup_teardown(certificates, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_objects_are_facts, setup, teardown),
		cmocka_unit_test_setup_teardown(sha256_repositories, setup, teardown),
		cmocka_unit_test_setup_teardown(threads_and_memo_do_not_show, setup, teardown),
		cmocka_unit_test_setup_teardown(memo_lends_no_hash, setup, teardown),
		cmocka_unit_test_setup_teardown(memo_lends_no_signature, setup, teardown),
		cmocka_unit_test_setup_teardown(memo_of_nonsense_is_not_believed, setup, teardown),
		cmocka_unit_test_setup_teardown(altered_objects_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_members_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_streams_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(empty_histories, setup, teardown),
		cmocka_unit_test_setup_teardown(little_memory_is_an_error, setup, teardown),
	};
	git_libgit2_init();
	ann = test_key_make(ASSAY_KEY_ED25519, 0);
	ben = test_key_make(ASSAY_KEY_ED25519, 0);
	ca = test_key_make(ASSAY_KEY_ED25519, 0);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	test_key_done(&ann);
	test_key_done(&ben);
	test_key_done(&ca);
	git_libgit2_shutdown();
	return failed;
}
