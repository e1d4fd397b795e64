/** Holds docs/guide/configuration.md to what the code does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault } from "./problem.ts";
import { allKeys } from "./schema-keys.ts";

const page = readFileSync(new URL("../../../docs/guide/configuration.md", import.meta.url), "utf8");
const example = block("yaml");

function block(language: string): string {
  const found = page.match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m"));
  assert.ok(found?.[1], `the page has no block of ${language || "plain text"}`);
  return found[1];
}

function parse(text: string) {
  const variables = (name: string) => (name.endsWith("_ACCESS_TOKEN") ? "token-of-x" : undefined);
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables });
}

test("every key of the schema is on the page, and the page has no other", () => {
  const onPage = [...page.matchAll(/^\| `((?:broker|accounts|links)[^`]*)` \|/gm)].map(
    (match) => match[1],
  );
  const keys = allKeys().filter((key) => key.includes("."));
  assert.deepEqual(onPage.toSorted(), keys.toSorted());
  assert.ok(keys.includes("links[].sizing.value") && keys.includes("accounts[].egress.proxy"));
});

test("the example on the page is a right configuration", () => {
  const { settings } = parse(example);
  assert.deepEqual(settings.links[0]?.sizing, { kind: "multiplier", bps: 5_000 });
});

test("the problems on the page are what a wrong file really says", () => {
  const wrong = example
    .replace("LEADER_ACCESS_TOKEN", "LEADER_TOKEN")
    .replace("mode: active", "mode: on")
    .replace("value: 0.5", "value: half")
    .replace("guards:", "gaurds:");
  const shown = page.match(/^```\n(tandem\.yaml has [\s\S]*?)\n```$/m)?.[1];
  assert.throws(
    () => parse(wrong),
    (error) => {
      assert.ok(error instanceof ConfigFault);
      assert.equal(shown, error.message);
      return true;
    },
  );
});
