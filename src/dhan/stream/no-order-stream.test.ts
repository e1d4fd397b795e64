import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../platform/clock.ts";
import { seededRandom } from "../../platform/random.ts";
import type { DropCopyEvent } from "../../ports/broker.ts";
import { createDhanAccount } from "../client.ts";

test("an account of a broker without an order stream is up at once, and connects nowhere", async () => {
  const { broker, dropCopy, useToken } = createDhanAccount({
    restUrl: "http://127.0.0.1:9/v2",
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock: systemClock(),
    random: seededRandom(1),
  });
  const events: DropCopyEvent[] = [];
  dropCopy.start((event) => events.push(event));
  useToken("newer-token-of-asha");
  assert.equal(broker.redact("newer-token-of-asha"), broker.redact("token-of-asha"));
  await dropCopy.stop();
  await broker.close();
  assert.deepEqual(events, [{ kind: "up" }]);
});
