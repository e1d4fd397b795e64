/**
 * A simulated day as a person reads it: who did what at the broker, what Tandem decided, what went
 * wrong, what was broken, in the order of time.
 */
import type { CopyId, FollowerFact } from "../../core/model/fact.ts";
import { type AccountId, type CorrelationId, toAccountId } from "../../core/model/ids.ts";
import { followerStream } from "../../core/model/stream.ts";
import { type EpochMs, toEpochMs } from "../../core/model/time.ts";
import { foldFollower } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import { formatIstTime } from "../../platform/ist.ts";
import type { NewEntry, StreamName } from "../../ports/journal.ts";
import { factSentence } from "../../server/read/fact-sentence.ts";
import type { OrderChange } from "../../simulator/index.ts";
import { instrumentOf, type Row } from "./books.ts";
import type { MakeCheck } from "./checks/check.ts";
import type { Strike } from "./faults/strike.ts";
import { instrumentByKey } from "./instruments.ts";
import type { World } from "./world.ts";

/** "10:00:03.120  tandem/asha  …"; "asha" alone is what the broker did with an order of hers. */
export type StoryLine = string;

/** More is no story any more; the end is what tells. */
const LINES_MAX = 2_000;
const NAME_LENGTH = "tandem/meera".length;

export class Story {
  readonly #lines: { readonly atMs: EpochMs; readonly line: StoryLine }[] = [];
  #world: World | undefined;

  /** Takes everything down from the beginning of the world on. */
  readonly listen: MakeCheck = (world) => {
    this.#world = world;
    const broker = new BrokerTeller(world);
    const journal = new JournalTeller(world.options.followers.map(({ name }) => name));
    world.trace.onEvent = (parts) => {
      const text = eventSentence(parts, [...world.everyone, ...(world.shadow?.voices ?? [])]);
      if (text !== undefined) this.#add(world.clock.nowMs(), ...text);
    };
    return {
      name: "story",
      onOrder: (change) => {
        const text = broker.sentence(change);
        if (text !== undefined) this.#add(world.clock.nowMs(), ...text);
      },
      onEntries: (stream, entries) => {
        for (const { atMs, name, text } of journal.sentences(stream, entries)) {
          this.#add(toEpochMs(atMs), `tandem/${name}`, text);
        }
      },
    };
  };

  /** Something that was found to be broken, now. */
  broken(text: string): void {
    if (this.#world !== undefined) this.#add(this.#world.clock.nowMs(), "BROKEN", text);
  }

  /** In the order of time; of a broken day, up to the last that was found. */
  get lines(): readonly StoryLine[] {
    const last = this.#lines.findLastIndex(({ line }) => isBreach(line));
    const end = last === -1 ? this.#lines.length : last + 1;
    // What is on its way to the journal is told when it is there, with the time of its writing.
    const told = this.#lines.slice(Math.max(0, end - LINES_MAX), end);
    return told.sort((a, b) => a.atMs - b.atMs).map(({ line }) => line);
  }

  #add(atMs: EpochMs, who: string, text: string): void {
    if (this.#lines.length === 2 * LINES_MAX) this.#lines.splice(0, LINES_MAX);
    // Order ids of the simulator: the day, and the order's number in it.
    const short = text.replaceAll(/\b\d{9}0*(\d{1,6}\b)(?<=\b\d{15})/g, "#$1");
    const line = `${formatIstTime(atMs)}  ${who.padEnd(NAME_LENGTH)}  ${short}`;
    this.#lines.push({ atMs, line });
  }
}

const TIME_LENGTH = "10:00:03.120".length;

export function isBreach(line: StoryLine): boolean {
  return line.slice(TIME_LENGTH).trimStart().startsWith("BROKEN ");
}

type Told = readonly [who: string, text: string];

/** What became of an order at the broker, since the last time that it was told of. */
class BrokerTeller {
  readonly #names: ReadonlyMap<string, string>;
  readonly #rows = new Map<string, Row>();

  constructor(world: World) {
    this.#names = new Map(world.everyone.map((name) => [world.clientOf(name), name]));
  }

  sentence({ clientId, orderId, row, group }: OrderChange): Told | undefined {
    const before = this.#rows.get(`${clientId} ${orderId}`);
    this.#rows.set(`${clientId} ${orderId}`, row);
    const who = this.#names.get(clientId) ?? clientId;
    const part = group === undefined || group.role === "entry" ? "" : ` (${group.role})`;
    const terms = termsOf(row);
    if (before === undefined) return [who, `${orderId}${part} new: ${terms}, ${row.orderStatus}`];
    const changes = [
      ...(terms === termsOf(before) ? [] : [terms]),
      ...(row.filledQty === before.filledQty ? [] : [`${row.filledQty} filled`]),
      ...(row.orderStatus === before.orderStatus ? [] : [row.orderStatus]),
    ];
    return changes.length === 0 ? undefined : [who, `${orderId}${part}: ${changes.join(", ")}`];
  }
}

function termsOf(row: Row): string {
  const { transactionType, quantity, productType, orderType, price, triggerPrice } = row;
  const instrument = instrumentOf(row);
  const key = instrument as Parameters<typeof instrumentByKey>[0];
  const symbol = instrumentByKey(key)?.symbol ?? instrument;
  const at = orderType === "MARKET" ? " at the market" : ` at ${price}`;
  const trigger = triggerPrice > 0 ? `, trigger ${triggerPrice}` : "";
  return `${transactionType} ${quantity} ${symbol} ${productType}${at}${trigger}`;
}

/** Events of the trace that are no order's change and no decision: faults, deaths, lost replies. */
function eventSentence(parts: readonly string[], names: readonly string[]): Told | undefined {
  const [who = "", what = "", method = "", path = "", rest = ""] = parts;
  if (who === "journal") return undefined;
  if (who === "strike") return ["FAULT", strikeWords(what)];
  if (!names.includes(who)) return ["FAULT", parts.join(" ")];
  if (what === "no reply to") return [who, `no reply to ${method} ${path}: ${rest}`];
  if (what === "socket" && method === "closed") return [who, `the order socket closes: ${path}`];
  const isRefused = what === "reply to" && Number(rest) >= 400 && method !== "GET";
  return isRefused ? [who, `${method} ${path} is answered with ${rest}: ${parts[5]}`] : undefined;
}

function strikeWords(json: string): string {
  const { kind, account, isAimed, ms, count, path } = JSON.parse(json) as Partial<Strike>;
  const words = [
    `${kind} strikes ${account ?? "everybody"}`,
    ...(isAimed === true ? ["at the next order command"] : []),
    ...(path === undefined ? [] : [`on ${path}`]),
    `${ms} ms, count ${count}`,
  ];
  return words.join(", ");
}

interface FollowerStory {
  readonly account: AccountId;
  state: FollowerState;
  seq: number;
  readonly sentAtMs: Map<CorrelationId, EpochMs>;
}

/** What the journal says was decided, in the words of `tandem explain`. */
class JournalTeller {
  readonly #followers: ReadonlyMap<StreamName, FollowerStory>;

  constructor(names: readonly string[]) {
    this.#followers = new Map(
      names.map((name) => {
        const account = toAccountId(name);
        const story = { account, state: emptyFollower(account), seq: 0, sentAtMs: new Map() };
        return [followerStream(account), story];
      }),
    );
  }

  *sentences(stream: StreamName, entries: readonly NewEntry[]) {
    const follower = this.#followers.get(stream);
    if (follower === undefined) return;
    for (const { atMs, body } of entries) {
      const text = sentenceOf(follower, body as FollowerFact, atMs);
      if (text !== undefined) yield { atMs, name: follower.account, text };
    }
  }
}

function sentenceOf(follower: FollowerStory, fact: FollowerFact, at: number): string | undefined {
  const { state: before, sentAtMs } = follower;
  const atMs = toEpochMs(at);
  follower.seq += 1;
  follower.state = foldFollower(before, fact, follower.seq, at);
  if (fact.kind === "placeIntended") sentAtMs.set(fact.command.correlationId, atMs);
  // What the broker's orders became is told by the broker itself.
  if (fact.kind === "orderObserved") return undefined;
  const after = follower.state;
  const copyId = copyOf(fact, after) ?? ("" as CopyId);
  const copy = after.copies.get(copyId);
  const symbol = copy === undefined ? "" : (instrumentByKey(copy.instrument)?.symbol ?? "");
  const text = factSentence(fact, { before, after, copyId, symbol, atMs, sentAtMs });
  if (text === undefined || copy === undefined) return text;
  return `[${copy.leaderOrderId}] ${text}`;
}

function copyOf(fact: FollowerFact, after: FollowerState): CopyId | undefined {
  if ("copyId" in fact) return fact.copyId;
  if ("correlationId" in fact) return after.children.get(fact.correlationId)?.copyId;
  const command = fact.kind === "modifyIntended" || fact.kind === "cancelIntended";
  return command ? after.children.get(fact.command.correlationId)?.copyId : undefined;
}
