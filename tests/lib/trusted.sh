# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A repository with a trust root, for deceptions and tests: ". $ROOT/tests/lib/trusted.sh", in the case's folder. REPO, CASE, ASSAY and
# ROOT are set. People are alice, bob, carol, eve; their keys lie in $CASE/keys, made now and thrown away.
set -eu
clock=1704153600 # 2024-01-02
agents=0
export GIT_CONFIG_GLOBAL=/dev/null
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

# An SSH key to commit with and an encrypted one for assay: Ed25519, or ECDSA on $CURVE.
people() {
	mkdir -p "$CASE/keys"
	for who in "$@"; do
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$CASE/keys/$who"
		(cd "$CASE/keys" && "$ROOT/tests/lib/trust-keys" "$who${CURVE:+:$CURVE}")
	done
}

# roster WHO...: people whose keys count from 2024 on.
roster() {
	{
		printf 'assay-roster: 1\npeople:\n'
		for who in "$@"; do
			printf '  - id: %s\n    name: %s\n    emails: [%s@example.com]\n    keys:\n      - ssh: %s\n        from: 2024-01-01\n' \
				"$who" "$who" "$who" "$(cut -d ' ' -f 1,2 "$CASE/keys/$who.pub")"
		done
	} >"$REPO/assay/roster.yaml"
}

# policy: its further lines on standard input.
policy() {
	{
		printf 'assay-policy: 1\nrepository-id: 00112233445566778899aabbccddeeff\n'
		cat
	} >"$REPO/assay/policy.yaml"
}

in_repo() {
	git -C "$REPO" "$@"
}

# later [SECONDS]: all that is committed next is dated so much later.
later() {
	clock=$((clock + ${1:-86400}))
}

# as WHO GIT-ARGUMENTS...: git with their name and key.
as() {
	who=$1
	shift
	later 3600
	GIT_AUTHOR_DATE="$clock +0000" GIT_COMMITTER_DATE="$clock +0000" git -C "$REPO" -c user.name="$who" -c user.email="$who@example.com" \
		-c gpg.format=ssh -c user.signingkey="$CASE/keys/$who" -c commit.gpgsign=true "$@"
}

# commit WHO MESSAGE: everything that lies there.
commit() {
	in_repo add -A
	as "$1" commit -q --allow-empty -m "$2"
}

# trust WHO ACTION OPTIONS...
trust() {
	who=$1
	shift
	"$ASSAY" trust "$@" --path "$REPO" --sign "$CASE/keys/$who.pem" --passphrase-file "$CASE/keys/pass" >/dev/null
}

fingerprint() {
	"$ASSAY" trust show --path "$REPO" --json | jq -r .fingerprint
}

# begin [OPTION...]: alice and bob hold root, targets and policy, two of two unless OPTIONs say otherwise; both have signed, alice has
# committed, and $CASE/root holds the fingerprint, which "assay check" is then given.
begin() {
	rm -rf "$REPO"
	git init -q -b main "$REPO"
	mkdir "$REPO/assay"
	people alice bob carol eve
	policy </dev/null
	roster alice bob
	trust alice init --person alice "$@"
	trust bob add-key --person bob --role root --role targets --role policy
	trust alice sign
	trust bob sign
	fingerprint >"$CASE/root"
	commit alice begin
	echo code >"$REPO/code"
	commit bob work
}

# forge FILE EXPRESSION [WHO...]: see forge_trust.py; FILE below assay/trust/.
forge() {
	file=$REPO/assay/trust/$1
	expression=$2
	shift 2
	for who in "$@"; do
		shift
		set -- "$@" "$CASE/keys/$who.pem"
	done
	python3 "$ROOT/tests/lib/forge_trust.py" "$file" "$expression" "$@"
}

# Both sign what lies there, and alice commits it.
authorise() {
	trust alice sign
	trust bob sign
	commit alice 'authorised'
}

# quality: alice is in the role of that name, on the roster that lies there.
quality() {
	sed -i 's/^    name: alice$/&\n    roles: [quality]/' "$REPO/assay/roster.yaml"
}
# signs WHO ACT FILE OPTIONS...: a sign-off with their SSH key, out of an agent of its own.
signs() {
	# An agent takes its socket away when it ends, a while after it was told to: each has one of its own.
	agents=$((agents + 1))
	eval "$(ssh-agent -s -a "$CASE/agent-$agents")" >"$CASE/agent.log"
	ssh-add -q "$CASE/keys/$1"
	act=$2
	file=$3
	shift 3
	code=0
	"$ASSAY" signoff "$file" --act "$act" "$@" --path "$REPO" --sign agent || code=$?
	ssh-agent -k >>"$CASE/agent.log"
	return "$code"
}

# except CONTROL: an exception from it, asked for by bob and approved by alice in role quality, committed.
except() {
	mkdir -p "$REPO/assay/deviations"
	printf 'assay-exception: 1\ncontrol: %s\nverdict: deviated\nreason: it was taken back\nrisk: none\nuntil: %s\n' \
		"$1" "$(date -u -d '+60 days' +%F)" >"$REPO/assay/deviations/one.yaml"
	signs bob request "$REPO/assay/deviations/one.yaml"
	signs alice approve "$REPO/assay/deviations/one.yaml" --role quality
	commit alice 'except it'
}
