#!/usr/bin/env node
// Starts the command line on the Node that this package pins, whichever one was found first on PATH.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/app/main.ts", import.meta.url));
const pinned = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= 26) {
  await import(main);
} else if (existsSync(pinned)) {
  // The channel tells the program when this launcher is gone, however it went: it must not run on
  // alone and hold the data folder.
  const child = spawn(pinned, [main, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, TANDEM_LAUNCHED: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  console.error("tandem needs Node 26; run `npm ci` in its folder to install the one that it pins");
  process.exit(1);
}
