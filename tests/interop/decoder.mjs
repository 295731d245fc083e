// A decoder of sealed records written from docs/wire-format.md alone, on the published sm-crypto-v2. For tests.
import { hkdf, sm2, sm3, sm4 } from 'sm-crypto-v2';

const TYPES = { 1: 'session', 2: 'data', 3: 'checkpoint', 4: 'gap' };
const LANES = { 1: 'surveillance', 2: 'verification', 3: 'uplink' };
const CLASSES = { 1: 'alarm', 2: 'event', 3: 'face', 4: 'image', 5: 'status' };
const LIFE_MS = 24 * 3600 * 1000;
const TOLERANCE_MS = 5 * 60 * 1000;
const MAX_SEQUENCE = 2n ** 24n;

export const hex = (bytes) => Buffer.from(bytes).toString('hex');
export const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const concat = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));

class Refusal extends Error {
  constructor(answer, detail = '') {
    super(`${answer} ${detail}`);
    this.answer = answer;
  }
}
const require_ = (condition, answer, detail) => {
  if (!condition) throw new Refusal(answer, detail);
};

// ---- section 2: a record

export function parse(wire) {
  const view = Buffer.from(wire);
  const malformed = (condition, detail) => require_(condition, 'malformed', detail);
  let at = 0;
  const take = (count) => {
    malformed(at + count <= view.length, 'truncated');
    at += count;
    return view.subarray(at - count, at);
  };
  const number = (width) => BigInt('0x' + take(width).toString('hex'));
  const text = () => take(Number(number(1))).toString('latin1');

  malformed(number(1) === 1n, 'version');
  const record = { type: TYPES[number(1)] };
  malformed(record.type, 'type');
  malformed(number(1) === 1n, 'suite');
  const flags = Number(number(1));
  malformed((flags & ~1) === 0, 'flags');
  record.signed = (flags & 1) === 1;
  record.laneNumber = Number(number(1));
  record.lane = LANES[record.laneNumber];
  record.classNumber = Number(number(1));
  record.class = CLASSES[record.classNumber];
  malformed(record.lane && record.class, 'lane or class');
  const headerLength = Number(number(2));
  record.session = hex(take(16));
  record.sequence = number(8);
  record.time = number(8);
  malformed(record.time <= 253402300799999n, 'time');
  record.recipient = hex(take(8));
  record.signer = hex(take(8));
  record.previous = hex(take(32));
  record.commitment = hex(take(16));
  record.gateway = text();
  record.source = text();
  record.topic = text();
  record.messageId = text();
  record.contentType = text();
  malformed(at === headerLength, 'header length');
  record.header = new Uint8Array(view.subarray(0, at));
  record.body = new Uint8Array(take(Number(number(4))));
  record.signedBytes = new Uint8Array(view.subarray(0, at));
  const signatureLength = Number(number(2));
  malformed(signatureLength === (record.signed ? 64 : 0), 'signature length');
  record.signature = hex(take(signatureLength));
  malformed(at === view.length, 'trailing bytes');
  record.sm3 = sm3(new Uint8Array(view));

  const id = /^[A-Za-z0-9._-]{1,64}$/;
  const printable = (value, max) => value.length <= max && /^[\x21-\x7e]*$/.test(value) && !/[+#]/.test(value);
  malformed(id.test(record.gateway) && (record.source === '' || id.test(record.source)), 'ids');
  malformed(record.topic !== '' && printable(record.topic, 255), 'topic');
  malformed(printable(record.messageId, 64) && printable(record.contentType, 64), 'names');
  const session = record.type === 'session';
  malformed(session === (record.sequence === 0n), 'sequence 0');
  malformed(!session || /^0+$/.test(record.previous), 'predecessor of a session');
  malformed(record.type === 'data' || record.signed, 'unsigned');
  malformed(record.type !== 'data' || record.class !== 'alarm' || record.signed, 'unsigned alarm');
  malformed(session ? record.body.length > 0 && record.body.length <= 512 : record.body.length >= 16, 'body length');
  return record;
}

// ---- section 3: keys

export function deriveKey(secret, record) {
  const info = concat(
    Buffer.from('veilgate envelope 1'), [record.laneNumber, record.classNumber, record.gateway.length],
    Buffer.from(record.gateway), unhex(record.signer), unhex(record.recipient));
  const derived = hkdf(secret, unhex(record.session), info, 44);
  return { info, key: derived.slice(0, 16), salt: derived.slice(16, 28), commitment: hex(derived.slice(28, 44)) };
}

function nonce(salt, sequence) {
  const out = Buffer.from(salt);
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(sequence);
  for (let i = 0; i < 8; ++i) out[4 + i] ^= number[i];
  return new Uint8Array(out);
}

function openBody(session, record) {
  const body = record.body;
  try {
    const opened = sm4.decrypt(body.slice(0, body.length - 16), session.keys.key, {
      mode: 'gcm', iv: nonce(session.keys.salt, record.sequence), associatedData: record.header,
      tag: body.slice(body.length - 16), output: 'array', padding: 'none',
    });
    return opened.output ?? opened;
  } catch {
    throw new Refusal('tampered');
  }
}

// ---- section 4: bodies

function decodeCheckpoint(body, record) {
  require_(body.length === 17, 'malformed', 'checkpoint');
  const view = Buffer.from(body);
  const checkpoint = { last: view.readBigUInt64BE(0), dataRecords: view.readBigUInt64BE(8), cause: view[16] };
  require_(checkpoint.last + 1n === record.sequence && checkpoint.cause <= 2, 'malformed', 'checkpoint');
  return checkpoint;
}

function decodeGap(body) {
  const view = Buffer.from(body);
  require_(view.length >= 2 && view.length === 2 + 99 * view.readUInt16BE(0), 'malformed', 'gap');
  const ranges = [];
  for (let at = 2; at < view.length; at += 99)
    ranges.push({
      session: hex(view.subarray(at, at + 16)), first: view.readBigUInt64BE(at + 16), last: view.readBigUInt64BE(at + 24),
      lane: LANES[view[at + 32]], class: CLASSES[view[at + 33]], reason: view[at + 34],
      previousOfFirst: hex(view.subarray(at + 35, at + 67)), digestOfLast: hex(view.subarray(at + 67, at + 99)),
    });
  return ranges;
}

// ---- section 5: a receiver

export class Receiver {
  constructor(signers, platforms) {
    this.signers = new Map(signers.map((signer) => [signer.key_id, signer]));
    this.platforms = new Map(platforms.map((platform) => [platform.key_id, platform]));
    this.sessions = new Map();
  }

  /** Answers and, unless refused, admits. */
  receive(wire, topic = '') {
    try {
      return this.judge(wire, topic);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      return { answer: refusal.answer, detail: refusal.message };
    }
  }

  judge(wire, topic) {
    const record = parse(wire);
    require_(topic === '' || topic === record.topic, 'wrong_topic');
    return record.type === 'session' ? this.judgeSession(record) : this.judgeRecord(record);
  }

  verify(record) {
    const signer = this.signers.get(record.signer);
    require_(signer, 'unknown_signer');
    return sm2.doVerifySignature(record.signedBytes, record.signature, signer.public, { hash: true, userId: '1234567812345678' });
  }

  judgeSession(record) {
    const signer = this.signers.get(record.signer);
    require_(signer, 'unknown_signer');
    require_(signer.gateway === record.gateway, 'wrong_gateway');
    require_(signer.lane === record.lane, 'wrong_lane');
    require_(this.verify(record), 'bad_signature');
    const platform = this.platforms.get(record.recipient);
    require_(platform, 'unknown_recipient');
    let secret;
    try {
      secret = sm2.doDecrypt(hex(record.body), platform.test_private, 1, { output: 'array', asn1: true });
    } catch {
      throw new Refusal('unreadable_key');
    }
    require_(secret.length === 32, 'unreadable_key');
    const keys = deriveKey(new Uint8Array(secret), record);
    require_(keys.commitment === record.commitment, 'wrong_commitment');
    const known = this.sessions.get(record.session);
    require_(!known || known.record.sm3 === record.sm3, 'session_conflict');
    if (!known) this.sessions.set(record.session, { record, keys, digests: new Map([[0n, record]]) });
    return { answer: known ? 'session_known' : 'session_accepted', record, secret, keys };
  }

  judgeRecord(record) {
    const session = this.sessions.get(record.session);
    require_(session, 'unknown_session');
    const bound = session.record;
    require_(record.gateway === bound.gateway, 'wrong_gateway');
    require_(record.lane === bound.lane, 'wrong_lane');
    require_(record.class === bound.class && record.signer === bound.signer && record.recipient === bound.recipient, 'header_mismatch');
    require_(record.commitment === bound.commitment, 'wrong_commitment');
    const age = Number(record.time - bound.time);
    require_(record.sequence < MAX_SEQUENCE && age >= -TOLERANCE_MS && age <= LIFE_MS + TOLERANCE_MS, 'stale_session');
    const plaintext = openBody(session, record);
    if (record.signed) require_(this.verify(record), 'bad_signature');
    const result = { answer: 'verified', record, payload: plaintext };
    if (record.type === 'checkpoint') result.checkpoint = decodeCheckpoint(plaintext, record);
    if (record.type === 'gap') result.dropped = decodeGap(plaintext);
    require_(!session.digests.has(record.sequence), 'replay');
    const before = session.digests.get(record.sequence - 1n);
    const after = session.digests.get(record.sequence + 1n);
    require_((!before || before.sm3 === record.previous) && (!after || after.previous === record.sm3), 'broken_chain');
    session.digests.set(record.sequence, record);
    return result;
  }
}

