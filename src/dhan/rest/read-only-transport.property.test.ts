import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type HttpMethod,
  type HttpRequest,
  type HttpTransport,
  TransportFault,
} from "../../ports/transport.ts";
import { readOnlyTransport } from "./read-only-transport.ts";

const READS_BY_POST = ["/margincalculator", "/margincalculator/multi"];
const PATHS = [
  ...READS_BY_POST,
  "/orders",
  "/orders/slicing",
  "/orders/342261122000001",
  "/super/orders",
  "/forever/orders",
  "/alerts/orders",
  "/alerts/multi/orders",
  "/positions",
  "/positions/convert",
  "/killswitch?killSwitchStatus=ACTIVATE",
  "/pnlExit",
  "/ip/setIP",
];

/** What came through, and the gate that let it. */
function gated() {
  const passed: HttpRequest[] = [];
  const behind: HttpTransport = {
    request: async (request) => {
      passed.push(request);
      return { status: 200, body: "{}" };
    },
    close: async () => {},
  };
  return { passed, gate: readOnlyTransport(behind) };
}

/** Paths of the wire, near misses of the two reads, and anything at all. */
const path = fc.oneof(
  fc.constantFrom(...PATHS),
  fc
    .tuple(fc.constantFrom(...READS_BY_POST), fc.string({ minLength: 1 }))
    .map(([read, more]) => read + more),
  fc.constantFrom(...READS_BY_POST).map((read) => read.toUpperCase()),
  fc.string(),
);
const method = fc.oneof(
  fc.constantFrom("GET", "POST", "PUT", "DELETE"),
  fc.constantFrom("get", "post", "PATCH", "", "GET "),
) as fc.Arbitrary<HttpMethod>;

test("nothing passes but GET and the two reads that are asked with a body", async () => {
  await fc.assert(
    fc.asyncProperty(method, path, fc.string(), async (method, path, body) => {
      const { passed, gate } = gated();
      const request = { method, path, headers: {}, body };
      const isRead = method === "GET" || (method === "POST" && READS_BY_POST.includes(path));
      const outcome = await gate.request(request, { timeoutMs: 1_000 }).then(
        () => "passed",
        (fault: unknown) => fault,
      );
      if (isRead) {
        assert.equal(outcome, "passed");
        assert.deepEqual([passed, gate.turnedAway], [[request], 0]);
        return;
      }
      assert.ok(outcome instanceof TransportFault);
      assert.equal(outcome.kind, "notSent");
      assert.match(outcome.message, /this account is read only/);
      assert.deepEqual([passed, gate.turnedAway], [[], 1]);
    }),
    { numRuns: 500 },
  );
});

test("the limits of a read go with it, and closing reaches what is behind", async () => {
  const limits: unknown[] = [];
  let closed = 0;
  const gate = readOnlyTransport({
    request: async (_request, given) => {
      limits.push(given);
      return { status: 200, body: "" };
    },
    close: async () => {
      closed += 1;
    },
  });
  const given = { timeoutMs: 7, mayLeave: () => true };
  await gate.request({ method: "GET", path: "/fundlimit", headers: {} }, given);
  await gate.close();
  assert.deepEqual([limits, closed], [[given], 1]);
});
