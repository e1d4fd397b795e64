import type { Command } from "commander";
import type { ChainBreak, Entry, Journal } from "../ports/journal.ts";
import { addDataOption, addJsonOption, type CommandFrame, EXIT_FAULT } from "./command-frame.ts";
import { table } from "./table.ts";

export interface AuditJournal extends Journal {
  /** Every break of every chain; none when all holds. */
  verify(): Promise<readonly ChainBreak[]>;
}

/** Opens without the right to write, while a Tandem runs on the data or not. */
export type OpenAuditJournal = (dataDir: string) => Promise<AuditJournal>;

interface AuditOptions {
  readonly data: string;
  readonly json?: true;
}

interface AuditExportOptions {
  readonly data: string;
  readonly stream?: string;
}

export function addAuditCommand(
  program: Command,
  frame: CommandFrame,
  open: OpenAuditJournal,
): void {
  const audit = program.command("audit").summary("check and hand out the record");
  audit.description("Checks the journal's chain of hashes, or hands the journal out.");
  const verify = audit
    .command("verify")
    .summary("check that the record is whole")
    .description(
      "Recomputes every hash of the journal. Prints each stream with its last hash, to be kept\n" +
        "elsewhere and compared later; or the first break, and exits 1.",
    );
  addJsonOption(addDataOption(verify)).action(async ({ data, json }: AuditOptions) => {
    const journal = await open(data);
    try {
      await verifyJournal(journal, frame, json === true);
    } finally {
      await journal.close();
    }
  });
  const hand = audit
    .command("export")
    .summary("print the record as JSON lines")
    .description("Prints every entry of the journal as one line of JSON, stream by stream.")
    .option("--stream <name>", "this stream only");
  addDataOption(hand).action(async ({ data, stream }: AuditExportOptions) => {
    const journal = await open(data);
    try {
      await exportJournal(journal, frame, stream);
    } finally {
      await journal.close();
    }
  });
}

interface StreamHead {
  readonly stream: string;
  readonly entries: number;
  readonly hash: string;
}

async function verifyJournal(
  journal: AuditJournal,
  { terminal, finish }: CommandFrame,
  asJson: boolean,
): Promise<void> {
  const [first, ...others] = await journal.verify();
  if (first !== undefined) {
    finish(EXIT_FAULT);
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    if (asJson) terminal.printJson({ whole: false, breaks: [first, ...others] });
    else {
      const verdict = terminal.paint("bad", "the record is broken");
      terminal.print(`${verdict}: ${first.stream}#${first.seq}: ${first.problem}${more}`);
    }
    return;
  }
  const heads: StreamHead[] = [];
  for (const stream of await journal.streams()) heads.push(await headOf(journal, stream));
  if (asJson) terminal.printJson({ whole: true, streams: heads });
  else printHeads(heads, terminal);
}

async function headOf(journal: Journal, stream: string): Promise<StreamHead> {
  const entries = await journal.lastSeq(stream);
  let last: Entry | undefined;
  for await (const entry of journal.read(stream, Math.max(entries, 1))) last = entry;
  return { stream, entries: last?.seq ?? entries, hash: last?.hash ?? "" };
}

function printHeads(heads: readonly StreamHead[], terminal: CommandFrame["terminal"]): void {
  const text = table(
    heads,
    [
      { header: "stream", text: ({ stream }) => stream, isWhole: true },
      { header: "entries", text: ({ entries }) => String(entries), align: "right", isWhole: true },
      { header: "last hash", text: ({ hash }) => hash, isWhole: true },
    ],
    terminal,
  );
  terminal.print(text);
  const total = heads.reduce((sum, { entries }) => sum + entries, 0);
  terminal.print(`\n${terminal.paint("good", "the record is whole")}: ${total} entries`);
}

async function exportJournal(
  journal: Journal,
  { terminal }: CommandFrame,
  only: string | undefined,
): Promise<void> {
  const streams = only === undefined ? await journal.streams() : [only];
  for (const stream of streams) {
    for await (const entry of journal.read(stream)) terminal.printJson(entry);
  }
}
