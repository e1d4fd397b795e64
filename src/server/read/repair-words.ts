/** Why a repair is not begun, or goes no further, in one sentence. */

import { HOLD_CODES, type HoldCode, type SkipCode } from "../../core/model/reason.ts";
import { REPAIR_CODES, type RepairCode, type RepairRefused } from "../../core/model/repair.ts";
import { holdSentence, skipSentence } from "./reasons.ts";

export function repairSentence({ code, inputs }: RepairRefused): string {
  if (Object.hasOwn(REPAIR_CODES, code)) return REPAIR_CODES[code as RepairCode];
  if (Object.hasOwn(HOLD_CODES, code)) return holdSentence(code as HoldCode, inputs);
  return skipSentence(code as SkipCode, inputs);
}
