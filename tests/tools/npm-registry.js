// SPDX-License-Identifier: Apache-2.0
// npm-registry FOLDER: serves the archives that "npm pack" left in FOLDER as a registry on the loopback, prints its port.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');
const { execFileSync } = require('child_process');

const folder = process.argv[2];
const packages = {};
for (const file of fs.readdirSync(folder).filter((f) => f.endsWith('.tgz'))) {
  const bytes = fs.readFileSync(path.join(folder, file));
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', path.join(folder, file), 'package/package.json']));
  const versions = packages[manifest.name] ||= {};
  versions[manifest.version] = { manifest, bytes };
}

function packument(name, base) {
  const versions = {};
  for (const [version, { manifest, bytes }] of Object.entries(packages[name])) {
    const sha512 = crypto.createHash('sha512').update(bytes).digest('base64');
    const sha1 = crypto.createHash('sha1').update(bytes).digest('hex');
    const tarball = `${base}/${name}/-/${name.split('/').pop()}-${version}.tgz`;
    versions[version] = { ...manifest, dist: { integrity: `sha512-${sha512}`, shasum: sha1, tarball } };
  }
  return { name, 'dist-tags': { latest: Object.keys(versions).pop() }, versions };
}

const server = http.createServer((request, response) => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const [name, file] = decodeURIComponent(request.url).slice(1).split('/-/');
  const known = packages[name];
  if (!known) {
    response.writeHead(404).end('{}');
  } else if (file) {
    const version = Object.keys(known).find((v) => file === `${name.split('/').pop()}-${v}.tgz`);
    response.writeHead(version ? 200 : 404).end(version && known[version].bytes);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument(name, base)));
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
setTimeout(() => process.exit(0), 600000);
