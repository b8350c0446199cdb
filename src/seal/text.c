/* SPDX-License-Identifier: Apache-2.0 */
/* What text says: one row a kind, with the lines by which it is known. */
#include "look.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>
#include <codec/yaml.h>

#define SCRATCH_MAX (128u << 20)
#define LINES_MAX 20000u

struct line {
	const char *at;
	size_t len;
};

/* Without blanks at both ends; false at the end. */
static bool
next_line(struct assay_span *rest, struct line *ret_line)
{
	if (rest->len == 0)
		return false;
	const unsigned char *end = memchr(rest->data, '\n', rest->len);
	size_t len = end == NULL ? rest->len : (size_t)(end - rest->data), from = 0;
	const size_t used = end == NULL ? len : len + 1;
	while (from < len && (rest->data[from] == ' ' || rest->data[from] == '\t'))
		from++;
	while (len > from && (rest->data[len - 1] == ' ' || rest->data[len - 1] == '\t' || rest->data[len - 1] == '\r'))
		len--;
	*ret_line = (struct line){ (const char *)rest->data + from, len - from };
	*rest = (struct assay_span){ rest->data + used, rest->len - used };
	return true;
}

static bool
begins(struct line l, const char *with)
{
	const size_t len = strlen(with);
	return l.len >= len && memcmp(l.at, with, len) == 0;
}

static bool
is(struct line l, const char *text)
{
	return l.len == strlen(text) && begins(l, text);
}

static bool
holds(struct line l, const char *text)
{
	return memmem(l.at, l.len, text, strlen(text)) != NULL;
}

static bool
is_unit(struct line l)
{
	static const char *const sections[] = { "[Unit]", "[Service]", "[Socket]", "[Timer]", "[Mount]", "[Automount]", "[Swap]", "[Path]",
		"[Slice]", "[Scope]" };
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
		if (is(l, sections[i]))
			return true;
	}
	return false;
}

static bool
is_timer(struct line l)
{
	return is(l, "[Timer]");
}

/* One of a job's five times, and the blanks behind it; 0 when it is none. */
static size_t
time_field(struct line l, size_t from)
{
	size_t i = from;
	while (i < l.len && l.at[i] != '\0' && strchr("0123456789*,/-", l.at[i]) != NULL)
		i++;
	const bool star = memchr(l.at + from, '*', i - from) != NULL;
	if (i == from || i == l.len || (!star && i - from > 11))
		return 0;
	const size_t blank = i;
	while (i < l.len && (l.at[i] == ' ' || l.at[i] == '\t'))
		i++;
	return i == blank ? 0 : i;
}

/* Five fields of times and a command; or @reboot and its like. */
static bool
is_job(struct line l)
{
	static const char *const names[] = { "@reboot ", "@yearly ", "@annually ", "@monthly ", "@weekly ", "@daily ", "@midnight ", "@hourly " };
	size_t at = 0;
	for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
		if (begins(l, names[k]))
			return true;
	}
	for (int field = 0; field < 5; field++) {
		at = time_field(l, at);
		if (at == 0)
			return false;
	}
	char c = '\0';
	if (at < l.len)
		c = text_lower(l.at[at]);
	return memchr(l.at, '*', l.len) != NULL && ((c >= 'a' && c <= 'z') || c == '/' || c == '.' || c == '[');
}

static bool
is_sudoers(struct line l)
{
	return l.len > 0 && l.at[0] != '#' && (holds(l, "ALL=(ALL") || holds(l, "ALL = (ALL") || holds(l, "NOPASSWD:") || begins(l, "Defaults env_"));
}

static bool
is_public(struct line l)
{
	return holds(l, "ssh-ed25519 AAAA") || holds(l, "ssh-rsa AAAA") || holds(l, "ecdsa-sha2-nistp") || begins(l, "-----BEGIN PUBLIC KEY")
	    || begins(l, "-----BEGIN RSA PUBLIC KEY") || begins(l, "-----BEGIN PGP PUBLIC KEY") || begins(l, "untrusted comment: minisign public");
}

static bool
is_certificate(struct line l)
{
	return begins(l, "-----BEGIN CERTIFICATE-----") || begins(l, "-----BEGIN TRUSTED CERTIFICATE") || begins(l, "-----BEGIN PKCS7")
	    || begins(l, "-----BEGIN X509 C");
}

/* PEM of every name, PGP, OpenSSH; PuTTY; age. */
static bool
is_private(struct line l)
{
	return (begins(l, "-----BEGIN ") && holds(l, "PRIVATE KEY")) || begins(l, "PuTTY-User-Key-File-") || begins(l, "AGE-SECRET-KEY-")
	    || begins(l, "untrusted comment: minisign encrypted secret") || begins(l, "untrusted comment: signify secret key");
}

static bool
is_php(struct line l)
{
	return holds(l, "<?php") || holds(l, "<?=");
}

static bool
is_function(struct line l)
{
	size_t i = 0;
	while (i < l.len && (l.at[i] == '_' || l.at[i] == '-' || (text_lower(l.at[i]) >= 'a' && text_lower(l.at[i]) <= 'z')
	    || (i > 0 && l.at[i] >= '0' && l.at[i] <= '9')))
		i++;
	const struct line rest = { l.at + i, l.len - i };
	return i > 0 && (is(rest, "() {") || is(rest, "(){") || is(rest, "()"));
}

static bool
is_shell(struct line l)
{
	return is(l, "fi") || is(l, "esac") || is(l, "done") || begins(l, "export ") || begins(l, "# shellcheck shell=");
}

static bool
is_sql(struct line l)
{
	static const char *const starts[] = { "CREATE TABLE ", "create table ", "INSERT INTO ", "insert into ", "ALTER TABLE ", "GRANT " };
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		if (begins(l, starts[i]))
			return true;
	}
	return false;
}

static const struct {
	enum seal_kind kind;
	bool (*test)(struct line l);
} lines[] = {
	{ SEAL_SYSTEMD_UNIT, is_unit },
	{ SEAL_SCHEDULED_JOB, is_timer },
	{ SEAL_SCHEDULED_JOB, is_job },
	{ SEAL_SUDOERS, is_sudoers },
	{ SEAL_PUBLIC_KEY, is_public },
	{ SEAL_CERTIFICATE, is_certificate },
	{ SEAL_PRIVATE_KEY, is_private },
	{ SEAL_PHP, is_php },
	{ SEAL_SQL, is_sql },
};

static bool
is_part(char c)
{
	return c == '_' || c == '-' || c == '.' || (text_lower(c) >= 'a' && text_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* Words of commands by which installers take from elsewhere. Each stands alone, whatever path is before it. */
static bool
fetches(struct line l)
{
	static const char *const words[] = { "curl", "wget", "ftpget", "tftp", "scp", "rsync", "aria2c", "git clone", "git fetch", "pip install",
		"pip3 install", "apt-get install", "apt install", "apk add", "opkg install", "dnf install", "yum install", "npm install", "npm ci",
		"gem install", "docker pull", "podman pull", "skopeo copy", "urlopen", "urlretrieve", "requests.get", "Invoke-WebRequest" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const size_t len = strlen(words[i]);
		for (size_t at = 0; at + len <= l.len; at++) {
			const char *hit = memmem(l.at + at, l.len - at, words[i], len);
			if (hit == NULL)
				break;
			at = (size_t)(hit - l.at);
			const bool starts = at == 0 || !is_part(l.at[at - 1]), ends = at + len == l.len || !is_part(l.at[at + len]);
			if (starts && ends)
				return true;
		}
	}
	return false;
}

static void
look_line(struct look *l, struct line line)
{
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (lines[i].test(line))
			look_set(l, lines[i].kind, SEAL_BY_BYTES);
	}
}

static bool
is_comment(struct line l)
{
	return l.len == 0 || l.at[0] == '#' || l.at[0] == ';';
}

/* What lines say together. */
struct gathered {
	bool function, shell;
	bool begun, section, setting; /* the first line that counts was read; it is a section's name; one sets something */
	bool fetch;
};

static void
gather(struct gathered *g, struct line line)
{
	g->function = g->function || is_function(line);
	g->shell = g->shell || is_shell(line);
	if (is_comment(line))
		return;
	g->fetch = g->fetch || fetches(line);
	if (!g->begun)
		g->section = line.at[0] == '[' && line.at[line.len - 1] == ']';
	g->begun = true;
	g->setting = g->setting || memchr(line.at, '=', line.len) != NULL;
}

static void
look_lines(struct look *l)
{
	struct assay_span rest = l->head;
	struct line line;
	struct gathered g = { .begun = false };
	for (unsigned n = 0; n < LINES_MAX && next_line(&rest, &line); n++) {
		look_line(l, line);
		gather(&g, line);
	}
	if (g.section && g.setting)
		look_set(l, SEAL_INI, SEAL_BY_BYTES);
	if (g.function && g.shell && l->out->kinds[SEAL_SCRIPT] == SEAL_NOT)
		look_set(l, SEAL_SHELL_LIBRARY, SEAL_BY_BYTES);
	const bool runs = seal_is(l->out, SEAL_GROUP_CODE) || seal_is(l->out, SEAL_GROUP_STARTS) || (l->file->mode & 0111) != 0;
	l->out->marks[SEAL_MARK_FETCHES] = g.fetch && runs;
}

/* What it is when it is said to be of a format, and may be larger than what is read. */
static enum seal_known
parsed(const struct look *l, enum assay_status status)
{
	if (status == ASSAY_OK)
		return SEAL_BY_BYTES;
	return status == ASSAY_E_LIMIT || status == ASSAY_E_MEMORY || l->head.len < l->bytes.len || l->bytes.len < l->file->size ? SEAL_CUT : SEAL_LYING;
}

/* RFC 7517: a key with its private part, alone or in a set. */
static bool
holds_key(const struct jsontree *root)
{
	const struct jsontree *keys = jsontree_get(root, "keys");
	const struct jsontree *key = keys != NULL && keys->kind == JSONTREE_ARRAY ? keys->first : root;
	for (; key != NULL; key = key->next) {
		if (jsontree_str(key, "kty") != NULL && (jsontree_str(key, "d") != NULL || jsontree_str(key, "k") != NULL))
			return true;
	}
	return false;
}

static void
look_json(struct look *l)
{
	const bool named = l->out->kinds[SEAL_JSON] != SEAL_NOT;
	size_t i = 0;
	while (i < l->head.len && strchr(" \t\r\n", l->head.data[i]) != NULL)
		i++;
	const unsigned char c = i < l->head.len ? l->head.data[i] : 0;
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct jsontree *root = NULL;
	if ((c != '{' && c != '[') || arena_new(SCRATCH_MAX, &scratch) != ASSAY_OK)
		return;
	const enum seal_known known = parsed(l, jsontree_parse(l->head, "", scratch, &root, NULL));
	if (known == SEAL_BY_BYTES || named)
		look_set(l, SEAL_JSON, known);
	if (known == SEAL_BY_BYTES && holds_key(root))
		look_set(l, SEAL_PRIVATE_KEY, SEAL_BY_BYTES);
}

static void
look_yaml(struct look *l)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct yaml_node *root = NULL;
	if (l->out->kinds[SEAL_YAML] == SEAL_NOT || arena_new(SCRATCH_MAX, &scratch) != ASSAY_OK)
		return;
	look_set(l, SEAL_YAML, parsed(l, yaml_parse_loose(l->head, "", scratch, &root, NULL)));
}

static void
look_markup(struct look *l)
{
	static const struct {
		const char *begin;
		enum seal_kind kind;
	} rows[] = { { "<?xml", SEAL_XML }, { "<!doctype html", SEAL_HTML }, { "<html", SEAL_HTML }, { "<script", SEAL_HTML }, { "<svg", SEAL_XML } };
	struct assay_span rest = l->head;
	struct line line = { "", 0 };
	while (line.len == 0 && next_line(&rest, &line))
		;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const size_t len = strlen(rows[i].begin);
		if (line.len >= len && strncasecmp(line.at, rows[i].begin, len) == 0)
			look_set(l, rows[i].kind, SEAL_BY_BYTES);
	}
}

void
look_text(struct look *l)
{
	if (!l->text)
		return;
	look_lines(l);
	look_json(l);
	look_yaml(l);
	look_markup(l);
}
