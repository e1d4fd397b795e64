/** Every way in which the record itself can misbehave. SeqConflict is the port's, not a fault. */
import { AppError } from "../platform/fault.ts";

const FAULTS = [
  {
    code: "JOURNAL_DISK_FULL",
    remedy: "Free space on the disk of the data folder; nothing was half-written.",
  },
  {
    // A write may or may not be on the disk, so this opening of the journal takes no more.
    code: "JOURNAL_IO",
    remedy: "Check the disk and the folder's permissions, then start Tandem again; it recovers.",
  },
  {
    code: "JOURNAL_BUSY",
    remedy: "Find the other program that has the journal file open and stop it.",
  },
  {
    code: "JOURNAL_CORRUPT",
    remedy: "Run `tandem audit verify`, keep the file, and restore the last good copy.",
  },
  {
    code: "JOURNAL_SCHEMA_TOO_NEW",
    remedy: "Run the newer Tandem that wrote this file, or use another data folder.",
  },
  {
    code: "JOURNAL_NOT_A_JOURNAL",
    remedy: "Point Tandem at its own data folder; this file was left untouched.",
  },
  {
    code: "JOURNAL_MISSING",
    remedy: "Check the --data folder; Tandem has not run there yet.",
  },
  {
    code: "JOURNAL_READ_ONLY",
    remedy: "Give the user that runs Tandem the right to write to the data folder.",
  },
] as const;

export type JournalFaultCode = (typeof FAULTS)[number]["code"];

export interface JournalFaultOptions {
  readonly cause?: unknown;
  /** For JOURNAL_CORRUPT: where. */
  readonly stream?: string;
  readonly seq?: number;
}

export class JournalFault extends AppError {
  override readonly name = "JournalFault";
  declare readonly code: JournalFaultCode;
  readonly stream: string | undefined;
  readonly seq: number | undefined;

  constructor(code: JournalFaultCode, message: string, options: JournalFaultOptions = {}) {
    const remedy = FAULTS.find((fault) => fault.code === code)?.remedy ?? "";
    super({ code, message, remedy, cause: options.cause });
    this.stream = options.stream;
    this.seq = options.seq;
  }
}
