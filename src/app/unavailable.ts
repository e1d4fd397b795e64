import { AppError } from "../platform/fault.ts";

/** Stands in for what a command needs and this build does not have. */
export function unavailable(command: string): () => Promise<never> {
  return async () => {
    throw new AppError({
      code: "COMMAND_NOT_AVAILABLE",
      message: `\`tandem ${command}\` is not available in this build`,
      remedy: "See `tandem --help` and docs/ for what is.",
    });
  };
}
