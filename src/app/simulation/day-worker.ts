/** A thread that plays one day after the other, as it is told to. */
import { parentPort } from "node:worker_threads";
import { must } from "../../platform/assert.ts";
import { playTrial, type Trial } from "./trial.ts";

const port = must(parentPort, "a thread of its own");
port.on("message", async (trial: Trial) => port.postMessage(await playTrial(trial)));
