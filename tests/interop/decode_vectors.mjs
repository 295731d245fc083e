// node decode_vectors.mjs FILE…: feeds records in the form of tests/vectors/envelope_v1.json to the decoder and holds
// every answer, payload and intermediate value against the file. Exit 1 when one differs.
import { readFileSync } from 'node:fs';
import { Receiver, hex, unhex } from './decoder.mjs';

let checked = 0;
const differences = [];
function expect(what, got, expected) {
  ++checked;
  if (got !== expected) differences.push(`${what}: got ${got}, expected ${expected}`);
}

for (const file of process.argv.slice(2)) {
  const vectors = JSON.parse(readFileSync(file, 'utf8'));
  const receiver = new Receiver(vectors.signers, [vectors.platform]);
  for (const entry of vectors.valid) {
    const got = receiver.receive(unhex(entry.wire), entry.topic);
    const name = `${file} valid "${entry.name}"`;
    expect(`${name} answer`, got.answer, entry.answer);
    if (!got.record) continue;
    if (entry.sm3) expect(`${name} sm3`, got.record.sm3, entry.sm3);
    if (entry.header_length) expect(`${name} header length`, got.record.header.length, entry.header_length);
    for (const [ours, theirs] of [['type', 'type'], ['lane', 'lane'], ['class', 'class'], ['source', 'source'], ['messageId', 'message_id'], ['contentType', 'content_type']])
      if (entry[theirs] !== undefined) expect(`${name} ${theirs}`, got.record[ours], entry[theirs]);
    if (entry.payload !== undefined) expect(`${name} payload`, Buffer.from(got.payload).toString('utf8'), entry.payload);
    if (entry.steps) {
      expect(`${name} secret`, hex(got.secret), entry.steps.secret);
      expect(`${name} info`, hex(got.keys.info), entry.steps.hkdf_info);
      expect(`${name} key`, hex(got.keys.key), entry.steps.key);
      expect(`${name} salt`, hex(got.keys.salt), entry.steps.salt);
    }
  }
  for (const entry of vectors.invalid)
    expect(`${file} invalid "${entry.name}"`, receiver.receive(unhex(entry.wire), entry.topic).answer, entry.answer);
}
for (const difference of differences) console.log(difference);
console.log(`${checked} values checked, ${differences.length} differ`);
process.exit(differences.length === 0 && checked > 0 ? 0 : 1);
