/**
 * What the journal holds: facts. State is a fold over them, so they are decided once and replayed
 * as they were decided, whatever a later version would decide.
 *
 * A leader's stream holds what was observed of his account. A follower's stream holds what was
 * observed of his, what was decided for him, what was sent, and what came of it.
 */
import type { NetUnits, PositionKey, Witness } from "../order/account-book.ts";
import type { ChildIdentity, Leg } from "../order/correlation-id.ts";
import type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  PlaceCommand,
  Protection,
  Vehicle,
} from "./command.ts";
import type { Drift, DriftPosition } from "./drift.ts";
import type { AccountId, BrokerOrderId, CorrelationId, InstrumentKey, LinkId } from "./ids.ts";
import type { LinkMode } from "./link.ts";
import type { MoneyE4, PriceE4 } from "./money.ts";
import type { OrderObservation, Product, Side } from "./order.ts";
import type { AlarmCode, HoldCode, Inputs, SkipCode } from "./reason.ts";
import type { RepairAim, RepairAnswer } from "./repair.ts";
import type { Sizing, SizingBasis } from "./sizing.ts";
import type { EpochMs, TradingDay } from "./time.ts";

declare const copyId: unique symbol;
/** One leader order under one link. */
export type CopyId = string & { readonly [copyId]: true };

export function toCopyId(linkId: LinkId, leaderOrderId: BrokerOrderId): CopyId {
  return `${linkId}/${leaderOrderId}` as CopyId;
}

/** An account's orders as one witness sees them changed: the merged view, not the raw news. */
export interface OrderObserved {
  readonly kind: "orderObserved";
  readonly order: OrderObservation;
  readonly witness: Witness;
}

export interface PositionsObserved {
  readonly kind: "positionsObserved";
  /** Every non-zero net; what is not listed is flat. */
  readonly nets: readonly NetUnits[];
}

/** Everything first seen up to `throughSeq` was compared with a whole book read begun after it. */
export interface BookConfirmed {
  readonly kind: "bookConfirmed";
  readonly throughSeq: number;
}

export interface DayBegan {
  readonly kind: "dayBegan";
  readonly day: TradingDay;
}

/** What the account had at the start of the day, as the broker says: rules that go by capital use it. */
export interface CapitalObserved {
  readonly kind: "capitalObserved";
  readonly capital: MoneyE4;
}

export type LeaderFact =
  | OrderObserved
  | PositionsObserved
  | BookConfirmed
  | DayBegan
  | CapitalObserved;

/**
 * Why no new entries are sent for an account. kill: a person said so. breaker: the broker has rejected
 * several entries in a row. breach: a promise was found broken. disk: the disk of the record is full.
 * square-off: a person said so, and that all that was copied is to be closed. Several may hold at once.
 */
export type StopCause = "kill" | "square-off" | "breaker" | "breach" | "disk";

/** How one leader order divides against the leader's position, fixed when it is first seen. */
export interface Split {
  /** The leader's total when the split was fixed, in units. */
  readonly leaderQuantity: number;
  /** The leader's net position without this order's own fills. */
  readonly leaderNet: number;
  /** Units that reduce that position, and units that open a new one. */
  readonly reduce: number;
  readonly open: number;
}

export interface OpenEntry {
  readonly copyId: CopyId;
  /** Units of it that had filled then, and are in the basis or out again. */
  readonly filled: number;
  /**
   * Units of it that the leader's own fills stood for then: what it fills beyond is of a position that he
   * had not entered yet. Journals of earlier versions do not say: all of it.
   */
  readonly most?: number;
}

/** What an exit is a share of: reduce / |leaderNet| of what was copied. */
export interface ExitBasis {
  /** With the exits that rest beside it, it closes all that the leader has. */
  readonly takesRest?: true;
  /** Copied units on the side to be exited when the exit was first seen. */
  readonly units: number;
  /** Copies whose entries could still fill then; what they fill later joins the basis. */
  readonly openEntries: readonly OpenEntry[];
}

export interface CopyOpened {
  readonly kind: "copyOpened";
  readonly copyId: CopyId;
  readonly linkId: LinkId;
  readonly leader: AccountId;
  readonly leaderOrderId: BrokerOrderId;
  /** When the leader placed it, by the broker's clock; journals of earlier versions do not say. */
  readonly leaderPlacedAtMs?: EpochMs;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly side: Side;
  readonly split: Split;
  readonly exit?: ExitBasis;
  /** Found at the broker and not decided here: its orders say what they are for. */
  readonly isAdopted?: true;
  /** The leader's contract and product, where the follower trades another. */
  readonly of?: { readonly instrument: InstrumentKey; readonly product: Product };
  /** Through which door its orders go; absent: plain ones. */
  readonly vehicle?: Vehicle;
  /** Only what the leader's order has filled is copied. */
  readonly byFills?: true;
  /** No order of the leader's: what was copied of the contract is closed, and this stands for it. */
  readonly isSquareOff?: true;
  /** No order of the leader's: a difference that is to be brought to zero, and this stands for it. */
  readonly repair?: RepairAim;
  /** The leader's order waits for the open, and so do its copies. */
  readonly isAfterMarket?: true;
  /** The rule that sized the entry, as it was then, and what it was applied to. */
  readonly sizing: Sizing;
  readonly basis?: SizingBasis;
  /** What its whole lots leave for the next entry, in ten-thousandths of a unit. */
  readonly carries?: number;
  /** Units that the rule gives for the opening part. */
  readonly entryQuantity: number;
  /** Units of a lot, as the instrument file had it then; absent where it did not know the contract. */
  readonly lot?: number;
}

/** The leader changed his quantity, or his position gave the order another role: fixed anew. */
export interface CopyResized {
  readonly kind: "copyResized";
  readonly copyId: CopyId;
  /**
   * The order has turned from one that opens into one that reduces (a stop placed before the entry
   * that it protects had filled): what was placed as its entry stands for its exit from now on.
   */
  readonly isTurned?: true;
  readonly split: Split;
  readonly exit?: ExitBasis;
  /** What the rule was applied to, where that was not known before. */
  readonly basis?: SizingBasis;
  readonly entryQuantity: number;
}

/**
 * Something that must not last, from when it was first seen.
 * unprotected: units have filled and no stop of theirs is seen working. leader-out: the leader has left
 * and the follower has not. leg-cancelled: an exit leg of the leader's is gone without having filled.
 * leader-filled: the leader's order has filled and the follower's rests. leg-left: one leg has taken all
 * of a group out and the other still stands. double-exit: exits have taken out more than was copied.
 * fired-unseen: the follower's trigger has fired and no order of it is seen.
 * fired-left: an order that the follower's trigger fired rests and the leader's has ended. fired-alone:
 * the follower's trigger has fired and the leader's rests. rest-left: the leader is out, an exit rests,
 * and it is for less than is left. square-off-rests: an order that closes what
 * was copied has not filled. not-flat: what is squared off is not flat yet. repair-open: a difference is
 * being repaired.
 */
export type Grace =
  | "unprotected"
  | "leader-out"
  | "leg-cancelled"
  | "leader-filled"
  | "leg-left"
  | "double-exit"
  | "fired-left"
  | "fired-alone"
  | "rest-left"
  | "square-off-rests"
  | "not-flat"
  | "repair-open"
  | "fired-unseen";

/**
 * A person has put a link into this mode while the settings had another one; or the settings have come
 * to have another one than he had put aside, and theirs is in force again (`mode` is `over` then).
 */
export interface LinkModeSet {
  readonly kind: "linkModeSet";
  readonly linkId: LinkId;
  readonly mode: LinkMode;
  /** What the settings had then: it holds until they say something else. */
  readonly over: LinkMode;
  readonly by: string;
  readonly text: string;
}

/** A person has asked for repairs, and this is what became of it; said once for each request. */
export interface RepairAsked {
  readonly kind: "repairAsked";
  /** Made where he asked: the same request twice is one. */
  readonly requestId: string;
  readonly by: string;
  readonly answers: readonly RepairAnswer[];
}

/** From here on nothing that increases exposure is sent for the account; exits go on. */
export interface EntriesStopped {
  readonly kind: "entriesStopped";
  readonly cause: StopCause;
  /** Who did it: a person's name, or "tandem". */
  readonly by: string;
  readonly text: string;
  /** It was meant for all accounts: one that comes to be later is stopped by it, too. */
  readonly isForAll?: true;
}

/** The cause holds no more; entries flow when none is left. */
export interface EntriesAllowed {
  readonly kind: "entriesAllowed";
  readonly cause: StopCause;
  readonly by: string;
}

export type FollowerFact =
  | OrderObserved
  | PositionsObserved
  | CapitalObserved
  | CopyOpened
  | CopyResized
  | {
      readonly kind: "linkOpened";
      readonly linkId: LinkId;
      readonly leader: AccountId;
      /** Leader orders first seen up to this seq of his stream are older than the link. */
      readonly leaderSeq: number;
    }
  | {
      readonly kind: "skipped";
      readonly copyId: CopyId;
      readonly leg: Leg | "all";
      /** One slice of several alone; absent: all of the leg. */
      readonly slice?: number;
      readonly code: SkipCode;
      readonly inputs: Inputs;
    }
  | {
      readonly kind: "held";
      readonly copyId: CopyId;
      readonly leg: Leg;
      /** Absent: the hold has ended. */
      readonly code?: HoldCode;
      readonly inputs: Inputs;
    }
  | { readonly kind: "graceBegan"; readonly copyId: CopyId; readonly grace: Grace }
  | { readonly kind: "graceEnded"; readonly copyId: CopyId; readonly grace: Grace }
  /** A position is not where the link's rule would have it, or is so for another reason than before. */
  | ({ readonly kind: "driftBegan" } & Drift)
  | ({ readonly kind: "driftEnded" } & DriftPosition)
  | { readonly kind: "referenceFixed"; readonly copyId: CopyId; readonly price: PriceE4 }
  | {
      /** The entry takes no more exposure; what rests of it is cancelled. */
      readonly kind: "entryWithdrawn";
      readonly copyId: CopyId;
      readonly code: "leader-rejected" | "leader-flat";
    }
  | {
      readonly kind: "copyClosed";
      readonly copyId: CopyId;
      /** What the leader's order had filled by then: a later fill opens the copy again. */
      readonly leaderFilled: number;
    }
  | { readonly kind: "copyReopened"; readonly copyId: CopyId }
  | {
      readonly kind: "placeIntended";
      readonly copyId: CopyId;
      readonly identity: ChildIdentity;
      readonly command: PlaceCommand;
      /** Kept back until the leader's order has left transit. */
      readonly isPrepared?: true;
    }
  /** A prepared placement is wanted: its bytes may leave. */
  | { readonly kind: "released"; readonly correlationId: CorrelationId }
  | { readonly kind: "modifyIntended"; readonly command: ModifyCommand }
  | {
      readonly kind: "cancelIntended";
      readonly command: CancelCommand;
      /** The order is cancelled to be placed anew, not to be gone. */
      readonly isReplacing: boolean;
    }
  | {
      readonly kind: "commandAnswered";
      readonly correlationId: CorrelationId;
      readonly command: "place" | "modify" | "cancel";
      readonly outcome: CommandOutcome;
    }
  | {
      /** A lookup by correlation id, or a whole book, that did not show the order. */
      readonly kind: "absenceSeen";
      readonly correlationId: CorrelationId;
      readonly by: "lookup" | "book";
      readonly startedAtMs: number;
    }
  | { readonly kind: "absenceProved"; readonly correlationId: CorrelationId }
  | {
      /** A modify or cancel of unknown outcome: the order was read, and this is how it stands. */
      readonly kind: "changeSettled";
      readonly correlationId: CorrelationId;
      readonly order: OrderObservation;
      /** Of a group: its exit levels as the broker lists them. */
      readonly protection?: Protection;
    }
  | {
      /** An order of ours found at the broker that the journal knows nothing of. */
      readonly kind: "childAdopted";
      readonly copyId: CopyId;
      readonly identity: ChildIdentity;
      readonly order: OrderObservation;
    }
  | {
      /** A placement of unknown outcome that carries no name of ours, known again by its terms. */
      readonly kind: "childFound";
      readonly correlationId: CorrelationId;
      readonly order: OrderObservation;
    }
  /** The process began anew: whatever was on its way has an unknown outcome. */
  | { readonly kind: "restarted" }
  /** The machine's clock went further than time did: what was waited for since is waited for anew. */
  | { readonly kind: "clockPutForward"; readonly byMs: number }
  | { readonly kind: "suspended"; readonly reason: "auth" | "address"; readonly text: string }
  | { readonly kind: "resumed" }
  | EntriesStopped
  | LinkModeSet
  | RepairAsked
  | EntriesAllowed
  /** Day orders are gone and the broker has closed intraday positions. */
  | DayBegan
  | {
      readonly kind: "alarmed";
      readonly code: AlarmCode;
      readonly copyId?: CopyId;
      readonly correlationId?: CorrelationId;
      /** Of a drift: of which position. */
      readonly position?: DriftPosition;
      readonly inputs: Inputs;
    };

export type { PositionKey };
