import { AppError } from "../platform/fault.ts";

/** Why a server could not listen on `address`, as an AppError where it is one we know. */
export function listenFault(error: unknown, address: string): unknown {
  const cause = error instanceof Error && "code" in error ? CAUSES[String(error.code)] : undefined;
  if (cause === undefined) return error;
  const { code, problem, remedy } = cause;
  return new AppError({ code, message: `${address} ${problem}`, remedy, cause: error });
}

const CAUSES: Readonly<Record<string, { code: string; problem: string; remedy: string }>> = {
  EADDRINUSE: {
    code: "PORT_IN_USE",
    problem: "is in use by another program",
    remedy: "Stop that program, or choose another port with --port.",
  },
  EADDRNOTAVAIL: {
    code: "ADDRESS_NOT_AVAILABLE",
    problem: "is not an address of this machine",
    remedy: "Choose an address of this machine with --host; 127.0.0.1 always is one.",
  },
  ENOTFOUND: {
    code: "ADDRESS_NOT_AVAILABLE",
    problem: "is no address and no name that can be found",
    remedy: "Choose an address of this machine with --host; 127.0.0.1 always is one.",
  },
  EACCES: {
    code: "PORT_FORBIDDEN",
    problem: "may not be used by this user",
    remedy: "Choose a port above 1023 with --port.",
  },
};
