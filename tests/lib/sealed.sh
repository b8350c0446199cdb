# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A repository whose people may release, and a tree to seal: ". $ROOT/tests/lib/sealed.sh", in the case's folder. As trusted.sh, which it
# includes; REPO is $CASE/repo.
REPO=$CASE/repo
# shellcheck source=/dev/null
. "$ROOT/tests/lib/trusted.sh"

# releasers: alice and bob hold 'release', two of two; carol holds 'policy', eve nothing. $CASE/root is the fingerprint.
releasers() {
	rm -rf "$REPO"
	git init -q -b main "$REPO"
	mkdir "$REPO/assay"
	people alice bob carol eve
	policy </dev/null
	roster alice bob
	trust alice init --person alice --role root --role targets --role policy --role release --threshold release=2 --threshold targets=1
	trust bob add-key --person bob --role release
	trust carol add-key --person carol --role policy
	trust alice sign
	fingerprint >"$CASE/root"
	echo code >"$REPO/code.c"
	commit alice begin
	in_repo rev-parse HEAD >"$CASE/commit"
}

# tree FOLDER: a small product.
tree() {
	mkdir -p "$1/bin" "$1/etc"
	printf '#!/bin/sh\necho pump\n' >"$1/bin/pump"
	chmod 755 "$1/bin/pump"
	head -c 20000 /dev/zero >"$1/bin/blob"
	echo 'rate: 5' >"$1/etc/pump.conf"
	: >"$1/etc/empty"
	ln -s ../etc/pump.conf "$1/bin/conf"
}

# seal WHO TREE OPTIONS...
seal() {
	who=$1
	shift
	"$ASSAY" seal "$@" --repo "$REPO" --root "$(cat "$CASE/root")" --product pump --sign "$CASE/keys/$who.pem" --passphrase-file "$CASE/keys/pass" >/dev/null
}

# cosign WHO SEAL TREE VERSION
cosign() {
	"$ASSAY" seal --add-signature "$2" "$3" --root "$(cat "$CASE/root")" --yes --version "$4" --commit "$(cat "$CASE/commit")" \
		--sign "$CASE/keys/$1.pem" --passphrase-file "$CASE/keys/pass" >/dev/null
}
