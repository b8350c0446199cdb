/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"
#include <base/cleanup.h>
#include <ledger/log.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SIZES 130

static struct ledger *
opened(struct scratch *s)
{
	struct ledger *l = NULL;
	struct assay_error err;

	if (ledger_open(s->folder, true, &l, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return l;
}

/* Entry i: i bytes, so that the empty entry is among them. */
static struct assay_span
entry(size_t i)
{
	static unsigned char bytes[SIZES + 1];

	for (size_t k = 0; k < sizeof bytes; k++)
		bytes[k] = (unsigned char)k;
	return (struct assay_span){bytes, i};
}

static void
append_one(struct ledger *l, struct assay_span e, uint64_t expected)
{
	uint64_t first = UINT64_MAX;
	struct assay_error err;

	if (ledger_append(l, &e, 1, &first, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_int_equal(first, expected);
}

static void
fill(struct ledger *l, size_t count)
{
	for (size_t i = 0; i < count; i++)
		append_one(l, entry(i), i);
}

/* MTH of RFC 6962 section 2.1, straight from its definition. */
static struct assay_node
naive_root(size_t from, size_t to)
{
	struct assay_node node;

	if (from == to) {
		assert_int_equal(assay_merkle_empty(&node), ASSAY_OK);
		return node;
	}
	if (to - from == 1) {
		assert_int_equal(assay_merkle_leaf(entry(from), &node), ASSAY_OK);
		return node;
	}
	size_t k = 1;
	while (k * 2 < to - from)
		k *= 2;
	struct assay_node left = naive_root(from, from + k);
	struct assay_node right = naive_root(from + k, to);
	assert_int_equal(assay_merkle_inner(&left, &right, &node), ASSAY_OK);
	return node;
}

static void
test_roots(void **state)
{
	CLEANUP(ledger_close) struct ledger *l = opened(*state);
	struct assay_node root;
	uint64_t size = 99;
	struct assay_error err;

	for (size_t n = 0; n <= SIZES; n++) {
		struct assay_node naive = naive_root(0, n);
		assert_int_equal(ledger_head(l, &size, &root, &err), ASSAY_OK);
		assert_int_equal(size, n);
		assert_memory_equal(root.b, naive.b, sizeof root.b);
		append_one(l, entry(n), n);
	}
	for (size_t n = 0; n <= SIZES; n++) {
		struct assay_node naive = naive_root(0, n);
		assert_int_equal(ledger_root_at(l, n, &root, &err), ASSAY_OK);
		assert_memory_equal(root.b, naive.b, sizeof root.b);
	}
	assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
	assert_int_equal(ledger_root_at(l, SIZES + 2, &root, &err), ASSAY_E_USAGE);
}

static void
test_batches(void **state)
{
	CLEANUP(ledger_close) struct ledger *l = opened(*state);
	struct assay_span all[SIZES];
	struct assay_node root;
	struct assay_error err;
	uint64_t first = 0;
	uint64_t size = 0;

	for (size_t i = 0; i < SIZES; i++)
		all[i] = entry(i);
	for (size_t at = 0, step = 0; at < SIZES; at += step++) {
		size_t n = step < SIZES - at ? step : SIZES - at;
		assert_int_equal(ledger_append(l, all + at, n, &first, &err), ASSAY_OK);
		assert_int_equal(first, at);
	}
	struct assay_node naive = naive_root(0, SIZES);
	assert_int_equal(ledger_head(l, &size, &root, &err), ASSAY_OK);
	assert_int_equal(size, SIZES);
	assert_memory_equal(root.b, naive.b, sizeof root.b);
	assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
}

static void
test_inclusion(void **state)
{
	CLEANUP(ledger_close) struct ledger *l = opened(*state);
	struct assay_node proof[ASSAY_MERKLE_PROOF_MAX];
	struct assay_node leaf;
	struct assay_error err;
	size_t len = 0;

	fill(l, SIZES);
	for (size_t n = 1; n <= SIZES; n++) {
		struct assay_node root = naive_root(0, n);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(ledger_inclusion(l, i, n, proof, &len, &err), ASSAY_OK);
			assert_int_equal(assay_merkle_leaf(entry(i), &leaf), ASSAY_OK);
			assert_int_equal(
			    assay_merkle_verify_inclusion(i, n, &leaf, proof, len, &root),
			    ASSAY_OK);
			leaf.b[0] ^= 1;
			assert_int_equal(
			    assay_merkle_verify_inclusion(i, n, &leaf, proof, len, &root),
			    ASSAY_E_VERIFY);
		}
	}
	assert_int_equal(ledger_inclusion(l, 5, 5, proof, &len, &err), ASSAY_E_USAGE);
	assert_int_equal(ledger_inclusion(l, 0, SIZES + 1, proof, &len, &err), ASSAY_E_USAGE);
	assert_int_equal(ledger_inclusion(l, 0, 0, proof, &len, &err), ASSAY_E_USAGE);
}

static void
test_consistency(void **state)
{
	CLEANUP(ledger_close) struct ledger *l = opened(*state);
	struct assay_node proof[ASSAY_MERKLE_PROOF_MAX];
	struct assay_node roots[SIZES + 1];
	struct assay_error err;
	size_t len = 0;

	fill(l, SIZES);
	for (size_t n = 0; n <= SIZES; n++)
		roots[n] = naive_root(0, n);
	for (size_t n = 1; n <= SIZES; n++) {
		for (size_t m = 1; m <= n; m++) {
			assert_int_equal(ledger_consistency(l, m, n, proof, &len, &err), ASSAY_OK);
			assert_int_equal(
			    assay_merkle_verify_consistency(m, n, proof, len, &roots[m], &roots[n]),
			    ASSAY_OK);
			assert_int_equal(assay_merkle_verify_consistency(
					     m, n, proof, len, &roots[m - 1], &roots[n]),
			    ASSAY_E_VERIFY);
		}
	}
	assert_int_equal(ledger_consistency(l, 0, 7, proof, &len, &err), ASSAY_OK);
	assert_int_equal(len, 0);
	assert_int_equal(ledger_consistency(l, 8, 7, proof, &len, &err), ASSAY_E_USAGE);
}

static void
test_entries_and_caps(void **state)
{
	CLEANUP(ledger_close) struct ledger *l = opened(*state);
	CLEANUP(buf_done) struct buf out = BUF_INIT(1000);
	struct assay_error err;
	uint64_t first = 0;

	fill(l, 10);
	assert_int_equal(ledger_entry(l, 0, &out, &err), ASSAY_OK);
	assert_int_equal(out.len, 0);
	assert_int_equal(ledger_entry(l, 9, &out, &err), ASSAY_OK);
	assert_int_equal(out.len, 9);
	assert_int_equal(ledger_entry(l, 10, &out, &err), ASSAY_E_NOT_FOUND);
	assert_int_equal(ledger_entry(l, UINT64_MAX, &out, &err), ASSAY_E_NOT_FOUND);

	unsigned char *big = calloc(1, LEDGER_ENTRY_MAX + 1);
	assert_non_null(big);
	struct assay_span two[2] = {entry(3), {big, LEDGER_ENTRY_MAX + 1}};
	assert_int_equal(ledger_append(l, two, 2, &first, &err), ASSAY_E_LIMIT);
	two[1].len = LEDGER_ENTRY_MAX;
	assert_int_equal(ledger_append(l, two, 2, &first, &err), ASSAY_OK);
	assert_int_equal(first, 10);
	assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
	free(big);
}

static void
test_opened_again(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;
	struct ledger *l = NULL;
	uint64_t size = 0;
	struct assay_node root;

	assert_int_equal(ledger_open(s->folder, false, &l, &err), ASSAY_E_NOT_FOUND);
	assert_int_equal(
	    ledger_open(scratch_path(s, "absent"), false, &l, &err), ASSAY_E_NOT_FOUND);
	l = opened(s);
	fill(l, 5);
	ledger_close(&l);
	assert_null(l);
	assert_int_equal(ledger_open(s->folder, false, &l, &err), ASSAY_OK);
	assert_int_equal(ledger_head(l, &size, &root, &err), ASSAY_OK);
	assert_int_equal(size, 5);
	append_one(l, entry(5), 5);
	assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
	ledger_close(&l);
	assert_int_equal(ledger_open(scratch_path(s, "a/b"), true, &l, &err), ASSAY_OK);
	ledger_close(&l);
}

static void
alter(struct scratch *s, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(scratch_path(s, "ledger.db"), &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What a forger does to the file, and the words that must name it. */
static const struct tampering {
	const char *sql;
	const char *named;
} tamperings[] = {
    {"UPDATE entries SET bytes = x'00' WHERE seq = 17", "entry 17"},
    {"UPDATE entries SET bytes = x'' WHERE seq IN (20, 9)", "entry 9,"},
    {"UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND seq = 3", "node 0/3"},
    {"UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND seq = 4", "node 2/4"},
    {"UPDATE nodes SET hash = zeroblob(31) WHERE level = 2 AND seq = 4", "node 2/4"},
    {"UPDATE nodes SET hash = zeroblob(32) WHERE level = 3 AND seq = 0", "node 3/0"},
    {"DELETE FROM nodes WHERE level = 1 AND seq = 2", "node 1/2"},
    {"DELETE FROM entries WHERE seq = 30", "entry 30 of 37 is missing"},
    {"DELETE FROM entries WHERE seq >= 30", "entry 30 of 37 is missing"},
    {"DELETE FROM entries", "entry 0 of 37 is missing"},
    {"INSERT INTO entries VALUES (37, x'01')", "entry 37"},
    {"INSERT INTO entries VALUES (-1, x'01')", "entry -1"},
    {"INSERT INTO nodes VALUES (0, 37, zeroblob(32))", "level 0"},
    {"INSERT INTO nodes VALUES (50, 0, zeroblob(32))", "level 50"},
    {"INSERT INTO nodes VALUES (-1, 0, zeroblob(32))", "level -1"},
    {"INSERT INTO head VALUES (2, 5, zeroblob(32))", "head 2"},
    {"UPDATE head SET root = zeroblob(32)", "head"},
    {"UPDATE head SET size = 36", "head"},
    {"UPDATE head SET size = 38", "entry 37 of 38 is missing"},
    {"UPDATE head SET size = -1", "head"},
    {"UPDATE head SET size = 1 << 60", "head"},
    {"DELETE FROM head", "head"},
    {"UPDATE entries SET seq = 1000 WHERE seq = 5; UPDATE entries SET seq = 5 WHERE seq = 6;"
     " UPDATE entries SET seq = 6 WHERE seq = 1000",
	"entry 5"},
    {"UPDATE entries SET bytes = zeroblob(1500000) WHERE seq = 5", "entry 5"},
};

static void
test_tampering(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;

	for (size_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++) {
		struct ledger *l = opened(s);
		fill(l, 37);
		assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
		ledger_close(&l);
		alter(s, tamperings[i].sql);
		l = opened(s);
		enum assay_status status = ledger_verify(l, &err);
		if (status != ASSAY_E_VERIFY || strstr(err.what, tamperings[i].named) == NULL)
			fail_msg("%s: status %d, \"%s\"", tamperings[i].sql, (int)status, err.what);
		ledger_close(&l);
		scratch_empty(s->folder);
	}
}

/* Nothing is added to a log that was altered where appending would build on it. */
static void
test_no_append_on_altered(void **state)
{
	struct scratch *s = *state;
	struct ledger *l = opened(s);
	struct assay_span one = entry(1);
	struct assay_error err;
	uint64_t first = 7;

	fill(l, 37);
	alter(s, "UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND seq = 8");
	assert_int_equal(ledger_append(l, &one, 1, &first, &err), ASSAY_E_VERIFY);
	assert_int_equal(first, 7);
	scratch_empty(s->folder);
	ledger_close(&l);
	l = opened(s);
	fill(l, 37);
	alter(s, "INSERT INTO entries VALUES (37, x'01')");
	assert_int_equal(ledger_append(l, &one, 1, &first, &err), ASSAY_E_VERIFY);
	ledger_close(&l);
}

/* Files that must not even be opened as a ledger. */
static const struct stranger {
	const char *sql;
	enum assay_status status;
} strangers[] = {
    {"PRAGMA user_version = 2", ASSAY_E_VERSION},
    {"PRAGMA user_version = 0", ASSAY_E_VERIFY},
    {"PRAGMA application_id = 7", ASSAY_E_FORMAT},
    {"CREATE TABLE more (x)", ASSAY_E_VERIFY},
    {"CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END", ASSAY_E_VERIFY},
    {"CREATE VIEW v AS SELECT 1", ASSAY_E_VERIFY},
    {"CREATE INDEX i ON entries (bytes)", ASSAY_E_VERIFY},
    {"ALTER TABLE entries ADD COLUMN x ANY", ASSAY_E_VERIFY},
    {"DROP TABLE nodes", ASSAY_E_VERIFY},
    {"DROP TABLE nodes; CREATE VIEW nodes AS SELECT 0 AS level, 0 AS seq, 0 AS hash",
	ASSAY_E_VERIFY},
};

static void
test_strangers(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;

	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		struct ledger *l = opened(s);
		fill(l, 3);
		ledger_close(&l);
		alter(s, strangers[i].sql);
		enum assay_status status = ledger_open(s->folder, true, &l, &err);
		if (status != strangers[i].status)
			fail_msg("%s: status %d, \"%s\"", strangers[i].sql, (int)status, err.what);
		assert_null(l);
		scratch_empty(s->folder);
	}
}

static void
write_over(const char *path, long at, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
test_damaged_file(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;
	struct ledger *l = opened(s);
	unsigned char noise[4096];

	memset(noise, 0xa5, sizeof noise);
	fill(l, SIZES);
	ledger_close(&l);
	write_over(scratch_path(s, "ledger.db"), -8192, noise, sizeof noise);
	assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_E_VERIFY);
	write_over(scratch_path(s, "ledger.db"), 0, noise, sizeof noise);
	assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_E_VERIFY);
	assert_int_equal(truncate(scratch_path(s, "ledger.db"), 5000), 0);
	assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_E_VERIFY);
	assert_int_equal(truncate(scratch_path(s, "ledger.db"), 0), 0);
	assert_int_equal(ledger_open(s->folder, false, &l, &err), ASSAY_E_VERIFY);
}

static void
test_links_and_pipes(void **state)
{
	static const char *const names[] = {"ledger.db", "ledger.db-journal", "ledger.db-wal"};
	struct scratch *s = *state;
	struct assay_error err;
	struct ledger *l = NULL;
	char other[300];

	(void)snprintf(other, sizeof other, "%s/other", s->folder);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_int_equal(symlink(other, scratch_path(s, names[i])), 0);
		assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_E_VERIFY);
		assert_int_not_equal(access(other, F_OK), 0);
		scratch_empty(s->folder);
		assert_int_equal(mkfifo(scratch_path(s, names[i]), 0600), 0);
		assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_E_VERIFY);
		scratch_empty(s->folder);
	}
}

static void
test_read_only_folder(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;
	struct ledger *l = opened(s);
	struct assay_span one = entry(1);
	uint64_t first = 0;

	fill(l, 4);
	ledger_close(&l);
	assert_int_equal(chmod(scratch_path(s, "ledger.db"), 0444), 0);
	assert_int_equal(chmod(s->folder, 0555), 0);
	/* root writes everywhere, so be somebody else for a while. */
	bool root = geteuid() == 0;
	if (root)
		assert_int_equal(seteuid(65534), 0);
	enum assay_status opens = ledger_open(s->folder, false, &l, &err);
	enum assay_status verifies = opens == ASSAY_OK ? ledger_verify(l, &err) : opens;
	enum assay_status appends =
	    opens == ASSAY_OK ? ledger_append(l, &one, 1, &first, &err) : opens;
	ledger_close(&l);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(s->folder, 0700), 0);
	assert_int_equal(verifies, ASSAY_OK);
	assert_int_equal(appends, ASSAY_E_SYSTEM);
	assert_true(err.todo[0] != '\0');
}

/* Two writers at once: both get all their entries in, each batch in one piece. */
static void
test_two_writers(void **state)
{
	struct scratch *s = *state;
	struct ledger *l = opened(s);
	struct assay_error err;
	uint64_t size = 0;
	struct assay_node root;

	ledger_close(&l);
	pid_t child = fork();
	assert_true(child >= 0);
	l = opened(s);
	struct assay_span batch[3] = {entry(1), entry(2), entry(3)};
	for (size_t i = 0; i < 30; i++) {
		uint64_t first = 0;
		enum assay_status status = ledger_append(l, batch, 3, &first, &err);
		if (child == 0 && (status != ASSAY_OK || first % 3 != 0))
			_exit(1);
		if (child != 0)
			assert_int_equal(status, ASSAY_OK);
	}
	if (child == 0)
		_exit(0);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(ledger_head(l, &size, &root, &err), ASSAY_OK);
	assert_int_equal(size, 180);
	assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
	ledger_close(&l);
}

static void
append_until_killed(struct scratch *s)
{
	struct ledger *l = opened(s);
	struct assay_span batch[40];
	struct assay_error err;
	uint64_t first = 0;

	for (size_t i = 0; i < 40; i++)
		batch[i] = entry(i);
	for (;;) {
		if (ledger_append(l, batch, 40, &first, &err) != ASSAY_OK)
			_exit(1);
	}
}

static void
test_killed(void **state)
{
	struct scratch *s = *state;
	struct assay_error err;
	uint64_t before = 0;

	for (unsigned round = 0; round < 12; round++) {
		struct ledger *l = opened(s);
		struct assay_node root;
		uint64_t size = 0;
		assert_int_equal(ledger_head(l, &size, &root, &err), ASSAY_OK);
		assert_int_equal(size % 40, 0);
		assert_true(size >= before);
		assert_int_equal(ledger_verify(l, &err), ASSAY_OK);
		ledger_close(&l);
		before = size;
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			append_until_killed(s);
		(void)usleep(20000 + 3000 * round);
		assert_int_equal(kill(child, SIGKILL), 0);
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
	}
	assert_true(before > 0);
}

#define ROW(fn) cmocka_unit_test_setup_teardown(fn, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ROW(test_roots),
	    ROW(test_batches),
	    ROW(test_inclusion),
	    ROW(test_consistency),
	    ROW(test_entries_and_caps),
	    ROW(test_opened_again),
	    ROW(test_tampering),
	    ROW(test_no_append_on_altered),
	    ROW(test_strangers),
	    ROW(test_damaged_file),
	    ROW(test_links_and_pipes),
	    ROW(test_read_only_folder),
	    ROW(test_two_writers),
	    ROW(test_killed),
	};

	return cmocka_run_group_tests_name("ledger log", tests, NULL, NULL);
}
