/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/attacks.h>

#include <string.h>

#define TREE(name, need, target, words, ...) { name, words, ATTACK_ON_TREE, need, target, { __VA_ARGS__ } }
#define SEAL(name, need, target, words, ...) { name, words, ATTACK_ON_SEAL, need, target, { __VA_ARGS__ } }
#define KEYS(name, need, target, words, ...) { name, words, ATTACK_ON_KEYS, need, target, { __VA_ARGS__ } }
#define ROOT(name, need, target, words, ...) { name, words, ATTACK_ON_ROOT, need, target, { __VA_ARGS__ } }
#define PAST(name, need, target, words, ...) { name, words, ATTACK_ON_PAST, need, target, { __VA_ARGS__ } }
#define CODE(c) ASSAY_RELEASE_##c

const struct attack attacks[] = {
	TREE("bit-at-the-beginning", ATTACK_ALWAYS, TARGET_MUST, "a bit at the beginning of a file is turned", CODE(CHANGED)),
	TREE("bit-in-the-middle", ATTACK_ALWAYS, TARGET_MUST, "a bit in the middle of a file is turned", CODE(CHANGED)),
	TREE("bit-at-the-end", ATTACK_ALWAYS, TARGET_MUST, "the last bit of a file is turned", CODE(CHANGED)),
	TREE("bit-in-an-executable", ATTACK_EXECUTABLES, TARGET_MUST, "a bit of a program is turned", CODE(CHANGED)),
	TREE("file-replaced", ATTACK_ALWAYS, TARGET_MUST, "a file is replaced by one of the same size", CODE(CHANGED)),
	TREE("files-swapped", ATTACK_TREE | ATTACK_FILES, TARGET_MUST, "two files change places", CODE(CHANGED), CODE(SIZE)),
	TREE("file-truncated", ATTACK_ALWAYS, TARGET_MUST, "a file loses its last byte", CODE(SIZE), CODE(CHANGED)),
	TREE("file-emptied", ATTACK_ALWAYS, TARGET_MUST, "a file is emptied", CODE(SIZE), CODE(CHANGED)),
	TREE("file-grown", ATTACK_ALWAYS, TARGET_MUST, "a byte is added to a file", CODE(SIZE), CODE(CHANGED)),
	TREE("file-grown-while-read", ATTACK_ALWAYS, TARGET_MUST, "a file grows while it is read",
	    CODE(WHILE_READ), CODE(SIZE), CODE(CHANGED)),
	TREE("file-removed", ATTACK_TREE, TARGET_MUST, "a file is removed", CODE(MISSING)),
	TREE("file-renamed", ATTACK_TREE, TARGET_MUST, "a file gets another name", CODE(MISSING), CODE(EXTRA)),
	TREE("file-added", ATTACK_TREE, TARGET_MUST, "a file is added", CODE(EXTRA)),
	TREE("hidden-file-added", ATTACK_TREE, TARGET_MUST, "a file is added whose name begins with a dot", CODE(EXTRA)),
	TREE("program-added", ATTACK_TREE, TARGET_MUST, "a program is added", CODE(EXTRA)),
	TREE("link-added", ATTACK_TREE, TARGET_MUST, "a link is added", CODE(EXTRA)),
	TREE("folder-added", ATTACK_TREE, TARGET_MAY, "an empty folder is added", CODE(EXTRA)),
	TREE("folder-removed", ATTACK_FOLDERS, TARGET_MUST, "a folder is removed with what it holds", CODE(MISSING)),
	TREE("folder-mode", ATTACK_FOLDERS, TARGET_MUST, "a folder may be written by anybody", CODE(MODE)),
	TREE("mode-set-user-id", ATTACK_TREE, TARGET_MUST, "a file gets its owner's rights", CODE(MODE)),
	TREE("mode-world-writable", ATTACK_TREE, TARGET_MUST, "a file may be written by anybody", CODE(MODE)),
	TREE("mode-not-executable", ATTACK_TREE | ATTACK_EXECUTABLES, TARGET_MUST, "a program may not be run any more", CODE(MODE)),
	TREE("file-becomes-link", ATTACK_TREE, TARGET_MUST, "a file becomes a link to its own copy elsewhere", CODE(TYPE)),
	TREE("file-becomes-folder", ATTACK_TREE, TARGET_MUST, "a file becomes a folder", CODE(TYPE)),
	TREE("file-becomes-fifo", ATTACK_TREE, TARGET_MUST, "a file becomes a pipe, which would make a reader wait", CODE(TYPE)),
	TREE("folder-becomes-link", ATTACK_OPTIONAL, TARGET_MUST, "a folder becomes a link to its own copy elsewhere",
	    CODE(TYPE), CODE(MISSING)),
	TREE("release-becomes-file", ATTACK_OPTIONAL, TARGET_MAY, "a release that is a folder becomes one of its files", CODE(TYPE)),
	TREE("capability-added", ATTACK_OPTIONAL, TARGET_MAY, "a file is given a capability", CODE(CAPABILITIES)),
	TREE("made-unreadable", ATTACK_OPTIONAL, TARGET_MAY, "a file or folder may not be read by whoever looks at it", CODE(UNREADABLE)),
	TREE("link-turned", ATTACK_LINKS, TARGET_MUST, "a link leads elsewhere", CODE(LINK)),
	TREE("link-becomes-file", ATTACK_LINKS, TARGET_MUST, "a link becomes a copy of what it led to", CODE(TYPE)),
	TREE("link-removed", ATTACK_LINKS, TARGET_MUST, "a link is removed", CODE(MISSING)),
	TREE("tree-emptied", ATTACK_ALWAYS, TARGET_MUST, "nothing is left of the release", CODE(MISSING), CODE(NOTHING)),
	SEAL("seal-removed", ATTACK_ALWAYS, TARGET_MUST, "the seal is gone", CODE(NO_SEAL)),
	SEAL("seal-file-removed", ATTACK_ALWAYS, TARGET_MUST, "a file of the seal is gone", CODE(NO_SEAL)),
	SEAL("seal-file-added", ATTACK_ALWAYS, TARGET_MAY, "a file is laid into the seal", CODE(SEAL_EXTRA)),
	SEAL("seal-file-edited", ATTACK_ALWAYS, TARGET_MAY, "a file that the release names is edited, or gone",
	    CODE(TARGET_CHANGED), CODE(MANIFEST_CHANGED), CODE(NO_SEAL)),
	SEAL("metadata-cut", ATTACK_ALWAYS, TARGET_MUST, "release.json ends in its middle", CODE(BAD_METADATA)),
	SEAL("metadata-filled-up", ATTACK_ALWAYS, TARGET_MAY, "release.json is filled up beyond its largest size", CODE(BAD_METADATA)),
	SEAL("metadata-edited", ATTACK_ALWAYS, TARGET_MUST, "the signed part of release.json is edited", CODE(BAD_SIGNATURE)),
	SEAL("manifest-edited", ATTACK_ALWAYS, TARGET_MUST, "the manifest is edited", CODE(MANIFEST_CHANGED)),
	SEAL("manifest-edited-and-signed-by-one", ATTACK_ALWAYS, TARGET_MUST, "the manifest is edited and signed again by one of those who must",
	    CODE(TOO_FEW_KEYS), CODE(BAD_SIGNATURE)),
	SEAL("manifest-malformed", ATTACK_ALWAYS, TARGET_MAY, "all who must sign a manifest that isn't of the form", CODE(BAD_MANIFEST)),
	SEAL("manifest-leads-out", ATTACK_ALWAYS, TARGET_MUST, "all who must sign a manifest that leads out of the release",
	    CODE(BAD_MANIFEST)),
	SEAL("digests-disagree", ATTACK_ALWAYS, TARGET_MAY, "all who must sign a manifest in which a file's two digests are of different files",
	    CODE(DIGESTS)),
	KEYS("signatures-stripped", ATTACK_ALWAYS, TARGET_MUST, "all signatures are taken off", CODE(UNSIGNED)),
	KEYS("signature-missing", ATTACK_ALWAYS, TARGET_MUST, "one signature is taken off", CODE(TOO_FEW_KEYS)),
	KEYS("signatures-exchanged", ATTACK_ALWAYS, TARGET_MUST, "the signatures stand under each other's keys", CODE(BAD_SIGNATURE)),
	KEYS("signatures-altered", ATTACK_ALWAYS, TARGET_MUST, "bits of the signatures are turned", CODE(BAD_SIGNATURE)),
	KEYS("signed-by-an-unlisted-key", ATTACK_ALWAYS, TARGET_MUST, "a key that may not release signs in the place of one that may",
	    CODE(UNKNOWN_KEY)),
	KEYS("signed-by-a-revoked-key", ATTACK_ALWAYS, TARGET_MUST, "a key that may not release any more signs", CODE(REVOKED_KEY)),
	KEYS("signed-by-one-person-twice", ATTACK_ALWAYS, TARGET_MUST, "one person signs with two keys", CODE(SAME_PERSON)),
	KEYS("signed-by-one-key-twice", ATTACK_ALWAYS, TARGET_MUST, "one key signs twice", CODE(BAD_METADATA)),
	KEYS("expired", ATTACK_ALWAYS, TARGET_MUST, "the release is installed after its end", CODE(EXPIRED)),
	ROOT("foreign-delivery", ATTACK_ALWAYS, TARGET_MUST, "the whole delivery is swapped for a consistent one of somebody else",
	    CODE(FOREIGN_ROOT)),
	ROOT("root-replaced", ATTACK_ALWAYS, TARGET_MAY, "the first root is edited, somebody else's, or gone",
	    CODE(FOREIGN_ROOT), CODE(NO_SEAL)),
	ROOT("release-of-another-maker", ATTACK_ALWAYS, TARGET_MUST, "release.json is of another repository", CODE(BAD_METADATA)),
	ROOT("root-not-vouched-for", ATTACK_ALWAYS, TARGET_MUST, "a root is added that those before it don't vouch for",
	    CODE(ROOT_CHAIN)),
	ROOT("role-given-by-nobody", ATTACK_ALWAYS, TARGET_MUST, "who may release is rewritten", CODE(NO_AUTHORITY)),
	PAST("other-product", ATTACK_ALWAYS, TARGET_MUST, "a release of another product is installed in its place", CODE(WRONG_PRODUCT)),
	PAST("authority-older", ATTACK_ALWAYS, TARGET_MUST, "an older word on who may release is delivered than one that was seen",
	    CODE(AUTHORITY_OLDER)),
	PAST("older-release", ATTACK_ALWAYS, TARGET_MUST, "an older release is installed over it", CODE(LOWER_VERSION)),
	PAST("lower-counter", ATTACK_ALWAYS, TARGET_MUST, "a newer release with a lower security counter is installed over it",
	    CODE(LOWER_COUNTER)),
	PAST("same-number", ATTACK_ALWAYS, TARGET_MUST, "another release of the same number is installed over it", CODE(SAME_NUMBER)),
	PAST("clock-set-back", ATTACK_ALWAYS, TARGET_MAY, "the clock is set back", CODE(CLOCK_SET_BACK)),
	PAST("rollback-of-another-release", ATTACK_ALWAYS, TARGET_MUST, "an older release comes with an authorisation for another one",
	    CODE(ROLLBACK_OTHER)),
	PAST("rollback-expired", ATTACK_ALWAYS, TARGET_MUST, "an older release comes with an authorisation past its end",
	    CODE(ROLLBACK_EXPIRED)),
	PAST("rollback-used-twice", ATTACK_ALWAYS, TARGET_MUST, "an older release comes with an authorisation that was made use of",
	    CODE(ROLLBACK_USED)),
	PAST("rollback-signed-by-one", ATTACK_ALWAYS, TARGET_MUST, "an older release comes with an authorisation that one signed",
	    CODE(TOO_FEW_KEYS), CODE(LOWER_VERSION)),
};

const size_t attack_count = sizeof attacks / sizeof attacks[0];

const char *
attack_kind_words(enum attack_kind kind)
{
	static const char *const words[ATTACK_KINDS] = { "the files of the release", "the seal and its manifest", "who signed, and until when",
		"on whose authority", "what a machine remembers" };
	return words[kind];
}

const struct attack *
attack_find(const char *name)
{
	for (size_t i = 0; i < attack_count; i++)
		if (strcmp(attacks[i].name, name) == 0)
			return &attacks[i];
	return NULL;
}

bool
attack_expects(const struct attack *attack, const char *code)
{
	for (size_t i = 0; i < ATTACK_CODES_MAX; i++)
		if (attack->codes[i] != ASSAY_RELEASE_OK && strcmp(assay_release_code_name(attack->codes[i]), code) == 0)
			return true;
	return false;
}
