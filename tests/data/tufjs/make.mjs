// SPDX-License-Identifier: Apache-2.0
// Makes the metadata beside this file: npm install @tufjs/models@5.0.2, then node make.mjs FOLDER. The keys are thrown away.
import { createRequire } from "module";
import { createHash, generateKeyPairSync, sign } from "crypto";
import { writeFileSync } from "fs";

const require = createRequire(process.cwd() + "/");
const { Metadata, Root, Timestamp, Snapshot, Targets, Signature } = require("@tufjs/models");
const { canonicalize } = require("@tufjs/canonical-json");
const folder = process.argv[2];
const expires = "2099-01-01T00:00:00Z";

function key(kind, person) {
  const { publicKey, privateKey } = kind === "ed25519"
    ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: kind });
  const text = kind === "ed25519"
    ? publicKey.export({ format: "der", type: "spki" }).subarray(12).toString("hex")
    : publicKey.export({ format: "pem", type: "spki" });
  const object = {
    keytype: kind === "ed25519" ? "ed25519" : "ecdsa",
    scheme: { ed25519: "ed25519", "prime256v1": "ecdsa-sha2-nistp256", secp384r1: "ecdsa-sha2-nistp384" }[kind],
    keyval: { public: text }, ...(person ? { "x-assay-person": person, "x-assay-role": "Leiterin Qualität \"QM\"".replaceAll("\"", "'") } : {}),
  };
  const hash = { "ed25519": null, "prime256v1": "sha256", "secp384r1": "sha384" }[kind];
  return { privateKey, hash, object, keyid: createHash("sha256").update(canonicalize(object)).digest("hex") };
}

const anna = key("ed25519", "anna"), bea = key("prime256v1", "bea"), carl = key("secp384r1", "carl"), robot = key("ed25519");
const named = (...keys) => Object.fromEntries(keys.map((k) => [k.keyid, k.object]));
const role = (threshold, ...keys) => ({ keyids: keys.map((k) => k.keyid), threshold });

// Through the models and back, so that the text is as they write it.
function make(kind, name, signed, ...keys) {
  const model = kind.fromJSON({ spec_version: "1.0.31", expires, ...signed });
  const metadata = new Metadata(model, {});
  const bytes = Buffer.from(canonicalize(model.toJSON()));
  for (const k of keys)
    metadata.signatures[k.keyid] = new Signature({ keyID: k.keyid, sig: sign(k.hash, bytes, k.privateKey).toString("hex") });
  const text = JSON.stringify(metadata.toJSON(), null, 1) + "\n";
  writeFileSync(`${folder}/${name}`, text);
  return text;
}
const promise = (version, text) => ({ version, length: Buffer.byteLength(text),
  hashes: { sha256: createHash("sha256").update(text).digest("hex"), sha512: createHash("sha512").update(text).digest("hex") } });
const target = (text) => ({ length: Buffer.byteLength(text), hashes: { sha256: createHash("sha256").update(text).digest("hex") },
  custom: { note: "tab\there, \"quoted\", back\\slash, \u20ac, \u{1f600}" } });

const roles = { root: role(2, anna, bea, carl), targets: role(2, anna, bea), snapshot: role(1, robot), timestamp: role(1, robot) };
make(Root, "1.root.json", { _type: "root", version: 1, consistent_snapshot: true, keys: named(anna, bea, carl, robot), roles }, anna, bea);
make(Root, "2.root.json", { _type: "root", version: 2, consistent_snapshot: true, keys: named(carl, anna, bea, robot),
  roles: { ...roles, root: role(2, bea, carl) } }, bea, carl);
const policy = make(Targets, "1.policy.json", { _type: "targets", version: 1,
  targets: { "assay/roster.yaml": target("people: []\n"), "assay/a/b.yaml": target("b\n"), "assay/policy.yaml": target("scope\n") } }, bea, carl);
const targets = make(Targets, "1.targets.json", { _type: "targets", version: 1, targets: {}, delegations: { keys: named(bea, carl),
  roles: [{ name: "policy", ...role(2, bea, carl), terminating: true, paths: ["assay/*", "assay/*/*"] }] } }, anna, bea);
const snapshot = make(Snapshot, "1.snapshot.json", { _type: "snapshot", version: 1,
  meta: { "targets.json": promise(1, targets), "policy.json": promise(1, policy) } }, robot);
make(Timestamp, "timestamp.json", { _type: "timestamp", version: 1, meta: { "snapshot.json": promise(1, snapshot) } }, robot);
