/** What must not last: since when it stands, and when it is looked at again. */
import type { CopyId, Grace } from "../model/fact.ts";
import type { AlarmCode, Inputs } from "../model/reason.ts";
import { copyNamed } from "../order/named.ts";
import type { Draft } from "./draft.ts";

/**
 * Whether this has stood for `afterMs` by now. It begins to count when it is first seen, in a fact, so
 * that a restart does not begin anew; and it is looked at again when its time has come.
 */
export function hasLasted(
  draft: Draft,
  copyId: CopyId,
  {
    grace,
    isSo,
    afterMs,
  }: { readonly grace: Grace; readonly isSo: boolean; readonly afterMs: number },
): boolean {
  const { nowMs } = draft.context;
  const beganMs = copyNamed(draft.state, copyId).graces[grace];
  // A clock that was put back must not make it wait for as long again: it begins anew.
  const sinceMs = beganMs !== undefined && beganMs > nowMs ? undefined : beganMs;
  if (!isSo) {
    if (beganMs !== undefined) draft.record({ kind: "graceEnded", copyId, grace });
    return false;
  }
  if (sinceMs === undefined) draft.record({ kind: "graceBegan", copyId, grace });
  const dueAtMs = (sinceMs ?? nowMs) + afterMs;
  if (nowMs >= dueAtMs) return true;
  draft.act({ kind: "wake", atMs: dueAtMs });
  return false;
}

/** Raises the alarm once for as long as its cause stands. */
export function alarmOnce(draft: Draft, copyId: CopyId, code: AlarmCode, inputs: Inputs): void {
  if (copyNamed(draft.state, copyId).alarmed.includes(code)) return;
  draft.record({ kind: "alarmed", code, copyId, inputs });
}
