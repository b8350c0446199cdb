/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an entry of a release is, told by its bytes and not by its name: where it stands tells what bytes can't. One file may be
 * several things at once, and all of them are said. Pure: the same bytes are the same kinds, whoever looks.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* What a kind does in a product. */
enum seal_group {
	SEAL_GROUP_CODE,      /* runs, or is loaded by what runs */
	SEAL_GROUP_FIRMWARE,  /* runs on the device itself, or is the system that does */
	SEAL_GROUP_CONTAINER, /* holds other files */
	SEAL_GROUP_STARTS,    /* says what runs, when, and with what loaded */
	SEAL_GROUP_ACCESS,    /* says who may do what */
	SEAL_GROUP_KEY,       /* certificates, keys, stores of them */
	SEAL_GROUP_CONFIG,    /* any other setting */
	SEAL_GROUP_DEVICE,    /* devices, FIFOs, sockets */
	SEAL_GROUP_DATA,      /* the rest: not relevant to security by itself */
};
#define SEAL_GROUPS 9
const char *seal_group_name(enum seal_group group);

/* Each kind: name, group, how it is called. Names are stable; policies exclude by them. */
#define SEAL_KINDS(K) \
	K(ELF_EXECUTABLE, CODE, "elf-executable") \
	K(ELF_LIBRARY, CODE, "elf-library") \
	K(ELF_OBJECT, CODE, "elf-object") \
	K(ELF_CORE, CODE, "elf-core") \
	K(ELF_OTHER, CODE, "elf-other") \
	K(KERNEL_MODULE, CODE, "kernel-module") \
	K(PE, CODE, "pe") \
	K(EFI_APPLICATION, CODE, "efi-application") \
	K(EFI_DRIVER, CODE, "efi-driver") \
	K(DOS, CODE, "dos-executable") \
	K(MACH_O, CODE, "mach-o") \
	K(MACH_O_FAT, CODE, "mach-o-fat") \
	K(SCRIPT, CODE, "script") \
	K(SHELL_LIBRARY, CODE, "shell-library") \
	K(SOURCE, CODE, "interpreted-source") \
	K(JAVASCRIPT, CODE, "javascript") \
	K(HTML, CODE, "html") \
	K(CSS, CODE, "css") \
	K(PHP, CODE, "php") \
	K(SQL, CODE, "sql") \
	K(JAVA_CLASS, CODE, "java-class") \
	K(DEX, CODE, "dex") \
	K(PYTHON_BYTECODE, CODE, "python-bytecode") \
	K(LUA_BYTECODE, CODE, "lua-bytecode") \
	K(BEAM, CODE, "beam-bytecode") \
	K(WASM, CODE, "wasm") \
	K(BITCODE, CODE, "llvm-bitcode") \
	K(EXECUTABLE_MODE, CODE, "executable-by-mode") \
	K(STATIC_LIBRARY, CODE, "static-library") \
	K(LINUX_KERNEL, FIRMWARE, "linux-kernel") \
	K(DEVICE_TREE, FIRMWARE, "device-tree") \
	K(FIT_IMAGE, FIRMWARE, "fit-image") \
	K(UBOOT_IMAGE, FIRMWARE, "uboot-image") \
	K(ANDROID_BOOT, FIRMWARE, "android-boot") \
	K(MCUBOOT_IMAGE, FIRMWARE, "mcuboot-image") \
	K(INTEL_HEX, FIRMWARE, "intel-hex") \
	K(S_RECORD, FIRMWARE, "s-record") \
	K(UF2, FIRMWARE, "uf2") \
	K(DFU, FIRMWARE, "dfu") \
	K(FIRMWARE, FIRMWARE, "firmware") \
	K(SQUASHFS, FIRMWARE, "squashfs") \
	K(EXT, FIRMWARE, "ext") \
	K(CRAMFS, FIRMWARE, "cramfs") \
	K(EROFS, FIRMWARE, "erofs") \
	K(ROMFS, FIRMWARE, "romfs") \
	K(JFFS2, FIRMWARE, "jffs2") \
	K(UBI, FIRMWARE, "ubi") \
	K(UBIFS, FIRMWARE, "ubifs") \
	K(FAT, FIRMWARE, "fat") \
	K(DISK, FIRMWARE, "disk-image") \
	K(ISO, FIRMWARE, "iso9660") \
	K(CPIO, CONTAINER, "cpio") \
	K(ZIP, CONTAINER, "zip") \
	K(JAR, CONTAINER, "jar") \
	K(TAR, CONTAINER, "tar") \
	K(GZIP, CONTAINER, "gzip") \
	K(XZ, CONTAINER, "xz") \
	K(ZSTD, CONTAINER, "zstd") \
	K(BZIP2, CONTAINER, "bzip2") \
	K(LZMA, CONTAINER, "lzma") \
	K(LZ4, CONTAINER, "lz4") \
	K(LZOP, CONTAINER, "lzop") \
	K(SEVEN_ZIP, CONTAINER, "7z") \
	K(RAR, CONTAINER, "rar") \
	K(CAB, CONTAINER, "cab") \
	K(XAR, CONTAINER, "xar") \
	K(AR, CONTAINER, "ar") \
	K(DEB, CONTAINER, "deb") \
	K(RPM, CONTAINER, "rpm") \
	K(SYSTEMD_UNIT, STARTS, "service-unit") \
	K(SCHEDULED_JOB, STARTS, "scheduled-job") \
	K(INIT_SCRIPT, STARTS, "init-script") \
	K(UDEV_RULE, STARTS, "udev-rule") \
	K(DBUS, STARTS, "dbus-service") \
	K(PROFILE, STARTS, "profile-script") \
	K(AUTOSTART, STARTS, "autostart") \
	K(LOADER, STARTS, "loader-configuration") \
	K(MODPROBE, STARTS, "module-configuration") \
	K(BOOT_CONFIG, STARTS, "boot-configuration") \
	K(SUDOERS, ACCESS, "sudoers") \
	K(PAM, ACCESS, "pam") \
	K(POLKIT, ACCESS, "polkit") \
	K(ACCOUNTS, ACCESS, "accounts") \
	K(SSH, ACCESS, "ssh-configuration") \
	K(MANDATORY, ACCESS, "mandatory-access") \
	K(CERTIFICATE, KEY, "certificate") \
	K(PUBLIC_KEY, KEY, "public-key") \
	K(PRIVATE_KEY, KEY, "private-key") \
	K(KEY_STORE, KEY, "key-store") \
	K(SYSCTL, CONFIG, "sysctl") \
	K(NETWORK, CONFIG, "network-configuration") \
	K(MOUNTS, CONFIG, "mounts") \
	K(PACKAGE_SOURCES, CONFIG, "package-sources") \
	K(PACKAGES, CONFIG, "package-database") \
	K(DATABASE, CONFIG, "database") \
	K(JSON, CONFIG, "json") \
	K(YAML, CONFIG, "yaml") \
	K(XML, CONFIG, "xml") \
	K(INI, CONFIG, "ini") \
	K(CONFIGURATION, CONFIG, "configuration") \
	K(DEVICE, DEVICE, "device") \
	K(FIFO, DEVICE, "fifo") \
	K(SOCKET, DEVICE, "socket") \
	K(FOLDER, DATA, "folder") \
	K(LINK, DATA, "link") \
	K(PICTURE, DATA, "picture") \
	K(DOCUMENT, DATA, "document") \
	K(TEXT, DATA, "text") \
	K(EMPTY, DATA, "empty") \
	K(DATA, DATA, "data")

#define SEAL_KIND_ENUM(name, ...) SEAL_##name,
enum seal_kind { SEAL_KINDS(SEAL_KIND_ENUM) SEAL_KIND_COUNT };

struct seal_kind_row {
	const char *name;
	enum seal_group group;
};
extern const struct seal_kind_row seal_kinds[SEAL_KIND_COUNT];
/* SEAL_KIND_COUNT when there is none of this name. */
enum seal_kind seal_kind_find(const char *name);

/* How a kind is known. From SEAL_CUT on it is that kind, and damaged or not wholly seen. */
enum seal_known {
	SEAL_NOT,       /* it isn't */
	SEAL_BY_PLACE,  /* its place or name says so, its bytes don't */
	SEAL_BY_BYTES,
	SEAL_CUT,       /* its headers lie beyond the bytes that were given */
	SEAL_TRUNCATED, /* the file ends within its headers or what they name */
	SEAL_LYING,     /* its headers contradict each other or the format */
};
/* "no", "by place", "by bytes", "not wholly seen", "truncated", "contradictory". */
const char *seal_known_name(enum seal_known known);

/* What is remarkable about an entry, beside its kinds. Codes are stable. */
#define SEAL_MARKS(M) \
	M(PARTLY, "partly-seen") /* fewer bytes were given than it has */ \
	M(SEVERAL, "several-formats") /* of which programs will choose one each */ \
	M(NOT_AS_NAMED, "not-as-named") /* code or an archive under the name of something harmless */ \
	M(BYTE_ORDER_MARK, "byte-order-mark") /* before #!: the kernel won't run it, shells will as their own */ \
	M(INTERPRETER_CUT, "interpreter-cut") /* a #! line longer than the kernel reads */ \
	M(INTERPRETER_ODD, "interpreter-odd") /* none, relative, or with a control character at its end */ \
	M(NOT_READ_THERE, "not-read-there") /* the program that reads this folder passes over this name */ \
	M(FETCHES, "fetches") /* a script that names a program which fetches from a network or a registry */

#define SEAL_MARK_ENUM(name, ...) SEAL_MARK_##name,
enum seal_mark { SEAL_MARKS(SEAL_MARK_ENUM) SEAL_MARK_COUNT };
const char *seal_mark_name(enum seal_mark mark);

enum seal_type {
	SEAL_TYPE_FILE,
	SEAL_TYPE_FOLDER,
	SEAL_TYPE_LINK,
	SEAL_TYPE_DEVICE, /* block or character */
	SEAL_TYPE_FIFO,
	SEAL_TYPE_SOCKET,
};

/* One entry of a tree or an archive, as whoever walks sees it. */
struct seal_file {
	const char *path;        /* relative, '/' between components; any bytes but NUL */
	enum seal_type type;
	uint32_t mode;           /* 07777 */
	uint64_t size;           /* of a file */
	struct assay_span bytes; /* of a file: from its start, all of it or fewer */
	const char *target;      /* of a link; else NULL */
};

#define SEAL_NEEDED_MAX 256

struct seal_elf {
	unsigned bits;           /* 32, 64 */
	bool big_endian;
	unsigned type, machine;  /* e_type, e_machine */
	const char *interpreter; /* PT_INTERP, or NULL */
	const char *soname;      /* or NULL */
	const char *run_path;    /* DT_RUNPATH or DT_RPATH, or NULL */
	const char *needed[SEAL_NEEDED_MAX]; /* DT_NEEDED, DT_AUDIT, DT_DEPAUDIT, DT_FILTER, DT_AUXILIARY */
	size_t needed_count;
	const char *build_id;    /* lower-case hex, or NULL */
	bool is_static;          /* an executable that asks for no loader and no library */
	bool is_module;          /* it has .modinfo */
};

struct seal_script {
	const char *interpreter; /* as written behind #!; "" when there is none */
	const char *arguments;   /* as written; "" */
	const char *program;     /* what runs in the end: behind env and its options; else the interpreter */
};

/* What was seen. Text lives in the arena. */
struct seal_looked {
	enum seal_known kinds[SEAL_KIND_COUNT];
	bool marks[SEAL_MARK_COUNT];
	const struct seal_elf *elf;       /* or NULL */
	const struct seal_script *script; /* or NULL */
};

/* Fails for want of memory alone. Looks at the first SEAL_TEXT_MAX bytes for what is text, at all for the rest. */
#define SEAL_TEXT_MAX (1u << 20)
ASSAY_MUST_USE enum assay_status seal_classify(const struct seal_file *file, struct arena *arena,
    struct seal_looked *ret_looked, struct assay_error *err);
/* Whether any of its kinds is of this group. */
bool seal_is(const struct seal_looked *looked, enum seal_group group);
/* Whether any of its kinds matters to security: is of another group than SEAL_GROUP_DATA. */
bool seal_relevant(const struct seal_looked *looked);
/* The first of its kinds that matters, in the order of the table; else the first. */
enum seal_kind seal_main_kind(const struct seal_looked *looked);
