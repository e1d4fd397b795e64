/**
 * The world misbehaves, and an operator has to know: a folder that is locked, a file that cannot be
 * read, settings that make no sense. Answers to order commands are outcomes and never come here;
 * bugs are assertions and never come here either.
 */
export interface FaultDetails {
  /** "DATA_LOCKED". Fixed, documented in docs/reference/errors.md, safe to script against. */
  readonly code: string;
  /** What happened, with the offending value. Never a secret. */
  readonly message: string;
  /** What the operator can do about it, as one sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
}

export class AppError extends Error {
  override readonly name: string = "AppError";
  readonly code: string;
  readonly remedy: string;

  constructor(details: FaultDetails) {
    super(details.message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = details.code;
    this.remedy = details.remedy;
  }
}
