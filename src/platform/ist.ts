/** Indian Standard Time for people's eyes. The host's own zone is never asked. */
import { type EpochMs, IST_OFFSET_MS } from "../core/model/time.ts";

/** "09:15:00.042". */
export function formatIstTime(atMs: EpochMs): string {
  return istIso(atMs).slice(11, 23);
}

/** "2026-08-21 09:15:00". */
export function formatIstDateTime(atMs: EpochMs): string {
  return istIso(atMs).slice(0, 19).replace("T", " ");
}

/** ISO text of the instant shifted to India, so that its UTC fields read as Indian ones. */
function istIso(atMs: EpochMs): string {
  return new Date(atMs + IST_OFFSET_MS).toISOString();
}
