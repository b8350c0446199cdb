/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack file, version 2, whole objects only; its index is git's own work.
 */
#include "mkrepo.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zlib.h>

static void
add_header(struct buf *out, enum git_type type, size_t size)
{
	static const unsigned char codes[] = { [GIT_COMMIT] = 1, [GIT_TREE] = 2, [GIT_BLOB] = 3,
		[GIT_TAG] = 4 };
	unsigned char byte = (unsigned char)((size_t)codes[type] << 4 | (size & 15));
	for (size >>= 4; size > 0; size >>= 7) {
		buf_add_byte(out, byte | 0x80);
		byte = size & 0x7f;
	}
	buf_add_byte(out, byte);
}

/* Where id is in the table, or would go. */
static size_t
place_of(const struct pack_writer *p, const struct oid *id)
{
	size_t at;
	memcpy(&at, id->b, sizeof at);
	for (at &= p->room - 1; p->taken[at] && oid_compare(&p->seen[at], id) != 0;)
		at = (at + 1) & (p->room - 1);
	return at;
}

static void
grow(struct pack_writer *p)
{
	struct pack_writer old = *p;
	p->room = old.room == 0 ? 1024 : 2 * old.room;
	p->seen = calloc(p->room, sizeof *p->seen);
	p->taken = calloc(p->room, sizeof *p->taken);
	if (p->seen == NULL || p->taken == NULL)
		die("no memory");
	for (size_t i = 0; i < old.room; i++) {
		if (!old.taken[i])
			continue;
		size_t at = place_of(p, &old.seen[i]);
		p->seen[at] = old.seen[i];
		p->taken[at] = true;
	}
	free(old.seen);
	free(old.taken);
}

/* True when it was there already. */
static bool
remember_object(struct pack_writer *p, const struct oid *id)
{
	if ((size_t)p->count * 2 >= p->room)
		grow(p);
	size_t at = place_of(p, id);
	if (p->taken[at])
		return true;
	p->seen[at] = *id;
	p->taken[at] = true;
	return false;
}

void
pack_add(struct pack_writer *p, enum git_type type, struct assay_span bytes, struct oid *ret_id)
{
	struct assay_error err = { 0 };
	if (git_hash(p->algo, type, bytes, ret_id, &err) != ASSAY_OK)
		die("can't hash: %s", err.what);
	if (remember_object(p, ret_id))
		return;
	uLongf room = compressBound((uLong)bytes.len);
	unsigned char *packed = malloc(room);
	if (packed == NULL || compress2(packed, &room, bytes.data, (uLong)bytes.len, 1) != Z_OK)
		die("can't compress");
	add_header(&p->body, type, bytes.len);
	buf_add(&p->body, packed, room);
	p->count++;
	free(packed);
}

static void
run(char *const argv[])
{
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		(void)dup2(null, 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		die("'%s %s' failed", argv[0], argv[1]);
}

void
pack_finish(struct pack_writer *p, const char *git_dir)
{
	struct buf all = BUF_INIT((size_t)4 << 30);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;
	char path[4096];
	buf_add_str(&all, "PACK");
	buf_add_u32be(&all, 2);
	buf_add_u32be(&all, p->count);
	buf_add_span(&all, buf_span(&p->body));
	const EVP_MD *md = p->algo == OID_SHA1 ? EVP_sha1() : EVP_sha256();
	if (EVP_Digest(all.data, all.len, digest, &digest_len, md, NULL) != 1)
		die("no digest");
	buf_add(&all, digest, digest_len);
	(void)snprintf(path, sizeof path, "%s/objects/pack/pack-1.pack", git_dir);
	FILE *f = fopen(path, "wb");
	if (f == NULL || fwrite(all.data, 1, all.len, f) != all.len || fclose(f) != 0)
		die("can't write '%s'", path);
	char format[32];
	(void)snprintf(format, sizeof format, "--object-format=%s",
	    p->algo == OID_SHA1 ? "sha1" : "sha256");
	/* Whatever repository this happens to be run in has no say. */
	(void)setenv("GIT_DIR", "/nonexistent", 1);
	run((char *[]){ (char[]){ "git" }, (char[]){ "index-pack" }, format, path, NULL });
	(void)unsetenv("GIT_DIR");
	buf_done(&all);
	buf_done(&p->body);
	free(p->seen);
	free(p->taken);
}
