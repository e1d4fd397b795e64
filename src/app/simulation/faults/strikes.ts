/** Carries out the disasters of a day at their times, undoes them, and counts what they met. */

import { must } from "../../../platform/assert.ts";
import type { HttpRequest } from "../../../ports/transport.ts";
import type { FaultInput } from "../../../simulator/index.ts";
import type { World } from "../world.ts";
import type { DeathPoint } from "./machine.ts";
import {
  ON_PLACE,
  ON_REPLY,
  type Strike,
  type StrikeCount,
  type StrikeCounts,
  type StrikeKind,
} from "./strike.ts";

/** An aimed strike waits so long for an order command. */
const AIM_MS = 15_000;
/** A fault of a request that has not been used by then is taken back. */
const REQUEST_MS = 20_000;
/** After a crash, a refused login or a lost reply things are not yet as they were. */
const AFTERMATH_MS = 5_000;
/** A fill comes so long after a cancel was sent: before it takes effect. */
const FILL_AFTER_MS = 13;
const SLOW_CHANGE_MS = 40;

/** What the simulator is asked for; absent: it is done here. */
const FAULTS: Partial<Record<StrikeKind, (strike: Strike) => FaultInput>> = {
  "frames-lost": ({ count }) => ({ kind: "drop-frames", count }),
  "frames-late": ({ ms, count }) => ({ kind: "delay-frames", ms, count }),
  "frames-repeated": ({ count }) => ({ kind: "repeat-frames", times: 3, count }),
  "frames-reordered": ({ count }) => ({ kind: "shuffle-frames", hold: 4, count: count + 1 }),
  "frame-torn": () => ({ kind: "stray-frame", text: '{"Data":{"OrderNo":"11' }),
  "socket-silent": () => ({ kind: "silent" }),
  "socket-reset": () => ({ kind: "cut", ms: 0 }),
  "socket-refused": ({ ms }) => ({ kind: "cut", ms }),
  "socket-gone": ({ ms }) => ({ kind: "cut", ms }),
  "reply-lost": () => ({ kind: "lose-reply", count: 1 }),
  "reply-late": ({ ms }) => ({ kind: "delay-reply", ms, count: 1 }),
  "request-lost": () => ({ kind: "drop", count: 1 }),
  "error-before": () => ({ kind: "status", code: 500, body: ERROR_BODY, count: 1 }),
  "error-after": () => ({
    kind: "status",
    code: 502,
    body: ERROR_BODY,
    afterAccept: true,
    count: 1,
  }),
  throttled: () => ({ kind: "throttle", count: 1 }),
  html: ({ ms }) => ({ kind: "html", afterAccept: ms % 2 === 0, count: 1 }),
  "reply-cut": () => ({
    kind: "status",
    code: 200,
    body: '{"orderId":"11',
    afterAccept: true,
    count: 1,
  }),
  "lookup-blind": ({ ms }) => ({ kind: "blind-lookup", ms, count: 1 }),
  "rejected-later": ({ ms }) => ({ kind: "reject-later", afterMs: ms, count: 1 }),
  "transit-stuck": ({ ms }) => ({ kind: "stuck-transit", ms, count: 1 }),
};
const ERROR_BODY = {
  errorType: "Internal_Server_Error",
  errorCode: "DH-908",
  errorMessage: "try later",
};

const LASTING: ReadonlySet<StrikeKind> = new Set([
  "socket-silent",
  "socket-refused",
  "socket-gone",
]);
const DEATHS: ReadonlySet<StrikeKind> = new Set([
  "dies-before-append",
  "dies-after-append",
  "dies-before-send",
  "dies-after-send",
  "dies-settling",
]);

export class Strikes {
  readonly #world: World;
  readonly #counts = new Map<StrikeKind, StrikeCount>();
  /** Brings the ways back to what they were; each is called once. */
  readonly #undos = new Set<() => void>();
  #isOver = false;
  #isPaused = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes the day's strikes; their times count from now. */
  plan(strikes: readonly Strike[]): void {
    for (const strike of strikes) {
      this.#world.clock.schedule(strike.atMs, () => {
        if (this.#isOver) return;
        if (strike.isAimed) this.#aims(strike);
        else this.#begins(strike);
      });
    }
  }

  get counts(): StrikeCounts {
    return Object.fromEntries(this.#counts);
  }

  /** Everything is mended, and nothing strikes any more. */
  clear(): void {
    this.#isOver = true;
    this.calm();
  }

  /** What strikes from now on until `resume` does not happen: it is night. */
  pause(): void {
    this.#isPaused = true;
    this.calm();
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Everything is mended. */
  calm(): void {
    for (const undo of this.#undos) undo();
    this.#world.simulator.removeFault();
  }

  #aims(strike: Strike): void {
    const { clock, onCommand } = this.#world;
    const stop = () => {
      onCommand.delete(listener);
      this.#undos.delete(stop);
      cancel();
    };
    const cancel = clock.schedule(AIM_MS, stop);
    const listener = (name: string) => {
      if (strike.account !== undefined && strike.account !== name) return;
      stop();
      // The command has just left: whatever strikes now meets it.
      clock.schedule(0, () => !this.#isOver && this.#begins({ ...strike, account: name }));
    };
    onCommand.add(listener);
    this.#undos.add(stop);
  }

  #begins(strike: Strike): void {
    if (this.#isPaused) return;
    this.#world.trace.add("strike", JSON.stringify(strike));
    const fault = FAULTS[strike.kind]?.(strike);
    if (DEATHS.has(strike.kind)) this.#dies(strike);
    else if (fault === undefined) this.#strikes(strike);
    else if (strike.path !== undefined || ON_PLACE.has(strike.kind) || ON_REPLY.has(strike.kind))
      this.#onRequest(strike, fault);
    else this.#onSocket(strike, fault);
  }

  #count(kind: StrikeKind, hasMet: boolean): void {
    const { happened = 0, metOrder = 0 } = this.#counts.get(kind) ?? {};
    this.#counts.set(kind, { happened: happened + 1, metOrder: metOrder + (hasMet ? 1 : 0) });
  }

  #hasMet(account: string | undefined): boolean {
    const names = account === undefined ? this.#world.names : [account];
    return names.some((name) => this.#world.hasOrderInFlight(name));
  }

  /** Trouble for a while, and what ends it; a person of the desk needs a moment more. */
  #lasts(account: string | undefined, ms: number, undo: () => void): void {
    const ends = this.#world.troubles.begins(account);
    const once = () => {
      if (!this.#undos.delete(once)) return;
      undo();
      this.#world.clock.schedule(AFTERMATH_MS, ends);
    };
    this.#undos.add(once);
    this.#world.clock.schedule(ms, once);
  }

  #onSocket(strike: Strike, fault: FaultInput): void {
    const { simulator } = this.#world;
    this.#count(strike.kind, this.#hasMet(strike.account));
    const id = simulator.addFault({ ...fault, match: this.#match(strike) } as FaultInput);
    const ms = LASTING.has(strike.kind) ? strike.ms : REQUEST_MS;
    const endsMs = this.#world.clock.monotonicMs() + ms;
    this.#lasts(strike.account, ms, () => {
      if (id !== undefined) simulator.removeFault(id);
      // A refusal is lifted early by a cut that refuses nothing.
      else if (LASTING.has(strike.kind) && this.#world.clock.monotonicMs() < endsMs) {
        simulator.addFault({ kind: "cut", ms: 0, match: this.#match(strike) });
      }
    });
  }

  /** Counted when it was used, which removing it tells; on an order command it has met one. */
  #onRequest(strike: Strike, fault: FaultInput): void {
    const { simulator } = this.#world;
    const { path } = strike;
    const match = { ...this.#match(strike), ...(path !== undefined && { path }) };
    const id = must(simulator.addFault({ ...fault, match } as FaultInput), "a fault that stays");
    this.#lasts(strike.account, REQUEST_MS + strike.ms, () => {
      const wasUsed = simulator.removeFault(id) === 0;
      if (wasUsed && strike.kind === "throttled") this.#world.throttledOnPurpose += 1;
      if (wasUsed) this.#count(strike.kind, path !== undefined || ON_PLACE.has(strike.kind));
    });
  }

  #match({ account }: Strike) {
    return account === undefined ? {} : { clientId: this.#world.clientOf(account) };
  }

  #dies(strike: Strike): void {
    const { machine } = this.#world;
    const point = strike.kind as DeathPoint;
    const undo = () => machine.deaths.delete(point);
    this.#undos.add(undo);
    machine.deaths.set(point, () => this.#crashes(strike));
  }

  #crashes(strike: Strike): void {
    const hasMet = this.#hasMet(undefined);
    if (!this.#world.crashDesk(strike.ms)) return;
    this.#count(strike.kind, hasMet || strike.kind !== "dies");
    // It is down for so long although no more faults begin.
    this.#world.clock.schedule(strike.ms + AFTERMATH_MS, this.#world.troubles.begins());
  }

  #strikes(strike: Strike): void {
    if (strike.kind === "dies") {
      this.#crashes(strike);
      return;
    }
    const hasMet = this.#hasMet(strike.account);
    const { account = "leader", ms } = strike;
    const undo = this.#act(strike, account);
    if (strike.kind !== "fill-against-cancel") this.#count(strike.kind, hasMet);
    this.#lasts(strike.account, ms, undo);
  }

  /** Does it, and tells how it is undone. */
  #act(strike: Strike, account: string): () => void {
    const { simulator, machine } = this.#world;
    const clientId = this.#world.clientOf(account);
    switch (strike.kind) {
      case "token-dead":
      case "token-superseded": {
        const action = strike.kind === "token-dead" ? "expire" : "supersede";
        simulator.changeToken({ clientId, action });
        return () => this.#world.mendAccess(account, "token");
      }
      case "address-wrong":
        simulator.changeAccount({ clientId, primaryIp: "203.0.113.9" });
        return () => this.#world.mendAccess(account, "address");
      case "clock-stepped":
        machine.wallOffsetMs += strike.count;
        return () => {};
      case "journal-slow": {
        const slow = { ms: strike.count };
        machine.slow.add(slow);
        return () => machine.slow.delete(slow);
      }
      case "journal-failing":
        machine.failing.add(strike);
        return () => machine.failing.delete(strike);
      case "books-stale":
        simulator.changeSwitches({ rowLagMs: strike.ms });
        return () => simulator.changeSwitches({ rowLagMs: 0 });
      case "second-instance":
        this.#world.startSecond();
        return () => {};
      case "square-off":
        this.#world.squareOff(account);
        return () => {};
      case "fill-against-cancel":
        return this.#fillsAgainstCancel(strike);
      default:
        throw new Error(`no such strike: ${strike.kind}`);
    }
  }

  /** Each plain order that Tandem cancels fills before the cancel takes effect. */
  #fillsAgainstCancel(strike: Strike): () => void {
    const { simulator, clock, books, onCommand } = this.#world;
    const changeMs = simulator.switches().changeMs;
    simulator.changeSwitches({ changeMs: changeMs + SLOW_CHANGE_MS });
    const listener = (name: string, { method, path }: HttpRequest) => {
      const orderId = /^\/orders\/(\d+)$/.exec(path)?.[1];
      if (method !== "DELETE" || orderId === undefined) return;
      if (strike.account !== undefined && strike.account !== name) return;
      clock.schedule(FILL_AFTER_MS, () => {
        const row = books.order(this.#world.clientOf(name), orderId);
        if (row === undefined || !["PENDING", "PART_TRADED"].includes(row.orderStatus)) return;
        if (row.afterMarketOrder || row.triggerPrice > 0) return;
        simulator.fill({ orderId });
        this.#count(strike.kind, true);
      });
    };
    onCommand.add(listener);
    return () => {
      onCommand.delete(listener);
      simulator.changeSwitches({ changeMs });
    };
  }
}
