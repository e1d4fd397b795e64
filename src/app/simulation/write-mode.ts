/** What `tandem pause` does where no process runs: the journal is its own for the moment. */
import type { LinkModeSet } from "../../core/model/fact.ts";
import type { Link, LinkMode } from "../../core/model/link.ts";
import { followerStream } from "../../core/model/stream.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Journal } from "../../ports/journal.ts";

export async function writeMode(
  journal: Journal,
  link: Link,
  mode: LinkMode,
  atMs: EpochMs,
): Promise<void> {
  const body: LinkModeSet = {
    kind: "linkModeSet",
    linkId: link.id,
    mode,
    over: link.mode,
    by: "operator",
    text: "",
  };
  const stream = followerStream(link.follower);
  const expectedSeq = await journal.lastSeq(stream);
  await journal.append([{ stream, expectedSeq, entries: [{ kind: body.kind, atMs, body }] }]);
}
