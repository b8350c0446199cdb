/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codes, in words for whoever stands before the machine. Names never change once shipped.
 */
#include <assay/release.h>

static const struct row {
	const char *name;
	const char *text;
	const char *todo;
} rows[ASSAY_RELEASE_CODES] = {
	[ASSAY_RELEASE_OK] = { "intact", "nothing is wrong", "nothing" },
	[ASSAY_RELEASE_NO_SEAL] = { "no-seal", "the seal is not there, or not all of it",
		"copy the whole delivery again; ask the maker for the seal if it came without" },
	[ASSAY_RELEASE_BAD_METADATA] = { "bad-metadata", "a file of the seal is not what it should be",
		"copy the delivery again; if it stays so, don't install it and call the maker" },
	[ASSAY_RELEASE_FOREIGN_ROOT] = { "foreign-root", "the seal is not the maker's: it begins with another root than you were told of",
		"don't install it; compare the fingerprint with the one in the instructions for use, and call the maker" },
	[ASSAY_RELEASE_ROOT_CHAIN] = { "root-chain", "a root of the seal is vouched for by none before it",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_NO_AUTHORITY] = { "no-authority", "who may release is not settled by the maker's root",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_AUTHORITY_OLDER] = { "authority-older", "the seal says who may release as it was before, not as it is known to be now",
		"get a newer delivery from the maker" },
	[ASSAY_RELEASE_UNSIGNED] = { "unsigned", "nobody signed the release", "don't install it; call the maker" },
	[ASSAY_RELEASE_BAD_SIGNATURE] = { "bad-signature", "a signature of the release does not hold",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_UNKNOWN_KEY] = { "unknown-key", "the release is signed with a key that may not release",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_REVOKED_KEY] = { "revoked-key", "the release is signed with a key that was revoked",
		"don't install it; get a newer delivery from the maker" },
	[ASSAY_RELEASE_SAME_PERSON] = { "same-person", "one person signed more than once, and others are missing",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_TOO_FEW_KEYS] = { "too-few-keys", "fewer people signed the release than have to",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_EXPIRED] = { "expired", "the seal is too old to be installed by", "get a newer delivery from the maker" },
	[ASSAY_RELEASE_WRONG_PRODUCT] = { "wrong-product", "the release is of another product",
		"look which product this machine is, and take its release" },
	[ASSAY_RELEASE_LOWER_VERSION] = { "lower-version", "the release is older than what was installed here",
		"install a newer one; to go back, ask the maker for an authorised rollback" },
	[ASSAY_RELEASE_LOWER_COUNTER] = { "lower-counter", "the release's security counter is lower than what was installed here",
		"install a newer one; to go back, ask the maker for an authorised rollback" },
	[ASSAY_RELEASE_SAME_NUMBER] = { "same-number", "it is another release under the number of the one that is installed",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_ROLLBACK_OTHER] = { "rollback-other", "a rollback is authorised, but not this one",
		"ask the maker for an authorisation of just this step" },
	[ASSAY_RELEASE_ROLLBACK_EXPIRED] = { "rollback-expired", "the authorisation to go back has expired",
		"ask the maker for a new one" },
	[ASSAY_RELEASE_ROLLBACK_USED] = { "rollback-used", "the authorisation to go back was made use of before",
		"ask the maker for a new one" },
	[ASSAY_RELEASE_CLOCK_SET_BACK] = { "clock-set-back", "the clock is earlier than it was seen before",
		"set the clock right, then check again; if it was wrong before, begin a new state folder (--root, --install)" },
	[ASSAY_RELEASE_MANIFEST_CHANGED] = { "manifest-changed", "the list of files is not the one that was signed",
		"copy the delivery again; if it stays so, don't install it and call the maker" },
	[ASSAY_RELEASE_TARGET_CHANGED] = { "target-changed", "a document of the seal is not the one that was signed",
		"copy the delivery again; if it stays so, don't install it and call the maker" },
	[ASSAY_RELEASE_BAD_MANIFEST] = { "bad-manifest", "the list of files was signed and is not of the form that it has to be",
		"don't install it; call the maker" },
	[ASSAY_RELEASE_SEAL_EXTRA] = { "seal-extra", "something lies in the seal that nobody signed",
		"take it out and check again; ask where it came from" },
	[ASSAY_RELEASE_MISSING] = { "missing", "is not there", "copy or install it again" },
	[ASSAY_RELEASE_EXTRA] = { "extra", "does not belong to the release", "find out who put it there; don't run it" },
	[ASSAY_RELEASE_TYPE] = { "type", "is of another kind: a link, a folder or a file in another's place",
		"copy or install it again; find out who changed it" },
	[ASSAY_RELEASE_MODE] = { "mode", "has other permissions", "find out who changed them; set them as the release has them" },
	[ASSAY_RELEASE_SIZE] = { "size", "has another size", "don't run it; copy or install it again" },
	[ASSAY_RELEASE_CHANGED] = { "changed", "was altered", "don't run it; copy or install it again" },
	[ASSAY_RELEASE_DIGESTS] = { "digests-disagree", "one of its two digests is right and the other one is not",
		"don't run it; call the maker" },
	[ASSAY_RELEASE_LINK] = { "link", "leads elsewhere", "don't follow it; copy or install it again" },
	[ASSAY_RELEASE_CAPABILITIES] = { "capabilities", "has other capabilities",
		"find out who changed them; set them as the release has them" },
	[ASSAY_RELEASE_WHILE_READ] = { "changed-while-read", "changed while it was looked at",
		"stop what writes there, then check again" },
	[ASSAY_RELEASE_UNREADABLE] = { "unreadable", "could not be read", "check again as a user who may read it" },
	[ASSAY_RELEASE_NOTHING] = { "nothing-checked", "no file was looked at, so nothing can be said",
		"name the folder of the release" },
};

static const struct row *
row_of(enum assay_release_code code)
{
	static const struct row none = { "unknown", "something is wrong that has no name", "call the maker" };
	const size_t at = (size_t)code;
	return at < ASSAY_RELEASE_CODES && rows[at].name != NULL ? &rows[at] : &none;
}

const char *
assay_release_code_name(enum assay_release_code code)
{
	return row_of(code)->name;
}

const char *
assay_release_code_text(enum assay_release_code code)
{
	return row_of(code)->text;
}

const char *
assay_release_code_todo(enum assay_release_code code)
{
	return row_of(code)->todo;
}
