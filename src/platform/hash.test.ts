import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Bytes, sha256Hex } from "./hash.ts";

test("SHA-256 is that of the standard, over UTF-8", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(sha256Hex("abc"), abc);
  assert.equal(Buffer.from(sha256Bytes("abc")).toString("hex"), abc);
  assert.notEqual(sha256Hex("₹"), sha256Hex("?"));
});
