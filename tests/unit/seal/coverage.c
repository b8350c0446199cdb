/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <assay/manifest.h>
#include <base/cleanup.h>
#include <seal/coverage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TREE_MAX 32

/* A tree in memory: rows in the manifest's order. */
struct row {
	const char *path;
	char type; /* 'f', 'd', 'l', 'c' */
	uint32_t mode;
	const char *text; /* of a file; of a link its target */
	bool unlisted;
	struct assay_span bytes; /* of a file, instead of text */
};

struct tree {
	struct arena *arena;
	struct seal_entry entries[TREE_MAX];
	struct seal_looked looked[TREE_MAX];
	struct seal_inside inside[TREE_MAX];
	struct buf manifest;
	struct seal_scene scene;
	struct seal_coverage out;
};

static void
list(struct tree *t, const struct seal_entry *e)
{
	static const enum assay_entry_type types[] = { [SEAL_TYPE_FILE] = ASSAY_ENTRY_FILE, [SEAL_TYPE_FOLDER] = ASSAY_ENTRY_FOLDER,
		[SEAL_TYPE_LINK] = ASSAY_ENTRY_LINK };
	struct assay_manifest_entry m = { .type = types[e->type], .mode = e->type == SEAL_TYPE_LINK ? 0 : e->mode, .size = e->size,
		.path = assay_span_str(e->path) };
	static char line[ASSAY_MANIFEST_LINE_MAX + 1];
	size_t len = 0;
	memcpy(m.sha256, e->sha256, sizeof m.sha256);
	if (e->target != NULL)
		m.target = assay_span_str(e->target);
	if (assay_manifest_line(&m, line, sizeof line, &len, NULL) != ASSAY_OK)
		abort();
	buf_add(&t->manifest, line, len);
}

static struct seal_file
file_of(const struct row *r)
{
	struct seal_file f = { .path = r->path, .mode = r->mode };
	f.type = r->type == 'f' ? SEAL_TYPE_FILE : r->type == 'd' ? SEAL_TYPE_FOLDER : r->type == 'l' ? SEAL_TYPE_LINK : SEAL_TYPE_DEVICE;
	if (r->type == 'f')
		f.bytes = r->text != NULL ? assay_span_str(r->text) : r->bytes;
	f.size = f.bytes.len;
	f.target = r->type == 'l' ? r->text : NULL;
	return f;
}

static void
plant(struct tree *t, const struct row *rows, size_t count)
{
	*t = (struct tree){ .manifest = BUF_INIT(1u << 20) };
	if (arena_new(256u << 20, &t->arena) != ASSAY_OK || count > TREE_MAX)
		abort();
	buf_add_str(&t->manifest, ASSAY_MANIFEST_FIRST_LINE);
	for (size_t i = 0; i < count; i++) {
		const struct seal_file f = file_of(&rows[i]);
		struct seal_entry *e = &t->entries[i];
		*e = (struct seal_entry){ .path = f.path, .type = f.type, .mode = f.mode, .size = f.size, .target = f.target,
			.looked = &t->looked[i], .inside = &t->inside[i] };
		if (assay_sha256(f.bytes, e->sha256) != ASSAY_OK || seal_classify(&f, t->arena, &t->looked[i], NULL) != ASSAY_OK
		    || seal_inside(&f, &t->looked[i], t->arena, &t->inside[i], NULL) != ASSAY_OK)
			abort();
		if (!rows[i].unlisted && rows[i].type != 'c')
			list(t, e);
	}
	t->scene = (struct seal_scene){ .entries = t->entries, .count = count };
}

static void
judge(struct tree *t)
{
	struct assay_error err = { 0 };
	t->scene.manifest = buf_span(&t->manifest);
	if (seal_coverage(&t->scene, t->arena, &t->out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
fell(struct tree *t)
{
	buf_done(&t->manifest);
	arena_free(&t->arena);
}

static const struct seal_fact *
fact(const struct tree *t, enum seal_matter matter, const char *path)
{
	for (const struct seal_fact *f = t->out.facts; f != NULL; f = f->next) {
		if (f->matter == matter && (path == NULL || strcmp(f->path, path) == 0))
			return f;
	}
	return NULL;
}

static void
must(const struct tree *t, enum seal_matter matter, const char *path, const char *object)
{
	const struct seal_fact *f = fact(t, matter, path);
	if (f == NULL)
		fail_msg("'%s' isn't told of %s", seal_matters[matter].code, path);
	else if (object != NULL && (f->object == NULL || strcmp(f->object, object) != 0))
		fail_msg("'%s' of %s names '%s', not '%s'", seal_matters[matter].code, path, f->object == NULL ? "" : f->object, object);
}

static void
whole(void **state)
{
	static const struct row rows[] = { { "bin", 'd', 0755, NULL, false, { NULL, 0 } }, { "bin/sh", 'f', 0755, "\177", false, { NULL, 0 } },
		{ "bin/x", 'f', 0755, "#!/bin/sh\n", false, { NULL, 0 } }, { "y", 'l', 0777, "bin/x", false, { NULL, 0 } } };
	struct tree t;
	(void)state;
	plant(&t, rows, 4);
	judge(&t);
	if (t.out.facts != NULL)
		fail_msg("'%s' is told of %s", seal_matters[t.out.facts->matter].code, t.out.facts->path);
	assert_int_equal(t.out.looked, 4);
	assert_int_equal(t.out.covered, 4);
	assert_int_equal(t.out.groups[SEAL_GROUP_CODE], 2);
	fell(&t);
	plant(&t, rows, 0);
	judge(&t);
	assert_int_equal(t.out.looked, 0);
	fell(&t);
}

/* A file that isn't listed, one that differs, one that is gone: each is said. */
static void
beside_manifest(void **state)
{
	static const struct row rows[] = { { "a", 'f', 0755, "one", false, { NULL, 0 } }, { "b", 'f', 0755, "#!/x\n", true, { NULL, 0 } },
		{ "c", 'f', 0644, "two", false, { NULL, 0 } }, { "d", 'l', 0777, "c", false, { NULL, 0 } } };
	struct tree t;
	(void)state;
	plant(&t, rows, 4);
	t.entries[0].mode = 04755;
	t.entries[2].sha256[0] ^= 1;
	t.entries[3].target = "a";
	judge(&t);
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "b", "script");
	must(&t, SEAL_MATTER_LISTED_OTHERWISE, "a", NULL);
	must(&t, SEAL_MATTER_SETUID, "a", NULL);
	must(&t, SEAL_MATTER_DIGEST_DIFFERS, "c", NULL);
	must(&t, SEAL_MATTER_LISTED_OTHERWISE, "d", NULL);
	assert_int_equal(t.out.covered, 0);
	t.scene.count = 3;
	judge(&t);
	must(&t, SEAL_MATTER_NOT_IN_TREE, "d", NULL);
	/* What isn't a manifest is nobody's evidence. */
	struct assay_error err = { 0 };
	t.scene.manifest = assay_span_str("assay-manifest 1\nf what\n");
	assert_int_equal(seal_coverage(&t.scene, t.arena, &t.out, &err), ASSAY_E_FORMAT);
	t.scene.manifest = buf_span(&t.manifest);
	const struct seal_entry first = t.entries[0];
	t.entries[0] = t.entries[2];
	t.entries[2] = first;
	assert_int_equal(seal_coverage(&t.scene, t.arena, &t.out, &err), ASSAY_E_USAGE);
	fell(&t);
}

static void
exclusions(void **state)
{
	static const struct row rows[] = { { "log.txt", 'f', 0644, "words", true, { NULL, 0 } }, { "run.sh", 'f', 0755, "#!/bin/sh\n", true, { NULL, 0 } },
		{ "x.json", 'f', 0644, "{}", true, { NULL, 0 } } };
	static const struct seal_exclusion all[] = { { "**", NULL, "everything", 1 }, { "*", "script", "everything", 2 }, { "x.json", NULL, " ", 3 },
		{ "x.json", "jsonn", "a reason", 4 }, { "nothing.here", NULL, "a reason", 5 } };
	static const struct seal_exclusion narrow[] = { { "log.txt", NULL, "written at run time", 1 }, { "run.*", NULL, "kept elsewhere", 2 } };
	static const struct seal_exclusion named[] = { { "run.*", "script", "kept elsewhere", 2 }, { "run.*", "shell-library", "kept elsewhere", 3 } };
	struct tree t;
	(void)state;
	plant(&t, rows, 3);
	t.scene.exclusions = all;
	t.scene.exclusion_count = 5;
	judge(&t);
	must(&t, SEAL_MATTER_EXCLUSION_WIDE, "**", NULL);
	must(&t, SEAL_MATTER_EXCLUSION_WIDE, "*", NULL);
	must(&t, SEAL_MATTER_EXCLUSION_REASON, "x.json", NULL);
	must(&t, SEAL_MATTER_EXCLUSION_UNKNOWN, "x.json", "jsonn");
	must(&t, SEAL_MATTER_EXCLUSION_UNUSED, "nothing.here", NULL);
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "log.txt", "text");
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "run.sh", NULL);
	assert_int_equal(t.out.excluded, 0);
	t.scene.exclusions = narrow;
	t.scene.exclusion_count = 2;
	judge(&t);
	must(&t, SEAL_MATTER_EXCLUDED, "log.txt", NULL);
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "run.sh", NULL);
	must(&t, SEAL_MATTER_EXCLUSION_KIND, "run.sh", "script");
	t.scene.exclusions = named;
	judge(&t);
	must(&t, SEAL_MATTER_EXCLUDED, "run.sh", NULL);
	/* One kind of two isn't enough. */
	t.scene.exclusion_count = 1;
	judge(&t);
	must(&t, SEAL_MATTER_EXCLUSION_KIND, "run.sh", "shell-library");
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "run.sh", NULL);
	fell(&t);
}

static void
links(void **state)
{
	static const struct row rows[] = { { "a", 'l', 0777, "/etc/passwd", false, { NULL, 0 } }, { "b", 'l', 0777, "../b", false, { NULL, 0 } },
		{ "c", 'l', 0777, "c", false, { NULL, 0 } }, { "d", 'l', 0777, "e", false, { NULL, 0 } }, { "e", 'l', 0777, "d", false, { NULL, 0 } },
		{ "f", 'l', 0777, "nothing", false, { NULL, 0 } }, { "g", 'l', 0777, "/h/i", false, { NULL, 0 } }, { "h", 'd', 0755, NULL, false, { NULL, 0 } },
		{ "h/i", 'f', 0644, "x", false, { NULL, 0 } }, { "h/j", 'l', 0777, "../k/i", false, { NULL, 0 } }, { "k", 'l', 0777, "h", false, { NULL, 0 } },
		{ "l", 'l', 0777, "k/../../x", false, { NULL, 0 } } };
	struct tree t;
	(void)state;
	plant(&t, rows, 12);
	judge(&t);
	must(&t, SEAL_MATTER_LINK_OUTSIDE, "a", "/etc/passwd");
	must(&t, SEAL_MATTER_LINK_OUTSIDE, "b", NULL);
	must(&t, SEAL_MATTER_LINK_LOOP, "c", NULL);
	must(&t, SEAL_MATTER_LINK_LOOP, "d", NULL);
	must(&t, SEAL_MATTER_LINK_DANGLING, "f", NULL);
	must(&t, SEAL_MATTER_LINK_ABSOLUTE, "g", NULL);
	assert_null(fact(&t, SEAL_MATTER_LINK_DANGLING, "h/j"));
	must(&t, SEAL_MATTER_LINK_OUTSIDE, "l", NULL);
	fell(&t);
}

static void
from_outside(void **state)
{
	CLEANUP(buf_done) struct buf program = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf library = BUF_INIT(65536);
	struct tree t;
	(void)state;
	make_elf(&program, &(struct elf_recipe){ .type = 3, .interpreter = "/lib/ld.so", .needed = { "libc.so.6", "libx.so.1", "liby.so" } });
	make_elf(&library, &(struct elf_recipe){ .type = 3, .soname = "libx.so.1", .needed = { "libc.so.6" } });
	const struct row rows[] = { { "bin", 'd', 0755, NULL, false, { NULL, 0 } }, { "bin/a", 'f', 0755, NULL, false, buf_span(&program) },
		{ "bin/b", 'f', 0755, "#!/usr/bin/env python3\n", false, { NULL, 0 } }, { "bin/env", 'f', 0755, "\177x", false, { NULL, 0 } },
		{ "lib", 'd', 0755, NULL, false, { NULL, 0 } }, { "lib/libx.so.1.0", 'f', 0644, NULL, false, buf_span(&library) },
		{ "lib/liby.so", 'l', 0777, "libx.so.1.0", false, { NULL, 0 } }, { "usr", 'd', 0755, NULL, false, { NULL, 0 } },
		{ "usr/bin", 'l', 0777, "../bin", false, { NULL, 0 } } };
	plant(&t, rows, 9);
	judge(&t);
	const struct seal_fact *libc = fact(&t, SEAL_MATTER_LIBRARY_OUTSIDE, "bin/a");
	assert_non_null(libc);
	assert_string_equal(libc->object, "libc.so.6");
	assert_int_equal(libc->count, 2);
	assert_int_equal(libc->weight, SEAL_QUESTION);
	assert_null(fact(&t, SEAL_MATTER_LIBRARY_OUTSIDE, "lib/libx.so.1.0"));
	must(&t, SEAL_MATTER_INTERPRETER_OUTSIDE, "bin/a", "/lib/ld.so");
	must(&t, SEAL_MATTER_INTERPRETER_OUTSIDE, "bin/b", "python3");
	t.scene.platform = "debian 12";
	judge(&t);
	assert_int_equal(fact(&t, SEAL_MATTER_LIBRARY_OUTSIDE, NULL)->weight, SEAL_NOTE);
	fell(&t);
}

static void
dangers(void **state)
{
	CLEANUP(buf_done) struct buf zip = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf jar = BUF_INIT(65536);
	struct tree t;
	(void)state;
	make_zip(&zip, (const struct zip_recipe[]){ { .name = "../run", .bytes = { (const unsigned char *)"#!/bin/sh\n", 10 } } }, 1);
	make_zip(&jar, (const struct zip_recipe[]){ { .name = "META-INF/MANIFEST.MF" }, { .name = "A.class", .bytes = { (const unsigned char *)"\xca\xfe\xba\xbe\0\0\0\x34", 8 } } }, 2);
	const struct row rows[] = { { "a.jar", 'f', 0644, NULL, false, buf_span(&jar) }, { "a.zip", 'f', 0644, NULL, false, buf_span(&zip) },
		{ "cut.so", 'f', 0644, "\177ELF\2\1", false, { NULL, 0 } }, { "dev", 'c', 0600, NULL, false, { NULL, 0 } }, { "g", 'd', 0775, NULL, false, { NULL, 0 } },
		{ "install.sh", 'f', 0755, "#!/bin/sh\n# wget in words\nset -e; curl -O https://x.example/y\n", false, { NULL, 0 } },
		{ "key", 'f', 0600, "-----BEGIN PRIVATE KEY-----\n", false, { NULL, 0 } },
		{ "quiet.sh", 'f', 0755, "#!/bin/sh\n# curl x\necho mycurl\n", false, { NULL, 0 } },
		{ "s", 'f', 02755, "\177", false, { NULL, 0 } }, { "tmp", 'd', 01777, NULL, false, { NULL, 0 } }, { "w", 'f', 0666, "x", false, { NULL, 0 } } };
	plant(&t, rows, 11);
	judge(&t);
	must(&t, SEAL_MATTER_ARCHIVE_CODE, "a.zip", NULL);
	assert_null(fact(&t, SEAL_MATTER_ARCHIVE_CODE, "a.jar"));
	must(&t, SEAL_MATTER_ARCHIVE_ODD, "a.zip!../run", "member-leads-out");
	must(&t, SEAL_MATTER_DAMAGED, "cut.so", NULL);
	must(&t, SEAL_MATTER_DEVICE, "dev", "device");
	must(&t, SEAL_MATTER_NOT_IN_MANIFEST, "dev", NULL);
	must(&t, SEAL_MATTER_GROUP_WRITABLE, "g", NULL);
	must(&t, SEAL_MATTER_FETCHES, "install.sh", NULL);
	assert_null(fact(&t, SEAL_MATTER_FETCHES, "quiet.sh"));
	must(&t, SEAL_MATTER_PRIVATE_KEY, "key", NULL);
	must(&t, SEAL_MATTER_SETGID, "s", NULL);
	assert_null(fact(&t, SEAL_MATTER_WORLD_WRITABLE, "tmp"));
	must(&t, SEAL_MATTER_WORLD_WRITABLE, "w", NULL);
	fell(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(beside_manifest), cmocka_unit_test(exclusions), cmocka_unit_test(links),
		cmocka_unit_test(from_outside), cmocka_unit_test(dangers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
