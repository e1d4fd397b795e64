import { userInfo } from "node:os";

/** Who is at the machine, as far as the machine can tell; containers often have no name for him. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
