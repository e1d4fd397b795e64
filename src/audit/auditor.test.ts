import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryJournal, memoryStore } from "../journal/memory/journal.ts";
import { silentLogger } from "../platform/logger.ts";
import { manualClock } from "../platform/manual-clock.ts";
import type { Journal } from "../ports/journal.ts";
import { Auditor, type Breach } from "./auditor.ts";
import type { AuditWorld, MakeAuditCheck, TakenEntries } from "./check.ts";
import type { NamedCheck } from "./live-checks.ts";

const STREAM = "follower/asha";

/** Tells whatever fact of kind "bad" says. */
const badFacts: MakeAuditCheck = (_world, tell) => ({
  onEntries({ entries }) {
    for (const { kind, body } of entries) if (kind === "bad") tell((body as { text: string }).text);
  },
});

function named(make: MakeAuditCheck): NamedCheck {
  return { name: "bad-facts", promise: "P1", make };
}

function start(make: MakeAuditCheck = badFacts, journal: Journal = memoryJournal(memoryStore())) {
  const clock = manualClock(Date.parse("2026-12-01T10:00:00+05:30"));
  const breaches: Breach[] = [];
  const errors: string[] = [];
  const logger = { ...silentLogger(), error: (event: string) => errors.push(event) };
  const armed = new Set<string>();
  const auditor = new Auditor(
    {
      clock,
      logger,
      journal,
      links: [{ id: "leader-asha", leader: "leader", follower: "asha" }],
      secrets: () => [],
      rulesOf: () => undefined,
      armed: () => armed,
      onBreach: (breach) => breaches.push(breach),
    },
    [named(make)],
  );

  /** The store has it, and the auditor hears of it. */
  async function writes(...texts: readonly string[]): Promise<TakenEntries> {
    const expectedSeq = await journal.lastSeq(STREAM);
    const entries = texts.map((text) => ({ kind: "bad", atMs: clock.nowMs(), body: { text } }));
    await journal.append([{ stream: STREAM, expectedSeq, entries }]);
    const taken = { stream: STREAM, firstSeq: expectedSeq + 1, entries };
    auditor.heard({ kind: "entries", taken, durableAtMs: clock.monotonicMs() });
    return taken;
  }

  return { clock, auditor, breaches, errors, armed, journal, writes };
}

/** Lets promises that wait for nothing run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what it hears is looked at a moment later, and a breach is published once", async () => {
  const { clock, auditor, breaches, errors, writes } = start();
  await writes("something is wrong");
  await writes("something is wrong", "more is wrong");
  clock.advance(19);
  await settled();
  assert.deepEqual(breaches, []);
  clock.advance(1);
  await settled();
  assert.deepEqual(
    breaches.map(({ promise, check, text }) => [promise, check, text]),
    [
      ["P1", "bad-facts", "something is wrong"],
      ["P1", "bad-facts", "more is wrong"],
    ],
  );
  assert.deepEqual(auditor.breaches, breaches);
  assert.deepEqual(errors, ["audit.breach", "audit.breach"]);
  assert.deepEqual(auditor.counts, [
    { check: "bad-facts", promise: "P1", performed: 2, breaches: 2 },
  ]);
});

test("while things happen the checks wait, and no longer than their patience", async () => {
  const { clock, breaches, writes } = start();
  const foundAfterMs = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await writes(`wrong at ${clock.monotonicMs()}`);
      clock.advance(15);
      await settled();
      if (breaches.length > 0) return (time + 1) * 15;
    }
    return undefined;
  };
  assert.equal(await foundAfterMs(40), 300);
});

test("what was broken before this process began is not found again", async () => {
  const { auditor, breaches, journal, writes } = start();
  await writes("old");
  await auditor.close();
  assert.equal(breaches.length, 1);
  const next = start(badFacts, journal);
  for await (const entry of journal.read(STREAM)) next.auditor.replayed(entry);
  for await (const entry of journal.read(STREAM)) next.auditor.replayed(entry);
  await next.writes("new");
  await next.auditor.close();
  assert.deepEqual(
    next.breaches.map(({ text }) => text),
    ["new"],
  );
});

test("where the journal has another writer nothing is certain", async () => {
  const { clock, auditor, breaches, journal, writes } = start();
  await writes("mine");
  const entries = [{ kind: "fine", atMs: 1, body: {} }];
  await journal.append([{ stream: STREAM, expectedSeq: 1, entries }]);
  const closed = auditor.close();
  for (let turn = 0; turn < 5; turn += 1) {
    await settled();
    clock.advance(150);
  }
  await closed;
  assert.deepEqual(breaches, []);
});

test("an append of its own that is still being told of raises no doubt", async () => {
  const { clock, auditor, breaches, journal, writes } = start();
  await writes("mine");
  const entries = [{ kind: "fine", atMs: 1, body: {} }];
  await journal.append([{ stream: STREAM, expectedSeq: 1, entries }]);
  clock.advance(20);
  await settled();
  assert.deepEqual(breaches, []);
  const taken = { stream: STREAM, firstSeq: 2, entries };
  auditor.heard({ kind: "entries", taken, durableAtMs: clock.monotonicMs() });
  clock.advance(150);
  await settled();
  assert.equal(breaches.length, 1);
});

test("a journal that cannot be read proves nothing", async () => {
  const { clock, breaches, journal, writes } = start();
  await writes("mine");
  await journal.close();
  clock.advance(20);
  await settled();
  assert.deepEqual(breaches, []);
});

test("a check that fails is counted and told of, and the program goes on", async () => {
  const failing: MakeAuditCheck = () => ({
    onEntries() {
      throw new TypeError("a bug of the check");
    },
  });
  const { auditor, breaches, errors, writes } = start(failing);
  await writes("whatever");
  await auditor.close();
  assert.deepEqual([auditor.faults, errors, breaches], [1, ["audit.checkFailed"], []]);
});

test("what gathers beyond its bound is looked at at once, and nothing of it is lost", async () => {
  let heard = 0;
  const counting: MakeAuditCheck = () => ({
    onCall() {
      heard += 1;
    },
  });
  const { clock, auditor } = start(counting);
  const call = { account: "asha", kind: "cancel", leftAtMs: 0 } as const;
  for (let count = 0; count < 20_000; count += 1) auditor.heard({ kind: "call", call });
  assert.equal(heard, 20_000);
  auditor.heard({ kind: "call", call });
  clock.advance(20);
  assert.equal(heard, 20_001);
  await auditor.close();
  auditor.heard({ kind: "call", call });
  assert.equal(heard, 20_001);
});

test("checks learn since when a link acts, tick by tick, and what may be forgotten", async () => {
  const seen: (number | undefined)[] = [];
  const forgotten: number[] = [];
  const watching = (world: AuditWorld) => ({
    onTick: () => seen.push(world.armedSinceMs("leader-asha")),
    forget: (beforeMs: number) => forgotten.push(beforeMs),
  });
  const { clock, armed } = start(watching as unknown as MakeAuditCheck);
  clock.advance(5_000);
  armed.add("leader-asha");
  clock.advance(10_000);
  armed.clear();
  clock.advance(5_000);
  assert.deepEqual(seen, [undefined, 10_000, 10_000, undefined]);
  assert.deepEqual(forgotten, []);
  clock.advance(600_000);
  assert.equal(forgotten.length, 1);
});

test("an entry that was changed behind its back is found as the journal is read back", async () => {
  const store = memoryStore();
  const { clock, auditor, breaches, writes } = start(undefined, memoryJournal(store));
  const explained: NamedCheck = { name: "explained", promise: "P10", make: () => ({}) };
  await auditor.close();
  await writes("first");
  const next = new Auditor(
    {
      clock,
      logger: silentLogger(),
      journal: memoryJournal(store),
      links: [],
      secrets: () => [],
      rulesOf: () => undefined,
      armed: () => new Set(),
      onBreach: (breach) => breaches.push(breach),
    },
    [explained],
  );
  const stored = store.streams.get(STREAM);
  const [first] = stored ?? [];
  assert(stored && first);
  stored[0] = { ...first, sealed: { ...first.sealed, bodyText: '{"text":"forged"}' } };
  const taken = { stream: STREAM, firstSeq: 1, entries: [] };
  next.heard({
    kind: "entries",
    taken: { ...taken, entries: [first.sealed as never] },
    durableAtMs: 0,
  });
  clock.advance(5_000);
  await settled();
  await next.close();
  assert.match(
    breaches.at(-1)?.text ?? "",
    /follower\/asha#1: its content does not match its hash/,
  );
});
