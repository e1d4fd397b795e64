/**
 * Days that were broken once, each as its reduced plan. One that is pending is still broken: it runs as
 * a "todo", and loses that mark when it passes.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Plan } from "./plan.ts";
import { playTrial } from "./trial.ts";

interface Regression {
  /** The check that found it, and what it said then. */
  readonly check: string;
  readonly found: string;
  readonly isPending?: true;
  readonly plan: Plan;
}

const FOLDER = join(import.meta.dirname, "regressions");

for (const file of readdirSync(FOLDER).sort()) {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const { check, found, isPending, plan } = JSON.parse(text) as Regression;
  const name = file.replace(".json", "").replaceAll("-", " ");
  const todo = isPending && `${check} is still broken: ${found}`;
  test(`the day of ${name} keeps every promise`, { ...(todo && { todo }) }, async () => {
    const { broken, story } = await playTrial({ seed: plan.seed, plan, wantsStory: true });
    assert.deepEqual(broken, [], story.slice(-60).join("\n"));
  });
}
