/**
 * Which contract is traded in place of which of the leader's.
 *
 * Keeps: every pair names two contracts that orders can name, no contract stands for itself, none is
 * both replaced and a replacement, and none replaces two: copied positions are counted by contract,
 * and two of the leader's in one could not be told apart when he leaves one of them.
 */
import { z } from "zod";
import { CONTRACT_EXAMPLE, contractOf, contractProblem } from "./contract.ts";
import { expected } from "./fields.ts";
import type { Substitutions } from "./settings.ts";

/** Whoever replaces more has generated the list from something else than his own decisions. */
const SUBSTITUTIONS_MAX = 1_000;

/** A map of "NSE_EQ:1333" to "BSE_EQ:500180"; each problem stands at the pair that it is about. */
export const substitutions = z.unknown().transform((value, context): Substitutions => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    context.addIssue(expected("a map of the leader's contracts to those traded for them"));
    return {};
  }
  const pairs = Object.entries(value);
  if (pairs.length > SUBSTITUTIONS_MAX) {
    context.addIssue(expected(`${SUBSTITUTIONS_MAX} substitutions at most`));
    return {};
  }
  for (const { from, message } of problemsOf(pairs)) {
    context.addIssue({ code: "custom", path: [from], message });
  }
  return Object.fromEntries(
    pairs.flatMap(([from, to]) => {
      const [key, other] = [contractOf(from), contractOf(to)];
      return key === undefined || other === undefined ? [] : [[key, other]];
    }),
  );
});

interface PairProblem {
  readonly from: string;
  readonly message: string;
}

/** One problem a pair: the first that is found. */
function problemsOf(pairs: readonly (readonly [string, unknown])[]): readonly PairProblem[] {
  const replaced = new Set(pairs.map(([from]) => from));
  const firstOf = new Map<unknown, string>();
  return pairs.flatMap(([from, to]) => {
    const earlier = firstOf.get(to);
    firstOf.set(to, earlier ?? from);
    const message =
      contractProblem(from, `the key must be ${CONTRACT_EXAMPLE}`) ??
      contractProblem(to, expected(CONTRACT_EXAMPLE)) ??
      pairProblem({ from, to: String(to), earlier, replaced });
    return message === undefined ? [] : [{ from, message }];
  });
}

interface Pair {
  readonly from: string;
  readonly to: string;
  /** The contract that `to` is traded for already. */
  readonly earlier: string | undefined;
  readonly replaced: ReadonlySet<string>;
}

function pairProblem({ from, to, earlier, replaced }: Pair): string | undefined {
  if (from === to) return "a contract cannot be traded in place of itself";
  if (replaced.has(to)) return `${to} is replaced itself; substitutions do not chain`;
  if (earlier === undefined) return undefined;
  return `${to} is traded for ${earlier} already, and the two could not be told apart`;
}
