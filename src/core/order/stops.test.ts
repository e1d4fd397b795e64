import assert from "node:assert/strict";
import { test } from "node:test";
import { changedStops, NO_STOPS, stopCause, stopInputs } from "./stops.ts";

const stop = (cause: "kill" | "breaker", by: string) =>
  ({ kind: "entriesStopped", cause, by, text: "", isForAll: true }) as const;

test("nothing stops entries to begin with", () => {
  assert.equal(stopCause(NO_STOPS), undefined);
  assert.deepEqual(stopInputs(NO_STOPS), {});
});

test("of several causes the gravest is told, and the first who stopped for a cause stands for it", () => {
  let stops = changedStops(NO_STOPS, stop("breaker", "tandem"), 1);
  stops = changedStops(stops, stop("kill", "asha"), 2);
  stops = changedStops(stops, stop("kill", "ravi"), 3);
  assert.deepEqual(stopInputs(stops), { cause: "kill", by: "asha", text: "" });
  assert.deepEqual(stops.causes.kill, { by: "asha", text: "", atMs: 2, isForAll: true });
  stops = changedStops(stops, { kind: "entriesAllowed", cause: "kill", by: "ravi" }, 4);
  assert.equal(stopCause(stops), "breaker");
});
