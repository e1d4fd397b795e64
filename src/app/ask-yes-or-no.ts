import { createInterface } from "node:readline/promises";

/** Asks whoever sits at the terminal. Anything but a yes is a no, and so is the end of the input. */
export async function askYesOrNo(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = Promise.withResolvers<string>();
  lines.once("close", () => ended.resolve(""));
  try {
    const answer = await Promise.race([lines.question(question), ended.promise]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
