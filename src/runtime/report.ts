/** Facts as log lines: one for each thing that happened to an order, and louder where a person must act. */
import type {
  EntriesAllowed,
  EntriesStopped,
  FollowerFact,
  LinkModeSet,
  RepairAsked,
} from "../core/model/fact.ts";
import { causesOf } from "../core/order/known-drift.ts";
import type { Logger } from "../ports/logger.ts";

export function reportFact(logger: Logger, fact: FollowerFact): void {
  switch (fact.kind) {
    case "alarmed": {
      const { code, copyId, correlationId, inputs } = fact;
      logger.error(`alarm.${code}`, { copyId, correlationId, ...inputs });
      return;
    }
    case "skipped": {
      const { copyId, leg, code, inputs } = fact;
      logger.info("copy.skipped", { copyId, leg, code, ...inputs });
      return;
    }
    case "held":
      logger.debug("copy.held", { copyId: fact.copyId, leg: fact.leg, code: fact.code ?? "none" });
      return;
    case "placeIntended":
      logger.info("childOrder.intended", {
        copyId: fact.copyId,
        correlationId: fact.command.correlationId,
        leg: fact.identity.leg,
        quantity: fact.command.terms.quantity,
      });
      return;
    case "modifyIntended":
    case "cancelIntended":
      logger.info("childOrder.changeIntended", {
        correlationId: fact.command.correlationId,
        command: fact.command.kind,
      });
      return;
    case "commandAnswered":
      logger.info("childOrder.answered", {
        correlationId: fact.correlationId,
        command: fact.command,
        outcome: fact.outcome.kind,
        ...(fact.outcome.kind === "accepted" ? {} : { text: fact.outcome.text }),
      });
      return;
    case "orderObserved":
      logger.debug("order.observed", {
        brokerOrderId: fact.order.brokerOrderId,
        correlationId: fact.order.correlationId,
        status: fact.order.status,
        filled: fact.order.filledQuantity,
        witness: fact.witness,
      });
      return;
    case "absenceProved":
      logger.warn("childOrder.absent", { correlationId: fact.correlationId });
      return;
    case "entryWithdrawn":
      logger.info("copy.entryWithdrawn", { copyId: fact.copyId, code: fact.code });
      return;
    case "entriesStopped":
    case "entriesAllowed":
      return reportStop(logger, fact);
    case "linkModeSet":
      return reportMode(logger, fact);
    case "repairAsked":
      return reportRepairs(logger, fact);
    case "driftBegan":
    case "driftEnded":
      return reportDrift(logger, fact);
    case "linkOpened":
      logger.info("link.opened", { linkId: fact.linkId, leaderSeq: fact.leaderSeq });
      return;
    default:
      logger.debug(`fact.${fact.kind}`);
  }
}

function reportMode(logger: Logger, { linkId, mode, by, text }: LinkModeSet): void {
  logger.warn("link.modeSet", { linkId, mode, by, text });
}

function reportRepairs(logger: Logger, { by, answers }: RepairAsked): void {
  for (const answer of answers) {
    const { linkId, instrument, product, target, actual } = answer;
    const fields = { by, linkId, instrument, product, target, actual };
    if ("name" in answer) logger.warn("repair.begun", { ...fields, repair: answer.name });
    else logger.info("repair.refused", { ...fields, code: answer.refused.code });
  }
}

/** The breaker raises an alarm beside it. */
function reportStop(logger: Logger, fact: EntriesStopped | EntriesAllowed): void {
  const { cause, by } = fact;
  if (fact.kind === "entriesAllowed") return logger.warn("entries.allowed", { cause, by });
  const fields = { cause, by, text: fact.text };
  if (cause === "breaker") logger.warn("entries.stopped", fields);
  else logger.error("entries.stopped", fields);
}

function reportDrift(
  logger: Logger,
  fact: Extract<FollowerFact, { kind: "driftBegan" | "driftEnded" }>,
): void {
  const { linkId, instrument, product } = fact;
  if (fact.kind === "driftEnded") {
    logger.info("drift.ended", { linkId, instrument, product });
    return;
  }
  const { target, copied, held, difference } = fact;
  const numbers = { target, copied, held, difference };
  logger.info("drift.began", { linkId, instrument, product, ...numbers, causes: causesOf(fact) });
}
