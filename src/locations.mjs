// Merges the equal parts of a MaxMind database: node locations.mjs DATABASE OUTPUT. The search tree becomes a graph that readers follow as
// before (https://maxmind.github.io/MaxMind-DB/), and gives the same answers. It reads trees of 24-bit records whose nodes stand before
// their children, as writers make them.

import { readFileSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const [database, output] = process.argv.slice(2);
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const nodeSize = 6;

const read = readFileSync(database);
const metadataAt = read.lastIndexOf(marker);
assert(metadataAt > 0, `${database} is not a MaxMind database.`);

// An unsigned integer: its length stands in the lower bits of a control byte, beside a type of one or two bytes.
const find = name => {
  const key = Buffer.concat([Buffer.from([0x40 + name.length]), Buffer.from(name)]);
  const at = read.indexOf(key, metadataAt) + key.length;
  assert(at >= metadataAt + key.length, `${database} has no ${name}.`);
  const size = read[at] & 0x1f;
  return { at: at + 1, size, value: size === 0 ? 0 : read.readUIntBE(at + 1, size) };
};

const nodeCount = find('node_count');
assert.equal(find('record_size').value, 24, 'Only records of 24 bits are merged.');
const count = nodeCount.value;

// From the last node to the first, so that children come before their parents: the node that stands for each, by its records.
const standsFor = new Uint32Array(count);
const known = new Map();
for (let node = count - 1; node >= 0; node--) {
  const [left, right] = recordsOf(node).map(record => {
    assert(record >= count || record > node, 'A node stands behind its child.');
    return record < count ? standsFor[record] : record;
  });
  const key = left * 2 ** 24 + right;
  if (!known.has(key))
    known.set(key, node);
  standsFor[node] = known.get(key);
}

// The nodes that are left keep their order, and the first remains the first.
const numbers = new Uint32Array(count);
let next = 0;
for (let node = 0; node < count; node++) {
  if (standsFor[node] === node)
    numbers[node] = next++;
}

const tree = Buffer.alloc(next * nodeSize);
for (let node = 0; node < count; node++) {
  if (standsFor[node] === node) {
    recordsOf(node).forEach((record, side) => {
      // A record above the count names data, by its distance from the count.
      const renumbered = record < count ? numbers[standsFor[record]] : record - count + next;
      tree.writeUIntBE(renumbered, numbers[node] * nodeSize + side * 3, 3);
    });
  }
}

const rest = Buffer.from(read.subarray(count * nodeSize));
rest.writeUIntBE(next, nodeCount.at - count * nodeSize, nodeCount.size);
writeFileSync(output, Buffer.concat([tree, rest]));

function recordsOf(node) {
  return [read.readUIntBE(node * nodeSize, 3), read.readUIntBE(node * nodeSize + 3, 3)];
}
