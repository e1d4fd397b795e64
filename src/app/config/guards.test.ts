/** What the file may say of guards, and what each of it is in our own units. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault, type Problem } from "./problem.ts";

function parse(guards: string) {
  const text = `accounts:
  - { id: leader, clientId: "1100000001", accessToken: token-of-leader }
  - { id: asha, clientId: "1100000002", accessToken: token-of-asha }
links:
  - id: leader-asha
    leader: leader
    follower: asha
    guards: { ${guards} }
`;
  const variables = () => undefined;
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables });
}

function problemsOf(guards: string): readonly Problem[] {
  try {
    parse(guards);
  } catch (error) {
    assert.ok(error instanceof ConfigFault, String(error));
    return error.problems;
  }
  assert.fail("expected the configuration to be refused");
}

// biome-ignore format: one row a line
const RIGHT: readonly (readonly [string, unknown])[] = [
  ["", {}],
  ["sides: [BUY]", { sides: ["BUY"] }],
  ["segments: [NSE_EQ, BSE_EQ]", { segments: ["NSE_EQ", "BSE_EQ"] }],
  ["products: [CNC, BO], orderTypes: [LIMIT], kinds: [option]", { products: ["CNC", "BO"], orderTypes: ["LIMIT"], kinds: ["option"] }],
  ['instruments: { allow: ["NSE_EQ:1333"] }', { instruments: { allow: ["NSE_EQ:1333"] } }],
  ["underlyings: { allow: [NIFTY], deny: [M&M, BAJAJ-AUTO] }", { underlyings: { allow: ["NIFTY"], deny: ["M&M", "BAJAJ-AUTO"] } }],
  ['window: { from: "09:20", to: "15:10" }', { window: { fromMinute: 560, toMinute: 910 } }],
  ["maxOrderValue: 0.0001, maxExposure: 500000.25", { maxOrderValue: 1, maxExposure: 5_000_002_500 }],
  ["maxQuantity: 130, maxOpenPositions: 3, maxOrdersPerDay: 20", { maxQuantity: 130, maxOpenPositions: 3, maxOrdersPerDay: 20 }],
];

for (const [text, guards] of RIGHT) {
  test(`is read in our own units: ${text || "none"}`, () => {
    assert.deepEqual(parse(text).settings.links[0]?.guards, guards);
  });
}

// biome-ignore format: one row a line
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["sides: BUY", "sides", /a list of names.*found "BUY"/],
  ["sides: []", "sides", /one or more names; leave it out for all/],
  ["sides: [LONG]", "sides[0]", /one of BUY, SELL, found "LONG"/],
  ["segments: [NSE]", "segments[0]", /one of NSE_EQ, .*found "NSE"/],
  ["segments: [IDX_I]", "segments[0]", /one of NSE_EQ/],
  ["kinds: [index]", "kinds[0]", /one of equity, future, option/],
  ["instruments: {}", "instruments", /allow or deny/],
  ["instruments: { allow: [HDFCBANK] }", "instruments.allow[0]", /a contract as segment and security id/],
  ['instruments: { deny: ["NSE_EQT:1333"] }', "instruments.deny[0]", /no segment NSE_EQT; did you mean NSE_EQ\?/],
  ["underlyings: { only: [NIFTY] }", "underlyings.only", /^unknown key/],
  ["underlyings: { allow: [nifty] }", "underlyings.allow[0]", /as the instrument file names it/],
  ['window: { from: "9:20", to: "15:10" }', "window.from", /such as 09:20, found "9:20"/],
  ['window: { from: "09:20", to: "24:00" }', "window.to", /such as 09:20/],
  ['window: { from: "15:10", to: "09:20" }', "window.to", /from before to/],
  ['window: { from: "09:20" }', "window.to", /such as 09:20, found nothing/],
  ["maxQuantity: 0", "maxQuantity", /whole units from 1/],
  ["maxOpenPositions: 1.5", "maxOpenPositions", /contracts from 1/],
  ["maxExposure: -1", "maxExposure", /rupees above 0/],
  ["maxOrdersPerDay: 0", "maxOrdersPerDay", /orders from 1/],
  ["maxDailyLoss: 1", "maxDailyLoss", /^unknown key/],
];

for (const [text, field, message] of WRONG) {
  test(`is refused by the name of the field: ${text}`, () => {
    const found = problemsOf(text);
    const problem = found.find((each) => each.field === `links[0].guards.${field}`);
    assert.match(problem?.message ?? `no problem at ${field}: ${JSON.stringify(found)}`, message);
  });
}
