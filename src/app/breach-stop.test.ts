import assert from "node:assert/strict";
import { test } from "node:test";
import type { Breach } from "../audit/auditor.ts";
import { silentLogger } from "../platform/logger.ts";
import { BreachStop } from "./breach-stop.ts";

const BREACH: Breach = { check: "never-twice", promise: "P1", text: "two of one name", atMs: 1 };

function deskThat(stops: () => Promise<never[]>) {
  const asked: unknown[][] = [];
  const desk = {
    stopEntries(...given: unknown[]) {
      asked.push(given);
      return stops();
    },
  };
  return { asked, desk };
}

test("a breach stops the entries of all accounts, and says which promise it was", () => {
  const { asked, desk } = deskThat(async () => []);
  const stop = new BreachStop(silentLogger());
  stop.guard(desk);
  assert.deepEqual(asked, []);
  stop.found(BREACH);
  assert.deepEqual(asked, [["breach", "the auditor", "P1 never-twice: two of one name"]]);
});

test("a breach that is found while the desk starts stops it once it is there", () => {
  const { asked, desk } = deskThat(async () => []);
  const stop = new BreachStop(silentLogger());
  stop.found(BREACH);
  stop.found({ ...BREACH, text: "another" });
  stop.guard(desk);
  assert.deepEqual(asked, [["breach", "the auditor", "P1 never-twice: two of one name"]]);
});

test("that it could not be stopped is an error that a person hears of", async () => {
  const errors: unknown[] = [];
  const logger = { ...silentLogger(), error: (...line: unknown[]) => errors.push(line) };
  const { desk } = deskThat(() => Promise.reject(new Error("Tandem is stopping")));
  const stop = new BreachStop(logger);
  stop.guard(desk);
  stop.found(BREACH);
  await new Promise((resolve) => setImmediate(resolve));
  const fields = { check: "never-twice", text: "Tandem is stopping" };
  assert.deepEqual(errors, [["audit.stopFailed", fields]]);
});
