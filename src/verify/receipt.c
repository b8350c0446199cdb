/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <assay/sshsig.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <verify/receipt.h>

#define SIGNATURE_ROOM 16384

const char *
verify_site_fault(const char *site)
{
	const size_t len = strlen(site);
	if (len > VERIFY_SITE_MAX)
		return "it is longer than 128 bytes";
	if (len > 0 && !text_is_utf8(assay_span_str(site)))
		return "it isn't UTF-8";
	if (strpbrk(site, "\"\\") != NULL)
		return "it has a quotation mark or a backslash";
	CLEANUP(buf_done) struct buf shown = BUF_INIT((size_t)16 * VERIFY_SITE_MAX);
	text_escape(&shown, assay_span_str(site), false);
	return strcmp(buf_str(&shown), site) == 0 ? NULL : "it has a character that controls what is shown, or shows nothing";
}

void
verify_receipt_make(const struct verify_result *r, const char *site, int64_t at, struct verify_receipt *ret_receipt)
{
	struct verify_receipt x = { .format = VERIFY_RECEIPT_VERSION, .at = at, .outcome = r->outcome, .has_release = r->has_release, .number = r->number,
		.counter = r->counter, .checked = r->checked, .digests = r->digests, .installing = r->installing };
	memcpy(x.counts, r->counts, sizeof x.counts);
	memcpy(x.root, r->root, sizeof x.root);
	if (r->has_release) {
		memcpy(x.product, r->product, sizeof x.product);
		memcpy(x.version, r->version, sizeof x.version);
		memcpy(x.release, r->release, sizeof x.release);
		memcpy(x.manifest, r->manifest, sizeof x.manifest);
	}
	text_put(x.site, sizeof x.site, "%s", site == NULL ? "" : site);
	*ret_receipt = x;
}

/* ---- writing: members in the order of their names ---- */

/* The codes in the order of their names, as canonical JSON has them. */
static void
write_codes(const struct verify_receipt *x, struct buf *out)
{
	const char *last = "";
	for (size_t n = 0; n < ASSAY_RELEASE_CODES; n++) {
		const char *next = NULL;
		uint64_t count = 0;
		for (size_t i = 1; i < ASSAY_RELEASE_CODES; i++) {
			const char *name = assay_release_code_name((enum assay_release_code)i);
			if (x->counts[i] == 0 || strcmp(name, last) <= 0 || (next != NULL && strcmp(name, next) >= 0))
				continue;
			next = name;
			count = x->counts[i];
		}
		if (next == NULL)
			break;
		buf_addf(out, "%s\"%s\":%" PRIu64, *last == '\0' ? "" : ",", next, count);
		last = next;
	}
}

enum assay_status
verify_receipt_write(const struct verify_receipt *x, struct buf *out, struct assay_error *err)
{
	char when[WHEN_TEXT_SIZE];
	when_format(x->at, when);
	buf_addf(out, "{\"assay-receipt\":%u,\"at\":\"%s\",\"bytes\":%" PRIu64 ",\"codes\":{", x->format, when, x->checked.bytes);
	write_codes(x, out);
	buf_addf(out, "},\"counter\":%" PRIu64, x->counter);
	if (x->format == VERIFY_RECEIPT_VERSION)
		buf_addf(out, ",\"digests\":\"%s\"", verify_digests_name(x->digests));
	buf_addf(out, ",\"files\":%" PRIu64 ",\"folders\":%" PRIu64, x->checked.files, x->checked.folders);
	buf_addf(out, ",\"freshness\":\"not-established\",\"installing\":%s,\"links\":%" PRIu64 ",\"manifest\":\"%s\"",
	    x->installing ? "true" : "false", x->checked.links, x->manifest);
	buf_addf(out, ",\"number\":%" PRIu64 ",\"outcome\":\"%s\",\"product\":\"%s\",\"release\":\"%s\"", x->number,
	    verify_outcome_name(x->outcome), x->product, x->release);
	buf_addf(out, ",\"root\":\"%s\",\"site\":\"%s\",\"version\":\"%s\",\"why-not-fresh\":\"nothing was asked that could know of a newer release\"}\n",
	    x->root, x->site, x->version);
	return buf_status(out, "a receipt", err);
}

/* ---- reading ---- */

static void
read_codes(struct scan *in, struct verify_receipt *x)
{
	for (size_t n = 0; n < ASSAY_RELEASE_CODES && !in->failed && (n == 0 ? scan_maybe(in, "\"") : scan_maybe(in, ",\"")); n++) {
		char name[64];
		bool found = false;
		scan_word(in, name, sizeof name);
		scan_exact(in, "\":");
		const uint64_t count = scan_number(in);
		for (size_t i = 1; i < ASSAY_RELEASE_CODES; i++) {
			if (strcmp(assay_release_code_name((enum assay_release_code)i), name) != 0)
				continue;
			x->counts[i] = count;
			found = true;
		}
		in->failed = in->failed || !found;
	}
}

static void
read_outcome(struct scan *in, struct verify_receipt *x)
{
	if (scan_maybe(in, "intact"))
		x->outcome = VERIFY_INTACT;
	else if (scan_maybe(in, "not-evaluated"))
		x->outcome = VERIFY_NOT_EVALUATED;
	else
		scan_exact(in, "not-intact");
}

static void
read_digests(struct scan *in, struct verify_receipt *x)
{
	scan_exact(in, ",\"digests\":\"");
	if (scan_maybe(in, "both"))
		x->digests = VERIFY_DIGESTS_BOTH;
	else if (scan_maybe(in, "sha256"))
		x->digests = VERIFY_DIGESTS_SHA256;
	else
		scan_exact(in, "none");
	scan_exact(in, "\"");
}

static void
read_rest(struct scan *in, struct verify_receipt *x)
{
	scan_exact(in, "},\"counter\":");
	x->counter = scan_number(in);
	if (x->format == VERIFY_RECEIPT_VERSION)
		read_digests(in, x);
	scan_exact(in, ",\"files\":");
	x->checked.files = scan_number(in);
	scan_exact(in, ",\"folders\":");
	x->checked.folders = scan_number(in);
	scan_exact(in, ",\"freshness\":\"not-established\",\"installing\":");
	x->installing = scan_maybe(in, "true");
	if (!x->installing)
		scan_exact(in, "false");
	scan_exact(in, ",\"links\":");
	x->checked.links = scan_number(in);
	scan_exact(in, ",\"manifest\":\"");
	scan_hex(in, x->manifest, sizeof x->manifest - 1, true);
	scan_exact(in, "\",\"number\":");
	x->number = scan_number(in);
	scan_exact(in, ",\"outcome\":\"");
	read_outcome(in, x);
	scan_exact(in, "\",\"product\":\"");
	scan_word(in, x->product, sizeof x->product);
	scan_exact(in, "\",\"release\":\"");
	scan_hex(in, x->release, sizeof x->release - 1, true);
	scan_exact(in, "\",\"root\":\"");
	scan_hex(in, x->root, sizeof x->root - 1, false);
	scan_exact(in, "\",\"site\":\"");
	scan_word(in, x->site, sizeof x->site);
	scan_exact(in, "\",\"version\":\"");
	scan_word(in, x->version, sizeof x->version);
	scan_exact(in, "\",\"why-not-fresh\":\"nothing was asked that could know of a newer release\"}\n");
}

enum assay_status
verify_receipt_read(struct assay_span bytes, struct verify_receipt *ret_receipt, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf again = BUF_INIT(VERIFY_RECEIPT_MAX);
	struct verify_receipt x = { 0 };
	struct scan in = { .left = bytes };
	char when[WHEN_TEXT_SIZE];
	if (bytes.len > VERIFY_RECEIPT_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a receipt has at most %d bytes", VERIFY_RECEIPT_MAX);
	scan_exact(&in, "{\"assay-receipt\":");
	const uint64_t format = scan_number(&in);
	x.format = format == VERIFY_RECEIPT_VERSION ? VERIFY_RECEIPT_VERSION : VERIFY_RECEIPT_VERSION_BEFORE;
	if (!in.failed && format != x.format)
		return assay_fail(err, ASSAY_E_VERSION, "the receipt was written by a later version");
	scan_exact(&in, ",\"at\":\"");
	scan_word(&in, when, sizeof when);
	scan_exact(&in, "\",\"bytes\":");
	x.checked.bytes = scan_number(&in);
	scan_exact(&in, ",\"codes\":{");
	read_codes(&in, &x);
	read_rest(&in, &x);
	x.has_release = x.product[0] != '\0';
	if (!scan_at_end(&in) || when_parse(assay_span_str(when), &x.at, NULL) != ASSAY_OK || verify_site_fault(x.site) != NULL
	    || verify_receipt_write(&x, &again, NULL) != ASSAY_OK || !assay_span_equal(buf_span(&again), bytes))
		return assay_fail(err, ASSAY_E_FORMAT, "this is no receipt, or it was altered");
	*ret_receipt = x;
	return ASSAY_OK;
}

enum assay_status
verify_receipt_signed(struct assay_span receipt, struct assay_span armored, struct assay_span key, struct assay_error *err)
{
	unsigned char room[SIGNATURE_ROOM];
	struct assay_sshsig sig;
	size_t len = 0;
	TRY(assay_sshsig_dearmor(armored, room, sizeof room, &len, err));
	TRY(assay_sshsig_parse((struct assay_span){ room, len }, &sig, err));
	if (sig.by_certificate || !assay_span_equal(sig.key.blob, key))
		return assay_fail(err, ASSAY_E_VERIFY, "the receipt is signed with another key");
	return assay_sshsig_verify(&sig, receipt, VERIFY_RECEIPT_NAMESPACE, NULL, err);
}
