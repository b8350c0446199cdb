/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte: as a bill of materials, or as a database of packages or a lockfile. What is read is held against a tree; reading ends. */
#include <base/cleanup.h>
#include <seal/sbom.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "var/lib/dpkg/status", "lib/apk/db/installed", "package-lock.json", "Cargo.lock", "requirements.txt" };

static void
compare(struct assay_span bytes, struct arena *arena)
{
	static const struct seal_looked looked;
	static const struct seal_entry entries[] = { { .path = "bin/a", .looked = &looked }, { .path = "lib/b", .looked = &looked } };
	static struct seal_package list[] = { { .type = "deb", .name = "a", .version = "1", .file = "x" }, { .type = "npm", .name = "b", .version = "2", .file = "y", .in_source = true } };
	const struct seal_packages packages = { .list = list, .count = 2, .databases = 2 };
	const struct seal_product product = { .name = "a", .version = "1" };
	struct assay_error err = { 0 };
	struct seal_sbom sbom;
	struct seal_sbom_outcome out;
	if (seal_sbom_read(bytes, "sbom", arena, &sbom, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < sbom.count; i++) {
		if (sbom.components[i].name == NULL || sbom.components[i].type == NULL)
			__builtin_trap();
	}
	if (seal_sbom_compare(&sbom, &product, entries, 2, &packages, arena, &out, &err) == ASSAY_OK && out.fact_count > SEAL_FACTS_MAX)
		__builtin_trap();
}

static void
gather(size_t name, struct assay_span bytes, struct arena *arena)
{
	struct assay_error err = { 0 };
	struct seal_packages packages;
	const struct seal_file file = { .path = names[name], .size = bytes.len, .bytes = bytes };
	const struct source_file source = { .path = names[name], .mode = 0100644, .has_bytes = true, .bytes = bytes };
	const struct sources sources = { OID_SHA1, &source, 1 };
	if (seal_packages(&file, name < 2, name < 2 ? NULL : &sources, arena, &packages, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < packages.count; i++) {
		if (packages.list[i].name[0] == '\0' || packages.list[i].version == NULL)
			__builtin_trap();
	}
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20);
	const struct seal_product product = { .name = "a", .version = "1" };
	struct seal_sbom sbom;
	if (seal_sbom_write(&product, NULL, 0, &packages, arena, &out, &err) == ASSAY_OK
	    && seal_sbom_read(buf_span(&out), "own", arena, &sbom, &err) != ASSAY_OK)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size < 1 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	if (data[0] % 8 < 3)
		compare(bytes, arena);
	else
		gather(data[0] % 8 - 3u, bytes, arena);
	return 0;
}
