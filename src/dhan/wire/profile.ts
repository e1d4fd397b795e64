/** `GET /profile`: the cheapest proof that a token is alive. */
import { z } from "zod";
import { id, text } from "./scalars.ts";

export const profile = z.object({
  dhanClientId: id,
  /** "DD/MM/YYYY HH:mm" in IST. */
  tokenValidity: text,
  /** "E, D, C, M, " live, words in the docs and the sandbox. */
  activeSegment: text,
  /** "Active" or "Deactive", as spelt by the broker; absent in the sandbox for some. */
  ddpi: text,
  mtf: text,
  dataPlan: text,
  dataValidity: text,
});
export type Profile = z.infer<typeof profile>;
