// The committed module in Node: it plays the calls of fixture.json, whose answers the native build gave, and is as fast as it has to be.
//
//     node --test app/wasm/tests/node.mjs
//
// With SESSIONS_WASM naming another file, that one is played. No dependencies.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

const here = new URL(".", import.meta.url);
const file = readFileSync(process.env.SESSIONS_WASM ?? new URL("../artifact/sessions.wasm", here));
const fixture = JSON.parse(readFileSync(new URL("fixture.json", here), "utf8"));
const compiled = new WebAssembly.Module(file);

/** A module, and how it is called. */
class Caller {
  constructor() {
    this.exports = new WebAssembly.Instance(compiled, {}).exports;
    const options = Buffer.from(fixture.options, "hex");
    const buffer = this.put(options);
    this.handle = this.exports.sessions_open(buffer, options.length);
    this.exports.sessions_release(buffer);
    assert.equal(this.handle, 1);
  }

  /** A buffer with these bytes. */
  put(bytes) {
    const pointer = this.exports.sessions_allocate(bytes.length);
    assert.notEqual(pointer, 0);
    new Uint8Array(this.exports.memory.buffer, pointer, bytes.length).set(bytes);
    return pointer;
  }

  /** A copy of the answer to a request. */
  call(bytes) {
    const pointer = this.put(bytes);
    const length = this.exports.sessions_call(this.handle, pointer, bytes.length);
    this.exports.sessions_release(pointer);
    return Buffer.from(new Uint8Array(this.exports.memory.buffer, this.exports.sessions_answer(), length));
  }

  /** Plays the fixture up to and with the step of this name. */
  play(until) {
    const session = this.put(Buffer.from(fixture.session, "hex"));
    for (const { what, request, answer, revision } of fixture.steps) {
      assert.equal(this.call(Buffer.from(request, "hex")).toString("hex"), answer, what);
      assert.equal(this.exports.sessions_revision(this.handle, session), revision, what);
      if (what === until) break;
    }
    return session;
  }
}

test("the module needs nothing of its host, and is small", () => {
  assert.deepEqual(WebAssembly.Module.imports(compiled), []);
  assert.ok(gzipSync(file, { level: 9 }).length <= 90_000, `${gzipSync(file, { level: 9 }).length} bytes gzipped`);
});

test("a cache is loaded, an operation submitted, its prediction read, and all of it as in the native build", () => {
  new Caller().play();
});

test("what is wrong is an answer", () => {
  const caller = new Caller();
  const { sessions_call, sessions_answer, sessions_close, memory } = caller.exports;
  const answer = (...call) => {
    const length = sessions_call(...call);
    return [...new Uint8Array(memory.buffer, sessions_answer(), length)];
  };
  const pointer = caller.put(Buffer.from([200]));
  assert.deepEqual(answer(caller.handle, pointer, 1), [0, 2]);
  assert.deepEqual(answer(caller.handle, pointer + 1, 1), [0, 1]);
  assert.deepEqual(answer(caller.handle, pointer, 4_000_000_000), [0, 1]);
  assert.equal(sessions_close(caller.handle), 1);
  assert.equal(sessions_close(caller.handle), 0);
});

test("as many operations as can be pending, each after the one before, are taken back together", () => {
  const caller = new Caller();
  const number = (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  const after = (id) => (id > 1 ? Buffer.concat([Buffer.from([1]), number(id - 1)]) : Buffer.from([0]));
  // Restore: its variant, the number, the operation (in one of two sessions, without instructions), and that it was not signed.
  const restore = (id) =>
    caller.call(Buffer.concat([Buffer.from([3]), number(id), Buffer.alloc(32, (id % 2) + 1), Buffer.alloc(4), after(id), Buffer.alloc(1)]));
  for (let id = 1; id <= 4096; id++) assert.deepEqual([...restore(id)], [1]);
  assert.deepEqual([...restore(4097)], [0, 3]);
  // Cancel the first.
  assert.deepEqual([...caller.call(Buffer.concat([Buffer.from([9]), number(1), Buffer.alloc(24)]))], [2, 1]);
  // Pending: none.
  assert.deepEqual([...caller.call(Buffer.from([23]))], [3, ...Buffer.alloc(8)]);
});

test("how fast it is", (context) => {
  const caller = new Caller();
  const session = caller.play("submit");
  const { sessions_call, sessions_answer, sessions_revision, sessions_changes, memory } = caller.exports;
  // The variant of Read, the session and one of its accounts.
  const read = fixture.steps.find(({ what }) => what === "read what is confirmed").request;
  const request = Buffer.concat([Buffer.from(read, "hex").subarray(0, 33), Buffer.from(fixture.account, "hex")]);
  const pointer = caller.put(request);
  let bytes = 0;
  const measure = (what, times, work) => {
    for (let count = 0; count < times / 10; count++) work();
    const begun = process.hrtime.bigint();
    for (let count = 0; count < times; count++) work();
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    context.diagnostic(`${what}: ${(times / seconds / 1e6).toFixed(2)} million a second`);
  };
  measure("readings copied out, the request written once", 300_000, () => {
    const length = sessions_call(caller.handle, pointer, request.length);
    bytes += new Uint8Array(memory.buffer, sessions_answer(), length).slice().length;
  });
  measure("readings copied out, each request written", 300_000, () => {
    new Uint8Array(memory.buffer, pointer, request.length).set(request);
    const length = sessions_call(caller.handle, pointer, request.length);
    bytes += new Uint8Array(memory.buffer, sessions_answer(), length).slice().length;
  });
  const kept = new Map([[fixture.session, { revision: sessions_revision(caller.handle, session), value: {} }]]);
  measure("kept readings, by the session's revision", 3_000_000, () => {
    const entry = kept.get(fixture.session);
    if (entry.revision === sessions_revision(caller.handle, session)) bytes++;
  });
  const changes = sessions_changes(caller.handle);
  measure("kept readings, by the number of changes", 3_000_000, () => {
    const entry = kept.get(fixture.session);
    if (entry && changes === sessions_changes(caller.handle)) bytes++;
  });
  assert.ok(bytes > 0);
});
