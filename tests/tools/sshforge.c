/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sshforge DIR [MADE.sig...]: see sshforge.h. MADE.sig are signatures by ssh-keygen over the first message
 * in namespace "git", which are broken in the same ways as our own.
 */
#include "sshforge.h"

#include <assay/base64.h>
#include <assay/sshsig.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const messages[2] = { "the message that was signed\n", "another message\n" };

static const char *folder;
static unsigned written;
static uint64_t random_state = 20;

size_t
forge_random(size_t limit)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return limit == 0 ? 0 : (size_t)(random_state >> 33) % limit;
}

static void
write_file(const char *name, const void *data, size_t len)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
		fprintf(stderr, "sshforge: can't write '%s'\n", path);
		exit(3);
	}
}

static bool
libassay_accepts(const struct forged *how, const char *text, size_t len)
{
	static unsigned char room[ASSAY_SSHSIG_MAX];
	struct assay_sshsig sig;
	size_t binary_len;

	return assay_sshsig_dearmor((struct assay_span) { (const unsigned char *)text, len }, room,
	           sizeof room, &binary_len, NULL) == ASSAY_OK &&
	    assay_sshsig_parse((struct assay_span) { room, binary_len }, &sig, NULL) == ASSAY_OK &&
	    assay_sshsig_verify(&sig, assay_span_str(messages[how->message]), how->name_space, NULL,
	        NULL) == ASSAY_OK;
}

void
forge_text(const struct forged *how, const char *text, size_t len)
{
	char name[32];

	snprintf(name, sizeof name, "%06u.sig", ++written);
	write_file(name, text, len);
	printf("%s\t%s\t%s\t%u\t%u\t%s\t%s\n", name, libassay_accepts(how, text, len) ? "accept" : "reject",
	    how->class_name, how->message, how->allowed, how->name_space, how->about);
}

void
forge_binary(const struct forged *how, const struct blob *binary)
{
	static char text[4 * BLOB_ROOM];
	size_t len = test_armor(blob_span(binary), 70, text, sizeof text);

	forge_text(how, text, len);
}

void
forge_allowed(unsigned n, const struct blob *key, bool is_ca)
{
	static char text[BLOB_ROOM], line[2 * BLOB_ROOM];
	char name[32];
	struct assay_pubkey parsed;

	if (assay_base64_encode(blob_span(key), text, sizeof text) != ASSAY_OK ||
	    assay_pubkey_parse(blob_span(key), &parsed, NULL) != ASSAY_OK) {
		fprintf(stderr, "sshforge: no key for an allowed-signers file\n");
		exit(3);
	}
	int len = snprintf(line, sizeof line, "%s %snamespaces=\"git\" %s %s\n",
	    is_ca ? "alice@example.org" : "tester", is_ca ? "cert-authority," : "",
	    assay_key_type_name(parsed.type), text);
	snprintf(name, sizeof name, "allowed-%u", n);
	write_file(name, line, (size_t)len);
}

/* Where the parts of a sound binary begin; the last entry is its end. */
#define PARTS 8
static const char *const part_names[PARTS] = { "magic", "version", "key", "namespace", "reserved",
	"hash", "signature", "end" };

static uint32_t
u32_at(const struct blob *b, size_t at)
{
	return (uint32_t)b->data[at] << 24 | (uint32_t)b->data[at + 1] << 16 |
	    (uint32_t)b->data[at + 2] << 8 | b->data[at + 3];
}

static void
find_parts(const struct blob *b, size_t parts[PARTS])
{
	parts[0] = 0;
	parts[1] = 6;
	parts[2] = 10;
	for (size_t i = 3; i < PARTS; i++)
		parts[i] = parts[i - 1] + 4 + u32_at(b, parts[i - 1]);
	if (parts[PARTS - 1] != b->len) {
		fprintf(stderr, "sshforge: a base signature is not sound\n");
		exit(3);
	}
}

/* Puts other bytes in the place of [from, to). */
static void
put_in_place(const struct blob *base, size_t from, size_t to, const void *data, size_t len,
    struct blob *out)
{
	out->len = 0;
	blob_put(out, base->data, from);
	blob_put(out, data, len);
	blob_put(out, base->data + to, base->len - to);
}

/* The same with an SSH string whose content is changed. */
static void
put_string_in_place(const struct blob *base, size_t from, const void *data, size_t len, struct blob *out)
{
	static struct blob part;

	part.len = 0;
	blob_put_string(&part, data, len);
	put_in_place(base, from, from + 4 + u32_at(base, from), part.data, part.len, out);
}

static void
flip(const struct forged *base, const struct blob *binary, size_t from, size_t to, const char *where)
{
	static struct blob b;
	char about[200];
	struct forged how = *base;
	size_t at = from + forge_random(to - from);

	b = *binary;
	b.data[at] = (unsigned char)(b.data[at] ^ 1U << forge_random(8));
	snprintf(about, sizeof about, "%s: a bit of byte %zu flipped (%s)", base->about, at, where);
	how.about = about;
	/* Version 0 is read by OpenSSH and covered by no signature. */
	if (b.data[6] == 0 && b.data[7] == 0 && b.data[8] == 0 && b.data[9] == 0)
		how.class_name = "version-0";
	forge_binary(&how, &b);
}

static void
flips(const struct forged *base, const struct blob *binary, const size_t parts[PARTS])
{
	for (size_t i = 0; i + 1 < PARTS; i++) {
		flip(base, binary, parts[i], parts[i] + 4, part_names[i]);
		flip(base, binary, parts[i], parts[i + 1], part_names[i]);
		if (i == 2 || i == 6) {
			for (unsigned n = 0; n < 6; n++)
				flip(base, binary, parts[i] + 4, parts[i + 1], part_names[i]);
		}
	}
}

static void
say(const struct forged *base, const char *what, const struct blob *binary)
{
	char about[200];
	struct forged how = *base;

	snprintf(about, sizeof about, "%s: %s", base->about, what);
	how.about = about;
	forge_binary(&how, binary);
}

static void
cuts_and_tails(const struct forged *base, const struct blob *binary, const size_t parts[PARTS])
{
	static struct blob b, inner;

	for (size_t i = 1; i + 1 < PARTS; i++) {
		put_in_place(binary, parts[i], binary->len, "", 0, &b);
		say(base, "cut after a field", &b);
	}
	for (unsigned n = 0; n < 4; n++) {
		put_in_place(binary, 1 + forge_random(binary->len - 1), binary->len, "", 0, &b);
		say(base, "cut", &b);
	}
	b = *binary;
	blob_put(&b, "\0", 1);
	say(base, "a byte after the end", &b);
	for (size_t i = 2; i < 7; i += 4) {
		inner.len = 0;
		blob_put(&inner, binary->data + parts[i] + 4, u32_at(binary, parts[i]));
		blob_put(&inner, "\0", 1);
		put_string_in_place(binary, parts[i], inner.data, inner.len, &b);
		say(base, "a byte after the end of a field's content", &b);
		put_string_in_place(binary, parts[i], inner.data, inner.len - 2, &b);
		say(base, "a field's content cut by a byte", &b);
		put_string_in_place(binary, parts[i], "", 0, &b);
		say(base, "a field emptied", &b);
	}
}

static void
renamed(const struct forged *base, const struct blob *binary, const size_t parts[PARTS])
{
	static struct blob b;
	struct forged how = *base;
	bool sha256 = memcmp(binary->data + parts[5] + 4, "sha256", 6) == 0;

	how.message = 1;
	say(&how, "other message", binary);
	how = *base;
	how.name_space = "file";
	say(&how, "other namespace asked for", binary);
	put_string_in_place(binary, parts[3], "file", 4, &b);
	say(&how, "namespace renamed to the one asked for", &b);
	how.name_space = "gi";
	say(&how, "a shorter namespace asked for", binary);
	put_string_in_place(binary, parts[3], "git\0x", 5, &b);
	say(base, "a NUL in the namespace", &b);
	put_string_in_place(binary, parts[5], sha256 ? "sha512" : "sha256", 6, &b);
	say(base, "hash renamed", &b);
	put_string_in_place(binary, parts[5], "sha384", 6, &b);
	say(base, "unknown hash", &b);
	put_string_in_place(binary, parts[5], "sha1", 4, &b);
	say(base, "SHA-1", &b);
	put_string_in_place(binary, parts[5], "SHA512", 6, &b);
	say(base, "hash in upper case", &b);
}

/* The last few bases, whose keys and signatures are put into the place of another's. */
#define KEPT 64
static struct blob kept[KEPT];
static size_t kept_count;

static void
swaps(const struct forged *base, const struct blob *binary, const size_t parts[PARTS])
{
	static struct blob b;
	struct forged how = *base;
	size_t other[PARTS];

	/* The same key's plain form in place of its certificate verifies, but is not the one allowed. */
	how.allowed = 0;
	for (size_t i = 0; i < 4 && i < kept_count; i++) {
		const struct blob *from = &kept[forge_random(kept_count)];
		find_parts(from, other);
		put_in_place(binary, parts[2], parts[3], from->data + other[2], other[3] - other[2], &b);
		say(&how, "another's key", &b);
		put_in_place(binary, parts[6], parts[7], from->data + other[6], other[7] - other[6], &b);
		say(base, "another's signature", &b);
	}
	if (kept_count < KEPT)
		kept[kept_count++] = *binary;
}

static void
break_it(const struct forged *base, const struct blob *binary)
{
	size_t parts[PARTS];

	find_parts(binary, parts);
	forge_binary(base, binary);
	flips(base, binary, parts);
	cuts_and_tails(base, binary, parts);
	renamed(base, binary, parts);
	swaps(base, binary, parts);
}

static const struct {
	const char *name;
	enum assay_key_type type;
	unsigned bits;
} kinds[] = {
	{ "ed25519", ASSAY_KEY_ED25519, 0 },
	{ "ecdsa-p256", ASSAY_KEY_ECDSA_P256, 0 },
	{ "ecdsa-p384", ASSAY_KEY_ECDSA_P384, 0 },
	{ "ecdsa-p521", ASSAY_KEY_ECDSA_P521, 0 },
	{ "rsa-2048", ASSAY_KEY_RSA, 2048 },
	{ "rsa-3072", ASSAY_KEY_RSA, 3072 },
	{ "rsa-4096", ASSAY_KEY_RSA, 4096 },
	{ "sk-ed25519", ASSAY_KEY_SK_ED25519, 0 },
	{ "sk-ecdsa", ASSAY_KEY_SK_ECDSA_P256, 0 },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static struct test_key keys[KINDS];
static unsigned allowed_count;

static void
forge_kind(size_t i, bool certificate, const char *hash)
{
	static struct blob field, binary, authority;
	char about[100];
	const struct test_key *ca = &keys[(i + 1) % KINDS];
	struct test_sig sig = { .key = &keys[i], .name_space = "git", .hash = hash, .reserved = "",
		.version = 1, .style = { .flags = 1, .counter = 9 }, .message = assay_span_str(messages[0]) };
	struct forged how = { .about = about, .class_name = "-", .name_space = "git",
		.allowed = ++allowed_count };

	snprintf(about, sizeof about, "%s%s, %s", kinds[i].name, certificate ? " certificate" : "", hash);
	test_key_blob(certificate ? ca : &keys[i], NULL, &authority);
	forge_allowed(allowed_count, &authority, certificate);
	if (certificate) {
		struct test_cert cert = test_cert_sound;
		cert.ca_style.flags = 1;
		test_cert_blob(&keys[i], ca, &cert, &field);
		sig.key_field = &field;
	}
	if (keys[i].type == ASSAY_KEY_RSA && strcmp(hash, "sha256") == 0)
		sig.style.algorithm = "rsa-sha2-256";
	test_sshsig(&sig, &binary);
	break_it(&how, &binary);
}

static void
forge_made(const char *path)
{
	static unsigned char text[ASSAY_SSHSIG_MAX];
	static struct blob binary;
	const char *slash = strrchr(path, '/');
	struct forged how = { .about = slash == NULL ? path : slash + 1, .class_name = "-",
		.name_space = "git" };

	FILE *f = fopen(path, "rb");
	size_t len = f == NULL ? 0 : fread(text, 1, sizeof text, f);
	if (f == NULL || fclose(f) != 0 ||
	    assay_sshsig_dearmor((struct assay_span) { text, len }, binary.data, BLOB_ROOM, &binary.len,
	        NULL) != ASSAY_OK) {
		fprintf(stderr, "sshforge: no signature in '%s'\n", path);
		exit(3);
	}
	break_it(&how, &binary);
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: sshforge DIR [MADE.sig...]\n");
		return 2;
	}
	folder = argv[1];
	write_file("message-0", messages[0], strlen(messages[0]));
	write_file("message-1", messages[1], strlen(messages[1]));
	for (size_t i = 0; i < KINDS; i++)
		keys[i] = test_key_make(kinds[i].type, kinds[i].bits);
	for (size_t i = 0; i < KINDS; i++) {
		forge_kind(i, false, "sha256");
		forge_kind(i, false, "sha512");
		forge_kind(i, true, "sha512");
	}
	for (int i = 2; i < argc; i++)
		forge_made(argv[i]);
	forge_special();
	for (size_t i = 0; i < KINDS; i++)
		test_key_done(&keys[i]);
	return 0;
}
