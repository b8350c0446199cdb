/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <base/cleanup.h>
#include <seal/sbom.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char dpkg[] = "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.2.13.dfsg-1\n\n"
                           "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
                           "Package: busybox\nStatus: install ok installed\nVersion: 1.35.0-4";
static const char lock[] = "{\"packages\": {\"\": {\"version\": \"1.0.0\"}, \"node_modules/a\": {\"version\": \"2.0.0\"},"
                           " \"node_modules/a/node_modules/@s/b\": {\"version\": \"3.0.0\"}, \"w\": {\"link\": true, \"version\": \"1\"}}}";

struct world {
	struct arena *arena;
	struct seal_entry entries[3];
	struct seal_looked looked[3];
	struct seal_packages packages;
	struct seal_product product;
	struct seal_sbom sbom;
	struct seal_sbom_outcome out;
};

static void
begin(struct world *w)
{
	CLEANUP(buf_done) struct buf program = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf library = BUF_INIT(65536);
	struct assay_error err = { 0 };
	*w = (struct world){ .product = { .name = "pump", .version = "2.1.0", .manifest = { 7 } } };
	assert_int_equal(arena_new(64u << 20, &w->arena), ASSAY_OK);
	make_elf(&program, &(struct elf_recipe){ .type = 3, .interpreter = "/lib/ld.so", .needed = { "libc.so.6", "libx.so.1" } });
	make_elf(&library, &(struct elf_recipe){ .type = 3, .soname = "libx.so.1", .needed = { "libc.so.6" } });
	const struct seal_file files[3] = { { .path = "bin/pump", .mode = 0755, .size = program.len, .bytes = buf_span(&program) },
		{ .path = "lib/libx.so.1.0", .mode = 0644, .size = library.len, .bytes = buf_span(&library) },
		{ .path = "var/lib/dpkg/status", .mode = 0644, .size = sizeof dpkg - 1, .bytes = { (const unsigned char *)dpkg, sizeof dpkg - 1 } } };
	for (size_t i = 0; i < 3; i++) {
		w->entries[i] = (struct seal_entry){ .path = files[i].path, .mode = files[i].mode, .size = files[i].size, .looked = &w->looked[i] };
		assert_int_equal(assay_sha256(files[i].bytes, w->entries[i].sha256), ASSAY_OK);
		assert_int_equal(seal_classify(&files[i], w->arena, &w->looked[i], &err), ASSAY_OK);
	}
	const struct source_file source[] = { { .path = "ui/package-lock.json", .mode = 0100644, .has_bytes = true, .bytes = { (const unsigned char *)lock, sizeof lock - 1 } },
		{ .path = "requirements.txt", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str("# c\nflask[x]==2.0 ; python_version > '3' \\\n  --hash=sha256:0\nfree>=1\n") },
		{ .path = "Cargo.lock", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str("version = 3\n[[package]]\nname = \"serde\"\nversion = \"1.0.2\"\n") } };
	const struct sources sources = { OID_SHA1, source, 3 };
	assert_int_equal(seal_packages(files, 3, &sources, w->arena, &w->packages, &err), ASSAY_OK);
}

static void
end(struct world *w)
{
	arena_free(&w->arena);
}

static void
write_it(struct world *w, struct buf *out)
{
	struct assay_error err = { 0 };
	if (seal_sbom_write(&w->product, w->entries, 3, &w->packages, w->arena, out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
compare(struct world *w, const char *text)
{
	struct assay_error err = { 0 };
	if (seal_sbom_read(assay_span_str(text), "sbom.json", w->arena, &w->sbom, &err) != ASSAY_OK
	    || seal_sbom_compare(&w->sbom, &w->product, w->entries, 3, &w->packages, w->arena, &w->out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static const struct seal_sbom_fact *
fact(const struct world *w, enum seal_sbom_matter matter, const char *object)
{
	for (const struct seal_sbom_fact *f = w->out.facts; f != NULL; f = f->next) {
		if (f->matter == matter && strcmp(f->object, object) == 0)
			return f;
	}
	return NULL;
}

static void
must(const struct world *w, enum seal_sbom_matter matter, const char *object)
{
	if (fact(w, matter, object) == NULL)
		fail_msg("'%s' isn't told of '%s'", seal_sbom_matters[matter].code, object);
}

static void
databases(void **state)
{
	static const char *const rows[][3] = { { "cargo", "serde", "1.0.2" }, { "deb", "busybox", "1.35.0-4" }, { "deb", "zlib1g", "1:1.2.13.dfsg-1" },
		{ "npm", "@s/b", "3.0.0" }, { "npm", "a", "2.0.0" }, { "pypi", "flask", "2.0" } };
	struct world w;
	(void)state;
	begin(&w);
	assert_int_equal(w.packages.count, 6);
	assert_int_equal(w.packages.databases, 4);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(w.packages.list[i].type, rows[i][0]);
		assert_string_equal(w.packages.list[i].name, rows[i][1]);
		assert_string_equal(w.packages.list[i].version, rows[i][2]);
	}
	struct assay_error err = { 0 };
	const struct seal_file apk = { .path = "lib/apk/db/installed", .size = 40, .bytes = assay_span_str("C:Q1\nP:musl\nV:1.2.4-r2\nA:x86_64\n\nP:a\nV:1") };
	struct seal_file again = apk;
	again.size = again.bytes.len;
	assert_int_equal(seal_packages(&again, 1, NULL, w.arena, &w.packages, &err), ASSAY_OK);
	assert_int_equal(w.packages.count, 2);
	assert_string_equal(w.packages.list[1].name, "musl");
	/* Half a database is none. */
	again.size++;
	assert_int_equal(seal_packages(&again, 1, NULL, w.arena, &w.packages, &err), ASSAY_OK);
	assert_int_equal(w.packages.count, 0);
	assert_string_equal(w.packages.unread, "lib/apk/db/installed");
	end(&w);
}

/* What is written is read as what was meant, and agrees with the tree; twice the same bytes. */
static void
own(void **state)
{
	CLEANUP(buf_done) struct buf one = BUF_INIT(1u << 20);
	CLEANUP(buf_done) struct buf two = BUF_INIT(1u << 20);
	struct world w;
	(void)state;
	begin(&w);
	write_it(&w, &one);
	const struct seal_entry first = w.entries[0];
	struct seal_entry other[3] = { w.entries[1], w.entries[2], first };
	struct assay_error err = { 0 };
	assert_int_equal(seal_sbom_write(&w.product, other, 3, &w.packages, w.arena, &two, &err), ASSAY_OK);
	assert_true(assay_span_equal(buf_span(&one), buf_span(&two)));
	compare(&w, buf_str(&one));
	if (w.out.facts != NULL)
		fail_msg("'%s' of %s", seal_sbom_matters[w.out.facts->matter].code, w.out.facts->object);
	assert_int_equal(w.out.compared, 8);
	assert_true(w.sbom.serial_sound);
	assert_non_null(strstr(buf_str(&one), "{\"dependsOn\":[\"file:lib/libx.so.1.0\",\"soname:libc.so.6\"],\"ref\":\"file:bin/pump\"}"));
	assert_non_null(strstr(buf_str(&one), "pkg:deb/zlib1g@1%3A1.2.13.dfsg-1?arch=amd64"));
	assert_non_null(strstr(buf_str(&one), "pkg:npm/%40s/b@3.0.0"));
	assert_null(strstr(buf_str(&one), "timestamp"));
	end(&w);
}

#define HEAD "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"serialNumber\":\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\"," \
	"\"version\":1,\"metadata\":{\"component\":{\"type\":\"application\",\"name\":\"pump\",\"version\":\"2.1.0\"}},\"components\":["
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void
false_bills(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	compare(&w, HEAD "{\"type\":\"library\",\"name\":\"zlib1g\",\"version\":\"1:1.2.11\"},"
	    "{\"type\":\"file\",\"name\":\"bin/pump\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"" ZEROS "\"}]},"
	    "{\"type\":\"file\",\"name\":\"bin/ghost\"},{\"type\":\"library\",\"name\":\"phantom\",\"version\":\"1\"},"
	    "{\"type\":\"library\",\"name\":\"x\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"" ZEROS "\"}]}]}");
	must(&w, SEAL_SBOM_VERSION, "zlib1g");
	must(&w, SEAL_SBOM_MISSING, "busybox");
	must(&w, SEAL_SBOM_SOURCE_MISSING, "serde");
	must(&w, SEAL_SBOM_HASH, "bin/pump");
	must(&w, SEAL_SBOM_FILE_EXTRA, "bin/ghost");
	must(&w, SEAL_SBOM_EXTRA, "phantom");
	must(&w, SEAL_SBOM_HASH_UNKNOWN, "x");
	must(&w, SEAL_SBOM_FILE_MISSING, "lib/libx.so.1.0");
	assert_null(fact(&w, SEAL_SBOM_OTHER_PRODUCT, "pump"));
	/* The same name in another system is another package. */
	compare(&w, HEAD "{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"1.35.0-4\",\"purl\":\"pkg:npm/busybox@1.35.0-4\"}]}");
	must(&w, SEAL_SBOM_MISSING, "busybox");
	/* Nested ones count. */
	compare(&w, HEAD "{\"type\":\"library\",\"name\":\"x\",\"components\":[{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"1.35.0-4\"}]}]}");
	assert_null(fact(&w, SEAL_SBOM_MISSING, "busybox"));
	/* Two versions of one. */
	compare(&w, HEAD "{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"1.35.0-4\"},{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"9\"}]}");
	must(&w, SEAL_SBOM_TWICE, "busybox");
	compare(&w, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"serialNumber\":\"urn:uuid:1\",\"metadata\":{\"component\":{\"type\":\"application\",\"name\":\"pump2\"}}}");
	must(&w, SEAL_SBOM_OTHER_PRODUCT, "pump2");
	must(&w, SEAL_SBOM_OTHER_RELEASE, "");
	must(&w, SEAL_SBOM_SERIAL, "urn:uuid:1");
	w.packages.databases = w.packages.count = 0;
	compare(&w, HEAD "]}");
	must(&w, SEAL_SBOM_UNCOMPARED, "pump");
	end(&w);
}

static void
spdx(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	compare(&w, "{\"spdxVersion\":\"SPDX-2.3\",\"documentNamespace\":\"https://x.example/1\",\"relationships\":[{\"spdxElementId\":\"SPDXRef-DOCUMENT\","
	    "\"relationshipType\":\"DESCRIBES\",\"relatedSpdxElement\":\"SPDXRef-a\"}],\"packages\":[{\"SPDXID\":\"SPDXRef-a\",\"name\":\"pump\",\"versionInfo\":\"2.1.0\"},"
	    "{\"SPDXID\":\"SPDXRef-b\",\"name\":\"busybox\",\"versionInfo\":\"1.35.0-4\",\"externalRefs\":[{\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:deb/busybox@1.35.0-4\"}]}],"
	    "\"files\":[{\"fileName\":\"./bin/pump\",\"checksums\":[{\"algorithm\":\"SHA256\",\"checksumValue\":\"" ZEROS "\"}]}]}");
	assert_int_equal(w.sbom.format, SEAL_SPDX);
	assert_null(fact(&w, SEAL_SBOM_OTHER_PRODUCT, "pump"));
	assert_null(fact(&w, SEAL_SBOM_MISSING, "busybox"));
	must(&w, SEAL_SBOM_MISSING, "zlib1g");
	must(&w, SEAL_SBOM_HASH, "./bin/pump");
	end(&w);
}

static void
no_bills(void **state)
{
	static const struct {
		const char *text;
		enum assay_status status;
	} rows[] = { { "", ASSAY_E_FORMAT }, { "[]", ASSAY_E_FORMAT }, { "{}", ASSAY_E_FORMAT }, { "{\"bomFormat\":\"CycloneDX\"}", ASSAY_E_VERSION },
		{ "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"2.0\"}", ASSAY_E_VERSION }, { "{\"spdxVersion\":\"SPDX-3.0\"}", ASSAY_E_VERSION },
		{ HEAD "{\"type\":\"library\"}]}", ASSAY_E_FORMAT }, { HEAD "1]}", ASSAY_E_FORMAT }, { HEAD "{\"name\":\"x\"}]}", ASSAY_E_FORMAT },
		{ HEAD "{\"type\":\"file\",\"type\":\"x\",\"name\":\"x\"}]}", ASSAY_E_FORMAT }, { HEAD, ASSAY_E_FORMAT } };
	struct arena *arena = NULL;
	struct seal_sbom sbom;
	(void)state;
	assert_int_equal(arena_new(64u << 20, &arena), ASSAY_OK);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		if (seal_sbom_read(assay_span_str(rows[i].text), "x", arena, &sbom, &err) != rows[i].status)
			fail_msg("'%s' is %s", rows[i].text, assay_status_name(err.status));
	}
	arena_free(&arena);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(databases), cmocka_unit_test(own), cmocka_unit_test(false_bills), cmocka_unit_test(spdx),
		cmocka_unit_test(no_bills) };
	/* For the suite of schemas: the bill that is written here. */
	if (argc == 2 && strcmp(argv[1], "--write") == 0) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
		struct world w;
		begin(&w);
		write_it(&w, &out);
		end(&w);
		return fwrite(out.data, 1, out.len, stdout) == out.len ? 0 : 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
