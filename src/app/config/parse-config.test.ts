// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the file, not ours
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { toAccountId, toInstrumentKey } from "../../core/model/ids.ts";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { linksOf } from "./links-of.ts";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault, type Problem } from "./problem.ts";

function parse(text: string) {
  return parseConfig({
    text,
    origin: "tandem.yaml",
    folder: "/desk",
    variables: exampleVariables,
  });
}

function faultOf(text: string): ConfigFault {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof ConfigFault, String(error));
    return error;
  }
  assert.fail("expected the configuration to be refused");
}

function problemsOf(text: string): readonly Problem[] {
  return faultOf(text).problems;
}

function lineNumber(line: string): number {
  return EXAMPLE.split("\n").indexOf(line) + 1;
}

/** The example with one line replaced; fails when the line is not there. */
function withLine(line: string, replacement: string): string {
  assert.ok(EXAMPLE.includes(`${line}\n`), `the example has no line ${line}`);
  return EXAMPLE.replace(`${line}\n`, `${replacement}\n`);
}

const MINIMAL = `accounts:
  - { id: leader, clientId: "1100000001", accessToken: token-of-leader }
  - { id: asha, clientId: 1100000002, accessToken: token-of-asha }
links:
  - { id: leader-asha, leader: leader, follower: asha }
`;

describe("a right configuration", () => {
  test("becomes settings in our units, without any secret in them", () => {
    const { settings } = parse(EXAMPLE);
    assert.deepEqual(settings.links[0], {
      id: "leader-asha",
      leader: "leader",
      follower: "asha",
      mode: "active",
      sizing: { kind: "multiplier", bps: 5_000 },
      marketOrders: "protected-limit",
      copy: "orders",
      brackets: "super-order",
      afterLeaderFilled: { kind: "leave" },
      unprotected: "rearm",
      repair: { kind: "by-hand" },
      substitutions: { "NSE_EQ:1333": "BSE_EQ:500180" },
      maxAgeMs: 90_000,
      guards: { maxOrderValue: 5_000_002_500, maxPriceDistanceBps: 150 },
    });
    assert.deepEqual(settings.accounts[1], {
      id: "asha",
      clientId: { from: "env:ASHA_CLIENT_ID", masked: "11****02", check: "0c9" },
      accessToken: { from: "env:ASHA_ACCESS_TOKEN" },
      relation: "spouse",
      egress: { kind: "local-address", address: "127.0.0.2" },
    });
    assert.deepEqual(settings.accounts[2]?.egress, {
      kind: "proxy",
      from: "env:RAVI_PROXY",
      masked: "http://***@127.0.0.1:8080",
    });
    assert.doesNotMatch(JSON.stringify(settings), /token-of|password-of|110000000/);
  });

  test("has the live broker and one-for-one copying where nothing else is said", () => {
    const { settings, warnings } = parse(MINIMAL);
    assert.equal(settings.broker.restUrl, "https://api.dhan.co/v2");
    assert.equal(settings.broker.orderUpdateUrl, "wss://api-order-update.dhan.co");
    assert.equal(settings.broker.calendar, "market");
    assert.equal(settings.accounts[0]?.relation, "self");
    assert.deepEqual(settings.accounts[0]?.accessToken, { from: "inline" });
    assert.deepEqual(settings.links[0], {
      id: "leader-asha",
      leader: "leader",
      follower: "asha",
      mode: "active",
      sizing: { kind: "multiplier", bps: 10_000 },
      marketOrders: "protected-limit",
      copy: "orders",
      brackets: "super-order",
      afterLeaderFilled: { kind: "leave" },
      unprotected: "rearm",
      repair: { kind: "by-hand" },
      substitutions: {},
      maxAgeMs: 60_000,
      guards: {},
    });
    assert.deepEqual(warnings, []);
  });

  test("gives the secrets apart, and they print as a mark only", () => {
    const { credentials } = parse(EXAMPLE);
    assert.deepEqual(credentials.of(toAccountId("ravi")), {
      clientId: "1100000003",
      accessToken: "token-of-ravi",
      proxyUrl: "http://ravi:password-of-ravi@127.0.0.1:8080",
    });
    assert.ok(credentials.secretValues().includes("password-of-ravi"));
    for (const printed of [JSON.stringify(credentials), inspect(credentials), `${credentials}`]) {
      assert.doesNotMatch(printed, /token-of|password-of|110000000/);
    }
  });

  for (const [preset, url] of [
    ["live", "https://api.dhan.co/v2"],
    ["sandbox", "https://sandbox.dhan.co/v2"],
    ["simulator", "http://127.0.0.1:4610/v2"],
  ]) {
    test(`takes the broker preset ${preset} as a word and as a key`, () => {
      assert.equal(parse(`broker: ${preset}\n${MINIMAL}`).settings.broker.restUrl, url);
      const { broker } = parse(
        `broker: { preset: ${preset}, requestTimeoutMs: 700 }\n${MINIMAL}`,
      ).settings;
      assert.equal(broker.restUrl, url);
      assert.equal(broker.requestTimeoutMs, 700);
    });
  }

  test("leaves the sandbox without an order-update socket, and says so", () => {
    const { settings, warnings } = parse(`broker: sandbox\n${MINIMAL}`);
    assert.ok(!("orderUpdateUrl" in settings.broker));
    assert.match(warnings.join("\n"), /no order-update socket/);
  });

  test("reads a number from a variable, and a path relative to the file", () => {
    const text = withLine(
      "    sizing: { kind: multiplier, value: 0.5 }",
      "    sizing: { kind: multiplier, value: ${HALF} }",
    ).replace("http://127.0.0.1:4610/instruments", "files/instruments.csv");
    const { settings } = parse(text);
    assert.deepEqual(settings.links[0]?.sizing, { kind: "multiplier", bps: 5_000 });
    assert.equal(settings.broker.instruments, "/desk/files/instruments.csv");
  });

  test("reads a table of freeze quantities relative to the file, and none when it is left out", () => {
    const own = withLine("  calendar: always-open", "  freezeTable: files/freeze.yaml");
    assert.equal(parse(own).settings.broker.freezeTable, "/desk/files/freeze.yaml");
    assert.ok(!("freezeTable" in parse(`broker: live\n${MINIMAL}`).settings.broker));
  });

  test("reads a calendar of one's own relative to the file, and warns where it is not used", () => {
    const own = withLine("  calendar: always-open", "  calendarFile: files/days.yaml");
    const { settings, warnings } = parse(own);
    assert.equal(settings.broker.calendarFile, "/desk/files/days.yaml");
    assert.doesNotMatch(warnings.join("\n"), /calendarFile/);
    const both = parse(
      withLine("  calendar: always-open", "  calendar: always-open\n  calendarFile: a"),
    );
    assert.match(both.warnings.join("\n"), /calendarFile is not used/);
    assert.ok(!("calendarFile" in parse(`broker: live\n${MINIMAL}`).settings.broker));
  });

  test("warns of tokens sent in the clear and of half a broker", () => {
    const { warnings } = parse(`broker: { restUrl: "http://broker.example/v2" }\n${MINIMAL}`);
    assert.match(warnings.join("\n"), /unencrypted to http:\/\/broker\.example/);
    assert.match(warnings.join("\n"), /order updates come from the live broker/);
  });
});

describe("a wrong value", () => {
  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    ["    mode: active", "    mode: on", "links[0].mode", /one of active, close-only, paused, found "on"/],
    ["    mode: active", "    mode:", "links[0].mode", /expected one of .*found nothing/],
    ["    relation: spouse", "    relation: friend", "accounts[1].relation", /one of self, spouse/],
    ["    maxAgeSeconds: 90", "    maxAgeSeconds: 1.5", "links[0].maxAgeSeconds", /whole seconds.*found 1\.5/],
    ["    maxAgeSeconds: 90", "    maxAgeSeconds: 0", "links[0].maxAgeSeconds", /from 1 to 86400/],
    ["    maxAgeSeconds: 90", "    maxAgeSeconds: ${WORD}", "links[0].maxAgeSeconds", /something else in the variable/],
    ["  requestTimeoutMs: 5000", "  requestTimeoutMs: 5", "broker.requestTimeoutMs", /from 100 to 120000/],
    ["  calendar: always-open", "  freezeTable: https://x.example/f", "broker.freezeTable", /path of a file/],
    ["  calendar: always-open", "  calendarFile: https://x.example/d", "broker.calendarFile", /path of a file/],
    ["  calendar: always-open", "  calendar: nse", "broker.calendar", /one of market, always-open/],
    ["  restUrl: http://127.0.0.1:4610/v2", "  restUrl: 127.0.0.1:4610", "broker.restUrl", /http/],
    ["  restUrl: http://127.0.0.1:4610/v2", "  restUrl: http://a:b@127.0.0.1", "broker.restUrl", /without a user name/],
    ["  orderUpdateUrl: ws://127.0.0.1:4610/order-updates", "  orderUpdateUrl: http://127.0.0.1", "broker.orderUpdateUrl", /ws:\/\//],
    ["  - id: asha", "  - id: Asha!", "accounts[1].id", /lower-case.*found "Asha!"/],
    ["    egress: { localAddress: 127.0.0.2 }", "    egress: { localAddress: here }", "accounts[1].egress.localAddress", /IP address.*found "here"/],
    ["    egress: { localAddress: 127.0.0.2 }", "    egress: {}", "accounts[1].egress", /either localAddress or proxy/],
    ["    egress: { localAddress: 127.0.0.2 }", "    egress: { localAddress: 127.0.0.2, proxy: http://127.0.0.1:1 }", "accounts[1].egress", /either/],
    ["    egress: { proxy: ${RAVI_PROXY} }", "    egress: { proxy: socks-of-ravi }", "accounts[2].egress.proxy", /a proxy's URL such as [^,]*$/],
    ["    clientId: ${ASHA_CLIENT_ID}", "    clientId: 11 00", "accounts[1].clientId", /4 to 20 letters or digits$/],
    ["    clientId: ${ASHA_CLIENT_ID}", "    clientId: FILL-IN-CLIENT-ID-11****02", "accounts[1].clientId", /placeholder of `tandem export`/],
    ["    accessToken: ${ASHA_ACCESS_TOKEN}", "    accessToken: token of asha", "accounts[1].accessToken", /without spaces$/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier }", "links[0].sizing.value", /four decimals.*found nothing/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: half }", "links[0].sizing.value", /found "half"/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: 0.00001 }", "links[0].sizing.value", /four decimals/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: 100.0001 }", "links[0].sizing.value", /to 100/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: -1 }", "links[0].sizing.value", /0\.0001/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: .nan }", "links[0].sizing.value", /0\.0001/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: 0.5", "links[0].sizing", /a map with kind: multiplier/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: doubled }", "links[0].sizing.kind", /a map with kind: multiplier/],
    ["    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }", "    guards: { maxOrderValue: 0 }", "links[0].guards.maxOrderValue", /rupees above 0/],
    ["    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }", "    guards: { maxPriceDistanceBps: 1.5 }", "links[0].guards.maxPriceDistanceBps", /whole basis points/],
    ["    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }", "    guards: none", "links[0].guards", /a map of guards/],
    ["    copy: orders", "    copy: positions", "links[0].copy", /one of orders, fills, found "positions"/],
    ["    brackets: super-order", "    brackets: bracket", "links[0].brackets", /one of super-order, native, refuse, found "bracket"/],
    ["    unprotected: rearm", "    unprotected: leave", "links[0].unprotected", /one of rearm, flatten, found "leave"/],
    ["    repair: { kind: by-hand }", "    repair: towards-more", "links[0].repair", /a map with kind: by-hand or towards-less, found "towards-more"/],
    ["    repair: { kind: by-hand }", "    repair: { kind: towards-less }", "links[0].repair.afterSeconds", /whole seconds from 1 to 86400, found nothing/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: leave", "links[0].afterLeaderFilled", /a map with kind: leave or chase or cancel, found "leave"/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: follow }", "links[0].afterLeaderFilled.kind", /kind: leave or chase or cancel/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: cancel }", "links[0].afterLeaderFilled.afterSeconds", /whole seconds from 1 to 86400, found nothing/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: cancel, afterSeconds: 0 }", "links[0].afterLeaderFilled.afterSeconds", /from 1 to 86400, found 0/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: chase, afterSeconds: 5 }", "links[0].afterLeaderFilled.maxDistanceBps", /whole basis points from 1 to 10000, found nothing/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: chase, maxDistanceBps: 50 }", "links[0].afterLeaderFilled.afterSeconds", /whole seconds.*found nothing/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: chase, afterSeconds: 1.5, maxDistanceBps: 50 }", "links[0].afterLeaderFilled.afterSeconds", /whole seconds.*found 1\.5/],
    ["    afterLeaderFilled: { kind: leave }", "    afterLeaderFilled: { kind: leave, afterSeconds: 5 }", "links[0].afterLeaderFilled.afterSeconds", /unknown key/],
    ["    follower: asha", "    follower: *asha", "links[0].follower", /not readable as YAML|aliases/],
  ];

  for (const [line, replacement, field, message] of rows) {
    test(`${replacement.trim()} is refused at its line and at ${field}`, () => {
      const [first] = problemsOf(withLine(line, replacement));
      assert.equal(first?.line, lineNumber(line));
      assert.match(first?.message ?? "", message);
      if (!first?.message.startsWith("not readable")) assert.equal(first?.field, field);
    });
  }
});

describe("substitutions", () => {
  const LINE = '    substitutions: { "NSE_EQ:1333": "BSE_EQ:500180" }';

  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    ["no map", "BSE_EQ:500180", "", /a map of the leader's contracts.*found "BSE_EQ:500180"/],
    ["a list", "[NSE_EQ:1333]", "", /a map of the leader's contracts.*found a list/],
    ["a key without a segment", '{ "1333": "BSE_EQ:500180" }', ".1333", /^the key must be a contract as segment and security id/],
    ["a symbol for a security id", '{ "NSE_EQ:HDFCBANK": "BSE_EQ:500180" }', ".NSE_EQ:HDFCBANK", /^the key must be/],
    ["a number for a contract", '{ "NSE_EQ:1333": 500180 }', ".NSE_EQ:1333", /^expected a contract as segment.*found 500180$/],
    ["nothing for a contract", '{ "NSE_EQ:1333": }', ".NSE_EQ:1333", /found nothing$/],
    ["an unknown segment", '{ "NSE_EQ:1333": "BSE_EQT:500180" }', ".NSE_EQ:1333", /^orders go to no segment BSE_EQT; did you mean BSE_EQ\?$/],
    ["an unknown segment of the leader's", '{ "XYZ:1333": "BSE_EQ:500180" }', ".XYZ:1333", /^orders go to no segment XYZ; known are NSE_EQ, /],
    ["an index", '{ "IDX_I:13": "BSE_EQ:500180" }', ".IDX_I:13", /^orders go to no segment IDX_I/],
    ["a contract for itself", '{ "NSE_EQ:1333": "NSE_EQ:1333" }', ".NSE_EQ:1333", /in place of itself/],
    ["a chain", '{ "NSE_EQ:1": "BSE_EQ:2", "BSE_EQ:2": "NSE_EQ:3" }', ".NSE_EQ:1", /^BSE_EQ:2 is replaced itself; substitutions do not chain$/],
    ["a swap", '{ "NSE_EQ:1": "BSE_EQ:2", "BSE_EQ:2": "NSE_EQ:1" }', ".NSE_EQ:1", /do not chain/],
    ["one contract for two", '{ "NSE_EQ:1": "BSE_EQ:2", "NSE_EQ:3": "BSE_EQ:2" }', ".NSE_EQ:3", /^BSE_EQ:2 is traded for NSE_EQ:1 already/],
    ["two contracts for one", '{ "NSE_EQ:1": "BSE_EQ:2", "NSE_EQ:1": "BSE_EQ:3" }', ".NSE_EQ:1", /^stands here twice/],
    ["a prototype", '{ "__proto__": "BSE_EQ:3" }', ".__proto__", /^the key must be/],
  ];
  for (const [what, value, field, message] of rows) {
    test(`are refused by the name of the field: ${what}`, () => {
      const [first] = problemsOf(withLine(LINE, `    substitutions: ${value}`));
      assert.equal(first?.line, lineNumber(LINE));
      assert.equal(first?.field, `links[0].substitutions${field}`);
      assert.match(first?.message ?? "", message);
    });
  }

  test("are read from a block without quotes, each problem at its own line", () => {
    const block = "    substitutions:\n      NSE_EQ:1333: BSE_EQ:500180\n      NSE_EQ:2: NSE_EQ:2";
    const [first, ...rest] = problemsOf(withLine(LINE, block));
    assert.equal(rest.length, 0);
    assert.equal(first?.line, lineNumber(LINE) + 2);
    assert.equal(first?.field, "links[0].substitutions.NSE_EQ:2");
  });

  test("by the thousand are refused as a whole", () => {
    const pairs = Array.from({ length: 1_001 }, (_, n) => `"NSE_EQ:${n}": "BSE_EQ:${n}"`);
    const problems = problemsOf(withLine(LINE, `    substitutions: { ${pairs.join(", ")} }`));
    assert.deepEqual(
      problems.map(({ field, message }) => [field, message]),
      [["links[0].substitutions", "expected 1000 substitutions at most, found a map"]],
    );
  });

  test("between kinds of contract are taken with a warning, between exchanges without", () => {
    assert.doesNotMatch(parse(EXAMPLE).warnings.join("\n"), /another kind/);
    const value = '    substitutions: { "NSE_EQ:1333": "NSE_FNO:500180" }';
    assert.match(
      parse(withLine(LINE, value)).warnings.join("\n"),
      /^link leader-asha: NSE_EQ:1333 is traded as NSE_FNO:500180, another kind of contract/m,
    );
  });

  test("reach the core as a map, and are absent there when there are none", () => {
    const [asha, ravi] = linksOf(parse(EXAMPLE).settings);
    const key = toInstrumentKey("NSE_EQ", "1333");
    assert.equal(asha?.substitutions?.get(key), "BSE_EQ:500180");
    assert.ok(ravi !== undefined && !("substitutions" in ravi));
  });
});

test("what becomes of a child that rests is in milliseconds, with its bounds", () => {
  const line = "    afterLeaderFilled: { kind: leave }";
  const ruleOf = (value: string) =>
    parse(withLine(line, `    afterLeaderFilled: ${value}`)).settings.links[0]?.afterLeaderFilled;
  const chase = "{ kind: chase, afterSeconds: 5, maxDistanceBps: 50 }";
  assert.deepEqual(ruleOf(chase), { kind: "chase", afterMs: 5_000, maxDistanceBps: 50 });
  assert.deepEqual(ruleOf("{ kind: cancel, afterSeconds: 90 }"), {
    kind: "cancel",
    afterMs: 90_000,
  });
});

describe("what this version does not do", () => {
  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    ["    copy: orders", "    copyAt: transit", "links[0].copyAt", /not available in this version/],
    ["    accessToken: ${ASHA_ACCESS_TOKEN}", "    login: { pin: ${HALF}, totpSecret: ${HALF} }", "accounts[1].login", /not available in this version.*accessToken/],
  ];

  for (const [line, replacement, field, message] of rows) {
    test(`is refused by name: ${replacement.trim()}`, () => {
      const problem = problemsOf(withLine(line, replacement)).find((each) => each.field === field);
      assert.match(problem?.message ?? `no problem at ${field}`, message);
    });
  }
});

describe("unknown keys", () => {
  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }", "    gaurds: {}", /did you mean guards\?/],
    ["    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }", "    guards: { maxOrdervalue: 1 }", /did you mean maxOrderValue\?/],
    ["    sizing: { kind: multiplier, value: 0.5 }", "    sizing: { kind: multiplier, value: 1, valeu: 1 }", /did you mean value\?/],
    ["  calendar: always-open", "  calender: always-open", /did you mean calendar\?/],
    ["    relation: spouse", "    qqqqqq: spouse", /^unknown key; Known here: id, clientId, accessToken, shadow, relation, egress$/],
    ["    relation: spouse", "    __proto__: { id: x }", /unknown key/],
    ["links:", "link:", /did you mean links\?/],
  ];
  for (const [line, replacement, message] of rows) {
    test(`are refused with the nearest known one: ${replacement.trim()}`, () => {
      const found = problemsOf(withLine(line, replacement)).find((each) =>
        message.test(each.message),
      );
      assert.equal(found?.line, lineNumber(line));
    });
  }
});

describe("parts that do not fit together", () => {
  const account = (id: string, clientId: string, more = "") =>
    `  - { id: ${id}, clientId: "${clientId}", accessToken: token-of-${id}${more} }\n`;
  const link = (id: string, leader: string, follower: string) =>
    `  - { id: ${id}, leader: ${leader}, follower: ${follower} }\n`;
  const accounts = `accounts:\n${account("a", "1001")}${account("b", "1002")}${account("c", "1003")}`;

  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, number, string, RegExp])[] = [
    ["two accounts of one name", `${accounts}${account("a", "1004")}links:\n${link("l", "a", "b")}`, 5, "accounts[3].id", /"a" is already the name of accounts\[0\]/],
    ["two accounts of one client", `${accounts}${account("d", "1001")}links:\n${link("l", "a", "b")}`, 5, "accounts[3].clientId", /already that of accounts\[0\]$/],
    ["two links of one name", `${accounts}links:\n${link("l", "a", "b")}${link("l", "a", "c")}`, 7, "links[1].id", /"l" is already the name of links\[0\]/],
    ["two links of one pair", `${accounts}links:\n${link("l", "a", "b")}${link("m", "a", "b")}`, 7, "links[1].follower", /a -> b is already the pair of links\[0\]/],
    ["an account that is not there", `${accounts}links:\n${link("l", "a", "zed")}`, 6, "links[0].follower", /no account is named "zed"$/],
    ["an account following itself", `${accounts}links:\n${link("l", "a", "a")}`, 6, "links[0].follower", /"a" cannot follow itself/],
    ["a cycle of two", `${accounts}links:\n${link("l", "a", "b")}${link("m", "b", "a")}`, 7, "links[1]", /cycle: a -> b -> a$/],
    ["a cycle of three", `${accounts}links:\n${link("l", "a", "b")}${link("m", "b", "c")}${link("n", "c", "a")}`, 8, "links[2]", /cycle: a -> b -> c -> a$/],
    ["one address for two accounts", `accounts:\n${account("a", "1001", ", egress: { localAddress: 127.0.0.2 }")}${account("b", "1002", ", egress: { localAddress: 127.0.0.2 }")}links:\n${link("l", "a", "b")}`, 3, "accounts[1].egress", /ties an address to one client.*accounts\[0\]/],
  ];
  for (const [what, text, line, field, message] of rows) {
    test(`are refused: ${what}`, () => {
      const problems = problemsOf(text);
      assert.deepEqual(
        problems.map((problem) => [problem.line, problem.field]),
        [[line, field]],
      );
      assert.match(problems[0]?.message ?? "", message);
    });
  }

  test("do not include a diamond of links, which is no cycle", () => {
    const text = `${accounts}links:\n${link("l", "a", "b")}${link("m", "a", "c")}${link("n", "b", "c")}`;
    assert.equal(parse(text).settings.links.length, 3);
  });

  test("suggest the account that was probably meant", () => {
    const [problem] = problemsOf(withLine("    follower: asha", "    follower: asah"));
    assert.match(problem?.message ?? "", /did you mean "asha"\?/);
  });
});

describe("variables", () => {
  test("that are not set are named with their line, once", () => {
    const text = withLine("    accessToken: ${ASHA_ACCESS_TOKEN}", "    accessToken: ${NOT_SET}");
    assert.deepEqual(problemsOf(text), [
      {
        line: 14,
        field: "accounts[1].accessToken",
        message: "the variable NOT_SET is not set; set it in the environment or in .env",
      },
    ]);
  });

  test("that are empty are as good as not set", () => {
    const text = withLine("    accessToken: ${ASHA_ACCESS_TOKEN}", "    accessToken: ${EMPTY}");
    assert.match(problemsOf(text)[0]?.message ?? "", /the variable EMPTY is empty/);
  });

  test("need a proper name", () => {
    const text = withLine("    accessToken: ${ASHA_ACCESS_TOKEN}", '    accessToken: "${A-B}"');
    assert.match(problemsOf(text)[0]?.message ?? "", /\$\{A-B\} is not a variable/);
  });

  test("mixed with other text are put in, and the value counts as written in the file", () => {
    const text = withLine("    accessToken: ${ASHA_ACCESS_TOKEN}", "    accessToken: x-${WORD}");
    const { settings, credentials } = parse(text);
    assert.equal(credentials.of(toAccountId("asha")).accessToken, "x-half");
    assert.deepEqual(settings.accounts[1]?.accessToken, { from: "inline" });
  });
});

describe("a bad file", () => {
  test("lists all of its problems at once, by line, and shows no secret", () => {
    const text = EXAMPLE.replace("mode: active", "mode: on")
      .replace("accessToken: ${ASHA_ACCESS_TOKEN}", "accessToken: hidden token of asha")
      .replace("follower: ravi", "follower: ravii")
      .replace("calendar:", "calender:");
    const fault = faultOf(text);
    assert.deepEqual(
      fault.problems.map(({ line }) => line),
      [7, 14, 25, 38],
    );
    assert.match(fault.message, /^tandem\.yaml has 4 problems; nothing was changed:\n {2}line 7, /);
    assert.doesNotMatch(fault.message, /hidden token/);
  });

  // biome-ignore format: one row a line
  const rows: readonly (readonly [string, string, number | undefined, RegExp])[] = [
    ["nothing in it", "", 1, /expected a map with broker, accounts and links, found nothing/],
    ["no map in it", "- a\n- b\n", 1, /found a list/],
    ["no accounts", "links: []\n", 1, /expected a list of accounts, found nothing/],
    ["one account", `accounts:\n  - { id: a, clientId: "1001", accessToken: token }\nlinks: []\n`, 1, /two accounts or more/],
    ["no links", MINIMAL.replace(/links:[\s\S]*$/, "links: []\n"), 4, /one link or more, found an empty list/],
    ["a tab for indentation", "broker:\n\tpreset: live\n", 2, /not readable as YAML: Tabs/],
    ["a key twice", "broker: live\nbroker: live\n", 2, /unique/],
    ["two documents", `${MINIMAL}---\n${MINIMAL}`, 6, /documents/],
    ["an anchor used again", `x: &a 1\n${MINIMAL.replace("follower: asha", "follower: *a")}`, 6, /aliases/],
    ["a client id that lost its quotes and has a leading zero", MINIMAL.replace('"1100000001"', "0100 01"), 2, /client id/],
  ];
  for (const [what, text, line, message] of rows) {
    test(`is refused with one clear message: ${what}`, () => {
      const found = problemsOf(text).find((each) => message.test(each.message));
      assert.ok(found, faultOf(text).message);
      assert.equal(found.line, line);
    });
  }

  test("keeps the leading zero of a client id without quotes", () => {
    const { credentials } = parse(MINIMAL.replace('"1100000001"', "0100000001"));
    assert.equal(credentials.of(toAccountId("leader")).clientId, "0100000001");
  });

  test("with very many problems shows the first and says how many more there are", () => {
    const link = "  - { id: l, leader: nobody, follower: nobody }\n";
    const fault = faultOf(MINIMAL + link.repeat(100));
    assert.ok(fault.problems.length > 100);
    assert.equal(fault.message.split("\n").length, 32);
    assert.match(fault.message, /\n {2}and \d+ more$/);
  });

  test("that is far too large is not read at all", () => {
    assert.match(faultOf("#".repeat(4_000_001)).message, /larger than 4 MB/);
  });
});

test("a user name and a password are refused in every URL of the broker, and not shown", () => {
  const places = {
    "  restUrl: http://127.0.0.1:4610/v2": "  restUrl: http://asha:pass-of-asha@127.0.0.1/v2",
    "  authUrl: http://127.0.0.1:4610/auth": "  authUrl: http://asha:pass-of-asha@127.0.0.1/auth",
    "  orderUpdateUrl: ws://127.0.0.1:4610/order-updates":
      "  orderUpdateUrl: ws://asha:pass-of-asha@127.0.0.1",
    "  instruments: http://127.0.0.1:4610/instruments":
      "  instruments: http://asha:pass-of-asha@127.0.0.1/instruments",
  };
  for (const [line, replacement] of Object.entries(places)) {
    const fault = faultOf(withLine(line, replacement));
    assert.match(fault.message, /without a user name or password/, replacement);
    assert.doesNotMatch(fault.message, /pass-of-asha/);
  }
});
