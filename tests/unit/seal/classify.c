/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
expect(const char *path, const char *bytes, size_t len, uint32_t mode, enum seal_kind kind, enum seal_known known)
{
	struct seen s;
	see(&s, path, (struct assay_span){ (const unsigned char *)bytes, len }, mode);
	if (s.looked.kinds[kind] != known)
		fail_msg("'%s' is %s %s, and %s is wanted", path, seal_known_name(s.looked.kinds[kind]), seal_kinds[kind].name, seal_known_name(known));
	see_done(&s);
}

#define TEXT(path, text, kind) expect(path, text, sizeof(text) - 1, 0644, kind, SEAL_BY_BYTES)

static void
elf_kinds(void **state)
{
	static const struct {
		struct elf_recipe recipe;
		enum seal_kind kind;
		bool is_static;
	} rows[] = {
		{ { .type = 2 }, SEAL_ELF_EXECUTABLE, true },
		{ { .type = 3, .interpreter = "/lib64/ld.so", .needed = { "libc.so.6", "libm.so.6" } }, SEAL_ELF_EXECUTABLE, false },
		{ { .type = 3, .pie = true }, SEAL_ELF_EXECUTABLE, true },
		{ { .type = 3, .soname = "libx.so.1", .needed = { "libc.so.6" } }, SEAL_ELF_LIBRARY, false },
		{ { .type = 1 }, SEAL_ELF_OBJECT, false },
		{ { .type = 1, .modinfo = true }, SEAL_KERNEL_MODULE, false },
		{ { .type = 4 }, SEAL_ELF_CORE, false },
		{ { .type = 77 }, SEAL_ELF_OTHER, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
		struct seen s;
		make_elf(&b, &rows[i].recipe);
		see(&s, "bin/x", buf_span(&b), 0755);
		assert_int_equal(s.looked.kinds[rows[i].kind], SEAL_BY_BYTES);
		assert_non_null(s.looked.elf);
		assert_int_equal(s.looked.elf->is_static, rows[i].is_static);
		size_t needed = 0;
		while (needed < 4 && rows[i].recipe.needed[needed] != NULL) {
			assert_string_equal(s.looked.elf->needed[needed], rows[i].recipe.needed[needed]);
			needed++;
		}
		assert_int_equal(s.looked.elf->needed_count, needed);
		if (rows[i].recipe.soname != NULL)
			assert_string_equal(s.looked.elf->soname, rows[i].recipe.soname);
		if (rows[i].recipe.interpreter != NULL)
			assert_string_equal(s.looked.elf->interpreter, rows[i].recipe.interpreter);
		assert_false(s.looked.marks[SEAL_MARK_NOT_AS_NAMED]);
		see_done(&s);
	}
}

/* However much of it is left, it is an ELF file, and what is missing is said. */
static void
elf_cut(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
	(void)state;
	make_elf(&b, &(struct elf_recipe){ .type = 3, .interpreter = "/lib64/ld.so", .needed = { "libc.so.6" } });
	for (size_t len = 4; len < b.len; len++) {
		struct seen s;
		see(&s, "bin/x", (struct assay_span){ b.data, len }, 0755);
		bool said = false;
		for (unsigned i = SEAL_ELF_EXECUTABLE; i <= SEAL_ELF_OTHER; i++)
			said = said || s.looked.kinds[i] >= SEAL_TRUNCATED;
		if (!said)
			fail_msg("%zu bytes of a program pass for a whole one", len);
		see_done(&s);
	}
	struct seal_looked looked;
	struct arena *arena = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(arena_new(1u << 20, &arena), ASSAY_OK);
	const struct seal_file part = { .path = "x", .size = b.len, .bytes = { b.data, 600 } };
	assert_int_equal(seal_classify(&part, arena, &looked, &err), ASSAY_OK);
	assert_true(looked.marks[SEAL_MARK_PARTLY]);
	assert_int_equal(looked.kinds[SEAL_ELF_EXECUTABLE], SEAL_CUT);
	arena_free(&arena);
}

static void
elf_lies(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
	(void)state;
	make_elf(&b, &(struct elf_recipe){ .type = 3, .soname = "libx.so", .needed = { "libc.so.6" } });
	/* The first library's name beyond the table of names. */
	put32(&b, 1024 + 8, 0x00ffffff);
	expect("lib/x", (const char *)b.data, b.len, 0644, SEAL_ELF_LIBRARY, SEAL_LYING);
	b.data[4] = 9;
	expect("lib/x", (const char *)b.data, b.len, 0644, SEAL_ELF_OTHER, SEAL_LYING);
}

static void
pe_kinds(void **state)
{
	static const struct {
		unsigned subsystem;
		enum seal_kind kind;
	} rows[] = { { 3, SEAL_PE }, { 10, SEAL_EFI_APPLICATION }, { 11, SEAL_EFI_DRIVER }, { 12, SEAL_EFI_DRIVER } };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(4096);
		make_pe(&b, rows[i].subsystem);
		expect("EFI/BOOT/BOOTX64.EFI", (const char *)b.data, b.len, 0644, rows[i].kind, SEAL_BY_BYTES);
		/* A section that lies beyond the end. */
		b.data[0x80 + 6] = 1;
		expect("x", (const char *)b.data, b.len, 0644, SEAL_PE, SEAL_TRUNCATED);
	}
	expect("x", "MZ\x90", 3, 0644, SEAL_DOS, SEAL_NOT);
}

static void
other_programs(void **state)
{
	(void)state;
	expect("x", "\xcf\xfa\xed\xfe\7\0\0\1\3\0\0\0\2\0\0\0\1\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\x19\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0", 48, 0644,
	    SEAL_MACH_O, SEAL_BY_BYTES);
	expect("x", "\xcf\xfa\xed\xfe\7\0\0\1\3\0\0\0\2\0\0\0\1\0\0\0\xff\xff\xff\0\0\0\0\0\0\0\0\0", 32, 0644, SEAL_MACH_O, SEAL_TRUNCATED);
	expect("x", "\xca\xfe\xba\xbe\0\0\0\1\1\0\0\7\0\0\0\3\0\0\0\x1c\0\0\0\4\0\0\0\2ABCD", 32, 0644, SEAL_MACH_O_FAT, SEAL_BY_BYTES);
	expect("x", "\xca\xfe\xba\xbe\0\0\0\1\1\0\0\7\0\0\0\3\0\0\xff\x1c\0\0\0\4\0\0\0\2ABCD", 32, 0644, SEAL_MACH_O_FAT, SEAL_TRUNCATED);
	expect("X.class", "\xca\xfe\xba\xbe\0\0\0\x34\0\x10", 10, 0644, SEAL_JAVA_CLASS, SEAL_BY_BYTES);
	expect("X.class", "\xca\xfe\xba\xbe\0\0\0\x34\0\x10", 10, 0644, SEAL_MACH_O_FAT, SEAL_NOT);
	expect("m.wasm", "\0asm\1\0\0\0", 8, 0644, SEAL_WASM, SEAL_BY_BYTES);
	expect("m", "\xa7\r\r\n\0\0\0\0\0\0\0\0\0\0\0\0", 16, 0644, SEAL_PYTHON_BYTECODE, SEAL_BY_BYTES);
	expect("m", "\33LuaS", 5, 0644, SEAL_LUA_BYTECODE, SEAL_BY_BYTES);
	expect("plain", "\1\2\3", 3, 0755, SEAL_EXECUTABLE_MODE, SEAL_BY_PLACE);
	expect("plain", "\1\2\3", 3, 0644, SEAL_DATA, SEAL_BY_BYTES);
	expect("empty", "", 0, 0644, SEAL_EMPTY, SEAL_BY_BYTES);
}

static void
script_lines(void **state)
{
	static const struct {
		const char *text, *interpreter, *arguments, *program;
		bool odd;
	} rows[] = {
		{ "#!/bin/sh\n", "/bin/sh", "", "/bin/sh", false },
		{ "#! /usr/bin/python3 -I -B\nx", "/usr/bin/python3", "-I -B", "/usr/bin/python3", false },
		{ "#!/usr/bin/env python3\n", "/usr/bin/env", "python3", "python3", false },
		{ "#!/usr/bin/env -S node --no-warnings\n", "/usr/bin/env", "-S node --no-warnings", "node", false },
		{ "#!/usr/bin/env -Sperl -w\n", "/usr/bin/env", "-Sperl -w", "perl", false },
		{ "#!/usr/bin/env -i -u HOME A=b /bin/bash\n", "/usr/bin/env", "-i -u HOME A=b /bin/bash", "/bin/bash", false },
		{ "#!/bin/sh\r\n", "/bin/sh\r", "", "/bin/sh\r", true },
		{ "#!bin/sh\n", "bin/sh", "", "bin/sh", true },
		{ "#!\n", "", "", "", true },
		{ "#!", "", "", "", true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct seen s;
		see(&s, "bin/x", assay_span_str(rows[i].text), 0755);
		assert_non_null(s.looked.script);
		assert_string_equal(s.looked.script->interpreter, rows[i].interpreter);
		assert_string_equal(s.looked.script->arguments, rows[i].arguments);
		assert_string_equal(s.looked.script->program, rows[i].program);
		assert_int_equal(s.looked.marks[SEAL_MARK_INTERPRETER_ODD], rows[i].odd);
		see_done(&s);
	}
}

/* A mark before #! hides a script from the kernel, not from a shell; a name hides nothing; two formats are two. */
static void
disguises(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	struct seen s;
	(void)state;
	see(&s, "x", assay_span_str("\xef\xbb\xbf#!/bin/sh\nrm -rf /\n"), 0644);
	assert_int_equal(s.looked.kinds[SEAL_SCRIPT], SEAL_BY_BYTES);
	assert_true(s.looked.marks[SEAL_MARK_BYTE_ORDER_MARK]);
	see_done(&s);
	make_elf(&b, &(struct elf_recipe){ .type = 2 });
	see(&s, "docs/notes.txt", buf_span(&b), 0644);
	assert_true(s.looked.marks[SEAL_MARK_NOT_AS_NAMED]);
	assert_false(s.looked.marks[SEAL_MARK_SEVERAL]);
	see_done(&s);
	const struct zip_recipe jar[] = { { .name = "META-INF/MANIFEST.MF" }, { .name = "A.class", .bytes = { (const unsigned char *)"\xca\xfe\xba\xbe\0\0\0\x34", 8 } } };
	make_zip(&b, jar, 2);
	see(&s, "logo.png", buf_span(&b), 0644);
	assert_int_equal(s.looked.kinds[SEAL_ELF_EXECUTABLE], SEAL_BY_BYTES);
	assert_int_equal(s.looked.kinds[SEAL_ZIP], SEAL_BY_BYTES);
	assert_int_equal(s.looked.kinds[SEAL_JAR], SEAL_BY_BYTES);
	assert_true(s.looked.marks[SEAL_MARK_SEVERAL]);
	assert_true(s.looked.marks[SEAL_MARK_NOT_AS_NAMED]);
	const struct seal_member *m = find_member(&s, "logo.png!A.class");
	assert_non_null(m);
	assert_int_equal(m->looked.kinds[SEAL_JAVA_CLASS], SEAL_BY_BYTES);
	see_done(&s);
	char line[600];
	memset(line, 'a', sizeof line);
	memcpy(line, "#!/", 3);
	line[599] = '\n';
	see(&s, "x", (struct assay_span){ (const unsigned char *)line, sizeof line }, 0755);
	assert_true(s.looked.marks[SEAL_MARK_INTERPRETER_CUT]);
	see_done(&s);
	see(&s, "install.run", assay_span_str("#!/bin/sh\nexit\n\x1f\x8b\x08more"), 0755);
	assert_int_equal(s.looked.kinds[SEAL_GZIP], SEAL_CUT);
	assert_true(has_problem(&s, SEAL_INSIDE_NOT_OPENED));
	see_done(&s);
}

static void
images(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	(void)state;
	zeros(&b, 65536);
	memcpy(b.data, "hsqs", 4);
	b.data[28] = 4;
	expect("rootfs", (const char *)b.data, b.len, 0644, SEAL_SQUASHFS, SEAL_BY_BYTES);
	put32(&b, 40, 70000);
	expect("rootfs", (const char *)b.data, b.len, 0644, SEAL_SQUASHFS, SEAL_TRUNCATED);
	memset(b.data, 0, b.len);
	memcpy(b.data + 1080, "\x53\xef", 2);
	put32(&b, 1024, 16);
	put32(&b, 1028, 64);
	put32(&b, 1064, 16);
	expect("disk", (const char *)b.data, b.len, 0644, SEAL_EXT, SEAL_BY_BYTES);
	expect("disk", (const char *)b.data, 1090, 0644, SEAL_EXT, SEAL_TRUNCATED);
	memset(b.data, 0, b.len);
	memcpy(b.data + 0x1fe, "\x55\xaa", 2);
	memcpy(b.data + 0x202, "HdrS", 4);
	expect("vmlinuz", (const char *)b.data, b.len, 0644, SEAL_LINUX_KERNEL, SEAL_BY_BYTES);
	memset(b.data, 0, b.len);
	memcpy(b.data, "\x3d\xb8\xf3\x96\0\0\0\0\x20\0\0\0\0\1\0\0", 16);
	expect("app", (const char *)b.data, b.len, 0644, SEAL_MCUBOOT_IMAGE, SEAL_BY_BYTES);
	expect("app", (const char *)b.data, 100, 0644, SEAL_MCUBOOT_IMAGE, SEAL_TRUNCATED);
	b.data[8] = 4;
	expect("app", (const char *)b.data, b.len, 0644, SEAL_MCUBOOT_IMAGE, SEAL_LYING);
	expect("app", "\x27\x05\x19\x56", 4, 0644, SEAL_UBOOT_IMAGE, SEAL_TRUNCATED);
}

static void
device_trees(void **state)
{
	static const unsigned char fit[] = "\xd0\x0d\xfe\xed\0\0\0\x50\0\0\0\x28\0\0\0\x50\0\0\0\0\0\0\0\x11\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\x28"
	                                   "\0\0\0\1\0\0\0\0\0\0\0\1images\0\0\0\0\0\2\0\0\0\2\0\0\0\x09";
	unsigned char tree[80] = { 0 };
	(void)state;
	memcpy(tree, fit, sizeof fit - 1);
	expect("x", (const char *)tree, sizeof tree, 0644, SEAL_FIT_IMAGE, SEAL_BY_BYTES);
	memcpy(tree + 52, "imagex", 6);
	expect("x", (const char *)tree, sizeof tree, 0644, SEAL_FIT_IMAGE, SEAL_NOT);
	expect("x", (const char *)tree, sizeof tree, 0644, SEAL_DEVICE_TREE, SEAL_BY_BYTES);
	expect("x", (const char *)tree, 60, 0644, SEAL_DEVICE_TREE, SEAL_TRUNCATED);
	tree[23] = 99;
	expect("x", (const char *)tree, sizeof tree, 0644, SEAL_DEVICE_TREE, SEAL_LYING);
}

static void
texts(void **state)
{
	(void)state;
	TEXT("fw", ":10010000214601360121470136007EFE09D2190140\n:00000001FF\n", SEAL_INTEL_HEX);
	TEXT("fw", "S00600004844521B\nS9030000FC\n", SEAL_S_RECORD);
	TEXT("x", "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/x\n", SEAL_SYSTEMD_UNIT);
	TEXT("x", "[Unit]\n[Timer]\nOnCalendar=daily\n", SEAL_SCHEDULED_JOB);
	TEXT("x", "MAILTO=root\n*/5 * * * * /usr/bin/poll\n", SEAL_SCHEDULED_JOB);
	TEXT("x", "@reboot /usr/bin/poll\n", SEAL_SCHEDULED_JOB);
	TEXT("x", "service ALL=(ALL) NOPASSWD: ALL\n", SEAL_SUDOERS);
	TEXT("x", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", SEAL_CERTIFICATE);
	TEXT("x", "  -----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", SEAL_PRIVATE_KEY);
	TEXT("x", "PuTTY-User-Key-File-3: ssh-ed25519\n", SEAL_PRIVATE_KEY);
	TEXT("x", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"AAAA\"}", SEAL_PRIVATE_KEY);
	TEXT("x", "{\"a\": [1, 2]}", SEAL_JSON);
	TEXT("x.yaml", "a: 1\nb: [2]\n", SEAL_YAML);
	TEXT("x", "# c\n[section]\nkey = value\n", SEAL_INI);
	TEXT("x", "<?xml version=\"1.0\"?><a/>", SEAL_XML);
	TEXT("x", "\n<!DOCTYPE html><html></html>", SEAL_HTML);
	TEXT("x", "<p><?php echo 1;", SEAL_PHP);
	TEXT("x", "CREATE TABLE a (b);\n", SEAL_SQL);
	TEXT("x", "log() {\n  if true; then :\n  fi\n}\n", SEAL_SHELL_LIBRARY);
	TEXT("x", "just words\n", SEAL_TEXT);
	expect("x.json", "{\"a\": [1, 2", 11, 0644, SEAL_JSON, SEAL_LYING);
	expect("x.yaml", "a: [", 4, 0644, SEAL_YAML, SEAL_LYING);
	expect("x", "words with * * * in them\n", 25, 0644, SEAL_SCHEDULED_JOB, SEAL_NOT);
}

static void
der(void **state)
{
	static const char key[] = "\x30\x10\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x04\x04\x02\x01\x02";
	(void)state;
	expect("k", key, sizeof key - 1, 0644, SEAL_PRIVATE_KEY, SEAL_BY_BYTES);
	expect("k", key, sizeof key - 2, 0644, SEAL_PRIVATE_KEY, SEAL_NOT);
	static const char certificate[] = "\x30\x0e\x30\x0c\xa0\x03\x02\x01\x02\x02\x01\x01\x30\x03\x06\x01";
	expect("c", certificate, sizeof certificate - 1, 0644, SEAL_CERTIFICATE, SEAL_BY_BYTES);
	static const char spki[] = "\x30\x10\x30\x05\x06\x03\x2b\x65\x70\x03\x07\x00\x01\x02\x03\x04\x05\x06";
	expect("p", spki, sizeof spki - 1, 0644, SEAL_PUBLIC_KEY, SEAL_BY_BYTES);
}

static void
places(void **state)
{
	static const struct {
		const char *path;
		enum seal_kind kind;
	} rows[] = {
		{ "etc/sudoers", SEAL_SUDOERS }, { "rootfs/etc/sudoers.d/backup", SEAL_SUDOERS }, { "etc/pam.d/sshd", SEAL_PAM },
		{ "etc/cron.daily/x", SEAL_SCHEDULED_JOB }, { "var/spool/cron/crontabs/root", SEAL_SCHEDULED_JOB }, { "etc/ld.so.preload", SEAL_LOADER },
		{ "lib/firmware/wifi.bin", SEAL_FIRMWARE }, { "usr/lib/udev/rules.d/9.rules", SEAL_UDEV_RULE }, { "etc/ssh/sshd_config", SEAL_SSH },
		{ "lib/modules/6.1/kernel/a.ko.xz", SEAL_KERNEL_MODULE }, { "etc/anything", SEAL_CONFIGURATION }, { "etc/profile.d/x.sh", SEAL_PROFILE },
		{ "var/lib/dpkg/status", SEAL_PACKAGES }, { "www/app.js", SEAL_JAVASCRIPT }, { "home/u/.ssh/authorized_keys", SEAL_SSH },
	};
	struct seen s;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(rows[i].path, "\1", 1, 0644, rows[i].kind, SEAL_BY_PLACE);
	see(&s, "etc/sudoers.d/50.admins", assay_span_str("x"), 0440);
	assert_true(s.looked.marks[SEAL_MARK_NOT_READ_THERE]);
	see_done(&s);
	see(&s, "etc/cron.daily/x.sh", assay_span_str("x"), 0755);
	assert_true(s.looked.marks[SEAL_MARK_NOT_READ_THERE]);
	see_done(&s);
	see(&s, "etc/cron.daily/x", assay_span_str("x"), 0755);
	assert_false(s.looked.marks[SEAL_MARK_NOT_READ_THERE]);
	see_done(&s);
}

static void
no_files(void **state)
{
	static const enum seal_type types[] = { SEAL_TYPE_FOLDER, SEAL_TYPE_LINK, SEAL_TYPE_DEVICE, SEAL_TYPE_FIFO, SEAL_TYPE_SOCKET };
	static const enum seal_kind kinds[] = { SEAL_FOLDER, SEAL_LINK, SEAL_DEVICE, SEAL_FIFO, SEAL_SOCKET };
	struct arena *arena = NULL;
	struct seal_looked looked;
	struct assay_error err = { 0 };
	(void)state;
	assert_int_equal(arena_new(1u << 20, &arena), ASSAY_OK);
	for (size_t i = 0; i < 5; i++) {
		const struct seal_file f = { .path = "x", .type = types[i], .target = "y" };
		assert_int_equal(seal_classify(&f, arena, &looked, &err), ASSAY_OK);
		assert_int_equal(looked.kinds[kinds[i]], SEAL_BY_BYTES);
		assert_int_equal(seal_relevant(&looked), i > 1);
	}
	const struct seal_file more = { .path = "x", .size = 1, .bytes = { (const unsigned char *)"ab", 2 } };
	assert_int_equal(seal_classify(&more, arena, &looked, &err), ASSAY_E_USAGE);
	arena_free(&arena);
}

static void
names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++)
		assert_int_equal(seal_kind_find(seal_kinds[i].name), i);
	assert_int_equal(seal_kind_find("no such"), SEAL_KIND_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elf_kinds), cmocka_unit_test(elf_cut), cmocka_unit_test(elf_lies), cmocka_unit_test(pe_kinds),
		cmocka_unit_test(other_programs), cmocka_unit_test(script_lines), cmocka_unit_test(disguises), cmocka_unit_test(images),
		cmocka_unit_test(device_trees), cmocka_unit_test(texts), cmocka_unit_test(der), cmocka_unit_test(places), cmocka_unit_test(no_files),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
