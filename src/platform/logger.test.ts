import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../../test/eventually.ts";
import { createLogger, silentLogger } from "./logger.ts";
import { createRedactor } from "./redact.ts";

const token = "token-of-asha";

function capture(level: "debug" | "info" = "debug") {
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.register(token);
  redactor.registerClientId("1100000007");
  const destination = { write: (line: string) => void lines.push(line) };
  return { logger: createLogger({ level, destination, redactor }), lines };
}

function fieldsOf(line: string | undefined): Record<string, unknown> {
  return JSON.parse(line ?? "{}");
}

test("a line is JSON with level, time, event and the fields", () => {
  const { logger, lines } = capture();
  logger.child({ component: "dhan" }).warn("stream.down", { retryInMs: 250 });
  const { time, ...rest } = fieldsOf(lines[0]);
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const expected = { level: "warn", component: "dhan", retryInMs: 250, event: "stream.down" };
  assert.deepEqual(rest, expected);
});

test("lines below the level are not written", () => {
  const { logger, lines } = capture("info");
  logger.debug("order.payload");
  logger.info("order.acked");
  logger.error("token.expired");
  assert.deepEqual(
    lines.map((line) => fieldsOf(line).event),
    ["order.acked", "token.expired"],
  );
});

test("fields with secret names are hidden whatever they hold, at any depth", () => {
  const { logger, lines } = capture();
  const headers = { "access-token": "unregistered", Accept: "json" };
  logger.info("request.sent", { headers, login: [{ pin: 1234, totpSecret: "x", user: "asha" }] });
  const { headers: cleanHeaders, login } = fieldsOf(lines[0]);
  assert.deepEqual(cleanHeaders, { "access-token": "[redacted]", Accept: "json" });
  assert.deepEqual(login, [{ pin: "[redacted]", totpSecret: "[redacted]", user: "asha" }]);
});

test("registered secrets are hidden in any text: fields, child fields, errors and their causes", () => {
  const { logger, lines } = capture();
  const cause = new Error(`GET /orders?token=${token}`);
  const error = Object.assign(new Error("1100000007 refused", { cause }), {
    url: `ws://x/${token}`,
  });
  logger.child({ from: token }).error("login.refused", { error, note: `it was ${token}` });
  assert.doesNotMatch(lines.join(""), /token-of-asha|1100000007/);
  assert.match(lines.join(""), /11\*\*\*\*07 refused/);
});

test("client ids are masked by field name even when nobody registered them", () => {
  const { logger, lines } = capture();
  logger.info("account.up", { dhanClientId: "1199999942", clientId: 1188888811 });
  const { dhanClientId, clientId } = fieldsOf(lines[0]);
  assert.deepEqual([dhanClientId, clientId], ["11****42", "11****11"]);
});

test("an error says what explains it", () => {
  const { logger, lines } = capture();
  const error = Object.assign(new RangeError("too long"), { code: "TOO_LONG" });
  logger.error("it.broke", { error });
  const { stack, ...clean } = fieldsOf(lines[0]).error as Record<string, unknown>;
  assert.match(String(stack), /logger\.test\.ts/);
  assert.deepEqual(clean, { name: "RangeError", message: "too long", code: "TOO_LONG" });
});

test("a value that contains itself is cut, not followed for ever", () => {
  const { logger, lines } = capture();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  logger.info("odd.value", { circle });
  assert.match(lines.join(""), /too deep/);
});

test("lines reach a file without being asked for", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-log-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "logs", "tandem.log");
  createLogger({ level: "info", destination: file }).info("process.started");
  const read = () => readFileSync(file, "utf8").includes("process.started");
  await eventually(read, { what: "the line in the file" });
});

test("the silent logger takes everything and says nothing", () => {
  silentLogger().child({ a: 1 }).child({ b: 2 }).error("nothing.happens");
  assert.equal(silentLogger().info("nothing.happens"), undefined);
});
