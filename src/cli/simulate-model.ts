/** What `tandem simulate` asks for and gets: simulated days. */

/** What every day of one call has in common. */
export interface DayChoice {
  /** Families of orders; absent: whatever the seed draws. */
  readonly families?: readonly string[];
  /** Kinds of faults that may strike; absent: whatever the seed draws; empty: none. */
  readonly faults?: readonly string[];
  /** A bug that is planted, by name: the checks should find it. */
  readonly canary?: string;
}

export interface OneDayRequest extends DayChoice {
  readonly seed: number;
  /** What is left of the seed's plan, as a story printed it; absent: all. */
  readonly keep?: string;
  /** Whether a broken day is reduced until a person can read it. */
  readonly shrinks: boolean;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface OneDay {
  readonly seed: number;
  /** What was broken, oldest first; none when the day kept every promise. */
  readonly broken: readonly string[];
  /** Over everything that passed; the same seed and commit give the same. */
  readonly traceHash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly commit?: string;
  /** Of a broken day: the smallest day that breaks the same. */
  readonly reduced?: ReducedDay;
}

export interface ReducedDay {
  readonly broken: readonly string[];
  /** The one command that plays it. */
  readonly replay: string;
  readonly runs: number;
  /** The plan itself, which outlives changes of how days are drawn. */
  readonly plan: unknown;
  /** Who did what, in the order of time. */
  readonly story: readonly string[];
}

export interface ManyDaysRequest extends DayChoice {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  /** Each seed is played a second time in another thread, and must leave the same trace. */
  readonly twice: boolean;
  readonly onDay: (done: number, brokenDays: number) => void;
  readonly signal: AbortSignal;
}

export interface BrokenDay {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly replay: string;
}

export interface ManyDays {
  readonly from: number;
  /** Fewer than asked for when it was stopped. */
  readonly days: number;
  readonly asked: number;
  readonly brokenDays: readonly BrokenDay[];
  /** Days that broke the check. */
  readonly byCheck: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, { happened: number; metOrder: number }>>;
  /** Of one thread. */
  readonly msPerDay: number;
  /** Over the traces of all days in the order of their seeds. */
  readonly tracesHash: string;
  readonly commit?: string;
}

export interface SimulateDays {
  one(request: OneDayRequest): Promise<OneDay>;
  many(request: ManyDaysRequest): Promise<ManyDays>;
}
