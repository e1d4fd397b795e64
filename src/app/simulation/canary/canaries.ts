/** All planted bugs, by name. */
import { exitByRuleSize } from "./exit-by-rule-size.ts";
import { forgetStop } from "./forget-stop.ts";
import { ignoreKill } from "./ignore-kill.ts";
import { ignoreMode } from "./ignore-mode.ts";
import { ignoreSuspension } from "./ignore-suspension.ts";
import { ignoreWindow } from "./ignore-window.ts";
import { loseLateFill } from "./lose-late-fill.ts";
import { noDedupe } from "./no-dedupe.ts";
import { orderByTimestamp } from "./order-by-timestamp.ts";
import type { PlantBug } from "./planted.ts";
import { resendOnTimeout } from "./resend-on-timeout.ts";
import { reuseId } from "./reuse-id.ts";
import { skipFsync } from "./skip-fsync.ts";
import { timeoutIsNotSent } from "./timeout-is-not-sent.ts";

export const CANARIES: Readonly<Record<string, PlantBug>> = {
  "resend-on-timeout": resendOnTimeout,
  "timeout-is-not-sent": timeoutIsNotSent,
  "lose-late-fill": loseLateFill,
  "exit-by-rule-size": exitByRuleSize,
  "forget-stop": forgetStop,
  "ignore-kill": ignoreKill,
  "ignore-mode": ignoreMode,
  "ignore-suspension": ignoreSuspension,
  "ignore-window": ignoreWindow,
  "order-by-timestamp": orderByTimestamp,
  "reuse-id": reuseId,
  "skip-fsync": skipFsync,
  "no-dedupe": noDedupe,
};
