/* SPDX-License-Identifier: Apache-2.0 */
/* The objects below were written by git 2.39 with throwaway keys; their ids are git's. */
#include <codec/gitobj.h>

#include <base/buf.h>
#include <git2/global.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TREE "tree 6a06fa6fb5b88610c338051509cb90190fb6ef66\n"
#define AUTHOR "author Ann Example <ann@example.org> 1700000000 +0130\n"
#define COMMITTER "committer Ann Example <ann@example.org> 1700000001 -0230\n"
#define PARENT "parent 142e5fb34d884efd1e4bdc953d17cbfc506c065b\n"
#define SIG_LINES(indent)                                                                          \
	"-----BEGIN SSH SIGNATURE-----\n" indent                                                   \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgsaHyC/AnvGkEhC0jG2234yLmEw\n" indent          \
	"KT5jj8WG1dFG8TeNwAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n" indent

#define COMMIT_SIG                                                                                 \
	SIG_LINES(" ")                                                                             \
	"AAAAQA6rJ0g95y+an18e1/6T4voo4pbH+NaXqpsCPWHFmoomM4gsU0KpasGB4gO2BKGfzf\n"                 \
	" xAQQiVqp83kUQqVNb+CgE=\n"                                                                \
	" -----END SSH SIGNATURE-----\n"
#define TAG_SIG                                                                                    \
	SIG_LINES("")                                                                              \
	"AAAAQEnEYWC1TUPCZfCb2ofXW6QFn1tvgetxMgE0cmBMJRxNyzjPrktCpp1YOoEiVGbQaN\n"                 \
	"CzvynnX0pg7gHmIHTS1QE=\n"                                                                 \
	"-----END SSH SIGNATURE-----\n"
#define SIGNED TREE AUTHOR COMMITTER "gpgsig " COMMIT_SIG "\nfirst\n\nbody\n"
#define TAG_HEAD                                                                                   \
	"object 142e5fb34d884efd1e4bdc953d17cbfc506c065b\ntype commit\ntag v1\n"
#define TAGGER "tagger Ann Example <ann@example.org> 1700000001 -0230\n"

static struct assay_span
str(const char *s)
{
	return assay_span_str(s);
}

static void
assert_span(struct assay_span s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

static void
assert_payload(const struct git_signature_field *sig, const char *expected)
{
	struct buf joined = BUF_INIT(1 << 20);
	for (size_t i = 0; i < sig->piece_count; i++)
		buf_add_span(&joined, sig->pieces[i]);
	assert_string_equal(buf_str(&joined), expected);
	buf_done(&joined);
}

static void
assert_id(enum git_type type, const char *bytes, size_t len, const char *expected)
{
	struct assay_error err = { 0 };
	struct oid id;
	char hex[65];
	struct assay_span s = { (const unsigned char *)bytes, len };
	enum oid_algo algo = strlen(expected) == 40 ? OID_SHA1 : OID_SHA256;
	assert_int_equal(git_hash(algo, type, s, &id, &err), ASSAY_OK);
	oid_hex(&id, algo, hex);
	assert_string_equal(hex, expected);
}

static void
hash_gives_gits_ids(void **state)
{
	(void)state;
	assert_id(GIT_COMMIT, SIGNED, strlen(SIGNED), "142e5fb34d884efd1e4bdc953d17cbfc506c065b");
	assert_id(GIT_TAG, TAG_HEAD TAGGER "\ntag text\n" TAG_SIG,
	    strlen(TAG_HEAD TAGGER "\ntag text\n" TAG_SIG),
	    "c4932cd6a4c26bd3b4baf3c87d18f8ee587d6284");
	assert_id(GIT_BLOB, "", 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	assert_id(GIT_TREE, "", 0, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	assert_id(GIT_BLOB, "", 0,
	    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813");
	assert_id(GIT_TREE, "", 0,
	    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321");
}

static void
oid_reads_exactly_its_algorithm(void **state)
{
	(void)state;
	struct oid id, other;
	const char *hex = "142e5fb34d884efd1e4bdc953d17cbfc506c065b";
	assert_int_equal(oid_parse(str(hex), OID_SHA1, &id), ASSAY_OK);
	assert_int_equal(id.b[0], 0x14);
	assert_int_equal(id.b[19], 0x5b);
	assert_int_equal(id.b[20], 0);
	assert_int_equal(oid_parse(str(hex), OID_SHA256, &id), ASSAY_E_FORMAT);
	assert_int_equal(oid_parse(str("142E5fb34d884efd1e4bdc953d17cbfc506c065b"), OID_SHA1, &id),
	    ASSAY_E_FORMAT);
	assert_int_equal(oid_parse(str("142g5fb34d884efd1e4bdc953d17cbfc506c065b"), OID_SHA1, &id),
	    ASSAY_E_FORMAT);
	assert_int_equal(oid_parse(str("242e5fb34d884efd1e4bdc953d17cbfc506c065b"), OID_SHA1,
			     &other), ASSAY_OK);
	assert_true(oid_compare(&id, &other) < 0);
	assert_int_equal(oid_compare(&id, &id), 0);
}

static void
type_names_go_both_ways(void **state)
{
	(void)state;
	enum git_type type = GIT_BLOB;
	assert_int_equal(git_type_parse(str("tag"), &type), ASSAY_OK);
	assert_int_equal(type, GIT_TAG);
	assert_string_equal(git_type_name(type), "tag");
	assert_int_equal(git_type_parse(str("tags"), &type), ASSAY_E_FORMAT);
	assert_int_equal(git_type_parse(str(""), &type), ASSAY_E_FORMAT);
}

static void
commit_signed_is_read_whole(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	assert_int_equal(git_commit_parse(str(SIGNED), OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.tree.b[0], 0x6a);
	assert_int_equal(c.parent_count, 0);
	assert_span(c.author.name, "Ann Example");
	assert_span(c.author.email, "ann@example.org");
	assert_int_equal(c.author.time, 1700000000);
	assert_int_equal(c.author.zone, 90);
	assert_int_equal(c.committer.time, 1700000001);
	assert_int_equal(c.committer.zone, -150);
	assert_span(c.message, "first\n\nbody\n");
	assert_int_equal(c.signature.headers, 1);
	assert_false(c.signature.wrong_header);
	assert_span(c.signature.raw, COMMIT_SIG);
	assert_int_equal(c.signature.piece_count, 2);
	assert_payload(&c.signature, TREE AUTHOR COMMITTER "\nfirst\n\nbody\n");
}

static void
commit_parents_are_stepped_through(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	struct oid id;
	size_t cursor = 0;
	const char *raw = TREE PARENT "parent 242e5fb34d884efd1e4bdc953d17cbfc506c065b\n" AUTHOR
	    COMMITTER;
	assert_int_equal(git_commit_parse(str(raw), OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.parent_count, 2);
	assert_true(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	assert_int_equal(id.b[0], 0x14);
	assert_true(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	assert_int_equal(id.b[0], 0x24);
	assert_false(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	assert_int_equal(c.signature.headers, 0);
	assert_null(c.signature.raw.data);
	assert_int_equal(c.message.len, 0);
	assert_payload(&c.signature, raw);
}

static void
commit_extra_headers_keep_their_continuation(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	const char *raw = TREE AUTHOR COMMITTER "encoding ISO-8859-1\n"
	    "mergetag object 142e5fb34d884efd1e4bdc953d17cbfc506c065b\n"
	    " author nobody\n gpgsig x\n"
	    "gpgsig A\n B\n \n"
	    "HG:extra rebase\n"
	    "\nm\0essage";
	struct assay_span s = { (const unsigned char *)raw, strlen(raw) + 8 };
	assert_int_equal(git_commit_parse(s, OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.signature.headers, 1);
	assert_span(c.signature.raw, "A\n B\n \n");
	assert_int_equal(c.signature.piece_count, 2);
	assert_int_equal(c.message.len, 9);
	assert_memory_equal(c.signature.pieces[1].data, "HG:extra rebase\n\nm\0essage", 25);
}

static void
commit_second_signature_is_counted(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	const char *two = TREE AUTHOR COMMITTER "gpgsig A\nx y\ngpgsig B\n\nm";
	assert_int_equal(git_commit_parse(str(two), OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.signature.headers, 2);
	assert_false(c.signature.wrong_header);
	assert_span(c.signature.raw, "A\n");
	assert_payload(&c.signature, TREE AUTHOR COMMITTER "x y\n\nm");
	const char *both = TREE AUTHOR COMMITTER "gpgsig A\n a\ngpgsig-sha256 B\n b\n\nm";
	assert_int_equal(git_commit_parse(str(both), OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.signature.headers, 2);
	assert_true(c.signature.wrong_header);
	assert_span(c.signature.raw, "A\n a\n");
	assert_payload(&c.signature, TREE AUTHOR COMMITTER "\nm");
}

static void
commit_foreign_signature_header_is_told(void **state)
{
	(void)state;
	static const char *const foreign[] = { "gpgsig-sha256 B\n b\n", "gpgsigfoo B\n",
		"gpgsig\n B\n", "gpgsig-sha512 x\n" };
	struct assay_error err = { 0 };
	struct git_commit c;
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		struct buf raw = BUF_INIT(4096);
		buf_addf(&raw, "%s%s\nm", TREE AUTHOR COMMITTER, foreign[i]);
		assert_int_equal(git_commit_parse(buf_span(&raw), OID_SHA1, &c, &err), ASSAY_OK);
		assert_int_equal(c.signature.headers, 1);
		assert_true(c.signature.wrong_header);
		assert_null(c.signature.raw.data);
		buf_done(&raw);
	}
}

static void
commit_of_sha256_has_its_own_header(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	const char *tree
	    = "tree 6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321\n";
	struct buf raw = BUF_INIT(4096);
	buf_addf(&raw, "%s%s", tree, AUTHOR COMMITTER "gpgsig-sha256 A\n B\n\nm");
	assert_int_equal(git_commit_parse(buf_span(&raw), OID_SHA256, &c, &err), ASSAY_OK);
	assert_int_equal(c.signature.headers, 1);
	assert_false(c.signature.wrong_header);
	assert_span(c.signature.raw, "A\n B\n");
	assert_int_equal(git_commit_parse(buf_span(&raw), OID_SHA1, &c, &err), ASSAY_E_FORMAT);
	buf_done(&raw);
}

static void
commit_with_too_many_signatures_leaves_no_payload(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	struct buf raw = BUF_INIT(4096);
	buf_add_str(&raw, TREE AUTHOR COMMITTER);
	for (int i = 0; i < 20; i++)
		buf_addf(&raw, "gpgsig %d\nx %d\n", i, i);
	buf_add_str(&raw, "\nm");
	assert_int_equal(git_commit_parse(buf_span(&raw), OID_SHA1, &c, &err), ASSAY_OK);
	assert_int_equal(c.signature.headers, 20);
	assert_int_equal(c.signature.piece_count, 0);
	buf_done(&raw);
}

struct bad {
	const char *raw;
	unsigned line;
	const char *what;
};

static const struct bad bad_commits[] = {
	{ "", 0, "empty" },
	{ "\n\n", 1, "tree" },
	{ AUTHOR, 1, "tree" },
	{ "tree 6a06\n" AUTHOR COMMITTER, 1, "bad tree id" },
	{ "tree  6a06fa6fb5b88610c338051509cb90190fb6ef66\n" AUTHOR COMMITTER, 1, "bad tree id" },
	{ TREE "parent x\n" AUTHOR COMMITTER, 2, "bad parent id" },
	{ TREE PARENT, 2, "no author" },
	{ TREE COMMITTER, 2, "no author" },
	{ TREE AUTHOR, 2, "no committer" },
	{ TREE AUTHOR AUTHOR COMMITTER, 3, "no committer" },
	{ TREE AUTHOR COMMITTER COMMITTER, 4, "twice" },
	{ TREE AUTHOR COMMITTER PARENT, 4, "twice" },
	{ TREE AUTHOR COMMITTER TREE, 4, "twice" },
	{ TREE AUTHOR COMMITTER "x y\n" AUTHOR, 5, "twice" },
	{ TREE AUTHOR COMMITTER " continued\n", 4, "continuation" },
	{ TREE " x\n" AUTHOR COMMITTER, 2, "no author" },
	{ TREE AUTHOR COMMITTER "gpgsig x", 0, "ends inside" },
	{ TREE "author Ann 1 +0000\n" COMMITTER, 2, "'<'" },
	{ TREE "author Ann <a 1 +0000\n" COMMITTER, 2, "'>'" },
	{ TREE "author A>n <a> 1 +0000\n" COMMITTER, 2, "bad name" },
	{ TREE "author Ann <a<b> 1 +0000\n" COMMITTER, 2, "bad email" },
	{ TREE "author Ann <a> <b> 1 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a>1 +0000\n" COMMITTER, 2, "no time" },
	{ TREE "author Ann <a>\n" COMMITTER, 2, "no time" },
	{ TREE "author Ann <a> 1\n" COMMITTER, 2, "no time zone" },
	{ TREE "author Ann <a> -1 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a>  1 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a> 01 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a> 9223372036854775808 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a> 99999999999999999999999 +0000\n" COMMITTER, 2, "bad time" },
	{ TREE "author Ann <a> 1 0000\n" COMMITTER, 2, "bad time zone" },
	{ TREE "author Ann <a> 1 +00000\n" COMMITTER, 2, "bad time zone" },
	{ TREE "author Ann <a> 1 +00:0\n" COMMITTER, 2, "bad time zone" },
	{ TREE "author Ann <a> 1 +0000 \n" COMMITTER, 2, "bad time zone" },
};

static void
commit_malformed_is_refused_by_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_commits / sizeof bad_commits[0]; i++) {
		struct assay_error err = { 0 };
		struct git_commit c = { .parent_count = 77 };
		const struct bad *b = &bad_commits[i];
		assert_int_equal(git_commit_parse(str(b->raw), OID_SHA1, &c, &err), ASSAY_E_FORMAT);
		if (strstr(err.what, b->what) == NULL || err.line != b->line)
			fail_msg("row %zu: line %u: %s", i, err.line, err.what);
		assert_int_equal(c.parent_count, 77);
	}
}

static void
commit_edges_are_read(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	assert_int_equal(git_commit_parse(
			     str(TREE "author <a> 9223372036854775807 -9999\n" COMMITTER "\n"),
			     OID_SHA1, &c, &err), ASSAY_OK);
	assert_true(c.author.time == INT64_MAX);
	assert_int_equal(c.author.name.len, 0);
	assert_int_equal(git_commit_parse(str(TREE "author  <> 0 +0000\n" COMMITTER), OID_SHA1, &c,
			     &err), ASSAY_OK);
	assert_int_equal(c.author.email.len, 0);
	assert_non_null(c.author.email.data);
}

static void
commit_nul_and_caps(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_commit c;
	const char nul[] = TREE AUTHOR COMMITTER "gpgsig a\0b\n\nm";
	struct assay_span s = { (const unsigned char *)nul, sizeof nul - 1 };
	assert_int_equal(git_commit_parse(s, OID_SHA1, &c, &err), ASSAY_E_FORMAT);
	assert_non_null(strstr(err.what, "NUL"));
	struct assay_span large = { (const unsigned char *)nul, GIT_COMMIT_MAX + 1 };
	assert_int_equal(git_commit_parse(large, OID_SHA1, &c, &err), ASSAY_E_LIMIT);
	struct buf raw = BUF_INIT(1 << 20);
	buf_add_str(&raw, TREE);
	for (int i = 0; i <= GIT_PARENTS_MAX; i++)
		buf_add_str(&raw, PARENT);
	buf_add_str(&raw, AUTHOR COMMITTER);
	assert_int_equal(git_commit_parse(buf_span(&raw), OID_SHA1, &c, &err), ASSAY_E_LIMIT);
	buf_done(&raw);
}

static void
tag_signed_is_read_whole(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_tag t;
	assert_int_equal(
	    git_tag_parse(str(TAG_HEAD TAGGER "\ntag text\n" TAG_SIG), OID_SHA1, &t, &err), ASSAY_OK);
	assert_int_equal(t.target.b[0], 0x14);
	assert_int_equal(t.target_type, GIT_COMMIT);
	assert_span(t.name, "v1");
	assert_span(t.tagger.email, "ann@example.org");
	assert_span(t.message, "tag text\n");
	assert_int_equal(t.signature.headers, 1);
	assert_false(t.signature.wrong_header);
	assert_span(t.signature.raw, TAG_SIG);
	assert_payload(&t.signature, TAG_HEAD TAGGER "\ntag text\n");
}

static void
tag_without_tagger_or_text(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_tag t;
	assert_int_equal(git_tag_parse(str(TAG_HEAD), OID_SHA1, &t, &err), ASSAY_OK);
	assert_null(t.tagger.email.data);
	assert_int_equal(t.signature.headers, 0);
	assert_payload(&t.signature, TAG_HEAD);
	assert_int_equal(git_tag_parse(str(TAG_HEAD "\n" TAG_SIG), OID_SHA1, &t, &err), ASSAY_OK);
	assert_int_equal(t.message.len, 0);
	assert_payload(&t.signature, TAG_HEAD "\n");
}

static void
tag_counts_every_signature(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_tag t;
	assert_int_equal(git_tag_parse(str(TAG_HEAD TAGGER "\nx\n-----BEGIN PGP MESSAGE-----\ny\n"
					   "-----BEGIN SIGNED MESSAGE-----\n-----BEGIN PGP "
					   "SIGNATURE-----tail"),
			     OID_SHA1, &t, &err), ASSAY_OK);
	assert_int_equal(t.signature.headers, 3);
	assert_span(t.signature.raw, "-----BEGIN PGP SIGNATURE-----tail");
	assert_int_equal(git_tag_parse(str(TAG_HEAD TAGGER "\n -----BEGIN PGP MESSAGE-----\n"
					   "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"),
			     OID_SHA1, &t, &err), ASSAY_OK);
	assert_int_equal(t.signature.headers, 0);
}

static void
tag_signature_header_is_foreign(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct git_tag t;
	assert_int_equal(git_tag_parse(str(TAG_HEAD TAGGER "gpgsig A\n B\n\nx\n" TAG_SIG), OID_SHA1,
			     &t, &err), ASSAY_OK);
	assert_int_equal(t.signature.headers, 2);
	assert_true(t.signature.wrong_header);
	assert_span(t.signature.raw, TAG_SIG);
	assert_payload(&t.signature, TAG_HEAD TAGGER "\nx\n");
}

static const struct bad bad_tags[] = {
	{ "", 0, "empty" },
	{ "type commit\n", 1, "object" },
	{ "object x\ntype commit\ntag v\n", 1, "bad object id" },
	{ "object 142e5fb34d884efd1e4bdc953d17cbfc506c065b\ntype commits\ntag v\n", 2, "bad type" },
	{ "object 142e5fb34d884efd1e4bdc953d17cbfc506c065b\ntag v\n", 2, "no type" },
	{ "object 142e5fb34d884efd1e4bdc953d17cbfc506c065b\ntype tag\ntag \n", 3, "no name" },
	{ TAG_HEAD "tagger Ann\n", 4, "'<'" },
	{ TAG_HEAD TAGGER TAGGER, 5, "twice" },
	{ TAG_HEAD TAGGER "object x\n", 5, "twice" },
	{ TAG_HEAD TAGGER "-----BEGIN SSH SIGNATURE-----\n\nx", 5, "begins inside" },
	{ TAG_HEAD "tagger Ann <a> 1 +0000", 0, "ends inside" },
};

/* What git walks: a broken line further down, or an upper-case id, hides no parent. */
static void
links_are_read_however_malformed(void **state)
{
	(void)state;
	static const char raw[] = "tree 4B825DC642CB6EB9A060E54BF8D69288FBEE4904\n"
				  "parent 6A06fa6fb5b88610c338051509cb90190fb6ef66\n"
				  "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor 01\n\n";
	struct git_commit c;
	struct git_tag t;
	struct oid id;
	size_t cursor = 0;
	char hex[65];
	git_commit_links(str(raw), OID_SHA1, &c);
	assert_int_equal(c.parent_count, 2);
	assert_true(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	oid_hex(&id, OID_SHA1, hex);
	assert_string_equal(hex, "6a06fa6fb5b88610c338051509cb90190fb6ef66");
	assert_true(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	assert_false(git_commit_next_parent(&c, OID_SHA1, &cursor, &id));
	git_commit_links(str(raw + 1), OID_SHA1, &c);
	assert_int_equal(c.parent_count, 0);
	assert_true(git_tag_link(str("object 6A06fa6fb5b88610c338051509cb90190fb6ef66\ntype tag\nx"),
	    OID_SHA1, &t));
	assert_int_equal(t.target_type, GIT_TAG);
	assert_false(git_tag_link(str("object 6a06fa6fb5b88610c338051509cb90190fb6ef66\ntype t\n"),
	    OID_SHA1, &t));
	assert_false(git_tag_link(str("object 6a06\ntype tag\n"), OID_SHA1, &t));
}

static void
tag_malformed_is_refused_by_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_tags / sizeof bad_tags[0]; i++) {
		struct assay_error err = { 0 };
		struct git_tag t;
		const struct bad *b = &bad_tags[i];
		assert_int_equal(git_tag_parse(str(b->raw), OID_SHA1, &t, &err), ASSAY_E_FORMAT);
		if (strstr(err.what, b->what) == NULL || err.line != b->line)
			fail_msg("row %zu: line %u: %s", i, err.line, err.what);
	}
}

/* Appends an entry whose id is 20 times fill. */
static void
add_entry(struct buf *tree, const char *mode_and_name, unsigned char fill)
{
	buf_add(tree, mode_and_name, strlen(mode_and_name) + 1);
	for (int i = 0; i < 20; i++)
		buf_add_byte(tree, fill);
}

static enum assay_status
walk(const char *const *entries, size_t count, size_t cut, size_t *ret_seen)
{
	struct assay_error err = { 0 };
	struct buf tree = BUF_INIT(65536);
	struct git_tree_entry e;
	enum assay_status status;
	size_t cursor = 0;
	for (size_t i = 0; i < count; i++)
		add_entry(&tree, entries[i], (unsigned char)(i + 1));
	struct assay_span raw = buf_span(&tree);
	raw.len -= cut;
	*ret_seen = 0;
	while ((status = git_tree_next(raw, OID_SHA1, &cursor, &e, &err)) == ASSAY_OK) {
		assert_int_equal(e.id.b[0], *ret_seen + 1);
		assert_int_equal(e.id.b[20], 0);
		++*ret_seen;
	}
	buf_done(&tree);
	return status;
}

static void
tree_is_stepped_through_in_gits_order(void **state)
{
	(void)state;
	static const char *const entries[] = { "100644 a", "100644 d.c", "40000 d", "120000 d0",
		"160000 sub", "100755 with space", "100664 x", "040000 y" };
	size_t seen;
	assert_int_equal(walk(entries, 8, 0, &seen), ASSAY_E_NOT_FOUND);
	assert_int_equal(seen, 8);
	assert_int_equal(walk(entries, 0, 0, &seen), ASSAY_E_NOT_FOUND);
}

static void
tree_malformed_is_refused(void **state)
{
	(void)state;
	static const char *const pairs[][2] = { { "100644 b", "100644 a" },
		{ "100644 a", "100644 a" }, { "40000 d", "100644 d.c" }, { "100644 d", "40000 d" },
		{ "40000 d", "100644 d" }, { "100644 a", "100644 b/c" }, { "100644 a", "100644 " },
		{ "100644 .", "100644 a" }, { "40000 ..", "100644 a" }, { "40000 .git", "100644 a" },
		{ "100600 a", "100644 b" }, { "10064x a", "100644 b" }, { " a", "100644 b" },
		{ "100644", "100644" }, { "0000100644 a", "100644 b" } };
	size_t seen;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (walk(pairs[i], 2, 0, &seen) != ASSAY_E_FORMAT || seen != 0)
			fail_msg("pair %zu", i);
	}
	static const char *const good[] = { "100644 a", "100644 b" };
	assert_int_equal(walk(good, 2, 1, &seen), ASSAY_E_FORMAT);
	assert_int_equal(walk(good, 2, 21, &seen), ASSAY_E_FORMAT);
	assert_int_equal(walk(good, 2, 27, &seen), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_gives_gits_ids),
		cmocka_unit_test(oid_reads_exactly_its_algorithm),
		cmocka_unit_test(type_names_go_both_ways),
		cmocka_unit_test(commit_signed_is_read_whole),
		cmocka_unit_test(commit_parents_are_stepped_through),
		cmocka_unit_test(commit_extra_headers_keep_their_continuation),
		cmocka_unit_test(commit_second_signature_is_counted),
		cmocka_unit_test(commit_foreign_signature_header_is_told),
		cmocka_unit_test(commit_of_sha256_has_its_own_header),
		cmocka_unit_test(commit_with_too_many_signatures_leaves_no_payload),
		cmocka_unit_test(commit_malformed_is_refused_by_line),
		cmocka_unit_test(commit_edges_are_read),
		cmocka_unit_test(commit_nul_and_caps),
		cmocka_unit_test(tag_signed_is_read_whole),
		cmocka_unit_test(tag_without_tagger_or_text),
		cmocka_unit_test(tag_counts_every_signature),
		cmocka_unit_test(tag_signature_header_is_foreign),
		cmocka_unit_test(tag_malformed_is_refused_by_line),
		cmocka_unit_test(links_are_read_however_malformed),
		cmocka_unit_test(tree_is_stepped_through_in_gits_order),
		cmocka_unit_test(tree_malformed_is_refused),
	};
	git_libgit2_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	git_libgit2_shutdown();
	return failed;
}
