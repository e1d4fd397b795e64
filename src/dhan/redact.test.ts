import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccountRedaction } from "./redact.ts";

test("hides every token that was ever in use, and masks the client id", () => {
  const { redact, registerToken } = createAccountRedaction("1100000007", "token-of-asha");
  registerToken("newer-token-of-asha");
  const clean = redact("token-of-asha, newer-token-of-asha, 1100000007-1785904331000");
  assert.ok(!clean.includes("of-asha") && !clean.includes("1100000007"), clean);
});

test("hides what looks like a token though nobody registered it", () => {
  const { redact } = createAccountRedaction("1100000007", "token-of-asha");
  assert.equal(redact("bad eyJhbGciOi.eyJkaGFuIjoi.c2lnbmF0dXJl!"), "bad [redacted]!");
});

test("leaves other numbers alone and cuts pages short", () => {
  const { redact } = createAccountRedaction("1100000007", "token-of-asha");
  assert.equal(redact("order 342260805001234"), "order 342260805001234");
  assert.equal(redact("x".repeat(5_000)).length, 301);
});
