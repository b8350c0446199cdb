/* SPDX-License-Identifier: Apache-2.0 */
#include "cache_key.h"
#include <assay/hash.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/folder.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <ledger/cache.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>

/*
 * An entry's bytes: magic and version (8) · length of name, u32 · length of key, u32 · length of
 * bytes, u64 · name · key · zeros up to a multiple of 64 · bytes · HMAC-SHA-256 of all before (32).
 * Numbers are big-endian.
 */
#define MAGIC "assayca\x01"
#define MAC_SIZE 32
#define ALIGN 64
#define HEAD_MAX (24 + CACHE_NAME_MAX + CACHE_KEY_MAX + ALIGN)
/* What is read and hashed at a time: it stays in the processor's cache between the two. */
#define CHUNK ((size_t)256 << 10)
#define SUFFIX ".cache"
#define TEMPORARY ".new-"
#define SHOWN_NAME_MAX 40
#define FILE_NAME_ROOM 128
/* Most files of the folder that are looked at when making room, and age at which a half-written one
 * is given up. */
#define SCAN_MAX 65536
#define ABANDONED_SECONDS 3600

struct cache {
	int dir;
	uint64_t total_max;
	/* Bytes that may still be put before the folder is looked through again: that takes a look at each of its files. */
	_Atomic uint64_t room;
	unsigned char key[CACHE_MAC_KEY_SIZE];
};

static void
fd_done(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

enum assay_status
cache_open(
    const char *folder, const char *key_file, struct cache **ret_cache, struct assay_error *err)
{
	CLEANUP(cache_close) struct cache *c = calloc(1, sizeof *c);

	if (c == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the cache");
	c->dir = -1;
	c->total_max = CACHE_TOTAL_MAX;
	TRY(file_make_dirs(folder, true, err));
	c->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "cache folder '%s': %s", folder, text_errno(errno));
	TRY(cache_key_load(folder, key_file, c->key, err));
	*ret_cache = steal(&c);
	return ASSAY_OK;
}

void
cache_close(struct cache **cache)
{
	if (*cache == NULL)
		return;
	fd_done(&(*cache)->dir);
	OPENSSL_cleanse((*cache)->key, sizeof(*cache)->key);
	free(*cache);
	*cache = NULL;
}

void
cache_limit(struct cache *cache, uint64_t total)
{
	cache->total_max = total;
	cache->room = 0;
}

static void
add_u64be(struct buf *out, uint64_t v)
{
	buf_add_u32be(out, (uint32_t)(v >> 32));
	buf_add_u32be(out, (uint32_t)v);
}

/* All that stands before an entry's bytes: name, key and length fix it, so that reading is
 * comparing. */
static enum assay_status
make_head(
    struct buf *out, const char *name, struct assay_span key, uint64_t len, struct assay_error *err)
{
	size_t name_len = strlen(name);

	if (name_len == 0 || name_len > CACHE_NAME_MAX || key.len > CACHE_KEY_MAX)
		return assay_fail(
		    err, ASSAY_E_USAGE, "'%s' or its key can't name a cache entry", name);
	buf_add(out, MAGIC, sizeof MAGIC - 1);
	buf_add_u32be(out, (uint32_t)name_len);
	buf_add_u32be(out, (uint32_t)key.len);
	add_u64be(out, len);
	buf_add_str(out, name);
	buf_add_span(out, key);
	while (out->len % ALIGN != 0 && out->status == ASSAY_OK)
		buf_add_byte(out, 0);
	return buf_status(out, "cache entry", err);
}

/* "shown-name.DIGEST.cache": the digest of name and key decides, the name is for people. */
static enum assay_status
file_name(
    const char *name, struct assay_span key, char ret_name[FILE_NAME_ROOM], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf head = BUF_INIT(HEAD_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[33];
	char shown[SHOWN_NAME_MAX + 1];
	size_t n = 0;

	TRY(make_head(&head, name, key, 0, err));
	if (assay_sha256(buf_span(&head), digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "the cache can't hash");
	text_hex((struct assay_span){digest, 16}, hex);
	for (; n < SHOWN_NAME_MAX && name[n] != '\0'; n++) {
		char c = name[n];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		shown[n] = c;
		if (!plain)
			shown[n] = '-';
	}
	shown[n] = '\0';
	(void)snprintf(ret_name, FILE_NAME_ROOM, "%s.%s%s", shown, hex, SUFFIX);
	return ASSAY_OK;
}

static void
mac_free(EVP_MAC_CTX **ctx)
{
	EVP_MAC_CTX_free(*ctx);
	*ctx = NULL;
}

static EVP_MAC_CTX *
mac_start(const struct cache *c)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string("digest", digest, 0),
	    OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	CLEANUP(mac_free) EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac);
	if (ctx == NULL || EVP_MAC_init(ctx, c->key, sizeof c->key, params) != 1)
		return NULL;
	return steal(&ctx);
}

static bool
mac_end(EVP_MAC_CTX *ctx, unsigned char ret_mac[MAC_SIZE])
{
	size_t n = 0;

	return EVP_MAC_final(ctx, ret_mac, &n, MAC_SIZE) == 1 && n == MAC_SIZE;
}

static enum assay_status
no_mac(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_INTERNAL, "libcrypto has no HMAC-SHA-256");
}

static enum assay_status
absent(const char *name, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_NOT_FOUND, "the cache has no '%s'", name);
}

/* Reads len bytes into to, adding them to the MAC; false when the file is shorter. */
static bool
read_into(int fd, unsigned char *to, size_t len, EVP_MAC_CTX *mac)
{
	while (len > 0) {
		size_t want = len < CHUNK ? len : CHUNK;
		ssize_t n = read(fd, to, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		if (mac != NULL && EVP_MAC_update(mac, to, (size_t)n) != 1)
			return false;
		to += n;
		len -= (size_t)n;
	}
	return true;
}

/* Room whose address is a multiple of 64. No huge pages: the kernel may compact memory for a quarter second to find them. */
static enum assay_status
make_own(size_t len, struct file_view *ret_view, struct assay_error *err)
{
	unsigned char *own = aligned_alloc(ALIGN, (len + ALIGN - 1) / ALIGN * ALIGN);

	if (own == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for %zu bytes of the cache", len);
	*ret_view = (struct file_view){.own = own, .bytes = {own, len}};
	return ASSAY_OK;
}

static enum assay_status
read_entry(struct cache *c, int fd, size_t size, struct assay_span head, const char *name,
    struct file_view *ret_view, struct assay_error *err)
{
	CLEANUP(file_view_done) struct file_view view = {.own = NULL};
	CLEANUP(mac_free) EVP_MAC_CTX *mac = mac_start(c);
	unsigned char kept[MAC_SIZE];
	unsigned char found[MAC_SIZE];
	size_t covered = size - MAC_SIZE;

	if (mac == NULL)
		return no_mac(err);
	TRY(make_own(covered, &view, err));
	if (!read_into(fd, view.own, covered, mac) || !read_into(fd, kept, sizeof kept, NULL))
		return absent(name, err);
	if (!mac_end(mac, found))
		return no_mac(err);
	if (CATCH(cache_mac, CRYPTO_memcmp(kept, found, sizeof found) != 0))
		return absent(name, err);
	if (CATCH(cache_other_entry, memcmp(view.own, head.data, head.len) != 0))
		return absent(name, err);
	*ret_view = view;
	view = (struct file_view){.own = NULL};
	return ASSAY_OK;
}

enum assay_status
cache_get(struct cache *cache, const char *name, struct assay_span key, struct file_view *ret_view,
    struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf head = BUF_INIT(HEAD_MAX);
	CLEANUP(fd_done) int fd = -1;
	char file[FILE_NAME_ROOM];
	struct file_view view;
	struct stat st;

	TRY(file_name(name, key, file, err));
	TRY(make_head(&head, name, key, 0, err));
	fd = openat(cache->dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return absent(name, err);
	uint64_t least = head.len + MAC_SIZE;
	if ((uint64_t)st.st_size < least || (uint64_t)st.st_size - least > CACHE_ENTRY_MAX)
		return absent(name, err);
	uint64_t len = (uint64_t)st.st_size - least;
	buf_reset(&head);
	TRY(make_head(&head, name, key, len, err));
	TRY(read_entry(cache, fd, (size_t)st.st_size, buf_span(&head), name, &view, err));
	*ret_bytes = (struct assay_span){view.bytes.data + head.len, (size_t)len};
	*ret_view = view;
	return ASSAY_OK;
}

struct found_file {
	char name[FILE_NAME_ROOM];
	uint64_t size;
	struct timespec when;
};

static int
older_first(const void *a, const void *b)
{
	const struct found_file *x = a;
	const struct found_file *y = b;

	if (x->when.tv_sec != y->when.tv_sec)
		return x->when.tv_sec < y->when.tv_sec ? -1 : 1;
	if (x->when.tv_nsec != y->when.tv_nsec)
		return x->when.tv_nsec < y->when.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void
dir_done(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
	*d = NULL;
}

static bool
ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t m = strlen(suffix);

	return n >= m && memcmp(name + n - m, suffix, m) == 0;
}

/* Lists the cache's own files; half-written ones that are an hour older than now are removed. */
static size_t
list_files(const struct cache *c, time_t now, struct found_file *files, size_t room)
{
	CLEANUP(fd_done) int fd = openat(c->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(dir_done) DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t count = 0;
	struct stat st;

	if (d == NULL)
		return 0;
	fd = -1; /* d's now */
	for (const struct dirent *e; count < room && (e = folder_next(d)) != NULL;) {
		bool half = strncmp(e->d_name, TEMPORARY, sizeof TEMPORARY - 1) == 0;
		if ((!half && !ends_with(e->d_name, SUFFIX)) || strlen(e->d_name) >= FILE_NAME_ROOM)
			continue;
		if (fstatat(c->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		if (half && st.st_mtim.tv_sec < now - ABANDONED_SECONDS) {
			(void)unlinkat(c->dir, e->d_name, 0);
			continue;
		}
		if (half)
			continue;
		memcpy(files[count].name, e->d_name, strlen(e->d_name) + 1);
		files[count].size = (uint64_t)st.st_size;
		files[count++].when = st.st_mtim;
	}
	return count;
}

static void
free_files(struct found_file **files)
{
	free(*files);
}

/* Others may write there too: so a part of what is free is taken for ours, and the rest is looked at again. */
static void
set_room(struct cache *c, uint64_t total)
{
	c->room = total < c->total_max ? (c->total_max - total) / 8 : 0;
}

/* Removes the oldest entries but for kept until the rest is within bounds. Best effort: a cache too
 * big is still right. */
static void
make_room(struct cache *c, const char *kept, uint64_t put)
{
	uint64_t total = 0;
	struct stat st;

	for (uint64_t room = c->room; put <= room;) {
		if (atomic_compare_exchange_weak(&c->room, &room, room - put))
			return;
	}
	CLEANUP(free_files) struct found_file *files = calloc(SCAN_MAX, sizeof *files);

	/* The entry just written tells the folder's time, which may not be this machine's. */
	if (files == NULL || fstatat(c->dir, kept, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	size_t count = list_files(c, st.st_mtim.tv_sec, files, SCAN_MAX);
	for (size_t i = 0; i < count; i++)
		total += files[i].size;
	set_room(c, total);
	if (total <= c->total_max)
		return;
	qsort(files, count, sizeof *files, older_first);
	/* A little more than has to go, or the next entry would be one too many again. */
	const uint64_t aim = c->total_max - c->total_max / 8;
	for (size_t i = 0; i < count && total > aim; i++) {
		if (strcmp(files[i].name, kept) != 0 && unlinkat(c->dir, files[i].name, 0) == 0)
			total -= files[i].size;
	}
	set_room(c, total);
}

static enum assay_status
write_entry(const struct cache *c, int fd, struct assay_span head, struct assay_span bytes,
    struct assay_error *err)
{
	CLEANUP(mac_free) EVP_MAC_CTX *ctx = mac_start(c);
	unsigned char mac[MAC_SIZE];

	if (ctx == NULL || EVP_MAC_update(ctx, head.data, head.len) != 1 ||
	    EVP_MAC_update(ctx, bytes.data, bytes.len) != 1 || !mac_end(ctx, mac))
		return no_mac(err);
	TRY(file_write_all(fd, head, err));
	TRY(file_write_all(fd, bytes, err));
	return file_write_all(fd, (struct assay_span){mac, sizeof mac}, err);
}

enum assay_status
cache_put(struct cache *cache, const char *name, struct assay_span key, struct assay_span bytes,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf head = BUF_INIT(HEAD_MAX);
	CLEANUP(fd_done) int fd = -1;
	char file[FILE_NAME_ROOM];
	char temporary[FILE_NAME_ROOM];
	unsigned char random[8];
	char hex[17];

	if (bytes.len > CACHE_ENTRY_MAX)
		return assay_fail(err, ASSAY_E_LIMIT,
		    "%zu bytes of '%s' are too many for the cache", bytes.len, name);
	TRY(file_name(name, key, file, err));
	TRY(make_head(&head, name, key, bytes.len, err));
	if (RAND_bytes(random, sizeof random) != 1)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto has no random numbers");
	text_hex((struct assay_span){random, sizeof random}, hex);
	(void)snprintf(temporary, sizeof temporary, TEMPORARY "%s", hex);
	fd = openat(
	    cache->dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the cache folder can't be written to: %s",
		    text_errno(errno));
	enum assay_status status = write_entry(cache, fd, buf_span(&head), bytes, err);
	if (status == ASSAY_OK && renameat(cache->dir, temporary, cache->dir, file) != 0)
		status =
		    assay_fail(err, ASSAY_E_SYSTEM, "cache entry '%s': %s", name, text_errno(errno));
	if (status != ASSAY_OK)
		(void)unlinkat(cache->dir, temporary, 0);
	else
		make_room(cache, file, buf_span(&head).len + bytes.len + MAC_SIZE);
	return status;
}
