/** What is wrong with a configuration, for a person with the file open beside it. */
import { AppError } from "../../platform/fault.ts";

export interface Problem {
  /** 1 for the first line; absent where there is no file (settings from the environment). */
  readonly line?: number;
  /** "links[0].sizing.value"; "" for the file as a whole. */
  readonly field: string;
  /** What was expected, or what is the matter, without the line and the field. */
  readonly message: string;
}

/** The configuration cannot be used; all that is wrong with it is in `problems`. */
export class ConfigFault extends AppError {
  override readonly name = "ConfigFault";
  readonly problems: readonly Problem[];

  constructor(origin: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    super({
      code: "CONFIG_INVALID",
      message: [headline(origin, sorted.length), ...shownLines(sorted)].join("\n"),
      remedy: "Correct what is listed and try again; docs/guide/configuration.md has every key.",
    });
    this.problems = sorted;
  }
}

function headline(origin: string, count: number): string {
  return `${origin} has ${count === 1 ? "a problem" : `${count} problems`}; nothing was changed:`;
}

/** A generated file can have thousands; the first ones tell what to correct in its generator. */
const PROBLEMS_SHOWN_MAX = 30;

function shownLines(problems: readonly Problem[]): readonly string[] {
  const lines = problems.slice(0, PROBLEMS_SHOWN_MAX).map(problemLine);
  const rest = problems.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}

function problemLine({ line, field, message }: Problem): string {
  const place = [line === undefined ? "" : `line ${line}`, field].filter((part) => part !== "");
  return `  ${place.length === 0 ? "" : `${place.join(", ")}: `}${message}`;
}
