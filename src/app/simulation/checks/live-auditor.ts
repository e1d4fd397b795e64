import type { MakeCheck } from "./check.ts";

/**
 * The auditor that runs inside the program, told of what passes at its ports alone: what it takes for a
 * breach must be one by the broker's truth, too. In the running program a false alarm stops the entries
 * of everybody. It says nothing of what the auditor misses.
 */
export const liveAuditor: MakeCheck = (world, tell) => ({
  name: "live-auditor",
  atEnd() {
    for (const life of world.begun) {
      if (life.auditFaults > 0) tell(`its checks failed ${life.auditFaults} times`);
      for (const { check, text } of life.breaches) {
        if (!world.toldBy.has(check)) tell(`false alarm: ${check}: ${text}`);
      }
    }
  },
});
