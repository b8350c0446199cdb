// SPDX-License-Identifier: Apache-2.0
// semver-ranges PROGRAM COUNT: holds made-up versions and ranges against npm's own semver; prints the differences.
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const npm = path.dirname(fs.realpathSync(execFileSync('sh', ['-c', 'command -v npm']).toString().trim()));
const semver = require(require.resolve('semver', { paths: [npm, '/usr/share/nodejs/npm', '/usr/share/nodejs'] }));
let seed = 7;
const random = (n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor(seed / 65536) % n;
};
const pick = (list) => list[random(list.length)];
const number = () => pick(['0', '1', '2', '3', '10']);
const pre = () => pick(['', '', '', '-0', '-alpha', '-alpha.1', '-beta.2', '-rc.10', '-1']);
const version = () => `${number()}.${number()}.${number()}${pre()}${pick(['', '', '', '+b1'])}`;
const wild = () => pick([number(), number(), 'x', '*', 'X']);
const part = () => pick([version, version, number, () => `${number()}.${wild()}`, wild,
  () => `${number()}.${wild()}.${wild()}${pick(['', pre()])}`])();
const operators = ['', '', '^', '~', '~>', '>', '<', '>=', '<=', '=', 'v', '^v', '>=v'];
const comparator = () => pick(operators) + pick(['', '', '', ' ']) + part();
const set = () => pick([comparator, comparator, () => `${comparator()} ${comparator()}`, () => `${part()} - ${part()}`,
  () => '', () => '*'])();
const range = () => pick([set, set, () => `${set()}||${set()}`, () => `${set()} || ${set()}`])();

const rows = Array.from({ length: Number(process.argv[3]) }, () => [version(), range()]);
const answers = execFileSync(process.argv[2], { input: rows.map((r) => r.join('\t') + '\n').join(''), maxBuffer: 1 << 28 })
  .toString().split('\n');
let wrong = 0;
let unknown = 0;
rows.forEach(([v, r], i) => {
  const expected = semver.validRange(r) === null ? '2' : semver.satisfies(v, r) ? '1' : '0';
  if (answers[i] === '2' && expected !== '2') {
    unknown++;
  } else if (answers[i] !== expected && wrong++ < 10) {
    console.log(`${v} in '${r}': npm says ${expected}, we say ${answers[i]}`);
  }
});
console.log(`${rows.length} ranges: ${wrong} wrong, ${unknown} unknown`);
// Older semver takes more of what nobody writes.
process.exit(wrong > 0 || unknown * 16 > rows.length ? 1 : 0);
