/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables: one row a verb, one row an option.
 */
#include "cli.h"

#include <stddef.h>

#define AT(field) offsetof(struct cli, field)
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FLAG(name, letter, field, help) { name, letter, CLI_FLAG, NULL, help, AT(field), 0, NULL }
#define TEXT(name, letter, argument, field, complete, help)                                        \
	{ name, letter, CLI_TEXT, argument, help, AT(field), 0, complete }

#define OPTION_STATE                                                                               \
	TEXT("state", 0, "DIR", state, "dir",                                                      \
	    "where ledger and cache lie (default: $XDG_STATE_HOME/assay/)")
/* Module and PIN of a token. Neither is ever taken from a URI. */
#define OPTION_TOKEN                                                                               \
	TEXT("module", 0, "PATH", module, "file", "the PKCS #11 module that reaches the token"),   \
	    TEXT("pin-file", 0, "FILE", pin_file, "file", "read the token's PIN from here instead of asking"), \
	    TEXT("pin-program", 0, "PATH", pin_program, "file", "run this program for the token's PIN: its first line"), \
	    FLAG("last-try", 0, last_try, "log in at the token also when one try of the PIN is left")
#define OPTION_SIGN                                                                                \
	TEXT("sign", 's', "KEY", sign, "file",                                                     \
	    "sign with 'agent', 'agent:SHA256:...', 'pkcs11:...' or an encrypted PEM file"),        \
	    TEXT("passphrase-file", 0, "FILE", passphrase_file, "file",                            \
		"read the key file's passphrase from here instead of asking"),                     \
	    OPTION_TOKEN
#define OPTION_OUT(what) TEXT("out", 'o', "DIR", out, "dir", what)

const struct cli_option cli_common[] = {
	FLAG("help", 'h', help, "say how this verb is used"),
	FLAG("json", 'j', json, "print one JSON object instead of text"),
	FLAG("quiet", 'q', quiet, "no progress and no hints"),
	FLAG("no-colour", 0, no_colour, "no colour (as NO_COLOR does)"),
};
const size_t cli_common_count = COUNT(cli_common);

static const struct cli_option check_options[] = {
	OPTION_OUT("where pack and pages go (default: assay-report)"),
	{ "require", 'r', CLI_LIST, "SET", "judge only this control, clause or family ('repo.')",
	    AT(require), 0, NULL },
	TEXT("no-worse-than", 0, "FILE", baseline, "file",
	    "exit 1 only for what is worse than in this earlier report.json"),
	TEXT("date", 0, "DATE", date, NULL, "judge as of this day, UTC (default: today)"),
	TEXT("root", 0, "FINGERPRINT", root, NULL,
	    "the trust root's SHA-256 in hex, as you were given it (default: your own list of roots)"),
	{ "import", 0, CLI_LIST, "FILE", "a report of an analyser that was run elsewhere, as 'assay import' wrote it", AT(imports), 0, "file" },
	{ "release", 0, CLI_LIST, "SEAL[=TREE]", "a release that is given out, by its seal and what it is of; earlier ones behind it", AT(releases), 0, "dir" },
	TEXT("release-records", 0, "DIR", release_records, "dir", "records of what was tried with the release: drills"),
	{ "scan", 0, CLI_LIST, "FOLDER", "search this folder or file for private keys, too", AT(scans), 0, "dir" },
	OPTION_SIGN,
	OPTION_STATE,
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
	FLAG("no-output", 0, no_output, "print the verdicts and write nothing, neither pack nor ledger"),
	FLAG("fresh", 0, fresh, "use nothing that an earlier run has remembered"),
	FLAG("trust-repository", 0, trust_repository, "run analysers without a sandbox where there is none"),
	FLAG("verbose", 'v', verbose, "list every finding and every control"),
};

static const struct cli_option qualify_options[] = {
	FLAG("fresh", 0, fresh, "use nothing that an earlier run has remembered"),
	FLAG("verbose", 'v', verbose, "list every rule, and every snippet that was missed or flagged"),
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

static const struct cli_option audit_options[] = {
	TEXT("root", 0, "FINGERPRINT", root, NULL,
	    "the trust root's SHA-256 in hex, as printed in the maker's documents"),
	TEXT("profile", 0, "FILE", profile, "file",
	    "judge by this policy instead of the maker's"),
	OPTION_OUT("write the page and report.json here too"),
	FLAG("verbose", 'v', verbose, "list every finding and every control"),
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

static const struct cli_option log_options[] = {
	TEXT("path", 0, "REPO", path, "dir", "the repository whose ledger it is (default: here)"),
	OPTION_STATE,
	OPTION_SIGN,
	TEXT("origin", 0, "NAME", origin, NULL,
	    "the log's name in checkpoints (default: assay/ and the repository id)"),
	TEXT("checkpoint", 0, "FILE", checkpoint, "file",
	    "a checkpoint that somebody kept, to hold the ledger against"),
	TEXT("key", 0, "VKEY", key, NULL, "the verifier key that must have signed the checkpoint"),
	{ "size", 0, CLI_NUMBER, "N", "prove for the log of N entries (default: all)", AT(size),
	    AT(has_size), NULL },
	{ "from", 0, CLI_NUMBER, "N", "prove that the log of N entries is a part of it", AT(from),
	    AT(has_from), NULL },
};

#define LIST(name, argument, field, complete, help)                                                \
	{ name, 0, CLI_LIST, argument, help, AT(field), 0, complete }

static const struct cli_option trust_options[] = {
	TEXT("path", 0, "REPO", path, "dir", "the repository whose work tree it is (default: here)"),
	OPTION_SIGN,
	TEXT("person", 0, "ID", person, NULL, "init, add-key: whose key it is, as in assay/roster.yaml"),
	TEXT("name", 0, "NAME", name, NULL, "init, add-key: their name (default: the roster's)"),
	TEXT("title", 0, "TEXT", title, NULL, "init, add-key: what they are there: 'quality lead'"),
	LIST("role", "ROLE", roles, "root targets policy release pack",
	    "the role to give, to take or to sign anew; may be given again"),
	LIST("threshold", "ROLE=N", thresholds, NULL, "so many people of the role decide together"),
	LIST("remove", "WHO", remove, NULL, "rotate: take the roles from this person or key id"),
	TEXT("expires", 0, "DATE", expires, NULL, "until when the new version counts (default: a year)"),
	TEXT("root", 0, "FINGERPRINT", root, NULL, "the first root's SHA-256 in hex, as you were given it"),
};

static const struct cli_option report_options[] = {
	TEXT("format", 'f', "FORMAT", format, "html sarif json text",
	    "html, sarif, json or text (default: text)"),
	TEXT("out", 'o', "FILE", out, "file", "write to this file (default: standard output)"),
	FLAG("verbose", 'v', verbose, "list every finding and every control"),
};

#define OPTION_PATH(what) TEXT("path", 0, "REPO", path, "dir", what)

static const struct cli_option signoff_options[] = {
	TEXT("act", 0, "ACT", act, "request approve review witness", "request, approve, review or witness"),
	TEXT("role", 0, "ROLE", role, NULL, "the role in which it is signed (default: the signer's only one)"),
	TEXT("sign", 's', "KEY", sign, "file",
	    "sign with 'agent' (the default), 'agent:SHA256:...', 'pkcs11:...' or an encrypted PEM file"),
	TEXT("passphrase-file", 0, "FILE", passphrase_file, "file",
	    "read the key file's passphrase from here instead of asking"),
	OPTION_TOKEN,
	OPTION_PATH("the repository that holds the record (default: here)"),
};

static const struct cli_option deviate_options[] = {
	TEXT("rule", 0, "RULE", rule, NULL, "the rule that the code breaks, as STANDARD/RULE"),
	LIST("check", "CHECK", checks, NULL, "a check that may be silenced for it, as ENGINE/CHECK; may be given again"),
	TEXT("finding", 0, "ID", finding, NULL, "one finding; rule and place come from assay/findings.yaml"),
	TEXT("file", 0, "PATH", file, "file", "the file, by its path in the repository; of a permit, a pattern below a folder"),
	TEXT("symbol", 0, "NAME", symbol, NULL, "the function"),
	LIST("premise", "FILE:LINES", premises, NULL, "lines that it rests on, FILE:12-20 (default: the function's); may be given again"),
	TEXT("reason", 0, "TEXT", reason, NULL, "what makes the code safe though it breaks the rule"),
	TEXT("risk", 0, "TEXT", risk, NULL, "what may come of it"),
	TEXT("requester", 0, "ID", person, NULL, "who asks for it, by the id in assay/roster.yaml"),
	TEXT("until", 0, "DATE", until, NULL, "the first day on which it doesn't count any more"),
	FLAG("permit", 0, permit, "a standing permit for all code of a folder"),
	FLAG("list", 0, list, "print the deviations and suppressions of HEAD with their state"),
	TEXT("out", 'o', "FILE", out, "file", "the record (default: a name in assay/deviations/ made of rule and place)"),
	TEXT("date", 0, "DATE", date, NULL, "as of this day, UTC (default: today)"),
	OPTION_PATH("the repository that it is about (default: here)"),
	OPTION_STATE,
};

static const struct cli_option key_options[] = {
	OPTION_TOKEN,
	FLAG("login", 0, login, "log in at the one token that fits: private keys show after it alone, as a rule"),
	TEXT("out", 'o', "FILE", out, "file", "list: write what the tokens say to this file, to be looked at elsewhere"),
	TEXT("capture", 0, "FILE", capture, "file", "take what such a file says instead of looking at tokens"),
	TEXT("attestation", 0, "FILE", attestation, "file", "show: the vendor's certificates of the key, in PEM, the key's first"),
	TEXT("attestation-root", 0, "FILE", attestation_root, "file", "a root of the vendor, in PEM, besides those that are built in"),
	TEXT("date", 0, "DATE", date, NULL, "compare: as of this day, UTC (default: today)"),
	OPTION_PATH("the repository whose keys.yaml it is (default: here)"),
};

static const struct cli_option roster_options[] = {
	OPTION_PATH("the repository whose roster it is (default: here)"),
};

static const struct cli_option docs_options[] = {
	TEXT("lang", 'l', "LANGUAGE", language, "en de", "en or de (default: en)"),
	TEXT("out", 'o', "FILE", out, "file", "where it goes, within the repository (default: in docs/)"),
	OPTION_PATH("the repository that it is about (default: here)"),
};

static const struct cli_option access_options[] = {
	OPTION_PATH("the repository whose register it is (default: here)"),
	TEXT("since", 0, "REV", since, NULL, "what changed since this branch, tag or commit, or since the last 'signed' register"),
};

static const struct cli_option review_options[] = {
	FLAG("whole", 0, whole, "start: ask about whole files, and not about what changed"),
	TEXT("name", 0, "NAME", name, NULL, "start: the record's name (default: the day and the commit)"),
	TEXT("title", 0, "TEXT", title, NULL, "start: what the change is (default: the commit's first line)"),
	FLAG("edit", 0, edit, "start: open the record in $VISUAL or $EDITOR, on a terminal"),
	OPTION_PATH("the repository whose code it is (default: here)"),
};

static const struct cli_option findings_options[] = {
	TEXT("show", 0, "ID", show, NULL, "all of one finding, with its excerpt: the first digits of its id"),
	LIST("state", "STATE", states, "new open deviated false-positive fixed not-observed", "in this state alone; may be given again"),
	TEXT("rule", 0, "RULE", rule, NULL, "of this rule alone: cert-c/ARR30-C, or its end"),
	TEXT("severity", 0, "SEVERITY", severity, "low medium high", "from this severity on"),
	TEXT("engine", 0, "ENGINE", engine, NULL, "reported by this engine"),
	TEXT("in", 0, "PATH", in, NULL, "in this file or folder of the repository"),
	TEXT("format", 'f', "FORMAT", format, "text json sarif csv junit codeclimate github",
	    "text, json, sarif, csv, junit, codeclimate or github (default: text)"),
	TEXT("out", 'o', "FILE", out, "file", "write to this file (default: standard output)"),
	FLAG("record", 0, record, "enter what is new in assay/findings.yaml"),
	TEXT("problems", 0, "FILE", problems, "file", "record: link entries of this CSV that name a finding's id"),
	OPTION_PATH("record: the repository whose register it is (default: here)"),
};

static const struct cli_option close_options[] = {
	TEXT("reason", 0, "TEXT", reason, NULL, "what was done; of a false positive, why the fault can't happen"),
	TEXT("fix", 0, "COMMIT", fix, NULL, "the commit that mended it (default: the only one that can have)"),
	TEXT("verifier", 0, "ID", verifier, NULL, "who verified that, by the id in assay/roster.yaml (default: the only one who can)"),
	TEXT("test", 0, "PATH", test, "file", "the test that failed before (default: the only one that came with the fix)"),
	FLAG("false-positive", 0, false_positive, "it is none, and never was"),
	TEXT("reach", 0, "TEXT", reach, NULL, "from which interface the place can be reached, for assay/findings.yaml"),
	TEXT("safety-effect", 0, "TEXT", safety, NULL, "what may happen to a patient or an operator, for assay/findings.yaml"),
	TEXT("exploitability", 0, "TEXT", exploitability, NULL, "what it takes to use it, for assay/findings.yaml"),
	TEXT("out", 'o', "FILE", out, "file", "the record (default: a name in assay/closures/ made of rule, place and identity)"),
	OPTION_PATH("the repository that it is about (default: here)"),
};

static const struct cli_option digest_options[] = {
	TEXT("algorithm", 'a', "NAME", algorithm, "sha256 sha384 sha512 fsverity", "sha256, sha384, sha512 or fsverity (default: sha256)"),
	TEXT("check", 'c', "FILE", sums, "file", "check the files of this list, as 'assay digest' and sha256sum print it"),
	TEXT("engine", 0, "NAME", engine, "lanes16 avx512 shani3 shani avx2 evp fips portable", "compute with this engine (default: the fastest here)"),
	FLAG("fips", 0, fips, "compute with libcrypto's FIPS provider, or not at all"),
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

static const struct cli_option canary_options[] = {
	TEXT("lang", 'l', "LANGUAGE", language, "c cpp java csharp python js go", "c, cpp, java, csharp, python, js or go"),
};

static const struct cli_option import_options[] = {
	TEXT("canaries", 0, "FILE", canaries, "file", "the record of what was planted, as 'assay canary plant' left it"),
	TEXT("name", 0, "NAME", name, NULL, "what plans call the analyser: 'codeql' for checks 'import:codeql/...'"),
	TEXT("out", 'o', "FILE", out, "file", "where the import goes (default: NAME.assay-import)"),
};

static const struct cli_option seal_options[] = {
	TEXT("product", 0, "NAME", product, NULL, "the product, as installed systems know it"),
	TEXT("version", 0, "VERSION", release, NULL, "its version, for people"),
	{ "number", 0, CLI_NUMBER, "N", "the release's number, which rises with each (default: one more than the previous one's)", AT(number),
	    AT(has_number), NULL },
	{ "counter", 0, CLI_NUMBER, "N", "the security counter: no installed system goes below it (default: the previous release's)", AT(counter),
	    AT(has_counter), NULL },
	TEXT("previous", 0, "SEAL", previous, "dir", "the seal of the release before this one"),
	TEXT("seal", 0, "DIR", seal, "dir", "where the seal goes (default: TREE.seal)"),
	TEXT("repo", 0, "REPO", repo, "dir", "the repository that it was built from, with assay/trust/ (default: here)"),
	TEXT("commit", 0, "REV", commit, NULL, "the commit that it was built from: HEAD, a branch, a tag, a full id (default: HEAD)"),
	TEXT("sbom", 0, "FILE", sbom, "file", "the bill of materials, CycloneDX in JSON (default: written from the tree)"),
	FLAG("sbom-as-is", 0, sbom_as_is, "take a bill that contradicts the tree"),
	FLAG("no-sbom", 0, no_sbom, "seal without a bill of materials"),
	{ "allow-key", 0, CLI_LIST, "PATH", "deliver this private key all the same; give it once a key", AT(allow_keys), 0, NULL },
	TEXT("provenance", 0, "FILE", provenance, "file", "the build's provenance, JSON"),
	TEXT("instructions", 0, "FILE", instructions, "file", "the operator's instructions"),
	TEXT("expires", 0, "DATE", expires, NULL, "until when it may be installed, or gone back (default for a release: a year)"),
	TEXT("root", 0, "FINGERPRINT", root, NULL,
	    "the trust root's SHA-256 in hex, as you were given it (default: your own list of roots)"),
	FLAG("replace", 0, replace, "put it in the place of a draft"),
	TEXT("add-signature", 0, "SEAL", add_signature, "dir", "sign what another person has sealed, after comparing it with TREE"),
	TEXT("rollback-to", 0, "SEAL", rollback_to, "dir", "authorise going back to this older release"),
	TEXT("from", 0, "SEAL", from_seal, "dir", "rollback-to: from this release"),
	TEXT("reason", 0, "TEXT", reason, NULL, "rollback-to: why"),
	FLAG("yes", 0, yes, "add-signature: don't ask, but compare with --version and --commit"),
	OPTION_SIGN,
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

static const struct cli_option verify_options[] = {
	TEXT("root", 0, "FINGERPRINT", root, NULL, "the maker's trust root, as the instructions for use print it"),
	TEXT("state", 0, "DIR", state, "dir", "what this machine remembers of what was installed"),
	TEXT("seal", 0, "DIR", seal, "dir", "the seal (default: TREE/assay-seal, or else TREE.seal)"),
	FLAG("install", 0, install, "before it is installed: refuse what expired, and remember it"),
	TEXT("rollback", 0, "FILE", rollback, "file", "an authorisation to go back (default: the seal's)"),
	TEXT("product", 0, "NAME", product, NULL, "refuse what is of another product"),
	TEXT("receipt", 0, "FILE", receipt, "file", "write what was seen, to be signed and kept"),
	TEXT("site", 0, "TEXT", site, NULL, "the name of this machine or place, in the receipt"),
	OPTION_SIGN,
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

static const struct cli_option drill_options[] = {
	TEXT("root", 0, "FINGERPRINT", root, NULL, "the maker's trust root, as the instructions for use print it"),
	TEXT("verifier", 0, "FILE", verifier, "file", "the static verifier (default: assay-verify beside this program; with --operator in TREE)"),
	FLAG("operator", 0, by_operator, "rather carry out the release's own instructions, as operators would"),
	TEXT("target", 0, "PROGRAM", target, "file", "the product's own updater or boot check: run on each copy as PROGRAM SEAL TREE"),
	{ "target-seconds", 0, CLI_NUMBER, "N", "that it may take for one copy (default: 60)", AT(target_seconds), 0, NULL },
	TEXT("out", 'o', "FILE", out, "file", "write the drill's record there"),
	{ "threads", 0, CLI_NUMBER, "N", "use N threads (default: one a core)", AT(threads), 0, NULL },
};

const struct cli_verb cli_verbs[] = {
	{ "init", "[PATH]", "look at a repository and write a starting policy folder 'assay/'", NULL,
	    0, 0, 1, NULL, verb_init },
	{ "check", "[PATH]", "gather evidence, judge every control, write the pack and the page",
	    check_options, COUNT(check_options), 0, 1, NULL, verb_check },
	{ "explain", "ID", "what a clause, control or rule asks, why, and how to mend it", NULL, 0, 1, 1,
	    NULL, verb_explain },
	{ "audit", "PACK", "judge a pack again, trusting nobody", audit_options,
	    COUNT(audit_options), 1, 1, NULL, verb_audit },
	{ "log", "append FILE... | checkpoint | prove [INDEX] | verify",
	    "the ledger of what was seen, and its proofs", log_options, COUNT(log_options), 1, 1000,
	    "append checkpoint prove verify", verb_log },
	{ "trust", "init | add-key | sign | rotate | show | verify",
	    "the root of authority: who may decide what, signed", trust_options, COUNT(trust_options), 1, 1,
	    "init add-key sign rotate show verify", verb_trust },
	{ "qualify", "[PLAN]", "show the analysers here what they should catch, and say what they did",
	    qualify_options, COUNT(qualify_options), 0, 1, NULL, verb_qualify },
	{ "report", "PACK", "print a pack as a page, SARIF, JSON or text", report_options,
	    COUNT(report_options), 1, 1, NULL, verb_report },
	{ "signoff", "FILE", "sign a record: an exception, a review, a policy", signoff_options,
	    COUNT(signoff_options), 1, 1, NULL, verb_signoff },
	{ "deviate", "", "write down why code may break a rule for a time, and list such code", deviate_options,
	    COUNT(deviate_options), 0, 0, NULL, verb_deviate },
	{ "key", "list | show | compare [URI]", "the keys in tokens, what vendors attest of them, and assay/keys.yaml", key_options,
	    COUNT(key_options), 1, 2, "list show compare", verb_key },
	{ "roster", "import FILE | export", "the roster from and to OpenSSH's allowed_signers", roster_options,
	    COUNT(roster_options), 1, 2, "import export", verb_roster },
	{ "docs", "new CLAUSE", "write a first document out of what holds", docs_options, COUNT(docs_options), 2, 2,
	    "new", verb_docs },
	{ "access", "show", "who may do what, to print, and what changed in it", access_options,
	    COUNT(access_options), 1, 1, "show", verb_access },
	{ "standard", "[PATH | PACK]", "each rule of the coding standards, how it is enforced, and what it shows", NULL, 0, 0, 1, NULL, verb_standard },
	{ "review", "start [RANGE] | status | check FILE", "security reviews: write the questions, list what is open, check answers",
	    review_options, COUNT(review_options), 1, 2, "start status check", verb_review },
	{ "findings", "[PACK]", "findings in code, with their states: listed, shown, exported, registered", findings_options,
	    COUNT(findings_options), 0, 1, NULL, verb_findings },
	{ "close", "FINDING [PACK]", "write down that a finding is fixed, or that it was none, with what proves it", close_options,
	    COUNT(close_options), 1, 2, NULL, verb_close },
	{ "digest", "FILE|FOLDER...", "digests of files, on all cores, and lists of them checked", digest_options, COUNT(digest_options),
	    0, 100000, NULL, verb_digest },
	{ "canary", "plant DIR", "small faulty and sound programs, for an analyser that is run elsewhere", canary_options,
	    COUNT(canary_options), 2, 2, "plant", verb_canary },
	{ "import", "SARIF", "keep such an analyser's report, with what was planted for it", import_options, COUNT(import_options), 1, 1,
	    NULL, verb_import },
	{ "seal", "TREE", "seal a release: its manifest, and what two people sign of it", seal_options, COUNT(seal_options), 0, 1,
	    NULL, verb_seal },
	{ "verify", "TREE", "hold a release, delivered or installed, against its seal", verify_options, COUNT(verify_options), 1, 1,
	    NULL, verb_verify },
	{ "drill", "SEAL TREE", "attack copies of a release, each of which must be rejected", drill_options, COUNT(drill_options), 2, 2,
	    NULL, verb_drill },
	{ "completion", "SHELL", "print completion for bash, zsh or fish", NULL, 0, 1, 1,
	    "bash zsh fish", verb_completion },
};
const size_t cli_verb_count = COUNT(cli_verbs);
