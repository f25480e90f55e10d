// Finds the counter whose hash begins as an ALTCHA challenge asks: SHA-256 of salt + nonce + counter, iterated `cost` times.
// SHA-256 (FIPS 180-4) is written out, because crypto.subtle is missing at plain http and slow for many small hashes.
"use strict";

const BLOCK = 64; // bytes; a message of ours fits in one
const K = new Uint32Array(64);
const START = new Uint32Array(8);
const W = new Uint32Array(64);

(function constants() {
  const isPrime = (n) => { for (let i = 2; i * i <= n; i += 1) if (n % i === 0) return false; return true; };
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) >>> 0;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    if (!isPrime(n)) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found] = fraction(Math.cbrt(n));
    found += 1;
  }
})();

const rotated = (x, n) => (x >>> n) | (x << (32 - n));

// The hash of the first `length` bytes of a block, in eight words; what lies behind them is overwritten.
function sha256(block, length) {
  block.fill(0, length);
  block[length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(60, length * 8);
  for (let i = 0; i < 16; i += 1) W[i] = view.getUint32(4 * i);
  for (let i = 16; i < 64; i += 1) {
    const a = W[i - 15];
    const b = W[i - 2];
    const s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
    const s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + START[i]) >>> 0);
}

const hexOf = (words) => words.map((word) => word.toString(16).padStart(8, "0")).join("");
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

function solve({ algorithm, salt, nonce, cost, keyLength, keyPrefix }) {
  if (algorithm !== "SHA-256") throw new Error(`unknown algorithm ${algorithm}`);
  const lead = bytesOf(salt + nonce);
  const begun = performance.now();
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  const wanted = keyPrefix.slice(0, 8);
  for (let counter = 0; ; counter += 1) {
    block.set(lead);
    view.setUint32(lead.length, counter);
    let words = sha256(block, lead.length + 4);
    for (let round = 1; round < cost; round += 1) {
      words.forEach((word, i) => view.setUint32(4 * i, word));
      words = sha256(block, 32);
    }
    if (!words[0].toString(16).padStart(8, "0").startsWith(wanted)) continue;
    const derivedKey = hexOf(words).slice(0, 2 * keyLength);
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey, time: Math.round(performance.now() - begun) };
  }
}

self.addEventListener("message", ({ data }) => self.postMessage(solve(data)));
