import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, SHARE } from "../../test/core/builders.ts";
import { toBrokerOrderId } from "../core/model/ids.ts";
import type { SeenPosition } from "../core/model/repair.ts";
import type { Logger } from "../ports/logger.ts";
import { reportFact } from "./report.ts";

test("who asked for a repair is logged with what became of each position", () => {
  const lines: unknown[] = [];
  const note =
    (level: string): Logger["info"] =>
    (event, fields) =>
      void lines.push([level, event, fields?.by, fields?.repair ?? fields?.code]);
  const logger: Logger = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
    child: () => logger,
  };
  const position = { linkId: LINK, instrument: SHARE, product: "CNC" } as const;
  const seen: SeenPosition = { ...position, target: 50, actual: 0 };
  const name = toBrokerOrderId("RP7");
  const refused = { code: "repair-stale", inputs: {} } as const;
  const answers = [
    { ...seen, name },
    { ...seen, refused },
  ];
  reportFact(logger, { kind: "repairAsked", requestId: "request-1", by: "asha", answers });
  assert.deepEqual(lines, [
    ["warn", "repair.begun", "asha", "RP7"],
    ["info", "repair.refused", "asha", "repair-stale"],
  ]);
});
