/** The real process, as an operator starts it. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const main = fileURLToPath(new URL("../../bin/tandem.js", import.meta.url));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`the simulator listens, serves, and ends cleanly on ${signal}`, async () => {
    const args = [main, "sim", "--port", "0", "--account", "1100000001", "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(createInterface(child.stdout), "line");
      const { restUrl, accounts } = JSON.parse(line);
      assert.equal(accounts[0].clientId, "1100000001");
      const headers = { "access-token": accounts[0].accessToken };
      const reply = await fetch(`${restUrl}/orders`, { headers });
      assert.equal(reply.status, 200);
      await reply.text();
      child.kill(signal);
      assert.deepEqual(await once(child, "exit"), [0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
}

test("a port in use is one clear message and exit 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const run = promisify(execFile)(process.execPath, [main, "sim", "--port", `${address.port}`]);
  await assert.rejects(run, (error) => {
    const { code, stderr } = error as unknown as { code: number; stderr: string };
    assert.equal(code, 1);
    assert.match(stderr, /is in use by another program\nwhat to do: .*\[PORT_IN_USE\]\n$/);
    return true;
  });
  server.close();
});
