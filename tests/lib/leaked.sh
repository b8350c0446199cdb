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

# package gz|xz: a Debian package with key.pem in it, as $REPO/x.deb.
package() {
	python3 - "$1" <<-'END' >"$REPO/x.deb"
		import gzip, io, lzma, sys, tarfile
		out = io.BytesIO()
		with tarfile.open(fileobj=out, mode="w") as tar:
		    tar.add("key.pem", "./etc/key.pem")
		pack = {"gz": gzip.compress, "xz": lzma.compress}[sys.argv[1]]
		sys.stdout.buffer.write(b"!<arch>\n")
		for name, data in (("debian-binary", b"2.0\n"), ("data.tar." + sys.argv[1], pack(out.getvalue()))):
		    sys.stdout.buffer.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2))
	END
}

# packed: key.pem by xz, which a new machine hasn't got.
packed() {
	python3 -c 'import lzma, sys; sys.stdout.buffer.write(lzma.compress(open("key.pem", "rb").read()))'
}
