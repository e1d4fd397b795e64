/** What the file may say of sizing, and what each of it is in our own units. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault, type Problem } from "./problem.ts";

function parse(sizing: string, rest = "") {
  const text = `accounts:
  - { id: leader, clientId: "1100000001", accessToken: token-of-leader }
  - { id: asha, clientId: "1100000002", accessToken: token-of-asha }
links:
  - id: leader-asha
    leader: leader
    follower: asha
    sizing: { ${sizing} }
${rest}`;
  const variables = () => undefined;
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables });
}

function sizingOf(sizing: string, rest?: string): unknown {
  return parse(sizing, rest).settings.links[0]?.sizing;
}

function problemsOf(sizing: string): readonly Problem[] {
  try {
    parse(sizing);
  } catch (error) {
    assert.ok(error instanceof ConfigFault, String(error));
    return error.problems;
  }
  assert.fail("expected the configuration to be refused");
}

// biome-ignore format: one row a line
const rules: readonly (readonly [string, unknown])[] = [
  ["kind: fixed-lots, lots: 2", { kind: "fixed-lots", lots: 2 }],
  ["kind: fixed-quantity, quantity: 75", { kind: "fixed-quantity", quantity: 75 }],
  ["kind: notional, value: 25000.5", { kind: "notional", value: 250_005_000 }],
  ["kind: capital-proportional", { kind: "capital-proportional", bps: 10_000 }],
  ["kind: capital-proportional, value: 0.9, capital: { leader: 2, follower: 1 }", { kind: "capital-proportional", bps: 9_000, capital: { leader: 20_000, follower: 10_000 } }],
  ["kind: risk-percent, value: 0.29", { kind: "risk-percent", bps: 29 }],
  ["kind: risk-percent, value: 1, capital: 500000", { kind: "risk-percent", bps: 100, capital: 5_000_000_000 }],
  ["kind: multiplier, value: 1, rounding: carry", { kind: "multiplier", bps: 10_000, rounding: "carry" }],
  ["kind: multiplier, value: 1, rounding: down, minLots: 1, maxQuantity: 130", { kind: "multiplier", bps: 10_000, minLots: 1, maxQuantity: 130 }],
];
for (const [text, rule] of rules) {
  test(`is read in our own units: ${text}`, () => {
    assert.deepEqual(sizingOf(text), rule);
  });
}

// biome-ignore format: one row a line
const wrong: readonly (readonly [string, string, RegExp])[] = [
  ["kind: fixed-lots", "lots", /whole lots from 1.*found nothing/],
  ["kind: fixed-lots, lots: 1.5", "lots", /whole lots.*found 1.5/],
  ["kind: fixed-lots, lots: 2, value: 1", "value", /^unknown key/],
  ["kind: fixed-quantity, quantity: 0", "quantity", /whole units from 1/],
  ["kind: notional, value: 0", "value", /rupees above 0/],
  ["kind: capital-proportional, capital: 5", "capital", /a map with leader and follower/],
  ["kind: capital-proportional, capital: { leader: 5 }", "capital.follower", /rupees above 0.*found nothing/],
  ["kind: risk-percent", "value", /a percentage from 0.01.*found nothing/],
  ["kind: risk-percent, value: 0.005", "value", /two decimals at most, found 0.005/],
  ["kind: risk-percent, value: 1, capital: { follower: 5 }", "capital", /rupees above 0.*found a map/],
  ["kind: multiplier, value: 1, rounding: up", "rounding", /one of down, nearest, carry, found "up"/],
];
for (const [text, field, message] of wrong) {
  test(`is refused by the name of the field: ${text}`, () => {
    const problem = problemsOf(text).find((each) => each.field === `links[0].sizing.${field}`);
    assert.match(problem?.message ?? `no problem at ${field}`, message);
  });
}

test("what raises small copies needs an end", () => {
  const raised = "kind: multiplier, value: 1, minLots: 1";
  const [problem] = problemsOf(raised);
  assert.equal(problem?.field, "links[0].sizing.minLots");
  assert.match(problem.message, /needs an end beside it: sizing.maxQuantity or guards/);
  const guards = "    guards: { maxOrderValue: 500000 }\n";
  const rule = { kind: "multiplier", bps: 10_000, minLots: 1 };
  assert.deepEqual(sizingOf(raised, guards), rule);
});
