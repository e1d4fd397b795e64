/** The published simulator: a DhanHQ v2 account in a box. */

export type { AccountCredentials } from "./control/acts.ts";
export type { HandChange } from "./control/by-hand.ts";
export { ControlFault } from "./control/control-fault.ts";
export type { LegName } from "./control/group-by-hand.ts";
export type {
  AccountChange,
  ClockChange,
  FillRequest,
  NewAccount,
  Rollover,
  TokenChange,
} from "./control/requests.ts";
export {
  type GroupTruth,
  groupAt,
  type Unprotected,
  unprotectedAt,
} from "./exchange/group/group-truth.ts";
export type { InstrumentSpec } from "./exchange/instrument.ts";
export type { OrderChange } from "./exchange/order-change.ts";
export type { Overnight } from "./exchange/overnight.ts";
export type { Reply } from "./exchange/replies.ts";
export type { Switches } from "./exchange/switches.ts";
export type { AccountTruth, OrderStamp } from "./exchange/truth.ts";
export type { FaultInput } from "./faults/rule.ts";
export type { MemoryLink, MemoryLinkOptions } from "./memory/connect.ts";
export type { Latencies, LatencyRange } from "./memory/link.ts";
export {
  createSimulator,
  type Listening,
  type ListenOptions,
  type Simulator,
  type SimulatorOptions,
} from "./simulator.ts";
