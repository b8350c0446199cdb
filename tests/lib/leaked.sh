# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Private keys in repositories, made now and thrown away: ". $ROOT/tests/lib/leaked.sh", in the case's folder. REPO, CASE and ROOT are set.
set -eu
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=Alice GIT_AUTHOR_EMAIL=alice@example.com GIT_COMMITTER_NAME=Alice \
	GIT_COMMITTER_EMAIL=alice@example.com GIT_AUTHOR_DATE=2024-03-01T09:00:00Z GIT_COMMITTER_DATE=2024-03-01T09:00:00Z

# key.pem, key.der and public.der of an Ed25519 key, of another kind when asked.
new_key() {
	openssl genpkey "${@:--algorithm}" $([ $# -gt 0 ] || echo ED25519) -out key.pem
	openssl pkey -in key.pem -outform DER -out key.der
	openssl pkey -in key.pem -pubout -outform DER -out public.der
	digest=$(sha256sum <public.der | cut -d ' ' -f 1)
}

# save MESSAGE: all of the work tree as a commit.
save() {
	git -C "$REPO" add -A
	git -C "$REPO" commit -q -m "${1:-more}"
}

# inventory DIGEST: a list of keys that has this one.
inventory() {
	mkdir -p "$REPO/assay"
	printf 'assay-keys: 1\nkeys:\n  - id: release\n    purpose: signs releases\n    public-key: %s\n' "$1" >"$REPO/assay/keys.yaml"
}

# accept PATH KIND DIGEST: a policy that accepts a key.
accept() {
	printf 'assay-policy: 1\nkeys:\n  accepted:\n    - path: "%s"\n      %s: %s\n      reason: a throwaway key of the tests\n' "$1" "$2" "$3" \
		>"$REPO/assay/policy.yaml"
}
