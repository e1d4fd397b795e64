/** The first message that a client of the order socket sends (official docs). */
import { z } from "zod";

export const loginRequest = z.object({
  LoginReq: z.object({
    MsgCode: z.literal(42),
    ClientId: z.string().min(1),
    Token: z.string().min(1),
  }),
  UserType: z.literal("SELF"),
});
export type LoginRequest = z.infer<typeof loginRequest>;
