// Keys of officers in the browser: Ed25519 by WebCrypto, kept encrypted as PKCS #8 (RFC 5958, PBES2
// of RFC 8018 with PBKDF2-HMAC-SHA-256 and AES-256-CBC), which openssl and the command line read.
// Rules: a private key is in the clear only inside WebCrypto and not extractable; a passphrase is
// kept nowhere; what is unlocked is locked again when nobody has used it for a while.
"use strict";

const Keys = (() => {
  const ITERATIONS = 600000, SHORTEST = 12, IDLE = 20 * 60 * 1000;
  const TYPE = "application/vnd.in-toto+json";
  const OID = {
    pbes2: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d],
    pbkdf2: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c],
    sha256: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09],
    aes256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a],
  };
  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  // In pieces: so many arguments as a file has bytes are too many.
  const base64 = (bytes) => {
    const given = new Uint8Array(bytes), pieces = [];
    for (let at = 0; at < given.length; at += 8192) pieces.push(String.fromCharCode(...given.subarray(at, at + 8192)));
    return btoa(pieces.join(""));
  };
  const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const utf8 = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => Uint8Array.from(parts.flatMap((one) => [...one]));

  // What is read of a file: a key has some hundred bytes.
  const LARGEST = 1 << 16;
  const text_of = async (file) => {
    if (file.size > LARGEST) throw new Error("not-a-key");
    return file.text();
  };

  // DER, as far as an encrypted private key needs it.
  const der = (tag, ...parts) => {
    const inside = joined(...parts), length = inside.length;
    const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return joined([tag, ...head], inside);
  };
  const sequence = (...parts) => der(0x30, ...parts), octets = (bytes) => der(0x04, bytes);
  const oid = (bytes) => der(0x06, bytes);
  const integer = (value) => {
    const found = [];
    for (let left = value; left > 0; left = Math.floor(left / 256)) found.unshift(left % 256);
    return der(0x02, found[0] > 127 ? [0, ...found] : found);
  };
  const parsed = (bytes) => {
    const found = [];
    for (let at = 0; at < bytes.length;) {
      const tag = bytes[at++];
      let length = bytes[at++];
      if (length > 127) {
        const size = length & 127;
        length = 0;
        for (let left = size; left > 0; left--) length = length * 256 + bytes[at++];
      }
      if (!(length <= bytes.length - at)) throw new Error("not-a-key");
      const content = bytes.slice(at, at + length);
      found.push({ tag, content, inside: tag === 0x30 ? parsed(content) : [] });
      at += length;
    }
    return found;
  };

  const wrapping = async (passphrase, salt, iterations, use) => {
    const secret = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret,
      { name: "AES-CBC", length: 256 }, false, [use]);
  };
  const pem = (bytes) =>
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${base64(bytes).match(/.{1,64}/g).join("\n")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;

  const locked = async (pkcs8, passphrase) => {
    const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(16));
    const key = await wrapping(passphrase, salt, ITERATIONS, "encrypt");
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, pkcs8));
    const derived = sequence(oid(OID.pbkdf2),
      sequence(octets(salt), integer(ITERATIONS), sequence(oid(OID.sha256), der(0x05))));
    const cipher = sequence(oid(OID.aes256), octets(iv));
    return pem(sequence(sequence(oid(OID.pbes2), sequence(derived, cipher)), octets(sealed)));
  };

  // What a file is that is no key encrypted as ours are, by how it begins.
  const NO_KEYS = [["-----BEGIN OPENSSH PRIVATE KEY-----", "openssh-key"],
    ["-----BEGIN PRIVATE KEY-----", "unencrypted-key"], ["-----BEGIN PUBLIC KEY-----", "public-key"],
    ["ssh-ed25519 ", "public-key"]];
  const scheme_of = (text) => {
    const [, fault] = NO_KEYS.find(([start]) => text.trimStart().startsWith(start)) ?? [];
    const body = /-----BEGIN ENCRYPTED PRIVATE KEY-----([\s\S]+?)-----END/.exec(text);
    if (fault || !body) throw new Error(fault ?? "not-a-key");
    try {
      const [whole] = parsed(bytesOf(body[1].replace(/\s/g, "")));
      const [scheme, sealed] = whole.inside, [derived, cipher] = scheme.inside[1].inside;
      const [salt, rounds, ...others] = derived.inside[1].inside;
      const named = [scheme, derived, others.at(-1), cipher].map((one) => hex(one?.inside[0]?.content ?? []));
      return { salt: salt.content, iterations: rounds.content.reduce((sum, one) => sum * 256 + one, 0),
        iv: cipher.inside[1].content, sealed: sealed.content, named };
    } catch {
      throw new Error("damaged-key");
    }
  };
  const unlocked = async (text, passphrase) => {
    const { salt, iterations, iv, sealed, named } = scheme_of(text);
    const ours = [OID.pbes2, OID.pbkdf2, OID.sha256, OID.aes256].map(hex);
    if (ours.some((one, place) => one !== named[place])) throw new Error("other-encryption");
    const key = await wrapping(passphrase, salt, iterations, "decrypt");
    let pkcs8;
    try {
      pkcs8 = await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed);
      // One wrong passphrase in some hundreds decrypts to something, but to no structure.
      const [whole] = parsed(new Uint8Array(pkcs8));
      if (!(whole.inside.length >= 3)) throw new Error("not-a-key");
    } catch {
      throw new Error("wrong-passphrase");
    }
    try {
      const open = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
      const shown = await crypto.subtle.exportKey("jwk", open);
      const publicKey = bytesOf(shown.x.replace(/-/g, "+").replace(/_/g, "/"));
      const secret = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
      return { secret, publicKey };
    } catch {
      throw new Error("other-kind-of-key");
    }
  };

  // The unlocked key of this browser, which no script can read, in a database of its own.
  const stored = (mode, work) => new Promise((done, failed) => {
    const opening = indexedDB.open("termgate", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asked = work(opening.result.transaction("keys", mode).objectStore("keys"));
      asked.onsuccess = () => { done(asked.result); opening.result.close(); };
      asked.onerror = () => failed(asked.error);
    };
  });
  const keep = (officer, key) => stored("readwrite", (store) => store.put({ ...key, used: Date.now() }, officer));
  const at_hand = async (officer) => {
    const found = await stored("readonly", (store) => store.get(officer));
    if (!found || Date.now() - found.used > IDLE) return null;
    await keep(officer, found);
    return found;
  };
  const forget = () => stored("readwrite", (store) => store.clear());

  const place = (officer) => `termgate-key-${officer}`;
  const name = async (publicKey) => hex(await crypto.subtle.digest("SHA-256", publicKey));
  const make = async (officer, passphrase) => {
    if (passphrase.length < SHORTEST) throw new Error("short-passphrase");
    const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    const file = await locked(await crypto.subtle.exportKey("pkcs8", pair.privateKey), passphrase);
    // A key that stands is not written over before the new one is on record.
    localStorage.setItem(`${place(officer)}-new`, file);
    return { file, key: await unlocked(file, passphrase) };
  };
  const made = async (officer, { file, key }) => {
    localStorage.setItem(place(officer), file);
    localStorage.removeItem(`${place(officer)}-new`);
    await keep(officer, key);
  };
  // The key of a file, or of the one that this browser has; a file takes that one's place once it
  // was good for signing in, so that nobody loses theirs to another's file.
  const open = async (officer, passphrase, given) => {
    const file = given ?? localStorage.getItem(place(officer)) ?? localStorage.getItem(`${place(officer)}-new`);
    if (file === null) throw new Error("no-key-here");
    return { file, key: await unlocked(file, passphrase) };
  };
  const entered = async (officer, { file, key }) => {
    localStorage.setItem(place(officer), file);
    await keep(officer, key);
  };
  const unlock = async (officer, passphrase) => {
    const { key } = await open(officer, passphrase);
    await keep(officer, key);
    return key;
  };
  // DSSE: what is signed is the payload's own bytes and their type.
  const sealed = async (payload, key) => {
    const bytes = bytesOf(payload);
    const message = joined(utf8(`DSSEv1 ${TYPE.length} ${TYPE} ${bytes.length} `), bytes);
    const signature = await crypto.subtle.sign("Ed25519", key.secret, message);
    return { payload, payloadType: TYPE, signatures: [{ keyid: await name(key.publicKey), sig: base64(signature) }] };
  };
  const read = (payload) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(payload)));
  return { make, made, open, entered, unlock, at_hand, forget, sealed, read, name, base64, text_of, bytes: bytesOf };
})();
