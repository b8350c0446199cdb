// SPDX-License-Identifier: Apache-2.0
// trust_tufjs.js FOLDER: the same chain by tuf-js, out of npm's own modules. Exit status 1 when it doesn't take a document.
"use strict";
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");

const modules = path.join(execFileSync("npm", ["root", "-g"]).toString().trim(), "npm", "node_modules");
const { Metadata, MetadataKind } = require(path.join(modules, "@tufjs", "models"));
const folder = process.argv[2];
const read = (name, kind) => Metadata.fromJSON(kind, JSON.parse(fs.readFileSync(path.join(folder, name))));

let root = read("1.root.json", MetadataKind.Root);
root.verifyDelegate("root", root);
for (let n = 2; fs.existsSync(path.join(folder, `${n}.root.json`)); n++) {
  const next = read(`${n}.root.json`, MetadataKind.Root);
  root.verifyDelegate("root", next);
  next.verifyDelegate("root", next);
  root = next;
}
const targets = read("targets.json", MetadataKind.Targets);
root.verifyDelegate("targets", targets);
targets.verifyDelegate("policy", read("policy.json", MetadataKind.Targets));
console.log("tuf-js agrees");
