/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's store in SQLite. The file may have been written by somebody else, so its schema must
 * be ours to the letter, nothing in it runs (no triggers, no views, no functions), and what it says
 * is only ever compared with hashes.
 *
 * A rollback journal rather than a WAL: one file at rest, readable from a read-only folder, and
 * with synchronous=EXTRA a commit that returned survives a power cut, so that no signed checkpoint
 * is ever ahead of its log.
 */
#include "store.h"
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <sys/stat.h>

#define APPLICATION_ID 0x41534c47 /* "ASLG" */
#define STORE_VERSION 1
#define BUSY_MILLISECONDS 10000
#define ROW_MAX (2 << 20) /* bytes of one value that SQLite hands out */

#define SQL_ENTRIES "CREATE TABLE entries (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"
#define SQL_HEAD                                                                                   \
	"CREATE TABLE head (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL) "   \
	"STRICT"
#define SQL_NODES                                                                                  \
	"CREATE TABLE nodes (level INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,"    \
	" PRIMARY KEY (level, seq)) STRICT, WITHOUT ROWID"

#define SQL_STRAY_NODE                                                                             \
	"SELECT level, seq FROM nodes WHERE level < 0 OR level > 40 OR seq < 0"                    \
	" OR seq >= (?1 >> level) ORDER BY level, seq LIMIT 1"

/* All that the schema holds, sorted by name. */
static const char *const schema[] = {SQL_ENTRIES, SQL_HEAD, SQL_NODES};
#define SCHEMA_COUNT (sizeof schema / sizeof schema[0])

enum statement {
	S_BEGIN,
	S_BEGIN_READ,
	S_COMMIT,
	S_HEAD,
	S_SET_HEAD,
	S_PUT_ENTRY,
	S_GET_ENTRY,
	S_PUT_NODE,
	S_GET_NODE,
	S_STRAY_ENTRY,
	S_STRAY_NODE,
	S_STRAY_HEAD,
	S_COUNT
};

static const char *const statements[S_COUNT] = {
    [S_BEGIN] = "BEGIN IMMEDIATE",
    [S_BEGIN_READ] = "BEGIN",
    [S_COMMIT] = "COMMIT",
    [S_HEAD] = "SELECT size, root FROM head WHERE id = 1",
    [S_SET_HEAD] = "UPDATE head SET size = ?1, root = ?2 WHERE id = 1",
    [S_PUT_ENTRY] = "INSERT INTO entries (seq, bytes) VALUES (?1, ?2)",
    [S_GET_ENTRY] = "SELECT bytes FROM entries WHERE seq = ?1",
    [S_PUT_NODE] = "INSERT INTO nodes (level, seq, hash) VALUES (?1, ?2, ?3)",
    [S_GET_NODE] = "SELECT hash FROM nodes WHERE level = ?1 AND seq = ?2",
    [S_STRAY_ENTRY] = "SELECT seq FROM entries WHERE seq < 0 OR seq >= ?1 ORDER BY seq LIMIT 1",
    [S_STRAY_NODE] = SQL_STRAY_NODE,
    [S_STRAY_HEAD] = "SELECT id FROM head WHERE id != 1 LIMIT 1",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *prepared[S_COUNT];
	char path[PATH_MAX];
};

const char *
store_name(const struct store *s)
{
	return s->path;
}

/* What an SQLite code means to us. */
struct code_row {
	int code;
	enum assay_status status;
	const char *what;
	const char *todo;
};

static const struct code_row code_rows[] = {
    {SQLITE_BUSY, ASSAY_E_SYSTEM, "another assay has been writing to it for ten seconds",
	"wait until it has ended and run this again"},
    {SQLITE_LOCKED, ASSAY_E_SYSTEM, "it is locked", "wait until the other run has ended"},
    {SQLITE_READONLY, ASSAY_E_SYSTEM, "it or its folder may not be written to",
	"give yourself write access to the state folder, or name another by XDG_STATE_HOME"},
    {SQLITE_CANTOPEN, ASSAY_E_SYSTEM, "it can't be opened",
	"check the state folder's owner and mode, or name another by XDG_STATE_HOME"},
    {SQLITE_PERM, ASSAY_E_SYSTEM, "access is denied", "check the state folder's owner and mode"},
    {SQLITE_FULL, ASSAY_E_SYSTEM, "the disk is full; nothing of this was recorded",
	"make room and run this again"},
    {SQLITE_NOMEM, ASSAY_E_MEMORY, "there is no memory left", "run with more memory"},
    {SQLITE_CORRUPT, ASSAY_E_VERIFY, "the file is damaged",
	"keep it for the inquiry and restore it from a copy that its last checkpoint covers"},
    {SQLITE_NOTADB, ASSAY_E_VERIFY, "the file is no ledger or is damaged",
	"keep it for the inquiry and restore it from a copy that its last checkpoint covers"},
    {SQLITE_TOOBIG, ASSAY_E_VERIFY, "a row is larger than any that assay writes",
	"keep it for the inquiry and restore it from a copy that its last checkpoint covers"},
    {SQLITE_CONSTRAINT, ASSAY_E_VERIFY, "a row is there that assay did not write",
	"run 'assay log verify' to see which"},
};

static enum assay_status
code_fail(const struct store *s, int code, struct assay_error *err)
{
	const char *what = s->db != NULL ? sqlite3_errmsg(s->db) : sqlite3_errstr(code);

	for (size_t i = 0; i < sizeof code_rows / sizeof code_rows[0]; i++) {
		if (code_rows[i].code != (code & 0xff))
			continue;
		(void)assay_fail(err, code_rows[i].status, "ledger '%s': %s (SQLite: %s)", s->path,
		    code_rows[i].what, what);
		(void)assay_error_todo(err, code_rows[i].status, "%s", code_rows[i].todo);
		return code_rows[i].status;
	}
	return assay_fail(err, ASSAY_E_SYSTEM, "ledger '%s': %s", s->path, what);
}

static enum assay_status
damaged(const struct store *s, struct assay_error *err, const char *what)
{
	(void)assay_fail(
	    err, ASSAY_E_VERIFY, "ledger '%s' is damaged or altered: %s", s->path, what);
	(void)assay_error_todo(err, ASSAY_E_VERIFY,
	    "keep it for the inquiry and restore it from a copy that its last checkpoint covers");
	return ASSAY_E_VERIFY;
}

/* Runs SQL that has no result. */
static enum assay_status
run(struct store *s, const char *sql, struct assay_error *err)
{
	int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? ASSAY_OK : code_fail(s, code, err);
}

static void
statement_done(sqlite3_stmt **st)
{
	(void)sqlite3_finalize(*st);
	*st = NULL;
}

static void
statement_reset(sqlite3_stmt **st)
{
	if (*st != NULL) {
		(void)sqlite3_reset(*st);
		(void)sqlite3_clear_bindings(*st);
	}
}

static enum assay_status
ask_number(struct store *s, const char *sql, int64_t *ret_value, struct assay_error *err)
{
	CLEANUP(statement_done) sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code != SQLITE_ROW)
		return code_fail(s, code, err);
	*ret_value = sqlite3_column_int64(st, 0);
	return ASSAY_OK;
}

static enum assay_status
configure(struct store *s, struct assay_error *err)
{
	static const struct {
		int option;
		int value;
	} options[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	};

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		int code = sqlite3_db_config(s->db, options[i].option, options[i].value, NULL);
		if (code != SQLITE_OK)
			return code_fail(s, code, err);
	}
	(void)sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, ROW_MAX);
	(void)sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_busy_timeout(s->db, BUSY_MILLISECONDS);
	return run(s,
	    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
	    " PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY",
	    err);
}

/* The file is ours, of a version we know; *ret_fresh: there is nothing in it yet. */
static enum assay_status
identify(struct store *s, bool *ret_fresh, struct assay_error *err)
{
	int64_t id = 0;
	int64_t version = 0;
	int64_t objects = 0;

	TRY(ask_number(s, "PRAGMA application_id", &id, err));
	TRY(ask_number(s, "PRAGMA user_version", &version, err));
	TRY(ask_number(s, "SELECT count(*) FROM sqlite_schema", &objects, err));
	if (id == 0 && version == 0 && objects == 0) {
		*ret_fresh = true;
		return ASSAY_OK;
	}
	if (id != APPLICATION_ID) {
		(void)assay_fail(
		    err, ASSAY_E_FORMAT, "'%s' is a database, but no ledger of assay", s->path);
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "move it away, or name another state folder by XDG_STATE_HOME");
	}
	if (version > STORE_VERSION) {
		(void)assay_fail(err, ASSAY_E_VERSION,
		    "ledger '%s' has format version %lld, this assay knows up to %d", s->path,
		    (long long)version, STORE_VERSION);
		return assay_error_todo(err, ASSAY_E_VERSION, "update assay");
	}
	if (version < 1)
		return damaged(s, err, "its format version is none");
	*ret_fresh = false;
	return ASSAY_OK;
}

static enum assay_status
create_tables(struct store *s, struct assay_error *err)
{
	struct assay_node empty;
	char sql[160];

	for (size_t i = 0; i < SCHEMA_COUNT; i++)
		TRY(run(s, schema[i], err));
	(void)snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    APPLICATION_ID, STORE_VERSION);
	TRY(run(s, sql, err));
	if (assay_merkle_empty(&empty) != ASSAY_OK)
		return assay_fail(
		    err, ASSAY_E_INTERNAL, "the root of an empty log can't be computed");

	CLEANUP(statement_done) sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(
	    s->db, "INSERT INTO head (id, size, root) VALUES (1, 0, ?1)", -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_blob(st, 1, empty.b, sizeof empty.b, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	return code == SQLITE_DONE ? ASSAY_OK : code_fail(s, code, err);
}

static enum assay_status
create(struct store *s, struct assay_error *err)
{
	bool fresh = false;

	TRY(run(s, "PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE", err));
	/* Another process may have made the tables while this one waited for the lock. */
	enum assay_status status = identify(s, &fresh, err);
	if (status == ASSAY_OK && fresh)
		status = create_tables(s, err);
	if (status == ASSAY_OK)
		status = run(s, "COMMIT", err);
	if (status != ASSAY_OK)
		store_rollback(s);
	return status;
}

static enum assay_status
check_integrity(struct store *s, struct assay_error *err)
{
	CLEANUP(statement_done) sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &st, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code != SQLITE_ROW)
		return code_fail(s, code, err);
	const char *answer = (const char *)sqlite3_column_text(st, 0);
	if (answer == NULL || strcmp(answer, "ok") != 0)
		return damaged(
		    s, err, answer != NULL ? answer : "no answer from its integrity check");
	return ASSAY_OK;
}

/* Triggers, views, indices, other columns: whatever assay did not make. */
static enum assay_status
check_schema(struct store *s, struct assay_error *err)
{
	CLEANUP(statement_done) sqlite3_stmt *st = NULL;
	size_t at = 0;
	int code = sqlite3_prepare_v2(
	    s->db, "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name", -1, &st, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	for (; code == SQLITE_ROW; code = sqlite3_step(st), at++) {
		const char *sql = (const char *)sqlite3_column_text(st, 0);
		if (sql == NULL || at >= SCHEMA_COUNT || strcmp(sql, schema[at]) != 0)
			return damaged(s, err, "its tables are not those that assay makes");
	}
	if (code != SQLITE_DONE)
		return code_fail(s, code, err);
	return at == SCHEMA_COUNT ? ASSAY_OK : damaged(s, err, "a table is missing");
}

static enum assay_status
prepare(struct store *s, struct assay_error *err)
{
	for (size_t i = 0; i < S_COUNT; i++) {
		int code = sqlite3_prepare_v3(
		    s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->prepared[i], NULL);
		if (code != SQLITE_OK)
			return code_fail(s, code, err);
	}
	return ASSAY_OK;
}

/* SQLite would write its journal through a link that lies where the journal goes. */
static enum assay_status
check_beside(const struct store *s, struct assay_error *err)
{
	static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};
	char path[PATH_MAX + 16];
	struct stat st;

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		(void)snprintf(path, sizeof path, "%s%s", s->path, suffixes[i]);
		if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
			(void)assay_fail(err, ASSAY_E_VERIFY, "'%s' is not a regular file", path);
			return assay_error_todo(err, ASSAY_E_VERIFY,
			    "find out who put it there, then remove it");
		}
	}
	return ASSAY_OK;
}

/* The real path: SQLITE_OPEN_NOFOLLOW refuses links anywhere in it, and a home folder may well be
 * behind one. */
static enum assay_status
locate(struct store *s, const char *folder, bool create_it, struct assay_error *err)
{
	char real[PATH_MAX];
	struct stat st;

	if (create_it)
		TRY(file_make_dirs(folder, true, err));
	if (realpath(folder, real) == NULL) {
		if (errno == ENOENT)
			return assay_fail(
			    err, ASSAY_E_NOT_FOUND, "there is no state folder '%s'", folder);
		return assay_fail(err, ASSAY_E_SYSTEM, "state folder '%s': %s", folder, text_errno(errno));
	}
	int n = snprintf(s->path, sizeof s->path, "%s/ledger.db", real);
	if (n < 0 || (size_t)n >= sizeof s->path)
		return assay_fail(
		    err, ASSAY_E_LIMIT, "the path of state folder '%s' is too long", folder);
	if (lstat(s->path, &st) != 0) {
		if (errno != ENOENT)
			return assay_fail(
			    err, ASSAY_E_SYSTEM, "'%s': %s", s->path, text_errno(errno));
		if (!create_it)
			return assay_fail(
			    err, ASSAY_E_NOT_FOUND, "there is no ledger '%s' yet", s->path);
		return ASSAY_OK;
	}
	return ASSAY_OK;
}

static enum assay_status
open_file(struct store *s, bool create_it, struct assay_error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
	bool fresh = false;

	if (create_it)
		flags |= SQLITE_OPEN_CREATE;
	int code = sqlite3_open_v2(s->path, &s->db, flags, NULL);
	if (code != SQLITE_OK)
		return code_fail(s, code, err);
	TRY(configure(s, err));
	TRY(identify(s, &fresh, err));
	if (fresh) {
		if (!create_it)
			return damaged(s, err, "it is empty");
		TRY(create(s, err));
	}
	TRY(check_integrity(s, err));
	TRY(check_schema(s, err));
	return prepare(s, err);
}

enum assay_status
store_open(const char *folder, bool create_it, struct store **ret_store, struct assay_error *err)
{
	CLEANUP(store_close) struct store *s = calloc(1, sizeof *s);

	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the ledger");
	TRY(locate(s, folder, create_it, err));
	TRY(check_beside(s, err));
	TRY(open_file(s, create_it, err));
	*ret_store = steal(&s);
	return ASSAY_OK;
}

void
store_close(struct store **s)
{
	if (*s == NULL)
		return;
	for (size_t i = 0; i < S_COUNT; i++)
		statement_done(&(*s)->prepared[i]);
	(void)sqlite3_close((*s)->db);
	free(*s);
	*s = NULL;
}

static enum assay_status
step_done(struct store *s, enum statement which, struct assay_error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *st = s->prepared[which];
	int code = sqlite3_step(st);

	return code == SQLITE_DONE ? ASSAY_OK : code_fail(s, code, err);
}

enum assay_status
store_begin(struct store *s, struct assay_error *err)
{
	return step_done(s, S_BEGIN, err);
}

enum assay_status
store_begin_read(struct store *s, struct assay_error *err)
{
	return step_done(s, S_BEGIN_READ, err);
}

enum assay_status
store_commit(struct store *s, struct assay_error *err)
{
	return step_done(s, S_COMMIT, err);
}

void
store_rollback(struct store *s)
{
	if (s->db != NULL && sqlite3_get_autocommit(s->db) == 0)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Copies a hash out of a row: a blob of 32 bytes or nothing. */
static bool
column_node(sqlite3_stmt *st, int column, struct assay_node *ret_node)
{
	if (sqlite3_column_type(st, column) != SQLITE_BLOB)
		return false;
	const void *bytes = sqlite3_column_blob(st, column);
	if (bytes == NULL || sqlite3_column_bytes(st, column) != ASSAY_SHA256_SIZE)
		return false;
	memcpy(ret_node->b, bytes, ASSAY_SHA256_SIZE);
	return true;
}

enum assay_status
store_head(
    struct store *s, uint64_t *ret_size, struct assay_node *ret_root, struct assay_error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *st = s->prepared[S_HEAD];
	struct assay_node root;
	int code = sqlite3_step(st);

	if (code == SQLITE_DONE)
		return damaged(s, err, "its head is missing");
	if (code != SQLITE_ROW)
		return code_fail(s, code, err);
	int64_t size = sqlite3_column_int64(st, 0);
	if (size < 0 || (uint64_t)size > STORE_SIZE_MAX || !column_node(st, 1, &root))
		return damaged(s, err, "its head is none");
	*ret_size = (uint64_t)size;
	*ret_root = root;
	return ASSAY_OK;
}

enum assay_status
store_set_head(
    struct store *s, uint64_t size, const struct assay_node *root, struct assay_error *err)
{
	sqlite3_stmt *st = s->prepared[S_SET_HEAD];

	(void)sqlite3_bind_int64(st, 1, (int64_t)size);
	(void)sqlite3_bind_blob(st, 2, root->b, sizeof root->b, SQLITE_STATIC);
	TRY(step_done(s, S_SET_HEAD, err));
	return sqlite3_changes(s->db) == 1 ? ASSAY_OK : damaged(s, err, "its head is missing");
}

enum assay_status
store_put_entry(struct store *s, uint64_t index, struct assay_span bytes, struct assay_error *err)
{
	sqlite3_stmt *st = s->prepared[S_PUT_ENTRY];
	/* A NULL pointer would bind SQL's NULL, not an empty blob. */
	const void *data = bytes.len > 0 ? (const void *)bytes.data : "";

	(void)sqlite3_bind_int64(st, 1, (int64_t)index);
	(void)sqlite3_bind_blob64(st, 2, data, bytes.len, SQLITE_STATIC);
	return step_done(s, S_PUT_ENTRY, err);
}

enum assay_status
store_put_node(struct store *s, unsigned level, uint64_t index, const struct assay_node *node,
    struct assay_error *err)
{
	sqlite3_stmt *st = s->prepared[S_PUT_NODE];

	(void)sqlite3_bind_int64(st, 1, (int64_t)level);
	(void)sqlite3_bind_int64(st, 2, (int64_t)index);
	(void)sqlite3_bind_blob(st, 3, node->b, sizeof node->b, SQLITE_STATIC);
	return step_done(s, S_PUT_NODE, err);
}

enum assay_status
store_get_entry(struct store *s, uint64_t index, struct buf *out, struct assay_error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *st = s->prepared[S_GET_ENTRY];

	(void)sqlite3_bind_int64(st, 1, (int64_t)index);
	int code = sqlite3_step(st);
	if (code == SQLITE_DONE)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "ledger '%s' has no entry %llu", s->path,
		    (unsigned long long)index);
	if (code != SQLITE_ROW)
		return code_fail(s, code, err);
	const void *bytes = sqlite3_column_blob(st, 0);
	if (bytes == NULL && sqlite3_column_bytes(st, 0) > 0)
		return code_fail(s, SQLITE_NOMEM, err);
	buf_add(out, bytes, (size_t)sqlite3_column_bytes(st, 0));
	return buf_status(out, "ledger entry", err);
}

enum assay_status
store_get_node(struct store *s, unsigned level, uint64_t index, struct assay_node *ret_node,
    struct assay_error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *st = s->prepared[S_GET_NODE];

	(void)sqlite3_bind_int64(st, 1, (int64_t)level);
	(void)sqlite3_bind_int64(st, 2, (int64_t)index);
	int code = sqlite3_step(st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return code_fail(s, code, err);
	if (code == SQLITE_DONE || !column_node(st, 0, ret_node)) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "ledger '%s' has no node %u/%llu", s->path,
		    level, (unsigned long long)index);
		return assay_error_todo(err, ASSAY_E_NOT_FOUND,
		    "run 'assay log verify' to see what is damaged");
	}
	return ASSAY_OK;
}

enum assay_status
store_no_more_than(struct store *s, uint64_t size, struct assay_error *err)
{
	static const struct {
		enum statement which;
		const char *what;
	} rows[] = {
	    {S_STRAY_ENTRY, "entry"},
	    {S_STRAY_NODE, "a node on level"},
	    {S_STRAY_HEAD, "head"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(statement_reset) sqlite3_stmt *st = s->prepared[rows[i].which];
		if (sqlite3_bind_parameter_count(st) > 0)
			(void)sqlite3_bind_int64(st, 1, (int64_t)size);
		int code = sqlite3_step(st);
		if (code == SQLITE_ROW)
			return assay_fail(err, ASSAY_E_VERIFY,
			    "ledger '%s' holds %s %lld, which no log of %llu entries has", s->path,
			    rows[i].what, (long long)sqlite3_column_int64(st, 0),
			    (unsigned long long)size);
		if (code != SQLITE_DONE)
			return code_fail(s, code, err);
	}
	return ASSAY_OK;
}
