/**
 * Reads the journal back while it grows, a stream at a time, and holds each entry against the one
 * before it. What was written before this process is left to `tandem audit verify`.
 */
import { type ChainHead, verifyChain } from "../journal/chain.ts";
import type { Entry, Journal, StreamName } from "../ports/journal.ts";

export class ChainWatch {
  readonly #journal: Journal;
  readonly #tell: (text: string) => void;
  readonly #heads = new Map<StreamName, ChainHead>();
  readonly #broken = new Set<StreamName>();
  #isReading = false;

  constructor(journal: Journal, tell: (text: string) => void) {
    this.#journal = journal;
    this.#tell = tell;
  }

  /** The stream is followed from after this entry on. */
  begin({ stream, seq, hash, position }: Entry): void {
    this.#heads.set(stream, { seq, hash, position });
  }

  /**
   * Reads on in the one stream that has grown the most since it was read last; `seqs` are the streams'
   * ends. A store that cannot be read proves nothing.
   */
  async readOn(seqs: ReadonlyMap<StreamName, number>): Promise<void> {
    const stream = this.#furthestBehind(seqs);
    if (stream === undefined || this.#isReading) return;
    this.#isReading = true;
    try {
      await this.#follow(stream);
    } catch {
      // The journal's own writer finds out, and says so.
    } finally {
      this.#isReading = false;
    }
  }

  #furthestBehind(seqs: ReadonlyMap<StreamName, number>): StreamName | undefined {
    let found: StreamName | undefined;
    let most = 0;
    for (const [stream, seq] of seqs) {
      const behind = seq - (this.#heads.get(stream)?.seq ?? 0);
      if (behind <= most || this.#broken.has(stream)) continue;
      most = behind;
      found = stream;
    }
    return found;
  }

  async #follow(stream: StreamName): Promise<void> {
    const head = this.#heads.get(stream);
    const entries: Entry[] = [];
    for await (const entry of this.#journal.read(stream, (head?.seq ?? 0) + 1)) entries.push(entry);
    const broken = await verifyChain(entries, head);
    if (broken !== undefined) {
      this.#broken.add(stream);
      this.#tell(`${stream}#${broken.seq}: ${broken.problem}`);
    } else {
      const last = entries.at(-1);
      if (last !== undefined) this.begin(last);
    }
  }
}
