# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A release and its seal, for deceptions: ". $ROOT/tests/lib/release.sh", in the case's folder. See trusted.sh for the repository.
# shellcheck source=tests/lib/trusted.sh
. "$ROOT/tests/lib/trusted.sh"

# release_tree: what is given out, in $CASE/pump.
release_tree() {
	mkdir -p "$CASE/pump/bin" "$CASE/pump/etc" "$CASE/pump/lib"
	printf '#!/bin/sh\nexec true\n' >"$CASE/pump/bin/pump"
	chmod 755 "$CASE/pump/bin/pump"
	printf 'rate=3\n' >"$CASE/pump/etc/pump.conf"
	printf '#!/bin/sh\necho intact\n' >"$CASE/pump/assay-verify"
	chmod 755 "$CASE/pump/assay-verify"
	ln -s ../bin/pump "$CASE/pump/lib/pump"
	printf '# How to check\n\n```sh\n./assay-verify --root 1234 .\n```\n' >"$CASE/instructions.md"
}

# releasing [OPTION...]: a repository whose role 'release' alice and bob hold, two of two, and a tree to be given out. OPTIONs are those
# of begin.
releasing() {
	begin "$@"
	trust alice add-key --person alice --role release --threshold release="${RELEASE_THRESHOLD:-2}"
	trust bob add-key --person bob --role release
	trust alice sign
	trust bob sign
	commit alice 'who releases'
	release_tree
}

# seal NAME=VALUE...: seals $CASE/pump as $CASE/pump.seal, by alice and bob; see forge_seal.py.
seal() {
	seal_as "$CASE/pump" "$CASE/pump.seal" "$@" >"$CASE/release"
}

# seal_as TREE SEAL NAME=VALUE...
seal_as() {
	tree=$1
	folder=$2
	shift 2
	python3 "$ROOT/tests/lib/forge_seal.py" "$tree" "$folder" repo="$REPO" keys="$CASE/keys" by=alice,bob \
		instructions="$CASE/instructions.md" "$@"
}

# release_key WHO: the key that they sign releases with, as a roster has it.
release_key() {
	openssl pkey -in "$CASE/keys/$1.pem" -passin "file:$CASE/keys/pass" -pubout -out "$CASE/public.pem"
	# ssh-keygen reads no Ed25519 here.
	ssh-keygen -i -m PKCS8 -f "$CASE/public.pem" 2>/dev/null || openssl pkey -pubin -in "$CASE/public.pem" -outform DER |
		python3 -c 'import base64, sys
raw = sys.stdin.buffer.read()[-32:]
word = b"ssh-ed25519"
print("ssh-ed25519", base64.b64encode(len(word).to_bytes(4, "big") + word + len(raw).to_bytes(4, "big") + raw).decode())'
}

# rsa_instead WHO: what they sign releases with is an RSA key, $CASE/keys/rsa.pem, which alice and bob put into targets.json.
rsa_instead() {
	openssl genrsa -aes256 -passout "file:$CASE/keys/pass" -out "$CASE/keys/rsa.pem" 3072
	openssl pkey -in "$CASE/keys/rsa.pem" -passin "file:$CASE/keys/pass" -pubout -out "$CASE/rsa.pub"
	forge targets.json "s['version'] += 1
keys, ids = s['delegations']['keys'], [r for r in s['delegations']['roles'] if r['name'] == 'release'][0]['keyids']
old = [i for i in ids if keys[i]['x-assay-person'] == '$1'][0]
key = {'keytype': 'rsa', 'scheme': 'rsassa-pss-sha256', 'keyval': {'public': open('$CASE/rsa.pub').read()}, 'x-assay-person': '$1'}
keys[keyid(key)] = key
s['x-assay-enrolments'][keyid(key)] = prove(key, '$CASE/keys/rsa.pem', s['x-assay-repository'])
ids[ids.index(old)] = keyid(key)" alice bob
}

# in_roster WHO WHOSE [LINE]: the key that WHOSE signs releases with is on the roster as one of WHO; LINE is a line more about it.
in_roster() {
	line=${3:+"\n        $3"}
	sed -i "s|^    emails: \[$1@example.com\]\$|&\n    keys:\n      - ssh: $(release_key "$2")\n        from: 2024-01-01$line\n|; " \
		"$REPO/assay/roster.yaml"
	# Their keys are one list.
	awk '/^    keys:$/ { if (seen++) next } /^  - id:/ { seen = 0 } NF { print }' "$REPO/assay/roster.yaml" >"$CASE/roster"
	mv "$CASE/roster" "$REPO/assay/roster.yaml"
}

# check_release CONTROL [none] OPTION...: "assay check" of one control, with the release unless "none".
check_release() {
	control=$1
	shift
	if [ "${1:-}" = none ]; then
		shift
	else
		set -- --release "$CASE/pump.seal=$CASE/pump" "$@"
	fi
	[ ! -e "$CASE/root" ] || set -- --root "$(cat "$CASE/root")" "$@"
	"$ASSAY" check "$REPO" --json --state "$STATE" --out "$OUT" --require "$control" "$@"
}

# papers: a bill of materials and the provenance of the build, as $CASE/sbom.json and $CASE/provenance.json. sealed: with both.
papers() {
	digest=$(sha256sum "$CASE/pump/bin/pump" | cut -c 1-64)
	verifier=$(sha256sum "$CASE/pump/assay-verify" | cut -c 1-64)
	printf '{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,' \
		>"$CASE/sbom.json"
	printf '"metadata":{"component":{"type":"application","name":"%s","version":"%s"}},"components":[{"type":"file","name":"bin/pump",' \
		"${1:-pump}" "${2:-2.1.0}" >>"$CASE/sbom.json"
	printf '"hashes":[{"alg":"SHA-256","content":"%s"}]},{"type":"file","name":"assay-verify",' "${3:-$digest}" >>"$CASE/sbom.json"
	printf '"hashes":[{"alg":"SHA-256","content":"%s"}]}]}\n' "$verifier" >>"$CASE/sbom.json"
	printf '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pump","digest":{"sha256":"%s"}}],' "$digest" \
		>"$CASE/provenance.json"
	printf '"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://example.org/make",' \
		>>"$CASE/provenance.json"
	printf '"externalParameters":{},"resolvedDependencies":[{"uri":"git+https://example.org/pump","digest":{"gitCommit":"%s"}},' \
		"$(in_repo rev-parse HEAD)" >>"$CASE/provenance.json"
	printf '{"uri":"https://example.org/assay-verify","digest":{"sha256":"%s"}}]},' "$verifier" >>"$CASE/provenance.json"
	printf '"runDetails":{"builder":{"id":"https://example.org/builder"}}}}\n' >>"$CASE/provenance.json"
}

sealed() {
	papers
	seal sbom="$CASE/sbom.json" provenance="$CASE/provenance.json" "$@"
}

# drilled [CODE]: the record of a drill of the release, as $CASE/records/drill.json; CODE is Python that changes r, the record, by(NAME)
# being the entry of an attack.
drilled() {
	mkdir -p "$CASE/records"
	python3 "$ROOT/tests/lib/forge_drill.py" "$CASE/release" "$CASE/pump.seal/manifest" "${VERIFIER:-$CASE/pump/assay-verify}" \
		"$CASE/records/drill.json" "${1:-}"
}

# receipt NAME WHO [RELEASE [DAYS [OUTCOME [SITE]]]]: what an installed system saw DAYS ago, signed with the SSH key of WHO ("-": by nobody).
# RECEIPT=1: of the first version, which had no word of digests.
receipt() {
	mkdir -p "$CASE/records"
	printf '{"assay-receipt":2,"at":"%s","bytes":10,"codes":{},"counter":1,"digests":"both","files":1,"folders":0,"freshness":"not-established",' \
		"$(date -u -d "$((0 - ${4:-1})) days" +%Y-%m-%dT%H:%M:%SZ)" >"$CASE/records/$1.json"
	printf '"installing":false,"links":0,"manifest":"%064d","number":1,"outcome":"%s","product":"pump","release":"%s","root":"%s",' \
		1 "${5:-intact}" "${3:-$(cat "$CASE/release")}" "$(cat "$CASE/root")" >>"$CASE/records/$1.json"
	printf '"site":"%s","version":"2.1.0","why-not-fresh":"nothing was asked that could know of a newer release"}\n' "${6:-bench}" \
		>>"$CASE/records/$1.json"
	[ "${RECEIPT:-2}" = 2 ] || sed -i 's/"assay-receipt":2/"assay-receipt":1/; s/"digests":"both",//' "$CASE/records/$1.json"
	[ "$2" = - ] || ssh-keygen -q -Y sign -n assay-receipt -f "$CASE/keys/$2" "$CASE/records/$1.json"
}

# page [CODE]: the operator's instructions, as $CASE/instructions.md; CODE is Python that changes p, their text; root and digest are what
# they print.
page() {
	python3 -c 'import sys
root, digest, path, code = sys.argv[1:]
p = f"""# Is it what was sealed?

Compare all digits with the paper: {digest}

```sh
sha256sum assay-verify
```

```sh
./assay-verify --root {root} --product pump pump
```

```sh
install -m 0755 assay-verify /usr/local/bin/assay-verify
assay-verify --root {root} --state /var/lib/assay-verify --install pump &&
  cp -a pump pump.seal /opt/
```

At any time:

```sh
assay-verify --state /var/lib/assay-verify /opt/pump
```
"""
ns = {"p": p, "root": root, "digest": digest}
exec(code, ns)
open(path, "w").write(ns["p"])' "$(cat "$CASE/root")" "$(sha256sum "$CASE/pump/assay-verify" | cut -c 1-64)" "$CASE/instructions.md" "${1:-}"
}

# operated [CODE]: the record of these instructions carried out, as $CASE/records/run.json; CODE is Python that changes r, the record.
operated() {
	mkdir -p "$CASE/records"
	python3 "$ROOT/tests/lib/forge_operator.py" "$CASE/release" "$CASE/pump.seal" "${VERIFIER:-$CASE/pump/assay-verify}" \
		"$CASE/records/run.json" "${1:-}"
}
