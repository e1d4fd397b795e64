/** A broker whose REST and socket are at different places, REST below a path of its own. */
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { ASHA, createWorld, lead, listen, truthOf, untilCopied, writeConfig } from "./program.ts";

const PREFIX = "/broker/api/v2";

test("any server serves: REST behind a reverse proxy under another path, the socket direct", async (t) => {
  const world = await createWorld(t);
  const { broker, folder, config, simulator } = world;
  const passed: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    if (!url.startsWith(`${PREFIX}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    passed.push(`${method} ${url}`);
    const path = `/v2${url.slice(PREFIX.length)}`;
    const forwarded = request({ port: broker.port, host: "127.0.0.1", method, path, headers });
    forwarded.on("response", (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  const restUrl = `${await listen(t, proxy)}${PREFIX}/`;
  const file = writeConfig(folder, { ...config, broker: { ...config.broker, restUrl } });
  const tandem = world.tandem(["--config", file]);
  await tandem.untilReady();

  const leaderOrderId = lead(world, { price: 1640 });
  await untilCopied(world, 1);
  simulator.modifyByHand("1100000001", { orderId: leaderOrderId, changes: { price: 1645 } });
  const copy = () => truthOf(world, ASHA).orders[0]?.row;
  await eventually(() => copy()?.price === 1645, { what: "the new price" });
  simulator.cancelByHand("1100000001", leaderOrderId);
  await eventually(() => copy()?.orderStatus === "CANCELLED", { what: "the cancel" });
  await tandem.stop();

  assert.match(tandem.stderr, /^broker: 127\.0\.0\.1:\d+ \(not the live one\)$/m);
  assert.ok(passed.includes(`POST ${PREFIX}/orders`));
  const requests = simulator.truth().flatMap((account) => account.requests);
  assert.equal(requests.length, passed.length, "no request went past the proxy");
});
