import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault } from "./problem.ts";
import { renderSettings } from "./render-settings.ts";
import { readSettingsEntry } from "./settings-entry.ts";

function parse(text: string, variables = exampleVariables) {
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables });
}

const decimals = (max: number) => fc.integer({ min: 1, max: max * 10_000 }).map((n) => n / 10_000);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const broker = maybe(
  fc.oneof(
    fc.constantFrom("live", "sandbox", "simulator"),
    fc.record(
      {
        preset: fc.constantFrom("live", "sandbox", "simulator"),
        restUrl: fc.constant("http://127.0.0.1:4999/v2/"),
        orderUpdateUrl: fc.constant("ws://127.0.0.1:4999/order-updates"),
        instruments: fc.constantFrom("scrips.csv", "/var/scrips: a # b.csv", "https://x.example/i"),
        freezeTable: fc.constantFrom("freeze.yaml", "/var/freeze: a # b.yaml"),
        requestTimeoutMs: fc.integer({ min: 100, max: 120_000 }),
        calendar: fc.constantFrom("market", "always-open"),
        calendarFile: fc.constantFrom("days.yaml", "/var/days: a # b.yaml"),
      },
      { requiredKeys: [] },
    ),
  ),
);

const seconds = fc.integer({ min: 1, max: 86_400 });
const contract = (segment: string) => fc.integer({ min: 1 }).map((id) => `${segment}:${id}`);

// Between exchanges, so that no contract is on both sides.
const substitutions = fc
  .uniqueArray(fc.tuple(contract("NSE_EQ"), contract("BSE_EQ")), {
    maxLength: 4,
    selector: ([from]) => from,
  })
  .filter((pairs) => new Set(pairs.map(([, to]) => to)).size === pairs.length)
  .map((pairs) => Object.fromEntries(pairs));

const afterLeaderFilled = fc.oneof(
  fc.constant({ kind: "leave" }),
  fc.record({
    kind: fc.constant("chase"),
    afterSeconds: seconds,
    maxDistanceBps: fc.integer({ min: 1, max: 10_000 }),
  }),
  fc.record({ kind: fc.constant("cancel"), afterSeconds: seconds }),
);

const bounds = fc.record(
  {
    rounding: fc.constantFrom("down", "nearest", "carry"),
    minLots: fc.integer({ min: 1, max: 10_000 }),
  },
  { requiredKeys: [] },
);
const rules = fc.oneof(
  fc.record({ kind: fc.constant("multiplier"), value: decimals(100) }),
  fc.record({ kind: fc.constant("fixed-lots"), lots: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({ kind: fc.constant("fixed-quantity"), quantity: fc.integer({ min: 1, max: 9_999 }) }),
  fc.record({ kind: fc.constant("notional"), value: decimals(100_000_000) }),
  fc.record(
    {
      kind: fc.constant("capital-proportional"),
      value: decimals(100),
      capital: fc.record({ leader: decimals(1_000_000), follower: decimals(1_000_000) }),
    },
    { requiredKeys: ["kind"] },
  ),
  fc.record(
    {
      kind: fc.constant("risk-percent"),
      value: fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100),
      capital: decimals(1_000_000),
    },
    { requiredKeys: ["kind", "value"] },
  ),
);
const sizing = fc
  .tuple(rules, bounds, fc.integer({ min: 1, max: 1_000_000 }))
  .map(([rule, bound, maxQuantity]) => ({ ...rule, ...bound, maxQuantity }));

const linkOptions = fc.record(
  {
    mode: fc.constantFrom("active", "close-only", "paused"),
    sizing,
    marketOrders: fc.constantFrom("protected-limit", "pass"),
    brackets: fc.constantFrom("super-order", "native", "refuse"),
    copy: fc.constantFrom("orders", "fills"),
    afterLeaderFilled,
    unprotected: fc.constantFrom("rearm", "flatten"),
    substitutions,
    maxAgeSeconds: seconds,
    guards: fc.record(
      {
        sides: fc.constant(["SELL"]),
        segments: fc.constant(["NSE_EQ", "MCX_COMM"]),
        products: fc.constant(["CNC", "BO"]),
        orderTypes: fc.constant(["LIMIT"]),
        kinds: fc.constant(["future", "option"]),
        instruments: fc.constantFrom({ allow: ["NSE_EQ:1333"] }, { deny: ["NSE_EQ:1"] }),
        underlyings: fc.constant({ allow: ["NIFTY"], deny: ["M&M"] }),
        window: fc.constantFrom({ from: "00:00", to: "09:05" }, { from: "09:20", to: "23:59" }),
        maxQuantity: fc.integer({ min: 1, max: 100_000 }),
        maxOpenPositions: fc.integer({ min: 1, max: 100 }),
        maxExposure: decimals(100_000_000),
        maxOrdersPerDay: fc.integer({ min: 1, max: 7_000 }),
        maxOrderValue: decimals(100_000_000),
        maxPriceDistanceBps: fc.integer({ min: 1, max: 10_000 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const accountOptions = fc.record(
  {
    relation: fc.constantFrom("self", "spouse", "dependent-child", "dependent-parent"),
    egress: fc.constantFrom("address", "proxy", "open-proxy"),
    shadow: fc.oneof(
      fc.constantFrom(true, false, "true"),
      fc.record({ capital: decimals(1_000_000) }),
    ),
    hasNoAccess: fc.boolean(),
  },
  { requiredKeys: [] },
);

// Ids that YAML would read as something else if they came back without quotes.
const ids = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom("true", "null", "1", "1e3", "0"),
    fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/),
  ),
  { minLength: 2, maxLength: 5 },
);

const config = fc
  .tuple(ids, broker, fc.infiniteStream(accountOptions), fc.infiniteStream(linkOptions))
  .map(([names, brokerPart, accounts, links]) => ({
    ...(brokerPart === undefined ? {} : { broker: brokerPart }),
    accounts: names.map((id, index) => {
      const { egress, shadow, hasNoAccess, ...rest } = accounts.next().value ?? {};
      // A leader cannot be a shadow, and an account that trades needs its token.
      const isShadow = index > 0 && shadow !== undefined && shadow !== false;
      return {
        id,
        ...(isShadow && hasNoAccess
          ? {}
          : { clientId: `\${CLIENT_${index}}`, accessToken: `\${TOKEN_${index}}` }),
        ...(index > 0 && shadow !== undefined && { shadow }),
        ...rest,
        ...(egress === "address" ? { egress: { localAddress: `127.0.0.${index + 2}` } } : {}),
        ...(egress === "proxy" ? { egress: { proxy: `\${PROXY_${index}}` } } : {}),
        ...(egress === "open-proxy"
          ? { egress: { proxy: `http://127.0.0.1:${8000 + index}` } }
          : {}),
      };
    }),
    links: names.slice(1).map((follower, index) => ({
      id: `link-${index}`,
      leader: names[0],
      follower,
      ...links.next().value,
    })),
  }));

function drawnVariables(name: string): string | undefined {
  const [kind, index] = name.split("_");
  if (kind === "CLIENT") return `110000000${index}`;
  return kind === "PROXY" ? `http://u:p${index}@127.0.0.1:900${index}` : `token-of-${index}`;
}

test("what is exported reads back as the same settings and secrets", () => {
  fc.assert(
    fc.property(config, (file) => {
      // JSON is YAML, and here it keeps the writer of the test honest about quotes.
      const first = parse(JSON.stringify(file), drawnVariables);
      const second = parse(renderSettings(first.settings), drawnVariables);
      assert.deepEqual(second.settings, first.settings);
      for (const { id } of first.settings.accounts) {
        assert.deepEqual(second.credentials.find(id), first.credentials.find(id));
      }
    }),
    { numRuns: 300 },
  );
});

test("what is journaled reads back as the same settings", () => {
  fc.assert(
    fc.property(config, (file) => {
      const { settings } = parse(JSON.stringify(file), drawnVariables);
      const body = JSON.parse(JSON.stringify({ settings, appliedBy: "operator" }));
      assert.deepEqual(readSettingsEntry(body, 1).settings, settings);
    }),
    { numRuns: 300 },
  );
});

test("the example comes back with its variables and without a secret", () => {
  const text = renderSettings(parse(EXAMPLE).settings);
  assert.ok(text.includes("accessToken: $" + "{ASHA_ACCESS_TOKEN}"), text);
  assert.doesNotMatch(text, /token-of|password-of|110000000|FILL-IN/);
});

test("what was written in the file comes back marked, and is refused until it is filled in", () => {
  const inline = EXAMPLE.replaceAll(/\$\{(\w+)\}/g, (_, name) => exampleVariables(name) ?? "");
  const text = renderSettings(parse(inline).settings);
  assert.doesNotMatch(text, /token-of|password-of|110000000/);
  assert.match(text, /^# FILL-IN-… marks/);
  assert.throws(
    () => parse(text),
    (error) => {
      assert.ok(error instanceof ConfigFault);
      assert.deepEqual(
        error.problems.map(({ field }) => field.split(".").slice(1).join(".")),
        [
          "clientId",
          "accessToken",
          "clientId",
          "accessToken",
          "clientId",
          "accessToken",
          "egress.proxy",
        ],
      );
      return true;
    },
  );
});
