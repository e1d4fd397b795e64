/** Holds docs/reference/reason-codes.md to the codes that there are, in both directions. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ALARM_CODES, HOLD_CODES, SKIP_CODES } from "../../core/model/reason.ts";
import { REPAIR_CODES } from "../../core/model/repair.ts";
import { NEVER_OPENED_CODES } from "./never-opened.ts";
import { alarmSentence, holdSentence, skipSentence } from "./reasons.ts";

const page = readFileSync(
  new URL("../../../docs/reference/reason-codes.md", import.meta.url),
  "utf8",
);

const SECTIONS = {
  Skipped: SKIP_CODES,
  Held: HOLD_CODES,
  Alarms: ALARM_CODES,
  "Never considered": NEVER_OPENED_CODES,
  "Not repaired": REPAIR_CODES,
} as const;

for (const [title, codes] of Object.entries(SECTIONS)) {
  test(`the page's section "${title}" has every code and no other, each with what to do`, () => {
    const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
    assert.ok(section, `the page has no section ${title}`);
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)];
    const onPage = rows.map(([, code]) => code);
    assert.deepEqual(onPage.toSorted(), Object.keys(codes).toSorted());
  });
}

test("every code has a sentence of its own, whatever its inputs", () => {
  const skips = Object.keys(SKIP_CODES) as (keyof typeof SKIP_CODES)[];
  for (const code of skips) assert.equal(skipSentence(code, {}), SKIP_CODES[code]);
  const holds = Object.keys(HOLD_CODES) as (keyof typeof HOLD_CODES)[];
  for (const code of holds) assert.equal(holdSentence(code, {}), HOLD_CODES[code]);
  const alarms = Object.keys(ALARM_CODES) as (keyof typeof ALARM_CODES)[];
  for (const code of alarms) assert.equal(alarmSentence(code, {}), ALARM_CODES[code]);
});

test("inputs that no sentence is made for are shown behind the code's own", () => {
  const inputs = { command: "place", text: "a\nb", empty: "" };
  assert.equal(
    alarmSentence("unknown-order", inputs),
    `${ALARM_CODES["unknown-order"]} (command "place", text "a b")`,
  );
});

test("inputs are shown in the units of their names", () => {
  const inputs = { left: 50, stopE4: 16_400_000, sinceMs: 1_500, limitBps: 150, hasStop: true };
  assert.equal(
    alarmSentence("unprotected", inputs),
    `${ALARM_CODES.unprotected} (left 50, stop 1640.00, since 1.5 s, limit 1.5 %, has stop yes)`,
  );
});

test("a code that another version has written is shown as it is", () => {
  const code = "toString" as keyof typeof SKIP_CODES;
  assert.equal(skipSentence(code, { family: "bracket" }), 'toString (family "bracket")');
});

test("sentences with their numbers", () => {
  const sentences = [
    skipSentence("too-old", { ageMs: 125_000, maxAgeMs: 60_000 }),
    skipSentence("order-value-above-limit", { valueE4: 6e9, limitE4: 5e9, priceE4: 16_500_000 }),
    skipSentence("price-too-far", {
      leaderAverageE4: 16_500_000,
      lastPriceE4: 16_800_000,
      limitBps: 150,
    }),
    skipSentence("below-one-lot", { copied: 65, leaderReduces: 65, leaderHad: 130 }),
    skipSentence("gave-up", { attempts: 5 }),
    holdSentence("account-holds-less", { exit: 10, basis: 50 }),
    skipSentence("own-legs", { group: "L1" }),
    skipSentence("own-trigger", { trigger: "L2" }),
  ];
  assert.deepEqual(sentences, [
    "the leader's order was 2 min old when it could first be acted on; the link enters nothing older than 1 min",
    "the order would be worth 600000.00 rupees; the link's limit is 500000.00",
    "the price is 1680.00 and the leader filled at 1650.00; that is further than the link's 1.5 %",
    "the leader reduced 65 of 130; half of 65 copied is less than one lot",
    "it was not accepted in 5 attempts",
    "50 were copied, but the account holds less by now: the exit is 10",
    "it is an exit leg of the group L1, and the follower's copy of that group has legs of its own",
    "it was fired by the trigger L2, and the follower holds a trigger of his own, which fires by itself",
  ]);
});
