# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Inventories of keys, for deceptions: ". $ROOT/tests/lib/keylist.sh", in the case's folder. See release.sh for the repository.
# shellcheck source=tests/lib/release.sh
. "$ROOT/tests/lib/release.sh"

# day WORDS: "day '1 year ago'"
day() {
	date -u -d "$1" +%F
}

# digest_of WHO: SHA-256 of the public half of their key.
digest_of() {
	openssl pkey -in "$CASE/keys/$1.pem" -passin "file:$CASE/keys/pass" -pubout -outform DER | sha256sum | cut -c 1-64
}

# entry ID DIGEST [NAME=VALUE...]: one more entry; values are written as they are, and an empty one takes the line away.
entry() {
	python3 - "$@" <<-'END' >>"$REPO/assay/keys.yaml"
		import sys, time
		def day(days):
		    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))
		rows = {"spki-sha256": sys.argv[2], "purposes": "[trust-root, policy, release]", "algorithm": "ed25519", "bits": "256",
		        "where": '{kind: token, manufacturer: Yubico, serial: "13078782"}', "custodians": f"[{sys.argv[1]}]",
		        "created": day(-100), "expires": day(600)}
		for word in sys.argv[3:]:
		    name, _, value = word.partition("=")
		    rows[name] = value
		print(f"  - id: {sys.argv[1]}")
		for name, value in rows.items():
		    if value:
		        print(f"    {name}: {value}")
	END
}

# listing: a repository that releases, and an empty list of keys. entry_of WHO ...: the entry of their key. listed: signed by both.
listing() {
	releasing "$@"
	printf 'assay-keys: 1\nkeys:\n' >"$REPO/assay/keys.yaml"
}

entry_of() {
	who=$1
	shift
	entry "$who" "$(digest_of "$who")" "$@"
}

listed() {
	authorise
}

# check_keys CONTROL OPTION...
check_keys() {
	control=$1
	shift
	check_release "$control" none "$@"
}

# attested [NAME=VALUE...]: carol holds a third key of the role 'release', a real one of a YubiKey, whose vendor attests it.
attested() {
	chain=assay/attestations/carol.pem
	mkdir -p "$REPO/assay/attestations"
	cp "$ROOT/tests/unit/keys/data/yubikey-9c.pem" "$REPO/$chain"
	openssl x509 -in "$REPO/$chain" -noout -pubkey >"$CASE/carol.pub.pem"
	roster alice bob carol
	forge targets.json "key = {'keytype': 'ecdsa', 'scheme': 'ecdsa-sha2-nistp256', 'keyval': {'public': open('$CASE/carol.pub.pem').read()}, 'x-assay-person': 'carol'}
s['delegations']['keys'][keyid(key)] = key
[r['keyids'].append(keyid(key)) for r in s['delegations']['roles'] if r['name'] == 'release']
s['version'] += 1" alice bob
	entry carol "$(openssl pkey -pubin -in "$CASE/carol.pub.pem" -outform DER | sha256sum | cut -c 1-64)" algorithm=ecdsa-p256 \
		attestation="$chain" "$@"
}

# attest_oneself WHO: certificates with a vendor's extensions about their key, under a root of the attacker.
attest_oneself() {
	mkdir -p "$REPO/assay/attestations"
	openssl pkey -in "$CASE/keys/$1.pem" -passin "file:$CASE/keys/pass" -pubout -out "$CASE/self.pub"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$CASE/self.key" -subj '/CN=Yubico PIV Attestation' -days 3000 -out "$CASE/self.pem"
	printf '%s\n' '1.3.6.1.4.1.41482.3.3=DER:050703' '1.3.6.1.4.1.41482.3.7=DER:020400c790fe' '1.3.6.1.4.1.41482.3.8=DER:0302' \
		'1.3.6.1.4.1.41482.3.9=DER:03' >"$CASE/self.ext"
	openssl x509 -new -force_pubkey "$CASE/self.pub" -subj '/CN=YubiKey PIV Attestation 9c' -CA "$CASE/self.pem" -CAkey "$CASE/self.key" \
		-days 3000 -extfile "$CASE/self.ext" -out "$CASE/leaf.pem"
	cat "$CASE/leaf.pem" "$CASE/self.pem" >"$REPO/assay/attestations/$1.pem"
}
