import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRedactor, maskClientId } from "./redact.ts";

const token = "token-of-asha";

test("a registered secret is hidden wherever it stands, as often as it stands", () => {
  const redactor = createRedactor();
  redactor.register(token);
  assert.equal(redactor.redact(`a=${token}&b=${token}.`), "a=[redacted]&b=[redacted].");
  assert.equal(redactor.redact("nothing secret"), "nothing secret");
});

test("a secret is hidden in its form for addresses, too", () => {
  const redactor = createRedactor();
  redactor.register("key with/slash=");
  assert.equal(redactor.redact("?k=key%20with%2Fslash%3D"), "?k=[redacted]");
});

test("a PIN is hidden where it stands alone, and not inside an order id", () => {
  const redactor = createRedactor();
  redactor.register("112233");
  assert.equal(
    redactor.redact("pin 112233, order 521122334455"),
    "pin [redacted], order 521122334455",
  );
});

test("a secret that contains another is hidden whole", () => {
  const redactor = createRedactor();
  redactor.register(token);
  redactor.register(`${token}-renewed`);
  assert.equal(redactor.redact(`${token}-renewed`), "[redacted]");
});

test("client ids keep their ends", () => {
  const redactor = createRedactor();
  redactor.registerClientId("1100000007");
  assert.equal(redactor.redact("account 1100000007 is up"), "account 11****07 is up");
  assert.equal(maskClientId("1234"), "****");
});

test("what is too short to hide is not registered", () => {
  const redactor = createRedactor();
  redactor.register("");
  redactor.register("abc");
  assert.equal(redactor.redact("abcabc"), "abcabc");
});

test("no registered secret of eight characters or more survives in any text", () => {
  const secret = fc.stringMatching(/^[a-zA-Z0-9._=+/-]{8,40}$/);
  // Of other characters, so that it makes no second secret together with its neighbour.
  const glue = fc.stringMatching(/^[ ,;:"{}]*$/);
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 20 }), glue, (secrets, between) => {
      const redactor = createRedactor();
      for (const one of secrets) redactor.register(one);
      const clean = redactor.redact(secrets.join(`${between}\n`));
      assert.equal(clean.replaceAll("[redacted]", ""), `${between}\n`.repeat(secrets.length - 1));
    }),
  );
});
